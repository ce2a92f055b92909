//! From YUV code values to gamma-encoded red, green and blue: the matrix, worked out on the CPU.
//!
//! Does not map primaries or transfer curves: BT.2020's wider primaries are shown as if they were
//! the screen's, as players do for pictures of standard dynamic range.

use crate::frame::{ColorInfo, Range};

/// Three rows (red, green, blue) of four: the weights of Y, U and V as a texture yields them
/// (code value / 255), and an offset. Red, green and blue come out from 0 to 1.
pub(super) type Rows = [[f32; 4]; 3];

/// What a code value means: `signal = code / span − zero / span`.
struct Quantisation {
    y_zero: f64,
    y_span: f64,
    c_span: f64,
}

/// ITU-T H.273 §8.3 (equations for 8 bits with VideoFullRangeFlag 0 and 1); chroma's zero is 128
/// in both.
const fn quantisation(range: Range) -> Quantisation {
    match range {
        Range::Limited => Quantisation { y_zero: 16.0, y_span: 219.0, c_span: 224.0 },
        Range::Full => Quantisation { y_zero: 0.0, y_span: 255.0, c_span: 255.0 },
    }
}

/// The inverse of ITU-T H.273 §8.3, with E′Y = Kr·R + Kg·G + Kb·B, E′PB = (B − E′Y) / 2(1 − Kb),
/// E′PR = (R − E′Y) / 2(1 − Kr).
pub(super) fn yuv_to_rgb(color: ColorInfo) -> Rows {
    let (kr, kb) = color.matrix.kr_kb();
    let (kr, kb) = (f64::from(kr), f64::from(kb));
    let kg = 1.0 - kr - kb;
    let q = quantisation(color.range);
    let (y, c) = (255.0 / q.y_span, 255.0 / q.c_span);
    let (y_zero, c_zero) = (q.y_zero / 255.0, 128.0 / 255.0);
    let row = |pb: f64, pr: f64| {
        let (u, v) = (c * pb, c * pr);
        [y as f32, u as f32, v as f32, -(y * y_zero + (u + v) * c_zero) as f32]
    };
    [
        row(0.0, 2.0 * (1.0 - kr)),
        row(-2.0 * kb * (1.0 - kb) / kg, -2.0 * kr * (1.0 - kr) / kg),
        row(2.0 * (1.0 - kb), 0.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Matrix;

    fn rgb(matrix: Matrix, range: Range, [y, u, v]: [u8; 3]) -> [i32; 3] {
        let [y, u, v] = [y, u, v].map(|code| f32::from(code) / 255.0);
        yuv_to_rgb(ColorInfo { matrix, range }).map(|[a, b, c, offset]| {
            let value = (a * y + b * u + c * v + offset).clamp(0.0, 1.0);
            (value * 255.0).round() as i32
        })
    }

    fn near(got: [i32; 3], want: [i32; 3], within: i32) {
        let off = got.iter().zip(want).map(|(g, w)| (g - w).abs()).max();
        assert!(off <= Some(within), "{got:?} is not {want:?}");
    }

    #[test]
    fn published_code_values_of_red() {
        near(rgb(Matrix::Bt601, Range::Limited, [81, 90, 240]), [255, 0, 0], 2);
        near(rgb(Matrix::Bt709, Range::Limited, [63, 102, 240]), [255, 0, 0], 2);
        near(rgb(Matrix::Bt2020, Range::Limited, [74, 97, 240]), [255, 0, 0], 2);
        // JPEG, ITU-T T.871 §7.
        near(rgb(Matrix::Bt601, Range::Full, [76, 85, 255]), [255, 0, 0], 2);
    }

    #[test]
    fn grey_has_no_tint_at_any_level() {
        for matrix in [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020] {
            for level in 0..=255_u8 {
                let code = f64::from(level) / 255.0 * 219.0 + 16.0;
                let got = rgb(matrix, Range::Limited, [code.round() as u8, 128, 128]);
                near(got, [i32::from(level); 3], 1);
                let got = rgb(matrix, Range::Full, [level, 128, 128]);
                near(got, [i32::from(level); 3], 0);
            }
        }
    }

    #[test]
    fn values_outside_the_range_are_cut_not_wrapped() {
        near(rgb(Matrix::Bt709, Range::Limited, [255, 128, 128]), [255; 3], 0);
        near(rgb(Matrix::Bt709, Range::Limited, [0, 128, 128]), [0; 3], 0);
    }
}
