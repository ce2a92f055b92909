//! The reference cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pollwall::clock::Mono;
use pollwall::frame::{LUMA_HEIGHT, LUMA_WIDTH, Luma};
use pollwall::health::picture::Sample;
use pollwall::health::{Event, FeedHealth, Pulse, Trouble, Unit};
use serde::Deserialize;

/// How often it is asked, in milliseconds.
const ASKED_EVERY_MS: u64 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it is about, for whoever reads it.
    about: String,
    lasts_ms: u64,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
enum Step {
    /// The session plays.
    Playing { at_ms: u64 },
    /// The session or the attempt ended.
    Lost { at_ms: u64, trouble: String },
    /// Keyframe after keyframe gives no picture.
    Undecodable { at_ms: u64 },
    /// Units come, the gaps between them in turn; every `key_every`th is a keyframe, the first of
    /// all included.
    Units {
        from_ms: u64,
        to_ms: u64,
        gaps_ms: Vec<u64>,
        #[serde(default = "usual_group")]
        key_every: usize,
        #[serde(default = "usual_bytes")]
        bytes: usize,
        #[serde(default)]
        damaged: bool,
    },
    /// A picture is looked at.
    Looks {
        from_ms: u64,
        to_ms: u64,
        #[serde(default = "usual_look")]
        every_ms: u64,
        picture: Picture,
    },
    /// This machine stands still: it does not beat.
    Deaf { from_ms: u64, to_ms: u64 },
}

fn usual_group() -> usize {
    25
}

fn usual_bytes() -> usize {
    1500
}

fn usual_look() -> u64 {
    5000
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Picture {
    /// A room in which somebody moves.
    Room,
    /// The lens cap.
    Black,
    /// A hand before the lens.
    Covered,
    /// The room, and always the same moment.
    Still,
}

impl Picture {
    pub(crate) fn luma(self, ms: u64) -> Luma {
        let moment = if matches!(self, Self::Still) { 0 } else { ms };
        let (width, height) = (u64::from(LUMA_WIDTH), u64::from(LUMA_HEIGHT));
        let mut noise = fastrand::Rng::with_seed(moment);
        let person = moment / 40 % width;
        let pixel = |n: u64| {
            let (x, y) = (n % width, n / width);
            let value = match self {
                Self::Black => 2,
                Self::Covered => 70 + x / 20,
                Self::Room | Self::Still if x.abs_diff(person) < 8 && y > 12 => 40 + y,
                // Walls, a window, desks.
                Self::Room | Self::Still => match (x / 9 % 2, y / 7 % 2) {
                    (0, 0) => 180,
                    (1, 1) => 60,
                    _ => 120 + x / 2,
                },
            };
            u8::try_from(value).unwrap() + noise.u8(..2)
        };
        let data = (0..width * height).map(pixel).collect();
        Luma { width: LUMA_WIDTH, height: LUMA_HEIGHT, data }
    }
}

/// One thing that has to be said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    state: String,
    trouble: Option<String>,
    /// When it is first said.
    at_ms: Option<u64>,
    /// … or between when and when.
    from_ms: Option<u64>,
    by_ms: Option<u64>,
    /// Since when it says that it has been so.
    since_ms: Option<u64>,
}

/// One thing that was said.
#[derive(Debug)]
struct Said {
    at_ms: u64,
    state: &'static str,
    trouble: Option<&'static str>,
    since_ms: u64,
}

impl Wanted {
    fn is(&self, said: &Said) -> bool {
        let on_time = match self.at_ms {
            Some(at) => said.at_ms == at,
            None => {
                let span = self.from_ms.expect("from_ms")..=self.by_ms.expect("by_ms");
                span.contains(&said.at_ms)
            }
        };
        on_time
            && said.state == self.state
            && said.trouble == self.trouble.as_deref()
            && self.since_ms.is_none_or(|since| since == said.since_ms)
    }
}

fn at(ms: u64) -> Mono {
    Mono::from_micros(i64::try_from(ms * 1000).unwrap())
}

fn trouble(code: &str) -> Trouble {
    let known = [
        Trouble::Closed,
        Trouble::Refused,
        Trouble::FramesStopped,
        Trouble::NoFirstFrame,
        Trouble::ConnectTimedOut,
        Trouble::AuthRejected,
        Trouble::AuthGivenUp,
    ];
    known.into_iter().find(|t| t.code() == code).unwrap_or_else(|| panic!("no trouble {code:?}"))
}

enum Happens {
    Event(Event),
    Look(Picture),
}

/// All that happens, in order of time.
fn timeline(case: &Case) -> Vec<(u64, Happens)> {
    let mut all = Vec::new();
    for step in &case.steps {
        match step {
            Step::Playing { at_ms } => all.push((*at_ms, Happens::Event(Event::Playing))),
            Step::Lost { at_ms, trouble: code } => {
                all.push((*at_ms, Happens::Event(Event::Lost(trouble(code)))));
            }
            Step::Undecodable { at_ms } => {
                let event = Event::DecodeFailed(Trouble::Undecodable);
                all.push((*at_ms, Happens::Event(event)));
            }
            Step::Units { from_ms, to_ms, gaps_ms, key_every, bytes, damaged } => {
                let mut now = *from_ms;
                for (number, gap) in gaps_ms.iter().cycle().enumerate() {
                    if now >= *to_ms {
                        break;
                    }
                    let is_key = *key_every > 0 && number % key_every == 0;
                    let bytes = if is_key { bytes.max(&9000) } else { bytes };
                    let unit = Unit { bytes: *bytes, is_key, after_loss: *damaged && !is_key };
                    all.push((now, Happens::Event(Event::Unit(unit))));
                    now += gap;
                }
            }
            Step::Looks { from_ms, to_ms, every_ms, picture } => {
                let times = (*from_ms..*to_ms).step_by(usize::try_from(*every_ms).unwrap());
                all.extend(times.map(|ms| (ms, Happens::Look(*picture))));
            }
            Step::Deaf { .. } => {}
        }
    }
    all.sort_by_key(|(ms, _)| *ms);
    all
}

fn replay(case: &Case) -> Vec<Said> {
    let deaf = |ms: u64| {
        case.steps.iter().any(|step| match step {
            Step::Deaf { from_ms, to_ms } => (*from_ms..*to_ms).contains(&ms),
            _ => false,
        })
    };
    let mut happens = timeline(case).into_iter().peekable();
    let mut health = FeedHealth::new(at(0));
    let mut pulse = Pulse::starting(at(0));
    let mut said: Vec<Said> = Vec::new();
    for now in (0..=case.lasts_ms).step_by(ASKED_EVERY_MS as usize) {
        while let Some((ms, what)) = happens.next_if(|(ms, _)| *ms <= now) {
            match what {
                Happens::Event(event) => health.observe(event, at(ms)),
                Happens::Look(picture) => health.sample(Sample {
                    at: at(ms),
                    arrived_at: at(ms),
                    is_key: true,
                    luma: Arc::new(picture.luma(ms)),
                }),
            }
        }
        if !deaf(now) {
            pulse = pulse.beaten(at(now));
        }
        let verdict = health.assess(at(now), pulse);
        let (state, trouble) = (verdict.state.code(), verdict.trouble.as_ref().map(Trouble::code));
        if said.last().is_none_or(|last| (last.state, last.trouble) != (state, trouble)) {
            let since_ms = u64::try_from(verdict.since.as_micros() / 1000).unwrap();
            said.push(Said { at_ms: now, state, trouble, since_ms });
        }
    }
    said
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn what_is_said_of_each_reference_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/health");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut events: Vec<PathBuf> =
        files.filter(|path| path.to_string_lossy().ends_with(".events.json")).collect();
    events.sort();
    assert!(events.len() >= 12, "{} cases", events.len());
    let mut wrong = Vec::new();
    for path in events {
        let case: Case = read(&path);
        let name = path.file_name().unwrap().to_string_lossy().replace(".events.json", "");
        let wanted: Vec<Wanted> = read(&folder.join(format!("{name}.states.json")));
        let said = replay(&case);
        let right = said.len() == wanted.len() && wanted.iter().zip(&said).all(|(w, s)| w.is(s));
        if !right {
            let said: Vec<String> = said.iter().map(|said| format!("    {said:?}")).collect();
            wrong.push(format!("{name} ({}):\n{}", case.about, said.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "said otherwise:\n{}", wrong.join("\n"));
}
