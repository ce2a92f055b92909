//! The pictures that the simulated cameras send: short clips, drawn and coded once, kept in a
//! cache folder and repeated for ever.
//!
//! A clip is [`SECONDS`] long and ends where it begins, in closed groups of [`GROUP_SECONDS`]. In
//! the folder it is a plain elementary stream that any player opens; its first picture carries a
//! message with a checksum, so a file that is torn, foreign or of an older version is made anew.
//! Knows no network. Called by the simulator's server and by `app`.

mod make;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crossbeam_channel::bounded;

use crate::media::{Codec, DecodeError, EncodeError};
use crate::text::Text;
use crate::tr;

/// How many distinct scenes there are. Scene [`EMPTY_SCENE`] has nobody in it.
pub const SCENES: u8 = 12;

/// The scene of a room before anybody comes: nothing moves but the clock and the sensor's noise.
pub const EMPTY_SCENE: u8 = 11;

/// How long a clip is before it begins again.
pub const SECONDS: u32 = 20;

/// From one keyframe to the next.
pub const GROUP_SECONDS: u32 = 2;

/// What a camera sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Look {
    /// The scene.
    Normal,
    /// One picture of the scene again and again, its clock included.
    Frozen,
    /// Next to no light: black with the weakest noise. The clock, which the camera writes into
    /// the picture, goes on.
    Black,
    /// Something close to the lens: one blurred colour. The clock goes on.
    Covered,
}

impl Look {
    /// All of them.
    pub const ALL: [Look; 4] = [Look::Normal, Look::Frozen, Look::Black, Look::Covered];

    const fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Frozen => "frozen",
            Self::Black => "black",
            Self::Covered => "covered",
        }
    }
}

/// How a clip is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Format {
    /// H.264 or H.265.
    pub codec: Codec,
    /// Pixels in a row, even, 160 to 3840.
    pub width: u32,
    /// Rows, even, 90 to 2160.
    pub height: u32,
    /// Pictures a second, 1 to 60.
    pub frames_per_second: u32,
    /// The mean that is aimed at, 10,000 to 50,000,000. Still pictures take less.
    pub bits_per_second: u32,
}

impl Format {
    /// The default: 640×360, 15 frames/s, 130 kbit/s, H.264.
    pub const LIGHT: Format = Format {
        codec: Codec::H264,
        width: 640,
        height: 360,
        frames_per_second: 15,
        bits_per_second: 130_000,
    };

    /// The same with 400 kbit/s.
    pub const FULL: Format = Format { bits_per_second: 400_000, ..Self::LIGHT };

    /// 1280×720, 1 Mbit/s.
    pub const HD_720: Format =
        Format { width: 1280, height: 720, bits_per_second: 1_000_000, ..Self::LIGHT };

    /// 1920×1080, 2 Mbit/s.
    pub const HD_1080: Format =
        Format { width: 1920, height: 1080, bits_per_second: 2_000_000, ..Self::LIGHT };

    fn is_possible(&self) -> bool {
        let even = self.width.is_multiple_of(2) && self.height.is_multiple_of(2);
        even && (160..=3840).contains(&self.width)
            && (90..=2160).contains(&self.height)
            && (1..=60).contains(&self.frames_per_second)
            && (10_000..=50_000_000).contains(&self.bits_per_second)
    }
}

/// Which clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClipSpec {
    /// Below [`SCENES`].
    pub scene: u8,
    /// What of the scene is seen.
    pub look: Look,
    /// How it is coded.
    pub format: Format,
}

impl ClipSpec {
    /// How many pictures the clip has.
    pub const fn units(&self) -> u32 {
        SECONDS * self.format.frames_per_second
    }

    /// How many pictures a group has.
    pub const fn group(&self) -> u32 {
        GROUP_SECONDS * self.format.frames_per_second
    }
}

/// A whole clip in memory.
#[derive(Debug)]
pub struct Clip {
    /// Which one.
    pub spec: ClipSpec,
    /// [VPS,] SPS, PPS without start codes; the same for all of the clip.
    pub parameter_sets: Vec<Arc<[u8]>>,
    /// The pictures in order of coding and presentation. The first is a keyframe, and the last is
    /// followed by the first as any other by its next.
    pub units: Vec<Unit>,
}

/// One coded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Decoding can begin here.
    pub is_key: bool,
    /// Its slices without start codes: no delimiter, no parameter set, no message.
    pub nals: Vec<Arc<[u8]>>,
}

/// Why there is no clip.
#[derive(Debug, thiserror::Error)]
pub enum ClipError {
    /// Whoever wanted them does not any more.
    #[error("stopped")]
    Stopped,
    /// No such scene, or a format that cannot be.
    #[error("there is no clip {0:?}")]
    Impossible(ClipSpec),
    /// FFmpeg does not work.
    #[error("{0}")]
    Media(#[from] DecodeError),
    /// FFmpeg does not code it.
    #[error("{0}")]
    Encode(#[from] EncodeError),
    /// The encoder gave no parameter sets, or changes them on the way.
    #[error("the encoder's parameter sets are missing or change")]
    ParameterSets,
    /// No thread could be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] std::io::Error),
}

impl ClipError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        match self {
            Self::Encode(EncodeError::NoEncoder { codec, looked_for })
                if !looked_for.is_empty() =>
            {
                let codec = if *codec == Codec::H265 { "H.265" } else { "H.264" };
                tr!(text, "clips-no-encoder", codec = codec, names = looked_for.join(", "))
            }
            other => tr!(text, "clips-failed", reason = other.to_string()),
        }
        .into_owned()
    }
}

/// The clips of `specs`, each made if `cache` does not have it yet. Takes as many threads as the
/// machine has processors. `progress` is called on this thread with how many of them are there and
/// how many there will be, first before any is made; when it says `false` no more are made, and
/// the outcome is [`ClipError::Stopped`].
///
/// A cache that cannot be written is no error: the clips are then made anew the next time.
pub fn load(
    specs: &[ClipSpec],
    cache: &Path,
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<HashMap<ClipSpec, Arc<Clip>>, ClipError> {
    let wanted: HashSet<ClipSpec> = specs.iter().copied().collect();
    if let Some(bad) = wanted.iter().find(|s| s.scene >= SCENES || !s.format.is_possible()) {
        return Err(ClipError::Impossible(*bad));
    }
    crate::media::init()?;
    let total = wanted.len();
    let mut clips = HashMap::with_capacity(total);
    let mut missing = Vec::new();
    for spec in wanted {
        match store::read(&spec, cache) {
            Some(clip) => drop(clips.insert(spec, Arc::new(clip))),
            None => missing.push(spec),
        }
    }
    missing.sort_unstable();
    if !progress(clips.len(), total) {
        return Err(ClipError::Stopped);
    }
    make_all(&missing, cache, &mut |clip| {
        clips.insert(clip.spec, Arc::new(clip));
        progress(clips.len(), total)
    })?;
    Ok(clips)
}

/// Makes the clips of `missing` side by side; stops at the first that fails, or when `on_clip` says
/// `false`.
fn make_all(
    missing: &[ClipSpec],
    cache: &Path,
    on_clip: &mut dyn FnMut(Clip) -> bool,
) -> Result<(), ClipError> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(missing.len());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (made, clips) = bounded(workers.max(1));
        for number in 0..workers {
            let (made, next) = (made.clone(), &next);
            thread::Builder::new()
                .name(format!("clip-maker-{number}"))
                .spawn_scoped(scope, move || {
                    while let Some(spec) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let clip = make::make(spec).inspect(|clip| store::write(clip, cache));
                        let failed = clip.is_err();
                        // Nobody waits for it any more: another one failed.
                        if made.send(clip).is_err() || failed {
                            return;
                        }
                    }
                })
                .map_err(ClipError::Thread)?;
        }
        drop(made);
        for clip in clips {
            if !on_clip(clip?) {
                return Err(ClipError::Stopped);
            }
        }
        Ok(())
    })
}
