use proptest::prelude::*;

use super::*;
use crate::clock::FakeClock;
use crate::config::data::DataDir;
use crate::config::secrets::{Login, UrlProblem, UrlSecrets, Vault};
use crate::model::{FeedId, FeedKind, StationId};
use crate::text::{Lang, Text};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/lists/", $name))
    };
}

fn good(bytes: &[u8]) -> Parsed {
    parse(bytes).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Row, column and what is expected, of every problem.
fn problems(text: &str) -> Vec<(usize, String, Expected)> {
    let problems = parse(text.as_bytes()).expect_err(text);
    problems.into_iter().map(|p| (p.row, p.column, p.expected)).collect()
}

fn one(text: &str) -> (usize, String, Expected) {
    let mut all = problems(text);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    all.remove(0)
}

fn is(row: usize, column: &str, expected: Expected) -> (usize, String, Expected) {
    (row, column.to_owned(), expected)
}

fn id(district: u16, station: u32) -> StationId {
    StationId::new(district, station)
}

#[test]
fn a_list_from_excel_in_azerbaijani_is_understood() {
    let Parsed { list, secrets } = good(fixture!("az-semicolons.csv"));
    assert_eq!(list.districts.len(), 2);
    assert_eq!(list.district(23).unwrap().name, "Nəsimi ikinci");
    let school = list.station(id(23, 4)).unwrap();
    assert_eq!(school.name, "Əsas məktəb № 3");
    assert_eq!(school.address, "Bakı, \"Şıxlı\" küç., 5");
    assert_eq!(school.main, "rtsp://10.23.4.1/main");
    assert_eq!(school.sub.as_deref(), Some("rtsp://10.23.4.1/sub"));
    assert_eq!((school.latitude, school.longitude), (Some(40.3876), Some(49.8462)));
    assert_eq!(school.network, "AzTelekom");
    let login = Login { user: "operator".into(), password: "gizli-söz".into() };
    let feed = FeedId { station: id(23, 4), kind: FeedKind::Sub };
    assert_eq!(secrets.get(feed).unwrap().login, Some(login));
    let hall = list.station(id(57, 12)).unwrap();
    assert_eq!(hall.name, "İdman zalı (birinci mərtəbə)");
    assert_eq!(hall.main, "rtsp://10.57.12.1/user=…_password=…_channel=1_stream=0.sdp");
    assert_eq!(secrets.len(), 3);
}

#[test]
fn utf16_and_tabs_in_russian_are_understood() {
    let little = good(fixture!("ru-tabs-utf16le.csv"));
    assert_eq!(little, good(fixture!("ru-tabs-utf16be.csv")));
    assert_eq!(little.list.station(id(23, 4)).unwrap().address, "Баку, ул. Шихлы, 5");
    assert_eq!(little.list.district(57).unwrap().name, "");
}

#[test]
fn a_list_in_english_is_understood_with_and_without_a_sep_line() {
    let Parsed { list, secrets } = good(fixture!("en.csv"));
    assert_eq!(list.stations.len(), 3);
    let feed = FeedId { station: id(23, 4), kind: FeedKind::Main };
    assert_eq!(secrets.get(feed).unwrap().login.as_ref().unwrap().password, "pass@word");
    let again = good(fixture!("en-sep-line.csv"));
    assert_eq!(again.list.station(id(57, 12)), list.station(id(57, 12)));
}

#[test]
fn every_problem_of_a_bad_list_is_named_and_shows_no_secret() {
    let problems = parse(fixture!("problems.csv")).unwrap_err();
    for lang in Lang::ALL {
        let text = Text::of(lang);
        for p in &problems {
            let said = format!("{} {} {} {p:?}", p.column, p.found, p.expected.explain(&text));
            assert!(!said.contains("top") && !said.contains("secret"), "{said}");
        }
    }
    let found: Vec<_> = problems.into_iter().map(|p| (p.row, p.column, p.expected)).collect();
    let expected = vec![
        is(1, "Pasword", Expected::KnownColumn),
        is(2, "Latitude", Expected::Degrees(90)),
        is(3, "Station", Expected::NewStation(2)),
        is(4, "District", Expected::Number(65535)),
        is(4, "Main", Expected::NoTls),
        is(5, "Station", Expected::Number(999_999)),
        is(5, "Main", Expected::NotYet),
        is(6, "Main", Expected::Filled),
        is(7, "Main", Expected::NewUrl("23/4".into(), 2)),
        is(7, "Sub", Expected::Rtsp),
        is(7, "Longitude", Expected::BothCoordinates),
        is(8, "", Expected::Cells(8)),
        is(8, "Name", Expected::NoUrl),
        is(9, "Main", Expected::Url(UrlProblem::Ambiguous)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_password_torn_by_the_separator_is_not_shown_in_pieces() {
    let list = "district,station,name,main,sub,latitude\n\
        1,2,n,rtsp://u:SEKA,SEKB,SEKC@10.0.0.1/a,,x\n\
        1,3,rtsp://u:SEKA,SEKB@10.0.0.1/a,,\n\
        1,4,n,srt://10.0.0.1:9?streamid=#!::r=a,m=request,u=SEKA,SEKB\n";
    let (rows, result) = examine(list.as_bytes());
    let problems = result.unwrap_err();
    assert!(problems.len() >= 2);
    for p in &problems {
        let said = format!("{} {} {p:?}", p.column, p.found);
        assert!(!said.contains("SEK"), "{said}");
    }
    assert_eq!(rows.iter().map(|r| r.row).collect::<Vec<_>>(), [2, 3, 4]);
    assert!(!format!("{rows:?}").contains("SEK"), "{rows:?}");
}

#[test]
fn every_row_can_be_looked_through_whatever_is_wrong_in_it() {
    let list =
        "name;district;station;main\nA;1;1;rtsp://a/1\n\nB;x;2;nothing\nhttp://u:SEK@b/;1;3\n";
    let (rows, result) = examine(list.as_bytes());
    assert!(result.is_err());
    let seen: Vec<_> = rows.iter().map(|r| (r.row, r.number.as_str(), r.name.as_str())).collect();
    assert_eq!(seen[..2], [(2, "1/1", "A"), (4, "x/2", "B")]);
    assert_eq!(seen[2].1, "1/3");
    assert!(!seen[2].2.contains("SEK"), "{seen:?}");
    assert_eq!(rows[0].station, Some(StationId::new(1, 1)));
    assert_eq!(rows[1].station, None);
    // Without its columns there is nothing to call a row by, and nothing that ends the program.
    let (rows, _) = examine(b"a,b\n1,2\n");
    assert_eq!((rows.len(), rows[0].number.as_str()), (1, ""));
    assert!(examine(b"\xff\xfe\xff").0.is_empty());
}

#[test]
fn rows_are_counted_as_a_spreadsheet_shows_them() {
    let text =
        "district,station,name,main\n\n1,1,\"two\nlines\",rtsp://a.az/1\n\n1,x,,rtsp://a.az/2\n";
    assert_eq!(one(text), is(5, "station", Expected::Number(999_999)));
    assert_eq!(one(&format!("sep=,\n{text}")).0, 5);
}

#[test]
fn headers_are_checked() {
    assert_eq!(one("district,main\n1,rtsp://a.az\n").2, Expected::RequiredColumn(Key::Station));
    assert_eq!(
        one("district,station,main,URL\n1,1,rtsp://a.az,\n"),
        is(1, "URL", Expected::ColumnOnce("main".into()))
    );
    // Excel's leftover separators are nobody's mistake.
    good(b"district;station;main;;\n1;1;rtsp://a.az;;\n;;;;\n");
    assert_eq!(one("district;station;main;\n1;1;rtsp://a.az;x\n").2, Expected::Cells(3));
    assert_eq!(one("district,station,main\n").2, Expected::Stations);
    for empty in ["", "\n\n", "\u{FEFF}", ";;;\n"] {
        assert_eq!(one(empty).2, Expected::Stations, "{empty:?}");
    }
}

#[test]
fn what_is_no_text_is_refused_with_its_row() {
    let bad = |bytes: &[u8]| {
        let p = parse(bytes).unwrap_err().remove(0);
        (p.row, p.found.to_string(), p.expected)
    };
    assert_eq!(bad(b"district\n1,\xE7"), (2, "0xE7".into(), Expected::Utf8));
    assert_eq!(bad(b"d\0i\0"), (1, "0x00".into(), Expected::Utf8));
    assert_eq!(bad(b"\xFF\xFEa\0\n\0b"), (2, "0x62".into(), Expected::Utf8));
    assert_eq!(bad(b"\xFF\xFE\x00\xD8a\0"), (1, "0xD800".into(), Expected::Utf8));
}

#[test]
fn quotes_are_checked() {
    let head = "district,station,name,main\n1,1,";
    assert_eq!(one(&format!("{head}\"a,rtsp://a.az\n")), is(2, "name", Expected::ClosingQuote));
    assert_eq!(one(&format!("{head}\"a\"b,rtsp://a.az\n")), is(2, "name", Expected::AfterQuote));
}

/// A list of one station with the given cells after district and station.
fn row(columns: &str, cells: &str) -> String {
    format!("district,station,{columns}\n7,1,{cells}\n")
}

#[test]
fn cells_are_checked() {
    let expected = |columns, cells: &str| one(&row(columns, cells)).2;
    assert_eq!(expected("name,main", "a\u{7}b,rtsp://a.az"), Expected::Visible);
    assert_eq!(expected("name,main", "a\u{202E}b,rtsp://a.az"), Expected::Visible);
    let long = "x".repeat(301);
    assert_eq!(expected("name,main", &format!("{long},rtsp://a.az")), Expected::Length(300));
    let long = format!("rtsp://a.az/{}", "x".repeat(2000));
    assert_eq!(expected("main", &long), Expected::Length(2000));
    for bad in ["181", "nan", "inf", "1e1", "x", "--1", "1.2.3"] {
        let cells = format!("rtsp://a.az,{bad},1");
        assert_eq!(expected("main,longitude,latitude", &cells), Expected::Degrees(180), "{bad}");
    }
    for bad in ["0", "+1", "-1", "1.0", "65536", "№1", "99999999999999999999"] {
        let text = format!("district,station,main\n{bad},1,rtsp://a.az\n");
        assert_eq!(one(&text), is(2, "district", Expected::Number(65535)), "{bad}");
    }
    assert_eq!(
        one(
            "district,district_name,station,main\n1,A,1,rtsp://a.az/1\n1,,2,rtsp://a.az/2\n1,B,3,rtsp://a.az/3\n"
        ),
        is(4, "district_name", Expected::SameDistrictName("A".into(), 2))
    );
    // A decimal comma needs another separator.
    assert_eq!(
        expected("main,latitude,longitude", "rtsp://a.az,\"40,1\",2"),
        Expected::Degrees(90)
    );
    good(b"district\tstation\tmain\tlat\tlon\n1\t1\trtsp://a.az\t40,1\t49,2\n");
    // One camera may serve as main and sub of one station.
    good(row("main,sub", "rtsp://a.az/x,rtsp://a.az:554/x").as_bytes());
    good(row("main", "rtsp://a.az/x\n007,02,rtsp://a.az/y").as_bytes());
    assert_eq!(expected("main", "rtsp://a.az/x\n007,01,rtsp://a.az/y"), Expected::NewStation(2));
}

fn stations(rows: &str) -> Parsed {
    good(format!("district,district_name,station,name,address,main,sub\n{rows}").as_bytes())
}

fn changes(old: &str, new: &str) -> Diff {
    let (old, new) = (stations(old), stations(new));
    diff((&old.list, &old.secrets), (&new.list, &new.secrets))
}

#[test]
fn streams_of_one_srt_server_are_told_apart_by_their_secret_names() {
    let two = "1,,1,,,srt://h.az:9000?streamid=a,\n1,,2,,,srt://h.az:9000?streamid=b,\n";
    let swapped = two.replace("streamid=a", "streamid=x").replace("streamid=b", "streamid=a");
    assert!(changes(two, two).is_empty());
    let diff = changes(two, &swapped.replace("streamid=x", "streamid=b"));
    assert_eq!(diff.renumbered.len(), 2, "{diff:?}");
    let twice = "1,,1,,,srt://h.az:9000?streamid=a,\n1,,2,,,srt://h.az:9000?streamid=a,\n";
    let head = "district,district_name,station,name,address,main,sub\n";
    let problems = parse(format!("{head}{twice}").as_bytes()).unwrap_err();
    assert!(matches!(&problems[..], [Problem { expected: Expected::NewUrl(..), .. }]));
    assert!(problems[0].found.to_string().ends_with("streamid=…"), "{problems:?}");
}

#[test]
fn the_difference_tells_stations_by_their_main_url_first() {
    let old = "1,A,1,n1,a1,rtsp://c1,\n1,A,2,n2,a2,rtsp://c2,\n1,A,3,n3,a3,rtsp://c3,rtsp://s3\n";
    assert!(changes(old, old).is_empty());
    // 1 keeps its camera under number 4; 2 has another camera; 3 moves; 5 is new.
    let new = "1,A,4,n1,a1,rtsp://c1,\n1,A,2,n2,a2,rtsp://new,\n1,A,3,n3,b3,rtsp://c3,\n1,A,5,,,rtsp://c5,\n";
    let url =
        |station, kind, secret_only| UrlChange { feed: FeedId { station, kind }, secret_only };
    assert_eq!(
        changes(old, new),
        Diff {
            added: vec![id(1, 5)],
            removed: vec![],
            renumbered: vec![(id(1, 1), id(1, 4))],
            moved: vec![Moved { id: id(1, 3), columns: vec![Key::Address] }],
            urls: vec![url(id(1, 2), FeedKind::Main, false), url(id(1, 3), FeedKind::Sub, false)],
        }
    );
    // Two stations exchange their numbers: nothing is added or removed.
    let swapped =
        changes("1,,1,,,rtsp://a,\n1,,2,,,rtsp://b,\n", "1,,2,,,rtsp://a,\n1,,1,,,rtsp://b,\n");
    assert_eq!(swapped.renumbered, [(id(1, 2), id(1, 1)), (id(1, 1), id(1, 2))]);
    assert!(swapped.added.is_empty() && swapped.removed.is_empty() && swapped.urls.is_empty());
    // A camera takes over the number of one that is gone, and a new one comes under its old number.
    let chain =
        changes("1,,1,,,rtsp://a,\n1,,2,,,rtsp://b,\n", "1,,1,,,rtsp://c,\n1,,2,,,rtsp://a,\n");
    assert_eq!((chain.added, chain.removed), (vec![id(1, 1)], vec![id(1, 2)]));
    let renamed = changes("1,A,1,,,rtsp://a,\n", "1,B,1,,,rtsp://a,\n");
    assert_eq!(renamed.moved, [Moved { id: id(1, 1), columns: vec![Key::DistrictName] }]);
}

#[test]
fn a_changed_password_is_a_change_of_the_url() {
    let diff =
        changes("1,,1,,,rtsp://u:old@a.az/?token=1,\n", "1,,1,,,rtsp://u:new@a.az/?token=1,\n");
    assert!(diff.urls[0].secret_only && diff.urls.len() == 1);
    let diff = changes("1,,1,,,rtsp://a.az/?token=1,\n", "1,,1,,,rtsp://a.az/?token=2,\n");
    assert!(diff.urls[0].secret_only && diff.urls.len() == 1);
}

mod kept {
    use super::*;

    struct Shop {
        _temp: tempfile::TempDir,
        data: DataDir,
        store: ListStore,
        clock: FakeClock,
    }

    impl Shop {
        fn new() -> Self {
            let temp = tempfile::tempdir().unwrap();
            let data = DataDir::open(Some(temp.path().to_owned())).unwrap();
            let store = ListStore::new(&data);
            Self { _temp: temp, data, store, clock: FakeClock::default() }
        }

        /// Accepts a list of `n` stations with password `p<n>`.
        fn accept(&self, n: u32) -> Result<u32, StoreError> {
            let rows: String =
                (1..=n).map(|s| format!("1,,{s},,,rtsp://u:p{n}@c{s}.az/,\n")).collect();
            let Parsed { list, secrets } = stations(&rows);
            let base = Base::from(self.store.newest_version()?);
            self.store.accept(list, secrets, "l.csv", base, &self.clock)
        }

        fn password(&self, version: u32) -> Option<String> {
            let vault = Vault::load(&self.data.secrets_file()).unwrap();
            let feed = FeedId { station: id(1, 1), kind: FeedKind::Main };
            let secrets: &UrlSecrets = vault.secrets(version).ok()?.get(feed)?;
            Some(secrets.login.clone()?.password)
        }
    }

    #[test]
    fn six_versions_are_kept_with_their_secrets_and_any_can_come_back() {
        let shop = Shop::new();
        assert_eq!(shop.store.newest_version().unwrap(), None);
        assert!(shop.store.current().unwrap().is_none());
        for n in 1..=8 {
            assert_eq!(shop.accept(n).unwrap(), n);
        }
        let kept: Vec<u32> = shop.store.history().unwrap().iter().map(|v| v.version).collect();
        assert_eq!(kept, [8, 7, 6, 5, 4, 3]);
        assert_eq!(shop.password(2), None);
        assert_eq!(shop.password(3).as_deref(), Some("p3"));
        assert!(matches!(shop.store.restore(2, &shop.clock), Err(StoreError::NoVersion(2))));

        assert_eq!(shop.store.restore(3, &shop.clock).unwrap(), 9);
        let current = shop.store.current().unwrap().unwrap();
        assert_eq!((current.version, current.restored), (9, Some(3)));
        assert_eq!(current.list.stations.len(), 3);
        assert_eq!(shop.password(9).as_deref(), Some("p3"));
        assert_eq!(shop.password(3), None); // pushed out by its own return
    }

    #[test]
    fn a_list_that_was_compared_with_an_older_one_is_not_taken() {
        let shop = Shop::new();
        shop.accept(1).unwrap();
        let Parsed { list, secrets } = stations("1,,1,,,rtsp://x.az/,\n");
        let late = shop.store.accept(list, secrets, "x", Base::Nothing, &shop.clock);
        assert!(matches!(late, Err(StoreError::Overtaken)));
        assert_eq!(shop.store.newest_version().unwrap(), Some(1));
    }

    #[test]
    fn a_crash_between_secrets_and_list_leaves_the_old_list_whole() {
        let shop = Shop::new();
        shop.accept(1).unwrap();
        // Secrets of version 2 are written, the list is not.
        let mut vault = Vault::load(&shop.data.secrets_file()).unwrap();
        vault.insert(2, stations("1,,1,,,rtsp://u:crashed@x.az/,\n").secrets);
        vault.save(&shop.data.secrets_file()).unwrap();
        std::fs::write(shop.data.stations().join(".000002.json.1-0.tmp"), b"{").unwrap();
        assert_eq!(shop.store.current().unwrap().unwrap().version, 1);
        assert_eq!(shop.accept(2).unwrap(), 2);
        assert_eq!(shop.password(2).as_deref(), Some("p2"));
    }

    #[test]
    fn what_is_stored_holds_no_secret_and_a_damaged_version_is_named() {
        let shop = Shop::new();
        shop.accept(1).unwrap();
        let path = shop.data.stations().join("000001.json");
        assert!(!std::fs::read_to_string(&path).unwrap().contains("p1"));
        std::fs::write(&path, b"{\n\n").unwrap();
        let said = shop.store.current().unwrap_err().explain(&Text::of(Lang::En));
        assert!(said.contains("000001.json") && said.contains("line 3"), "{said}");
    }
}

mod published {
    use super::*;

    fn list() -> Parsed {
        stations(
            "57,<b>A & B</b>,12,=SUM(A1),\"x; \"\"y\"\"\",rtsp://u:topsecret@cam.az/a,\n2,Ə,1,№ 3,-5 Street,rtsp://cam2.az/b,\n",
        )
    }

    #[test]
    fn the_csv_is_safe_in_a_spreadsheet_and_can_be_read_by_the_import() {
        let csv = export::csv(&list().list, &Text::of(Lang::En));
        assert_eq!(
            csv,
            "\u{FEFF}district number,district name,station number,station name,address\r\n\
             2,Ə,1,№ 3,'-5 Street\r\n\
             57,<b>A & B</b>,12,'=SUM(A1),\"x; \"\"y\"\"\"\r\n"
        );
        for lang in Lang::ALL {
            let csv = export::csv(&list().list, &Text::of(lang));
            let missing = parse(csv.as_bytes()).unwrap_err();
            let only_main =
                matches!(&missing[..], [p] if p.expected == Expected::RequiredColumn(Key::Main));
            assert!(only_main, "{missing:?}");
        }
    }

    #[test]
    fn the_page_is_escaped_and_holds_no_url() {
        for lang in Lang::ALL {
            let html = export::html(&list().list, None, &Text::of(lang));
            assert!(html.contains("&lt;b&gt;A &amp; B&lt;/b&gt;") && !html.contains("<b>"));
            assert!(html.contains("x; &quot;y&quot;"));
            assert!(html.contains(&format!("<html lang=\"{}\">", lang.code())));
            for hidden in ["rtsp", "cam.az", "topsecret"] {
                assert!(
                    !html.contains(hidden)
                        && !export::csv(&list().list, &Text::of(lang)).contains(hidden)
                );
            }
        }
    }
}

proptest! {
    /// No bytes whatsoever break the parser, and every problem can be told.
    #[test]
    fn parsing_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), utf16 in any::<bool>()) {
        let mut file = if utf16 { vec![0xFF, 0xFE] } else { vec![] };
        file.extend(bytes);
        check(&file)?;
    }

    /// The same for what looks much like a list.
    #[test]
    fn parsing_never_panics_on_nearly_a_list(
        rows in prop::collection::vec("[0-9]{0,3}[,;\t][0-9x\"]{0,3}[,;\t](rtsp://)?[a-z:@/?=&\"%…]{0,20}", 0..8),
    ) {
        check(format!("district,station,main\n{}", rows.join("\n")).as_bytes())?;
    }

    /// What is written is read again: any text that a name may be survives quoting.
    #[test]
    fn quoted_names_come_back(name in "[ -~əğışçöüƏŞİЖя]{0,40}", separator in prop::sample::select(vec![',', ';', '\t'])) {
        let quoted = name.replace('"', "\"\"");
        let text = format!("district{separator}station{separator}main{separator}name\r\n1{separator}1{separator}rtsp://a.az{separator}\"{quoted}\"\r\n");
        prop_assume!(!name.contains("://"));
        let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(&good(text.as_bytes()).list.stations[0].name, &words);
    }
}

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    match parse(bytes) {
        Ok(parsed) => prop_assert!(!parsed.list.stations.is_empty()),
        Err(problems) => {
            prop_assert!(!problems.is_empty());
            for p in problems {
                prop_assert!(p.row > 0);
                prop_assert!(!p.expected.explain(&Text::of(Lang::Az)).is_empty());
            }
        }
    }
    Ok(())
}

/// Far more rows than any list has.
#[test]
fn ten_thousand_rows_are_read() {
    let mut csv = String::from("district,station,name,address,main,sub,latitude,longitude\n");
    for n in 0..10_000 {
        let (d, s) = (n / 100 + 1, n % 100 + 1);
        let url = format!("rtsp://user{n}:p%40ss{n}@10.{d}.{s}.1");
        csv.push_str(&format!("{d},{s},Məktəb {n},\"Bakı, {n}\",{url}/main,{url}/sub,40.1,49.2\n"));
    }
    let Parsed { list, secrets } = good(csv.as_bytes());
    assert_eq!((list.districts.len(), list.stations.len()), (100, 10_000));
    assert_eq!(secrets.len(), 20_000);
}
