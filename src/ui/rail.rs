//! The district rail: the whole country at a glance, a row per district, a mark per station.

use eframe::egui::{Align2, Painter, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::scene::Scene;
use super::{marks, on_click, theme};
use crate::health::State;
use crate::model::District;
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall};

/// Marks closer than this cannot be told apart.
const SMALLEST_SHAPE: f32 = 5.0;
/// A mark beside a number needs not be larger.
const LARGEST_SHAPE: f32 = 24.0;
/// The room of a station that is not in trouble, at least.
const NARROWEST: f32 = 3.2;
/// Between two marks in trouble.
const APART: f32 = 1.5;
/// Marks of one district under each other.
const MOST_ROWS: usize = 3;

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
    let unanswered = wall.attention().unanswered_districts();
    for (index, district) in scene.list.districts.iter().enumerate() {
        let (column, row) = (index / plan.rows, index % plan.rows);
        let corner =
            room.min + vec2(column as f32 * plan.column_width, row as f32 * plan.row_height);
        let cell = Rect::from_min_size(corner, vec2(plan.column_width, plan.row_height));
        let chosen = wall.page_districts().iter().any(|d| d.number == district.number);
        let waits = unanswered.contains(&district.number);
        district_row(ui, cell, district, (chosen, waits), scene, text, commands);
    }
}

fn district_row(
    ui: &mut Ui,
    cell: Rect,
    district: &District,
    (chosen, waits): (bool, bool),
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let number = district.number;
    let response = ui.interact(cell, ui.scope_id().with(("district", number)), Sense::click());
    let stations = scene.list.in_district(number).iter();
    let states: Vec<State> = stations.map(|station| scene.state(station.id)).collect();
    let worst = states.iter().max().copied().unwrap_or(State::Live);
    let troubled = states.iter().filter(|state| state.is_trouble()).count();
    response.widget_info(|| {
        let label = tr!(
            text,
            "hear-district",
            number = number.to_string(),
            name = district.name.as_str(),
            trouble = troubled,
        );
        let label = match waits {
            true => tr!(text, "hear-district-unanswered", district = label.as_ref()),
            false => label,
        };
        WidgetInfo::labeled(Role::Button, true, label)
    });
    on_click(&response, Command::District(number), commands);
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(cell.shrink2(vec2(1.0, 0.5)), 4.0, theme::CHOSEN);
    } else if response.hovered() {
        painter.rect_filled(cell.shrink2(vec2(1.0, 0.5)), 4.0, theme::TILE);
    }
    if waits {
        // Nobody has answered: a bar at the edge, as in the attention list.
        let bar = Rect::from_min_size(cell.min + vec2(0.0, 2.0), vec2(5.0, cell.height() - 4.0));
        painter.rect_filled(bar, 2.0, theme::ACCENT);
    }
    // A district in trouble is to be found from four metres; the others are looked up at the desk.
    let calls = worst.is_trouble();
    let font_size = (cell.height() * if calls { 0.9 } else { 0.72 }).min(theme::CALL);
    let color = if calls { theme::state(worst) } else { theme::TEXT };
    let numbers = (cell.height() * 1.56).min(theme::CALL * 1.7);
    // Three digits of that size would lie under the bar at the edge.
    let number = number.to_string();
    let whole = painter.layout_no_wrap(number.clone(), theme::strong(font_size), color).size().x;
    let room = numbers - 8.0;
    let font_size =
        if waits && whole > room { (font_size * room / whole).floor() } else { font_size };
    let at = pos2(cell.left() + numbers, cell.center().y);
    painter.text(at, Align2::RIGHT_CENTER, number, theme::strong(font_size), color);

    let bar = Rect::from_min_max(
        pos2(cell.left() + numbers + 6.0, cell.top() + 1.0),
        pos2(cell.right() - 6.0, cell.bottom() - 1.0),
    );
    station_marks(painter, bar, &states);
}

/// Where the marks of one district stand in its bar.
#[derive(Clone, Debug, PartialEq)]
enum Marks {
    /// In one row, trouble wider than the rest.
    Row { trouble: f32, rest: f32 },
    /// So many in trouble that equal marks in rows under each other come out larger.
    Block { columns: usize, step: Vec2 },
    /// So many stations that only strokes have room.
    Strokes,
}

impl Marks {
    /// For `count` stations, `troubled` of them in trouble, in a bar of `size`.
    fn plan(count: usize, troubled: usize, size: Vec2) -> Self {
        let wanted = LARGEST_SHAPE.min(size.y * 0.96) + APART;
        let (bad, good) = (troubled as f32, (count - troubled) as f32);
        // Short bars for small districts: no wider than needed.
        let widest = (size.y * 0.4).min(size.x / count as f32);
        let left = size.x - bad * wanted;
        if left >= good * widest && widest >= NARROWEST {
            return Self::Row { trouble: wanted, rest: widest };
        }
        let rest = if left > good * NARROWEST { left / good } else { NARROWEST };
        let trouble = ((size.x - good * rest) / bad).min(wanted);
        let (columns, step) = (1..=MOST_ROWS).map(|rows| block(count, rows, size)).fold(
            (count, Vec2::ZERO),
            |best, next| {
                if next.1.min_elem() > best.1.min_elem() { next } else { best }
            },
        );
        if trouble > step.min_elem().max(SMALLEST_SHAPE) {
            Self::Row { trouble, rest }
        } else if step.min_elem() >= SMALLEST_SHAPE {
            Self::Block { columns, step }
        } else {
            Self::Strokes
        }
    }

    /// The room of each mark, from the bar's top left corner; none for strokes.
    fn rooms(&self, troubled: &[bool], size: Vec2) -> Vec<Rect> {
        let around = |x, y, side| Rect::from_center_size(pos2(x, y), Vec2::splat(side));
        let mut x = 0.0;
        let in_row = |trouble: f32, rest: f32| {
            move |bad: &bool| {
                let slot = if *bad { trouble } else { rest };
                x += slot;
                let side = if *bad { slot - APART } else { slot * 0.65 };
                around(x - slot / 2.0, size.y / 2.0, side)
            }
        };
        let in_block = |columns: usize, step: Vec2| {
            move |(i, bad): (usize, &bool)| {
                let (column, row) = ((i % columns) as f32, (i / columns) as f32);
                let side = step.min_elem();
                let side = if *bad { side - 1.0 } else { side * 0.5 };
                around((column + 0.5) * step.x, (row + 0.5) * step.y, side)
            }
        };
        match *self {
            Self::Row { trouble, rest } => troubled.iter().map(in_row(trouble, rest)).collect(),
            Self::Block { columns, step } => {
                troubled.iter().enumerate().map(in_block(columns, step)).collect()
            }
            Self::Strokes => Vec::new(),
        }
    }
}

/// Marks of the same size in rows: columns, and from the middle of one to the next.
fn block(count: usize, rows: usize, size: Vec2) -> (usize, Vec2) {
    let columns = count.div_ceil(rows).max(1);
    (columns, vec2((size.x / columns as f32).min(size.y), size.y / rows as f32))
}

/// A mark per station, in the list's order. Trouble is larger than the rest, so that the eye finds
/// it, and no mark touches another.
fn station_marks(painter: &Painter, bar: Rect, states: &[State]) {
    let troubled: Vec<bool> = states.iter().map(|state| state.is_trouble()).collect();
    let bad = troubled.iter().filter(|bad| **bad).count();
    let plan = Marks::plan(states.len(), bad, bar.size());
    if plan == Marks::Strokes {
        return strokes(painter, bar, states);
    }
    for (room, state) in plan.rooms(&troubled, bar.size()).into_iter().zip(states) {
        let room = room.translate(bar.min.to_vec2());
        marks::draw(painter, room, *state, theme::state(*state));
    }
}

/// Trouble is drawn last and higher.
fn strokes(painter: &Painter, bar: Rect, states: &[State]) {
    let step = bar.width() / states.len().max(1) as f32;
    let in_order = |trouble: bool| {
        states.iter().enumerate().filter(move |(_, state)| state.is_trouble() == trouble)
    };
    for (i, state) in in_order(false).chain(in_order(true)) {
        let (width, height) = if state.is_trouble() { (2.5, 1.0) } else { (step, 0.45) };
        let size = vec2(width.max(step * 0.8), bar.height() * height);
        let center = pos2(bar.left() + (i as f32 + 0.5) * step, bar.center().y);
        let room = Rect::from_center_size(center, size);
        painter.rect_filled(room, 0.0, theme::state(*state));
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::Pos2;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn marks_stay_apart_inside_their_bar_and_in_order(
            troubled in prop::collection::vec(prop::bool::weighted(0.3), 1..30),
            wide in prop::bool::ANY,
        ) {
            let bar = if wide { vec2(130.0, 31.0) } else { vec2(58.0, 20.0) };
            let bad = troubled.iter().filter(|bad| **bad).count();
            let plan = Marks::plan(troubled.len(), bad, bar);
            let rooms = plan.rooms(&troubled, bar);
            let inside = Rect::from_min_size(Pos2::ZERO, bar).expand(0.01);
            for (i, room) in rooms.iter().enumerate() {
                prop_assert!(inside.contains_rect(*room), "{plan:?}: {room:?}");
                prop_assert!(room.width() >= if troubled[i] { 3.0 } else { 1.5 }, "{plan:?}");
                for other in &rooms[..i] {
                    prop_assert!(!other.shrink(0.01).intersects(*room), "{plan:?}");
                    let order = |r: &Rect| (r.center().y.round(), r.center().x);
                    let before = order(other) < order(room);
                    prop_assert!(before, "{plan:?}");
                }
            }
            prop_assert!(plan != Marks::Strokes || troubled.len() > 12);
        }
    }

    #[test]
    fn trouble_is_large_in_the_usual_district() {
        let bar = vec2(58.0, 20.0);
        let side = |count, bad| {
            let troubled: Vec<bool> = (0..count).map(|i| i < bad).collect();
            let plan = Marks::plan(count, bad, bar);
            plan.rooms(&troubled, bar)[0].width()
        };
        assert!(side(9, 1) >= 14.0 && side(12, 1) >= 14.0);
        assert!(side(9, 2) >= 13.0);
        assert!(side(9, 9) >= 8.0, "the whole district");
        assert_eq!(Marks::plan(70, 3, bar), Marks::Strokes);
    }
}
