//! URLs as people paste them: no part of a password is ever shown, and what was taken out comes
//! back whole. Texts of other programs: no known secret stays in them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pollwall::clock::FakeClock;
use pollwall::config::list::{self, Base, ListStore};
use pollwall::config::secrets::{ListSecrets, Redactor, UrlSecrets, masked, strip, url_key};
use pollwall::config::{DataDir, Login, Vault, feed_sources};
use pollwall::model::{FeedId, FeedKind, StationId};

use super::campaign::{Round, campaign};
use super::mutate::{mutated, pick};
use super::texts::awkward;

/// In every secret; nothing else has it.
const MARK: &str = "Qz7k";

const SCHEMES: &[&str] = &[
    "rtsp", "RTSP", "http", "https", "srt", "rtmp", "rtmps", "udp", "file", "rtsps", "tcp",
    "x-y+z.1",
];
const HOSTS: &[&str] = &[
    "10.0.0.1",
    "camera",
    "kamera.example.az",
    "[::1]",
    "10.0.0.1:554",
    "nvr:8554",
    "[2001:db8::7]:5540",
    "видео.example",
    "xn--e1afmkfd.az",
    "1.2.3",
    "under_score.local",
];
const TAILS: &[&str] = &[
    "",
    "/",
    "/main",
    "/main?channel=1",
    "/a/b;c=d",
    "?x=1",
    "/live#part",
    "/x?mail=a@10.0.0.1",
    "/@home",
    "/a:b@c",
    "/h264/ch1/sub/av_stream",
    "/?a=b&c=d;e=f",
];
/// Names whose values are secret.
const NAMES: &[&str] = &[
    "user",
    "password",
    "pwd",
    "token",
    "streamKey",
    "X-Amz-Signature",
    "loginpas",
    "passphrase",
    "streamid",
    "hdnts",
    "wmsAuthSign",
    "st",
    "şifrə",
    "пароль",
];

/// A secret that people might have chosen: one mark at a place of chance.
fn secret(round: &mut Round) -> String {
    let (before, after) = (round.rng.usize(..4), round.rng.usize(..4));
    awkward(round, before) + MARK + &awkward(round, after)
}

fn escaped(word: &str) -> String {
    utf8_percent_encode(word, NON_ALPHANUMERIC).to_string()
}

/// Whatever stands before the host, escaped or not, is never shown; neither is a value with a
/// telling name.
pub(crate) fn urls(usual: u64) {
    campaign("urls", usual, |round| {
        let scheme = *pick(&mut round.rng, SCHEMES);
        let host = *pick(&mut round.rng, HOSTS);
        let tail = *pick(&mut round.rng, TAILS);
        let (user, password) = (secret(round), secret(round));
        let escapes = round.rng.bool();
        let spelled = |word: &str| if escapes { escaped(word) } else { word.to_owned() };
        // What `rtsp://name/word@camera` means is anybody's guess (a slip with an address in place
        // of the name is refused, see `config::secrets`).
        let user: String = user.chars().filter(|c| escapes || !"/?#".contains(*c)).collect();
        let url = match round.rng.u8(..5) {
            4 => {
                // Pasted as it is: it ends where something else has a name, so it may have none.
                let name = *pick(&mut round.rng, NAMES);
                let before = *pick(&mut round.rng, &["", "&", "#", "?", ";", "#!::r="]);
                let plain = password.replace(['&', ';', '='], "?");
                format!("{scheme}://{host}/x?{name}={before}{plain}&n=1")
            }
            0 => format!("{scheme}://{}@{host}{tail}", spelled(&user)),
            1 => format!("{scheme}://:{}@{host}{tail}", spelled(&password)),
            2 => {
                let name = *pick(&mut round.rng, NAMES);
                // Here only the escaped form has a clear end.
                format!("{scheme}://{host}/x?{name}={}&n=1", escaped(&password))
            }
            _ => format!("{scheme}://{}:{}@{host}{tail}", spelled(&user), spelled(&password)),
        };
        round.input(url.as_bytes());
        let shown = masked(&url);
        assert!(!shown.contains(MARK), "{url:?} is told as {shown:?}");
        match strip(&url) {
            Ok(stripped) => {
                assert!(!stripped.shown.contains(MARK), "{url:?} is shown as {:?}", stripped.shown);
                assert!(!format!("{stripped:?}").contains(MARK));
                assert!(!url_key(&stripped.shown).contains(MARK));
            }
            Err(problem) => assert!(!format!("{problem} {problem:?}").contains(MARK)),
        }
    });
}

/// Anything at all: no panic, and what was stripped is not stripped again.
pub(crate) fn noise(usual: u64) {
    let seeds: Vec<String> =
        SCHEMES.iter().zip(HOSTS).map(|(s, h)| format!("{s}://u:p@{h}/a?user=b")).collect();
    let words =
        [TAILS, HOSTS, NAMES, &["@", "://", "…", "=", "&", "_", "%", "%4", ":", "\u{301}", "İ"]]
            .concat();
    campaign("noise", usual, |round| {
        let bytes = mutated(&mut round.rng, &seeds, &words);
        let url = String::from_utf8_lossy(&bytes);
        round.input(url.as_bytes());
        let _ = (masked(&url), url_key(&url));
        if let Ok(stripped) = strip(&url) {
            assert!(
                !stripped.shown.contains('@')
                    || stripped.secrets.login.is_none()
                    || url.matches('@').count() > 1
            );
            match strip(&stripped.shown) {
                Ok(again) => {
                    assert!(stripped.secrets.values.is_empty(), "{url:?}: {:?}", stripped.shown);
                    assert_eq!(again.shown, stripped.shown, "from {url:?}");
                    assert!(
                        again.secrets.is_empty(),
                        "{url:?} hides something in {:?}",
                        stripped.shown
                    );
                }
                Err(why) => assert!(
                    stripped.shown.contains('…'),
                    "{why:?}: {:?} from {url:?}",
                    stripped.shown
                ),
            }
        }
    });
}

/// Through the import, the vault and back: a camera is sent what was written in the list.
pub(crate) fn logins(usual: u64) {
    campaign("logins", usual, |round| {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().join("data"))).unwrap();
        let store = ListStore::new(&data);
        let mut csv = String::from("district,station,main\n");
        let mut wanted = Vec::new();
        for station in 1..=8 {
            let (user, password, token) = (secret(round), secret(round), secret(round));
            let url = format!(
                "rtsp://{}:{}@10.0.0.{station}/x?token={}&n=1",
                escaped(&user),
                escaped(&password),
                escaped(&token)
            );
            csv.push_str(&format!("1,{station},\"{url}\"\n"));
            wanted.push((user, password, token));
        }
        round.input(csv.as_bytes());
        let parsed = list::parse(csv.as_bytes()).expect("escaped secrets leave nothing open");
        let clock = FakeClock::default();
        store.accept(parsed.list, parsed.secrets, "list.csv", Base::Nothing, &clock).unwrap();
        let vault = Vault::load(&data.secrets_file()).unwrap();
        let list = store.current().unwrap().unwrap();
        assert!(!serde_json::to_string(&list).unwrap().contains(MARK));
        let sources = feed_sources(&list.list, &vault, list.version).unwrap();
        assert!(!format!("{sources:?}").contains(MARK));
        for (source, (user, password, token)) in sources.iter().zip(wanted) {
            assert_eq!(source.login, Some(Login { user, password }));
            let sent = source.url.query_pairs().find(|(name, _)| name == "token").unwrap().1;
            assert_eq!(sent, token);
        }
    });
}

/// Whatever other programs make of a known secret, it does not stay in what they say.
pub(crate) fn redactor(usual: u64) {
    const FILLING: &[&str] = &[
        " ",
        "\n",
        "\"",
        "rtsp://",
        "@camera/",
        "error: ",
        "Authorization: Basic ",
        "ə",
        "{",
        "\\",
    ];
    campaign("redactor", usual, |round| {
        let (user, password, value) = (secret(round), secret(round), secret(round));
        let mut secrets = ListSecrets::default();
        let feed = FeedId { station: StationId::new(1, 1), kind: FeedKind::Main };
        secrets.insert(
            feed,
            UrlSecrets {
                login: Some(Login { user: user.clone(), password: password.clone() }),
                values: vec![escaped(&value)],
            },
        );
        let redactor = Redactor::new();
        redactor.learn([&secrets]);
        let joined = STANDARD.encode(format!("{user}:{password}"));
        let mut text = String::new();
        let mut planted = Vec::new();
        for _ in 0..round.rng.usize(1..12) {
            text.push_str(pick::<&str>(&mut round.rng, FILLING));
            let word = pick(&mut round.rng, &[&user, &password, &value]).as_str();
            let spelled = match round.rng.u8(..8) {
                0 => word.to_owned(),
                1 => escaped(word),
                2 => escaped(word).to_lowercase(),
                3 => format!("{word:?}"),
                4 => url::form_urlencoded::byte_serialize(word.as_bytes()).collect(),
                5 => {
                    let mut url = url::Url::parse("rtsp://h/").unwrap();
                    url.set_query(Some(&word.replace('#', "%23")));
                    url.to_string()
                }
                6 => {
                    let url = format!("rtsp://{}@h/", escaped(word));
                    url::Url::parse(&url).map_or(joined.clone(), |url| url.to_string())
                }
                _ => joined.clone(),
            };
            text.push_str(&spelled);
            planted.push(spelled);
        }
        round.input(text.as_bytes());
        let clean = redactor.redact(&text);
        assert!(
            !clean.contains(MARK) && !clean.contains(&joined),
            "{clean:?} of {text:?}, planted {planted:?}"
        );
        assert_eq!(redactor.redact(&clean), clean, "twice");
        let noise = mutated(&mut round.rng, &[text.as_bytes()], FILLING);
        let _ = redactor.redact(&String::from_utf8_lossy(&noise));
    });
}
