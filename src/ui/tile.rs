//! The grid of tiles, and one tile large.

use std::borrow::Cow;

use eframe::egui;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align2, Color32, FontId, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::scene::{Look, Scene, StationView};
use super::{grid, large, latch, marks, theme, words};
use crate::health::alarms::Line;
use crate::health::{State, Trouble};
use crate::model::Station;
use crate::render::{self, Shown, TileDraw};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Painted, Wall};

/// Between two tiles, in points.
pub(super) const GAP: f32 = 8.0;
/// A caption's height beside [`theme::BODY`] text.
pub(super) const CAPTION: f32 = 36.0;

/// One tile's place and verdict in this frame.
struct Tile<'a> {
    station: &'a Station,
    view: Option<&'a StationView>,
    rect: Rect,
    /// Letters, relative to their full size.
    scale: f32,
    /// Height of the strip under the picture that holds the details; zero in a grid, where they
    /// lie over the picture for as long as the pointer does.
    foot: f32,
    shown: Option<Shown>,
    look: Look,
    state: State,
    /// Its alarm, for as long as nobody has answered.
    alarm: Option<&'a Line>,
}

pub(super) fn show(
    ui: &mut Ui,
    wall: &mut Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let room = ui.max_rect();
    if scene.list.stations.is_empty() {
        let font = theme::strong(theme::LARGE);
        let (words, ink) = (tr!(text, "list-empty"), theme::TEXT);
        ui.painter().text(room.center(), Align2::CENTER_CENTER, words, font, ink);
        return;
    }
    let tiles: Vec<Tile<'_>> = match wall.large().cloned() {
        Some(station) => {
            let station = scene.list.station(station.id);
            let large = station.map(|s| tile(s, room.shrink(GAP), 1.3, scene));
            large.map(|tile| Tile { foot: large::foot(scene), ..tile }).into_iter().collect()
        }
        None => {
            let places = grid::places(room, wall);
            grid::headings(ui, &places.runs, places.scale, wall, scene, text, commands);
            let stations = wall.page_stations().iter().filter_map(|s| scene.list.station(s.id));
            let tile = |(s, rect)| tile(s, rect, places.scale, scene);
            stations.zip(places.tiles).map(tile).collect()
        }
    };
    let mut tiles = tiles;
    for tile in &mut tiles {
        let alarm = wall.attention().alarm_of(tile.station.id);
        let waits = alarm.filter(|line| line.acknowledged.is_none()).map(|line| line.id);
        tile.alarm = waits.and_then(|id| scene.attention.lines.iter().find(|l| l.id == id));
    }
    let draws = tiles
        .iter()
        .filter_map(|tile| {
            Some(TileDraw {
                picture: tile.view?.picture.clone()?,
                rect: tile.picture_room(),
                part: large::part(wall),
                dim: if matches!(tile.look, Look::Live { .. }) { 1.0 } else { theme::STALE_LIGHT },
            })
        })
        .collect();
    // Where there is a picture, its own shader paints the room, and the background is beside it.
    for tile in tiles.iter().filter(|tile| tile.shown.is_none()) {
        ui.painter().rect_filled(tile.picture_room(), 0.0, theme::NO_PICTURE);
    }
    ui.painter().add(render::video(room, draws));
    let pixels = ui.ctx().pixels_per_point();
    let size = tiles.first().map_or(egui::Vec2::ZERO, |tile| tile.picture_room().size() * pixels);
    wall.set_painted(Painted {
        stations: tiles.iter().map(|tile| tile.station.id).collect(),
        tile: (size.x.round() as u32, size.y.round() as u32),
    });
    let large = wall.large().is_some();
    let selected = wall.selected().map(|s| s.id);
    for tile in &tiles {
        let response = tile.show(ui, scene, text, large);
        if large {
            let place = large::place(tile.picture_room(), tile.shown.as_ref(), wall);
            large::zoom_plate(ui, place, tile.shown.as_ref(), wall, text);
            large::follow_pointer(ui, &response, place, wall);
        }
        if response.double_clicked() {
            commands.push(if large { Command::Back } else { Command::Open(tile.station.id) });
        } else if response.clicked() && !large {
            commands.push(Command::Select(tile.station.id));
        }
        if !large {
            tile.frame(ui, selected == Some(tile.station.id), response.hovered());
        }
    }
}

fn tile<'a>(station: &'a Station, rect: Rect, scale: f32, scene: &'a Scene) -> Tile<'a> {
    let view = scene.stations.get(&station.id);
    let shown = view.and_then(|v| v.picture.as_ref()).and_then(|p| p.shown());
    let look = view.map_or(Look::None, |view| view.look(scene.now));
    // Whole pixels keep the picture's edges sharp.
    let rect = rect.round_to_pixels_floor();
    let state = scene.state(station.id);
    Tile { station, view, rect, scale, foot: 0.0, shown, look, state, alarm: None }
}

trait FloorRect {
    fn round_to_pixels_floor(self) -> Self;
}

impl FloorRect for Rect {
    fn round_to_pixels_floor(self) -> Self {
        Rect::from_min_max(self.min.floor(), self.max.floor())
    }
}

/// Writes `text` in bold, as large as fits into `width` between `most` and `least`, and then as much
/// of it as fits.
pub(super) fn fitted(
    ui: &Ui,
    at: Pos2,
    text: &str,
    (most, least): (f32, f32),
    color: Color32,
    width: f32,
) -> Rect {
    let whole = ui.painter().layout_no_wrap(text.to_owned(), theme::strong(most), color).size().x;
    // Whole points: every size is drawn into the texture of letters once.
    let size = (most * (width / whole.max(1.0)).min(1.0)).floor().max(least);
    elided(ui, at, text, theme::strong(size), color, width)
}

/// Writes as much of `text` as fits into `width`, from `at` (left, middle).
pub(super) fn elided(
    ui: &Ui,
    at: Pos2,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Rect {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, color));
    job.wrap = egui::text::TextWrapping::truncate_at_width(width);
    let galley = ui.painter().layout_job(job);
    let rect = Align2::LEFT_CENTER.anchor_size(at, galley.size());
    ui.painter().galley(rect.min, galley, color);
    rect
}

impl Tile<'_> {
    fn state(&self) -> State {
        self.state
    }

    /// What is seen is to be the present, whatever it shows.
    fn is_present(&self) -> bool {
        self.state.is_arriving() && self.state != State::Frozen
    }

    /// Whether what is the matter is this machine's and not the camera's.
    fn is_own(&self) -> bool {
        let trouble = self.view.and_then(|v| v.assessment.trouble.as_ref());
        trouble.is_some_and(Trouble::is_own)
    }

    /// The state in a word or two.
    fn word<'t>(&self, text: &'t Text) -> Cow<'t, str> {
        if self.is_own() { tr!(text, "machine-trouble") } else { words::state(text, self.state()) }
    }

    fn behind(&self) -> bool {
        self.view.is_some_and(|v| v.assessment.behind) || self.drawn_late()
    }

    /// The picture is old although a younger one lies ready: it is the drawing that is slow.
    fn drawn_late(&self) -> bool {
        let newest = self.view.and_then(|v| v.newest_picture);
        let live = self.is_present();
        let shown = self.shown.map(|s| s.arrived_at);
        live && self.look == Look::Stale && shown.is_some() && newest > shown
    }

    fn caption(&self) -> Rect {
        let bottom = pos2(self.rect.right(), self.rect.top() + CAPTION * self.scale);
        Rect::from_min_max(self.rect.min, bottom)
    }

    fn picture_room(&self) -> Rect {
        let corner = pos2(self.rect.right(), self.rect.bottom() - self.foot);
        Rect::from_min_max(self.caption().left_bottom(), corner)
    }

    fn show(&self, ui: &mut Ui, scene: &Scene, text: &Text, large: bool) -> Response {
        let id = ui.scope_id().with(("tile", self.station.id));
        let sense = if large { Sense::click_and_drag() } else { Sense::click() };
        let response = ui.interact(self.rect, id, sense);
        response.widget_info(|| {
            let state = self.word(text);
            let number = self.station.id.to_string();
            let label = match self.alarm {
                Some(_) => {
                    tr!(text, "hear-station-unanswered", number = number, state = state)
                }
                None => tr!(text, "hear-station", number = number, state = state),
            };
            WidgetInfo::labeled(Role::Button, true, label)
        });
        self.show_caption(ui, scene, text);
        self.show_words(ui, scene, text);
        if large || response.hovered() {
            self.show_details(ui, scene, text);
        }
        response
    }

    fn show_caption(&self, ui: &Ui, scene: &Scene, text: &Text) {
        let (state, room) = (self.state(), self.caption());
        let (ground, ink, faint) = if self.behind() {
            (theme::BEHIND, theme::ON_STATE, theme::ON_STATE)
        } else if state.is_trouble() {
            (theme::state(state), theme::ON_STATE, theme::ON_STATE)
        } else {
            (theme::TILE, theme::TEXT, theme::FAINT)
        };
        ui.painter().rect_filled(room, 0.0, ground);
        let pad = 8.0 * self.scale;
        let side = 20.0 * self.scale;
        let mark = Rect::from_min_size(
            pos2(room.left() + pad, room.center().y - side / 2.0),
            vec2(side, side),
        );
        let mark_color = if ground == theme::TILE { theme::state(state) } else { ink };
        if self.behind() {
            marks::hourglass(ui.painter(), mark, mark_color);
        } else {
            marks::draw(ui.painter(), mark, state, mark_color);
        }
        let end = match self.alarm {
            Some(line) => latch::flag(ui, room, ground, line),
            None => room.right(),
        };
        let font = theme::strong(theme::CALL * self.scale);
        let at = pos2(mark.right() + pad, room.center().y);
        let number = self.station.id.to_string();
        let mut begin = ui.painter().text(at, Align2::LEFT_CENTER, number, font, ink).right() + pad;
        if scene.recording.as_ref().is_some_and(|r| r.safe.contains(&self.station.id)) {
            let place = Rect::from_min_size(pos2(begin, mark.top()), vec2(side, side));
            let color = if ground == theme::TILE { theme::RECORDED } else { ink };
            marks::recorded(ui.painter(), place.shrink(side * 0.12), color);
            begin = place.right() + pad * 0.5;
        }
        let live = matches!(self.look, Look::Live { .. });
        let said = self.said(live, scene, text);
        // What is said needs the room more than the rate does.
        let right = match said.is_empty() || state.is_trouble() {
            true => self.caption_right(ui, begin..end, scene, text, faint),
            false => end,
        };
        let own = (ground != theme::TILE).then_some(ink);
        let from = pos2(begin + pad * 0.5, at.y);
        let written = latch::write(ui, from, &said, own, (right - from.x - pad, self.scale));
        if right - written > 60.0 * self.scale {
            let font = theme::font(theme::SMALL * self.scale);
            let at = pos2(written, room.center().y);
            elided(ui, at, &self.station.name, font, faint, right - written - pad);
        }
    }

    /// The right end of the caption: for a live feed its rate and the picture's age, for another
    /// how long it has been so; nothing where there is no room. Returns where it begins.
    fn caption_right(
        &self,
        ui: &Ui,
        within: std::ops::Range<f32>,
        scene: &Scene,
        text: &Text,
        color: Color32,
    ) -> f32 {
        let (room, end) = (self.caption(), within.end);
        let live = matches!(self.look, Look::Live { .. });
        let words = match (&self.look, self.view) {
            // How old a picture is that is the present says less than since when it has been so.
            (Look::Live { age }, Some(view)) if !self.state.is_trouble() => {
                let age = words::age(text, *age);
                match view.assessment.rate {
                    Some(rate) => tr!(
                        text,
                        "tile-rate-age",
                        rate = format!("{:.0}", rate.round()),
                        age = age,
                    )
                    .into_owned(),
                    None => age,
                }
            }
            (_, Some(view)) if self.state.is_trouble() => {
                Text::counter(scene.now.since(view.assessment.since))
            }
            _ => return end,
        };
        let font = match live && !self.state.is_trouble() {
            true => theme::font(theme::SMALL * self.scale),
            false => theme::strong(theme::BODY * self.scale),
        };
        let galley = ui.painter().layout_no_wrap(words, font, color);
        let x = end - galley.size().x - 8.0 * self.scale;
        if x < within.start {
            return end;
        }
        let at = pos2(x, room.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
        x
    }

    /// What the picture must not be mistaken for, in words over it.
    fn show_words(&self, ui: &Ui, scene: &Scene, text: &Text) {
        let Some(view) = self.view else { return };
        let a = &view.assessment;
        let present = self.is_present();
        let live = matches!(self.look, Look::Live { .. });
        let head = match self.state {
            _ if live => return,
            _ if present && view.picture.as_ref().is_some_and(|p| p.refused().is_some()) => {
                tr!(text, "tile-refused").into_owned()
            }
            _ if present && self.behind() => tr!(text, "machine-behind").into_owned(),
            _ if present => tr!(text, "tile-waiting").into_owned(),
            State::Connecting | State::Maintenance => words::state(text, self.state).into_owned(),
            _ => {
                let since = Text::counter(scene.now.since(a.since));
                format!("{} {since}", self.word(text))
            }
        };
        let color = match self.state {
            _ if present && self.behind() => theme::BEHIND,
            _ if self.is_own() => theme::BEHIND,
            // Pictures come, but what is seen is not the present.
            _ if present => theme::state(State::Stalled),
            state => theme::state(state),
        };
        let mut lines = vec![(head, theme::strong(theme::LARGE * self.scale), color)];
        let small = theme::font(theme::BODY * self.scale);
        if self.state == State::Maintenance {
            let work = scene.maintenance.get(&self.station.id);
            let work = work.map(|work| latch::until(work, scene, text));
            lines.extend(work.into_iter().flatten().map(|line| (line, small.clone(), theme::TEXT)));
        }
        if self.state == State::Frozen {
            // The picture came just now; what it shows is as old as this.
            let since = scene.time(scene.civil(a.since));
            let same = tr!(text, "tile-same-since", time = since).into_owned();
            lines.push((same, small.clone(), theme::TEXT));
        } else if let (Some(shown), Look::Stale) = (&self.shown, self.look) {
            let taken = scene.day.local(shown.taken_at).strftime("%H:%M:%S").to_string();
            let last = tr!(text, "tile-last-picture", time = taken).into_owned();
            lines.push((last, small.clone(), theme::TEXT));
        }
        if let Some(why) = &a.trouble {
            lines.push((words::trouble(text, why).into_owned(), small, theme::TEXT));
        }
        self.plate(ui, lines);
    }

    /// What a picture that is the present must be read with, in the caption: its state, work that is
    /// being done, and what is over and has not been answered.
    fn said(&self, live: bool, scene: &Scene, text: &Text) -> Vec<latch::Said> {
        let mut said = Vec::new();
        let state = self.state;
        if state == State::Maintenance && live {
            said.extend(
                scene.maintenance.get(&self.station.id).map(|m| latch::work(m, scene, text)),
            );
        } else if live && state != State::Live {
            // Since when stands at the right end.
            let line = words::state(text, state).into_owned();
            said.push(latch::Said { mark: latch::Mark::State(state), line });
        }
        let recording = scene.recording.as_ref();
        if live && recording.is_some_and(|r| r.missing.contains(&self.station.id)) {
            let line = tr!(text, "tile-not-recorded").into_owned();
            said.push(latch::Said { mark: latch::Mark::NotRecorded, line });
        }
        said.extend(self.alarm.and_then(|line| latch::over(line, text)));
        said
    }

    /// Lines on a dark plate in the middle of the picture's room; what does not fit in height is
    /// left out from the end.
    fn plate(&self, ui: &Ui, lines: Vec<(String, FontId, Color32)>) {
        let room = self.picture_room();
        let width = room.width() - 24.0 * self.scale;
        let pad = 8.0 * self.scale;
        let mut galleys = Vec::new();
        let mut height = 2.0 * pad;
        for (line, font, color) in lines {
            let mut job = LayoutJob::simple(line, font, color, width);
            job.halign = egui::Align::Center;
            let galley = ui.painter().layout_job(job);
            if height + galley.size().y > room.height() && !galleys.is_empty() {
                break;
            }
            height += galley.size().y;
            galleys.push((galley, color));
        }
        let widest = galleys.iter().map(|(g, _)| g.size().x).fold(0.0, f32::max);
        let plate = Rect::from_center_size(room.center(), vec2(widest + 4.0 * pad, height));
        ui.painter().rect_filled(plate.intersect(room), 6.0, theme::ON_PICTURE);
        let mut y = plate.top() + pad;
        for (galley, color) in galleys {
            let tall = galley.size().y;
            ui.painter().galley(pos2(room.center().x, y), galley, color);
            y += tall;
        }
    }

    /// Name, address and network in full, at the foot of the picture.
    fn show_details(&self, ui: &mut Ui, scene: &Scene, text: &Text) {
        let s = self.station;
        let own = scene.day.overrides.contains_key(&s.id);
        let stage = scene.day.stage_at(scene.wall, Some(s.id)).stage.filter(|_| own);
        let stage = stage.map(|stage| words::stage(text, stage));
        let mut parts: Vec<&str> = [&s.name, &s.address, &s.network]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect();
        let size = self.shown.as_ref().map(|p| format!("{}×{}", p.width, p.height));
        parts.extend(size.as_deref());
        let two = self.view.filter(|_| s.sub.is_some() && self.shown.is_some());
        let feed = two.map(|view| large::feed_word(text, view.feed));
        parts.extend(feed.as_deref());
        parts.extend(stage.as_deref());
        let late = self.behind().then(|| tr!(text, "machine-behind"));
        parts.extend(late.as_deref());
        if parts.is_empty() && self.foot == 0.0 {
            return;
        }
        let room = self.picture_room();
        let font = theme::font(theme::SMALL * self.scale);
        let pad = 8.0 * self.scale;
        if self.foot > 0.0 {
            let strip = Rect::from_min_max(room.left_bottom(), self.rect.max);
            large::strip(ui, strip, &parts.join(" · "), scene, text);
            return;
        }
        let job = LayoutJob::simple(parts.join(" · "), font, theme::TEXT, room.width() - 2.0 * pad);
        let galley = ui.painter().layout_job(job);
        let top = room.bottom() - galley.size().y - 2.0 * pad;
        let foot = Rect::from_min_max(pos2(room.left(), top), room.max);
        ui.painter().rect_filled(foot, 0.0, theme::ON_PICTURE);
        ui.painter().galley(foot.min + vec2(pad, pad), galley, theme::TEXT);
    }

    fn frame(&self, ui: &Ui, selected: bool, hovered: bool) {
        let state = self.state();
        let stroke = if selected {
            Stroke::new(4.0, theme::ACCENT)
        } else if self.behind() {
            Stroke::new(3.0, theme::BEHIND)
        } else if state.is_trouble() {
            Stroke::new(3.0, theme::state(state))
        } else if hovered {
            Stroke::new(2.0, theme::HOVER)
        } else {
            return;
        };
        // Selection lies outside of the state's colour, so that one does not hide the other.
        let rect = if selected { self.rect.expand(3.0) } else { self.rect };
        ui.painter().rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
    }
}
