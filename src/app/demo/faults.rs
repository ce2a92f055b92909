//! What is wrong in the demo's country: a few feeds in each kind of trouble.

use std::fmt::Write as _;

use crate::model::{DistrictNo, StationId};
use crate::simulate::country::Place;

/// One fault as the script says it: its kind with parameters, and its times.
struct Trouble(&'static str, &'static str);

/// On the first page: a picture that stops now and then, and comes back.
const FIRST: Trouble = Trouble("\"mute\"", "from = \"25s\"\nfor = \"1m\"\nevery = \"150s\"");

/// Everywhere else, spread evenly over the country.
const SPREAD: [Trouble; 19] = [
    Trouble("\"refuse\"", ""),
    Trouble("\"mute\"", "from = \"30s\""),
    Trouble("\"unauthorized\"", ""),
    Trouble("\"black-hole\"", "from = \"40s\""),
    // Told from a quiet room only by what the feed was like before: that has to be seen first.
    Trouble("\"frozen\"", "from = \"110s\""),
    Trouble("\"half-open\"", "from = \"35s\""),
    Trouble("\"black\"", "from = \"20s\""),
    Trouble("\"rtcp-only\"", "from = \"45s\""),
    Trouble("\"covered\"", "from = \"20s\""),
    Trouble("\"drip\"\ngap = \"2s\"", "from = \"20s\""),
    Trouble("\"reset\"\nafter = \"8s\"", ""),
    Trouble("\"pause\"\nbacklog = \"skip\"", "from = \"20s\"\nfor = \"8s\"\nevery = \"40s\""),
    Trouble("\"low-rate\"\nframes_per_second = 3", "from = \"10s\""),
    Trouble("\"no-keyframe\"", "from = \"15s\""),
    Trouble("\"pts-jump\"\nby = \"1h\"", "from = \"30s\""),
    Trouble("\"clock-jump\"\nby = \"5m\"", "from = \"30s\""),
    Trouble("\"garbage\"\nat = \"stream\"\npart = 0.05", "from = \"25s\""),
    Trouble("\"loss\"\npart = 0.1", ""),
    Trouble("\"refuse\"", "from = \"30s\"\nfor = \"30s\"\nevery = \"90s\""),
];

/// A district that falls as one and comes back.
const TOGETHER: Trouble =
    Trouble("\"black-hole\"", "from = \"75s\"\nfor = \"45s\"\nevery = \"300s\"");

/// The script for these places, which are sorted. The first district has one trouble, so that the
/// first page looks as a day should.
pub(super) fn script(places: &[Place]) -> String {
    let mut script = String::new();
    if let Some(first) = places.get(2) {
        add(&mut script, &first.id.to_string(), &FIRST);
    }
    let home = places.first().map(|place| place.id.district);
    let away: Vec<StationId> =
        places.iter().map(|place| place.id).filter(|id| Some(id.district) != home).collect();
    let step = away.len() / SPREAD.len();
    // Fewer stations than troubles: a district or two, which are shown as they are.
    if step == 0 {
        return script;
    }
    for (number, trouble) in SPREAD.iter().enumerate() {
        // Not always the first of a district.
        let at = number * step + (number * 7) % step;
        if let Some(id) = away.get(at) {
            add(&mut script, &id.to_string(), trouble);
        }
    }
    if let Some(district) = far_district(&away) {
        add(&mut script, &format!("{district}/*"), &TOGETHER);
    }
    script
}

/// A district three quarters down the country.
fn far_district(away: &[StationId]) -> Option<DistrictNo> {
    away.get(away.len() * 3 / 4).map(|id| id.district)
}

fn add(script: &mut String, stations: &str, Trouble(kind, times): &Trouble) {
    // A String takes whatever is written into it.
    let _ = writeln!(script, "[[fault]]\nstations = [\"{stations}\"]\nkind = {kind}\n{times}\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::simulate::country::places;
    use crate::simulate::script::{Pattern, Script};

    #[test]
    fn the_script_is_valid_for_any_country() {
        for stations in [1, 3, 16, 40, 100, 1000] {
            let places = places(stations);
            let script = Script::parse(&script(&places)).unwrap();
            let known: BTreeSet<_> = places.iter().map(|place| place.id).collect();
            for fault in &script.faults {
                for pattern in &fault.stations {
                    if let Pattern::One(id) = pattern {
                        assert!(known.contains(id), "{id}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_thousand_stations_have_some_of_each_trouble_and_a_first_page_with_one() {
        let script = Script::parse(&script(&places(1000))).unwrap();
        let mut stations = BTreeSet::new();
        for fault in &script.faults {
            assert_eq!(fault.stations.len(), 1);
            assert!(stations.insert(fault.stations[0].to_string()), "{:?}", fault.stations);
        }
        assert_eq!(stations.len(), SPREAD.len() + 2);
        assert_eq!(stations.iter().filter(|s| s.starts_with("1/")).count(), 1);
    }
}
