//! The wall in a window: a thin adapter between eframe and [`ControlRoom::ui`].

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::bounded;
use eframe::egui::{self, ViewportCommand};

use super::Faults;
use super::awake::KeepAwake;
use super::desk::{self, DeskKeeper};
use super::place;
use super::room::{ControlRoom, REPAINT_EVERY};
use super::screenshot::no_adapter;
use super::stand_in::{Passes, stand_in};
use super::waker::ScreenWaker;
use crate::clock::{Clock as _, SystemClock, lock};
use crate::config::desk::WindowPlace;
use crate::render::device::{DeviceWatch, NotOpen, keep_open};
use crate::render::offscreen::NoAdapter;
use crate::text::{Lang, Text};
use crate::tr;
use crate::ui::{self, Action};

/// What the wall speaks.
pub(super) struct Language {
    pub(super) text: Arc<Text>,
    /// The language that a person has chosen on the first screen, now or earlier.
    pub(super) chosen: Option<Lang>,
}

/// Shows the wall until the operator closes it. A lost graphics device closes the window too; the
/// next one, on a new device, shows the same page.
pub(super) fn open(
    mut place: WindowPlace,
    keeper: &mut DeskKeeper,
    room: &mut ControlRoom,
    waker: &Arc<ScreenWaker>,
    language: &mut Language,
    faults: &Faults,
) -> anyhow::Result<()> {
    let _awake = KeepAwake::start();
    let on = &Passes::from(SystemClock.mono());
    let room = &Mutex::new(room);
    let (in_charge, ended) = bounded::<Infallible>(0);
    let opened = std::thread::scope(|scope| {
        let look = move || lock(room).stand_in();
        let stands = std::thread::Builder::new()
            .name("stand-in".into())
            .spawn_scoped(scope, move || stand_in(on, &SystemClock, &ended, look));
        if let Err(e) = stands {
            log::error!("nobody looks while no window does: {e}");
        }
        // Gone with the last window, also where that panics.
        let _in_charge = in_charge;
        let wait = |span: Duration| waker.pause(span);
        keep_open(&SystemClock, wait, |watch| {
            let window = Window {
                room,
                passes: on,
                place: &mut place,
                keeper: &mut *keeper,
                painted: 0,
                unpainted: false,
                device: watch.clone(),
                waker: Arc::clone(waker),
                language: &mut *language,
                faults,
            };
            let outcome = run_one(window);
            waker.set_window(None);
            outcome
        })
    });
    let text = &language.text;
    opened.map_err(|e| match &e {
        NotOpen::First(eframe::Error::Wgpu(why)) => {
            anyhow::anyhow!(no_adapter(&NoAdapter::from(why), text))
        }
        NotOpen::First(why) => {
            log::error!("no window: {why}");
            anyhow::anyhow!(tr!(text, "no-window").into_owned())
        }
        NotOpen::GaveUp { why } => {
            anyhow::anyhow!(tr!(text, "device-gone", detail = why.as_str()).into_owned())
        }
    })
}

fn run_one(window: Window<'_, '_>) -> eframe::Result {
    if let Some(held) = window.faults.hold_window.as_ref().and_then(|hold| hold.try_recv().ok()) {
        // Nothing is ever sent.
        let _ = held.recv();
    }
    let viewport = place::builder(window.place);
    // Dithering is for wide gradients, of which the wall has none; on a software driver it would cost
    // more than everything else on the screen.
    let options = eframe::NativeOptions { viewport, dithering: false, ..Default::default() };
    eframe::run_native(
        "pollwall",
        options,
        Box::new(move |creation| {
            let state = creation.wgpu_render_state.as_ref().ok_or("eframe runs without wgpu")?;
            if let Some(native) = creation.winit_window() {
                place::correct(window.place, native);
            }
            ui::theme::install(&creation.egui_ctx);
            crate::render::install(state);
            let ctx = creation.egui_ctx.clone();
            window.device.attach(state, move || ctx.request_repaint());
            window.waker.set_window(Some(creation.egui_ctx.clone()));
            Ok(Box::new(window))
        }),
    )
}

/// One window; the wall itself outlives it.
struct Window<'a, 'r> {
    /// Shared with whoever stands in.
    room: &'a Mutex<&'r mut ControlRoom>,
    passes: &'a Passes,
    place: &'a mut WindowPlace,
    keeper: &'a mut DeskKeeper,
    /// Painted so far.
    painted: u32,
    /// The last turn of the loop was not followed by a paint.
    unpainted: bool,
    device: DeviceWatch,
    waker: Arc<ScreenWaker>,
    language: &'a mut Language,
    faults: &'a Faults,
}

impl eframe::App for Window<'_, '_> {
    fn clear_color(&self, _: &egui::Visuals) -> [f32; 4] {
        ui::theme::BACKGROUND.to_normalized_gamma_f32()
    }

    /// Runs before each paint, and instead of it while nobody can see the window (it is minimised,
    /// or the screen is locked): what ends or changes the wall must not wait for an onlooker.
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.waker.painting();
        let rehearse = self.faults.lose_device.as_ref().is_some_and(|f| f.try_recv().is_ok());
        if let (true, Some(state)) = (rehearse, frame.wgpu_render_state()) {
            crate::render::device::destroy(state);
        }
        if self.device.lost().is_some() || self.waker.is_ending() {
            // Nothing may be painted on a lost device; see render::device.
            ctx.send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        if std::mem::replace(&mut self.unpainted, true) {
            lock(self.room).unseen();
            self.passes.passed(SystemClock.mono());
            ctx.request_repaint_after(REPAINT_EVERY);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.unpainted = false;
        if self.device.lost().is_some() || self.waker.is_ending() {
            return;
        }
        fit_scale(ui);
        let text = Arc::clone(&self.language.text);
        let actions = lock(self.room).ui(ui, &text);
        self.passes.passed(SystemClock.mono());
        for action in actions {
            match action {
                Action::ToggleFullScreen => {
                    // The window manager may have changed it meanwhile.
                    let now = ui.input(|i| i.viewport().fullscreen);
                    let now = now.unwrap_or(self.place.full_screen);
                    ui.send_viewport_cmd(ViewportCommand::Fullscreen(!now));
                }
                // The room has seen to it.
                Action::Reconnect(_)
                | Action::Snapshot(_)
                | Action::Replay(_)
                | Action::Acknowledge { .. }
                | Action::AcknowledgeAllEnded
                | Action::Maintain { .. }
                | Action::EndMaintenance(_)
                | Action::Operator(_)
                | Action::Sound(_)
                | Action::ToggleRecording
                | Action::Import => {}
                Action::Language(lang) => {
                    *self.language = Language { text: Text::of(lang), chosen: Some(lang) };
                    ui.ctx().request_repaint();
                }
                Action::Close => ui.send_viewport_cmd(ViewportCommand::Close),
            }
        }
        self.remember(ui, frame);
    }
}

impl Window<'_, '_> {
    /// Takes down where the wall is, once the window is where it was meant to be.
    fn remember(&mut self, ui: &egui::Ui, frame: &eframe::Frame) {
        self.painted = self.painted.saturating_add(1);
        let Some(native) = frame.winit_window() else { return };
        match self.painted {
            // The first pass is painted before the window is shown.
            1 => {}
            // X11's window managers pass over what was asked of a window before it was shown.
            2 if self.place.full_screen => place::correct(self.place, native),
            2 if self.place.maximised => ui.send_viewport_cmd(ViewportCommand::Maximized(true)),
            _ => {
                place::take_down(self.place, ui.ctx(), native);
                let (standing, operator, records, place) = {
                    let room = lock(self.room);
                    (room.standing(), room.operator().cloned(), room.records(), self.place.clone())
                };
                let language = self.language.chosen;
                self.keeper.note(desk::desk(standing, place, language, operator, records));
            }
        }
    }
}

/// Makes a wall of the reference size out of whatever size the window has.
pub(in crate::app) fn fit_scale(ui: &egui::Ui) {
    let ctx = ui.ctx();
    let pixels = ctx.content_rect().size() * ctx.pixels_per_point();
    let native = ctx.native_pixels_per_point().unwrap_or(1.0);
    let zoom = ui::scale_for(pixels) / native;
    if (ctx.zoom_factor() - zoom).abs() > 0.001 {
        ctx.set_zoom_factor(zoom);
    }
}
