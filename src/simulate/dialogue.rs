//! One client's dialogue with a camera: requests in, answers out, and what they ask for.
//!
//! A state machine without sockets (RFC 2326, appendix A.2): described → set up → playing. RTP
//! goes through the same connection only (interleaved); UDP is answered with 461.

use std::fmt::Write as _;

use super::chance;
use super::digest;
use super::request::{Broken, Reader, Request};
use crate::config::Login;
use crate::model::FeedKind;

/// Clients that are silent this long may be forgotten, so says the session's header.
pub(super) const TIMEOUT_S: u64 = 60;

const METHODS: &str = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN";

/// What the camera is at this moment, for the dialogue.
pub(super) trait Host {
    /// `rtsp://127.20.57.12:8554`
    fn base(&self) -> &str;
    /// The description of a stream (SDP); `None` where there is no such stream.
    fn description(&self, kind: FeedKind) -> Option<String>;
    /// Who may see it; everybody if `None`.
    fn login(&self) -> Option<&Login>;
    /// Whether even the right login is rejected.
    fn rejects_logins(&self) -> bool;
    /// The time of the first picture that a session would get now, in the stream's 90 kHz.
    fn first_picture(&self, kind: FeedKind) -> u32;
}

/// What a client's bytes led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A request was answered.
    Answered {
        /// Its method, as sent; at most 20 characters.
        method: String,
        /// The answer's status.
        status: u16,
    },
    /// Pictures may go out.
    Play(Playback),
    /// The connection is to be closed when the answers are out.
    Close,
}

/// What is to be sent, and how it is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Playback {
    /// Which stream.
    pub(super) kind: FeedKind,
    /// The interleaved channel of RTP; RTCP's is the next one.
    pub(super) channel: u8,
    /// The synchronisation source.
    pub(super) ssrc: u32,
    /// Of the first packet.
    pub(super) seq: u16,
    /// Added to the stream's time to make RTP time stamps.
    pub(super) offset: u32,
}

/// The state of one connection.
#[derive(Debug)]
pub(super) struct Dialogue {
    reader: Reader,
    nonce: String,
    session: String,
    /// What SETUP agreed on.
    agreed: Option<Playback>,
    is_playing: bool,
    /// Everything by chance in it.
    serial: u64,
}

/// Why a request is not granted.
type Refused = (u16, &'static str, String);

fn refused(status: u16, words: &'static str) -> Refused {
    (status, words, String::new())
}

impl Dialogue {
    /// Begins one. `serial` names the connection: session number, nonce, SSRC and the beginnings
    /// of RTP's counters follow from it.
    pub(super) fn new(serial: u64) -> Self {
        let word = |salt: u64| format!("{:016x}", chance::hash(&[serial, salt]));
        Self {
            reader: Reader::default(),
            nonce: word(1) + &word(2),
            session: word(3),
            agreed: None,
            is_playing: false,
            serial,
        }
    }

    /// Takes a client's bytes; answers go to `out`.
    pub(super) fn hear(
        &mut self,
        bytes: &[u8],
        host: &dyn Host,
        out: &mut Vec<u8>,
        told: &mut Vec<Told>,
    ) {
        self.reader.take(bytes);
        loop {
            match self.reader.next() {
                Ok(None) => return,
                Ok(Some(request)) => {
                    if !self.answer(&request, host, out, told) {
                        return;
                    }
                }
                Err(broken) => {
                    let (status, words) = match broken {
                        Broken::Nonsense => (400, "Bad Request"),
                        Broken::Version => (505, "RTSP Version Not Supported"),
                        Broken::TooLarge => (413, "Request Entity Too Large"),
                    };
                    answer(out, status, words, "0", "", "");
                    told.push(Told::Answered { method: "?".to_owned(), status });
                    told.push(Told::Close);
                    return;
                }
            }
        }
    }

    /// Answers one request; `false` when no more are to be heard.
    fn answer(
        &mut self,
        request: &Request,
        host: &dyn Host,
        out: &mut Vec<u8>,
        told: &mut Vec<Told>,
    ) -> bool {
        let number = request.header("CSeq").filter(|n| n.len() <= 10 && n.parse::<u32>().is_ok());
        let granted = match number {
            None => Err(refused(400, "Bad Request")),
            Some(_) => self.grant(request, host),
        };
        let number = number.unwrap_or("0");
        let status = match &granted {
            Ok(Granted { headers, body, .. }) => {
                answer(out, 200, "OK", number, headers, body);
                200
            }
            Err((status, words, headers)) => {
                answer(out, *status, words, number, headers, "");
                *status
            }
        };
        let method = request.method.chars().take(20).collect();
        told.push(Told::Answered { method, status });
        let then = granted.map_or(None, |granted| granted.then);
        let goes_on = !matches!(then, Some(Told::Close));
        told.extend(then);
        goes_on
    }

    fn grant(&mut self, request: &Request, host: &dyn Host) -> Result<Granted, Refused> {
        if request.method == "OPTIONS" {
            return Ok(Granted::with(format!("Public: {METHODS}\r\n")));
        }
        self.check_login(request, host)?;
        match request.method.as_str() {
            "DESCRIBE" => describe(request, host),
            "SETUP" => self.setup(request, host),
            "PLAY" => self.play(request, host),
            "GET_PARAMETER" => {
                self.check_session(request, false)?;
                Ok(Granted::with(self.session_header()))
            }
            "TEARDOWN" => {
                self.check_session(request, true)?;
                Ok(Granted { then: Some(Told::Close), ..Granted::with(self.session_header()) })
            }
            _ => Err((501, "Not Implemented", format!("Public: {METHODS}\r\n"))),
        }
    }

    fn check_login(&self, request: &Request, host: &dyn Host) -> Result<(), Refused> {
        let shown = request.header("Authorization").unwrap_or_default();
        let is_let_in = !host.rejects_logins()
            && host.login().is_none_or(|login| {
                digest::is_authorized(shown, &request.method, login, &self.nonce)
            });
        if is_let_in {
            return Ok(());
        }
        Err((401, "Unauthorized", digest::challenge(&self.nonce)))
    }

    /// The session that a request names must be ours; some requests must name one.
    fn check_session(&self, request: &Request, must: bool) -> Result<(), Refused> {
        let named = request.header("Session").map(|s| s.split(';').next().unwrap_or(s).trim());
        match named {
            Some(named) if self.agreed.is_some() && named == self.session => Ok(()),
            None if !must => Ok(()),
            _ => Err(refused(454, "Session Not Found")),
        }
    }

    fn session_header(&self) -> String {
        if self.agreed.is_none() {
            return String::new();
        }
        format!("Session: {};timeout={TIMEOUT_S}\r\n", self.session)
    }

    fn setup(&mut self, request: &Request, host: &dyn Host) -> Result<Granted, Refused> {
        let kind = stream(&request.url).filter(|kind| host.description(*kind).is_some());
        let kind = kind.ok_or_else(|| refused(404, "Not Found"))?;
        if self.is_playing {
            return Err(refused(455, "Method Not Valid in This State"));
        }
        if request.header("Session").is_some() {
            self.check_session(request, true)?;
        }
        let wanted = request.header("Transport").ok_or_else(|| refused(400, "Bad Request"))?;
        let channel = wanted.split(',').find_map(interleaved);
        let channel = channel.ok_or_else(|| refused(461, "Unsupported Transport"))?;
        let chance = |salt: u64| chance::hash(&[self.serial, salt]);
        let agreed = Playback {
            kind,
            channel,
            ssrc: chance(4) as u32,
            seq: chance(5) as u16,
            offset: chance(6) as u32,
        };
        self.agreed = Some(agreed);
        let transport = format!(
            "Transport: RTP/AVP/TCP;unicast;interleaved={channel}-{};ssrc={:08X}\r\n",
            channel + 1,
            agreed.ssrc
        );
        Ok(Granted::with(transport + &self.session_header()))
    }

    fn play(&mut self, request: &Request, host: &dyn Host) -> Result<Granted, Refused> {
        let Some(agreed) = self.agreed else {
            return Err(refused(455, "Method Not Valid in This State"));
        };
        self.check_session(request, true)?;
        let mut headers = self.session_header();
        headers.push_str("Range: npt=now-\r\n");
        if self.is_playing {
            // Some clients ask again to stay alive.
            return Ok(Granted::with(headers));
        }
        self.is_playing = true;
        // Writing to a string cannot fail.
        let _ = write!(
            headers,
            "RTP-Info: url={}/{}/trackID=0;seq={};rtptime={}\r\n",
            host.base(),
            agreed.kind.as_str(),
            agreed.seq,
            agreed.offset.wrapping_add(host.first_picture(agreed.kind)),
        );
        Ok(Granted { then: Some(Told::Play(agreed)), ..Granted::with(headers) })
    }
}

/// A request that is granted.
struct Granted {
    headers: String,
    body: String,
    then: Option<Told>,
}

impl Granted {
    fn with(headers: String) -> Self {
        Self { headers, body: String::new(), then: None }
    }
}

fn describe(request: &Request, host: &dyn Host) -> Result<Granted, Refused> {
    let kind = stream(&request.url).ok_or_else(|| refused(404, "Not Found"))?;
    let body = host.description(kind).ok_or_else(|| refused(404, "Not Found"))?;
    let base = host.base();
    let headers =
        format!("Content-Base: {base}/{}/\r\nContent-Type: application/sdp\r\n", kind.as_str());
    Ok(Granted { body, ..Granted::with(headers) })
}

fn answer(out: &mut Vec<u8>, status: u16, words: &str, number: &str, headers: &str, body: &str) {
    out.extend_from_slice(format!("RTSP/1.0 {status} {words}\r\nCSeq: {number}\r\n").as_bytes());
    out.extend_from_slice(b"Server: pollwall simulate\r\n");
    out.extend_from_slice(headers.as_bytes());
    if !body.is_empty() {
        out.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body.as_bytes());
}

/// Which stream a URL names: `/main` or `/sub`, with or without its only track.
fn stream(url: &str) -> Option<FeedKind> {
    let lead = "rtsp://";
    let has_lead = url.get(..lead.len()).is_some_and(|l| l.eq_ignore_ascii_case(lead));
    let path = if has_lead { url[lead.len()..].split_once('/')?.1 } else { url.strip_prefix('/')? };
    let path = path.split('?').next().unwrap_or(path).trim_end_matches('/');
    match path.strip_suffix("/trackID=0").unwrap_or(path) {
        "main" => Some(FeedKind::Main),
        "sub" => Some(FeedKind::Sub),
        _ => None,
    }
}

/// The channel that an offered transport would interleave RTP on; 0 where it names none. `None`
/// for any other transport.
fn interleaved(transport: &str) -> Option<u8> {
    let mut parts = transport.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case("RTP/AVP/TCP") {
        return None;
    }
    match parts.find_map(|part| part.strip_prefix("interleaved=")) {
        None => Some(0),
        Some(channels) => {
            let first = channels.split('-').next().unwrap_or(channels);
            first.parse().ok().filter(|channel| *channel < u8::MAX)
        }
    }
}

#[cfg(test)]
mod tests;
