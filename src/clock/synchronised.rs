//! Whether something keeps this machine's clock right.

use std::time::Duration;

/// What the system says of its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synchronised {
    /// A time service (chrony, systemd-timesyncd, ntpd, PTP) says that the clock is right.
    pub is_synchronised: bool,
    /// How wrong it may be by that service's estimate. Without a service it only grows.
    pub estimated_error: Duration,
    /// How wrong it can be at most.
    pub largest_error: Duration,
    /// What is still to be worked off, in microseconds: positive where the clock is behind. Services
    /// that set the clock by other means leave it at nought.
    pub offset_us: i64,
}

/// Asks the kernel, which every time service tells how it does. `None` where that cannot be known: on
/// another system, or where a sandbox forbids the question. It changes nothing and needs no right.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "no safe crate of ours asks adjtimex; see 0116")]
#[allow(clippy::useless_conversion, reason = "the system's numbers are shorter on some machines")]
pub fn synchronised() -> Option<Synchronised> {
    // SAFETY: `timex` is plain numbers, of which all zeroes is a valid value; `modes` of nought means
    // that nothing is to be set.
    let mut said: libc::timex = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a whole `timex` of ours, which the call fills and does not keep.
    let state = unsafe { libc::adjtimex(&raw mut said) };
    if state < 0 {
        return None;
    }
    let is_nanos = said.status & libc::STA_NANO != 0;
    // Of 32 bits on some systems, and of 64 on others.
    #[allow(clippy::useless_conversion, reason = "not everywhere")]
    let [offset, error, at_most] = [said.offset, said.esterror, said.maxerror].map(i64::from);
    read(state, said.status, offset, is_nanos, error, at_most)
}

/// Elsewhere nobody is asked.
#[cfg(not(target_os = "linux"))]
pub fn synchronised() -> Option<Synchronised> {
    None
}

#[cfg(target_os = "linux")]
fn read(
    state: i32,
    status: i32,
    offset: i64,
    is_nanos: bool,
    estimated_us: i64,
    largest_us: i64,
) -> Option<Synchronised> {
    let micros = |us: i64| u64::try_from(us).ok().map(Duration::from_micros);
    Some(Synchronised {
        is_synchronised: state != libc::TIME_ERROR && status & libc::STA_UNSYNC == 0,
        estimated_error: micros(estimated_us)?,
        largest_error: micros(largest_us)?,
        offset_us: if is_nanos { offset / 1000 } else { offset },
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_says_is_understood() {
        let right = read(0, libc::STA_NANO, -1_500_000, true, 250, 8_000).unwrap();
        assert!(right.is_synchronised);
        assert_eq!(right.offset_us, -1500);
        assert_eq!(right.estimated_error, Duration::from_micros(250));
        assert_eq!(right.largest_error, Duration::from_millis(8));
        assert_eq!(read(0, 0, 42, false, 0, 0).unwrap().offset_us, 42);
        let unsynchronised =
            read(libc::TIME_ERROR, libc::STA_UNSYNC, 0, false, 16_000_000, 16_000_000);
        assert!(!unsynchronised.unwrap().is_synchronised);
        // An inserted leap second is no error.
        assert!(read(libc::TIME_INS, 0, 0, false, 1, 1).unwrap().is_synchronised);
        assert_eq!(read(0, 0, 0, false, -1, 1), None, "what makes no sense is not known");
    }

    #[test]
    fn this_machine_answers_or_says_that_it_does_not_know() {
        if let Some(said) = synchronised() {
            assert!(said.estimated_error <= Duration::from_secs(3600), "{said:?}");
            assert!(said.offset_us.abs() < 3_600_000_000, "{said:?}");
        }
    }
}
