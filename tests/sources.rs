//! Everything that is no RTSP, from real servers to the picture: files, MPEG-TS and MJPEG over HTTP,
//! HLS, RTMP, SRT, UDP. Each: pictures arrive, the server is killed, that is told in time, the
//! server is back, the feed is live by itself. And those who mean harm.
//!
//! Every wait is for an event, and the time-outs are those of a broken machine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]

#[path = "sources/files.rs"]
mod files;
#[path = "sources/hostile.rs"]
mod hostile;
#[path = "sources/rig.rs"]
mod rig;
#[path = "sources/servers.rs"]
mod servers;
mod support;
#[path = "sources/told.rs"]
mod told;
#[path = "sources/whole.rs"]
mod whole;
