//! What one session gets at one moment: pictures, sender reports, or what a fault puts in their
//! place. No sockets: bytes go into a buffer.

use std::time::Duration;

use super::camera::Camera;
use super::chance;
use super::dialogue::Playback;
use super::fault::{Backlog, Condition, Flow, Rate};
use super::packets::{Report, Stamp};
use crate::clock::Mono;

/// Between two sender reports.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// What was not sent for this long is not sent any more, unless a script says so.
const LATEST: Duration = Duration::from_secs(1);

/// What holds for the camera.
pub(super) struct Scene<'a> {
    pub(super) camera: &'a Camera,
    pub(super) condition: &'a Condition,
    /// When the script was taken over.
    pub(super) script_began: Mono,
    /// Names the station and the script in everything by chance.
    pub(super) chance: u64,
}

/// The present moment.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub(super) mono: Mono,
    /// Microseconds since 1970.
    pub(super) wall_us: i64,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// Pictures sent.
    pub(super) sent: u32,
    /// Pictures left out because the client does not keep up.
    pub(super) dropped: u32,
    /// Pictures left out because this machine came to them too late.
    pub(super) late: u32,
    /// The connection is to be reset, half a picture being out.
    pub(super) resets: bool,
}

/// A session that plays.
pub(super) struct Play {
    pub(super) playback: Playback,
    since: Mono,
    /// The next picture.
    next: u64,
    seq: u16,
    /// The clip that `next` counts in.
    version: u32,
    /// Nothing goes out before a keyframe.
    needs_key: bool,
    /// What lies behind is to come all at once: a pause's pictures, or a burst.
    is_held: bool,
    drip: Option<Drip>,
    last_key: Option<u64>,
    last_report: Option<Mono>,
    clock_shift_ms: i64,
    packets: u32,
    octets: u32,
}

/// A picture on its way byte by byte.
struct Drip {
    bytes: Vec<u8>,
    sent: usize,
    next: Mono,
}

impl Play {
    /// Begins to play.
    pub(super) fn new(
        playback: Playback,
        camera: &Camera,
        bursts: bool,
        condition: &Condition,
        now: Mono,
    ) -> Self {
        Self {
            playback,
            since: now,
            next: camera.join(now, bursts),
            seq: playback.seq,
            version: camera.version,
            needs_key: false,
            is_held: bursts,
            drip: None,
            last_key: None,
            last_report: None,
            clock_shift_ms: condition.clock_shift_ms,
            packets: 0,
            octets: 0,
        }
    }

    /// When there is something to do again.
    pub(super) fn due(&self, camera: &Camera, now: Mono) -> Mono {
        let next = if self.version == camera.version { self.next } else { camera.first() };
        // A pause does not move on by itself.
        camera.taken_at(next.max(camera.newest(now) + 1))
    }

    /// Leaves out everything up to now, as when nothing can be written.
    pub(super) fn skip(&mut self, camera: &Camera, now: Mono) {
        self.next = camera.newest(now) + 1;
        self.version = camera.version;
        self.needs_key = true;
    }

    /// Appends what is due to `out`, at most about `room` bytes of it.
    pub(super) fn step(
        &mut self,
        scene: &Scene<'_>,
        now: Now,
        room: usize,
        out: &mut Vec<u8>,
    ) -> Step {
        let camera = scene.camera;
        if self.version != camera.version {
            self.version = camera.version;
            self.next = camera.first();
            self.needs_key = false;
        }
        let newest = camera.newest(now.mono);
        let flow = scene.condition.flow;
        if !matches!(flow, Flow::Drip { .. })
            && let Some(drip) = self.drip.take()
        {
            out.extend_from_slice(&drip.bytes[drip.sent..]);
        }
        match flow {
            Flow::Runs => return self.run(scene, now, newest, room, out),
            Flow::Pause(Backlog::Send) => self.is_held = true,
            Flow::Pause(Backlog::Skip) => self.next = newest + 1,
            Flow::Mute => self.skip(camera, now.mono),
            Flow::RtcpOnly => {
                self.skip(camera, now.mono);
                self.report(scene, now, out);
            }
            Flow::Drip { every } => {
                self.skip(camera, now.mono);
                self.drip(scene, now.mono, every, out);
            }
        }
        Step::default()
    }

    fn run(
        &mut self,
        scene: &Scene<'_>,
        now: Now,
        newest: u64,
        room: usize,
        out: &mut Vec<u8>,
    ) -> Step {
        let camera = scene.camera;
        let mut step = Step::default();
        let late = newest.saturating_sub(self.next) > camera.pictures_in(LATEST);
        if late && !self.is_held {
            let from = self.next;
            self.skip(camera, now.mono - LATEST / 2);
            step.late = u32::try_from(self.next.saturating_sub(from)).unwrap_or(u32::MAX);
        }
        self.is_held = false;
        let limit = out.len() + room;
        while self.next <= newest {
            let picture = self.next;
            self.next += 1;
            if !self.is_shown(scene, picture) {
                continue;
            }
            let count = camera.reel().packets.count(camera.unit(picture));
            if chance::happens(scene.condition.loss, &[scene.chance, 1, picture]) {
                self.seq = self.seq.wrapping_add(count);
                continue;
            }
            if chance::happens(scene.condition.garbage, &[scene.chance, 2, picture]) {
                garbage(scene.chance ^ picture, out);
                continue;
            }
            let before = out.len();
            self.write(scene, picture, out);
            if out.len() > limit {
                out.truncate(before);
                step.dropped += 1;
                self.needs_key = true;
                continue;
            }
            self.seq = self.seq.wrapping_add(count);
            self.packets = self.packets.wrapping_add(u32::from(count));
            self.octets =
                self.octets.wrapping_add(camera.reel().packets.octets(camera.unit(picture)));
            step.sent += 1;
            if self.is_torn(scene, now.mono) {
                out.truncate(before + (out.len() - before).div_ceil(2));
                return Step { resets: true, ..step };
            }
        }
        self.report(scene, now, out);
        step
    }

    /// Whether the camera sends this picture at all.
    fn is_shown(&mut self, scene: &Scene<'_>, picture: u64) -> bool {
        let camera = scene.camera;
        let is_key = camera.reel().packets.is_key(camera.unit(picture));
        if scene.condition.skips_keyframes {
            return !is_key;
        }
        if let Some(Rate::KeyframeEvery(every)) = scene.condition.rate {
            // A picture of play: keyframes do not stand on whole seconds.
            let wait = camera.pictures_in(every).saturating_sub(1);
            let is_due = self.last_key.is_none_or(|last| picture.saturating_sub(last) >= wait);
            if is_key && is_due {
                self.last_key = Some(picture);
            }
            // What comes after the rate is the usual one again leans on what was left out.
            self.needs_key = true;
            return is_key && is_due;
        }
        self.last_key = None;
        self.needs_key &= !is_key;
        !self.needs_key
    }

    fn is_torn(&self, scene: &Scene<'_>, now: Mono) -> bool {
        scene.condition.resets.is_some_and(|resets| {
            let since = self.since.max(scene.script_began + resets.since);
            now.since(since) >= resets.after
        })
    }

    fn stamp(&self, scene: &Scene<'_>, ticks: u32) -> Stamp {
        let shift = scene.condition.rtp_shift_ms.wrapping_mul(90) as u32;
        Stamp {
            channel: self.playback.channel,
            ssrc: self.playback.ssrc,
            seq: self.seq,
            timestamp: self.playback.offset.wrapping_add(ticks).wrapping_add(shift),
        }
    }

    fn write(&self, scene: &Scene<'_>, picture: u64, out: &mut Vec<u8>) {
        let camera = scene.camera;
        let stamp = self.stamp(scene, camera.ticks(picture));
        camera.reel().packets.write(camera.unit(picture), stamp, out);
    }

    /// A sender report when it is time for one, or when the camera's clock was set.
    fn report(&mut self, scene: &Scene<'_>, now: Now, out: &mut Vec<u8>) {
        let is_set = self.clock_shift_ms != scene.condition.clock_shift_ms;
        let is_due = self.last_report.is_none_or(|last| now.mono.since(last) >= REPORT_EVERY);
        if !is_set && !is_due {
            return;
        }
        self.clock_shift_ms = scene.condition.clock_shift_ms;
        self.last_report = Some(now.mono);
        let stamp = self.stamp(scene, scene.camera.ticks_at(now.mono));
        let report = Report {
            channel: stamp.channel + 1,
            ssrc: stamp.ssrc,
            wall_us: now.wall_us.saturating_add(self.clock_shift_ms.saturating_mul(1000)),
            timestamp: stamp.timestamp,
            packets: self.packets,
            octets: self.octets,
        };
        report.write(out);
    }

    fn drip(&mut self, scene: &Scene<'_>, now: Mono, every: Duration, out: &mut Vec<u8>) {
        let is_out = self.drip.as_ref().is_none_or(|drip| drip.sent == drip.bytes.len());
        if is_out {
            let picture = scene.camera.newest(now);
            let mut bytes = Vec::new();
            self.write(scene, picture, &mut bytes);
            let count = scene.camera.reel().packets.count(scene.camera.unit(picture));
            self.seq = self.seq.wrapping_add(count);
            let next = self.drip.as_ref().map_or(now, |drip| drip.next);
            self.drip = Some(Drip { bytes, sent: 0, next });
        }
        if let Some(drip) = &mut self.drip
            && now >= drip.next
            && let Some(byte) = drip.bytes.get(drip.sent)
        {
            out.push(*byte);
            drip.sent += 1;
            drip.next = now + every;
        }
    }
}

/// Bytes that neither begin as an interleaved packet nor as an answer.
pub(super) fn garbage(chance: u64, out: &mut Vec<u8>) {
    let begin = out.len();
    for word in 0..32 + (chance % 96) {
        out.extend_from_slice(&chance::hash(&[chance, word]).to_be_bytes());
    }
    if matches!(out.get(begin), Some(b'$' | b'R' | b'r')) {
        out[begin] = 0xff;
    }
}

#[cfg(test)]
mod tests;
