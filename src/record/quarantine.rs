//! Recordings that cannot be read: moved aside, with the reason beside them, and never removed.
//!
//! `quarantine` stands beside the days of a volume and has their folders inside. What lies there no
//! recorder, no rule and no reindexing touches; [`listed`] says what it is, for `pollwall footage
//! check` and the journal. A person who has looked at a file may take it away.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::segment::SegmentPath;

/// Where they go.
const QUARANTINE: &str = "quarantine";

/// The end of the name of the file that says why.
const WHY: &str = "why";

/// A reason is a line; nothing that lies there by chance is read whole.
const LONGEST_WHY: u64 = 4096;

/// A file that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Where it was.
    pub path: SegmentPath,
    /// Where it is.
    pub now: PathBuf,
    /// What is wrong with it; empty where nobody wrote it down.
    pub why: String,
}

/// Moves a file aside. Its name says where it was.
pub(super) fn set_aside(volume: &Path, path: &SegmentPath, why: &str) -> io::Result<PathBuf> {
    let name = path.to_string();
    let mut now = volume.join(QUARANTINE).join(&name);
    if let Some(folder) = now.parent() {
        fs::create_dir_all(folder)?;
    }
    for number in 1.. {
        if !now.try_exists()? {
            break;
        }
        let stem = name.trim_end_matches(".mp4");
        now = volume.join(QUARANTINE).join(format!("{stem}.{number}.mp4"));
    }
    fs::rename(volume.join(name), &now)?;
    // The file counts, not the words about it: where they find no room it is set aside all the same.
    if let Err(error) = fs::write(beside(&now), why) {
        log::warn!("{}: the reason cannot be kept: {error}", now.display());
    }
    Ok(now)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(WHY);
    name.into()
}

/// What was set aside in a volume, by station and time.
///
/// # Errors
/// The folder cannot be read.
pub fn listed(volume: &Path) -> io::Result<Vec<Quarantined>> {
    let root = volume.join(QUARANTINE);
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let now = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(now);
                continue;
            }
            let within = now.strip_prefix(&root).ok().and_then(Path::to_str);
            if let Some(path) = within.and_then(was) {
                let why = reason(&now).unwrap_or_default();
                found.push(Quarantined { path, now, why });
            }
        }
    }
    found.sort_by(|a, b| (&a.path, &a.now).cmp(&(&b.path, &b.now)));
    Ok(found)
}

/// What a file was called that is called this now: a second one of a name has a number.
fn was(name: &str) -> Option<SegmentPath> {
    let whole = name.parse().ok();
    let unnumbered = || {
        let (rest, number) = name.strip_suffix(".mp4")?.rsplit_once('.')?;
        number.parse::<u32>().ok()?;
        format!("{rest}.mp4").parse().ok()
    };
    whole.or_else(unnumbered)
}

fn reason(file: &Path) -> io::Result<String> {
    let mut why = String::new();
    let file = fs::File::open(beside(file))?;
    io::Read::read_to_string(&mut io::Read::take(file, LONGEST_WHY), &mut why)?;
    Ok(why.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::WallTime;
    use crate::model::{FeedId, FeedKind, StationId};
    use crate::record::repair;

    #[test]
    fn a_corrupt_file_is_set_aside_with_its_reason_and_listed() {
        let dir = tempfile::tempdir().unwrap();
        let volume = dir.path();
        assert_eq!(listed(volume).unwrap(), [], "a volume without any");
        let feed = FeedId { station: StationId::new(57, 12), kind: FeedKind::Main };
        let path = SegmentPath::new(feed, WallTime::from_micros(1_707_289_200_123_000));
        let file = volume.join(path.to_string());
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        // Three times a file of this name is not to be read.
        for n in 0..3 {
            fs::write(&file, format!("no segment {n}")).unwrap();
            let repaired = repair(volume, &[], None, &|_| false).unwrap();
            assert_eq!((repaired.quarantined.len(), repaired.records.len()), (1, 0));
            assert!(!file.exists());
            let all = listed(volume).unwrap();
            assert_eq!(all.len(), n + 1);
            let one = all.iter().find(|one| **one == repaired.quarantined[0]);
            let one = one.unwrap_or_else(|| panic!("{all:?}"));
            assert!(one.path == path && !one.why.is_empty(), "{one:?}");
            let kept = fs::read_to_string(&one.now).unwrap();
            assert_eq!(kept, format!("no segment {n}"), "nothing of it is lost");
        }
        // Another start finds nothing to do and removes nothing.
        let repaired = repair(volume, &[], None, &|_| false).unwrap();
        assert!(repaired.quarantined.is_empty() && repaired.missing.is_empty());
        assert_eq!(listed(volume).unwrap().len(), 3);
    }
}
