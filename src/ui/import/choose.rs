//! Choosing the file: a path typed or pasted, and below it what is in the folder it points into.

use eframe::egui;
use eframe::egui::text::CCursor;
use eframe::egui::text_selection::CCursorRange;
use eframe::egui::{
    Align2, Id, Key, Margin, Rect, Role, ScrollArea, Sense, StrokeKind, TextEdit, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::path::{self, Entry};
use super::{Ask, Import, Stage};
use crate::health::State;
use crate::text::Text;
use crate::tr;
use crate::ui::controls::{self, Button};
use crate::ui::theme;
use crate::ui::tile::elided;

const FIELD: f32 = 64.0;
const ROW: f32 = 54.0;
/// What was wrong with the last attempt.
const TROUBLE: f32 = 84.0;

/// Longer than any path that systems allow.
const MOST_CHARS: usize = 8192;

fn field() -> Id {
    Id::unique("import path")
}

#[derive(Clone, Copy)]
enum Does {
    Confirm,
    Back,
    Complete,
    Step(i32),
}

fn does(key: Key, repeat: bool) -> Option<Does> {
    Some(match key {
        Key::Enter if !repeat => Does::Confirm,
        Key::Escape if !repeat => Does::Back,
        Key::Tab => Does::Complete,
        Key::ArrowDown => Does::Step(1),
        Key::ArrowUp => Does::Step(-1),
        Key::PageDown => Does::Step(8),
        Key::PageUp => Does::Step(-8),
        _ => return None,
    })
}

/// Shows the path, the folder and the buttons.
pub(super) fn show(
    ui: &mut Ui,
    import: &mut Import,
    [head, body, foot]: [Rect; 3],
    text: &Text,
    asks: &mut Vec<Ask>,
) {
    let reading = matches!(import.stage, Stage::Reading(_));
    let mut stepped = false;
    for does in controls::take_keys(ui, does) {
        match does {
            Does::Back => asks.extend(import.back()),
            _ if reading => {}
            Does::Confirm => asks.extend(confirm(import)),
            Does::Complete => complete(import),
            Does::Step(by) => {
                step(import, by);
                stepped = true;
            }
        }
    }
    ui.memory_mut(|memory| {
        // Asked for again and again it would break off what an input method composes.
        if !memory.has_focus(field()) {
            memory.request_focus(field());
        }
    });
    let hint = tr!(text, "import-drop");
    let (at, font) = (pos2(head.right(), head.center().y), theme::font(theme::BODY));
    ui.painter().text(at, Align2::RIGHT_CENTER, hint, font, theme::FAINT);

    let room = Rect::from_min_size(body.min, vec2(body.width(), FIELD));
    type_in(ui, room, import, text);
    let mut rest = Rect::from_min_max(pos2(body.left(), room.bottom() + 12.0), body.max);
    if let Some(said) = &import.trouble {
        trouble(ui, rest, said);
        rest.min.y += TROUBLE + 8.0;
    }
    entries(ui, rest, import, stepped, text, asks);
    buttons(ui, foot, import, text, asks);

    let (folder, _) = path::parted(&import.typed, &import.home);
    if import.asked.as_ref() != Some(&folder) {
        import.asked = Some(folder.clone());
        asks.push(Ask::Look(folder));
    }
}

/// The entries that match what is typed; none while the folder that it points into has not been
/// looked at: those of another one are no answer.
fn offered(import: &Import) -> Vec<usize> {
    let (folder, prefix) = path::parted(&import.typed, &import.home);
    if import.listing.folder != folder {
        return Vec::new();
    }
    path::matching(&import.listing.entries, &prefix)
}

fn step(import: &mut Import, by: i32) {
    let count = offered(import).len();
    if count == 0 {
        return;
    }
    let last = count - 1;
    let by_abs = by.unsigned_abs() as usize;
    import.chosen = Some(match (import.chosen, by > 0) {
        (None, true) => 0,
        (None, false) => last,
        (Some(at), true) => (at + by_abs).min(last),
        (Some(at), false) => at.saturating_sub(by_abs),
    });
}

/// Goes on with what is chosen, or with what is typed where nothing is.
fn confirm(import: &mut Import) -> Option<Ask> {
    if let Some(at) = import.chosen {
        let at = *offered(import).get(at)?;
        return take(import, at);
    }
    if import.typed.trim().is_empty() {
        return None;
    }
    let path = path::resolve(&import.typed, &import.home);
    Some(import.read(path))
}

/// Goes into a folder, or reads a file.
fn take(import: &mut Import, at: usize) -> Option<Ask> {
    let Entry { name, is_folder } = import.listing.entries.get(at)?.clone();
    let path = import.listing.folder.join(&name);
    if is_folder {
        import.type_in(path::of_folder(&path));
        return None;
    }
    Some(import.read(path))
}

fn complete(import: &mut Import) {
    let (_, prefix) = path::parted(&import.typed, &import.home);
    let found = offered(import);
    let name = match import.chosen.and_then(|at| found.get(at)) {
        Some(at) => import.listing.entries.get(*at).map(|e| e.name.clone()),
        None => path::completion(&import.listing.entries, &found, &prefix),
    };
    let Some(name) = name else { return };
    let path = import.listing.folder.join(&name);
    let entry = import.listing.entries.iter().find(|e| e.name == name);
    let typed = match entry.is_some_and(|e| e.is_folder) {
        true => path::of_folder(&path),
        false => path.display().to_string(),
    };
    import.type_in(typed);
}

fn go_up(import: &mut Import) {
    let (folder, _) = path::parted(&import.typed, &import.home);
    if let Some(parent) = folder.parent() {
        import.type_in(path::of_folder(parent));
    }
}

fn type_in(ui: &mut Ui, room: Rect, import: &mut Import, text: &Text) {
    let hint = tr!(text, "import-path");
    ui.painter().rect_filled(room, 6.0, theme::NO_PICTURE);
    ui.painter().rect_stroke(room, 6.0, (2.0, theme::ACCENT), StrokeKind::Inside);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(room.shrink2(vec2(16.0, 0.0))));
    let before = import.typed.clone();
    let edit = TextEdit::singleline(&mut import.typed)
        .id(field())
        .font(theme::font(theme::LARGE))
        .text_color(theme::TEXT)
        .hint_text(egui::RichText::new(hint.as_ref()).color(theme::FAINT))
        .frame(egui::Frame::NONE)
        .margin(Margin::ZERO)
        .align(Align2::LEFT_CENTER)
        .min_size(room.size() - vec2(32.0, 0.0))
        .desired_width(f32::INFINITY)
        .char_limit(MOST_CHARS)
        .interactive(matches!(import.stage, Stage::Choosing));
    let mut output = edit.show(&mut ui);
    output.response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &before, &import.typed, hint.as_ref());
        info.label = Some(hint.to_string());
        info
    });
    if std::mem::take(&mut import.to_end) || output.state.cursor.char_range().is_none() {
        let end = CCursorRange::one(CCursor::new(import.typed.chars().count()));
        output.state.cursor.set_char_range(Some(end));
        output.state.store(ui.ctx(), field());
        ui.ctx().request_repaint();
    }
    if import.typed != before {
        import.chosen = None;
        import.trouble = None;
        ui.ctx().request_repaint();
    }
}

fn trouble(ui: &Ui, room: Rect, said: &str) {
    let plate = Rect::from_min_size(room.min, vec2(room.width(), TROUBLE));
    let color = theme::state(State::Offline);
    ui.painter().rect_filled(plate, 6.0, theme::PANEL);
    let edge = Rect::from_min_size(plate.min, vec2(6.0, plate.height()));
    ui.painter().rect_filled(edge, 0.0, color);
    let width = plate.width() - 40.0;
    let job = controls::wrapped(said, theme::font(theme::BODY), theme::TEXT, (width, 2));
    let galley = ui.painter().layout_job(job);
    let at = pos2(plate.left() + 24.0, plate.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme::TEXT);
}

fn entries(
    ui: &mut Ui,
    room: Rect,
    import: &mut Import,
    stepped: bool,
    text: &Text,
    asks: &mut Vec<Ask>,
) {
    let offered = offered(import);
    let current = import.asked.as_ref() == Some(&import.listing.folder);
    let said = match &import.listing.trouble {
        _ if matches!(import.stage, Stage::Reading(_)) => {
            Some(tr!(text, "import-reading").into_owned())
        }
        // It comes in a moment.
        _ if !current => Some(String::new()),
        Some(said) => Some(said.clone()),
        None if offered.is_empty() => Some(tr!(text, "import-nothing-here").into_owned()),
        None => None,
    };
    if let Some(said) = said {
        let at = pos2(room.left() + 16.0, room.top() + ROW / 2.0);
        let font = theme::strong(theme::BODY);
        elided(ui, at, &said, font, theme::FAINT, room.width() - 32.0);
        return;
    }
    let mut clicked = None;
    let mut ui = ui.new_child(UiBuilder::new().max_rect(room));
    table_scroll(&mut ui);
    ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    let mut area = ScrollArea::vertical().id_salt("import folder").auto_shrink(false);
    if let (true, Some(at)) = (stepped, import.chosen) {
        // In the middle, as far as the list goes.
        let middle = at as f32 * ROW - (room.height() - ROW) / 2.0;
        area = area.vertical_scroll_offset(middle.max(0.0));
    }
    area.show_rows(&mut ui, ROW, offered.len(), |ui, range| {
        for at in range {
            let Some(entry) = offered.get(at).and_then(|at| import.listing.entries.get(*at)) else {
                continue;
            };
            let (row, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
            paint_entry(ui, row, &response, entry, import.chosen == Some(at), text);
            if response.clicked() {
                clicked = offered.get(at).copied();
            }
        }
    });
    if let Some(at) = clicked {
        asks.extend(take(import, at));
        ui.ctx().request_repaint();
    }
}

/// A scroll bar that can be seen and taken hold of.
pub(super) fn table_scroll(ui: &mut Ui) {
    let scroll = &mut ui.style_mut().spacing.scroll;
    *scroll = egui::style::ScrollStyle::solid();
    scroll.bar_width = 16.0;
    scroll.handle_min_length = 48.0;
}

fn paint_entry(
    ui: &Ui,
    row: Rect,
    response: &egui::Response,
    entry: &Entry,
    chosen: bool,
    text: &Text,
) {
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &entry.name));
    if chosen {
        ui.painter().rect_filled(row, 0.0, theme::CHOSEN);
        let edge = Rect::from_min_size(row.min, vec2(6.0, row.height()));
        ui.painter().rect_filled(edge, 0.0, theme::ACCENT);
    } else if response.hovered() {
        ui.painter().rect_filled(row, 0.0, theme::TILE);
    }
    let mark = Rect::from_center_size(pos2(row.left() + 36.0, row.center().y), vec2(26.0, 20.0));
    let (ink, kind) = match entry.is_folder {
        true => (theme::FAINT, tr!(text, "import-folder")),
        false => (theme::TEXT, tr!(text, "import-list")),
    };
    draw(ui, mark, entry.is_folder, ink);
    let at = pos2(row.right() - 20.0, row.center().y);
    let font = theme::font(theme::SMALL);
    let right = ui.painter().text(at, Align2::RIGHT_CENTER, kind, font, theme::FAINT).left();
    let at = pos2(row.left() + 68.0, row.center().y);
    elided(ui, at, &entry.name, theme::strong(theme::BODY), ink, right - at.x - 20.0);
}

/// A folder, or a sheet of rows, in a few lines.
fn draw(ui: &Ui, room: Rect, is_folder: bool, ink: egui::Color32) {
    let painter = ui.painter();
    if is_folder {
        let tab = Rect::from_min_size(room.min, vec2(room.width() * 0.45, 5.0));
        painter.rect_filled(tab, 1.0, ink);
        painter.rect_filled(Rect::from_min_max(room.min + vec2(0.0, 4.0), room.max), 2.0, ink);
        return;
    }
    painter.rect_stroke(room, 2.0, (2.0, ink), StrokeKind::Inside);
    for part in [0.35, 0.65] {
        let y = room.top() + room.height() * part;
        painter.line_segment([pos2(room.left(), y), pos2(room.right(), y)], (1.5, ink));
    }
    let x = room.left() + room.width() * 0.35;
    painter.line_segment([pos2(x, room.top()), pos2(x, room.bottom())], (1.5, ink));
}

fn buttons(ui: &mut Ui, foot: Rect, import: &mut Import, text: &Text, asks: &mut Vec<Ask>) {
    let top = foot.center().y - controls::HEIGHT / 2.0;
    let choosing = matches!(import.stage, Stage::Choosing);
    let open = tr!(text, "import-open");
    let open = Button { primary: true, enabled: choosing, ..Button::new("Enter", &open) };
    let (response, left) = open.show_left_of(ui, foot.right(), top);
    if response.clicked() {
        asks.extend(confirm(import));
    }
    let complete_label = tr!(text, "import-complete");
    let complete_button = Button { enabled: choosing, ..Button::new("Tab", &complete_label) };
    let (response, left) = complete_button.show_left_of(ui, left - 16.0, top);
    if response.clicked() {
        complete(import);
    }
    let up = tr!(text, "import-up");
    let up = Button { enabled: choosing, ..Button::new("", &up) };
    if up.show_left_of(ui, left - 16.0, top).0.clicked() {
        go_up(import);
    }
    let back = tr!(text, "key-back");
    let back = Button::new("Esc", &back);
    let room = Rect::from_min_size(pos2(foot.left(), top), vec2(back.width(ui), controls::HEIGHT));
    if back.show(ui, room).clicked() {
        asks.extend(import.back());
    }
}
