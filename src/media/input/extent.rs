//! From when to when a file has pictures, on its own clock.
//!
//! What a container says of its length is not believed: it may be cut off, or count the sound. The
//! first pictures and the last ones are looked at; nothing is decoded.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use ffmpeg_next::ffi;

use super::{Address, Input, InputError, ticks};

/// Pictures may stand out of order by so many at a file's beginning.
const OUT_OF_ORDER: usize = 32;

/// Of a transport stream the end is looked for in so many of its last bytes: seconds of a camera.
const LAST_BYTES: i64 = 2 << 20;

/// Presentation times of transport streams begin anew after so many ticks.
const WRAPS: i64 = 1 << 33;

/// No file of a camera is longer: a span beyond that is no time.
const MOST_TICKS: i64 = 90_000 * 3600 * 24 * 8;

/// From when to when a file has pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Presentation time of the first picture, in 1/90000 s.
    pub first_pts: i64,
    /// From its beginning to the end of the last one, in 1/90000 s.
    pub ticks: i64,
}

impl Extent {
    /// How long it is, in microseconds.
    pub const fn len_us(self) -> i64 {
        // Bounded by MOST_TICKS.
        self.ticks.saturating_mul(100) / 9
    }
}

/// Looks at both ends of a file; blocks. Soon after `cancel` is set it returns.
///
/// # Errors
/// It cannot be opened, is no recording of a kind that is taken, or has no picture.
pub fn extent(file: &Path, cancel: &Arc<AtomicBool>) -> Result<Extent, InputError> {
    let file = std::path::absolute(file).map_err(InputError::System)?;
    let url = url::Url::from_file_path(file).map_err(|()| InputError::Malformed)?;
    let address = Address { url, login: None, may_reach: Arc::new(|_| false) };
    Input::open(&address, cancel, Box::new(|| {}))?.extent()
}

/// When a picture is shown, and for how long where that is said.
struct Shown {
    pts: i64,
    duration: i64,
}

impl Input {
    fn extent(&mut self) -> Result<Extent, InputError> {
        let mut firsts = Vec::new();
        let mut ended = false;
        while firsts.len() < OUT_OF_ORDER && !ended {
            match self.shown() {
                Ok(shown) => firsts.extend(shown),
                Err(error) if error.is_end() => ended = true,
                Err(error) => return Err(error),
            }
        }
        let first_pts = firsts.iter().map(|shown| shown.pts).min();
        let first_pts = first_pts.ok_or_else(|| self.only_sound().unwrap_or(InputError::Ended))?;
        let mut end = End::default();
        for shown in &firsts {
            end.see(shown, first_pts);
        }
        if !ended {
            self.seek_last();
        }
        while !ended {
            match self.shown() {
                Ok(shown) => shown.iter().for_each(|shown| end.see(shown, first_pts)),
                Err(InputError::Cancelled) => return Err(InputError::Cancelled),
                // What is damaged at its end is there up to that.
                Err(_) => ended = true,
            }
        }
        let ticks = end.ticks();
        let is_a_time = (0..=MOST_TICKS).contains(&ticks);
        if is_a_time { Ok(Extent { first_pts, ticks }) } else { Err(InputError::Malformed) }
    }

    /// The next packet, where it is a picture of the chosen stream with a time.
    #[expect(unsafe_code, reason = "plain fields of AVPacket")]
    fn shown(&mut self) -> Result<Option<Shown>, InputError> {
        self.read()?;
        // SAFETY: the packet is valid after a read.
        let (index, pts, duration) = unsafe {
            let packet = &*self.packet;
            let pts = if packet.pts == ffi::AV_NOPTS_VALUE { packet.dts } else { packet.pts };
            (packet.stream_index, pts, packet.duration)
        };
        self.unref();
        let Ok(index) = usize::try_from(index) else { return Ok(None) };
        if self.chosen.is_none() {
            self.choose();
        }
        let Some(stream) = self.stream(index) else { return Ok(None) };
        let base = stream.time_base;
        if self.chosen.is_none() {
            self.refuse_unsupported(stream)?;
            self.sounds = self.sounds.saturating_add(1);
            return match self.only_sound().filter(|_| self.sounds >= super::SOUNDS_ALONE) {
                Some(error) => Err(error),
                None => Ok(None),
            };
        }
        let is_chosen = self.chosen.as_ref().is_some_and(|(chosen, _)| *chosen == index);
        let shown = ticks(pts, base).filter(|_| is_chosen);
        let duration = ticks(duration, base).unwrap_or(0);
        Ok(shown.map(|pts| Shown { pts, duration }))
    }

    /// Goes to near the end; where that cannot be done, the file is read from here to there.
    #[expect(unsafe_code, reason = "seeking without ffmpeg-next's context")]
    fn seek_last(&mut self) {
        let Some((chosen, _)) = &self.chosen else { return };
        let Ok(chosen) = i32::try_from(*chosen) else { return };
        // SAFETY: the context is open and the stream's index one of its own. Whatever comes of it,
        // the context stays valid; the name is a static text, `pb` valid or null.
        unsafe {
            let name = std::ffi::CStr::from_ptr((*(*self.context).iformat).name);
            if name == c"mpegts" {
                let pb = (*self.context).pb;
                let size = if pb.is_null() { 0 } else { ffi::avio_size(pb) };
                let at = size.saturating_sub(LAST_BYTES);
                if at > 0 {
                    ffi::av_seek_frame(self.context, -1, at, ffi::AVSEEK_FLAG_BYTE);
                }
            } else {
                let far = i64::MAX / 4;
                ffi::av_seek_frame(self.context, chosen, far, ffi::AVSEEK_FLAG_BACKWARD);
            }
        }
    }
}

/// Where the last picture ends, from the first one on.
#[derive(Default)]
struct End {
    /// The last picture by time, and how long it stays, where that is said.
    last: (i64, i64),
    /// The one before it.
    before: i64,
}

impl End {
    fn see(&mut self, shown: &Shown, first_pts: i64) {
        let mut at = shown.pts.saturating_sub(first_pts);
        if at < -WRAPS / 2 {
            at = at.saturating_add(WRAPS);
        }
        if at > self.last.0 {
            self.before = self.last.0;
            self.last = (at, shown.duration);
        } else if at == self.last.0 {
            self.last.1 = self.last.1.max(shown.duration);
        } else {
            self.before = self.before.max(at);
        }
    }

    fn ticks(&self) -> i64 {
        /// Rather a picture that ends early than one that never came.
        const LONGEST: i64 = 90_000;
        let (at, duration) = self.last;
        let stays = if duration > 0 { duration } else { at.saturating_sub(self.before) };
        at.saturating_add(stays.clamp(0, LONGEST))
    }
}
