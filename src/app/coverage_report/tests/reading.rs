//! Reads tables and pages back.

use std::collections::HashMap;

/// The rows of a table as RFC 4180 has it, by the titles of its columns.
pub(super) fn csv_cells(table: &str, separator: char) -> Vec<HashMap<String, String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = table.trim_start_matches('\u{FEFF}').chars().peekable();
    while let Some(c) = letters.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => row.last_mut().unwrap().push(c),
            '"' => quoted = !quoted,
            _ if quoted => row.last_mut().unwrap().push(c),
            '\r' => {}
            '\n' => rows.push(vec![String::new()]),
            c if c == separator => row.push(String::new()),
            c => row.last_mut().unwrap().push(c),
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last row ends, too");
    let titles = rows.remove(0);
    let titled = |row: Vec<String>| {
        assert_eq!(row.len(), titles.len(), "{row:?}");
        titles.iter().cloned().zip(row).collect()
    };
    rows.into_iter().map(titled).collect()
}

/// The texts of the cells of a row of the page.
pub(super) fn page_cells(row: &str) -> Vec<String> {
    let cell = |cell: &str| {
        let text = cell.split_once('>').unwrap().1;
        let mut plain = String::new();
        for part in text.split('<') {
            plain.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        }
        plain.trim().to_owned()
    };
    // What is left of a tag's own name before its first `>` is no text.
    row.split("<td").skip(1).map(cell).collect()
}

pub(super) fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let begin = page.find(from).unwrap_or_else(|| panic!("no {from}")) + from.len();
    let end = page[begin..].find(to).unwrap_or_else(|| panic!("no {to} after {from}"));
    &page[begin..begin + end]
}
