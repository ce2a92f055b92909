//! Streams that no list holds: their addresses read, checked, and made ready to be opened.

use std::io::{self, BufRead, IsTerminal as _, Read as _, Write as _};

use crate::app::args::Addresses;
use crate::app::{Exit, Failure};
use crate::config::io_reason;
use crate::config::list::check_url;
use crate::config::secrets::{FeedSource, ListSecrets, Redactor, Stripped};
use crate::model::{DistrictNo, FeedId, FeedKind, Station, StationId, StationList};
use crate::text::Text;
use crate::tr;

/// The most that is read from standard input: far more addresses than anybody opens by hand.
const MOST_BYTES: u64 = 1 << 20;

/// The district of all that is opened by hand.
const DISTRICT: DistrictNo = 1;

/// Streams with what is needed to open them; the program's redactor knows their secrets.
#[derive(Debug)]
pub(in crate::app) struct Opened {
    /// A list of its own: stations 1/1, 1/2 …, in the order they were given.
    pub(in crate::app) list: StationList,
    /// How to open them, in the same order.
    pub(in crate::app) sources: Vec<FeedSource>,
}

/// Reads them, if need be from this process's standard input; a person at a terminal is told what to
/// type.
///
/// # Errors
/// As [`read`].
pub(in crate::app) fn from_here(addresses: &Addresses, text: &Text) -> Result<Opened, Failure> {
    let stdin = io::stdin();
    if *addresses == Addresses::Input && stdin.is_terminal() {
        // Nowhere left to report that stderr is closed.
        let _ = writeln!(io::stderr(), "{}", tr!(text, "open-ask"));
    }
    read(addresses, &mut stdin.lock(), text)
}

/// Reads them. `input` is standard input.
///
/// # Errors
/// An address that cannot be opened, by its line, or none at all. Nothing secret is in the error.
fn read(addresses: &Addresses, input: &mut dyn BufRead, text: &Text) -> Result<Opened, Failure> {
    let urls = match addresses {
        Addresses::Typed(urls) => {
            // Checked before, when the command line was read.
            urls.iter().enumerate().map(|(at, url)| check(at + 1, url, text)).collect()
        }
        Addresses::Input => lines(input, text),
    }?;
    if urls.is_empty() {
        return Err(wrong(tr!(text, "open-nothing").into_owned()));
    }
    ready(&urls, text)
}

/// The addresses on standard input; blank lines and those that begin with `#` do not count.
fn lines(input: &mut dyn BufRead, text: &Text) -> Result<Vec<Stripped>, Failure> {
    let mut bytes = Vec::new();
    input.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| {
        let reason = io_reason(text, &e);
        Failure::new(tr!(text, "open-no-input", reason = reason).into_owned())
    })?;
    if bytes.len() as u64 > MOST_BYTES {
        let mib = MOST_BYTES >> 20;
        return Err(wrong(tr!(text, "open-too-much", mib = mib).into_owned()));
    }
    // What is no UTF-8 is no address: the check says so, by line.
    let content = String::from_utf8_lossy(&bytes);
    let lines = content.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate();
    let meant = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    meant.map(|(at, line)| check(at + 1, line, text)).collect()
}

fn check(number: usize, url: &str, text: &Text) -> Result<Stripped, Failure> {
    check_url(url).map_err(|(found, expected)| {
        let (found, expected) = (found.to_string(), expected.explain(text));
        let number = number.to_string();
        wrong(
            tr!(text, "open-bad-line", number = number, found = found, expected = expected)
                .into_owned(),
        )
    })
}

fn wrong(said: String) -> Failure {
    Failure { exit: Exit::Usage, said }
}

fn ready(urls: &[Stripped], text: &Text) -> Result<Opened, Failure> {
    let mut secrets = ListSecrets::default();
    let (mut stations, mut sources) = (Vec::new(), Vec::new());
    for (number, url) in (1..).zip(urls) {
        let station = StationId::new(DISTRICT, number);
        let id = FeedId { station, kind: FeedKind::Main };
        secrets.insert(id, url.secrets.clone());
        let source =
            FeedSource::of(id, url).ok_or_else(|| wrong(tr!(text, "expect-url").into_owned()))?;
        stations.push(Station {
            id: station,
            name: name(&url.shown),
            address: String::new(),
            main: url.shown.clone(),
            sub: None,
            latitude: None,
            longitude: None,
            network: String::new(),
        });
        sources.push(source);
    }
    // Before anything is opened: whatever is said from here on is free of them.
    Redactor::global().learn([&secrets]);
    let name = tr!(text, "open-district").into_owned();
    let districts = vec![crate::model::District { number: DISTRICT, name }];
    Ok(Opened { list: StationList { districts, stations }, sources })
}

/// What a stream is called on screen: its host, or the file's name where there is none.
fn name(shown: &str) -> String {
    let (_, rest) = shown.split_once("://").unwrap_or(("", shown));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if host.is_empty() { rest.rsplit('/').next().unwrap_or(rest) } else { host }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn input(bytes: &[u8]) -> Result<Opened, Failure> {
        read(&Addresses::Input, &mut &*bytes, &Text::of(Lang::En))
    }

    #[test]
    fn lines_become_stations_in_their_order() {
        let opened = input(
            b"\xef\xbb\xbf# two cameras\n\n rtsp://admin:p%40ss@10.0.0.7:8554/main \r\n\
              rtsp://cam.example/live?token=hush\n",
        )
        .unwrap();
        let ids: Vec<_> = opened.list.stations.iter().map(|s| s.id.to_string()).collect();
        assert_eq!(ids, ["1/1", "1/2"]);
        let names: Vec<_> = opened.list.stations.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["10.0.0.7:8554", "cam.example"]);
        assert_eq!(opened.list.stations[1].main, "rtsp://cam.example/live?token=…");
        assert_eq!(opened.sources[0].login.as_ref().unwrap().password, "p@ss");
        assert_eq!(opened.sources[1].url.as_str(), "rtsp://cam.example/live?token=hush");
        assert!(!format!("{opened:?}").contains("hush"));
        assert_eq!(Redactor::global().redact("token=hush"), "token=***");
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_never_shown() {
        let said = |bytes: &[u8]| {
            let failure = input(bytes).unwrap_err();
            assert_eq!(failure.exit, Exit::Usage);
            failure.said
        };
        let two = said(b"rtsp://a/\nftp://joe:secret@b/\n");
        assert!(two.contains("line 2") && two.contains("ftp://"), "{two}");
        assert!(!two.contains("secret") && !two.contains("joe"), "{two}");
        for bad in [
            &b"rtsp://joe:se@cret@cam.example/@x"[..],
            b"joe:secret",
            b"rtsp://joe:secret@:0/",
            b"rtsp://joe:secret\xff\xfe@host:99999/",
        ] {
            let words = said(bad);
            assert!(words.contains("line 1"), "{words}");
            assert!(!words.contains("cret") && !words.contains("joe"), "{words}");
        }
        assert!(said(b"\n# nothing\n").contains("no address"));
        assert!(said(&vec![b'x'; (MOST_BYTES + 1) as usize]).contains("1 MiB"));
    }

    #[test]
    fn names_are_hosts_or_files() {
        assert_eq!(name("rtsp://10.0.0.7:554/a?b"), "10.0.0.7:554");
        assert_eq!(name("file:///films/hall%201.mkv"), "hall%201.mkv");
    }
}
