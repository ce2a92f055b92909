//! What this process uses of the machine, as of now.

use std::time::Duration;

/// The process's own use of the machine; `None` where the system does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Processor time of all threads since the start.
    pub cpu: Option<Duration>,
    /// Resident memory.
    pub resident_bytes: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
    /// Open file descriptors.
    pub open_fds: Option<u64>,
    /// Most file descriptors that may be open; `None` as well when there is no limit.
    pub max_fds: Option<u64>,
}

impl Process {
    /// Reads them from `/proc`.
    #[cfg(target_os = "linux")]
    pub fn now() -> Self {
        use rustix::process::{Resource, getrlimit};
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = number_after(&status, "VmRSS:");
        let open = std::fs::read_dir("/proc/self/fd");
        Self {
            cpu: Some(crate::clock::processor_time()),
            resident_bytes: kib.map(|kib| kib * 1024),
            threads: number_after(&status, "Threads:"),
            // The folder itself is open while it is read.
            open_fds: open.ok().map(|all| (all.count() as u64).saturating_sub(1)),
            max_fds: getrlimit(Resource::Nofile).current,
        }
    }

    /// Nothing is known of it elsewhere.
    #[cfg(not(target_os = "linux"))]
    pub fn now() -> Self {
        Self::default()
    }
}

/// The number in the line of `/proc/self/status` that begins so.
#[cfg(any(target_os = "linux", test))]
fn number_after(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_status_are_read() {
        let status = "Name:\tpollwall\nVmRSS:\t   12345 kB\nThreads:\t7\n";
        assert_eq!(number_after(status, "VmRSS:"), Some(12_345));
        assert_eq!(number_after(status, "Threads:"), Some(7));
        assert_eq!(number_after(status, "VmSwap:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn one_more_open_file_is_one_more() {
        // Other tests of this process open and close files meanwhile, so many are opened.
        let before = Process::now();
        let files: Vec<_> =
            (0..200).map(|_| std::fs::File::open("/proc/self/status").unwrap()).collect();
        let after = Process::now();
        let (open, was) = (after.open_fds.unwrap(), before.open_fds.unwrap());
        assert!(open >= was + 100, "{was} -> {open}");
        drop(files);
        assert!(after.cpu >= before.cpu && after.resident_bytes > Some(1 << 20));
        assert!(after.threads >= Some(1));
    }
}
