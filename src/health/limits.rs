//! The constants of arrival watching, shared with its tests.

use std::time::Duration;

/// A feed is stalled when no access unit came for this long, or for two of its own frame
/// intervals if that is more (design of the wall: "max(2 s, 2 frame intervals)").
pub const STALL_AFTER: Duration = Duration::from_secs(2);

/// How many of its own frame intervals a feed may be silent.
pub const STALL_INTERVALS: u32 = 2;

/// … but never longer than this, however slow it is: a camera that sends a picture every ten seconds
/// is slow, one that sends a picture every minute is not watched. Without this bound a feed that
/// slows down step by step would raise its own patience without end.
pub const LONGEST_PATIENCE: Duration = Duration::from_secs(20);

/// A feed without a session is stalled first and offline after this silence: a short
/// reconnection is not an outage, and the word on the tile should not flicker.
pub const OFFLINE_AFTER: Duration = Duration::from_secs(10);

/// How many arrivals are remembered for the frame interval and the frame rate. At 60 frames/s
/// this is a second, the least that gives a steady number.
pub const REMEMBERED: usize = 64;

/// The frame interval is the median of this many gaps between arrivals: one hiccup in between
/// does not move it, and a burst of late frames only makes it smaller, down to [`STALL_AFTER`].
pub const INTERVAL_SAMPLES: usize = 9;

/// The frame rate shown counts the arrivals of this long.
pub const RATE_WINDOW: Duration = Duration::from_secs(3);

/// The receiving side beats this often. A feed's silence is counted only up to the last beat:
/// while we could not listen, we can't say that nobody spoke.
pub const PULSE_EVERY: Duration = Duration::from_millis(100);

/// A receiving side that has not beaten for this long is behind, and so is everything it receives.
pub const PULSE_LATE: Duration = Duration::from_secs(1);

/// A picture on screen that is this much older than the newest access unit of its feed: we decode
/// or draw too slowly.
pub const DECODE_LATE: Duration = Duration::from_secs(1);

/// A feed on screen that sends pictures, but for this long none at which decoding can begin, can't
/// be shown. Cameras that stretch their groups of pictures ("smart" codecs) go up to about 10 s.
pub const KEYFRAME_AFTER: Duration = Duration::from_secs(12);

/// After a pause of ours, what arrived meanwhile has to be read before anybody's silence counts.
pub const READ_BACKLOG: Duration = Duration::from_millis(500);

/// A pause of ours is shown for at least this long, so that an operator sees it.
pub const BEHIND_SHOWN: Duration = Duration::from_secs(3);
