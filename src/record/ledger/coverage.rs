//! Sums of a ledger, and what share of the hours is covered.

use std::fmt;

use crate::record::cause::Cause;

/// Recorded time, short breaks and gaps of some hours; of one station or of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// The hours as far as they have passed and are accounted for. Always what the next three add
    /// up to.
    pub hours_us: i64,
    /// With recorded pictures.
    pub recorded_us: i64,
    /// In short breaks.
    pub short_us: i64,
    /// In gaps.
    pub gap_us: i64,
    /// How many gaps are listed.
    pub gaps: u64,
    /// How many short breaks there are.
    pub short_breaks: u64,
    /// The longest time without a picture, whatever causes it is divided by.
    pub longest_gap_us: i64,
    /// The time in gaps by their causes, in the order of [`Cause::ALL`].
    pub by_cause_us: [i64; Cause::ALL.len()],
}

impl Sums {
    /// Adds another station's, or another stage's.
    pub fn add(&mut self, other: &Self) {
        self.hours_us += other.hours_us;
        self.recorded_us += other.recorded_us;
        self.short_us += other.short_us;
        self.gap_us += other.gap_us;
        self.gaps += other.gaps;
        self.short_breaks += other.short_breaks;
        self.longest_gap_us = self.longest_gap_us.max(other.longest_gap_us);
        for (sum, by) in self.by_cause_us.iter_mut().zip(other.by_cause_us) {
            *sum += by;
        }
    }

    /// The time in gaps of this cause.
    pub const fn by_cause(&self, cause: Cause) -> i64 {
        self.by_cause_us[cause as usize]
    }

    /// What share of the hours is covered.
    pub const fn coverage(&self) -> Coverage {
        Coverage { covered_us: self.hours_us - self.gap_us, hours_us: self.hours_us }
    }
}

/// The hours less the gaps, of the hours: short breaks count as covered, and are told beside it with
/// their number and sum (0115). Both numbers are kept, for a ratio alone hides what it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The hours less the gaps.
    pub covered_us: i64,
    /// The hours.
    pub hours_us: i64,
}

impl Coverage {
    /// In hundredths of a per cent, rounded down: 10000 is said only where there is no gap at all.
    /// `None` while no part of the hours has passed.
    pub fn hundredths(self) -> Option<u32> {
        let share = i128::from(self.covered_us) * 10_000;
        let whole = i128::from(self.hours_us);
        (whole > 0).then(|| u32::try_from(share.div_euclid(whole)).unwrap_or(0))
    }
}

impl fmt::Display for Coverage {
    /// `100`, `99.98`, or nothing while no part of the hours has passed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hundredths() {
            Some(10_000) => write!(f, "100"),
            Some(share) => write!(f, "{}.{:02}", share / 100, share % 100),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_microsecond_of_a_gap_is_no_whole_day() {
        let said = |gap_us| {
            let hours_us = 14 * 3_600_000_000;
            Sums { hours_us, gap_us, ..Sums::default() }.coverage().to_string()
        };
        assert_eq!(said(0), "100");
        assert_eq!(said(1), "99.99");
        assert_eq!(said(3_600_000_000), "92.85", "92.857 rounded down");
        assert_eq!(said(14 * 3_600_000_000 - 1), "0.00");
        assert_eq!(said(14 * 3_600_000_000), "0.00");
        assert_eq!(Sums::default().coverage().hundredths(), None);
    }

    #[test]
    fn causes_are_summed_by_their_place() {
        for (at, cause) in Cause::ALL.into_iter().enumerate() {
            assert_eq!(cause as usize, at);
        }
    }
}
