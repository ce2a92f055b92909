//! The banner over the wall: it is this machine that is in trouble; or it was thought to be, waits no
//! longer, and most of the country is still gone.
//!
//! It says that alarms are held back only while they are.

use std::borrow::Cow;

use eframe::egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::scene::Scene;
use super::tile::elided;
use super::{marks, theme};
use crate::clock::Mono;
use crate::health::State;
use crate::health::alarms::{Aftermath, Attention, Guard, OwnTrouble};
use crate::text::Text;
use crate::tr;

/// Its height, in points.
pub(super) const HEIGHT: f32 = 84.0;

/// What there is to say, the weightier first.
#[derive(Clone, Copy)]
pub(super) enum Banner {
    Guard(Guard),
    /// Stations are gone for which no guard waits any more.
    GivenUp(Aftermath),
}

impl Banner {
    /// A guard that holds nothing back has less to say than that most of the country is gone.
    pub(super) fn of(attention: &Attention) -> Option<Self> {
        let guard = attention.guard.map(Self::Guard);
        let given_up = attention.aftermath.map(Self::GivenUp);
        match attention.guard {
            Some(Guard { holds: true, .. }) => guard,
            _ => given_up.or(guard),
        }
    }

    /// What it stands on.
    pub(super) fn ground(self) -> Color32 {
        match self {
            Self::Guard(_) => theme::BEHIND,
            Self::GivenUp(_) => theme::state(State::Offline),
        }
    }

    fn since(self) -> Mono {
        match self {
            Self::Guard(guard) => guard.since,
            Self::GivenUp(aftermath) => aftermath.since,
        }
    }

    /// What is the matter, and what to do.
    fn words(self, text: &Text) -> (Cow<'_, str>, Cow<'_, str>) {
        let guard = match self {
            Self::Guard(guard) => guard,
            Self::GivenUp(Aftermath { lost, of, .. }) => {
                let (lost, of) = (lost.to_string(), of.to_string());
                let what = tr!(text, "guard-given-up", lost = lost, of = of);
                return (what, tr!(text, "guard-given-up-advice"));
            }
        };
        match (guard.why, guard.holds) {
            (OwnTrouble::Late, true) => (tr!(text, "guard-late"), tr!(text, "guard-late-advice")),
            (OwnTrouble::Late, false) => {
                (tr!(text, "guard-late"), tr!(text, "guard-late-long-advice"))
            }
            (OwnTrouble::Network, _) => {
                (tr!(text, "guard-network"), tr!(text, "guard-network-advice"))
            }
            (OwnTrouble::Unchecked, _) => {
                (tr!(text, "guard-unchecked"), tr!(text, "guard-unchecked-advice"))
            }
            (OwnTrouble::Recording, _) => {
                (tr!(text, "guard-recording"), tr!(text, "guard-recording-advice"))
            }
            (OwnTrouble::Disk, _) => (tr!(text, "guard-disk"), tr!(text, "guard-disk-advice")),
        }
    }
}

/// Shows it over the whole width of the wall.
pub(super) fn show(ui: &mut Ui, banner: Banner, scene: &Scene, text: &Text) {
    let room = ui.max_rect();
    let (what, advice) = banner.words(text);
    let response = ui.interact(room, ui.scope_id().with("guard"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, format!("{what} {advice}")));
    let mark = Rect::from_center_size(
        pos2(room.left() + 28.0, room.center().y),
        vec2(HEIGHT * 0.52, HEIGHT * 0.52),
    );
    match banner {
        Banner::Guard(_) => marks::hourglass(ui.painter(), mark, theme::ON_STATE),
        Banner::GivenUp(_) => marks::draw(ui.painter(), mark, State::Offline, theme::ON_STATE),
    }
    let (x, ink) = (mark.right() + 22.0, theme::ON_STATE);
    let since = scene.time(scene.civil(banner.since()));
    let counter = Text::counter(scene.now.since(banner.since()));
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
