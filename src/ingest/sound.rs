//! The sound of the one feed that is listened to, from its session to a level, and of those that are
//! recorded with sound. Of every other feed it is thrown away unread.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use retina::client::{Described, Session, SetupOptions, Stream};
use retina::codec::{AudioFrame, AudioParameters, FrameFormat, ParametersRef};

use super::feed::Feed;
use super::roll::Roll;
use super::rtsp::without_dump;
use crate::clock::{Mono, lock};
use crate::media::sound::{Meter, Reading, SoundCodec, SoundDecoder, SoundParams, SoundUnit};
use crate::model::FeedKind;

/// Packets that may wait for the meter: some two seconds. One that is late is left out.
const QUEUE: usize = 100;

/// A reading older than this says nothing about now.
const STOPPED_AFTER: Duration = Duration::from_secs(2);

/// So many main feeds that are received all day may have their sound received with them. On the
/// machine of docs/decisions/0079 the sound of that many costs a tenth to half of a core.
pub const STANDING_AT_MOST: usize = 200;

/// What is known of a feed's sound.
#[derive(Clone, Debug, PartialEq)]
pub enum Sound {
    /// No session has said yet whether there is any.
    Unknown,
    /// The camera offers none.
    Absent,
    /// It offers one that is not measured, by this name.
    Unsupported(String),
    /// It is not asked for any more: with it the session broke.
    LeftOut,
    /// It is not asked for: too many stations have no sub feed, and the sound of all their main
    /// feeds would be received all day ([`STANDING_AT_MOST`]).
    TooMany,
    /// There is sound, in a kind of source whose sound is not measured.
    NotMeasured,
    /// There is a stream, and nothing comes.
    Stopped,
    /// So loud.
    Level(Reading),
}

/// How much a session's bad end speaks against its sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strike {
    /// It brought no picture, which may have any reason.
    Perhaps = 1,
    /// The camera refused sound, or something in the streams broke the rules.
    Surely = 2,
}

/// With so many strikes, sessions are opened without sound.
const OUT: u32 = 2;

/// A feed's sound, shared by its session, its meter and the screen.
pub(super) struct SoundSide {
    /// Somebody listens. Read for every packet of every feed, so that the rest costs nothing.
    heard: AtomicBool,
    /// How much speaks for sound having broken the session; see [`Strike`].
    strikes: AtomicU32,
    /// See [`Sound::TooMany`].
    too_many: AtomicBool,
    inner: Mutex<Inner>,
}

struct Inner {
    offer: Sound,
    to_meter: Option<Sender<SoundUnit>>,
    params: Option<Arc<SoundParams>>,
    reading: Option<(Mono, Reading)>,
}

impl Default for SoundSide {
    fn default() -> Self {
        Self {
            heard: AtomicBool::new(false),
            strikes: AtomicU32::new(0),
            too_many: AtomicBool::new(false),
            inner: Mutex::new(Inner {
                offer: Sound::Unknown,
                to_meter: None,
                params: None,
                reading: None,
            }),
        }
    }
}

impl SoundSide {
    /// What is known at `now`.
    pub(super) fn at(&self, now: Mono) -> Sound {
        let inner = lock(&self.inner);
        match (&inner.offer, inner.reading) {
            (Sound::Stopped, Some((at, reading))) if now.since(at) <= STOPPED_AFTER => {
                Sound::Level(reading)
            }
            (offer, _) => offer.clone(),
        }
    }

    /// What a session offers; [`Sound::Stopped`] until its first packet.
    fn offer(&self, offer: Sound) {
        let mut inner = lock(&self.inner);
        inner.offer = offer;
        inner.params = None;
    }

    /// The source is of a kind whose sound is not measured; whether there is any.
    pub(super) fn is_not_measured(&self, there_is: bool) {
        self.offer(if there_is { Sound::NotMeasured } else { Sound::Absent });
    }

    /// A session with sound ended badly.
    pub(super) fn strike(&self, strike: Strike) {
        let before = self.strikes.fetch_add(strike as u32, Ordering::Relaxed);
        if before + strike as u32 >= OUT {
            self.offer(Sound::LeftOut);
        }
    }

    /// A session with sound went well, or a person wants to know: the next one is asked for sound
    /// again.
    pub(super) fn forgive(&self) {
        self.strikes.store(0, Ordering::Relaxed);
    }

    /// The feed is one of too many; its sessions are opened without sound.
    pub(super) fn refuse(&self) {
        self.too_many.store(true, Ordering::Relaxed);
        self.offer(Sound::TooMany);
    }

    fn is_left_out(&self) -> bool {
        self.strikes.load(Ordering::Relaxed) >= OUT
    }

    /// Whether anybody wants the packet that has come.
    pub(super) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    /// What is described, the same for as long as that does not change.
    fn known(&self, described: &AudioParameters, codec: SoundCodec) -> Arc<SoundParams> {
        let mut inner = lock(&self.inner);
        let fresh = params(described, codec);
        match &inner.params {
            Some(known) if **known == fresh => Arc::clone(known),
            _ => Arc::clone(inner.params.insert(Arc::new(fresh))),
        }
    }

    /// Hands a packet to the meter, if there is one with room.
    fn deliver(&self, unit: SoundUnit) {
        if let Some(meter) = &lock(&self.inner).to_meter {
            let _ = meter.try_send(unit);
        }
    }

    fn join(&self) -> Receiver<SoundUnit> {
        let (to_meter, packets) = crossbeam_channel::bounded(QUEUE);
        let mut inner = lock(&self.inner);
        inner.reading = None;
        inner.to_meter = Some(to_meter);
        self.heard.store(true, Ordering::Relaxed);
        packets
    }

    fn leave(&self) {
        self.heard.store(false, Ordering::Relaxed);
        lock(&self.inner).to_meter = None;
    }
}

fn params(described: &AudioParameters, codec: SoundCodec) -> SoundParams {
    SoundParams {
        codec,
        extra_data: described.extra_data().to_vec(),
        rate_hz: described.clock_rate(),
        channels: described.channels().get(),
    }
}

/// The sound stream of a session that was set up: its place and codec.
#[derive(Clone, Copy, Debug)]
pub(super) struct SoundStream {
    pub(super) index: usize,
    codec: SoundCodec,
}

impl SoundStream {
    /// Asks for the sound of a session that is about to play, if it has one that is measured.
    ///
    /// Only with a main feed, unless it is recorded: a sub feed is received all day and never listened
    /// to. What goes wrong here costs the sound, not the picture.
    pub(super) async fn set_up(feed: &Feed, session: &mut Session<Described>) -> Option<Self> {
        let (side, recorded) = (&feed.sound, feed.wants_sound());
        if feed.id().kind != FeedKind::Main && !recorded {
            return None;
        }
        if side.too_many.load(Ordering::Relaxed) && !recorded {
            side.offer(Sound::TooMany);
            return None;
        }
        if side.is_left_out() {
            side.offer(Sound::LeftOut);
            return None;
        }
        let found = match choose(session.streams()) {
            Ok(found) => found,
            Err(offer) => {
                side.offer(offer);
                return None;
            }
        };
        let setup = SetupOptions::default().frame_format(FrameFormat::MP4);
        if let Err(e) = session.setup(found.index, setup).await {
            // The library's words repeat the camera's; see `rtsp::without_dump`.
            log::debug!("{}: without sound: {}", feed.id(), without_dump(&e.to_string()));
            side.offer(Sound::Unknown);
            // Without a status the connection broke: that says nothing about sound.
            if e.status_code().is_some() {
                side.strike(Strike::Surely);
            }
            return None;
        }
        side.offer(Sound::Stopped);
        Some(found)
    }

    /// Takes what came of it.
    pub(super) fn take(self, feed: &Feed, streams: &[Stream], frame: &AudioFrame) {
        let (heard, recorded) = (feed.sound.is_heard(), feed.wants_sound());
        if frame.stream_id() != self.index || !(heard || recorded) {
            return;
        }
        let stream = streams.get(self.index).and_then(Stream::parameters);
        if let Some(ParametersRef::Audio(described)) = stream {
            let unit = SoundUnit {
                params: feed.sound.known(described, self.codec),
                data: frame.data().into(),
                samples: frame.frame_length().get(),
                arrived_at: feed.now(),
            };
            if recorded {
                feed.deliver_sound(&unit);
            }
            if heard {
                feed.sound.deliver(unit);
            }
        }
    }
}

/// The first sound stream that can be measured, or what to say instead.
fn choose(streams: &[Stream]) -> Result<SoundStream, Sound> {
    let mut offer = Sound::Absent;
    for (index, stream) in streams.iter().enumerate().filter(|(_, s)| s.media() == "audio") {
        let codec = match stream.encoding_name() {
            "mpeg4-generic" => SoundCodec::Aac,
            "pcmu" => SoundCodec::Pcmu,
            "pcma" => SoundCodec::Pcma,
            other => {
                // What a camera calls its codec may be anything: keep it short and plain.
                let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
                offer = Sound::Unsupported(other.chars().filter(plain).take(20).collect());
                continue;
            }
        };
        // Without a description of the format there is nothing to set up.
        if stream.parameters().is_some() {
            return Ok(SoundStream { index, codec });
        }
        offer = Sound::Unsupported(stream.encoding_name().to_owned());
    }
    Err(offer)
}

/// A running meter. Dropped, it tells its thread to end.
pub(super) struct SoundThread(Arc<Feed>);

impl SoundThread {
    /// Starts listening to `feed`. The thread stands on `roll` until its end.
    pub(super) fn start(feed: &Arc<Feed>, roll: &Roll) -> std::io::Result<Self> {
        let (worker, packets) = (Arc::clone(feed), feed.sound.join());
        let name = format!("snd {}", feed.id().station);
        let present = roll.enter(&name);
        std::thread::Builder::new()
            .name(name)
            .spawn(move || {
                run(&worker, &packets);
                drop(present);
            })
            .inspect_err(|_| feed.sound.leave())?;
        Ok(Self(Arc::clone(feed)))
    }
}

impl Drop for SoundThread {
    fn drop(&mut self) {
        self.0.sound.leave();
    }
}

fn run(feed: &Feed, packets: &Receiver<SoundUnit>) {
    let mut meter = Meter::default();
    let mut open: Option<(Arc<SoundParams>, Option<SoundDecoder>)> = None;
    let mut told = false;
    for packet in packets {
        if open.as_ref().is_none_or(|(params, _)| !Arc::ptr_eq(params, &packet.params)) {
            meter = Meter::default();
            let decoder = SoundDecoder::new(&packet.params)
                .inspect_err(|e| log::log!(e.severity(), "{}: {e}", feed.id()));
            open = Some((packet.params, decoder.ok()));
        }
        let Some((_, Some(decoder))) = &mut open else { continue };
        match decoder.decode(&packet.data, &mut meter) {
            Ok(()) => lock(&feed.sound.inner).reading = Some((feed.now(), meter.reading())),
            Err(e) if !std::mem::replace(&mut told, true) => {
                log::log!(e.severity(), "{}: {e}", feed.id());
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading {
        Reading { peak_db: -20.0, rms_db: -23.0, silent: false }
    }

    #[test]
    fn a_level_that_is_old_is_none() {
        let side = SoundSide::default();
        let at = Mono::from_micros(1_000_000);
        assert_eq!(side.at(at), Sound::Unknown);
        side.offer(Sound::Stopped);
        lock(&side.inner).reading = Some((at, reading()));
        assert_eq!(side.at(at + Duration::from_secs(1)), Sound::Level(reading()));
        assert_eq!(side.at(at + Duration::from_secs(3)), Sound::Stopped);
        side.offer(Sound::Absent);
        assert_eq!(side.at(at), Sound::Absent, "another session without sound");
    }

    #[test]
    fn sound_is_left_out_after_one_sure_or_two_doubtful_failures() {
        let side = SoundSide::default();
        side.strike(Strike::Perhaps);
        assert!(!side.is_left_out(), "a server that was just killed");
        side.forgive();
        side.strike(Strike::Perhaps);
        assert!(!side.is_left_out());
        side.strike(Strike::Perhaps);
        assert!(side.is_left_out());
        assert_eq!(side.at(Mono::default()), Sound::LeftOut);
        side.forgive();
        side.strike(Strike::Surely);
        assert!(side.is_left_out());
    }

    #[test]
    fn who_looks_next_does_not_see_what_was_heard_before() {
        let side = SoundSide::default();
        side.offer(Sound::Stopped);
        let packets = side.join();
        assert!(side.is_heard());
        lock(&side.inner).reading = Some((Mono::default(), reading()));
        side.leave();
        assert!(!side.is_heard() && packets.recv().is_err());
        let _again = side.join();
        assert_eq!(side.at(Mono::default()), Sound::Stopped);
    }
}
