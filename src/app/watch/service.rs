//! What systemd hears: that the service is ready, how it does, that it lives, that it stops.
//! Without systemd nothing is said to anybody.

use std::time::Duration;

use super::pings::Pings;
use crate::clock::Mono;

/// The status is told again when it has changed, this often at most.
const STATUS_EVERY: Duration = Duration::from_secs(10);

/// Speaks for the loop, from the loop's own thread: that is what makes a ping mean something.
pub(super) struct Service {
    pings: Pings,
    /// What was told last.
    status: Option<String>,
    next_status: Mono,
    ready: bool,
}

impl Service {
    pub(super) fn start(now: Mono) -> Self {
        Self { pings: Pings::new(watchdog()), status: None, next_status: now, ready: false }
    }

    /// A look at all feeds is done.
    pub(super) fn looked(&mut self, now: Mono, beat: Mono, status: impl FnOnce() -> String) {
        let mut words = Vec::new();
        if !std::mem::replace(&mut self.ready, true) {
            words.push(Word::Ready);
        }
        if now >= self.next_status {
            self.next_status = now + STATUS_EVERY;
            let status = status();
            if self.status.as_ref() != Some(&status) {
                words.push(Word::Status(status.clone()));
                self.status = Some(status);
            }
        }
        if self.pings.due(now, beat) {
            words.push(Word::Alive);
        }
        tell(&words);
    }

    pub(super) fn stopping(&self) {
        tell(&[Word::Stopping]);
    }
}

enum Word {
    Ready,
    Status(String),
    Alive,
    Stopping,
}

/// How long systemd waits for a sign of life.
#[cfg(target_os = "linux")]
fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled().filter(|span| !span.is_zero())
}

#[cfg(target_os = "linux")]
fn tell(words: &[Word]) {
    use sd_notify::NotifyState;
    if words.is_empty() {
        return;
    }
    let states: Vec<NotifyState<'_>> = words
        .iter()
        .map(|word| match word {
            Word::Ready => NotifyState::Ready,
            Word::Status(status) => NotifyState::Status(status),
            Word::Alive => NotifyState::Watchdog,
            Word::Stopping => NotifyState::Stopping,
        })
        .collect();
    if let Err(e) = sd_notify::notify(&states) {
        log::warn!("systemd does not hear us: {e}");
    }
}

#[cfg(not(target_os = "linux"))]
fn watchdog() -> Option<Duration> {
    None
}

#[cfg(not(target_os = "linux"))]
fn tell(_words: &[Word]) {}
