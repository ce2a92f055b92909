//! Cameras that fail in every way, and repeat to whoever asks what login they were sent: in
//! answers, in headers, decoded and as a URL. RTSP, and as much of HTTP as is the same.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// All of them, behind one port; which one a path begins with. They end with the test's process.
pub(crate) struct Cameras {
    port: u16,
    logins: Arc<AtomicUsize>,
}

impl Cameras {
    pub(crate) fn start() -> Self {
        // Every loopback address is a camera of its own.
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let logins = Arc::<AtomicUsize>::default();
        let heard = Arc::clone(&logins);
        spawn("cameras", move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let heard = Arc::clone(&heard);
                spawn("camera", move || {
                    // A caller that hangs up is the next attempt's beginning.
                    let _ = serve(caller, &heard);
                });
            }
        });
        Self { port, logins }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Requests that brought a login.
    pub(crate) fn logins(&self) -> usize {
        self.logins.load(Ordering::Acquire)
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).unwrap();
}

fn serve(mut caller: TcpStream, logins: &AtomicUsize) -> std::io::Result<()> {
    let mut lines = BufReader::new(caller.try_clone()?).lines();
    loop {
        let request: Vec<String> =
            lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let Some(first) = request.first() else { return Ok(()) };
        let header = |name: &str| request.iter().find_map(|line| line.strip_prefix(name));
        let number = header("CSeq: ").unwrap_or("0");
        let version = first.rsplit(' ').next().unwrap_or("RTSP/1.0").to_owned();
        let path = first.split(' ').nth(1).unwrap_or_default();
        // `rtsp://host/401/…` or `/401/…`
        let kind = path
            .split_once("://")
            .map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, p)| p));
        let kind = kind.trim_start_matches('/').split('/').next().unwrap_or_default();
        let login = header("Authorization: Basic ").map(str::to_owned);
        logins.fetch_add(usize::from(login.is_some()), Ordering::AcqRel);
        let login = login.unwrap_or_default();
        let plain = STANDARD.decode(&login).unwrap_or_default();
        let plain = String::from_utf8_lossy(&plain).into_owned();
        let (user, password) = plain.split_once(':').unwrap_or_default();
        let escaped =
            [user, password].map(|w| utf8_percent_encode(w, NON_ALPHANUMERIC).to_string());
        let escaped = escaped.join(":");
        let told = format!("you are {plain} ({login}) at rtsp://{escaped}@camera/ asking {path}");
        let challenge = "WWW-Authenticate: Basic realm=\"camera\"\r\n";
        let (status, headers) = match kind {
            // A login before the host is sent when asked for; one in the path came by itself.
            _ if login.is_empty() && !path.contains('=') => {
                ("401 Unauthorized", challenge.to_owned())
            }
            "401" => ("401 Unauthorized", challenge.to_owned()),
            "403" => ("403 Forbidden", String::new()),
            "404" => ("404 Not Found", String::new()),
            "redirect" => ("302 Found", format!("Location: rtsp://{escaped}@127.0.0.1:9/\r\n")),
            "tell" => ("200 OK", format!("X-Told: {}\r\n", told.replace(['\r', '\n'], " "))),
            _ => {
                caller.write_all(told.as_bytes())?;
                return Ok(());
            }
        };
        let body = format!("{told}\r\n");
        let length = body.len();
        let answer = format!(
            "{version} {status}\r\nCSeq: {number}\r\n{headers}Content-Type: application/sdp\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        caller.write_all(answer.as_bytes())?;
    }
}
