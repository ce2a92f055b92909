//! Why nothing can be written, as far as it matters to the one who must mend it.

use std::io;

use rusqlite::ErrorCode;

/// The class of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No room on the disk.
    Full,
    /// The disk or the file may only be read.
    ReadOnly,
    /// The file cannot be opened, or may not be.
    NoAccess,
    /// Another process holds the file.
    Busy,
    /// The disk does not answer.
    Hung,
    /// Reading or writing fails.
    Io,
    /// The file is damaged and could not be set aside.
    Damaged,
    /// The file was written by a newer version of the program.
    Newer,
    /// The program's own: its writing thread has ended.
    Internal,
}

impl Reason {
    /// Its name in what programs read; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::ReadOnly => "read-only",
            Self::NoAccess => "no-access",
            Self::Busy => "busy",
            Self::Hung => "hung",
            Self::Io => "io",
            Self::Damaged => "damaged",
            Self::Newer => "newer",
            Self::Internal => "internal",
        }
    }

    /// The operating system's kind of error that says the same.
    pub const fn io_kind(self) -> io::ErrorKind {
        match self {
            Self::Full => io::ErrorKind::StorageFull,
            Self::ReadOnly => io::ErrorKind::ReadOnlyFilesystem,
            Self::NoAccess => io::ErrorKind::PermissionDenied,
            Self::Busy => io::ErrorKind::ResourceBusy,
            Self::Hung => io::ErrorKind::TimedOut,
            Self::Damaged | Self::Newer => io::ErrorKind::InvalidData,
            Self::Io | Self::Internal => io::ErrorKind::Other,
        }
    }

    /// The class of an error of the operating system.
    pub fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::PermissionDenied => Self::NoAccess,
            _ => Self::Io,
        }
    }

    /// The class of an error of SQLite.
    pub fn of_sqlite(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::NoAccess,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            // SQLITE_ERROR is whatever has no code of its own: it says nothing about the file, and a
            // sound one is not set aside for it. That a table is another one than ours is found
            // when the file is opened (`schema::open`).
            Some(ErrorCode::Unknown) => Self::Internal,
            Some(_) => Self::Io,
            None => match error {
                // A column of another type than ours, a text that is not UTF-8: nothing we wrote.
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..) => Self::Damaged,
                _ => Self::Internal,
            },
        }
    }
}
