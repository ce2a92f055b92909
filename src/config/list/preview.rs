//! The rows of a file as a person knows them, right or wrong, for a table to look through before a
//! list is taken. Holds no secret: no URLs, and nothing of a row that a password may have been
//! torn over.

use super::cells::{Row, Table};
use super::columns::{Columns, Key};
use super::problem::Found;
use super::rows::is_torn;
use crate::model::StationId;

/// A row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPreview {
    /// Its number as a spreadsheet shows it.
    pub row: usize,
    /// Which station it is of, where that can be read.
    pub station: Option<StationId>,
    /// District and number as they are written, fit to be shown.
    pub number: String,
    /// The station's name, fit to be shown.
    pub name: String,
}

/// Every row under the header.
pub(super) fn rows(table: &Table<'_>) -> Vec<RowPreview> {
    let columns = Columns::read(table, &mut Vec::new());
    let (district, station) = (columns.at(Key::District), columns.at(Key::Station));
    let name = columns.at(Key::Name);
    let of = |row: &Row<'_>| {
        let raw = |at: Option<usize>| at.and_then(|at| row.cells.get(at)).map_or("", |c| c.trim());
        let number = match (raw(district), raw(station)) {
            ("", "") => String::new(),
            (district, station) => format!("{district}/{station}"),
        };
        let shown = |words: &str| match is_torn(&row.cells, &columns) {
            true => "…".to_owned(),
            false => Found::cell(words).to_string(),
        };
        RowPreview {
            row: row.number,
            station: number.parse().ok(),
            number: shown(&number),
            name: shown(raw(name)),
        }
    };
    table.rows.iter().map(of).collect()
}
