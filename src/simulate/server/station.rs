//! One station as the server has it: its door and its cameras.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use mio::net::{TcpListener, TcpStream};
use socket2::{Domain, SockRef, Socket, Type};

use crate::clock::Mono;
use crate::config::Login;
use crate::model::{FeedKind, StationId};
use crate::simulate::camera::Camera;
use crate::simulate::dialogue::Host;
use crate::simulate::fault::Condition;
use crate::simulate::stats::Rate;

/// RTP's clock of video.
pub(super) const TICKS_PER_MS: i64 = 90;

/// Connections that the system keeps until they are taken.
const BACKLOG: i32 = 1024;

pub(super) struct Station {
    pub(super) id: StationId,
    pub(super) address: Ipv4Addr,
    pub(super) base: String,
    /// Open unless a fault closed it.
    pub(super) listener: Option<TcpListener>,
    /// Our own connections that fill the queue of a black hole.
    pub(super) plugs: Vec<TcpStream>,
    pub(super) main: Camera,
    pub(super) sub: Option<Camera>,
    pub(super) login: Option<Login>,
    pub(super) condition: Condition,
    /// The places of its connections.
    pub(super) conns: Vec<usize>,
    pub(super) opens: Rate,
    /// When pictures ceased to be taken, for each stream.
    pub(super) stands_since: Option<(u64, u64)>,
}

impl Station {
    pub(super) fn camera(&self, kind: FeedKind) -> &Camera {
        match (&self.sub, kind) {
            (Some(sub), FeedKind::Sub) => sub,
            _ => &self.main,
        }
    }

    /// Whether connections are neither read nor written.
    pub(super) fn is_stuck(&self) -> bool {
        self.condition.is_stuck || self.condition.door == crate::simulate::fault::Door::BlackHole
    }

    /// Sets the queue of the door so that no more than one connection fits in.
    pub(super) fn shrink_queue(&self) -> io::Result<()> {
        self.set_queue(0)
    }

    /// Sets the queue of the door back.
    pub(super) fn restore_queue(&self) -> io::Result<()> {
        self.set_queue(BACKLOG)
    }

    fn set_queue(&self, backlog: i32) -> io::Result<()> {
        self.listener.as_ref().map_or(Ok(()), |listener| SockRef::from(listener).listen(backlog))
    }
}

/// Opens a port. Connections of a listener before it may still be open on it.
pub(super) fn listen(address: Ipv4Addr, port: u16) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // On Windows it would let two programs have one port.
    #[cfg(not(windows))]
    socket.set_reuse_address(true)?;
    socket.bind(&SocketAddr::from((address, port)).into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(TcpListener::from_std(socket.into()))
}

/// A station at a moment, as a dialogue sees it.
pub(super) struct At<'a> {
    pub(super) station: &'a Station,
    pub(super) now: Mono,
    pub(super) bursts: bool,
}

impl Host for At<'_> {
    fn base(&self) -> &str {
        &self.station.base
    }

    fn description(&self, kind: FeedKind) -> Option<String> {
        let camera = match kind {
            FeedKind::Main => Some(&self.station.main),
            FeedKind::Sub => self.station.sub.as_ref(),
        };
        let title = format!("{} {}", self.station.id, kind.as_str());
        camera.map(|camera| camera.reel().description(&title, self.station.address))
    }

    fn login(&self) -> Option<&Login> {
        self.station.login.as_ref()
    }

    fn rejects_logins(&self) -> bool {
        self.station.condition.rejects_logins
    }

    fn first_picture(&self, kind: FeedKind) -> u32 {
        let camera = self.station.camera(kind);
        let shift = self.station.condition.rtp_shift_ms.wrapping_mul(TICKS_PER_MS) as u32;
        camera.ticks(camera.join(self.now, self.bursts)).wrapping_add(shift)
    }
}
