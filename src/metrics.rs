//! Figures for Prometheus: what the program counts, as text at an address of its own.
//!
//! [`Figures`] is plain data that whoever owns the feeds puts on the [`Board`] after each look;
//! [`Server`] answers `GET /metrics` from there on one thread, and adds what only the moment of
//! asking can tell: the age of the look, and the process's own use of the machine. Labels are
//! states and district numbers, never names, addresses or anything that a camera said
//! (docs/decisions/0105). It knows no feed and no file but those of `/proc`.
//!
//! Called by `app`.

mod figures;
mod page;
mod process;
mod server;

pub use figures::{
    Alarms, DistrictStates, Figures, Histogram, Journal, Looks, Recording, Sampler, Streams,
};
pub use page::{CONTENT_TYPE, page};
pub use process::Process;
pub use server::{Board, DEFAULT_PORT, Server, StartError};
