use proptest::prelude::*;

use super::*;
use crate::model::DistrictNo;

/// Districts with the given numbers of stations, numbered 1, 2, …; station 2 has a sub feed.
pub(super) fn list(districts: &[(DistrictNo, u32)]) -> Arc<StationList> {
    let station = |district, number| Station {
        id: StationId::new(district, number),
        name: String::new(),
        address: String::new(),
        main: format!("rtsp://h/{district}/{number}"),
        sub: (number == 2).then(|| format!("rtsp://h/{district}/{number}s")),
        latitude: None,
        longitude: None,
        network: String::new(),
    };
    Arc::new(StationList {
        districts: districts
            .iter()
            .map(|(number, _)| District { number: *number, name: String::new() })
            .collect(),
        stations: districts.iter().flat_map(|(d, n)| (1..=*n).map(|s| station(*d, s))).collect(),
    })
}

fn wall() -> Wall {
    let mut wall = Wall::new(list(&[(1, 3), (23, 40), (57, 12)]));
    wall.set_columns(4);
    wall
}

fn keys(wall: &mut Wall, keys: &str) {
    for key in keys.chars() {
        wall.apply(match key {
            '0'..='9' => Command::Digit(key as u8 - b'0'),
            '/' => Command::Separator,
            '<' => Command::EraseDigit,
            '⏎' => Command::Confirm,
            'e' => Command::Back,
            'n' => Command::NextPage,
            'p' => Command::PreviousPage,
            'r' => Command::Move { columns: 1, rows: 0 },
            'd' => Command::Move { columns: 0, rows: 1 },
            'u' => Command::Move { columns: 0, rows: -1 },
            '+' => Command::MoreTiles,
            '-' => Command::FewerTiles,
            'g' => Command::ToggleGrouping,
            ' ' => Command::ToggleTour,
            '[' => Command::FasterTour,
            ']' => Command::SlowerTour,
            's' => Command::OpenSearch,
            '?' => Command::ToggleKeys,
            other => panic!("{other}"),
        });
    }
}

fn place(wall: &Wall) -> (DistrictNo, usize, String) {
    let selected = wall.selected().map(|s| s.id.to_string()).unwrap_or_default();
    (wall.district().unwrap().number, wall.page().0, selected)
}

#[test]
fn digits_lead_to_a_district_or_a_station() {
    let mut w = wall();
    keys(&mut w, "23");
    assert_eq!(w.entry().unwrap().to_string(), "23");
    keys(&mut w, "⏎");
    assert_eq!(place(&w), (23, 1, "23/1".into()));
    assert_eq!(w.entry(), None);
    keys(&mut w, "57/12⏎");
    assert_eq!(place(&w), (57, 1, "57/12".into()));
    keys(&mut w, "23/35⏎");
    assert_eq!(place(&w), (23, 3, "23/35".into()), "the page follows");
    keys(&mut w, "58<7/1<2<<<<<");
    assert_eq!(w.entry(), None, "erased to nothing");
}

#[test]
fn an_unknown_number_says_so_and_moves_nothing() {
    let mut w = wall();
    keys(&mut w, "99⏎");
    assert_eq!(w.notice(), Some(Notice::NoDistrict(99)));
    keys(&mut w, "57/13⏎");
    assert_eq!(w.notice(), Some(Notice::NoStation(StationId::new(57, 13))));
    assert_eq!(place(&w), (1, 1, "1/1".into()));
    keys(&mut w, "99999/99999⏎");
    assert!(w.notice().is_some());
    keys(&mut w, "r");
    assert_eq!(w.notice(), None);
}

#[test]
fn paging_walks_through_all_districts_and_back() {
    let mut w = wall();
    let mut seen = vec![place(&w)];
    for _ in 0..6 {
        keys(&mut w, "n");
        seen.push(place(&w));
    }
    let pages: Vec<_> = seen.iter().map(|(d, p, _)| (*d, *p)).collect();
    assert_eq!(pages, [(1, 1), (23, 1), (23, 2), (23, 3), (57, 1), (57, 1), (57, 1)]);
    keys(&mut w, "pp");
    assert_eq!(place(&w), (23, 2, "23/17".into()));
}

#[test]
fn the_selection_moves_by_rows_and_stays_inside_the_district() {
    let mut w = wall();
    keys(&mut w, "23⏎drd");
    assert_eq!(place(&w).2, "23/10");
    keys(&mut w, "dddddddd");
    assert_eq!(place(&w), (23, 3, "23/38".into()), "the last full step down");
    keys(&mut w, "uuuuuuuuuuuu");
    assert_eq!(place(&w).2, "23/2");
}

#[test]
fn enter_opens_large_and_esc_comes_back_to_the_same_page() {
    let mut w = wall();
    keys(&mut w, "23/20⏎⏎");
    assert_eq!(w.large().unwrap().id, StationId::new(23, 20));
    keys(&mut w, "n");
    assert_eq!(w.large().unwrap().id, StationId::new(23, 21), "the neighbour, still large");
    keys(&mut w, "5e");
    assert!(w.large().is_some(), "the first Esc drops the digits");
    keys(&mut w, "e");
    assert!(w.large().is_none());
    assert_eq!(place(&w), (23, 2, "23/21".into()));
}

#[test]
fn demand_is_what_is_on_screen() {
    let mut w = wall();
    let feed = |s: &str, kind| FeedId { station: s.parse().unwrap(), kind };
    let page: BTreeSet<_> =
        [feed("1/1", FeedKind::Main), feed("1/2", FeedKind::Sub), feed("1/3", FeedKind::Main)]
            .into();
    assert_eq!(w.demand(), page);
    keys(&mut w, "1/2⏎⏎");
    let large: BTreeSet<_> = [feed("1/2", FeedKind::Main), feed("1/2", FeedKind::Sub)].into();
    assert_eq!(w.demand(), large);
}

#[test]
fn tiles_keep_their_size_on_all_pages_of_a_district() {
    let mut w = wall();
    keys(&mut w, "23⏎nn");
    assert_eq!((w.page_stations().len(), w.tiles_in_grid()), (8, 16));
    keys(&mut w, "--");
    assert_eq!(w.page(), (4, 5), "still at the same station");
    keys(&mut w, "------------");
    assert_eq!(w.page_stations().len(), 1);
    keys(&mut w, "++++++++++++++++++++");
    assert_eq!((w.tiles_in_grid(), w.page()), (40, (1, 1)));
}

#[test]
fn a_new_list_leaves_the_operator_where_he_was() {
    let mut w = wall();
    keys(&mut w, "57/12⏎⏎");
    w.set_list(list(&[(2, 2), (57, 20)]));
    assert_eq!(w.large().unwrap().id, StationId::new(57, 12));
    w.set_list(list(&[(2, 2), (57, 11)]));
    assert_eq!((place(&w), w.large()), ((57, 1, "57/11".into()), None), "the nearest one");
    w.set_list(list(&[(2, 2)]));
    assert_eq!(place(&w).0, 2);
    w.set_list(list(&[]));
    assert!(w.district().is_none() && w.selected().is_none() && w.demand().is_empty());
}

#[test]
fn districts_share_a_page_and_are_found_on_it() {
    let mut w = Wall::new(list(&[(1, 3), (2, 4), (5, 9), (8, 2), (9, 20)]));
    w.set_columns(4);
    keys(&mut w, "5/2⏎g");
    let on_page: Vec<_> = w.page_districts().iter().map(|d| d.number).collect();
    assert_eq!((on_page, w.page()), (vec![1, 2, 5], (1, 4)));
    assert_eq!(w.selected().unwrap().id, StationId::new(5, 2), "still there");
    keys(&mut w, "uu");
    assert_eq!(w.selected().unwrap().id, StationId::new(1, 1), "up across a district's border");
    keys(&mut w, "8⏎");
    assert_eq!((place(&w), w.page()), ((8, 2, "8/1".into()), (2, 4)));
    keys(&mut w, "nn");
    assert_eq!(place(&w), (9, 4, "9/17".into()));
    assert_eq!(w.tiles_in_grid(), 16, "tiles keep their size from page to page");
    keys(&mut w, "ppp");
    assert_eq!(place(&w), (1, 1, "1/1".into()));
    keys(&mut w, "2⏎g");
    assert_eq!((place(&w), w.page()), ((2, 1, "2/1".into()), (1, 1)));
}

#[test]
fn what_cannot_be_restored_becomes_the_nearest() {
    let mut w = wall();
    let station = Some(StationId::new(57, 99));
    let dwell = Duration::from_secs(17);
    w.settle(Standing { station, tiles_per_page: 7, grouped: true, dwell, ..w.standing() });
    assert_eq!(w.selected().unwrap().id, StationId::new(57, 12));
    assert_eq!((w.tiles_per_page(), w.standing().dwell), (6, Duration::from_secs(15)));
    w.settle(Standing {
        station,
        tiles_per_page: usize::MAX,
        grouped: true,
        dwell: Duration::MAX,
        ..w.standing()
    });
    assert_eq!((w.tiles_per_page(), w.standing().dwell), (64, *DWELLS.last().unwrap()));
    assert_eq!(w.tour(), None, "a tour that ran is not resumed");
}

proptest! {
    #[test]
    fn no_command_leads_out_of_the_list(
        commands in "[0-9/<⏎enprdu+\\-g \\[\\]s?]{0,60}",
        districts in prop::collection::btree_map(1u16..30, 1u32..70, 0..5),
        every_ms in 0i64..20_000,
    ) {
        let districts: Vec<_> = districts.into_iter().collect();
        let mut w = Wall::new(list(&districts));
        for (at, key) in (1..).zip(commands.chars()) {
            keys(&mut w, &key.to_string());
            w.tick(Mono::from_micros(at * every_ms * 1000));
        }
        prop_assert!(w.page_stations().len() <= 64);
        if !districts.is_empty() {
            let selected = w.selected().unwrap().id;
            prop_assert!(w.page_stations().iter().any(|s| s.id == selected));
            prop_assert!(w.page().0 <= w.page().1);
            prop_assert!(w.page_stations().len() <= w.tiles_in_grid());
            let districts: Vec<_> = w.page_districts().iter().map(|d| d.number).collect();
            prop_assert!(w.page_stations().iter().all(|s| districts.contains(&s.id.district)));
        }
    }

    #[test]
    fn where_an_operator_settled_is_found_again(
        commands in "[0-9/⏎nprdu+\\-g\\[\\]]{0,40}",
        districts in prop::collection::btree_map(1u16..30, 1u32..70, 0..5),
    ) {
        let list = list(&districts.into_iter().collect::<Vec<_>>());
        let mut before = Wall::new(Arc::clone(&list));
        keys(&mut before, &commands);
        let mut after = Wall::new(list);
        after.settle(before.standing());
        prop_assert_eq!(after.standing(), before.standing());
        prop_assert_eq!(after.page_stations(), before.page_stations());
    }
}

/// Where what is seen of the large picture begins, and how large it is.
fn seen(wall: &Wall) -> (f32, f32, f32) {
    let part = wall.part();
    (part.left, part.top, part.side)
}

#[test]
fn the_zoom_belongs_to_one_look_at_one_station() {
    let mut wall = wall();
    wall.apply(Command::ZoomIn);
    wall.zoom_at(2.0, [0.0; 2]);
    assert_eq!((wall.zoom(), seen(&wall)), (1.0, (0.0, 0.0, 1.0)), "nothing is large");
    keys(&mut wall, "23⏎⏎");
    wall.apply(Command::ZoomIn);
    wall.apply(Command::ZoomIn);
    let (left, _, side) = seen(&wall);
    let here = place(&wall);
    keys(&mut wall, "rd");
    assert!(seen(&wall).0 > left && seen(&wall).2 == side);
    assert_eq!(place(&wall), here, "the arrows move over the picture");
    wall.apply(Command::ZoomFit);
    assert_eq!(seen(&wall), (0.0, 0.0, 1.0));
    wall.apply(Command::ZoomIn);
    keys(&mut wall, "n");
    assert_ne!(place(&wall), here, "the next page key always leads to the neighbour");
    assert_eq!(seen(&wall), (0.0, 0.0, 1.0), "which begins with all of its picture");
    wall.apply(Command::ZoomIn);
    keys(&mut wall, "e⏎");
    assert_eq!((wall.large().is_some(), wall.zoom()), (true, 1.0));
}

#[test]
fn a_new_list_does_not_move_what_is_seen() {
    let mut wall = wall();
    keys(&mut wall, "23⏎⏎");
    wall.apply(Command::ZoomIn);
    let before = seen(&wall);
    wall.set_list(list(&[(1, 9), (23, 40)]));
    assert_eq!(seen(&wall), before);
    assert_eq!(wall.large().map(|s| s.id), Some(StationId::new(23, 1)));
}

#[test]
fn the_large_stations_main_feed_is_heard_and_no_other() {
    let mut wall = wall();
    assert_eq!(wall.heard(), None);
    keys(&mut wall, "23/2⏎⏎");
    let heard = wall.heard().unwrap();
    assert_eq!((heard.station, heard.kind), (StationId::new(23, 2), FeedKind::Main));
    assert!(wall.demand().contains(&heard), "it is received for as long as it is heard");
    keys(&mut wall, "e");
    assert_eq!(wall.heard(), None);
}

#[test]
fn a_note_stays_with_its_station_and_holds_the_tour() {
    let mut wall = wall();
    keys(&mut wall, "23/5⏎ ");
    wall.tick(Mono::from_micros(0));
    wall.apply(Command::OpenNote);
    wall.write_note("qutu");
    assert_eq!(wall.note().map(|n| n.station), Some(StationId::new(23, 5)));
    let here = place(&wall);
    wall.tick(Mono::from_micros(3_600_000_000));
    assert_eq!((place(&wall), wall.tour()), (here, Some(TourView::Paused)));
    // A click beside it leaves it, and what was written is remembered.
    wall.apply(Command::Select(StationId::new(23, 6)));
    assert!(wall.note().is_none());
    wall.apply(Command::OpenNote);
    assert_eq!(wall.note().map(|n| n.typed.as_str()), Some(""));
    wall.apply(Command::Back);
    wall.apply(Command::Select(StationId::new(23, 5)));
    wall.apply(Command::OpenNote);
    assert_eq!(wall.note().map(|n| n.typed.as_str()), Some("qutu"));
    wall.apply(Command::Confirm);
    let kept = wall.take_note().unwrap();
    assert_eq!((kept.station, kept.typed.as_str()), (StationId::new(23, 5), "qutu"));
}
