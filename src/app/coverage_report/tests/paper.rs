//! The page on paper, and how large a country's is.

use std::process::Command;

use super::*;

/// Prints a page as a person would.
fn printed(page: &Path) -> (usize, String) {
    let pdf = page.with_extension("pdf");
    let profile = page.with_extension("profile");
    let browser = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(page)
        .output()
        .expect("chromium, as packaging/lib.sh installs it");
    assert!(pdf.exists(), "{}", String::from_utf8_lossy(&browser.stderr));
    let text = |command: &str, args: &[&str]| {
        let out = Command::new(command).args(args).output();
        let out = out.expect("poppler-utils, as packaging/lib.sh installs it");
        String::from_utf8(out.stdout).unwrap()
    };
    let path = pdf.to_str().unwrap();
    let info = text("pdfinfo", &[path]);
    assert!(info.contains("A4"), "{info}");
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
    (pages.trim().parse().unwrap(), text("pdftotext", &["-layout", path, "-"]))
}

#[test]
fn it_prints_on_a4_with_numbered_pages_and_repeated_heads() {
    let ids: Vec<StationId> = (1..=30).map(|n| StationId::new(7, n)).collect();
    let rig = Rig::new(4, &ids, MINUTE, 3, 20);
    rig.report(Lang::Az, "");
    let (pages, text) = printed(&rig.dir.path().join("out/coverage-2024-02-07-az.html"));
    let sheets: Vec<&str> = text.split('\u{c}').take(pages).collect();
    assert!(pages > 3, "{pages}");
    for (at, sheet) in sheets.iter().enumerate() {
        assert!(
            sheet.contains(&format!("{} / {pages}", at + 1)),
            "page {} is not numbered",
            at + 1
        );
        assert!(sheet.contains("07.02.2024 tarixli əhatə hesabatı"), "nor says what it is of");
    }
    for id in &ids {
        assert!(text.contains(&id.to_string()), "{id}");
    }
    let cause = Text::of(Lang::Az).get("day-report-cause").into_owned();
    let with_gaps =
        sheets.iter().filter(|sheet| sheet.contains("7/20  ") || sheet.contains("7/29 "));
    assert!(with_gaps.count() > 0);
    let last = sheets.iter().rposition(|sheet| sheet.contains(&cause)).unwrap();
    let first = sheets.iter().position(|sheet| sheet.contains("Bütün boşluqlar")).unwrap();
    assert!(last > first, "the table of gaps has its head on the next page, too");
}

/// How long the report of a country takes, and how large it is; it stays in the folder that
/// `POLLWALL_REPORT` names.
#[test]
#[ignore = "a measurement: POLLWALL_REPORT=DIR cargo test --lib country_in_figures -- --ignored"]
fn the_country_in_figures() {
    // One in a hundred, or many: on a day on which nothing goes well.
    let rare = if std::env::var_os("POLLWALL_REPORT_BAD").is_some() { 20 } else { 700 };
    let ids = (0..1000u32).map(|n| StationId::new(1 + u16::try_from(n / 9).unwrap(), 1 + n % 9));
    let rig = Rig::new(8, &ids.collect::<Vec<_>>(), MINUTE, 12, rare);
    let out = PathBuf::from(std::env::var_os("POLLWALL_REPORT").unwrap());
    let clock = crate::clock::SystemClock;
    let (stations, lang) = (Chosen::All, Lang::Az);
    let wish = Wish {
        data: &rig.data,
        files: None,
        date: None,
        district: None,
        stations,
        out: &out,
        lang,
    };
    let began = clock.mono();
    let made = make(&wish, &clock, &AtomicBool::new(false)).unwrap();
    println!("{:?}", clock.mono().since(began));
    for file in made.files {
        println!("{} {}", file.display(), fs::metadata(&file).unwrap().len());
    }
}
