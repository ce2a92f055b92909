//! One RTSP session of a feed, through retina over TCP: connect, play, watch that frames come.
//!
//! A camera is hostile input: whatever it sends ends at worst this session.

use std::net::Ipv4Addr;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use retina::client::{
    Credentials, Demuxed, Described, InitialTimestampPolicy, PlayOptions, Session, SessionOptions,
    SetupOptions, TeardownPolicy,
};
use retina::codec::{CodecItem, FrameFormat, ParametersRef, VideoParametersCodec};
use tokio::sync::watch;

use super::feed::{Calls, Feed};
use super::gate::Pass;
use super::keeper::Shared;
use super::names::is_own_limit;
use super::silence::Silence;
use super::sound::{SoundStream, Strike};
use super::tap::{AudioOffer, ClockReading, Heard, Offer, plain};
use crate::clock::Mono;
use crate::frame::{MAX_HEIGHT, MAX_WIDTH};
use crate::health::{Event, Trouble};
use crate::media::{AccessUnit, Codec, StreamParams, is_entry_point};

/// A session from which nothing comes is looked at again after this.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What an attempt led to.
enum Opened {
    /// The session plays: the index of its stream, and that of its sound.
    Playing(Box<Demuxed>, usize, Option<SoundStream>),
    /// To be opened again, in another way.
    ForgetsSessions,
}

/// How a session or an attempt at one ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ended {
    /// With some trouble, after pictures had come for `healthy_for`.
    Lost { trouble: Trouble, healthy_for: Duration },
    /// It was silent, and a person asked for another one.
    Asked,
    /// Before it began: the server is one that must not be asked to end its sessions; see
    /// [`SessionRun::open`].
    ForgetsSessions,
}

impl Ended {
    /// An attempt that brought nothing.
    pub(super) fn lost(trouble: Trouble) -> Self {
        Self::Lost { trouble, healthy_for: Duration::ZERO }
    }
}

/// One session from connecting to its end.
pub(super) struct SessionRun<'a> {
    feed: &'a Feed,
    shared: &'a Shared,
    forgets_sessions: bool,
    /// When the first unit of this session arrived.
    first_unit: OnceLock<Mono>,
}

impl<'a> SessionRun<'a> {
    pub(super) fn new(feed: &'a Feed, shared: &'a Shared, forgets_sessions: bool) -> Self {
        Self { feed, shared, forgets_sessions, first_unit: OnceLock::new() }
    }

    /// Connects, plays, and receives until it ends. The slot of `pass` is free again with the
    /// answer to PLAY.
    pub(super) async fn run(&self, pass: Pass, calls: watch::Receiver<Calls>) -> Ended {
        let (session, stream, sound) = match self.connect().await {
            Ok(Opened::Playing(session, stream, sound)) => (*session, stream, sound),
            Ok(Opened::ForgetsSessions) => return Ended::ForgetsSessions,
            Err(trouble) => return Ended::lost(trouble),
        };
        drop(pass);
        self.shared.book.accepted(&self.feed.source);
        self.feed.observe(Event::Playing);
        let began = self.shared.clock.mono();
        let silence = Silence { feed: self.feed, shared: self.shared, began };
        let trouble = tokio::select! {
            biased;
            trouble = self.play(session, stream, sound, &silence) => trouble,
            trouble = silence.watch() => trouble,
            () = silence.asked(calls) => return Ended::Asked,
        };
        let last = self.feed.last_in_session();
        if sound.is_some() {
            self.judge_sound(&trouble, last.is_some());
        }
        let healthy = last.zip(self.first_unit.get()).map(|(last, first)| last.since(*first));
        // A session that brought a single unit was not healthy for no time at all.
        let healthy_for = healthy.map_or(Duration::ZERO, |d| d.max(Duration::from_millis(1)));
        Ended::Lost { trouble, healthy_for }
    }

    /// Everything up to the answer to PLAY, the look-up of the host's name included, within the
    /// one time-out.
    async fn connect(&self) -> Result<Opened, Trouble> {
        let deadline = tokio::time::Instant::now() + self.shared.limits.connect;
        match tokio::time::timeout_at(deadline, self.find_host()).await {
            Ok(found) => found?,
            // A name server that hangs is not a camera that does not answer.
            Err(_) => return Err(Trouble::NameNotFound),
        }
        let opened = tokio::time::timeout_at(deadline, self.open()).await;
        opened.unwrap_or(Err(Trouble::ConnectTimedOut))
    }

    /// Looks the host's name up, if it has one. The protocol library does so again by itself, by
    /// then out of the system's cache or at least from a name server that answers.
    async fn find_host(&self) -> Result<(), Trouble> {
        let source = &self.feed.source;
        match source.url.host() {
            // In a URL of this scheme an IPv4 address is a name like any other.
            Some(url::Host::Domain(host)) if host.parse::<Ipv4Addr>().is_err() => {
                let port = source.url.port().unwrap_or(554);
                self.shared.names.find(host, port).await
            }
            _ => Ok(()),
        }
    }

    /// Connects and asks for the first video stream that can be shown.
    ///
    /// At its end a session says TEARDOWN once, over the connection it has, in the background and
    /// for five seconds at most. With old servers (live555 before 2017-06-04) the protocol library
    /// would go on and connect again for that, past the gate; those are opened without it.
    async fn open(&self) -> Result<Opened, Trouble> {
        let source = &self.feed.source;
        let login = source.login.as_ref().map(|login| Credentials {
            username: login.user.clone(),
            password: login.password.clone(),
        });
        let teardown =
            if self.forgets_sessions { TeardownPolicy::Never } else { TeardownPolicy::Auto };
        let options = SessionOptions::default()
            .creds(login)
            .teardown(teardown)
            .user_agent(concat!("pollwall/", env!("CARGO_PKG_VERSION")).to_owned());
        let describe = Session::describe(source.url.clone(), options);
        let mut session = self.library(describe).await?.map_err(|e| self.trouble(&e))?;
        let stale = session.tool().is_some_and(retina::client::Tool::has_live555_tcp_bug);
        if stale && !self.forgets_sessions {
            return Ok(Opened::ForgetsSessions);
        }
        self.feed.tell(|| Heard::Offer(offer(&session)));
        let stream = choose(&session)?;
        let setup = SetupOptions::default().frame_format(FrameFormat::MP4);
        self.library(session.setup(stream, setup)).await?.map_err(|e| self.trouble(&e))?;
        let sound = self.library(SoundStream::set_up(self.feed, &mut session)).await?;
        // With two streams the library's default is to insist on a header that many cameras leave
        // out. Pictures and sound are not shown in step, so nothing hangs on it.
        let options = PlayOptions::default().initial_timestamp(InitialTimestampPolicy::Ignore);
        let playing = match self.library(session.play(options)).await? {
            Ok(session) => session.demuxed(),
            Err(e) => Err(e),
        };
        let playing = playing.map_err(|e| {
            let trouble = self.trouble(&e);
            if sound.is_some() {
                self.judge_sound(&trouble, false);
            }
            trouble
        })?;
        Ok(Opened::Playing(Box::new(playing), stream, sound))
    }

    /// A call of the protocol library. What a camera says can make its parsers panic; that is the
    /// camera's fault, not a failure of this machine. The caller gives the session up.
    async fn library<T>(&self, call: impl Future<Output = T>) -> Result<T, Trouble> {
        AssertUnwindSafe(call).catch_unwind().await.map_err(|_| {
            log::warn!(
                "{}: the protocol library panicked over what the camera said",
                self.feed.id()
            );
            Trouble::Protocol
        })
    }

    /// Delivers frames until the session ends by itself.
    async fn play(
        &self,
        mut session: Demuxed,
        stream: usize,
        sound: Option<SoundStream>,
        silence: &Silence<'_>,
    ) -> Trouble {
        let mut params: Option<Arc<StreamParams>> = None;
        let (mut lost, mut delivered) = (false, true);
        loop {
            // Who floods us with other things keeps the watch from its turn.
            if !std::mem::take(&mut delivered)
                && let Err(trouble) = silence.left()
            {
                return trouble;
            }
            // Not for ever: after a request of the camera's the library forgets to ask to be woken.
            let next = tokio::time::timeout(ASK_AGAIN_AFTER, session.next());
            let item = match self.library(next).await {
                Ok(Ok(Some(Ok(item)))) => item,
                Ok(Ok(Some(Err(e)))) => return self.trouble(&e),
                Ok(Ok(None)) => return Trouble::Closed,
                Ok(Err(_nothing_yet)) => continue,
                Err(trouble) => return trouble,
            };
            // RTCP and the like do not count: only a picture proves that somebody films.
            let frame = match (item, sound) {
                (CodecItem::VideoFrame(frame), _) => frame,
                (CodecItem::AudioFrame(frame), Some(sound)) => {
                    sound.take(self.feed, session.streams(), &frame);
                    continue;
                }
                (CodecItem::Rtcp(reports), _) => {
                    self.tell_clock(&reports);
                    continue;
                }
                _ => continue,
            };
            if params.is_none() || frame.has_new_parameters() {
                let described =
                    session.streams().get(stream).and_then(retina::client::Stream::parameters);
                let fresh = match described {
                    Some(ParametersRef::Video(video)) => stream_params(video),
                    _ => None,
                };
                let Some(fresh) = fresh else {
                    // The parameter sets have not come yet; nothing can be decoded before.
                    continue;
                };
                if fresh.width > MAX_WIDTH || fresh.height > MAX_HEIGHT {
                    return Trouble::TooLarge { width: fresh.width, height: fresh.height };
                }
                if params.as_deref() != Some(&fresh) {
                    if self.shared.log.spend(self.shared.clock.mono()) {
                        log::info!("{}: {fresh:?}", self.feed.id());
                    }
                    params = Some(Arc::new(fresh));
                }
            }
            let Some(params) = &params else { continue };
            lost |= frame.loss() > 0;
            let is_key =
                frame.is_random_access_point() || is_entry_point(params.codec, frame.data());
            let arrived_at = self.shared.clock.mono();
            let pts = frame.timestamp();
            let rate = i128::from(pts.clock_rate().get());
            let pts = i64::try_from(i128::from(pts.elapsed()) * 90_000 / rate).unwrap_or(i64::MAX);
            self.feed.deliver(AccessUnit {
                params: Arc::clone(params),
                is_key,
                after_loss: lost && !is_key,
                pts,
                arrived_at,
                taken_at: self.shared.clock.wall(),
                data: frame.into_data().into(),
            });
            lost &= !is_key;
            self.first_unit.get_or_init(|| arrived_at);
            delivered = true;
        }
    }

    /// Passes a sender report's time on (RFC 3550 section 6.4.1).
    fn tell_clock(&self, reports: &retina::rtcp::ReceivedCompoundPacket) {
        let first = reports.pkts().next();
        let Some(Ok(Some(report))) = first.map(retina::rtcp::PacketRef::as_sender_report) else {
            return;
        };
        let theirs_us = unix_micros(report.ntp_timestamp());
        let ours_us = self.shared.clock.wall().as_micros();
        self.feed.tell_clock(ClockReading { theirs_us, ours_us });
    }

    /// Whether sound is to blame for the end of a session that had it. The library does not say in
    /// which stream a rule was broken.
    fn judge_sound(&self, trouble: &Trouble, pictures: bool) {
        let strike = match trouble {
            Trouble::Protocol | Trouble::Status(_) => Strike::Surely,
            Trouble::Closed | Trouble::NoFirstFrame if !pictures => Strike::Perhaps,
            _ => {
                if pictures {
                    self.feed.sound.forgive();
                }
                return;
            }
        };
        log::info!("{}: {trouble:?} with sound: {strike:?} for its sake", self.feed.id());
        self.feed.sound.strike(strike);
    }

    /// What an error of the protocol library means to a person. The library's own text goes to
    /// the log only.
    fn trouble(&self, error: &retina::Error) -> Trouble {
        let text = error.to_string();
        log::debug!("{}: {}", self.feed.id(), without_dump(&text));
        match error.status_code() {
            Some(401) => return Trouble::AuthRejected,
            Some(403) => return Trouble::Forbidden,
            Some(404) => return Trouble::NotFound,
            // Agreed, and then talked nonsense: "error 200" would tell nobody anything.
            Some(200..=299) | None => {}
            Some(code) => return Trouble::Status(code),
        }
        // The error type is opaque but for its text; these two leads are all that is asked of it,
        // and tests hold them against a closed port and a closed connection.
        if text.starts_with("Unable to connect") {
            return connect_trouble(&text);
        }
        let cut = ["Error reading from RTSP peer", "Error writing to RTSP peer"];
        if cut.iter().any(|lead| text.starts_with(lead)) {
            return Trouble::Closed;
        }
        Trouble::Protocol
    }
}

/// The library shows what it could not read as rows of sixteen bytes as well: a login that a camera
/// repeats would be cut in pieces there, and no redactor finds those.
pub(super) fn without_dump(text: &str) -> String {
    let is_row = |line: &str| {
        let place = line.trim_start().split(':').next().unwrap_or_default();
        line.contains(':') && place.len() >= 4 && place.bytes().all(|b| b.is_ascii_hexdigit())
    };
    text.lines().filter(|line| !is_row(line)).collect::<Vec<_>>().join("\n")
}

/// Reads the operating system's error number out of a connection error's text.
fn connect_trouble(text: &str) -> Trouble {
    use std::io::ErrorKind;
    let number =
        text.rsplit_once("(os error ").and_then(|(_, n)| n.split(')').next()?.parse().ok());
    let error = number.map(std::io::Error::from_raw_os_error);
    match error.as_ref().map(std::io::Error::kind) {
        _ if error.as_ref().is_some_and(is_own_limit) => Trouble::OwnLimit,
        Some(ErrorKind::ConnectionRefused) => Trouble::Refused,
        Some(ErrorKind::TimedOut) => Trouble::ConnectTimedOut,
        _ => Trouble::Unreachable,
    }
}

/// The first video stream that can be shown.
fn choose(session: &Session<Described>) -> Result<usize, Trouble> {
    let streams = session.streams();
    let shown = |s: &retina::client::Stream| {
        s.media() == "video" && matches!(s.encoding_name(), "h264" | "h265" | "jpeg")
    };
    if let Some(index) = streams.iter().position(shown) {
        return Ok(index);
    }
    let offered =
        streams.iter().find(|s| s.media() == "video").map(retina::client::Stream::encoding_name);
    // What a camera calls its codec may be anything: keep it short and plain.
    let name =
        offered.unwrap_or("none").chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    Err(Trouble::UnsupportedCodec(name))
}

/// What the session description says of itself.
fn offer(session: &Session<Described>) -> Offer {
    let streams = session.streams();
    let of = |media: &'static str| streams.iter().filter(move |s| s.media() == media);
    Offer {
        transport: "RTP/TCP".to_owned(),
        server: session.tool().and_then(|tool| plain(tool)),
        frame_rate: of("video").find_map(retina::client::Stream::framerate),
        audio: of("audio")
            .map(|s| AudioOffer {
                codec: plain(s.encoding_name()).unwrap_or_default(),
                rate_hz: s.clock_rate_hz(),
                // Left out where there is one (RFC 8866 section 6.6).
                channels: Some(s.channels().map_or(1, std::num::NonZero::get)),
            })
            .collect(),
    }
}

/// An NTP time (32.32 fixed point seconds since 1900) in microseconds since 1970. Its seconds wrap
/// in 2036: those of the lower half belong to the era that begins there (RFC 5905 section 6).
fn unix_micros(ntp: retina::NtpTimestamp) -> i64 {
    const SECONDS_1900_TO_1970: i64 = 2_208_988_800;
    let (seconds, fraction) = ((ntp.0 >> 32) as u32, ntp.0 as u32);
    let era = if seconds < 1 << 31 { 1 << 32 } else { 0 };
    let seconds = i64::from(seconds) + era - SECONDS_1900_TO_1970;
    seconds * 1_000_000 + i64::from(fraction) * 1_000_000 / (1 << 32)
}

fn stream_params(video: &retina::codec::VideoParameters) -> Option<StreamParams> {
    let codec = match video.codec_params() {
        VideoParametersCodec::H264 { .. } => Codec::H264,
        VideoParametersCodec::H265 { .. } => Codec::H265,
        VideoParametersCodec::Jpeg => Codec::Jpeg,
        _ => return None,
    };
    let (width, height) = video.pixel_dimensions();
    Some(StreamParams {
        codec,
        extra_data: video.extra_data().to_vec(),
        width,
        height,
        sample_aspect: video.pixel_aspect_ratio(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ntp_times_are_read_in_both_eras() {
        let ntp = |seconds: u64, fraction: u64| retina::NtpTimestamp(seconds << 32 | fraction);
        assert_eq!(unix_micros(ntp(2_208_988_800, 0)), 0);
        assert_eq!(unix_micros(ntp(2_208_988_801, 1 << 31)), 1_500_000);
        // 2036-02-07 06:28:16 UTC, where the seconds begin again (RFC 5905 figure 4).
        assert_eq!(unix_micros(ntp(0, 0)), 2_085_978_496_000_000);
    }

    #[test]
    fn rows_of_bytes_are_left_out_of_what_is_logged() {
        let text = "cannot read: x\n    0000:   79 6f 75 20   you \n  001f: 61\nat 1.2.3.4:554";
        assert_eq!(without_dump(text), "cannot read: x\nat 1.2.3.4:554");
    }

    #[test]
    fn connection_errors_are_told_apart_by_their_number() {
        let text = |n: i32| {
            let os = std::io::Error::from_raw_os_error(n);
            format!("Unable to connect to RTSP server: {os}")
        };
        assert_eq!(connect_trouble(&text(libc::ECONNREFUSED)), Trouble::Refused);
        assert_eq!(connect_trouble(&text(libc::ETIMEDOUT)), Trouble::ConnectTimedOut);
        assert_eq!(connect_trouble(&text(libc::EHOSTUNREACH)), Trouble::Unreachable);
        assert_eq!(connect_trouble("Unable to connect"), Trouble::Unreachable);
        for ours in [libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM, libc::EADDRNOTAVAIL] {
            assert_eq!(connect_trouble(&text(ours)), Trouble::OwnLimit);
        }
    }
}
