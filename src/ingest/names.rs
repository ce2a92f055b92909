//! Host names to addresses, without letting a dead name server block anything.
//!
//! The operating system's look-up ignores every time-out and holds a thread until it gives up
//! (10 s and more were measured). So at most one look-up per host name is under way, however many
//! feeds and attempts ask for it; whoever asks may stop waiting at any time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use crate::clock::lock;

type Lookup = Shared<BoxFuture<'static, bool>>;

/// The look-ups that are under way.
#[derive(Clone, Default)]
pub(super) struct Names {
    under_way: Arc<Mutex<HashMap<String, Lookup>>>,
}

impl Names {
    /// Whether the name is known. Must run on the runtime.
    pub(super) async fn resolves(&self, host: &str, port: u16) -> bool {
        self.once(host, {
            let host = host.to_owned();
            move || {
                std::net::ToSocketAddrs::to_socket_addrs(&(host.as_str(), port))
                    .is_ok_and(|mut found| found.next().is_some())
            }
        })
        .await
    }

    async fn once(&self, host: &str, look_up: impl FnOnce() -> bool + Send + 'static) -> bool {
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
                let lookup = async move { task.await.unwrap_or(false) }.boxed().shared();
                under_way.insert(host.to_owned(), lookup.clone());
                lookup
            }
        };
        lookup.await
    }
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
                hang.recv().is_ok()
            }
        };
        for _ in 0..3 {
            let waited =
                tokio::time::timeout(Duration::from_millis(1), names.once("h", look_up())).await;
            assert!(waited.is_err(), "the caller is free although the look-up hangs");
        }
        let (known, sent) =
            tokio::join!(names.once("h", look_up()), async { release.send(()).is_ok() });
        assert!(known && sent);
        assert_eq!(begun.load(Ordering::SeqCst), 1, "one look-up served them all");
        assert!(lock(&names.under_way).is_empty());
    }

    #[tokio::test]
    async fn addresses_and_localhost_resolve() {
        let names = Names::default();
        assert!(names.resolves("127.0.0.1", 554).await);
        assert!(names.resolves("localhost", 554).await);
    }
}
