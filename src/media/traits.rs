//! What a decoder knows of its stream once it has begun: profile, level, kind of samples.

use std::ffi::CStr;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::ffi;

use super::unit::Codec;

/// How a stream is coded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    /// As the standard calls it: `High`, `Main 10`.
    pub profile: Option<String>,
    /// As the standard writes it: `3.1`.
    pub level: Option<String>,
    /// Chroma as `4:2:0`, `4:2:2`, `4:4:4`; `4:0:0` has none, and `RGB` is told apart.
    pub chroma: Option<&'static str>,
    /// Bits of a sample.
    pub bits: Option<u8>,
    /// Pictures a second as the parameter sets say.
    pub frame_rate: Option<f64>,
    /// A picture was coded as two fields.
    pub interlaced: bool,
}

impl Traits {
    /// Of an opened decoder. Most is known only after its first picture.
    pub(super) fn of(codec: Codec, open: &ffmpeg::decoder::Video, interlaced: bool) -> Self {
        let rate = open.frame_rate().filter(|rate| rate.numerator() > 0 && rate.denominator() > 0);
        let rate = rate.map(|rate| f64::from(rate.numerator()) / f64::from(rate.denominator()));
        let (profile, level) = profile_and_level(open);
        let (chroma, bits) = samples(open);
        Self {
            profile,
            level: level_words(codec, level),
            chroma,
            bits,
            // Beyond that it is a broken header, not a camera.
            frame_rate: rate.filter(|rate| (0.01..=1000.0).contains(rate)),
            interlaced,
        }
    }
}

/// H.264 counts tenths of a level (A.3.1), H.265 thirtieths (A.4.1).
fn level_words(codec: Codec, level: i32) -> Option<String> {
    let tenths = match codec {
        Codec::H264 => level,
        Codec::H265 => level / 3,
        _ => return None,
    };
    (tenths > 0).then(|| format!("{}.{}", tenths / 10, tenths % 10))
}

#[expect(unsafe_code, reason = "AVCodecContext's profile and level have no safe accessor")]
fn profile_and_level(open: &ffmpeg::decoder::Video) -> (Option<String>, i32) {
    // SAFETY: `open` owns a valid, opened AVCodecContext; plain fields are read.
    // `avcodec_profile_name` gives a static string or null for whatever it is asked.
    unsafe {
        let raw = &*open.as_ptr();
        let name = ffi::avcodec_profile_name(raw.codec_id, raw.profile);
        let name = (!name.is_null()).then(|| CStr::from_ptr(name).to_string_lossy().into_owned());
        (name, raw.level)
    }
}

#[expect(unsafe_code, reason = "AVPixFmtDescriptor's components have no safe accessor")]
fn samples(open: &ffmpeg::decoder::Video) -> (Option<&'static str>, Option<u8>) {
    let Some(descriptor) = open.format().descriptor() else { return (None, None) };
    // SAFETY: a descriptor points into a static table of FFmpeg's.
    let raw = unsafe { &*descriptor.as_ptr() };
    let rgb = raw.flags & u64::from(ffi::AV_PIX_FMT_FLAG_RGB as u32) != 0;
    let chroma = match (raw.nb_components, raw.log2_chroma_w, raw.log2_chroma_h) {
        _ if rgb => Some("RGB"),
        (1 | 2, ..) => Some("4:0:0"),
        (_, 1, 1) => Some("4:2:0"),
        (_, 1, 0) => Some("4:2:2"),
        (_, 0, 0) => Some("4:4:4"),
        (_, 2, 0) => Some("4:1:1"),
        (_, 0, 1) => Some("4:4:0"),
        _ => None,
    };
    (chroma, u8::try_from(raw.comp[0].depth).ok().filter(|bits| *bits > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_written_as_the_standards_do() {
        assert_eq!(level_words(Codec::H264, 31).as_deref(), Some("3.1"));
        assert_eq!(level_words(Codec::H265, 93).as_deref(), Some("3.1"));
        assert_eq!(level_words(Codec::H264, 0), None);
        assert_eq!(level_words(Codec::H264, -99), None, "FFmpeg's word for unknown");
        assert_eq!(level_words(Codec::Jpeg, 31), None);
    }
}
