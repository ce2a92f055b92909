//! The constants of picture watching, shared with its tests. Unless another source is named they
//! were chosen on seeds 1 to 50 of `tests/pictures.rs`, whose other seeds and worlds judge them.

use std::time::Duration;

/// Pictures closer together than this are not compared: a clock of seconds may show the same.
pub const LEAST_APART: Duration = Duration::from_millis(950);

/// A picture has not been checked when nobody managed to look at one for this long.
pub const CHECKED_FOR: Duration = Duration::from_secs(60);

// What is seen in one picture.

/// So many percent of the height, above and below, are not looked at for brightness: cameras write
/// the time and their name there.
pub const MARGIN_PERCENT: usize = 16;

/// Cells in a row and rows of cells over which edges are averaged.
pub const CELLS: (usize, usize) = (10, 9);

/// Added to the mean brightness that edges are related to, so that darkness divides by something.
pub const DARK_GRAY: f32 = 8.0;

// Black: nothing can be seen. A room whose lights are off, with a sign over the door, a screen or a
// window in it, is dark and not black.

/// The brightest parts of a black picture.
pub const BLACK_HIGH: u8 = 24;

/// What lies between the darkest and the brightest parts of a black picture.
pub const BLACK_SPREAD: u8 = 8;

/// A picture is not black any more when it is brighter or richer than this.
pub const LIT_HIGH: u8 = 32;

/// See [`LIT_HIGH`].
pub const LIT_SPREAD: u8 = 14;

/// So many pictures …
pub const BLACK_SAMPLES: u32 = 2;

/// … over so long: a flash or a step of the exposure is over by then.
pub const BLACK_AFTER: Duration = Duration::from_millis(1500);

/// … or one picture, when for so long no unit came that says that much has changed.
pub const BLACK_ALONE: Duration = Duration::from_secs(3);

// Covered.

/// With less than this share of the edges that this feed usually shows, it is covered.
pub const COVERED_SHARE: f32 = 0.42;

/// With more than this share it is not any more.
pub const UNCOVERED_SHARE: f32 = 0.58;

/// A feed that usually shows more than twice this many ‰ is covered below this many, too. Empty rooms
/// have 150 and more, a hand 15, a cloth 25. What shows less from the first picture on is a plain
/// wall or a plain test picture as well as a cover: that is not decided.
pub const COVERED_DETAIL: f32 = 30.0;

/// Darker than this nobody can tell a covered lens from a dark room.
pub const COVERED_MEAN: f32 = 14.0;

/// So many pictures …
pub const COVERED_SAMPLES: u32 = 3;

/// … over so long: somebody who walks by the lens is gone by then.
pub const COVERED_AFTER: Duration = Duration::from_secs(10);

/// So many pictures are needed to know what is usual.
pub const KNOWN_AFTER: usize = 4;

/// What is usual follows each picture by this share: a minute and a half at one picture in 5 s.
pub const LEARN: f32 = 1.0 / 16.0;

// Frozen.

/// A box that differs by this much: something has moved there. What a coder makes of one and the
/// same picture at another quantiser differs by up to 10.
pub const MOVED: u8 = 12;

/// With so many boxes moved a picture is not still.
pub const MOVED_BOXES: u16 = 2;

/// A picture that as a whole became this much brighter is not still.
pub const SHIFTED: f32 = 0.4;

/// By so much it is not known either how much of what flickers is the light's.
pub const SHIFTED_MUCH: f32 = 0.9;

/// Coders take so long to settle when they begin: what they make of the first pictures is not usual.
pub const WARM_UP: Duration = Duration::from_secs(25);

/// So many times as bright or as dark is another light, in which another noise is usual.
pub const RELIT: f32 = 1.5;

/// A feed in which fewer boxes than this usually flicker shows no noise: whether it is frozen cannot
/// be told from its noise.
pub const NOISY: f32 = 200.0;

/// A still picture's boxes flicker at most this share of what is usual: the sensor's noise is gone.
/// What remains is the coder's, as its quantiser changes. Live: 0.84 and more.
pub const FLICKER_GONE: f32 = 0.7;

/// With a clock that stands less is asked, and of the sizes more.
pub const FLICKER_LESS: f32 = 0.8;

/// From here on one looks more often.
pub const FLICKER_SUSPECT: f32 = 0.82;

/// The bytes between keyframes don't decide alone: a coder that starves spends on a frozen picture
/// what it spent on a live one, to show it better and better. They are not more, though.
pub const SIZES_SAME: f32 = 1.1;

/// With more than this share a picture is alive again.
pub const FLICKER_BACK: f32 = 0.85;

/// Units between keyframes become this small, in relation to what is usual …
pub const SIZES_LESS: f32 = 0.7;

/// … or so few of them, in relation, say more than "as before".
pub const LIVELY_LESS: f32 = 0.6;

/// Pictures of the last half minute are compared with those before.
pub const FROZEN_WINDOW: Duration = Duration::from_secs(36);

/// So many of them …
pub const FROZEN_PAIRS: usize = 4;

/// … over so long.
pub const FROZEN_AFTER: Duration = Duration::from_secs(24);

/// So many comparisons are kept: at one in 5 s four minutes.
pub const PAIRS_KEPT: usize = 48;

/// Of those that are older than the last half minute none are kept that are closer together.
pub const USUAL_APART: Duration = Duration::from_millis(3900);

/// After so long a doubt is not looked at more often than anything else.
pub const DOUBT_HURRIES: Duration = Duration::from_secs(150);

/// The mean brightness of one and the same picture differs by 0.5 at most, however it is coded. More
/// than this from the first doubt on, in steps of brightness, and something has changed.
pub const DRIFTED: f32 = 1.5;

/// So many pictures that look uncovered end what covered it.
pub const ALIVE_SAMPLES: u32 = 2;

/// A clock has stood in so many pictures.
pub const CLOCK_STOOD: u32 = 4;

/// The least of what flickers at the last looks is this share of the most where it is alive.
pub const EVEN: f32 = 0.8;

/// Of the bytes of a keyframe; groups that repeat to the byte with more than this share between
/// keyframes are sent again and again, whatever is known of the feed.
pub const LOOP_SHARE: f32 = 0.05;

// Frozen, and alive again.

/// Of the last five looks something moved, or the clock ticked, in so many.
pub const MOVES_SEEN: u32 = 3;

/// The standing picture became so much brighter or darker, without any jump.
pub const DRIFTED_ON: f32 = 3.0;

/// Noise unlike what was usual is alive when at so many looks in a row …
pub const LIVING_LOOKS: usize = 16;

/// … the least is this share of the most (live: 0.85, in the corpus) …
pub const LIVING_EVEN: f32 = 0.7;

/// … and this many times what there was while it stood, …
pub const LIVING_MORE: f32 = 2.0;

/// … and so many differ.
pub const LIVING_DISTINCT: usize = 11;

// Standing, of which nothing is known.

/// Darker than this a camera may show no noise at all: black has no less than nothing.
pub const REST_MEAN: f32 = 24.0;

/// The brightness stays within this. What a coder makes of one picture: 0.2.
pub const REST_DRIFT: f32 = 0.4;

/// Pictures are compared that lie so far apart at most: clips that begin again every 20 s, as the
/// simulator's do, are alive.
pub const AGAIN_WITHIN: Duration = Duration::from_secs(18);

/// … and no more of them are kept.
pub const RECENT_KEPT: usize = 5;

/// One look in so many shows the very same small picture again. In the corpus no live picture ever
/// did, and standing ones do in most looks once the coder has settled.
pub const REST_SHARE: u32 = 4;

/// A camera is known to show noise when in so many looks in a row …
pub const NOISE_LOOKS: u32 = 8;

/// … many boxes flicker, besides so many for each in which something moves: shadows and what the
/// coder makes of an edge.
pub const NOISE_OF_MOVES: u16 = 5;

/// Such a camera stands when the same picture was seen again at so many looks …
pub const AGAIN_LOOKS: u32 = 4;

/// … over so long …
pub const AGAIN_AFTER: Duration = Duration::from_secs(14);

/// … with no more than this from one to the next.
pub const AGAIN_APART: Duration = Duration::from_secs(30);

/// One of which nothing is known, after so long …
pub const REST_LONG_AFTER: Duration = Duration::from_secs(600);

/// … and so many looks.
pub const REST_LONG_LOOKS: u32 = 60;

// The clock in the picture.

/// A box of a clock that differs by this much has changed, as long as the clock is being looked for.
pub const TICK: u8 = 6;

/// … and this is enough once it was found, …
pub const CLOCK_TICKS: u8 = 4;

/// … if it is this share, in percent, of how much it usually changes.
pub const CLOCK_TICKS_PERCENT: u32 = 40;

/// A clock is looked for in so many percent of the height, above and below.
pub const CLOCK_MARGIN_PERCENT: usize = 20;

/// Of 255: a box that changes this often is a clock's.
pub const CLOCK_HABIT: u8 = 200;

/// The most boxes that what changes of a clock takes, columns and rows.
pub const CLOCK_SIZE: (usize, usize) = (12, 4);

/// A clock that stood so many times while something moved elsewhere was none.
pub const CLOCK_DOUBTED: u8 = 3;

/// A unit this many times as large as usual: something happened that deserves a look.
pub const SPIKE: u32 = 4;

/// … if it is larger than this by itself, in bytes.
pub const SPIKE_BYTES: u32 = 400;
