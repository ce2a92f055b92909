//! Serving the figures for Prometheus, the same for `watch` and `wall`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::io_reason;
use crate::metrics::{Board, Server, StartError};
use crate::text::Text;
use crate::tr;

/// Answers from `board` at this address, if there is one, and says where on standard error.
pub(super) fn serve(
    at: Option<SocketAddr>,
    board: &Arc<Board>,
    clock: &Arc<dyn Clock>,
    text: &Text,
) -> anyhow::Result<Option<Server>> {
    let Some(at) = at else { return Ok(None) };
    let server = Server::start(at, Arc::clone(board), Arc::clone(clock))
        .map_err(|e| anyhow::anyhow!(explain(&e, text)))?;
    let address = format!("http://{}/metrics", server.address());
    log::info!("figures at {address}");
    // Nowhere left to report that stderr is closed.
    let told = tr!(text, "metrics-at", address = address);
    let _ = writeln!(std::io::stderr(), "pollwall: {told}");
    Ok(Some(server))
}

fn explain(error: &StartError, text: &Text) -> String {
    let said = match error {
        StartError::Listen { address, .. } if error.is_retryable() => {
            let (address, port) = (address.to_string(), address.port().to_string());
            tr!(text, "metrics-taken", address = address, port = port)
        }
        StartError::Listen { address, source } => {
            let (address, reason) = (address.to_string(), io_reason(text, source));
            tr!(text, "metrics-refused", address = address, reason = reason)
        }
        StartError::Thread(source) => {
            tr!(text, "metrics-no-thread", reason = io_reason(text, source))
        }
    };
    said.into_owned()
}
