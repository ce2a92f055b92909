//! What is known of one recorded file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clock::WallTime;
use crate::model::{FeedId, FeedKind, StationId};

/// A moment: on the recording's timeline, and on the machine's monotonic clock as its process counts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Stamp {
    /// Civil time that never goes back.
    pub utc_us: i64,
    /// Microseconds of the monotonic clock of the run that wrote it.
    pub mono_us: i64,
}

impl Stamp {
    /// Its civil time.
    pub const fn wall(self) -> WallTime {
        WallTime::from_micros(self.utc_us)
    }
}

/// More than [`BREAK_FROM`](super::BREAK_FROM) between two pictures inside one segment: a short break
/// or a gap, by its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// Arrival of the last picture before, in microseconds of UTC.
    pub from_utc_us: i64,
    /// Arrival of the first picture after.
    pub to_utc_us: i64,
}

/// Why a segment is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It was long enough.
    Full,
    /// Codec or parameter sets changed, or another session began.
    Stream,
    /// Units before the next one were lost on this machine.
    Lost,
    /// Recording was stopped, or the program ended in an orderly way.
    Stopped,
    /// Writing failed.
    Failed,
    /// It was found unfinished and made whole at the next start.
    Repaired,
}

impl Ended {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Full, Self::Stream, Self::Lost, Self::Stopped, Self::Failed, Self::Repaired];

    /// Its name on disk; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Stream => "stream",
            Self::Lost => "lost",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Repaired => "repaired",
        }
    }

    /// The reason of this name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ended| ended.code() == code)
    }
}

/// One recorded file, closed and whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Whose.
    pub feed: FeedId,
    /// Where in its volume.
    pub path: SegmentPath,
    /// The run of the program that wrote it, as in the journal.
    pub run: String,
    /// Arrival of the first picture.
    pub first: Stamp,
    /// Arrival of the last picture.
    pub last: Stamp,
    /// Presentation time of the first picture in the stream's own clock, 1/90000 s.
    pub first_pts: i64,
    /// And of the last.
    pub last_pts: i64,
    /// Pictures.
    pub frames: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Times without a picture inside it, in order.
    pub breaks: Vec<Break>,
    /// The camera's clock minus ours in microseconds, where it told.
    pub camera_clock_us: Option<i64>,
    /// The system's clock minus the timeline in microseconds when the segment began: not zero only
    /// after the clock was set back.
    pub clock_ahead_us: i64,
    /// Whether the system said that its clock is synchronised when the segment began.
    pub clock_synchronised: Option<bool>,
    /// Why it is over.
    pub ended: Ended,
}

/// Where a segment lies inside its volume: `2024-02-07/57/12/20240207T081503.250Z-main.mp4`. Date and
/// time are UTC, of the first picture's arrival.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SegmentPath {
    feed: FeedId,
    first_utc_ms: i64,
}

/// A path that no segment has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the path of a segment, as 2024-02-07/57/12/20240207T081503.250Z-main.mp4 is")]
pub struct NotASegment(pub String);

impl SegmentPath {
    /// Of the segment of `feed` whose first picture arrived at `first`, to the millisecond.
    pub fn new(feed: FeedId, first: WallTime) -> Self {
        Self { feed, first_utc_ms: first.as_micros().div_euclid(1000) }
    }

    /// Whose segment it is.
    pub const fn feed(&self) -> FeedId {
        self.feed
    }

    /// Arrival of its first picture, in whole milliseconds.
    pub const fn first(&self) -> WallTime {
        WallTime::from_micros(self.first_utc_ms.saturating_mul(1000))
    }

    /// The folder it is in, relative to the volume.
    pub fn folder(&self) -> String {
        let StationId { district, station } = self.feed.station;
        format!("{}/{district}/{station}", self.first().timestamp().strftime("%F"))
    }
}

impl fmt::Display for SegmentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (folder, kind) = (self.folder(), self.feed.kind.as_str());
        let time = self.first().timestamp();
        write!(f, "{folder}/{}-{kind}.mp4", time.strftime("%Y%m%dT%H%M%S.%3fZ"))
    }
}

impl FromStr for SegmentPath {
    type Err = NotASegment;

    fn from_str(path: &str) -> Result<Self, NotASegment> {
        let parse = || {
            let mut parts = path.rsplit('/');
            let (name, station, district) = (parts.next()?, parts.next()?, parts.next()?);
            let (time, kind) = name.strip_suffix(".mp4")?.split_once('-')?;
            let kind = match kind {
                "main" => FeedKind::Main,
                "sub" => FeedKind::Sub,
                _ => return None,
            };
            let station = format!("{district}/{station}").parse().ok()?;
            let time: jiff::civil::DateTime =
                jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S%.fZ", time).ok()?;
            let first = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            Some(Self::new(FeedId { station, kind }, first.into()))
        };
        // Only the one way of writing it: two names for one segment would be two segments.
        let parsed = parse().filter(|parsed| parsed.to_string() == path);
        parsed.ok_or_else(|| NotASegment(path.to_owned()))
    }
}

impl From<SegmentPath> for String {
    fn from(path: SegmentPath) -> String {
        path.to_string()
    }
}

impl TryFrom<String> for SegmentPath {
    type Error = NotASegment;
    fn try_from(path: String) -> Result<Self, NotASegment> {
        path.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_whose_it_is_and_when_it_began() {
        let feed = FeedId { station: StationId::new(57, 12), kind: FeedKind::Main };
        let at: jiff::Timestamp = "2024-02-07T08:15:03.250999Z".parse().unwrap();
        let path = SegmentPath::new(feed, at.into());
        assert_eq!(path.to_string(), "2024-02-07/57/12/20240207T081503.250Z-main.mp4");
        let back: SegmentPath = path.to_string().parse().unwrap();
        assert_eq!((back.feed(), back.first()), (feed, path.first()));
        assert_eq!(back, path);
    }

    #[test]
    fn why_it_ended_has_one_name_for_all() {
        for ended in Ended::ALL {
            assert_eq!(Ended::of(ended.code()), Some(ended));
            assert_eq!(serde_json::to_value(ended).unwrap(), ended.code());
        }
    }

    #[test]
    fn what_is_no_segment_has_no_path() {
        for bad in [
            "",
            "a.mp4",
            "2024-02-07/57/12/20240207T081503.250Z-main.mkv",
            "2024-02-07/57/12/20240207T081503.250Z-side.mp4",
            "2024-02-08/57/12/20240207T081503.250Z-main.mp4",
            "2024-02-07/0/12/20240207T081503.250Z-main.mp4",
            "2024-02-07/57/012/20240207T081503.250Z-main.mp4",
            "2024-02-07/57/12/20240207T081503.25Z-main.mp4",
            "x/2024-02-07/57/12/20240207T081503.250Z-main.mp4",
            "../57/12/20240207T081503.250Z-main.mp4",
        ] {
            assert_eq!(bad.parse::<SegmentPath>(), Err(NotASegment(bad.to_owned())), "{bad}");
        }
    }
}
