//! The station list: read from CSV with every problem named, compared with the one before,
//! kept in versions, published.
//!
//! [`parse`] turns a file's bytes into a checked list and its secrets, or into the table of all
//! problems; [`diff`] compares two lists; [`ListStore`] keeps them; [`export`] writes the
//! publishable one. It reads no spreadsheet formats (.xlsx, .ods) but what they export as CSV.

mod cells;
mod columns;
mod decode;
mod diff;
pub mod export;
mod places;
mod preview;
mod problem;
mod rows;
mod store;

use crate::config::secrets::ListSecrets;
use crate::model::StationList;

pub use columns::Key;
pub use diff::{Diff, Moved, UrlChange, diff};
pub use preview::RowPreview;
pub use problem::{Column, Expected, Found, Problem};
pub use rows::check_url;
pub use store::{Base, KEPT_VERSIONS, ListStore, ListVersion, StoreError, VersionInfo};

/// The largest file that is read, in bytes: far above any country's list.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// A list that has no problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// Its districts and stations; URLs without secrets.
    pub list: StationList,
    /// What was taken out of the URLs.
    pub secrets: ListSecrets,
}

/// Reads a list from the bytes of a CSV file.
///
/// # Errors
/// Every problem of the file, by row and column.
pub fn parse(bytes: &[u8]) -> Result<Parsed, Vec<Problem>> {
    with_table(bytes, rows::check).unwrap_or_else(|p| Err(vec![p]))
}

/// The same with every row of the file, whether it has a problem or not; none where the file cannot
/// be read as a table at all.
pub fn examine(bytes: &[u8]) -> (Vec<RowPreview>, Result<Parsed, Vec<Problem>>) {
    with_table(bytes, |table| (preview::rows(table), rows::check(table)))
        .unwrap_or_else(|p| (Vec::new(), Err(vec![p])))
}

fn with_table<T>(bytes: &[u8], read: impl FnOnce(&cells::Table<'_>) -> T) -> Result<T, Problem> {
    let text = decode::decode(bytes)?;
    Ok(read(&cells::Table::read(&text)?))
}

#[cfg(test)]
mod tests;
