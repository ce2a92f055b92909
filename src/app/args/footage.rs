//! `pollwall footage` and `pollwall heads` as typed.

use std::path::PathBuf;

use lexopt::Parser;

use super::journal::{Since, since};
use super::{UsageError, read, value};
use crate::model::StationId;

/// `pollwall footage`
#[derive(Clone, Debug, PartialEq)]
pub enum FootageArgs {
    /// Hold catalogue and files against each other.
    Check {
        /// Read every file whole.
        hash: bool,
        /// Print it for programs.
        json: bool,
    },
    /// Make the catalogue again from the files.
    Reindex {
        /// Learn the hashes that are not known.
        hash: bool,
    },
    /// Lock recordings.
    Lock {
        /// Of which station; of all without it.
        station: Option<StationId>,
        /// From when.
        from: Since,
        /// Until when.
        to: Since,
        /// Why.
        reason: String,
    },
    /// Take a lock away.
    Unlock {
        /// Its number.
        lock: u64,
        /// Why.
        reason: String,
    },
    /// List the locks.
    Locks {
        /// Print it for programs.
        json: bool,
    },
}

/// `pollwall heads`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadsArgs {
    /// A journal instead of the data folder's, for example a copy.
    pub file: Option<PathBuf>,
    /// Print them as a second holder gets them.
    pub json: bool,
}

/// As typed.
#[derive(Default)]
pub(super) struct Raw {
    /// What to do: `check`, for example.
    pub(super) what: Option<String>,
    file: Option<PathBuf>,
    hash: bool,
    json: bool,
    station: Option<StationId>,
    from: Option<Since>,
    to: Option<Since>,
    reason: Option<String>,
    lock: Option<u64>,
}

/// What each command takes.
const TAKES: [(&str, &[&str]); 5] = [
    ("check", &["--hash", "--json"]),
    ("reindex", &["--hash"]),
    ("lock", &["--station", "--from", "--to", "--reason"]),
    ("unlock", &["--lock", "--reason"]),
    ("locks", &["--json"]),
];

impl Raw {
    /// Takes an option of `pollwall footage`; `false` when it has none of that name.
    pub(super) fn footage_option(
        &mut self,
        name: &str,
        parser: &mut Parser,
    ) -> Result<bool, UsageError> {
        match name {
            "hash" => self.hash = true,
            "json" => self.json = true,
            "station" => self.station = Some(read(parser, "--station", |s| s.parse().ok())?),
            "from" => self.from = Some(read(parser, "--from", since)?),
            "to" => self.to = Some(read(parser, "--to", since)?),
            "reason" => self.reason = Some(read(parser, "--reason", said)?),
            "lock" => {
                let number = |s: &str| s.parse().ok().filter(|&number| number > 0);
                self.lock = Some(read(parser, "--lock", number)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Takes an option of `pollwall heads`; `false` when it has none of that name.
    pub(super) fn heads_option(
        &mut self,
        name: &str,
        parser: &mut Parser,
    ) -> Result<bool, UsageError> {
        match name {
            "file" => self.file = Some(value(parser, "--file")?.into()),
            "json" => self.json = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn footage(self) -> Result<FootageArgs, UsageError> {
        let Self { what, hash, json, station, from, to, reason, lock, .. } = self;
        let Some(what) = what else {
            return Err(UsageError::UnknownCommand("footage".to_owned()));
        };
        let known = TAKES.iter().find(|(command, _)| *command == what);
        let Some((command, takes)) = known else {
            return Err(UsageError::UnknownCommand(format!("footage {what}")));
        };
        let given = [
            (hash, "--hash"),
            (json, "--json"),
            (station.is_some(), "--station"),
            (from.is_some(), "--from"),
            (to.is_some(), "--to"),
            (reason.is_some(), "--reason"),
            (lock.is_some(), "--lock"),
        ];
        if let Some((_, other)) = given.iter().find(|(is, name)| *is && !takes.contains(name)) {
            let owner = TAKES.iter().find(|(_, takes)| takes.contains(other));
            return Err(UsageError::Needs(other, owner.map_or("footage", |owner| owner.0)));
        }
        let lacks = |option| UsageError::Lacks(command, option);
        Ok(match *command {
            "check" => FootageArgs::Check { hash, json },
            "reindex" => FootageArgs::Reindex { hash },
            "lock" => FootageArgs::Lock {
                station,
                from: from.ok_or_else(|| lacks("--from"))?,
                to: to.ok_or_else(|| lacks("--to"))?,
                reason: reason.ok_or_else(|| lacks("--reason"))?,
            },
            "unlock" => FootageArgs::Unlock {
                lock: lock.ok_or_else(|| lacks("--lock"))?,
                reason: reason.ok_or_else(|| lacks("--reason"))?,
            },
            _ => FootageArgs::Locks { json },
        })
    }

    pub(super) fn heads(self, data: bool) -> Result<HeadsArgs, UsageError> {
        if data && self.file.is_some() {
            return Err(UsageError::Both("--data", "--file"));
        }
        Ok(HeadsArgs { file: self.file, json: self.json })
    }
}

/// Something that was said.
fn said(s: &str) -> Option<String> {
    Some(s.trim()).filter(|s| !s.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::{Command, parse};
    use super::*;

    fn command(line: &str) -> Result<Command, UsageError> {
        parse(line.split_whitespace().map(Into::into).collect()).map(|cli| cli.command)
    }

    #[test]
    fn footage_and_heads_are_understood() {
        let footage = |args| Ok(Command::Footage(args));
        assert_eq!(
            command("footage check"),
            footage(FootageArgs::Check { hash: false, json: false })
        );
        assert_eq!(
            command("footage --hash check --json"),
            footage(FootageArgs::Check { hash: true, json: true })
        );
        assert_eq!(command("footage reindex --hash"), footage(FootageArgs::Reindex { hash: true }));
        let heads = HeadsArgs { file: Some("j.sqlite".into()), json: true };
        assert_eq!(command("heads --json --file j.sqlite"), Ok(Command::Heads(heads)));
        assert_eq!(command("footage reindex --json"), Err(UsageError::Needs("--json", "check")));
        let locked = command("footage lock --station 57/12 --from 10:00 --to 11:30 --reason X");
        let time = |hour, minute| Since::Time(jiff::civil::time(hour, minute, 0, 0));
        let (station, reason) = (Some(StationId::new(57, 12)), "X".to_owned());
        let (from, to) = (time(10, 0), time(11, 30));
        assert_eq!(
            locked,
            footage(FootageArgs::Lock { station, from, to, reason: reason.clone() })
        );
        let unlocked = command("footage unlock --lock 3 --reason X");
        assert_eq!(unlocked, footage(FootageArgs::Unlock { lock: 3, reason }));
        assert_eq!(command("footage locks --json"), footage(FootageArgs::Locks { json: true }));
        let lacks = |command, option| Err(UsageError::Lacks(command, option));
        assert_eq!(command("footage lock --from 10:00 --to 11:30"), lacks("lock", "--reason"));
        assert_eq!(command("footage unlock --reason X"), lacks("unlock", "--lock"));
        let other = command("footage check --station 57/12");
        assert_eq!(other, Err(UsageError::Needs("--station", "lock")));
        let bad = |option, found: &str| UsageError::BadValue { option, found: found.into() };
        assert_eq!(command("footage lock --to noon"), Err(bad("--to", "noon")));
        assert_eq!(command("footage unlock --lock 0"), Err(bad("--lock", "0")));
        assert_eq!(command("footage"), Err(UsageError::UnknownCommand("footage".into())));
        let other = UsageError::UnknownCommand("footage burn".into());
        assert_eq!(command("footage burn"), Err(other));
        assert_eq!(command("footage check x"), Err(UsageError::TooMany("x".into())));
        assert!(command("heads --hash").is_err());
        assert_eq!(command("heads --data d --file j"), Err(UsageError::Both("--data", "--file")));
    }
}
