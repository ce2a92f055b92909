//! What is present is seen as it is; what is not, is not taken for it.

use eframe::egui;
use egui_kittest::kittest::Queryable;
use pollwall::text::Lang;

use crate::rig::*;
use crate::troubles::*;

/// The pixels of a tile's picture.
fn pixels(rig: &mut Rig<'_>, label: &str) -> Vec<[u8; 4]> {
    let scale = rig.harness.ctx.pixels_per_point();
    let rect = rig.harness.get_by_label(label).rect();
    let top = rect.top() + 36.0;
    let room = egui::Rect::from_min_max(egui::pos2(rect.left(), top), rect.max) * scale;
    let room = room.shrink(5.0);
    rig.harness.run_steps(1);
    rig.harness.render().unwrap();
    rig.harness.run_steps(1);
    let picture = rig.harness.render().unwrap();
    let rows = room.top() as u32..room.bottom() as u32;
    let at = |y| (room.left() as u32..room.right() as u32).map(move |x| (x, y));
    rows.flat_map(at).map(|(x, y)| picture.get_pixel(x, y).0).collect()
}

/// A camera may burn its clock in anywhere.
#[test]
fn nothing_lies_over_what_is_the_present() {
    let mut troubled = open(seven, Lang::Az, [1280, 720]);
    let mut calm = open(quiet, Lang::Az, [1280, 720]);
    for (station, said) in [
        ("26/4", "Məntəqə 26/4, keyfiyyət aşağıdır"),
        ("26/5", "Məntəqə 26/5, ehtimal: qarşısı bağlanıb, qəbul edilməyib"),
        ("26/7", "Məntəqə 26/7, qara görüntü, qəbul edilməyib"),
        ("26/8", "Məntəqə 26/8, yoxlanılmayıb"),
        ("26/1", "Məntəqə 26/1, canlı, qəbul edilməyib"),
    ] {
        let well = pixels(&mut calm, &format!("Məntəqə {station}, canlı"));
        let now = pixels(&mut troubled, said);
        let differ = well.iter().zip(&now).filter(|(a, b)| a != b).count();
        assert_eq!((well.len(), differ), (now.len(), 0), "{station}");
    }
}

/// The light that is left of a tile's picture, beside that of one that is well.
fn light(rig: &mut Rig<'_>, label: &str) -> f64 {
    let scale = rig.harness.ctx.pixels_per_point();
    let rect = rig.harness.get_by_label(label).rect() * scale;
    rig.harness.run_steps(1);
    rig.harness.render().unwrap();
    rig.harness.run_steps(1);
    crate::lower_part(&rig.harness.render().unwrap(), rect)
}

#[test]
fn the_present_is_in_full_light_whatever_it_shows_and_a_frozen_picture_is_not() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    let live = light(&mut rig, "Station 26/3, live");
    for present in [
        "Station 26/4, degraded",
        "Station 26/5, covered?, not acknowledged",
        "Station 26/7, black, not acknowledged",
        "Station 26/8, not checked",
    ] {
        let light = light(&mut rig, present);
        assert!((light / live - 1.0).abs() < 0.15, "{present}: {light} beside {live}");
    }
    let frozen = light(&mut rig, "Station 26/6, frozen?, not acknowledged");
    assert!(frozen < live * 0.55 && frozen > 5.0, "{frozen} beside {live}");
}
