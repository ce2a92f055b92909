//! Files that people and this program write: the station list, the election day, the fault script,
//! the desk's state, the stored versions and secrets.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use pollwall::clock::{FakeClock, WallTime};
use pollwall::config::desk::Desk;
use pollwall::config::list::{self, Base, ListStore, Parsed};
use pollwall::config::{DataDir, Vault, day, feed_sources};
use pollwall::model::StationId;
use pollwall::simulate::country;
use pollwall::simulate::script::{Schedule, Script};
use pollwall::text::{Lang, Text};

use super::campaign::{Round, campaign};
use super::mutate::{mutated, pick};

const LANGS: [Lang; 3] = [Lang::Az, Lang::En, Lang::Ru];

fn texts() -> [Arc<Text>; 3] {
    LANGS.map(Text::of)
}

fn fixtures(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

fn clock() -> FakeClock {
    FakeClock::at(WallTime::from_micros(1_707_289_200_000_000))
}

const LIST_WORDS: &[&str] = &[
    "district",
    "dairə",
    "округ",
    "station",
    "məntəqə",
    "main",
    "sub",
    "latitude",
    "широта",
    "sep=;\n",
    "sep=,\r\n",
    ",",
    ";",
    "\t",
    "\"",
    "\"\"",
    "\r\n",
    "\n",
    "\r",
    "\u{feff}",
    "\0",
    "…",
    "rtsp://",
    "RTSP://",
    "http://",
    "srt://",
    "@",
    "://",
    "user:p@ss@",
    "%40",
    "%zz",
    "?token=",
    "&pwd=",
    "[::1]",
    "10.0.0.1",
    ":554",
    ":0",
    ":99999",
    "#",
    "İ",
    "ı",
    "ẞ",
    "\u{202e}",
    "\u{200b}",
    "'",
    "=1+1",
    "40,5",
    "49.8",
    "1e999",
    "user=a_password=b_",
];

/// Any bytes are a list or problems that can be told; a list can be published and read again.
pub(crate) fn lists(usual: u64) {
    let mut seeds = fixtures("lists");
    seeds.extend(fixtures("hostile"));
    seeds.push(long_list());
    let texts = texts();
    campaign("lists", usual, |round| {
        let mut bytes = mutated(&mut round.rng, &seeds, LIST_WORDS);
        if round.rng.u8(..8) == 0 {
            bytes = utf16(&mut round.rng, &String::from_utf8_lossy(&bytes));
        }
        round.input(&bytes);
        match list::parse(&bytes) {
            Ok(parsed) => comes_back(&parsed, &texts),
            Err(problems) => {
                assert!(!problems.is_empty(), "refused without a reason");
                for problem in problems.iter().take(50) {
                    texts
                        .iter()
                        .for_each(|text| assert!(!problem.expected.explain(text).is_empty()));
                }
            }
        }
    });
}

fn long_list() -> Vec<u8> {
    let rows = country::places(60).into_iter().map(|place| {
        let id = place.id;
        format!(
            "{},{},\"{}\",rtsp://u:p%40@10.0.0.{}/x\n",
            id.district, id.station, place.name, id.station
        )
    });
    format!("district,station,name,main\n{}", rows.collect::<String>()).into_bytes()
}

fn utf16(rng: &mut Rng, text: &str) -> Vec<u8> {
    let swap = rng.bool();
    let mut units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
    if rng.bool() {
        let at = rng.usize(..units.len());
        units[at] = rng.u16(0xd7f0..0xe010);
    }
    units.iter().flat_map(|u| if swap { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

/// Published, and read again with a camera added to each row, it is the same list.
fn comes_back(parsed: &Parsed, texts: &[Arc<Text>; 3]) {
    for text in texts {
        let published = list::export::csv(&parsed.list, text);
        let separator = if text.lang() == Lang::En { ',' } else { ';' };
        let mut rows = published.split("\r\n");
        let header = rows.next().unwrap();
        let mut whole = format!("{header}{separator}main\r\n");
        for row in rows.filter(|row| !row.is_empty()) {
            whole.push_str(&format!("{row}{separator}rtsp://camera.invalid/{}\r\n", whole.len()));
        }
        let again = match list::parse(whole.as_bytes()) {
            Ok(again) => again.list,
            Err(problems) => panic!("what was published is refused: {problems:?}\n{whole}"),
        };
        let shape = |list: &pollwall::model::StationList| -> Vec<_> {
            list.stations.iter().map(|s| (s.id, unquoted(&s.name), unquoted(&s.address))).collect()
        };
        assert_eq!(shape(&again), shape(&parsed.list), "published in {:?}", text.lang());
        let districts = |list: &pollwall::model::StationList| -> Vec<_> {
            list.districts.iter().map(|d| (d.number, unquoted(&d.name))).collect()
        };
        assert_eq!(districts(&again), districts(&parsed.list));
    }
    let html = list::export::html(&parsed.list, None, &texts[0]);
    assert!(html.contains("</html>"));
}

/// Without the quote that keeps spreadsheets from calculating.
fn unquoted(text: &str) -> String {
    let plain = text
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
    plain.unwrap_or(text).to_owned()
}

const DAY: &[&[u8]] = &[br#"name = "Prezident"
date = "2024-02-07"
zone = "Asia/Baku"

[stages]
before_opening = "07:00"
voting = 08:00:00
counting = "19:00"
protocol = "22:30"
closed = "03:00"

[[override]]
station = "57/12"
voting = "09:00"
counting = "17:00"
"#];

const TOML_WORDS: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "[[override]]\n",
    "[[fault]]\n",
    "[stages]\n",
    "station = ",
    "stations = ",
    "kind = ",
    "\"57/12\"",
    "'*'",
    "'57/*'",
    "'0/0'",
    "\"25:61\"",
    "24:00:00",
    "2024-02-30",
    "9999-12-31",
    "-0001-01-01",
    "\"Asia/Baku\"",
    "\"UTC\"",
    "\"../../etc/passwd\"",
    "= ",
    "\n",
    "\"\"\"",
    "'''",
    "\\u0000",
    "\\uD800",
    "#",
    "inf",
    "nan",
    "-inf",
    "{",
    "}",
    ",",
    "\u{feff}",
    "\"24h\"",
    "\"1ms\"",
    "\"-1s\"",
    "\"99999999999h\"",
    "share = ",
    "every = ",
    "for = ",
    "from = ",
    "seed = ",
    "'size-change'\nsize = '704x576'\n",
    "'pts-jump'\nby = '-24h'\n",
    "'loss'\npart = 1.0\n",
    "'garbage'\nat = 'answer'\n",
];

/// Any file is an election day or problems that can be told.
pub(crate) fn days(usual: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.toml");
    let texts = texts();
    campaign("days", usual, |round| {
        let bytes = mutated(&mut round.rng, DAY, TOML_WORDS);
        round.input(&bytes);
        fs::write(&path, &bytes).unwrap();
        match day::load(&path, &clock()) {
            Ok(day) => {
                for hours in [0, 7, 12, 20, 47] {
                    let at = WallTime::from_micros(1_707_264_000_000_000 + hours * 3_600_000_000);
                    for station in [None, Some(StationId::new(57, 12))] {
                        let _ = day.stage_at(at, station);
                    }
                }
            }
            Err(e) => texts.iter().for_each(|text| assert!(!e.explain(text).is_empty())),
        }
    });
}

const SCRIPTS: &[&[u8]] = &[
    b"seed = 7\n[[fault]]\nstations = ['1/4', '2/*']\nkind = 'mute'\nfrom = '30s'\nfor = '20s'\nevery = '60s'\n",
    b"[[fault]]\nshare = 0.1\nkind = 'low-rate'\nframes_per_second = 0.5\n[[fault]]\nkind = 'reset'\nafter = '5s'\n",
    b"[[fault]]\nkind = 'pts-jump'\nby = '-1h'\n[[fault]]\nkind = 'size-change'\nsize = '704x576'\n",
    b"[[fault]]\nkind = 'garbage'\npart = 0.5\nat = 'stream'\n[[fault]]\nkind = 'loss'\npart = 0.1\n",
    b"[[fault]]\nkind = 'pause'\nbacklog = 'skip'\nfor = '6s'\n[[fault]]\nkind = 'drip'\ngap = '500ms'\n",
];

/// Any bytes are a script or problems that can be told, and every script has an answer for every
/// station at every moment.
pub(crate) fn scripts(usual: u64) {
    let stations: Vec<StationId> = country::places(30).iter().map(|p| p.id).collect();
    let texts = texts();
    campaign("scripts", usual, |round| {
        let bytes = mutated(&mut round.rng, SCRIPTS, TOML_WORDS);
        round.input(&bytes);
        let made = Script::parse_bytes(&bytes).and_then(|s| Schedule::new(&s, &stations));
        match made {
            Ok(schedule) => {
                for station in 0..stations.len() + 1 {
                    assert!(!schedule.shown(station, 20).is_empty());
                    let _ =
                        schedule.condition(station, Duration::from_secs(round.rng.u64(..1 << 40)));
                }
            }
            Err(problems) => {
                assert!(!problems.is_empty());
                for problem in problems.iter().take(50) {
                    texts.iter().for_each(|text| assert!(!problem.explain(text).is_empty()));
                }
            }
        }
    });
}

const DESKS: &[&[u8]] = &[br#"{"version":1,"station":"57/12","tiles_per_page":36,"grouped":true,"tour_s":15,
"window":{"corner":[-1920,40],"size":[1280,720],"scale":1.25,"maximised":false,"full_screen":true,"screen":"HDMI-1"}}"#];

const JSON_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "\"",
    "\\u0000",
    "\\ud800",
    "\"version\":1,",
    "\"0/0\"",
    "\"65535/4294967295\"",
    "{}",
    "[[[[[[[[",
    "1e400",
    "-1",
    "\"user\":",
    "\"password\":",
    "\"main\":",
    "\"1\":",
];

/// Any file is a desk that can be kept, or as on the first day.
pub(crate) fn desks(usual: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.json");
    campaign("desks", usual, |round| {
        let bytes = mutated(&mut round.rng, DESKS, JSON_WORDS);
        round.input(&bytes);
        fs::write(&path, &bytes).unwrap();
        let desk = Desk::load(&path);
        desk.save(&path).unwrap();
        // A scale that is no number is not itself.
        assert_eq!(format!("{:?}", Desk::load(&path)), format!("{desk:?}"));
    });
}

/// What was kept and then damaged is refused in words that give nothing away.
pub(crate) fn stored(usual: u64) {
    const SECRET: &str = "gizli7parol";
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::open(Some(folder.path().join("data"))).unwrap();
    let store = ListStore::new(&data);
    let csv = format!(
        "district,station,main,sub\n1,1,rtsp://op:{SECRET}@10.0.0.1/a,rtsp://10.0.0.1/b?token={SECRET}\n2,1,rtsp://10.0.0.2/,\n"
    );
    let parsed = list::parse(csv.as_bytes()).unwrap();
    store.accept(parsed.list, parsed.secrets, "list.csv", Base::Nothing, &clock()).unwrap();
    let files = [data.secrets_file(), data.stations().join("000001.json")];
    let originals = files.clone().map(|file| fs::read(file).unwrap());
    let texts = texts();
    campaign("stored", usual, |round| {
        let which = round.rng.usize(..2);
        let bytes = mutated(&mut round.rng, &originals[which..=which], JSON_WORDS);
        round.input(&bytes);
        fs::write(&files[which], &bytes).unwrap();
        let mut said = Vec::new();
        let vault = Vault::load(&data.secrets_file()).map_err(|e| {
            said.push(format!("{e} {e:?}"));
            said.extend(texts.iter().map(|text| e.explain(text)));
        });
        let list = store.load(1).map_err(|e| {
            said.extend(texts.iter().map(|text| e.explain(text)));
        });
        if let (Ok(vault), Ok(list)) = (&vault, &list) {
            match feed_sources(&list.list, vault, 1) {
                Ok(sources) => said.push(format!("{sources:?}")),
                Err(e) => said.extend(texts.iter().map(|text| e.explain(text))),
            }
        }
        // The list holds no secret unless the damage wrote one into it, which no word does.
        assert!(said.iter().all(|said| !said.contains(SECRET)), "{said:?}");
        fs::write(&files[which], &originals[which]).unwrap();
    });
}

/// One of the marks that people separate and escape with, or a letter.
pub(crate) fn awkward(round: &mut Round, length: usize) -> String {
    const SIGNS: &[&str] = &[
        "@",
        ":",
        "/",
        "%",
        "#",
        "?",
        " ",
        "&",
        "=",
        ";",
        "+",
        "\"",
        "'",
        "\\",
        "<",
        ">",
        "[",
        "]",
        "{",
        "}",
        "|",
        "^",
        "`",
        "ə",
        "İ",
        "ß",
        "пароль",
        "密",
        "%40",
        "%2F",
        "%",
        "_",
        "..",
        ",",
        "$",
        "!",
        "*",
        "(",
        ")",
        "~",
        "a",
        "Z",
        "7",
        "user=",
        "_password=",
        "://",
        "\u{301}",
    ];
    (0..length).map(|_| *pick(&mut round.rng, SIGNS)).collect()
}
