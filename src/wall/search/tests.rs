use std::sync::Arc;

use proptest::prelude::*;

use crate::model::{District, Station, StationId, StationList};
use crate::wall::{Command, Wall};

/// Three districts: number, name, and of each station number, name and address.
fn country() -> Arc<StationList> {
    let districts = [
        (
            8,
            "Şəki şəhər",
            vec![
                (1, "10 nömrəli məktəb", "M.F. Axundov küçəsi 5"),
                (2, "9 nömrəli məktəb", "İpək küçəsi 57"),
                (57, "Çörəkçi evi", "Göy məscid yanı"),
            ],
        ),
        (
            57,
            "Seki kəndi",
            vec![
                (1, "Mədəniyyət evi", "Şirvan küçəsi 12"),
                (2, "Elçibəy məktəbi", "Əliağa Vahid küçəsi 3"),
                (12, "157 nömrəli bağça", "Ülkər küçəsi 1"),
                (120, "Əlillər cəmiyyəti", "Iğdır küçəsi"),
            ],
        ),
        (119, "Ordubad", vec![(5, "İdman zalı", "Əliağa Vahid küçəsi 1")]),
    ];
    let station = |district, (number, name, address): (u32, &str, &str)| Station {
        id: StationId::new(district, number),
        name: name.to_owned(),
        address: address.to_owned(),
        main: format!("rtsp://h/{district}/{number}"),
        sub: None,
        latitude: None,
        longitude: None,
        network: String::new(),
    };
    let named =
        |(number, name, _): &(u16, &str, _)| District { number: *number, name: (*name).to_owned() };
    Arc::new(StationList {
        districts: districts.iter().map(named).collect(),
        stations: districts
            .into_iter()
            .flat_map(|(d, _, stations)| stations.into_iter().map(move |s| station(d, s)))
            .collect(),
    })
}

fn found(typed: &str) -> Vec<String> {
    let mut wall = Wall::new(country());
    wall.apply(Command::OpenSearch);
    wall.find(typed);
    (0..).map_while(|at| wall.hit(at)).map(|s| s.id.to_string()).collect()
}

#[test]
fn numbers() {
    assert_eq!(found("57/12"), ["57/12", "57/120"], "the station, then what only begins so");
    let of_district = ["57/1", "57/2", "57/12", "57/120"];
    // Station 8/57 has that number too; 8/2 has it in its address; 157 is another number.
    assert_eq!(found("57"), [&of_district[..], &["8/57", "8/2"]].concat());
    assert_eq!(found("57/"), of_district);
    assert_eq!(found("058"), [""; 0]);
    assert_eq!(found("8/9"), [""; 0]);
    assert_eq!(found("99999999999999/1"), [""; 0]);
}

#[test]
fn names_and_addresses_in_whatever_case() {
    assert_eq!(found("ŞƏKİ"), ["8/1", "8/2", "8/57", "57/1", "57/2", "57/12", "57/120"]);
    assert_eq!(found("ORDUBAD"), ["119/5"]);
    assert_eq!(found("idman"), ["119/5"]);
    assert_eq!(found("IDMAN"), ["119/5"], "İ typed without its dot");
    assert_eq!(found("ığdır"), ["57/120"]);
    assert_eq!(found("iĞDiR"), ["57/120"]);
}

#[test]
fn words_all_count_and_may_stand_in_any_order() {
    assert_eq!(found("vahid əliağa"), found("əliağa vahid"));
    assert_eq!(found("vahid ordubad"), ["119/5"]);
    assert_eq!(found("57 məktəb"), ["57/2", "8/2"], "the district, then the house number");
    assert_eq!(found("vahid yoxdur"), [""; 0]);
    assert_eq!(found("   "), [""; 0]);
}

#[test]
fn letters_that_a_keyboard_lacks() {
    assert_eq!(found("corekci"), ["8/57"]);
    assert_eq!(found("ULKER"), ["57/12"]);
    assert_eq!(found("goy mescid"), ["8/57"]);
    // As typed comes before without marks: the village is called so.
    assert_eq!(found("seki")[..4], ["57/1", "57/2", "57/12", "57/120"]);
    assert_eq!(found("seki").len(), 7);
    // With the marks typed, another letter is another letter.
    assert_eq!(found("şəkı").len(), 7, "ı counts as i");
    assert_eq!(found("çorəkçi"), ["8/57"], "half of the marks");
}

#[test]
fn hits_stand_in_azerbaijani_order() {
    // By name: 9 before 10, and e before ə.
    assert_eq!(found("nömrəli"), ["8/2", "8/1", "57/12"]);
    // By address: Vahid street 1 before 3, whatever the stations' numbers.
    assert_eq!(found("vahid"), ["119/5", "57/2"]);
}

#[test]
fn a_hit_is_chosen_and_shown() {
    let mut wall = Wall::new(country());
    let press = |wall: &mut Wall, rows| wall.apply(Command::Move { columns: 0, rows });
    wall.apply(Command::OpenSearch);
    wall.find("57/");
    wall.set_hit_rows(2);
    assert_eq!(wall.search().unwrap().on_screen(), 0..2);
    press(&mut wall, -1);
    press(&mut wall, 1);
    press(&mut wall, 1);
    assert_eq!(wall.search().unwrap().on_screen(), 1..3, "the chosen one stays on screen");
    press(&mut wall, -1);
    assert_eq!((wall.search().unwrap().on_screen(), wall.search().unwrap().chosen()), (1..3, 1));
    wall.apply(Command::NextPage);
    wall.apply(Command::NextPage);
    assert_eq!(wall.search().unwrap().chosen(), 3);
    wall.apply(Command::Confirm);
    assert_eq!(wall.selected().unwrap().id, StationId::new(57, 120));
    assert!(wall.search().is_none());

    wall.apply(Command::OpenSearch);
    wall.find("no such thing");
    wall.apply(Command::Confirm);
    assert!(wall.search().is_some(), "nothing to go to: what was typed stays");
    wall.apply(Command::Back);
    assert!(wall.search().is_none());
    assert_eq!(wall.selected().unwrap().id, StationId::new(57, 120));

    wall.apply(Command::Open(StationId::new(8, 1)));
    wall.apply(Command::OpenSearch);
    wall.apply(Command::Show(StationId::new(119, 5)));
    assert!(wall.large().is_none() && wall.search().is_none());
    assert_eq!(wall.district().unwrap().number, 119);
}

#[test]
fn a_new_list_is_searched_anew() {
    let mut wall = Wall::new(country());
    wall.apply(Command::OpenSearch);
    wall.find("ordubad");
    let mut shorter = (*country()).clone();
    shorter.stations.pop();
    shorter.districts.pop();
    wall.set_list(Arc::new(shorter));
    assert_eq!((wall.search().unwrap().found(), wall.search().unwrap().typed()), (0, "ordubad"));
}

proptest! {
    #[test]
    fn whatever_is_typed_every_hit_has_it_once(typed in "[a-zəıİşŞçöğü0-9/ ]{1,6}") {
        let list = country();
        let hits = found(&typed);
        let unique: std::collections::BTreeSet<_> = hits.iter().collect();
        prop_assert_eq!(unique.len(), hits.len());
        for hit in hits {
            let s = list.station(hit.parse().unwrap()).unwrap();
            let d = &list.district(s.id.district).unwrap().name;
            let all = format!("{}/{} {} {d} {}", s.id.district, s.id.station, s.name, s.address);
            let all = crate::text::base_letters(&all);
            for word in typed.split_whitespace() {
                let word = crate::text::base_letters(word);
                let number = word.parse::<u32>().map(|n| n.to_string()).unwrap_or_default();
                let stem = word.trim_end_matches('/');
                let in_it = all.contains(&word) || all.contains(&number) || all.contains(stem);
                prop_assert!(in_it || word.starts_with('0'), "{word} in {all}");
            }
        }
    }
}
