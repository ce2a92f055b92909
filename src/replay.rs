//! Replay: what was recorded, seen again on one clock.
//!
//! [`footage`] says which files there are to be seen, [`clock`] which moment is shown; a [`player`]
//! decodes one feed's pictures into a [`ring`], a [`group`] keeps many of them in step; [`desk`] is
//! where the auditor is. No window, no wgpu. Called by `ui` and `app`.

pub mod clock;
pub mod desk;
pub mod footage;
pub mod group;
pub mod player;
pub mod ring;
