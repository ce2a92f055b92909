use super::*;
use crate::model::{FeedId, FeedKind, StationId};
use crate::text::Lang;

fn at(number: u64) -> Moment {
    let us = 1_707_289_200_000_000 + i64::try_from(number).unwrap() * 60_000_000;
    Moment { number, utc: WallTime::from_micros(us) }
}

fn finding(what: What) -> Finding {
    let is_of_heads = matches!(
        what,
        What::Form
            | What::Signature
            | What::Key
            | What::KeyChanged
            | What::HeadsMissing
            | What::Previous
            | What::Twice
            | What::Root
            | What::Unled
    );
    let feed = FeedId { station: StationId::new(57, 12), kind: FeedKind::Main };
    Finding {
        what,
        feed: (!is_of_heads).then_some(feed),
        places: (!is_of_heads).then_some((41, 47)),
        numbers: is_of_heads.then_some((41, 47)),
        after: Some(at(41)),
        by: Some(at(47)),
        line: is_of_heads.then_some(99),
        files: vec!["/v/one.mp4".into()],
        from: Some(at(3).utc),
        to: Some(at(5).utc),
    }
}

#[test]
fn everything_is_told_in_each_language_and_to_programs() {
    let all = [
        What::Form,
        What::Signature,
        What::Key,
        What::KeyChanged,
        What::HeadsMissing,
        What::Previous,
        What::Twice,
        What::Root,
        What::Unled,
        What::Rewritten,
        What::Missing,
        What::Tail,
        What::Changed,
        What::Broken,
        What::Unsealed,
        What::Unreadable("it bites".into()),
    ];
    let held = Held {
        heads: 60,
        first: Some(at(1)),
        newest: Some(at(60)),
        keys: [[7; 32]].into(),
        torn: 11,
        repeated: 13,
        segments: 117,
        covered: 104,
        not_yet: 19,
        copies: 23,
        unfinished: vec!["/v/open.mp4".into()],
        quarantined: vec!["/v/aside.mp4".into()],
        foreign: vec!["/v/notes.txt".into()],
        whole_up_to: Some(at(40)),
        ends_at: Some(at(50)),
        findings: all.clone().map(finding).to_vec(),
        ..Held::default()
    };
    for lang in Lang::ALL {
        let mut out = Vec::new();
        print(&held, &Text::of(lang), &mut out).unwrap();
        let said = String::from_utf8(out).unwrap();
        for expected in [
            "57/12 main",
            "41",
            "47",
            "99",
            "2024-02-07 07:41:00 UTC",
            "/v/one.mp4",
            "it bites",
            "117",
            "104",
            "11",
            "13",
            "19",
            "23",
            "/v/open.mp4",
            "/v/notes.txt",
            "/v/aside.mp4",
            "2024-02-07 07:50:00 UTC",
            &"07".repeat(32),
            "16",
        ] {
            assert!(said.contains(expected), "{expected} is not in\n{said}");
        }
        let heads: std::collections::BTreeSet<String> =
            held.findings.iter().map(|finding| headline(finding, &Text::of(lang))).collect();
        assert_eq!(heads.len(), all.len(), "each has words of its own");
        let last = |held: &Held| {
            let mut out = Vec::new();
            print(held, &Text::of(lang), &mut out).unwrap();
            String::from_utf8(out).unwrap().lines().last().unwrap().to_owned()
        };
        let intact = Held { findings: Vec::new(), ..held.clone() };
        let by_whom = Held { is_signer_known: true, ..intact.clone() };
        let verdicts = [&held, &intact, &by_whom].map(last);
        assert!(verdicts[0] != verdicts[1] && verdicts[1] != verdicts[2], "{verdicts:?}");
    }
    let told = in_json(&held);
    assert_eq!(told["verdict"], "findings");
    assert_eq!(told["ends_at"]["number"], 50);
    let codes: Vec<&str> =
        told["findings"].as_array().unwrap().iter().map(|f| f["what"].as_str().unwrap()).collect();
    assert_eq!(codes, all.map(|what| what.code()));
    assert_eq!(told["findings"][10]["segments"], json!([41, 47]));
    assert_eq!(told["findings"][15]["reason"], "it bites");
}
