//! A note being written about a station, and those that were begun and left.

use std::collections::BTreeMap;

use crate::model::StationId;

/// The longest note, in characters. It is a line, not a report.
pub const NOTE_MOST: usize = 1000;

/// A note that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is about; it stays so, whatever is selected meanwhile.
    pub station: StationId,
    /// What has been written so far.
    pub typed: String,
}

/// All that is written and not yet kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    open: Option<Draft>,
    /// Begun, left with Esc, and remembered.
    left: BTreeMap<StationId, String>,
    /// Finished, to be fetched by whoever keeps notes.
    finished: Option<Draft>,
}

impl Notes {
    pub(super) fn open(&self) -> Option<&Draft> {
        self.open.as_ref()
    }

    /// Goes on where this station's note was left.
    pub(super) fn begin(&mut self, station: StationId) {
        let typed = self.left.get(&station).cloned().unwrap_or_default();
        self.open = Some(Draft { station, typed });
    }

    pub(super) fn write(&mut self, typed: &str) {
        if let Some(open) = &mut self.open {
            open.typed = one_line(typed);
        }
    }

    /// Closes without keeping; what was written is remembered.
    pub(super) fn leave(&mut self) {
        if let Some(Draft { station, typed }) = self.open.take() {
            self.remember(station, typed);
        }
    }

    /// Closes; a note with nothing in it is none.
    pub(super) fn finish(&mut self) {
        if let Some(Draft { station, typed }) = self.open.take() {
            self.left.remove(&station);
            let typed = typed.trim();
            if !typed.is_empty() {
                self.finished = Some(Draft { station, typed: typed.to_owned() });
            }
        }
    }

    pub(super) fn take_finished(&mut self) -> Option<Draft> {
        self.finished.take()
    }

    /// It could not be kept: the writer finds it again, before anything written since.
    pub(super) fn give_back(&mut self, draft: &Draft) {
        match &mut self.open {
            Some(open) if open.station == draft.station => {
                open.typed = joined(&draft.typed, &open.typed);
            }
            _ => {
                let since = self.left.remove(&draft.station).unwrap_or_default();
                self.remember(draft.station, joined(&draft.typed, &since));
            }
        }
    }

    fn remember(&mut self, station: StationId, typed: String) {
        if typed.trim().is_empty() {
            self.left.remove(&station);
        } else {
            self.left.insert(station, typed);
        }
    }
}

/// A note is one line, whatever was pasted, and ends.
pub(super) fn one_line(typed: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    typed.chars().map(plain).take(NOTE_MOST).collect()
}

fn joined(before: &str, after: &str) -> String {
    let both = [before, after].map(str::trim);
    both.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(typed: &str) -> Draft {
        Draft { station: StationId::new(57, 12), typed: typed.to_owned() }
    }

    #[test]
    fn what_was_left_is_found_again_and_what_was_kept_is_not() {
        let mut notes = Notes::default();
        let (here, there) = (StationId::new(57, 12), StationId::new(8, 1));
        notes.begin(here);
        notes.write("qutu ");
        notes.leave();
        notes.begin(there);
        assert_eq!(notes.open().unwrap().typed, "", "another station's is another");
        notes.leave();
        notes.begin(here);
        assert_eq!(notes.open().unwrap().typed, "qutu ");
        notes.write("  qutu açıldı ");
        notes.finish();
        assert_eq!(notes.take_finished(), Some(draft("qutu açıldı")));
        assert_eq!(notes.take_finished(), None);
        notes.begin(here);
        assert_eq!(notes.open().unwrap().typed, "");
    }

    #[test]
    fn nothing_is_not_a_note_and_a_long_one_ends() {
        let mut notes = Notes::default();
        notes.begin(StationId::new(57, 12));
        notes.write(" \t ");
        notes.finish();
        assert_eq!(notes.take_finished(), None);
        notes.begin(StationId::new(57, 12));
        notes.write(&"ə".repeat(NOTE_MOST + 9));
        assert_eq!(notes.open().unwrap().typed.chars().count(), NOTE_MOST);
    }

    #[test]
    fn what_could_not_be_kept_comes_back() {
        let mut notes = Notes::default();
        notes.give_back(&draft("one"));
        notes.begin(StationId::new(57, 12));
        assert_eq!(notes.open().unwrap().typed, "one");
        notes.write("one two");
        notes.give_back(&draft("zero"));
        assert_eq!(notes.open().unwrap().typed, "zero one two");
    }
}
