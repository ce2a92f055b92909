//! Time: the only module that asks the operating system what time it is.
//!
//! [`Mono`] orders events inside one process and never goes backwards; [`WallTime`] is what a
//! person or a file sees. State machines take both as plain values, so tests drive them with a
//! [`FakeClock`] instead of waiting. Anyone may call this module.

mod synchronised;

pub use synchronised::{Synchronised, synchronised};

use std::fmt;
use std::ops::{Add, Sub};
use std::sync::{
    Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment on the process's monotonic clock, in microseconds since the clock was first asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(i64);

impl Mono {
    /// The moment `us` microseconds after the clock's origin.
    pub const fn from_micros(us: i64) -> Self {
        Self(us)
    }

    /// Microseconds since the clock's origin.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Time from `earlier` to `self`; zero when `earlier` is in fact later.
    pub fn since(self, earlier: Mono) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl Add<Duration> for Mono {
    type Output = Mono;
    fn add(self, d: Duration) -> Mono {
        Mono(self.0.saturating_add(micros(d)))
    }
}

impl Sub<Duration> for Mono {
    type Output = Mono;
    fn sub(self, d: Duration) -> Mono {
        Mono(self.0.saturating_sub(micros(d)))
    }
}

/// A moment in civil time: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct WallTime(i64);

impl WallTime {
    /// The moment `us` microseconds after the Unix epoch.
    pub const fn from_micros(us: i64) -> Self {
        Self(us)
    }

    /// Microseconds since the Unix epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The same moment as a [`jiff::Timestamp`]; moments outside jiff's range are clamped to it.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl Sub<Duration> for WallTime {
    type Output = WallTime;
    fn sub(self, d: Duration) -> WallTime {
        WallTime(self.0.saturating_sub(micros(d)))
    }
}

impl From<jiff::Timestamp> for WallTime {
    fn from(t: jiff::Timestamp) -> Self {
        Self(t.as_microsecond())
    }
}

impl fmt::Display for WallTime {
    /// RFC 3339 in UTC with microseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

fn micros(d: Duration) -> i64 {
    i64::try_from(d.as_micros()).unwrap_or(i64::MAX)
}

/// A source of both times.
pub trait Clock: Send + Sync {
    /// The current moment on the monotonic clock.
    fn mono(&self) -> Mono;
    /// The current civil time.
    fn wall(&self) -> WallTime;
    /// The present start of the machine; `None` where nothing tells one from the other.
    fn boot(&self) -> Option<Boot> {
        None
    }
    /// How much processor time the calling thread has taken so far; where that is not known, the
    /// time that has passed, which is never less.
    fn thread_time(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.mono().as_micros()).unwrap_or(0))
    }
}

/// A start of the machine, and where on it the monotonic clock's origin lies: what two processes have
/// in common even if the civil time was set between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boot {
    /// Differs from start to start.
    pub id: String,
    /// From the machine's start to the origin of [`Mono`], in microseconds.
    pub origin_us: i64,
}

/// The operating system's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// When the process's clock was first asked, since the machine was started.
static ORIGIN: OnceLock<i64> = OnceLock::new();

impl Clock for SystemClock {
    fn mono(&self) -> Mono {
        let now = since_boot_us();
        Mono(now.saturating_sub(*ORIGIN.get_or_init(|| now)).max(0))
    }

    #[cfg(target_os = "linux")]
    fn boot(&self) -> Option<Boot> {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let origin_us = *ORIGIN.get_or_init(since_boot_us);
        Some(Boot { id: id.trim().to_owned(), origin_us })
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks")]
    fn wall(&self) -> WallTime {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(d) => WallTime(micros(d)),
            Err(before) => WallTime(-micros(before.duration())),
        }
    }

    #[cfg(target_os = "linux")]
    fn thread_time(&self) -> Duration {
        let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let (seconds, nanos) = (u64::try_from(t.tv_sec), u32::try_from(t.tv_nsec));
        Duration::new(seconds.unwrap_or(0), nanos.unwrap_or(0))
    }
}

/// Time since the machine was started, the time it was suspended included: after a suspend, an old
/// picture must be old.
#[cfg(target_os = "linux")]
fn since_boot_us() -> i64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    t.tv_sec.saturating_mul(1_000_000).saturating_add(t.tv_nsec / 1000)
}

/// Processor time that this process has used since its start, all threads together.
#[cfg(target_os = "linux")]
pub fn processor_time() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (s, ns) = (u64::try_from(t.tv_sec).unwrap_or(0), u64::try_from(t.tv_nsec).unwrap_or(0));
    Duration::from_secs(s) + Duration::from_nanos(ns)
}

/// Elsewhere the standard library's clock, which counts suspended time on Windows and not on macOS.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "the one place that asks")]
fn since_boot_us() -> i64 {
    use std::time::Instant;
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    micros(Instant::now().saturating_duration_since(*ORIGIN.get_or_init(Instant::now)))
}

/// A clock that stands still until told to move, for tests.
#[derive(Debug, Default)]
pub struct FakeClock {
    now: Mutex<(Mono, WallTime)>,
}

impl FakeClock {
    /// A clock that shows `wall`, with its monotonic side at the origin.
    pub fn at(wall: WallTime) -> Self {
        Self { now: Mutex::new((Mono::default(), wall)) }
    }

    /// Moves both sides forward by `d`.
    pub fn advance(&self, d: Duration) {
        let mut now = lock(&self.now);
        now.0 = now.0 + d;
        now.1 = WallTime(now.1.0 + micros(d));
    }
}

impl Clock for FakeClock {
    fn mono(&self) -> Mono {
        lock(&self.now).0
    }
    fn wall(&self) -> WallTime {
        lock(&self.now).1
    }
}

/// Locks `m` even if a thread panicked while holding it: the values behind this program's locks
/// are replaced whole, so a panic leaves nothing half-written, and one bad feed must not take the
/// others with it.
pub fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads behind `l`, as [`lock`] does.
pub fn read<T>(l: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    l.read().unwrap_or_else(PoisonError::into_inner)
}

/// Writes behind `l`, as [`lock`] does.
pub fn write<T>(l: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    l.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_never_negative() {
        let (a, b) = (Mono::from_micros(5), Mono::from_micros(9));
        assert_eq!(b.since(a), Duration::from_micros(4));
        assert_eq!(a.since(b), Duration::ZERO);
    }

    #[test]
    fn the_fake_clock_moves_both_sides_together() {
        let c = FakeClock::at(WallTime::from_micros(1_000_000));
        c.advance(Duration::from_millis(1500));
        assert_eq!(c.mono().as_micros(), 1_500_000);
        assert_eq!(c.wall().to_string(), "1970-01-01T00:00:02.500000Z");
    }

    #[test]
    fn the_system_clock_does_not_go_back() {
        let first = SystemClock.mono();
        assert!(SystemClock.mono() >= first);
        assert!(SystemClock.wall() > WallTime::from_micros(1_700_000_000_000_000));
    }
}
