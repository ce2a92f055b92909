//! Which schemes FFmpeg opens for us, and with which options.
//!
//! Lists of what is allowed, never of what is not: protocols, containers, codecs. Query values that
//! are options of FFmpeg's own (SRT, UDP) are picked out by name and handed over as values; the rest
//! of the query is dropped, as it could turn the client into a listening server (`mode=listener`).
//! The same happens to an RTMP address with the option `timeout`, so no scheme gets that.

use std::ffi::CStr;

use percent_encoding::percent_decode_str;

use super::{Address, InputError};

/// A scheme and the port that it has without one; `None`: it needs one, or has none at all.
pub const SCHEMES: &[(&str, Option<u16>)] = &[
    ("http", Some(80)),
    ("https", Some(443)),
    ("rtmp", Some(1935)),
    ("rtmps", Some(443)),
    ("srt", None),
    ("udp", None),
    ("file", None),
];

/// The port of a scheme of [`SCHEMES`] where a URL names none.
pub fn default_port(scheme: &str) -> Option<u16> {
    SCHEMES.iter().find(|(name, _)| *name == scheme).and_then(|(_, port)| *port)
}

/// Bytes that FFmpeg may read to find out what it has before it; a second of a camera's stream.
const PROBE_BYTES: &str = "1000000";

/// Bytes that it may read to recognise the container.
const FORMAT_PROBE_BYTES: &str = "200000";

/// The longest latency that an SRT address may ask for, in ms: beyond that it is a mistake.
const MOST_LATENCY_MS: u64 = 8000;

type Settings = Vec<(&'static str, String)>;

/// The address as FFmpeg takes it, and the options to open it with.
pub(super) fn prepare(address: &Address) -> Result<(String, Settings), InputError> {
    let mut url = address.url.clone();
    let scheme = address.url.scheme();
    let (protocols, formats) = match scheme {
        "http" | "https" => {
            ("http,https,tls,tcp", "hls,mpegts,mpjpeg,flv,mov,matroska,aac,mp3,ac3")
        }
        "rtmp" => ("rtmp,tcp", "flv,live_flv"),
        "rtmps" => ("rtmps,tls,tcp", "flv,live_flv"),
        "srt" => ("srt", "mpegts"),
        "udp" => ("udp", "mpegts"),
        "file" => ("file", "mov,matroska,mpegts,flv,avi"),
        _ => return Err(InputError::Malformed),
    };
    let mut settings: Settings = [
        ("protocol_whitelist", protocols),
        ("format_whitelist", formats),
        ("codec_whitelist", "h264,hevc,mjpeg,av1,libdav1d"),
        ("probesize", PROBE_BYTES),
        ("formatprobesize", FORMAT_PROBE_BYTES),
        ("max_streams", "32"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    match scheme {
        "http" | "https" => settings.extend(hls()),
        "rtmp" | "rtmps" => settings.push(("rtmp_live", "live".to_owned())),
        "srt" => settings.extend(srt(&url)),
        "udp" => settings.extend(udp(&url)),
        _ => {}
    }
    if matches!(scheme, "srt" | "udp") {
        url.set_query(None);
    }
    if scheme == "file" {
        let path = url.to_file_path().map_err(|()| InputError::Malformed)?;
        // Only what ends: a pipe or a device would block, and no flag wakes an open() call.
        let file = std::fs::metadata(&path).map_err(InputError::System)?;
        if !file.is_file() {
            return Err(InputError::Malformed);
        }
        let path = path.to_str().ok_or(InputError::Malformed)?;
        return Ok((format!("file:{path}"), settings));
    }
    if let Some((user, password)) = address.login.as_ref().filter(|_| scheme.starts_with("rtmp")) {
        // FFmpeg takes what stands there as it is: an escaped password would be a wrong one. Only
        // what would end the host's name too early cannot be given like that.
        if !format!("{user}{password}").contains(['/', '?', '#']) && !user.contains(':') {
            let whole = url.as_str().replacen("://", &format!("://{user}:{password}@"), 1);
            return Ok((whole, settings));
        }
    }
    if let Some((user, password)) = &address.login {
        url.set_username(user).map_err(|()| InputError::Malformed)?;
        let password = (!password.is_empty()).then_some(password.as_str());
        url.set_password(password).map_err(|()| InputError::Malformed)?;
    }
    Ok((url.into(), settings))
}

/// For HTTP, every single open: no proxy out of the environment between us and a camera, and a
/// certificate that is checked.
pub(super) fn web() -> [(&'static CStr, &'static CStr); 3] {
    [(c"http_proxy", c""), (c"tls_verify", c"1"), (c"user_agent", concat_user_agent())]
}

const fn concat_user_agent() -> &'static CStr {
    c"pollwall"
}

/// Each part of a playlist is opened by itself, where it can be checked; and a playlist that does
/// not go on is asked for again until our own watch loses patience.
fn hls() -> Settings {
    [("http_persistent", "0"), ("http_multiple", "0"), ("max_reload", "1000")]
        .map(|(name, value)| (name, value.to_owned()))
        .into()
}

/// Names and values of a query, unescaped. A `+` is a `+`: these are addresses, not web forms.
fn pairs(url: &url::Url) -> impl Iterator<Item = (String, String)> {
    let plain = |word: &str| percent_decode_str(word).decode_utf8_lossy().into_owned();
    url.query().unwrap_or_default().split('&').map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (plain(name), plain(value))
    })
}

fn srt(url: &url::Url) -> Settings {
    let mut settings = vec![("mode", "caller".to_owned()), ("transtype", "live".to_owned())];
    for (name, value) in pairs(url) {
        match &*name {
            "passphrase" => settings.push(("passphrase", value)),
            "streamid" => settings.push(("streamid", value)),
            "pbkeylen" => settings.push(("pbkeylen", value)),
            // In ms, as SRT's own tools have it; FFmpeg takes µs.
            "latency" => {
                if let Ok(ms) = value.parse::<u64>() {
                    settings.push(("latency", (ms.min(MOST_LATENCY_MS) * 1000).to_string()));
                }
            }
            _ => {}
        }
    }
    settings
}

fn udp(url: &url::Url) -> Settings {
    let mut settings = vec![
        // Some hundred milliseconds of a busy stream in the kernel, and no end of the session when
        // we were too slow to read them: what is lost shows as a loss.
        ("buffer_size", "1048576".to_owned()),
        ("overrun_nonfatal", "1".to_owned()),
        // The session before may still be letting go of the port.
        ("reuse", "1".to_owned()),
    ];
    let local = pairs(url).find(|(name, _)| name == "localaddr");
    settings.extend(local.map(|(_, value)| ("localaddr", value)));
    settings
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn prepared(url: &str) -> Result<(String, Settings), InputError> {
        let login = Some(("ad min".to_owned(), "p@/ss".to_owned()));
        let url = url::Url::parse(url).unwrap();
        let login = login.filter(|_| url.scheme() != "file");
        prepare(&Address { url, login, may_reach: Arc::new(|_| false) })
    }

    fn value<'a>(settings: &'a Settings, name: &str) -> Option<&'a str> {
        settings.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    #[test]
    fn a_client_stays_a_client() {
        let (url, settings) = prepared(
            "srt://h.az:9000?mode=listener&latency=200&passphrase=a%26b+c=%2B&streamid=%23!::r=x,m=request&rw_timeout=1",
        )
        .unwrap();
        assert_eq!(url, "srt://ad%20min:p%40%2Fss@h.az:9000");
        assert_eq!(value(&settings, "mode"), Some("caller"));
        assert_eq!(value(&settings, "latency"), Some("200000"));
        assert_eq!(value(&settings, "passphrase"), Some("a&b+c=+"));
        assert_eq!(value(&settings, "streamid"), Some("#!::r=x,m=request"));
        assert_eq!(value(&settings, "rw_timeout"), None);
        for url in ["rtmp://h.az/a/b", "rtmps://h.az/a/b", "http://h.az/a", "udp://239.0.0.1:5000"]
        {
            let (_, settings) = prepared(url).unwrap();
            assert_eq!(value(&settings, "timeout"), None, "{url}");
            let protocols = value(&settings, "protocol_whitelist").unwrap();
            assert!(!protocols.split(',').any(|p| p == "file" || p == "data"), "{url}");
        }
    }

    #[test]
    fn an_rtmp_login_is_handed_over_as_ffmpeg_reads_it() {
        let with = |user: &str, password: &str| {
            let url = url::Url::parse("rtmp://h.az/live/a?x=%20").unwrap();
            let login = Some((user.to_owned(), password.to_owned()));
            prepare(&Address { url, login, may_reach: Arc::new(|_| false) }).unwrap().0
        };
        assert_eq!(with("ins", "p@ş%:&"), "rtmp://ins:p@ş%:&@h.az/live/a?x=%20");
        assert_eq!(with("ins", "p/w"), "rtmp://ins:p%2Fw@h.az/live/a?x=%20");
    }

    #[test]
    fn only_plain_files_are_opened() {
        assert!(matches!(prepared("file:///dev/zero"), Err(InputError::Malformed)));
        assert!(matches!(prepared("file:///no/such/file.mp4"), Err(InputError::System(_))));
        assert!(matches!(prepared("gopher://h.az/"), Err(InputError::Malformed)));
    }
}
