//! What is wrong in `record.toml`: line, key, what was found, what to do.

use crate::text::Text;
use crate::tr;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordProblem {
    /// Where, from 1.
    pub line: usize,
    /// The key it is about, as written (`seal.url`); empty for the whole file.
    pub key: String,
    /// What is wrong.
    pub kind: RecordProblemKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordProblemKind {
    /// Not TOML; the parser's words.
    Syntax(String),
    /// Not UTF-8.
    NotUtf8,
    /// A key that means nothing.
    UnknownKey,
    /// Not a text where one is needed.
    NotText,
    /// Not a table where one is needed.
    NotTable,
    /// Neither `main` nor `sub`.
    NotFeed(String),
    /// Neither `true` nor `false`.
    NotYesOrNo,
    /// Not a list of folders.
    NotList,
    /// A path that depends on where the program was started.
    NotAbsolute(String),
    /// A folder that is in the list already.
    Again(String),
    /// A single table where one for each volume is needed.
    NotTables,
    /// A volume without its folder.
    NoFolder,
    /// Not a number of bytes with its unit.
    NotSize(String),
    /// A volume with less room than a recorder needs to begin.
    TooSmall(String),
    /// Not a whole number of these.
    NotWithin(u32, u32),
    /// Not the address of a web server.
    NotUrl,
    /// Such addresses are not supported, but those with `http:` are.
    NotHttp(String),
    /// A user name, password or key in an address that is not kept secret.
    Secret,
}

impl RecordProblem {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let what = self.kind.explain(text);
        let line = self.line.to_string();
        match self.key.as_str() {
            "" => tr!(text, "day-line", line = line, what = what).into_owned(),
            key => tr!(text, "day-line-key", line = line, key = key, what = what).into_owned(),
        }
    }
}

impl RecordProblemKind {
    fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Syntax(words) => tr!(text, "day-syntax", words = words.clone()),
            Self::NotUtf8 => tr!(text, "day-not-utf8"),
            Self::UnknownKey => tr!(text, "day-unknown-key"),
            Self::NotText => tr!(text, "day-not-text"),
            Self::NotTable => tr!(text, "day-not-table"),
            Self::NotFeed(found) => tr!(text, "record-not-feed", found = found.clone()),
            Self::NotYesOrNo => tr!(text, "record-not-yes-or-no"),
            Self::NotList => tr!(text, "record-not-list"),
            Self::NotAbsolute(found) => tr!(text, "record-not-absolute", found = found.clone()),
            Self::Again(found) => tr!(text, "record-again", found = found.clone()),
            Self::NotTables => tr!(text, "record-not-tables"),
            Self::NoFolder => tr!(text, "record-no-folder"),
            Self::NotSize(found) => tr!(text, "record-not-size", found = found.clone()),
            Self::TooSmall(found) => tr!(text, "record-too-small", found = found.clone()),
            Self::NotWithin(least, most) => {
                let (least, most) = (least.to_string(), most.to_string());
                tr!(text, "record-not-within", least = least, most = most)
            }
            Self::NotUrl => tr!(text, "record-not-url"),
            Self::NotHttp(found) => tr!(text, "record-not-http", found = found.clone()),
            Self::Secret => tr!(text, "record-secret"),
        };
        said.into_owned()
    }
}
