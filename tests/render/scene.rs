//! Test pictures, made by the forward formulas, and a screen to paint them on.

use std::sync::Arc;

use eframe::egui::{self, Rect, pos2};
use eframe::egui_wgpu::RenderState;
use pollwall::clock::{Mono, WallTime};
use pollwall::frame::{
    ColorInfo, Mailbox, Matrix, PackedPixels, PlaneLayout, Range, Rotation, VideoFrame,
};
use pollwall::render::offscreen::Offscreen;
use pollwall::render::{TileDraw, TilePicture, video};

pub(crate) const YUV420: PlaneLayout = PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 };
pub(crate) const NV12: PlaneLayout = PlaneLayout::Nv12;
/// Every layout that has colour.
pub(crate) const LAYOUTS: [PlaneLayout; 4] = [
    YUV420,
    PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 0 },
    PlaneLayout::Planar { chroma_shift_x: 0, chroma_shift_y: 0 },
    NV12,
];

/// What a screen shows where nothing is painted.
pub(crate) const BACKGROUND: [u8; 3] = [13, 17, 29];

/// The makings of a frame.
#[derive(Clone, Copy)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) layout: PlaneLayout,
    pub(crate) color: ColorInfo,
    pub(crate) sample_aspect: (u32, u32),
    pub(crate) rotation: Rotation,
    /// Bytes after each row that belong to no pixel.
    pub(crate) padding: usize,
}

impl Picture {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            layout: YUV420,
            color: ColorInfo { matrix: Matrix::Bt709, range: Range::Limited },
            sample_aspect: (1, 1),
            rotation: Rotation::None,
            padding: 0,
        }
    }

    pub(crate) fn flat(self, rgb: [u8; 3]) -> VideoFrame {
        self.rgb(|_, _| rgb)
    }

    /// A frame from a colour per pixel.
    pub(crate) fn rgb(self, color_at: impl Fn(u32, u32) -> [u8; 3]) -> VideoFrame {
        self.codes(|x, y| encode(self.color, color_at(x, y)))
    }

    /// A frame from code values (Y, U, V) per pixel; chroma is that of the top left pixel of each
    /// block. Padding is filled with a colour nobody asked for.
    pub(crate) fn codes(self, codes_at: impl Fn(u32, u32) -> [u8; 3]) -> VideoFrame {
        let planes = self.layout.planes(self.width, self.height);
        let mut pixels = Vec::new();
        for (index, plane) in planes.iter().enumerate() {
            let step_x = if plane.width == self.width { 1 } else { 2 };
            let step_y = if plane.height == self.height { 1 } else { 2 };
            let row = (plane.width * plane.bytes_per_texel) as usize;
            let stride = row + self.padding;
            let mut bytes = Vec::new();
            for y in 0..plane.height {
                for x in 0..plane.width {
                    let codes = codes_at(x * step_x, y * step_y);
                    match plane.bytes_per_texel {
                        2 => bytes.extend_from_slice(&codes[1..]),
                        _ => bytes.push(codes[index]),
                    }
                }
                // The last row may end with its last pixel.
                if y + 1 < plane.height {
                    bytes.resize(bytes.len() + self.padding, 0xEE);
                }
            }
            pixels.push((bytes, stride));
        }
        VideoFrame {
            width: self.width,
            height: self.height,
            layout: self.layout,
            color: self.color,
            sample_aspect: self.sample_aspect,
            rotation: self.rotation,
            arrived_at: Mono::from_micros(1),
            taken_at: WallTime::from_micros(2),
            pts: 0,
            pixels: Box::new(PackedPixels(pixels)),
        }
    }
}

/// ITU-T H.273 §8.3 forwards, for 8 bits.
fn encode(color: ColorInfo, rgb: [u8; 3]) -> [u8; 3] {
    let (kr, kb) = color.matrix.kr_kb();
    let [r, g, b] = rgb.map(|value| f32::from(value) / 255.0);
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    let pb = 0.5 * (b - y) / (1.0 - kb);
    let pr = 0.5 * (r - y) / (1.0 - kr);
    let code = |value: f32| value.round().clamp(0.0, 255.0) as u8;
    match color.range {
        Range::Limited => {
            [code(219.0 * y + 16.0), code(224.0 * pb + 128.0), code(224.0 * pr + 128.0)]
        }
        Range::Full => [code(255.0 * y), code(255.0 * pb + 128.0), code(255.0 * pr + 128.0)],
    }
}

/// A screen with one picture.
pub(crate) struct Scene {
    pub(crate) screen: Offscreen,
    pub(crate) picture: Arc<TilePicture>,
    mailbox: Arc<Mailbox>,
    ctx: egui::Context,
    size: [u32; 2],
}

impl Scene {
    pub(crate) fn new(size: [u32; 2]) -> Self {
        Self::with(Offscreen::new(size).unwrap(), size)
    }

    pub(crate) fn on(state: RenderState, size: [u32; 2]) -> Self {
        Self::with(Offscreen::with_state(state, size).unwrap(), size)
    }

    fn with(screen: Offscreen, size: [u32; 2]) -> Self {
        let mailbox = Arc::new(Mailbox::default());
        let picture = TilePicture::new(Arc::clone(&mailbox));
        Self { screen, picture, mailbox, ctx: egui::Context::default(), size }
    }

    pub(crate) fn publish(&self, frame: VideoFrame) {
        self.mailbox.publish(frame);
    }

    /// The whole screen in points.
    pub(crate) fn whole(&self, pixels_per_point: f32) -> Rect {
        let [width, height] = self.size.map(|side| side as f32 / pixels_per_point);
        Rect::from_min_max(pos2(0.0, 0.0), pos2(width, height))
    }

    pub(crate) fn tile(&self, rect: Rect, dim: f32) -> TileDraw {
        TileDraw { picture: Arc::clone(&self.picture), rect, part: pollwall::render::WHOLE, dim }
    }

    /// The picture on the whole screen.
    pub(crate) fn paint_whole(&mut self) -> Vec<[u8; 3]> {
        self.paint_at(1.0)
    }

    pub(crate) fn paint_at(&mut self, pixels_per_point: f32) -> Vec<[u8; 3]> {
        let whole = self.whole(pixels_per_point);
        let tile = self.tile(whole, 1.0);
        self.paint(whole, vec![tile], pixels_per_point)
    }

    pub(crate) fn paint(&mut self, area: Rect, tiles: Vec<TileDraw>, scale: f32) -> Vec<[u8; 3]> {
        self.paint_shapes(&[video(area, tiles)], scale)
    }

    /// Paints the shapes over the background and reads the screen back.
    pub(crate) fn paint_shapes(&mut self, shapes: &[egui::Shape], scale: f32) -> Vec<[u8; 3]> {
        let input = self.screen.input(0.0, scale);
        let [r, g, b] = BACKGROUND;
        let background = egui::Color32::from_rgba_premultiplied(r, g, b, 255);
        let everything = self.whole(scale).expand(1.0);
        self.screen.paint(&self.ctx, input, |ui| {
            ui.painter().rect_filled(everything, 0.0, background);
            ui.painter().extend(shapes.iter().cloned());
        });
        let rgba = self.screen.read_rgba().unwrap();
        assert_eq!(rgba.len(), (self.size[0] * self.size[1] * 4) as usize);
        rgba.as_chunks::<4>().0.iter().map(|&[r, g, b, _]| [r, g, b]).collect()
    }

    /// A pass without anything in it.
    pub(crate) fn paint_empty(&mut self) {
        let input = self.screen.input(0.0, 1.0);
        self.screen.paint(&self.ctx, input, |_| {});
    }
}

pub(crate) fn assert_near(got: [u8; 3], want: [u8; 3], within: u8, what: &str) {
    let off = got.iter().zip(want).map(|(g, w)| g.abs_diff(w)).max();
    assert!(off <= Some(within), "{what}: {got:?} is not {want:?}");
}
