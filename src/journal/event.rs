//! What can be taken down. What is on disk never depends on a Rust name: kinds and fields are
//! spelt out here and in a test, states and troubles are given by their `code()`.
//!
//! Times inside bodies are microseconds of UTC, as the rows' own.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a run was started with, for the one who reads its rows later.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    /// The version of the station list; 0 when there is none.
    pub list_version: u32,
    /// How many stations are on it.
    pub stations: usize,
    /// How many feeds are received.
    pub feeds: usize,
    /// The election day, `2024-02-07`.
    pub day: String,
    /// Its time zone, `Asia/Baku`.
    pub zone: String,
}

macro_rules! events {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident = $code:literal $({ $($(#[$field_attr:meta])* $field:ident: $type:ty),+ $(,)? })?
    ),+ $(,)?) => {
        /// What happened.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body")]
        pub enum Event {
            $(
                $(#[doc = $doc])+
                #[serde(rename = $code)]
                $name { $($($(#[$field_attr])* $field: $type),+)? },
            )+
        }

        /// The kinds of events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Kind] = &[$(Kind::$name),+];

            /// Its name on disk; never changes.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }

        impl Event {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$name { .. } => Kind::$name,)+ }
            }
        }
    };
}

events! {
    /// A run of the program has begun.
    Started = "started" {
        /// Of the program.
        version: String,
        /// What it was started as: `wall`.
        command: String,
        /// The machine.
        host: String,
        /// The process.
        pid: u32,
        /// Which start of the machine; empty where the system does not say.
        boot: String,
        /// What it works on.
        config: RunConfig,
    },
    /// The run has ended in an orderly way. Without this row it was killed.
    Stopped = "stopped",
    /// A feed's state has changed.
    State = "state" {
        /// The state before, by its code.
        from: String,
        /// The state now.
        to: String,
        /// The trouble behind it, by its code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trouble: Option<String>,
        /// Since when it has been so: for a loss, since the last picture.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since_utc_us: Option<i64>,
        /// What was measured.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        evidence: Value,
    },
    /// An alarm was raised.
    AlarmRaised = "alarm_raised" {
        /// Its number; never used twice.
        alarm: u64,
        /// The state, by its code.
        state: String,
        /// The trouble behind it, by its code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trouble: Option<String>,
        /// Since when there has been trouble.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since_utc_us: Option<i64>,
    },
    /// An alarm's state has become a worse one.
    AlarmWorsened = "alarm_worsened" {
        /// Its number; never used twice.
        alarm: u64,
        /// The state now, by its code.
        to: String,
        /// The worst state since it was raised.
        worst: String,
        /// The trouble behind it, by its code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trouble: Option<String>,
    },
    /// An alarm's trouble is over; it stays until it is acknowledged.
    AlarmEnded = "alarm_ended" {
        /// Its number; never used twice.
        alarm: u64,
        /// How long the trouble lasted.
        lasted_ms: u64,
    },
    /// Somebody has taken an alarm on.
    AlarmAcknowledged = "alarm_acknowledged" {
        /// Its number; never used twice.
        alarm: u64,
        /// Who.
        who: String,
        /// What was said about it; may be empty.
        note: String,
    },
    /// Nobody has answered an alarm for too long.
    AlarmEscalated = "alarm_escalated" {
        /// Its number; never used twice.
        alarm: u64,
        /// How long an answer has been waited for.
        after_ms: u64,
    },
    /// Losses that began together have become one alarm.
    AlarmsGrouped = "alarms_grouped" {
        /// Its number; never used twice.
        alarm: u64,
        /// What they have in common: `district`, `host` or `network`.
        by: String,
        /// Which one.
        which: String,
        /// The stations, `57/12`.
        stations: Vec<String>,
        /// How many have that in common.
        of: usize,
        /// The alarms that are in it now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        from: Vec<u64>,
    },
    /// A grouped alarm has opened up again.
    AlarmsUngrouped = "alarms_ungrouped" {
        /// Its number; never used twice.
        alarm: u64,
        /// The stations that are still in trouble, `57/12`.
        stations: Vec<String>,
        /// Their alarms, in the same order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        into: Vec<u64>,
    },
    /// An alarm has left the list.
    AlarmClosed = "alarm_closed" {
        /// Its number; never used twice.
        alarm: u64,
    },
    /// This machine is the one in trouble. While it is late, or its network is away, no camera's
    /// alarm is raised.
    GuardBegan = "guard_began" {
        /// `late`, `network`, `unchecked` or `disk`.
        why: String,
    },
    /// It still is, and cameras' alarms are raised all the same from now on.
    GuardYielded = "guard_yielded" {
        /// `late`.
        why: String,
        /// How long it has been.
        after_ms: u64,
    },
    /// It is no longer, or it was not this machine.
    GuardEnded = "guard_ended" {
        /// `late`, `network`, `unchecked` or `disk`.
        why: String,
        /// How long it was.
        lasted_ms: u64,
        /// Nothing has become well: it was only not waited for any longer.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        gave_up: bool,
        /// How many stations were lost at that moment; rows of earlier versions don't say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lost: Option<usize>,
    },
    /// Work at a station was announced: it raises no alarm.
    MaintenanceBegan = "maintenance_began" {
        /// Until when; open without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_utc_us: Option<i64>,
        /// Who said so.
        who: String,
        /// What is being done; may be empty.
        reason: String,
    },
    /// The work is over.
    MaintenanceEnded = "maintenance_ended" {
        /// Who said so; nobody when the time had come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        who: Option<String>,
    },
    /// Somebody has written something down.
    Note = "note" {
        /// What.
        text: String,
        /// The stage of the day, by its code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        /// The station's state at that moment, by its code.
        state: String,
        /// Which program wrote it, where this one did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        program: Option<String>,
        /// Which start of the machine it was, where it was taken over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        boot: Option<String>,
        /// Whether it was taken over from `notes.jsonl`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        taken_over: bool,
    },
    /// A picture was kept.
    Snapshot = "snapshot" {
        /// Its path in the data folder.
        file: String,
        /// The SHA-256 of the file, in hexadecimal.
        sha256: String,
        /// The station's state, by its code.
        state: String,
        /// Whether the picture passed for the present.
        live: bool,
    },
    /// From now on these stations are recorded, until the next such row or the end of the run.
    Recording = "recording" {
        /// Whether any are.
        on: bool,
        /// Which, `57/12`; all that are on the list where it says none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stations: Option<Vec<String>>,
        /// Which of their feeds: `main` or `sub`.
        feed: String,
    },
    /// Stations were on a screen, up to the time of the row.
    Shown = "shown" {
        /// Since when.
        from_utc_us: i64,
        /// The machine whose wall it is.
        wall: String,
        /// Of each of the tiles, in pixels.
        width: u32,
        /// Of each of the tiles, in pixels.
        height: u32,
        /// Which, `57/12`.
        stations: Vec<String>,
    },
    /// A station list was accepted.
    Import = "import" {
        /// Its version.
        version: u32,
        /// When it was accepted.
        accepted_utc_us: i64,
        /// The name of the file it came from.
        source: String,
        /// The earlier version whose content it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restored: Option<u32>,
        /// How many stations it has.
        stations: usize,
        /// How many of them are new.
        added: usize,
        /// How many are gone.
        removed: usize,
        /// How many have another number, place or address of a stream.
        changed: usize,
        /// The versions in between that were dropped before anybody had taken them down.
        #[serde(default, skip_serializing_if = "is_zero")]
        unseen: u32,
    },
    /// Something was set otherwise.
    Configuration = "configuration" {
        /// What: `day`.
        what: String,
        /// How it is now.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        now: Value,
    },
    /// Entries have found no room.
    Lost = "lost" {
        /// How many.
        count: u64,
        /// The time of the first.
        first_utc_us: i64,
        /// The time of the last.
        last_utc_us: i64,
    },
    /// The notes of earlier versions were taken over; they stand in the rows before.
    NotesTakenOver = "notes_taken_over" {
        /// How many.
        count: usize,
        /// How many lines were no whole note; they stay in the file.
        unreadable: usize,
        /// What the file is called now.
        file: String,
    },
    /// Writing has begun to fail: what stands around this row has waited in memory.
    WritingFailed = "writing_failed" {
        /// The class of the error.
        reason: String,
    },
    /// Writing goes on.
    WritingResumed = "writing_resumed" {
        /// How long it did not.
        after_ms: u64,
    },
    /// The journal before this one was damaged and set aside.
    BeganAnew = "began_anew" {
        /// What that file is called now.
        damaged: String,
    },
    /// The file disappeared while it was being written, and its rows with it; this is another.
    FileGone = "file_gone",
    /// At the start the newest rows did not fit together.
    ChainBroken = "chain_broken" {
        /// The first row that does not fit.
        row: i64,
    },
    /// The room for recordings has become less or more than a limit.
    Space = "space" {
        /// `enough`, `low`, `short` or `full`.
        level: String,
        /// How long it lasts at the rate of that moment, where that was known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hours_left: Option<f64>,
        /// Bytes that could still be written, where that was known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room_bytes: Option<u64>,
        /// Bytes written in a second.
        bytes_per_second: u64,
    },
    /// Recordings of a rehearsal are deleted, as the rule says; written before the files go.
    FootageDeleted = "footage_deleted" {
        /// Its number; never used twice.
        deletion: u64,
        /// The day they were of, `2024-02-07`.
        day: String,
        /// The rule: days that recordings of rehearsals are kept.
        keep_days: u32,
        /// The stations, `57/12`.
        stations: Vec<String>,
        /// How many segments.
        segments: u64,
        /// Their bytes.
        bytes: u64,
        /// SHA-256 over the paths and hashes of them, in hexadecimal.
        digest: String,
    },
    /// Somebody has locked recordings: they are not deleted, whatever the rules say.
    FootageLocked = "footage_locked" {
        /// The number of the lock; never used twice.
        number: u64,
        /// Of which station, `57/12`; of all without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// From when.
        from_utc_us: i64,
        /// Until when.
        to_utc_us: i64,
        /// Why.
        reason: String,
        /// Who.
        who: String,
        /// When it was locked.
        at_utc_us: i64,
    },
    /// Somebody has taken a lock away.
    FootageUnlocked = "footage_unlocked" {
        /// The number of this act; never used twice.
        number: u64,
        /// The number of the lock.
        lock: u64,
        /// Why.
        reason: String,
        /// Who.
        who: String,
        /// When it was taken away.
        at_utc_us: i64,
    },
    /// A recording that cannot be read was set aside; nothing removes it.
    FootageQuarantined = "footage_quarantined" {
        /// Where it is now.
        file: String,
        /// What it was called in its volume.
        was: String,
        /// What is wrong with it.
        why: String,
    },
    /// A signed head over the chains of all recorded feeds; `docs/format-seal.md` describes it.
    SealHead = "seal_head" {
        /// Its number.
        number: u64,
        /// When it was made; part of what is signed.
        made_utc_us: i64,
        /// How many feeds it is over.
        feeds: u64,
        /// The root of the tree, in hexadecimal.
        root: String,
        /// The hash of the head before.
        previous: String,
        /// The public key.
        key: String,
        /// The signature.
        signature: String,
        /// The feeds in the order of the leaves, and of how many segments their chains were:
        /// `57/12 main 61;57/13 main 60`.
        leaves: String,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Event {
    /// As a row keeps it: the body alone, for the kind has a column of its own.
    pub(super) fn body(&self) -> Value {
        let value = serde_json::to_value(self).unwrap_or_default();
        match value {
            Value::Object(mut tagged) => tagged.remove("body").unwrap_or_default(),
            _ => Value::Null,
        }
    }

    /// The event of a row; `None` for what this version does not know.
    pub fn of(kind: &str, body: &Value) -> Option<Self> {
        let tagged = serde_json::json!({ "kind": kind, "body": body });
        serde_json::from_value(tagged).ok()
    }
}

impl Kind {
    /// The kind of this name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}
