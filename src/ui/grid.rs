//! Where the tiles of a page stand and, when districts share it, where each of these begins and
//! ends: a heading over its tiles in every row, and a ground of its own behind them.

use eframe::egui::{Align2, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::scene::Scene;
use super::tile::{CAPTION, GAP, elided};
use super::{on_click, theme};
use crate::model::{District, DistrictNo};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall, grid};

/// A heading's height beside full letters.
const HEADING: f32 = 32.0;
/// Tiles narrower than this get smaller letters.
const FULL_LETTERS_FROM: f32 = 360.0;

/// The tiles of one district that stand side by side in one row.
pub(super) struct Run {
    district: DistrictNo,
    /// Heading and tiles.
    rect: Rect,
    heading: f32,
}

/// A page's geometry.
pub(super) struct Places {
    /// Of each station of the page, in order.
    pub(super) tiles: Vec<Rect>,
    /// Letters, relative to their full size.
    pub(super) scale: f32,
    /// Empty when each district has pages of its own.
    pub(super) runs: Vec<Run>,
}

/// Lays out the page on screen in `room`, and tells the wall how many columns there are.
pub(super) fn places(room: Rect, wall: &mut Wall) -> Places {
    let inner = room.shrink(GAP / 2.0);
    let heading = if wall.grouped() { HEADING } else { 0.0 };
    let above = CAPTION + heading;
    let shape = grid(wall.tiles_in_grid(), inner.width(), inner.height(), above, GAP);
    wall.set_columns(shape.columns);
    let size = vec2(inner.width() / shape.columns as f32, inner.height() / shape.rows as f32);
    // No taller than a 16:9 picture needs: bars above and below a picture say nothing.
    let needed = (size.x - GAP) * 9.0 / 16.0 + above + GAP;
    let size = vec2(size.x, size.y.min(needed));
    let top = inner.top() + (inner.height() - size.y * shape.rows as f32) / 2.0;
    let scale = ((size.x - GAP) / FULL_LETTERS_FROM).clamp(0.6, 1.0);
    let cell = |index: usize| {
        let (column, row) = (index % shape.columns, index / shape.columns);
        let corner = pos2(inner.left() + column as f32 * size.x, top + row as f32 * size.y);
        Rect::from_min_size(corner, size).shrink(GAP / 2.0)
    };
    let mut places = Places { tiles: Vec::new(), scale, runs: Vec::new() };
    for (index, station) in wall.page_stations().iter().enumerate() {
        let cell = cell(index);
        places.tiles.push(Rect::from_min_max(cell.min + vec2(0.0, heading), cell.max));
        if !wall.grouped() {
            continue;
        }
        let district = station.id.district;
        match places.runs.last_mut().filter(|run| run.district == district) {
            Some(run) if index % shape.columns > 0 => run.rect = run.rect.union(cell),
            _ => places.runs.push(Run { district, rect: cell, heading }),
        }
    }
    places
}

/// Draws the grounds and headings of the districts that share the page.
pub(super) fn headings(
    ui: &mut Ui,
    runs: &[Run],
    scale: f32,
    wall: &Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let here = wall.district().map(|d| d.number);
    let mut before = None;
    for (at, run) in runs.iter().enumerate() {
        let Some(district) = scene.list.district(run.district) else { continue };
        let begins = before.replace(run.district) != Some(run.district);
        let ground = run.rect.expand(GAP / 2.0 - 1.5);
        let chosen = here == Some(run.district);
        let (color, edge) =
            if chosen { (theme::CHOSEN, theme::FAINT) } else { (theme::GROUP, theme::HOVER) };
        ui.painter().rect_filled(ground, 4.0, color);
        ui.painter().rect_stroke(ground, 4.0, (2.0, edge), StrokeKind::Inside);
        let bar = Rect::from_min_size(run.rect.min, vec2(run.rect.width(), run.heading));
        let response = ui.interact(bar, ui.scope_id().with(("heading", at)), Sense::click());
        if begins {
            response.widget_info(|| {
                let number = run.district.to_string();
                let name = district.name.as_str();
                let label = tr!(text, "hear-heading", number = number, name = name);
                WidgetInfo::labeled(Role::Button, true, label)
            });
        }
        on_click(&response, Command::District(run.district), commands);
        title(ui, bar, district, begins, scale);
    }
}

/// The number and the name; fainter where a district goes on in another row.
fn title(ui: &Ui, bar: Rect, district: &District, begins: bool, scale: f32) {
    let scale = scale.max(0.75);
    let at = pos2(bar.left() + 8.0 * scale, bar.center().y - 1.0);
    let (font, ink, name) = if begins {
        (theme::strong(theme::BODY * 1.15 * scale), theme::TEXT, theme::TEXT)
    } else {
        (theme::font(theme::BODY * scale), theme::FAINT, theme::FAINT)
    };
    let number = district.number.to_string();
    let end = ui.painter().text(at, Align2::LEFT_CENTER, number, font, ink).right();
    let at = pos2(end + 12.0 * scale, at.y);
    let font = theme::font(theme::SMALL * scale);
    let width = bar.right() - at.x - 4.0;
    if width > 40.0 {
        elided(ui, at, &district.name, font, name, width);
    }
}
