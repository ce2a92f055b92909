//! What the shader is told about one tile.

use bytemuck::{Pod, Zeroable};
use eframe::egui_wgpu::ScreenDescriptor;

use super::TileDraw;
use super::color::yuv_to_rgb;
use super::geometry::{PixelRect, chroma, of_part, sound_part, spread, turn};
use crate::frame::{PlaneLayout, Rotation, VideoFrame};

/// One tile's share of the instance buffer; the fields are those of `Tile` in `shaders/video.wgsl`.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Instance {
    rect: [f32; 4],
    turn: [[f32; 4]; 2],
    chroma: [f32; 4],
    rows: [[f32; 4]; 3],
    v_pick_dim: [f32; 4],
    spread: [f32; 4],
}

/// Vectors of four floats in an [`Instance`].
pub(super) const INSTANCE_VECTORS: u32 = (size_of::<Instance>() / 16) as u32;

/// The part of an [`Instance`] that changes with the frame, not with the tile's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    width: u32,
    height: u32,
    aspect: f32,
    rotation: Rotation,
    fixed: Instance,
}

impl Look {
    pub(super) fn of(frame: &VideoFrame) -> Self {
        let v_pick = if frame.layout == PlaneLayout::Nv12 { [0.0, 1.0] } else { [1.0, 0.0] };
        Self {
            width: frame.width,
            height: frame.height,
            aspect: frame.display_aspect(),
            rotation: frame.rotation,
            fixed: Instance {
                rect: [0.0; 4],
                turn: turn(frame.rotation),
                chroma: chroma(frame.layout, frame.width, frame.height, frame.color.range),
                rows: yuv_to_rgb(frame.color),
                v_pick_dim: [v_pick[0], v_pick[1], 1.0, 0.0],
                spread: [0.0; 4],
            },
        }
    }

    /// The instance for `tile` on `screen`, and whether it is so small that it needs four samples
    /// a pixel. `None` where there is no pixel to paint.
    pub(super) fn place(
        &self,
        tile: &TileDraw,
        screen: &ScreenDescriptor,
    ) -> Option<(Instance, bool)> {
        let place = PixelRect::fitted(tile.rect, screen.pixels_per_point, self.aspect)?;
        let part = sound_part(tile.part);
        let whole = place.size / part.size();
        let spread = spread(self.width, self.height, self.rotation, whole);
        let [x, y] = spread.unwrap_or_default();
        let mut instance = self.fixed;
        instance.rect = place.to_ndc(screen.size_in_pixels);
        instance.turn = turn(self.rotation).map(|row| of_part(row, part));
        instance.v_pick_dim[2] = tile.dim.clamp(0.0, 1.0);
        instance.spread = [x, y, 0.0, 0.0];
        Some((instance, spread.is_some()))
    }
}
