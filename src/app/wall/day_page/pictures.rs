//! Small pictures of every feed's day, out of those that the sampler makes anyway.
//!
//! In memory only and bounded, whatever the day's length: when a feed's row is full, every second
//! picture is let go and the next ones are taken half as often. They begin with the program: what a
//! restart leaves is nothing, for pictures of voters are on a disk only where somebody has asked for
//! a recording or a snapshot.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Mono, WallTime};
use crate::frame::{Mailbox, TINY_BYTES, VideoFrame};
use crate::ingest::{Feed, Ingest};
use crate::model::{Station, StationId, StationList};
use crate::render::TilePicture;

/// Between two pictures of a feed at first.
const EVERY: Duration = Duration::from_secs(60);

/// All pictures together; a country of 1000 stations has nine of each.
const MOST_BYTES: usize = 128 << 20;

/// Of one feed. More have no room on the page.
const MOST_OF_ONE: usize = 24;
const LEAST_OF_ONE: usize = 4;

/// Feeds whose picture is made smaller in one look: a fifth of a millisecond for each.
const IN_ONE_LOOK: usize = 12;

/// A picture of the day: in which of the rounds it was taken, and when.
struct Taken {
    round: u64,
    at: WallTime,
    frame: Arc<VideoFrame>,
}

/// A picture of a round as the screen draws it, and when it was taken.
type Drawn = (u64, WallTime, Arc<TilePicture>);

pub(super) struct DayPictures {
    began: Mono,
    /// Since when there may be pictures.
    from: WallTime,
    /// Every so many rounds are pictures taken; a round begins every [`EVERY`].
    step: u64,
    /// The last round that was begun.
    last: Option<u64>,
    /// Whose turn is still to come in it.
    queue: Vec<Arc<Feed>>,
    rows: HashMap<StationId, Vec<Taken>>,
    /// Those of the open page, as the screen draws them.
    drawn: Option<(StationId, Vec<Drawn>)>,
}

/// How many pictures of each of `feeds` are kept.
fn kept(feeds: usize) -> usize {
    (MOST_BYTES / TINY_BYTES / feeds.max(1)).clamp(LEAST_OF_ONE, MOST_OF_ONE)
}

impl DayPictures {
    pub(super) fn new(now: Mono, wall: WallTime) -> Self {
        Self {
            began: now,
            from: wall,
            step: 1,
            last: None,
            queue: Vec::new(),
            rows: HashMap::new(),
            drawn: None,
        }
    }

    /// Since when there may be pictures.
    pub(super) fn from(&self) -> WallTime {
        self.from
    }

    /// Takes the pictures of some feeds whose turn it is.
    pub(super) fn look(&mut self, now: Mono, list: &StationList, ingest: &Ingest) {
        if let Some(round) = self.begin(now, list.stations.len()) {
            log::trace!("round {round} of the day's pictures");
            let standing = |feed: &Arc<Feed>| {
                let id = feed.id();
                list.station(id.station).map(Station::standing_feed) == Some(id.kind)
            };
            self.queue = ingest.feeds().into_iter().filter(standing).collect();
            self.rows.retain(|station, _| list.station(*station).is_some());
        }
        for _ in 0..IN_ONE_LOOK {
            let Some(feed) = self.queue.pop() else { return };
            if let Some(small) = feed.thumbnail() {
                self.take(feed.id().station, &small);
            }
        }
    }

    /// Begins a round if it is time for one, and makes room for it.
    fn begin(&mut self, now: Mono, feeds: usize) -> Option<u64> {
        let round = u64::try_from(now.since(self.began).as_millis() / EVERY.as_millis()).ok()?;
        let due = |step: u64| round - round % step;
        let begun = self.last;
        let is_new = |round: u64| begun.is_none_or(|last| round > last);
        if !is_new(due(self.step)) {
            return None;
        }
        let most = kept(feeds);
        while self.rows.values().any(|row| row.len() >= most) {
            self.step *= 2;
            for row in self.rows.values_mut() {
                row.retain(|taken| taken.round % self.step == 0);
            }
        }
        // Taken half as often from now on, this may be none of the rounds any more.
        let round = due(self.step);
        is_new(round).then(|| *self.last.insert(round))
    }

    /// A feed that has brought nothing since its last picture has none of this round.
    fn take(&mut self, station: StationId, small: &VideoFrame) {
        let Some(round) = self.last else { return };
        let row = self.rows.entry(station).or_default();
        let newer = |last: &Taken| last.frame.arrived_at < small.arrived_at && last.round < round;
        if row.last().is_none_or(newer) {
            row.push(Taken { round, at: small.taken_at, frame: Arc::new(small.tiny()) });
        }
    }

    /// Those of a station, in order. The same picture is the same object from call to call: its
    /// texture is made once.
    pub(super) fn of(&mut self, station: StationId) -> Vec<(WallTime, Arc<TilePicture>)> {
        let row = self.rows.get(&station).map_or(&[][..], Vec::as_slice);
        let before = self.drawn.take().filter(|(of, _)| *of == station).map(|(_, drawn)| drawn);
        let before = before.unwrap_or_default();
        let draw = |taken: &Taken| {
            let known =
                before.iter().find(|(round, at, _)| (*round, *at) == (taken.round, taken.at));
            let picture = known.map_or_else(|| picture(&taken.frame), |(_, _, p)| Arc::clone(p));
            (taken.round, taken.at, picture)
        };
        let drawn: Vec<_> = row.iter().map(draw).collect();
        let pictures = drawn.iter().map(|(_, at, picture)| (*at, Arc::clone(picture))).collect();
        self.drawn = Some((station, drawn));
        pictures
    }

    /// Nobody looks at a page: their textures may go.
    pub(super) fn close_page(&mut self) {
        self.drawn = None;
    }
}

fn picture(frame: &Arc<VideoFrame>) -> Arc<TilePicture> {
    let mailbox = Arc::new(Mailbox::default());
    mailbox.publish(frame.again());
    TilePicture::new(mailbox)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{ColorInfo, Matrix, PackedPixels, PlaneLayout, Range, Rotation};

    const HERE: StationId = StationId::new(57, 12);

    fn frame(arrived_s: i64) -> VideoFrame {
        let (w, h) = (320_usize, 124_usize);
        VideoFrame {
            width: 320,
            height: 124,
            layout: PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 },
            color: ColorInfo { matrix: Matrix::Bt709, range: Range::Limited },
            sample_aspect: (1, 1),
            rotation: Rotation::None,
            arrived_at: Mono::from_micros(arrived_s * 1_000_000),
            taken_at: WallTime::from_micros(arrived_s * 1_000_000),
            pts: 0,
            pixels: Box::new(PackedPixels(vec![
                (vec![90; w * h], w),
                (vec![128; w * h / 4], w / 2),
                (vec![128; w * h / 4], w / 2),
            ])),
        }
    }

    fn minutes(pictures: &DayPictures) -> Vec<i64> {
        pictures.rows[&HERE].iter().map(|taken| taken.at.as_micros() / 60_000_000).collect()
    }

    /// A day of `minutes` with `feeds` feeds, one of which brings pictures.
    fn day(until: i64, feeds: usize) -> DayPictures {
        let mut pictures = DayPictures::new(Mono::default(), WallTime::default());
        // Looks every 20 s.
        for third in 0..until * 3 {
            let now = Mono::from_micros(third * 20_000_000);
            if pictures.begin(now, feeds).is_some() {
                pictures.take(HERE, &frame(third * 20));
                assert!(pictures.rows[&HERE].len() <= kept(feeds));
            }
        }
        pictures
    }

    #[test]
    fn a_day_of_any_length_is_covered_evenly_with_a_bounded_number() {
        assert_eq!(minutes(&day(5, 4)), [0, 1, 2, 3, 4]);
        for (hours, feeds) in [(1, 4), (14, 4), (14, 1000), (36, 1000)] {
            let pictures = day(hours * 60, feeds);
            let at = minutes(&pictures);
            let apart = i64::try_from(pictures.step).unwrap();
            assert!(at.len() >= kept(feeds) / 2 && at.len() <= kept(feeds), "{at:?}");
            assert!(at.windows(2).all(|pair| pair[1] - pair[0] == apart), "{at:?}");
            assert_eq!(at[0], 0);
            assert!(hours * 60 - at[at.len() - 1] <= apart, "{at:?}");
        }
        let bytes = 1000 * kept(1000) * TINY_BYTES;
        assert!(kept(1000) >= 8 && bytes <= MOST_BYTES, "{bytes}");
    }

    #[test]
    fn a_silent_feed_leaves_a_gap_and_pictures_are_small() {
        let mut pictures = DayPictures::new(Mono::default(), WallTime::default());
        for minute in 0..6 {
            let now = Mono::from_micros(minute * 60_000_000);
            assert!(pictures.begin(now, 1).is_some());
            // Its last picture came in the third minute.
            pictures.take(HERE, &frame(minute.min(2) * 60));
        }
        assert_eq!(minutes(&pictures), [0, 1, 2]);
        let tiny = &pictures.rows[&HERE][0].frame;
        assert!(tiny.width <= 128 && tiny.width * tiny.height * 3 / 2 <= TINY_BYTES as u32);
    }

    #[test]
    fn a_picture_stays_the_same_object_while_its_page_is_open() {
        let mut pictures = day(3, 1);
        let first = pictures.of(HERE);
        pictures.begin(Mono::from_micros(240_000_000), 1);
        pictures.take(HERE, &frame(240));
        let second = pictures.of(HERE);
        assert_eq!((first.len(), second.len()), (3, 4));
        assert!(first.iter().zip(&second).all(|(a, b)| Arc::ptr_eq(&a.1, &b.1)));
        pictures.close_page();
        assert!(!Arc::ptr_eq(&pictures.of(HERE)[0].1, &first[0].1));
    }
}
