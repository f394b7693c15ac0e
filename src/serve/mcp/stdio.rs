//! The tools over standard input and output, for a client that starts the program itself.
//!
//! One message a line. Nothing else is ever written to standard output; the end of the input is the end.

use std::sync::Arc;

use mcdewey_mcp::{Place, Profile};
use rmcp::ServiceExt;
use rmcp::service::{QuitReason, ServerInitializeError};
use thiserror::Error;

use super::handler::Handler;
use crate::library::Library;

/// Why a conversation ended before its end.
#[derive(Debug, Error)]
pub enum Stopped {
    /// It did not begin as the protocol has it.
    #[error("the client did not begin as the protocol has it: {0}")]
    Beginning(String),
    /// It broke off.
    #[error("the conversation broke off: {0}")]
    Middle(String),
}

/// Answers the client at the other end of standard input until that ends.
///
/// # Errors
/// When the conversation does not begin or ends unexpectedly.
pub async fn stdio(library: Arc<Library>, profile: Profile) -> Result<(), Stopped> {
    let base = library.base().map(str::to_owned);
    let handler = Handler::new(library, Place { profile, base });
    let serving = match handler.serve(rmcp::transport::stdio()).await {
        Ok(serving) => serving,
        // A client that goes away at once has said all it had to.
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(ServerInitializeError::ExpectedInitializeRequest(_)) => {
            let sentence = "its first message was neither initialize nor a request of revision 2026-07-28";
            return Err(Stopped::Beginning(sentence.into()));
        }
        Err(ServerInitializeError::InitializeFailed(error)) => {
            return Err(Stopped::Beginning(error.message.into_owned()));
        }
        Err(_) => return Err(Stopped::Beginning("the conversation broke off".into())),
    };
    match serving.waiting().await {
        Ok(QuitReason::Closed | QuitReason::Cancelled) => Ok(()),
        Ok(_) => Err(Stopped::Middle("a task ended unexpectedly".into())),
        Err(error) => Err(Stopped::Middle(error.to_string())),
    }
}
