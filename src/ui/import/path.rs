//! What is typed into the path field: which folder it points into, what it stands for, how it goes
//! on. Pure: looks at no disk.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// A folder as far as an import is concerned: what can be chosen in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Which folder.
    pub folder: PathBuf,
    /// Folders first, then lists, each in their order.
    pub entries: Vec<Entry>,
    /// How many more there are than are listed.
    pub left_out: usize,
    /// Why there is nothing to see, told to a person.
    pub trouble: Option<String>,
}

/// A folder, or a file that may be a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name without its path.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// The path that `typed` stands for, seen from `home`: what file managers and shells hand over is
/// understood too (`file://…`, quotation marks, `~`).
pub(super) fn resolve(typed: &str, home: &Path) -> PathBuf {
    let typed = begun_anew(typed.trim(), home);
    let typed = typed
        .strip_prefix('\'')
        .and_then(|t| t.strip_suffix('\''))
        .or_else(|| typed.strip_prefix('"').and_then(|t| t.strip_suffix('"')))
        .unwrap_or(typed);
    if let Ok(url) = url::Url::parse(typed)
        && url.scheme() == "file"
        && let Ok(path) = url.to_file_path()
    {
        return path;
    }
    match typed.strip_prefix('~') {
        Some("") => home.to_owned(),
        Some(rest) if rest.starts_with(is_separator) => home.join(&rest[1..]),
        _ => home.join(typed),
    }
}

/// A whole path that was pasted behind the folder that stood there already counts alone.
fn begun_anew<'a>(typed: &'a str, home: &Path) -> &'a str {
    let behind = typed.strip_prefix(of_folder(home).as_str());
    let begins = |rest: &&str| {
        rest.starts_with(is_separator)
            || ["~/", "file://", "'/", "\"/"].iter().any(|sign| rest.starts_with(sign))
    };
    behind.filter(begins).unwrap_or(typed)
}

fn is_separator(c: char) -> bool {
    c == '/' || c == MAIN_SEPARATOR
}

/// The folder that `typed` points into, and what is typed of a name in it.
pub(super) fn parted(typed: &str, home: &Path) -> (PathBuf, String) {
    let path = resolve(typed, home);
    if typed.trim().is_empty() || typed.trim().ends_with(is_separator) || typed.trim() == "~" {
        return (path, String::new());
    }
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => (folder.to_owned(), name.to_string_lossy().into_owned()),
        _ => (path, String::new()),
    }
}

/// A folder's path as it is typed: with a separator at its end.
pub(super) fn of_folder(folder: &Path) -> String {
    let mut path = folder.display().to_string();
    if !path.ends_with(is_separator) {
        path.push(MAIN_SEPARATOR);
    }
    path
}

/// The entries whose names begin with `prefix`, in whatever case; all of them where none does, so
/// that there is always something to choose.
pub(super) fn matching(entries: &[Entry], prefix: &str) -> Vec<usize> {
    let prefix = crate::text::fold(prefix);
    let begins = |at: &usize| {
        entries.get(*at).is_some_and(|e| crate::text::fold(&e.name).starts_with(&prefix))
    };
    let found: Vec<usize> = (0..entries.len()).filter(begins).collect();
    if found.is_empty() { (0..entries.len()).collect() } else { found }
}

/// What the names at `found` have in common beyond `prefix`; `None` when that is nothing more.
pub(super) fn completion(entries: &[Entry], found: &[usize], prefix: &str) -> Option<String> {
    let mut names = found.iter().filter_map(|at| entries.get(*at)).map(|e| e.name.as_str());
    let first = names.next()?;
    if !crate::text::fold(first).starts_with(&crate::text::fold(prefix)) {
        return None;
    }
    let mut common: Vec<char> = first.chars().collect();
    for name in names {
        let same = common.iter().zip(name.chars()).take_while(|(a, b)| **a == *b).count();
        common.truncate(same);
    }
    let common: String = common.into_iter().collect();
    (common.chars().count() > prefix.chars().count()).then_some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Vec<Entry> {
        let entry = |name: &&str| Entry {
            name: name.trim_end_matches('/').to_owned(),
            is_folder: name.ends_with('/'),
        };
        names.iter().map(entry).collect()
    }

    #[test]
    fn what_is_typed_or_pasted_becomes_a_path() {
        let home = Path::new("/home/op");
        for (typed, path) in [
            ("/a/b.csv", "/a/b.csv"),
            (" '/a/b c.csv' ", "/a/b c.csv"),
            ("\"/a/b.csv\"", "/a/b.csv"),
            ("~/x.csv", "/home/op/x.csv"),
            ("~", "/home/op"),
            ("x.csv", "/home/op/x.csv"),
            ("file:///a/m%C9%99nt%C9%99q%C9%99%20list.csv", "/a/məntəqə list.csv"),
            ("~ordinary.csv", "/home/op/~ordinary.csv"),
            ("/home/op//a/b.csv", "/a/b.csv"),
            ("/home/op/~/x.csv", "/home/op/x.csv"),
            ("/home/op/'/a/b c.csv'", "/a/b c.csv"),
            ("/home/op/file:///a/b.csv", "/a/b.csv"),
            ("/home/op/a//b.csv", "/home/op/a//b.csv"),
        ] {
            assert_eq!(resolve(typed, home), Path::new(path), "{typed}");
        }
    }

    #[test]
    fn a_path_is_parted_into_folder_and_name() {
        let home = Path::new("/home/op");
        let parted = |typed: &str| {
            let (folder, name) = parted(typed, home);
            (folder.display().to_string(), name)
        };
        assert_eq!(parted("/a/b"), ("/a".into(), "b".into()));
        assert_eq!(parted("/a/b/"), ("/a/b/".into(), String::new()));
        assert_eq!(parted("~/"), ("/home/op/".into(), String::new()));
        assert_eq!(parted("/"), ("/".into(), String::new()));
        assert_eq!(parted("/x"), ("/".into(), "x".into()));
        assert_eq!(parted("").0, "/home/op/");
    }

    #[test]
    fn names_are_completed_as_far_as_they_agree() {
        let all = entries(&["Lists/", "list-1.csv", "list-2.csv", "other.csv"]);
        let found = matching(&all, "LIST-");
        assert_eq!(found, [1, 2]);
        assert_eq!(completion(&all, &found, "LI").as_deref(), Some("list-"));
        assert_eq!(completion(&all, &found, "list-"), None);
        assert_eq!(completion(&all, &matching(&all, "o"), "o").as_deref(), Some("other.csv"));
        assert_eq!(matching(&all, "zzz").len(), 4, "nothing begins so: everything is offered");
        assert_eq!(completion(&all, &matching(&all, "zzz"), "zzz"), None);
        assert_eq!(completion(&[], &[], ""), None);
    }
}
