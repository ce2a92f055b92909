//! One coded picture on its way from a source to its consumers.

use std::fmt;
use std::sync::Arc;

use crate::clock::{Mono, WallTime};

/// The video codecs that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// ITU-T H.264, AVC.
    H264,
    /// ITU-T H.265, HEVC.
    H265,
    /// JPEG pictures, each by itself.
    Jpeg,
    /// AOMedia AV1.
    Av1,
}

/// What a decoder must know before the first access unit.
#[derive(Clone, PartialEq, Eq)]
pub struct StreamParams {
    /// The codec.
    pub codec: Codec,
    /// Parameter sets: an `AVCDecoderConfigurationRecord` or `HEVCDecoderConfigurationRecord`
    /// (ISO/IEC 14496-15), for AV1 an `AV1CodecConfigurationRecord` or nothing; empty for JPEG.
    pub extra_data: Vec<u8>,
    /// Visible width in pixels as the parameter sets say; 0 when they don't.
    pub width: u32,
    /// Visible height in pixels as the parameter sets say; 0 when they don't.
    pub height: u32,
    /// Sample aspect ratio, width over height, where the stream says one.
    pub sample_aspect: Option<(u32, u32)>,
}

impl fmt::Debug for StreamParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}×{}", self.codec, self.width, self.height)
    }
}

/// One coded picture with its arrival. Cloning is cheap: consumers share the bytes.
#[derive(Clone)]
pub struct AccessUnit {
    /// The stream it belongs to; a different pointer means that a new stream has begun.
    pub params: Arc<StreamParams>,
    /// H.264 and H.265: NAL units, each behind its length in four bytes. JPEG: a whole file.
    /// AV1: a temporal unit of OBUs.
    pub data: Arc<[u8]>,
    /// Decoding can begin here.
    pub is_key: bool,
    /// Something before this unit was lost on the way: what follows is damaged up to the next
    /// keyframe.
    pub after_loss: bool,
    /// Presentation time in the stream's own clock, in 1/90000 s.
    pub pts: i64,
    /// When it arrived.
    pub arrived_at: Mono,
    /// When it arrived, in civil time.
    pub taken_at: WallTime,
}

impl fmt::Debug for AccessUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.is_key { " key" } else { "" };
        write!(f, "AccessUnit({} bytes, pts {}{key})", self.data.len(), self.pts)
    }
}
