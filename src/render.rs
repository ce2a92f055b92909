//! Pictures on the graphics adapter: planes to textures, one shader, and the right colours.
//!
//! The screens (`ui`) put a [`video`] shape among their others and never meet wgpu; `app` calls
//! [`install`] for every render state it opens, and [`device`] when one is lost. [`offscreen`]
//! paints the same screens without a window.
//!
//! A frame is uploaded in the paint pass only, all its planes at once, and the pictures it shows
//! are read from [`TilePicture::shown`]. Bars beside a picture are not painted: what the screen
//! put there shows.
//!
//! Does not decode, scale in advance, map wide gamuts or HDR, or pace repaints: whoever publishes
//! into a mailbox asks for a repaint. Pictures are opaque. Called by `ui` and `app`.

mod color;
mod geometry;
mod instance;
mod picture;
mod pipeline;
mod still;
mod textures;
mod tiles;

pub mod device;
pub mod offscreen;

use std::sync::Arc;

use eframe::egui;
use eframe::egui_wgpu::{Callback, RenderState};

pub use geometry::fit;
pub use picture::{Refused, Shown, TilePicture};
pub use still::Still;

/// Builds what [`video`] needs on the device of `state`; once per render state, before its first
/// pass. A second call for the same state starts afresh. The target must have neither
/// multisampling nor a depth buffer (eframe's defaults).
pub fn install(state: &RenderState) {
    let renderer = tiles::TileRenderer::new(state);
    state.renderer.write().callback_resources.insert(renderer);
}

/// One picture's place.
#[derive(Clone, Debug)]
pub struct TileDraw {
    /// What to show. A picture without a frame paints nothing.
    pub picture: Arc<TilePicture>,
    /// The room available, in points; the picture is put in its middle, its aspect kept.
    pub rect: egui::Rect,
    /// Which part of the picture, as it is to be seen, fills its place: in fractions of its width
    /// and height, [`WHOLE`] for all of it. A part has the picture's own shape.
    pub part: egui::Rect,
    /// From 0 (black) to 1 (full light); a stale picture is dimmed.
    pub dim: f32,
}

/// All of a picture.
pub const WHOLE: egui::Rect =
    egui::Rect { min: egui::Pos2::ZERO, max: egui::Pos2 { x: 1.0, y: 1.0 } };

/// A shape that paints `tiles`, all in one go and nothing outside `area` (points).
pub fn video(area: egui::Rect, tiles: Vec<TileDraw>) -> egui::Shape {
    Callback::new_paint_callback(area, tiles::VideoCallback::new(tiles)).into()
}
