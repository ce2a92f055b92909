//! Uploading and drawing: what happens between egui's `prepare` and `paint`.
//!
//! egui-wgpu calls `prepare` for every callback of a pass, then `finish_prepare` for every one,
//! then `paint` for every one. Frames are taken and uploaded in `prepare`, so that the copies are
//! queued just before the pass that shows them is submitted, and only while painting.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use eframe::egui::{PaintCallbackInfo, Rect};
use eframe::egui_wgpu::{CallbackResources, CallbackTrait, RenderState, ScreenDescriptor};

use super::TileDraw;
use super::instance::{Instance, Look};
use super::picture::TilePicture;
use super::pipeline::Pipeline;
use super::textures::TextureSet;
use crate::clock::lock;

/// Everything on the graphics adapter that belongs to tiles. Lives in egui's callback resources,
/// one per device; all of it can be made again from the pictures.
pub(super) struct TileRenderer {
    pipeline: Pipeline,
    /// The largest side of a texture, in pixels.
    limit: u32,
    /// By [`TilePicture::id`].
    pictures: HashMap<u64, Entry>,
    pass: Pass,
    buffer: wgpu::Buffer,
}

/// A picture's textures on this device.
struct Entry {
    picture: Weak<TilePicture>,
    generation: u64,
    textures: TextureSet,
    look: Look,
}

/// What the pass now in preparation will draw; `draws` and `instances` go by the same index.
#[derive(Default)]
struct Pass {
    draws: Vec<Draw>,
    instances: Vec<Instance>,
    /// The instances are in the buffer; the next `prepare` begins another pass.
    sealed: bool,
}

struct Draw {
    planes: wgpu::BindGroup,
    minify: bool,
}

impl TileRenderer {
    pub(super) fn new(state: &RenderState) -> Self {
        Self {
            pipeline: Pipeline::new(&state.device, &state.queue, state.target_format),
            limit: state.device.limits().max_texture_dimension_2d,
            pictures: HashMap::new(),
            pass: Pass::default(),
            buffer: instance_buffer(&state.device, 64),
        }
    }

    /// Adds `tiles` to the pass and returns where they are in it.
    fn add(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        tiles: &[TileDraw],
    ) -> Range<u32> {
        if self.pass.sealed {
            self.pass.draws.clear();
            self.pass.instances.clear();
            self.pass.sealed = false;
        }
        let start = self.pass.instances.len() as u32;
        for tile in tiles {
            let Some(entry) = self.refresh(device, queue, &tile.picture) else { continue };
            let placed = entry.look.place(tile, screen);
            let planes = entry.textures.bind_group().clone();
            if let Some((instance, minify)) = placed {
                self.pass.draws.push(Draw { planes, minify });
                self.pass.instances.push(instance);
            }
        }
        start..self.pass.instances.len() as u32
    }

    /// Brings the picture's textures up to its newest frame; `None` if it never had one.
    fn refresh(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        picture: &Arc<TilePicture>,
    ) -> Option<&Entry> {
        let mut state = picture.refresh(self.limit);
        let (frame, generation) = state.newest()?;
        let entry = match self.pictures.remove(&picture.id()) {
            Some(entry) if entry.generation == generation => entry,
            kept => {
                let textures = kept
                    .map(|entry| entry.textures)
                    .filter(|textures| textures.suits(frame))
                    .unwrap_or_else(|| TextureSet::new(device, &self.pipeline, frame));
                textures.write(queue, frame);
                let (picture, look) = (Arc::downgrade(picture), Look::of(frame));
                state.note_uploaded();
                Entry { picture, generation, textures, look }
            }
        };
        Some(self.pictures.entry(picture.id()).insert_entry(entry).into_mut())
    }

    /// Sends the instances of the whole pass, and frees the textures of pictures that are gone.
    fn seal(&mut self, device: &wgpu::Device, queue: &wgpu::Queue) {
        if self.pass.sealed {
            return;
        }
        self.pass.sealed = true;
        self.pictures.retain(|_, entry| entry.picture.strong_count() > 0);
        let bytes: &[u8] = bytemuck::cast_slice(&self.pass.instances);
        if bytes.len() as u64 > self.buffer.size() {
            self.buffer = instance_buffer(device, self.pass.instances.len().next_power_of_two());
        }
        queue.write_buffer(&self.buffer, 0, bytes);
    }

    /// Draws the tiles in `range`, one quad each, inside the scissor that is set.
    fn draw(&self, render_pass: &mut wgpu::RenderPass<'static>, range: Range<u32>) {
        let draws = self.pass.draws.get(range.start as usize..range.end as usize);
        render_pass.set_vertex_buffer(0, self.buffer.slice(..));
        let mut bound = None;
        for (instance, draw) in (range.start..).zip(draws.unwrap_or_default()) {
            if bound != Some(draw.minify) {
                bound = Some(draw.minify);
                render_pass.set_pipeline(self.pipeline.specialised(draw.minify));
            }
            render_pass.set_bind_group(0, &draw.planes, &[]);
            render_pass.draw(0..4, instance..instance + 1);
        }
    }
}

fn instance_buffer(device: &wgpu::Device, instances: usize) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("video tiles"),
        size: (instances * size_of::<Instance>()) as u64,
        usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// A mistake in `app` that every pass would repeat is logged once.
static NOT_INSTALLED_TOLD: AtomicBool = AtomicBool::new(false);

/// One call of [`super::video`] on its way through egui.
pub(super) struct VideoCallback {
    tiles: Vec<TileDraw>,
    /// Where `prepare` put the tiles in the pass, for `paint`.
    range: Mutex<Range<u32>>,
}

impl VideoCallback {
    pub(super) fn new(tiles: Vec<TileDraw>) -> Self {
        Self { tiles, range: Mutex::default() }
    }
}

impl CallbackTrait for VideoCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(renderer) = resources.get_mut::<TileRenderer>() {
            *lock(&self.range) = renderer.add(device, queue, screen, &self.tiles);
        } else if !NOT_INSTALLED_TOLD.swap(true, Ordering::Relaxed) {
            log::error!("no pictures: render::install was not called for this window");
        }
        Vec::new()
    }

    fn finish_prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(renderer) = resources.get_mut::<TileRenderer>() {
            renderer.seal(device, queue);
        }
        Vec::new()
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        render_pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let Some(renderer) = resources.get::<TileRenderer>() else { return };
        let [width, height] = info.screen_size_px;
        let Some([x, y, w, h]) = scissor(&info) else { return };
        render_pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
        render_pass.set_scissor_rect(x, y, w, h);
        renderer.draw(render_pass, lock(&self.range).clone());
    }
}

/// The pixels that both the area and egui's clip rectangle allow: x, y, width, height; `None`
/// where there are none. Rounds as egui does.
fn scissor(info: &PaintCallbackInfo) -> Option<[u32; 4]> {
    let allowed: Rect = info.viewport.intersect(info.clip_rect);
    let pixel = |points: f32, most: u32| {
        // A float too large or not a number saturates or becomes 0.
        ((points * info.pixels_per_point).round() as u32).min(most)
    };
    let [width, height] = info.screen_size_px;
    let (left, right) = (pixel(allowed.min.x, width), pixel(allowed.max.x, width));
    let (top, bottom) = (pixel(allowed.min.y, height), pixel(allowed.max.y, height));
    (right > left && bottom > top).then(|| [left, top, right - left, bottom - top])
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn the_scissor_never_leaves_the_screen() {
        let info = |area: [f32; 4], clip: [f32; 4]| PaintCallbackInfo {
            viewport: Rect::from_min_max(pos2(area[0], area[1]), pos2(area[2], area[3])),
            clip_rect: Rect::from_min_max(pos2(clip[0], clip[1]), pos2(clip[2], clip[3])),
            pixels_per_point: 1.5,
            screen_size_px: [150, 90],
        };
        let all = [f32::NEG_INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::INFINITY];
        assert_eq!(scissor(&info([10.0, 10.0, 20.0, 30.0], all)), Some([15, 15, 15, 30]));
        assert_eq!(scissor(&info([-5.0, -5.0, 900.0, 900.0], all)), Some([0, 0, 150, 90]));
        assert_eq!(scissor(&info([0.0, 0.0, 50.0, 50.0], [60.0, 0.0, 70.0, 50.0])), None);
        assert_eq!(scissor(&info([200.0, 0.0, 300.0, 50.0], all)), None);
    }

    #[test]
    fn textures_go_when_their_picture_goes() {
        use super::super::offscreen::Offscreen;
        use crate::clock::{Mono, WallTime};
        use crate::frame::{ColorInfo, Mailbox, PackedPixels, PlaneLayout, Rotation, VideoFrame};

        let pictures: Vec<_> = (0..3)
            .map(|_| {
                let mailbox = Arc::new(Mailbox::default());
                mailbox.publish(VideoFrame {
                    width: 2,
                    height: 1,
                    layout: PlaneLayout::Gray,
                    color: ColorInfo::complete(None, None, 2, 1),
                    sample_aspect: (1, 1),
                    rotation: Rotation::None,
                    arrived_at: Mono::from_micros(0),
                    taken_at: WallTime::from_micros(0),
                    pts: 0,
                    pixels: Box::new(PackedPixels(vec![(vec![0; 2], 2)])),
                });
                TilePicture::new(mailbox)
            })
            .collect();
        let mut screen = Offscreen::new([8, 8]).unwrap();
        let ctx = eframe::egui::Context::default();
        let mut paint = |pictures: &[Arc<TilePicture>]| {
            let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(8.0, 8.0));
            let input = screen.input(0.0, 1.0);
            screen.paint(&ctx, input, |ui| {
                let tile = |p: &Arc<TilePicture>| TileDraw {
                    picture: p.clone(),
                    rect,
                    part: super::super::WHOLE,
                    dim: 1.0,
                };
                ui.painter().add(super::super::video(rect, pictures.iter().map(tile).collect()));
            });
            let renderer = screen.state().renderer.read();
            let tiles = renderer.callback_resources.get::<TileRenderer>().unwrap();
            tiles.pictures.len()
        };
        assert_eq!(paint(&pictures), 3);
        assert_eq!(paint(&pictures[..1]), 3, "another page keeps what may come back");
        let kept = pictures[0].clone();
        drop(pictures);
        assert_eq!(paint(&[kept]), 1);
    }
}
