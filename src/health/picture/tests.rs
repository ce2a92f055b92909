use std::sync::Arc;

use proptest::prelude::*;

mod standing;

use super::*;
use crate::frame::{LUMA_HEIGHT, LUMA_WIDTH};

const WIDTH: usize = LUMA_WIDTH as usize;
const HEIGHT: usize = LUMA_HEIGHT as usize;

/// A room: edges everywhere, brightness `gain` times as usual, and noise of one step in a third of
/// the boxes while `noise` counts up.
fn room(gain: f32, noise: Option<u64>) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(noise.unwrap_or(0));
    (0..WIDTH * HEIGHT)
        .map(|at| {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let value = 60 + (x / 3 * 37 + y / 4 * 53) % 110;
            let noisy = noise.is_some() && random.u8(..3) == 0;
            (value as f32 * gain) as u8 + u8::from(noisy)
        })
        .collect()
}

/// Writes a clock's last two digits.
fn tick(data: &mut [u8], second: u64) {
    for at in [WIDTH + 26, 2 * WIDTH + 26] {
        data[at] = 90 + (second / 10 % 6 * 17) as u8;
    }
    for (at, shift) in [(WIDTH + 30, 0), (WIDTH + 31, 2), (2 * WIDTH + 30, 4)] {
        data[at] = 90 + (second * 7 % 10 * 13 + shift) as u8;
    }
}

/// A feed of 10 units a second and a keyframe each 2 s, looked at when it is due.
struct Feed {
    health: PictureHealth,
    at_us: i64,
    looked_us: i64,
}

impl Feed {
    fn new() -> Self {
        Self { health: PictureHealth::new(), at_us: 0, looked_us: i64::MIN }
    }

    fn now(&self) -> Mono {
        Mono::from_micros(self.at_us)
    }

    /// Lets `seconds` pass; `unit` gives the sizes between keyframes and `picture` what is seen, each
    /// of the second since the feed began.
    fn run(
        &mut self,
        seconds: u32,
        mut unit: impl FnMut(i64) -> usize,
        picture: impl Fn(u64) -> Vec<u8>,
    ) -> PictureVerdict {
        for _ in 0..seconds * 10 {
            self.at_us += 100_000;
            let is_key = self.at_us % 2_000_000 == 0;
            let at = self.now();
            let bytes = if is_key { 9000 } else { unit(self.at_us / 100_000) };
            self.health.unit(bytes, is_key, at);
            let is_due = self.at_us.saturating_sub(self.looked_us) >= 5_000_000;
            if is_key && (is_due || self.health.is_suspect()) {
                self.looked_us = self.at_us;
                let data = picture((self.at_us / 1_000_000) as u64);
                let luma = Arc::new(Luma { width: LUMA_WIDTH, height: LUMA_HEIGHT, data });
                self.health.sample(Sample { at, arrived_at: at, is_key: true, luma });
            }
        }
        self.health.verdict(self.now())
    }

    fn live(&mut self, seconds: u32) -> PictureVerdict {
        self.run(seconds, |n| 300 + (n * 37 % 90) as usize, |second| room(1.0, Some(second + 1)))
    }
}

fn name(verdict: PictureVerdict) -> &'static str {
    match verdict {
        PictureVerdict::NotChecked => "not checked",
        PictureVerdict::Fine => "fine",
        PictureVerdict::Black { .. } => "black",
        PictureVerdict::Covered { .. } => "covered",
        PictureVerdict::Frozen { .. } => "frozen",
    }
}

#[test]
fn what_nobody_looked_at_is_not_called_fine() {
    let mut feed = Feed::new();
    assert_eq!(feed.health.verdict(feed.now()), PictureVerdict::NotChecked);
    assert_eq!(name(feed.live(20)), "fine");
    let later = feed.now() + limits::CHECKED_FOR + limits::LEAST_APART * 8;
    assert_eq!(feed.health.verdict(later), PictureVerdict::NotChecked);
}

#[test]
fn black_is_found_in_time_and_ends_with_the_first_light() {
    let mut feed = Feed::new();
    feed.live(60);
    let began = feed.now();
    let held = feed.run(10, |_| 40, |_| vec![1; WIDTH * HEIGHT]);
    let PictureVerdict::Black { since } = held else { panic!("{held:?}") };
    assert!(since.since(began) <= std::time::Duration::from_secs(6), "{since:?} {began:?}");
    assert_eq!(name(feed.live(8)), "fine");
}

#[test]
fn a_dark_room_with_a_sign_in_it_is_not_black() {
    let mut feed = Feed::new();
    feed.live(60);
    let dark = |second: u64| {
        let mut data = room(0.05, Some(second));
        for row in 15..17 {
            data[row * WIDTH + 40..row * WIDTH + 60].fill(180);
        }
        data
    };
    assert_eq!(name(feed.run(120, |n| 200 + (n * 31 % 60) as usize, dark)), "fine");
}

#[test]
fn a_clock_over_a_black_picture_does_not_make_it_bright() {
    let mut feed = Feed::new();
    feed.live(60);
    let black = |second: u64| {
        let mut data = vec![2; WIDTH * HEIGHT];
        tick(&mut data, second);
        data
    };
    assert_eq!(name(feed.run(12, |_| 40, black)), "black");
}

#[test]
fn covered_is_told_from_dusk_and_from_a_dip_of_the_exposure() {
    let sizes = |n: i64| 300 + (n * 37 % 90) as usize;
    let mut feed = Feed::new();
    feed.live(60);
    // A tenth of the light within ten minutes.
    let dusk = |second: u64| room(1.0 - 0.9 * (second - 60) as f32 / 600.0, Some(second));
    assert_eq!(name(feed.run(590, sizes, dusk)), "fine");
    assert_eq!(name(feed.live(60)), "fine");
    let hand = |second: u64| {
        let tone = |at: usize| 90 + (at % WIDTH) as u8 / 4 + (second % 2) as u8;
        (0..WIDTH * HEIGHT).map(tone).collect()
    };
    assert_eq!(name(feed.run(6, sizes, hand)), "fine", "somebody walks by");
    assert_eq!(name(feed.run(24, sizes, hand)), "covered");
    assert_eq!(name(feed.live(14)), "fine");
}

#[test]
fn a_plain_picture_is_covered_only_if_there_were_edges_before() {
    let plate = |second: u64| vec![120 + (second % 2) as u8; WIDTH * HEIGHT];
    let sizes = |n: i64| 60 + (n % 9) as usize;
    let mut feed = Feed::new();
    // A wall, or a test picture of one colour, from the first moment on.
    assert_eq!(name(feed.run(300, sizes, plate)), "fine");
    assert_eq!(name(feed.live(60)), "fine");
    assert_eq!(name(feed.run(30, sizes, plate)), "covered");
    assert_eq!(name(feed.run(3600, sizes, plate)), "covered", "for as long as it is");
    assert_eq!(name(feed.live(14)), "fine");
}

#[test]
fn noise_that_is_gone_is_a_frozen_picture() {
    let mut feed = Feed::new();
    feed.live(120);
    let stopped = feed.now();
    let held = feed.run(58, |_| 14, |_| room(1.0, Some(7)));
    let PictureVerdict::Frozen { since } = held else { panic!("{held:?}") };
    let early = stopped.since(since).max(since.since(stopped));
    assert!(early <= std::time::Duration::from_secs(6), "{since:?} {stopped:?}");
    assert_eq!(name(feed.live(30)), "fine");
}

#[test]
fn a_quiet_room_whose_noise_stays_is_alive_however_little_is_coded_of_it() {
    let mut feed = Feed::new();
    feed.live(120);
    let quiet = |n: i64| 13 + (n * 7 % 5) as usize;
    assert_eq!(name(feed.run(600, quiet, |s| room(1.0, Some(s)))), "fine");
}

#[test]
fn a_clock_that_stops_tells_what_a_picture_without_noise_does_not() {
    let clock = |second: u64| {
        let mut data = room(1.0, None);
        tick(&mut data, second);
        data
    };
    let mut feed = Feed::new();
    // A second changes a little of the picture, and so the size of some unit.
    let sizes = |n: i64| if n % 10 == 5 { 60 } else { 14 };
    assert_eq!(name(feed.run(200, sizes, clock)), "fine");
    assert!(feed.health.evidence().clock_found);
    assert_eq!(name(feed.run(300, sizes, clock)), "fine", "it ticks, so it lives");
    assert_eq!(name(feed.run(58, |_| 14, |_| clock(400))), "frozen");
    assert_eq!(name(feed.run(14, sizes, clock)), "fine");
}

#[test]
fn a_group_that_is_sent_again_and_again_needs_no_history() {
    let mut feed = Feed::new();
    let group = |n: i64| 200 + (n % 20 * 17) as usize;
    let held = feed.run(60, group, |_| room(1.0, Some(5)));
    assert_eq!(name(held), "frozen");
}

#[test]
fn somebody_who_fidgets_at_the_edge_is_no_clock() {
    let fidget = |second: u64| {
        let mut data = room(1.0, Some(second));
        for y in 36..44 {
            for x in 20..28 {
                data[y * WIDTH + x] = (40 + (second * 31 + (x * y) as u64 * 17) % 160) as u8;
            }
        }
        data
    };
    let mut feed = Feed::new();
    feed.run(300, |n| 300 + (n * 37 % 90) as usize, fidget);
    assert!(!feed.health.evidence().clock_found);
}

#[test]
fn a_feed_takes_little_memory() {
    let pairs = limits::PAIRS_KEPT * 64;
    let pictures = 2 * WIDTH * HEIGHT;
    let habits = 2 * WIDTH * HEIGHT * limits::CLOCK_MARGIN_PERCENT / 100;
    assert!(size_of::<PictureHealth>() + pairs + pictures + habits < 20_000);
}

proptest! {
    /// Whatever arrives in whatever order: no panic, and no verdict without a picture behind it.
    #[test]
    fn anything_may_arrive(
        steps in proptest::collection::vec((0_u8..4, 0_usize..70_000, 0_u16..90, any::<bool>(), 0_i64..9_000_000), 0..120)
    ) {
        let mut health = PictureHealth::new();
        let (mut at_us, mut looked) = (0, None);
        for (kind, bytes, size, flag, step) in steps {
            // Clocks of senders and samplers may even stand.
            at_us += step;
            let at = Mono::from_micros(at_us);
            match kind {
                0 | 1 => health.unit(bytes, flag, at),
                2 => {
                    let (width, height) = (size, size / 2);
                    let short = usize::from(flag && bytes % 5 == 0);
                    let len = (usize::from(width) * usize::from(height)).saturating_sub(short);
                    let data = (0..len).map(|n| (n * bytes % 256) as u8).collect();
                    let luma = Arc::new(Luma { width, height, data });
                    health.sample(Sample { at, arrived_at: at, is_key: flag, luma });
                    looked = looked.or(Some(at));
                }
                _ => health.session(),
            }
            let since = match health.verdict(at) {
                PictureVerdict::NotChecked | PictureVerdict::Fine => None,
                PictureVerdict::Black { since }
                | PictureVerdict::Covered { since }
                | PictureVerdict::Frozen { since } => Some(since),
            };
            prop_assert!(since.is_none_or(|since| looked.is_some_and(|l| l <= since) && since <= at));
        }
    }
}
