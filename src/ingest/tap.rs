//! Listening in on a feed: all that its session tells, in order, for somebody who studies it.
//!
//! A tap is there before the session begins, so that nothing is missed, and never holds it up: what
//! does not fit into its queue is counted and left out. It judges nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::clock::Mono;
use crate::health::Trouble;
use crate::media::AccessUnit;
use crate::media::sound::SoundUnit;
use crate::model::FeedId;

/// What may wait to be heard: two minutes at 60 pictures a second.
const QUEUE: usize = 8192;

/// What a feed's session tells.
#[derive(Debug)]
pub enum Heard {
    /// The other side has said what it has to offer. Comes before [`Heard::Playing`], if at all.
    Offer(Offer),
    /// The session plays since this moment.
    Playing(Mono),
    /// A picture arrived.
    Unit(AccessUnit),
    /// The other side has told the time of its clock.
    Clock(ClockReading),
    /// The session or the attempt has ended.
    Lost(Trouble, Mono),
}

/// What a stream is said to be before any of it has come. All words are the other side's own,
/// short and plain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// How it comes: `RTP/TCP`.
    pub transport: String,
    /// The other side's software, where it names it.
    pub server: Option<String>,
    /// Pictures a second as the description has it.
    pub frame_rate: Option<f32>,
    /// Its sound.
    pub audio: Vec<AudioOffer>,
}

/// A stream of sound on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioOffer {
    /// What the protocol calls the codec: `mpeg4-generic`, `pcma`.
    pub codec: String,
    /// Samples a second, or the clock that counts them; 0 where neither is told.
    pub rate_hz: u32,
    /// Channels, where they are told.
    pub channels: Option<u16>,
}

/// The other side's clock and ours at one moment, in microseconds since 1970. How long the report
/// was on its way is in the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// What the report says.
    pub theirs_us: i64,
    /// When it arrived, by our clock.
    pub ours_us: i64,
}

/// Takes every access unit of every feed as it arrives: the recorder's side.
///
/// Called on the threads that receive: it must return at once, and may do nothing but keep the unit or
/// count it as lost. It gets everything that arrived whole, also what is too large to be shown or
/// leans on what was lost; where it begins a recording is its own matter.
pub trait UnitSink: Send + Sync {
    /// A unit of `feed`; those of one feed come in order.
    fn offer(&self, feed: FeedId, unit: &AccessUnit);
    /// Whether `feed`'s sound is wanted as well. Asked when a session is set up, and for each packet.
    fn wants_sound(&self, _feed: FeedId) -> bool {
        false
    }
    /// A packet of `feed`'s sound, where that is wanted.
    fn sound(&self, _feed: FeedId, _unit: &SoundUnit) {}
    /// `feed`'s camera has told the time of its clock.
    fn clock(&self, feed: FeedId, reading: ClockReading);
}

/// Who listens to a feed beside the screen.
#[derive(Clone, Default)]
pub(super) struct Ears {
    /// Who studies it hears it all.
    pub(super) tap: Option<Tap>,
    /// Who records it.
    pub(super) sink: Option<Arc<dyn UnitSink>>,
}

/// The end that the feed talks into.
#[derive(Clone, Debug)]
pub struct Tap {
    sender: Sender<Heard>,
    missed: Arc<AtomicU64>,
}

/// The end to listen at.
#[derive(Debug)]
pub struct Listener {
    /// What was heard. Disconnects when the feed is gone.
    pub heard: Receiver<Heard>,
    missed: Arc<AtomicU64>,
}

impl Listener {
    /// How much was left out because it was not fetched in time.
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

/// A new tap with its listener.
pub fn tap() -> (Tap, Listener) {
    let (sender, heard) = bounded(QUEUE);
    let missed = Arc::<AtomicU64>::default();
    (Tap { sender, missed: Arc::clone(&missed) }, Listener { heard, missed })
}

impl Tap {
    pub(super) fn tell(&self, heard: Heard) {
        if self.sender.try_send(heard).is_err() {
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A word of the other side's, fit to be shown: no control characters, not long.
pub(super) fn plain(word: &str) -> Option<String> {
    let word: String =
        word.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(60).collect();
    let word = word.trim();
    (!word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_tap_counts_what_it_leaves_out() {
        let (tap, listener) = tap();
        for ms in 0..QUEUE + 3 {
            tap.tell(Heard::Playing(Mono::from_micros(i64::try_from(ms).unwrap())));
        }
        assert_eq!(listener.heard.len(), QUEUE);
        assert_eq!(listener.missed(), 3);
    }

    #[test]
    fn words_of_others_are_short_and_plain() {
        assert_eq!(plain("GStreamer\r\n\u{1b}[2J").as_deref(), Some("GStreamer[2J"));
        assert_eq!(plain(&"x".repeat(500)).map(|w| w.len()), Some(60));
        assert_eq!(plain(" \t"), None);
    }
}
