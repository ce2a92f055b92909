//! How long the ledger of the country takes: 1000 stations, twelve hours, 720,000 segments of a minute,
//! against one pass over the same segments that only adds up their lengths.
//!
//! `cargo bench --bench ledger`

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not a part of the program"
)]

use std::hint::black_box;
use std::time::Duration;

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use pollwall::clock::{Clock, SystemClock};
use pollwall::model::day::{ElectionDay, StageTimes};
use pollwall::model::{FeedId, FeedKind, StationId};
use pollwall::record::ledger::{
    Alive, Ask, Hours, Journalled, ListFrom, Memory, Piece, Scope, SourceError, Span, country,
};

const STATIONS: u32 = 1000;
const MINUTES: i64 = 720;
const ROUNDS: usize = 15;
const MINUTE_US: i64 = 60_000_000;

fn main() {
    let stages = [8, 9, 18, 19, 20].map(|hour| time(hour, 0, 0, 0));
    let day = ElectionDay {
        name: String::new(),
        date: date(2024, 2, 7),
        zone: TimeZone::UTC,
        stages: Some(StageTimes::new(stages).unwrap()),
        overrides: std::collections::BTreeMap::new(),
    };
    let opening = day.hours(None).unwrap().0.as_micros();
    let mut memory = Memory::default();
    for n in 0..STATIONS {
        let station = StationId::new(1 + u16::try_from(n % 119).unwrap(), 1 + n);
        // One segment in a hundred is missing.
        let there = |minute: &i64| (i64::from(n) * 7 + minute) % 100 != 0;
        let piece = |minute: i64| Piece {
            from_us: opening + minute * MINUTE_US,
            to_us: opening + (minute + 1) * MINUTE_US - 66_000,
            ..Piece::default()
        };
        let pieces = (0..MINUTES).filter(there).map(piece).collect();
        memory.segments.insert(FeedId { station, kind: FeedKind::Main }, pieces);
    }
    memory.alive.push(Alive {
        run: "run".into(),
        span: Span::new(opening - MINUTE_US, opening + (MINUTES + 1) * MINUTE_US),
    });
    let lists = [ListFrom {
        version: 1,
        from_us: 0,
        stations: memory.segments.keys().map(|feed| feed.station).collect(),
    }];
    let ask = Ask {
        hours: Hours::new(&day, day.date),
        scope: Scope::Country,
        lists: &lists,
        now_us: opening + (MINUTES + 60) * MINUTE_US,
    };
    let median = |mut took: Vec<Duration>| {
        took.sort();
        took[took.len() / 2].as_secs_f64()
    };
    let timed = |what: &mut dyn FnMut()| {
        let began = SystemClock.mono();
        what();
        SystemClock.mono().since(began)
    };
    let floor = median(
        (0..ROUNDS)
            .map(|_| {
                timed(&mut || {
                    let all = memory.segments.values().flatten();
                    black_box(all.map(|piece| piece.to_us - piece.from_us).sum::<i64>());
                })
            })
            .collect(),
    );
    let mut gaps = 0;
    let ledger = median(
        (0..ROUNDS)
            .map(|_| {
                timed(&mut || {
                    let none = |_: &_| Ok::<_, SourceError>(Journalled::default());
                    gaps = country(&ask, &memory, none).unwrap().sums().gaps;
                })
            })
            .collect(),
    );
    let segments: usize = memory.segments.values().map(Vec::len).sum();
    println!("{segments} segments of {STATIONS} stations, {gaps} gaps, median of {ROUNDS} rounds");
    println!(
        "ledger {ledger:.4} s, one pass over the segments {floor:.4} s: {:.1} times",
        ledger / floor
    );
}
