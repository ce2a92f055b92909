//! What the operator wants kept, from the screen to the keeper, and what became of it back again.

use std::time::Duration;

use super::{ControlRoom, OnScreen};
use crate::app::snapshot::About;
use crate::app::wall::keeper::{Circumstances, Keeper};
use crate::health::{State, Trouble};
use crate::model::day::Stage;
use crate::model::{FeedId, StationId};
use crate::ui::{Look, Scene};

impl ControlRoom {
    /// Takes what the keeper has finished; a note that could not be kept goes back to its writer.
    pub(super) fn hear_of_kept(&mut self) {
        for done in self.keeper.as_ref().map(Keeper::done).into_iter().flatten() {
            self.told = Some(done.told);
            if let Some(draft) = done.back {
                self.wall.give_back(&draft);
            }
        }
    }

    pub(super) fn keep_picture(&mut self, id: StationId, scene: &Scene) {
        let (Some(keeper), Some(station)) = (&self.keeper, scene.list.station(id)) else { return };
        let Some(view) = scene.stations.get(&id) else { return };
        let seen = self.seen(FeedId { station: id, kind: station.standing_feed() });
        let shown = seen.and_then(|s| s.picture.shown());
        let district = scene.list.district(id.district);
        let age = shown.map_or(Duration::ZERO, |shown| scene.now.since(shown.arrived_at));
        let about = About {
            station: id,
            district_name: district.map(|d| d.name.clone()).unwrap_or_default(),
            name: station.name.clone(),
            address: station.address.clone(),
            feed: seen.map_or(view.feed, |s| s.feed.id().kind),
            state: view.assessment.state.code(),
            trouble: view.assessment.trouble.as_ref().map(Trouble::code),
            live: matches!(view.look(scene.now), Look::Live { .. }),
            age_ms: u64::try_from(age.as_millis()).unwrap_or(u64::MAX),
            stage: stage(scene, id),
            asked_at: scene.wall,
            zone: scene.day.zone.clone(),
        };
        let frame = seen.and_then(|s| s.picture.frame());
        if let Some(told) = keeper.snapshot(scene.now, frame, about) {
            self.told = Some(told);
        }
    }

    /// The picture that was on the screen when the key was pressed: a main feed that has come up
    /// since then and was not painted yet is not it.
    fn seen(&self, standing: FeedId) -> Option<&OnScreen> {
        let painted = |on: &&OnScreen| on.picture.shown().is_some();
        self.picture(standing)
            .filter(painted)
            .or_else(|| self.on_screen.get(&standing).filter(painted))
    }

    /// Keeps the note that was finished in this pass.
    pub(super) fn keep_note(&mut self, scene: &Scene) {
        let Some(keeper) = &self.keeper else { return };
        let Some(draft) = self.wall.take_note() else { return };
        let state = scene.stations.get(&draft.station).map(|view| view.assessment.state);
        let when = Circumstances {
            now: scene.now,
            wall: scene.wall,
            stage: stage(scene, draft.station),
            state: state.map_or("unknown", State::code),
        };
        if let Some(done) = keeper.note(draft, &when) {
            self.told = Some(done.told);
            if let Some(draft) = done.back {
                self.wall.give_back(&draft);
            }
        }
    }
}

/// The stage of the day at a station, by its code.
fn stage(scene: &Scene, id: StationId) -> Option<&'static str> {
    scene.day.stage_at(scene.wall, Some(id)).stage.map(Stage::as_str)
}
