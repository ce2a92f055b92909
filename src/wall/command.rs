//! What an operator can ask of the wall, and what the wall has to say about it.

use std::time::Duration;

use super::attention::Row;
use super::coverage::CoverageRow;
use super::ringer::Tone;
use crate::health::State;
use crate::model::{DistrictNo, StationId};

/// Something an operator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A digit of a district's or station's number, 0 to 9.
    Digit(u8),
    /// The stroke between district and station.
    Separator,
    /// Takes back the last digit.
    EraseDigit,
    /// Enter: sends the answer; keeps the note; goes where the search or the digits say; in the
    /// attention list shows the chosen line; without all these, opens or closes the selected tile.
    Confirm,
    /// Esc: leaves the answer or the note, closes the search, drops the digits, closes the help, the
    /// page of coverage and the day's page, shows all of the attention list and leaves it, leaves the large picture,
    /// ends the tour, in this order and one at a time.
    Back,
    /// Moves the selection by tiles; in the search, by hits; in the attention list, by lines, and
    /// from one filter to the next; over an enlarged picture, what is seen of it.
    Move {
        /// To the right; negative to the left.
        columns: i32,
        /// Down; negative up.
        rows: i32,
    },
    /// The page after this one; after a district's last page, the next district.
    NextPage,
    /// The page before this one.
    PreviousPage,
    /// The page with a district's first station.
    District(DistrictNo),
    /// Selects a tile.
    Select(StationId),
    /// Shows one station large.
    Open(StationId),
    /// Shows the page with this station, and selects it there.
    Show(StationId),
    /// More, smaller tiles on a page.
    MoreTiles,
    /// Fewer, larger tiles on a page.
    FewerTiles,
    /// Several small districts on a page, or one district on a page again.
    ToggleGrouping,
    /// Starts, pauses or resumes the tour.
    ToggleTour,
    /// The tour stays longer on a page.
    SlowerTour,
    /// The tour stays less long on a page.
    FasterTour,
    /// Opens the search by number, name or address.
    OpenSearch,
    /// Shows or hides the list of keys.
    ToggleKeys,
    /// Enlarges the large picture, around its middle; on the page of a day, shows less of it.
    ZoomIn,
    /// Takes that back by a step.
    ZoomOut,
    /// All of the large picture again; of a day, all that is known.
    ZoomFit,
    /// Keeps the selected station's picture as a file. `ui` passes the wish on.
    Snapshot,
    /// Opens the recording of the selected station. `ui` passes the wish on.
    Replay,
    /// Opens a note about the selected station.
    OpenNote,
    /// Moves the keyboard into the attention list, to its first line, or back to the tiles.
    EnterAttention,
    /// Shows or hides the attention list.
    ToggleAttention,
    /// Chooses a row of the attention list and shows what it is about.
    Choose(Row),
    /// Shows only this state in the attention list; the same again, everything.
    Filter(State),
    /// Opens the line in which the alarm at hand is acknowledged.
    Acknowledge,
    /// Acknowledges every alarm that is over. `ui` passes the wish on.
    AcknowledgeEnded,
    /// Opens the panel in which work at the station at hand is announced.
    OpenMaintenance,
    /// In that panel: one of [`SPANS`](super::SPANS).
    Span(usize),
    /// The work at a station is over. `ui` passes the wish on.
    EndMaintenance(StationId),
    /// Shows or leaves the page of the day of the station at hand.
    ToggleHistory,
    /// Shows or leaves the page of coverage.
    ToggleCoverage,
    /// Into a line of the page of coverage.
    CoverageRow(CoverageRow),
    /// Whether a new alarm may interrupt a tour.
    ToggleInterruptions,
    /// Whether alarms are heard.
    ToggleSound,
    /// Alarms are heard from now on, as something else.
    NextTone,
    /// Opens the line in which it is said who is at the desk.
    OpenOperator,
    /// Records every station, or stops that when it is asked for twice. `ui` passes the wish on.
    ToggleRecording,
    /// Tries the selected station's feeds again now. What is on the wall stays as it is; `ui`
    /// passes the wish on.
    Reconnect,
}

/// Something to tell the operator about the last command, until the next one or the tour's next
/// page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// There is no such district on the list.
    NoDistrict(DistrictNo),
    /// There is no such station on the list.
    NoStation(StationId),
    /// The station is tried again, as asked.
    Reconnecting(StationId),
    /// How long the tour now stays on a page.
    Dwell(Duration),
    /// The station has no alarm that waits for an answer.
    NothingToAcknowledge(StationId),
    /// So many alarms were over and have been acknowledged.
    EndedAcknowledged(usize),
    /// The line about several stations has been acknowledged already.
    LineAcknowledged,
    /// The line is about several stations: one of them has to be chosen.
    ChooseOne,
    /// What was chosen in the attention list is gone, and nothing has taken its place.
    NothingChosen,
    /// The work at a station is over, as was said.
    MaintenanceEnded(StationId),
    /// New alarms interrupt a tour from now on, or no longer.
    Interruptions(bool),
    /// Alarms are heard from now on as this, or no longer.
    Sound(Option<Tone>),
}
