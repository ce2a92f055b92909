//! A list's file as a table: every row, what is wrong in it, or what it changes. Pure data; the
//! words are chosen when they are painted.

use std::collections::HashMap;

use crate::config::list::{Diff, Key, Problem, RowPreview};
use crate::model::{FeedKind, StationId, StationList};

/// A file that was read and checked. Holds no secret.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The file's name, fit to be shown.
    pub file: String,
    rows: Vec<Row>,
    /// Every line of every row, and those that something is to be said about.
    lines: Vec<Line>,
    marked: Vec<Line>,
    /// How much of what there is.
    pub counts: Counts,
    /// The version of the present list, where there is one.
    pub version: Option<u32>,
}

/// How many stations, problems and changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub stations: usize,
    pub districts: usize,
    pub problems: usize,
    pub added: usize,
    pub removed: usize,
    pub renumbered: usize,
    pub moved: usize,
    pub urls: usize,
    /// Feeds with a user name or a password.
    pub secrets: usize,
}

/// A row of the file, or a station that is no longer in it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// As a spreadsheet shows it; `None` for what is not in the file.
    pub(super) row: Option<usize>,
    pub(super) station: String,
    pub(super) name: String,
    pub(super) marks: Vec<Mark>,
}

/// Something to be said about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Problem(Problem),
    Added,
    Removed,
    Renumbered(StationId),
    Moved(Vec<Key>),
    Url { kind: FeedKind, secret_only: bool },
}

/// A line of the table: which row, and which of its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) row: usize,
    pub(super) mark: usize,
}

impl Sheet {
    /// A file with problems: every row that it has, and every problem at its row.
    pub fn wrong(file: String, rows: &[RowPreview], problems: Vec<Problem>) -> Self {
        let mut counts = Counts { problems: problems.len(), ..Counts::default() };
        counts.stations = rows.len();
        let mut by_row: HashMap<usize, Vec<Mark>> = HashMap::new();
        for problem in problems {
            by_row.entry(problem.row).or_default().push(Mark::Problem(problem));
        }
        let mut shown: Vec<Row> = rows
            .iter()
            .map(|r| Row { marks: by_row.remove(&r.row).unwrap_or_default(), ..row(r) })
            .collect();
        // The header, and what is about the file as a whole.
        let others = by_row.into_iter().map(|(number, marks)| Row {
            row: Some(number),
            station: String::new(),
            name: String::new(),
            marks,
        });
        shown.extend(others);
        shown.sort_by_key(|r| r.row);
        Self::of(file, shown, counts, None)
    }

    /// A file whose list can be taken, and what it changes in the list of `version`.
    pub fn right(
        file: String,
        rows: &[RowPreview],
        list: &StationList,
        changes: &Diff,
        present: Option<(u32, &StationList)>,
    ) -> Self {
        let mut marks = marks(changes);
        // A list without a problem is shown as it will be on the wall.
        let of = |r: &RowPreview| match r.station.and_then(|id| list.station(id)) {
            Some(station) => Row {
                row: Some(r.row),
                station: station.id.to_string(),
                name: station.name.clone(),
                marks: marks.remove(&station.id).unwrap_or_default(),
            },
            None => row(r),
        };
        let mut shown: Vec<Row> = rows.iter().map(of).collect();
        let gone = |id: &StationId| Row {
            row: None,
            station: id.to_string(),
            name: present
                .and_then(|(_, old)| old.station(*id))
                .map_or_else(String::new, |s| s.name.clone()),
            marks: vec![Mark::Removed],
        };
        shown.extend(changes.removed.iter().map(gone));
        let counts = Counts {
            stations: list.stations.len(),
            districts: list.districts.len(),
            problems: 0,
            added: changes.added.len(),
            removed: changes.removed.len(),
            renumbered: changes.renumbered.len(),
            moved: changes.moved.len(),
            urls: changes.urls.len(),
            secrets: 0,
        };
        Self::of(file, shown, counts, present.map(|(version, _)| version))
    }

    fn of(file: String, rows: Vec<Row>, counts: Counts, version: Option<u32>) -> Self {
        let (mut lines, mut marked) = (Vec::new(), Vec::new());
        for (row, content) in rows.iter().enumerate() {
            let own = (0..content.marks.len().max(1)).map(|mark| Line { row, mark });
            lines.extend(own.clone());
            if !content.marks.is_empty() {
                marked.extend(own);
            }
        }
        Self { file, rows, lines, marked, counts, version }
    }

    /// The same with so many feeds that have a user name or a password.
    #[must_use]
    pub fn with_secrets(mut self, count: usize) -> Self {
        self.counts.secrets = count;
        self
    }

    /// Whether there is anything to take: no problem, and a list that is not the present one.
    pub fn can_be_taken(&self) -> bool {
        self.counts.problems == 0 && !self.is_same()
    }

    /// Whether it is the present list already.
    pub fn is_same(&self) -> bool {
        self.counts.problems == 0 && self.version.is_some() && self.marked.is_empty()
    }

    /// The lines to show: all, or `only_marked`.
    pub(super) fn lines(&self, only_marked: bool) -> &[Line] {
        if only_marked { &self.marked } else { &self.lines }
    }

    /// A line's row, and its mark where it has one.
    pub(super) fn at(&self, line: Line) -> Option<(&Row, Option<&Mark>)> {
        let row = self.rows.get(line.row)?;
        Some((row, row.marks.get(line.mark)))
    }
}

fn row(preview: &RowPreview) -> Row {
    Row {
        row: Some(preview.row),
        station: preview.number.clone(),
        name: preview.name.clone(),
        marks: Vec::new(),
    }
}

/// What changes, by a station's new number.
fn marks(changes: &Diff) -> HashMap<StationId, Vec<Mark>> {
    let mut marks: HashMap<StationId, Vec<Mark>> = HashMap::new();
    let mut add = |id: StationId, mark: Mark| marks.entry(id).or_default().push(mark);
    for &id in &changes.added {
        add(id, Mark::Added);
    }
    for &(from, to) in &changes.renumbered {
        add(to, Mark::Renumbered(from));
    }
    for moved in &changes.moved {
        add(moved.id, Mark::Moved(moved.columns.clone()));
    }
    for url in &changes.urls {
        let mark = Mark::Url { kind: url.feed.kind, secret_only: url.secret_only };
        add(url.feed.station, mark);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::list::{Parsed, diff, examine};
    use crate::config::secrets::ListSecrets;

    const HEAD: &str = "district,station,name,main\n";

    fn parsed(csv: &str) -> (Vec<RowPreview>, Parsed) {
        let (rows, result) = examine(csv.as_bytes());
        (rows, result.unwrap())
    }

    fn changed(before: &str, after: &str) -> Sheet {
        let (_, old) = parsed(before);
        let (rows, new) = parsed(after);
        let changes = diff((&old.list, &old.secrets), (&new.list, &new.secrets));
        Sheet::right("l.csv".into(), &rows, &new.list, &changes, Some((3, &old.list)))
    }

    fn said(sheet: &Sheet, only: bool) -> Vec<(Option<usize>, String, Option<Mark>)> {
        let lines = sheet.lines(only).iter().filter_map(|l| sheet.at(*l));
        lines.map(|(r, m)| (r.row, r.station.clone(), m.cloned())).collect()
    }

    #[test]
    fn every_row_is_there_and_every_problem_at_its_row() {
        let csv = "district,station,name,main,extra\n1,1,Good,rtsp://a/1,\nx,2,Bad,nothing,\n1,3,Fine,rtsp://a/3,\n";
        let (rows, result) = examine(csv.as_bytes());
        let problems = result.unwrap_err();
        let sheet = Sheet::wrong("l.csv".into(), &rows, problems.clone());
        assert_eq!(sheet.counts.problems, problems.len());
        assert!(!sheet.can_be_taken() && !sheet.is_same());
        let all: Vec<_> =
            said(&sheet, false).into_iter().map(|(row, s, _)| (row.unwrap(), s)).collect();
        let expected = [(1, ""), (2, "1/1"), (3, "x/2"), (3, "x/2"), (4, "1/3")]
            .map(|(n, s)| (n, s.to_owned()));
        assert_eq!(all, expected);
        let wrong = said(&sheet, true);
        assert_eq!(wrong.len(), 3);
        assert!(wrong.iter().all(|(_, _, mark)| matches!(mark, Some(Mark::Problem(_)))));
    }

    #[test]
    fn changes_stand_at_their_rows_and_what_is_gone_at_the_end() {
        let before = format!(
            "{HEAD}1,1,A,rtsp://a/1\n1,2,B,rtsp://a/2\n1,3,C,rtsp://a/3\n1,4,D,rtsp://a/4\n"
        );
        let after = format!(
            "{HEAD}1,1,A,rtsp://a/1\n1,2,New name,rtsp://a/2\n1,7,C,rtsp://a/3\n1,9,E,rtsp://a/9\n"
        );
        let sheet = changed(&before, &after);
        assert!(sheet.can_be_taken());
        assert_eq!(sheet.counts.added + sheet.counts.removed + sheet.counts.moved, 3);
        assert_eq!(sheet.counts.renumbered, 1);
        let all = said(&sheet, false);
        assert_eq!(all[0], (Some(2), "1/1".into(), None));
        assert_eq!(all[1].2, Some(Mark::Moved(vec![Key::Name])));
        assert_eq!(all[2].2, Some(Mark::Renumbered(StationId::new(1, 3))));
        assert_eq!(all[3].2, Some(Mark::Added));
        assert_eq!(all[4], (None, "1/4".into(), Some(Mark::Removed)));
        assert_eq!(said(&sheet, true).len(), 4);
    }

    #[test]
    fn the_present_list_again_is_nothing_to_take_and_a_first_list_is() {
        let csv = format!("{HEAD}1,1,A,rtsp://u:p@a/1\n");
        let same = changed(&csv, &csv);
        assert!(same.is_same() && !same.can_be_taken());
        let (rows, new) = parsed(&csv);
        let none = ListSecrets::default();
        let changes = diff((&StationList::default(), &none), (&new.list, &new.secrets));
        let first = Sheet::right("l.csv".into(), &rows, &new.list, &changes, None);
        assert!(first.can_be_taken() && first.counts.added == 1);
        assert!(!format!("{same:?}{first:?}").contains("u:p"), "a table holds no secret");
    }
}
