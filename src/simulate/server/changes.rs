//! Changes of condition: what a fault's beginning and end do to a station's door, connections and
//! cameras.

use std::cmp::Reverse;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mio::net::TcpStream;

use super::Simulator;
use crate::clock::Mono;
use crate::simulate::camera::{Camera, Reel};
use crate::simulate::clips::Format;
use crate::simulate::error::SimulateError;
use crate::simulate::fault::{Backlog, Condition, Door, Flow};
use crate::simulate::programme::spec;

/// Connections of our own that fill the queue of a black hole; one is enough, where the system
/// counts as Linux does.
const PLUGS: usize = 2;

impl Simulator {
    /// Puts the programme's script in force; its time begins now.
    pub(super) fn begin_programme(&mut self) {
        self.began = self.now.mono;
        self.generation += 1;
        self.changes.clear();
        for station in 0..self.stations.len() {
            self.changes.push(Reverse((self.began, station, self.generation)));
        }
    }

    /// Brings every station whose time has come into its new condition.
    pub(super) fn change_conditions(&mut self) -> Result<(), SimulateError> {
        let now = self.now.mono;
        while let Some(Reverse((due, station, generation))) = self.changes.peek().copied() {
            if due > now {
                break;
            }
            self.changes.pop();
            if generation != self.generation {
                continue;
            }
            let t = now.since(self.began);
            let condition = self.programme.schedule.condition(station, t);
            if let Some(next) = self.programme.schedule.next_change(station, t) {
                // A change never falls on the moment it was asked at: that would ask for ever.
                let next = (self.began + next).max(now + Duration::from_micros(1));
                self.changes.push(Reverse((next, station, generation)));
            }
            self.change(station, condition)?;
        }
        Ok(())
    }

    fn change(&mut self, at: usize, new: Condition) -> Result<(), SimulateError> {
        let was_stuck = self.stations[at].is_stuck();
        let old = std::mem::replace(&mut self.stations[at].condition, new);
        if old == new {
            return Ok(());
        }
        self.stand_still(at, old.flow, new.flow);
        self.change_reels(at);
        let is_put_out = (new.rejects_logins && !old.rejects_logins)
            || new.has_other_codec != old.has_other_codec
            || (new.door == Door::Refuse && old.door != Door::Refuse);
        if is_put_out {
            self.close_all(at)?;
        }
        if new.door != old.door {
            self.change_door(at, old.door, new.door)?;
        }
        let flows_again = matches!(old.flow, Flow::Drip { .. }) && old.flow != new.flow;
        if (was_stuck && !self.stations[at].is_stuck()) || flows_again {
            self.wake_connections(at)?;
            self.take_connections(at)?;
        }
        Ok(())
    }

    /// Counts the pictures that a camera does not take in a pause without backlog.
    fn stand_still(&mut self, at: usize, old: Flow, new: Flow) {
        let skip = Flow::Pause(Backlog::Skip);
        let now = self.now.mono;
        let station = &mut self.stations[at];
        let newest = |camera: &Camera| camera.newest(now);
        let count = (newest(&station.main), station.sub.as_ref().map_or(0, newest));
        match (old == skip, new == skip) {
            (false, true) => station.stands_since = Some(count),
            (true, false) => {
                let Some(since) = station.stands_since.take() else { return };
                station.main.stood_still(count.0.saturating_sub(since.0));
                if let Some(sub) = &mut station.sub {
                    sub.stood_still(count.1.saturating_sub(since.1));
                }
            }
            _ => {}
        }
    }

    /// Shows what the condition says, from a keyframe on where that is another clip.
    fn change_reels(&mut self, at: usize) {
        let now = self.now.mono;
        let main = self.reel(at, self.config.main);
        show(&mut self.stations[at].main, main, now);
        if let Some(format) = self.config.sub {
            let reel = self.reel(at, format);
            if let Some(sub) = &mut self.stations[at].sub {
                show(sub, reel, now);
            }
        }
    }

    /// What a station's stream is to show; its usual scene where a clip was not foreseen.
    fn reel(&self, at: usize, format: Format) -> Option<Arc<Reel>> {
        let station = &self.stations[at];
        let reel = |condition: &Condition| {
            self.programme.reels.get(&spec(station.id, format, condition)).cloned()
        };
        reel(&station.condition).or_else(|| {
            log::error!("{}: no clip for {:?}; its usual scene goes on", station.id, format);
            reel(&Condition::default())
        })
    }

    fn change_door(&mut self, at: usize, old: Door, new: Door) -> Result<(), SimulateError> {
        if old == Door::BlackHole {
            // Where it fails the door is still a black hole's, and that shows.
            let _ = self.stations[at].restore_queue();
            if new == Door::Open {
                self.take_connections(at)?;
            }
            self.stations[at].plugs.clear();
        }
        match new {
            Door::Refuse => self.close_door(at),
            Door::Open => self.open_door(at),
            Door::BlackHole => {
                self.open_door(at);
                self.fill_queue(at);
            }
        }
        Ok(())
    }

    /// Makes the system drop whoever knocks: the queue holds one connection, and that is ours.
    pub(super) fn fill_queue(&mut self, at: usize) {
        let door = SocketAddr::from((self.stations[at].address, self.port));
        let _ = self.stations[at].shrink_queue();
        for _ in 0..PLUGS {
            if let Ok(plug) = TcpStream::connect(door) {
                self.stations[at].plugs.push(plug);
            }
        }
    }

    /// Reads and writes what waited while a station was stuck: the system told us long ago.
    fn wake_connections(&mut self, at: usize) -> Result<(), SimulateError> {
        for slot in self.stations[at].conns.clone() {
            self.write(slot);
            self.read(slot)?;
        }
        Ok(())
    }
}

fn show(camera: &mut Camera, reel: Option<Arc<Reel>>, now: Mono) {
    if let Some(reel) = reel
        && !Arc::ptr_eq(camera.reel(), &reel)
    {
        camera.change(reel, now);
    }
}
