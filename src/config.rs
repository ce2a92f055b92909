//! What is on disk and what a person hands in, checked before anything else sees it: the data
//! folder and its lock, the station list and its versions, the secrets kept apart from it, the
//! election day, where the wall was when it was closed.
//!
//! Every error here can be told to a person in each language (`explain`), and no error, `Debug`
//! or `Display` of this module carries a user name or password. Opens no network connection.
//! Levels 2 and above may call it.

pub mod data;
pub mod database;
pub mod day;
pub mod desk;
pub mod list;
mod reason;
pub mod record;
pub mod save;
pub mod secrets;

use std::io;

pub use data::{DataDir, Holder, OwnError, Owner};
pub use list::ListStore;
pub use secrets::{FeedSource, Login, Redactor, Vault, feed_sources};

use crate::text::Text;
use crate::tr;

/// How bad an error is for the one who meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A person can put it right and try again.
    Correctable,
    /// The program cannot do its work until the machine or the data folder is mended.
    Fatal,
}

/// The reason of an I/O error in the language of `text`; kinds without a sentence of their own
/// show the operating system's words.
pub fn io_reason(text: &Text, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => tr!(text, "io-not-found").into_owned(),
        io::ErrorKind::PermissionDenied => tr!(text, "io-denied").into_owned(),
        io::ErrorKind::IsADirectory => tr!(text, "io-is-folder").into_owned(),
        io::ErrorKind::NotADirectory => tr!(text, "io-not-folder").into_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            tr!(text, "io-full").into_owned()
        }
        io::ErrorKind::ReadOnlyFilesystem => tr!(text, "io-read-only").into_owned(),
        _ => error.to_string(),
    }
}
