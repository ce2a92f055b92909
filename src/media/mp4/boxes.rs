//! The boxes of ISO/IEC 14496-12: how they are written, and how bytes that claim to be some are read.

/// A kind of box.
pub(super) type Kind = [u8; 4];

/// Boxes in the making.
#[derive(Default)]
pub(super) struct Boxes(Vec<u8>);

impl Boxes {
    pub(super) fn done(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// A box and what is in it.
    pub(super) fn of(&mut self, kind: Kind, inside: impl FnOnce(&mut Self)) -> &mut Self {
        let start = self.0.len();
        self.u32(0).bytes(&kind);
        inside(self);
        // What we put into one box is far below 4 GiB; media data is not written through here.
        let size = u32::try_from(self.0.len() - start).unwrap_or(u32::MAX);
        self.put_u32(start, size);
        self
    }

    /// A box with a version and flags.
    pub(super) fn full(
        &mut self,
        kind: Kind,
        version: u8,
        flags: u32,
        inside: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.of(kind, |b| {
            b.u32(u32::from(version) << 24 | flags);
            inside(b);
        })
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn zeros(&mut self, count: usize) -> &mut Self {
        self.0.resize(self.0.len() + count, 0);
        self
    }

    pub(super) fn u8(&mut self, value: u8) -> &mut Self {
        self.bytes(&[value])
    }

    pub(super) fn u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(super) fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(super) fn i32(&mut self, value: i32) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(super) fn u64(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(super) fn i64(&mut self, value: i64) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// Overwrites four bytes that are there already.
    pub(super) fn put_u32(&mut self, at: usize, value: u32) {
        if let Some(place) = self.0.get_mut(at..at + 4) {
            place.copy_from_slice(&value.to_be_bytes());
        }
    }
}

/// Bytes from somebody else, read from the front. Every step may find that there is too little.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    /// The next box, its kind and what is in it. Only boxes of 32 bits' length, as ours are.
    pub(super) fn next_box(&mut self) -> Option<(Kind, Bytes<'a>)> {
        let size = usize::try_from(self.u32()?).ok()?;
        let kind = self.array()?;
        Some((kind, Bytes(self.take(size.checked_sub(8)?)?)))
    }

    /// What is in the first box of this kind.
    pub(super) fn find(mut self, kind: Kind) -> Option<Bytes<'a>> {
        loop {
            let (found, inside) = self.next_box()?;
            if found == kind {
                return Some(inside);
            }
        }
    }

    /// What is in the box that lies inside boxes inside boxes.
    pub(super) fn path(self, kinds: &[Kind]) -> Option<Bytes<'a>> {
        kinds.iter().try_fold(self, |inside, kind| inside.find(*kind))
    }
}
