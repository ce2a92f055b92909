//! Guards the layering of the sources: a lower level never imports a higher one, and what may be
//! named where (FFmpeg, wgpu, sockets, threads, the system's clock) stays where it belongs.
//!
//! A new top-level module gets a row in [`LEVELS`]; an arrow between two modules of one level gets
//! a row with its reason in [`ALLOWED_SIBLINGS`]. See `docs/decisions/0001-levels-and-modules.md`.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code")]

#[path = "support/source_paths.rs"]
mod source_paths;

use source_paths::{NamedPath, named_paths};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Top-level modules and their levels. `lib` is the crate's root, which declares them all.
const LEVELS: &[(&str, u8)] = &[
    ("clock", 0),
    ("model", 0),
    ("text", 0),
    ("frame", 0),
    ("config", 1),
    ("health", 1),
    ("wall", 1),
    ("media", 1),
    ("journal", 2),
    ("ingest", 2),
    ("record", 2),
    ("replay", 2),
    ("metrics", 2),
    ("simulate", 2),
    ("evidence", 2),
    ("render", 3),
    ("ui", 4),
    ("app", 5),
    ("main", 5),
    ("lib", 6),
];

/// Arrows between modules of one level: from, to, why. They must not close a circle.
const ALLOWED_SIBLINGS: &[(&str, &str, &str)] = &[
    ("frame", "clock", "a picture carries the time it arrived and was taken"),
    ("model", "clock", "an election day is a span of wall time"),
    ("model", "text", "names are compared and sorted as Azerbaijani does"),
    ("evidence", "record", "what is sealed is what was recorded"),
    ("evidence", "journal", "signed heads stand in the journal"),
    ("wall", "health", "the attention list shows what the alarms are about"),
    ("record", "journal", "the ledger reads what was written down of states and runs"),
    ("replay", "record", "what is replayed is what was recorded"),
    ("main", "app", "the binary is a thin shell around it"),
];

/// Macros that `#[macro_export]` puts at the crate's root, and the module they belong to.
const ROOT_MACROS: &[(&str, &str)] = &[("tr", "text")];

/// Names kept to some modules.
struct Fence {
    /// A path is caught when it begins with one of these.
    names: &'static [&'static str],
    modules: Modules,
    /// Whether `#[cfg(test)]` code is free of it.
    tests_exempt: bool,
    why: &'static str,
}

enum Modules {
    /// Only these may.
    Only(&'static [&'static str]),
    /// All but these may.
    AllBut(&'static [&'static str]),
}

const FENCES: &[Fence] = &[
    Fence {
        names: &["ffmpeg_next", "ffmpeg_sys_next"],
        modules: Modules::Only(&["media"]),
        tests_exempt: false,
        why: "only `media` names FFmpeg",
    },
    Fence {
        names: &["wgpu", "egui_wgpu", "eframe::wgpu", "eframe::egui_wgpu", "naga"],
        modules: Modules::Only(&["render", "app"]),
        tests_exempt: true,
        why: "only `render` and `app` name wgpu",
    },
    Fence {
        names: &["egui", "eframe", "winit"],
        modules: Modules::Only(&["render", "ui", "app"]),
        tests_exempt: false,
        why: "only `render`, `ui` and `app` name egui",
    },
    Fence {
        names: &["retina", "tokio"],
        modules: Modules::Only(&["ingest"]),
        tests_exempt: false,
        why: "only `ingest` names retina and tokio",
    },
    Fence {
        names: &["mio"],
        modules: Modules::Only(&["metrics", "simulate"]),
        tests_exempt: false,
        why: "only `metrics` and `simulate` name mio",
    },
    Fence {
        names: &["ed25519_dalek", "ct_merkle", "getrandom"],
        modules: Modules::Only(&["evidence"]),
        tests_exempt: false,
        why: "only `evidence` holds a key and makes proofs",
    },
    Fence {
        names: &["socket2"],
        modules: Modules::Only(&["simulate"]),
        tests_exempt: false,
        why: "only `simulate` names socket2",
    },
    Fence {
        names: &["sd_notify"],
        modules: Modules::Only(&["app"]),
        tests_exempt: false,
        why: "only `app` talks to the system that has started it",
    },
    Fence {
        names: &["std::thread", "std::net", "std::fs", "std::process", "std::os", "rayon"],
        modules: Modules::AllBut(&["health", "wall", "model"]),
        tests_exempt: true,
        why: "`health`, `wall` and `model` are pure: no thread, socket or file",
    },
    Fence {
        names: &["std::thread", "std::net", "std::fs", "std::process", "std::os", "rayon"],
        modules: Modules::AllBut(&["ui"]),
        tests_exempt: true,
        why: "`ui` never opens, blocks or joins",
    },
    Fence {
        names: &["anyhow"],
        modules: Modules::Only(&["app", "main"]),
        tests_exempt: true,
        why: "a module below `app` has an error type of its own",
    },
    // tokio's own `Instant` only sets the reactor's timers and stops with a test's paused clock.
    Fence {
        names: &[
            "std::time::Instant::now",
            "std::time::SystemTime::now",
            "Instant::now",
            "SystemTime::now",
            "jiff::Timestamp::now",
            "jiff::Zoned::now",
        ],
        modules: Modules::Only(&["clock"]),
        tests_exempt: false,
        why: "only `clock` asks the time; take a `clock::Clock`",
    },
];

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    file: String,
    line: usize,
    what: String,
}

/// A source file, its path given from the package's root (`src/wall/pages.rs`).
struct Source {
    file: String,
    text: String,
}

fn level(module: &str) -> Option<u8> {
    LEVELS.iter().find(|(name, _)| *name == module).map(|(_, level)| *level)
}

/// `src/wall/pages.rs` → `["wall", "pages"]`; the root is empty.
fn module_of(file: &str) -> Vec<String> {
    let inner = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    if parts == ["lib"] { Vec::new() } else { parts }
}

/// Every broken rule in these files.
fn check(sources: &[Source]) -> BTreeSet<Violation> {
    let mut found = BTreeSet::new();
    let mut readings = Vec::new();
    let mut test_modules = BTreeSet::new();
    for source in sources {
        let module = module_of(&source.file);
        let top = module.first().map_or("lib", String::as_str).to_owned();
        let mut report = |line, what| {
            found.insert(Violation { file: source.file.clone(), line, what });
        };
        if level(&top).is_none() {
            report(
                1,
                format!(
                    "the new top-level module `{top}` has no level: add it to LEVELS in \
                     tests/architecture.rs and to the table in docs/decisions/0001"
                ),
            );
            continue;
        }
        match named_paths(&source.text, &module) {
            Err(problem) => report(1, problem),
            Ok(named) => {
                for (line, what) in named.opaque {
                    report(line, format!("{what} hides code from this test: do without it"));
                }
                for name in named.test_modules {
                    let mut inner = module.clone();
                    inner.push(name);
                    test_modules.insert(inner);
                }
                readings.push((source, module, top, named.paths));
            }
        }
    }
    for (source, module, top, paths) in readings {
        let test_file = (1..=module.len()).any(|n| test_modules.contains(&module[..n]));
        for mut path in paths {
            path.in_test |= test_file;
            let broken = broken_arrow(&top, &path).into_iter().chain(broken_fences(&top, &path));
            found.extend(broken.map(|what| Violation {
                file: source.file.clone(),
                line: path.line,
                what,
            }));
        }
    }
    found
}

/// The rule of levels for one path.
fn broken_arrow(from: &str, path: &NamedPath) -> Option<String> {
    if path.segments.first()? != "crate" || from == "lib" {
        return None;
    }
    let Some(first) = path.segments.get(1) else {
        return Some("the crate's root is given another name: name the module instead".to_owned());
    };
    if first == "*" {
        return Some("a glob of the crate's root: name the module instead".to_owned());
    }
    let to = ROOT_MACROS.iter().find(|(name, _)| name == first).map_or(first.as_str(), |m| m.1);
    if to == from {
        return None;
    }
    let Some(to_level) = level(to) else {
        return Some(format!("`crate::{to}` is in no table of tests/architecture.rs"));
    };
    let from_level = level(from)?;
    if to_level > from_level {
        return Some(format!(
            "`{from}` (level {from_level}) must not import `{to}` (level {to_level})"
        ));
    }
    let allowed = ALLOWED_SIBLINGS.iter().any(|(a, b, _)| *a == from && *b == to);
    if to_level == from_level && !allowed {
        return Some(format!(
            "`{from}` and `{to}` stand on one level: such an arrow needs a row, with its reason, \
             in ALLOWED_SIBLINGS"
        ));
    }
    None
}

/// The fences that one path climbs over.
fn broken_fences(from: &str, path: &NamedPath) -> Vec<String> {
    let named = path.segments.join("::");
    FENCES
        .iter()
        .filter(|fence| !(fence.tests_exempt && path.in_test))
        .filter(|fence| match fence.modules {
            Modules::Only(modules) => !modules.contains(&from),
            Modules::AllBut(modules) => modules.contains(&from),
        })
        .filter(|fence| fence.names.iter().any(|name| begins_with(&path.segments, name)))
        .map(|fence| format!("`{named}` in `{from}`: {}", fence.why))
        .collect()
}

fn begins_with(segments: &[String], name: &str) -> bool {
    let mut wanted = name.split("::");
    let mut given = segments.iter();
    wanted.all(|part| given.next().is_some_and(|segment| segment == part))
}

fn read_sources(folder: &Path, root: &Path, into: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read_sources(&path, root, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            into.push(Source { file, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

#[test]
fn no_arrow_points_upward() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    read_sources(&root.join("src"), root, &mut sources);
    assert!(sources.len() > 5, "the sources were not found under {}", root.display());
    let found = check(&sources);
    let mut list = String::new();
    for Violation { file, line, what } in &found {
        writeln!(list, "{file}:{line}: {what}").unwrap();
    }
    assert!(found.is_empty(), "{} broken arrows:\n{list}", found.len());
}

#[test]
fn sibling_arrows_join_one_level_and_close_no_circle() {
    for (from, to, why) in ALLOWED_SIBLINGS {
        assert_eq!(level(from), level(to), "{from} → {to} are no siblings");
        assert!(!why.is_empty());
        let mut reached = BTreeSet::from([*to]);
        loop {
            let next: BTreeSet<&str> = ALLOWED_SIBLINGS
                .iter()
                .filter(|(a, _, _)| reached.contains(a))
                .map(|(_, b, _)| *b)
                .chain(reached.iter().copied())
                .collect();
            if next == reached {
                break;
            }
            reached = next;
        }
        assert!(!reached.contains(from), "{from} → {to} closes a circle");
    }
}

/// The lines and the reasons found in one made-up file.
fn caught(file: &str, text: &str) -> Vec<(usize, String)> {
    let sources = [Source { file: file.to_owned(), text: text.to_owned() }];
    check(&sources).into_iter().map(|violation| (violation.line, violation.what)).collect()
}

/// Exactly one violation, on `line`, whose text holds `part`.
fn assert_caught(file: &str, text: &str, line: usize, part: &str) {
    let found = caught(file, text);
    assert_eq!(found.len(), 1, "{text}\n→ {found:?}");
    assert_eq!(found[0].0, line, "{text}\n→ {found:?}");
    assert!(found[0].1.contains(part), "{text}\n→ {found:?}");
}

#[test]
fn upward_imports_are_caught_however_they_are_written() {
    let upward = "must not import `ui`";
    for text in [
        "\nuse crate::ui::theme;",
        "\nuse crate::{clock::Mono, ui};",
        "\nuse crate::{ui::{self as screens}, clock};",
        "\npub(crate) use crate::ui::theme::*;",
        "\nfn f() { crate::ui::theme::dim() }",
        "\nfn f(_: &crate::ui::Theme) {}",
        "\nfn f() { log::info!(\"{}\", crate::ui::NAME) }",
        "\nuse super::ui::theme;",
        "\nmod inner { fn f() { super::super::ui::x() } }",
        "\nuse pollwall::ui;",
        "\n#[cfg(test)] mod tests { use crate::ui::theme; }",
        "\n#[derive(Debug)] struct S(Vec<crate::ui::Tile>);",
        "\nimpl From<crate::ui::Tile> for u8 {}",
        "\nuse crate::r#ui::theme;",
    ] {
        assert_caught("src/wall.rs", text, 2, upward);
    }
    assert_caught("src/wall/pages.rs", "use super::super::ui::Tile;", 1, upward);
    assert_caught("src/render/tiles.rs", "//! A tile.\n\nuse crate::app::run;", 3, "level 5");
}

#[test]
fn roots_that_hide_an_arrow_are_caught() {
    assert_caught("src/wall.rs", "use crate::*;", 1, "glob");
    assert_caught("src/wall.rs", "use crate as root;", 1, "another name");
    assert_caught("src/wall.rs", "use crate::elsewhere::X;", 1, "in no table");
    assert_caught("src/wall.rs", "#[path = \"../ui.rs\"] mod x;", 1, "#[path]");
    assert_caught("src/wall.rs", "include!(\"x.rs\");", 1, "include!");
    assert_caught("src/wall.rs", "fn f( {", 1, "not Rust");
    assert_caught("src/brand_new.rs", "", 1, "add it to LEVELS");
    assert_caught("src/brand_new/deep.rs", "", 1, "add it to LEVELS");
}

#[test]
fn siblings_need_a_row() {
    assert_caught("src/health.rs", "use crate::media::Decoder;", 1, "ALLOWED_SIBLINGS");
    assert_caught("src/clock.rs", "use crate::frame::VideoFrame;", 1, "ALLOWED_SIBLINGS");
    assert_eq!(caught("src/frame.rs", "use crate::clock::Mono;"), []);
}

#[test]
fn fences_hold() {
    let cases = [
        ("src/ingest.rs", "use ffmpeg_next as ff;", "only `media`"),
        ("src/render.rs", "fn f() { ffmpeg_next::init(); }", "only `media`"),
        ("src/ui.rs", "fn f(_: &eframe::wgpu::Device) {}", "name wgpu"),
        ("src/ui.rs", "use eframe::{egui, egui_wgpu};", "name wgpu"),
        ("src/ingest.rs", "use egui::Context;", "name egui"),
        ("src/media.rs", "use tokio::sync::Notify;", "retina and tokio"),
        ("src/ingest.rs", "use mio::Poll;", "name mio"),
        ("src/metrics/server.rs", "use socket2::Socket;", "names socket2"),
        ("src/ingest.rs", "fn f() { sd_notify::notify(&[]); }", "has started it"),
        ("src/config.rs", "use anyhow::Result;", "error type of its own"),
        ("src/health.rs", "use std::thread::JoinHandle;", "pure"),
        ("src/wall.rs", "use std::{collections::HashMap, fs};", "pure"),
        ("src/model/day.rs", "fn f() { std::net::TcpStream::connect(a); }", "pure"),
        ("src/ui/search.rs", "use std::fs::File;", "never opens"),
        ("src/app.rs", "fn f() { std::time::Instant::now(); }", "asks the time"),
        ("src/app.rs", "fn f() { jiff::Zoned::now(); }", "asks the time"),
        ("src/app.rs", "fn f() -> T { Instant::now() }", "asks the time"),
    ];
    for (file, text, part) in cases {
        assert_caught(file, text, 1, part);
    }
    // Imported, renamed, or named through a module: the line that uses it is caught.
    for text in [
        "use std::time::Instant;\nfn f() { Instant::now(); }",
        "use std::time::Instant as Tick;\nfn f() { Tick::now(); }",
        "use std::{time};\nfn f() { time::SystemTime::now(); }",
        "use std as s;\nfn f() { s::time::Instant::now(); }",
    ] {
        assert_caught("src/app.rs", text, 2, "asks the time");
    }
}

#[test]
fn tests_may_use_what_only_their_module_may_not() {
    let inline = "#[cfg(test)]\nmod tests { use std::fs; fn f() { std::thread::current(); } }";
    assert_eq!(caught("src/health.rs", inline), []);
    let function = "#[test]\nfn f() { std::fs::read(\"x\").unwrap(); }\nuse std::fs;";
    assert_caught("src/health.rs", function, 3, "pure");
    let sources = [
        Source { file: "src/wall.rs".into(), text: "#[cfg(test)]\nmod tests;".into() },
        Source { file: "src/wall/tests.rs".into(), text: "use std::fs;".into() },
        Source { file: "src/wall/pages.rs".into(), text: "use std::fs;".into() },
    ];
    let found = check(&sources);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found.first().unwrap().file, "src/wall/pages.rs");
}

#[test]
fn what_is_allowed_passes() {
    for (file, text) in [
        ("src/lib.rs", "pub mod ui;\npub mod clock;\npub use ui::Tile;"),
        ("src/main.rs", "fn main() { pollwall::app::main() }"),
        ("src/app.rs", "use crate::{ui, render, ingest::Source, clock};\nuse anyhow::Context;"),
        ("src/ui.rs", "use crate::render::TilePicture;\nuse egui::Ui;\nuse crate::tr;"),
        ("src/ui.rs", "fn f(t: &Text) { crate::tr!(t, \"key\"); self::g(); Self::h(); }"),
        ("src/wall.rs", "//! Not [`crate::ui`], says `crate::ui::x`.\n/* crate::ui */ fn f() {}"),
        ("src/wall.rs", "fn f() { let s = \"crate::ui::x\"; }"),
        ("src/wall/pages.rs", "use super::{Layout, tour::Tour};\nuse crate::wall::Page;"),
        ("src/media.rs", "use ffmpeg_next::{format, codec};\nuse crate::frame::VideoFrame;"),
        ("src/ingest.rs", "fn f<'a>() -> impl Sized + use<'a> { tokio::spawn(x) }"),
        ("src/clock.rs", "use std::time::Instant;\nfn f() { Instant::now(); }"),
    ] {
        assert_eq!(caught(file, text), [], "{file}: {text}");
    }
}
