use super::*;

fn params(codec: SoundCodec, extra: &[u8], rate_hz: u32, channels: u16) -> SoundParams {
    SoundParams { codec, extra_data: extra.to_vec(), rate_hz, channels }
}

/// The amplitude of a sine of −20 dBFS.
const AMPLITUDE: f64 = 0.1;

fn sine(i: u32, rate: u32) -> i16 {
    let phase = f64::from(i) * 997.0 * std::f64::consts::TAU / f64::from(rate);
    (AMPLITUDE * phase.sin() * 32768.0).round() as i16
}

/// ITU-T G.711, table 1a, compressed as its reference code does.
fn a_law(sample: i16) -> u8 {
    let (sign, magnitude) = if sample >= 0 {
        (0xD5, sample >> 3)
    } else {
        (0x55, (-(i32::from(sample) + 1) >> 3) as i16)
    };
    let bits = magnitude.max(1).ilog2();
    let code = if bits < 5 {
        (magnitude >> 1) as u8
    } else {
        (((bits - 4) << 4) as u8) | ((magnitude >> (bits - 4)) & 0xF) as u8
    };
    code ^ sign
}

/// ITU-T G.711, table 2a.
fn mu_law(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = (i32::from(sample).abs() >> 2).min(8158) + 33;
    let bits = magnitude.ilog2() - 5;
    let code = (bits << 4) as u8 | ((magnitude >> (bits + 1)) & 0xF) as u8;
    !(code | sign)
}

#[test]
fn g_711_of_minus_20_dbfs_reads_minus_20() {
    super::super::init().unwrap();
    for (codec, coded) in
        [(SoundCodec::Pcma, a_law as fn(i16) -> u8), (SoundCodec::Pcmu, mu_law as fn(i16) -> u8)]
    {
        let mut decoder = SoundDecoder::new(&params(codec, &[], 8000, 1)).unwrap();
        let mut meter = Meter::default();
        let bytes: Vec<u8> = (0..8000).map(|i| coded(sine(i, 8000))).collect();
        for packet in bytes.chunks(160) {
            decoder.decode(packet, &mut meter).unwrap();
        }
        let got = meter.reading();
        // Eight bits are no closer than this.
        assert!((got.peak_db + 20.0).abs() < 0.6, "{codec:?}: {got:?}");
        assert!((got.rms_db + 20.0).abs() < 0.3, "{codec:?}: {got:?}");
    }
}

#[test]
fn two_channels_of_g_711_are_taken_apart() {
    super::super::init().unwrap();
    let mut decoder = SoundDecoder::new(&params(SoundCodec::Pcma, &[], 8000, 2)).unwrap();
    let mut meter = Meter::default();
    let bytes: Vec<u8> = (0..8000).flat_map(|i| [a_law(0), a_law(sine(i, 8000))]).collect();
    for packet in bytes.chunks(320) {
        decoder.decode(packet, &mut meter).unwrap();
    }
    let got = meter.reading();
    assert!((got.rms_db + 20.0).abs() < 0.3, "{got:?}");
}

#[test]
fn garbage_is_an_error_or_a_level_and_never_more() {
    super::super::init().unwrap();
    let absurd = SoundDecoder::new(&params(SoundCodec::Pcma, &[], 8000, 0));
    assert!(matches!(absurd, Err(SoundError::Absurd { channels: 0, .. })));
    let absurd = SoundDecoder::new(&params(SoundCodec::Pcmu, &[], u32::MAX, 1));
    assert!(matches!(absurd, Err(SoundError::Absurd { .. })));
    // AAC-LC, 44.1 kHz, stereo.
    let mut aac = SoundDecoder::new(&params(SoundCodec::Aac, &[0x12, 0x10], 44_100, 2)).unwrap();
    let mut meter = Meter::default();
    let mut random = fastrand::Rng::with_seed(4);
    let mut refused = 0;
    for _ in 0..500 {
        let packet: Vec<u8> = (0..random.usize(0..600)).map(|_| random.u8(..)).collect();
        refused += usize::from(aac.decode(&packet, &mut meter).is_err());
    }
    assert!(refused > 100, "{refused}");
    let got = meter.reading();
    assert!(got.peak_db.is_finite() && got.rms_db.is_finite());
}
