//! Requests out of a client's bytes (RFC 2326 section 6), bounded in size: a client is hostile
//! input too. Interleaved packets from the client (receiver reports) are passed over.

/// Bytes of a request's lines.
pub(super) const MAX_HEAD: usize = 8 << 10;
/// Bytes of a request's body, which nobody reads.
pub(super) const MAX_BODY: usize = 8 << 10;
/// Lines of a request.
const MAX_LINES: usize = 64;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// The first header of that name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What can be wrong with a request so that the connection cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// Not RTSP.
    Nonsense,
    /// Another version of it.
    Version,
    /// Too long.
    TooLarge,
}

/// Bytes that have not become a request yet.
#[derive(Debug, Default)]
pub(super) struct Reader {
    bytes: Vec<u8>,
    /// Still to come of something that is passed over.
    skip: usize,
}

impl Reader {
    /// Takes what arrived.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let passed = self.skip.min(bytes.len());
        self.skip -= passed;
        self.bytes.extend_from_slice(&bytes[passed..]);
    }

    /// The next whole request, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Request>, Broken> {
        self.pass_over();
        let Some(end) = end_of_head(&self.bytes) else {
            let fits = self.bytes.len() <= MAX_HEAD;
            return if fits { Ok(None) } else { Err(Broken::TooLarge) };
        };
        if end > MAX_HEAD {
            return Err(Broken::TooLarge);
        }
        let head = std::str::from_utf8(&self.bytes[..end]).map_err(|_| Broken::Nonsense)?;
        let request = parse(head)?;
        let body = match request.header("Content-Length").map(|n| n.trim().parse::<usize>()) {
            None => 0,
            Some(Ok(body)) if body <= MAX_BODY => body,
            Some(Ok(_)) => return Err(Broken::TooLarge),
            Some(Err(_)) => return Err(Broken::Nonsense),
        };
        self.skip_front(end + body);
        Ok(Some(request))
    }

    /// Drops interleaved packets and empty lines in front of the next request.
    fn pass_over(&mut self) {
        let mut at = 0;
        loop {
            match self.bytes.get(at..).unwrap_or_default() {
                [b'$', _, high, low, ..] => {
                    at += 4 + usize::from(u16::from_be_bytes([*high, *low]));
                }
                [b'\r' | b'\n', ..] => at += 1,
                _ => break,
            }
        }
        self.skip_front(at);
    }

    fn skip_front(&mut self, length: usize) {
        let here = length.min(self.bytes.len());
        self.bytes.drain(..here);
        self.skip += length - here;
    }
}

/// Where the empty line ends that ends the head.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let at = |pattern: &[u8]| {
        bytes.windows(pattern.len()).position(|w| w == pattern).map(|at| at + pattern.len())
    };
    match (at(b"\r\n\r\n"), at(b"\n\n")) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn parse(head: &str) -> Result<Request, Broken> {
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(url), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Broken::Nonsense);
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if method.is_empty() || !method.chars().all(is_word) || url.is_empty() {
        return Err(Broken::Nonsense);
    }
    if version != "RTSP/1.0" {
        let known = version.starts_with("RTSP/");
        return Err(if known { Broken::Version } else { Broken::Nonsense });
    }
    let mut headers = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        if headers.len() == MAX_LINES {
            return Err(Broken::TooLarge);
        }
        let (name, value) = line.split_once(':').ok_or(Broken::Nonsense)?;
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(Request { method: method.to_owned(), url: url.to_owned(), headers })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<Request>, Broken> {
        let mut reader = Reader::default();
        reader.take(bytes);
        std::iter::from_fn(|| reader.next().transpose()).collect()
    }

    const TWO: &[u8] = b"\r\n$\x01\x00\x04RTCPSETUP rtsp://h/main RTSP/1.0\r\ncseq: 2\r\n\
        Content-Length: 3\r\n\r\nabcPLAY rtsp://h/main RTSP/1.0\r\nCSeq: 3\r\n\r\n$\x01";

    #[test]
    fn requests_are_found_between_reports_and_bodies() {
        let found = all(TWO).unwrap();
        let methods: Vec<&str> = found.iter().map(|r| r.method.as_str()).collect();
        assert_eq!(methods, ["SETUP", "PLAY"]);
        assert_eq!(found[0].header("CSeq"), Some("2"));
        assert_eq!(found[1].url, "rtsp://h/main");
    }

    #[test]
    fn what_is_no_request_ends_the_connection() {
        for (bytes, broken) in [
            (b"GET / HTTP/1.1\r\n\r\n".to_vec(), Broken::Nonsense),
            (b"PLAY rtsp://h/ RTSP/2.0\r\n\r\n".to_vec(), Broken::Version),
            (b"PLAY  RTSP/1.0\r\n\r\n".to_vec(), Broken::Nonsense),
            (b"PLAY x RTSP/1.0\r\nno colon\r\n\r\n".to_vec(), Broken::Nonsense),
            (b"PLAY \xff RTSP/1.0\r\n\r\n".to_vec(), Broken::Nonsense),
            (b"PLAY x RTSP/1.0\r\nContent-Length: 9000\r\n\r\n".to_vec(), Broken::TooLarge),
            (b"PLAY x RTSP/1.0\r\nContent-Length: -1\r\n\r\n".to_vec(), Broken::Nonsense),
            (vec![b'a'; MAX_HEAD + 1], Broken::TooLarge),
            (
                [b"PLAY x RTSP/1.0\r\n".to_vec(), b"A: b\r\n".repeat(65), b"\r\n".to_vec()]
                    .concat(),
                Broken::TooLarge,
            ),
        ] {
            assert_eq!(all(&bytes), Err(broken), "{:?}", String::from_utf8_lossy(&bytes));
        }
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_the_bytes_are_cut(cuts in prop::collection::vec(0..TWO.len(), 0..8)) {
            let mut cuts = cuts;
            cuts.extend([0, TWO.len()]);
            cuts.sort_unstable();
            let mut reader = Reader::default();
            let mut found = Vec::new();
            for cut in cuts.windows(2) {
                reader.take(&TWO[cut[0]..cut[1]]);
                while let Some(request) = reader.next().unwrap() {
                    found.push(request);
                }
            }
            prop_assert_eq!(found, all(TWO).unwrap());
        }

        #[test]
        fn no_bytes_panic_and_memory_is_bounded(
            parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9000), 0..4),
        ) {
            let mut reader = Reader::default();
            for part in parts {
                reader.take(&part);
                while let Ok(Some(_)) = reader.next() {}
                if reader.next().is_err() {
                    break;
                }
                prop_assert!(reader.bytes.len() <= MAX_HEAD);
            }
        }
    }
}
