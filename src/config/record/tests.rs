use super::*;
use crate::text::Lang;

const GOOD: &str = r#"
record = "sub"
volumes = ["/srv/a", "/srv/b/"]
audio = true

[seal]
file = "/mnt/commission/heads.jsonl"
url = "http://10.1.2.3:8080/heads"
"#;

#[test]
fn everything_is_read() {
    let config = parse(GOOD).unwrap();
    assert_eq!(config.record, FeedKind::Sub);
    assert_eq!(config.volumes, [PathBuf::from("/srv/a"), PathBuf::from("/srv/b")]);
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
    assert_eq!(one("url =", "uri ="), is(8, "seal.uri", UnknownKey));
    assert_eq!(one("http:", "https:"), is(8, "seal.url", NotHttp("https".into())));
    assert_eq!(one("http://10.1.2.3:8080/heads", "10.1.2.3"), is(8, "seal.url", NotUrl));
    assert_eq!(one("[seal]", "[sael]").key, "sael");
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
    let error = RecordConfigError::Wrong { path: "record.toml".into(), problems };
    for lang in Lang::ALL {
        assert_eq!(error.explain(&Text::of(lang)).lines().count(), 6);
    }
    let bad = read::parse_bytes(b"audio = true\nrecord = \"\xE7\"").unwrap_err();
    assert_eq!((bad[0].line, &bad[0].kind), (2, &RecordProblemKind::NotUtf8));
}

#[test]
fn the_documented_example_is_a_good_one() {
    let guide = include_str!("../../../docs/user/seal.md");
    let example = guide.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(parse(example).unwrap().seal.url.is_some());
}
