//! The wall in a window: a thin adapter between eframe and [`ControlRoom::ui`].

use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use crossbeam_channel::bounded;
use eframe::egui::{self, ViewportBuilder, ViewportCommand};

use super::awake::KeepAwake;
use super::room::ControlRoom;
use super::screenshot::no_adapter;
use super::waker::ScreenWaker;
use crate::clock::{Clock, SystemClock, lock};
use crate::render::device::{DeviceWatch, Relaunch};
use crate::render::offscreen::NoAdapter;
use crate::text::Text;
use crate::ui::{self, Action};

/// The size of a window for which none is asked, in pixels of the reference wall.
const USUAL_SIZE: (u32, u32) = (1280, 720);

/// What outlives a window whose graphics device was lost.
struct Kept {
    room: ControlRoom,
    full_screen: bool,
    lost: bool,
}

/// Shows the wall until the operator closes it. A lost graphics device closes the window too, and
/// the next one, on a new device, shows the same page.
pub(super) fn open(
    size: Option<(u32, u32)>,
    room: ControlRoom,
    waker: &Arc<ScreenWaker>,
    text: &Arc<Text>,
) -> anyhow::Result<ControlRoom> {
    let _awake = KeepAwake::start();
    let (width, height) = size.unwrap_or(USUAL_SIZE);
    let kept = Arc::new(Mutex::new(Some(Kept { room, full_screen: false, lost: false })));
    let mut relaunch = Relaunch::default();
    loop {
        let opened = SystemClock.mono();
        let outcome = run_one(egui::vec2(width as f32, height as f32), &kept, waker, text);
        waker.set_window(None);
        let mut back = lock(&kept).take().context("the window kept the wall's state")?;
        let failed = outcome.err();
        let lost = std::mem::take(&mut back.lost);
        if !lost {
            return match failed {
                None => Ok(back.room),
                Some(eframe::Error::Wgpu(e)) => {
                    Err(anyhow::anyhow!(no_adapter(&NoAdapter::from(&e), text)))
                }
                Some(e) => Err(e).context("cannot open a window"),
            };
        }
        let wait = relaunch
            .after_loss(opened, SystemClock.mono())
            .context("the graphics device is lost again and again")?;
        log::warn!("opening the wall again on a new graphics device in {wait:?}");
        // Nothing is ever sent: this is the wait alone.
        let (_never, nothing) = bounded::<()>(0);
        let _ = nothing.recv_timeout(wait);
        *lock(&kept) = Some(back);
    }
}

fn run_one(
    size: egui::Vec2,
    kept: &Arc<Mutex<Option<Kept>>>,
    waker: &Arc<ScreenWaker>,
    text: &Arc<Text>,
) -> eframe::Result {
    let full_screen = lock(kept).as_ref().is_some_and(|k| k.full_screen);
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Pollwall")
            .with_app_id("pollwall")
            .with_inner_size(size)
            .with_min_inner_size([640.0, 360.0])
            .with_fullscreen(full_screen),
        ..Default::default()
    };
    let (kept, waker, text) = (Arc::clone(kept), Arc::clone(waker), Arc::clone(text));
    eframe::run_native(
        "pollwall",
        options,
        Box::new(move |creation| {
            let state = creation.wgpu_render_state.as_ref().ok_or("eframe runs without wgpu")?;
            ui::theme::install(&creation.egui_ctx);
            crate::render::install(state);
            let ctx = creation.egui_ctx.clone();
            let device = DeviceWatch::attach(state, move || ctx.request_repaint());
            waker.set_window(Some(creation.egui_ctx.clone()));
            let inside = lock(&kept).take().ok_or("another window has the wall")?;
            Ok(Box::new(Window { inside: Some(inside), kept, device, waker, text }))
        }),
    )
}

struct Window {
    /// Given back to `kept` when the window goes.
    inside: Option<Kept>,
    kept: Arc<Mutex<Option<Kept>>>,
    device: DeviceWatch,
    waker: Arc<ScreenWaker>,
    text: Arc<Text>,
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let Some(inside) = &mut self.inside else { return };
        self.waker.painting();
        if self.device.lost().is_some() {
            // Nothing may be painted on a lost device; see render::device.
            inside.lost = true;
            ui.send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        fit_scale(ui);
        for action in inside.room.ui(ui, &self.text) {
            match action {
                Action::ToggleFullScreen => {
                    inside.full_screen = !inside.full_screen;
                    ui.send_viewport_cmd(ViewportCommand::Fullscreen(inside.full_screen));
                }
            }
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        *lock(&self.kept) = self.inside.take();
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
