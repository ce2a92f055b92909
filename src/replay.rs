//! From recorded files to pictures on one clock.
//!
//! [`footage`] says which files there are, [`clock`] which moment is shown, [`player`] decodes one
//! feed's pictures into a [`ring`], [`group`] keeps many of them in step. No window, no wgpu. Called by
//! `ui` and `app`.

pub mod clock;
pub mod footage;
pub mod group;
pub mod player;
pub mod ring;
