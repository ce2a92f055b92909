//! Painting a screen without a window: `wall --screenshot`, and tests.
//!
//! The same `fn ui(&mut Ui)` that a window runs is run here, in whatever time the caller says it
//! is, on the adapter a window would get; only the last picture is read back. Does not present,
//! pace itself or take input beyond what the caller passes. Called by `app` and tests.

mod read;

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Wake, Waker};
use std::time::Duration;

use eframe::egui;
use eframe::egui_wgpu::{
    RenderState, RendererOptions, ScreenDescriptor, WgpuConfiguration, WgpuError, WgpuSetup,
};

pub use read::ReadFailed;

/// There is nothing to paint on. On Linux without a graphics adapter, software Vulkan will do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAdapter {
    /// No driver offers an adapter.
    #[error(
        "no graphics adapter was found ({detail}); install the Vulkan driver of the graphics \
         card's maker, or software Vulkan (Debian: apt-get install mesa-vulkan-drivers)"
    )]
    NotFound {
        /// What wgpu says, in English, for the log.
        detail: String,
    },
    /// There is an adapter, but it does not do what is needed.
    #[error(
        "the graphics adapter cannot be used ({detail}); update its Vulkan driver, or install \
         software Vulkan (Debian: apt-get install mesa-vulkan-drivers)"
    )]
    Unusable {
        /// What wgpu says, in English, for the log.
        detail: String,
    },
    /// The adapter does not paint pictures of this size.
    #[error("a picture of {width}×{height} pixels cannot be painted; sides may be 1 to {limit}")]
    Size {
        /// Wanted width in pixels.
        width: u32,
        /// Wanted height in pixels.
        height: u32,
        /// The most the adapter paints, in pixels a side.
        limit: u32,
    },
}

impl NoAdapter {
    /// Always `Error`: nothing can be shown.
    pub const fn severity(&self) -> log::Level {
        log::Level::Error
    }

    /// Whether the same call may succeed later: drivers are away for a moment after a reset.
    pub const fn is_retryable(&self) -> bool {
        !matches!(self, Self::Size { .. })
    }
}

/// What eframe reports when it cannot open the adapter (`eframe::Error::Wgpu`).
impl From<&WgpuError> for NoAdapter {
    fn from(error: &WgpuError) -> Self {
        let detail = error.to_string();
        match error {
            // Without any driver there is not even a surface.
            WgpuError::RequestAdapterError(_)
            | WgpuError::CustomNativeAdapterSelectionError(_)
            | WgpuError::CreateSurfaceError(_) => Self::NotFound { detail },
            _ => Self::Unusable { detail },
        }
    }
}

/// A screen in memory.
pub struct Offscreen {
    state: RenderState,
    size: [u32; 2],
    target: wgpu::Texture,
    /// egui's textures to free once the pass that last used them is drawn.
    unused: Vec<egui::TextureId>,
    /// The pass before, which must be over before another is handed in: a window waits for its
    /// screen, but here passes (and their uploads) would pile up on a slow adapter.
    in_flight: Option<wgpu::SubmissionIndex>,
    /// What a pass begins with, as the target has it.
    ground: wgpu::Color,
}

impl Offscreen {
    /// A screen of `size_px` (width, height in pixels), ready for [`super::video`].
    pub fn new(size_px: [u32; 2]) -> Result<Self, NoAdapter> {
        let config = WgpuConfiguration {
            wgpu_setup: WgpuSetup::without_display_handle(),
            ..Default::default()
        };
        let instance = wait_for(config.wgpu_setup.new_instance());
        let options = RendererOptions { dithering: false, ..Default::default() };
        let state = wait_for(RenderState::create(&config, &instance, None, options))
            .map_err(|error| NoAdapter::from(&error))?;
        Self::with_state(state, size_px)
    }

    /// The same on a render state that exists and has not been painted with.
    pub fn with_state(state: RenderState, size_px: [u32; 2]) -> Result<Self, NoAdapter> {
        let [width, height] = size_px;
        let limit = state.device.limits().max_texture_dimension_2d;
        if [width, height].iter().any(|side| !(1..=limit).contains(side)) {
            return Err(NoAdapter::Size { width, height, limit });
        }
        let target = state.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("offscreen"),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: state.target_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        super::install(&state);
        let ground = wgpu::Color::BLACK;
        Ok(Self { state, size: size_px, target, in_flight: None, unused: Vec::new(), ground })
    }

    /// From now on every pass begins with this colour instead of black; gamma-encoded, as egui's
    /// own targets are.
    pub fn set_ground(&mut self, color: egui::Color32) {
        let [r, g, b, a] = color.to_normalized_gamma_f32().map(f64::from);
        self.ground = wgpu::Color { r, g, b, a };
    }

    /// The render state painted with, to watch its device.
    pub fn state(&self) -> &RenderState {
        &self.state
    }

    /// Input for a pass at `time_s` (seconds, any origin) on a screen of `pixels_per_point`, with
    /// no events. The window counts as focused and as large as the screen.
    pub fn input(&self, time_s: f64, pixels_per_point: f32) -> egui::RawInput {
        let size = egui::vec2(self.size[0] as f32, self.size[1] as f32) / pixels_per_point;
        let rect = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
        let mut input = egui::RawInput {
            screen_rect: Some(rect),
            time: Some(time_s),
            max_texture_side: Some(self.state.device.limits().max_texture_dimension_2d as usize),
            ..Default::default()
        };
        let window = egui::ViewportInfo {
            native_pixels_per_point: Some(pixels_per_point),
            inner_rect: Some(rect),
            focused: Some(true),
            ..Default::default()
        };
        input.viewports.insert(egui::ViewportId::ROOT, window);
        input
    }

    /// Runs one pass of `ui` and paints it. Returns how long the screen may stay as it is unless
    /// something is published or typed: egui's own repaint delay (`Duration::MAX` for "no need").
    ///
    /// One `ctx` per `Offscreen`: egui sends it textures once. On a lost device egui-wgpu panics
    /// unless `ui` paints nothing: watch [`Self::state`] where that matters.
    pub fn paint(
        &mut self,
        ctx: &egui::Context,
        input: egui::RawInput,
        ui: impl FnMut(&mut egui::Ui),
    ) -> Duration {
        let mut output = ctx.run_ui(input, ui);
        self.take_textures(&mut output.textures_delta);
        self.draw(ctx, std::mem::take(&mut output.shapes), output.pixels_per_point);
        output
            .viewport_output
            .get(&egui::ViewportId::ROOT)
            .map_or(Duration::MAX, |root| root.repaint_delay)
    }

    /// Takes egui's own textures (letters) out of a pass's `delta`, the first half of
    /// [`Self::paint`] for a caller that runs the passes itself.
    pub fn take_textures(&mut self, delta: &mut egui::TexturesDelta) {
        let mut renderer = self.state.renderer.write();
        // What the pass before this one no longer needed; that pass has been drawn.
        for id in std::mem::take(&mut self.unused) {
            renderer.free_texture(&id);
        }
        self.unused = delta.free.drain().collect();
        for (id, images) in delta.set.drain() {
            for image in images {
                renderer.update_texture(&self.state.device, &self.state.queue, id, &image);
            }
        }
    }

    /// Paints the shapes of a pass, the second half of [`Self::paint`].
    pub fn draw(
        &mut self,
        ctx: &egui::Context,
        shapes: Vec<egui::epaint::ClippedShape>,
        pixels_per_point: f32,
    ) {
        let jobs = ctx.tessellate(shapes, pixels_per_point);
        self.submit(&jobs, &ScreenDescriptor { size_in_pixels: self.size, pixels_per_point });
    }

    fn submit(&mut self, jobs: &[egui::ClippedPrimitive], screen: &ScreenDescriptor) {
        let RenderState { device, queue, renderer, .. } = &self.state;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let extra = renderer.write().update_buffers(device, queue, &mut encoder, jobs, screen);
        let view = self.target.create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = encoder
            .begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("offscreen"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(self.ground),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..Default::default()
            })
            .forget_lifetime();
        renderer.read().render(&mut pass, jobs, screen);
        drop(pass);
        if let Some(before) = self.in_flight.take() {
            let wait = wgpu::PollType::Wait {
                submission_index: Some(before),
                timeout: Some(read::PATIENCE),
            };
            // A lost device is told to the watch; reading back will fail.
            let _ = device.poll(wait);
        }
        self.in_flight = Some(queue.submit(extra.into_iter().chain([encoder.finish()])));
    }

    /// The picture painted last: rows from the top, four bytes a pixel (red, green, blue, alpha),
    /// no padding. Waits for the adapter to finish.
    pub fn read_rgba(&mut self) -> Result<Vec<u8>, ReadFailed> {
        read::rgba(&self.state, &self.target)
    }
}

/// Runs a future to its end on this thread. wgpu's are ready at once outside a browser.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut TaskContext::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}
