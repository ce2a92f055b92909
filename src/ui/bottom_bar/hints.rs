//! The keys that matter now, as many as there is room for. Each can be clicked.

use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::text::Text;
use crate::tr;
use crate::ui::{Action, theme};
use crate::wall::{Command, To, Wall};

/// Between two hints.
const GAP: f32 = 12.0;

#[derive(Clone)]
enum Does {
    Command(Command),
    Action(Action),
}

/// The key and what it does, the one that is needed most first.
fn wanted<'a>(wall: &Wall, text: &'a Text) -> Vec<(&'static str, std::borrow::Cow<'a, str>, Does)> {
    let command = |key, what, command| (key, what, Does::Command(command));
    if let Some(answer) = wall.answer() {
        let mut hints = vec![command("Esc", tr!(text, "key-leave"), Command::Back)];
        let does = match answer.to {
            To::Acknowledge(_) => tr!(text, "key-acknowledge"),
            To::Maintain { .. } => tr!(text, "key-maintain"),
            To::Operator => tr!(text, "key-operator"),
        };
        hints.push(command("Enter", does, Command::Confirm));
        if matches!(answer.to, To::Maintain { .. }) {
            let next = Command::Move { columns: 0, rows: 1 };
            hints.push(command("↑ ↓", tr!(text, "key-how-long"), next));
        }
        return hints;
    }
    if wall.search().is_some() {
        return vec![
            command("Esc", tr!(text, "key-back"), Command::Back),
            command("Enter", tr!(text, "key-show"), Command::Confirm),
            command("↓", tr!(text, "key-choose"), Command::Move { columns: 0, rows: 1 }),
        ];
    }
    if wall.note().is_some() {
        return vec![
            command("Esc", tr!(text, "key-leave"), Command::Back),
            command("Enter", tr!(text, "key-keep"), Command::Confirm),
        ];
    }
    let mut hints = vec![command("?", tr!(text, "key-keys"), Command::ToggleKeys)];
    let plain = wall.entry().is_none() && !wall.keys_shown();
    if let Some(view) = wall.coverage().filter(|_| plain) {
        let enter = match view.district() {
            None => tr!(text, "key-stations"),
            Some(_) => tr!(text, "key-show"),
        };
        hints.extend([
            command("Esc", tr!(text, "key-back"), Command::Back),
            command("Enter", enter, Command::Confirm),
            command("↑ ↓", tr!(text, "key-choose"), Command::Move { columns: 0, rows: 1 }),
            command("PgDn", tr!(text, "key-further"), Command::NextPage),
        ]);
        return hints;
    }
    if wall.history().is_some() && plain {
        hints.extend([
            command("Esc", tr!(text, "key-back"), Command::Back),
            command("+", tr!(text, "key-later"), Command::ZoomIn),
            command("−", tr!(text, "key-earlier"), Command::ZoomOut),
            command("PgDn", tr!(text, "key-next-station"), Command::NextPage),
            command("A", tr!(text, "key-acknowledge"), Command::Acknowledge),
            command("M", tr!(text, "key-maintain"), Command::OpenMaintenance),
        ]);
        return hints;
    }
    if wall.attention().entered() && plain {
        hints.extend([
            command("Esc", tr!(text, "key-back"), Command::Back),
            command("Enter", tr!(text, "key-show"), Command::Confirm),
            command("A", tr!(text, "key-acknowledge"), Command::Acknowledge),
            command("← →", tr!(text, "key-filter"), Command::Move { columns: 1, rows: 0 }),
            command("M", tr!(text, "key-maintain"), Command::OpenMaintenance),
            command("H", tr!(text, "key-day"), Command::ToggleHistory),
        ]);
        return hints;
    }
    if wall.large().is_some() && plain {
        hints.extend([
            command("Esc", tr!(text, "key-back"), Command::Back),
            command("S", tr!(text, "key-snapshot"), Command::Snapshot),
            command("N", tr!(text, "key-note"), Command::OpenNote),
            command("+", tr!(text, "key-zoom"), Command::ZoomIn),
        ]);
        if wall.zoom() > 1.0 {
            hints.push(command("0", tr!(text, "key-zoom-fit"), Command::ZoomFit));
        }
        return hints;
    }
    if wall.large().is_some() || wall.entry().is_some() || wall.keys_shown() {
        hints.push(command("Esc", tr!(text, "key-back"), Command::Back));
    } else {
        hints.push(command("/", tr!(text, "key-search"), Command::OpenSearch));
        if wall.attention().lines() > 0 {
            hints.push(command("Tab", tr!(text, "key-attention"), Command::EnterAttention));
        }
        if wall.attention().unanswered() > 0 {
            hints.push(command("A", tr!(text, "key-acknowledge"), Command::Acknowledge));
        }
        if wall.tour().is_none() {
            hints.push(command("Space", tr!(text, "key-tour"), Command::ToggleTour));
        }
        hints.push(command("Enter", tr!(text, "key-enlarge"), Command::Confirm));
        hints.push(command("H", tr!(text, "key-day"), Command::ToggleHistory));
        hints.push(command("N", tr!(text, "key-note"), Command::OpenNote));
        hints.push(command("S", tr!(text, "key-snapshot"), Command::Snapshot));
        hints.push(command("C", tr!(text, "key-coverage"), Command::ToggleCoverage));
    }
    hints.push(("F", tr!(text, "key-full-screen"), Does::Action(Action::ToggleFullScreen)));
    hints
}

/// Shows them at the right end of `room`, at most `most` wide; returns where they begin.
pub(super) fn show(
    ui: &mut Ui,
    room: Rect,
    most: f32,
    wall: &Wall,
    text: &Text,
    commands: &mut Vec<Command>,
    actions: &mut Vec<Action>,
) -> f32 {
    let mut x = room.right();
    for (at, (key, what, does)) in wanted(wall, text).into_iter().enumerate() {
        let size = theme::SMALL;
        let key = ui.painter().layout_no_wrap(key.to_owned(), theme::strong(size), theme::TEXT);
        let what = ui.painter().layout_no_wrap(what.into_owned(), theme::font(size), theme::FAINT);
        let (w, k) = (what.size(), key.size());
        let left = x - w.x - k.x - 32.0;
        // The first one leads to all the others.
        if at > 0 && room.right() - left > most {
            break;
        }
        let cell =
            Rect::from_min_max(pos2(left, room.center().y - 18.0), pos2(x, room.center().y + 18.0));
        let response = ui.interact(cell, ui.scope_id().with(("hint", what.text())), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, what.text()));
        if response.hovered() {
            ui.painter().rect_filled(cell, 4.0, theme::CHOSEN);
        }
        let cap = Rect::from_min_size(
            pos2(cell.left() + 4.0, room.center().y - k.y / 2.0 - 2.0),
            vec2(k.x + 14.0, k.y + 4.0),
        );
        ui.painter().rect_stroke(cap, 4.0, (1.0, theme::FAINT), StrokeKind::Inside);
        let key_at = pos2(cap.left() + 7.0, room.center().y - k.y / 2.0);
        ui.painter().galley(key_at, key, theme::TEXT);
        let what_at = pos2(cap.right() + 8.0, room.center().y - w.y / 2.0);
        ui.painter().galley(what_at, what, theme::FAINT);
        if response.clicked() {
            match does {
                Does::Command(command) => commands.push(command),
                Does::Action(action) => actions.push(action),
            }
        }
        x = cell.left() - GAP;
    }
    x
}
