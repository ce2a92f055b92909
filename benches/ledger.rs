//! How long the ledger of the country takes: 1000 stations, twelve hours, 720,000 segments of a minute.
//!
//! From memory, against one pass over the same segments that only adds up their lengths; from the
//! catalogue on the disk; and from files alone, of which a part is really written, against opening
//! the same files and reading 4 KiB at each end, on as many threads.
//!
//! `cargo bench --bench ledger [FOLDER]`; the folder decides which disk is measured.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not a part of the program"
)]

use std::collections::HashSet;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use pollwall::clock::{Clock, SystemClock, WallTime};
use pollwall::media::mp4::{self, Arrival, Head, MediaClock, Tail};
use pollwall::media::{Codec, StreamParams};
use pollwall::model::day::{ElectionDay, StageTimes};
use pollwall::model::{FeedId, FeedKind, StationId};
use pollwall::record::index::{Index, Reader};
use pollwall::record::ledger::{
    Alive, Ask, Files, Hours, Journalled, LedgerSource, ListFrom, Look, Memory, Piece, Scope,
    SourceError, Span, country,
};
use pollwall::record::{Catalogue as _, Ended, Record, Segment, SegmentEnds, SegmentPath, Stamp};
use pollwall::replay::footage::Footage;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

const STATIONS: u32 = 1000;
const MINUTES: i64 = 720;
const ROUNDS: usize = 9;
const MINUTE_US: i64 = 60_000_000;
/// So many minutes of each station are really files.
const FILE_MINUTES: i64 = 24;
const RUN: &str = "00c0ffee00c0ffee";

fn feed(n: u32) -> FeedId {
    let station = StationId::new(1 + u16::try_from(n % 119).unwrap(), 1 + n);
    FeedId { station, kind: FeedKind::Main }
}

/// One segment in a hundred is missing.
fn there(n: u32, minute: i64) -> bool {
    (i64::from(n) * 7 + minute) % 100 != 0
}

fn segment(n: u32, minute: i64, opening: i64) -> Segment {
    let stamp = |us: i64| Stamp { utc_us: opening + us, mono_us: us };
    let first = stamp(minute * MINUTE_US);
    Segment {
        feed: feed(n),
        path: SegmentPath::new(feed(n), first.wall()),
        run: RUN.into(),
        first,
        last: stamp((minute + 1) * MINUTE_US - 66_000),
        first_pts: 0,
        last_pts: 5_394_060,
        frames: 900,
        bytes: 3_000_000,
        sha256: [u8::try_from(minute % 251).unwrap(); 32],
        breaks: Vec::new(),
        camera_clock_us: Some(1_234_567),
        clock_ahead_us: 0,
        clock_synchronised: Some(true),
        ended: Ended::Full,
    }
}

fn timed(what: &mut dyn FnMut()) -> Duration {
    let began = SystemClock.mono();
    what();
    SystemClock.mono().since(began)
}

fn median(mut what: impl FnMut()) -> f64 {
    let mut took: Vec<Duration> = (0..ROUNDS).map(|_| timed(&mut what)).collect();
    took.sort();
    took[took.len() / 2].as_secs_f64()
}

/// The country's ledger; how many gaps.
fn gaps(ask: &Ask<'_>, source: &dyn LedgerSource) -> u64 {
    let none = |_: &Look<'_>| Ok::<_, SourceError>(Journalled::default());
    country(ask, source, none).unwrap().sums().gaps
}

fn main() {
    let chosen = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let folder = match chosen {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .unwrap();
    let stages = [8, 9, 18, 19, 20].map(|hour| time(hour, 0, 0, 0));
    let day = ElectionDay {
        name: String::new(),
        date: date(2024, 2, 7),
        zone: TimeZone::UTC,
        stages: Some(StageTimes::new(stages).unwrap()),
        overrides: std::collections::BTreeMap::new(),
    };
    let opening = day.hours(None).unwrap().0.as_micros();
    let lists = [ListFrom {
        version: 1,
        from_us: 0,
        stations: (0..STATIONS).map(|n| feed(n).station).collect(),
    }];
    let ask = Ask {
        hours: Hours::new(&day, day.date),
        scope: Scope::Country,
        lists: &lists,
        now_us: opening + (MINUTES + 60) * MINUTE_US,
    };
    from_memory(&ask, opening);
    from_catalogue(&ask, opening, folder.path());
    from_files(&ask, opening, folder.path());
}

fn from_memory(ask: &Ask<'_>, opening: i64) {
    let mut memory = Memory::default();
    for n in 0..STATIONS {
        let pieces = (0..MINUTES).filter(|&minute| there(n, minute));
        let pieces = pieces.map(|minute| Piece::from(&segment(n, minute, opening))).collect();
        memory.segments.insert(feed(n), pieces);
    }
    let span = Span::new(opening - MINUTE_US, opening + (MINUTES + 1) * MINUTE_US);
    memory.alive.push(Alive { run: RUN.into(), span });
    let floor = median(|| {
        let all = memory.segments.values().flatten();
        black_box(all.map(|piece| piece.to_us - piece.from_us).sum::<i64>());
    });
    let mut found = 0;
    let ledger = median(|| found = gaps(ask, &memory));
    let segments: usize = memory.segments.values().map(Vec::len).sum();
    println!("{segments} segments of {STATIONS} stations, {found} gaps, median of {ROUNDS} rounds");
    println!("memory    {ledger:.4} s; one pass over the segments {floor:.4} s");
}

fn from_catalogue(ask: &Ask<'_>, opening: i64, folder: &Path) {
    let file = folder.join("footage.sqlite");
    let index = Index::open(&file, &SystemClock).unwrap().0;
    let mut volume = index.volume(Path::new("/srv/video"), RUN);
    for minute in 0..MINUTES {
        let stations = (0..STATIONS).filter(|&n| there(n, minute));
        let closed = stations.map(|n| Record::Closed(Box::new(segment(n, minute, opening))));
        let us = (minute + 1) * MINUTE_US;
        volume
            .commit(&closed.collect::<Vec<_>>(), Stamp { utc_us: opening + us, mono_us: us })
            .unwrap();
    }
    let reader = Reader::open(&file).unwrap();
    let mut found = 0;
    let whole = median(|| {
        found = reader.at_one_moment(|| Ok::<_, SourceError>(gaps(ask, &reader))).unwrap();
    });
    let all = (WallTime::from_micros(opening), WallTime::from_micros(ask.now_us));
    let rows = median(|| {
        let mut us = 0;
        let add = |span: pollwall::record::index::Span| us += span.to_utc_us - span.from_utc_us;
        reader.spans(all.0, all.1, add).unwrap();
        black_box(us);
    });
    println!("catalogue {whole:.4} s, {found} gaps; reading its rows alone {rows:.4} s");
    let span = Span::new(all.0.as_micros(), all.1.as_micros());
    let mut pieces = 0;
    let replay = |stations: u32, pieces: &mut usize| {
        let wanted: HashSet<FeedId> = (0..stations).map(feed).collect();
        let opened =
            || Footage::of_catalogue(&reader, span, |feed| wanted.contains(&feed)).unwrap();
        median(|| *pieces = opened().feeds.values().map(|pieces| pieces.len()).sum())
    };
    for stations in [16, STATIONS] {
        let opened = replay(stations, &mut pieces);
        println!("replay    {opened:.4} s to know the {pieces} files of {stations} stations");
    }
}

fn ends(file: &PathBuf) -> u64 {
    let mut file = File::open(file).unwrap();
    let mut buffer = [0; 4096];
    file.read_exact(&mut buffer).unwrap();
    let size = file.seek(SeekFrom::End(0)).unwrap();
    file.seek(SeekFrom::Start(size - 4096)).unwrap();
    file.read_exact(&mut buffer).unwrap();
    size
}

/// A segment's file with a head and a tail as the recorder writes them, and nothing that plays.
fn write(volume: &Path, params: &StreamParams, n: u32, minute: i64, opening: i64) -> PathBuf {
    let segment = segment(n, minute, opening);
    let arrival = |stamp: Stamp| Arrival { utc_us: stamp.utc_us, mono_us: stamp.mono_us };
    let head = Head {
        camera_clock_us: segment.camera_clock_us,
        clock_synchronised: segment.clock_synchronised,
        ..Head::new(segment.feed, RUN, arrival(segment.first))
    };
    let tail = Tail {
        form: 1,
        first: arrival(segment.first),
        last: arrival(segment.last),
        first_pts: segment.first_pts,
        last_pts: segment.last_pts,
        frames: segment.frames,
        fragments: 60,
        breaks: Vec::new(),
        ended: segment.ended.code().to_owned(),
        sha256_before: "0".repeat(64),
    };
    let mut bytes = mp4::begin(params, &head, &MediaClock::begin(&[0], 0), None);
    bytes.resize(bytes.len() + 16_384, 7);
    bytes.extend(tail.to_box());
    let file = volume.join(segment.path.to_string());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, bytes).unwrap();
    file
}

fn stream() -> StreamParams {
    let extra_data = vec![1, 0x64, 0, 0x1e, 0xff];
    StreamParams { codec: Codec::H264, extra_data, width: 640, height: 360, sample_aspect: None }
}

fn from_files(ask: &Ask<'_>, opening: i64, folder: &Path) {
    let volume = folder.join("volume");
    let params = stream();
    let mut files = Vec::new();
    for minute in 0..FILE_MINUTES {
        let stations = (0..STATIONS).filter(|&n| there(n, minute));
        files.extend(stations.map(|n| write(&volume, &params, n, minute, opening)));
    }
    files.sort();
    let floor = median(|| {
        black_box(files.par_iter().map(ends).sum::<u64>());
    });
    let within = Span::new(opening, ask.now_us);
    let (mut found, mut looked) = (0, 0);
    let whole = median(|| {
        let roots = std::slice::from_ref(&volume);
        let scanned = Files::scan(roots, within, Scope::Country, &SegmentEnds).unwrap();
        assert!(scanned.unreadable.is_empty(), "{:?}", scanned.unreadable.first());
        looked = scanned.looked_into;
        found = gaps(ask, &scanned);
    });
    assert_eq!(looked, files.len() as u64);
    println!(
        "files     {whole:.4} s for {looked} files, {found} gaps; opening them and reading both ends \
         {floor:.4} s: {:.2} times",
        whole / floor
    );
}
