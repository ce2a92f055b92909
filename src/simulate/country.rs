//! A made-up country for rehearsals and the demo: districts and stations as plausible as on a real
//! list, with names of places and of things in Azerbaijan and of no person. The same every time.
//!
//! It is not the official list: nothing in it may be taken for a statement about a real station.
//! Knows no network and no file. Called by the simulator and by `app`.

mod districts;

use crate::model::{DistrictNo, StationId, StationNo};
use districts::DISTRICTS;

/// How many stations the whole country has.
pub const STATIONS: usize = 1000;

/// A polling station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// District and number.
    pub id: StationId,
    /// The district's name.
    pub district_name: String,
    /// The building it is in.
    pub name: String,
    /// Where that is.
    pub address: String,
}

/// What a district is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A part of a city.
    City,
    /// A town and the villages around it.
    Town,
    /// Villages.
    Country,
}

/// The first `stations` stations of the country in order of district and number. With fewer than
/// [`STATIONS`] the first districts are as in the whole country and the last may be cut; with more,
/// every district grows alike.
pub fn places(stations: usize) -> Vec<Place> {
    let more = stations.saturating_sub(STATIONS);
    let each = |index: usize| more / DISTRICTS.len() + usize::from(index < more % DISTRICTS.len());
    let all = DISTRICTS.iter().enumerate().flat_map(|(index, (name, kind, count))| {
        let count = *count as usize + each(index);
        district(index, name, *kind, count)
    });
    all.take(stations).collect()
}

fn district(index: usize, district_name: &str, kind: Kind, count: usize) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::with_capacity(count);
    for place in 1..=count {
        let id = StationId::new(
            DistrictNo::try_from(index + 1).unwrap_or(DistrictNo::MAX),
            StationNo::try_from(place).unwrap_or(StationNo::MAX),
        );
        // Drawn again until neither house nor address was there before.
        let fresh = (0..).map(|again| drawn(id, kind, again)).find(|(name, address)| {
            !found.iter().any(|other| other.name == *name || other.address == *address)
        });
        if let Some((name, address)) = fresh {
            found.push(Place { id, district_name: district_name.to_owned(), name, address });
        }
    }
    found
}

/// The name and the address of a station; another one for each `again`.
fn drawn(id: StationId, kind: Kind, again: u64) -> (String, String) {
    let seed = u64::from(id.district) << 32 | u64::from(id.station);
    let mut random = fastrand::Rng::with_seed(seed ^ again.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let in_village = match kind {
        Kind::City => false,
        Kind::Town => random.u8(..5) < 2,
        Kind::Country => random.u8(..5) < 4,
    };
    let street = street(&mut random, in_village);
    if in_village {
        let village = pick(&mut random, VILLAGES);
        let house = pick(&mut random, VILLAGE_HOUSES);
        return (format!("{village} kənd {house}"), format!("{village} kəndi, {street}"));
    }
    let name = match random.u8(..10) {
        0..=5 => format!("{} nömrəli tam orta məktəb", school_number(&mut random, kind)),
        6 => format!("{} nömrəli uşaq bağçası", random.u8(1..60)),
        _ => pick(&mut random, TOWN_HOUSES).to_owned(),
    };
    (name, street)
}

fn school_number(random: &mut fastrand::Rng, kind: Kind) -> u16 {
    if kind == Kind::City { random.u16(1..=290) } else { random.u16(1..=12) }
}

fn street(random: &mut fastrand::Rng, in_village: bool) -> String {
    let (name, number) = (pick(random, STREETS), random.u8(1..=120));
    if in_village {
        return format!("{name} küçəsi {}", number % 40 + 1);
    }
    match random.u8(..8) {
        0 => format!("{} prospekti {number}", pick(random, AVENUES)),
        1 => format!("{name} küçəsi {number}A"),
        _ => format!("{name} küçəsi {number}"),
    }
}

fn pick<'a>(random: &mut fastrand::Rng, from: &[&'a str]) -> &'a str {
    from[random.usize(..from.len())]
}

const TOWN_HOUSES: &[&str] = &[
    "Mədəniyyət evi",
    "Mədəniyyət mərkəzi",
    "Gənclər evi",
    "Mərkəzi kitabxana",
    "Peşə liseyi",
    "Texniki lisey",
    "Tibb kolleci",
    "Musiqi məktəbi",
    "Rəssamlıq məktəbi",
    "Uşaq-gənclər idman məktəbi",
    "Olimpiya idman kompleksi",
    "Şahmat məktəbi",
    "Tarix-diyarşünaslıq muzeyi",
    "Dövlət rəsm qalereyası",
    "Uşaq yaradıcılıq mərkəzi",
    "Bələdiyyə binası",
    "Dəmiryol vağzalı",
    "Dövlət Dram Teatrı",
    "Humanitar kollec",
    "Poçt binası",
];

const VILLAGE_HOUSES: &[&str] = &[
    "tam orta məktəbi",
    "tam orta məktəbi",
    "tam orta məktəbi",
    "ümumi orta məktəbi",
    "mədəniyyət evi",
    "klubu",
    "kitabxanası",
    "həkim məntəqəsi",
    "bələdiyyə binası",
];

const VILLAGES: &[&str] = &[
    "Ağbulaq",
    "Almalı",
    "Arxlı",
    "Aşağı Bağ",
    "Bulaqlı",
    "Çaykənd",
    "Çaylı",
    "Çəmənli",
    "Çinarlı",
    "Dağkənd",
    "Daşbulaq",
    "Dəyirmanlı",
    "Gilaslı",
    "Göllü",
    "Göytəpə",
    "Güllücə",
    "İncirli",
    "Qaraağac",
    "Qaratorpaq",
    "Qızılqaya",
    "Qovaqlı",
    "Qozlu",
    "Meşəli",
    "Narlı",
    "Ortakənd",
    "Palıdlı",
    "Sarıtorpaq",
    "Söyüdlü",
    "Şəftəli",
    "Şirinsu",
    "Tutlu",
    "Üçtəpə",
    "Üzümlü",
    "Yastıtəpə",
    "Yenikənd",
    "Yuxarı Bağ",
];

const STREETS: &[&str] = &[
    "Alma",
    "Araz",
    "Atlaz",
    "Bağ",
    "Bahar",
    "Bənövşə",
    "Bulaq",
    "Çay",
    "Çinar",
    "Çörəkçi",
    "Dağ",
    "Dəmirçi",
    "Dəniz",
    "Dəyirman",
    "Fıstıq",
    "Göl",
    "Günəş",
    "İpək",
    "Karvan",
    "Körpü",
    "Kür",
    "Qala",
    "Qaranquş",
    "Qızılgül",
    "Lalə",
    "Liman",
    "Məktəb",
    "Meydan",
    "Nar",
    "Nərgiz",
    "Palıd",
    "Park",
    "Sahil",
    "Sərv",
    "Şəlalə",
    "Şimşad",
    "Təbriz",
    "Ulduz",
    "Vağzal",
    "Xəzri",
    "Yasəmən",
    "Yovşan",
    "Zanbaq",
    "Zəfər",
    "Zeytun",
];

const AVENUES: &[&str] = &[
    "Azadlıq",
    "Dostluq",
    "Gənclik",
    "İnşaatçılar",
    "İstiqlal",
    "Mədəniyyət",
    "Neftçilər",
    "Sülh",
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_country_has_1000_stations_in_119_districts() {
        let all = places(STATIONS);
        assert_eq!(all.len(), 1000);
        let mut counts = BTreeMap::new();
        for place in &all {
            *counts.entry(place.id.district).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 119);
        assert_eq!(counts.keys().copied().collect::<Vec<_>>(), (1..=119).collect::<Vec<_>>());
        let usual = counts.values().filter(|n| (6..=12).contains(*n)).count();
        assert!(usual > 90, "{counts:?}");
        let different: BTreeSet<_> = counts.values().collect();
        assert!(different.len() >= 7, "{different:?}");
        let names: BTreeSet<_> = all.iter().map(|p| &p.district_name).collect();
        assert_eq!(names.len(), 119, "a district's name is there twice");
        assert_eq!(all, places(STATIONS), "the same every time");
    }

    #[test]
    fn stations_are_numbered_from_1_in_order_and_differ() {
        let all = places(STATIONS);
        for pair in all.windows(2) {
            let (a, b) = (pair[0].id, pair[1].id);
            let next = StationId::new(a.district, a.station + 1);
            assert!(b == next || b == StationId::new(a.district + 1, 1), "{a} {b}");
        }
        let houses: BTreeSet<_> = all.iter().map(|p| (p.id.district, &p.name)).collect();
        let addresses: BTreeSet<_> = all.iter().map(|p| (p.id.district, &p.address)).collect();
        assert_eq!((houses.len(), addresses.len()), (1000, 1000));
    }

    #[test]
    fn a_smaller_country_begins_as_the_whole_one() {
        let all = places(STATIONS);
        for stations in [0, 1, 16, 999] {
            assert_eq!(places(stations), all[..stations]);
        }
        let districts: BTreeSet<_> = places(16).iter().map(|p| p.id.district).collect();
        assert!((2..=4).contains(&districts.len()), "{districts:?}");
        let more = places(1500);
        assert_eq!(more.len(), 1500);
        let houses: BTreeSet<_> = more.iter().map(|p| (p.id.district, &p.name)).collect();
        assert_eq!(houses.len(), 1500);
    }

    #[test]
    fn the_wall_s_fonts_have_every_letter() {
        // The letters of assets/fonts/make.py.
        let there = |c: char| matches!(c, ' '..='~' | '\u{a0}'..='\u{17f}' | 'Ə' | 'ə' | '\u{2010}'..='\u{2027}' | '№');
        for place in places(STATIONS) {
            let all = [&place.district_name, &place.name, &place.address];
            let missing: String =
                all.into_iter().flat_map(|s| s.chars()).filter(|c| !there(*c)).collect();
            assert!(missing.is_empty(), "{}: {missing}", place.id);
        }
    }
}
