//! What the page of coverage shows: the ledger of the whole country, made by a thread of its own, for
//! the screen may not wait for a disk, and only while somebody looks.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::app::ending::Ending;
use crate::app::ledger::gather::{self, Unread, Wanted};
use crate::app::ledger::usual_date;
use crate::clock::{Mono, WallTime, lock};
use crate::config::data::DataDir;
use crate::ingest::Waker;
use crate::model::day::ElectionDay;
use crate::record::ledger::{Country, Scope, StationLedger, Sums};
use crate::text::Text;
use crate::ui::{CoverageReport, DistrictCoverage, StationCoverage, StationGap};

/// While the page is open it is made anew this often.
const AGAIN_EVERY: Duration = Duration::from_secs(10);

/// So many gaps of a station are shown, the newest.
const GAPS_SHOWN: usize = 100;

struct Ask {
    day: Arc<ElectionDay>,
    now: WallTime,
}

/// The screen's side.
pub(super) struct CoveragePage {
    asks: Sender<Ask>,
    found: Arc<Mutex<Option<Arc<CoverageReport>>>>,
    ended: Receiver<Infallible>,
    asked: Option<Mono>,
}

impl CoveragePage {
    /// Waits for somebody to open the page. `waker` is called when there is something to show.
    pub(super) fn start(data: DataDir, waker: Waker) -> std::io::Result<Self> {
        let (asks, asked) = bounded::<Ask>(1);
        let (alive, ended) = bounded(0);
        let found = Arc::<Mutex<Option<Arc<CoverageReport>>>>::default();
        let to = Arc::clone(&found);
        std::thread::Builder::new().name("coverage page".into()).spawn(move || {
            let mut failing = false;
            for ask in &asked {
                let report = match read(&data, &ask) {
                    Ok(report) => {
                        failing = false;
                        report
                    }
                    Err(e) => {
                        if !std::mem::replace(&mut failing, true) {
                            log::warn!("the coverage of the day cannot be read: {e}");
                        }
                        // An older page is still true up to its time.
                        let before = lock(&to).as_deref().cloned().unwrap_or_default();
                        let explained = Arc::new(move |text: &Text| e.explain(text));
                        CoverageReport { trouble: Some(explained), ..before }
                    }
                };
                *lock(&to) = Some(Arc::new(report));
                waker();
            }
            drop::<Sender<Infallible>>(alive);
        })?;
        Ok(Self { asks, found, ended, asked: None })
    }

    /// Where the page is open, asks for it when it is time.
    pub(super) fn look(&mut self, now: Mono, wall: WallTime, day: &Arc<ElectionDay>, open: bool) {
        if !open {
            if self.asked.take().is_some() {
                // The next time it is read before it is shown.
                *lock(&self.found) = None;
            }
            return;
        }
        if self.asked.is_some_and(|asked| now.since(asked) < AGAIN_EVERY) {
            return;
        }
        // While an earlier one waits, this one is asked for at the next look.
        if self.asks.try_send(Ask { day: Arc::clone(day), now: wall }).is_ok() {
            self.asked = Some(now);
        }
    }

    /// What was found, while the page is open.
    pub(super) fn report(&self) -> Option<Arc<CoverageReport>> {
        self.asked?;
        lock(&self.found).clone()
    }

    /// Reads no more.
    pub(super) fn end(self) -> Ending {
        drop(self.asks);
        Ending::new("coverage page", "nothing is lost, it was being read", self.ended)
    }
}

fn read(data: &DataDir, ask: &Ask) -> Result<CoverageReport, Unread> {
    let date = usual_date(&ask.day, ask.now);
    let lists = gather::lists(data)?;
    let scope = Scope::Country;
    let wanted = Wanted { day: &ask.day, date, stage: None, scope, lists: &lists, now: ask.now };
    let gathered = gather::from_data(data, &wanted)?;
    Ok(CoverageReport { at: ask.now, date, ..report(&gathered.country) })
}

/// The worst first: by the share that is missing, then by how long, then by number.
fn report(country: &Country) -> CoverageReport {
    let mut districts: Vec<DistrictCoverage> = Vec::new();
    for ledger in &country.stations {
        let number = ledger.station.district;
        if districts.last().is_none_or(|last| last.number != number) {
            let (sums, stations) = (Sums::default(), Vec::new());
            districts.push(DistrictCoverage { number, sums, recording: 0, stations });
        }
        if let Some(district) = districts.last_mut() {
            district.sums.add(&ledger.sums);
            district.recording += usize::from(ledger.recording);
            district.stations.push(station(ledger));
        }
    }
    let worst = |sums: &Sums| {
        (sums.coverage().hundredths().unwrap_or(u32::MAX), std::cmp::Reverse(sums.gap_us))
    };
    for district in &mut districts {
        district.stations.sort_by_key(|station| (worst(&station.sums), station.station));
    }
    districts.sort_by_key(|district| (worst(&district.sums), district.number));
    let sums = country.sums();
    let recorded = sums.recorded_us > 0 || country.stations.iter().any(|one| one.recording);
    CoverageReport { sums, recorded, districts, ..CoverageReport::default() }
}

fn station(ledger: &StationLedger) -> StationCoverage {
    let gaps: Vec<_> =
        ledger.gaps().map(|gap| StationGap { span: gap.span, cause: gap.cause }).collect();
    StationCoverage {
        station: ledger.station,
        sums: ledger.sums,
        recording: ledger.recording,
        gaps: gaps.into_iter().rev().take(GAPS_SHOWN).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StationId;
    use crate::record::Cause;
    use crate::record::ledger::{Gap, Line, Span};

    const HOUR: i64 = 3_600_000_000;

    fn ledger(district: u16, number: u32, gaps: &[(i64, i64)]) -> StationLedger {
        let gap = |&(from_us, to_us): &(i64, i64)| {
            Line::Gap(Gap {
                span: Span::new(from_us, to_us),
                cause: Cause::CameraSilent,
                also: Vec::new(),
                evidence: Vec::new(),
                evidence_left_out: 0,
            })
        };
        let gap_us: i64 = gaps.iter().map(|(from, to)| to - from).sum();
        let recorded_us = HOUR - gap_us;
        let count = gaps.len() as u64;
        let sums = Sums { hours_us: HOUR, recorded_us, gap_us, gaps: count, ..Sums::default() };
        StationLedger {
            station: StationId::new(district, number),
            hours: Span::new(0, HOUR),
            until_us: HOUR,
            lines: gaps.iter().map(gap).collect(),
            sums,
            stages: Vec::new(),
            tracks: crate::record::ledger::Tracks::default(),
            clock: crate::record::ledger::ClockSeen::default(),
            recording: number != 2,
        }
    }

    #[test]
    fn the_worst_comes_first_and_of_a_station_the_newest_gap() {
        let country = Country {
            stations: vec![
                ledger(1, 1, &[]),
                ledger(1, 2, &[(0, 60_000_000)]),
                ledger(5, 1, &[(0, 60_000_000), (90_000_000, 190_000_000)]),
                ledger(9, 1, &[]),
                ledger(9, 3, &[]),
            ],
            clock_steps: Vec::new(),
        };
        let report = report(&country);
        let order: Vec<_> = report.districts.iter().map(|district| district.number).collect();
        assert_eq!(order, [5, 1, 9]);
        assert_eq!(report.recording(), (5, 4));
        let first = report.district(1).unwrap();
        let stations: Vec<_> = first.stations.iter().map(|one| one.station.station).collect();
        assert_eq!((stations, first.recording), (vec![2, 1], 1));
        assert_eq!(report.districts[0].stations[0].gaps[0].span.from_us, 90_000_000);
        assert!(report.recorded);
        assert_eq!(report.sums.gap_us, 220_000_000);
    }

    #[test]
    fn a_page_is_read_while_it_is_open_and_says_what_it_cannot_read() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().to_owned())).unwrap();
        std::fs::create_dir_all(data.footage_file().parent().unwrap()).unwrap();
        std::fs::write(data.footage_file(), "no catalogue").unwrap();
        let (woken, wakes) = crossbeam_channel::bounded(8);
        let waker: Waker = Arc::new(move || woken.try_send(()).unwrap_or_default());
        let mut page = CoveragePage::start(data.clone(), waker).unwrap();
        let at = WallTime::from_micros(1_707_291_727_000_000);
        let day = Arc::new(ElectionDay::unconfigured(jiff::tz::TimeZone::UTC, at));
        let turn = |page: &mut CoveragePage, second: i64, open| {
            page.look(Mono::from_micros(second * 1_000_000), at, &day, open);
        };
        turn(&mut page, 0, false);
        assert!(page.report().is_none(), "nobody looks");
        turn(&mut page, 1, true);
        wakes.recv_timeout(Duration::from_secs(60)).unwrap();
        let told = page.report().unwrap();
        let said = told.trouble.as_ref().unwrap()(&Text::of(crate::text::Lang::En));
        assert!(said.contains("footage.sqlite"), "{said}");
        std::fs::remove_file(data.footage_file()).unwrap();
        turn(&mut page, 2, true);
        turn(&mut page, 11, true);
        wakes.recv_timeout(Duration::from_secs(60)).unwrap();
        let told = page.report().unwrap();
        assert!(told.trouble.is_none() && !told.recorded, "nothing was recorded");
        assert_eq!(told.date, jiff::civil::date(2024, 2, 7));
        assert!(page.end().is_over(Duration::from_secs(60)));
    }
}
