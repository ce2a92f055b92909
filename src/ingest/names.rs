//! Host names to addresses, without letting a dead name server block anything.
//!
//! The operating system's look-up ignores every time-out and holds a thread until it gives up
//! (10 s and more were measured). So at most one look-up per host name is under way, however many
//! feeds and attempts ask for it; whoever asks may stop waiting at any time.

use std::collections::HashMap;
use std::io;
use std::net::ToSocketAddrs;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use crate::clock::lock;
use crate::health::Trouble;

type Lookup = Shared<BoxFuture<'static, Result<(), Trouble>>>;

/// The look-ups that are under way.
#[derive(Clone, Default)]
pub(super) struct Names {
    under_way: Arc<Mutex<HashMap<String, Lookup>>>,
}

impl Names {
    /// Looks the name up; the error says whether the name or this machine is to blame. Must run on
    /// the runtime.
    pub(super) async fn find(&self, host: &str, port: u16) -> Result<(), Trouble> {
        self.once(host, {
            let host = host.to_owned();
            move || match (host.as_str(), port).to_socket_addrs() {
                Ok(mut found) => found.next().map(drop).ok_or(Trouble::NameNotFound),
                Err(e) if is_own_limit(&e) || has_no_descriptors() => Err(Trouble::OwnLimit),
                Err(_) => Err(Trouble::NameNotFound),
            }
        })
        .await
    }

    async fn once(
        &self,
        host: &str,
        look_up: impl FnOnce() -> Result<(), Trouble> + Send + 'static,
    ) -> Result<(), Trouble> {
        let lookup = {
            let mut under_way = lock(&self.under_way);
            if let Some(lookup) = under_way.get(host) {
                lookup.clone()
            } else {
                let (names, key) = (Arc::clone(&self.under_way), host.to_owned());
                let task = tokio::task::spawn_blocking(move || {
                    let known = look_up();
                    lock(&names).remove(&key);
                    known
                });
                let lookup = async move { task.await.unwrap_or(Err(Trouble::NameNotFound)) }
                    .boxed()
                    .shared();
                under_way.insert(host.to_owned(), lookup.clone());
                lookup
            }
        };
        lookup.await
    }
}

/// Whether it is this machine that has run out of something, and not the other side's fault.
pub(super) fn is_own_limit(error: &io::Error) -> bool {
    // EMFILE and ENFILE, and under Windows the like, are known to the standard library by number
    // only. EMFILE and ENFILE are 24 and 23 on every Unix.
    #[cfg(unix)]
    const DESCRIPTORS: &[i32] = &[24, 23];
    #[cfg(target_os = "linux")]
    const BUFFERS: &[i32] = &[rustix::io::Errno::NOBUFS.raw_os_error()];
    #[cfg(all(unix, not(target_os = "linux")))]
    const BUFFERS: &[i32] = &[55];
    #[cfg(windows)]
    const DESCRIPTORS: &[i32] = &[10024];
    #[cfg(windows)]
    const BUFFERS: &[i32] = &[10055];
    let by_number = |n: i32| DESCRIPTORS.contains(&n) || BUFFERS.contains(&n);
    error.raw_os_error().is_some_and(by_number)
        || matches!(error.kind(), io::ErrorKind::OutOfMemory | io::ErrorKind::AddrNotAvailable)
}

/// A look-up that cannot open a socket or the machine's own list of hosts may say "no such name".
fn has_no_descriptors() -> bool {
    cfg!(unix) && std::fs::File::open("/dev/null").is_err_and(|e| is_own_limit(&e))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_hanging_look_up_is_shared_and_can_be_abandoned() {
        let names = Names::default();
        let begun = Arc::new(AtomicUsize::new(0));
        let (release, hang) = crossbeam_channel::bounded::<()>(1);
        let look_up = || {
            let (begun, hang) = (Arc::clone(&begun), hang.clone());
            move || {
                begun.fetch_add(1, Ordering::SeqCst);
                hang.recv().map_err(|_| Trouble::Internal)
            }
        };
        for _ in 0..3 {
            let waited =
                tokio::time::timeout(Duration::from_millis(1), names.once("h", look_up())).await;
            assert!(waited.is_err(), "the caller is free although the look-up hangs");
        }
        let (known, sent) =
            tokio::join!(names.once("h", look_up()), async { release.send(()).is_ok() });
        assert!(known.is_ok() && sent);
        assert_eq!(begun.load(Ordering::SeqCst), 1, "one look-up served them all");
        assert!(lock(&names.under_way).is_empty());
    }

    #[tokio::test]
    async fn addresses_and_localhost_resolve() {
        let names = Names::default();
        assert_eq!(names.find("127.0.0.1", 554).await, Ok(()));
        assert_eq!(names.find("localhost", 554).await, Ok(()));
    }
}
