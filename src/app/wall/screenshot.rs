//! `--screenshot`: the same wall, painted off screen in real time, and its last picture saved.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use eframe::egui;

use super::room::{ControlRoom, REPAINT_EVERY};
use super::waker::ScreenWaker;
use crate::app::args::Screenshot;
use crate::clock::{Clock, SystemClock};
use crate::render::offscreen::{NoAdapter, Offscreen};
use crate::text::Text;
use crate::tr;
use crate::ui;

/// The size of a picture for which none is asked, in pixels.
pub(in crate::app) const USUAL_SIZE: (u32, u32) = (1920, 1080);

/// Runs the wall for the time asked for and writes the picture.
pub(super) fn take(
    shot: &Screenshot,
    size: Option<(u32, u32)>,
    room: &mut ControlRoom,
    waker: &ScreenWaker,
    text: &Arc<Text>,
) -> anyhow::Result<()> {
    let (width, height) = size.unwrap_or(USUAL_SIZE);
    let mut screen =
        Offscreen::new([width, height]).map_err(|e| anyhow::anyhow!(no_adapter(&e, text)))?;
    screen.set_ground(ui::theme::BACKGROUND);
    let scale = ui::scale_for(egui::vec2(width as f32, height as f32));
    let ctx = egui::Context::default();
    ui::theme::install(&ctx);
    let began = SystemClock.mono();
    let mut elapsed = std::time::Duration::ZERO;
    loop {
        waker.painting();
        let mut input = screen.input(elapsed.as_secs_f64(), scale);
        input.predicted_dt = REPAINT_EVERY.as_secs_f32();
        screen.paint(&ctx, input, |ui| {
            // Nobody is there to act on what a wall without input might want.
            let _ = room.ui(ui, text);
        });
        elapsed = SystemClock.mono().since(began);
        if elapsed >= shot.after || waker.is_ending() {
            break;
        }
        waker.wait(REPAINT_EVERY.min(shot.after - elapsed));
    }
    let rgba = screen.read_rgba().context("cannot read the picture back")?;
    let path = shot.file.display().to_string();
    save(&shot.file, width, height, &rgba)
        .with_context(|| tr!(text, "screenshot-not-written", path = path).into_owned())
}

pub(in crate::app) fn save(
    path: &Path,
    width: u32,
    height: u32,
    rgba: &[u8],
) -> anyhow::Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgba)?;
    Ok(writer.finish()?)
}

/// What to do when there is nothing to paint on.
pub(in crate::app) fn no_adapter(error: &NoAdapter, text: &Text) -> String {
    match error {
        NoAdapter::NotFound { detail } => {
            tr!(text, "no-adapter", detail = detail.as_str()).into_owned()
        }
        NoAdapter::Unusable { detail } => {
            tr!(text, "adapter-unusable", detail = detail.as_str()).into_owned()
        }
        NoAdapter::Size { width, height, limit } => tr!(
            text,
            "screen-size-impossible",
            size = format!("{width}×{height}"),
            limit = limit.to_string(),
        )
        .into_owned(),
    }
}
