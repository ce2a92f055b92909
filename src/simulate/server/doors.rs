//! Doors: opening them, taking connections, closing connections.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use mio::net::TcpListener;
use mio::{Interest, Token};

use super::conn::Conn;
use super::station::listen;
use super::{Config, Simulator};
use crate::simulate::error::SimulateError;
use crate::simulate::fault::Door;
use crate::simulate::host;

/// Connections that a camera has at once; what comes on top is closed at once, as cameras do.
const MOST_CONNECTIONS: usize = 16;

/// How soon what the system refused is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// How many free ports are tried.
const TRIES: usize = 20;

/// Opens every station's door on one port.
pub(super) fn open_all(config: &Config) -> Result<(u16, Vec<TcpListener>), SimulateError> {
    let mut addresses = Vec::new();
    for place in &config.places {
        addresses.push(host::address(place.id).ok_or(SimulateError::NoAddress(place.id))?);
    }
    let mut outcome = open_on(config.port, &addresses);
    for _ in 1..TRIES {
        match outcome {
            // Somebody has just this port on one of the addresses.
            Err(SimulateError::Port { ref source, .. })
                if config.port == 0 && source.kind() == io::ErrorKind::AddrInUse =>
            {
                outcome = open_on(0, &addresses);
            }
            other => return other,
        }
    }
    Err(SimulateError::NoFreePort)
}

fn open_on(
    mut port: u16,
    addresses: &[Ipv4Addr],
) -> Result<(u16, Vec<TcpListener>), SimulateError> {
    let mut listeners = Vec::new();
    for &address in addresses {
        let failed = |source| SimulateError::Port { address, port, source };
        let listener = listen(address, port).map_err(failed)?;
        if port == 0 {
            port = listener.local_addr().map_err(failed)?.port();
        }
        listeners.push(listener);
    }
    Ok((port, listeners))
}

impl Simulator {
    /// Takes the connections that wait at a door.
    pub(super) fn take_connections(&mut self, at: usize) -> Result<(), SimulateError> {
        if self.stations[at].condition.door == Door::BlackHole {
            return Ok(());
        }
        loop {
            let station = &self.stations[at];
            if station.is_stuck() && station.conns.len() >= MOST_CONNECTIONS {
                // Nobody gets as much as a refusal: whoever comes now waits in the system's queue.
                return Ok(());
            }
            let Some(listener) = &station.listener else { return Ok(()) };
            match listener.accept() {
                Ok((stream, peer)) => {
                    let own = self.stations[at].plugs.iter();
                    let is_own = own.into_iter().any(|p| p.local_addr().is_ok_and(|a| a == peer));
                    if !is_own {
                        self.welcome(at, stream)?;
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                // Gone again before it was taken.
                Err(e) if e.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    // No descriptor left: whoever waits is taken when one is free.
                    self.try_later(at);
                    return Ok(());
                }
            }
        }
    }

    fn welcome(&mut self, at: usize, stream: mio::net::TcpStream) -> Result<(), SimulateError> {
        let now = self.now.mono;
        let station = &mut self.stations[at];
        let at_host = station.opens.count(now);
        self.books.opened(station.id, at_host, now)?;
        if station.conns.len() >= MOST_CONNECTIONS {
            return self.books.note(station.id, "close", None, None, now);
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.conns.push(None);
            self.conns.len() - 1
        });
        self.next_serial += 1;
        let mut conn = Conn::new(stream, at, self.next_serial, now);
        let token = Token(self.stations.len() + slot);
        let interest = Interest::READABLE | Interest::WRITABLE;
        if self.poll.registry().register(&mut conn.stream, token, interest).is_err() {
            self.free.push(slot);
            return self.books.note(self.stations[at].id, "close", None, None, now);
        }
        self.stations[at].conns.push(slot);
        self.conns[slot] = Some(conn);
        // What the client sent before it was registered makes an event of its own.
        Ok(())
    }

    /// Closes a connection.
    pub(super) fn close(&mut self, slot: usize) -> Result<(), SimulateError> {
        let Some(mut conn) = self.conns.get_mut(slot).and_then(Option::take) else {
            return Ok(());
        };
        // Closing takes it out as well, where this fails.
        let _ = self.poll.registry().deregister(&mut conn.stream);
        self.free.push(slot);
        let station = &mut self.stations[conn.station];
        station.conns.retain(|other| *other != slot);
        let id = station.id;
        self.books.note(id, "close", None, None, self.now.mono)
    }

    /// Closes every connection of a station.
    pub(super) fn close_all(&mut self, at: usize) -> Result<(), SimulateError> {
        for slot in self.stations[at].conns.clone() {
            self.close(slot)?;
        }
        Ok(())
    }

    /// A door could not be opened or taken from.
    fn try_later(&mut self, at: usize) {
        if self.again.is_empty() {
            log::warn!("{}: the system gives no more connections", self.stations[at].id);
            self.again_at = self.now.mono + AGAIN_AFTER;
        }
        self.again.insert(at);
    }

    /// Tries doors again that could not be opened or taken from.
    pub(super) fn try_again(&mut self) -> Result<(), SimulateError> {
        if self.now.mono < self.again_at {
            return Ok(());
        }
        for at in std::mem::take(&mut self.again) {
            if self.stations[at].listener.is_none()
                && self.stations[at].condition.door != Door::Refuse
            {
                self.open_door(at);
                if self.stations[at].condition.door == Door::BlackHole {
                    self.fill_queue(at);
                }
            }
            self.take_connections(at)?;
        }
        Ok(())
    }

    /// Opens a door that was closed; tried again later if that fails.
    pub(super) fn open_door(&mut self, at: usize) {
        if self.stations[at].listener.is_some() {
            return;
        }
        let opened = listen(self.stations[at].address, self.port).and_then(|listener| {
            self.stations[at].listener = Some(listener);
            self.register_door(at)
        });
        if opened.is_err() {
            self.stations[at].listener = None;
            self.try_later(at);
        }
    }

    /// Closes a door: who knocks is refused.
    pub(super) fn close_door(&mut self, at: usize) {
        if let Some(mut listener) = self.stations[at].listener.take() {
            let _ = self.poll.registry().deregister(&mut listener);
        }
    }
}
