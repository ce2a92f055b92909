//! Lets an alarm be heard, through a player of the system (decision 0120).
//!
//! The samples go to its standard input. A thread of its own waits for it: a sound server that hangs
//! costs a sound, and nothing else. That nothing can be heard is told once.

mod tones;

use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Sender, after, bounded};

use crate::clock::{Clock, Mono, lock};
use crate::ingest::Waker;
use crate::ui::NoSound;
use crate::wall::Tone;

/// A player that needs longer for a sound of a second hangs.
const PLAYED_WITHIN: Duration = Duration::from_secs(8);

/// A player that plays is looked after this often.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How a program plays signed 16-bit samples of one channel from its standard input.
#[derive(Clone, Debug)]
pub(super) struct Player {
    program: String,
    args: Vec<String>,
}

impl Player {
    fn new(program: &str, args: &[&str]) -> Self {
        Self { program: program.to_owned(), args: args.iter().map(|a| (*a).to_owned()).collect() }
    }

    /// Those that Debian has, the best first: the sound server's (PulseAudio's and PipeWire's), and
    /// ALSA's where there is none.
    pub(super) fn of_the_system() -> Vec<Self> {
        let rate = tones::RATE.to_string();
        let server = format!("--rate={rate}");
        vec![
            Self::new(
                "pacat",
                &[
                    "--playback",
                    "--raw",
                    "--format=s16le",
                    "--channels=1",
                    &server,
                    "--client-name=Pollwall",
                    "--stream-name=alarm",
                    "--property=media.role=event",
                ],
            ),
            Self::new("aplay", &["-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", &rate, "-"]),
        ]
    }
}

/// The screen's side.
pub(super) struct Loudspeaker {
    tones: Sender<Tone>,
    silent: Arc<Mutex<Option<NoSound>>>,
    told: bool,
}

impl Loudspeaker {
    /// Waits for something to play. `waker` is called when it turns out that nothing can be heard.
    pub(super) fn start(
        players: Vec<Player>,
        clock: Arc<dyn Clock>,
        waker: Waker,
    ) -> io::Result<Self> {
        // One that waits while another is played.
        let (tones, asked) = bounded(1);
        let silent = Arc::<Mutex<Option<NoSound>>>::default();
        let to = Arc::clone(&silent);
        std::thread::Builder::new().name("alarm sound".into()).spawn(move || {
            for tone in &asked {
                let outcome = play(&players, tone, &*clock).err();
                *lock(&to) = outcome;
                if outcome.is_some() {
                    waker();
                }
            }
        })?;
        Ok(Self { tones, silent, told: false })
    }

    /// Plays it, unless two others still are. Never waits.
    pub(super) fn play(&self, tone: Tone) {
        // Whoever hears those hears that there is something.
        let _ = self.tones.try_send(tone);
    }

    /// Why nothing can be heard, the first time that this turns out.
    pub(super) fn trouble(&mut self) -> Option<NoSound> {
        let silent = *lock(&self.silent);
        silent.filter(|_| !std::mem::replace(&mut self.told, true))
    }
}

/// Plays with the first player that can.
fn play(players: &[Player], tone: Tone, clock: &dyn Clock) -> Result<(), NoSound> {
    let samples = tones::pcm(tone);
    let mut outcome = Err(NoSound::NoPlayer);
    for player in players {
        match play_with(player, &samples, clock) {
            Ok(()) => return Ok(()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => {
                log::warn!("{} played no alarm: {e}", player.program);
                outcome = Err(NoSound::NoDevice);
            }
        }
    }
    outcome
}

fn play_with(player: &Player, samples: &[u8], clock: &dyn Clock) -> io::Result<()> {
    let mut child = Command::new(&player.program)
        .args(&player.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let deadline = clock.mono() + PLAYED_WITHIN;
    // They fit into the pipe's buffer: this does not wait for a player that hangs. Dropped, it ends.
    let written = child.stdin.take().map_or(Ok(()), |mut pipe| pipe.write_all(samples));
    let played = wait(&mut child, clock, deadline);
    // A player that found no device has not read: how it ended says more than the broken pipe.
    played.and(written)
}

/// Waits for the player's end; ends it when it is late.
fn wait(child: &mut Child, clock: &dyn Clock, deadline: Mono) -> io::Result<()> {
    loop {
        if let Some(status) = child.try_wait()? {
            let failed = || io::Error::other(format!("it ended with {status}"));
            return if status.success() { Ok(()) } else { Err(failed()) };
        }
        if clock.mono() >= deadline {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        // Both outcomes mean "look again".
        let _ = after(LOOK_EVERY).recv();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::clock::{FakeClock, SystemClock};

    const LONG: Duration = Duration::from_secs(60);

    /// A player that writes what it gets into `file`.
    fn scribe(file: &Path) -> Player {
        Player::new(
            "sh",
            &["-c", &format!("cat > '{0}.part' && mv '{0}.part' '{0}'", file.display())],
        )
    }

    fn nobody() -> Player {
        Player::new("/nonexistent/player", &[])
    }

    fn deaf() -> Player {
        Player::new("sh", &["-c", "exit 1"])
    }

    /// Plays one and waits for the end of the thread. How often it woke the screen, and its trouble.
    fn after_one(players: Vec<Player>, clock: Arc<dyn Clock>) -> (usize, Option<NoSound>) {
        let (woken, wakes) = bounded(8);
        let waker: Waker = Arc::new(move || woken.try_send(()).unwrap());
        let speaker = Loudspeaker::start(players, clock, waker).unwrap();
        speaker.play(Tone::Chime);
        let silent = Arc::clone(&speaker.silent);
        drop(speaker);
        // With the thread the waker goes, and with it the sender.
        let count = std::iter::from_fn(|| wakes.recv_timeout(LONG).ok()).count();
        let trouble = *lock(&silent);
        (count, trouble)
    }

    #[test]
    fn the_first_player_that_can_gets_the_samples() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (dir.path().join("first"), dir.path().join("second"));
        let players = vec![nobody(), deaf(), scribe(&first), scribe(&second)];
        assert_eq!(after_one(players, Arc::new(SystemClock)), (0, None));
        assert_eq!(std::fs::read(&first).unwrap(), tones::pcm(Tone::Chime));
        assert!(!second.exists());
    }

    #[test]
    fn without_a_player_or_a_device_that_is_told_once() {
        let clock = || Arc::new(SystemClock);
        assert_eq!(after_one(vec![nobody()], clock()), (1, Some(NoSound::NoPlayer)));
        assert_eq!(after_one(vec![nobody(), deaf()], clock()), (1, Some(NoSound::NoDevice)));
        let mut speaker = Loudspeaker::start(Vec::new(), clock(), Arc::new(|| {})).unwrap();
        *lock(&speaker.silent) = Some(NoSound::NoDevice);
        assert_eq!(speaker.trouble(), Some(NoSound::NoDevice));
        assert_eq!(speaker.trouble(), None);
    }

    /// A clock on which every look is three seconds later.
    struct Fast(FakeClock);

    impl Clock for Fast {
        fn mono(&self) -> Mono {
            self.0.advance(Duration::from_secs(3));
            self.0.mono()
        }
        fn wall(&self) -> crate::clock::WallTime {
            self.0.wall()
        }
    }

    /// One is played, one waits, and whoever asks for more hears those two: nobody waits for a player.
    #[cfg(unix)]
    #[test]
    fn of_sounds_that_are_asked_for_at_once_one_waits() {
        let dir = tempfile::tempdir().unwrap();
        let [begun, gate] = ["begun", "gate"].map(|name| dir.path().join(name));
        let made = Command::new("mkfifo").args([&begun, &gate]).status().unwrap();
        assert!(made.success());
        // Says that it has begun, and plays until it is let go.
        let script = "cat >> played; echo > begun; read line < gate";
        let script = format!("cd '{}' && {script}", dir.path().display());
        let (woken, wakes) = bounded::<()>(1);
        let waker: Waker = Arc::new(move || woken.try_send(()).unwrap_or_default());
        let clock = Arc::new(FakeClock::default());
        let players = vec![Player::new("sh", &["-c", &script])];
        let speaker = Loudspeaker::start(players, clock, waker).unwrap();
        // Each of these blocks until the other side is there.
        let begins = || std::fs::read(&begun).map(|_| ()).unwrap();
        let let_go = || std::fs::write(&gate, "go\n").unwrap();
        let [first, second, third] = [Tone::Chime, Tone::Bell, Tone::Chime];
        speaker.play(first);
        begins();
        speaker.play(second);
        speaker.play(third);
        speaker.play(third);
        let_go();
        begins();
        let_go();
        let silent = Arc::clone(&speaker.silent);
        drop(speaker);
        // Nothing is ever sent: the thread has ended.
        assert!(wakes.recv_timeout(LONG).is_err());
        assert_eq!(*lock(&silent), None);
        let played = std::fs::read(dir.path().join("played")).unwrap();
        let expected = [first, second].map(tones::pcm).concat();
        assert!(played == expected, "{} of {}", played.len(), expected.len());
    }

    #[test]
    fn a_player_that_hangs_is_ended() {
        let hangs = Player::new("sh", &["-c", "exec sleep 1000"]);
        let clock = Arc::new(Fast(FakeClock::at(crate::clock::WallTime::default())));
        assert_eq!(after_one(vec![hangs], clock), (1, Some(NoSound::NoDevice)));
    }
}
