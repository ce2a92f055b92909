//! The writing thread of a volume: units into fragments, fragments into files.
//!
//! It looks at its queue ten times a second rather than for every unit, so that a thousand feeds cost
//! a thousand writes a second and not fifteen thousand wake-ups. A disk that takes nothing stops it
//! from writing, never from emptying the queue: what comes meanwhile is counted and is an incident;
//! it tries again every second.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::catalogue::{Incident, Opened, Record};
use super::cause::Cause;
use super::file::{Pictures, SegmentFile, Sum, header};
use super::queue::{Item, Lost, cost, cost_of_sound};
use super::segment::{Ended, SegmentPath, Stamp};
use super::shared::{Failing, VolumeShared, stamp};
use super::timeline::Timeline;
use super::track::{Before, Track};
use super::trouble::{Trouble, is_full, is_of_volume};
use crate::clock::{Mono, WallTime, lock};
use crate::media::AccessUnit;
use crate::media::mp4::{self, Head, MediaClock};
use crate::media::sound::SoundUnit;
use crate::model::FeedId;

/// Between two looks at the queue.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A disk that has failed is tried again so often.
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// A loss that goes on is told so often, so that it is known even if this process dies in it.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// The writing side of a volume.
pub(super) struct Writer {
    tracks: HashMap<FeedId, Track>,
    out: Out,
    trouble: Option<Trouble>,
    next_tell: Mono,
    /// The only volume there is: what it does not take is in none.
    alone: bool,
}

/// Where fragments go.
struct Out {
    shared: Arc<VolumeShared>,
    run: String,
    line: Timeline,
}

impl Writer {
    pub(super) fn new(shared: Arc<VolumeShared>, run: String, alone: bool) -> Self {
        let line = shared.times.line().0;
        let next_tell = shared.times.clock.mono() + TELL_EVERY;
        let out = Out { shared, run, line };
        Self { tracks: HashMap::new(), out, trouble: None, next_tell, alone }
    }

    /// Until the queue is closed and empty.
    pub(super) fn run(mut self) {
        loop {
            let (items, closed) = self.out.shared.queue.take(LOOK_EVERY);
            let (line, step) = self.out.shared.times.line();
            self.out.line = line;
            if let Some(step) = step {
                self.out.shared.tell(Record::Incident(step));
            }
            let sync_error = lock(&self.out.shared.sync_error).take();
            if let Some(error) = sync_error {
                self.fail(&error, true);
            }
            for item in items {
                match item {
                    Item::Unit(feed, unit, lost) => self.unit(feed, unit, lost),
                    Item::Sound(feed, unit) => self.sound(feed, unit),
                    Item::End(feed, ended) => self.end(feed, ended),
                }
            }
            let now = self.out.shared.times.clock.mono();
            self.tick(now, closed);
            if closed {
                break;
            }
        }
        for feed in self.tracks.keys().copied().collect::<Vec<_>>() {
            self.end(feed, Ended::Stopped);
        }
        self.tell_trouble();
    }

    fn unit(&mut self, feed: FeedId, unit: AccessUnit, lost: Option<Lost>) {
        if let Some(lost) = lost {
            self.out.tell_lost(feed, lost);
        }
        let Self { tracks, out, .. } = self;
        let limits = &out.shared.limits;
        let track = tracks.entry(feed).or_insert_with(|| Track::new(feed, limits.span));
        if self.trouble.is_some() || track.is_refused(unit.is_key, unit.arrived_at) {
            out.give_up(&[unit]);
            return;
        }
        let stamp = track.stamp(stamp(&out.line, unit.arrived_at));
        let next = track.open.as_ref().map(|open| open.media(&unit));
        let done = match track.before(&unit, lost.is_some(), limits) {
            Before::Nothing => Ok(()),
            Before::Cut => out.cut(track, next),
            Before::End(ended) => out.end(track, ended),
        };
        if let Err(error) = done {
            out.give_up(&[unit]);
            self.refused(feed, &error);
            return;
        }
        let bytes = cost(&unit);
        if !track.take(unit, stamp, &out.shared.limits) {
            out.shared.queue.release(bytes);
            out.shared.counters.headless_units.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sound goes with the pictures of its time; where there are none it is let go.
    fn sound(&mut self, feed: FeedId, unit: SoundUnit) {
        match self.tracks.get_mut(&feed).and_then(|track| track.open.as_mut()) {
            Some(open) => open.heard.take(unit),
            None => self.out.shared.queue.release(cost_of_sound(&unit)),
        }
    }

    fn end(&mut self, feed: FeedId, ended: Ended) {
        let Some(mut track) = self.tracks.remove(&feed) else { return };
        let done = self.out.end(&mut track, ended);
        self.tracks.insert(feed, track);
        if let Err(error) = done {
            self.refused(feed, &error);
        }
        if let Some(mut track) = self.tracks.remove(&feed) {
            self.out.tell_trouble(&mut track);
        }
    }

    /// What the time asks for.
    fn tick(&mut self, now: Mono, closing: bool) {
        if let Some(trouble) = &self.trouble
            && (now >= trouble.next_try || closing)
        {
            self.try_again(now);
        }
        if now >= self.next_tell || closing {
            self.next_tell = now + TELL_EVERY;
            let older_than = if closing { Duration::ZERO } else { TELL_EVERY };
            for (feed, lost) in self.out.shared.queue.still_lost(now, older_than) {
                self.out.tell_lost(feed, lost);
            }
            self.tell_trouble();
            self.tracks.values_mut().for_each(|track| self.out.tell_trouble(track));
        }
        let folder = &self.out.shared.folder;
        if folder.room().limits().keep_free.is_some() {
            folder.room().told(folder.free());
        }
        let mut failed = Vec::new();
        let limits = &self.out.shared.limits;
        for track in self.tracks.values_mut() {
            let done = if track.is_idle(now, limits) {
                self.out.end(track, Ended::Full)
            } else if track.is_overdue(now, limits) {
                self.out.cut(track, None)
            } else {
                continue;
            };
            if let Err(error) = done {
                failed.push((track.feed, error));
            }
        }
        for (feed, error) in failed {
            self.refused(feed, &error);
        }
        let refused = self.tracks.values().filter(|track| track.trouble.is_some()).count();
        self.out.shared.counters.refused_feeds.store(refused as u64, Ordering::Relaxed);
        let open = self.tracks.values().filter(|track| track.open.is_some()).count();
        self.out.shared.counters.open_segments.store(open as u64, Ordering::Relaxed);
    }

    /// The disk has refused something of one feed. Its segment is over; those of the others go on, as
    /// long as it is not the same with half of them.
    fn refused(&mut self, feed: FeedId, error: &io::Error) {
        if self.trouble.is_some() {
            return;
        }
        let now = self.out.shared.times.clock.mono();
        let utc_us = stamp(&self.out.line, now).utc_us;
        if let Some(track) = self.tracks.get_mut(&feed).filter(|_| !is_of_volume(error)) {
            let from = self.out.drop_open(track, false).unwrap_or(utc_us);
            let next_try = now + RETRY_EVERY;
            match &mut track.trouble {
                Some(trouble) => trouble.next_try = next_try,
                None => {
                    let root = self.out.shared.folder.root().display();
                    log::error!("{root}: {error}; nothing of {feed} is recorded there");
                    track.trouble = Some(Trouble::new(error, from, next_try));
                    self.out.tell_trouble(track);
                }
            }
        }
        let refused = self.tracks.values().filter(|track| track.trouble.is_some()).count();
        if is_of_volume(error) || refused * 2 > self.tracks.len() {
            self.fail(error, false);
        }
    }

    /// The disk has refused something. All segments of the volume are over; `doubtful`: what was
    /// written lately may not be there.
    fn fail(&mut self, error: &io::Error, doubtful: bool) {
        let shared = &self.out.shared;
        log::error!("{}: {error}; nothing is recorded there", shared.folder.root().display());
        if is_full(error) {
            // There is room for tails and rows then.
            shared.folder.give_reserve();
        }
        let now = shared.times.clock.mono();
        let mut from = stamp(&self.out.line, now).utc_us;
        for track in self.tracks.values_mut() {
            self.out.tell_trouble(track);
            track.trouble = None;
            from = self.out.drop_open(track, doubtful).unwrap_or(from).min(from);
        }
        let shared = &self.out.shared;
        let trouble = Trouble::new(error, from, now + RETRY_EVERY);
        if self.trouble.is_none() {
            let since = WallTime::from_micros(from);
            let reason = error.to_string();
            *lock(&shared.failing) = Some(Failing { cause: trouble.cause, since, reason });
            shared.is_failing.store(true, Ordering::Release);
            self.trouble = Some(trouble);
            self.tell_trouble();
        }
    }

    fn try_again(&mut self, now: Mono) {
        let Some(trouble) = &mut self.trouble else { return };
        trouble.next_try = now + RETRY_EVERY;
        let folder = &self.out.shared.folder;
        let able = match trouble.cause {
            Cause::DiskFull if !folder.has_room() => false,
            _ => folder.probe().and_then(|()| folder.make_reserve()).is_ok(),
        };
        if able {
            self.tell_trouble();
            self.trouble = None;
            *lock(&self.out.shared.failing) = None;
            self.out.shared.is_failing.store(false, Ordering::Release);
            log::info!("{}: the disk takes again", self.out.shared.folder.root().display());
        }
    }

    /// Tells what the trouble has cost since it was last told.
    fn tell_trouble(&mut self) {
        let Some(trouble) = &mut self.trouble else { return };
        let now = self.out.shared.times.now().utc_us;
        let feeds: Vec<Option<FeedId>> = if self.alone {
            vec![None]
        } else {
            // Another volume takes what comes now: each of these is told of once, and what becomes of
            // it there is not this one's to say.
            self.tracks.drain().map(|(feed, _)| Some(feed)).collect()
        };
        let incident = trouble.tell(None, now);
        for feed in feeds {
            self.out.shared.tell(Record::Incident(Incident { feed, ..incident.clone() }));
        }
    }
}

impl Out {
    fn tell_lost(&self, feed: FeedId, lost: Lost) {
        let utc = |at| stamp(&self.line, at).utc_us;
        self.shared.tell(Record::Incident(Incident {
            feed: Some(feed),
            cause: Cause::Overload,
            from_utc_us: utc(lost.from),
            to_utc_us: utc(lost.to),
            evidence: serde_json::json!({ "units": lost.units, "bytes": lost.bytes }),
        }));
    }

    /// Tells what a feed's own trouble has cost since it was last told.
    fn tell_trouble(&self, track: &mut Track) {
        if let Some(trouble) = &mut track.trouble {
            let incident = trouble.tell(Some(track.feed), self.shared.times.now().utc_us);
            self.shared.tell(Record::Incident(incident));
        }
    }

    /// Gives up a feed's segment as far as it is not written. Since when pictures are missing by that.
    fn drop_open(&self, track: &mut Track, doubtful: bool) -> Option<i64> {
        let mut open = track.open.take()?;
        self.give_up(&open.units);
        self.shared.queue.release(open.heard.clear());
        if let (Some((file, _)), Some(sum)) = (open.file, open.sum) {
            // Taken by the disk on its way; what it still owes us is looked at afterwards.
            self.close(file, &sum, Ended::Failed, doubtful);
        }
        open.stamps.first().map(|first| first.utc_us)
    }

    /// Units that are in no file.
    fn give_up(&self, units: &[AccessUnit]) {
        self.shared.queue.release(units.iter().map(cost).sum());
        self.shared.counters.dropped_units.fetch_add(units.len() as u64, Ordering::Relaxed);
    }

    /// Closes the segment in hand.
    fn end(&self, track: &mut Track, ended: Ended) -> io::Result<()> {
        self.cut(track, None)?;
        let mut open = track.open.take();
        if let Some(open) = &mut open {
            self.shared.queue.release(open.heard.clear());
        }
        if let Some((file, sum)) = open.and_then(|open| open.file.map(|f| f.0).zip(open.sum)) {
            self.close(file, &sum, ended, false);
        }
        Ok(())
    }

    /// Gives a file its tail; where that fails, or where it may not be trusted, it is looked at as
    /// soon as the disk is well again.
    fn close(&self, file: SegmentFile, sum: &Sum, ended: Ended, doubtful: bool) {
        let (path, before) = (file.path.clone(), file.bytes());
        let done = if doubtful { None } else { file.finish(sum, ended).ok() };
        if let Some(segment) = &done {
            // What is begun is ended, whatever the limits say: a tail is a few hundred bytes.
            self.shared.folder.room().wrote(segment.bytes.saturating_sub(before));
        }
        let mut pending = lock(&self.shared.pending);
        match done {
            Some(segment) => {
                self.shared.counters.closed_segments.fetch_add(1, Ordering::Relaxed);
                pending.files.insert(path);
                super::shared::keep(&mut pending.records, [Record::Closed(Box::new(segment))]);
            }
            None => {
                pending.doubtful.insert(path, sum.last.utc_us);
            }
        }
    }

    /// Writes the fragment in hand, if there is one. `next`: the time of the picture after it. After
    /// an error it is still in hand.
    fn cut(&self, track: &mut Track, next: Option<i64>) -> io::Result<()> {
        let Some(open) = track.open.as_mut().filter(|open| !open.units.is_empty()) else {
            return Ok(());
        };
        let fresh = open.file.is_none();
        let room = self.shared.folder.room();
        room.may_take(open.units.iter().map(|unit| unit.data.len() as u64).sum())?;
        if fresh {
            let clock = MediaClock::begin(&open.pts, track.shift);
            track.shift = clock.shift();
            let first = open.stamps.first().copied().unwrap_or_default();
            let (path, file) = self.new_file(track.feed, first, &mut track.named_ms)?;
            let head = self.head(track.feed, first);
            open.file = Some((SegmentFile::new(path, head, file), clock));
        }
        let Some((file, clock)) = &mut open.file else { return Ok(()) };
        let number = open.sum.as_ref().map_or(0, |sum| sum.fragments) + 1;
        let mut bytes = Vec::new();
        if fresh {
            let first = open.units.first().map_or(Mono::default(), |unit| unit.arrived_at);
            let sound = open.heard.begin(first);
            bytes = mp4::begin(&open.params, &file.head, clock, sound.as_deref());
        }
        let timed = clock.fragment(&open.pts, next);
        let sound = open.heard.fragment();
        let pictures = Pictures { units: &open.units, stamps: &open.stamps, timed: &timed };
        bytes.extend(header(number, &pictures, open.heard.units(), sound.as_ref()));
        let written = match file.append(&bytes, &open.units, open.heard.units()) {
            Ok(written) => written,
            Err(error) => {
                if fresh {
                    // Nothing is in it.
                    let at = self.shared.folder.root().join(file.path.to_string());
                    let _ = std::fs::remove_file(at);
                    open.file = None;
                }
                return Err(error);
            }
        };
        if let (Some(trouble), Some(first)) = (&mut track.trouble, open.stamps.first()) {
            self.shared.tell(Record::Incident(trouble.tell(Some(track.feed), first.utc_us)));
            track.trouble = None;
        }
        for (unit, at) in open.units.iter().zip(&open.stamps) {
            match &mut open.sum {
                Some(sum) => sum.add(*at, unit.pts),
                None => open.sum = Some(Sum::of_first(*at, unit.pts)),
            }
        }
        if let Some(sum) = &mut open.sum {
            sum.fragments += 1;
            let mut pending = lock(&self.shared.pending);
            pending.written.insert(track.feed, sum.last.utc_us);
            pending.files.insert(file.path.clone());
            if fresh {
                let (path, run) = (file.path.clone(), self.run.clone());
                let opened = Record::Opened(Opened { path, run, first: sum.first });
                super::shared::keep(&mut pending.records, [opened]);
            }
        }
        self.shared.counters.written_bytes.fetch_add(written, Ordering::Relaxed);
        room.wrote(written);
        self.shared.queue.release(open.units.iter().map(cost).sum());
        self.shared.queue.release(open.clear());
        Ok(())
    }

    fn head(&self, feed: FeedId, first: Stamp) -> Head {
        let times = &self.shared.times;
        Head {
            camera_clock_us: lock(&times.cameras).get(&feed).copied(),
            // The system's clock minus the timeline, which is ahead of it after a step back.
            clock_ahead_us: -self.line.ahead_us(Mono::from_micros(first.mono_us)),
            clock_synchronised: *lock(&times.synchronised),
            ..Head::new(feed, &self.run, first.into())
        }
    }

    /// A file whose name no other has. Two segments of one feed that begin in one millisecond differ
    /// in their names by one.
    fn new_file(
        &self,
        feed: FeedId,
        first: Stamp,
        named_ms: &mut i64,
    ) -> io::Result<(SegmentPath, std::fs::File)> {
        let mut ms = first.utc_us.div_euclid(1000).max(named_ms.saturating_add(1));
        for _ in 0..100 {
            let path = SegmentPath::new(feed, WallTime::from_micros(ms.saturating_mul(1000)));
            match self.shared.folder.create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => ms += 1,
                Err(error) => return Err(error),
                Ok(file) => {
                    *named_ms = ms;
                    return Ok((path, file));
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}
