//! Pollwall: a native video wall for the cameras of polling stations.
//!
//! No silent darkness, no hidden gap, no ballot in view. The modules stand on levels and a lower
//! one never imports a higher one (`tests/architecture.rs` reads the imports):
//!
//! | level | modules |
//! |---|---|
//! | 0 | [`clock`], [`model`], [`text`], [`frame`] |
//! | 1 | [`config`], `health`, `wall`, `media` |
//! | 2 | [`evidence`], [`journal`], `ingest`, [`metrics`], [`record`], [`replay`], [`simulate`] |
//! | 3 | `render` |
//! | 4 | `ui` |
//! | 5 | [`app`] |

pub mod app;
pub mod clock;
pub mod config;
pub mod evidence;
pub mod frame;
pub mod health;
pub mod ingest;
pub mod journal;
pub mod media;
pub mod metrics;
pub mod model;
pub mod record;
pub mod render;
pub mod replay;
pub mod simulate;
pub mod text;
pub mod ui;
pub mod wall;
