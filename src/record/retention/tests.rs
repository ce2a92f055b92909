use std::sync::Arc;

use jiff::civil::{Date, date, time};
use jiff::tz::TimeZone;

use super::*;
use crate::clock::FakeClock;
use crate::journal::{RunConfig, RunInfo};
use crate::model::day::StageTimes;
use crate::model::{FeedId, FeedKind, StationId};
use crate::record::index::{Finding, What, check, fill_hashes, rebuild, sha256_of};
use crate::record::index::{Found, SegmentReader, Unread};
use crate::record::{Catalogue as _, Ended, Record, Segment, Stamp};
use crate::text::Lang;

mod property;

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;

fn feed(station: u32) -> FeedId {
    FeedId { station: StationId::new(57, station), kind: FeedKind::Main }
}

fn segment(feed: FeedId, from_us: i64, lasts_us: i64) -> Segment {
    let first = Stamp { utc_us: from_us, mono_us: 1 };
    Segment {
        feed,
        path: SegmentPath::new(feed, first.wall()),
        run: "run-1".into(),
        first,
        last: Stamp { utc_us: from_us + lasts_us, mono_us: 1 + lasts_us },
        first_pts: 0,
        last_pts: 90,
        frames: 2,
        bytes: 10,
        sha256: [7; 32],
        breaks: Vec::new(),
        camera_clock_us: None,
        clock_ahead_us: 0,
        clock_synchronised: None,
        ended: Ended::Full,
    }
}

fn kept(feed: FeedId, from_us: i64, lasts_us: i64) -> Kept {
    let segment = segment(feed, from_us, lasts_us);
    Kept { volume: "/v".into(), segment, is_hashed: true, place: 1, chain: Some([1; 32]) }
}

fn baku() -> TimeZone {
    TimeZone::get("Asia/Baku").unwrap()
}

/// The seventh of February 2024 in Baku, from seven to three in the night.
fn day() -> ElectionDay {
    let times = [7, 8, 19, 22, 3].map(|hour| time(hour, 0, 0, 0));
    ElectionDay {
        name: "Prezident seçkisi".into(),
        date: date(2024, 2, 7),
        zone: baku(),
        stages: Some(StageTimes::new(times).unwrap()),
        overrides: BTreeMap::new(),
    }
}

/// A moment on Baku's clocks.
fn at(date: Date, hour: i8, minute: i8) -> i64 {
    let zoned = date.at(hour, minute, 0, 0).to_zoned(baku()).unwrap();
    WallTime::from(zoned.timestamp()).as_micros()
}

fn rules(keep_days: Option<u32>, day: &ElectionDay, locks: &Locks, now_us: i64) -> Rules {
    Rules::new(keep_days, day, locks, WallTime::from_micros(now_us))
}

#[test]
fn only_old_whole_days_of_rehearsals_go_and_only_when_somebody_has_said_so() {
    let (day, none) = (day(), Locks::default());
    let now = at(date(2024, 3, 1), 12, 0);
    let why = |kept: &Kept| rules(Some(7), &day, &none, now).spares(kept);
    let on = |day: Date, hour, minute| kept(feed(12), at(day, hour, minute), MINUTE_US);
    let rehearsal = on(date(2024, 1, 20), 12, 0);
    assert_eq!(why(&rehearsal), None);
    assert_eq!(rules(None, &day, &none, now).spares(&rehearsal), Some(Spared::NotAsked));
    let any = ElectionDay::unconfigured(baku(), WallTime::from_micros(now));
    assert_eq!(rules(Some(7), &any, &none, now).spares(&rehearsal), Some(Spared::NoElectionDay));

    let election = Some(Spared::ElectionDay);
    assert_eq!(why(&on(date(2024, 2, 7), 0, 0)), election, "from midnight on");
    assert_eq!(why(&on(date(2024, 2, 7), 23, 59)), election);
    assert_eq!(why(&on(date(2024, 2, 6), 23, 59)), election, "it reaches into it");
    assert_eq!(why(&on(date(2024, 2, 6), 23, 50)), None);
    assert_eq!(why(&on(date(2024, 2, 8), 2, 0)), election, "the count");
    assert_eq!(why(&on(date(2024, 2, 8), 20, 0)), election, "the rest of that day");
    assert_eq!(why(&on(date(2024, 2, 9), 0, 1)), None);
    let mut late = day.clone();
    let times = [7, 8, 19, 22, 23].map(|hour| time(hour, 0, 0, 0));
    late.stages = Some(StageTimes::new(times).unwrap());
    let second = on(date(2024, 2, 8), 2, 0);
    assert_eq!(rules(Some(7), &late, &none, now).spares(&second), None);
    let own = [7, 8, 19, 22, 1].map(|hour| time(hour, 0, 0, 0));
    late.overrides.insert(StationId::new(1, 1), StageTimes::new(own).unwrap());
    let spared = rules(Some(7), &late, &none, now).spares(&second);
    assert_eq!(spared, election, "one station counts longer: the day is that of all");

    assert_eq!(
        why(&on(date(2024, 2, 23), 12, 0)),
        Some(Spared::Young),
        "over for six and a half days"
    );
    assert_eq!(why(&on(date(2024, 2, 22), 23, 58)), None);
    assert_eq!(why(&on(date(2024, 2, 22), 23, 59)), Some(Spared::Young), "it ends the day after");
    let unhashed = Kept { is_hashed: false, ..rehearsal.clone() };
    let unchained = Kept { chain: None, ..rehearsal.clone() };
    assert_eq!((why(&unhashed), why(&unchained)), (Some(Spared::Unsealed), Some(Spared::Unsealed)));
    let mut rules = rules(Some(7), &day, &none, now);
    rules.quarantined.insert(rehearsal.segment.path.clone());
    assert_eq!(rules.spares(&rehearsal), Some(Spared::Quarantined));
    rules.quarantined.clear();
    rules.deleted.insert(rehearsal.segment.path.clone(), 3);
    assert_eq!(rules.spares(&rehearsal), Some(Spared::Deleted));
    // A row that lies about its end, or a name that lies about its beginning.
    let mut odd = rehearsal;
    odd.segment.last.utc_us = at(date(2024, 2, 7), 12, 0);
    assert_eq!(why(&odd), election);
    let mut odd = on(date(2024, 1, 20), 12, 0);
    odd.segment.path = on(date(2024, 2, 7), 12, 0).segment.path;
    assert_eq!(why(&odd), election);
}

/// A data folder with recordings: of a rehearsal on 20 January and of the election day.
struct Rig {
    _dir: tempfile::TempDir,
    data: DataDir,
    clock: Arc<FakeClock>,
    index: Index,
    journal: Journal,
}

const REHEARSAL: Date = date(2024, 1, 20);

impl Rig {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().join("data"))).unwrap();
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(at(date(2024, 3, 1), 12, 0))));
        let index = Index::open(&data.footage_file(), &*clock).unwrap().0;
        let journal = open(&data, &clock);
        let rig = Self { _dir: dir, data, clock, index, journal };
        for (day, hour) in [(REHEARSAL, 10), (REHEARSAL, 11), (date(2024, 2, 7), 10)] {
            for station in [12, 13] {
                rig.record(station, at(day, hour, 0));
            }
        }
        rig
    }

    fn record(&self, station: u32, from_us: i64) -> PathBuf {
        let volume = self.data.recordings();
        let mut segment = segment(feed(station), from_us, MINUTE_US);
        let file = volume.join(segment.path.to_string());
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, format!("{}", segment.path)).unwrap();
        segment.bytes = fs::metadata(&file).unwrap().len();
        segment.sha256 = sha256_of(&file).unwrap();
        let alive = Stamp { utc_us: from_us + HOUR_US, mono_us: 0 };
        let closed = [Record::Closed(Box::new(segment))];
        self.index.volume(&volume, "run-1").commit(&closed, alive).unwrap();
        file
    }

    fn keeper<T>(&self, with: impl FnOnce(Keeper<'_>) -> T) -> T {
        with(Keeper {
            data: &self.data,
            index: &self.index,
            journal: &self.journal,
            clock: &*self.clock,
            synchronised: None,
        })
    }

    fn run(&self) -> Deleted {
        let config = RecordConfig { keep_days: Some(7), ..RecordConfig::default() };
        self.keeper(|keeper| keeper.run_once(&day(), &config)).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = Vec::new();
        self.reader()
            .each(|kept| {
                if kept.file().exists() {
                    files.push(kept.segment.path.to_string());
                }
            })
            .unwrap();
        files.sort();
        files
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.data.footage_file()).unwrap()
    }

    fn findings(&self) -> Vec<Finding> {
        check(&self.reader(), true, &|_| {}).unwrap().findings
    }

    fn told(&self, kinds: &[Kind]) -> Vec<Event> {
        let filter = Filter { kinds: kinds.to_vec(), ..Filter::default() };
        let mut told = Vec::new();
        let reader = read::Reader::open(&self.data.journal_file()).unwrap();
        reader
            .each(&filter, |row| {
                told.push(row.event().unwrap());
                Ok::<_, JournalError>(())
            })
            .unwrap();
        told
    }

    fn locks(&self) -> LockFile {
        LockFile::new(self.data.locks_file())
    }

    /// Locks what a station has of the rehearsal's ten o'clock.
    fn lock(&self, station: u32) -> Lock {
        let [from, to] = [at(REHEARSAL, 10, 0), at(REHEARSAL, 10, 30)].map(WallTime::from_micros);
        let station = Some(StationId::new(57, station));
        let (reason, who) = ("complaint 7".into(), "Leyla".into());
        self.locks().lock(&Wanted { station, from, to, reason, who }, self.clock.wall()).unwrap()
    }
}

fn open(data: &DataDir, clock: &Arc<FakeClock>) -> Journal {
    let run = RunInfo::this_process("record", RunConfig::default());
    let clock: Arc<dyn Clock> = clock.clone();
    Journal::open(&data.journal_file(), clock, run, Arc::new(|| {})).unwrap()
}

#[test]
fn a_rehearsal_is_deleted_the_rows_and_the_chain_stay_and_the_journal_bears_it_out() {
    let rig = Rig::new();
    let before = rig.files();
    let nothing = rig.keeper(|keeper| keeper.run_once(&day(), &RecordConfig::default())).unwrap();
    assert_eq!((nothing, rig.files()), (Deleted::default(), before.clone()), "nobody has said so");
    let links = rig.reader().links().unwrap();
    let locked = rig.lock(13);
    let done = rig.run();
    assert_eq!((done.numbers.clone(), done.segments), (vec![1], 3));
    let left = rig.files();
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!(left.iter().filter(|file| file.contains("20240207")).count(), 2, "{left:?}");
    let is_locked = |file: &&String| file.contains("57/13/20240120T0600");
    assert_eq!(left.iter().filter(is_locked).count(), 1, "{left:?}");

    let told = rig.told(&[Kind::FootageDeleted]);
    let deletions = rig.reader().deletions().unwrap();
    let [Event::FootageDeleted { deletion, day, keep_days, stations, segments, bytes, digest }] =
        &told[..]
    else {
        panic!("{told:?}")
    };
    assert_eq!((*deletion, day.as_str(), *keep_days, *segments), (1, "2024-01-20", 7, 3));
    assert_eq!(stations, &["57/12", "57/13"]);
    assert_eq!(done.bytes, [(rig.data.recordings(), *bytes)].into());
    let one = &deletions[0];
    assert_eq!((hex(&one.digest), one.segments, one.bytes), (digest.clone(), 3, *bytes));
    assert!(one.is_done && one.day == "2024-01-20" && deletions.len() == 1);
    // The chains are the same, and no finding comes of it.
    assert_eq!((rig.reader().links().unwrap(), rig.findings()), (links.clone(), vec![]));
    let checked = check(&rig.reader(), true, &|_| {}).unwrap();
    assert_eq!((checked.segments, checked.hashed, checked.deletions), (3, 3, deletions));
    let folder = rig.data.recordings().join("2024-01-20/57/12");
    assert!(!folder.exists() && rig.data.recordings().join("2024-01-20/57/13").exists());

    // The second time there is nothing to do; when the lock is taken away, there is.
    assert_eq!(rig.run(), Deleted::default());
    rig.locks().unlock(locked.number, "answered", "Leyla", rig.clock.wall()).unwrap();
    assert_eq!((rig.run().numbers, rig.files().len()), (vec![2], 2));
    assert!(!rig.data.recordings().join("2024-01-20").exists());
    assert_eq!((rig.reader().links().unwrap(), rig.findings()), (links, vec![]));
}

/// Reads what [`Rig::record`] has written: the path alone.
struct Paths;

impl SegmentReader for Paths {
    fn facts(&self, file: &Path, path: &SegmentPath) -> Result<Found, Unread> {
        let bytes = fs::metadata(file)?.len();
        let segment = segment(path.feed(), path.first().as_micros(), MINUTE_US);
        Ok(Found::Closed(Box::new(Segment { bytes, sha256: [0; 32], ..segment })))
    }
}

#[test]
fn the_catalogue_made_again_knows_what_was_deleted_and_its_chains_are_the_same() {
    let rig = Rig::new();
    rig.lock(13);
    rig.run();
    let (links, deletions) = (rig.reader().links().unwrap(), rig.reader().deletions().unwrap());
    let Rig { _dir: dir, data, clock, index, journal } = rig;
    drop(index);
    let volumes = [data.recordings()];
    let made = rebuild(&data.footage_file(), &volumes, &Paths, &*clock, &|_| {}).unwrap();
    assert_eq!((made.segments, made.unhashed, made.missing.len()), (6, 0, 0), "{made:?}");
    assert_eq!(fill_hashes(&data.footage_file(), &|_| {}).unwrap().0, 0);
    let index = Index::open(&data.footage_file(), &*clock).unwrap().0;
    let rig = Rig { _dir: dir, data, clock, index, journal };
    assert_eq!(rig.reader().links().unwrap(), links);
    assert_eq!((rig.reader().deletions().unwrap(), rig.findings()), (deletions, vec![]));
    // The locks are there, for they never were in it.
    assert_eq!((rig.run(), rig.files().len()), (Deleted::default(), 3));
}

#[test]
fn what_is_missing_damaged_or_set_aside_is_not_tidied_away() {
    let rig = Rig::new();
    let file = |station, hour| {
        let path = SegmentPath::new(feed(station), WallTime::from_micros(at(REHEARSAL, hour, 0)));
        (rig.data.recordings().join(path.to_string()), path)
    };
    fs::remove_file(file(12, 10).0).unwrap();
    fs::write(file(12, 11).0, "longer than it was, by whatever was done to it by whomever")
        .unwrap();
    let (aside, path) = file(13, 10);
    quarantine::set_aside(&rig.data.recordings(), &path, "it is torn").unwrap();
    // Somebody has put another in its place.
    fs::write(&aside, path.to_string()).unwrap();
    let done = rig.run();
    assert_eq!((done.segments, rig.files().len()), (1, 4), "13 at eleven alone");
    let what: Vec<_> = rig.findings().into_iter().map(|finding| finding.what).collect();
    let kinds: Vec<_> = what.iter().map(What::code).collect();
    assert_eq!(kinds, ["missing", "size", "quarantined"], "{what:?}");
    assert!(what.contains(&What::Quarantined("it is torn".into())), "{what:?}");
    // And the journal has it, once.
    rig.run();
    let told = rig.told(&[Kind::FootageQuarantined]);
    let [Event::FootageQuarantined { file, was, why }] = &told[..] else { panic!("{told:?}") };
    assert!(file.ends_with(was.as_str()) && file.contains("quarantine"), "{told:?}");
    assert_eq!((was, why.as_str()), (&path.to_string(), "it is torn"));
}

#[test]
fn locks_and_the_election_day_are_put_down_once_by_whoever_owns_the_journal() {
    let rig = Rig::new();
    let kinds = [Kind::FootageLocked, Kind::FootageUnlocked];
    assert_eq!(rig.keeper(|keeper| keeper.put_down(&day())).unwrap(), 1);
    let lock = rig.lock(12);
    rig.locks().unlock(lock.number, "answered", "Leyla", rig.clock.wall()).unwrap();
    assert_eq!(rig.keeper(|keeper| keeper.put_down(&day())).unwrap(), 2);
    assert_eq!(rig.keeper(|keeper| keeper.put_down(&day())).unwrap(), 0);
    let told = rig.told(&kinds);
    assert_eq!(
        told,
        rig.locks()
            .read()
            .unwrap()
            .acts
            .iter()
            .map(crate::record::locks::Act::event)
            .collect::<Vec<_>>()
    );
    let Event::FootageLocked { of: None, from_utc_us, to_utc_us, reason, .. } = &told[0] else {
        panic!("{told:?}")
    };
    let whole = (at(date(2024, 2, 7), 0, 0), at(date(2024, 2, 9), 0, 0));
    assert_eq!(((*from_utc_us, *to_utc_us), reason.as_str()), (whole, "Prezident seçkisi"));

    // Another election is configured: the first one stays, without anybody having thought of it.
    let mut next = day();
    next.date = date(2025, 9, 7);
    rig.clock.advance(Duration::from_secs(500 * 24 * 3600));
    let config = RecordConfig { keep_days: Some(7), ..RecordConfig::default() };
    let done = rig.keeper(|keeper| keeper.run_once(&next, &config)).unwrap();
    assert_eq!((done.segments, rig.files().len()), (4, 2));
    // Who takes the file of locks away has nothing deleted.
    fs::remove_file(rig.locks().path()).unwrap();
    let error = rig.keeper(|keeper| keeper.run_once(&next, &config)).unwrap_err();
    assert!(matches!(error, RetentionError::Locks(LockError::Shortened { .. })), "{error}");
    assert_eq!(rig.files().len(), 2);
}

#[test]
fn nothing_goes_without_the_journal_or_with_a_clock_that_is_not_right() {
    let rig = Rig::new();
    let config = RecordConfig { keep_days: Some(7), ..RecordConfig::default() };
    let refused = rig
        .keeper(|keeper| Keeper { synchronised: Some(false), ..keeper }.run_once(&day(), &config));
    let mut errors = vec![refused.unwrap_err()];
    assert!(rig.journal.clone().close(Duration::from_secs(60)));
    errors.push(rig.keeper(|keeper| keeper.run_once(&day(), &config)).unwrap_err());
    assert!(matches!(errors[0], RetentionError::Clock), "{errors:?}");
    assert!(matches!(errors[1], RetentionError::NotKept(NotKept::Closed)), "{errors:?}");
    assert_eq!((rig.files().len(), rig.reader().deletions().unwrap()), (6, vec![]));
    for error in errors {
        let said = Lang::ALL.map(|lang| error.explain(&Text::of(lang)));
        assert!(said[0] != said[1] && said[1] != said[2] && error.is_retryable(), "{said:?}");
    }
}

#[test]
fn what_was_begun_before_a_kill_is_ended_but_for_what_was_locked_since() {
    let rig = Rig::new();
    let mut paths = Vec::new();
    rig.reader().each(|kept| paths.push(kept.segment.path)).unwrap();
    let january: Vec<_> =
        paths.into_iter().filter(|path| path.to_string().contains("202401")).collect();
    assert_eq!(january.len(), 4);
    // As far as the catalogue, and no further.
    rig.index.delete(5, "2024-01-20", rig.clock.wall(), &january).unwrap();
    assert_eq!(rig.findings(), [], "files that are about to go are no finding");
    rig.lock(12);
    assert_eq!((rig.run(), rig.files().len()), (Deleted::default(), 3));
    assert!(rig.reader().deletions().unwrap()[0].is_done);
    // The next number is one that neither the journal nor the catalogue has used.
    rig.record(14, at(REHEARSAL, 10, 0));
    assert_eq!(rig.run().numbers, [6]);
}
