//! Whole sessions with a hostile camera: descriptions, answers and packets that are damaged, cut,
//! lost, doubled or in another order. What the protocol library makes of them goes through our
//! side of it: parameters, units, groups, decoders, reconnecting.

use std::collections::{BTreeMap, BTreeSet};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use pollwall::clock::{Clock, SystemClock};
use pollwall::config::FeedSource;
use pollwall::health::{State, Trouble};
use pollwall::ingest::{BackoffLimits, GateLimits, Ingest, Limits};
use pollwall::media::Codec;
use pollwall::model::{FeedId, FeedKind, StationId};

use super::campaign::campaign;
use super::mutate::{change, pick};
use super::support::clip::Clip;
use super::support::hostile::{Conversation, HostileCamera, Rtp, Step, well_behaved};
use super::support::until;
use super::units::resident_mib;

/// Feeds that open sessions side by side.
const FEEDS: u32 = 16;

const WORDS: &[&str] = &[
    "\r\n",
    "\r\n\r\n",
    "RTSP/1.0 200 OK",
    "RTSP/1.0 302 Found\r\nLocation: rtsp://127.0.0.1:1/\r\n",
    "CSeq: 1\r\n",
    "Content-Length: 99999999999\r\n",
    "Content-Length: -1\r\n",
    "Content-Base: http://[::1/\r\n",
    "Session: ;timeout=0\r\n",
    "m=video 0 RTP/AVP 96\r\n",
    "m=audio 0 RTP/AVP 0\r\n",
    "a=rtpmap:96 H265/90000\r\n",
    "a=rtpmap:96 JPEG/90000\r\n",
    "a=rtpmap:96 H264/0\r\n",
    "a=rtpmap:96 H264/4294967295\r\n",
    "a=fmtp:96 sprop-parameter-sets=Z0IAHg==,aM4=\r\n",
    "sprop-vps=;sprop-sps=;sprop-pps=",
    "packetization-mode=2;",
    "a=control:rtsp://127.0.0.1/x\r\n",
    "a=control:*\r\n",
    "a=framerate:0\r\n",
    "interleaved=254-255",
    "interleaved=0-0",
    "ssrc=ZZZZZZZZ",
    "RTP-Info: url=x;seq=70000;rtptime=-1\r\n",
    "$\u{0}\u{0}\u{0}",
    "$\u{1}",
    "Z0LAHtkDxWhAAAADAEAAAAwDxYuS",
    "WWW-Authenticate: Digest realm=\"\",nonce=\"\"\r\n",
    "WWW-Authenticate: Basic\r\n",
];

/// What every path's last conversation was.
type Said = Arc<Mutex<BTreeMap<u64, Vec<u8>>>>;

/// Whether a worker of ours has panicked.
fn watch_panics() -> Arc<AtomicBool> {
    let failed = Arc::new(AtomicBool::new(false));
    let (seen, usual) = (Arc::clone(&failed), panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or_default();
        let worker =
            ["receive", "dec ", "supervisor", "sampler"].iter().any(|w| name.starts_with(w));
        // The protocol library's parsers do panic now and then; that is one camera's trouble.
        let ours = info.location().is_none_or(|at| !at.file().contains("/registry/"));
        if worker && ours {
            seen.store(true, Ordering::Release);
        }
        if !worker || ours {
            usual(info);
        }
    }));
    failed
}

fn conversation(clip: &Arc<Clip>, rng: &mut Rng, said: &Said, number: u64) -> Conversation {
    let damage_answers = rng.u8(..3) == 0;
    let packets = packets(clip, rng, !damage_answers);
    lock_said(said, number, &packets.concat());
    let (clip, said, mut rng) = (Arc::clone(clip), Arc::clone(said), rng.fork());
    let answer = move |method: &str, sequence: &str| {
        let good = well_behaved(&clip, method, sequence);
        let mut answer = good.clone();
        if damage_answers && rng.bool() {
            for _ in 0..=rng.usize(..4) {
                change(&mut rng, &mut answer, &[&good], WORDS);
            }
        }
        lock_said(&said, number, &answer);
        Some(answer)
    };
    let stream = packets.into_iter().map(Step::Send);
    Conversation {
        answer: Box::new(answer),
        stream: Box::new(stream),
        patience: Duration::from_millis(100),
    }
}

fn lock_said(said: &Said, number: u64, bytes: &[u8]) {
    let mut said = said.lock().unwrap();
    said.entry(number).or_default().extend_from_slice(bytes);
    while said.len() > 4 * FEEDS as usize {
        said.pop_first();
    }
}

/// Two groups of a clip, in packets, damaged.
fn packets(clip: &Clip, rng: &mut Rng, damaged: bool) -> Vec<Vec<u8>> {
    let mut rtp =
        Rtp { sequence: rng.u16(..), time: *pick(rng, &[0, 1, u32::MAX - 20_000, 0x8000_0000]) };
    let mut packets: Vec<Vec<u8>> = (0..10).flat_map(|n| rtp.picture(clip, n)).collect();
    let seeds = packets.clone();
    let changes = if damaged { rng.usize(1..8) } else { 0 };
    for _ in 0..changes {
        if packets.is_empty() {
            break;
        }
        let at = rng.usize(..packets.len());
        match rng.u8(..8) {
            // In the payload, its frame in order.
            0..3 => {
                let mut payload = packets[at].split_off(16);
                change(rng, &mut payload, &seeds, WORDS);
                payload.truncate(60_000);
                packets[at].extend_from_slice(&payload);
                let length = u16::try_from(packets[at].len() - 4).unwrap();
                packets[at][2..4].copy_from_slice(&length.to_be_bytes());
            }
            3 => {
                let header = rng.usize(4..16);
                packets[at][header] = rng.u8(..);
            }
            4 => drop(packets.remove(at)),
            5 => {
                let other = rng.usize(..packets.len());
                packets.swap(at, other);
            }
            6 => {
                let twice = packets[at].clone();
                packets.insert(at, twice);
            }
            _ => {
                let mut packet = std::mem::take(&mut packets[at]);
                change(rng, &mut packet, &seeds, WORDS);
                packet.resize(packet.len().max(16), 0);
                packets[at] = packet;
            }
        }
    }
    packets
}

/// A camera that behaves for as long as somebody listens.
fn clean(clip: &Arc<Clip>) -> Conversation {
    let (answers, pictures) = (Arc::clone(clip), Arc::clone(clip));
    let mut rtp = Rtp { sequence: 1, time: 0 };
    let stream = (0..).flat_map(move |n| {
        let packets = rtp.picture(&pictures, n).concat();
        [Step::Send(packets), Step::Wait(Duration::from_millis(40))]
    });
    let answer = move |method: &str, sequence: &str| Some(well_behaved(&answers, method, sequence));
    Conversation {
        answer: Box::new(answer),
        stream: Box::new(stream),
        patience: Duration::from_secs(10),
    }
}

fn limits() -> Limits {
    let ms = Duration::from_millis;
    Limits {
        connect: Duration::from_secs(5),
        first_frame: Duration::from_secs(5),
        frame_gap: Duration::from_secs(5),
        backoff: BackoffLimits { first: ms(1), most: ms(5), ..BackoffLimits::default() },
        gate: GateLimits { per_second: 10_000, per_host: 1000 },
        ..Limits::default()
    }
}

/// Nothing of ours fails, and when the cameras behave again every feed is live with pictures.
pub(crate) fn sessions(usual: u64) {
    let clip = Arc::new(Clip::new(Codec::H264, 160, 96, 4));
    let behaves = Arc::new(AtomicBool::new(false));
    let said = Said::default();
    let seed = Arc::new(Mutex::new(Rng::with_seed(7)));
    let failed = watch_panics();
    let camera = {
        let (clip, behaves, said, seed) =
            (Arc::clone(&clip), Arc::clone(&behaves), Arc::clone(&said), Arc::clone(&seed));
        HostileCamera::start(Arc::new(move |_, number| {
            if behaves.load(Ordering::Acquire) {
                return clean(&clip);
            }
            let mut rng = seed.lock().unwrap().fork();
            conversation(&clip, &mut rng, &said, number)
        }))
    };
    let ids: BTreeSet<FeedId> = (1..=FEEDS)
        .map(|station| FeedId { station: StationId::new(1, station), kind: FeedKind::Main })
        .collect();
    let source = |id: FeedId| {
        let url = camera.url(&format!("/{}", id.station.station));
        FeedSource { id, url: url.parse().unwrap(), shown_url: url, login: None }
    };
    let sources = ids.iter().map(|&id| source(id)).collect();
    let ingest = Ingest::start(sources, limits(), Arc::new(SystemClock), Arc::new(|| {})).unwrap();
    ingest.show(ids.clone());
    let before = resident_mib();
    campaign("sessions", usual, |round| {
        *seed.lock().unwrap() = round.rng.fork();
        let ended = camera.ended();
        until("conversations", || {
            // Rejected logins wait for a person.
            ids.iter().for_each(|id| ingest.retry(id.station));
            (camera.ended() >= ended + u64::from(FEEDS)).then_some(())
        });
        if failed.load(Ordering::Acquire) {
            said.lock().unwrap().values().for_each(|bytes| round.input(bytes));
        }
        assert!(!failed.load(Ordering::Acquire), "a worker panicked");
        for feed in ingest.feeds() {
            let verdict = feed.assess(SystemClock.mono(), ingest.pulse());
            assert_ne!(verdict.trouble, Some(Trouble::Internal));
            drop(feed.mailbox.take());
        }
    });
    behaves.store(true, Ordering::Release);
    for id in &ids {
        until(&format!("{id} live again, with pictures"), || {
            ingest.retry(id.station);
            let feed = ingest.feed(*id)?;
            let live = feed.assess(SystemClock.mono(), ingest.pulse()).state == State::Live;
            (live && feed.mailbox.take().is_some_and(|frame| frame.width == 160)).then_some(())
        });
    }
    let grown = resident_mib().saturating_sub(before);
    assert!(grown < 512, "{grown} MiB are not given back");
    assert!(!failed.load(Ordering::Acquire));
}
