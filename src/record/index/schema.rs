//! The tables of the catalogue.

use crate::config::database::Form;

/// Brings a file from the version of its place to the next. Never change one that was released.
///
/// - `feed` is `(district * 2^32 + station) * 2`, and one more for the sub feed: one number that
///   sorts as feeds do. `named_ms` is the time in the file's name, in milliseconds.
/// - `place` is the segment's place in its feed's chain, from 1; `chain` is known as far as all
///   hashes before it are.
/// - `breaks` holds pairs of 64-bit numbers, little-endian; NULL where there is none.
/// - A run's times say when the recorder was at work.
/// - `boots` says in which start of the machine a run was, and how far from it the origin of the run's
///   monotonic times lies.
/// - What was deleted by rule stays where it is in `segments` and stands in `deleted` besides, with the
///   number of its deletion in the journal; `done` when the files are gone.
/// - `spans` has all that the ledger asks of a whole country, in the order in which it asks.
pub(super) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE volumes (
        id   INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE runs (
        id            INTEGER PRIMARY KEY,
        run           TEXT NOT NULL UNIQUE,
        first_utc_us  INTEGER,
        first_mono_us INTEGER,
        last_utc_us   INTEGER,
        last_mono_us  INTEGER
    ) STRICT;
    CREATE TABLE boots (
        run       INTEGER PRIMARY KEY REFERENCES runs (id),
        boot      TEXT NOT NULL,
        origin_us INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE chains (
        feed   INTEGER PRIMARY KEY,
        places INTEGER NOT NULL,
        sealed INTEGER NOT NULL CHECK (sealed <= places),
        hash   BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE TABLE segments (
        id                 INTEGER PRIMARY KEY,
        feed               INTEGER NOT NULL,
        place              INTEGER NOT NULL,
        named_ms           INTEGER NOT NULL,
        volume             INTEGER NOT NULL REFERENCES volumes (id),
        run                INTEGER NOT NULL REFERENCES runs (id),
        first_utc_us       INTEGER NOT NULL,
        first_mono_us      INTEGER NOT NULL,
        last_utc_us        INTEGER NOT NULL,
        last_mono_us       INTEGER NOT NULL,
        first_pts          INTEGER NOT NULL,
        last_pts           INTEGER NOT NULL,
        frames             INTEGER NOT NULL,
        bytes              INTEGER NOT NULL,
        sha256             BLOB CHECK (length(sha256) = 32),
        breaks             BLOB,
        camera_clock_us    INTEGER,
        clock_ahead_us     INTEGER NOT NULL,
        clock_synchronised INTEGER,
        ended              TEXT NOT NULL,
        chain              BLOB CHECK (length(chain) = 32),
        UNIQUE (feed, named_ms),
        UNIQUE (feed, place)
    ) STRICT;
    CREATE INDEX spans ON segments (feed, last_utc_us, first_utc_us, breaks, camera_clock_us,
        clock_ahead_us, clock_synchronised);
    CREATE TABLE open (
        feed          INTEGER NOT NULL,
        named_ms      INTEGER NOT NULL,
        volume        INTEGER NOT NULL REFERENCES volumes (id),
        run           INTEGER NOT NULL REFERENCES runs (id),
        first_utc_us  INTEGER NOT NULL,
        first_mono_us INTEGER NOT NULL,
        PRIMARY KEY (feed, named_ms)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE incidents (
        id          INTEGER PRIMARY KEY,
        feed        INTEGER,
        cause       TEXT NOT NULL,
        from_utc_us INTEGER NOT NULL,
        to_utc_us   INTEGER NOT NULL,
        evidence    TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX told_once ON incidents
        (coalesce(feed, -1), cause, from_utc_us, to_utc_us);
",
    "
    CREATE TABLE deletions (
        number INTEGER PRIMARY KEY,
        day    TEXT NOT NULL,
        utc_us INTEGER NOT NULL,
        done   INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE deleted (
        feed     INTEGER NOT NULL,
        named_ms INTEGER NOT NULL,
        deletion INTEGER NOT NULL REFERENCES deletions (number),
        PRIMARY KEY (feed, named_ms)
    ) STRICT, WITHOUT ROWID;
",
];

/// What tells a catalogue from other files.
pub(super) const FORM: Form = Form {
    migrations: MIGRATIONS,
    table: "segments",
    columns: &[
        "feed",
        "place",
        "named_ms",
        "volume",
        "first_utc_us",
        "last_utc_us",
        "sha256",
        "chain",
    ],
};
