//! The demo's election day: voting has been going on for some hours, whenever it is started.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Unit, Zoned};

use crate::clock::WallTime;
use crate::text::Text;
use crate::tr;

/// The zone of the places.
const ZONE: &str = "Asia/Baku";

/// How long voting has been going on, at least.
const SINCE: Duration = Duration::from_secs(3 * 3600);

/// A `day.toml` in which it is the middle of the voting at `now`.
pub(super) fn rehearsal(now: WallTime, text: &Text) -> String {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let now = now.timestamp().to_zoned(zone);
    // Whole hours; the hour before it must lie on the same date.
    let hour = (&now - SINCE).round(Unit::Hour).unwrap_or_else(|_| now.clone());
    let voting = if hour.hour() == 0 { &hour + 1.hour() } else { hour };
    let clock = |time: &Zoned| time.strftime("%H:%M").to_string();
    let at = |hours: i64| clock(&(&voting + hours.hours()));
    format!(
        "name = '{}'\ndate = {}\nzone = \"{ZONE}\"\n\n[stages]\nbefore_opening = \"{}\"\n\
         voting = \"{}\"\ncounting = \"{}\"\nprotocol = \"{}\"\nclosed = \"{}\"\n",
        tr!(text, "demo-day").replace('\'', "’"),
        voting.date(),
        at(-1),
        at(0),
        at(11),
        at(14),
        at(19),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;
    use crate::model::day::Stage;
    use crate::text::Lang;

    #[test]
    fn it_is_the_middle_of_the_voting_at_any_hour() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("day.toml");
        for lang in Lang::ALL {
            let text = Text::of(lang);
            for minutes in (0..24 * 60).step_by(17) {
                // 2026-02-07 00:00 in Baku, and a day of minutes from there.
                let now = WallTime::from_micros((1_770_408_000 + minutes * 60) * 1_000_000);
                std::fs::write(&file, rehearsal(now, &text)).unwrap();
                let day = crate::config::day::load(&file, &FakeClock::at(now)).unwrap();
                assert_eq!(day.stage_at(now, None).stage, Some(Stage::Voting), "{minutes}");
            }
        }
    }
}
