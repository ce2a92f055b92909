//! Keeps the display from switching itself off while the wall runs.

use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

/// Held while the wall runs. The calls go over D-Bus (or the platform's own way) and may hang, so
/// they have a thread of their own that nobody waits for.
pub(super) struct KeepAwake {
    /// Dropped first: that ends the thread.
    _end: Sender<()>,
    _thread: Option<JoinHandle<()>>,
}

impl KeepAwake {
    /// Asks the desktop to leave the display on.
    pub(super) fn start() -> Self {
        let (end, ended) = bounded(0);
        let thread = std::thread::Builder::new()
            .name("keep-awake".into())
            .spawn(move || hold(&ended))
            .inspect_err(|e| log::warn!("cannot keep the display awake: {e}"))
            .ok();
        Self { _end: end, _thread: thread }
    }
}

fn hold(ended: &Receiver<()>) {
    let ask = |display: bool| {
        keepawake::Builder::default()
            .display(display)
            .idle(!display)
            .app_name("Pollwall")
            .app_reverse_domain("org.pollwall.Pollwall")
            .reason("polling stations are being watched")
            .create()
    };
    // The screen saver is asked over the session's bus, idle suspend over the system's: a control
    // room may have one without the other.
    let held: Vec<_> = [("display", ask(true)), ("machine", ask(false))]
        .into_iter()
        .filter_map(|(what, asked)| match asked {
            Ok(awake) => {
                log::info!("the {what} is kept awake");
                Some(awake)
            }
            Err(e) => {
                log::warn!("nobody here can be asked to keep the {what} awake ({e}): switch its power saving off by hand");
                None
            }
        })
        .collect();
    // Nothing is ever sent: this returns when the wall is gone.
    let _ = ended.recv();
    drop(held);
}
