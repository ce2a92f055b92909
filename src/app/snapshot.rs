//! A snapshot: a station's picture as a PNG that says in itself what it shows, and the same beside
//! it as JSON, with the PNG's SHA-256.
//!
//! `<data>/snapshots/YYYY-MM-DD/HHMMSS.mmm±hhmm_DDD-NNNN_feed_state.png`, the day and the time being
//! those at which the picture was taken, on the election day's clock. Names sort by time. Nothing is
//! ever overwritten. Called by the wall's keeper thread: compressing a large picture takes a while.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::clock::WallTime;
use crate::config::save::{Access, save, sync_folder};
use crate::frame::VideoFrame;
use crate::health::State;
use crate::journal::chain::hex;
use crate::model::{FeedKind, StationId};
use crate::render::Still;

/// What is known about the picture, besides itself.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) station: StationId,
    pub(super) district_name: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) feed: FeedKind,
    /// The state's code, [`crate::health::State::code`].
    pub(super) state: &'static str,
    /// The trouble's code, where there is one.
    pub(super) trouble: Option<&'static str>,
    /// Whether the picture passed for the present when it was asked for.
    pub(super) live: bool,
    pub(super) age_ms: u64,
    /// The stage of the day, by its code.
    pub(super) stage: Option<&'static str>,
    /// When it was asked for.
    pub(super) asked_at: WallTime,
    /// Of the election day.
    pub(super) zone: jiff::tz::TimeZone,
}

/// What the sidecar says, and the PNG's text chunks.
#[derive(Serialize)]
struct Record<'a> {
    format: &'static str,
    station: String,
    district: u16,
    district_name: &'a str,
    name: &'a str,
    address: &'a str,
    feed: &'static str,
    /// When the picture arrived, which is when it was taken but for the way here.
    taken_at_utc: String,
    taken_at_local: String,
    time_zone: &'a str,
    asked_at_utc: String,
    age_ms: u64,
    live: bool,
    state: &'static str,
    trouble: Option<&'static str>,
    stage: Option<&'static str>,
    /// Presentation time in the camera's stream, in 1/90000 s from the session's first picture.
    pts_90khz: i64,
    width: u32,
    height: u32,
    program: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    png: Option<Png>,
}

/// What only the sidecar can say.
#[derive(Serialize)]
struct Png {
    file: String,
    bytes: usize,
    sha256: String,
}

const PROGRAM: &str = concat!("pollwall ", env!("CARGO_PKG_VERSION"));
const FORMAT: &str = "pollwall-snapshot-1";

/// A picture that was kept.
#[derive(Debug)]
pub(super) struct Kept {
    /// The PNG's path below the folder.
    pub(super) path: PathBuf,
    /// Its SHA-256, in hexadecimal.
    pub(super) sha256: String,
}

/// Writes the picture and what is known about it below `folder`.
pub(super) fn keep(folder: &Path, frame: &VideoFrame, about: &About) -> io::Result<Kept> {
    let taken = frame.taken_at.timestamp().to_zoned(about.zone.clone());
    let day = folder.join(taken.strftime("%Y-%m-%d").to_string());
    if !day.is_dir() {
        fs::create_dir_all(&day)?;
        sync_folder(folder)?;
        // The folder itself may be new as well.
        folder.parent().map_or(Ok(()), sync_folder)?;
    }
    let still = Still::of(frame);
    let mut record = record(frame, about, &still);
    let png = encode(&still, &record)?;
    let stem = format!(
        "{}_{:03}-{:04}_{}_{}",
        taken.strftime("%H%M%S.%3f%z"),
        about.station.district,
        about.station.station,
        record.feed,
        // A stale picture's name must not pass for a live one's.
        if about.live || !is_arriving(about.state) { about.state } else { "old" },
    );
    let path = free_name(&day, &stem)?;
    save(&path, &png, Access::OwnerOnly)?;
    let sha256 = hex(&Sha256::digest(&png));
    record.png = Some(Png {
        file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes: png.len(),
        sha256: sha256.clone(),
    });
    let mut json = serde_json::to_vec_pretty(&record)?;
    json.push(b'\n');
    // A picture without its papers proves nothing, and the wall says that it was not kept.
    save(&path.with_extension("json"), &json, Access::OwnerOnly)
        .inspect_err(|_| drop(fs::remove_file(&path)))?;
    Ok(Kept { path: path.strip_prefix(folder).unwrap_or(&path).to_owned(), sha256 })
}

fn record<'a>(frame: &VideoFrame, about: &'a About, still: &Still) -> Record<'a> {
    let local = frame.taken_at.timestamp().to_zoned(about.zone.clone());
    Record {
        format: FORMAT,
        station: about.station.to_string(),
        district: about.station.district,
        district_name: &about.district_name,
        name: &about.name,
        address: &about.address,
        feed: match about.feed {
            FeedKind::Main => "main",
            FeedKind::Sub => "sub",
        },
        taken_at_utc: frame.taken_at.to_string(),
        taken_at_local: local.strftime("%Y-%m-%dT%H:%M:%S.%6f%:z").to_string(),
        time_zone: about.zone.iana_name().unwrap_or_default(),
        asked_at_utc: about.asked_at.to_string(),
        age_ms: about.age_ms,
        live: about.live,
        state: about.state,
        trouble: about.trouble,
        stage: about.stage,
        pts_90khz: frame.pts,
        width: still.width,
        height: still.height,
        program: PROGRAM,
        png: None,
    }
}

/// The PNG: what the record says stands in it as text, by the names of the record's fields, and
/// under the names that PNG itself has for some.
fn encode(still: &Still, record: &Record<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, still.width, still.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let (n, d) = still.pixel_aspect;
    if n != d {
        let dims = png::PixelDimensions { xppu: d, yppu: n, unit: png::Unit::Unspecified };
        encoder.set_pixel_dims(Some(dims));
    }
    let mut say = |key: &str, value: String| {
        // International text: names have letters that Latin-1 lacks.
        encoder.add_itxt_chunk(key.to_owned(), value)
    };
    say("Title", format!("{} {}", record.station, record.name))?;
    say("Creation Time", record.taken_at_local.clone())?;
    say("Software", record.program.to_owned())?;
    let fields = serde_json::to_value(record)?;
    for (key, value) in fields.as_object().into_iter().flatten() {
        let value = match value {
            serde_json::Value::Null => continue,
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        say(&format!("pollwall:{key}"), value)?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&still.rgb)?;
    writer.finish()?;
    Ok(bytes)
}

/// Whether pictures arrive in the state of this code.
fn is_arriving(code: &str) -> bool {
    State::ALL.into_iter().any(|state| state.code() == code && state.is_arriving())
}

/// A name that is not taken. One process owns the data folder, and one thread of it writes here.
fn free_name(day: &Path, stem: &str) -> io::Result<PathBuf> {
    for again in 1..1000_u32 {
        let more = if again == 1 { String::new() } else { format!("-{again}") };
        let path = day.join(format!("{stem}{more}.png"));
        if !path.try_exists()? {
            return Ok(path);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests;
