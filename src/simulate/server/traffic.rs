//! Traffic: requests in, answers and pictures out.

use std::cmp::Reverse;
use std::time::Duration;

use super::Simulator;
use super::station::At;
use crate::simulate::chance;
use crate::simulate::dialogue::{Playback, TIMEOUT_S, Told};
use crate::simulate::error::SimulateError;
use crate::simulate::fault::Flow;
use crate::simulate::play::{self, Play, Scene};

/// Bytes read from one connection in one turn.
const MAX_READ: usize = 64 << 10;
/// Bytes of one read.
const READ: usize = 16 << 10;

/// A connection that says and takes nothing for so long is closed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session whose client has shown no sign of life for so long is ended, as cameras do it: the
/// time-out that SETUP's answer promises, and half as much again (RFC 2326, 12.37).
const SESSION_PATIENCE: Duration = Duration::from_secs(TIMEOUT_S * 3 / 2);

impl Simulator {
    /// Reads what a client sent and answers it.
    pub(super) fn read(&mut self, slot: usize) -> Result<(), SimulateError> {
        let mut buffer = [0; READ];
        let mut left = MAX_READ;
        loop {
            let Some(conn) = self.conns.get_mut(slot).and_then(Option::as_mut) else {
                return Ok(());
            };
            let station = &self.stations[conn.station];
            let drips = matches!(station.condition.flow, Flow::Drip { .. }) && conn.play.is_some();
            if station.is_stuck() || drips || conn.is_closing {
                // A byte that drips and an answer would get into each other.
                return Ok(());
            }
            if left == 0 {
                // The others first.
                self.unread.push((slot, conn.serial));
                return Ok(());
            }
            match conn.read(&mut buffer) {
                Ok(None) => return Ok(()),
                Ok(Some(0)) | Err(_) => return self.close(slot),
                Ok(Some(count)) => {
                    left = left.saturating_sub(count);
                    conn.heard_at = self.now.mono;
                    self.answer(slot, &buffer[..count])?;
                }
            }
        }
    }

    /// Reads on where a turn ended before.
    pub(super) fn read_on(&mut self) -> Result<(), SimulateError> {
        for (slot, serial) in std::mem::take(&mut self.unread) {
            let is_same = self.conns.get(slot).and_then(Option::as_ref);
            if is_same.is_some_and(|conn| conn.serial == serial) {
                self.read(slot)?;
            }
        }
        Ok(())
    }

    fn answer(&mut self, slot: usize, bytes: &[u8]) -> Result<(), SimulateError> {
        let Some(conn) = self.conns.get_mut(slot).and_then(Option::as_mut) else { return Ok(()) };
        let at = conn.station;
        let station = &self.stations[at];
        let bursts = self.config.bursts || station.condition.bursts;
        let host = At { station, now: self.now.mono, bursts };
        let mut told = Vec::new();
        self.scratch.clear();
        conn.dialogue.hear(bytes, &host, &mut self.scratch, &mut told);
        let is_garbled = station.condition.garbles_answers && !self.scratch.is_empty();
        if is_garbled {
            self.scratch.clear();
            play::garbage(chance::hash(&[conn.serial, 9]), &mut self.scratch);
        }
        let id = station.id;
        let is_flooding = conn.room() < self.scratch.len();
        let sent = conn.send(&self.scratch, self.now.mono);
        let mut is_over = sent.is_err() || is_flooding;
        for told in told {
            match told {
                Told::Answered { method, status } => {
                    let now = self.now.mono;
                    self.books.note(id, "request", Some(&method), Some(status), now)?;
                }
                Told::Play(playback) if !is_garbled => self.begin_to_play(slot, playback),
                Told::Play(_) => {}
                Told::Close => is_over |= self.close_when_written(slot),
            }
        }
        if is_over { self.close(slot) } else { Ok(()) }
    }

    /// Ends the dialogue; gives whether nothing waits to be written.
    fn close_when_written(&mut self, slot: usize) -> bool {
        let conn = self.conns.get_mut(slot).and_then(Option::as_mut);
        conn.is_none_or(|conn| {
            conn.is_closing = true;
            conn.play = None;
            conn.is_written()
        })
    }

    fn begin_to_play(&mut self, slot: usize, playback: Playback) {
        let Some(conn) = self.conns.get_mut(slot).and_then(Option::as_mut) else { return };
        let at = conn.station;
        let station = &self.stations[at];
        let bursts = self.config.bursts || station.condition.bursts;
        let now = self.now.mono;
        let camera = station.camera(playback.kind);
        conn.play = Some(Play::new(playback, camera, bursts, &station.condition, now));
        self.books.totals.plays += 1;
        // Now, not with the next picture: a burst and the first report need not wait.
        self.due.push(Reverse((now, slot, conn.serial)));
    }

    /// Sends what is due to every session.
    pub(super) fn send_pictures(&mut self) {
        let now = self.now.mono;
        while let Some(Reverse((due, slot, serial))) = self.due.peek().copied() {
            if due > now {
                return;
            }
            self.due.pop();
            let conn = self.conns.get_mut(slot).and_then(Option::as_mut);
            let Some(conn) = conn.filter(|conn| conn.serial == serial) else { continue };
            let room = conn.room();
            let Some(play) = &mut conn.play else { continue };
            let station = &self.stations[conn.station];
            let camera = station.camera(play.playback.kind);
            self.scratch.clear();
            let step = if station.is_stuck() {
                play.skip(camera, now);
                play::Step::default()
            } else {
                let scene = Scene {
                    camera,
                    condition: &station.condition,
                    script_began: self.began,
                    chance: chance::hash(&[
                        self.programme.schedule.seed(),
                        chance::number(station.id),
                    ]),
                };
                play.step(&scene, self.now, room, &mut self.scratch)
            };
            let next = play.due(camera, now);
            self.books.totals.frames += u64::from(step.sent);
            self.books.totals.dropped += u64::from(step.dropped);
            self.books.totals.late += u64::from(step.late);
            let sent = conn.send(&self.scratch, now);
            if step.resets {
                conn.tear();
            }
            if sent.is_err() || step.resets {
                // The log of connections tells it when it can be written.
                self.gone.push((slot, serial));
                continue;
            }
            self.due.push(Reverse((next, slot, serial)));
        }
    }

    /// Writes what waits for a client.
    pub(super) fn write(&mut self, slot: usize) {
        let Some(conn) = self.conns.get_mut(slot).and_then(Option::as_mut) else { return };
        if self.stations[conn.station].is_stuck() {
            return;
        }
        let is_over = conn.flush(self.now.mono).is_err() || conn.is_closing && conn.is_written();
        if is_over {
            let serial = conn.serial;
            self.gone.push((slot, serial));
        }
    }

    /// Closes the connections that ended while something else was done.
    pub(super) fn close_the_gone(&mut self) -> Result<(), SimulateError> {
        for (slot, serial) in std::mem::take(&mut self.gone) {
            let is_same = self.conns.get(slot).and_then(Option::as_ref);
            if is_same.is_some_and(|conn| conn.serial == serial) {
                self.close(slot)?;
            }
        }
        Ok(())
    }

    /// Closes connections at which nobody seems to be.
    pub(super) fn close_the_silent(&mut self) {
        let now = self.now.mono;
        for (slot, conn) in self.conns.iter().enumerate() {
            let Some(conn) = conn else { continue };
            if self.stations[conn.station].is_stuck() {
                continue;
            }
            let drips = matches!(self.stations[conn.station].condition.flow, Flow::Drip { .. });
            let patience = if conn.play.is_some() { SESSION_PATIENCE } else { PATIENCE };
            // While it drips nothing is read, and so nothing heard.
            let is_idle = !drips && now.since(conn.heard_at) > patience;
            let is_blocked = conn.blocked_since.is_some_and(|since| now.since(since) > PATIENCE);
            if is_idle || is_blocked {
                self.gone.push((slot, conn.serial));
            }
        }
    }
}
