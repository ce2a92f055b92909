//! Signals that ask the process to end: one handler, whose meaning changes as a command goes on.

use std::sync::Mutex;

use crate::clock::lock;

struct Signals {
    listening: bool,
    /// Somebody has asked already.
    asked: bool,
    meaning: Option<Box<dyn Fn() + Send>>,
}

static SIGNALS: Mutex<Signals> =
    Mutex::new(Signals { listening: false, asked: false, meaning: None });

/// From now on `meaning` is what SIGINT, SIGTERM and SIGHUP do, or a console that closes. It runs
/// on a thread of its own; at once where somebody has asked before.
///
/// # Errors
/// The system lets nobody listen.
pub(super) fn on_end(meaning: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    let mut signals = lock(&SIGNALS);
    if !signals.listening {
        ctrlc::set_handler(|| {
            let mut signals = lock(&SIGNALS);
            signals.asked = true;
            if let Some(meaning) = &signals.meaning {
                meaning();
            }
        })?;
        signals.listening = true;
    }
    if signals.asked {
        meaning();
    }
    signals.meaning = Some(Box::new(meaning));
    Ok(())
}

/// Whether somebody has asked the process to end.
pub(super) fn asked() -> bool {
    lock(&SIGNALS).asked
}
