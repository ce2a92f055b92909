//! `pollwall report` as typed.

use std::path::PathBuf;

use jiff::civil::Date;
use lexopt::Parser;

use super::ledger::day;
use super::{UsageError, read, value};
use crate::model::{Chosen, DistrictNo};

/// `pollwall report`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportArgs {
    /// Only this district.
    pub district: Option<DistrictNo>,
    /// Only these stations.
    pub stations: Option<Chosen>,
    /// Another day than the election's or today.
    pub day: Option<Date>,
    /// The files under this folder instead of the catalogue.
    pub files: Option<PathBuf>,
    /// Into which folder instead of the one the command was given in.
    pub out: Option<PathBuf>,
}

impl ReportArgs {
    /// Takes an option of this command; `false` when it has none of that name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        match name {
            "district" => {
                let district = |s: &str| s.parse().ok().filter(|&number| number > 0);
                self.district = Some(read(parser, "--district", district)?);
            }
            "stations" => self.stations = Some(read(parser, "--stations", |s| s.parse().ok())?),
            "station" => {
                let one = |s: &str| Some(Chosen::These([s.parse().ok()?].into()));
                self.stations = Some(read(parser, "--station", one)?);
            }
            "day" => self.day = Some(read(parser, "--day", day)?),
            "files" => self.files = Some(value(parser, "--files")?.into()),
            "out" => self.out = Some(value(parser, "--out")?.into()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn checked(self) -> Result<Self, UsageError> {
        match self.district.is_some() && self.stations.is_some() {
            true => Err(UsageError::Both("--district", "--stations")),
            false => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, parse};
    use super::*;
    use crate::model::StationId;

    fn command(line: &str) -> Result<Command, UsageError> {
        parse(line.split_whitespace().map(Into::into).collect()).map(|cli| cli.command)
    }

    #[test]
    fn a_report_is_asked_for_in_parts() {
        let asked = |args| Ok(Command::Report(args));
        assert_eq!(command("report"), asked(ReportArgs::default()));
        let these = [StationId::new(23, 4), StationId::new(57, 12)];
        let some = ReportArgs {
            stations: Some(Chosen::These(these.into())),
            day: Some(jiff::civil::date(2024, 2, 7)),
            files: Some("/mnt/a".into()),
            out: Some("/tmp/b".into()),
            district: None,
        };
        let line = "report --stations 57/12,23/4 --day 07.02.2024 --files /mnt/a --out /tmp/b";
        assert_eq!(command(line), asked(some));
        let one = Chosen::These([StationId::new(23, 4)].into());
        let one = ReportArgs { stations: Some(one), ..ReportArgs::default() };
        assert_eq!(command("report --station 23/4"), asked(one));
        let both = command("report --district 1 --station 1/1");
        assert_eq!(both, Err(UsageError::Both("--district", "--stations")));
        assert!(matches!(command("report --day x"), Err(UsageError::BadValue { .. })));
        assert!(command("report --csv").is_err(), "it writes all forms");
    }
}
