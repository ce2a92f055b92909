//! What the file's `moov` says of the stream: the description of its pictures and the tables that a
//! fragmented file leaves empty.
//!
//! The decoder's configuration goes in and comes out byte by byte: a recording must not hang on
//! whether we understand what a camera says of itself.

use super::boxes::{Boxes, Bytes, Kind};
use super::{SOUND, TIMESCALE, TRACK};
use crate::media::sound::SoundParams;
use crate::media::{Codec, StreamParams};

/// From 1904, where the container's times begin, to 1970.
const SECONDS_1904_TO_1970: i64 = 2_082_844_800;

/// The unit matrix of a picture that is shown as it is.
const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// The type of objects that stands for JPEG (ISO/IEC 14496-1 table 5; mp4ra.org).
const OBJECT_JPEG: u8 = 0x6c;

/// Where in a description the boxes begin: after the fields of a `VisualSampleEntry`.
const ENTRY_FIELDS: usize = 78;

/// `ftyp` and `moov` of a file whose first picture arrived at `first_utc_us`; presentation begins
/// `shift` ticks into the media.
pub(super) fn ftyp_and_moov(
    params: &StreamParams,
    first_utc_us: i64,
    shift: i64,
    sound: Option<&SoundParams>,
) -> Vec<u8> {
    let made = first_utc_us.div_euclid(1_000_000).saturating_add(SECONDS_1904_TO_1970);
    let made = u64::try_from(made).unwrap_or(0);
    let mut b = Boxes::default();
    b.of(*b"ftyp", |b| {
        b.bytes(b"iso6").u32(0).bytes(b"iso6isommp42");
    });
    b.of(*b"moov", |b| {
        b.full(*b"mvhd", 1, 0, |b| {
            b.u64(made).u64(made).u32(TIMESCALE).u64(0);
            b.u32(0x1_0000).u16(0x100).zeros(10);
            matrix(b);
            b.zeros(24).u32(if sound.is_some() { SOUND + 1 } else { TRACK + 1 });
        });
        b.of(*b"trak", |b| {
            track(b, TRACK, made, 0, shown_size(params));
            edit(b, shift);
            b.of(*b"mdia", |b| {
                media(b, made, TIMESCALE, *b"vide");
                let about = |b: &mut Boxes| {
                    b.full(*b"vmhd", 0, 1, |b| {
                        b.zeros(8);
                    });
                };
                information(b, about, |b| description(b, params));
            });
        });
        if let Some(sound) = sound {
            b.of(*b"trak", |b| {
                track(b, SOUND, made, 0x100, (0, 0));
                b.of(*b"mdia", |b| {
                    media(b, made, sound.rate_hz, *b"soun");
                    let about = |b: &mut Boxes| {
                        b.full(*b"smhd", 0, 0, |b| {
                            b.zeros(4);
                        });
                    };
                    information(b, about, |b| super::sound::description(b, sound));
                });
            });
        }
        b.of(*b"mvex", |b| {
            for number in std::iter::once(TRACK).chain(sound.map(|_| SOUND)) {
                b.full(*b"trex", 0, 0, |b| {
                    b.u32(number).u32(1).zeros(12);
                });
            }
        });
    });
    b.done()
}

fn matrix(b: &mut Boxes) {
    for value in MATRIX {
        b.u32(value);
    }
}

/// `volume` in 8.8 fixed point.
fn track(b: &mut Boxes, number: u32, made: u64, volume: u16, (width, height): (u32, u32)) {
    // Enabled, and part of the presentation.
    b.full(*b"tkhd", 1, 3, |b| {
        b.u64(made).u64(made).u32(number).u32(0).u64(0);
        b.zeros(8).u16(0).u16(0).u16(volume).u16(0);
        matrix(b);
        b.u32(width).u32(height);
    });
}

/// Presentation begins `shift` ticks into the media.
fn edit(b: &mut Boxes, shift: i64) {
    if let (1.., Ok(shift)) = (shift, i32::try_from(shift)) {
        b.of(*b"edts", |b| {
            b.full(*b"elst", 0, 0, |b| {
                b.u32(1).u32(0).i32(shift).u32(0x1_0000);
            });
        });
    }
}

fn media(b: &mut Boxes, made: u64, timescale: u32, handler: Kind) {
    b.full(*b"mdhd", 1, 0, |b| {
        // "und" in three times five bits.
        b.u64(made).u64(made).u32(timescale).u64(0).u16(0x55c4).u16(0);
    });
    b.full(*b"hdlr", 0, 0, |b| {
        b.u32(0).bytes(&handler).zeros(12).bytes(b"Pollwall\0");
    });
}

fn information(
    b: &mut Boxes,
    about: impl FnOnce(&mut Boxes),
    description: impl FnOnce(&mut Boxes),
) {
    b.of(*b"minf", |b| {
        about(b);
        b.of(*b"dinf", |b| {
            b.full(*b"dref", 0, 0, |b| {
                b.u32(1).full(*b"url ", 0, 1, |_| ());
            });
        });
        b.of(*b"stbl", |b| {
            b.full(*b"stsd", 0, 0, |b| description(b.u32(1)));
            for table in [*b"stts", *b"stsc", *b"stco"] {
                b.full(table, 0, 0, |b| {
                    b.u32(0);
                });
            }
            b.full(*b"stsz", 0, 0, |b| {
                b.u32(0).u32(0);
            });
        });
    });
}

/// In 16.16 fixed point; not square samples make it wider or narrower.
fn shown_size(params: &StreamParams) -> (u32, u32) {
    let fixed = |value: u64| u32::try_from(value << 16).unwrap_or(0);
    let width = u64::from(params.width.min(0xffff));
    let shown = match params.sample_aspect {
        Some((across @ 1.., down @ 1..)) => width * u64::from(across) / u64::from(down),
        _ => width,
    };
    (fixed(shown.min(0xffff)), fixed(u64::from(params.height.min(0xffff))))
}

fn description(b: &mut Boxes, params: &StreamParams) {
    b.of(entry_kind(params.codec), |b| {
        b.zeros(6).u16(1).zeros(16);
        let side = |pixels: u32| u16::try_from(pixels).unwrap_or(0);
        b.u16(side(params.width)).u16(side(params.height));
        b.u32(0x48_0000).u32(0x48_0000).u32(0).u16(1).zeros(32).u16(0x18).u16(0xffff);
        let extra = params.extra_data.as_slice();
        match params.codec {
            Codec::H264 => b.of(*b"avcC", |b| {
                b.bytes(extra);
            }),
            Codec::H265 => b.of(*b"hvcC", |b| {
                b.bytes(extra);
            }),
            // Nobody has told: profile 0, any level; the pictures' own headers say it again.
            Codec::Av1 => b.of(*b"av1C", |b| {
                b.bytes(if extra.len() < 4 { &[0x81, 0x1f, 0x0c, 0] } else { extra });
            }),
            Codec::Jpeg => b.full(*b"esds", 0, 0, |b| {
                // An elementary stream's descriptor, in it the decoder's and that of its layer
                // (ISO/IEC 14496-1, 7.2.6).
                b.bytes(&[3, 21]).u16(1).u8(0);
                b.bytes(&[4, 13, OBJECT_JPEG, 0x11]).zeros(11);
                b.bytes(&[6, 1, 2]);
            }),
        };
        if let Some((across @ 1.., down @ 1..)) = params.sample_aspect {
            b.of(*b"pasp", |b| {
                b.u32(across).u32(down);
            });
        }
    });
}

const fn entry_kind(codec: Codec) -> Kind {
    match codec {
        Codec::H264 => *b"avc1",
        Codec::H265 => *b"hvc1",
        Codec::Av1 => *b"av01",
        Codec::Jpeg => *b"mp4v",
    }
}

/// Reads what [`ftyp_and_moov`] has put down of the stream out of a `moov`.
pub(super) fn stream_params(moov: Bytes<'_>) -> Option<StreamParams> {
    let mut stsd = moov.path(&[*b"trak", *b"mdia", *b"minf", *b"stbl", *b"stsd"])?;
    stsd.take(8)?;
    let (kind, mut entry) = stsd.next_box()?;
    let codec = [Codec::H264, Codec::H265, Codec::Av1, Codec::Jpeg]
        .into_iter()
        .find(|codec| entry_kind(*codec) == kind)?;
    let mut fields = Bytes(entry.take(ENTRY_FIELDS)?);
    fields.take(24)?;
    let (width, height) = (u32::from(fields.u16()?), u32::from(fields.u16()?));
    let config = match codec {
        Codec::H264 => entry.find(*b"avcC")?.0,
        Codec::H265 => entry.find(*b"hvcC")?.0,
        Codec::Av1 => entry.find(*b"av1C")?.0,
        Codec::Jpeg => &[],
    };
    let sample_aspect = entry.find(*b"pasp").and_then(|mut pasp| Some((pasp.u32()?, pasp.u32()?)));
    Some(StreamParams { codec, extra_data: config.to_vec(), width, height, sample_aspect })
}
