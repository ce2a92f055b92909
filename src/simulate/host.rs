//! Where a station's camera is: a loopback address of its own, the same in every run.

use std::net::Ipv4Addr;

use super::chance;
use crate::model::StationId;

/// The second byte of the addresses of stations 1 to 255; higher numbers go on from there.
const BASE: u32 = 20;

/// The address of a station: 127.20.57.12 for 57/12. `None` for districts above 255 and station
/// numbers above some sixty thousand, which have no room there.
pub fn address(id: StationId) -> Option<Ipv4Addr> {
    let district = u8::try_from(id.district).ok()?;
    let block = u8::try_from(BASE + (id.station >> 8)).ok()?;
    // 127.255.255.255 is the broadcast address.
    (block < u8::MAX).then(|| Ipv4Addr::new(127, block, district, id.station as u8))
}

/// Which of `scenes` a station films: neighbours film different ones.
pub(super) fn scene(id: StationId, scenes: u8) -> u8 {
    let number = u64::from(id.district) * 5 + u64::from(id.station);
    (number % u64::from(scenes.max(1))) as u8
}

/// For how long a station has been filming at the beginning, in microseconds: different enough
/// that no two of a thousand send in step.
pub(super) fn phase_us(id: StationId) -> u64 {
    chance::hash(&[1, chance::number(id)]) % 60_000_000
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_station_has_an_address_of_its_own() {
        assert_eq!(address(StationId::new(57, 12)), Some(Ipv4Addr::new(127, 20, 57, 12)));
        assert_eq!(address(StationId::new(256, 1)), None);
        assert_eq!(address(StationId::new(1, 1_000_000)), None);
        let all: Vec<StationId> = (1..=119)
            .flat_map(|d| [1, 12, 255, 256, 300, 60_000].map(|s| StationId::new(d, s)))
            .collect();
        let found: BTreeSet<_> = all.iter().filter_map(|&id| address(id)).collect();
        assert_eq!(found.len(), all.len());
        assert!(found.iter().all(Ipv4Addr::is_loopback));
    }

    #[test]
    fn a_page_of_neighbours_shows_every_scene() {
        let scenes: BTreeSet<u8> = (1..=12).map(|s| scene(StationId::new(4, s), 12)).collect();
        assert_eq!(scenes.len(), 12);
    }

    #[test]
    fn the_phases_of_a_thousand_spread_over_a_frame() {
        // At 15 pictures a second, in steps of 10 ms: no step has more than thrice its share.
        let mut steps = [0; 7];
        for d in 1..=119 {
            for s in 1..=9 {
                let within = phase_us(StationId::new(d, s)) % 66_667;
                steps[usize::try_from(within / 10_000).unwrap()] += 1;
            }
        }
        assert!(steps.iter().all(|n| *n < 460), "{steps:?}");
        assert!(steps[..6].iter().all(|n| *n > 80), "{steps:?}");
    }
}
