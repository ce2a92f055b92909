//! A camera's time axis: which picture it takes when, from which unit of its clip, and how it
//! describes its stream.
//!
//! A camera films whether anybody watches or not, so whoever joins joins in the middle; each began
//! at a moment of its own, so a thousand of them do not send at once.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::clips::Clip;
use super::packets::{PAYLOAD_TYPE, Packets};
use crate::clock::Mono;
use crate::media::Codec;

/// RTP's clock rate for video.
pub(super) const TICKS_PER_S: u64 = 90_000;

/// A clip ready to be sent: its packets, and what a description says about it.
pub(super) struct Reel {
    pub(super) packets: Packets,
    codec: Codec,
    frames_per_second: u32,
    bits_per_second: u32,
    parameter_sets: Vec<Arc<[u8]>>,
}

impl Reel {
    /// Prepares a clip.
    pub(super) fn of(clip: &Clip) -> Self {
        let format = clip.spec.format;
        Self {
            packets: Packets::of(clip),
            codec: format.codec,
            frames_per_second: format.frames_per_second.max(1),
            bits_per_second: format.bits_per_second,
            parameter_sets: clip.parameter_sets.clone(),
        }
    }

    /// The stream's description (RFC 4566, RFC 6184 8.2.1, RFC 7798 7.2.1).
    pub(super) fn description(&self, title: &str, address: std::net::Ipv4Addr) -> String {
        let sets: Vec<String> = self.parameter_sets.iter().map(|s| STANDARD.encode(s)).collect();
        let (name, parameters) = match (self.codec, sets.as_slice()) {
            (Codec::H265, [vps, sps, pps, ..]) => {
                ("H265", format!("sprop-vps={vps};sprop-sps={sps};sprop-pps={pps}"))
            }
            (Codec::H265, _) => ("H265", String::new()),
            _ => {
                let profile = self.parameter_sets.first().and_then(|sps| sps.get(1..4));
                let profile = profile.unwrap_or(&[0x42, 0xc0, 0x1f]);
                let profile: String = profile.iter().map(|b| format!("{b:02X}")).collect();
                let sets = sets.join(",");
                let mode = "packetization-mode=1";
                ("H264", format!("{mode};profile-level-id={profile};sprop-parameter-sets={sets}"))
            }
        };
        let mut sdp = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            sdp,
            "v=0\r\no=- 1 1 IN IP4 {address}\r\ns={title}\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n\
             a=control:*\r\na=range:npt=now-\r\n\
             m=video 0 RTP/AVP {PAYLOAD_TYPE}\r\nb=AS:{}\r\n\
             a=rtpmap:{PAYLOAD_TYPE} {name}/{TICKS_PER_S}\r\na=fmtp:{PAYLOAD_TYPE} {parameters}\r\n\
             a=framerate:{}\r\na=control:trackID=0\r\n",
            self.bits_per_second.div_ceil(1000),
            self.frames_per_second,
        );
        sdp
    }
}

/// One stream of a station.
pub(super) struct Camera {
    reel: Arc<Reel>,
    /// Where its time axis begins.
    origin: Mono,
    /// Added to a picture's number to find its unit.
    shift: u64,
    /// Counts changes of the clip; sessions begin with a keyframe after one.
    pub(super) version: u32,
    /// The first picture of the present clip.
    first: u64,
}

impl Camera {
    /// A camera that has been filming for `phase` by now.
    pub(super) fn new(reel: Arc<Reel>, now: Mono, phase: Duration) -> Self {
        Self { reel, origin: now - phase, shift: 0, version: 0, first: 0 }
    }

    /// What it films.
    pub(super) fn reel(&self) -> &Arc<Reel> {
        &self.reel
    }

    /// The number of the newest picture at `now`.
    pub(super) fn newest(&self, now: Mono) -> u64 {
        micros(now.since(self.origin)) * u64::from(self.reel.frames_per_second) / 1_000_000
    }

    /// When a picture is taken.
    pub(super) fn taken_at(&self, picture: u64) -> Mono {
        let us = (picture * 1_000_000).div_ceil(u64::from(self.reel.frames_per_second));
        self.origin + Duration::from_micros(us)
    }

    /// A picture's time in RTP's ticks; wraps around as RTP's does.
    pub(super) fn ticks(&self, picture: u64) -> u32 {
        (picture * TICKS_PER_S / u64::from(self.reel.frames_per_second)) as u32
    }

    /// A moment in RTP's ticks.
    pub(super) fn ticks_at(&self, now: Mono) -> u32 {
        (u128::from(micros(now.since(self.origin))) * u128::from(TICKS_PER_S) / 1_000_000) as u32
    }

    /// Which unit of the clip a picture is.
    pub(super) fn unit(&self, picture: u64) -> u64 {
        picture.wrapping_add(self.shift) % self.reel.packets.len().max(1)
    }

    /// Pictures in `span`, rounded down.
    pub(super) fn pictures_in(&self, span: Duration) -> u64 {
        micros(span) * u64::from(self.reel.frames_per_second) / 1_000_000
    }

    /// The picture that a session begins with: the next one, or with a burst the last keyframe.
    pub(super) fn join(&self, now: Mono, bursts: bool) -> u64 {
        let newest = self.newest(now);
        let in_clip = newest.saturating_sub(self.first).min(self.reel.packets.len());
        let keyframe = || {
            let back = (0..=in_clip).map(|back| newest - back);
            back.into_iter().find(|picture| self.reel.packets.is_key(self.unit(*picture)))
        };
        bursts.then(keyframe).flatten().unwrap_or(newest + 1)
    }

    /// Shows another clip from the next picture on, from its beginning.
    pub(super) fn change(&mut self, reel: Arc<Reel>, now: Mono) {
        self.reel = reel;
        self.first = self.newest(now) + 1;
        let length = self.reel.packets.len().max(1);
        self.shift = length - self.first % length;
        self.version += 1;
    }

    /// Makes up for pictures that were not taken while it stood still: goes on where it stopped.
    pub(super) fn stood_still(&mut self, pictures: u64) {
        let length = self.reel.packets.len().max(1);
        self.shift = (self.shift + length - pictures % length) % length;
    }

    /// The first picture of the present clip.
    pub(super) fn first(&self) -> u64 {
        self.first
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::simulate::clips::{ClipSpec, Format, Look, Unit};

    /// A clip of `units` small pictures, a keyframe each `gop`.
    pub(in crate::simulate) fn reel(units: u64, gop: u64, frames_per_second: u32) -> Arc<Reel> {
        let format = Format {
            codec: Codec::H264,
            width: 640,
            height: 360,
            frames_per_second,
            bits_per_second: 130_000,
        };
        let unit = |n: u64| Unit {
            is_key: n.is_multiple_of(gop),
            nals: vec![Arc::from([if n.is_multiple_of(gop) { 0x65 } else { 0x41 }, n as u8, 1, 2])],
        };
        let clip = Clip {
            spec: ClipSpec { scene: 0, look: Look::Normal, format },
            parameter_sets: vec![Arc::from([0x67, 0x42, 0xc0, 0x1e]), Arc::from([0x68, 1])],
            units: (0..units).map(unit).collect(),
        };
        Arc::new(Reel::of(&clip))
    }

    fn at(ms: i64) -> Mono {
        Mono::from_micros(1_000_000_000 + ms * 1000)
    }

    #[test]
    fn a_join_is_in_the_middle_unless_it_bursts() {
        // 4.5 s at 15 pictures a second: picture 67 is the newest, 60 the last keyframe.
        let camera = Camera::new(reel(60, 30, 15), at(0), Duration::from_millis(4500));
        assert_eq!(camera.newest(at(0)), 67);
        assert_eq!(camera.join(at(0), false), 68);
        assert_eq!(camera.join(at(0), true), 60);
        assert_eq!(camera.unit(67), 7, "the clip begins again after 60 pictures");
    }

    #[test]
    fn another_clip_begins_with_its_first_picture_and_time_goes_on() {
        let mut camera = Camera::new(reel(60, 30, 15), at(0), Duration::from_millis(4500));
        camera.change(reel(20, 10, 5), at(1000));
        let first = camera.first();
        assert_eq!(camera.unit(first), 0);
        assert!(camera.taken_at(first) > at(1000));
        assert_eq!(camera.ticks(first), 5_600 * 90, "5.6 s: the first multiple of 0.2 s");
        assert_eq!(camera.join(at(1000), true), first);
    }

    #[test]
    fn a_camera_that_stood_still_goes_on_where_it_stopped() {
        let mut camera = Camera::new(reel(60, 30, 15), at(0), Duration::ZERO);
        let before = camera.unit(100);
        camera.stood_still(37);
        assert_eq!(camera.unit(137), before);
    }

    #[test]
    fn the_description_has_what_a_decoder_needs() {
        let sdp = reel(60, 30, 15).description("57/12", [127, 20, 57, 12].into());
        for line in [
            "s=57/12\r\n",
            "b=AS:130\r\n",
            "a=rtpmap:96 H264/90000\r\n",
            "a=fmtp:96 packetization-mode=1;profile-level-id=42C01E;\
             sprop-parameter-sets=Z0LAHg==,aAE=\r\n",
            "a=framerate:15\r\n",
            "a=control:trackID=0\r\n",
        ] {
            assert!(sdp.contains(line), "{line} is not in {sdp}");
        }
    }

    proptest! {
        #[test]
        fn a_picture_is_the_newest_from_the_moment_it_is_taken(
            phase in 0u64..60_000_000, ms in 0i64..100_000_000, fps in 1u32..30,
        ) {
            let camera = Camera::new(reel(60, 30, fps), at(0), Duration::from_micros(phase));
            let newest = camera.newest(at(ms));
            prop_assert!(camera.taken_at(newest) <= at(ms));
            prop_assert!(camera.taken_at(newest + 1) > at(ms));
            prop_assert_eq!(camera.newest(camera.taken_at(newest)), newest);
        }
    }
}
