//! How long there is still room to record, and when to warn.
//!
//! [`Space`] is fed with what [`Recorder::status`](super::Recorder::status) says, every few seconds,
//! and holds the bytes of the last minutes and the warning. Everything else in here is arithmetic on
//! numbers. Feeds move to the next volume when one is full, so the room of all volumes counts.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use super::cause::Cause;
use super::shared::VolumeStatus;
use crate::clock::Mono;
use crate::journal::Event;
use crate::text::Text;
use crate::tr;

/// The rate is that of so long: shorter, and a few noisy cameras make hours come and go; longer, and
/// it says late that the second half of a country has begun to send.
const WINDOW: Duration = Duration::from_secs(600);

/// Between two looks that are kept.
const STEP: Duration = Duration::from_secs(10);

/// With less than this left somebody has to do something at once.
const ALARM_BELOW_HOURS: f32 = 1.0;

/// A warning ends when there is so much more room than where it began.
const HYSTERESIS: f32 = 1.25;

/// How it stands with the room, from the best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nobody has to do anything.
    #[default]
    Enough,
    /// There is room for fewer hours than are configured.
    Low,
    /// There is room for less than an hour: an alarm.
    Short,
    /// No volume takes anything for want of room: an alarm.
    Full,
}

impl Level {
    /// All of them, from the best.
    pub const ALL: [Self; 4] = [Self::Enough, Self::Low, Self::Short, Self::Full];

    /// Its name in the journal and in exports; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enough => "enough",
            Self::Low => "low",
            Self::Short => "short",
            Self::Full => "full",
        }
    }

    /// The level of this name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Whether it is more than a warning.
    pub const fn is_alarm(self) -> bool {
        matches!(self, Self::Short | Self::Full)
    }

    /// Told to a person, with the hours that are left where they are known.
    pub fn explain(self, hours_left: Option<f32>, text: &Text) -> String {
        let hours = hours_left.map_or_else(|| "?".to_owned(), |hours| format!("{hours:.1}"));
        match self {
            Self::Enough => tr!(text, "space-enough"),
            Self::Low => tr!(text, "space-low", hours = hours),
            Self::Short => tr!(text, "space-short", hours = hours),
            Self::Full => tr!(text, "space-full"),
        }
        .into_owned()
    }
}

/// The room of one volume.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeSpace {
    /// Which.
    pub folder: PathBuf,
    /// Bytes that may still be written, within its limits; `None` where the system does not say.
    pub room_bytes: Option<u64>,
    /// Bytes written in a second, lately.
    pub bytes_per_second: u64,
    /// How long that goes on; `None` while nothing is written or the room is not known.
    pub hours_left: Option<f32>,
    /// It takes nothing for want of room.
    pub is_full: bool,
}

/// The room of the whole recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpaceStatus {
    /// How long all volumes together last at the present rate; `None` while it is not known: nothing
    /// is written, or not for long enough.
    pub hours_left: Option<f32>,
    /// Bytes that may still be written; `None` where the system does not say.
    pub room_bytes: Option<u64>,
    /// Bytes written in a second, lately.
    pub bytes_per_second: u64,
    /// What to make of it.
    pub level: Level,
    /// It was another one at the last look: the journal wants to know.
    pub changed: bool,
    /// Each volume.
    pub per_volume: Vec<VolumeSpace>,
}

impl SpaceStatus {
    /// As the journal keeps it.
    pub fn event(&self) -> Event {
        Event::Space {
            level: self.level.code().to_owned(),
            hours_left: self.hours_left.map(f64::from),
            room_bytes: self.room_bytes,
            bytes_per_second: self.bytes_per_second,
        }
    }
}

/// What has been written up to a moment, by volume.
type Sample = (Mono, Vec<u64>);

/// Watches the room of a recording.
#[derive(Clone, Debug)]
pub struct Space {
    warn_below_hours: f32,
    level: Level,
    samples: VecDeque<Sample>,
}

impl Space {
    /// Warns below `hours_left`, as [`RecordConfig::warn_hours_left`] says.
    ///
    /// [`RecordConfig::warn_hours_left`]: crate::config::record::RecordConfig::warn_hours_left
    pub fn new(hours_left: u32) -> Self {
        // A thousand hours are a small number.
        let warn_below_hours = hours_left as f32;
        Self { warn_below_hours, level: Level::Enough, samples: VecDeque::new() }
    }

    /// How it stands.
    pub fn look(&mut self, volumes: &[VolumeStatus], now: Mono) -> SpaceStatus {
        let rates = self.rates(volumes, now);
        let places: Vec<Place> = volumes.iter().map(Place::of).collect();
        let per_volume = volumes.iter().zip(&places).zip(&rates).map(|((volume, place), rate)| {
            let room_bytes = place.alone();
            VolumeSpace {
                folder: volume.folder.clone(),
                room_bytes,
                bytes_per_second: *rate,
                hours_left: hours(room_bytes, *rate),
                is_full: place.is_full,
            }
        });
        let per_volume = per_volume.collect();
        let (room_bytes, bytes_per_second) = (of_all(&places), rates.iter().sum());
        let hours_left = hours(room_bytes, bytes_per_second);
        let full = places.iter().all(|place| !place.is_usable) && places.iter().any(|p| p.is_full);
        let level = next(self.level, hours_left, full, self.warn_below_hours);
        let changed = std::mem::replace(&mut self.level, level) != level;
        SpaceStatus { hours_left, room_bytes, bytes_per_second, level, changed, per_volume }
    }

    /// Bytes a second of each volume since the oldest look that is kept.
    fn rates(&mut self, volumes: &[VolumeStatus], now: Mono) -> Vec<u64> {
        let written: Vec<u64> = volumes.iter().map(|volume| volume.written_bytes).collect();
        let goes_on = |(_, before): &Sample| {
            before.len() == written.len() && before.iter().zip(&written).all(|(a, b)| a <= b)
        };
        // Another recorder, which counts anew.
        if !self.samples.back().is_none_or(goes_on) {
            self.samples.clear();
        }
        if self.samples.back().is_none_or(|(at, _)| now.since(*at) >= STEP) {
            self.samples.push_back((now, written.clone()));
        }
        while self.samples.get(1).is_some_and(|(at, _)| now.since(*at) >= WINDOW) {
            self.samples.pop_front();
        }
        let Some((since, before)) = self.samples.front() else { return Vec::new() };
        let passed = u64::try_from(now.since(*since).as_millis()).unwrap_or(u64::MAX);
        if passed < STEP.as_millis() as u64 {
            // What the start brings says nothing of the hours to come.
            return vec![0; written.len()];
        }
        let rate = |(now, before): (&u64, &u64)| (now - before).saturating_mul(1000) / passed;
        written.iter().zip(before).map(rate).collect()
    }
}

/// What counts of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    device: Option<u64>,
    free: Option<u64>,
    keep_free: u64,
    /// What its own `most` leaves.
    most_leaves: Option<u64>,
    is_full: bool,
    /// Something can be written there.
    is_usable: bool,
}

impl Place {
    fn of(volume: &VolumeStatus) -> Self {
        let cause = volume.failing.as_ref().map(|failing| failing.cause);
        let used = volume.used_bytes.unwrap_or(volume.written_bytes);
        Self {
            device: volume.device,
            free: volume.free_bytes,
            keep_free: volume.limits.keep_free.unwrap_or(0),
            most_leaves: volume.limits.most.map(|most| most.saturating_sub(used)),
            is_full: cause == Some(Cause::DiskFull),
            is_usable: cause.is_none(),
        }
    }

    /// Its room while nobody else writes to its disk.
    fn alone(&self) -> Option<u64> {
        if self.is_full {
            return Some(0);
        }
        let free = self.free.map(|free| free.saturating_sub(self.keep_free));
        match (free, self.most_leaves) {
            (Some(free), Some(most)) => Some(free.min(most)),
            (free, most) => free.or(most),
        }
    }
}

/// The room of all volumes together; `None` where that of one is not known. Those of one disk share
/// what is free on it.
fn of_all(places: &[Place]) -> Option<u64> {
    let mut sum = 0_u64;
    let mut disks: BTreeMap<u64, Vec<&Place>> = BTreeMap::new();
    for place in places.iter().filter(|place| place.is_usable) {
        match (place.device, place.free) {
            (Some(device), Some(_)) => disks.entry(device).or_default().push(place),
            _ => sum = sum.saturating_add(place.alone()?),
        }
    }
    for (_, mut on_disk) in disks {
        // Who leaves the least free goes last in truth; taken first here, the sum is never too high.
        on_disk.sort_by_key(|place| place.keep_free);
        let mut free = on_disk.iter().filter_map(|place| place.free).min().unwrap_or(0);
        for place in on_disk {
            let takes = free.saturating_sub(place.keep_free);
            let takes = place.most_leaves.map_or(takes, |most| takes.min(most));
            free -= takes;
            sum = sum.saturating_add(takes);
        }
    }
    Some(sum)
}

/// `None` while nothing is written or the room is not known.
fn hours(room: Option<u64>, bytes_per_second: u64) -> Option<f32> {
    let room = room.filter(|_| bytes_per_second > 0)?;
    // A figure to be read, to a few digits.
    Some((room as f64 / bytes_per_second as f64 / 3600.0) as f32)
}

/// The level that follows on `before`. What is not known changes nothing, but that nothing is taken
/// for want of room is known.
fn next(before: Level, hours_left: Option<f32>, is_full: bool, warn_below: f32) -> Level {
    if is_full {
        return Level::Full;
    }
    let Some(hours) = hours_left else {
        // Something is taken again, and how long that will last is to be seen.
        return before.min(Level::Short);
    };
    let is =
        |level: Level, below: f32| hours < below || before >= level && hours < below * HYSTERESIS;
    if is(Level::Short, ALARM_BELOW_HOURS) {
        Level::Short
    } else if is(Level::Low, warn_below) {
        Level::Low
    } else {
        Level::Enough
    }
}

#[cfg(test)]
mod tests;
