//! The only place with raw colours and font sizes.
//!
//! Dark, for a dim room. Every state has a colour of its own that differs in lightness as well as
//! in hue (the set follows Okabe and Ito's palette for colour-blind viewers, "Color Universal
//! Design", 2008), and is never told by colour alone. Contrast of text on its ground is at least
//! 4.5:1 (WCAG 2.2, 1.4.3); a test checks it.

use std::sync::Arc;

use eframe::egui;
use eframe::egui::{Color32, FontData, FontDefinitions, FontFamily, FontId, Visuals};

use crate::health::State;

const fn rgb(r: u8, g: u8, b: u8) -> Color32 {
    #[expect(clippy::disallowed_methods, reason = "this is ui::theme")]
    Color32::from_rgb(r, g, b)
}

/// Behind the tiles.
pub const BACKGROUND: Color32 = rgb(8, 10, 13);
/// Behind the districts.
pub const RAIL: Color32 = rgb(13, 16, 20);
/// Behind the bars at the top and the bottom.
pub const PANEL: Color32 = rgb(22, 27, 34);
/// Behind a tile's caption, and a tile's room without a picture.
pub const TILE: Color32 = rgb(28, 34, 42);
/// A picture's room before the first picture.
pub const NO_PICTURE: Color32 = rgb(14, 17, 21);
/// Text to be read.
pub const TEXT: Color32 = rgb(236, 240, 244);
/// Text to be found when looked for.
pub const FAINT: Color32 = rgb(154, 165, 178);
/// Text on a state's colour.
pub const ON_STATE: Color32 = rgb(8, 10, 13);
/// The selection frame, and keys.
pub const ACCENT: Color32 = rgb(255, 255, 255);
/// The district on screen.
pub const CHOSEN: Color32 = rgb(52, 64, 80);
/// Behind the tour while a new alarm has taken its place.
pub const INTERRUPTED: Color32 = rgb(122, 62, 20);
/// Behind the tiles of a district that shares its page.
pub const GROUP: Color32 = rgb(33, 40, 49);
/// A tile under the pointer.
pub const HOVER: Color32 = rgb(96, 108, 124);
/// This machine's own lateness.
pub const BEHIND: Color32 = rgb(86, 180, 233);
/// A recording that is safe on the disk.
pub const RECORDED: Color32 = rgb(255, 86, 86);
/// Behind an overlay.
pub const VEIL: Color32 = Color32::from_black_alpha(200);
/// Behind words on a picture.
pub const ON_PICTURE: Color32 = Color32::from_black_alpha(190);

/// The light that is left of a picture that is not live.
pub const STALE_LIGHT: f32 = 0.35;

/// A state's colour. What is quiet (connecting, not checked, maintenance) is grey and told apart by
/// its shape; any two of the others differ clearly. So many can't differ for every eye: shape and
/// word say it as well.
pub const fn state(state: State) -> Color32 {
    match state {
        State::Live => rgb(46, 190, 140),
        State::Connecting => rgb(150, 170, 190),
        State::NotChecked => rgb(140, 150, 165),
        State::Maintenance => rgb(110, 150, 175),
        State::Degraded => rgb(190, 220, 80),
        State::Covered => rgb(200, 135, 60),
        State::Frozen => rgb(165, 150, 255),
        State::Black => rgb(225, 225, 232),
        State::Stalled => rgb(240, 180, 40),
        State::Offline => rgb(255, 105, 80),
        State::AuthFailed => rgb(235, 140, 205),
        State::Unsupported => rgb(165, 140, 125),
    }
}

/// Text of `size` points.
pub fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Bold text of `size` points.
pub fn strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(STRONG.into()))
}

const STRONG: &str = "strong";
const SYMBOLS: &str = "symbols";

/// What calls an operator from four metres: which station, what, since when. Its capitals are seen
/// under ten minutes of arc there (docs/decisions/0121).
pub const CALL: f32 = 26.0;
/// Caption and bar text.
pub const BODY: f32 = 21.0;
/// The clock, and words over a picture.
pub const LARGE: f32 = 30.0;
/// Details.
pub const SMALL: f32 = 17.0;

/// Fonts and colours for a fresh context.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    let faces = [
        ("regular", include_bytes!("../../assets/fonts/NotoSans-Regular.ttf").as_slice()),
        (STRONG, include_bytes!("../../assets/fonts/NotoSans-Bold.ttf").as_slice()),
        (SYMBOLS, include_bytes!("../../assets/fonts/NotoSansSymbols.ttf").as_slice()),
    ];
    for (name, bytes) in faces {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let families = [
        (FontFamily::Proportional, "regular"),
        (FontFamily::Monospace, "regular"),
        (FontFamily::Name(STRONG.into()), STRONG),
    ];
    for (family, face) in families {
        fonts.families.insert(family, vec![face.to_owned(), SYMBOLS.to_owned()]);
    }
    ctx.set_fonts(fonts);
    ctx.set_theme(egui::Theme::Dark);
    let mut visuals = Visuals::dark();
    visuals.override_text_color = Some(TEXT);
    visuals.panel_fill = BACKGROUND;
    ctx.set_visuals(visuals);
    ctx.all_styles_mut(|style| {
        style.interaction.selectable_labels = false;
        style.animation_time = 0.0;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(c: Color32) -> f32 {
        let linear = |v: u8| {
            let v = f32::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_its_ground() {
        for ground in [BACKGROUND, RAIL, PANEL, TILE, NO_PICTURE, GROUP] {
            assert!(contrast(TEXT, ground) >= 7.0);
            assert!(contrast(FAINT, ground) >= 4.5, "{ground:?}");
        }
        assert!(contrast(TEXT, CHOSEN) >= 4.5 && contrast(TEXT, INTERRUPTED) >= 4.5);
        // Names in a heading; large letters (WCAG: 3:1 from 18 points).
        assert!(contrast(FAINT, CHOSEN) >= 3.0);
        for s in State::ALL.map(state).into_iter().chain([BEHIND]) {
            assert!(contrast(ON_STATE, s) >= 4.5);
            assert!(contrast(s, TILE) >= 4.5);
        }
    }

    /// docs/decisions/0121: a 55-inch display of 1920×1080 from four metres.
    #[test]
    fn what_calls_is_read_from_four_metres() {
        // Noto Sans: capitals of 714 units of 1000.
        let capital_px = CALL * 0.714;
        let pixel_mm = 55.0 * 25.4 * (16.0 / f32::hypot(16.0, 9.0)) / 1920.0;
        let minutes = (capital_px * pixel_mm / 4000.0).atan().to_degrees() * 60.0;
        assert!(minutes >= 10.0, "{minutes}");
    }

    /// CIE 1976 L*a*b* (D65).
    fn lab(c: Color32) -> [f32; 3] {
        let linear = |v: u8| {
            let v = f32::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = [c.r(), c.g(), c.b()].map(linear);
        let f = |t: f32| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47);
        let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
        let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn no_two_troubles_have_the_same_colour() {
        let loud = State::ALL.into_iter().filter(|s| s.is_trouble() || *s == State::Live);
        let colours: Vec<Color32> = loud.map(state).chain([BEHIND]).collect();
        for (at, a) in colours.iter().enumerate() {
            for b in &colours[..at] {
                let apart = lab(*a).iter().zip(lab(*b)).map(|(x, y)| (x - y).powi(2)).sum::<f32>();
                // 2.3 can just be seen side by side; across a room it takes ten times that.
                assert!(apart.sqrt() > 23.0, "{a:?} and {b:?}: {}", apart.sqrt());
            }
        }
    }

    #[test]
    fn the_font_has_every_letter_of_the_three_languages() {
        let ctx = egui::Context::default();
        install(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let letters = "AaBbCcÇçDdEeƏəFfGgĞğHhXxIıİiJjKkQqLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZzWw\
                АаБбВвГгДдЕеЁёЖжЗзИиЙйКкЛлМмНнОоПпРрСсТтУуФфХхЦцЧчШшЩщЪъЫыЬьЭэЮюЯя\
                0123456789.,:;!?·–—…«»„“”’/%+−×№()[]←→↑↓";
            for font in [font(BODY), strong(BODY)] {
                let has = ui.fonts_mut(|f| f.has_glyphs(&font, letters));
                assert!(has, "{font:?}");
                let width = |c| ui.fonts_mut(|f| f.glyph_width(&font, c));
                for digit in '0'..='9' {
                    assert_eq!(width(digit), width('0'), "counters must not jump");
                }
            }
        });
        // Nothing is drawn here; egui minds textures that nobody took.
        output.textures_delta.clear();
    }
}
