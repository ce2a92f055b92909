//! The district rail: the whole country at a glance, a row per district, a mark per station.

use eframe::egui::{Align2, Painter, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::scene::Scene;
use super::{marks, on_click, theme};
use crate::health::State;
use crate::model::{District, StationId};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall};

/// Marks closer than this cannot be told apart.
const SMALLEST_SHAPE: f32 = 4.0;

/// The tallest and the lowest row, in points.
const ROW: std::ops::RangeInclusive<f32> = 14.0..=34.0;
/// The share of the wall's width that the rail may take.
const MOST_OF_WIDTH: f32 = 0.18;
/// Narrower columns cannot show a number and a few marks.
const NARROWEST_COLUMN: f32 = 112.0;
const WIDEST_COLUMN: f32 = 190.0;
const MARGIN: f32 = 8.0;

/// Rows and columns that hold all districts.
struct Plan {
    columns: usize,
    rows: usize,
    row_height: f32,
    column_width: f32,
}

fn plan(districts: usize, wall: Vec2) -> Plan {
    let height = wall.y - 2.0 * MARGIN;
    let most_columns = ((wall.x * MOST_OF_WIDTH / NARROWEST_COLUMN) as usize).max(1);
    let column_width = |columns: usize| {
        (wall.x * MOST_OF_WIDTH / columns as f32).clamp(NARROWEST_COLUMN, WIDEST_COLUMN)
    };
    for columns in 1..=most_columns {
        let rows = districts.div_ceil(columns).max(1);
        let row_height = (height / rows as f32).min(*ROW.end());
        // A row of 22 points can be read from the desk; more columns only if it would get lower.
        if row_height >= 22.0 || columns == most_columns {
            let row_height = row_height.max(*ROW.start() / 2.0);
            return Plan { columns, rows, row_height, column_width: column_width(columns) };
        }
    }
    Plan { columns: 1, rows: 1, row_height: *ROW.end(), column_width: WIDEST_COLUMN }
}

/// How wide the rail is for this list on a wall of this size; zero for an empty list.
pub(super) fn width(scene: &Scene, wall: Vec2) -> f32 {
    if scene.list.districts.is_empty() {
        return 0.0;
    }
    let plan = plan(scene.list.districts.len(), wall);
    plan.columns as f32 * plan.column_width + 2.0 * MARGIN
}

pub(super) fn show(
    ui: &mut Ui,
    wall: &Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let room = ui.max_rect().shrink(MARGIN);
    let size = vec2(ui.ctx().content_rect().width(), room.height() + 2.0 * MARGIN);
    let plan = plan(scene.list.districts.len(), size);
    for (index, district) in scene.list.districts.iter().enumerate() {
        let (column, row) = (index / plan.rows, index % plan.rows);
        let corner =
            room.min + vec2(column as f32 * plan.column_width, row as f32 * plan.row_height);
        let cell = Rect::from_min_size(corner, vec2(plan.column_width, plan.row_height));
        let chosen = wall.page_districts().iter().any(|d| d.number == district.number);
        district_row(ui, cell, district, chosen, scene, text, commands);
    }
}

fn state_of(scene: &Scene, id: StationId) -> State {
    scene.stations.get(&id).map_or(State::Connecting, |s| s.assessment.state)
}

fn district_row(
    ui: &mut Ui,
    cell: Rect,
    district: &District,
    chosen: bool,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let number = district.number;
    let response = ui.interact(cell, ui.scope_id().with(("district", number)), Sense::click());
    let stations = scene.list.in_district(number);
    let worst = stations.iter().map(|s| state_of(scene, s.id)).max().unwrap_or(State::Live);
    let troubled = stations.iter().filter(|s| state_of(scene, s.id).is_trouble()).count();
    response.widget_info(|| {
        let label = tr!(
            text,
            "hear-district",
            number = number.to_string(),
            name = district.name.as_str(),
            trouble = troubled,
        );
        WidgetInfo::labeled(Role::Button, true, label)
    });
    on_click(&response, Command::District(number), commands);
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(cell.shrink2(vec2(1.0, 0.5)), 4.0, theme::CHOSEN);
    } else if response.hovered() {
        painter.rect_filled(cell.shrink2(vec2(1.0, 0.5)), 4.0, theme::TILE);
    }
    let font_size = (cell.height() * 0.72).min(theme::BODY);
    let color = if worst.is_trouble() { theme::state(worst) } else { theme::TEXT };
    let numbers = font_size * 2.0;
    let at = pos2(cell.left() + numbers, cell.center().y);
    painter.text(at, Align2::RIGHT_CENTER, number, theme::strong(font_size), color);

    let bar = Rect::from_min_max(
        pos2(cell.left() + numbers + 8.0, cell.top() + 1.5),
        pos2(cell.right() - 6.0, cell.bottom() - 1.5),
    );
    let states: Vec<State> = stations.iter().map(|s| state_of(scene, s.id)).collect();
    station_marks(painter, bar, &states);
}

/// A mark per station, in the list's order. Trouble is drawn last and larger than its place, so
/// that the eye finds it; where there is no room for shapes, each station is a stroke.
fn station_marks(painter: &Painter, bar: Rect, states: &[State]) {
    let step = (bar.width() / states.len().max(1) as f32).min(bar.height());
    let place = |i: usize| pos2(bar.left() + (i as f32 + 0.5) * step, bar.center().y);
    let in_order = |trouble: bool| {
        states.iter().enumerate().filter(move |(_, state)| state.is_trouble() == trouble)
    };
    for (i, state) in in_order(false).chain(in_order(true)) {
        let (center, color) = (place(i), theme::state(*state));
        if step < SMALLEST_SHAPE {
            let (width, height) = if state.is_trouble() { (2.5, 1.0) } else { (step, 0.45) };
            let size = vec2(width.max(step * 0.8), bar.height() * height);
            painter.rect_filled(Rect::from_center_size(center, size), 0.0, color);
            continue;
        }
        let side = if state.is_trouble() { (step * 1.25).max(14.0) } else { step * 0.65 };
        let side = side.min(bar.height());
        marks::draw(painter, Rect::from_center_size(center, vec2(side, side)), *state, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_country_fits_without_scrolling() {
        for districts in [1, 4, 40, 119, 125] {
            let plan = plan(districts, vec2(1920.0, 964.0));
            assert!(plan.columns * plan.rows >= districts);
            assert!(plan.rows as f32 * plan.row_height <= 964.0, "{districts}");
            assert!(plan.row_height >= 22.0, "{districts}: rows of {}", plan.row_height);
            assert!(plan.columns as f32 * plan.column_width <= 1920.0 * 0.2);
        }
    }
}
