//! What the coded sizes of units tell: a still source is coded into next to nothing between
//! keyframes, or into the same sizes again and again; a live sensor's noise never is.

use super::limits;

/// The sizes since the last look at a picture, over whole groups of pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Span {
    /// Whole groups.
    pub(super) groups: u32,
    /// Of them, those that equal the one before to the byte.
    pub(super) repeated: u32,
    /// Units between keyframes.
    pub(super) units: u32,
    /// Their bytes together.
    pub(super) bytes: u64,
    /// Units between keyframes that say more than "as before".
    pub(super) lively: u32,
    /// Bytes of the keyframes together.
    pub(super) key_bytes: u64,
}

impl Span {
    /// Mean bytes of a unit between keyframes; `None` when every unit is a keyframe.
    pub(super) fn mean(&self) -> Option<f32> {
        (self.units > 0).then(|| self.bytes as f32 / self.units as f32)
    }

    /// The share of units between keyframes that say more than "as before".
    pub(super) fn liveliness(&self) -> Option<f32> {
        (self.units > 0).then(|| self.lively as f32 / self.units as f32)
    }

    /// Every group was the same as the one before.
    pub(super) fn repeats(&self) -> bool {
        self.groups > 0 && self.repeated == self.groups
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Group {
    key: u32,
    units: u32,
    bytes: u64,
    lively: u32,
    least: u32,
    /// All sizes in order as one number.
    print: u64,
}

/// Follows the sizes of one feed's units; each costs a few instructions.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    open: Option<Group>,
    /// The print of the group before.
    print: u64,
    /// The smallest unit of late: what "as before" takes.
    floor: u32,
    /// A unit between keyframes of late, in 1/16 bytes.
    late: u32,
    span: Span,
    hint: bool,
}

impl Sizes {
    pub(super) fn unit(&mut self, bytes: usize, is_key: bool) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX / 32).min(u32::MAX / 32);
        if is_key {
            if let Some(done) = self.open.take() {
                self.close(&done);
            }
            let print = mix(0, bytes);
            self.open = Some(Group { key: bytes, least: u32::MAX, print, ..Group::default() });
            return;
        }
        let Some(open) = &mut self.open else { return };
        open.units = open.units.saturating_add(1);
        open.bytes += u64::from(bytes);
        open.least = open.least.min(bytes);
        open.lively += u32::from(bytes > self.floor + 1 + self.floor / 16);
        open.print = mix(open.print, bytes);
        self.hint |=
            self.late > 0 && bytes > limits::SPIKE_BYTES && bytes > self.late / 16 * limits::SPIKE;
        self.late = self.late - self.late / 16 + bytes;
    }

    fn close(&mut self, done: &Group) {
        let span = &mut self.span;
        span.groups += 1;
        span.repeated += u32::from(done.print == self.print);
        self.print = done.print;
        span.key_bytes += u64::from(done.key);
        if done.units == 0 {
            return;
        }
        span.units += done.units;
        span.bytes += done.bytes;
        span.lively += done.lively;
        // Down at once, up slowly: one group of motion is no new floor.
        self.floor = if self.floor == 0 || done.least < self.floor {
            done.least
        } else {
            self.floor + (done.least - self.floor) / 8
        };
    }

    /// Something sudden happened since the last look.
    pub(super) fn hint(&self) -> bool {
        self.hint
    }

    /// What there was since this was last asked.
    pub(super) fn take(&mut self) -> Span {
        self.hint = false;
        std::mem::take(&mut self.span)
    }
}

/// FNV-1a over whole numbers, turned so that order counts in all bits.
const fn mix(print: u64, bytes: u32) -> u64 {
    (print ^ bytes as u64 ^ 0xcbf2_9ce4_8422_2325).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(sizes: &mut Sizes, group: &[usize]) {
        for (n, bytes) in group.iter().enumerate() {
            sizes.unit(*bytes, n == 0);
        }
    }

    #[test]
    fn groups_that_repeat_are_noticed_to_the_byte_and_in_order() {
        let mut sizes = Sizes::default();
        for _ in 0..3 {
            feed(&mut sizes, &[9000, 400, 300, 350]);
        }
        sizes.unit(9000, true);
        let span = sizes.take();
        assert_eq!((span.groups, span.repeated, span.units), (3, 2, 9));
        assert!(!span.repeats(), "the first equals nothing");
        feed(&mut sizes, &[9000, 300, 400, 350]);
        sizes.unit(1, true);
        // Two keyframes in a row are a group of one.
        assert_eq!((sizes.span.groups, sizes.take().repeated), (2, 0));
    }

    #[test]
    fn units_that_say_as_before_are_not_lively() {
        let mut sizes = Sizes::default();
        feed(&mut sizes, &[5000, 12, 13, 12, 40]);
        feed(&mut sizes, &[5000, 12, 13, 12, 40]);
        sizes.unit(5000, true);
        let span = sizes.take();
        // Of the first group nothing is known yet, so all are; of the second one is.
        assert_eq!((span.lively, span.units), (5, 8));
        assert_eq!(span.mean(), Some(154.0 / 8.0));
    }

    #[test]
    fn a_unit_out_of_the_ordinary_asks_for_a_look() {
        let mut sizes = Sizes::default();
        feed(&mut sizes, &[9000; 1]);
        for _ in 0..50 {
            sizes.unit(300, false);
        }
        assert!(!sizes.hint());
        sizes.unit(3000, false);
        assert!(sizes.hint());
        sizes.take();
        assert!(!sizes.hint());
    }
}
