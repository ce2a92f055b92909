//! `pollwall simulate` as typed.

use std::path::PathBuf;

use lexopt::Parser;

use super::{UsageError, read, value};
use crate::media::Codec;

/// The most stations that are simulated; what a machine can carry is less.
const MOST_STATIONS: usize = 20_000;

/// `pollwall simulate`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulateArgs {
    /// How many stations.
    pub stations: usize,
    /// The port of each; 0 for one that is free.
    pub port: u16,
    /// The fault script.
    pub script: Option<PathBuf>,
    /// Where to write the station list.
    pub list: Option<PathBuf>,
    /// How the main stream is coded.
    pub quality: Quality,
    /// H.264 or H.265.
    pub codec: Codec,
    /// Whether every station has a light sub stream as well.
    pub has_sub: bool,
    /// Whether joins begin with the last keyframe.
    pub bursts: bool,
    /// A file of logins.
    pub login: Option<PathBuf>,
    /// A file for counters.
    pub stats: Option<PathBuf>,
    /// A file for connections and requests.
    pub opens_log: Option<PathBuf>,
    /// The folder of clips.
    pub cache: Option<PathBuf>,
    /// Whether it ends with its standard input.
    pub until_stdin_closes: bool,
}

impl Default for SimulateArgs {
    fn default() -> Self {
        Self {
            stations: crate::simulate::country::STATIONS,
            port: 8554,
            script: None,
            list: None,
            quality: Quality::Light,
            codec: Codec::H264,
            has_sub: false,
            bursts: false,
            login: None,
            stats: None,
            opens_log: None,
            cache: None,
            until_stdin_closes: false,
        }
    }
}

/// How much a stream carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// 640×360 at 130 kbit/s.
    Light,
    /// 640×360 at 400 kbit/s.
    Full,
    /// 1280×720.
    Hd720,
    /// 1920×1080.
    Hd1080,
}

impl SimulateArgs {
    /// Takes an option of this command; `false` when it has none of that name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        let mut path = |option| value(parser, option).map(|value| Some(PathBuf::from(value)));
        match name {
            "script" => self.script = path("--script")?,
            "list" => self.list = path("--list")?,
            "login" => self.login = path("--login")?,
            "stats" => self.stats = path("--stats")?,
            "log-opens" => self.opens_log = path("--log-opens")?,
            "cache" => self.cache = path("--cache")?,
            "stations" => self.stations = read(parser, "--stations", stations)?,
            "port" => self.port = read(parser, "--port", |s| s.parse().ok())?,
            "quality" => self.quality = read(parser, "--quality", quality)?,
            "codec" => self.codec = read(parser, "--codec", codec)?,
            "with-sub" => self.has_sub = true,
            "burst" => self.bursts = true,
            "until-stdin-closes" => self.until_stdin_closes = true,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn stations(s: &str) -> Option<usize> {
    s.parse().ok().filter(|n| (1..=MOST_STATIONS).contains(n))
}

fn quality(s: &str) -> Option<Quality> {
    match s {
        "light" => Some(Quality::Light),
        "full" => Some(Quality::Full),
        "720p" => Some(Quality::Hd720),
        "1080p" => Some(Quality::Hd1080),
        _ => None,
    }
}

fn codec(s: &str) -> Option<Codec> {
    match s {
        "h264" => Some(Codec::H264),
        "h265" => Some(Codec::H265),
        _ => None,
    }
}
