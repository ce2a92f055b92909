//! One feed's RTSP sessions, through retina over TCP: connect, play, watch that frames come,
//! begin again.
//!
//! A camera is hostile input: whatever it sends ends at worst this session, and a panic in the
//! protocol library ends at worst this attempt.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use retina::client::{
    Credentials, Demuxed, Described, PlayOptions, Session, SessionOptions, SetupOptions,
};
use retina::codec::{CodecItem, FrameFormat, ParametersRef, VideoParametersCodec};

use super::Limits;
use super::backoff::Backoff;
use super::feed::Feed;
use super::names::Names;
use crate::clock::{Clock, Mono};
use crate::frame::{MAX_HEIGHT, MAX_WIDTH};
use crate::health::{Event, Trouble};
use crate::media::{AccessUnit, Codec, StreamParams, is_entry_point};

/// What all sessions share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: Limits,
    pub(super) names: Names,
}

/// Receives `feed` until the task is aborted.
pub(super) async fn receive(feed: Arc<Feed>, shared: Shared) {
    let mut backoff = Backoff::new(shared.limits.backoff.clone());
    let mut last = None;
    loop {
        let mut session = SessionRun { feed: &feed, shared: &shared, first_unit: None };
        let trouble = AssertUnwindSafe(session.run()).catch_unwind().await.unwrap_or_else(|_| {
            log::error!("{}: receiving failed inside this program", feed.id());
            Trouble::Internal
        });
        let healthy =
            session.first_unit.map_or(Duration::ZERO, |first| shared.clock.mono().since(first));
        feed.counters.losses.fetch_add(1, Ordering::Relaxed);
        let wait = match trouble {
            Trouble::AuthRejected => shared.limits.after_rejection,
            _ => backoff.after_loss(healthy, fastrand::f64()),
        };
        // In a long outage a thousand feeds fail for the same reason again and again: that is news
        // once.
        let level =
            if last.as_ref() == Some(&trouble) { log::Level::Debug } else { log::Level::Info };
        log::log!(level, "{}: {trouble:?}; next attempt in {:.1} s", feed.id(), wait.as_secs_f32());
        last = if healthy.is_zero() { Some(trouble.clone()) } else { None };
        feed.observe(Event::Lost(trouble));
        tokio::time::sleep(wait).await;
    }
}

struct SessionRun<'a> {
    feed: &'a Feed,
    shared: &'a Shared,
    /// When the first unit of this session arrived.
    first_unit: Option<Mono>,
}

impl SessionRun<'_> {
    /// One session from connecting to its end, which always is some trouble.
    async fn run(&mut self) -> Trouble {
        if let Err(trouble) = self.find_host().await {
            return trouble;
        }
        let opened = tokio::time::timeout(self.shared.limits.connect, self.open()).await;
        let (session, stream) = match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(trouble)) => return trouble,
            Err(_) => return Trouble::ConnectTimedOut,
        };
        self.feed.observe(Event::Playing);
        self.play(session, stream).await
    }

    /// Looks the host's name up, if it has one. The protocol library does so again by itself, by
    /// then out of the system's cache or at least from a name server that answers.
    async fn find_host(&self) -> Result<(), Trouble> {
        let source = &self.feed.source;
        if let Some(url::Host::Domain(host)) = source.url.host() {
            let port = source.url.port().unwrap_or(554);
            // A name server that hangs is not a camera that does not answer.
            let known = self.shared.names.resolves(host, port);
            if tokio::time::timeout(self.shared.limits.connect, known).await != Ok(true) {
                return Err(Trouble::NameNotFound);
            }
        }
        Ok(())
    }

    /// Connects and asks for the first video stream that can be shown.
    async fn open(&self) -> Result<(Demuxed, usize), Trouble> {
        let source = &self.feed.source;
        let login = source.login.as_ref().map(|login| Credentials {
            username: login.user.clone(),
            password: login.password.clone(),
        });
        let options = SessionOptions::default()
            .creds(login)
            .user_agent(concat!("pollwall/", env!("CARGO_PKG_VERSION")).to_owned());
        let describe = Session::describe(source.url.clone(), options);
        let mut session = describe.await.map_err(|e| self.trouble(&e))?;
        let stream = choose(&session)?;
        let setup = SetupOptions::default().frame_format(FrameFormat::MP4);
        session.setup(stream, setup).await.map_err(|e| self.trouble(&e))?;
        let playing = session.play(PlayOptions::default()).await.map_err(|e| self.trouble(&e))?;
        Ok((playing.demuxed().map_err(|e| self.trouble(&e))?, stream))
    }

    /// Delivers frames until they stop.
    async fn play(&mut self, mut session: Demuxed, stream: usize) -> Trouble {
        let mut params: Option<Arc<StreamParams>> = None;
        let mut deadline = tokio::time::Instant::now() + self.shared.limits.first_frame;
        let mut lost = false;
        loop {
            let item = match tokio::time::timeout_at(deadline, session.next()).await {
                Ok(Some(Ok(item))) => item,
                Ok(Some(Err(e))) => return self.trouble(&e),
                Ok(None) => return Trouble::Closed,
                Err(_) if self.first_unit.is_none() => return Trouble::NoFirstFrame,
                Err(_) => return Trouble::FramesStopped,
            };
            // RTCP and the like do not count: only a frame proves that somebody films.
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
                    log::info!("{}: {fresh:?}", self.feed.id());
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
            self.first_unit.get_or_insert(arrived_at);
            // A camera that sends a picture every ten seconds is slow, not gone.
            let patience = self.shared.limits.frame_gap.max(self.feed.patience() * 2);
            deadline = tokio::time::Instant::now() + patience;
        }
    }

    /// What an error of the protocol library means to a person. The library's own text goes to
    /// the log only.
    fn trouble(&self, error: &retina::Error) -> Trouble {
        let text = error.to_string();
        log::debug!("{}: {text}", self.feed.id());
        match error.status_code() {
            Some(401) => return Trouble::AuthRejected,
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

/// Reads the operating system's error number out of a connection error's text.
fn connect_trouble(text: &str) -> Trouble {
    use std::io::ErrorKind;
    let number =
        text.rsplit_once("(os error ").and_then(|(_, n)| n.split(')').next()?.parse().ok());
    match number.map(|n| std::io::Error::from_raw_os_error(n).kind()) {
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
    fn connection_errors_are_told_apart_by_their_number() {
        let text = |n: i32| {
            let os = std::io::Error::from_raw_os_error(n);
            format!("Unable to connect to RTSP server: {os}")
        };
        assert_eq!(connect_trouble(&text(libc::ECONNREFUSED)), Trouble::Refused);
        assert_eq!(connect_trouble(&text(libc::ETIMEDOUT)), Trouble::ConnectTimedOut);
        assert_eq!(connect_trouble(&text(libc::EHOSTUNREACH)), Trouble::Unreachable);
        assert_eq!(connect_trouble("Unable to connect"), Trouble::Unreachable);
    }
}
