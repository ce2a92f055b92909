// One feed's picture on the wall: three planes in, gamma-encoded RGB out.
//
// Everything that differs from tile to tile arrives as instance data that the CPU computed
// (src/render/instance.rs), so that no pixel branches: planar, NV12 and grey pictures of every
// matrix, range and rotation take the same path.

// Take four luma samples instead of one: for tiles shown at less than half their size, where a
// single bilinear sample skips texels and fine detail would shimmer. A constant of the pipeline,
// so it costs the other tiles nothing.
override minify: bool = false;

@group(0) @binding(0) var y_plane: texture_2d<f32>;
@group(0) @binding(1) var u_plane: texture_2d<f32>;
// NV12 binds its one chroma plane here as well and reads the second channel.
@group(0) @binding(2) var v_plane: texture_2d<f32>;
@group(0) @binding(3) var linear_clamp: sampler;

struct Tile {
    // Left, top, right, bottom in normalised device coordinates.
    @location(0) rect: vec4<f32>,
    // The rotation: source u = dot(turn_u.xyz, (x, y, 1)), x and y from 0 to 1 across the tile.
    @location(1) turn_u: vec4<f32>,
    @location(2) turn_v: vec4<f32>,
    // Luma to chroma texture coordinates: scale, then offset.
    @location(3) chroma: vec4<f32>,
    // Rows of the colour matrix, the last column being the offset.
    @location(4) red: vec4<f32>,
    @location(5) green: vec4<f32>,
    @location(6) blue: vec4<f32>,
    // Which channel of v_plane holds V (1, 0 or 0, 1); light from 0 to 1; unused.
    @location(7) v_pick_dim: vec4<f32>,
    // How far from the centre the four luma samples lie, in texture coordinates; unused.
    @location(8) spread: vec4<f32>,
}

struct Pixel {
    @builtin(position) position: vec4<f32>,
    @location(0) luma_uv: vec2<f32>,
    @location(1) chroma_uv: vec2<f32>,
    @location(2) @interpolate(flat) red: vec4<f32>,
    @location(3) @interpolate(flat) green: vec4<f32>,
    @location(4) @interpolate(flat) blue: vec4<f32>,
    @location(5) @interpolate(flat) v_pick_dim: vec4<f32>,
    @location(6) @interpolate(flat) spread: vec4<f32>,
}

// A strip of four corners: 0 top left, 1 top right, 2 bottom left, 3 bottom right.
@vertex
fn vs_tile(@builtin(vertex_index) index: u32, tile: Tile) -> Pixel {
    let corner = vec2<f32>(f32(index & 1u), f32(index >> 1u));
    let place = vec3<f32>(corner, 1.0);
    let uv = vec2<f32>(dot(tile.turn_u.xyz, place), dot(tile.turn_v.xyz, place));
    var out: Pixel;
    out.position = vec4<f32>(mix(tile.rect.xy, tile.rect.zw, corner), 0.0, 1.0);
    out.luma_uv = uv;
    out.chroma_uv = uv * tile.chroma.xy + tile.chroma.zw;
    out.red = tile.red;
    out.green = tile.green;
    out.blue = tile.blue;
    out.v_pick_dim = tile.v_pick_dim;
    out.spread = tile.spread;
    return out;
}

// Planes have one mip level, so the level is said outright: no derivatives to work out.
fn luma_at(uv: vec2<f32>) -> f32 {
    return textureSampleLevel(y_plane, linear_clamp, uv, 0.0).r;
}

fn luma(pixel: Pixel) -> f32 {
    if minify {
        let d = pixel.spread.xy;
        let e = vec2<f32>(d.x, -d.y);
        return 0.25 * (luma_at(pixel.luma_uv - d) + luma_at(pixel.luma_uv + d)
            + luma_at(pixel.luma_uv - e) + luma_at(pixel.luma_uv + e));
    }
    return luma_at(pixel.luma_uv);
}

fn gamma_rgb(pixel: Pixel) -> vec3<f32> {
    let u = textureSampleLevel(u_plane, linear_clamp, pixel.chroma_uv, 0.0).r;
    let v = dot(textureSampleLevel(v_plane, linear_clamp, pixel.chroma_uv, 0.0).rg,
        pixel.v_pick_dim.xy);
    let yuv1 = vec4<f32>(luma(pixel), u, v, 1.0);
    let rgb = vec3<f32>(dot(pixel.red, yuv1), dot(pixel.green, yuv1), dot(pixel.blue, yuv1));
    return clamp(rgb, vec3<f32>(0.0), vec3<f32>(1.0)) * pixel.v_pick_dim.z;
}

// For Rgba8Unorm and Bgra8Unorm targets, which egui prefers: the values are what the screen shows.
@fragment
fn fs_gamma(pixel: Pixel) -> @location(0) vec4<f32> {
    return vec4<f32>(gamma_rgb(pixel), 1.0);
}

// For sRGB targets, which encode what they are given: undo that beforehand (IEC 61966-2-1).
@fragment
fn fs_linear(pixel: Pixel) -> @location(0) vec4<f32> {
    let rgb = gamma_rgb(pixel);
    let low = rgb / 12.92;
    let high = pow((rgb + 0.055) / 1.055, vec3<f32>(2.4));
    return vec4<f32>(select(high, low, rgb <= vec3<f32>(0.04045)), 1.0);
}
