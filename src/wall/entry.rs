//! Typing a number: `23` is a district, `57/12` a station.

use std::fmt;

use crate::model::{DistrictNo, StationId, StationNo};

/// Digits of a number: no list has more.
const MOST_DIGITS: usize = 5;

/// What has been typed so far. Never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    district: String,
    station: Option<String>,
}

/// Where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    District(DistrictNo),
    Station(StationId),
}

impl Entry {
    pub(super) fn with_digit(mut self, digit: u8) -> Self {
        let part = self.station.as_mut().unwrap_or(&mut self.district);
        if part.len() < MOST_DIGITS && digit < 10 {
            part.push(char::from(b'0' + digit));
        }
        self
    }

    pub(super) fn with_separator(mut self) -> Self {
        self.station.get_or_insert_default();
        self
    }

    /// Without its last character; `None` when nothing is left.
    pub(super) fn erased(mut self) -> Option<Self> {
        match &mut self.station {
            Some(station) => {
                if station.pop().is_none() {
                    self.station = None;
                }
            }
            None => {
                self.district.pop();
            }
        }
        (!self.district.is_empty()).then_some(self)
    }

    pub(super) fn target(&self) -> Target {
        // Five digits may exceed 65535: the highest number then names a district that no list has.
        let district = self.district.parse().unwrap_or(DistrictNo::MAX);
        match self.station.as_deref() {
            None | Some("") => Target::District(district),
            Some(station) => {
                let station = station.parse().unwrap_or(StationNo::MAX);
                Target::Station(StationId::new(district, station))
            }
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.district)?;
        match &self.station {
            Some(station) => write!(f, "/{station}"),
            None => Ok(()),
        }
    }
}
