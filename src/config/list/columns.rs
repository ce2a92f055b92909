//! The columns of a list and what they are called in the three languages.

use std::borrow::Cow;

use super::cells::Table;
use super::problem::{Column, Expected, Found, Problem};
use crate::text::{Lang, fold};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it; `docs/user/station-list.md` describes them")]
pub enum Key {
    District,
    DistrictName,
    Station,
    Name,
    Address,
    Main,
    Sub,
    Latitude,
    Longitude,
    Network,
}

impl Key {
    pub(super) const ALL: [Key; 10] = [
        Key::District,
        Key::DistrictName,
        Key::Station,
        Key::Name,
        Key::Address,
        Key::Main,
        Key::Sub,
        Key::Latitude,
        Key::Longitude,
        Key::Network,
    ];

    const REQUIRED: [Key; 3] = [Key::District, Key::Station, Key::Main];

    /// Its names: first the English, Azerbaijani and Russian one that messages use, then others
    /// that are understood. Compared folded, without spaces and punctuation.
    const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::District => &[
                "district",
                "dairə",
                "округ",
                "district number",
                "district no",
                "constituency",
                "dairə nömrəsi",
                "dairənin nömrəsi",
                "seçki dairəsi",
                "seçki dairəsinin nömrəsi",
                "daire",
                "номер округа",
                "№ округа",
                "избирательный округ",
                "номер избирательного округа",
            ],
            Self::DistrictName => &[
                "district_name",
                "dairə_adı",
                "название_округа",
                "name of district",
                "dairənin adı",
                "seçki dairəsinin adı",
                "daire adi",
                "имя округа",
                "наименование округа",
                "название избирательного округа",
                "наименование избирательного округа",
            ],
            Self::Station => &[
                "station",
                "məntəqə",
                "участок",
                "station number",
                "station no",
                "polling station",
                "number",
                "məntəqə nömrəsi",
                "məntəqənin nömrəsi",
                "seçki məntəqəsi",
                "seçki məntəqəsinin nömrəsi",
                "menteqe",
                "nömrə",
                "номер участка",
                "№ участка",
                "избирательный участок",
                "номер избирательного участка",
                "номер",
            ],
            Self::Name => &[
                "name",
                "ad",
                "название",
                "station name",
                "name of station",
                "adı",
                "məntəqənin adı",
                "məntəqə adı",
                "seçki məntəqəsinin adı",
                "название участка",
                "наименование",
                "наименование участка",
                "имя",
            ],
            Self::Address => &[
                "address",
                "ünvan",
                "адрес",
                "station address",
                "ünvanı",
                "məntəqənin ünvanı",
                "unvan",
                "адрес участка",
            ],
            Self::Main => &[
                "main",
                "əsas",
                "основной",
                "main url",
                "main stream",
                "main feed",
                "url",
                "stream",
                "camera",
                "əsas axın",
                "əsas url",
                "axın",
                "kamera",
                "veb-kamera",
                "esas",
                "основной поток",
                "основной url",
                "поток",
                "камера",
                "веб-камера",
                "адрес камеры",
            ],
            Self::Sub => &[
                "sub",
                "əlavə",
                "дополнительный",
                "sub url",
                "sub stream",
                "sub feed",
                "substream",
                "secondary",
                "əlavə axın",
                "ikinci",
                "ikinci axın",
                "əlavə url",
                "elave",
                "дополнительный поток",
                "второй поток",
                "второй",
                "дополнительный url",
            ],
            Self::Latitude => &["latitude", "enlik", "широта", "lat", "coğrafi enlik"],
            Self::Longitude => {
                &["longitude", "uzunluq", "долгота", "lon", "lng", "long", "coğrafi uzunluq"]
            }
            Self::Network => &[
                "network",
                "şəbəkə",
                "сеть",
                "provider",
                "isp",
                "provayder",
                "operator",
                "sebeke",
                "провайдер",
                "оператор",
            ],
        }
    }

    /// Which column `header` names, in any of the three languages and any letter case.
    pub(super) fn of(header: &str) -> Option<Self> {
        let wanted = plain(header);
        Self::ALL.into_iter().find(|key| key.aliases().iter().any(|alias| plain(alias) == wanted))
    }

    /// Its name in `lang`; one that is understood as a header.
    pub fn name(self, lang: Lang) -> &'static str {
        let index = match lang {
            Lang::En => 0,
            Lang::Az => 1,
            Lang::Ru => 2,
        };
        self.aliases()[index]
    }

    pub(super) fn names(lang: Lang) -> Vec<&'static str> {
        Self::ALL.map(|key| key.name(lang)).to_vec()
    }
}

fn plain(header: &str) -> String {
    fold(header).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Where the columns of a file are.
pub(super) struct Columns<'a> {
    /// By position; `None` for a column without a header or an unknown one.
    keys: Vec<Option<Key>>,
    headers: &'a [Cow<'a, str>],
    row: usize,
}

impl<'a> Columns<'a> {
    /// Reads the header, adding what is wrong with it.
    pub(super) fn read(table: &'a Table<'a>, problems: &mut Vec<Problem>) -> Self {
        let headers = &table.header.cells;
        let mut columns = Self { keys: Vec::new(), headers, row: table.header.number };
        for header in headers {
            let key = columns.key(header, problems);
            columns.keys.push(key);
        }
        for key in Key::REQUIRED {
            if columns.at(key).is_none() {
                let found = headers.iter().map(|h| h.trim()).collect::<Vec<_>>().join(", ");
                problems.push(columns.problem("", &found, Expected::RequiredColumn(key)));
            }
        }
        columns
    }

    fn key(&self, header: &str, problems: &mut Vec<Problem>) -> Option<Key> {
        if header.trim().is_empty() {
            return None; // Excel leaves separators behind; a cell with text in there is reported
        }
        let Some(key) = Key::of(header) else {
            problems.push(self.problem(header, header, Expected::KnownColumn));
            return None;
        };
        if let Some(first) = self.at(key) {
            let first = self.header(first);
            problems.push(self.problem(header, header, Expected::ColumnOnce(first)));
            return None;
        }
        Some(key)
    }

    fn problem(&self, column: &str, found: &str, expected: Expected) -> Problem {
        let column = Found::cell(column.trim()).to_string();
        Problem { row: self.row, column, found: Found::cell(found.trim()), expected }
    }

    /// Whether every required column is there.
    pub(super) fn complete(&self) -> bool {
        Key::REQUIRED.iter().all(|&key| self.at(key).is_some())
    }

    /// The position of a column.
    pub(super) fn at(&self, key: Key) -> Option<usize> {
        self.keys.iter().position(|&k| k == Some(key))
    }

    /// The header at a position, fit to be shown.
    pub(super) fn header(&self, at: usize) -> Column {
        self.headers.get(at).map_or_else(String::new, |h| Found::cell(h.trim()).to_string())
    }

    /// Whether cells at a position belong to no column at all.
    pub(super) fn is_outside(&self, at: usize) -> bool {
        self.headers.get(at).is_none_or(|h| h.trim().is_empty())
    }

    /// How many columns have a header.
    pub(super) fn count(&self) -> usize {
        self.headers.iter().filter(|h| !h.trim().is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_names_one_column_only() {
        for key in Key::ALL {
            for alias in key.aliases() {
                assert_eq!(Key::of(alias), Some(key), "{alias}");
            }
        }
    }

    #[test]
    fn case_spaces_and_punctuation_do_not_matter() {
        assert_eq!(Key::of(" DAİRƏ "), Some(Key::District));
        assert_eq!(Key::of("DISTRICT NAME"), Some(Key::DistrictName));
        assert_eq!(Key::of("№ участка"), Some(Key::Station));
        assert_eq!(Key::of("Seçki məntəqəsinin nömrəsi"), Some(Key::Station));
        assert_eq!(Key::of("password"), None);
        assert_eq!(Key::of(""), None);
    }
}
