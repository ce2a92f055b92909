//! Why there is no recorded picture.

use serde::{Deserialize, Serialize};

/// The cause of a gap. Where several were at work at once the one that explains most is named, in
/// the order of this list from the bottom: what was ours is never called the camera's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nothing that was written down explains it.
    Unknown,
    /// A session played and brought no pictures.
    CameraSilent,
    /// The camera, or what lies on the way to it, could not be reached or sent us away.
    NetworkRefused,
    /// The camera rejected the login.
    Authentication,
    /// Work at the station was announced.
    Maintenance,
    /// The station was in no list, or had no such feed.
    NotConfigured,
    /// Recording was not asked for.
    NotRecording,
    /// More arrived than this machine could write.
    Overload,
    /// The disk was full.
    DiskFull,
    /// The disk gave an error.
    DiskFailed,
    /// The machine's clock was set.
    ClockStep,
    /// The program did not run.
    ProcessDown,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Unknown,
        Self::CameraSilent,
        Self::NetworkRefused,
        Self::Authentication,
        Self::Maintenance,
        Self::NotConfigured,
        Self::NotRecording,
        Self::Overload,
        Self::DiskFull,
        Self::DiskFailed,
        Self::ClockStep,
        Self::ProcessDown,
    ];

    /// Its name on disk and in exports; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::CameraSilent => "camera_silent",
            Self::NetworkRefused => "network_refused",
            Self::Authentication => "authentication",
            Self::Maintenance => "maintenance",
            Self::NotConfigured => "not_configured",
            Self::NotRecording => "not_recording",
            Self::Overload => "overload",
            Self::DiskFull => "disk_full",
            Self::DiskFailed => "disk_failed",
            Self::ClockStep => "clock_step",
            Self::ProcessDown => "process_down",
        }
    }

    /// The cause of this name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_one_name_for_disk_and_export() {
        for cause in Cause::ALL {
            assert_eq!(Cause::of(cause.code()), Some(cause));
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.code());
        }
        assert_eq!(Cause::of("bad luck"), None);
    }
}
