//! The wall in a window: a thin adapter between eframe and [`ControlRoom::ui`].

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use eframe::egui::{self, ViewportBuilder, ViewportCommand};

use super::Faults;
use super::awake::KeepAwake;
use super::room::ControlRoom;
use super::screenshot::no_adapter;
use super::waker::ScreenWaker;
use crate::clock::SystemClock;
use crate::render::device::{DeviceWatch, NotOpen, keep_open};
use crate::render::offscreen::NoAdapter;
use crate::text::Text;
use crate::tr;
use crate::ui::{self, Action};

/// The size of a window for which none is asked, in pixels.
const USUAL_SIZE: (u32, u32) = (1280, 720);

/// Shows the wall until the operator closes it. A lost graphics device closes the window too; the
/// next one, on a new device, shows the same page.
pub(super) fn open(
    size: Option<(u32, u32)>,
    room: &mut ControlRoom,
    waker: &Arc<ScreenWaker>,
    text: &Text,
    faults: &Faults,
) -> anyhow::Result<()> {
    let _awake = KeepAwake::start();
    let (width, height) = size.unwrap_or(USUAL_SIZE);
    let size = egui::vec2(width as f32, height as f32);
    let mut full_screen = false;
    // Nothing is ever sent: this is for waiting alone.
    let (_never, nothing) = bounded::<()>(0);
    let wait = |span: Duration| wait(&nothing, span);
    let ended = keep_open(&SystemClock, wait, |watch| {
        let window = Window {
            room: &mut *room,
            full_screen: &mut full_screen,
            device: watch.clone(),
            waker: Arc::clone(waker),
            text,
            faults,
        };
        let outcome = run_one(size, window);
        waker.set_window(None);
        outcome
    });
    ended.map_err(|e| match &e {
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

/// Waits for the whole span; always to go on.
fn wait(nothing: &Receiver<()>, span: Duration) -> bool {
    nothing.recv_timeout(span) == Err(RecvTimeoutError::Timeout)
}

fn run_one(size: egui::Vec2, window: Window<'_>) -> eframe::Result {
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Pollwall")
            .with_app_id("pollwall")
            .with_inner_size(size)
            .with_min_inner_size([640.0, 360.0])
            .with_fullscreen(*window.full_screen),
        ..Default::default()
    };
    eframe::run_native(
        "pollwall",
        options,
        Box::new(move |creation| {
            let state = creation.wgpu_render_state.as_ref().ok_or("eframe runs without wgpu")?;
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
struct Window<'a> {
    room: &'a mut ControlRoom,
    full_screen: &'a mut bool,
    device: DeviceWatch,
    waker: Arc<ScreenWaker>,
    text: &'a Text,
    faults: &'a Faults,
}

impl eframe::App for Window<'_> {
    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.waker.painting();
        let rehearse = self.faults.lose_device.as_ref().is_some_and(|f| f.try_recv().is_ok());
        if let (true, Some(state)) = (rehearse, frame.wgpu_render_state()) {
            crate::render::device::destroy(state);
        }
        if self.device.lost().is_some() || self.waker.is_ending() {
            // Nothing may be painted on a lost device; see render::device.
            ui.send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        fit_scale(ui);
        for action in self.room.ui(ui, self.text) {
            match action {
                Action::ToggleFullScreen => {
                    // The window manager may have changed it meanwhile.
                    let now = ui.input(|i| i.viewport().fullscreen).unwrap_or(*self.full_screen);
                    *self.full_screen = !now;
                    ui.send_viewport_cmd(ViewportCommand::Fullscreen(*self.full_screen));
                }
                // The room has seen to it.
                Action::Reconnect(_) => {}
            }
        }
    }
}

/// Makes a wall of the reference size out of whatever size the window has.
fn fit_scale(ui: &egui::Ui) {
    let ctx = ui.ctx();
    let pixels = ctx.content_rect().size() * ctx.pixels_per_point();
    let native = ctx.native_pixels_per_point().unwrap_or(1.0);
    let zoom = ui::scale_for(pixels) / native;
    if (ctx.zoom_factor() - zoom).abs() > 0.001 {
        ctx.set_zoom_factor(zoom);
    }
}
