//! What is known of one line: the reason in words, since when, and who has taken it on.

use eframe::egui::{Color32, FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::controls::wrapped;
use super::super::scene::Scene;
use super::super::tile::elided;
use super::super::{theme, words};
use super::{PAD, name};
use crate::health::alarms::{About, Line};
use crate::model::StationId;
use crate::text::Text;
use crate::tr;
use crate::wall::{Row, Wall};

/// Shows what is known of the chosen line or, on the tiles, of the selected station's.
pub(super) fn show(ui: &mut Ui, room: Rect, wall: &Wall, scene: &Scene, text: &Text) {
    ui.painter().rect_filled(room, 0.0, theme::PANEL);
    let list = wall.attention();
    let (line, station) = match list.chosen() {
        Some(row) => (row.alarm().and_then(|id| list.line(id)), list.station(row)),
        None if list.entered() => (None, None),
        None => {
            let here = wall.selected().map(|s| s.id);
            (here.and_then(|id| list.alarm_of(id)), here)
        }
    };
    // The station of a member says more than the group that it is in.
    let member = matches!(list.chosen(), Some(Row::Member(..)));
    let inner = room.shrink2(vec2(PAD, 10.0));
    let mut writer = Writer { ui, room: inner, y: inner.top(), said: Vec::new() };
    match (line, station) {
        (Some(line), _) if !member => of_line(&mut writer, line, scene, text),
        (_, Some(station)) if list.chosen().is_some() => {
            of_station(&mut writer, station, scene, text);
            if let Some(line) = line {
                answered(&mut writer, line, scene, text);
            }
        }
        _ if list.entered() => {
            writer.lines(&tr!(text, "notice-nothing-chosen"), theme::TEXT, 4);
        }
        _ => {
            writer.lines(&tr!(text, "attention-how"), theme::FAINT, 4);
            let who = scene.operator.as_str();
            writer.lines(&tr!(text, "detail-operator", who = who), theme::FAINT, 2);
        }
    }
    let said = writer.said.join(". ");
    let response = ui.interact(room, ui.scope_id().with("detail"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, said.as_str()));
}

fn of_line(writer: &mut Writer<'_>, line: &Line, scene: &Scene, text: &Text) {
    match &line.about {
        About::Station(id) => heading(writer, *id, scene),
        About::Together { .. } => writer.title(&name(line, text)),
    }
    let state = words::state(text, if line.ended.is_some() { line.worst } else { line.state });
    let since = scene.time(scene.civil(line.since));
    let said = match line.ended {
        Some(ended) => {
            let until = scene.time(scene.civil(ended));
            tr!(text, "detail-over", state = state, since = since, until = until)
        }
        None => tr!(text, "detail-since", state = state, since = since),
    };
    writer.lines(&said, theme::TEXT, 2);
    if let Some(why) = &line.trouble {
        writer.lines(&words::trouble(text, why), theme::TEXT, 3);
    }
    answered(writer, line, scene, text);
}

fn of_station(writer: &mut Writer<'_>, station: StationId, scene: &Scene, text: &Text) {
    heading(writer, station, scene);
    let state = words::state(text, scene.state(station));
    let Some(view) = scene.stations.get(&station) else { return };
    let since = scene.time(scene.civil(view.assessment.since));
    writer.lines(&tr!(text, "detail-since", state = state, since = since), theme::TEXT, 2);
    if let Some(why) = &view.assessment.trouble {
        writer.lines(&words::trouble(text, why), theme::TEXT, 3);
    }
}

fn heading(writer: &mut Writer<'_>, station: StationId, scene: &Scene) {
    let name = scene.list.station(station).map_or("", |s| s.name.as_str());
    writer.title(format!("{station} · {name}").trim_end_matches(" · "));
}

fn answered(writer: &mut Writer<'_>, line: &Line, scene: &Scene, text: &Text) {
    match &line.acknowledged {
        Some(by) => {
            let at = scene.time(by.at);
            let said = tr!(text, "detail-answered", who = by.who.as_str(), time = at);
            let said = match by.note.as_str() {
                "" => said.into_owned(),
                note => format!("{said}: {note}"),
            };
            writer.lines(&said, theme::FAINT, 3);
        }
        None => {
            // Not for how long there has been trouble: nobody could have answered before it was told.
            let span = Text::counter(scene.now.since(line.unanswered_from));
            writer.lines(&tr!(text, "detail-unanswered-for", span = span), theme::FAINT, 2);
        }
    }
}

/// Writes line under line for as long as there is room.
struct Writer<'a> {
    ui: &'a Ui,
    room: Rect,
    y: f32,
    said: Vec<String>,
}

impl Writer<'_> {
    fn title(&mut self, words: &str) {
        let font = theme::strong(theme::BODY);
        let at = pos2(self.room.left(), self.y + 14.0);
        elided(self.ui, at, words, font, theme::TEXT, self.room.width());
        self.y += 34.0;
        self.said.push(words.to_owned());
    }

    fn lines(&mut self, words: &str, ink: Color32, most: usize) {
        self.said.push(words.to_owned());
        let font: FontId = theme::font(theme::SMALL);
        let room = ((self.room.bottom() - self.y) / 22.0) as usize;
        if room == 0 {
            return;
        }
        let job = wrapped(words, font, ink, (self.room.width(), most.min(room)));
        let galley = self.ui.painter().layout_job(job);
        let at = pos2(self.room.left(), self.y);
        self.y += galley.size().y + 5.0;
        self.ui.painter().galley(at, galley, ink);
    }
}
