//! One codec instance: raw pictures in, coded pictures out.
//!
//! Made for the clips of the camera simulator: a fixed rate, groups of pictures of a fixed length,
//! each closed and begun by a keyframe, no pictures out of order, one thread. It writes no file
//! and knows no network. Called by `simulate`.

use std::sync::Arc;

use ffmpeg_next as ffmpeg;

use super::unit::Codec;

/// Why a picture could not be coded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// This FFmpeg was built without any encoder for the codec that is known to keep to the
    /// settings.
    #[error("this FFmpeg has no encoder for {codec:?} (looked for {})", looked_for.join(", "))]
    NoEncoder {
        /// The codec.
        codec: Codec,
        /// The encoders that would do, the best first.
        looked_for: &'static [&'static str],
    },
    /// FFmpeg refuses the settings or fails.
    #[error("cannot encode: {0}")]
    Ffmpeg(#[source] ffmpeg::Error),
    /// The size is odd or beyond what the codec can have.
    #[error("a picture of {width}×{height} cannot be coded: both must be even, 16 to 8192")]
    BadSize {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The encoder's output is not what these settings ask for.
    #[error("the encoder {0} does not keep to the settings")]
    Disobedient(&'static str),
}

/// What is coded, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncoderSettings {
    /// H.264 or H.265.
    pub codec: Codec,
    /// Pixels in a row, even.
    pub width: u32,
    /// Rows, even.
    pub height: u32,
    /// Pictures a second.
    pub frames_per_second: u32,
    /// The mean that the encoder aims at; simple pictures take less.
    pub bits_per_second: u32,
    /// Pictures from one keyframe to the next.
    pub frames_per_group: u32,
}

/// A picture to code: three planes without padding, 4:2:0, limited range.
#[derive(Clone, Copy, Debug)]
pub struct RawPicture<'a> {
    /// Luma, `width × height` bytes.
    pub y: &'a [u8],
    /// Blue difference, a quarter of luma.
    pub u: &'a [u8],
    /// Red difference, a quarter of luma.
    pub v: &'a [u8],
}

/// A coded picture.
#[derive(Clone, Debug)]
pub struct CodedPicture {
    /// Whether it is a keyframe.
    pub is_key: bool,
    /// Its NAL units without start codes, as the encoder orders them, parameter sets and messages
    /// included.
    pub nals: Vec<Arc<[u8]>>,
}

/// An encoder for one stream.
pub struct Encoder {
    settings: EncoderSettings,
    codec: ffmpeg::encoder::video::Encoder,
    picture: ffmpeg::frame::Video,
    sent: i64,
    received: i64,
    name: &'static str,
}

/// The encoders that do, the best first, each with the options that make it keep to the settings:
/// no look at other groups, no keyframe of its own choice, no picture out of order, silence.
type Candidates = &'static [(&'static str, &'static [(&'static str, &'static str)])];

const H264: Candidates = &[
    (
        "libx264",
        &[
            ("preset", "veryfast"),
            ("profile", "main"),
            (
                "x264-params",
                "scenecut=0:open-gop=0:bframes=0:rc-lookahead=15:sliced-threads=0:trellis=0",
            ),
        ],
    ),
    ("libopenh264", &[("rc_mode", "bitrate"), ("allow_skip_frames", "0")]),
];

const H265: Candidates = &[(
    "libx265",
    &[
        ("preset", "superfast"),
        (
            "x265-params",
            "scenecut=0:open-gop=0:bframes=0:pools=none:frame-threads=1:info=0:log-level=none",
        ),
    ],
)];

const H264_NAMES: &[&str] = &["libx264", "libopenh264"];
const H265_NAMES: &[&str] = &["libx265"];

impl Encoder {
    /// Opens the first encoder of this FFmpeg that does.
    pub fn open(settings: EncoderSettings) -> Result<Self, EncodeError> {
        let EncoderSettings { codec, width, height, .. } = settings;
        let fits = |side: u32| (16..=8192).contains(&side) && side.is_multiple_of(2);
        if !fits(width) || !fits(height) {
            return Err(EncodeError::BadSize { width, height });
        }
        let (candidates, looked_for) = match codec {
            Codec::H264 => (H264, H264_NAMES),
            Codec::H265 => (H265, H265_NAMES),
            Codec::Jpeg | Codec::Av1 => (&[] as Candidates, &[] as &[&str]),
        };
        let there = candidates.iter().find_map(|(name, options)| {
            Some((ffmpeg::encoder::find_by_name(name)?, name, options))
        });
        let Some((found, name, options)) = there else {
            return Err(EncodeError::NoEncoder { codec, looked_for });
        };
        let codec = open(found, &settings, options).map_err(EncodeError::Ffmpeg)?;
        let picture = ffmpeg::frame::Video::new(ffmpeg::format::Pixel::YUV420P, width, height);
        Ok(Self { settings, codec, picture, sent: 0, received: 0, name })
    }

    /// Codes one picture. What is ready, which may be an earlier picture or none, goes to
    /// `on_picture` in the order in which the pictures came.
    pub fn encode(
        &mut self,
        picture: RawPicture<'_>,
        on_picture: &mut dyn FnMut(CodedPicture),
    ) -> Result<(), EncodeError> {
        let EncoderSettings { width, height, .. } = self.settings;
        let (width, height) = (width as usize, height as usize);
        let planes = [
            (picture.y, width, height),
            (picture.u, width / 2, height / 2),
            (picture.v, width / 2, height / 2),
        ];
        if planes.iter().any(|(bytes, w, h)| bytes.len() != w * h) {
            let EncoderSettings { width, height, .. } = self.settings;
            return Err(EncodeError::BadSize { width, height });
        }
        // The encoder may still look at the picture before; a shared one is copied first.
        self.make_writable()?;
        for (index, (bytes, w, _)) in planes.into_iter().enumerate() {
            let stride = self.picture.stride(index);
            let rows = self.picture.data_mut(index).chunks_mut(stride);
            for (to, from) in rows.zip(bytes.chunks_exact(w)) {
                to[..w].copy_from_slice(from);
            }
        }
        self.picture.set_pts(Some(self.sent));
        self.sent += 1;
        self.codec.send_frame(&self.picture).map_err(EncodeError::Ffmpeg)?;
        self.receive(on_picture)
    }

    /// Ends the stream: hands out the pictures that are still inside.
    pub fn finish(mut self, on_picture: &mut dyn FnMut(CodedPicture)) -> Result<(), EncodeError> {
        self.codec.send_eof().map_err(EncodeError::Ffmpeg)?;
        self.receive(on_picture)?;
        if self.received == self.sent { Ok(()) } else { Err(EncodeError::Disobedient(self.name)) }
    }

    #[expect(unsafe_code, reason = "ffmpeg-next has no wrapper for av_frame_make_writable")]
    fn make_writable(&mut self) -> Result<(), EncodeError> {
        // SAFETY: `picture` is a valid frame with buffers of its own, made in `open`; the call
        // replaces them by copies where someone else holds a reference.
        match unsafe { ffmpeg::ffi::av_frame_make_writable(self.picture.as_mut_ptr()) } {
            e if e < 0 => Err(EncodeError::Ffmpeg(ffmpeg::Error::from(e))),
            _ => Ok(()),
        }
    }

    fn receive(&mut self, on_picture: &mut dyn FnMut(CodedPicture)) -> Result<(), EncodeError> {
        let mut packet = ffmpeg::Packet::empty();
        loop {
            match self.codec.receive_packet(&mut packet) {
                Ok(()) => {}
                Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN })
                | Err(ffmpeg::Error::Eof) => return Ok(()),
                Err(e) => return Err(EncodeError::Ffmpeg(e)),
            }
            let is_key = packet.is_key();
            let key_due = self.received % i64::from(self.settings.frames_per_group) == 0;
            if packet.pts() != Some(self.received) || is_key != key_due {
                return Err(EncodeError::Disobedient(self.name));
            }
            self.received += 1;
            let nals = split_start_codes(packet.data().unwrap_or_default());
            on_picture(CodedPicture { is_key, nals: nals.into_iter().map(Into::into).collect() });
        }
    }
}

fn open(
    codec: ffmpeg::Codec,
    settings: &EncoderSettings,
    options: &[(&str, &str)],
) -> Result<ffmpeg::encoder::video::Encoder, ffmpeg::Error> {
    let mut context = ffmpeg::codec::Context::new_with_codec(codec);
    // One thread a stream: parallelism comes from the streams, and the output does not depend on
    // the machine.
    context.set_threading(ffmpeg::threading::Config {
        kind: ffmpeg::threading::Type::None,
        count: 1,
        ..Default::default()
    });
    let mut video = context.encoder().video()?;
    let rate = i32::try_from(settings.frames_per_second).map_err(|_| ffmpeg::Error::InvalidData)?;
    let bits = settings.bits_per_second as usize;
    video.set_width(settings.width);
    video.set_height(settings.height);
    video.set_format(ffmpeg::format::Pixel::YUV420P);
    video.set_time_base((1, rate));
    video.set_frame_rate(Some((rate, 1)));
    video.set_gop(settings.frames_per_group);
    video.set_max_b_frames(0);
    video.set_bit_rate(bits);
    let mut dictionary = ffmpeg::Dictionary::new();
    for (key, value) in options {
        dictionary.set(key, value);
    }
    // A keyframe may be many times the mean, but no second may take more than three.
    dictionary.set("maxrate", &(bits.saturating_mul(3)).to_string());
    dictionary.set("bufsize", &(bits.saturating_mul(3)).to_string());
    dictionary.set("keyint_min", &settings.frames_per_group.to_string());
    video.open_with(dictionary)
}

/// The NAL units of a byte stream (H.264 annex B, H.265 annex B): what lies between start codes,
/// without the zeros that may trail a unit. None of them is empty.
pub fn split_start_codes(bytes: &[u8]) -> Vec<&[u8]> {
    let mut nals = Vec::new();
    let mut rest = match start_code(bytes) {
        Some(at) => &bytes[at + 3..],
        None => return nals,
    };
    loop {
        let next = start_code(rest);
        let nal = &rest[..next.unwrap_or(rest.len())];
        // A unit ends with a set bit, so zeros after it belong to the stream.
        let end = nal.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
        if end > 0 {
            nals.push(&nal[..end]);
        }
        match next {
            Some(at) => rest = &rest[at + 3..],
            None => return nals,
        }
    }
}

/// Where the next start code (0, 0, 1) begins.
fn start_code(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|w| w == [0, 0, 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(codec: Codec) -> EncoderSettings {
        EncoderSettings {
            codec,
            width: 160,
            height: 96,
            frames_per_second: 10,
            bits_per_second: 80_000,
            frames_per_group: 10,
        }
    }

    fn encode(settings: EncoderSettings, pictures: u8) -> Result<Vec<CodedPicture>, EncodeError> {
        super::super::init().unwrap();
        let mut encoder = Encoder::open(settings)?;
        let mut coded = Vec::new();
        let size = (settings.width * settings.height) as usize;
        for n in 0..pictures {
            // A moving ramp.
            let y: Vec<u8> = (0..size).map(|i| (i as u8).wrapping_add(n * 4)).collect();
            let c = vec![128; size / 4];
            let picture = RawPicture { y: &y, u: &c, v: &c };
            encoder.encode(picture, &mut |p| coded.push(p))?;
        }
        encoder.finish(&mut |p| coded.push(p))?;
        Ok(coded)
    }

    #[test]
    fn every_picture_comes_out_in_order_with_a_keyframe_at_each_group() {
        for codec in [Codec::H264, Codec::H265] {
            let coded = encode(settings(codec), 30).unwrap();
            let keys: Vec<usize> = (0..coded.len()).filter(|i| coded[*i].is_key).collect();
            assert_eq!((coded.len(), keys), (30, vec![0, 10, 20]), "{codec:?}");
            assert!(coded.iter().all(|p| !p.nals.is_empty()));
        }
    }

    #[test]
    fn what_cannot_be_coded_is_said() {
        let odd = EncoderSettings { width: 161, ..settings(Codec::H264) };
        assert!(matches!(encode(odd, 1), Err(EncodeError::BadSize { width: 161, .. })));
        assert!(matches!(encode(settings(Codec::Jpeg), 1), Err(EncodeError::NoEncoder { .. })));
        let mut encoder = Encoder::open(settings(Codec::H264)).unwrap();
        let short = RawPicture { y: &[0; 7], u: &[], v: &[] };
        assert!(matches!(encoder.encode(short, &mut |_| {}), Err(EncodeError::BadSize { .. })));
    }

    #[test]
    fn start_codes_of_both_lengths_and_trailing_zeros() {
        let stream = [0, 0, 0, 1, 9, 0xf0, 0, 0, 1, 0x65, 1, 2, 0, 0, 0, 0, 1, 0x41, 7];
        let nals = split_start_codes(&stream);
        assert_eq!(nals, [&[9, 0xf0][..], &[0x65, 1, 2], &[0x41, 7]]);
        assert!(split_start_codes(&[1, 2, 3]).is_empty());
        assert!(split_start_codes(&[0, 0, 1]).is_empty());
    }
}
