use super::*;
use crate::clock::Mono;
use crate::frame::{ColorInfo, Matrix, PackedPixels, PlaneLayout, Range, Rotation};

/// 2024-02-07 11:42:07.280 in Baku.
fn frame() -> VideoFrame {
    let luma = (0..64 * 36).map(|i| 16 + (i % 200) as u8).collect();
    VideoFrame {
        width: 64,
        height: 36,
        layout: PlaneLayout::Gray,
        color: ColorInfo { matrix: Matrix::Bt601, range: Range::Limited },
        sample_aspect: (4, 3),
        rotation: Rotation::None,
        arrived_at: Mono::default(),
        taken_at: "2024-02-07T07:42:07.280Z".parse::<jiff::Timestamp>().unwrap().into(),
        pts: 90_123,
        pixels: Box::new(PackedPixels(vec![(luma, 64)])),
    }
}

fn about(live: bool, state: &'static str) -> About {
    About {
        station: StationId::new(57, 12),
        district_name: "Nəsimi ikinci".into(),
        name: "132 nömrəli məktəb-lisey".into(),
        address: "Bakı".into(),
        feed: FeedKind::Main,
        state,
        trouble: (!live).then_some("frames-stopped"),
        live,
        age_ms: if live { 120 } else { 271_000 },
        stage: Some("voting"),
        asked_at: "2024-02-07T07:42:07.400Z".parse::<jiff::Timestamp>().unwrap().into(),
        zone: jiff::tz::TimeZone::get("Asia/Baku").unwrap(),
    }
}

/// The PNG's texts and its pixels.
fn read(path: &Path) -> (std::collections::BTreeMap<String, String>, png::OutputInfo, Vec<u8>) {
    let file = io::BufReader::new(fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let output = reader.next_frame(&mut pixels).unwrap();
    let texts = &reader.info().utf8_text;
    let texts = texts.iter().map(|t| (t.keyword.clone(), t.get_text().unwrap())).collect();
    (texts, output, pixels)
}

#[test]
fn the_png_says_what_it_shows_and_the_sidecar_proves_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("snapshots");
    let Kept { path: kept, sha256 } = keep(&folder, &frame(), &about(true, "live")).unwrap();
    assert_eq!(kept, Path::new("2024-02-07/114207.280+0400_057-0012_main_live.png"));
    let (texts, output, pixels) = read(&folder.join(&kept));
    assert_eq!((output.width, output.height), (64, 36), "its own size");
    assert_eq!(pixels, Still::of(&frame()).rgb);
    for (key, value) in [
        ("Title", "57/12 132 nömrəli məktəb-lisey"),
        ("Creation Time", "2024-02-07T11:42:07.280000+04:00"),
        ("pollwall:station", "57/12"),
        ("pollwall:district_name", "Nəsimi ikinci"),
        ("pollwall:taken_at_utc", "2024-02-07T07:42:07.280000Z"),
        ("pollwall:pts_90khz", "90123"),
        ("pollwall:state", "live"),
        ("pollwall:live", "true"),
        ("pollwall:feed", "main"),
        ("pollwall:stage", "voting"),
    ] {
        assert_eq!(texts.get(key).map(String::as_str), Some(value), "{key}");
    }
    let bytes = fs::read(folder.join(&kept)).unwrap();
    let json = fs::read(folder.join(kept.with_extension("json"))).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["png"]["sha256"], hex(&Sha256::digest(&bytes)));
    assert_eq!(json["png"]["sha256"], sha256);
    assert_eq!(json["png"]["bytes"], bytes.len());
    assert_eq!(json["taken_at_local"], "2024-02-07T11:42:07.280000+04:00");
    assert_eq!(json["name"], "132 nömrəli məktəb-lisey");
    assert_eq!(fs::read_dir(folder.join("2024-02-07")).unwrap().count(), 2, "nothing else");
}

#[test]
fn the_hash_is_sha_256() {
    // FIPS 180-4, example of one block.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex(&Sha256::digest(b"abc")), abc);
}

#[test]
fn a_stale_picture_says_so_and_nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let stalled = keep(dir.path(), &frame(), &about(false, "stalled")).unwrap().path;
    assert!(stalled.to_str().unwrap().ends_with("_main_stalled.png"), "{stalled:?}");
    let (texts, ..) = read(&dir.path().join(&stalled));
    assert_eq!(texts["pollwall:live"], "false");
    assert_eq!(texts["pollwall:age_ms"], "271000");
    assert_eq!(texts["pollwall:trouble"], "frames-stopped");
    // Units arrive, and what is seen is not the present: this machine is late.
    let late = keep(dir.path(), &frame(), &about(false, "live")).unwrap().path;
    assert!(late.to_str().unwrap().ends_with("_main_old.png"), "{late:?}");
    let covered = keep(dir.path(), &frame(), &about(true, "covered")).unwrap().path;
    assert!(covered.to_str().unwrap().ends_with("_main_covered.png"), "{covered:?}");
    let again = keep(dir.path(), &frame(), &about(false, "stalled")).unwrap().path;
    assert!(again.to_str().unwrap().ends_with("_main_stalled-2.png"), "{again:?}");
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("snapshots");
    fs::write(&file, "in the way").unwrap();
    assert!(keep(&file, &frame(), &about(true, "live")).is_err());
    assert_eq!(fs::read(&file).unwrap(), b"in the way");
}
