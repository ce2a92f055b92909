//! The camera simulator: a country of cameras as a real RTSP server, with faults on demand.
//!
//! Each station has a loopback address of its own ([`host`]), so that refusals, black holes and
//! hosts are per station. One thread serves them all ([`server`]); what it sends was encoded and
//! packed beforehand ([`clips`]). Who has which fault when is a script's business ([`script`],
//! [`fault`]), which may change while it runs ([`watch`]).
//!
//! RTSP 1.0 over TCP with interleaved RTP only, one video stream to a mount, no audio, no TLS. It
//! serves rehearsals, tests and benchmarks on one machine: nothing listens beyond loopback.
//! Called by `app`.

mod camera;
mod chance;
mod check;
pub mod clips;
pub mod country;
mod dialogue;
mod digest;
mod error;
pub mod fault;
pub mod host;
mod list;
mod packets;
mod play;
mod programme;
mod request;
mod scene;
pub mod script;
mod server;
mod stats;
mod watch;

pub use error::{ScriptError, SimulateError};
pub use list::csv;
pub use scene::View;
pub use server::{Config, Event, Handle, Simulator, Stream};
pub use stats::Totals;
