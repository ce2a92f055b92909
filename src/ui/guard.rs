//! The fleet guard's banner: it is this machine that is in trouble, and no camera is blamed.

use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::scene::Scene;
use super::tile::elided;
use super::{marks, theme};
use crate::health::alarms::{Guard, OwnTrouble};
use crate::text::Text;
use crate::tr;

/// Its height, in points.
pub(super) const HEIGHT: f32 = 84.0;

/// Shows it over the whole width of the wall.
pub(super) fn show(ui: &mut Ui, guard: Guard, scene: &Scene, text: &Text) {
    let room = ui.max_rect();
    let (what, advice) = match guard.why {
        OwnTrouble::Late => (tr!(text, "guard-late"), tr!(text, "guard-late-advice")),
        OwnTrouble::Network => (tr!(text, "guard-network"), tr!(text, "guard-network-advice")),
        OwnTrouble::Disk => (tr!(text, "guard-disk"), tr!(text, "guard-disk-advice")),
    };
    let response = ui.interact(room, ui.scope_id().with("guard"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, format!("{what} {advice}")));
    let mark = Rect::from_center_size(
        pos2(room.left() + 28.0, room.center().y),
        vec2(HEIGHT * 0.52, HEIGHT * 0.52),
    );
    marks::hourglass(ui.painter(), mark, theme::ON_STATE);
    let (x, ink) = (mark.right() + 22.0, theme::ON_STATE);
    let since = scene.time(scene.civil(guard.since));
    let counter = Text::counter(scene.now.since(guard.since));
    let since = tr!(text, "guard-since", time = since, counter = counter);
    let font = theme::strong(theme::LARGE);
    let galley = ui.painter().layout_no_wrap(since.into_owned(), font.clone(), ink);
    let right = room.right() - galley.size().x;
    let upper = room.top() + HEIGHT * 0.33;
    ui.painter().galley(pos2(right, upper - galley.size().y / 2.0), galley, ink);
    elided(ui, pos2(x, upper), &what, font, ink, right - x - 24.0);
    let at = pos2(x, room.top() + HEIGHT * 0.72);
    elided(ui, at, &advice, theme::font(theme::BODY), ink, room.right() - x);
}
