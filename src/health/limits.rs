//! The constants of arrival watching and of joining arrival with the picture, each with its source;
//! shared with the tests.

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

/// A feed whose last keyframe is this old can't be looked at by anybody who begins now, and has not
/// been by the sampler …
pub const KEYFRAMES_GONE_AFTER: Duration = Duration::from_secs(60);

/// … or so many of its own intervals between two keyframes, if that is more: fifty pictures, one a
/// second, are a common group …
pub const KEYFRAMES_GONE_INTERVALS: u32 = 2;

/// … but never later than this: a camera at which nobody can look for minutes is not watched.
pub const KEYFRAMES_GONE_AT_LAST: Duration = Duration::from_secs(180);

/// After a pause of ours, what arrived meanwhile has to be read before anybody's silence counts.
pub const READ_BACKLOG: Duration = Duration::from_millis(500);

/// A pause of ours is shown for at least this long, so that an operator sees it.
pub const BEHIND_SHOWN: Duration = Duration::from_secs(3);

/// Units are counted by the second for this long: the longest window of a slow feed, and what a
/// usual rate is learnt from.
pub const COUNTED_SECONDS: usize = 60;

/// The rate is judged over this many seconds. A Wi-Fi gap of 1.5 s at an edge is 15 % of it, far
/// from [`LOW_SHARE`].
pub const RATE_OVER_SECONDS: usize = 10;

/// … or over as many as usually bring this many units: one unit more or less at the edge of the
/// window must not look like a change of rate.
pub const RATE_OVER_UNITS: f32 = 10.0;

/// A feed's usual rate is known as soon as it has brought [`RATE_OVER_UNITS`] in
/// [`RATE_OVER_SECONDS`] or more without a stall, and after so many seconds in any case. The first
/// seconds count: what begins well and then becomes bad must be measured against its beginning.
pub const LEARN_SECONDS: usize = COUNTED_SECONDS;

/// In what the usual rate is learnt from, a second counts for no more than this many times the
/// median second, and one unit: what a relay has kept for us and sends at once, seconds of pictures,
/// is no rate that anybody could keep up.
pub const BURST_SECONDS: u16 = 2;

/// A rate above the usual one becomes the usual one with this time constant, in seconds. Slow
/// enough that a backlog which comes all at once (6 s of pictures within a second) moves it by a
/// twentieth only.
pub const USUAL_UP_SECONDS: f32 = 120.0;

/// A rate below the usual one becomes the usual one with this time constant, in seconds, and only
/// while it is not too low: an evening whose cameras expose longer and longer is followed. What is
/// called degraded stays so until it has mended; time alone does not make it well.
pub const USUAL_DOWN_SECONDS: f32 = 600.0;

/// The usual rate is never less than this share of the best that it has been since the feed is
/// watched, so that a fifth of that ([`LOW_SHARE`] of this) is degraded however slowly it came. An
/// exposure halves the rate, and once more at night: to a quarter.
pub const USUAL_OF_BEST: f32 = 0.5;

/// Below this share of its usual rate a feed is degraded. Cameras that expose longer at dusk halve
/// their rate (25 to 12.5 pictures/s); that is no trouble, and neither is a fifth less of that by
/// jitter.
pub const LOW_SHARE: f32 = 0.4;

/// From this share on it has recovered.
pub const RECOVERED_SHARE: f32 = 0.6;

/// A feed whose pictures are damaged by losses to this share over [`RATE_OVER_SECONDS`] is
/// degraded. A single loss damages what is left of its group of pictures: two seconds at most with
/// usual cameras, a fifth of the window.
pub const LOSSY_SHARE: f32 = 0.3;

/// At this share of damaged pictures it has recovered.
pub const LOSSLESS_SHARE: f32 = 0.1;

/// The rate or the loss must be bad for this long without a break before it is told.
pub const DEGRADED_AFTER: Duration = Duration::from_secs(5);

/// … and good for this long before it is told that it is over.
pub const MENDED_AFTER: Duration = Duration::from_secs(10);

/// What a pause of ours has done to the counts is gone after this long: the longest window and
/// [`MENDED_AFTER`], and ten seconds in hand. Until then a feed that has become degraded since is
/// not called so.
pub const PAUSE_SETTLES: Duration = Duration::from_secs(80);

/// Units arrive, and the newest picture that was looked at is older than this: nobody can say what
/// the feed shows. Six times the sampler's usual interval, and twice the longest usual time between
/// two keyframes ([`KEYFRAME_AFTER`]) with an interval in hand.
pub const CHECKED_WITHIN: Duration = Duration::from_secs(30);
