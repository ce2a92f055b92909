//! The textures of one picture: made once per size and layout, written once per frame.

use wgpu::util::{DeviceExt, TextureDataOrder};

use super::pipeline::Pipeline;
use crate::frame::{PlaneLayout, VideoFrame};

/// All planes of one picture and the bind group that names them. They are made together, written
/// together and thrown away together, so planes of two frames cannot meet.
pub(super) struct TextureSet {
    layout: PlaneLayout,
    width: u32,
    height: u32,
    planes: Vec<wgpu::Texture>,
    bind_group: wgpu::BindGroup,
}

impl TextureSet {
    /// Textures for frames like `frame`, their content undefined until [`Self::write`].
    pub(super) fn new(device: &wgpu::Device, pipeline: &Pipeline, frame: &VideoFrame) -> Self {
        let planes: Vec<_> = frame
            .layout
            .planes(frame.width, frame.height)
            .into_iter()
            .map(|plane| {
                let format = if plane.bytes_per_texel == 2 {
                    wgpu::TextureFormat::Rg8Unorm
                } else {
                    wgpu::TextureFormat::R8Unorm
                };
                device.create_texture(&plane_descriptor(plane.width, plane.height, format))
            })
            .collect();
        let bind_group = pipeline.bind(device, &planes);
        Self { layout: frame.layout, width: frame.width, height: frame.height, planes, bind_group }
    }

    /// Whether `frame` fits these textures exactly.
    pub(super) fn suits(&self, frame: &VideoFrame) -> bool {
        (self.layout, self.width, self.height) == (frame.layout, frame.width, frame.height)
    }

    /// Queues the copy of every plane; wgpu makes all of them before the next submitted pass. The
    /// frame's planes have been checked against its size (`picture::check`).
    pub(super) fn write(&self, queue: &wgpu::Queue, frame: &VideoFrame) {
        let sizes = frame.layout.planes(frame.width, frame.height);
        for (index, (texture, size)) in self.planes.iter().zip(sizes).enumerate() {
            let (bytes, stride) = frame.pixels.plane(index);
            let layout = wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: u32::try_from(stride).ok(),
                rows_per_image: None,
            };
            let extent =
                wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 };
            queue.write_texture(texture.as_image_copy(), bytes, layout, extent);
        }
    }

    /// What a draw binds.
    pub(super) fn bind_group(&self) -> &wgpu::BindGroup {
        &self.bind_group
    }
}

/// The chroma of grey pictures: one texel of 128, no colour.
pub(super) fn neutral_chroma(device: &wgpu::Device, queue: &wgpu::Queue) -> wgpu::Texture {
    let descriptor = plane_descriptor(1, 1, wgpu::TextureFormat::R8Unorm);
    device.create_texture_with_data(queue, &descriptor, TextureDataOrder::LayerMajor, &[128])
}

fn plane_descriptor(
    width: u32,
    height: u32,
    format: wgpu::TextureFormat,
) -> wgpu::TextureDescriptor<'static> {
    wgpu::TextureDescriptor {
        label: Some("video plane"),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    }
}
