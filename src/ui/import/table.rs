//! Looking through the file: every row, what is wrong in it or what it changes, and the sums.

use eframe::egui;
use eframe::egui::{
    Align2, Color32, Key, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::choose::table_scroll;
use super::sheet::{Counts, Mark, Row, Sheet};
use super::{Ask, Import, Stage};
use crate::config::list::Key as Column;
use crate::health::State;
use crate::model::FeedKind;
use crate::text::Text;
use crate::tr;
use crate::ui::controls::{self, Button};
use crate::ui::tile::elided;
use crate::ui::{marks, theme};

/// A line of the table, of up to three lines of text.
const ROW: f32 = 100.0;
/// The sums above it, and the names of its columns.
const SUMS: f32 = 56.0;
const TITLES: f32 = 40.0;
/// What there is to say about passwords.
const SECRETS: f32 = 36.0;
/// Where the columns begin, in points from the left.
const STATION: f32 = 110.0;
const NAME: f32 = 290.0;
const WHAT: f32 = 680.0;

/// What of the table is on screen.
#[derive(Default)]
pub(super) struct View {
    only_marked: bool,
    /// How far it is scrolled, in points.
    offset: f32,
    /// The height that the lines had on screen.
    height: f32,
}

impl View {
    /// Begins with the problems where there are any.
    pub(super) fn show_problems(&mut self, any: bool) {
        self.only_marked = any;
    }
}

#[derive(Clone, Copy)]
enum Does {
    Back,
    Accept,
    Filter,
    Lines(f32),
    Pages(f32),
    Top,
    End,
}

fn does(key: Key, repeat: bool) -> Option<Does> {
    Some(match key {
        Key::Escape if !repeat => Does::Back,
        Key::A if !repeat => Does::Accept,
        Key::P if !repeat => Does::Filter,
        Key::ArrowDown => Does::Lines(1.0),
        Key::ArrowUp => Does::Lines(-1.0),
        Key::PageDown => Does::Pages(1.0),
        Key::PageUp => Does::Pages(-1.0),
        Key::Home => Does::Top,
        Key::End => Does::End,
        _ => return None,
    })
}

/// Shows the sums, the rows and the buttons.
pub(super) fn show(
    ui: &mut Ui,
    import: &mut Import,
    [head, body, foot]: [Rect; 3],
    text: &Text,
    asks: &mut Vec<Ask>,
) {
    controls::ignore_held_enter(ui);
    let mut scroll_to = None;
    for does in controls::take_keys(ui, does) {
        let view = &mut import.table;
        let page = (view.height - ROW).max(ROW);
        match does {
            Does::Back => asks.extend(import.back()),
            Does::Accept => asks.extend(import.accept()),
            Does::Filter => scroll_to = Some(filter(view)),
            Does::Lines(by) => scroll_to = Some(view.offset + by * ROW),
            Does::Pages(by) => scroll_to = Some(view.offset + by * page),
            Does::Top => scroll_to = Some(0.0),
            Does::End => scroll_to = Some(f32::MAX),
        }
    }
    let (Stage::Looking(sheet) | Stage::Taking(sheet)) = &import.stage else { return };
    let taking = matches!(import.stage, Stage::Taking(_));
    file_name(ui, head, sheet, text);
    let mut above = Rect::from_min_size(body.min, vec2(body.width(), SUMS));
    sums(ui, above, sheet, text);
    if sheet.can_be_taken() && sheet.counts.secrets > 0 {
        above.max.y += SECRETS;
        where_secrets_are(ui, above, sheet.counts.secrets, text);
    }
    let titles_room = Rect::from_min_size(above.left_bottom(), vec2(body.width(), TITLES));
    titles(ui, titles_room, sheet, text);
    let room = Rect::from_min_max(titles_room.left_bottom(), body.max);
    rows(ui, room, sheet, &mut import.table, scroll_to, text);
    let pressed = buttons(ui, foot, sheet, &import.table, taking, text);
    match pressed {
        Some(Does::Back) => asks.extend(import.back()),
        Some(Does::Accept) => asks.extend(import.accept()),
        Some(Does::Filter) => {
            filter(&mut import.table);
            ui.ctx().request_repaint();
        }
        _ => {}
    }
}

fn filter(view: &mut View) -> f32 {
    view.only_marked = !view.only_marked;
    view.offset = 0.0;
    view.offset
}

fn file_name(ui: &Ui, head: Rect, sheet: &Sheet, text: &Text) {
    let Counts { stations, districts, problems, .. } = sheet.counts;
    let rows = tr!(text, "import-rows", count = stations);
    let size = match problems {
        0 => tr!(
            text,
            "list-size",
            stations = tr!(text, "count-stations", count = stations).into_owned(),
            districts = tr!(text, "count-districts", count = districts).into_owned(),
        ),
        _ => rows,
    };
    let font = theme::font(theme::BODY);
    let at = pos2(head.right(), head.center().y);
    let left =
        ui.painter().text(at, Align2::RIGHT_CENTER, size, font.clone(), theme::FAINT).left() - 24.0;
    let galley =
        ui.painter().layout_job(controls::wrapped(&sheet.file, font, theme::TEXT, (700.0, 1)));
    let at = pos2(left - galley.size().x, head.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme::TEXT);
}

/// What it comes to: the problems, or each kind of change.
fn sums(ui: &Ui, room: Rect, sheet: &Sheet, text: &Text) {
    let Counts { problems, added, removed, renumbered, moved, urls, .. } = sheet.counts;
    let plate = |said: &str, state: State| {
        let color = theme::state(state);
        let mark = Rect::from_center_size(room.left_center() + vec2(14.0, 0.0), vec2(24.0, 24.0));
        marks::draw(ui.painter(), mark, state, color);
        let at = room.left_center() + vec2(40.0, 0.0);
        let font = theme::strong(theme::BODY);
        elided(ui, at, said, font, theme::TEXT, room.width() - 40.0);
    };
    if problems > 0 {
        return plate(&tr!(text, "import-problems", count = problems), State::Offline);
    }
    if let (true, Some(version)) = (sheet.is_same(), sheet.version) {
        let said = tr!(text, "import-same", version = version.to_string());
        return plate(&said, State::Connecting);
    }
    let entries = [
        (tr!(text, "import-added", count = added), added, theme::state(State::Live)),
        (tr!(text, "import-removed", count = removed), removed, theme::state(State::Offline)),
        (tr!(text, "import-renumbered", count = renumbered), renumbered, theme::BEHIND),
        (tr!(text, "import-moved", count = moved), moved, theme::BEHIND),
        (tr!(text, "import-urls", count = urls), urls, theme::BEHIND),
    ];
    let mut x = room.left();
    for (words, count, color) in entries {
        let (ink, font) = match count {
            0 => (theme::FAINT, theme::font(theme::BODY)),
            _ => (color, theme::strong(theme::BODY)),
        };
        let at = pos2(x, room.center().y);
        x = ui.painter().text(at, Align2::LEFT_CENTER, words, font, ink).right() + 36.0;
    }
}

/// That the file goes on holding what is secret, while there is still something to be done about it.
fn where_secrets_are(ui: &Ui, room: Rect, count: usize, text: &Text) {
    let said = tr!(text, "import-secrets-here", count = count);
    let at = pos2(room.left(), room.bottom() - SECRETS / 2.0);
    let color = theme::state(State::Stalled);
    elided(ui, at, &said, theme::font(theme::SMALL), color, room.width());
}

fn titles(ui: &Ui, room: Rect, sheet: &Sheet, text: &Text) {
    let what = match sheet.counts.problems {
        0 => tr!(text, "import-what-changes"),
        _ => tr!(text, "import-what-is-wrong"),
    };
    for (x, words) in [
        (16.0, tr!(text, "problem-row")),
        (STATION, tr!(text, "export-station")),
        (NAME, tr!(text, "export-name")),
        (WHAT, what),
    ] {
        let at = pos2(room.left() + x, room.center().y);
        let font = theme::font(theme::SMALL);
        ui.painter().text(at, Align2::LEFT_CENTER, words, font, theme::FAINT);
    }
    let line = [room.left_bottom(), room.right_bottom()];
    ui.painter().line_segment(line, (1.0, theme::HOVER));
}

fn rows(
    ui: &mut Ui,
    room: Rect,
    sheet: &Sheet,
    view: &mut View,
    scroll_to: Option<f32>,
    text: &Text,
) {
    let lines = sheet.lines(view.only_marked);
    view.height = room.height();
    if lines.is_empty() {
        let at = pos2(room.left() + 16.0, room.top() + ROW / 2.0);
        let font = theme::strong(theme::BODY);
        ui.painter().text(at, Align2::LEFT_CENTER, tr!(text, "import-no-rows"), font, theme::FAINT);
        return;
    }
    let mut ui = ui.new_child(UiBuilder::new().max_rect(room));
    table_scroll(&mut ui);
    ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    let mut area = ScrollArea::vertical().id_salt("import rows").auto_shrink(false);
    if let Some(to) = scroll_to {
        let most = (lines.len() as f32 * ROW - room.height()).max(0.0);
        area = area.vertical_scroll_offset(to.clamp(0.0, most));
    }
    let output = area.show_rows(&mut ui, ROW, lines.len(), |ui, range| {
        for line in lines.get(range).unwrap_or_default() {
            let size = vec2(ui.available_width(), ROW);
            let (room, response) = ui.allocate_exact_size(size, Sense::hover());
            if let Some((row, mark)) = sheet.at(*line) {
                let said = mark.map(|mark| say(mark, text));
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::ListItem, true, heard(row, said.as_ref()))
                });
                paint_row(ui, room, row, mark, said.as_ref());
            }
        }
    });
    view.offset = output.state.clamped_offset().y;
}

/// What a mark says: a line, and another one below it.
struct Said(String, String);

fn say(mark: &Mark, text: &Text) -> Said {
    let column = |kind: &FeedKind| match kind {
        FeedKind::Main => Column::Main.name(text.lang()),
        FeedKind::Sub => Column::Sub.name(text.lang()),
    };
    match mark {
        Mark::Problem(problem) => {
            let found = problem.found.to_string();
            let found = match (problem.column.as_str(), found.as_str()) {
                ("", "") => String::new(),
                ("", found) => found.to_owned(),
                // The header itself.
                (column, found) if column == found => found.to_owned(),
                (column, "") => tr!(text, "import-cell-empty", column = column).into_owned(),
                (column, found) => format!("{column}: {found}"),
            };
            let expected = problem.expected.explain(text);
            let expected = tr!(text, "import-expected", what = expected).into_owned();
            if found.is_empty() { Said(expected, String::new()) } else { Said(found, expected) }
        }
        Mark::Added => Said(tr!(text, "import-is-new").into_owned(), String::new()),
        Mark::Removed => Said(tr!(text, "import-is-gone").into_owned(), String::new()),
        Mark::Renumbered(from) => {
            Said(tr!(text, "import-was", number = from.to_string()).into_owned(), String::new())
        }
        Mark::Moved(columns) => {
            let columns: Vec<_> = columns.iter().map(|c| c.name(text.lang())).collect();
            let said = tr!(text, "import-differs", columns = columns.join(", "));
            Said(said.into_owned(), String::new())
        }
        Mark::Url { kind, secret_only: false } => {
            Said(tr!(text, "import-url", column = column(kind)).into_owned(), String::new())
        }
        Mark::Url { kind, secret_only: true } => {
            Said(tr!(text, "import-login", column = column(kind)).into_owned(), String::new())
        }
    }
}

/// A row as it is read out.
fn heard(row: &Row, said: Option<&Said>) -> String {
    let number = row.row.map(|n| n.to_string()).unwrap_or_default();
    let said = said.map(|Said(a, b)| format!("{a} {b}")).unwrap_or_default();
    let parts = [number, row.station.clone(), row.name.clone(), said.trim().to_owned()];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A mark's shape and colour.
fn shape(mark: &Mark) -> (Shape, Color32) {
    match mark {
        Mark::Problem(_) => (Shape::Cross, theme::state(State::Offline)),
        Mark::Added => (Shape::Plus, theme::state(State::Live)),
        Mark::Removed => (Shape::Minus, theme::state(State::Offline)),
        Mark::Renumbered(_) | Mark::Moved(_) | Mark::Url { .. } => (Shape::Dot, theme::BEHIND),
    }
}

enum Shape {
    Cross,
    Plus,
    Minus,
    Dot,
}

fn paint_row(ui: &Ui, room: Rect, row: &Row, mark: Option<&Mark>, said: Option<&Said>) {
    let painter = ui.painter();
    let middle = room.center().y;
    let line = [room.left_bottom(), room.right_bottom()];
    painter.line_segment(line, (1.0, theme::TILE));
    let font = theme::font(theme::BODY);
    let number = row.row.map_or_else(|| "−".to_owned(), |n| n.to_string());
    let at = pos2(room.left() + 16.0, middle);
    painter.text(at, Align2::LEFT_CENTER, number, font.clone(), theme::FAINT);
    let at = pos2(room.left() + STATION, middle);
    let strong = theme::strong(theme::BODY);
    elided(ui, at, &row.station, strong.clone(), theme::TEXT, NAME - STATION - 16.0);
    let at = pos2(room.left() + NAME, middle);
    elided(ui, at, &row.name, font, theme::TEXT, WHAT - NAME - 24.0);
    let (Some(mark), Some(Said(first, second))) = (mark, said) else { return };
    let (shape, color) = shape(mark);
    let at = Rect::from_center_size(pos2(room.left() + WHAT + 12.0, middle), vec2(22.0, 22.0));
    match shape {
        Shape::Cross => marks::draw(painter, at, State::Offline, color),
        Shape::Plus => marks::sign(painter, at, true, color),
        Shape::Minus => marks::sign(painter, at, false, color),
        Shape::Dot => drop(painter.circle_filled(at.center(), 7.0, color)),
    }
    let x = room.left() + WHAT + 36.0;
    let width = room.right() - x - 12.0;
    if second.is_empty() {
        elided(ui, pos2(x, middle), first, strong, color, width);
        return;
    }
    let second = controls::wrapped(second, theme::font(theme::BODY), theme::TEXT, (width, 2));
    let second = painter.layout_job(second);
    let first = controls::wrapped(first, strong, color, (width, 1));
    let first = painter.layout_job(first);
    let top = middle - (first.size().y + second.size().y) / 2.0;
    let below = top + first.size().y;
    painter.galley(pos2(x, top), first, color);
    painter.galley(pos2(x, below), second, theme::TEXT);
}

fn buttons(
    ui: &mut Ui,
    foot: Rect,
    sheet: &Sheet,
    view: &View,
    taking: bool,
    text: &Text,
) -> Option<Does> {
    let top = foot.center().y - controls::HEIGHT / 2.0;
    let mut pressed = None;
    let accept = match taking {
        true => tr!(text, "import-taking"),
        false => tr!(text, "import-accept"),
    };
    let can = sheet.can_be_taken() && !taking;
    let accept = Button { enabled: can, primary: true, ..Button::new("A", &accept) };
    let (response, left) = accept.show_left_of(ui, foot.right(), top);
    if response.clicked() {
        pressed = Some(Does::Accept);
    }
    let only = match sheet.counts.problems {
        0 => tr!(text, "import-only-changes"),
        _ => tr!(text, "import-only-problems"),
    };
    let only = Button { on: view.only_marked, ..Button::new("P", &only) };
    if only.show_left_of(ui, left - 16.0, top).0.clicked() {
        pressed = Some(Does::Filter);
    }
    let back = tr!(text, "import-other-file");
    let back = Button { enabled: !taking, ..Button::new("Esc", &back) };
    let room = Rect::from_min_size(pos2(foot.left(), top), vec2(back.width(ui), controls::HEIGHT));
    if back.show(ui, room).clicked() {
        pressed = Some(Does::Back);
    }
    pressed
}
