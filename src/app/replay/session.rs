//! A replay that is going on: ties the players to the screen.

use std::sync::Arc;

use crate::clock::{Clock, Mono};
use crate::frame::{Mailbox, VideoFrame};
use crate::model::day::ElectionDay;
use crate::record::Cause;
use crate::record::ledger::{Line, Span, StationLedger};
use crate::render::TilePicture;
use crate::replay::clock::PlaybackClock;
use crate::replay::desk::{Ask, Desk, Lane};
use crate::replay::footage::Piece;
use crate::replay::group::{Group, Still, TileNow, Waker};
use crate::replay::player::Status;
use crate::ui::replay::{CHANGES, Comparison, ReplayScene, ReplayTile, TileStatus};

/// A mean brightness that differs by so much, of 255, has changed: less is noise of a camera.
const CHANGED: u8 = 24;

struct Tile {
    picture: Arc<TilePicture>,
    mailbox: Arc<Mailbox>,
}

impl Tile {
    fn new() -> Self {
        let mailbox = Arc::<Mailbox>::default();
        Self { picture: TilePicture::new(Arc::clone(&mailbox)), mailbox }
    }
}

struct Compared {
    tile: usize,
    gap: Span,
    sides: [(Still, Tile); 2],
}

/// What is replayed.
pub(super) struct Session {
    group: Group,
    tiles: Vec<Tile>,
    lanes: Arc<Vec<Lane>>,
    day: Arc<ElectionDay>,
    compared: Option<Compared>,
    pub(super) desk: Desk,
    pub(super) told: Option<String>,
    pub(super) trouble: Option<String>,
}

impl Session {
    /// Begins at `at_us` with the stations of `lanes`, whose files are `pieces`, in the same order.
    pub(super) fn start(
        day: Arc<ElectionDay>,
        lanes: Vec<Lane>,
        pieces: Vec<Arc<[Piece]>>,
        (at_us, whole): (i64, Span),
        clock: &Arc<dyn Clock>,
        waker: &Waker,
    ) -> std::io::Result<Self> {
        let tiles: Vec<Tile> = lanes.iter().map(|_| Tile::new()).collect();
        let feeds = pieces.into_iter().zip(&tiles);
        let feeds = feeds.map(|(pieces, tile)| (pieces, Arc::clone(&tile.mailbox))).collect();
        let playback = PlaybackClock::new(at_us, whole.from_us, whole.to_us);
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let group = Group::start(feeds, playback, workers, clock, waker)?;
        Ok(Self {
            group,
            tiles,
            lanes: Arc::new(lanes),
            day,
            compared: None,
            desk: Desk::new(whole),
            told: None,
            trouble: None,
        })
    }

    /// What is known of the days now.
    pub(super) fn take_ledgers(&mut self, ledgers: &[Arc<StationLedger>]) {
        let mut lanes = (*self.lanes).clone();
        for lane in &mut lanes {
            let found = ledgers.iter().find(|ledger| ledger.station == lane.station);
            lane.ledger = found.cloned().or(lane.ledger.take());
        }
        self.lanes = Arc::new(lanes);
    }

    /// More was recorded since.
    pub(super) fn take_pieces(&mut self, pieces: Vec<Arc<[Piece]>>, whole: Span) {
        for (tile, pieces) in pieces.into_iter().enumerate() {
            if let Some(player) = self.group.player(tile) {
                player.set_pieces(pieces);
            }
        }
        self.group.clock_mut().reach_to(whole.to_us);
        self.desk.reach(whole);
    }

    /// All there is to be seen.
    pub(super) const fn whole(&self) -> Span {
        self.desk.whole()
    }

    /// Time runs.
    pub(super) const fn is_playing(&self) -> bool {
        self.group.clock().is_playing()
    }

    /// The moment that is shown.
    pub(super) fn at_us(&self) -> i64 {
        self.group.clock().at_us()
    }

    /// Lets time pass up to `now`; what there is to be seen then.
    pub(super) fn scene(&mut self, now: Mono) -> ReplayScene {
        let shown = self.group.tick(now);
        if self.group.clock().is_playing() {
            self.desk.follow(shown.at_us);
        }
        let tiles = shown.tiles.into_iter().zip(&self.tiles).zip(self.lanes.iter());
        let tiles = tiles.map(|((now, tile), lane)| replayed(&now, tile, lane, shown.at_us));
        let tiles = tiles.collect();
        let clock = self.group.clock();
        let (playing, reverse, speed) = (clock.is_playing(), clock.is_reverse(), clock.speed());
        ReplayScene {
            at_us: shown.at_us,
            day: Arc::clone(&self.day),
            lanes: Arc::clone(&self.lanes),
            tiles,
            playing,
            reverse,
            speed,
            keyframes_only: shown.keyframes_only,
            waiting: shown.waiting,
            comparison: self.comparison(now),
            told: self.told.clone(),
            trouble: self.trouble.clone(),
        }
    }

    fn comparison(&mut self, now: Mono) -> Option<Comparison> {
        let compared = self.compared.as_mut()?;
        let lane = self.lanes.get(compared.tile)?;
        let sides = compared.sides.each_mut().map(|(still, tile)| {
            let at_us = still.at_us();
            replayed(&still.tick(now), tile, lane, at_us)
        });
        let frames = sides.each_ref().map(|side| side.picture.frame());
        let changes = match frames {
            [Some(before), Some(after)] => changes(&before, &after),
            _ => Vec::new(),
        };
        Some(Comparison { tile: compared.tile, gap: compared.gap, sides, changes })
    }

    /// Carries out what the screen asks for, as far as that is the players' business.
    pub(super) fn carry_out(&mut self, ask: &Ask) {
        self.told = None;
        match *ask {
            Ask::Play(playing) => self.group.clock_mut().play(playing),
            Ask::Reverse(reverse) => self.group.clock_mut().set_reverse(reverse),
            Ask::Speed(speed) => self.group.clock_mut().set_speed(speed),
            Ask::Step { tile, forward } => {
                // Where nothing is known yet, the next press finds it.
                self.group.step(tile, forward);
                self.desk.follow(self.at_us());
            }
            Ask::Seek { at_us, dragging } => {
                self.group.seek(at_us, dragging);
                if !dragging {
                    self.desk.follow(self.at_us());
                }
            }
            Ask::Compare { tile, gap } => self.compare(tile, gap),
            Ask::EndCompare => self.compared = None,
            Ask::Snapshot(_) | Ask::Note { .. } | Ask::ToggleFullScreen | Ask::Close => {}
        }
    }

    fn compare(&mut self, tile: usize, gap: Span) {
        self.group.clock_mut().play(false);
        let pieces = self.group.player(tile).map(|player| player.pieces()).unwrap_or_default();
        let (before, after) = sides(&pieces, gap);
        let still = |at_us: i64| {
            let tile_of = Tile::new();
            let still = self.group.still(tile, at_us, Arc::clone(&tile_of.mailbox))?;
            Some((still, tile_of))
        };
        if let (Some(before), Some(after)) = (still(before), still(after)) {
            self.compared = Some(Compared { tile, gap, sides: [before, after] });
        }
    }

    /// The picture of a tile, if it is that of the moment.
    pub(super) fn picture(&self, scene: &ReplayScene, tile: usize) -> Option<Arc<VideoFrame>> {
        let ready = scene.tiles.get(tile)?.status == TileStatus::Ready;
        self.tiles.get(tile)?.picture.frame().filter(|_| ready)
    }
}

/// The moments of the last picture before a gap and of the first after it: inside the ledger's gap
/// there is no picture, at its ends there is one, unless it reaches beyond the recording.
fn sides(pieces: &[Piece], gap: Span) -> (i64, i64) {
    let last = pieces.iter().rev().find(|piece| piece.from_us <= gap.from_us);
    let before = last.map_or(gap.from_us, |piece| piece.to_us.saturating_sub(1).min(gap.from_us));
    (before, gap.to_us)
}

fn replayed(now: &TileNow, tile: &Tile, lane: &Lane, at_us: i64) -> ReplayTile {
    let status = match &now.status {
        Status::Ready(_) => TileStatus::Ready,
        Status::Behind => TileStatus::Behind,
        Status::NoPicture => gap(lane, at_us),
        Status::Unreadable(why) => TileStatus::Unreadable(*why),
        Status::Ended => TileStatus::Ended,
    };
    let camera = lane.ledger.as_ref().and_then(|ledger| ledger.clock.camera_last);
    ReplayTile {
        picture: Arc::clone(&tile.picture),
        status,
        shown_us: now.shown_us,
        camera_clock_us: camera.map(|(_, offset)| offset),
    }
}

/// What the ledger says of a moment without a picture.
fn gap(lane: &Lane, at_us: i64) -> TileStatus {
    let lines = lane.ledger.as_ref().map(|ledger| ledger.lines.as_slice()).unwrap_or_default();
    let here = lines.iter().find(|line| {
        let span = line.span();
        span.from_us <= at_us && at_us < span.to_us
    });
    let found: Option<(Span, Cause)> = match here {
        Some(Line::Gap(gap)) => Some((gap.span, gap.cause)),
        _ => None,
    };
    TileStatus::InGap { span: found.map(|(span, _)| span), cause: found.map(|(_, cause)| cause) }
}

/// Where two pictures differ by more than noise.
fn changes(before: &VideoFrame, after: &VideoFrame) -> Vec<bool> {
    let (columns, rows) = CHANGES;
    let size = |n: usize| u16::try_from(n).unwrap_or(1);
    let small = |frame: &VideoFrame| frame.luma(size(columns), size(rows));
    let (before, after) = (small(before), small(after));
    before.data.iter().zip(&after.data).map(|(a, b)| a.abs_diff(*b) > CHANGED).collect()
}
