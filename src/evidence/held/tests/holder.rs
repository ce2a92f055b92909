//! What stands with the second holder: what it may be, and what was done to it.

use super::*;

#[test]
fn heads_without_chains_are_led_to_by_the_files() {
    let mut country = Country::after(4);
    for minute in 4..7 {
        country.told(segment(one(), minute, 5000));
        country.seal_without_chains(minute + 1);
    }
    let held = country.is_intact();
    assert_eq!((held.covered, held.not_yet), (11, 0));
    let mut cut = country.clone();
    cut.remove(one(), 5..6);
    let held = cut.hold();
    let finding = held.findings.iter().find(|f| f.what == What::Unled).unwrap();
    assert_eq!((numbers(finding), finding.numbers), ((Some(5), Some(6)), Some((6, 7))));
    assert_eq!(held.whole_up_to.unwrap().number, 5);
    // A later head that has its chains tells which segments it is about.
    country.told(segment(one(), 7, 5000));
    country.seal(8);
    country.is_intact();
    country.remove(one(), 5..6);
    assert!(country.hold().findings.iter().any(|f| f.places == Some((5, 8))));
}

#[test]
fn what_a_holder_may_have_is_no_finding() {
    let mut country = Country::after(5);
    // A crash tears a line, the state of the delivery is lost, and all heads come again.
    let torn = format!("{}\n", &country.lines[3][..200]);
    country.lines.insert(3, torn);
    let again = country.lines.clone();
    country.lines.push("\n".into());
    country.lines.extend(again);
    (5..7).for_each(|minute| country.minute(minute));
    let held = country.is_intact();
    assert_eq!((held.heads, held.torn, held.repeated), (7, 2, 5));
    // Old ones come after newer ones.
    let mut turned = country.clone();
    turned.lines.rotate_left(8);
    turned.is_intact();
    // A holder that began later knows nothing of before, and says nothing of it.
    country.lines.drain(..country.lines.len() - 4);
    let held = country.is_intact();
    assert_eq!((held.covered, held.first.unwrap().number), (14, 4));
}

#[test]
fn heads_that_were_touched_are_found() {
    let json = |value: u64| serde_json::Value::from(value);
    type Edit = fn(&mut serde_json::Value);
    let edits: [(&str, Edit); 12] = [
        ("signature", |h| h["number"] = 77.into()),
        ("form", |h| h["made_utc_us"] = (h["made_utc_us"].as_i64().unwrap() + 1).into()),
        ("form", |h| h["utc"] = "2024-02-07T05:01:00.000000Z".into()),
        ("form", |h| h["feeds"] = 3.into()),
        ("form", |h| h["number"] = 0.into()),
        ("form", |h| h["format"] = "pollwall-head-2".into()),
        ("form", |h| h["key"] = h["root"].clone()),
        ("form", |h| h["signature"] = h["root"].clone()),
        ("signature", |h| h["root"] = h["previous"].clone()),
        ("signature", |h| h["previous"] = h["root"].clone()),
        ("root", |h| h["leaves"][0][1] = 99.into()),
        ("root", |h| h["leaves"][1][2] = h["root"].clone()),
    ];
    for (at, (code, edit)) in edits.into_iter().enumerate() {
        let mut country = Country::after(8);
        country.edit(4, edit);
        let held = country.hold();
        let first = &held.findings[0];
        assert_eq!((first.what.code(), first.line), (code, Some(5)), "{at}: {:#?}", held.findings);
        let others = held.findings[1..].iter().all(|f| f.what == What::HeadsMissing);
        assert!(others && held.covered == 16, "{at}: no recording is suspected: {held:#?}");
    }
    // One whose time was changed whole, and signed by nobody.
    let mut country = Country::after(8);
    country.edit(4, |h| {
        let us = h["made_utc_us"].as_i64().unwrap() + 1;
        h["made_utc_us"] = us.into();
        h["utc"] = WallTime::from_micros(us).to_string().into();
    });
    assert_eq!(country.finding().what, What::Signature);
    assert_eq!(country.finding().by.unwrap().number, json(5).as_u64().unwrap());

    let mut country = Country::after(8);
    country.lines.remove(4);
    let finding = country.finding();
    assert_eq!((finding.what.code(), finding.numbers), ("heads_missing", Some((5, 5))));
    assert_eq!(numbers(&finding), (Some(4), Some(6)));
}

#[test]
fn heads_of_another_key_are_found_by_the_fingerprint() {
    let country = Country::after(4);
    let heads = HeldHeads::of(country.lines.concat().as_bytes()).unwrap();
    let held = hold(heads, &country.whole(), Some(&new_key().fingerprint()));
    assert_eq!(codes(&held)[..4], ["key"; 4]);
    assert_eq!((held.heads, held.covered), (0, 0));
    // All that was done with the one key goes on with another.
    let mut country = Country::after(4);
    country.key = new_key();
    country.minute(4);
    let heads = HeldHeads::of(country.lines.concat().as_bytes()).unwrap();
    let held = hold(heads, &country.whole(), None);
    assert_eq!(
        (codes(&held), numbers(&held.findings[0])),
        (vec!["key_changed"], (Some(4), Some(5)))
    );
    // A head that fits, but follows on nothing.
    let mut country = Country::after(4);
    country.before = country.before.map(|head| Head { root: [1; 32], ..head });
    country.minute(4);
    assert_eq!(country.finding().what.code(), "previous");
}
