//! Copying a painted texture back into memory.

use std::sync::mpsc::sync_channel;
use std::time::Duration;

use eframe::egui_wgpu::RenderState;

/// How long the adapter may take to finish what was submitted. Software Vulkan on a loaded machine
/// takes hundreds of milliseconds for a 4K screen.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The picture could not be read back: the device is lost, or hangs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the picture could not be read back from the graphics adapter: {detail}")]
pub struct ReadFailed {
    /// What wgpu says, in English, for the log.
    pub detail: String,
}

impl ReadFailed {
    /// Always `Error`: the picture asked for does not exist.
    pub const fn severity(&self) -> log::Level {
        log::Level::Error
    }

    /// Never on the same [`super::Offscreen`]; a new one may work.
    pub const fn is_retryable(&self) -> bool {
        false
    }
}

fn failed(detail: &dyn std::error::Error) -> ReadFailed {
    ReadFailed { detail: detail.to_string() }
}

pub(super) fn rgba(state: &RenderState, texture: &wgpu::Texture) -> Result<Vec<u8>, ReadFailed> {
    let row = texture.width() * 4;
    let padded_row = row.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
    let buffer = state.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("read back"),
        size: u64::from(padded_row) * u64::from(texture.height()),
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    copy(state, texture, &buffer, padded_row);
    let (done, mapped) = sync_channel(1);
    buffer.map_async(wgpu::MapMode::Read, .., move |result| {
        // Nobody listens any more where the poll below gave up.
        let _ = done.send(result);
    });
    let wait = wgpu::PollType::Wait { submission_index: None, timeout: Some(PATIENCE) };
    state.device.poll(wait).map_err(|e| failed(&e))?;
    mapped.try_recv().map_err(|e| failed(&e))?.map_err(|e| failed(&e))?;
    let bytes = buffer.get_mapped_range(..).map_err(|e| failed(&e))?;
    let mut pixels: Vec<u8> =
        bytes.chunks_exact(padded_row as usize).flat_map(|r| &r[..row as usize]).copied().collect();
    if matches!(
        texture.format(),
        wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Bgra8UnormSrgb
    ) {
        pixels.as_chunks_mut::<4>().0.iter_mut().for_each(|pixel| pixel.swap(0, 2));
    }
    Ok(pixels)
}

fn copy(state: &RenderState, texture: &wgpu::Texture, buffer: &wgpu::Buffer, padded_row: u32) {
    let mut encoder =
        state.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(padded_row),
        rows_per_image: None,
    };
    encoder.copy_texture_to_buffer(
        texture.as_image_copy(),
        wgpu::TexelCopyBufferInfo { buffer, layout },
        texture.size(),
    );
    state.queue.submit([encoder.finish()]);
}
