//! The first run and the import, by keys and by mouse, without a window.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use eframe::egui;
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use pollwall::config::list::{Parsed, diff, examine};
use pollwall::config::secrets::ListSecrets;
use pollwall::model::StationList;
use pollwall::render::offscreen::Offscreen;
use pollwall::text::{Lang, Text};
use pollwall::ui::first_run::{self, Choice, DemoState, FirstRun};
use pollwall::ui::import::{self, Ask, Entry, Import, Listing, Sheet};
use pollwall::ui::{self};

use crate::rig::{NOW, OurRenderer, ago};

/// A screen with its state, and what came out of it.
struct Bench<S, O> {
    harness: Harness<'static>,
    state: Rc<RefCell<S>>,
    out: Rc<RefCell<Vec<O>>>,
}

fn bench<S: 'static, O: 'static>(
    size: [u32; 2],
    state: S,
    show: impl Fn(&mut egui::Ui, &mut S) -> Vec<O> + 'static,
) -> Bench<S, O> {
    let (state, out) = (Rc::new(RefCell::new(state)), Rc::new(RefCell::new(Vec::new())));
    let (s, o) = (Rc::clone(&state), Rc::clone(&out));
    let pixels = egui::vec2(size[0] as f32, size[1] as f32);
    let scale = ui::scale_for(pixels);
    let mut screen = Offscreen::new(size).unwrap();
    screen.set_ground(ui::theme::BACKGROUND);
    let mut harness = Harness::builder()
        .with_size(pixels / scale)
        .with_pixels_per_point(scale)
        .renderer(OurRenderer(screen, size))
        .with_context_setup(ui::theme::install)
        .build_ui(move |ui| o.borrow_mut().extend(show(ui, &mut s.borrow_mut())));
    harness.run_steps(2);
    Bench { harness, state, out }
}

impl<S, O> Bench<S, O> {
    fn press(&mut self, key: egui::Key) {
        self.harness.key_press(key);
        self.harness.run_steps(2);
    }

    /// Presses a key and keeps it down for a while.
    fn hold(&mut self, key: egui::Key) {
        for _ in 0..4 {
            self.harness.key_down(key);
            self.harness.run_steps(2);
        }
        self.harness.key_up(key);
        self.harness.run_steps(1);
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(3);
    }

    fn out(&self) -> Vec<O> {
        self.out.borrow_mut().drain(..).collect()
    }

    fn there(&self, part: &str) -> bool {
        self.harness.query_all_by(|n| n.label().is_some_and(|l| l.contains(part))).next().is_some()
    }

    fn snapshot(&mut self, name: &str) {
        self.harness.run_steps(1);
        self.harness.render().unwrap();
        self.harness.run_steps(1);
        let options = SnapshotOptions::new().threshold(1.0).max_failed_pixels(40);
        self.harness.snapshot_options(name, &options);
    }

    fn drop_file(&mut self, file: &str) {
        self.harness.input_mut().dropped_files.push(Arc::new(Dropped(file.into())));
        self.harness.run_steps(2);
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody reads it here".into())
    }
}

fn first(lang: Lang, demo: DemoState) -> Bench<FirstRun, Choice> {
    let text = Text::of(lang);
    let mut state = FirstRun::default();
    state.demo = demo;
    bench([1280, 720], state, move |ui, state| first_run::show(ui, state, NOW, &text))
}

#[test]
fn the_first_screen_in_three_languages() {
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let mut first = first(lang, DemoState::NotAsked);
        first.snapshot(&format!("first_run_{}", lang.code()));
        all.extend_harness(&mut first.harness);
    }
}

#[test]
fn the_first_screen_is_worked_by_keys_alone() {
    use egui::Key;
    let mut first = first(Lang::En, DemoState::NotAsked);
    first.hold(Key::Enter);
    assert_eq!(
        first.out(),
        [Choice::Import],
        "the keyboard begins at the import, and once is once"
    );
    first.press(Key::ArrowRight);
    first.press(Key::Enter);
    assert_eq!(first.out(), [Choice::Demo]);
    for (key, choice) in [
        (Key::I, Choice::Import),
        (Key::D, Choice::Demo),
        (Key::L, Choice::Language(Lang::Ru)),
        (Key::F, Choice::ToggleFullScreen),
    ] {
        first.press(key);
        assert_eq!(first.out(), [choice]);
    }
    // Through every control and around.
    let mut seen = Vec::new();
    let mut opened = 0;
    for _ in 0..8 {
        first.press(Key::Tab);
        first.press(Key::Space);
        seen.extend(first.out());
        // The field stands in the cards' place.
        if !first.there("Open the demo") {
            opened += 1;
            first.press(Key::Escape);
        }
    }
    assert!(opened >= 1, "the folder's card");
    let languages = Lang::ALL.map(Choice::Language);
    assert!(languages.iter().all(|l| seen.contains(l)), "{seen:?}");
    assert!(seen.contains(&Choice::Import) && seen.contains(&Choice::Demo), "{seen:?}");
}

#[test]
fn a_folder_of_recordings_is_typed_and_opened() {
    use egui::Key;
    let mut first = first(Lang::En, DemoState::NotAsked);
    first.press(Key::O);
    first.harness.event(egui::Event::Text("/media/usb/07.02 ".to_owned()));
    first.harness.run_steps(2);
    first.snapshot("first_run_folder");
    // Letters are letters.
    first.press(Key::D);
    assert_eq!(first.out(), []);
    first.press(Key::Enter);
    assert_eq!(first.out(), [Choice::Folder("/media/usb/07.02".into())]);
    first.press(Key::O);
    first.press(Key::Enter);
    assert_eq!(first.out(), [], "nothing was typed");
    first.press(Key::O);
    first.press(Key::Escape);
    first.press(Key::D);
    assert_eq!(first.out(), [Choice::Demo], "back at the cards");
    first.click("Open a folder of recordings");
    first.press(Key::Escape);
    assert_eq!(first.out(), []);
}

#[test]
fn the_first_screen_is_worked_by_mouse_alone() {
    let mut first = first(Lang::En, DemoState::NotAsked);
    for (label, choice) in [
        ("Open the demo", Choice::Demo),
        ("Import a station list", Choice::Import),
        ("Azərbaycanca", Choice::Language(Lang::Az)),
        ("Русский", Choice::Language(Lang::Ru)),
    ] {
        first.click(label);
        assert_eq!(first.out(), [choice]);
    }
    first.drop_file("/media/usb/list.csv");
    assert_eq!(first.out(), [Choice::ImportFile("/media/usb/list.csv".into())]);
}

#[test]
fn the_demo_says_how_far_it_is_and_can_be_left() {
    let doing = "Making the clips: 3 of 16".to_owned();
    let mut first = first(Lang::En, DemoState::Starting { since: ago(7.0), doing });
    first.snapshot("first_run_demo");
    first.press(egui::Key::Enter);
    first.press(egui::Key::D);
    first.drop_file("/l.csv");
    assert_eq!(first.out(), [], "one thing at a time");
    first.press(egui::Key::Escape);
    first.click("leave it");
    assert_eq!(first.out(), [Choice::StopDemo, Choice::StopDemo]);
    first.state.borrow_mut().demo = DemoState::Failed("no encoder here".into());
    first.harness.run_steps(2);
    first.click("Open the demo");
    assert_eq!(first.out(), [Choice::Demo], "it may be tried again");
}

fn importing(import: Import, lang: Lang, size: [u32; 2]) -> Bench<Import, Ask> {
    let text = Text::of(lang);
    bench(size, import, move |ui, import| import::show(ui, import, None, &text))
}

fn listing(folder: &str, names: &[&str]) -> Listing {
    let entry = |name: &&str| Entry {
        name: name.trim_end_matches('/').to_owned(),
        is_folder: name.ends_with('/'),
    };
    let entries = names.iter().map(entry).collect();
    Listing { folder: folder.into(), entries, ..Listing::default() }
}

/// In a folder with two lists and a folder.
fn choosing() -> Bench<Import, Ask> {
    let bench = importing(Import::new("/home/op".into()), Lang::En, [1280, 720]);
    assert_eq!(bench.out(), [Ask::Look("/home/op/".into())]);
    bench
        .state
        .borrow_mut()
        .listed(listing("/home/op/", &["Lists/", "stations-1.csv", "stations-2.csv"]));
    bench
}

#[test]
fn a_file_is_chosen_by_keys_alone() {
    use egui::Key;
    let mut bench = choosing();
    bench.harness.run_steps(2);
    bench.snapshot("import_choose");
    bench.press(Key::ArrowDown);
    bench.press(Key::ArrowDown);
    bench.press(Key::Enter);
    assert_eq!(bench.out(), [Ask::Read("/home/op/stations-1.csv".into())]);
    // It hangs; somebody goes back, and what comes later is of no interest.
    bench.press(Key::Escape);
    let late = Sheet::wrong("late".into(), &[], Vec::new());
    assert!(!bench.state.borrow_mut().was_read(Path::new("/home/op/stations-1.csv"), Ok(late)));
    bench.press(Key::Escape);
    assert!(bench.out().contains(&Ask::Close));
}

#[test]
fn a_path_is_typed_completed_and_pasted() {
    use egui::Key;
    let mut bench = choosing();
    bench.harness.event(egui::Event::Text("st".into()));
    bench.harness.run_steps(2);
    bench.press(Key::Tab);
    bench.harness.event(egui::Event::Text("2.csv".into()));
    bench.harness.run_steps(2);
    bench.press(Key::Enter);
    let asked = bench.out();
    assert_eq!(asked.last(), Some(&Ask::Read("/home/op/stations-2.csv".into())), "{asked:?}");

    let mut bench = choosing();
    bench.harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    bench.harness.event(egui::Event::Paste("file:///media/usb/a%20list.csv".into()));
    bench.harness.run_steps(2);
    assert_eq!(bench.out(), [Ask::Look("/media/usb".into())]);
    bench.press(Key::Enter);
    assert_eq!(bench.out().last(), Some(&Ask::Read("/media/usb/a list.csv".into())));
    // It is a folder: its content is shown instead.
    bench.state.borrow_mut().was_folder(Path::new("/media/usb/a list.csv"));
    bench.harness.run_steps(2);
    assert_eq!(bench.out(), [Ask::Look("/media/usb/a list.csv/".into())]);
}

#[test]
fn a_file_is_chosen_by_mouse_alone() {
    let mut bench = choosing();
    bench.harness.run_steps(2);
    bench.click("Lists");
    assert_eq!(bench.out(), [Ask::Look("/home/op/Lists/".into())]);
    bench.state.borrow_mut().listed(listing("/home/op/Lists/", &["may.csv"]));
    bench.harness.run_steps(2);
    bench.click("one folder up");
    assert_eq!(bench.out(), [Ask::Look("/home/op/".into())]);
    bench.drop_file("/media/usb/list.csv");
    assert!(bench.out().contains(&Ask::Read("/media/usb/list.csv".into())));
    let said = "list.csv cannot be read: no permission.".to_owned();
    assert!(bench.state.borrow_mut().was_read(Path::new("/media/usb/list.csv"), Err(said)));
    bench.harness.run_steps(2);
    bench.snapshot("import_unreadable");
    bench.click("back");
    assert!(bench.out().contains(&Ask::Close));
}

const HEAD: &str = "district,district_name,station,name,main\n";

fn csv(rows: impl IntoIterator<Item = (u32, u32, String, String)>) -> String {
    let row = |(d, s, name, url): (u32, u32, String, String)| {
        format!("{d},Nəsimi ikinci,{s},{name},{url}\n")
    };
    rows.into_iter().map(row).fold(HEAD.to_owned(), |all, row| all + &row)
}

fn school(d: u32, s: u32) -> (u32, u32, String, String) {
    let url = format!("rtsp://operator:s3cret-word@10.23.{d}.{s}/main");
    (d, s, format!("{} nömrəli tam orta məktəb", 20 + s), url)
}

/// A screen that has read this file, beside the list of that one.
fn looking_at(before: Option<&str>, file: &str, lang: Lang, size: [u32; 2]) -> Bench<Import, Ask> {
    let (rows, result) = examine(file.as_bytes());
    let name = "stations.csv".to_owned();
    let sheet = match result {
        Err(problems) => Sheet::wrong(name, &rows, problems),
        Ok(parsed) => {
            let old = before.map(|csv| examine(csv.as_bytes()).1.unwrap());
            let old = old.unwrap_or_else(|| Parsed {
                list: StationList::default(),
                secrets: ListSecrets::default(),
            });
            let changes = diff((&old.list, &old.secrets), (&parsed.list, &parsed.secrets));
            let present = before.map(|_| (3, &old.list));
            Sheet::right(name, &rows, &parsed.list, &changes, present)
                .with_secrets(parsed.secrets.len())
        }
    };
    let (mut import, ask) = Import::of_file("/home/op".into(), Path::new("/l/stations.csv"));
    assert_eq!(ask, Ask::Read("/l/stations.csv".into()));
    assert!(import.was_read(Path::new("/l/stations.csv"), Ok(sheet)));
    importing(import, lang, size)
}

/// Three good rows and some that are wrong, in every way that a cell can be.
fn wrong() -> String {
    let mut rows: Vec<_> = (1..=9).map(|s| school(23, s)).collect();
    rows[1].3 = "rtsps://operator:s3cret-word@10.23.23.2/main".to_owned();
    rows[3].1 = 1;
    rows[4].3 = String::new();
    rows[6].2 = "rtsp://operator:s3cret-word@10.0.0.1/".to_owned();
    csv(rows) + "x23,,5,Bağça,rtsp://10.1.1.1/a\n"
}

#[test]
fn every_problem_is_told_in_the_words_of_the_command_and_nothing_can_be_taken() {
    use egui::Key;
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let text = Text::of(lang);
        let file = wrong();
        let problems = examine(file.as_bytes()).1.unwrap_err();
        assert!(problems.len() >= 5, "{problems:?}");
        let mut bench = looking_at(None, &file, lang, [1920, 1080]);
        for problem in &problems {
            assert!(bench.there(&problem.expected.explain(&text)), "{problem:?}");
        }
        assert!(!bench.there("s3cret-word"), "a password is on the screen");
        bench.snapshot(&format!("import_problems_{}", lang.code()));
        bench.press(Key::A);
        assert_eq!(bench.out(), [], "a list with problems was taken");
        // The rows without a problem come on demand.
        assert!(!bench.there("29 nömrəli tam orta məktəb"));
        bench.press(Key::P);
        assert!(bench.there("21 nömrəli tam orta məktəb"));
        bench.press(Key::End);
        assert!(bench.there("29 nömrəli tam orta məktəb"));
        all.extend_harness(&mut bench.harness);
    }
}

#[test]
fn what_changes_is_shown_and_taken_only_when_somebody_says_so() {
    use egui::Key;
    let before = csv((1..=8).map(|s| school(23, s)));
    let mut rows: Vec<_> = (1..=9).filter(|s| *s != 4).map(|s| school(23, s)).collect();
    rows[1].2 = "Mədəniyyət evi".to_owned();
    rows[2].1 = 33;
    rows[4].3 = "rtsp://operator:another-word@10.23.23.6/main".to_owned();
    rows[5].3 = "rtsp://10.99.0.7/main".to_owned();
    let file = csv(rows);
    let mut bench = looking_at(Some(&before), &file, Lang::Az, [1920, 1080]);
    for said in
        ["yeni", "əvvəl 23/3 idi", "fərqlidir: ad", "çıxarılıb: bu faylda yoxdur", "URL dəyişib"]
    {
        assert!(bench.there(said), "{said}");
    }
    assert!(!bench.there("another-word") && !bench.there("s3cret-word"));
    bench.snapshot("import_changes");
    for key in [Key::Enter, Key::Space, Key::PageDown, Key::P] {
        bench.press(key);
    }
    assert_eq!(bench.out(), [], "taken without a clear word");
    bench.hold(Key::A);
    assert_eq!(bench.out(), [Ask::Accept]);
    bench.press(Key::A);
    assert_eq!(bench.out(), [], "it is being taken already");
    bench.press(Key::Escape);
    assert_eq!(bench.out(), [Ask::Close], "a disk that hangs does not hide the wall");
    bench.state.borrow_mut().was_refused("another list was accepted meanwhile".to_owned());
    bench.harness.run_steps(2);
    bench.press(Key::Escape);
    assert!(bench.out().contains(&Ask::Close));
}

#[test]
fn leaving_the_table_takes_nothing_and_the_mouse_does_all_of_it() {
    let file = csv((1..=3).map(|s| school(23, s)));
    let mut bench = looking_at(None, &file, Lang::En, [1280, 720]);
    bench.snapshot("import_first_list");
    bench.click("another file");
    assert!(!bench.out().contains(&Ask::Accept));
    let mut bench = looking_at(None, &file, Lang::En, [1280, 720]);
    bench.click("accept");
    assert_eq!(bench.out(), [Ask::Accept]);
    let mut same = looking_at(Some(&file), &file, Lang::En, [1280, 720]);
    assert!(!same.there("new"));
    same.press(egui::Key::A);
    assert_eq!(same.out(), [], "nothing to take");
}

#[test]
fn ten_thousand_rows_cost_no_more_than_those_on_screen() {
    let rows = (0..10_000).map(|n| school(n / 100 + 1, n % 100 + 1));
    let mut bench = looking_at(None, &csv(rows), Lang::En, [1280, 720]);
    let count = |bench: &Bench<Import, Ask>| {
        bench.harness.query_all_by(|n| n.label().is_some_and(|l| l.contains("orta"))).count()
    };
    assert!((5..40).contains(&count(&bench)), "{}", count(&bench));
    assert!(bench.there("1/1"));
    bench.press(egui::Key::End);
    assert!(bench.there("100/100") && !bench.there("· 1/1 ·"));
    assert!((5..40).contains(&count(&bench)), "{}", count(&bench));
    for _ in 0..3 {
        bench.press(egui::Key::PageUp);
    }
    assert!(!bench.there("100/100") && bench.there("100/7"));
    bench.press(egui::Key::Home);
    assert!(bench.there("· 1/1 ·"));
}
