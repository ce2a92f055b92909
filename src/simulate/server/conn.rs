//! One client's connection: its socket, its dialogue, what is still to be written.

use std::io::{self, Read as _, Write as _};
use std::time::Duration;

use mio::net::TcpStream;
use socket2::SockRef;

use crate::clock::Mono;
use crate::simulate::dialogue::Dialogue;
use crate::simulate::play::Play;

/// Bytes that wait for a client. What comes on top is left out, up to the next keyframe.
pub(super) const MAX_WAITING: usize = 1 << 20;

/// The system's own buffer for a connection: some seconds of video, as cameras have it. Left to
/// itself, it would grow to megabytes for each client that does not keep up.
const SEND_BUFFER: usize = 128 << 10;

pub(super) struct Conn {
    pub(super) stream: TcpStream,
    /// The station's place in the list.
    pub(super) station: usize,
    /// Tells it from others that had its place before.
    pub(super) serial: u64,
    pub(super) dialogue: Dialogue,
    pub(super) play: Option<Play>,
    /// To be closed when everything is written.
    pub(super) is_closing: bool,
    /// When it last showed that somebody is there.
    pub(super) heard_at: Mono,
    waiting: Vec<u8>,
    written: usize,
    /// Since when nothing can be written.
    pub(super) blocked_since: Option<Mono>,
}

impl Conn {
    pub(super) fn new(stream: TcpStream, station: usize, serial: u64, now: Mono) -> Self {
        // Without them it works as well, only less like a camera.
        let _ = stream.set_nodelay(true);
        let _ = SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
        Self {
            stream,
            station,
            serial,
            dialogue: Dialogue::new(serial),
            play: None,
            is_closing: false,
            heard_at: now,
            waiting: Vec::new(),
            written: 0,
            blocked_since: None,
        }
    }

    /// Bytes that may still be put in line.
    pub(super) fn room(&self) -> usize {
        MAX_WAITING.saturating_sub(self.waiting.len() - self.written)
    }

    /// Whether everything is out.
    pub(super) fn is_written(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Reads what is there; `None` when nothing is.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        loop {
            match self.stream.read(buffer) {
                Ok(count) => return Ok(Some(count)),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// Writes, or puts in line what does not go out.
    pub(super) fn send(&mut self, bytes: &[u8], now: Mono) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if !self.waiting.is_empty() {
            self.waiting.extend_from_slice(bytes);
            return self.flush(now);
        }
        let written = write(&mut self.stream, bytes)?;
        if written < bytes.len() {
            self.waiting.extend_from_slice(&bytes[written..]);
            self.blocked_since.get_or_insert(now);
        }
        Ok(())
    }

    /// Writes what is in line.
    pub(super) fn flush(&mut self, now: Mono) -> io::Result<()> {
        while self.written < self.waiting.len() {
            let written = write(&mut self.stream, &self.waiting[self.written..])?;
            if written == 0 {
                self.blocked_since.get_or_insert(now);
                // What is out need not be kept.
                if self.written > MAX_WAITING / 2 {
                    self.waiting.drain(..self.written);
                    self.written = 0;
                }
                return Ok(());
            }
            self.written += written;
            self.blocked_since = None;
        }
        self.waiting.clear();
        self.written = 0;
        // A client that caught up need not keep the memory of its bad times.
        self.waiting.shrink_to(64 << 10);
        self.blocked_since = None;
        Ok(())
    }

    /// From here on closing it is a reset.
    pub(super) fn tear(&self) {
        // If it fails, the client sees an orderly end in the middle of a picture.
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }
}

/// One write; 0 when nothing goes out now.
fn write(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => return Ok(count),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(0),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
