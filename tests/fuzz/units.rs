//! Access units as a hostile camera makes them: damaged, cut, out of order, of another stream,
//! behind parameters that lie.

use std::sync::Arc;

use fastrand::Rng;
use pollwall::frame::{MAX_HEIGHT, MAX_WIDTH, VideoFrame};
use pollwall::media::{
    AccessUnit, Codec, Decoder, StreamParams, is_entry_point, jpeg_size, split_start_codes,
};

use super::campaign::{Round, campaign};
use super::mutate::{change, mutated, pick};
use super::support::clip::{Clip, GROUP, PICTURES};

/// Starts of NAL units and of JPEG's segments, as they stand in length-prefixed data.
const WORDS: &[&str] = &[
    "\0\0\0\u{1}\t",
    "\0\0\0\u{2}\u{6}\u{6}",
    "\0\0\u{1}",
    "\0\0\u{3}",
    "\0\0\0\0",
    "\u{67}B\0\u{1e}",
    "\u{68}",
    "\u{65}",
    "\u{41}",
    "\u{7f}\u{7f}\u{7f}\u{7f}",
    "&\u{1}",
    "@\u{1}",
    "B\u{1}",
    "D\u{1}",
];

fn clips() -> Vec<Clip> {
    vec![
        Clip::new(Codec::H264, 160, 96, 4),
        Clip::new(Codec::H264, 320, 176, 7),
        Clip::new(Codec::H265, 160, 96, 4),
        Clip::new(Codec::Jpeg, 96, 64, 0),
    ]
}

/// The bytes of every unit, for splicing.
fn bytes_of(clips: &[Clip]) -> Vec<Vec<u8>> {
    let units = clips.iter().flat_map(|clip| clip.units(&Arc::new(clip.params()), 0));
    units.map(|unit| unit.data.to_vec()).collect()
}

fn decode(decoder: &mut Decoder, units: &[AccessUnit]) -> Vec<VideoFrame> {
    let mut frames = Vec::new();
    for unit in units {
        let _ = decoder.decode(unit, &mut |frame| {
            assert!(frame.width <= MAX_WIDTH && frame.height <= MAX_HEIGHT);
            frames.push(frame);
        });
    }
    frames
}

/// Luma as it is on screen.
fn luma(frame: &VideoFrame) -> Vec<u8> {
    let (bytes, stride) = frame.pixels.plane(0);
    let rows = (0..frame.height as usize).map(|y| &bytes[y * stride..][..frame.width as usize]);
    rows.flatten().copied().collect()
}

/// Whatever came before, the stream's next clean keyframe gives its picture, bit for bit, and so
/// does everything after it.
pub(crate) fn units(usual: u64) {
    let clips = clips();
    let bytes = bytes_of(&clips);
    let reference: Vec<Vec<Vec<u8>>> = clips
        .iter()
        .map(|clip| {
            let units = clip.units(&Arc::new(clip.params()), 0);
            decode(&mut Decoder::default(), &units).iter().map(luma).collect()
        })
        .collect();
    assert!(reference.iter().all(|frames| frames.len() >= GROUP), "a clip cannot be decoded");
    let before = resident_mib();
    campaign("units", usual, |round| {
        let which = round.rng.usize(..clips.len());
        let (clip, params) = (&clips[which], Arc::new(clips[which].params()));
        let mut decoder = Decoder::default();
        if round.rng.bool() {
            decode(&mut decoder, &clip.units(&params, 0)[..GROUP]);
        }
        let hostile = hostile(round, &clips, &params, &clip.units(&params, 100), &bytes);
        decode(&mut decoder, &hostile);
        // The same session goes on, or the next one begins.
        let session = if round.rng.bool() { params } else { Arc::new(clip.params()) };
        let clean = clip.units(&session, 1000);
        let frames = decode(&mut decoder, &clean);
        let of_clean: Vec<&VideoFrame> =
            frames.iter().filter(|f| f.arrived_at >= clean[0].arrived_at).collect();
        let wanted = &reference[which];
        // A codec that reorders begins to hold pictures back after some damage.
        assert!(
            of_clean.len() + 4 >= wanted.len(),
            "{} of {} pictures after the damage",
            of_clean.len(),
            wanted.len()
        );
        for frame in of_clean {
            let at = clean
                .iter()
                .position(|unit| unit.arrived_at == frame.arrived_at)
                .expect("a unit of its own");
            assert!(luma(frame) == wanted[at], "picture {at} of {:?} is not as it was", clip.codec);
        }
    });
    let grown = resident_mib().saturating_sub(before);
    assert!(grown < 512, "{grown} MiB are not given back");
}

/// Units that a camera might send.
fn hostile(
    round: &mut Round,
    clips: &[Clip],
    params: &Arc<StreamParams>,
    good: &[AccessUnit],
    bytes: &[Vec<u8>],
) -> Vec<AccessUnit> {
    let mut units = good.to_vec();
    for _ in 0..=round.rng.usize(..6) {
        let at = round.rng.usize(..units.len());
        match round.rng.u8(..10) {
            0..4 => {
                let mut data = units[at].data.to_vec();
                for _ in 0..=round.rng.usize(..6) {
                    change(&mut round.rng, &mut data, bytes, WORDS);
                }
                units[at].data = data.into();
            }
            4 => drop(units.remove(at)),
            5 => {
                let other = round.rng.usize(..units.len());
                units.swap(at, other);
            }
            6 => {
                let twice = units[at].clone();
                units.insert(at, twice);
            }
            7 => units[at].is_key ^= true,
            8 => units[at].data = pick(&mut round.rng, bytes).as_slice().into(),
            _ => {
                let lying = Arc::new(lie(&mut round.rng, clips, params, bytes));
                units[at..].iter_mut().for_each(|unit| unit.params = Arc::clone(&lying));
            }
        }
        if units.is_empty() {
            break;
        }
    }
    for unit in &units {
        round.input(&unit.data);
    }
    units
}

/// Parameters of another stream, or damaged ones.
fn lie(rng: &mut Rng, clips: &[Clip], params: &StreamParams, bytes: &[Vec<u8>]) -> StreamParams {
    let mut lying = if rng.bool() { pick(rng, clips).params() } else { params.clone() };
    change(rng, &mut lying.extra_data, bytes, WORDS);
    if rng.bool() {
        lying.width = *pick(rng, &[0, 1, MAX_WIDTH, MAX_WIDTH + 1, u32::MAX]);
    }
    lying
}

/// Any bytes are looked through for a place to begin.
pub(crate) fn nals(usual: u64) {
    let clips = clips();
    let bytes = bytes_of(&clips);
    assert_eq!(bytes.iter().filter(|unit| jpeg_size(unit) == Some((96, 64))).count(), PICTURES);
    campaign("nals", usual, |round| {
        let data = mutated(&mut round.rng, &bytes, WORDS);
        round.input(&data);
        for codec in [Codec::H264, Codec::H265, Codec::Jpeg] {
            let _ = is_entry_point(codec, &data);
        }
        if let Some((width, height)) = jpeg_size(&data) {
            assert!(data.starts_with(&[0xff, 0xd8]) && width * height > 0);
        }
        let found = split_start_codes(&data);
        assert!(found.iter().all(|nal| nal.last().is_some_and(|last| *last != 0)));
        assert!(found.iter().map(|nal| nal.len() + 3).sum::<usize>() <= data.len());
    });
}

/// What this process has in memory; 0 where the system does not say.
pub(crate) fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

const _: () = assert!(PICTURES > 2 * GROUP);
