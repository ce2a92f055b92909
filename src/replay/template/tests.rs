//! What is put into a name is read out of it again, and a hostile name costs nothing.

use proptest::prelude::*;

use super::*;

fn baku() -> TimeZone {
    TimeZone::get("Asia/Baku").unwrap()
}

fn read(template: &str, path: &str) -> Option<(String, String)> {
    let said = Template::parse(template).unwrap().read(path, &baku())?;
    let whose = match said.whose {
        Some(Whose::Station(station)) => station.to_string(),
        Some(Whose::Camera(name)) => name,
        None => String::new(),
    };
    Some((whose, said.at.timestamp().to_string()))
}

#[test]
fn names_of_well_known_recorders_are_read() {
    let said = |whose: &str, at: &str| Some((whose.to_owned(), at.to_owned()));
    for (template, path, expected) in [
        (
            "{path}/{YYYY}-{MM}-{DD}_{hh}-{mm}-{ss}-{us}",
            "site/cam 1/2024-02-07_08-00-03-250000.mp4",
            said("site/cam 1", "2024-02-07T04:00:03.25Z"),
        ),
        (
            "{YYYY}-{MM}-{DD}/{hh}/{camera}/{mm}.{ss}.mp4",
            "2024-02-07/08/front_door/59.07.MP4",
            said("front_door", "2024-02-07T04:59:07Z"),
        ),
        (
            "*_{district}-{station}_{YYYY}{MM}{DD}{hh}{mm}{ss}{ms}.*",
            "NVR_7_57-12_20240207080003007.mkv",
            said("57/12", "2024-02-07T04:00:03.007Z"),
        ),
        ("{camera}_{unix}", "a_b_1707289200.flv", said("a_b", "2024-02-07T07:00:00Z")),
        ("{YY}{MM}{DD}-{hh}{mm}", "240207-0800.ts", said("", "2024-02-07T04:00:00Z")),
        (
            "{station}/{YY}{MM}{DD}-{hh}{mm}",
            "12/240207-0800.ts",
            said("12", "2024-02-07T04:00:00Z"),
        ),
        ("{camera}/{YY}{MM}{DD}-{hh}{mm}", "a/b/240207-0800.ts", None),
        ("{camera}/{YY}{MM}{DD}-{hh}{mm}", "a/240207-0800.txt", None),
        ("{camera}/{YY}{MM}{DD}-{hh}{mm}", "a/240230-0800.ts", None),
        ("{camera}/{YY}{MM}{DD}-{hh}{mm}", "a/240207-0860.ts", None),
        ("{camera}/{YY}{MM}{DD}-{hh}{mm}.mp4", "a/240207-0800.ts", None),
        ("{district}_{station}_{unix}", "0_1_5.ts", None),
        ("{camera}{unix}", "5.ts", None),
    ] {
        assert_eq!(read(template, path), expected, "{template} {path}");
    }
    let kind = Template::parse("{district}-{station}-{kind}-{unix}").unwrap();
    assert_eq!(kind.read("1-2-sub-9.ts", &baku()).unwrap().kind, Some(FeedKind::Sub));
    assert_eq!(kind.read("1-2-side-9.ts", &baku()), None);
}

#[test]
fn what_is_wrong_with_a_template_is_said() {
    for (typed, error) in [
        ("{year}", TemplateError::Unknown("year".into())),
        ("{YYYY", TemplateError::Brace),
        ("YYYY}", TemplateError::Brace),
        ("{unix}{unix}", TemplateError::Twice("unix")),
        ("{camera}", TemplateError::Lacks("YYYY")),
        ("{YYYY}{MM}{DD}{mm}", TemplateError::Lacks("hh")),
        (&"*".repeat(70), TemplateError::TooLong),
        (&"x".repeat(5000), TemplateError::TooLong),
    ] {
        assert_eq!(Template::parse(typed), Err(error), "{typed}");
    }
}

#[test]
fn a_hostile_name_is_read_through_once() {
    // Each star could end anywhere: without memory that would be 4000 to the power of thirty.
    let template = Template::parse(&format!("{}x{{unix}}", "*a".repeat(30))).unwrap();
    let path = format!("{}.mp4", "a".repeat(4000));
    assert_eq!(template.read(&path, &baku()), None);
    assert_eq!(template.read(&format!("{}.mp4", "a".repeat(5000)), &baku()), None);
}

/// A template out of random parts, and a name that it describes.
fn named() -> impl Strategy<Value = (String, String, StationId, i64)> {
    let text = "[-_. a-zəşçğ]{1,4}";
    let order = Just(vec![0, 1, 2, 3, 4, 5, 6, 7, 8]).prop_shuffle();
    let texts = prop::collection::vec(text, 10);
    // 2000 to 2090.
    let seconds = 946_684_800i64..3_786_912_000;
    (order, texts, seconds, 0i64..1000, 1u16..999, 1u32..99_999, any::<bool>()).prop_map(
        |(order, texts, seconds, ms, district, station, folders)| {
            let at = jiff::Timestamp::from_second(seconds).unwrap().to_zoned(baku());
            let field = |n: &usize| match n {
                0 => ("{YYYY}", at.strftime("%Y").to_string()),
                1 => ("{MM}", at.strftime("%m").to_string()),
                2 => ("{DD}", at.strftime("%d").to_string()),
                3 => ("{hh}", at.strftime("%H").to_string()),
                4 => ("{mm}", at.strftime("%M").to_string()),
                5 => ("{ss}", at.strftime("%S").to_string()),
                6 => ("{ms}", format!("{ms:03}")),
                7 => ("{district}", district.to_string()),
                _ => ("{station}", station.to_string()),
            };
            let (mut template, mut name) = (String::new(), String::new());
            for (n, text) in order.iter().zip(&texts) {
                let between = if folders { format!("{text}/") } else { text.clone() };
                let (placeholder, value) = field(n);
                template += &format!("{between}{placeholder}");
                name += &format!("{between}{value}");
            }
            template.push('x');
            name.push_str("x.mkv");
            let at_us = at.timestamp().as_microsecond() + ms * 1000;
            (template, name, StationId::new(district, station), at_us)
        },
    )
}

proptest! {
    #[test]
    fn what_is_put_in_comes_out((template, name, station, at_us) in named()) {
        // What stands before a name is not told from none: no path in a folder begins with it.
        let trimmed = template.trim_start().trim_start_matches("./");
        let name = &name[template.len() - trimmed.len()..];
        let parsed = Template::parse(trimmed).unwrap();
        let said = parsed.read(name, &baku()).unwrap();
        prop_assert_eq!(said.whose, Some(Whose::Station(station)));
        prop_assert_eq!(said.at.as_micros(), at_us);
        prop_assert_eq!(Template::parse(&parsed.to_string()), Ok(parsed));
    }

    #[test]
    fn nothing_panics(template in ".{0,60}", path in ".{0,60}") {
        if let Ok(template) = Template::parse(&template) {
            template.read(&format!("{path}.mp4"), &baku());
        }
    }
}
