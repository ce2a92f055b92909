//! The first request to every stream: only when each has answered is the country ready.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::error::SimulateError;
use super::server::{News, Post, Stream};

/// What an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks every stream for its description, one after the other, and tells the server the outcome.
/// Nobody waits for it: it ends by itself within its time-out.
pub(super) fn start(streams: Vec<Stream>, post: Post) -> Result<(), SimulateError> {
    let check = move || {
        for stream in &streams {
            if post.is_over() {
                return;
            }
            if let Err(source) = ask(stream) {
                let station = stream.station;
                post.send(News::Checked(Err(SimulateError::Dumb { station, source })));
                return;
            }
        }
        post.send(News::Checked(Ok(())));
    };
    std::thread::Builder::new()
        .name("simulate-check".to_owned())
        .spawn(check)
        .map_err(SimulateError::Thread)?;
    Ok(())
}

/// A camera with a login answers 401 to this, and that is an answer.
fn ask(stream: &Stream) -> io::Result<()> {
    let address = SocketAddr::from((stream.address, stream.port));
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let url = stream.url();
    socket.write_all(format!("DESCRIBE {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n").as_bytes())?;
    let mut status = [0; 12];
    socket.read_exact(&mut status)?;
    let wanted = if stream.login.is_some() { b"RTSP/1.0 401" } else { b"RTSP/1.0 200" };
    if &status == wanted { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}
