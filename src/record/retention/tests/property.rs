//! Whatever is recorded, configured and locked: nothing goes that has to stay.

use jiff::civil::Time;
use proptest::prelude::*;

use super::*;

/// What the property is held against, said another way: nothing of the date, nothing of the hours of
/// any station, nothing that is locked, nothing younger.
fn must_stay(kept: &Kept, day: &ElectionDay, locks: &[Lock], keep_days: u32, now_us: i64) -> bool {
    let Segment { feed, first, last, .. } = &kept.segment;
    let (mut moment, mut of_the_day) = (first.utc_us, false);
    while moment < last.utc_us + MINUTE_US {
        let at = WallTime::from_micros(moment.min(last.utc_us));
        of_the_day |= day.local(at).date() == day.date;
        let everybody = day.overrides.keys().map(|station| Some(*station)).chain([None]);
        of_the_day |= everybody.filter_map(|s| day.hours(s)).any(|(a, b)| a <= at && at <= b);
        moment += MINUTE_US;
    }
    let locked = locks.iter().any(|lock| {
        lock.station.is_none_or(|station| station == feed.station)
            && lock.from_utc_us <= last.utc_us
            && first.utc_us <= lock.to_utc_us
    });
    of_the_day || locked || last.utc_us + i64::from(keep_days) * 24 * HOUR_US > now_us
}

fn stages() -> impl Strategy<Value = StageTimes> {
    proptest::array::uniform5(0_i16..1440).prop_filter_map("no day", |mut minutes| {
        // In order, then turned past midnight by as much as the last two may be.
        minutes.sort_unstable();
        let turn = minutes[4] % 180;
        let time = |minute: i16| Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).unwrap();
        let mut times = minutes.map(time);
        if minutes[1] > turn {
            times[4] = time(turn);
        }
        StageTimes::new(times).ok()
    })
}

prop_compose! {
    fn days()(
        zone in prop_oneof![Just("Asia/Baku"), Just("Europe/Berlin"), Just("America/New_York"), Just("Pacific/Apia")],
        month in 1_i8..13, of_month in 1_i8..29, country in stages(),
        own in proptest::collection::btree_map((57_u16..59, 1_u32..4), stages(), 0..3),
    ) -> ElectionDay {
        let overrides = own.into_iter().map(|((d, s), times)| (StationId::new(d, s), times));
        ElectionDay {
            name: "day".into(),
            date: date(2024, month, of_month),
            zone: TimeZone::get(zone).unwrap(),
            stages: Some(country),
            overrides: overrides.collect(),
        }
    }
}

proptest! {
    #[test]
    fn nothing_of_an_election_day_and_nothing_locked_is_ever_chosen(
        day in days(),
        keep_days in proptest::option::weighted(0.9, 1_u32..40),
        configured in proptest::bool::weighted(0.9),
        segments in proptest::collection::vec((57_u16..59, 1_u32..4, -400_i64..400, 0_i64..3600, any::<[bool; 2]>()), 1..60),
        locked in proptest::collection::vec((proptest::option::of((57_u16..59, 1_u32..4)), -400_i64..400, 0_i64..50, any::<bool>()), 0..5),
        now_h in -200_i64..3000,
    ) {
        let mut day = day;
        let noon = WallTime::from(day.date.at(12, 0, 0, 0).to_zoned(day.zone.clone()).unwrap().timestamp());
        let hour = |h: i64| noon.as_micros() + h * HOUR_US;
        if !configured {
            day.stages = None;
            day.overrides.clear();
        }
        let mut locks = Locks::default();
        let mut holding = Vec::new();
        for (station, from_h, lasts_h, is_taken_away) in locked {
            let number = locks.acts.len() as u64 + 1;
            let lock = Lock {
                number,
                station: station.map(|(d, s)| StationId::new(d, s)),
                from_utc_us: hour(from_h),
                to_utc_us: hour(from_h + lasts_h),
                reason: String::new(),
                who: String::new(),
                at_utc_us: 0,
                is_election_day: false,
            };
            locks.acts.push(crate::record::locks::Act::Lock(lock.clone()));
            if is_taken_away {
                let unlock = crate::record::locks::Unlock { number: number + 1, lock: number, reason: String::new(), who: String::new(), at_utc_us: 0 };
                locks.acts.push(crate::record::locks::Act::Unlock(unlock));
            } else {
                holding.push(lock);
            }
        }
        let now_us = hour(now_h);
        let rules = rules(keep_days, &day, &locks, now_us);
        let rows: Vec<Kept> = segments
            .into_iter()
            .map(|(district, station, h, lasts_s, [is_hashed, minutes])| {
                let feed = FeedId { station: StationId::new(district, station), kind: FeedKind::Sub };
                let from = hour(h) + if minutes { 37 * MINUTE_US } else { 0 };
                Kept { is_hashed: is_hashed || h % 3 != 0, ..kept(feed, from, lasts_s * 1_000_000) }
            })
            .collect();
        let chosen = rules.chosen(&rows);
        for one in &rows {
            let is_chosen = chosen.iter().any(|kept| std::ptr::eq(*kept, one));
            let Some(keep_days) = keep_days.filter(|_| configured) else {
                prop_assert!(!is_chosen);
                continue;
            };
            let stays = must_stay(one, &day, &holding, keep_days, now_us);
            prop_assert!(!(is_chosen && (stays || !one.is_hashed)));
            // And what nothing speaks for does go: two days off the election, three more than asked.
            let far = (one.segment.first.utc_us - noon.as_micros()).abs() > 72 * HOUR_US;
            let old = one.segment.last.utc_us + (i64::from(keep_days) + 3) * 24 * HOUR_US < now_us;
            prop_assert!(stays || !far || !old || !one.is_hashed || is_chosen);
        }
    }
}
