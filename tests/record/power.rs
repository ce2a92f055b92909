//! The power is cut at any moment: what a row speaks of is on the disk, and little is lost.

use std::time::Duration;

use crate::child::{Child, Everything, Said, Settings, mend};
use crate::disks::Disk;
use crate::rig::feed;

/// The longer run: so many cuts.
const CUTS: &str = "POLLWALL_CUTS";

/// So much may be lost of a feed: [issue 6, 2].
const LOST_AT_MOST_US: i64 = 5_000_000;

#[test]
fn a_power_cut_loses_five_seconds_at_most_and_no_row_lacks_its_data() {
    let cuts: usize = std::env::var(CUTS).map_or(2, |number| number.parse().unwrap());
    let Some(disk) = Disk::ext4() else { return };
    // As it is by default: made durable every three seconds.
    let settings = Settings { feeds: 8, span_ms: 2500, sync_ms: 3000, ..Settings::LONG };
    let mut random = fastrand::Rng::with_seed(12_057);
    let mut told = Vec::new();
    for _ in 0..cuts {
        let child = Child::start(disk.path(), settings, &[]);
        let mut said = Said::default();
        let long = Duration::from_millis(random.u64(3500..7000));
        child.hear(&mut said, long, |_| false);
        if disk.cut_power().is_none() {
            return;
        }
        // What it says after the cut it has offered after it.
        child.hear(&mut said.clone(), Duration::from_millis(50), |_| false);
        child.kill(&mut Said::default());
        disk.power_up();
        // Before anything is mended no row speaks of what is not there.
        rows_are_true(disk.path());
        told.push(said);
    }
    told.push(mend(disk.path()));
    let all = Everything::sound(disk.path());
    let mut worst = 0;
    for said in &told {
        for station in 1..=settings.feeds {
            worst = worst.max(all.lost_us(feed(station), said));
        }
    }
    let mended: Vec<_> = told.iter().filter_map(|said| said.recovered).collect();
    println!(
        "{cuts} cuts of {} feeds: at worst {} ms lost; {} segments; starts (ms, set aside, missing): \
         {mended:?}",
        settings.feeds,
        worst / 1000,
        all.segments.len()
    );
    assert!(worst <= LOST_AT_MOST_US, "{worst} µs lost");
    assert!(all.segments.len() > cuts * settings.feeds as usize);
    assert!(mended.iter().all(|(ms, _, missing)| *ms < 10_000 && *missing == 0));
}

fn rows_are_true(folder: &std::path::Path) {
    use pollwall::record::index::{Reader, check};
    let reader = Reader::open(&crate::child::catalogue(folder)).unwrap();
    let checked = check(&reader, true, &|_| {}).unwrap();
    let volume = crate::child::volume(folder);
    let of_rows = checked.findings.iter().filter(|finding| !is_unknown(finding));
    assert_eq!(of_rows.collect::<Vec<_>>(), Vec::<&pollwall::record::index::Finding>::new());
    for (_, opened) in reader.opened().unwrap() {
        let file = volume.join(opened.path.to_string());
        let (_, fragments) = crate::rig::walked(&file);
        assert!(!fragments.is_empty(), "{}: begun, and nothing in it", file.display());
    }
}

/// A file that no row speaks of yet: the next start tells it.
fn is_unknown(finding: &pollwall::record::index::Finding) -> bool {
    use pollwall::record::index::What;
    matches!(finding.what, What::Unlisted)
}
