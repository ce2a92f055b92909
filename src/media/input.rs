//! Streams that FFmpeg opens and takes apart: HLS, MPEG-TS, RTMP, SRT, MJPEG and files.
//!
//! Whatever the container, what comes out is a [`Coded`] picture in our own form ([`super::repack`]).
//! Nothing is decoded here, and FFmpeg is never asked to find out by itself what a stream holds:
//! that would decode for seconds. What may be opened, and with which options, is decided per scheme
//! ([`options`]); every address that FFmpeg wants to open meanwhile, and every redirect, passes
//! [`guard`]. An [`Input`] blocks: it belongs on a thread of its own, and its cancel flag makes it
//! return. It has no time-outs and no clock; whoever reads it brings those. Called by `ingest`.

mod extent;
mod guard;
mod options;

use std::ffi::{CStr, CString};
use std::io;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ffmpeg_next as ffmpeg;
use ffmpeg_next::ffi;

pub use self::extent::{Extent, extent};
pub use self::guard::MayReach;
use self::guard::{Guard, Stops};
pub use self::options::{SCHEMES, default_port};
use super::repack::Repacker;
use super::unit::{Codec, StreamParams};

/// A packet that is larger is no picture of a camera.
const LARGEST_PACKET: usize = 16 << 20;

/// After so many packets of sound there will be no video: five seconds of AAC or G.711.
const SOUNDS_ALONE: u32 = 250;

/// Where a stream is, and what may be asked for on the way.
#[derive(Clone)]
pub struct Address {
    /// The URL without user name and password; **holds secret query values: never show it**.
    pub url: url::Url,
    /// User name and password, as plain text.
    pub login: Option<(String, String)>,
    /// Which other addresses a playlist or a redirect may lead to.
    pub may_reach: MayReach,
}

/// One coded picture as it comes out of the container.
#[derive(Debug)]
pub struct Coded {
    /// The stream it belongs to; another pointer means that another stream has begun.
    pub params: Arc<StreamParams>,
    /// As in [`AccessUnit`](super::AccessUnit).
    pub data: Vec<u8>,
    /// Decoding can begin here.
    pub is_key: bool,
    /// It is damaged, or something before it is missing.
    pub damaged: bool,
    /// Presentation time in 1/90000 s, where the container says one.
    pub pts: Option<i64>,
    /// Decoding time in 1/90000 s, where the container says one or it can be guessed.
    pub dts: Option<i64>,
}

/// A stream of sound beside the pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    /// FFmpeg's short name of the codec.
    pub codec: String,
    /// Samples a second; 0 where the container does not say.
    pub rate_hz: u32,
    /// Channels, where the container says.
    pub channels: Option<u16>,
}

/// Why nothing (more) comes. No text of FFmpeg's, and no part of an address, is in here.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The cancel flag is up.
    #[error("cancelled")]
    Cancelled,
    /// The stream or the file has ended.
    #[error("the stream has ended")]
    Ended,
    /// The server answered with this error; 400 and 500 stand for all of their hundred that have
    /// no name of their own.
    #[error("the server answers with error {0}")]
    Status(u16),
    /// The connection broke, or (SRT) never came about; nobody says why.
    #[error("the connection broke")]
    Broken,
    /// The operating system's reason.
    #[error("cannot be reached")]
    System(#[source] io::Error),
    /// A playlist or a redirect leads to an address that it may not.
    #[error("it leads to an address that is not allowed")]
    Foreign,
    /// The only video it holds is in this codec.
    #[error("no decoder is meant for {0}")]
    UnsupportedCodec(String),
    /// What comes is not a stream of a kind that is taken.
    #[error("not a stream of a known kind")]
    Malformed,
}

impl InputError {
    /// Whether the same address may work later without anybody's doing.
    pub fn is_retryable(&self) -> bool {
        !matches!(self, Self::Foreign | Self::UnsupportedCodec(_) | Self::Cancelled)
    }

    /// Whether the stream is over, for whatever reason of the other side's.
    fn is_end(&self) -> bool {
        matches!(self, Self::Ended | Self::Broken)
    }
}

/// An open stream. See the [module's description](self).
pub struct Input {
    context: *mut ffi::AVFormatContext,
    packet: *mut ffi::AVPacket,
    guard: *mut Guard,
    stops: Arc<Stops>,
    chosen: Option<(usize, Repacker)>,
    /// Packets of sound that came while there was no video.
    sounds: u32,
}

impl Input {
    /// Opens the stream; blocks. `connected` is called once, when the other side has agreed to send
    /// (the file is open, the playlist is there), long before the first picture.
    ///
    /// # Errors
    /// [`InputError::Cancelled`] soon after `cancel` is set, else why it cannot be opened.
    pub fn open(
        address: &Address,
        cancel: &Arc<AtomicBool>,
        connected: Box<dyn FnMut()>,
    ) -> Result<Self, InputError> {
        let (target, settings) = options::prepare(address)?;
        let target = CString::new(target).map_err(|_| InputError::Malformed)?;
        let mut dictionary = ffmpeg::Dictionary::new();
        for (name, value) in &settings {
            dictionary.set(name, value);
        }
        let mut input = Self::empty(address, cancel, connected)?;
        input.begin(&target, dictionary)?;
        input.choose();
        Ok(input)
    }

    /// The context with our callbacks in it, not opened yet.
    #[expect(unsafe_code, reason = "ffmpeg-next has no access to the context before it is open")]
    fn empty(
        address: &Address,
        cancel: &Arc<AtomicBool>,
        connected: Box<dyn FnMut()>,
    ) -> Result<Self, InputError> {
        // SAFETY: both functions take nothing and give a valid pointer or null; `Drop` frees them,
        // and takes null. The guard is a box of its own, freed in `Drop` after the context that
        // points to it; the flags are kept alive by `stops` for as long.
        unsafe {
            let context = ffi::avformat_alloc_context();
            let packet = ffi::av_packet_alloc();
            let mut input = Self {
                context,
                packet,
                guard: ptr::null_mut(),
                stops: Arc::new(Stops {
                    cancel: Arc::clone(cancel),
                    refused: AtomicBool::new(false),
                }),
                chosen: None,
                sounds: 0,
            };
            if context.is_null() || packet.is_null() {
                return Err(InputError::System(io::ErrorKind::OutOfMemory.into()));
            }
            let stops = Arc::clone(&input.stops);
            let guard = Guard::new(address, (*context).io_open, stops, connected);
            input.guard = Box::into_raw(Box::new(guard));
            (*context).opaque = input.guard.cast();
            (*context).io_open = Some(guard::io_open);
            (*context).interrupt_callback = ffi::AVIOInterruptCB {
                callback: Some(guard::interrupted),
                opaque: Arc::as_ptr(&input.stops).cast_mut().cast(),
            };
            Ok(input)
        }
    }

    #[expect(unsafe_code, reason = "ffmpeg-next cannot open a context with callbacks")]
    fn begin(
        &mut self,
        target: &CStr,
        dictionary: ffmpeg::Dictionary<'_>,
    ) -> Result<(), InputError> {
        // SAFETY: `context` is valid and not open; after a failure FFmpeg has freed it and set the
        // pointer to null, which `Drop` takes. The dictionary is ours to free, whatever FFmpeg has
        // left in it.
        let code = unsafe {
            let mut raw = dictionary.disown();
            let code = ffi::avformat_open_input(
                &raw mut self.context,
                target.as_ptr(),
                ptr::null(),
                &raw mut raw,
            );
            drop(ffmpeg::Dictionary::own(raw));
            code
        };
        if code < 0 { Err(self.error(code)) } else { Ok(()) }
    }

    /// Whether it brings pictures as fast as they are read, so that whoever reads sets the pace.
    #[expect(unsafe_code, reason = "plain fields of an open AVFormatContext")]
    pub fn is_pulled(&self) -> bool {
        // SAFETY: the context is open: its format is set and has a name, `pb` may be null.
        unsafe {
            let name = CStr::from_ptr((*(*self.context).iformat).name);
            let pb = (*self.context).pb;
            let seekable = !pb.is_null() && (*pb).seekable & ffi::AVIO_SEEKABLE_NORMAL != 0;
            seekable || name == c"hls"
        }
    }

    /// The next picture; blocks until it is there. `None`: something else came, ask again.
    ///
    /// # Errors
    /// Why none will come any more. [`InputError::Cancelled`] soon after the flag is set.
    pub fn picture(&mut self) -> Result<Option<Coded>, InputError> {
        self.read()
            .map_err(|error| self.only_sound().filter(|_| error.is_end()).unwrap_or(error))?;
        let coded = if self.has_gone_silent() { Ok(None) } else { self.take() };
        self.unref();
        coded
    }

    /// Goes to the keyframe that is decoded at `dts`, in 1/90000 s, or to one before it.
    ///
    /// # Errors
    /// Nothing was chosen yet, or the container cannot be gone through in any other order.
    #[expect(unsafe_code, reason = "seeking in a context without ffmpeg-next's wrapper")]
    pub(super) fn seek(&mut self, dts: i64) -> Result<(), InputError> {
        let Some((chosen, _)) = &self.chosen else { return Err(InputError::Malformed) };
        let (chosen, base) = (*chosen, self.stream(*chosen).map(|stream| stream.time_base));
        let base = base.filter(|base| base.num > 0).ok_or(InputError::Malformed)?;
        // Rounded up: what is rounded down would lead to the keyframe before.
        let (num, den) = (i128::from(base.num) * 90_000, i128::from(base.den));
        let at = (i128::from(dts) * den + num - 1).div_euclid(num);
        let at = i64::try_from(at).map_err(|_| InputError::Malformed)?;
        let index = i32::try_from(chosen).map_err(|_| InputError::Malformed)?;
        // SAFETY: the context is open and the index one of its streams'.
        let code =
            unsafe { ffi::av_seek_frame(self.context, index, at, ffi::AVSEEK_FLAG_BACKWARD) };
        if code < 0 { Err(self.error(code)) } else { Ok(()) }
    }

    /// Whether a sender is gone and all it sent has been read. FFmpeg then gives out what its
    /// parser had kept back, which may be seconds old by now: it must not pass for a picture that
    /// arrives.
    #[expect(unsafe_code, reason = "plain fields of AVIOContext")]
    fn has_gone_silent(&self) -> bool {
        // SAFETY: the context is open; its `pb` is valid or null.
        let over = unsafe {
            let pb = (*self.context).pb;
            !pb.is_null() && (*pb).eof_reached != 0 && (*pb).buf_ptr >= (*pb).buf_end
        };
        over && !self.is_pulled()
    }

    #[expect(unsafe_code, reason = "reading a packet without ffmpeg-next's context")]
    fn read(&mut self) -> Result<(), InputError> {
        // SAFETY: the context is open and the packet valid and empty.
        let code = unsafe { ffi::av_read_frame(self.context, self.packet) };
        if self.stops.cancel.load(Ordering::Acquire) {
            return Err(InputError::Cancelled);
        }
        match code {
            0.. => Ok(()),
            code if code == ffi::AVERROR(ffi::EAGAIN) => Ok(()),
            code => Err(self.error(code)),
        }
    }

    #[expect(unsafe_code, reason = "a packet without ffmpeg-next's wrapper")]
    fn unref(&mut self) {
        // SAFETY: the packet is valid; empty ones are taken as well.
        unsafe { ffi::av_packet_unref(self.packet) };
    }

    /// What the packet in hand holds.
    #[expect(unsafe_code, reason = "plain fields of AVPacket and AVStream")]
    fn take(&mut self) -> Result<Option<Coded>, InputError> {
        // SAFETY: the packet is valid; with data its stream's index is one of the context's, and
        // the data and side data are as long as it says and live until `unref`.
        unsafe {
            let packet = &*self.packet;
            let length = usize::try_from(packet.size).unwrap_or(0);
            if packet.data.is_null() || length == 0 || length > LARGEST_PACKET {
                return Ok(None);
            }
            let Ok(index) = usize::try_from(packet.stream_index) else { return Ok(None) };
            if self.chosen.is_none() {
                // It changes streams: no reference to one is held meanwhile.
                self.choose();
                if let Some(stream) = self.stream(index) {
                    self.refuse_unsupported(stream)?;
                }
                self.sounds = self.sounds.saturating_add(1);
                if let Some(error) = self.only_sound().filter(|_| self.sounds >= SOUNDS_ALONE) {
                    return Err(error);
                }
            }
            let Some(base) = self.stream(index).map(|stream| stream.time_base) else {
                return Ok(None);
            };
            let stamped = self.has_stamps();
            let Some((chosen, repacker)) = &mut self.chosen else { return Ok(None) };
            if *chosen != index {
                return Ok(None);
            }
            let mut size = 0;
            let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_NEW_EXTRADATA;
            let fresh = ffi::av_packet_get_side_data(packet, kind, &raw mut size);
            if !fresh.is_null() && size > 0 {
                repacker.configure(std::slice::from_raw_parts(fresh, size));
            }
            let data = std::slice::from_raw_parts(packet.data, length);
            let key = packet.flags & ffi::AV_PKT_FLAG_KEY != 0;
            let corrupt = packet.flags & ffi::AV_PKT_FLAG_CORRUPT != 0;
            Ok(repacker.unit(data, key).map(|unit| Coded {
                params: unit.params,
                data: unit.data,
                is_key: unit.is_key,
                damaged: unit.damaged || corrupt,
                pts: ticks(packet.pts, base).or(ticks(packet.dts, base)).filter(|_| stamped),
                dts: ticks(packet.dts, base).or(ticks(packet.pts, base)),
            }))
        }
    }

    /// Whether time stamps come from the other side. JPEG over HTTP has none: FFmpeg counts 25
    /// pictures a second, whatever comes.
    #[expect(unsafe_code, reason = "plain fields of an open AVFormatContext")]
    fn has_stamps(&self) -> bool {
        // SAFETY: the context is open: its format is set and has a name.
        let name = unsafe { CStr::from_ptr((*(*self.context).iformat).name) };
        name != c"mpjpeg" || self.is_pulled()
    }

    /// The sound beside the pictures, as far as it is known yet.
    #[expect(unsafe_code, reason = "plain fields of AVCodecParameters")]
    pub fn audio(&self) -> Vec<Audio> {
        let streams = (0..).map_while(|index| self.stream(index));
        // SAFETY: parameters of a stream are valid for as long as it is; the name is a static text.
        let sounds = streams.filter_map(|stream| unsafe {
            let says = &*stream.codecpar;
            let is_sound = says.codec_type == ffi::AVMediaType::AVMEDIA_TYPE_AUDIO;
            is_sound.then(|| Audio {
                codec: CStr::from_ptr(ffi::avcodec_get_name(says.codec_id))
                    .to_string_lossy()
                    .into_owned(),
                rate_hz: u32::try_from(says.sample_rate).unwrap_or(0),
                channels: u16::try_from(says.channels).ok().filter(|count| *count > 0),
            })
        });
        sounds.collect()
    }

    /// The error to give when there is sound and no video at all.
    fn only_sound(&self) -> Option<InputError> {
        let mut streams = (0..).map_while(|index| self.stream(index));
        let alone = self.chosen.is_none() && !streams.any(is_video);
        let sound = self.audio().into_iter().next().filter(|_| alone)?;
        Some(InputError::UnsupportedCodec(sound.codec))
    }

    /// A stream by its index; valid for as long as the context is, whatever else is called.
    #[expect(unsafe_code, reason = "the context's array of streams")]
    fn stream<'s>(&self, index: usize) -> Option<&'s ffi::AVStream> {
        // SAFETY: the context is open: `streams` holds `nb_streams` valid pointers, and a stream
        // is freed with its context only. Callers do not keep the reference beyond a call.
        unsafe {
            let count = (*self.context).nb_streams as usize;
            (index < count).then(|| &**(*self.context).streams.add(index))
        }
    }

    /// Takes the best of the video streams that are known, and tells FFmpeg to leave the rest
    /// alone: of an HLS master playlist only that variant is fetched from then on.
    #[expect(unsafe_code, reason = "plain fields of AVStream and AVCodecParameters")]
    fn choose(&mut self) {
        let known = (0..).map_while(|index| Some((index, self.stream(index)?)));
        let playable = known.filter_map(|(index, stream)| Some((index, stream, codec(stream)?)));
        let best = playable.max_by_key(|(_, stream, _)| rank(stream));
        let Some((index, stream, codec)) = best else { return };
        // SAFETY: parameters of a stream are valid; `extradata` is as long as it says, or null.
        let (extra, size) = unsafe {
            let says = &*stream.codecpar;
            let length = usize::try_from(says.extradata_size).unwrap_or(0);
            let extra = if says.extradata.is_null() || length == 0 {
                &[][..]
            } else {
                std::slice::from_raw_parts(says.extradata, length)
            };
            (extra, (says.width.max(0).cast_unsigned(), says.height.max(0).cast_unsigned()))
        };
        self.chosen = Some((index, Repacker::new(codec, extra, size)));
        // SAFETY: as in `stream`; `discard` is there for the caller to set.
        unsafe {
            for other in 0..(*self.context).nb_streams as usize {
                let keep = other == index;
                let discard = if keep {
                    ffi::AVDiscard::AVDISCARD_DEFAULT
                } else {
                    ffi::AVDiscard::AVDISCARD_ALL
                };
                (**(*self.context).streams.add(other)).discard = discard;
            }
        }
    }

    /// Says so when a video packet is of a codec that is not taken, and no other is.
    #[expect(unsafe_code, reason = "plain fields of AVCodecParameters")]
    fn refuse_unsupported(&self, stream: &ffi::AVStream) -> Result<(), InputError> {
        // SAFETY: parameters of a stream are valid; the name is a static text.
        unsafe {
            let says = &*stream.codecpar;
            let known = says.codec_id != ffi::AVCodecID::AV_CODEC_ID_NONE;
            if self.chosen.is_some() || !is_video(stream) || !known {
                return Ok(());
            }
            let name = CStr::from_ptr(ffi::avcodec_get_name(says.codec_id));
            Err(InputError::UnsupportedCodec(name.to_string_lossy().into_owned()))
        }
    }

    /// What an error code means. First of all our own doing: after an interrupt FFmpeg may report
    /// anything.
    fn error(&self, code: i32) -> InputError {
        if self.stops.cancel.load(Ordering::Acquire) {
            return InputError::Cancelled;
        }
        match code {
            _ if self.stops.refused.load(Ordering::Acquire) => InputError::Foreign,
            ffi::AVERROR_EOF => InputError::Ended,
            ffi::AVERROR_EXIT => InputError::Cancelled,
            ffi::AVERROR_HTTP_BAD_REQUEST | ffi::AVERROR_HTTP_OTHER_4XX => InputError::Status(400),
            ffi::AVERROR_HTTP_UNAUTHORIZED => InputError::Status(401),
            ffi::AVERROR_HTTP_FORBIDDEN => InputError::Status(403),
            ffi::AVERROR_HTTP_NOT_FOUND => InputError::Status(404),
            ffi::AVERROR_HTTP_SERVER_ERROR => InputError::Status(500),
            code if code == ffi::AVERROR(ffi::EIO) => InputError::Broken,
            // What the SRT library has no number for.
            ffi::AVERROR_UNKNOWN => InputError::Broken,
            // FFmpeg's own codes are tags, far below the operating system's numbers.
            -4095..=-1 => InputError::System(io::Error::from_raw_os_error(-code)),
            _ => InputError::Malformed,
        }
    }
}

impl Drop for Input {
    #[expect(unsafe_code, reason = "frees what `empty` made")]
    fn drop(&mut self) {
        // SAFETY: each is valid or null, which these functions take; the context goes first, as it
        // points to the guard and to the flags.
        unsafe {
            ffi::avformat_close_input(&raw mut self.context);
            ffi::av_packet_free(&raw mut self.packet);
            if !self.guard.is_null() {
                drop(Box::from_raw(self.guard));
            }
        }
    }
}

#[expect(unsafe_code, reason = "plain fields of AVCodecParameters")]
fn is_video(stream: &ffi::AVStream) -> bool {
    let picture = stream.disposition & ffi::AV_DISPOSITION_ATTACHED_PIC;
    // SAFETY: a stream's parameters are valid for as long as it is.
    let kind = unsafe { (*stream.codecpar).codec_type };
    kind == ffi::AVMediaType::AVMEDIA_TYPE_VIDEO && picture == 0
}

/// The codec of a video stream, where it is one that is taken.
#[expect(unsafe_code, reason = "plain fields of AVCodecParameters")]
fn codec(stream: &ffi::AVStream) -> Option<Codec> {
    if !is_video(stream) {
        return None;
    }
    // SAFETY: a stream's parameters are valid for as long as it is.
    match unsafe { (*stream.codecpar).codec_id } {
        ffi::AVCodecID::AV_CODEC_ID_H264 => Some(Codec::H264),
        ffi::AVCodecID::AV_CODEC_ID_HEVC => Some(Codec::H265),
        ffi::AVCodecID::AV_CODEC_ID_MJPEG => Some(Codec::Jpeg),
        ffi::AVCodecID::AV_CODEC_ID_AV1 => Some(Codec::Av1),
        _ => None,
    }
}

/// Among the streams of one source: the largest picture, else what the playlist calls the highest
/// bit rate.
#[expect(unsafe_code, reason = "plain fields of AVStream and its metadata")]
fn rank(stream: &ffi::AVStream) -> (i64, i64) {
    // SAFETY: a stream's parameters and metadata are valid for as long as it is; the entry's value
    // is a C string.
    unsafe {
        let says = &*stream.codecpar;
        let name = c"variant_bitrate".as_ptr();
        let entry = ffi::av_dict_get(stream.metadata, name, ptr::null(), 0);
        let rate = (!entry.is_null()).then(|| CStr::from_ptr((*entry).value).to_str().ok());
        let rate = rate.flatten().and_then(|rate| rate.parse().ok()).unwrap_or(0);
        (i64::from(says.width) * i64::from(says.height), rate)
    }
}

/// In 1/90000 s.
fn ticks(time: i64, base: ffi::AVRational) -> Option<i64> {
    let (num, den) = (i128::from(base.num), i128::from(base.den));
    let known = time != ffi::AV_NOPTS_VALUE && den > 0;
    known.then(|| i64::try_from(i128::from(time) * num * 90_000 / den).ok()).flatten()
}
