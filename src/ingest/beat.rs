//! The receiving side's life signs.

use std::sync::{Arc, Mutex};

use crate::clock::{Clock, lock};
use crate::health::Pulse;
use crate::health::limits::PULSE_EVERY;

/// Proves again and again that the runtime gets to run.
pub(super) async fn beat(clock: Arc<dyn Clock>, pulse: Arc<Mutex<Pulse>>) {
    let mut every = tokio::time::interval(PULSE_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let mut pulse = lock(&pulse);
        *pulse = pulse.beaten(clock.mono());
    }
}
