//! What of the day is recorded, as plain data: districts and stations with their sums, worst first.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::clock::WallTime;
use crate::model::{DistrictNo, StationId};
use crate::record::Cause;
use crate::record::ledger::{Span, Sums};
use crate::text::Text;

/// Whether something keeps this machine's clock right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockKept {
    /// A time service does; or it is too early to say otherwise.
    #[default]
    Right,
    /// None does.
    NotRight,
    /// The system has not said for minutes.
    Unknown,
}

/// What went wrong, told in the language of whoever looks.
pub type Explained = Arc<dyn Fn(&Text) -> String + Send + Sync>;

/// A time without recorded pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StationGap {
    /// When.
    pub span: Span,
    /// Why.
    pub cause: Cause,
}

/// One station's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationCoverage {
    /// Which.
    pub station: StationId,
    /// Its hours so far.
    pub sums: Sums,
    /// It is being recorded.
    pub recording: bool,
    /// The newest of its gaps, the newest first.
    pub gaps: Vec<StationGap>,
}

/// One district's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistrictCoverage {
    /// Which.
    pub number: DistrictNo,
    /// The hours of all of its stations so far.
    pub sums: Sums,
    /// How many of its stations are being recorded.
    pub recording: usize,
    /// Its stations, worst first.
    pub stations: Vec<StationCoverage>,
}

/// The country's day.
#[derive(Clone, Default)]
pub struct CoverageReport {
    /// When it was asked for; zero until it was read for the first time.
    pub at: WallTime,
    /// Which day.
    pub date: Date,
    /// All of it.
    pub sums: Sums,
    /// Something of this day is recorded.
    pub recorded: bool,
    /// Worst first.
    pub districts: Vec<DistrictCoverage>,
    /// Why it could not be read again since.
    pub trouble: Option<Explained>,
}

impl CoverageReport {
    /// How many stations there are, and how many of them are being recorded.
    pub fn recording(&self) -> (usize, usize) {
        let stations = self.districts.iter().map(|district| district.stations.len()).sum();
        (stations, self.districts.iter().map(|district| district.recording).sum())
    }

    /// One district's day.
    pub fn district(&self, number: DistrictNo) -> Option<&DistrictCoverage> {
        self.districts.iter().find(|district| district.number == number)
    }
}

impl fmt::Debug for CoverageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoverageReport").field("at", &self.at).finish_non_exhaustive()
    }
}
