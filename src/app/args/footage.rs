//! `pollwall footage` and `pollwall heads` as typed.

use std::path::PathBuf;

use lexopt::Parser;

use super::{UsageError, value};

/// `pollwall footage`
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// What to do: `check` or `reindex`.
    pub(super) what: Option<String>,
    file: Option<PathBuf>,
    hash: bool,
    json: bool,
}

impl Raw {
    /// Takes an option of `pollwall footage`; `false` when it has none of that name.
    pub(super) fn footage_option(&mut self, name: &str) -> bool {
        match name {
            "hash" => self.hash = true,
            "json" => self.json = true,
            _ => return false,
        }
        true
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
        let Self { what, hash, json, .. } = self;
        match what.as_deref() {
            Some("check") => Ok(FootageArgs::Check { hash, json }),
            Some("reindex") if json => Err(UsageError::Needs("--json", "check")),
            Some("reindex") => Ok(FootageArgs::Reindex { hash }),
            Some(other) => Err(UsageError::UnknownCommand(format!("footage {other}"))),
            None => Err(UsageError::UnknownCommand("footage".to_owned())),
        }
    }

    pub(super) fn heads(self, data: bool) -> Result<HeadsArgs, UsageError> {
        if data && self.file.is_some() {
            return Err(UsageError::Both("--data", "--file"));
        }
        Ok(HeadsArgs { file: self.file, json: self.json })
    }
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
        assert_eq!(command("footage"), Err(UsageError::UnknownCommand("footage".into())));
        let other = UsageError::UnknownCommand("footage burn".into());
        assert_eq!(command("footage burn"), Err(other));
        assert_eq!(command("footage check x"), Err(UsageError::TooMany("x".into())));
        assert!(command("heads --hash").is_err());
        assert_eq!(command("heads --data d --file j"), Err(UsageError::Both("--data", "--file")));
    }
}
