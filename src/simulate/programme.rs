//! What is played: the faults of every station and the reels that they need.
//!
//! Made away from the serving thread: reading files and encoding clips takes time.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::camera::Reel;
use super::clips::{self, ClipSpec, Format, Look, SCENES};
use super::error::{ScriptError, SimulateError};
use super::fault::{Condition, Rate, View};
use super::host;
use super::script::{MAX_SCRIPT_BYTES, Schedule, Script};
use super::server::Config;
use crate::media::Codec;
use crate::model::StationId;

/// Changes of what a station shows that are looked ahead for clips. Every fault by itself has its
/// clip however late it comes; a meeting of two that comes later than this is shown as usual, and
/// told in the log.
const LOOK_AHEAD: usize = 64;

/// Reels by what they show.
pub(super) type Reels = HashMap<ClipSpec, Arc<Reel>>;

/// Faults and reels.
pub(super) struct Programme {
    pub(super) schedule: Schedule,
    pub(super) reels: Reels,
}

impl Programme {
    /// Reads the script, if there is one, and makes the reels that it needs and `known` lacks.
    pub(super) fn load(
        config: &Config,
        known: &Reels,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self, SimulateError> {
        let stations: Vec<StationId> = config.places.iter().map(|place| place.id).collect();
        let schedule = match &config.script {
            Some(path) => read(path, &stations)?,
            None => Schedule::healthy(stations.len()),
        };
        let needed = needed(config, &schedule);
        let mut reels = known.clone();
        reels.retain(|spec, _| needed.contains(spec));
        let missing: Vec<ClipSpec> =
            needed.into_iter().filter(|spec| !known.contains_key(spec)).collect();
        if !missing.is_empty() {
            let made = clips::load(&missing, &config.cache, progress)?;
            reels.extend(made.iter().map(|(spec, clip)| (*spec, Arc::new(Reel::of(clip)))));
        }
        Ok(Self { schedule, reels })
    }
}

fn read(path: &Path, stations: &[StationId]) -> Result<Schedule, ScriptError> {
    let io = |source| ScriptError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(MAX_SCRIPT_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_SCRIPT_BYTES {
        return Err(ScriptError::TooLarge { path: path.to_owned() });
    }
    Script::parse_bytes(&bytes)
        .and_then(|script| Schedule::new(&script, stations))
        .map_err(|problems| ScriptError::Wrong { path: path.to_owned(), problems })
}

/// Every clip that some station comes to show, each once.
fn needed(config: &Config, schedule: &Schedule) -> BTreeSet<ClipSpec> {
    let formats: Vec<Format> = [Some(config.main), config.sub].into_iter().flatten().collect();
    let mut specs = BTreeSet::new();
    for (station, place) in config.places.iter().enumerate() {
        for condition in schedule.shown(station, LOOK_AHEAD) {
            for format in &formats {
                specs.insert(spec(place.id, *format, &condition));
            }
        }
    }
    specs
}

/// What a station's stream of a usual `format` shows under a condition.
pub(super) fn spec(id: StationId, format: Format, condition: &Condition) -> ClipSpec {
    let look = match condition.view {
        View::Normal => Look::Normal,
        View::Frozen => Look::Frozen,
        View::Black => Look::Black,
        View::Covered => Look::Covered,
    };
    let mut format = format;
    if condition.has_other_codec {
        format.codec = if format.codec == Codec::H265 { Codec::H264 } else { Codec::H265 };
    }
    if let Some((width, height)) = condition.size {
        (format.width, format.height) = (width, height);
    }
    if let Some(Rate::PerSecond(rate)) = condition.rate {
        format.frames_per_second = rate.min(format.frames_per_second);
    }
    ClipSpec { scene: host::scene(id, SCENES), look, format }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_chooses_the_clip() {
        let id = StationId::new(1, 2);
        let spec = |condition| spec(id, Format::LIGHT, &condition);
        let healthy = Condition::default;
        assert_eq!(
            spec(healthy()),
            ClipSpec { scene: 7, look: Look::Normal, format: Format::LIGHT }
        );
        assert_eq!(spec(Condition { view: View::Black, ..healthy() }).look, Look::Black);
        let other = spec(Condition { has_other_codec: true, ..healthy() });
        assert_eq!(other.format.codec, Codec::H265);
        let small = spec(Condition { size: Some((320, 180)), ..healthy() });
        assert_eq!((small.format.width, small.format.height), (320, 180));
        let slow = spec(Condition { rate: Some(Rate::PerSecond(5)), ..healthy() });
        assert_eq!(slow.format.frames_per_second, 5);
        let slower = Rate::KeyframeEvery(std::time::Duration::from_secs(10));
        assert_eq!(spec(Condition { rate: Some(slower), ..healthy() }).format, Format::LIGHT);
    }
}
