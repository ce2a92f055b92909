//! A row of the attention list.

use std::time::Duration;

use eframe::egui::{
    Align2, Color32, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::super::scene::Scene;
use super::super::tile::{elided, fitted};
use super::super::{marks, theme, words};
use super::name;
use crate::health::State;
use crate::health::alarms::{About, Line};
use crate::model::StationId;
use crate::text::Text;
use crate::tr;
use crate::wall::{AttentionList, Row};

/// What is drawn of a row.
struct Look {
    state: State,
    name: String,
    word: String,
    counter: Option<String>,
    heard: String,
    /// Nobody has answered.
    waits: bool,
    /// For too long.
    escalated: bool,
    over: bool,
    /// Several stations.
    several: bool,
    who: Option<String>,
    inside: bool,
}

/// Shows a row in `room`.
pub(super) fn show(
    ui: &mut Ui,
    room: Rect,
    row: Row,
    list: &AttentionList,
    scene: &Scene,
    text: &Text,
) -> Response {
    let chosen = list.chosen() == Some(row);
    let response = ui.interact(room, ui.scope_id().with(("line", row)), Sense::click());
    let Some(look) = look(row, list, scene, text) else { return response };
    response.widget_info(|| {
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, look.heard.as_str())
    });
    look.draw(ui, room, chosen, response.hovered());
    response
}

fn look(row: Row, list: &AttentionList, scene: &Scene, text: &Text) -> Option<Look> {
    match row {
        Row::Alarm(id) => list.line(id).map(|line| of_line(line, scene, text)),
        Row::Member(_, station) => Some(of_station(station, true, scene, text)),
        Row::Station(station) => Some(of_station(station, false, scene, text)),
    }
}

/// How long it lasted, or has lasted.
fn lasted(line: &Line, scene: &Scene) -> Duration {
    line.ended.unwrap_or(scene.now).since(line.since)
}

fn of_line(line: &Line, scene: &Scene, text: &Text) -> Look {
    let (over, waits) = (line.ended.is_some(), line.acknowledged.is_none());
    let state = if over { line.worst } else { line.state };
    let word = words::state(text, state);
    let word = match &line.about {
        About::Together { stations, of, .. } => {
            let (count, of) = (stations.len().to_string(), of.to_string());
            let lost = tr!(text, "together-lost", count = count, of = of);
            if over { tr!(text, "line-over", what = lost) } else { lost }
        }
        About::Station(_) if over => tr!(text, "line-over", what = word),
        About::Station(_) => word,
    };
    let name = name(line, text);
    let heard = match &line.acknowledged {
        Some(by) => {
            tr!(
                text,
                "hear-line-answered",
                name = name.as_str(),
                state = word.as_ref(),
                who = by.who.as_str()
            )
        }
        None if line.escalated => {
            tr!(text, "hear-line-late", name = name.as_str(), state = word.as_ref())
        }
        None => tr!(text, "hear-line", name = name.as_str(), state = word.as_ref()),
    };
    Look {
        state,
        heard: heard.into_owned(),
        word: word.into_owned(),
        counter: Some(Text::counter(lasted(line, scene))),
        name,
        waits,
        escalated: line.escalated && waits && !over,
        over,
        several: matches!(line.about, About::Together { .. }),
        who: line.acknowledged.as_ref().map(|by| by.who.clone()),
        inside: false,
    }
}

/// A station without an alarm of its own.
fn of_station(station: StationId, inside: bool, scene: &Scene, text: &Text) -> Look {
    let state = scene.state(station);
    let word = words::state(text, state).into_owned();
    let since = scene.stations.get(&station).map(|view| view.assessment.since);
    let since = since.filter(|_| state.is_trouble());
    let name = station.to_string();
    let heard = tr!(text, "hear-line-plain", name = name.as_str(), state = word.as_str());
    Look {
        state,
        heard: heard.into_owned(),
        word,
        counter: since.map(|since| Text::counter(scene.now.since(since))),
        name,
        waits: false,
        escalated: false,
        over: false,
        several: false,
        who: None,
        inside,
    }
}

impl Look {
    fn draw(&self, ui: &Ui, room: Rect, chosen: bool, hovered: bool) {
        let painter = ui.painter();
        let color = theme::state(self.state);
        let place = room.shrink2(vec2(3.0, 1.5));
        if self.escalated {
            painter.rect_filled(place, 4.0, color);
        } else if chosen || hovered {
            painter.rect_filled(place, 4.0, if chosen { theme::CHOSEN } else { theme::TILE });
        }
        if chosen {
            painter.rect_stroke(place, 4.0, (3.0, theme::ACCENT), StrokeKind::Inside);
        }
        let (ink, faint, mark) = self.inks(color);
        if self.waits && !self.escalated {
            let bar =
                Rect::from_min_size(place.min + vec2(3.0, 5.0), vec2(6.0, room.height() - 13.0));
            painter.rect_filled(bar, 2.0, color);
        }
        let left = room.left() + if self.inside { 40.0 } else { 16.0 };
        self.draw_mark(
            ui,
            Rect::from_center_size(pos2(left + 17.0, room.center().y), vec2(34.0, 34.0)),
            mark,
        );
        let x = left + 46.0;
        let right = room.right() - 12.0;
        let (above, below) = (room.top() + room.height() * 0.3, room.top() + room.height() * 0.71);
        let mut end = right;
        if let Some(counter) = &self.counter {
            let font = theme::strong(theme::CALL);
            let at = pos2(right, above);
            end = painter.text(at, Align2::RIGHT_CENTER, counter, font, ink).left() - 8.0;
        }
        let sizes = (theme::CALL, theme::BODY);
        fitted(ui, pos2(x, above), &self.name, sizes, ink, end - x);
        let mut end = right;
        if let Some(who) = &self.who {
            let most = (right - x) * 0.42;
            let font = theme::font(theme::SMALL);
            let wide = painter.layout_no_wrap(who.clone(), font.clone(), faint).size().x.min(most);
            let at = pos2(right - wide, below);
            elided(ui, at, who, font, faint, most);
            let tick = Rect::from_center_size(pos2(at.x - 14.0, below), vec2(16.0, 16.0));
            marks::tick(painter, tick, faint);
            end = at.x - 30.0;
        }
        let word_ink = if self.escalated || self.who.is_some() { faint } else { mark };
        fitted(ui, pos2(x, below), &self.word, (theme::CALL, theme::SMALL), word_ink, end - x);
    }

    /// For the number, for the name of who answered, and for mark and word.
    fn inks(&self, color: Color32) -> (Color32, Color32, Color32) {
        match (self.escalated, self.who.is_some()) {
            (true, _) => (theme::ON_STATE, theme::ON_STATE, theme::ON_STATE),
            (false, true) => (theme::FAINT, theme::FAINT, theme::FAINT),
            (false, false) if self.over => (theme::TEXT, theme::FAINT, theme::state(State::Live)),
            (false, false) => (theme::TEXT, theme::FAINT, color),
        }
    }

    fn draw_mark(&self, ui: &Ui, room: Rect, color: Color32) {
        let painter = ui.painter();
        if self.over {
            marks::over(painter, room, color);
        } else if self.several {
            // A smaller one behind, on either side.
            let half = room.size() * 0.56;
            for corner in [room.left_top(), pos2(room.right() - half.x, room.top())] {
                marks::draw(painter, Rect::from_min_size(corner, half), self.state, color);
            }
            let corner = pos2(room.center().x - half.x / 2.0, room.bottom() - half.y);
            marks::draw(painter, Rect::from_min_size(corner, half), self.state, color);
        } else {
            marks::draw(painter, room, self.state, color);
        }
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Context, RawInput};

    use super::super::WIDTH;
    use super::*;
    use crate::text::{Lang, Text};

    /// Beside its mark, in the width that a row has for it: whole, and no smaller than this.
    #[test]
    fn every_states_word_is_whole_in_the_list() {
        const LEAST: f32 = 21.0;
        let ctx = Context::default();
        theme::install(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            for (lang, state) in Lang::ALL.into_iter().flat_map(|l| State::ALL.map(|s| (l, s))) {
                let text = Text::of(lang);
                let word = words::state(&text, state).into_owned();
                let font = theme::strong(LEAST);
                let wide = ui.painter().layout_no_wrap(word, font, theme::TEXT).size().x;
                let room = WIDTH - 16.0 - 46.0 - 12.0;
                assert!(wide <= room, "{state:?} in {}: {wide} of {room}", lang.code());
            }
        });
        // Nothing is drawn here; egui minds textures that nobody took.
        output.textures_delta.clear();
    }
}
