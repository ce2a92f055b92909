//! The auditor's screen: some stations' recordings on one clock, and over them the day as the ledger
//! tells it. A plain function of a [`ReplayScene`] and a [`Desk`]; what it cannot do it asks for.

mod keys;
mod lanes;
mod tiles;

use std::sync::Arc;

use eframe::egui;
use eframe::egui::{
    Align2, CentralPanel, Frame, Id, Margin, Panel, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::field::{self, Field as TextField};
use super::{theme, words};
use crate::clock::WallTime;
use crate::model::day::ElectionDay;
use crate::record::Cause;
use crate::record::ledger::Span;
use crate::render::TilePicture;
use crate::replay::desk::{Ask, Desk, Field, Lane};
use crate::replay::ring::Fault;
use crate::text::Text;
use crate::tr;

/// What a tile has to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileStatus {
    /// The picture of the moment.
    Ready,
    /// It is being decoded.
    Behind,
    /// There is none: the ledger says for how long and why, where it knows.
    InGap {
        /// From when to when.
        span: Option<Span>,
        /// Why.
        cause: Option<Cause>,
    },
    /// There should be one, and it cannot be had.
    Unreadable(Fault),
    /// Nothing is recorded after this, so far.
    Ended,
}

/// One station's picture.
pub struct ReplayTile {
    /// What is painted.
    pub picture: Arc<TilePicture>,
    /// What may be said of it.
    pub status: TileStatus,
    /// The time of the picture that is painted, microseconds of UTC; `None` before the first.
    pub shown_us: Option<i64>,
    /// The camera's clock minus ours in microseconds, where it told.
    pub camera_clock_us: Option<i64>,
}

/// The two sides of a gap.
pub struct Comparison {
    /// Whose.
    pub tile: usize,
    /// Between them.
    pub gap: Span,
    /// The last picture before, and the first after.
    pub sides: [ReplayTile; 2],
    /// Where they differ: fields of a grid of [`CHANGES`], row by row; empty while that is not known.
    pub changes: Vec<bool>,
}

/// Columns and rows of the grid of changes.
pub const CHANGES: (usize, usize) = (16, 9);

/// What is known at one moment.
pub struct ReplayScene {
    /// The moment that is shown, microseconds of UTC.
    pub at_us: i64,
    /// Where the day's times and stages come from.
    pub day: Arc<ElectionDay>,
    /// The stations, in the order of the tiles.
    pub lanes: Arc<Vec<Lane>>,
    /// Their pictures.
    pub tiles: Vec<ReplayTile>,
    /// Time runs.
    pub playing: bool,
    /// Towards the past.
    pub reverse: bool,
    /// So fast.
    pub speed: f64,
    /// Only keyframes are shown.
    pub keyframes_only: bool,
    /// The clock waits for a tile that is behind.
    pub waiting: bool,
    /// The two sides of a gap, while they are compared.
    pub comparison: Option<Comparison>,
    /// What was said last to the person: that something was kept, or not.
    pub told: Option<String>,
    /// What is wrong with the day's ledger, if it cannot be read.
    pub trouble: Option<String>,
}

impl ReplayScene {
    /// `11:00:03.280`
    fn time(&self, at_us: i64) -> String {
        self.day.local(WallTime::from_micros(at_us)).strftime("%H:%M:%S%.3f").to_string()
    }

    /// `11:00:03`
    fn second(&self, at_us: i64) -> String {
        self.day.local(WallTime::from_micros(at_us)).strftime("%H:%M:%S").to_string()
    }
}

const TOP: f32 = 60.0;
const BOTTOM: f32 = 56.0;

/// Shows the replay and gives what has to be done elsewhere.
pub fn show(ui: &mut Ui, scene: &ReplayScene, desk: &mut Desk, text: &Text) -> Vec<Ask> {
    let open = desk.typing().map(|_| typed_field());
    field::keep_focus(ui, open);
    let mut asks = Vec::new();
    keys::read(ui, scene, desk, &mut asks);
    let bar = |fill| Frame::new().fill(fill).inner_margin(Margin::symmetric(16, 0));
    let panel =
        |panel: Panel, height| panel.exact_size(height).resizable(false).show_separator_line(false);
    panel(Panel::top("replay top"), TOP)
        .frame(bar(theme::PANEL))
        .show(ui, |ui| header(ui, scene, text));
    panel(Panel::bottom("replay transport"), BOTTOM)
        .frame(bar(theme::PANEL))
        .show(ui, |ui| transport(ui, scene, desk, text, &mut asks));
    let height = lanes::height(scene.lanes.len(), ui.available_height());
    panel(Panel::bottom("replay lanes"), height)
        .frame(Frame::new().fill(theme::RAIL))
        .show(ui, |ui| lanes::show(ui, scene, desk, text, &mut asks));
    CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
        tiles::show(ui, scene, desk, text);
        said(ui, scene, desk, text);
        if desk.keys_shown() {
            keys::help(ui, desk, text);
        }
        card(ui, scene, desk, text);
    });
    asks
}

fn header(ui: &mut Ui, scene: &ReplayScene, text: &Text) {
    let room = ui.max_rect();
    let local = scene.day.local(WallTime::from_micros(scene.at_us));
    let day = local.strftime("%d.%m.%Y").to_string();
    let count = scene.lanes.len();
    let title = tr!(text, "replay-title", day = day, count = count);
    let at = room.left_center();
    let end = ui.painter().text(
        at,
        Align2::LEFT_CENTER,
        title.as_ref(),
        theme::strong(theme::LARGE),
        theme::TEXT,
    );
    let station = scene.lanes.first().map(|lane| lane.station);
    let at = WallTime::from_micros(scene.at_us);
    let stages = scene.day.stages_of(station).into_iter();
    let stage = stages.rev().find(|(_, from, to)| *from <= at && at < *to).map(|(stage, ..)| stage);
    let utc = WallTime::from_micros(scene.at_us).timestamp();
    let utc = utc.strftime("%H:%M:%S%.3f UTC").to_string();
    let time = scene.time(scene.at_us);
    let clock = ui.painter().text(
        room.right_center(),
        Align2::RIGHT_CENTER,
        &time,
        theme::strong(theme::LARGE * 1.1),
        theme::TEXT,
    );
    let at = pos2(clock.left() - 20.0, room.center().y);
    let mut right =
        ui.painter().text(at, Align2::RIGHT_CENTER, &utc, theme::font(theme::BODY), theme::FAINT);
    if let Some(stage) = stage {
        let at = pos2(right.left() - 24.0, room.center().y);
        let word = words::stage(text, stage);
        let font = theme::strong(theme::BODY);
        right = ui.painter().text(at, Align2::RIGHT_CENTER, word, font, theme::TEXT);
    }
    let pace = pace(scene, text);
    let ink = if scene.keyframes_only || scene.waiting { theme::BEHIND } else { theme::TEXT };
    let at = pos2(end.right() + 32.0, room.center().y);
    super::tile::elided(ui, at, &pace, theme::strong(theme::BODY), ink, right.left() - at.x - 24.0);
    let response = ui.interact(room, ui.scope_id().with("head"), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Status, true, format!("{title}; {time}; {pace}"))
    });
}

/// How time runs: `▶ 4×`, and what is not as it should be.
fn pace(scene: &ReplayScene, text: &Text) -> String {
    let run = match (scene.playing, scene.reverse) {
        (false, _) => tr!(text, "replay-stands"),
        (true, false) => tr!(text, "replay-plays", speed = speed(scene.speed)),
        (true, true) => tr!(text, "replay-reverses", speed = speed(scene.speed)),
    };
    let mut said = run.into_owned();
    if scene.keyframes_only {
        said = format!("{said} · {}", tr!(text, "replay-keyframes-only"));
    }
    if scene.waiting {
        said = format!("{said} · {}", tr!(text, "replay-waits"));
    }
    said
}

/// `¼×`, `64×`
fn speed(speed: f64) -> String {
    match speed {
        0.25 => "¼×".to_owned(),
        0.5 => "½×".to_owned(),
        speed => format!("{speed:.0}×"),
    }
}

fn transport(ui: &mut Ui, scene: &ReplayScene, desk: &mut Desk, text: &Text, asks: &mut Vec<Ask>) {
    let room = ui.max_rect();
    let mut x = room.left();
    let mut button = |ui: &mut Ui, sign: &str, words: &str| -> bool {
        let font = theme::strong(theme::BODY);
        let width =
            ui.painter().layout_no_wrap(sign.to_owned(), font.clone(), theme::TEXT).size().x;
        let rect = Rect::from_min_size(
            pos2(x, room.top() + 8.0),
            vec2(width + 24.0, room.height() - 16.0),
        );
        x = rect.right() + 8.0;
        let response = ui.interact(rect, ui.scope_id().with(words), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
        let fill = if response.hovered() { theme::CHOSEN } else { theme::TILE };
        ui.painter().rect_filled(rect, 5.0, fill);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, sign, font, theme::TEXT);
        response.clicked()
    };
    let (tile, at) = (desk.selected(), scene.at_us);
    if button(ui, "[ ◀", &tr!(text, "replay-previous-gap")) {
        asks.extend(desk.gap(&scene.lanes, at, false));
    }
    if button(ui, "◀|", &tr!(text, "replay-previous-frame")) {
        asks.push(Ask::Step { tile, forward: false });
    }
    let (sign, name) = if scene.playing {
        ("❚❚", tr!(text, "replay-pause"))
    } else {
        ("▶", tr!(text, "replay-play"))
    };
    if button(ui, sign, &name) {
        asks.push(Ask::Play(!scene.playing));
    }
    if button(ui, "|▶", &tr!(text, "replay-next-frame")) {
        asks.push(Ask::Step { tile, forward: true });
    }
    if button(ui, "▶ ]", &tr!(text, "replay-next-gap")) {
        asks.extend(desk.gap(&scene.lanes, at, true));
    }
    if button(ui, "−", &tr!(text, "replay-slower")) {
        asks.push(Ask::Speed(crate::replay::desk::next_speed(scene.speed, false)));
    }
    if button(ui, "+", &tr!(text, "replay-faster")) {
        asks.push(Ask::Speed(crate::replay::desk::next_speed(scene.speed, true)));
    }
    let at = pos2(x + 16.0, room.center().y);
    let hints = tr!(text, "replay-hints");
    let font = theme::font(theme::SMALL);
    super::tile::elided(ui, at, &hints, font, theme::FAINT, room.right() - at.x);
}

/// What there is to say, over the pictures' lower edge.
fn said(ui: &mut Ui, scene: &ReplayScene, desk: &Desk, text: &Text) {
    let marked = match desk.marked() {
        (None, None) => None,
        (from, to) => {
            let time = |at: Option<i64>| at.map_or_else(|| "…".to_owned(), |at| scene.time(at));
            let (from, to) = (time(from), time(to));
            Some(tr!(text, "replay-marked", from = from, to = to).into_owned())
        }
    };
    let trouble = scene.trouble.as_ref();
    let trouble = trouble.map(|why| tr!(text, "replay-no-ledger", reason = why.as_str()));
    let lines: Vec<String> =
        trouble.map(String::from).into_iter().chain(scene.told.clone()).chain(marked).collect();
    let room = ui.max_rect();
    for (n, line) in lines.iter().rev().enumerate() {
        let font = theme::strong(theme::BODY);
        let galley = ui.painter().layout_no_wrap(line.clone(), font, theme::TEXT);
        let size = galley.size() + vec2(28.0, 14.0);
        let at =
            pos2(room.center().x - size.x / 2.0, room.bottom() - (n as f32 + 1.0) * (size.y + 6.0));
        let plate = Rect::from_min_size(at, size);
        let response = ui.interact(plate, ui.scope_id().with(("said", n)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, line.as_str()));
        ui.painter().rect_filled(plate, 6.0, theme::PANEL);
        ui.painter().galley(plate.min + vec2(14.0, 7.0), galley, theme::TEXT);
    }
}

fn typed_field() -> Id {
    Id::unique("replay field")
}

/// The field that somebody types into.
fn card(ui: &mut Ui, scene: &ReplayScene, desk: &mut Desk, text: &Text) {
    let Some((field, typed)) = desk.typing().map(|(field, typed)| (field, typed.to_owned())) else {
        return;
    };
    let room = ui.max_rect();
    let size = vec2(760.0_f32.min(room.width() - 32.0), 150.0);
    let card = Rect::from_center_size(room.center(), size);
    let response = ui.interact(card, ui.scope_id().with("card"), Sense::click_and_drag());
    let title = match field {
        Field::Time => tr!(text, "replay-go-to"),
        Field::Note => {
            let number = scene.lanes.get(desk.selected()).map(|lane| lane.station.to_string());
            let at = scene.time(scene.at_us);
            tr!(text, "replay-note", number = number.unwrap_or_default(), at = at)
        }
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title.as_ref()));
    ui.painter().rect_filled(card, 8.0, theme::PANEL);
    ui.painter().rect_stroke(card, 8.0, (2.0, theme::FAINT), StrokeKind::Outside);
    let at = card.left_top() + vec2(20.0, 30.0);
    let ink =
        if desk.wrong_time() { theme::state(crate::health::State::Stalled) } else { theme::TEXT };
    let title = if desk.wrong_time() { tr!(text, "replay-no-time") } else { title };
    super::tile::elided(ui, at, &title, theme::strong(theme::BODY), ink, size.x - 40.0);
    let place = Rect::from_min_size(card.min + vec2(16.0, 60.0), vec2(size.x - 32.0, 70.0));
    let hint = match field {
        Field::Time => tr!(text, "replay-time-hint"),
        Field::Note => tr!(text, "note-hint"),
    };
    let entry = TextField { id: typed_field(), name: &title, hint: &hint, rows: 1 };
    if let Some(typed) = entry.show(ui, place, &typed) {
        desk.write(&typed);
        ui.ctx().request_repaint();
    }
}

/// A time of the day that is shown: `11`, `11:00`, `11:00:03`, `11:00:03.280`; microseconds of UTC.
pub fn time_of_day(typed: &str, scene: &ReplayScene) -> Option<i64> {
    let date = scene.day.local(WallTime::from_micros(scene.at_us)).date();
    let typed = typed.trim().replace([' ', '-', ','], ":").replace("::", ":");
    let padded = match typed.matches(':').count() {
        0 => format!("{typed}:00:00"),
        1 => format!("{typed}:00"),
        _ => typed,
    };
    let padded = if padded.find(':') == Some(1) { format!("0{padded}") } else { padded };
    let time: jiff::civil::Time = padded.parse().ok()?;
    let at = date.to_datetime(time).to_zoned(scene.day.zone.clone()).ok()?;
    Some(WallTime::from(at.timestamp()).as_micros())
}

/// Draws pictures, and nothing outside `area`.
fn paint(ui: &egui::Ui, area: Rect, draws: Vec<crate::render::TileDraw>) {
    ui.painter().add(crate::render::video(area, draws));
}
