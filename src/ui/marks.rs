//! The shape of each state, drawn with lines and areas so that no font has to have it.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use crate::health::State;

/// A recording that is safe: a disc, as on every recorder's button.
pub(super) fn recorded(painter: &Painter, room: Rect, color: Color32) {
    painter.circle_filled(room.center(), room.width() * 0.42, color);
}

/// A recording that should be and is not: a ring, struck through.
pub(super) fn not_recorded(painter: &Painter, room: Rect, color: Color32) {
    let (c, r) = (room.center(), room.width() * 0.4);
    let line = Stroke::new((r * 0.32).max(1.5), color);
    painter.circle_stroke(c, r, line);
    painter.line_segment([c + vec2(-r, r), c + vec2(r, -r)], line);
}

/// Draws the mark of `state` into the square `room`.
pub(super) fn draw(painter: &Painter, room: Rect, state: State, color: Color32) {
    let c = room.center();
    let r = room.width().min(room.height()) / 2.0;
    let at = |x: f32, y: f32| pos2(c.x + x * r, c.y + y * r);
    let line = Stroke::new((r * 0.36).max(1.5), color);
    match state {
        State::Live => {
            painter.circle_filled(c, r * 0.72, color);
        }
        State::Connecting => {
            painter.circle_stroke(c, r * 0.62, line);
        }
        State::NotChecked => {
            // A ring of dots.
            for i in 0..6_u8 {
                let a = std::f32::consts::TAU * f32::from(i) / 6.0;
                painter.circle_filled(at(0.72 * a.cos(), 0.72 * a.sin()), r * 0.2, color);
            }
        }
        State::Maintenance => {
            // Two level bars in a ring: work, not trouble.
            painter.circle_stroke(c, r * 0.8, Stroke::new((r * 0.22).max(1.2), color));
            painter.line_segment([at(-0.4, -0.22), at(0.4, -0.22)], line);
            painter.line_segment([at(-0.4, 0.32), at(0.4, 0.32)], line);
        }
        State::Degraded => {
            // Steps that go down.
            for (x, top) in [(-0.6, -0.8), (0.0, -0.1), (0.6, 0.45)] {
                let bar = Rect::from_min_max(at(x - 0.22, top), at(x + 0.22, 0.8));
                painter.rect_filled(bar, 0.0, color);
            }
        }
        State::Covered => {
            // A disc, half of it hidden.
            painter.circle_stroke(c, r * 0.75, Stroke::new((r * 0.22).max(1.2), color));
            let half: Vec<Pos2> = (0..=12_u8)
                .map(|i| {
                    let a = std::f32::consts::PI * f32::from(i) / 12.0;
                    at(0.75 * a.cos(), 0.75 * a.sin())
                })
                .collect();
            painter.add(Shape::convex_polygon(half, color, Stroke::NONE));
        }
        State::Frozen => {
            for x in [-0.42, 0.42] {
                let bar = Rect::from_min_max(at(x - 0.24, -0.8), at(x + 0.24, 0.8));
                painter.rect_filled(bar, 0.0, color);
            }
        }
        State::Black => {
            painter.rect_filled(Rect::from_min_max(at(-0.72, -0.72), at(0.72, 0.72)), 0.0, color);
        }
        State::Stalled => triangle(painter, [at(0.0, -0.9), at(0.95, 0.8), at(-0.95, 0.8)], color),
        State::Offline => {
            painter.line_segment([at(-0.7, -0.7), at(0.7, 0.7)], line);
            painter.line_segment([at(-0.7, 0.7), at(0.7, -0.7)], line);
        }
        State::AuthFailed => {
            // A padlock.
            let body = Rect::from_center_size(at(0.0, 0.35), vec2(r * 1.5, r * 1.1));
            painter.rect_filled(body, r * 0.15, color);
            let bow: Vec<Pos2> = (0..=8_u8)
                .map(|i| {
                    let a = std::f32::consts::PI * (1.0 + f32::from(i) / 8.0);
                    at(0.48 * a.cos(), -0.2 + 0.65 * a.sin())
                })
                .collect();
            painter.add(Shape::line(bow, Stroke::new((r * 0.26).max(1.2), color)));
        }
        State::Unsupported => {
            painter.circle_stroke(c, r * 0.72, line);
            painter.line_segment([at(-0.5, 0.5), at(0.5, -0.5)], line);
        }
    }
}

/// Draws a minus or a plus into the middle of `room`.
pub(super) fn sign(painter: &Painter, room: Rect, plus: bool, color: Color32) {
    let (c, r, line) = (room.center(), 8.0, Stroke::new(3.0, color));
    painter.line_segment([c - vec2(r, 0.0), c + vec2(r, 0.0)], line);
    if plus {
        painter.line_segment([c - vec2(0.0, r), c + vec2(0.0, r)], line);
    }
}

/// Draws a flag: nobody has answered yet.
pub(super) fn flag(painter: &Painter, room: Rect, color: Color32) {
    let c = room.center();
    let r = room.width().min(room.height()) / 2.0;
    let at = |x: f32, y: f32| pos2(c.x + x * r, c.y + y * r);
    let staff = Rect::from_min_max(at(-0.75, -0.95), at(-0.45, 0.95));
    painter.rect_filled(staff, 0.0, color);
    triangle(painter, [at(-0.45, -0.95), at(0.95, -0.35), at(-0.45, 0.25)], color);
}

/// Draws a bell: alarms are heard.
pub(super) fn bell(painter: &Painter, room: Rect, color: Color32) {
    let c = room.center();
    let r = room.width().min(room.height()) / 2.0;
    let at = |x: f32, y: f32| pos2(c.x + x * r, c.y + y * r);
    let dome: Vec<Pos2> = (0..=10_u8)
        .map(|i| {
            let a = std::f32::consts::PI * (1.0 + f32::from(i) / 10.0);
            at(0.6 * a.cos(), -0.25 + 0.65 * a.sin())
        })
        .chain([at(0.85, 0.5), at(-0.85, 0.5)])
        .collect();
    painter.add(Shape::convex_polygon(dome, color, Stroke::NONE));
    painter.circle_filled(at(0.0, 0.72), r * 0.24, color);
}

/// Crosses out what is drawn in `room`, with a gap of the bar's ground on either side.
pub(super) fn crossed(painter: &Painter, room: Rect, color: Color32) {
    let ends = [room.left_top(), room.right_bottom()];
    painter.line_segment(ends, Stroke::new(7.0, super::theme::PANEL));
    painter.line_segment(ends, Stroke::new(3.0, color));
}

/// Draws a tick: somebody has it, or all is well.
pub(super) fn tick(painter: &Painter, room: Rect, color: Color32) {
    let c = room.center();
    let r = room.width().min(room.height()) / 2.0;
    let at = |x: f32, y: f32| pos2(c.x + x * r, c.y + y * r);
    let points = vec![at(-0.8, 0.05), at(-0.25, 0.65), at(0.85, -0.65)];
    painter.line(points, Stroke::new((r * 0.34).max(1.5), color));
}

/// Draws what is over and not answered: a ring, closed again, with what is left of it.
pub(super) fn over(painter: &Painter, room: Rect, color: Color32) {
    let (c, r) = (room.center(), room.width().min(room.height()) / 2.0);
    painter.circle_stroke(c, r * 0.78, Stroke::new((r * 0.24).max(1.2), color));
    painter.circle_filled(c, r * 0.3, color);
}

/// Draws an hourglass into `room`: this machine is behind.
pub(super) fn hourglass(painter: &Painter, room: Rect, color: Color32) {
    let c = room.center();
    let r = room.width().min(room.height()) / 2.0;
    let at = |x: f32, y: f32| pos2(c.x + x * r, c.y + y * r);
    triangle(painter, [at(-0.7, -0.9), at(0.7, -0.9), at(0.0, 0.05)], color);
    triangle(painter, [at(0.0, -0.05), at(0.7, 0.9), at(-0.7, 0.9)], color);
}

fn triangle(painter: &Painter, corners: [Pos2; 3], color: Color32) {
    painter.add(Shape::convex_polygon(corners.to_vec(), color, Stroke::NONE));
}
