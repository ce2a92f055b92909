//! The wall's switch for recording, and what the screens say of it.

use std::sync::Arc;
use std::time::Duration;

use super::ControlRoom;
use crate::app::recording::{Progress, Recording};
use crate::app::watcher::Known;
use crate::clock::Mono;
use crate::model::Chosen;
use crate::ui::{RecordingView, Tidings, Told};

/// Recording is stopped when that is asked for twice within this: once may be a slip of the hand.
const TWICE_WITHIN: Duration = Duration::from_secs(15);

/// What can be recorded with, and what the screens were told last.
#[derive(Default)]
pub(super) struct Recorded {
    recording: Option<Recording>,
    /// Why nothing can be recorded, although it may have to be.
    refused: Option<(String, Option<Chosen>)>,
    stop_asked: Option<Mono>,
    shown: Option<(Arc<Progress>, Arc<RecordingView>)>,
}

impl Recorded {
    /// Everything that is received goes this way as well.
    pub(super) fn with(recording: Recording) -> Self {
        Self { recording: Some(recording), ..Self::default() }
    }

    /// Nothing can be recorded for this reason; `asked`: although these are to be.
    pub(super) fn refused(why: String, asked: Option<Chosen>) -> Self {
        Self { refused: Some((why, asked)), ..Self::default() }
    }

    /// Whether what is to be recorded is not.
    pub(super) fn is_failing(&self) -> bool {
        let wanted = |r: &&Recording| r.chosen().is_some();
        self.recording.as_ref().filter(wanted).is_some_and(|r| r.progress().is_failing())
            || self.refused.as_ref().is_some_and(|(_, asked)| asked.is_some())
    }

    /// Whose feeds are recorded, or would be if that were possible: the next wall goes on with it.
    pub(super) fn chosen(&self) -> Option<Chosen> {
        let refused = self.refused.as_ref().and_then(|(_, asked)| asked.clone());
        self.recording.as_ref().and_then(Recording::chosen).cloned().or(refused)
    }

    /// What the screens say.
    fn view(&mut self) -> Option<Arc<RecordingView>> {
        let recording = self.recording.as_ref().filter(|r| r.chosen().is_some())?;
        let (progress, wanted) = (recording.progress(), recording.feeds().len());
        let same = |(told, view): &&(Arc<Progress>, Arc<RecordingView>)| {
            Arc::ptr_eq(told, &progress) && view.wanted == wanted
        };
        if let Some((_, view)) = self.shown.as_ref().filter(same) {
            return Some(Arc::clone(view));
        }
        let view = Arc::new(progress.view(wanted));
        self.shown = Some((progress, Arc::clone(&view)));
        Some(view)
    }

    /// Begins, asks, or stops; what there is to say.
    fn toggle(&mut self, now: Mono) -> Tidings {
        let Some(recording) = &mut self.recording else {
            return Tidings::NoRecording(self.refused.as_ref().map(|(why, _)| why.clone()));
        };
        let asked = self.stop_asked.take().filter(|asked| now.since(*asked) <= TWICE_WITHIN);
        if recording.chosen().is_none() {
            recording.choose(Some(Chosen::All));
            return Tidings::RecordingBegun(recording.feeds().len());
        }
        if asked.is_some() {
            recording.choose(None);
            return Tidings::RecordingStopped;
        }
        self.stop_asked = Some(now);
        Tidings::RecordingStopAsked
    }
}

impl ControlRoom {
    /// From now on the wall can record.
    pub(in crate::app::wall) fn record_with(&mut self, recording: Recording) {
        self.recorded = Recorded::with(recording);
    }

    /// It cannot, for this reason; `asked`: although these are to be recorded.
    pub(in crate::app::wall) fn cannot_record(&mut self, why: String, asked: Option<Chosen>) {
        self.recorded = Recorded::refused(why, asked);
    }

    /// Whose feeds are recorded.
    pub(in crate::app::wall) fn records(&self) -> Option<Chosen> {
        self.recorded.chosen()
    }

    pub(super) fn toggle_recording(&mut self, now: Mono) {
        let tidings = self.recorded.toggle(now);
        let passing = false;
        self.told = Some(Told { at: now, station: None, tidings, passing });
    }

    /// Has what is to be recorded received, and says on duty whether it is written.
    pub(super) fn look_at_recording(&mut self, known: &Known) {
        if let Some(recording) = &mut self.recorded.recording {
            recording.look(known, self.wall.list(), &self.ingest);
        }
        self.duty.recording_fails(self.recorded.is_failing());
        self.recording_view = self.recorded.view();
    }

    pub(super) fn recording_figures(&self, now: Mono) -> Option<crate::metrics::Recording> {
        self.recorded.recording.as_ref().and_then(|recording| recording.figures(now))
    }

    pub(super) fn take_recording(&mut self) -> Option<Recording> {
        self.recorded.recording.take()
    }
}
