//! Tables of text for a terminal.

use std::io::{self, Write};

/// Writes `rows` under `titles` in columns as wide as they need to be. Width is counted in
/// characters, which is right for the letters of the three languages.
pub(super) fn write(out: &mut dyn Write, titles: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.chain([titles[at].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let titles: Vec<String> = titles.iter().map(|&t| t.to_owned()).collect();
    let rule: Vec<String> = widths.iter().map(|&w| "─".repeat(w)).collect();
    for row in [&titles, &rule].into_iter().chain(rows) {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_line_up_by_letters_not_bytes() {
        let mut out = Vec::new();
        let rows = [vec!["1".into(), "Şəki".into(), "x".into()], vec!["20".into(), "a".into()]];
        super::write(&mut out, &["№", "ad", "z"], &rows).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "№   ad    z\n──  ────  ─\n1   Şəki  x\n20  a\n");
    }
}
