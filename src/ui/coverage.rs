//! The page of coverage: how much of the day is recorded, district by district and then station by
//! station, the worst first, with the gaps of the chosen station beside.
//!
//! It calls from four metres as the attention list does (0121): numbers, shares and lengths have
//! [`theme::CALL`]. Nothing is said before it was read, and what was read stands with its time.

mod gaps;

use std::borrow::Cow;
use std::time::Duration;

use eframe::egui::{
    Align2, Color32, FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::scene::{CoverageReport, Scene};
use super::tile::{elided, fitted};
use super::{on_click, theme};
use crate::health::State;
use crate::record::ledger::Sums;
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, CoverageRow, CoverageView, Wall};

const PAD: f32 = 20.0;
const TITLE: f32 = 56.0;
/// The line with the country's, or the district's, sums.
const SUMS: f32 = 44.0;
const HEADS: f32 = 40.0;
const ROW: f32 = 48.0;
/// Of a district's page, what its stations take; the gaps have the rest.
const STATIONS: f32 = 0.62;

/// Below this share of the hours it is as bad as an outage.
const BAD_BELOW: u32 = 9_900;

/// Shows the page, whichever part of it is open.
pub(super) fn show(
    ui: &mut Ui,
    wall: &mut Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let Some(district) = wall.coverage().map(CoverageView::district) else {
        return;
    };
    let room = ui.max_rect();
    // Keys and clicks reach no tile below.
    let response = ui.interact(room, ui.scope_id().with("coverage"), Sense::click());
    let report = scene.coverage.as_deref();
    let title = title(district, report, scene, text);
    response.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title.as_str()));
    let inner = room.shrink(PAD);
    let at = pos2(inner.left(), inner.top() + TITLE / 2.0);
    fitted(ui, at, &title, (theme::LARGE * 1.2, theme::BODY), theme::TEXT, inner.width());
    let below = Rect::from_min_max(pos2(inner.left(), inner.top() + TITLE), inner.max);
    let Some(report) = report else {
        return remark(ui, below, &tr!(text, "coverage-reading"), theme::FAINT);
    };
    let mut below = below;
    if let Some(why) = &report.trouble {
        let said = tr!(text, "coverage-unreadable", reason = why(text));
        let line = Rect::from_min_size(below.min, vec2(below.width(), SUMS));
        remark(ui, line, &said, theme::state(State::Stalled));
        below.min.y += SUMS;
        if report.districts.is_empty() {
            return;
        }
    }
    match district {
        None => country(ui, below, report, wall, text, commands),
        Some(number) => one(ui, below, number, report, wall, scene, text, commands),
    }
}

fn title(
    district: Option<u16>,
    report: Option<&CoverageReport>,
    scene: &Scene,
    text: &Text,
) -> String {
    let mut title = match district {
        None => tr!(text, "coverage-title").into_owned(),
        Some(number) => {
            let number_said = number.to_string();
            let said = tr!(text, "coverage-title-district", number = number_said).into_owned();
            match scene.list.district(number).map(|known| known.name.as_str()) {
                None | Some("") => said,
                Some(name) => format!("{said} · {name}"),
            }
        }
    };
    if let Some(report) = report.filter(|report| report.at != crate::clock::WallTime::default()) {
        let at = scene.day.local(report.at).strftime("%H:%M:%S").to_string();
        let day = report.date.strftime("%d.%m.%Y").to_string();
        title = format!("{title} · {}", tr!(text, "coverage-at", day = day, at = at));
    }
    title
}

/// That there is nothing, or why.
fn remark(ui: &Ui, room: Rect, words: &str, ink: Color32) {
    let at = pos2(room.left(), room.top() + SUMS / 2.0);
    fitted(ui, at, words, (theme::CALL, theme::SMALL), ink, room.width());
}

/// `4:28`, `3:42:05`.
fn length(us: i64) -> String {
    Text::counter(Duration::from_micros(u64::try_from(us).unwrap_or(0)))
}

/// What share is covered, and in which colour that is said.
fn share(sums: &Sums) -> (String, Color32) {
    let coverage = sums.coverage();
    let ink = match coverage.hundredths() {
        None => theme::FAINT,
        Some(10_000) => theme::state(State::Live),
        Some(part) if part < BAD_BELOW => theme::state(State::Offline),
        Some(_) => theme::state(State::Stalled),
    };
    let said = coverage.hundredths().map_or_else(|| "–".to_owned(), |_| format!("{coverage} %"));
    (said, ink)
}

/// The sums of all that is below, and whether it is being recorded.
fn sums_line(
    ui: &Ui,
    below: &mut Rect,
    sums: &Sums,
    (stations, recording): (usize, usize),
    recorded: bool,
    text: &Text,
) {
    let line = Rect::from_min_size(below.min, vec2(below.width(), SUMS));
    below.min.y += SUMS;
    if !recorded {
        return remark(ui, line, &tr!(text, "coverage-nothing"), theme::state(State::Stalled));
    }
    let (said, ink) = share(sums);
    let at = pos2(line.left(), line.center().y);
    let font = theme::strong(theme::LARGE);
    let right = ui.painter().text(at, Align2::LEFT_CENTER, said, font, ink).right();
    let said = tr!(
        text,
        "coverage-sums",
        gaps = sums.gaps.to_string(),
        gone = length(sums.gap_us),
        longest = length(sums.longest_gap_us),
        breaks = sums.short_breaks.to_string(),
        short = length(sums.short_us)
    );
    let mut said = said.into_owned();
    let now = recording_words(stations, recording, text);
    said = format!("{said} · {now}");
    let x = right + 24.0;
    let most = (theme::CALL, theme::SMALL);
    fitted(ui, pos2(x, at.y), &said, most, theme::TEXT, line.right() - x);
}

fn recording_words(stations: usize, recording: usize, text: &Text) -> Cow<'_, str> {
    if recording == 0 {
        return tr!(text, "coverage-not-recording");
    }
    if stations == 1 {
        return tr!(text, "coverage-recording-one");
    }
    tr!(text, "coverage-recording", recording = recording.to_string(), of = stations.to_string())
}

/// A line's cells, and how they are heard.
struct Line {
    row: CoverageRow,
    number: String,
    name: String,
    sums: Sums,
    stations: usize,
    recording: usize,
}

/// Where columns end, as shares of the width.
#[derive(Clone, Copy)]
struct Columns {
    number: f32,
    name: f32,
    share: f32,
    gaps: f32,
    gone: f32,
    longest: f32,
}

const OF_COUNTRY: Columns =
    Columns { number: 0.075, name: 0.29, share: 0.46, gaps: 0.55, gone: 0.68, longest: 0.79 };
const OF_DISTRICT: Columns =
    Columns { number: 0.14, name: 0.14, share: 0.35, gaps: 0.45, gone: 0.595, longest: 0.745 };

fn country(
    ui: &mut Ui,
    mut room: Rect,
    report: &CoverageReport,
    wall: &mut Wall,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    sums_line(ui, &mut room, &report.sums, report.recording(), report.recorded, text);
    let list = std::sync::Arc::clone(wall.list());
    let line = |district: &super::DistrictCoverage| Line {
        row: CoverageRow::District(district.number),
        number: district.number.to_string(),
        name: list.district(district.number).map(|d| d.name.clone()).unwrap_or_default(),
        sums: district.sums,
        stations: district.stations.len(),
        recording: district.recording,
    };
    let lines: Vec<Line> = report.districts.iter().map(line).collect();
    table(ui, room, &lines, OF_COUNTRY, wall, text, commands);
}

#[expect(clippy::too_many_arguments, reason = "a page of its own would only carry them on")]
fn one(
    ui: &mut Ui,
    mut room: Rect,
    number: u16,
    report: &CoverageReport,
    wall: &mut Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let Some(district) = report.district(number) else {
        return remark(ui, room, &tr!(text, "coverage-no-district"), theme::FAINT);
    };
    let recorded = district.sums.recorded_us > 0 || district.recording > 0;
    let counts = (district.stations.len(), district.recording);
    sums_line(ui, &mut room, &district.sums, counts, recorded, text);
    let line = |station: &super::StationCoverage| Line {
        row: CoverageRow::Station(station.station),
        number: station.station.to_string(),
        name: String::new(),
        sums: station.sums,
        stations: 1,
        recording: usize::from(station.recording),
    };
    let lines: Vec<Line> = district.stations.iter().map(line).collect();
    let middle = room.left() + room.width() * STATIONS;
    let left = Rect::from_min_max(room.min, pos2(middle - PAD, room.bottom()));
    table(ui, left, &lines, OF_DISTRICT, wall, text, commands);
    let chosen = wall.coverage().and_then(CoverageView::chosen);
    let chosen = district.stations.iter().find(|s| chosen == Some(CoverageRow::Station(s.station)));
    if let Some(station) = chosen {
        let right = Rect::from_min_max(pos2(middle, room.top()), room.max);
        gaps::show(ui, right, station, scene, text);
    }
}

fn table(
    ui: &mut Ui,
    room: Rect,
    lines: &[Line],
    columns: Columns,
    wall: &mut Wall,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let heads = Rect::from_min_size(room.min, vec2(room.width(), HEADS));
    titles(ui, heads, columns, text);
    let rows = Rect::from_min_max(pos2(room.left(), heads.bottom()), room.max);
    // One line is kept for saying that there are more.
    let fit = ((rows.height() - HEADS) / ROW).max(1.0) as usize;
    wall.set_coverage_rows(lines.iter().map(|line| line.row).collect(), fit);
    let Some(view) = wall.coverage() else { return };
    let (shown, chosen) = (view.on_screen(), view.chosen());
    let mut place = Rect::from_min_size(rows.min, vec2(rows.width(), ROW));
    for line in lines.get(shown.clone()).unwrap_or_default() {
        draw(ui, place, line, columns, chosen == Some(line.row), text, commands);
        place = place.translate(vec2(0.0, ROW));
    }
    if lines.len() > shown.len() {
        let (first, last) = ((shown.start + 1).to_string(), shown.end.to_string());
        let all = lines.len().to_string();
        let said = tr!(text, "coverage-more", first = first, last = last, all = all);
        let at = pos2(rows.left() + 12.0, place.top() + HEADS / 2.0);
        ui.painter().text(at, Align2::LEFT_CENTER, said, theme::font(theme::BODY), theme::FAINT);
    }
}

fn titles(ui: &Ui, room: Rect, columns: Columns, text: &Text) {
    let ends = [
        (columns.name, columns.share, tr!(text, "coverage-column-share")),
        (columns.share, columns.gaps, tr!(text, "coverage-column-gaps")),
        (columns.gaps, columns.gone, tr!(text, "coverage-column-gone")),
        (columns.gone, columns.longest, tr!(text, "coverage-column-longest")),
    ];
    for (from, to, title) in ends {
        let most = (to - from) * room.width() - 8.0;
        right_of(ui, room, to, &title, &theme::font(theme::BODY), theme::FAINT, most);
    }
    let x = room.left() + columns.longest * room.width() + 24.0;
    let title = tr!(text, "coverage-column-now");
    let at = pos2(x, room.center().y);
    fitted_plain(ui, at, &title, theme::FAINT, room.right() - x);
}

/// As [`fitted`], in the font of what is looked up.
fn fitted_plain(ui: &Ui, at: eframe::egui::Pos2, words: &str, ink: Color32, width: f32) {
    elided(ui, at, words, theme::font(theme::BODY), ink, width);
}

/// Writes with its right edge at a share of the room's width, smaller where it must be.
fn right_of(ui: &Ui, room: Rect, at: f32, words: &str, font: &FontId, ink: Color32, most: f32) {
    let lay = |size: f32| {
        let font = FontId::new(size, font.family.clone());
        ui.painter().layout_no_wrap(words.to_owned(), font, ink)
    };
    let mut galley = lay(font.size);
    if galley.size().x > most {
        galley = lay((font.size * most / galley.size().x).floor().max(theme::SMALL * 0.8));
    }
    let x = room.left() + at * room.width() - galley.size().x;
    ui.painter().galley(pos2(x, room.center().y - galley.size().y / 2.0), galley, ink);
}

fn draw(
    ui: &mut Ui,
    place: Rect,
    line: &Line,
    columns: Columns,
    chosen: bool,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let (said, ink) = share(&line.sums);
    let now = recording_words(line.stations, line.recording, text);
    let response =
        ui.interact(place, ui.scope_id().with(("covered", &line.number)), Sense::click());
    response.widget_info(|| {
        let heard = tr!(
            text,
            "hear-coverage",
            number = line.number.clone(),
            share = said.clone(),
            gaps = line.sums.gaps.to_string(),
            gone = length(line.sums.gap_us),
            longest = length(line.sums.longest_gap_us),
            now = now.as_ref()
        );
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, heard)
    });
    on_click(&response, Command::CoverageRow(line.row), commands);
    if chosen {
        ui.painter().rect_filled(place, 0.0, theme::CHOSEN);
        let edge = Rect::from_min_size(place.min, vec2(6.0, place.height()));
        ui.painter().rect_filled(edge, 0.0, theme::ACCENT);
    } else if response.hovered() {
        ui.painter().rect_filled(place, 0.0, theme::TILE);
    }
    let width = place.width();
    let x = |part: f32| place.left() + part * width;
    let middle = place.center().y;
    let number = columns.number * width - 20.0;
    let most = (theme::CALL, theme::SMALL);
    fitted(ui, pos2(place.left() + 16.0, middle), &line.number, most, theme::TEXT, number);
    let name = (columns.name - columns.number) * width - 16.0;
    if name > 0.0 {
        let at = pos2(x(columns.number), middle);
        elided(ui, at, &line.name, theme::font(theme::BODY), theme::FAINT, name);
    }
    bar(ui, place, columns, &line.sums, ink);
    let strong = || theme::strong(theme::CALL);
    let most = |from: f32, to: f32| (to - from) * width - 10.0;
    right_of(ui, place, columns.share, &said, &strong(), ink, most(columns.name, columns.share));
    let quiet = if line.sums.gaps == 0 { theme::FAINT } else { theme::TEXT };
    for (from, to, said) in [
        (columns.share, columns.gaps, line.sums.gaps.to_string()),
        (columns.gaps, columns.gone, length(line.sums.gap_us)),
        (columns.gone, columns.longest, length(line.sums.longest_gap_us)),
    ] {
        right_of(ui, place, to, &said, &strong(), quiet, most(from, to));
    }
    let at = pos2(x(columns.longest) + 34.0, middle);
    let ink = if line.recording == line.stations {
        theme::state(State::Live)
    } else {
        theme::state(State::Stalled)
    };
    // A disc while all are recorded, a ring while some are not, and the words.
    if line.recording == line.stations {
        ui.painter().circle_filled(at, 9.0, ink);
    } else {
        ui.painter().circle_stroke(at, 8.0, Stroke::new(3.0, ink));
    }
    let at = pos2(at.x + 20.0, middle);
    fitted(ui, at, &now, (theme::BODY, theme::SMALL), ink, place.right() - at.x - 4.0);
}

/// What is covered, as long as its share: under the number, for the eye that runs down the page.
fn bar(ui: &Ui, place: Rect, columns: Columns, sums: &Sums, ink: Color32) {
    let Some(part) = sums.coverage().hundredths() else { return };
    let width = place.width();
    let left = place.left() + columns.name * width + 12.0;
    let right = place.left() + columns.share * width;
    let whole =
        Rect::from_min_max(pos2(left, place.bottom() - 8.0), pos2(right, place.bottom() - 4.0));
    ui.painter().rect_filled(whole, 2.0, theme::TILE);
    let covered = vec2(whole.width() * part as f32 / 10_000.0, whole.height());
    ui.painter().rect_filled(Rect::from_min_size(whole.min, covered), 2.0, ink);
}
