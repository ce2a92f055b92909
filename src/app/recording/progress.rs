//! How recording goes, as it is told.

use std::collections::HashSet;
use std::time::Duration;

use crate::clock::Mono;
use crate::metrics;
use crate::model::StationId;
use crate::record::VolumeStatus;
use crate::record::space::Level;
use crate::text::Text;
use crate::tr;
use crate::ui::{RecordingView, words};

/// How far the recorder is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::app) enum Phase {
    /// Nothing was ever to be recorded.
    #[default]
    Idle,
    /// Catalogue and volumes are being opened.
    Opening,
    /// It takes what comes.
    Running,
    /// It cannot begin, for this reason; it is tried again.
    Refused(String),
}

/// Something that a person should know of a recording. As an error it speaks to the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::app) enum Remark {
    #[error("{0}: the disk is full")]
    Full(String),
    #[error("{folder}: {reason}")]
    Fails { folder: String, reason: String },
    #[error("{folder}: the disk has answered nothing for {seconds} s")]
    Hangs { folder: String, seconds: u64 },
    #[error("nobody has been able to say how it goes for {0} s")]
    Stale(u64),
    #[error("the catalogue of recordings was damaged and is now {0}")]
    CatalogueDamaged(String),
    #[error("the catalogue of recordings is not written: {0}")]
    CatalogueBehind(String),
    #[error("{0} was made anew; is its disk mounted?")]
    FolderMade(String),
    #[error("recordings are not sealed: {0}")]
    NotSealed(String),
    #[error("the disk refuses the files of {0} stations")]
    RefusedFeeds(u64),
}

impl Remark {
    /// Told to a person. What the system says stands in its own words.
    fn explain(&self, text: &Text) -> String {
        match self {
            Self::Full(folder) => tr!(text, "recording-full", folder = folder.clone()),
            Self::Fails { folder, reason } => {
                tr!(text, "recording-fails", folder = folder.clone(), reason = reason.clone())
            }
            Self::Hangs { folder, seconds } => {
                tr!(text, "recording-hangs", folder = folder.clone(), seconds = seconds.to_string())
            }
            Self::Stale(seconds) => tr!(text, "recording-stale", seconds = seconds.to_string()),
            Self::CatalogueDamaged(aside) => {
                tr!(text, "recording-catalogue-damaged", path = aside.clone())
            }
            Self::CatalogueBehind(reason) => {
                tr!(text, "recording-catalogue-behind", reason = reason.clone())
            }
            Self::FolderMade(folder) => tr!(text, "recording-folder-made", folder = folder.clone()),
            Self::NotSealed(reason) => tr!(text, "recording-not-sealed", reason = reason.clone()),
            Self::RefusedFeeds(count) => {
                tr!(text, "recording-refused-feeds", count = count.to_string())
            }
        }
        .into_owned()
    }
}

/// How recording goes at one moment.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Progress {
    /// How far the recorder is.
    pub(in crate::app) phase: Phase,
    /// When this was so.
    pub(in crate::app) at: Mono,
    /// Stations whose pictures are on the disk up to a few seconds ago, whatever happens now.
    pub(in crate::app) safe: HashSet<StationId>,
    /// Stations whose pictures should be, and are not.
    pub(in crate::app) unsafe_for_long: HashSet<StationId>,
    /// The volumes.
    pub(in crate::app) volumes: Vec<VolumeStatus>,
    /// Why nothing, or not everything, is written.
    pub(in crate::app) failing: Option<Remark>,
    /// Hours until there is no more room at the present rate; `None` while that is not known.
    pub(in crate::app) hours_left: Option<f64>,
    /// What to make of that.
    pub(in crate::app) level: Level,
    /// Nobody has been able to say for long.
    pub(in crate::app) is_stale: bool,
    /// What a person should know that stops nothing.
    pub(in crate::app) remark: Option<Remark>,
}

/// The recorder is looked at every second; what is older says nothing of now.
const STALE_AFTER: Duration = Duration::from_secs(10);

impl Progress {
    /// What is to be said in place of this at `now`, if it is too old to be believed: the disk does not
    /// even answer how it is.
    pub(super) fn gone_stale(&self, now: Mono) -> Option<Self> {
        let old = now.since(self.at);
        let believed = self.phase != Phase::Running || old < STALE_AFTER || self.is_stale;
        (!believed).then(|| Self {
            safe: HashSet::new(),
            failing: Some(Remark::Stale(old.as_secs())),
            is_stale: true,
            ..self.clone()
        })
    }

    /// Bytes written in a second, lately.
    pub(in crate::app) fn bytes_per_second(&self) -> u64 {
        self.volumes.iter().map(|volume| volume.bytes_per_second).sum()
    }

    /// Whether pictures that should be written are not, because of this machine.
    pub(in crate::app) fn is_failing(&self) -> bool {
        self.failing.is_some() || matches!(self.phase, Phase::Refused(_))
    }

    /// The same for the screens, of so many stations.
    pub(in crate::app) fn view(&self, wanted: usize) -> RecordingView {
        RecordingView {
            wanted,
            safe: self.safe.clone(),
            missing: self.unsafe_for_long.clone(),
            opens: matches!(self.phase, Phase::Idle | Phase::Opening),
            fails: self.is_failing(),
            bytes_per_second: self.bytes_per_second(),
            hours_left: self.hours_left,
            room_is_low: self.level != Level::Enough,
            room_is_short: self.level.is_alarm(),
        }
    }

    pub(super) fn figures(&self, wanted: usize, now: Mono) -> metrics::Recording {
        let sum = |of: fn(&VolumeStatus) -> u64| self.volumes.iter().map(of).sum();
        let worst = |of: fn(&VolumeStatus) -> Duration| self.volumes.iter().map(of).max();
        let age = now.since(self.at);
        metrics::Recording {
            wanted: wanted as u64,
            safe: self.safe.len() as u64,
            failing: self.is_failing(),
            written_bytes: sum(|v| v.written_bytes),
            dropped_units: sum(|v| v.dropped_units),
            closed_segments: sum(|v| v.closed_segments),
            unsynced: worst(|v| v.unsynced_for).map(|unsynced| unsynced + age),
            worst_sync: worst(|v| v.worst_sync),
            hours_left: self.hours_left,
        }
    }
}

/// How recording of so many stations goes, in a sentence, for a line of status.
pub(in crate::app) fn said(text: &Text, progress: &Progress, wanted: usize) -> String {
    match &progress.phase {
        Phase::Idle | Phase::Opening => tr!(text, "recording-opening").into_owned(),
        Phase::Refused(why) => tr!(text, "recording-refused", reason = why.clone()).into_owned(),
        Phase::Running => {
            let rate = words::rate(text, progress.bytes_per_second());
            let (safe, all) = (progress.safe.len().to_string(), wanted.to_string());
            let mut said =
                tr!(text, "recording-status", safe = safe, all = all, rate = rate).into_owned();
            if let Some(hours) = progress.hours_left {
                said.push_str(", ");
                said.push_str(&tr!(text, "recording-hours", hours = words::hours_left(hours)));
            }
            if let Some(why) = &progress.failing {
                said.push_str("; ");
                said.push_str(&tr!(text, "recording-failing", reason = why.explain(text)));
            }
            if let Some(remark) = &progress.remark {
                said.push_str("; ");
                said.push_str(&remark.explain(text));
            }
            said
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_confirmed_for_long_is_not_called_safe() {
        let at = |seconds: i64| Mono::from_micros(seconds * 1_000_000);
        let safe = HashSet::from([StationId::new(57, 12)]);
        let told = Progress { phase: Phase::Running, at: at(100), safe, ..Progress::default() };
        assert!(told.gone_stale(at(109)).is_none());
        let stale = told.gone_stale(at(111)).unwrap();
        assert!(stale.is_failing() && stale.safe.is_empty(), "{stale:?}");
        assert!(stale.gone_stale(at(200)).is_none(), "said once");
        let view = stale.view(1);
        assert!(view.fails && view.safe.is_empty());
        let opening = Progress { phase: Phase::Opening, ..told };
        assert!(opening.gone_stale(at(500)).is_none(), "a repair may take its time");
    }
}
