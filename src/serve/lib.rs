//! A static site over HTTP, the way a dumb host serves it.
