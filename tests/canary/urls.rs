//! The secrets, and the places of a URL that they stand in.

use std::borrow::Cow;

use super::support::secrets::{Secret, escaped};

/// A part of every word that must not get out; in no other text.
pub(crate) const MARK: &str = "kanaryam";

/// User names and passwords; `K` stands for [`MARK`] and a number. Both ends of an awkward sign
/// are marked, so that half of a secret is found as well.
const AWKWARD: [(&str, &str); 50] = [
    ("K", "K@K"),
    ("K", "K:K"),
    ("K", "K/K"),
    ("K", "K%K"),
    ("K", "K#K"),
    ("K", "K?K"),
    ("K", "K K"),
    ("", "K"),
    ("K", ""),
    ("", "K@K:K"),
    ("K@K", "K"),
    ("K:K", "K"),
    ("K/K", "K"),
    ("K K", "K"),
    ("K", "K%40K"),
    ("K", "%K%"),
    ("K", "K%25K"),
    ("K", "K%2FK%3a"),
    ("K", "K%zzK"),
    ("Kə", "Kşifrə"),
    ("K", "парольK"),
    ("K", "密K碼"),
    ("Kİı", "KIiK"),
    ("K\u{301}", "Ke\u{301}K"),
    ("Kß", "KẞK"),
    ("K", "K😀K"),
    ("K", "K\"K"),
    ("K", "K'K"),
    ("K", "K\\K"),
    ("K", "K`K"),
    ("K", "K$K{K}"),
    ("K", "K&K"),
    ("K", "K;K"),
    ("K", "K=K"),
    ("K", "K+K"),
    ("K", "K,K"),
    ("K", "K|K"),
    ("K", "K<K>K"),
    ("K", "K[K]"),
    ("K", "K^K~K"),
    ("K", "K!K*K(K)"),
    ("K", "@K@"),
    ("K", ":K:"),
    ("K", "//K"),
    ("K", "K://K"),
    ("K", "K@10.9.8.7"),
    ("K", "?K=K"),
    ("K", "#K"),
    ("K", "user=K_password=K"),
    ("K", "..K/../K"),
];

/// All fifty.
pub(crate) fn secrets() -> Vec<Secret> {
    let word = |pattern: &str, n: usize| Cow::Owned(pattern.replace('K', &format!("{MARK}{n:02}")));
    let all = AWKWARD.iter().enumerate();
    all.map(|(n, (user, password))| Secret { user: word(user, n), password: word(password, n) })
        .collect()
}

/// How a secret is written into a URL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As a program does: whatever could be misread is escaped.
    Escaped,
    /// As people paste it, in front of the host; elsewhere nobody could tell where it ends.
    AsItIs,
}

/// A URL with a secret in it: scheme, host and path, secret, spelling.
pub(crate) type Shape = fn(&str, &str, &Secret, Spelling) -> String;

fn userinfo(scheme: &str, host: &str, secret: &Secret, spelling: Spelling) -> String {
    match spelling {
        Spelling::Escaped => format!("{scheme}://{}@{host}/live/cam.m3u8", secret.in_url()),
        // A user name with a slash is nobody's; see `config::secrets`.
        Spelling::AsItIs if secret.user.contains(['/', ':']) => {
            userinfo(scheme, host, secret, Spelling::Escaped)
        }
        Spelling::AsItIs => {
            format!("{scheme}://{}:{}@{host}/live/cam.m3u8", secret.user, secret.password)
        }
    }
}

fn query(scheme: &str, host: &str, secret: &Secret, _: Spelling) -> String {
    let (user, password) = (escaped(&secret.user), escaped(&secret.password));
    format!("{scheme}://{host}/cam.m3u8?channel=1&user={user}&password={password}&x=2")
}

/// Pasted as it is only where it holds nothing that looks like another parameter.
fn token(scheme: &str, host: &str, secret: &Secret, spelling: Spelling) -> String {
    let both = format!("{}{}", secret.user, secret.password);
    if spelling == Spelling::AsItIs && !(both.contains(['&', ';']) && both.contains('=')) {
        return format!("{scheme}://{host}/cam.m3u8?x=2&token={both}");
    }
    format!(
        "{scheme}://{host}/cam.m3u8?token={}{}",
        escaped(&secret.user),
        escaped(&secret.password)
    )
}

/// As many recorders have it.
fn path(scheme: &str, host: &str, secret: &Secret, _: Spelling) -> String {
    let (user, password) = (escaped(&secret.user), escaped(&secret.password));
    format!("{scheme}://{host}/user={user}_password={password}_channel=1_stream=0.sdp")
}

fn passphrase(scheme: &str, host: &str, secret: &Secret, _: Spelling) -> String {
    let (user, password) = (escaped(&secret.user), escaped(&secret.password));
    format!("{scheme}://{host}?mode=caller&passphrase={password}&user={user}")
}

/// SRT's standard stream id, pasted as its documents have it.
fn standard_id(scheme: &str, host: &str, secret: &Secret, spelling: Spelling) -> String {
    let (user, password) = match spelling {
        Spelling::AsItIs if !secret.password.contains('&') && !secret.user.contains('&') => {
            (secret.user.to_string(), secret.password.to_string())
        }
        _ => (escaped(&secret.user), escaped(&secret.password)),
    };
    format!("{scheme}://{host}?streamid=#!::r=live/cam1,m=request,u={user},s={password}")
}

fn stream_key(scheme: &str, host: &str, secret: &Secret, _: Spelling) -> String {
    let (user, password) = (escaped(&secret.user), escaped(&secret.password));
    format!("{scheme}://{host}/live?streamKey={password}&user={user}")
}

/// A scheme and where its secrets stand.
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) shapes: &'static [Shape],
}

/// Every scheme that a list may have, and some that none has.
pub(crate) const SCHEMES: &[Scheme] = &[
    Scheme { name: "rtsp", shapes: &[userinfo, query, path, token] },
    Scheme { name: "rtsps", shapes: &[userinfo, query, path] },
    Scheme { name: "http", shapes: &[userinfo, query, token] },
    Scheme { name: "https", shapes: &[userinfo, query, token] },
    Scheme { name: "rtmp", shapes: &[userinfo, stream_key, query] },
    Scheme { name: "rtmps", shapes: &[userinfo, stream_key] },
    Scheme { name: "srt", shapes: &[passphrase, userinfo, standard_id] },
    Scheme { name: "udp", shapes: &[query, userinfo] },
    Scheme { name: "rtp", shapes: &[query, userinfo] },
    Scheme { name: "file", shapes: &[query] },
    Scheme { name: "ftp", shapes: &[userinfo, query] },
];
