//! One RTSP session of a feed, through retina over TCP: connect, play, watch that frames come.
//!
//! A camera is hostile input: whatever it sends ends at worst this session.

use std::net::Ipv4Addr;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use retina::client::{
    Credentials, Demuxed, Described, PlayOptions, Session, SessionOptions, SetupOptions,
    TeardownPolicy,
};
use retina::codec::{CodecItem, FrameFormat, ParametersRef, VideoParametersCodec};
use tokio::sync::watch;

use super::feed::{Calls, Feed};
use super::gate::Pass;
use super::keeper::Shared;
use super::names::is_own_limit;
use crate::clock::Mono;
use crate::frame::{MAX_HEIGHT, MAX_WIDTH};
use crate::health::{Event, Trouble};
use crate::media::{AccessUnit, Codec, StreamParams, is_entry_point};

/// What an attempt led to.
enum Opened {
    /// The session plays; the index of its stream.
    Playing(Box<Demuxed>, usize),
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
        let (session, stream) = match self.connect().await {
            Ok(Opened::Playing(session, stream)) => (*session, stream),
            Ok(Opened::ForgetsSessions) => return Ended::ForgetsSessions,
            Err(trouble) => return Ended::lost(trouble),
        };
        drop(pass);
        self.shared.book.accepted(&self.feed.source);
        self.feed.observe(Event::Playing);
        let began = self.shared.clock.mono();
        let trouble = tokio::select! {
            biased;
            trouble = self.play(session, stream, began) => trouble,
            trouble = self.watch(began) => trouble,
            () = self.asked(calls, began) => return Ended::Asked,
        };
        let last = self.feed.last_in_session();
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

    /// For how long the session may go on without a picture, or why it may not any more.
    fn silence_left(&self, began: Mono) -> Result<Duration, Trouble> {
        let limits = &self.shared.limits;
        let (deadline, trouble) = match self.feed.last_in_session() {
            None => (began + limits.first_frame, Trouble::NoFirstFrame),
            // A camera that sends a picture every ten seconds is slow, not gone.
            Some(last) => {
                (last + limits.frame_gap.max(self.feed.patience() * 2), Trouble::FramesStopped)
            }
        };
        let left = deadline.since(self.shared.clock.mono());
        if left.is_zero() { Err(trouble) } else { Ok(left) }
    }

    /// Ends when no picture has come for too long. One timer per silence, not one per picture.
    async fn watch(&self, began: Mono) -> Trouble {
        loop {
            match self.silence_left(began) {
                Ok(left) => tokio::time::sleep(left).await,
                Err(trouble) => return trouble,
            }
        }
    }

    /// Ends when a person asks for another attempt while this session is silent. A session that
    /// brings pictures is not torn down: that would be a hole in the day.
    async fn asked(&self, mut calls: watch::Receiver<Calls>, began: Mono) {
        let mut known = calls.borrow().retries;
        while calls.changed().await.is_ok() {
            let retries = calls.borrow_and_update().retries;
            let last = self.feed.last_in_session().unwrap_or(began);
            let silent = self.shared.clock.mono().since(last) > self.feed.patience();
            if retries != std::mem::replace(&mut known, retries) && silent {
                return;
            }
        }
        std::future::pending::<()>().await;
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
        let stream = choose(&session)?;
        let setup = SetupOptions::default().frame_format(FrameFormat::MP4);
        self.library(session.setup(stream, setup)).await?.map_err(|e| self.trouble(&e))?;
        let playing = self.library(session.play(PlayOptions::default())).await?;
        let playing = playing.map_err(|e| self.trouble(&e))?;
        let playing = playing.demuxed().map_err(|e| self.trouble(&e))?;
        Ok(Opened::Playing(Box::new(playing), stream))
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
    async fn play(&self, mut session: Demuxed, stream: usize, began: Mono) -> Trouble {
        let mut params: Option<Arc<StreamParams>> = None;
        let (mut lost, mut delivered) = (false, true);
        loop {
            // Who floods us with other things keeps the watch from its turn.
            if !std::mem::take(&mut delivered)
                && let Err(trouble) = self.silence_left(began)
            {
                return trouble;
            }
            let item = match self.library(session.next()).await {
                Ok(Some(Ok(item))) => item,
                Ok(Some(Err(e))) => return self.trouble(&e),
                Ok(None) => return Trouble::Closed,
                Err(trouble) => return trouble,
            };
            // RTCP and the like do not count: only a picture proves that somebody films.
            let CodecItem::VideoFrame(frame) = item else { continue };
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
fn without_dump(text: &str) -> String {
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
