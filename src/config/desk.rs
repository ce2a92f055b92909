//! Where the wall was when it was last looked at, in `desk.json`: page, page size, window.
//!
//! A convenience, not a setting: a file that is torn, foreign or from a later version is passed
//! over with a line in the log, and nothing in it can keep the wall from starting. What is in it
//! is checked by whoever uses it (a station may be gone, a screen too).

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::save::{Access, save};
use crate::model::{Chosen, StationId};
use crate::text::Lang;

/// The version of the file that this program writes, and the only one it reads.
const VERSION: u32 = 1;

/// No desk is larger; a file that is belongs to somebody else.
const MOST_BYTES: u64 = 64 << 10;

/// What is remembered. Whatever is missing is as on the first day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    /// The selected station; its page was on screen.
    pub station: Option<StationId>,
    /// Tiles on a page.
    pub tiles_per_page: Option<usize>,
    /// Several small districts shared a page.
    pub grouped: bool,
    /// How long a tour stays on a page, in seconds.
    pub tour_s: Option<u64>,
    /// New alarms did not interrupt a tour.
    pub tour_undisturbed: bool,
    /// Alarms were heard.
    pub sound: bool,
    /// As this, by its name; one that there is not is the usual one.
    pub tone: Option<String>,
    /// Who was said to be at the desk; `POLLWALL_OPERATOR` wins over it.
    pub operator: Option<String>,
    /// Whose feeds were recorded; a wall that is opened again goes on with it.
    pub records: Option<Chosen>,
    /// The language that was chosen on the wall's first screen; `--lang` wins over it.
    pub language: Option<Lang>,
    /// Where the window was.
    pub window: Option<WindowPlace>,
}

/// Where a window is when it is neither maximised nor full screen, and whether it is either.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowPlace {
    /// The frame's top left corner among all screens, in pixels; `None` where the system does not
    /// tell (Wayland).
    pub corner: Option<(i32, i32)>,
    /// Width and height of what is inside the frame, in pixels.
    pub size: (u32, u32),
    /// Pixels per point of the screen it was on.
    pub scale: f32,
    /// It fills a screen but for bars.
    pub maximised: bool,
    /// It fills a screen.
    pub full_screen: bool,
    /// The system's name of the screen it was on.
    pub screen: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Dated<T> {
    version: u32,
    #[serde(flatten)]
    desk: T,
}

/// Why a file holds no desk. For the log: English, and without what is in the file.
#[derive(Debug, thiserror::Error)]
enum NoDesk {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it has more than {MOST_BYTES} bytes")]
    TooLarge,
    #[error("{} in line {}, column {}", kind(.0), .0.line(), .0.column())]
    Json(#[from] serde_json::Error),
    #[error("it is of version {0}, not {VERSION}")]
    Version(u32),
}

fn kind(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "something unexpected",
        _ => "no JSON",
    }
}

impl Desk {
    /// What was remembered in the file `path`; as on the first day if that cannot be read.
    pub fn load(path: &Path) -> Self {
        match Self::read(path) {
            Ok(desk) => desk,
            Err(NoDesk::Io(e)) if e.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(why) => {
                log::warn!("{}: {why}; the wall opens as on the first day", path.display());
                Self::default()
            }
        }
    }

    fn read(path: &Path) -> Result<Self, NoDesk> {
        let mut bytes = Vec::new();
        File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(NoDesk::TooLarge);
        }
        // The version first: of another one, nothing else is known.
        let version = serde_json::from_slice::<Dated<serde::de::IgnoredAny>>(&bytes)?.version;
        if version != VERSION {
            return Err(NoDesk::Version(version));
        }
        let mut desk = serde_json::from_slice::<Dated<Self>>(&bytes)?.desk;
        // A number that is too large for a float reads as infinity, which JSON cannot keep.
        if let Some(window) = desk.window.as_mut().filter(|window| !window.scale.is_finite()) {
            window.scale = 0.0;
        }
        Ok(desk)
    }

    /// Replaces the file `path`, whole or not at all.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let json = serde_json::to_vec_pretty(&Dated { version: VERSION, desk: self })?;
        save(path, &json, Access::Shared)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn desk() -> Desk {
        Desk {
            records: Some(Chosen::All),
            station: Some(StationId::new(57, 12)),
            tiles_per_page: Some(36),
            grouped: true,
            tour_s: Some(15),
            tour_undisturbed: true,
            sound: true,
            tone: Some("bell".into()),
            operator: Some("Aysel Məmmədova".into()),
            language: Some(Lang::Ru),
            window: Some(WindowPlace {
                corner: Some((-1920, 40)),
                size: (1280, 720),
                scale: 1.25,
                maximised: false,
                full_screen: true,
                screen: Some("HDMI-1".into()),
            }),
        }
    }

    fn load(bytes: &[u8]) -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.json");
        std::fs::write(&path, bytes).unwrap();
        Desk::load(&path)
    }

    #[test]
    fn what_was_saved_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.json");
        assert_eq!(Desk::load(&path), Desk::default(), "the first day");
        desk().save(&path).unwrap();
        assert_eq!(Desk::load(&path), desk());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_another_kind_is_passed_over() {
        for bytes in [
            &b""[..],
            b"{}",
            b"[1, 2]",
            b"{\"version\":2,\"station\":\"57/12\"}",
            b"{\"version\":1,\"station\":57}",
            b"{\"version\":1,\"station\":\"0/0\"}",
            b"{\"version\":1,\"tiles_per_page\":-3}",
            b"\x89PNG\r\n",
            &vec![b' '; 70_000],
        ] {
            assert_eq!(load(bytes), Desk::default(), "{}", String::from_utf8_lossy(bytes));
        }
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Desk::load(dir.path()), Desk::default(), "a folder");
    }

    #[test]
    fn what_an_earlier_version_did_not_write_is_as_on_the_first_day() {
        let old = load(b"{\"version\":1,\"station\":\"57/12\",\"colour\":\"red\"}");
        assert_eq!(old, Desk { station: Some(StationId::new(57, 12)), ..Desk::default() });
    }

    /// Found by fuzzing: what was read could not be kept again.
    #[test]
    fn a_scale_beyond_all_numbers_is_none() {
        let desk = load(br#"{"version":1,"grouped":true,"window":{"scale":1e300}}"#);
        assert!(desk.grouped);
        assert_eq!(desk.window.map(|window| window.scale), Some(0.0));
    }

    proptest! {
        #[test]
        fn a_torn_file_is_passed_over(share in 0.0..1.0) {
            let whole = serde_json::to_vec_pretty(&Dated { version: VERSION, desk: desk() }).unwrap();
            let cut = (whole.len() as f64 * share) as usize;
            prop_assert_eq!(load(&whole[..cut]), Desk::default());
        }
    }
}
