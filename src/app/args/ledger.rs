//! `pollwall ledger` as typed.

use std::path::PathBuf;

use jiff::civil::Date;
use lexopt::Parser;

use super::journal::Form;
use super::{UsageError, read, value};
use crate::model::day::Stage;
use crate::model::{DistrictNo, StationId};

/// `pollwall ledger`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerArgs {
    /// Only this district.
    pub district: Option<DistrictNo>,
    /// Only this station.
    pub station: Option<StationId>,
    /// Only this part of the election day.
    pub stage: Option<Stage>,
    /// Another day than the election's or today.
    pub day: Option<Date>,
    /// The files under this folder instead of the catalogue.
    pub files: Option<PathBuf>,
    /// How it is printed.
    pub form: Form,
}

/// As typed.
#[derive(Default)]
pub(super) struct Raw {
    args: LedgerArgs,
    csv: bool,
    json: bool,
}

impl Raw {
    /// Takes an option of this command; `false` when it has none of that name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        let args = &mut self.args;
        match name {
            "district" => {
                let district = |s: &str| s.parse().ok().filter(|&number| number > 0);
                args.district = Some(read(parser, "--district", district)?);
            }
            "station" => args.station = Some(read(parser, "--station", |s| s.parse().ok())?),
            "stage" => args.stage = Some(read(parser, "--stage", stage)?),
            "day" => args.day = Some(read(parser, "--day", day)?),
            "files" => args.files = Some(value(parser, "--files")?.into()),
            "csv" => self.csv = true,
            "json" => self.json = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn checked(self) -> Result<LedgerArgs, UsageError> {
        if self.args.district.is_some() && self.args.station.is_some() {
            return Err(UsageError::Both("--district", "--station"));
        }
        let form = match (self.csv, self.json) {
            (true, true) => return Err(UsageError::Both("--csv", "--json")),
            (true, false) => Form::Csv,
            (false, true) => Form::Json,
            (false, false) => Form::Table,
        };
        Ok(LedgerArgs { form, ..self.args })
    }
}

/// A stage by its name in files; a stroke will do for the line below. What is closed has no hours.
fn stage(s: &str) -> Option<Stage> {
    let wanted = s.trim().replace('-', "_");
    let stages = Stage::ALL.into_iter().filter(|&stage| stage != Stage::Closed);
    stages.into_iter().find(|stage| stage.as_str() == wanted)
}

/// `2024-02-07` or `07.02.2024`.
pub(super) fn day(s: &str) -> Option<Date> {
    let forms = ["%Y-%m-%d", "%d.%m.%Y"];
    forms.iter().find_map(|form| Date::strptime(form, s.trim()).ok())
}

#[cfg(test)]
mod tests {
    use super::super::{Command, parse};
    use super::*;

    fn command(line: &str) -> Result<Command, UsageError> {
        parse(line.split_whitespace().map(Into::into).collect()).map(|cli| cli.command)
    }

    #[test]
    fn a_ledger_is_asked_for_in_parts() {
        let asked = |args| Ok(Command::Ledger(args));
        assert_eq!(command("ledger"), asked(LedgerArgs::default()));
        let date = jiff::civil::date(2024, 2, 7);
        let part = LedgerArgs {
            station: Some(StationId::new(57, 12)),
            stage: Some(Stage::Counting),
            day: Some(date),
            form: Form::Csv,
            ..LedgerArgs::default()
        };
        let line = "ledger --station 57/12 --stage counting --day 2024-02-07 --csv";
        assert_eq!(command(line), asked(part.clone()));
        assert_eq!(command(&line.replace("2024-02-07", "07.02.2024")), asked(part));
        let files = LedgerArgs {
            district: Some(23),
            stage: Some(Stage::BeforeOpening),
            files: Some("/mnt/a".into()),
            form: Form::Json,
            ..LedgerArgs::default()
        };
        let line = "ledger --district 23 --stage before-opening --files /mnt/a --json";
        assert_eq!(command(line), asked(files));
    }

    #[test]
    fn what_it_cannot_be_is_said() {
        let both = |a, b| Err(UsageError::Both(a, b));
        assert_eq!(command("ledger --csv --json"), both("--csv", "--json"));
        let line = "ledger --district 1 --station 1/1";
        assert_eq!(command(line), both("--district", "--station"));
        for line in ["--stage closed", "--stage noon", "--day yesterday", "--district 0"] {
            let wrong = command(&format!("ledger {line}"));
            assert!(matches!(wrong, Err(UsageError::BadValue { .. })), "{line}");
        }
        assert!(command("ledger x").is_err());
        assert!(command("journal --stage counting").is_err(), "it is the ledger's");
    }
}
