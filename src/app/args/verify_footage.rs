//! `pollwall verify --footage` as typed.

use std::path::PathBuf;

use lexopt::Parser;

use super::{UsageError, read, value};
use crate::record::chain::Hash;

/// `pollwall verify --footage FOLDER --heads FILE`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyFootageArgs {
    /// The volumes.
    pub folders: Vec<PathBuf>,
    /// What the second holder has kept.
    pub heads: PathBuf,
    /// The fingerprint of the key that must have signed.
    pub fingerprint: Option<Hash>,
    /// Print it for programs.
    pub json: bool,
}

/// As typed.
#[derive(Default)]
pub(super) struct Raw {
    folders: Vec<PathBuf>,
    heads: Option<PathBuf>,
    pub(super) fingerprint: Option<Hash>,
    pub(super) json: bool,
}

impl Raw {
    /// Takes an option; `false` when it has none of that name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        match name {
            "footage" => self.folders.push(value(parser, "--footage")?.into()),
            "heads" => self.heads = Some(value(parser, "--heads")?.into()),
            "fingerprint" => {
                self.fingerprint = Some(read(parser, "--fingerprint", fingerprint)?);
            }
            "json" => self.json = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn checked(self) -> Result<VerifyFootageArgs, UsageError> {
        let Self { folders, heads, fingerprint, json } = self;
        if folders.is_empty() {
            return Err(UsageError::Lacks("verify", "--footage"));
        }
        let heads = heads.ok_or(UsageError::Lacks("verify", "--heads"))?;
        Ok(VerifyFootageArgs { folders, heads, fingerprint, json })
    }
}

/// 64 hexadecimal digits, also in groups and in capitals: it is typed from paper.
pub(super) fn fingerprint(typed: &str) -> Option<Hash> {
    let digits: Vec<u32> = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | ':' | '-'))
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| u8::try_from(high << 4 | low).ok()).collect();
    bytes?.try_into().ok().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::{Command, parse};
    use super::*;

    fn command(line: &[&str]) -> Result<Command, UsageError> {
        parse(line.iter().map(Into::into).collect()).map(|cli| cli.command)
    }

    #[test]
    fn it_is_understood() {
        let args = VerifyFootageArgs {
            folders: vec!["/a".into(), "/b".into()],
            heads: "h.jsonl".into(),
            fingerprint: None,
            json: true,
        };
        let line = ["verify", "--footage", "/a", "--footage", "/b", "--heads", "h.jsonl", "--json"];
        assert_eq!(command(&line), Ok(Command::VerifyFootage(args)));
        let lacks = |option| Err(UsageError::Lacks("verify", option));
        assert_eq!(command(&["verify", "--footage", "/a"]), lacks("--heads"));
        assert_eq!(command(&["verify", "--heads", "h"]), lacks("--footage"));
        assert!(command(&["heads", "--footage", "/a"]).is_err());
    }

    #[test]
    fn a_fingerprint_may_be_typed_from_paper() {
        let hash: Hash = std::array::from_fn(|at| u8::try_from(at * 8 + 1).unwrap());
        let plain: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(fingerprint(&plain), Some(hash));
        let grouped = format!("{}:{} {}", &plain[..4], plain[4..40].to_uppercase(), &plain[40..]);
        assert_eq!(fingerprint(&grouped), Some(hash));
        for bad in ["", "ab", &plain[1..], &format!("{plain}0"), &format!("{plain}00"), "ə"] {
            assert_eq!(fingerprint(bad), None, "{bad}");
            let line = ["verify", "--footage", "/a", "--heads", "h", "--fingerprint", bad];
            assert!(command(&line).is_err(), "{bad}");
        }
    }
}
