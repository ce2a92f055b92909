//! The three languages are complete and agree with each other and with the code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Every key of a language with the arguments its pattern names.
fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    use fluent_syntax::ast::Entry;
    let mut found = BTreeMap::new();
    for &source in lang.sources() {
        let resource = fluent_syntax::parser::parse(source)
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", lang.code()));
        for entry in &resource.body {
            let Entry::Message(m) = entry else { continue };
            let args = format!("{:?}", m.value);
            let args = args
                .match_indices("VariableReference { id: Identifier { name: \"")
                .map(|(at, lead)| {
                    args[at + lead.len()..].split('"').next().unwrap_or_default().to_owned()
                })
                .collect();
            let again = found.insert(m.id.name.to_owned(), args);
            assert!(again.is_none(), "{} has {} twice", lang.code(), m.id.name);
        }
    }
    found
}

#[test]
fn the_languages_have_the_same_keys_and_arguments() {
    let en = keys(Lang::En);
    for lang in [Lang::Az, Lang::Ru] {
        assert_eq!(en, keys(lang), "en and {} differ", lang.code());
    }
}

/// The string literals that follow `tr!(` in every source file.
fn used_keys(dir: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            used_keys(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            for call in source.split("tr!(").skip(1) {
                // `tr!(text, "key"`: the key is the first literal after the first comma.
                let Some((_, rest)) = call.split_once(',') else { continue };
                if let Some(rest) = rest.trim_start().strip_prefix('"') {
                    found.extend(rest.split('"').next().map(str::to_owned));
                }
            }
        }
    }
}

#[test]
fn every_key_in_the_code_exists_and_every_key_that_exists_is_used() {
    let mut used = BTreeSet::new();
    used_keys(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut used);
    used.retain(|k| !k.contains("::") && k != "key" && k != "tile-offline");
    let known: BTreeSet<String> = keys(Lang::En).into_keys().collect();
    let missing: Vec<_> = used.difference(&known).collect();
    assert!(missing.is_empty(), "used but not translated: {missing:?}");
    let idle: Vec<_> = known.difference(&used).collect();
    assert!(idle.is_empty(), "translated but not used: {idle:?}");
}

#[test]
fn russian_counts_as_russian_does() {
    let text = Text::of(Lang::Ru);
    assert_eq!(tr!(text, "count-stations", count = 1), "1 участок");
    assert_eq!(tr!(text, "count-stations", count = 3), "3 участка");
    assert_eq!(tr!(text, "count-stations", count = 1000), "1000 участков");
}

#[test]
fn counters() {
    assert_eq!(Text::counter(Duration::from_secs(7)), "0:07");
    assert_eq!(Text::counter(Duration::from_secs(271)), "4:31");
    assert_eq!(Text::counter(Duration::from_secs(13_325)), "3:42:05");
}

#[test]
fn locales_are_understood() {
    assert_eq!(Lang::from_locale("ru_RU.UTF-8"), Some(Lang::Ru));
    assert_eq!(Lang::from_locale("az"), Some(Lang::Az));
    assert_eq!(Lang::from_locale("C.UTF-8"), None);
}
