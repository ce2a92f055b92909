//! A small HTTP server whose answers a test writes: live streams, playlists, redirects, logins,
//! silence.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::ffmpeg::ffmpeg;

/// What the server does with a request.
pub(crate) enum Answer {
    /// 200 with this type and body.
    Body(&'static str, Vec<u8>),
    /// 200 with this type and body, and a longer length.
    Torn(&'static str, Vec<u8>),
    /// 302 to this address.
    Redirect(String),
    /// This status line (`401 Unauthorized`) with one more header line, which may be empty.
    Status(&'static str, &'static str),
    /// 200 with this type, and a clip at its own speed for ever, in this form (`-f mpegts`).
    Live(&'static str, PathBuf, &'static str),
    /// Nothing at all; the connection stays.
    Hang,
    /// 200 with this type and a byte now and then.
    Drip(&'static str),
}

/// One request: its path, and its header lines.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) head: String,
}

type Answers = Arc<dyn Fn(&Request) -> Answer + Send + Sync>;

#[derive(Default)]
struct Open {
    stop: AtomicBool,
    streams: Mutex<Vec<TcpStream>>,
    children: Mutex<Vec<Child>>,
    asked: Mutex<Vec<Request>>,
}

/// The server; ends when dropped.
pub(crate) struct Web {
    answers: Answers,
    pub(crate) port: u16,
    running: Option<(Arc<Open>, JoinHandle<()>)>,
    open: Arc<Open>,
}

impl Web {
    /// Starts it on a free port of 127.0.0.1.
    pub(crate) fn start(answers: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let open = Arc::default();
        let mut web = Self { answers: Arc::new(answers), port: 0, running: None, open };
        web.restart();
        web
    }

    /// `http://127.0.0.1:PORT/path`; `path` begins with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The requests so far, as `look` sees them.
    pub(crate) fn asked<T>(&self, look: impl Fn(&Request) -> T) -> Vec<T> {
        self.open.asked.lock().unwrap().iter().map(look).collect()
    }

    /// As a machine that loses its power: connections break, the port is closed.
    pub(crate) fn kill(&mut self) {
        let Some((open, thread)) = self.running.take() else { return };
        open.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        thread.join().unwrap();
        for mut child in open.children.lock().unwrap().drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
        for stream in open.streams.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Starts it again on its old port.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let listener = TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        self.port = listener.local_addr().unwrap().port();
        self.open = Arc::default();
        let (open, answers) = (Arc::clone(&self.open), Arc::clone(&self.answers));
        let thread = std::thread::Builder::new().name("web".into());
        let thread = thread.spawn(move || serve(&listener, &open, &answers)).unwrap();
        self.running = Some((Arc::clone(&self.open), thread));
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.kill();
    }
}

fn serve(listener: &TcpListener, open: &Arc<Open>, answers: &Answers) {
    while let Ok((stream, _)) = listener.accept() {
        if open.stop.load(Ordering::SeqCst) {
            return;
        }
        open.streams.lock().unwrap().push(stream.try_clone().unwrap());
        let (open, answers) = (Arc::clone(open), Arc::clone(answers));
        let thread = std::thread::Builder::new().name("web client".into());
        // A client that leaves ends it.
        thread.spawn(move || drop(answer(stream, &open, &answers))).unwrap();
    }
}

fn answer(mut stream: TcpStream, open: &Open, answers: &Answers) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let head: Vec<String> = lines.map_while(Result::ok).take_while(|l| !l.is_empty()).collect();
    let request = Request { path, head: head.join("\n") };
    let answer = answers(&request);
    open.asked.lock().unwrap().push(request);
    let ok =
        |kind: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n");
    match answer {
        Answer::Body(kind, body) => {
            let head = format!("{}Content-Length: {}\r\n\r\n", ok(kind), body.len());
            stream.write_all(head.as_bytes())?;
            stream.write_all(&body)?;
            stream.shutdown(Shutdown::Both)
        }
        Answer::Torn(kind, body) => {
            let head = format!("{}Content-Length: {}\r\n\r\n", ok(kind), body.len() * 2);
            stream.write_all(head.as_bytes())?;
            stream.write_all(&body)?;
            stream.shutdown(Shutdown::Both)
        }
        Answer::Redirect(to) => {
            let head = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(head.as_bytes())?;
            stream.shutdown(Shutdown::Both)
        }
        Answer::Status(status, line) => {
            let line = if line.is_empty() { String::new() } else { format!("{line}\r\n") };
            let head = format!("HTTP/1.1 {status}\r\n{line}Content-Length: 0\r\n\r\n");
            stream.write_all(head.as_bytes())?;
            stream.shutdown(Shutdown::Both)
        }
        Answer::Live(kind, clip, form) => {
            stream.write_all(format!("{}\r\n", ok(kind)).as_bytes())?;
            let mut command = ffmpeg("-re -stream_loop -1");
            command.arg("-i").arg(clip).args(form.split_whitespace()).arg("pipe:1");
            let mut child = command.stdout(Stdio::piped()).spawn()?;
            let mut output = child.stdout.take().unwrap();
            open.children.lock().unwrap().push(child);
            std::io::copy(&mut output, &mut stream).map(drop)
        }
        Answer::Hang => wait_for_the_end(&stream, open, || Ok(())),
        Answer::Drip(kind) => {
            stream.write_all(format!("{}\r\n", ok(kind)).as_bytes())?;
            wait_for_the_end(&stream, open, || (&stream).write_all(b"G"))
        }
    }
}

/// Until the client or the server ends; does something again and again.
fn wait_for_the_end(
    mut stream: &TcpStream,
    open: &Open,
    mut again: impl FnMut() -> std::io::Result<()>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(super::LOOK_EVERY))?;
    while !open.stop.load(Ordering::SeqCst) {
        again()?;
        if matches!(stream.read(&mut [0; 64]), Ok(0)) {
            break;
        }
    }
    Ok(())
}
