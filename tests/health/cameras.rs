//! Healthy cameras of several makes: how their units come.

use fastrand::Rng;

/// A make of camera, and the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Make {
    /// 25 pictures a second over a cable.
    Cable,
    /// 15 pictures a second over Wi-Fi: now and then nothing for up to 1.5 s, then all of it at once.
    Wifi,
    /// 15 pictures a second that a relay hands on once a second, all together.
    Bursts,
    /// One picture a second, up to 0.4 s early or late.
    Slow,
    /// One picture in four seconds.
    VerySlow,
    /// A rate that follows what happens before it: 8 to 12 pictures a second.
    Variable,
    /// 25 pictures a second by day, half of that by night; it changes at once.
    Night,
    /// 12 pictures a second, and every hour its line is lost for a moment: 1.4 s of pictures never
    /// come.
    Gaps,
}

impl Make {
    pub(crate) const ALL: [Self; 8] = [
        Self::Cable,
        Self::Wifi,
        Self::Bursts,
        Self::Slow,
        Self::VerySlow,
        Self::Variable,
        Self::Night,
        Self::Gaps,
    ];
}

/// One camera: an endless row of moments of arrival, in microseconds.
pub(crate) struct Camera {
    make: Make,
    chance: Rng,
    /// When the next picture is taken.
    taken_us: i64,
    /// Nothing gets through before this.
    held_us: i64,
    last_us: i64,
    number: u64,
}

impl Camera {
    pub(crate) fn new(make: Make, seed: u64) -> Self {
        let mut chance = Rng::with_seed(seed);
        let taken_us = chance.i64(0..1_000_000);
        Self { make, chance, taken_us, held_us: 0, last_us: 0, number: 0 }
    }

    /// The next unit: when it arrives, and whether decoding can begin there.
    pub(crate) fn next(&mut self) -> (i64, bool) {
        let hours = self.taken_us as f64 / 3.6e9;
        let (period_us, jitter_us, group) = match self.make {
            Make::Cable => (40_000, 6_000, 50),
            Make::Wifi | Make::Bursts => (66_667, 20_000, 30),
            Make::Slow => (1_000_000, 400_000, 5),
            Make::VerySlow => (4_000_000, 700_000, 1),
            Make::Variable => {
                let wave = (hours * 40.0).sin() * 0.2;
                ((100_000.0 * (1.0 + wave)) as i64, 10_000, 20)
            }
            // Half an hour of each.
            Make::Night => {
                let by_day = ((hours * 2.0) as u64).is_multiple_of(2);
                (if by_day { 40_000 } else { 80_000 }, 5_000, 50)
            }
            Make::Gaps => {
                if self.chance.u32(..) < u32::MAX / (12 * 3600) {
                    self.taken_us += 1_400_000;
                }
                (83_333, 10_000, 24)
            }
        };
        self.taken_us += period_us;
        let mut arrives = self.taken_us + self.chance.i64(0..=jitter_us);
        match self.make {
            // Some hundred times an hour.
            Make::Wifi => {
                if self.taken_us > self.held_us && self.chance.u32(..500) == 0 {
                    self.held_us = self.taken_us + self.chance.i64(100_000..1_400_000);
                }
                arrives = arrives.max(self.held_us);
            }
            Make::Bursts => arrives = (self.taken_us / 1_000_000 + 1) * 1_000_000,
            _ => {}
        }
        // TCP keeps the order.
        arrives = arrives.max(self.last_us);
        self.last_us = arrives;
        self.number += 1;
        (arrives, self.number % group == 1 || group == 1)
    }
}
