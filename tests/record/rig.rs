//! A recorder to be tried, and how its files are looked at.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pollwall::clock::{Clock, Mono, WallTime, lock};
use pollwall::media::mp4::{self, Ending, Fragment, Walked};
use pollwall::media::{AccessUnit, Codec, StreamParams};
use pollwall::model::{FeedId, FeedKind, StationId};
use pollwall::record::{
    Catalogue, CatalogueError, Incident, Record, Recorder, RecorderLimits, Recording, Segment,
    SegmentPath, Stamp, Volume,
};
use sha2::{Digest, Sha256};

use crate::support::clip::Clip;

/// Longer than any machine takes; only a test that fails waits for it.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) fn feed(station: u32) -> FeedId {
    FeedId { station: StationId::new(57, station), kind: FeedKind::Main }
}

/// A catalogue in memory, with one or more hands on it.
#[derive(Clone, Default)]
pub(crate) struct Lines {
    lines: Arc<Mutex<Vec<(Record, Stamp)>>>,
    pub(crate) full: Arc<AtomicBool>,
}

impl Catalogue for Lines {
    fn commit(&mut self, records: &[Record], alive: Stamp) -> Result<(), CatalogueError> {
        if self.full.load(Ordering::Acquire) {
            return Err(CatalogueError { reason: "it was asked to be full".into(), is_full: true });
        }
        lock(&self.lines).extend(records.iter().map(|record| (record.clone(), alive)));
        Ok(())
    }
}

impl Lines {
    pub(crate) fn all(&self) -> Vec<Record> {
        lock(&self.lines).iter().map(|(record, _)| record.clone()).collect()
    }

    pub(crate) fn closed(&self) -> Vec<Segment> {
        closed(&self.all())
    }

    pub(crate) fn incidents(&self) -> Vec<Incident> {
        let of = |record| match record {
            Record::Incident(incident) => Some(incident),
            _ => None,
        };
        self.all().into_iter().filter_map(of).collect()
    }
}

pub(crate) fn closed(records: &[Record]) -> Vec<Segment> {
    let of = |record: &Record| match record {
        Record::Closed(segment) => Some((**segment).clone()),
        _ => None,
    };
    records.iter().filter_map(of).collect()
}

/// A recorder with one volume.
pub(crate) struct Rig {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) lines: Lines,
    pub(crate) folder: PathBuf,
}

/// Small enough for small disks.
pub(crate) fn limits() -> RecorderLimits {
    RecorderLimits { reserve: 256 << 10, ..RecorderLimits::default() }
}

impl Rig {
    pub(crate) fn start(folder: &Path, clock: Arc<dyn Clock>, limits: RecorderLimits) -> Self {
        let lines = Lines::default();
        let recorder = recorder(folder, Box::new(lines.clone()), Vec::new(), clock, limits);
        Self { recorder: Arc::new(recorder), lines, folder: folder.to_owned() }
    }

    /// Ends it; everything is written then.
    pub(crate) fn stop(self) -> (Lines, PathBuf) {
        assert_eq!(self.recorder.stop(LONG), Vec::<String>::new(), "all threads end");
        (self.lines, self.folder)
    }
}

pub(crate) fn recorder(
    folder: &Path,
    catalogue: Box<dyn Catalogue>,
    records: Vec<Record>,
    clock: Arc<dyn Clock>,
    limits: RecorderLimits,
) -> Recorder {
    let volume = Volume { folder: folder.to_owned(), catalogue, records };
    let recording = Recording { run: "run-1".into(), not_before: None, limits };
    Recorder::start(vec![volume], &recording, clock).unwrap()
}

/// A camera whose pictures come as one asks for them.
pub(crate) struct Camera {
    pub(crate) feed: FeedId,
    pub(crate) params: Arc<StreamParams>,
    clip: Arc<Vec<AccessUnit>>,
    next: usize,
    /// Ticks of its clock in one round of the clip.
    round: i64,
    pub(crate) pts: i64,
}

/// Pictures of the clip, over and over.
pub(crate) fn clip(codec: Codec) -> Arc<Vec<AccessUnit>> {
    let clip = Clip::new(codec, 160, 96, 4);
    Arc::new(clip.units(&Arc::new(clip.params()), 0))
}

impl Camera {
    pub(crate) fn new(station: u32, clip: &Arc<Vec<AccessUnit>>) -> Self {
        let params = Arc::new((*clip[0].params).clone());
        let round = clip.len() as i64 * i64::from(crate::support::clip::TICKS);
        Self { feed: feed(station), params, clip: Arc::clone(clip), next: 0, round, pts: 0 }
    }

    /// The next picture, arriving now.
    pub(crate) fn picture(&mut self, now: Mono) -> AccessUnit {
        let unit = &self.clip[self.next % self.clip.len()];
        let rounds = (self.next / self.clip.len()) as i64;
        self.next += 1;
        AccessUnit {
            params: Arc::clone(&self.params),
            pts: self.pts + unit.pts + rounds * self.round,
            arrived_at: now,
            taken_at: WallTime::default(),
            ..unit.clone()
        }
    }

    /// Another session: the next picture begins a stream of its own.
    pub(crate) fn reconnect(&mut self) {
        self.params = Arc::new((*self.params).clone());
        self.next = 0;
    }
}

/// All fragments of a file, their bytes held against their checksums.
pub(crate) fn walked(file: &Path) -> (Walked, Vec<Fragment>) {
    let mut fragments = Vec::new();
    let walked = mp4::walk(&mut File::open(file).unwrap(), true, |fragment| {
        fragments.push(fragment.clone());
        ControlFlow::Continue(())
    });
    (walked.unwrap_or_else(|e| panic!("{}: {e}", file.display())), fragments)
}

/// The bytes of every picture of a file, in order.
pub(crate) fn pictures(file: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(file).unwrap();
    let (_, fragments) = walked(file);
    let pictures = fragments.iter().flat_map(|fragment| &fragment.pictures);
    pictures.map(|p| bytes[p.offset as usize..][..p.size as usize].to_vec()).collect()
}

/// A row is true: its file is there, whole, and says the same.
pub(crate) fn holds(folder: &Path, segment: &Segment) {
    let file = folder.join(segment.path.to_string());
    let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    assert_eq!(bytes.len() as u64, segment.bytes, "{}", segment.path);
    assert_eq!(<[u8; 32]>::from(Sha256::digest(&bytes)), segment.sha256, "{}", segment.path);
    let (walked, fragments) = walked(&file);
    let Ending::Closed(tail) = &walked.ending else { panic!("{}: {:?}", file.display(), walked) };
    let before = Sha256::digest(&bytes[..walked.whole as usize]);
    let hex: String = before.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(tail.sha256_before, hex);
    let pictures: Vec<_> = fragments.iter().flat_map(|f| &f.pictures).collect();
    assert_eq!(pictures.len() as u64, segment.frames);
    assert!(pictures[0].is_key, "a segment begins with a keyframe");
    let ends = [pictures[0], pictures[pictures.len() - 1]].map(|p| Stamp::from(p.arrival));
    assert_eq!(ends, [segment.first, segment.last]);
    assert_eq!((tail.ended.as_str(), walked.start.head.feed), (segment.ended.code(), segment.feed));
    let stamps: Vec<_> = pictures.iter().map(|p| p.arrival.utc_us).collect();
    assert!(stamps.is_sorted());
    let breaks: Vec<(i64, i64)> =
        stamps.windows(2).filter(|w| w[1] - w[0] > 1_000_000).map(|w| (w[0], w[1])).collect();
    let told: Vec<_> = segment.breaks.iter().map(|b| (b.from_utc_us, b.to_utc_us)).collect();
    assert_eq!(told, breaks);
}

/// Every segment's file of a volume.
pub(crate) fn files(folder: &Path) -> Vec<SegmentPath> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(relative) =
                path.strip_prefix(folder).unwrap().to_str().unwrap().parse()
            {
                found.push(relative);
            }
        }
    }
    found.sort();
    found
}
