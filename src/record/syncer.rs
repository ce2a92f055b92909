//! Making durable on a thread of its own: the system's call may hang for as long as a disk does, and
//! whoever waits for it has something to say meanwhile.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::segment::SegmentPath;
use super::shared::VolumeShared;

/// Has a volume made durable. Its thread ends with it, or with the call that it is in.
pub(super) struct Syncer {
    work: Sender<BTreeSet<SegmentPath>>,
    done: Receiver<io::Result<()>>,
}

impl Syncer {
    pub(super) fn start(name: String, shared: Arc<VolumeShared>) -> io::Result<Self> {
        let (work, wanted) = bounded::<BTreeSet<SegmentPath>>(1);
        let (tell, done) = bounded(1);
        std::thread::Builder::new().name(name).spawn(move || {
            for files in wanted {
                if tell.send(shared.folder.sync(&files)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { work, done })
    }

    /// Makes these files durable. Calls `hangs` each time that `patience` has passed over it.
    pub(super) fn sync(
        &self,
        files: &BTreeSet<SegmentPath>,
        patience: Duration,
        mut hangs: impl FnMut(),
    ) -> io::Result<()> {
        let gone = || io::Error::other("the thread that makes durable has ended");
        self.work.send(files.clone()).map_err(|_| gone())?;
        loop {
            match self.done.recv_timeout(patience) {
                Ok(done) => return done,
                Err(RecvTimeoutError::Timeout) => hangs(),
                Err(RecvTimeoutError::Disconnected) => return Err(gone()),
            }
        }
    }
}
