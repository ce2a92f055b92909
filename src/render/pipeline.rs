//! The one pipeline every tile is drawn with, in two specialisations of the same shader.

use wgpu::VertexFormat::Float32x4;

use super::instance::{INSTANCE_VECTORS, Instance};
use super::textures::neutral_chroma;

const SHADER: &str = include_str!("../../shaders/video.wgsl");

/// What drawing needs and no tile owns. Belongs to one device.
pub(super) struct Pipeline {
    one_sample: wgpu::RenderPipeline,
    four_samples: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    neutral_chroma: wgpu::Texture,
}

impl Pipeline {
    /// Compiles the shader for a target of `format`, without multisampling or depth (eframe's
    /// defaults; the wall needs neither).
    pub(super) fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        format: wgpu::TextureFormat,
    ) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("video"),
            source: wgpu::ShaderSource::Wgsl(SHADER.into()),
        });
        let layout = bind_group_layout(device);
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("video"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let build = |minify| render_pipeline(device, &module, &pipeline_layout, format, minify);
        Self {
            one_sample: build(false),
            four_samples: build(true),
            sampler: device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some("video"),
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                ..Default::default()
            }),
            neutral_chroma: neutral_chroma(device, queue),
            layout,
        }
    }

    /// The specialisation for tiles that are (`minify`) or are not shown below half size.
    pub(super) fn specialised(&self, minify: bool) -> &wgpu::RenderPipeline {
        if minify { &self.four_samples } else { &self.one_sample }
    }

    /// The bind group for a picture's planes: Y; Y and UV; or Y, U and V.
    pub(super) fn bind(&self, device: &wgpu::Device, planes: &[wgpu::Texture]) -> wgpu::BindGroup {
        let [y, u, v] = match planes {
            [y, u, v] => [y, u, v],
            [y, uv] => [y, uv, uv],
            [y] => [y, &self.neutral_chroma, &self.neutral_chroma],
            _ => [&self.neutral_chroma; 3],
        }
        .map(|plane| plane.create_view(&wgpu::TextureViewDescriptor::default()));
        let texture = |binding, view| wgpu::BindGroupEntry {
            binding,
            resource: wgpu::BindingResource::TextureView(view),
        };
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("video planes"),
            layout: &self.layout,
            entries: &[
                texture(0, &y),
                texture(1, &u),
                texture(2, &v),
                wgpu::BindGroupEntry {
                    binding: 3,
                    resource: wgpu::BindingResource::Sampler(&self.sampler),
                },
            ],
        })
    }
}

fn bind_group_layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty,
        count: None,
    };
    let plane = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: true },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("video planes"),
        entries: &[
            entry(0, plane),
            entry(1, plane),
            entry(2, plane),
            entry(3, wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering)),
        ],
    })
}

fn render_pipeline(
    device: &wgpu::Device,
    module: &wgpu::ShaderModule,
    layout: &wgpu::PipelineLayout,
    format: wgpu::TextureFormat,
    minify: bool,
) -> wgpu::RenderPipeline {
    let attributes: Vec<_> = (0..INSTANCE_VECTORS)
        .map(|index| wgpu::VertexAttribute {
            format: Float32x4,
            offset: u64::from(index) * Float32x4.size(),
            shader_location: index,
        })
        .collect();
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("video"),
        layout: Some(layout),
        vertex: wgpu::VertexState {
            module,
            entry_point: Some("vs_tile"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[Some(wgpu::VertexBufferLayout {
                array_stride: size_of::<Instance>() as u64,
                step_mode: wgpu::VertexStepMode::Instance,
                attributes: &attributes,
            })],
        },
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..Default::default()
        },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module,
            entry_point: Some(if format.is_srgb() { "fs_linear" } else { "fs_gamma" }),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &[("minify", f64::from(u8::from(minify)))],
                ..Default::default()
            },
            targets: &[Some(format.into())],
        }),
        multiview_mask: None,
        cache: None,
    })
}
