use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::*;
use crate::clock::{FakeClock, SystemClock, WallTime};
use crate::config::secrets::FeedSource;
use crate::health::{Assessment, Event, Pulse, State, Trouble};
use crate::media::{Codec, Encoder, EncoderSettings, RawPicture, StreamParams};
use crate::model::{FeedKind, StationId};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 360;
/// Between two units.
const STEP: Duration = Duration::from_millis(200);

/// A coded stream, played again and again: the parameters and for each unit its bytes and whether
/// it is a keyframe.
struct Film {
    params: Arc<StreamParams>,
    units: Vec<(Arc<[u8]>, bool)>,
}

impl Film {
    /// Pictures of `luma(x + y, number)`, a keyframe every `group`.
    fn new(count: u32, group: u32, luma: impl Fn(u32, u32) -> u8) -> Self {
        crate::media::init().unwrap();
        let settings = EncoderSettings {
            codec: Codec::H264,
            width: WIDTH,
            height: HEIGHT,
            frames_per_second: 5,
            bits_per_second: 300_000,
            frames_per_group: group,
        };
        let mut encoder = Encoder::open(settings).unwrap();
        let mut coded = Vec::new();
        let chroma = vec![128; (WIDTH * HEIGHT / 4) as usize];
        for number in 0..count {
            let pixels = (0..WIDTH * HEIGHT).map(|i| luma(i % WIDTH + i / WIDTH, number));
            let y: Vec<u8> = pixels.collect();
            let picture = RawPicture { y: &y, u: &chroma, v: &chroma };
            encoder.encode(picture, &mut |picture| coded.push(picture)).unwrap();
        }
        encoder.finish(&mut |picture| coded.push(picture)).unwrap();
        let kind = |nal: &[u8]| nal[0] & 0x1f;
        let set = |wanted: u8| {
            coded[0].nals.iter().find(|nal| kind(nal) == wanted).expect("a parameter set")
        };
        let (sps, pps) = (set(7), set(8));
        // ISO/IEC 14496-15, 5.3.3.1.
        let mut record = vec![1, sps[1], sps[2], sps[3], 0xff, 0xe1];
        record.extend((sps.len() as u16).to_be_bytes());
        record.extend_from_slice(sps);
        record.push(1);
        record.extend((pps.len() as u16).to_be_bytes());
        record.extend_from_slice(pps);
        let params = StreamParams {
            codec: Codec::H264,
            extra_data: record,
            width: WIDTH,
            height: HEIGHT,
            sample_aspect: None,
        };
        let unit = |picture: &crate::media::CodedPicture| {
            let mut data = Vec::new();
            for nal in picture.nals.iter().filter(|nal| !matches!(kind(nal), 7 | 8)) {
                data.extend((nal.len() as u32).to_be_bytes());
                data.extend_from_slice(nal);
            }
            (data.into(), picture.is_key)
        };
        Self { params: Arc::new(params), units: coded.iter().map(unit).collect() }
    }

    /// A pattern that moves; a keyframe every two seconds.
    fn room() -> &'static Self {
        static ROOM: OnceLock<Film> = OnceLock::new();
        ROOM.get_or_init(|| Self::new(160, 10, |at, number| ((at + number * 9) % 160) as u8 + 40))
    }

    fn black() -> Self {
        Self::new(20, 10, |_, _| 16)
    }

    fn unit(&self, number: usize, clock: &dyn Clock) -> AccessUnit {
        let (data, is_key) = self.units[number % self.units.len()].clone();
        AccessUnit {
            params: Arc::clone(&self.params),
            data,
            is_key,
            after_loss: false,
            pts: number as i64 * 18_000,
            arrived_at: clock.mono(),
            taken_at: clock.wall(),
        }
    }
}

fn feed(station: u32, clock: &Arc<dyn Clock>) -> Arc<Feed> {
    let source = FeedSource {
        id: FeedId { station: StationId::new(1, station), kind: FeedKind::Main },
        url: "rtsp://127.0.0.1/".parse().unwrap(),
        shown_url: String::new(),
        login: None,
    };
    let feed = Feed::new(source, Arc::clone(clock), 4 << 20, Default::default());
    feed.observe(Event::Playing);
    feed
}

/// A clock that stands still until it is moved, and feeds with their sampler.
struct Rig {
    time: Arc<FakeClock>,
    clock: Arc<dyn Clock>,
    feeds: Vec<Arc<Feed>>,
    sampler: Sampler,
    number: usize,
}

impl Rig {
    fn new(feeds: u32) -> Self {
        let time = Arc::new(FakeClock::at(WallTime::from_micros(0)));
        let clock: Arc<dyn Clock> = Arc::clone(&time) as _;
        let feeds: Vec<_> = (1..=feeds).map(|n| feed(n, &clock)).collect();
        let all = feeds.clone();
        let sampler = Sampler::new(Box::new(move || all.clone()), Arc::clone(&clock));
        Self { time, clock, feeds, sampler, number: 0 }
    }

    /// Plays `film` to all feeds for `seconds`, the sampler beside it.
    fn play(&mut self, film: &Film, seconds: u64) {
        for _ in 0..seconds * 5 {
            for feed in &self.feeds {
                feed.deliver(film.unit(self.number, &*self.clock));
            }
            self.number += 1;
            self.sample();
            self.time.advance(STEP);
        }
    }

    /// All turns that are due.
    fn sample(&mut self) {
        while self.sampler.step() <= self.clock.mono() {}
    }

    fn said(&self, feed: usize) -> Assessment {
        let now = self.clock.mono();
        self.feeds[feed].assess(now, Pulse::starting(now))
    }

    fn looks(&self) -> u32 {
        self.sampler.told.looks
    }

    /// How long the one that has waited longest has waited for a look.
    fn waited(&self) -> Duration {
        let since = self.sampler.done.read(&self.feeds).unseen_since;
        since.map_or(Duration::ZERO, |since| self.clock.mono().since(since))
    }
}

#[test]
fn a_feed_off_screen_that_turns_black_is_told() {
    let (room, black) = (Film::room(), Film::black());
    let mut rig = Rig::new(2);
    rig.play(room, 60);
    assert_eq!(rig.said(0).state, State::Live);
    assert!(rig.said(0).evidence.looked_at.is_some());
    let began = rig.clock.mono();
    rig.play(&black, 10);
    let said = rig.said(1);
    assert_eq!(said.state, State::Black);
    assert!(said.since >= began - Duration::from_secs(1), "{:?} {began:?}", said.since);
    rig.play(room, 12);
    assert_eq!(rig.said(1).state, State::Live);
}

#[test]
fn what_cannot_be_decoded_is_told_although_nobody_looks() {
    let mut rig = Rig::new(1);
    let good = Film::room();
    let bad = good.units.iter().map(|(_, is_key)| (vec![0xff; 40].into(), *is_key));
    let film = Film { params: Arc::clone(&good.params), units: bad.collect() };
    rig.play(&film, 9);
    assert_eq!(rig.said(0).state, State::Live, "two keyframes may have been damaged on the way");
    rig.play(&film, 8);
    let said = rig.said(0);
    assert_eq!((said.state, said.trouble), (State::Unsupported, Some(Trouble::Undecodable)));
    assert!(rig.feeds[0].counters.damaged.load(Ordering::Relaxed) >= 3);
    rig.number = 0;
    rig.play(good, 6);
    assert_eq!(rig.said(0).state, State::Live);
}

#[test]
fn every_feed_has_its_turn_and_no_keyframe_has_two() {
    let film = Film::room();
    let mut rig = Rig::new(3);
    rig.play(film, 1);
    assert_eq!(rig.looks(), 3, "those that were never looked at come at once");
    rig.play(film, 49);
    // Once in five seconds, or once a keyframe where that looks suspicious.
    assert!((27..=78).contains(&rig.looks()), "{}", rig.looks());
    // No unit comes any more: what there is has been looked at.
    let looks = rig.looks();
    for _ in 0..50 {
        rig.time.advance(STEP);
        rig.sample();
    }
    assert!(rig.looks() <= looks + 3, "at most the newest once: {}", rig.looks() - looks);
}

#[test]
fn who_is_looked_at_on_screen_has_no_turn() {
    let film = Film::room();
    let mut rig = Rig::new(2);
    let mut stills = Stills::default();
    let on_screen = Arc::clone(&rig.feeds[0]);
    for _ in 0..30 {
        let key = film.unit(0, &*rig.clock);
        if on_screen.wants_look(Duration::from_secs(1)) {
            on_screen.looked(&stills.last_of(&[key]).unwrap().unwrap(), true);
        }
        rig.play(film, 1);
    }
    assert!((5..=8).contains(&rig.looks()), "those at the other one: {}", rig.looks());
}

#[test]
fn what_was_last_seen_is_shown_first_and_says_how_old_it_is() {
    let film = Film::room();
    let mut rig = Rig::new(1);
    let feed = Arc::clone(&rig.feeds[0]);
    drop(feed.join());
    assert!(feed.mailbox.take().is_none() && feed.thumbnail().is_none(), "nothing was seen yet");
    feed.leave();
    rig.play(film, 7);
    let small = feed.thumbnail().expect("a small picture");
    assert_eq!((small.width, small.height), (266, 150));
    let _join = feed.join();
    let shown = feed.mailbox.take().expect("shown before the decoder has begun");
    assert_eq!((shown.arrived_at, shown.taken_at), (small.arrived_at, small.taken_at));
    assert!(rig.clock.mono().since(shown.arrived_at) > Duration::from_secs(1), "it is that old");
    assert_eq!(feed.newest_picture(), None, "and is no picture of the decoder");
    feed.leave();
    assert!(feed.mailbox.take().is_none(), "nobody looks");
    rig.play(film, 7);
    let later = feed.thumbnail().unwrap();
    assert!(later.arrived_at > small.arrived_at);
}

#[test]
fn a_stretched_group_is_followed_to_its_end() {
    // One keyframe in three minutes.
    let film = Film::new(900, 900, |at, number| ((at + number) % 160) as u8 + 40);
    assert_eq!(film.units.iter().filter(|(_, is_key)| *is_key).count(), 1);
    let mut rig = Rig::new(1);
    for _ in 0..110 {
        rig.play(&film, 1);
        assert_eq!(rig.said(0).state, State::Live, "{:?}", rig.clock.mono());
    }
    let last = rig.said(0).evidence.looked_at.unwrap();
    assert!(last > Mono::default() + Duration::from_secs(80), "{last:?}");
    // Longer than is worth it: then nobody has seen it for a minute, and why is said.
    rig.play(&film, 60);
    let said = rig.said(0);
    assert_eq!((said.state, said.trouble), (State::Unsupported, Some(Trouble::NoKeyframe)));
}

#[test]
fn another_list_is_taken_and_what_has_gone_is_let_go() {
    let film = Film::room();
    let mut rig = Rig::new(2);
    rig.play(film, 1);
    let first = Arc::downgrade(&rig.feeds[0]);
    // The same station again, with another address: another feed.
    let again = feed(1, &rig.clock);
    rig.feeds = vec![Arc::clone(&again)];
    rig.sampler.feeds = Box::new(move || vec![Arc::clone(&again)]);
    rig.play(film, 2);
    assert!(first.upgrade().is_none(), "held by nobody");
    assert!(rig.feeds[0].thumbnail().is_some(), "the new one was looked at first");
    assert_eq!(rig.sampler.seats.len(), 1);
}

#[test]
fn what_was_done_is_counted_and_who_waits_is_known() {
    let film = Film::room();
    let mut rig = Rig::new(2);
    let done = Arc::clone(&rig.sampler.done);
    assert_eq!(done.read(&rig.feeds).unseen_since, None, "nothing has come yet");
    let first = rig.clock.mono();
    rig.feeds[1].deliver(film.unit(0, &*rig.clock));
    rig.time.advance(Duration::from_secs(9));
    assert_eq!(done.read(&rig.feeds).unseen_since, Some(first), "no look yet: since it came");
    rig.play(film, 20);
    let read = done.read(&rig.feeds);
    assert_eq!(read.samples, u64::from(rig.looks()));
    assert!(rig.waited() <= LOOK_EVERY + Duration::from_secs(2), "{:?}", rig.waited());
    // The sampler does not get to run.
    for _ in 0..90 * 5 {
        for feed in &rig.feeds {
            feed.deliver(film.unit(rig.number, &*rig.clock));
        }
        rig.number += 1;
        rig.time.advance(STEP);
    }
    assert!(rig.waited() >= Duration::from_secs(88), "{:?}", rig.waited());
    for feed in &rig.feeds {
        feed.observe(Event::Lost(Trouble::Refused));
    }
    assert_eq!(done.read(&rig.feeds).unseen_since, None, "what is lost waits for no look");
}

#[test]
fn a_look_in_vain_is_a_look_but_no_sample() {
    let good = Film::room();
    let bad = good.units.iter().map(|(_, is_key)| (vec![0xff; 40].into(), *is_key));
    let film = Film { params: Arc::clone(&good.params), units: bad.collect() };
    let mut rig = Rig::new(1);
    rig.play(&film, 60);
    let read = rig.sampler.done.read(&rig.feeds);
    assert!(rig.looks() > 5 && read.samples == 0, "{read:?}");
    assert!(rig.waited() <= LOOK_EVERY + Duration::from_secs(2), "{:?}", rig.waited());
}

/// The demo has such a camera: the figure grew for as long as it ran, and its alert with it.
#[test]
fn no_look_is_late_for_a_feed_whose_keyframes_have_stopped() {
    let film = Film::room();
    let mut rig = Rig::new(2);
    rig.play(film, 20);
    let (mute, well) = (Arc::clone(&rig.feeds[0]), Arc::clone(&rig.feeds[1]));
    for _ in 0..200 * 5 {
        let unit = film.unit(rig.number, &*rig.clock);
        mute.deliver(AccessUnit { is_key: false, ..unit.clone() });
        well.deliver(unit);
        rig.number += 1;
        rig.sample();
        rig.time.advance(STEP);
    }
    assert!(mute.is_playing() && rig.waited() <= LOOK_EVERY + Duration::from_secs(2));
    let said = rig.said(0);
    assert_eq!((said.state, said.trouble), (State::Unsupported, Some(Trouble::NoKeyframe)));
    assert_eq!(rig.said(1).state, State::Live);
    // In another session there is nothing to look at until its first keyframe comes.
    mute.deliver(film.unit(0, &*rig.clock));
    assert!(mute.unseen_since().is_some());
    mute.observe(Event::Lost(Trouble::Closed));
    mute.observe(Event::Playing);
    mute.deliver(AccessUnit { is_key: false, ..film.unit(1, &*rig.clock) });
    assert_eq!(mute.unseen_since(), None);
}

/// Units that an H.265 decoder takes without a word: each holds a delimiter and nothing else
/// (Rec. ITU-T H.265, 7.3.2.5).
fn wordless() -> Film {
    crate::media::init().unwrap();
    let params = StreamParams {
        codec: Codec::H265,
        extra_data: Vec::new(),
        width: WIDTH,
        height: HEIGHT,
        sample_aspect: None,
    };
    let delimiter: Arc<[u8]> = [0, 0, 0, 1, 0x46, 0x01, 0x50].into();
    Film {
        params: Arc::new(params),
        units: vec![(Arc::clone(&delimiter), true), (delimiter, false)],
    }
}

#[test]
fn keyframes_of_which_nothing_comes_are_told_and_cost_little() {
    let (good, mute) = (Film::room(), wordless());
    let mut rig = Rig::new(2);
    let (mut states, mut units) = (Vec::new(), Vec::new());
    for step in 0..4 * 60 * 5 {
        let [silent, well] = &rig.feeds[..] else { panic!("two feeds") };
        well.deliver(good.unit(step, &*rig.clock));
        // A long group, all of it there when it is looked at.
        let count = if step % 25 == 0 { REFRESH_RUN } else { 1 };
        for n in 0..count {
            let unit = mute.unit(usize::from(step % 25 != 0 || n > 0), &*rig.clock);
            silent.deliver(unit);
        }
        rig.sample();
        if (step + 1) % (60 * 5) == 0 {
            let said = rig.said(0);
            states.push((said.state, said.trouble));
            let told = rig.sampler.told;
            units.push((told.looks, told.units));
        }
        rig.time.advance(STEP);
    }
    let why = Some(Trouble::Undecodable);
    let not_checked = (State::NotChecked, why.clone());
    assert_eq!(states[0], not_checked);
    assert_eq!(states[1], not_checked);
    assert_eq!(states[3], (State::Unsupported, why), "three dozen keyframes say enough");
    assert_eq!(rig.said(1).state, State::Live);
    let run = REFRESH_RUN as u64;
    for (minute, (looks, units)) in units.into_iter().enumerate() {
        let most = if minute == 0 { 3 } else { 1 };
        assert!(looks > 20 && units <= u64::from(looks) + most * run, "{minute}: {looks} {units}");
    }
}

/// A clock by which every look costs `cost_us` of the processor.
struct Costly {
    time: FakeClock,
    cost_us: u64,
    asked: AtomicU64,
}

impl Clock for Costly {
    fn mono(&self) -> Mono {
        self.time.mono()
    }
    fn wall(&self) -> WallTime {
        self.time.wall()
    }
    fn thread_time(&self) -> Duration {
        // Asked before and after each look.
        Duration::from_micros(self.asked.fetch_add(1, Ordering::Relaxed) * self.cost_us)
    }
}

#[test]
fn what_costs_too_much_is_done_more_rarely_and_for_all_alike() {
    let film = Film::room();
    // A country of large pictures: forty feeds want eight looks a second, and there is budget for
    // four of 150 ms.
    let clock =
        Arc::new(Costly { time: FakeClock::default(), cost_us: 150_000, asked: AtomicU64::new(0) });
    let shared: Arc<dyn Clock> = Arc::clone(&clock) as _;
    let feeds: Vec<_> = (1..=40).map(|n| feed(n, &shared)).collect();
    let all = feeds.clone();
    let mut sampler = Sampler::new(Box::new(move || all.clone()), Arc::clone(&shared));
    let (mut looks, mut oldest) = (0, Duration::ZERO);
    for number in 0..5 * 50 {
        if film.unit(number, &*shared).is_key {
            for feed in &feeds {
                feed.deliver(film.unit(number, &*shared));
            }
        }
        for _ in 0..8 {
            while sampler.step() <= shared.mono() {}
            clock.time.advance(STEP / 8);
        }
        looks = looks.max(sampler.told.looks);
        if number > 5 * 20 {
            let ages = feeds.iter().map(|feed| {
                feed.newest_look().map_or(Duration::MAX, |look| shared.mono().since(look))
            });
            oldest = oldest.max(ages.max().unwrap());
        }
    }
    let busy = sampler.done.read(&feeds).busy;
    assert!(busy >= looks * Duration::from_micros(clock.cost_us), "{busy:?}");
    assert!((180..=205).contains(&looks), "four a second for fifty seconds: {looks}");
    // A round of forty takes ten seconds; a keyframe may be two seconds old when it is looked at.
    assert!(oldest <= Duration::from_secs(14), "{oldest:?}");
}

#[test]
fn it_ends_when_nobody_wants_it_any_more() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (roll, stopping) = Roll::begin();
    let feeds = vec![feed(1, &clock)];
    let thread = SamplerThread::start(move || feeds.clone(), clock, &roll).unwrap();
    drop(roll);
    drop(thread);
    assert_eq!(stopping.wait(Duration::from_secs(60)), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever a camera sends, looking at it fails at worst.
    #[test]
    fn nonsense_fails_at_worst(
        units in prop::collection::vec(
            (prop::collection::vec(any::<u8>(), 0..200), prop::bool::weighted(0.4)), 1..20,
        ),
    ) {
        let mut rig = Rig::new(1);
        let film = Film {
            params: Arc::new(StreamParams {
                codec: Codec::H264, extra_data: Vec::new(), width: 0, height: 0, sample_aspect: None,
            }),
            units: units.into_iter().map(|(data, is_key)| (data.into(), is_key)).collect(),
        };
        crate::media::init().unwrap();
        rig.play(&film, 12);
        prop_assert!(rig.feeds[0].thumbnail().is_none());
    }
}
