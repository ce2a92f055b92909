//! File systems of the tests' own: small ones, and ones whose power is cut.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system that is there as long as this is.
pub(crate) struct Disk {
    at: tempfile::TempDir,
    image: Option<tempfile::NamedTempFile>,
}

/// `None`, and why, where it did not succeed.
fn done(mut command: Command, what: &str) -> Option<()> {
    let why = match command.output() {
        Ok(done) if done.status.success() => return Some(()),
        Ok(done) => String::from_utf8_lossy(&done.stderr).trim().to_owned(),
        Err(e) => e.to_string(),
    };
    println!("SKIPPED: {what}: {why}");
    None
}

fn command(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments);
    command
}

impl Disk {
    /// A small one in memory; `None`, and why, where this process may not mount.
    pub(crate) fn small(mib: u32) -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let size = format!("size={mib}m");
        let mut mount = command("mount", &["-t", "tmpfs", "-o", &size, "pollwall-test"]);
        mount.arg(at.path());
        done(mount, "no small file system can be mounted here")?;
        Some(Self { at, image: None })
    }

    /// An ext4 in a file, whose power can be cut; `None`, and why, where the machine has none.
    pub(crate) fn ext4() -> Option<Self> {
        let image = tempfile::NamedTempFile::new().unwrap();
        image.as_file().set_len(96 << 20).unwrap();
        let mut make = command("mkfs.ext4", &["-q", "-F", "-E", "lazy_itable_init=0"]);
        make.arg(image.path());
        done(make, "no ext4 can be made here")?;
        let disk = Self { at: tempfile::tempdir().unwrap(), image: Some(image) };
        disk.mount()?;
        Some(disk)
    }

    fn mount(&self) -> Option<()> {
        let mut mount = command("mount", &["-o", "loop"]);
        mount.arg(self.image.as_ref()?.path()).arg(self.at.path());
        done(mount, "no loop device can be mounted here")
    }

    pub(crate) fn path(&self) -> &Path {
        self.at.path()
    }

    /// From now on nothing reaches the disk any more, not even what was on its way. Python has the
    /// call without unsafe code. `None`, and why, where the kernel does not.
    pub(crate) fn cut_power(&self) -> Option<()> {
        // EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH.
        let program = "import fcntl,os,struct,sys\n\
            fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587d,struct.pack('I',2))";
        let mut python = command("/usr/bin/python3", &["-c", program]);
        python.arg(self.path());
        done(python, "this ext4 cannot be shut down")
    }

    /// The machine is started again.
    pub(crate) fn power_up(&self) {
        let umount = command("umount", &[]).arg(self.path()).output().unwrap();
        assert!(umount.status.success(), "{umount:?}");
        self.mount().expect("it was mounted before");
    }

    /// Writes until there is no room; no more than there is now, so that room which the recorder then
    /// makes for itself stays its own.
    pub(crate) fn fill(&self) -> PathBuf {
        let mut df = command("df", &["-B1", "--output=avail"]);
        let told = df.arg(self.path()).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        let mut left: usize = told.lines().last().unwrap().trim().parse().unwrap();
        let filler = self.path().join("filler");
        let mut file = fs::File::create(&filler).unwrap();
        for piece in [1 << 16, 4096, 512] {
            while left >= piece && file.write_all(&vec![1; piece]).is_ok() {
                left -= piece;
            }
        }
        filler
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.at.path()).output();
    }
}
