//! Ways to misbehave in the middle of a session.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pollwall::clock::Mono;
use pollwall::frame::VideoFrame;
use pollwall::health::{State, Trouble};
use pollwall::media::{Codec, Decoder};

use super::rig::{Rig, now};
use super::support::clip::{Clip, GROUP, PICTURES, TICKS, payloads};
use super::support::hostile::{Conversation, HostileCamera, Rtp, Step, well_behaved};

/// Between two pictures.
const EVERY: Duration = Duration::from_nanos(1_000_000_000 / 15);

/// What a stream is made of.
struct Clips {
    usual: Clip,
    larger: Clip,
    /// Of the usual size.
    other: Clip,
}

/// Bytes, one entry a picture's time.
type Burst = Vec<Vec<u8>>;

/// A way to misbehave.
struct Way {
    name: &'static str,
    /// What is sent in place of good pictures; ends where the next group may begin.
    act: fn(&Clips, &mut Rtp) -> Burst,
    /// Whether the session may end over it: what is neither RTP nor RTSP leaves nothing to go on
    /// with.
    may_end: bool,
}

const WAYS: &[Way] = &[
    Way { name: "another size and back", act: another_size, may_end: false },
    Way { name: "other parameter sets and back", act: other_sets, may_end: false },
    Way { name: "parameter sets within a group", act: sets_within_a_group, may_end: false },
    Way { name: "an hour forward", act: |clips, rtp| jump(clips, rtp, 3600), may_end: false },
    Way { name: "an hour back", act: |clips, rtp| jump(clips, rtp, -3600), may_end: false },
    Way { name: "time stamps wrap", act: wrap, may_end: false },
    Way { name: "groups without keyframes", act: no_keyframes, may_end: false },
    Way { name: "units cut short", act: cut_short, may_end: true },
    Way { name: "units of noise", act: noise, may_end: false },
    Way { name: "empty and tiny units", act: tiny, may_end: false },
    Way { name: "packets lost", act: lost, may_end: false },
    Way { name: "packets in another order", act: disordered, may_end: true },
    Way { name: "fragments without an end", act: endless, may_end: true },
    Way { name: "damaged parameter sets", act: damaged_sets, may_end: true },
    Way { name: "bytes that are no packets", act: rubbish, may_end: true },
    Way { name: "half a packet", act: half_a_packet, may_end: true },
];

fn pictures(clip: &Clip, rtp: &mut Rtp, numbers: std::ops::Range<usize>) -> Burst {
    numbers.map(|n| rtp.picture(clip, n).concat()).collect()
}

fn another_size(clips: &Clips, rtp: &mut Rtp) -> Burst {
    pictures(&clips.larger, rtp, 0..PICTURES)
}

fn other_sets(clips: &Clips, rtp: &mut Rtp) -> Burst {
    pictures(&clips.other, rtp, 0..PICTURES)
}

/// Another stream's parameter sets before a picture that leans on those before it.
fn sets_within_a_group(clips: &Clips, rtp: &mut Rtp) -> Burst {
    let mut burst = pictures(&clips.usual, rtp, 0..2);
    let mut sets: Vec<u8> =
        clips.larger.sets.iter().flat_map(|set| rtp.packet(false, set)).collect();
    sets.extend(rtp.picture(&clips.usual, 2).concat());
    burst.push(sets);
    burst.extend(pictures(&clips.usual, rtp, 3..PICTURES));
    burst
}

fn jump(clips: &Clips, rtp: &mut Rtp, seconds: i32) -> Burst {
    rtp.time = rtp.time.wrapping_add_signed(seconds * 90_000);
    pictures(&clips.usual, rtp, 0..PICTURES)
}

fn wrap(clips: &Clips, rtp: &mut Rtp) -> Burst {
    rtp.time = u32::MAX - 4 * TICKS;
    pictures(&clips.usual, rtp, 0..PICTURES)
}

fn no_keyframes(clips: &Clips, rtp: &mut Rtp) -> Burst {
    let numbers = (0..3 * PICTURES).filter(|n| n % GROUP != 0);
    numbers.map(|n| rtp.picture(&clips.usual, n).concat()).collect()
}

/// A picture of these payloads, in one go.
fn raw(rtp: &mut Rtp, payloads: &[&[u8]]) -> Vec<u8> {
    let last = payloads.len() - 1;
    let packets =
        payloads.iter().enumerate().flat_map(|(at, p)| rtp.packet(at == last, p)).collect();
    rtp.time = rtp.time.wrapping_add(TICKS);
    packets
}

fn cut_short(clips: &Clips, rtp: &mut Rtp) -> Burst {
    let cut = |(n, picture): (usize, &pollwall::media::CodedPicture)| {
        let all = payloads(picture, &clips.usual.sets);
        let short: Vec<&[u8]> = all.iter().map(|(_, p)| &p[..p.len().min(2 + n * 7)]).collect();
        raw(rtp, &short)
    };
    clips.usual.pictures.iter().enumerate().map(cut).collect()
}

fn noise(_: &Clips, rtp: &mut Rtp) -> Burst {
    let mut random = fastrand::Rng::with_seed(11);
    let mut unit = |kind: u8| {
        let mut bytes: Vec<u8> = (0..400).map(|_| random.u8(..)).collect();
        bytes[0] = kind;
        raw(rtp, &[&bytes])
    };
    [0x65, 0x41, 0x61, 0x06, 0x65, 0x41, 0x05, 0x01, 0x65].map(&mut unit).into()
}

fn tiny(_: &Clips, rtp: &mut Rtp) -> Burst {
    [&[0x65][..], &[0x41], &[0x65, 0x88], &[0x0c, 0xff], &[0x09, 0xf0]]
        .map(|p| raw(rtp, &[p]))
        .into()
}

fn lost(clips: &Clips, rtp: &mut Rtp) -> Burst {
    let mut burst = Burst::new();
    for n in 0..2 * PICTURES {
        let packets = rtp.picture(&clips.usual, n);
        if n % 3 != 2 {
            burst.push(packets.concat());
        }
    }
    burst
}

fn disordered(clips: &Clips, rtp: &mut Rtp) -> Burst {
    let mut burst = pictures(&clips.usual, rtp, 0..PICTURES);
    burst.swap(1, 3);
    burst.swap(7, 8);
    burst
}

/// Middles of a fragmented unit whose beginning and end never come (RFC 6184 5.8).
fn endless(_: &Clips, rtp: &mut Rtp) -> Burst {
    let mut payload = vec![0x7c, 0x05];
    payload.resize(1000, 0x55);
    (0..PICTURES).map(|_| raw(rtp, &[&payload])).collect()
}

fn damaged_sets(clips: &Clips, rtp: &mut Rtp) -> Burst {
    let mut burst = Burst::new();
    for at in 0..8 {
        let mut sets: Vec<Vec<u8>> = clips.usual.sets.iter().map(|set| set.to_vec()).collect();
        let length = sets[0].len();
        sets[0][(1 + at * 2) % length] ^= 0x55;
        sets[1].truncate(1 + at % 3);
        let picture = payloads(&clips.usual.pictures[0], &[]);
        let mut all: Vec<&[u8]> = sets.iter().map(Vec::as_slice).collect();
        all.extend(picture.iter().map(|(_, p)| p.as_slice()));
        burst.push(raw(rtp, &all));
    }
    burst
}

fn rubbish(_: &Clips, _: &mut Rtp) -> Burst {
    let mut random = fastrand::Rng::with_seed(13);
    vec![(0..3000).map(|_| random.u8(0x80..)).collect()]
}

fn half_a_packet(clips: &Clips, rtp: &mut Rtp) -> Burst {
    let mut packet = rtp.picture(&clips.usual, 0).concat();
    packet.truncate(packet.len() / 2);
    vec![packet]
}

/// Which ways have been gone through, and when.
type Past = Arc<Mutex<BTreeMap<usize, Mono>>>;

/// A second of good pictures, then the hostile ones, then good ones for ever. A later session is a
/// good one.
fn conversation(
    clips: &Arc<Clips>,
    way: Option<usize>,
    past: &Past,
    begun: &Arc<AtomicBool>,
) -> Conversation {
    let (film, answers) = (Arc::clone(clips), Arc::clone(clips));
    let (past, begun) = (Arc::clone(past), Arc::clone(begun));
    let mut rtp = Rtp { sequence: u16::MAX - 30, time: 1_000_000 };
    let mut burst: Option<std::vec::IntoIter<Vec<u8>>> = None;
    let mut number = 0;
    let stream = std::iter::from_fn(move || {
        let at_group = number % PICTURES == 0;
        // Everybody's wait is over when all have been seen well.
        if let Some(way) = way
            && burst.is_none()
            && at_group
            && number > 0
            && begun.load(Ordering::Acquire)
        {
            burst = Some((WAYS[way].act)(&film, &mut rtp).into_iter());
        }
        if let Some(bytes) = burst.as_mut().and_then(Iterator::next) {
            return Some([Step::Send(bytes), Step::Wait(EVERY)]);
        }
        if let Some(way) = way.filter(|_| burst.is_some()) {
            past.lock().unwrap().entry(way).or_insert_with(now);
        }
        number += 1;
        Some([Step::Send(rtp.picture(&film.usual, number - 1).concat()), Step::Wait(EVERY)])
    });
    Conversation {
        answer: Box::new(move |method, sequence| {
            Some(well_behaved(&answers.usual, method, sequence))
        }),
        stream: Box::new(stream.flatten()),
        patience: Duration::from_secs(60),
    }
}

/// Luma as it is on screen.
fn luma(frame: &VideoFrame) -> Vec<u8> {
    let (bytes, stride) = frame.pixels.plane(0);
    let rows = (0..frame.height as usize).map(|y| &bytes[y * stride..][..frame.width as usize]);
    rows.flatten().copied().collect()
}

/// The pictures of a clip as a decoder gives them that never saw anything else.
fn reference(clip: &Clip) -> Vec<Vec<u8>> {
    let mut decoder = Decoder::default();
    let mut pictures = Vec::new();
    for unit in clip.units(&Arc::new(clip.params()), 0) {
        decoder.decode(&unit, &mut |frame| pictures.push(luma(&frame))).unwrap();
    }
    pictures
}

#[test]
fn whatever_comes_in_mid_session_the_feed_recovers_by_itself_and_no_neighbour_notices() {
    let clips = Arc::new(Clips {
        usual: Clip::new(Codec::H264, 160, 96, 4),
        larger: Clip::new(Codec::H264, 320, 176, 7),
        other: Clip::new(Codec::H264, 160, 112, 9),
    });
    let right = reference(&clips.usual);
    assert_eq!(right.len(), PICTURES);
    let (past, begun, seen) =
        (Past::default(), Arc::<AtomicBool>::default(), Arc::new(Mutex::new(BTreeMap::new())));
    let camera = {
        let (clips, past, begun) = (Arc::clone(&clips), Arc::clone(&past), Arc::clone(&begun));
        let seen: Arc<Mutex<BTreeMap<String, ()>>> = Arc::clone(&seen);
        HostileCamera::start(Arc::new(move |path, _| {
            let is_first = seen.lock().unwrap().insert(path.to_owned(), ()).is_none();
            let number: usize = path.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
            let way = Some(number).filter(|n| is_first && *n < WAYS.len());
            conversation(&clips, way, &past, &begun)
        }))
    };
    let neighbours = WAYS.len()..WAYS.len() + 4;
    let urls: Vec<String> = (0..neighbours.end).map(|n| camera.url(&format!("/{n}"))).collect();
    let rig = Rig::start(&urls);
    for station in 0..neighbours.end {
        rig.until("all live at the start", |rig| {
            let picture = rig.feed(station).mailbox.take();
            (picture.is_some() && rig.assess(station).state == State::Live).then_some(())
        });
    }
    begun.store(true, Ordering::Release);

    let calm = |rig: &Rig| {
        for station in neighbours.clone() {
            assert_eq!(rig.assess(station).state, State::Live, "a neighbour noticed");
            assert_eq!(rig.losses(station), 0, "a neighbour lost its session");
        }
    };
    for (station, way) in WAYS.iter().enumerate() {
        let (picture, began) =
            rig.until(&format!("{}: a good picture afterwards", way.name), |rig| {
                calm(rig);
                // What ended the session is over with it.
                let over = past.lock().unwrap().get(&station).copied();
                let picture = rig.feed(station).mailbox.take()?;
                let over = over.or_else(|| (rig.losses(station) > 0).then(Mono::default))?;
                (picture.arrived_at > over && rig.assess(station).state == State::Live)
                    .then_some((picture, over))
            });
        let losses = rig.losses(station);
        assert!(way.may_end || losses == 0, "{}: {losses} sessions ended", way.name);
        // The first group afterwards may lean on what was lost; the next may not.
        let picture = match right.contains(&luma(&picture)) {
            true => picture,
            false => rig.until(&format!("{}: a right picture", way.name), |rig| {
                calm(rig);
                let picture = rig.feed(station).mailbox.take()?;
                right.contains(&luma(&picture)).then_some(picture)
            }),
        };
        assert_eq!((picture.width, picture.height), (160, 96));
        eprintln!(
            "{}: right again, {losses} sessions ended, {:?}",
            way.name,
            picture.arrived_at.since(began)
        );
    }
    for station in neighbours.clone() {
        let last = now();
        rig.until("the neighbours' pictures go on", |rig| {
            rig.feed(station)
                .mailbox
                .take()
                .filter(|p| p.arrived_at >= last && right.contains(&luma(p)))
        });
    }
    calm(&rig);
    assert_eq!(rig.ingest.stop(Duration::from_secs(10)), Vec::<String>::new());
}

#[test]
fn what_the_library_panics_over_is_the_camera_s_trouble_and_passes() {
    let clip = Arc::new(Clip::new(Codec::H264, 160, 96, 4));
    let behaves = Arc::<AtomicBool>::default();
    let camera = {
        let (film, behaves) = (Arc::clone(&clip), Arc::clone(&behaves));
        HostileCamera::start(Arc::new(move |_, _| {
            let (answers, pictures) = (Arc::clone(&film), Arc::clone(&film));
            let behaves = Arc::clone(&behaves);
            let mut rtp = Rtp { sequence: 1, time: 0 };
            let stream = (0..).flat_map(move |n| {
                [Step::Send(rtp.picture(&pictures, n).concat()), Step::Wait(EVERY)]
            });
            let answer = move |method: &str, sequence: &str| {
                if method != "DESCRIBE" || behaves.load(Ordering::Acquire) {
                    return Some(well_behaved(&answers, method, sequence));
                }
                // Found by the fuzzer: sdp-types 0.1.8 panics at the line after one without a key.
                let body = include_str!("../fixtures/hostile/line-without-a-key.sdp");
                let length = body.len();
                let head = format!(
                    "RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\nContent-Type: application/sdp\r\n\
                     Content-Length: {length}\r\n\r\n"
                );
                Some((head + body).into_bytes())
            };
            Conversation {
                answer: Box::new(answer),
                stream: Box::new(stream),
                patience: Duration::from_secs(60),
            }
        }))
    };
    let rig = Rig::start(&[camera.url("/odd")]);
    let told = rig.until("some trouble", |rig| rig.assess(0).trouble);
    assert_eq!(told, Trouble::Protocol);
    assert!(!rig.assess(0).behind, "it is not this machine's fault");
    behaves.store(true, Ordering::Release);
    rig.until("a picture", |rig| rig.feed(0).mailbox.take());
}
