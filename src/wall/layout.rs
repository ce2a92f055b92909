//! The geometry of a page, and which stations share one.

pub(super) mod pages;

/// The page sizes an operator can step through, in tiles.
pub const TILES_PER_PAGE: [usize; 12] = [1, 2, 4, 6, 9, 12, 16, 20, 25, 36, 49, 64];

/// The page size a wall starts with: a district of the usual size fits.
pub(super) const TILES_AT_FIRST: usize = 16;

/// A grid of equal tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Tiles in a row, at least 1.
    pub columns: usize,
    /// Rows, at least 1.
    pub rows: usize,
}

/// The grid in which `tiles` pictures of 16:9, each with a caption of height `caption` and a
/// `gap` around, come out largest in a room of `width` × `height` (all in the same unit). Of two
/// equally good grids, the one with fewer empty places.
pub fn grid(tiles: usize, width: f32, height: f32, caption: f32, gap: f32) -> Grid {
    let tiles = tiles.max(1);
    let picture_width = |g: Grid| {
        let w = width / g.columns as f32 - gap;
        let h = height / g.rows as f32 - gap - caption;
        w.min(h * 16.0 / 9.0)
    };
    let mut best = Grid { columns: tiles, rows: 1 };
    for columns in (1..tiles).rev() {
        let candidate = Grid { columns, rows: tiles.div_ceil(columns) };
        let (new, old) = (picture_width(candidate), picture_width(best));
        let fuller = candidate.columns * candidate.rows < best.columns * best.rows;
        if new > old + 0.5 || (new > old - 0.5 && fuller) {
            best = candidate;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_walls() {
        let g = |n| {
            let g = grid(n, 1600.0, 940.0, 34.0, 8.0);
            (g.columns, g.rows)
        };
        assert_eq!([g(1), g(2), g(4), g(9), g(16)], [(1, 1), (2, 1), (2, 2), (3, 3), (4, 4)]);
        assert_eq!(g(5), (3, 2));
        assert_eq!(g(64), (10, 7), "captions make wide rows cheaper");
    }

    proptest! {
        #[test]
        fn every_tile_has_a_place_and_no_row_is_empty(
            n in 1usize..=64, w in 200f32..4000.0, h in 200f32..4000.0,
        ) {
            let g = grid(n, w, h, 30.0, 8.0);
            prop_assert!(g.columns * g.rows >= n);
            prop_assert!(g.columns * (g.rows - 1) < n);
        }
    }
}
