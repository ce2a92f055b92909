//! The thread on which FFmpeg reads one source.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::ingest::keeper::Shared;
use crate::ingest::pace::Pace;
use crate::ingest::repeats::Repeats;
use crate::media::{Address, Audio, Coded, Input, InputError};
use crate::model::FeedId;

/// Units that may wait for the feed's task: some seconds, so that a busy moment of ours does not
/// hold up the thread.
const QUEUE: usize = 64;

/// After so many packets without a picture in a row the thread rests for a moment: a source that
/// has nothing to say must not be asked as fast as the processor can.
const IDLE_PACKETS: u32 = 256;
const REST: Duration = Duration::from_millis(5);

/// Between two rounds of a looped file: a picture's time at 25 pictures a second.
const LOOP_PAUSE: Duration = Duration::from_millis(40);

/// What the thread has to say.
pub(super) enum News {
    /// The other side agrees to send.
    Connected,
    /// The sound that there is beside the pictures, when that becomes known.
    Sounds(Vec<Audio>),
    /// A picture, when it is due.
    Unit(Coded),
    /// Nothing more comes.
    Ended(InputError),
}

/// A reading thread. Dropped, it tells the thread to end, and does not wait for that.
pub(super) struct Worker {
    pub(super) news: mpsc::Receiver<News>,
    cancel: Arc<AtomicBool>,
    /// Wakes the thread from its waits by being dropped.
    _awake: Sender<Infallible>,
}

impl Worker {
    /// Starts reading. The thread stands on `shared.roll` until its end.
    pub(super) fn start(
        id: FeedId,
        address: Address,
        repeats: &Arc<Repeats>,
        shared: &Shared,
    ) -> std::io::Result<Self> {
        let (say, news) = mpsc::channel(QUEUE);
        let (awake, asleep) = bounded(0);
        let cancel = Arc::new(AtomicBool::new(false));
        let reader = Reader {
            address,
            say,
            cancel: Arc::clone(&cancel),
            asleep,
            clock: Arc::clone(&shared.clock),
            pace: Pace::default(),
            repeats: Arc::clone(repeats),
            sounds: None,
            rounds: Rounds::default(),
        };
        // Linux shows 15 bytes of a thread's name.
        let name = format!("src {}", id.station);
        let present = shared.roll.enter(&name);
        std::thread::Builder::new().name(name).spawn(move || {
            reader.run();
            drop(present);
        })?;
        Ok(Self { news, cancel, _awake: awake })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Release);
    }
}

struct Reader {
    address: Address,
    say: mpsc::Sender<News>,
    cancel: Arc<AtomicBool>,
    asleep: Receiver<Infallible>,
    clock: Arc<dyn Clock>,
    pace: Pace,
    repeats: Arc<Repeats>,
    /// What was told of the sound.
    sounds: Option<Vec<Audio>>,
    rounds: Rounds,
}

impl Reader {
    fn run(mut self) {
        self.repeats.begin();
        loop {
            match self.read_to_end() {
                // A rehearsal goes on from the beginning; one of a single picture is not read as
                // fast as the processor can.
                Ok(true) if self.is_rehearsal() => {
                    self.rounds.end();
                    if self.wait(LOOP_PAUSE).is_err() {
                        return self.end(InputError::Cancelled);
                    }
                }
                Ok(_) => return self.end(InputError::Ended),
                Err(error) => return self.end(error),
            }
        }
    }

    /// A file of our own, looped: it may repeat itself.
    fn is_rehearsal(&self) -> bool {
        self.address.url.scheme() == "file"
    }

    fn end(&self, error: InputError) {
        // Nobody may be there any more to hear it.
        let _ = self.say.blocking_send(News::Ended(error));
    }

    /// Reads until the source ends; whether it held a picture.
    fn read_to_end(&mut self) -> Result<bool, InputError> {
        let say = self.say.clone();
        let connected = Box::new(move || drop(say.blocking_send(News::Connected)));
        let mut input = Input::open(&self.address, &self.cancel, connected)?;
        let (mut brought, mut idle) = (false, 0);
        loop {
            let mut coded = match input.picture() {
                Ok(Some(coded)) => coded,
                Ok(None) => {
                    idle += 1;
                    if idle % IDLE_PACKETS == 0 {
                        self.wait(REST)?;
                    }
                    continue;
                }
                Err(InputError::Ended) => return Ok(brought),
                Err(error) => return Err(error),
            };
            self.tell_sounds(&input)?;
            if self.is_rehearsal() {
                self.rounds.shift(&mut coded);
            }
            if input.is_pulled() {
                if !self.is_rehearsal() && self.repeats.withholds(&coded) {
                    continue;
                }
                let now = self.clock.mono();
                let due = self.pace.due(coded.dts, now);
                self.wait(due.since(now))?;
            }
            (brought, idle) = (true, 0);
            self.say.blocking_send(News::Unit(coded)).map_err(|_| InputError::Cancelled)?;
        }
    }

    /// Some containers name their streams first, others only as they come.
    fn tell_sounds(&mut self, input: &Input) -> Result<(), InputError> {
        let sounds = input.audio();
        if self.sounds.as_ref() == Some(&sounds) {
            return Ok(());
        }
        self.sounds = Some(sounds.clone());
        self.say.blocking_send(News::Sounds(sounds)).map_err(|_| InputError::Cancelled)
    }

    fn wait(&self, span: Duration) -> Result<(), InputError> {
        if span.is_zero() {
            return Ok(());
        }
        // Nothing is ever sent: the wait ends with the time, or with the one who reads.
        match self.asleep.recv_timeout(span) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Ok(_) | Err(RecvTimeoutError::Disconnected) => Err(InputError::Cancelled),
        }
    }
}

/// The rounds of a looped file on one timeline: it was not the camera that jumped.
#[derive(Debug, Default)]
struct Rounds {
    /// What is added to the file's own time stamps, in 1/90000 s.
    offset: i64,
    /// The newest time stamp that was given out.
    newest: Option<i64>,
    begins_anew: bool,
}

impl Rounds {
    fn end(&mut self) {
        self.begins_anew = true;
    }

    fn shift(&mut self, coded: &mut Coded) {
        let first = coded.dts.into_iter().chain(coded.pts).min();
        if let Some((first, newest)) = first.zip(self.newest).filter(|_| self.begins_anew) {
            let pause = i64::try_from(LOOP_PAUSE.as_micros() * 9 / 100).unwrap_or(0);
            self.offset = newest.saturating_add(pause).saturating_sub(first);
        }
        self.begins_anew &= first.is_none();
        for stamp in [&mut coded.pts, &mut coded.dts].into_iter().flatten() {
            *stamp = stamp.saturating_add(self.offset);
            self.newest = self.newest.max(Some(*stamp));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Codec, StreamParams};

    #[test]
    fn a_looped_file_has_one_timeline() {
        let params = Arc::new(StreamParams {
            codec: Codec::H264,
            extra_data: Vec::new(),
            width: 64,
            height: 64,
            sample_aspect: None,
        });
        let mut rounds = Rounds::default();
        let mut stamps = Vec::new();
        for _ in 0..3 {
            // B-frames: the first picture is decoded before its time.
            for (pts, dts) in [(9000, 3000), (15_000, 6000), (12_000, 9000)] {
                let mut coded = Coded {
                    params: Arc::clone(&params),
                    data: Vec::new(),
                    is_key: false,
                    damaged: false,
                    pts: Some(pts),
                    dts: Some(dts),
                };
                rounds.shift(&mut coded);
                stamps.push((coded.dts.unwrap(), coded.pts.unwrap()));
            }
            rounds.end();
        }
        assert_eq!(stamps[..4], [(3000, 9000), (6000, 15_000), (9000, 12_000), (18_600, 24_600)]);
        assert!(stamps.windows(2).all(|pair| pair[0].0 < pair[1].0), "{stamps:?}");
    }
}
