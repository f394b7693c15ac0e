//! Who may ask, from where, and how often?
//!
//! | check | guards against |
//! |---|---|
//! | `Host` and `Origin` against lists | a web page that talks to a server on the visitor's own machine |
//! | bearer token, compared in constant time | everyone else, where the server can be reached from elsewhere |
//! | so many requests a minute and client | one client that takes it all |

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use subtle::ConstantTimeEq;

/// Clients that the limiter remembers before it forgets those that have been quiet.
const REMEMBERED: usize = 10_000;

/// Where a browser's page may come from, and under which names the server is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    /// Entries for `Host`.
    pub hosts: Vec<String>,
    /// Entries for `Origin`.
    pub origins: Vec<String>,
}

impl Names {
    /// The names of a server at `addr` that people know as `public_url`.
    pub fn of(addr: SocketAddr, public_url: Option<&str>) -> Self {
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into();
        let mut origins: Vec<String> = hosts.iter().map(|host| format!("http://{host}:*")).collect();
        if !addr.ip().is_unspecified() && !addr.ip().is_loopback() {
            hosts.push(match addr.ip() {
                IpAddr::V4(ip) => ip.to_string(),
                IpAddr::V6(ip) => format!("[{ip}]"),
            });
        }
        if let Some((scheme, rest)) = public_url.and_then(|url| url.split_once("://")) {
            let authority = rest.split('/').next().unwrap_or(rest);
            let has_port =
                authority.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
            let port = if scheme == "https" { "443" } else { "80" };
            origins.push(if has_port {
                format!("{scheme}://{authority}")
            } else {
                format!("{scheme}://{authority}:{port}")
            });
            hosts.push(authority.to_owned());
        }
        Self { hosts, origins }
    }

    /// Whether a page of this origin may read answers.
    pub fn allows(&self, origin: &str) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let (host, port) =
            match authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())) {
                Some((host, port)) => (host, port.to_owned()),
                None => (authority, if scheme == "https" { "443" } else { "80" }.to_owned()),
            };
        self.origins.iter().any(|known| {
            let any = format!("{scheme}://{host}:*");
            *known == any || *known == format!("{scheme}://{host}:{port}")
        })
    }
}

/// A secret that clients send.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// A token of at least 16 characters.
    ///
    /// # Errors
    /// A sentence for people when it is too short to be a secret.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() < 16 || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("the token: expected 16 or more visible ASCII characters, for instance from `openssl rand -hex 32`".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether an `Authorization` header carries it. Takes as long for a wrong token as for the right one.
    pub(crate) fn is_in(&self, header: Option<&str>) -> bool {
        let given = header.and_then(|header| header.split_once(' '));
        let given = given
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map_or("", |(_, token)| token.trim());
        given.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// How often each client may ask.
#[derive(Debug)]
pub(crate) struct Rates(DefaultKeyedRateLimiter<IpAddr>);

impl Rates {
    /// So many requests a minute and client; a fifth of them at once.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let burst = NonZeroU32::new(per_minute.get() / 5).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(per_minute).allow_burst(burst)))
    }

    /// Counts a request; `false` when it is one too many.
    pub fn allow(&self, client: IpAddr) -> bool {
        if self.0.len() > REMEMBERED {
            self.0.retain_recent();
        }
        self.0.check_key(&key(client)).is_ok()
    }
}

/// One client: an address, or the network of one where a household has a whole network.
fn key(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_machine_and_of_the_site_may_ask() {
        let names = Names::of(([0, 0, 0, 0], 80).into(), Some("https://docs.example.org/manuals/"));
        for good in
            ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:9", "https://docs.example.org"]
        {
            assert!(names.allows(good), "{good}");
        }
        for bad in [
            "null",
            "",
            "http://localhost.evil.org",
            "https://docs.example.org:8443",
            "http://docs.example.org",
            "https://evil.org",
            "http://localhost@evil.org:80",
        ] {
            assert!(!names.allows(bad), "{bad}");
        }
        assert_eq!(names.hosts.last().map(String::as_str), Some("docs.example.org"));
    }

    #[test]
    fn a_token_is_compared_whole() {
        let token = Token::new("0123456789abcdef").unwrap();
        assert!(token.is_in(Some("Bearer 0123456789abcdef")));
        assert!(token.is_in(Some("bearer  0123456789abcdef ")));
        for wrong in
            [None, Some(""), Some("Bearer"), Some("Bearer 0123456789abcde"), Some("Basic 0123456789abcdef")]
        {
            assert!(!token.is_in(wrong), "{wrong:?}");
        }
        assert!(Token::new("short").is_err() && Token::new("with spaces in between it").is_err());
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn one_client_does_not_use_up_the_others_share() {
        let rates = Rates::new(NonZeroU32::new(10).unwrap());
        let (one, other): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let allowed = (0..50).filter(|_| rates.allow(one)).count();
        assert!((1..=3).contains(&allowed), "{allowed} at once");
        assert!(rates.allow(other));
        let same = |a: &str, b: &str| key(a.parse().unwrap()) == key(b.parse().unwrap());
        assert!(same("2001:db8::1", "2001:db8::ffff:2") && !same("2001:db8:0:1::1", "2001:db8:0:2::1"));
    }
}
