//! One session of a feed that FFmpeg receives (all but RTSP), with the contract of
//! [`SessionRun`](super::rtsp): through the gate, the same time-outs, the same words for trouble.
//!
//! FFmpeg blocks, so it works on a thread of its own ([`worker`]) and sends what it finds through a
//! bounded queue to the feed's task, which stamps the arrival and keeps the watch. When the task
//! ends, for whatever reason, the thread is told so by a flag and ends within moments; nobody waits
//! for it. A unit that it has still in hand is lost, never delivered to a later session.

mod worker;

use std::net::Ipv4Addr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::watch;

use self::worker::{News, Worker};
use super::feed::{Calls, Feed};
use super::gate::Pass;
use super::keeper::Shared;
use super::names::is_own_limit;
use super::rtsp::Ended;
use super::silence::Silence;
use super::tap::{AudioOffer, Heard, Offer};
use crate::clock::Mono;
use crate::config::secrets::FeedSource;
use crate::frame::{MAX_HEIGHT, MAX_WIDTH};
use crate::health::{Event, Trouble};
use crate::media::{AccessUnit, Address, Audio, Coded, InputError, StreamParams, default_port};

/// Whether a source is received here.
pub(super) fn receives(source: &FeedSource) -> bool {
    source.url.scheme() != "rtsp"
}

/// One session from opening to its end.
pub(super) struct SourceRun<'a> {
    feed: &'a Feed,
    shared: &'a Shared,
    /// When the first unit of this session arrived.
    first_unit: OnceLock<Mono>,
}

impl<'a> SourceRun<'a> {
    pub(super) fn new(feed: &'a Feed, shared: &'a Shared) -> Self {
        Self { feed, shared, first_unit: OnceLock::new() }
    }

    /// Opens and receives until it ends. The slot of `pass` is free again when the other side has
    /// agreed to send.
    pub(super) async fn run(&self, pass: Pass, calls: watch::Receiver<Calls>) -> Ended {
        let mut worker = match self.connect().await {
            Ok(worker) => worker,
            Err(trouble) => return Ended::lost(trouble),
        };
        drop(pass);
        self.shared.book.accepted(&self.feed.source);
        self.offer(&[]);
        self.feed.observe(Event::Playing);
        let began = self.shared.clock.mono();
        let silence = Silence { feed: self.feed, shared: self.shared, began };
        let trouble = tokio::select! {
            biased;
            trouble = self.play(&mut worker) => trouble,
            trouble = silence.watch() => trouble,
            () = silence.asked(calls) => return Ended::Asked,
        };
        let last = self.feed.last_in_session();
        let healthy = last.zip(self.first_unit.get()).map(|(last, first)| last.since(*first));
        // A session that brought a single unit was not healthy for no time at all.
        let healthy_for = healthy.map_or(Duration::ZERO, |d| d.max(Duration::from_millis(1)));
        Ended::Lost { trouble, healthy_for }
    }

    /// Everything up to the other side's agreement to send, within the one time-out.
    async fn connect(&self) -> Result<Worker, Trouble> {
        let deadline = tokio::time::Instant::now() + self.shared.limits.connect;
        match tokio::time::timeout_at(deadline, self.find_host()).await {
            Ok(found) => found?,
            // A name server that hangs is not a camera that does not answer.
            Err(_) => return Err(Trouble::NameNotFound),
        }
        let mut worker =
            Worker::start(self.feed.id(), self.address(), &self.feed.repeats, self.shared)
                .map_err(|_| Trouble::OwnLimit)?;
        match tokio::time::timeout_at(deadline, worker.news.recv()).await {
            Ok(Some(News::Connected)) => Ok(worker),
            // The SRT library breaks off alike where nobody listens and where the passphrase is
            // wrong; that nobody answers has no number of the operating system's.
            Ok(Some(News::Ended(InputError::Broken | InputError::System(_))))
                if self.feed.source.url.scheme() == "srt" =>
            {
                Err(Trouble::SrtRejected)
            }
            Ok(Some(News::Ended(error))) => Err(self.trouble(&error)),
            Ok(Some(News::Unit(_) | News::Sounds(_)) | None) => Err(Trouble::Internal),
            Err(_) => Err(Trouble::ConnectTimedOut),
        }
    }

    /// Tells what the stream is said to hold.
    fn offer(&self, sounds: &[Audio]) {
        let transport = self.feed.source.url.scheme().to_ascii_uppercase();
        let audio = sounds.iter().map(|sound| AudioOffer {
            codec: sound.codec.clone(),
            rate_hz: sound.rate_hz,
            channels: sound.channels,
        });
        let audio = audio.collect();
        self.feed.tell(|| Heard::Offer(Offer { transport, audio, ..Offer::default() }));
    }

    fn address(&self) -> Address {
        let source = &self.feed.source;
        let hosts = self.shared.hosts.clone();
        let login = source.login.as_ref();
        Address {
            url: source.url.clone(),
            login: login.map(|login| (login.user.clone(), login.password.clone())),
            may_reach: Arc::new(move |url| hosts.name(url)),
        }
    }

    /// Looks the host's name up, if it has one: FFmpeg does so by itself, and no flag wakes it from
    /// that; by then the answer is in the system's cache, or at least the name server answers.
    async fn find_host(&self) -> Result<(), Trouble> {
        let url = &self.feed.source.url;
        match url.host() {
            // In most of these schemes an IPv4 address is a name like any other.
            Some(url::Host::Domain(host)) if host.parse::<Ipv4Addr>().is_err() => {
                let port = url.port().or_else(|| default_port(url.scheme())).unwrap_or(0);
                self.shared.names.find(host, port).await
            }
            _ => Ok(()),
        }
    }

    /// Delivers units until the session ends by itself.
    async fn play(&self, worker: &mut Worker) -> Trouble {
        let mut known: Option<Arc<StreamParams>> = None;
        let mut lost = false;
        loop {
            let coded = match worker.news.recv().await {
                Some(News::Unit(coded)) => coded,
                Some(News::Connected) => continue,
                Some(News::Sounds(sounds)) => {
                    self.offer(&sounds);
                    self.feed.sound.is_not_measured(!sounds.is_empty());
                    continue;
                }
                Some(News::Ended(error)) => return self.trouble(&error),
                None => return Trouble::Internal,
            };
            let params = &coded.params;
            if known.as_ref().is_none_or(|known| !Arc::ptr_eq(known, params)) {
                if params.width > MAX_WIDTH || params.height > MAX_HEIGHT {
                    return Trouble::TooLarge { width: params.width, height: params.height };
                }
                if known.as_ref() != Some(params) && self.shared.log.spend(self.shared.clock.mono())
                {
                    log::info!("{}: {params:?}", self.feed.id());
                }
                known = Some(Arc::clone(params));
            }
            lost |= coded.damaged;
            lost &= !coded.is_key;
            self.deliver(coded, lost);
        }
    }

    fn deliver(&self, coded: Coded, lost: bool) {
        let arrived_at = self.shared.clock.mono();
        // What has no time stamps has the time at which it came.
        let pts = coded.pts.unwrap_or_else(|| arrived_at.as_micros().saturating_mul(9) / 100);
        self.feed.deliver(AccessUnit {
            params: coded.params,
            data: coded.data.into(),
            is_key: coded.is_key,
            after_loss: lost,
            pts,
            arrived_at,
            taken_at: self.shared.clock.wall(),
        });
        self.first_unit.get_or_init(|| arrived_at);
    }

    /// What an error means to a person. The log gets the kind only: no address, no text of
    /// FFmpeg's.
    fn trouble(&self, error: &InputError) -> Trouble {
        log::debug!("{}: {error:?}", self.feed.id());
        match error {
            InputError::Status(401) => Trouble::AuthRejected,
            InputError::Status(403) => Trouble::Forbidden,
            InputError::Status(404) => Trouble::NotFound,
            InputError::Status(code) => Trouble::Status(*code),
            InputError::Ended | InputError::Cancelled | InputError::Broken => Trouble::Closed,
            InputError::System(error) => system_trouble(error),
            InputError::Foreign => Trouble::ForeignHost,
            InputError::UnsupportedCodec(name) => Trouble::UnsupportedCodec(name.clone()),
            InputError::Malformed => Trouble::Protocol,
        }
    }
}

fn system_trouble(error: &std::io::Error) -> Trouble {
    use std::io::ErrorKind;
    match error.kind() {
        _ if is_own_limit(error) => Trouble::OwnLimit,
        ErrorKind::ConnectionRefused => Trouble::Refused,
        ErrorKind::TimedOut => Trouble::ConnectTimedOut,
        ErrorKind::NotFound => Trouble::NotFound,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Trouble::Closed,
        ErrorKind::InvalidData | ErrorKind::InvalidInput => Trouble::Protocol,
        _ => Trouble::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Error;

    use super::*;

    #[test]
    fn system_errors_are_told_apart() {
        let of = |number| system_trouble(&Error::from_raw_os_error(number));
        assert_eq!(of(libc::ECONNREFUSED), Trouble::Refused);
        assert_eq!(of(libc::ETIMEDOUT), Trouble::ConnectTimedOut);
        assert_eq!(of(libc::EHOSTUNREACH), Trouble::Unreachable);
        assert_eq!(of(libc::ECONNRESET), Trouble::Closed);
        assert_eq!(of(libc::ENOENT), Trouble::NotFound);
        assert_eq!(of(libc::EMFILE), Trouble::OwnLimit);
    }
}
