//! The replay in a window, or off screen for a picture.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{self, ViewportBuilder, ViewportCommand};

use super::Replay;
use crate::app::wall::screenshot::no_adapter;
use crate::app::wall::waker::ScreenWaker;
use crate::app::wall::window::fit_scale;
use crate::clock::SystemClock;
use crate::render::device::{DeviceWatch, NotOpen, keep_open};
use crate::render::offscreen::NoAdapter;
use crate::replay::desk::Ask;
use crate::text::Text;
use crate::tr;
use crate::ui;

/// While time stands, the screen is looked at again after this: more may have been recorded.
const REPAINT_EVERY: Duration = Duration::from_millis(250);

/// While time runs, as often as a camera sends pictures and a little more.
const PLAY_EVERY: Duration = Duration::from_millis(16);

/// Shows the replay until the auditor closes it. On a lost graphics device another window opens at
/// the same moment.
pub(super) fn open(
    replay: &mut Replay,
    size: Option<(u32, u32)>,
    waker: &Arc<ScreenWaker>,
    text: &Arc<Text>,
) -> anyhow::Result<()> {
    let opened = keep_open(
        &SystemClock,
        |span| waker.pause(span),
        |watch| {
            let window = Window {
                replay: &mut *replay,
                device: watch.clone(),
                waker: Arc::clone(waker),
                text: Arc::clone(text),
            };
            let outcome = run_one(window, size);
            waker.set_window(None);
            outcome
        },
    );
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

fn run_one(window: Window<'_>, size: Option<(u32, u32)>) -> eframe::Result {
    let (width, height) = size.unwrap_or((1600, 900));
    let viewport = ViewportBuilder::default()
        .with_title("Pollwall")
        .with_app_id("pollwall")
        .with_inner_size([width as f32, height as f32]);
    let options = eframe::NativeOptions { viewport, dithering: false, ..Default::default() };
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

struct Window<'a> {
    replay: &'a mut Replay,
    device: DeviceWatch,
    waker: Arc<ScreenWaker>,
    text: Arc<Text>,
}

impl eframe::App for Window<'_> {
    fn clear_color(&self, _: &egui::Visuals) -> [f32; 4] {
        ui::theme::BACKGROUND.to_normalized_gamma_f32()
    }

    fn logic(&mut self, ctx: &egui::Context, _: &mut eframe::Frame) {
        self.waker.painting();
        if self.device.lost().is_some() || self.waker.is_ending() {
            // Nothing may be painted on a lost device; see render::device.
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
        if self.device.lost().is_some() || self.waker.is_ending() {
            return;
        }
        fit_scale(ui);
        let asks = self.replay.ui(ui, &self.text);
        for ask in asks {
            match ask {
                Ask::ToggleFullScreen => {
                    let now = ui.input(|i| i.viewport().fullscreen).unwrap_or(false);
                    ui.send_viewport_cmd(ViewportCommand::Fullscreen(!now));
                }
                Ask::Close => ui.send_viewport_cmd(ViewportCommand::Close),
                _ => {}
            }
        }
        let again = if self.replay.is_playing() { PLAY_EVERY } else { REPAINT_EVERY };
        ui.ctx().request_repaint_after(again);
    }
}
