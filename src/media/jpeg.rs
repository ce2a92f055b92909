//! The size of a JPEG picture out of its own header (ITU-T T.81, B.2.2): streams of JPEG have no
//! other place for it. Reads nothing behind the frame header, and never beyond the end.

/// Visible width and height; `None` where there is no whole frame header.
pub fn size(file: &[u8]) -> Option<(u32, u32)> {
    let mut rest = file.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let from = rest.iter().position(|byte| *byte != 0xff)?;
        // A marker has at least one 0xff before it, and may have more.
        if from == 0 {
            return None;
        }
        let (marker, after) = rest[from..].split_first()?;
        match marker {
            // They stand alone: TEM and RSTn.
            0x01 | 0xd0..=0xd7 => rest = after,
            // The picture's data, or its end.
            0x00 | 0xd8..=0xda => return None,
            // Of C0 to CF these three are no frame headers: DHT, JPG, DAC.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => return frame(after),
            _ => {
                let (length, _) = after.split_first_chunk::<2>()?;
                rest = after.get(usize::from(u16::from_be_bytes(*length)).max(2)..)?;
            }
        }
    }
}

/// Length, precision, rows, columns. Rows may be told later (DNL), which no camera does.
fn frame(segment: &[u8]) -> Option<(u32, u32)> {
    let [_, _, _, rows @ .., wide, narrow] = segment.first_chunk::<7>()?;
    let width = u32::from(u16::from_be_bytes([*wide, *narrow]));
    let height = u32::from(u16::from_be_bytes(*rows));
    (width > 0 && height > 0).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_header_says_the_size_whatever_stands_before_it() {
        let head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xdb, 0, 3, 7];
        let whole = [&head[..], &[0xff, 0xc2, 0, 11, 8, 0x04, 0x38, 0x07, 0x80, 3]].concat();
        assert_eq!(size(&whole), Some((1920, 1080)));
        for end in 0..whole.len() - 1 {
            assert_eq!(size(&whole[..end]), None, "{end}");
        }
        for bad in [
            &[0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xc0, 0, 11, 8, 1, 1, 1, 1][..],
            &[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 0, 1, 1],
            &[0xff, 0xd8, 7],
            &[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0],
            b"GIF89a",
        ] {
            assert_eq!(size(bad), None, "{bad:?}");
        }
    }
}
