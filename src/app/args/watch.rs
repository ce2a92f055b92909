//! `pollwall watch` and `pollwall record` as typed, and where figures are told.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use lexopt::Parser;

use super::values::read;
use super::{Print, UsageError};
use crate::metrics::DEFAULT_PORT;
use crate::model::Chosen;

/// Where `watch` tells its figures unless told otherwise.
pub(super) const USUAL_METRICS: SocketAddr =
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), DEFAULT_PORT);

/// `pollwall watch`, and `pollwall record`, which also records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchArgs {
    /// Print every change; without it, a status line now and then.
    pub print: Option<Print>,
    /// Where the figures for Prometheus are, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// End after this, with an exit code that says how the stations do.
    pub once: Option<Duration>,
    /// Whose feeds are recorded; `None` for `watch`, which records nothing.
    pub records: Option<Chosen>,
}

impl Default for WatchArgs {
    fn default() -> Self {
        Self { print: None, metrics: Some(USUAL_METRICS), once: None, records: None }
    }
}

/// `--metrics` and `--metrics-anyone` as typed.
#[derive(Default)]
pub(super) struct RawMetrics {
    at: Option<Option<SocketAddr>>,
    anyone: bool,
}

impl RawMetrics {
    /// Takes one of these options; `false` for any other name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        match name {
            "metrics" => self.at = Some(read(parser, "--metrics", address)?),
            "metrics-anyone" => self.anyone = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Where the figures are told, if anywhere. Whoever reaches that address can read them, so one
    /// that other machines reach has to be wanted twice.
    pub(super) fn checked(
        &self,
        usual: Option<SocketAddr>,
    ) -> Result<Option<SocketAddr>, UsageError> {
        match self.at {
            None if self.anyone => Err(UsageError::Needs("--metrics-anyone", "--metrics")),
            None => Ok(usual),
            Some(Some(at)) if !at.ip().is_loopback() && !self.anyone => {
                Err(UsageError::MetricsForAnyone(at))
            }
            Some(at) => Ok(at),
        }
    }
}

/// `127.0.0.1:9464`, `[::1]:9464`, `9464`, `off`. No names: what they mean is decided elsewhere.
fn address(s: &str) -> Option<Option<SocketAddr>> {
    if s == "off" {
        return Some(None);
    }
    let port = || s.parse().ok().map(|port| SocketAddr::new(USUAL_METRICS.ip(), port));
    s.parse().ok().or_else(port).map(Some)
}
