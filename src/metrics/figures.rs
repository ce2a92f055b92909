//! What is counted, as plain data: no socket, no clock.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::{Mono, WallTime};
use crate::health::State;
use crate::model::DistrictNo;

/// How many of a district's stations are in each state, in the order of [`State::ALL`].
pub type DistrictStates = [usize; State::ALL.len()];

/// Everything that is told, as of one look at all feeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// When the program began.
    pub began: WallTime,
    /// When the look was taken. A loop that is stuck leaves this behind.
    pub looked_at: Mono,
    /// When the receiving side last proved that it gets to run.
    pub received_at: Mono,
    /// This machine is late as a whole.
    pub machine_behind: bool,
    /// Stations by district and state.
    pub districts: BTreeMap<DistrictNo, DistrictStates>,
    /// Sessions and their pictures.
    pub streams: Streams,
    /// The loop that looks.
    pub looks: Looks,
    /// From a picture's arrival until it was painted, in seconds, where something is painted.
    pub paint_lateness: Option<Histogram>,
    /// The sampler, where pictures are sampled.
    pub sampler: Option<Sampler>,
    /// The journal, where one is kept.
    pub journal: Option<Journal>,
    /// The alarms, where they are raised.
    pub alarms: Option<Alarms>,
    /// Recording, where something is recorded.
    pub recording: Option<Recording>,
}

/// Sessions, their units and pictures; everything but `playing` since the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Streams {
    /// Sessions that play now.
    pub playing: usize,
    /// Sessions that began to play.
    pub starts: u64,
    /// Sessions and attempts that ended.
    pub losses: u64,
    /// Access units that arrived.
    pub units: u64,
    /// Units that a decoder never saw: it was too far behind, or no keyframe had come yet.
    pub skipped: u64,
    /// Units that could not be decoded.
    pub damaged: u64,
    /// Pictures decoded for the screen.
    pub decoded: u64,
    /// Pictures that a newer one replaced before they were painted.
    pub replaced: u64,
    /// From a unit's arrival until its picture was there to be painted, in seconds.
    pub decode_lateness: Histogram,
}

/// The loop that looks at all feeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// How many looks were taken.
    pub taken: u64,
    /// How much later than due they came, in seconds.
    pub lateness: Histogram,
}

/// The sampler that decodes a keyframe of each feed now and then.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampler {
    /// Pictures that it decoded and judged.
    pub samples: u64,
    /// Of the feeds that play, how long the one has waited for which that is longest: since its
    /// picture was last looked at (here or for the screen, in vain or not), or since it plays.
    pub lag: Duration,
    /// Processor time that its looks took.
    pub busy: Duration,
}

/// The journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Events that wait to be written.
    pub waiting: u64,
    /// Events that were lost because too many waited.
    pub lost: u64,
    /// How long the oldest of those that wait has waited.
    pub lag: Duration,
    /// Writing fails at the moment.
    pub failing: bool,
}

/// Recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recording {
    /// Stations that are to be recorded.
    pub wanted: u64,
    /// Those whose pictures are on the disk up to a few seconds ago.
    pub safe: u64,
    /// This machine fails to write what it should.
    pub failing: bool,
    /// Bytes written since the start.
    pub written_bytes: u64,
    /// Coded pictures that came and are in no file.
    pub dropped_units: u64,
    /// Segments closed since the start.
    pub closed_segments: u64,
    /// How long ago what was written was last made durable; the worst of the volumes.
    pub unsynced: Option<Duration>,
    /// The longest that making durable has taken.
    pub worst_sync: Option<Duration>,
    /// Hours until there is no more room at the present rate.
    pub hours_left: Option<f64>,
}

/// The alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarms {
    /// Open ones: those that last, and those that are over and that nobody has acknowledged.
    pub open: u64,
    /// Of these, those that nobody has acknowledged.
    pub unacknowledged: u64,
    /// This machine is the one in trouble, and cameras' alarms are held back for it.
    pub guarded: bool,
}

/// How values were distributed, in Prometheus' manner: cumulative counts up to fixed ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Where each step ends (that value included), ascending.
    ends: Vec<f64>,
    /// How many fell in each step alone; one more than there are ends.
    counts: Vec<u64>,
    sum: f64,
}

impl Histogram {
    /// An empty one for seconds, from hundredths to ten.
    pub fn of_seconds() -> Self {
        let ends = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
        Self::counted(&ends, &[0; 10], 0.0)
    }

    /// One that was counted elsewhere: `counts` are those of each step alone, the last of them for
    /// what is beyond the last end.
    pub fn counted(ends: &[f64], counts: &[u64], sum: f64) -> Self {
        let mut counts = counts.to_vec();
        counts.resize(ends.len() + 1, 0);
        Self { ends: ends.to_vec(), counts, sum }
    }

    /// Counts one more.
    pub fn observe(&mut self, value: f64) {
        let step = self.ends.iter().position(|end| value <= *end);
        self.counts[step.unwrap_or(self.ends.len())] += 1;
        self.sum += value;
    }

    /// The end of each step and how many values it and all steps before it hold.
    pub(super) fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        self.ends.iter().zip(&self.counts).scan(0, |sum, (end, count)| {
            *sum += count;
            Some((*end, *sum))
        })
    }

    /// How many values there were.
    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// All values together.
    pub(super) const fn sum(&self) -> f64 {
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_what_its_steps_hold() {
        let mut histogram = Histogram::of_seconds();
        for value in [0.0, 0.01, 0.02, 1.0, 60.0] {
            histogram.observe(value);
        }
        let steps: Vec<(f64, u64)> = histogram.cumulative().collect();
        assert_eq!(&steps[..2], [(0.01, 2), (0.025, 3)]);
        assert_eq!(steps[6..], [(1.0, 4), (2.5, 4), (10.0, 4)]);
        assert_eq!((histogram.count(), histogram.sum()), (5, 61.03));
    }
}
