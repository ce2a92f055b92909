//! What is found is what was recorded.

use std::fs;

use super::*;
use crate::clock::FakeClock;
use crate::media::mp4::{Arrival, Head, MediaClock, Sample};
use crate::media::{Codec, StreamParams};
use crate::record::index::Index;
use crate::record::ledger::{LedgerSource as _, Scope};
use crate::record::{Catalogue as _, Ended, Opened, Record, Segment, SegmentPath, Stamp};

/// The morning of 7 February 2024.
const DAY: i64 = 1_707_289_200_000_000;
const MINUTE: i64 = 60_000_000;
const RUN: &str = "00c0ffee00c0ffee";

fn feed(station: u32, kind: FeedKind) -> FeedId {
    FeedId { station: StationId::new(23, station), kind }
}

fn stamp(us: i64) -> Stamp {
    Stamp { utc_us: DAY + us, mono_us: us }
}

fn segment(feed: FeedId, minute: i64) -> Segment {
    let first = stamp(minute * MINUTE);
    Segment {
        feed,
        path: SegmentPath::new(feed, first.wall()),
        run: RUN.into(),
        first,
        last: stamp((minute + 1) * MINUTE - 40_000),
        first_pts: 0,
        last_pts: 0,
        frames: 1500,
        bytes: 1,
        sha256: [1; 32],
        breaks: Vec::new(),
        camera_clock_us: None,
        clock_ahead_us: 0,
        clock_synchronised: None,
        ended: Ended::Full,
    }
}

/// Writes an unfinished file of one picture a fragment, with pictures at these times.
fn write_unfinished(volume: &Path, feed: FeedId, at_us: &[i64]) -> Opened {
    let params = StreamParams {
        codec: Codec::H264,
        extra_data: vec![1, 0x64, 0, 0x1e, 0xff],
        width: 640,
        height: 360,
        sample_aspect: None,
    };
    let arrival = |us: i64| Arrival { utc_us: DAY + us, mono_us: us };
    let mut clock = MediaClock::begin(&[0], 0);
    let mut bytes = mp4::begin(&params, &Head::new(feed, RUN, arrival(at_us[0])), &clock, None);
    for (n, us) in at_us.iter().enumerate() {
        let pts = (us - at_us[0]) * 9 / 100;
        let timed = clock.fragment(&[pts], None);
        let sample =
            Sample { size: 5, is_key: n == 0, after_loss: false, pts, arrival: arrival(*us) };
        let number = u32::try_from(n + 1).unwrap();
        bytes.extend(mp4::fragment(number, &[sample], &timed, None, 0));
        bytes.extend([7; 5]);
    }
    let first = stamp(at_us[0]);
    let path = SegmentPath::new(feed, first.wall());
    let file = volume.join(path.to_string());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
    Opened { path, run: RUN.into(), first }
}

#[test]
fn the_catalogue_tells_what_there_is_and_a_file_how_far_it_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let volume = folder.path().join("volume");
    let (main, sub) = (feed(4, FeedKind::Main), feed(4, FeedKind::Sub));
    let other = feed(9, FeedKind::Sub);
    let index = folder.path().join("footage.sqlite");
    {
        let clock = FakeClock::at(WallTime::from_micros(DAY));
        let index = Index::open(&index, &clock).unwrap().0;
        let begun = write_unfinished(&volume, main, &[3 * MINUTE, 3 * MINUTE + 1_500_000]);
        let closed = [(main, 0), (main, 1), (main, 2), (sub, 0), (other, 1)];
        let closed = closed.map(|(feed, minute)| Record::Closed(Box::new(segment(feed, minute))));
        let records: Vec<Record> = closed.into_iter().chain([Record::Opened(begun)]).collect();
        index.volume(&volume, RUN).commit(&records, stamp(4 * MINUTE)).unwrap();
    }
    let reader = Reader::open(&index).unwrap();
    let all = Span::new(DAY, DAY + 10 * MINUTE);
    let mut footage = Footage::of_catalogue(&reader, all, |_| true).unwrap();
    let stations: Vec<String> = footage.stations().map(|station| station.to_string()).collect();
    assert_eq!(stations, ["23/4", "23/9"]);
    assert_eq!(footage.feed_of(main.station), Some(main), "rather the large picture");
    assert_eq!(footage.feed_of(other.station), Some(other));
    assert_eq!(footage.feed_of(StationId::new(1, 1)), None);
    let pieces = footage.pieces(main);
    assert_eq!(pieces.len(), 4);
    let first = Piece {
        file: volume.join(segment(main, 0).path.to_string()),
        form: Form::Own,
        from_us: DAY,
        // The last picture stays for 40 ms as all do, and the next file's begins where it ends.
        to_us: DAY + MINUTE,
        breaks: Vec::new(),
        unfinished: false,
    };
    assert_eq!(pieces[0], first);
    let begun = pieces[3].clone();
    assert!(begun.unfinished && begun.to_us == begun.from_us);

    footage.follow(main).unwrap();
    let followed = &footage.pieces(main)[3];
    let lapse = Break { from_utc_us: begun.from_us, to_utc_us: begun.from_us + 1_500_000 };
    assert_eq!(followed.breaks, [lapse]);
    assert_eq!(followed.to_us, begun.from_us + 1_500_000 + 1_000_000, "no longer than a break");
    assert_eq!(footage.span(), Some(Span::new(DAY, followed.to_us)));

    // Another hour, another station.
    let second = Span::new(DAY + MINUTE + 1, DAY + MINUTE + 2);
    let part = Footage::of_catalogue(&reader, second, |feed| feed == main).unwrap();
    assert_eq!(part.pieces(main), &pieces_at(&footage, main, 1..2)[..]);
    assert_eq!(part.feeds.len(), 1);
    let none = Span::new(DAY - 2 * MINUTE, DAY - MINUTE);
    assert!(Footage::of_catalogue(&reader, none, |_| true).unwrap().feeds.is_empty());
}

fn pieces_at(footage: &Footage, feed: FeedId, at: std::ops::Range<usize>) -> Vec<Piece> {
    footage.pieces(feed)[at].to_vec()
}

#[test]
fn what_is_gone_is_said_and_the_rest_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let main = feed(4, FeedKind::Main);
    let begun = write_unfinished(folder.path(), main, &[0, 40_000, 80_000]);
    let piece = |file: PathBuf| Piece {
        file,
        form: Form::Own,
        from_us: DAY,
        to_us: DAY,
        breaks: Vec::new(),
        unfinished: true,
    };
    let there = piece(folder.path().join(begun.path.to_string()));
    let gone = piece(folder.path().join("gone.mp4"));
    let mut footage = Footage::default();
    footage.feeds.insert(main, vec![gone.clone(), there].into());
    assert!(matches!(footage.follow(main), Err(ReadError::Io(_))));
    assert_eq!(footage.pieces(main)[0], gone);
    assert_eq!(footage.pieces(main)[1].to_us, DAY + 120_000);
}

#[test]
fn the_ledger_can_be_made_of_it() {
    let main = feed(4, FeedKind::Main);
    let piece = |minute: i64| Piece {
        file: PathBuf::from(format!("{minute}.ts")),
        form: Form::Foreign,
        from_us: DAY + minute * MINUTE,
        to_us: DAY + (minute + 1) * MINUTE + 300_000,
        breaks: Vec::new(),
        unfinished: false,
    };
    let feeds = BTreeMap::from([(main, vec![piece(5), piece(1), piece(0)])]);
    let footage = Footage { feeds: ordered(feeds), ..Footage::default() };
    let ends: Vec<i64> = footage.pieces(main).iter().map(|piece| piece.to_us - DAY).collect();
    let expected = [MINUTE, 2 * MINUTE + 300_000, 6 * MINUTE + 300_000];
    assert_eq!(ends, expected, "a file ends where the next begins");
    let mut seen = Vec::new();
    let within = Span::new(DAY, DAY + 3 * MINUTE);
    let mut take = |feed, piece: &ledger::Piece| seen.push((feed, piece.from_us, piece.to_us));
    footage.to_memory().segments(within, Scope::Country, &mut take).unwrap();
    let recorded = [(0, MINUTE), (MINUTE, 2 * MINUTE + 300_000)];
    assert_eq!(seen, recorded.map(|(from, to)| (main, DAY + from, DAY + to)));
}
