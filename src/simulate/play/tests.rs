//! What a session gets from a camera of 15 pictures a second with a keyframe every two seconds,
//! under each fault that shows in the stream.

use super::super::camera::tests::reel;
use super::*;
use crate::model::FeedKind;
use crate::simulate::fault::Resets;

const START: i64 = 1_000_000_000;

fn at(ms: i64) -> Mono {
    Mono::from_micros(START + ms * 1000)
}

/// A picture or a report as it went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Picture { is_key: bool, seq: u16, timestamp: u32 },
    Report { timestamp: u32, wall_s: u32 },
}

struct Rig {
    camera: Camera,
    condition: Condition,
    play: Play,
    totals: Step,
}

const PLAYBACK: Playback =
    Playback { kind: FeedKind::Main, channel: 0, ssrc: 9, seq: 100, offset: 5000 };

impl Rig {
    /// Joins at time 0, 4.5 s after the camera's beginning: picture 67 is the newest, 60 was the
    /// last keyframe, 90 will be the next (at 1.5 s).
    fn new(condition: Condition) -> Self {
        let camera = Camera::new(reel(60, 30, 15), at(0), Duration::from_millis(4500));
        let play = Play::new(PLAYBACK, &camera, condition.bursts, &condition, at(0));
        Self { camera, condition, play, totals: Step::default() }
    }

    fn step(&mut self, ms: i64, room: usize, out: &mut Vec<u8>) -> Step {
        let scene = Scene {
            camera: &self.camera,
            condition: &self.condition,
            script_began: at(0),
            chance: 3,
        };
        let now = Now { mono: at(ms), wall_us: ms * 1000 };
        self.play.step(&scene, now, room, out)
    }

    /// The bytes from one time to another, a step each 10 ms.
    fn bytes(&mut self, from_ms: i64, to_ms: i64) -> Vec<u8> {
        self.bytes_with_room(from_ms, to_ms, usize::MAX / 2)
    }

    fn bytes_with_room(&mut self, from_ms: i64, to_ms: i64, room: usize) -> Vec<u8> {
        let mut out = Vec::new();
        for ms in (from_ms..to_ms).step_by(10) {
            let step = self.step(ms, room, &mut out);
            self.totals.sent += step.sent;
            self.totals.dropped += step.dropped;
            self.totals.resets |= step.resets;
            if step.resets {
                break;
            }
        }
        out
    }

    fn seen(&mut self, from_ms: i64, to_ms: i64) -> Vec<Seen> {
        seen(&self.bytes(from_ms, to_ms))
    }

    fn pictures(&mut self, from_ms: i64, to_ms: i64) -> Vec<Seen> {
        let mut seen = self.seen(from_ms, to_ms);
        seen.retain(|s| matches!(s, Seen::Picture { .. }));
        seen
    }
}

/// Takes the stream apart; a keyframe counts once, though its parameter sets come before it.
fn seen(mut bytes: &[u8]) -> Vec<Seen> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        assert_eq!(bytes[0], b'$', "the stream is whole");
        let length = usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
        let (packet, rest) = bytes[4..].split_at(length);
        let word = |at: usize| u32::from_be_bytes(packet[at..at + 4].try_into().unwrap());
        if bytes[1] == 1 {
            let wall_s = word(8).wrapping_sub(2_208_988_800);
            found.push(Seen::Report { timestamp: word(16), wall_s });
        } else if packet[1] & 0x80 != 0 {
            let is_key = packet[12] == 0x65;
            let seq = u16::from_be_bytes([packet[2], packet[3]]);
            found.push(Seen::Picture { is_key, seq, timestamp: word(4) });
        }
        bytes = rest;
    }
    found
}

fn keys(seen: &[Seen]) -> Vec<usize> {
    let is_key = |(_, s): &(usize, &Seen)| matches!(s, Seen::Picture { is_key: true, .. });
    seen.iter().enumerate().filter(is_key).map(|(at, _)| at).collect()
}

fn times(seen: &[Seen]) -> Vec<u32> {
    seen.iter()
        .filter_map(|s| match s {
            Seen::Picture { timestamp, .. } => Some(timestamp.wrapping_sub(5000) / 6000),
            Seen::Report { .. } => None,
        })
        .collect()
}

#[test]
fn a_join_gets_what_comes_next_and_a_burst_begins_with_the_last_keyframe() {
    let mut rig = Rig::new(Condition::default());
    let pictures = rig.pictures(0, 2000);
    assert_eq!(pictures.len(), 30);
    assert_eq!(keys(&pictures), [22], "the 90th picture");
    assert_eq!(times(&pictures), (68..98).collect::<Vec<u32>>());
    let sequence: Vec<u16> = pictures
        .iter()
        .filter_map(|s| match s {
            Seen::Picture { seq, .. } => Some(*seq),
            Seen::Report { .. } => None,
        })
        .collect();
    assert_eq!(sequence[..22], (100..122).collect::<Vec<u16>>()[..]);
    assert_eq!(sequence[22], 124, "two packets with parameter sets came before it");

    let mut rig = Rig::new(Condition { bursts: true, ..Condition::default() });
    let burst = rig.pictures(0, 10);
    assert_eq!(times(&burst), (60..68).collect::<Vec<u32>>());
    assert_eq!(keys(&burst), [0]);
    assert_eq!(times(&rig.pictures(10, 200)), [68, 69, 70]);
}

#[test]
fn reports_come_every_five_seconds_with_the_camera_s_clock() {
    let mut rig = Rig::new(Condition::default());
    let reports: Vec<Seen> = rig.seen(0, 12_000);
    let reports: Vec<&Seen> = reports.iter().filter(|s| matches!(s, Seen::Report { .. })).collect();
    assert_eq!(reports.len(), 3);
    assert!(matches!(reports[0], Seen::Report { wall_s: 0, .. }));
    assert!(matches!(reports[1], Seen::Report { wall_s: 5, .. }));
}

#[test]
fn a_mute_camera_sends_nothing_and_one_with_reports_only_sends_those() {
    let mut rig = Rig::new(Condition { flow: Flow::Mute, ..Condition::default() });
    assert!(rig.bytes(0, 12_000).is_empty());
    // Afterwards it begins with a keyframe: number 270, at 13.5 s.
    rig.condition = Condition::default();
    let pictures = rig.pictures(12_000, 14_000);
    assert_eq!(keys(&pictures)[0], 0);
    assert_eq!(times(&pictures)[0], 270);

    let mut rig = Rig::new(Condition { flow: Flow::RtcpOnly, ..Condition::default() });
    let seen = rig.seen(0, 12_000);
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|s| matches!(s, Seen::Report { .. })), "{seen:?}");
}

#[test]
fn a_drip_is_a_byte_at_a_time_and_leaves_the_stream_whole() {
    let every = Duration::from_millis(500);
    let mut rig = Rig::new(Condition { flow: Flow::Drip { every }, ..Condition::default() });
    let dripped = rig.bytes(0, 3000);
    assert_eq!(dripped.len(), 6);
    rig.condition = Condition::default();
    let rest = rig.bytes(3000, 5000);
    let mut pictures = seen(&[dripped, rest].concat());
    pictures.retain(|s| matches!(s, Seen::Picture { .. }));
    assert_eq!(times(&pictures)[0], 67, "the picture that dripped, now whole");
    assert_eq!(keys(&pictures), [1], "then from a keyframe on");
}

#[test]
fn after_a_pause_everything_comes_at_once_or_was_never_taken() {
    let paused = |backlog| Condition { flow: Flow::Pause(backlog), ..Condition::default() };
    let mut rig = Rig::new(Condition::default());
    rig.bytes(0, 1000);
    rig.condition = paused(Backlog::Send);
    assert!(rig.bytes(1000, 6000).is_empty());
    rig.condition = Condition::default();
    let burst = rig.pictures(6000, 6010);
    assert_eq!(burst.len(), 75, "five seconds of pictures");
    assert_eq!(times(&burst)[0], 83);

    let mut rig = Rig::new(Condition::default());
    let last = *times(&rig.pictures(0, 1000)).last().unwrap();
    let unit = rig.camera.unit(u64::from(last));
    rig.condition = paused(Backlog::Skip);
    assert!(rig.bytes(1000, 6000).is_empty());
    rig.camera.stood_still(75);
    rig.condition = Condition::default();
    let next = times(&rig.pictures(6000, 6100))[0];
    assert_eq!(next, last + 76, "time has passed");
    assert_eq!(rig.camera.unit(u64::from(next)), unit + 1, "the next unit is the one after");
}

#[test]
fn clocks_jump_and_come_back() {
    let mut rig = Rig::new(Condition::default());
    let before = *times(&rig.pictures(0, 1000)).last().unwrap();
    rig.condition = Condition { rtp_shift_ms: 10_000, ..Condition::default() };
    let jumped = times(&rig.pictures(1000, 2000));
    assert_eq!(jumped[0], before + 1 + 150);
    rig.condition =
        Condition { rtp_shift_ms: -2000, clock_shift_ms: -2000, ..Condition::default() };
    let seen = rig.seen(2000, 2100);
    assert_eq!(times(&seen)[0], before + 1 + 15 - 30);
    // The report comes at once; -2 s + 2 s is 0 s.
    assert!(seen.iter().any(|s| matches!(s, Seen::Report { wall_s: 0, .. })), "{seen:?}");
    rig.condition = Condition::default();
    assert_eq!(times(&rig.pictures(2100, 2200))[0], before + 1 + 16);
}

#[test]
fn what_this_machine_came_too_late_for_is_counted() {
    let mut rig = Rig::new(Condition::default());
    rig.pictures(0, 1000);
    let mut out = Vec::new();
    let step = rig.step(8000, usize::MAX / 2, &mut out);
    assert!((90..=105).contains(&step.late), "six and a half seconds: {step:?}");
    assert_eq!(rig.step(8100, usize::MAX / 2, &mut out).late, 0);
}

#[test]
fn losses_leave_gaps_in_the_numbers() {
    let mut rig = Rig::new(Condition { loss: 0.25, ..Condition::default() });
    let pictures = rig.pictures(0, 60_000);
    assert!((600..750).contains(&pictures.len()), "{} of 900", pictures.len());
    let Some(Seen::Picture { seq, .. }) = pictures.last() else { panic!("none") };
    // 900 pictures, of which 30 with two more packets; the very last ones may be lost.
    assert!((1050..1062).contains(seq), "{seq}");
}

#[test]
fn low_rates_without_a_clip_of_their_own_are_keyframes() {
    let rate = Some(Rate::KeyframeEvery(Duration::from_secs(10)));
    let mut rig = Rig::new(Condition { rate, ..Condition::default() });
    let pictures = rig.pictures(0, 40_000);
    assert_eq!(times(&pictures), [90, 240, 390, 540]);
    assert_eq!(keys(&pictures).len(), 4);
    let mut rig = Rig::new(Condition { skips_keyframes: true, ..Condition::default() });
    let pictures = rig.pictures(0, 10_000);
    assert_eq!(keys(&pictures), [0; 0]);
    assert_eq!(pictures.len(), 145);
}

#[test]
fn another_clip_begins_with_a_keyframe_at_once() {
    let mut rig = Rig::new(Condition::default());
    rig.bytes(0, 1000);
    rig.camera.change(reel(20, 10, 5), at(1000));
    let pictures = rig.pictures(1000, 3000);
    assert_eq!(keys(&pictures), [0]);
    assert_eq!(pictures.len(), 10);
}

#[test]
fn garbage_is_neither_a_packet_nor_an_answer() {
    let mut rig = Rig::new(Condition { garbage: 1.0, ..Condition::default() });
    assert_eq!(rig.seen(0, 10).len(), 1, "the first report");
    let bytes = rig.bytes(10, 80);
    assert!(bytes.len() > 200, "{}", bytes.len());
    assert!(!matches!(bytes[0], b'$' | b'R'));
    assert_eq!(rig.totals.sent, 0);
}

#[test]
fn a_reset_tears_a_picture_in_the_middle() {
    let resets = Some(Resets { after: Duration::from_secs(2), since: Duration::from_secs(1) });
    let mut rig = Rig::new(Condition { resets, ..Condition::default() });
    let whole = rig.bytes(0, 2990);
    assert!(!seen(&whole).is_empty() && !rig.totals.resets);
    let half = rig.bytes(2990, 4000);
    assert!(rig.totals.resets);
    let length = usize::from(u16::from_be_bytes([half[2], half[3]]));
    assert!(half.len() < 4 + length, "{} of {}", half.len(), 4 + length);
}

#[test]
fn a_client_that_does_not_keep_up_loses_whole_pictures_up_to_a_keyframe() {
    let mut rig = Rig::new(Condition::default());
    rig.bytes(0, 200);
    let sent = rig.totals.sent;
    assert!(rig.bytes_with_room(200, 500, 0).is_empty());
    assert_eq!((rig.totals.sent, rig.totals.dropped), (sent, 1), "the rest is not even tried");
    let pictures = rig.pictures(500, 2000);
    assert_eq!(keys(&pictures)[0], 0);
    assert_eq!(times(&pictures)[0], 90);
}

#[test]
fn after_the_program_stood_still_only_the_present_is_sent() {
    let mut rig = Rig::new(Condition::default());
    rig.bytes(0, 1000);
    let pictures = rig.pictures(60_000, 60_010);
    assert!(pictures.len() <= 8, "{}", pictures.len());
}
