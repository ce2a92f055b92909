//! The media's own times: when each picture is decoded and shown, from its presentation time alone.
//!
//! Cameras send pictures in the order of decoding and say when each is to be shown, not when it is to
//! be decoded. The pictures of one fragment are decoded at their presentation times put in order; if
//! some are shown later than they are decoded, all are shown a fixed `shift` later, so that none is
//! shown before. A fragment that ends before a picture later than all before it
//! ([`is_border`]) holds whole groups of what was put out of order, and fragments follow each other.

/// What a file says of one picture's time, in ticks of 1/90000 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// When it is decoded, from the file's beginning.
    pub decode: u64,
    /// How much later it is shown.
    pub offset: i32,
    /// Until the next one is decoded.
    pub duration: u32,
}

/// The times of one file.
#[derive(Clone, Debug)]
pub struct MediaClock {
    /// The presentation time whose picture is decoded at 0.
    zero: i64,
    shift: i64,
    /// The next picture is decoded no earlier.
    end: i64,
    /// From picture to picture, as it was lately.
    usual: i64,
}

/// Where nothing is known of a stream's rate: thirty pictures a second.
const USUAL: i64 = 3000;

/// A shift is at most so long: sixteen pictures, the most that codecs put out of order, of a stream
/// with four a second.
const MOST_SHIFT: i64 = 4 * 90_000;

/// Whether a fragment of pictures with these presentation times may end before one at `next`.
pub fn is_border(pts: impl IntoIterator<Item = i64>, next: i64) -> bool {
    pts.into_iter().all(|earlier| earlier < next)
}

impl MediaClock {
    /// For a file that begins with these pictures, in order of decoding. `shift`: how far out of
    /// order the same stream is known to be from earlier files.
    pub fn begin(pts: &[i64], shift: i64) -> Self {
        let mut sorted = pts.to_vec();
        sorted.sort_unstable();
        let zero = sorted.first().copied().unwrap_or(0);
        let early = sorted.iter().zip(pts).map(|(decode, shown)| decode.saturating_sub(*shown));
        let shift = early.max().unwrap_or(0).max(shift).clamp(0, MOST_SHIFT);
        Self { zero, shift, end: 0, usual: USUAL }
    }

    /// How much later than decoded the pictures are shown.
    pub fn shift(&self) -> i64 {
        self.shift
    }

    /// The times of the next fragment's pictures; `next`: the presentation time of the picture that
    /// follows it, where that is known.
    pub fn fragment(&mut self, pts: &[i64], next: Option<i64>) -> Vec<Timed> {
        let media = |pts: i64| pts.saturating_sub(self.zero);
        let mut decode: Vec<i64> = pts.iter().map(|pts| media(*pts)).collect();
        decode.sort_unstable();
        let in_order = decode.iter().zip(pts).all(|(decode, pts)| *decode == media(*pts));
        let mut least = self.end;
        for time in &mut decode {
            *time = (*time).max(least);
            least = time.saturating_add(1);
        }
        if let (Some(first), Some(last), count @ 2..) = (decode.first(), decode.last(), pts.len()) {
            let pictures = i64::try_from(count - 1).unwrap_or(1);
            self.usual = last.saturating_sub(*first) / pictures;
        }
        let last = decode.last().copied().unwrap_or(0);
        let next = next.filter(|_| in_order && self.shift == 0).map(media);
        let after = next.filter(|next| *next > last).unwrap_or(last.saturating_add(self.usual));
        let nexts = decode.iter().skip(1).copied().chain([after]);
        let timed = pts.iter().zip(&decode).zip(nexts).map(|((pts, decode), next)| {
            let shown = media(*pts).saturating_add(self.shift);
            let offset = shown.saturating_sub(*decode).clamp(i32::MIN.into(), i32::MAX.into());
            Timed {
                decode: u64::try_from(*decode).unwrap_or(0),
                offset: i32::try_from(offset).unwrap_or(0),
                duration: u32::try_from(next.saturating_sub(*decode)).unwrap_or(u32::MAX).max(1),
            }
        });
        let timed = timed.collect();
        self.end = least;
        timed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(timed: &[Timed]) -> Vec<i64> {
        timed.iter().map(|t| i64::try_from(t.decode).unwrap() + i64::from(t.offset)).collect()
    }

    #[test]
    fn pictures_in_order_are_shown_when_they_are_decoded() {
        let mut clock = MediaClock::begin(&[90_000, 96_000], 0);
        let timed = clock.fragment(&[90_000, 96_000], Some(103_000));
        let of = |decode, duration| Timed { decode, offset: 0, duration };
        assert_eq!(timed, [of(0, 6000), of(6000, 7000)]);
        // The end is not known: as it was before.
        assert_eq!(clock.fragment(&[103_000], None), [of(13_000, 6000)]);
    }

    #[test]
    fn pictures_out_of_order_are_all_shown_a_little_later() {
        let first = [0, 9000, 3000, 6000];
        let mut clock = MediaClock::begin(&first, 0);
        assert_eq!(clock.shift(), 3000);
        let timed = clock.fragment(&first, Some(18_000));
        assert_eq!(timed.iter().map(|t| t.decode).collect::<Vec<_>>(), [0, 3000, 6000, 9000]);
        assert_eq!(timed.iter().map(|t| t.offset).collect::<Vec<_>>(), [3000, 9000, 0, 0]);
        assert!(is_border(first, 18_000) && !is_border([0, 9000], 3000));
        let timed = clock.fragment(&[18_000, 12_000, 15_000], None);
        assert_eq!(shown(&timed), [21_000, 15_000, 18_000]);
        assert_eq!(timed[0].decode, 12_000, "one fragment follows the other");
    }

    proptest! {
        /// Whatever order, whatever numbers: decoded one after the other, shown as told.
        #[test]
        fn decoding_never_goes_back(
            fragments in prop::collection::vec(prop::collection::vec(-1_000_000i64..1_000_000, 1..9), 1..6),
        ) {
            let mut clock = MediaClock::begin(&fragments[0], 0);
            let (zero, shift) = (*fragments[0].iter().min().unwrap(), clock.shift());
            let mut end = 0;
            for pts in &fragments {
                let timed = clock.fragment(pts, None);
                for (time, (pts, shown)) in timed.iter().zip(pts.iter().zip(shown(&timed))) {
                    prop_assert!(time.decode >= end);
                    end = time.decode + 1;
                    prop_assert_eq!(shown, pts - zero + shift);
                }
            }
        }

        #[test]
        fn no_time_panics(pts in prop::collection::vec(any::<i64>(), 1..9), next in any::<i64>()) {
            let mut clock = MediaClock::begin(&pts, next);
            clock.fragment(&pts, Some(next));
            clock.fragment(&pts, None);
        }
    }
}
