//! All cameras are gone, and all come back: what is on screen first, nobody asked twice, and no
//! flood.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pollwall::clock::{Clock, Mono, SystemClock};
use pollwall::config::secrets::FeedSource;
use pollwall::health::State;
use pollwall::ingest::{BackoffLimits, Ingest, Limits};
use pollwall::model::{FeedId, FeedKind, StationId};

use super::setting;
use super::support::simulator::Simulator;
use super::support::until;

/// In CI: a tenth of the country, and a tenth of every wait; the bucket of fifty a second stays.
const STATIONS: u64 = 100;

/// In CI: every feed has failed so often before the cameras come back.
const FAILURES: u64 = 3;

/// As many as on a page of the wall.
const ON_SCREEN: usize = 9;

/// Promises of the long form.
const OPENS_PER_S: usize = 60;
const ALL_BACK: Duration = Duration::from_secs(45);
const MOST_BACK: Duration = Duration::from_secs(30);

fn limits(is_long: bool) -> Limits {
    let full = Limits::default();
    if is_long {
        return full;
    }
    let tenth = |wait: Duration| wait / 10;
    let backoff = BackoffLimits {
        first: tenth(full.backoff.first),
        most: tenth(full.backoff.most),
        shown: tenth(full.backoff.shown),
        ..full.backoff
    };
    Limits { backoff, ..full }
}

fn sources(simulator: &Simulator) -> Vec<FeedSource> {
    let list = fs::read_to_string(simulator.list()).unwrap();
    let urls = list.lines().filter_map(|line| line.split(',').find(|c| c.starts_with("rtsp://")));
    let numbered = urls.zip(1..).map(|(url, number)| FeedSource {
        id: FeedId { station: StationId::new(1, number), kind: FeedKind::Main },
        url: url.parse().unwrap(),
        shown_url: url.into(),
        login: None,
    });
    numbered.collect()
}

struct Rig {
    ingest: Ingest,
    feeds: Vec<FeedId>,
}

impl Rig {
    fn is_live(&self, id: FeedId) -> bool {
        let feed = self.ingest.feed(id).unwrap();
        feed.assess(SystemClock.mono(), self.ingest.pulse()).state == State::Live
    }

    /// Waits until all are live; gives when each of them was seen to be.
    fn all_live(&self) -> BTreeMap<FeedId, Mono> {
        let mut since = BTreeMap::new();
        // A country takes twenty seconds at fifty a second, and waits for up to thirty before.
        for part in [0.5, 0.75, 0.9, 1.0] {
            let wanted = (self.feeds.len() as f64 * part).ceil() as usize;
            until(&format!("{wanted} live feeds"), || {
                for id in &self.feeds {
                    if !since.contains_key(id) && self.is_live(*id) {
                        since.insert(*id, SystemClock.mono());
                    }
                }
                (since.len() >= wanted).then_some(())
            });
        }
        since
    }
}

/// The most events in any one second.
fn worst_second(times_ms: &[u64]) -> usize {
    let in_second =
        |from: u64| times_ms.iter().filter(|t| (from..from + 1000).contains(*t)).count();
    times_ms.iter().map(|from| in_second(*from)).max().unwrap_or(0)
}

#[test]
fn all_are_gone_and_all_come_back_what_is_on_screen_first() {
    let stations = setting("POLLWALL_COMEBACK_STATIONS").unwrap_or(STATIONS);
    let gone_for = setting("POLLWALL_COMEBACK_SECONDS").map(Duration::from_secs);
    let mut simulator = Simulator::start(&["--stations", &stations.to_string()], "");
    let sources = sources(&simulator);
    let feeds: Vec<FeedId> = sources.iter().map(|source| source.id).collect();
    assert_eq!(feeds.len() as u64, stations);
    // In the middle of the list, where the order of the list alone does not favour them.
    let middle = feeds.len() / 2;
    let shown: BTreeSet<FeedId> = feeds[middle..middle + ON_SCREEN].iter().copied().collect();
    let ingest = Ingest::start_showing(
        sources,
        shown.clone(),
        limits(gone_for.is_some()),
        Arc::new(SystemClock),
        Arc::new(|| {}),
    );
    let rig = Rig { ingest: ingest.unwrap(), feeds };
    rig.all_live();

    simulator.set_script("[[fault]]\nstations = ['*']\nkind = 'refuse'\n");
    let gone_at = SystemClock.mono();
    let losses =
        |id: &FeedId| rig.ingest.feed(*id).unwrap().counters.losses.load(Ordering::Relaxed);
    for times in 1..=FAILURES {
        until("every feed to have failed once more", || {
            rig.feeds.iter().all(|id| losses(id) >= times).then_some(())
        });
    }
    if let Some(span) = gone_for {
        until("the end of the outage", || {
            (SystemClock.mono().since(gone_at) >= span).then_some(())
        });
    }
    assert!(!rig.feeds.iter().any(|id| rig.is_live(*id)));
    let opens_before = simulator.opens().len();
    let back_from = SystemClock.mono();
    simulator.set_script("");
    let back = rig.all_live();

    let mut times: Vec<Duration> = back.values().map(|at| at.since(back_from)).collect();
    times.sort();
    let p99 = times[(times.len() * 99).div_ceil(100) - 1];
    let last = times[times.len() - 1];
    let last_shown = shown.iter().map(|id| back[id].since(back_from)).max().unwrap();
    let opens = until("every connection in the simulator's log", || {
        let new: Vec<u64> = simulator.opens()[opens_before..]
            .iter()
            .filter(|line| line["event"] == "open")
            .map(|line| line["t_ms"].as_u64().unwrap())
            .collect();
        (new.len() >= times.len()).then_some(new)
    });
    let worst = worst_second(&opens);
    let median = times[times.len() / 2];
    eprintln!(
        "{stations} stations, gone for {:.0} s: half are back after {median:.1?}, 99 % after \
         {p99:.1?}, all after {last:.1?}; what is on screen after {last_shown:.1?}; {worst} \
         connections in the worst second",
        back_from.since(gone_at).as_secs_f32()
    );
    // In time, and in order, on any machine.
    assert!(last_shown < times[times.len() * 3 / 4], "what is on screen did not come first");
    if gone_for.is_some() {
        assert_eq!(opens.len(), times.len(), "somebody was asked twice");
        assert!(worst <= OPENS_PER_S, "{worst}");
        assert!(p99 <= MOST_BACK && last <= ALL_BACK, "{p99:?} {last:?}");
        assert!(last_shown < median, "what is on screen did not come first");
    }
    assert_eq!(rig.ingest.stop(Duration::from_secs(2)), Vec::<String>::new());
}
