//! `pollwall replay`

use std::path::PathBuf;

use jiff::civil::Date;
use lexopt::Parser;

use super::journal::{Since, since};
use super::values::{read, size, value};
use super::{Screenshot, UsageError, ledger};
use crate::model::Chosen;

/// `pollwall replay`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayArgs {
    /// Which day; the election day once it has come, else today.
    pub day: Option<Date>,
    /// Where to begin; the first picture without it.
    pub at: Option<Since>,
    /// Which stations; the first that were recorded without it.
    pub stations: Option<Chosen>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// Take a picture instead of opening a window.
    pub screenshot: Option<Screenshot>,
}

/// As typed.
#[derive(Default)]
pub(super) struct Raw {
    args: ReplayArgs,
    screenshot: Option<PathBuf>,
}

impl Raw {
    /// Takes an option of this command; `false` when it has none of that name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        let args = &mut self.args;
        match name {
            "day" => args.day = Some(read(parser, "--day", ledger::day)?),
            "at" => args.at = Some(read(parser, "--at", since)?),
            "stations" => {
                args.stations = Some(read(parser, "--stations", |s| s.parse().ok())?);
            }
            "size" => args.size = Some(read(parser, "--size", size)?),
            "screenshot" => self.screenshot = Some(value(parser, "--screenshot")?.into()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn checked(self) -> ReplayArgs {
        let after = std::time::Duration::from_secs(3);
        let screenshot = self.screenshot.map(|file| Screenshot { file, after });
        ReplayArgs { screenshot, ..self.args }
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
    fn a_replay_is_asked_for() {
        assert_eq!(command("replay"), Ok(Command::Replay(ReplayArgs::default())));
        let args = ReplayArgs {
            day: Some(jiff::civil::date(2024, 2, 7)),
            at: Some(Since::Time(jiff::civil::time(10, 58, 0, 0))),
            stations: "23/4,57/12".parse().ok(),
            size: Some((1280, 720)),
            screenshot: None,
        };
        let line = "replay --day 07.02.2024 --at 10:58 --stations 23/4,57/12 --size 1280x720";
        assert_eq!(command(line), Ok(Command::Replay(args)));
        for wrong in ["--at noon", "--stations 23", "--day 7"] {
            let wrong = command(&format!("replay {wrong}"));
            assert!(matches!(wrong, Err(UsageError::BadValue { .. })));
        }
        assert!(command("replay --json").is_err());
    }
}
