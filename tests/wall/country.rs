//! A made-up country of a thousand stations in 119 districts, on election day.

use std::sync::Arc;

use pollwall::health::{State, Trouble};
use pollwall::model::{District, Station, StationId, StationList};
use pollwall::ui::Scene;

use crate::rig::*;

const PLACES: [&str; 12] = [
    "Nəsimi ikinci",
    "Şəki şəhər",
    "Ağdaş",
    "Binəqədi birinci",
    "Gəncə ikinci",
    "Lənkəran şəhər",
    "Quba",
    "Şəmkir şəhər",
    "Zaqatala",
    "İmişli",
    "Çörəkçi",
    "Ucar",
];
const HOUSES: [&str; 4] = [
    "{n} nömrəli tam orta məktəb",
    "Mədəniyyət evi",
    "Ü. Hacıbəyli adına musiqi məktəbi",
    "{n} nömrəli uşaq bağçası",
];
const STREETS: [&str; 4] =
    ["Nizami küçəsi", "Əliağa Vahid küçəsi", "Üzeyir Hacıbəyli küçəsi", "İpək Yolu"];

/// 1000 stations in 119 districts of 4 to 12.
pub(crate) fn country() -> Arc<StationList> {
    let sizes = [9, 8, 7, 12, 4, 9, 10];
    let mut stations = Vec::new();
    let mut districts = Vec::new();
    for number in 1..=119_u16 {
        let at = usize::from(number);
        let name = format!("{} {}", PLACES[at % PLACES.len()], at / PLACES.len() + 1);
        districts.push(District { number, name });
        let left = 1000 - stations.len();
        let size = if number == 119 { left } else { sizes[at % sizes.len()].min(left) };
        for n in 1..=u32::try_from(size).unwrap() {
            let house = HOUSES[(at + n as usize) % HOUSES.len()]
                .replace("{n}", &(at * 3 % 200 + n as usize).to_string());
            let street = format!(
                "{}, {} {n}",
                PLACES[at % PLACES.len()],
                STREETS[(at * 7 + n as usize) % STREETS.len()]
            );
            stations.push(Station { name: house, address: street, ..station(number, n) });
        }
    }
    assert_eq!(stations.len(), 1000);
    Arc::new(StationList { districts, stations })
}

/// Election day: some feeds in trouble here and there, and all of district 42 after a power cut.
pub(crate) fn election_day(list: &Arc<StationList>, pictures: impl Fn(StationId) -> bool) -> Scene {
    let mut scene = scene(list, pictures);
    for (id, view) in &mut scene.stations {
        let n = u32::from(id.district) * 31 + id.station * 17;
        view.assessment = match n % 97 {
            _ if id.district == 42 => since(State::Offline, 200.0, Some(Trouble::Unreachable)),
            0 | 1 => since(State::Stalled, 30.0, None),
            2 => since(State::Offline, 300.0, Some(Trouble::ConnectTimedOut)),
            3 if n % 2 == 0 => since(State::AuthFailed, 700.0, Some(Trouble::AuthRejected)),
            4 if n % 3 == 0 => since(State::Connecting, 2.0, None),
            _ => continue,
        };
    }
    recount(&mut scene);
    scene
}
