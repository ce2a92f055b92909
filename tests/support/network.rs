//! Hosts that misbehave: ports that refuse, swallow or never answer, names that never resolve.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tempfile::TempDir;

/// A port of loopback at which nobody listens: discard's, which needs root and went out of use.
pub(crate) const REFUSING_PORT: u16 = 9;

/// A port that takes connections and never says a word.
pub(crate) struct Mute(TcpListener);

impl Mute {
    pub(crate) fn new() -> Self {
        Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap())
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }
}

/// A camera that tells the whole world what login it was sent: in place of a description of its
/// stream it answers with that, as it came, decoded, and as a URL. Ends with the test's process.
pub(crate) struct TellTale(u16);

impl TellTale {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::Builder::new()
            .name("tell-tale".into())
            .spawn(move || {
                for caller in listener.incoming().map_while(Result::ok) {
                    // A caller that hangs up is the next attempt's beginning.
                    let _ = tell(caller);
                }
            })
            .unwrap();
        Self(port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.0
    }
}

fn tell(mut caller: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(caller.try_clone()?).lines();
    loop {
        let request: Vec<String> =
            lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        if request.is_empty() {
            return Ok(());
        }
        let header = |name: &str| request.iter().find_map(|line| line.strip_prefix(name));
        let number = header("CSeq: ").unwrap_or("0");
        let answer = match header("Authorization: Basic ") {
            None => format!(
                "RTSP/1.0 401 Unauthorized\r\nCSeq: {number}\r\n\
                 WWW-Authenticate: Basic realm=\"tell\"\r\n\r\n"
            ),
            Some(basic) => {
                let login = STANDARD.decode(basic).map_err(std::io::Error::other)?;
                let login = String::from_utf8_lossy(&login);
                let (user, password) = login.split_once(':').unwrap_or_default();
                let url = [user, password]
                    .map(|word| utf8_percent_encode(word, NON_ALPHANUMERIC).to_string())
                    .join(":");
                let body = format!("you are {login} ({basic}) at rtsp://{url}@camera/\r\n");
                format!(
                    "RTSP/1.0 200 OK\r\nCSeq: {number}\r\nContent-Type: application/sdp\r\n\
                     Content-Length: {}\r\n\r\n{body}",
                    body.len()
                )
            }
        };
        caller.write_all(answer.as_bytes())?;
    }
}

/// A port whose queue of connections is full: the system drops whoever knocks, as a firewall does.
pub(crate) struct BlackHole {
    address: SocketAddr,
    _listener: tokio::net::TcpListener,
    _queue: Vec<TcpStream>,
    _runtime: tokio::runtime::Runtime,
}

impl BlackHole {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let inside = runtime.enter();
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let listener = socket.listen(1).unwrap();
        drop(inside);
        let address = listener.local_addr().unwrap();
        let knock = || TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok();
        let queue: Vec<_> = std::iter::from_fn(knock).take(16).collect();
        assert!(queue.len() < 16, "the queue of one does not fill up");
        Self { address, _listener: listener, _queue: queue, _runtime: runtime }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}

/// A name whose look-up never ends, and one that does not exist, for programs started with
/// `LD_PRELOAD` of [`Names::library`]: a name server that hangs, without touching the machine's.
pub(crate) struct Names {
    folder: TempDir,
}

/// Never resolves, never fails.
pub(crate) const HANGING_NAME: &str = "hangs.pollwall.invalid";
/// Fails at once.
pub(crate) const UNKNOWN_NAME: &str = "unknown.pollwall.invalid";
/// What the program's standard error has when somebody asked for [`HANGING_NAME`].
pub(crate) const HANGING: &str = "a look-up hangs";

impl Names {
    /// Builds the library (needs a C compiler, as building this program does).
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/names.c");
        let names = Self { folder };
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"])
            .arg(names.library())
            .arg(source)
            .arg("-ldl")
            .status()
            .expect("a C compiler (apt-get install gcc libc6-dev)");
        assert!(status.success());
        names
    }

    /// What `LD_PRELOAD` is to be.
    pub(crate) fn library(&self) -> PathBuf {
        self.folder.path().join("names.so")
    }
}
