use super::*;
use crate::text::Lang;

const GOOD: &str = r#"
record = "sub"
volumes = ["/srv/a", "/srv/b/"]
audio = true

[[volume]]
folder = "/srv/c/"
most = "2 TB"
keep_free = "1.5 GiB"

[[volume]]
folder = "/srv/d"

[warn]
hours_left = 5

[rehearsal]
keep_days = 7

[seal]
file = "/mnt/commission/heads.jsonl"
url = "http://10.1.2.3:8080/heads"
"#;

#[test]
fn everything_is_read() {
    let config = parse(GOOD).unwrap();
    assert_eq!(config.record, FeedKind::Sub);
    let folders = ["/srv/a", "/srv/b", "/srv/c", "/srv/d"].map(PathBuf::from);
    assert_eq!(config.volumes, folders);
    let limits = VolumeLimits { most: Some(2_000_000_000_000), keep_free: Some(3 << 29) };
    assert_eq!(config.limits[&folders[2]], limits);
    assert_eq!(config.limits[&folders[3]], VolumeLimits::default());
    assert_eq!((config.warn_hours_left, config.keep_days), (5, Some(7)));
    assert!(config.audio);
    assert_eq!(config.seal.file, Some("/mnt/commission/heads.jsonl".into()));
    assert_eq!(config.seal.url.unwrap().as_str(), "http://10.1.2.3:8080/heads");
}

#[test]
fn what_is_not_said_is_as_usual() {
    assert_eq!(parse("").unwrap(), RecordConfig::default());
    assert_eq!(load(Path::new("/nowhere/record.toml")).unwrap(), RecordConfig::default());
}

/// GOOD with one part replaced, and the single problem that makes.
fn one(from: &str, to: &str) -> RecordProblem {
    assert!(GOOD.contains(from), "{from}");
    let problems = parse(&GOOD.replace(from, to)).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.into_iter().next().unwrap()
}

#[test]
fn each_mistake_is_named_with_its_line_and_key() {
    use RecordProblemKind::*;
    let is = |line, key: &str, kind| RecordProblem { line, key: key.into(), kind };
    assert_eq!(one("\"sub\"", "\"both\""), is(2, "record", NotFeed("both".into())));
    assert_eq!(one("\"sub\"", "1"), is(2, "record", NotText));
    assert_eq!(one("/srv/a", "srv/a"), is(3, "volumes", NotAbsolute("srv/a".into())));
    assert_eq!(one("/srv/b/", "/srv/./a/"), is(3, "volumes", Again("/srv/a".into())));
    assert_eq!(one("[\"/srv/a\", \"/srv/b/\"]", "\"/srv/a\""), is(3, "volumes", NotList));
    assert_eq!(one("true", "\"yes\""), is(4, "audio", NotYesOrNo));
    assert_eq!(one("/mnt", "mnt").key, "seal.file");
    assert_eq!(one("url =", "uri ="), is(22, "seal.uri", UnknownKey));
    assert_eq!(one("http:", "https:"), is(22, "seal.url", NotHttp("https".into())));
    assert_eq!(one("http://10.1.2.3:8080/heads", "10.1.2.3"), is(22, "seal.url", NotUrl));
    assert_eq!(one("[seal]", "[sael]").key, "sael");
    assert_eq!(one("\"2 TB\"", "2"), is(8, "volume.most", NotText));
    assert_eq!(one("2 TB", "2 Tb/s"), is(8, "volume.most", NotSize("2 Tb/s".into())));
    assert_eq!(one("2 TB", "-2 TB").kind, NotSize("-2 TB".into()));
    assert_eq!(one("2 TB", "99 MB"), is(8, "volume.most", TooSmall("99 MB".into())));
    assert_eq!(one("1.5 GiB", "1.5.1 GiB").kind, NotSize("1.5.1 GiB".into()));
    assert_eq!(one("most =", "much ="), is(8, "volume.much", UnknownKey));
    assert_eq!(one("/srv/d", "/srv//a"), is(12, "volume.folder", Again("/srv/a".into())));
    assert_eq!(one("folder = \"/srv/d\"", ""), is(11, "volume", NoFolder));
    assert_eq!(
        one("hours_left = 5", "hours_left = 0"),
        is(15, "warn.hours_left", NotWithin(1, 1000))
    );
    assert_eq!(one("keep_days = 7", "keep_days = \"7\"").kind, NotWithin(1, 3650));
    assert_eq!(one("[rehearsal]", "[rehearsal.x]").key, "rehearsal.x");
    assert_eq!(one("record = \"sub\"", "record = = 1").line, 2);
}

#[test]
fn a_secret_in_an_address_is_refused_and_not_repeated() {
    for secret in ["http://ab:Qx7wert@10.1.2.3/", "http://10.1.2.3/?token=Qx7wert"] {
        let problem = one("http://10.1.2.3:8080/heads", secret);
        assert_eq!(problem.kind, RecordProblemKind::Secret, "{secret}");
        for lang in Lang::ALL {
            let said = problem.explain(&Text::of(lang));
            assert!(!said.contains("Qx7wert") && said.contains("seal.url"), "{said}");
        }
    }
}

#[test]
fn all_mistakes_are_listed_at_once_in_each_language() {
    let problems = parse("record = 1\naudio = 2\nvolumes = [3]\nx = 4\n[seal]\nfile = 5\n");
    let problems = problems.unwrap_err();
    assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [1, 2, 3, 4, 6]);
    let tables = parse("warn = 1\nrehearsal = 2\n[volume]\nfolder = \"/a\"\n").unwrap_err();
    let kinds: Vec<_> = tables.iter().map(|p| (p.line, &p.kind)).collect();
    let (table, volumes) = (&RecordProblemKind::NotTable, &RecordProblemKind::NotTables);
    assert_eq!(kinds, [(1, table), (2, table), (3, volumes)]);
    let sizes = ["most = \"1 KB\"", "most = \"1 TB\"\nkeep_free = \"much\""];
    let problems_of = |size| parse(&format!("[[volume]]\nfolder = \"/a\"\n{size}\n"));
    let said = sizes.map(|size| problems_of(size).unwrap_err().remove(0));
    assert_eq!((said[0].line, said[1].line), (3, 4));
    let error = RecordConfigError::Wrong { path: "record.toml".into(), problems };
    for lang in Lang::ALL {
        assert_eq!(error.explain(&Text::of(lang)).lines().count(), 6);
        for problem in tables.iter().chain(&said) {
            assert!(problem.explain(&Text::of(lang)).contains(&problem.key), "{problem:?}");
        }
    }
    let bad = read::parse_bytes(b"audio = true\nrecord = \"\xE7\"").unwrap_err();
    assert_eq!((bad[0].line, &bad[0].kind), (2, &RecordProblemKind::NotUtf8));
}

#[test]
fn the_documented_examples_are_good_ones() {
    let guide = include_str!("../../../docs/user/recording.md");
    let example = guide.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let config = parse(example).unwrap();
    assert_eq!((config.limits.len(), config.keep_days), (2, Some(7)));
    let guide = include_str!("../../../docs/user/seal.md");
    let example = guide.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(parse(example).unwrap().seal.url.is_some());
}
