//! The folder of a volume: its files, its reserve, and how it is made durable.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::room::{Room, VolumeLimits};
use super::segment::SegmentPath;

/// Kept free for what must be written when nothing else can be.
const RESERVE: &str = ".reserve";

/// Written to find out whether the disk takes anything.
const PROBE: &str = ".probe";

/// A volume's folder.
pub(super) struct Folder {
    root: PathBuf,
    /// Held for `syncfs`, and so that the file system is not unmounted under us.
    #[cfg(target_os = "linux")]
    handle: File,
    /// The file system it was on at the start.
    #[cfg(unix)]
    device: u64,
    reserve: u64,
    room: Room,
}

impl Folder {
    /// Opens it; makes it if it is not there.
    pub(super) fn open(root: &Path, reserve: u64) -> io::Result<Self> {
        Self::open_within(root, reserve, VolumeLimits::default())
    }

    /// The same for one that may not take all that its disk takes.
    pub(super) fn open_within(root: &Path, reserve: u64, limits: VolumeLimits) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let opened = Self {
            root: root.to_owned(),
            #[cfg(target_os = "linux")]
            handle: File::open(root)?,
            #[cfg(unix)]
            device: device_of(root)?,
            reserve,
            room: Room::new(limits),
        };
        opened.room.told(opened.free());
        Ok(opened)
    }

    pub(super) fn room(&self) -> &Room {
        &self.room
    }

    /// What tells its file system from others, where the system says it.
    #[cfg_attr(unix, expect(clippy::unnecessary_wraps, reason = "other systems do not say it"))]
    pub(super) fn device(&self) -> Option<u64> {
        #[cfg(unix)]
        return Some(self.device);
        #[cfg(not(unix))]
        return None;
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// A new file for a segment, and its folder if there is none.
    pub(super) fn create(&self, path: &SegmentPath) -> io::Result<File> {
        let at = self.root.join(path.to_string());
        let create = || OpenOptions::new().write(true).create_new(true).open(&at);
        match create() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                // A disk that was taken away must not be replaced by a folder of the system's.
                self.is_still_there()?;
                fs::create_dir_all(self.root.join(path.folder()))?;
                create()
            }
            done => done,
        }
    }

    #[cfg(unix)]
    fn is_still_there(&self) -> io::Result<()> {
        if device_of(&self.root)? == self.device {
            return Ok(());
        }
        Err(io::Error::other("another file system is mounted there than at the start"))
    }

    #[cfg(not(unix))]
    fn is_still_there(&self) -> io::Result<()> {
        fs::metadata(&self.root).map(drop)
    }

    /// Makes everything that was written durable, folders included.
    #[cfg(target_os = "linux")]
    pub(super) fn sync(&self, _written: &BTreeSet<SegmentPath>) -> io::Result<()> {
        Ok(rustix::fs::syncfs(&self.handle)?)
    }

    /// Makes these files durable, and their folders where the system can.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn sync(&self, written: &BTreeSet<SegmentPath>) -> io::Result<()> {
        for path in written {
            match OpenOptions::new().append(true).open(self.root.join(path.to_string())) {
                Ok(file) => file.sync_all()?,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        #[cfg(unix)]
        for folder in written.iter().map(SegmentPath::folder).collect::<BTreeSet<_>>() {
            for part in Path::new(&folder).ancestors() {
                File::open(self.root.join(part))?.sync_all()?;
            }
        }
        Ok(())
    }

    /// Bytes that may still be written; `None` where the system does not say.
    #[cfg(target_os = "linux")]
    pub(super) fn free(&self) -> Option<u64> {
        let told = rustix::fs::statvfs(&self.root).ok()?;
        told.f_bavail.checked_mul(told.f_frsize)
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn free(&self) -> Option<u64> {
        None
    }

    /// Whether there is room to write again, the reserve included.
    pub(super) fn has_room(&self) -> bool {
        let have = if self.has_reserve() { self.reserve } else { 0 };
        let wanted = self.room.needs_free(self.reserve.saturating_mul(2));
        self.room.most_leaves(self.reserve)
            && self.free().is_none_or(|free| free.saturating_add(have) >= wanted)
    }

    fn has_reserve(&self) -> bool {
        let length = fs::metadata(self.root.join(RESERVE)).map_or(0, |file| file.len());
        length >= self.reserve
    }

    /// Puts the reserve aside, if it is not.
    pub(super) fn make_reserve(&self) -> io::Result<()> {
        if self.has_reserve() {
            return Ok(());
        }
        self.is_still_there()?;
        let at = self.root.join(RESERVE);
        let made = File::create(&at).and_then(|file| allocate(&file, self.reserve));
        if made.is_err() {
            // A part of it would only take what others need.
            let _ = fs::remove_file(at);
        }
        made
    }

    /// Gives the reserve up: there is room again for what must be written.
    pub(super) fn give_reserve(&self) {
        let _ = fs::remove_file(self.root.join(RESERVE));
    }

    /// Finds out whether the disk takes anything.
    pub(super) fn probe(&self) -> io::Result<()> {
        self.is_still_there()?;
        let at = self.root.join(PROBE);
        let mut file = File::create(&at)?;
        file.write_all(&[0; 4096])?;
        file.sync_all()?;
        fs::remove_file(at)
    }
}

#[cfg(unix)]
fn device_of(folder: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata(folder)?.dev())
}

/// Takes the room for real: a hole would be none.
fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, bytes).is_ok() {
        return Ok(());
    }
    io::copy(&mut io::Read::take(io::repeat(0), bytes), &mut &*file)?;
    file.sync_all()
}
