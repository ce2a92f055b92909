//! Second holders of the heads: a file that lines are added to, an address that each is sent to.
//!
//! What is sent is public and signed, and no answer is believed but for "taken" and "not taken", so
//! the address is one of plain HTTP: an enemy on the way can do no more than keep a head back, and
//! then it is told that it waits.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::error::HolderError;
use crate::config::save::sync_folder;

/// So long each step of a conversation may take.
const STEP: Duration = Duration::from_secs(5);

/// The beginning of an answer is read in so many pieces at most: one that drips is none.
const PIECES: usize = 16;

/// Somebody who keeps heads.
pub trait Holder: Send {
    /// Where, for people; carries no secret.
    fn name(&self) -> String;

    /// Gives it a line, with its end. It may get one twice.
    ///
    /// # Errors
    /// It has not got it for certain.
    fn take(&mut self, line: &str) -> Result<(), HolderError>;
}

/// A file that lines are added to, on another machine's disk if it is to be worth anything.
#[derive(Clone, Debug)]
pub struct FileHolder {
    path: PathBuf,
}

impl FileHolder {
    /// The file `path`. It is made if its folder is there; a folder that is not there may be a disk
    /// that is not mounted, and is not made.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    fn add(&self, line: &str) -> io::Result<()> {
        let is_new = !self.path.try_exists()?;
        let mut file: File =
            OpenOptions::new().create(true).append(true).read(true).open(&self.path)?;
        let end = file.seek(SeekFrom::End(0))?;
        // A line that was torn by a crash stays a line of its own.
        let is_torn = end > 0 && {
            let mut last = [0];
            file.seek(SeekFrom::Start(end - 1))?;
            file.read_exact(&mut last)?;
            last != *b"\n"
        };
        let lead = if is_torn { "\n" } else { "" };
        let written =
            file.write_all(format!("{lead}{line}").as_bytes()).and_then(|()| file.sync_all());
        if written.is_err() {
            // Half a line helps nobody; where it cannot be taken back it is torn, see above.
            let _ = file.set_len(end);
        }
        written?;
        match self.path.parent().filter(|_| is_new) {
            Some(folder) => sync_folder(&fs::canonicalize(folder)?),
            None => Ok(()),
        }
    }
}

impl Holder for FileHolder {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn take(&mut self, line: &str) -> Result<(), HolderError> {
        self.add(line).map_err(|source| HolderError::Unreachable { holder: self.name(), source })
    }
}

/// An address that each line is sent to by `POST`, as `application/json`. Taken is what is answered
/// with a code of 200 to 299; a redirection is a refusal.
#[derive(Clone, Debug)]
pub struct UrlHolder {
    url: Url,
}

impl UrlHolder {
    /// The address `url`, of `http`, without secrets: [`config::record`](crate::config::record)
    /// sees to both.
    pub fn new(url: &Url) -> Self {
        Self { url: url.clone() }
    }

    /// The code of the answer; 0 for what is no answer.
    fn post(&self, line: &str) -> io::Result<u16> {
        let host = self.url.host_str().ok_or(io::ErrorKind::InvalidInput)?;
        let port = self.url.port_or_known_default().unwrap_or(80);
        // A literal address of IPv6 stands in brackets.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let mut socket = connect(bare, port)?;
        socket.set_read_timeout(Some(STEP))?;
        socket.set_write_timeout(Some(STEP))?;
        let query = self.url.query().map_or(String::new(), |query| format!("?{query}"));
        let head = format!(
            "POST {}{query} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: pollwall/{}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.url.path(),
            env!("CARGO_PKG_VERSION"),
            line.len()
        );
        socket.write_all(head.as_bytes())?;
        socket.write_all(line.as_bytes())?;
        let mut answer = Vec::new();
        let mut piece = [0; 256];
        for _ in 0..PIECES {
            match socket.read(&mut piece)? {
                0 => break,
                read => answer.extend(&piece[..read]),
            }
            if answer.windows(2).any(|end| end == b"\r\n") {
                break;
            }
        }
        Ok(code(&answer))
    }
}

/// Tries every address of a host.
fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in (host, port).to_socket_addrs()?.take(4) {
        match TcpStream::connect_timeout(&address, STEP) {
            Ok(socket) => return Ok(socket),
            Err(e) => last = e,
        }
    }
    Err(last)
}

/// The code in `HTTP/1.1 200 OK`.
fn code(answer: &[u8]) -> u16 {
    let line = answer.split(|&byte| byte == b'\r').next().unwrap_or_default();
    let mut words = std::str::from_utf8(line).unwrap_or_default().split(' ');
    let is_http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
    let code = words.next().filter(|_| is_http).and_then(|code| code.parse().ok());
    code.unwrap_or_default()
}

impl Holder for UrlHolder {
    fn name(&self) -> String {
        self.url.to_string()
    }

    fn take(&mut self, line: &str) -> Result<(), HolderError> {
        let holder = self.name();
        match self.post(line) {
            Ok(200..=299) => Ok(()),
            Ok(code) => Err(HolderError::Refused { holder, code }),
            Err(source) => Err(HolderError::Unreachable { holder, source }),
        }
    }
}

#[cfg(test)]
mod tests;
