//! Replay: what was recorded, seen again on one clock.
//!
//! [`footage`] says which files there are to be seen, of which station and from when to when;
//! [`layout`] and [`opening`] find them where there is no catalogue, also as other programs have left
//! them. [`clock`] is which moment is shown; a [`player`] decodes one feed's pictures into a [`ring`],
//! a [`group`] keeps many of them in step; [`desk`] is where the auditor is. No window, no wgpu.
//! Called by `ui` and `app`.

pub mod clock;
pub mod desk;
pub mod footage;
pub mod group;
pub mod layout;
pub mod opening;
pub mod player;
pub mod ring;
pub mod template;
