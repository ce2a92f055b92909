//! How long one pass of the wall takes with a thousand stations, without the adapter's part:
//! `cargo bench --bench pass`. Prints the mean and the slowest of many, laying out (`ui`) and
//! turning shapes into triangles (`tessellate`) apart.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    dead_code,
    reason = "a measurement, not a part of the program"
)]

#[path = "../tests/wall/country.rs"]
mod country;
#[path = "../tests/wall/rig.rs"]
mod rig;

use std::sync::Arc;
use std::time::Duration;

use eframe::egui;
use pollwall::clock::{Clock, SystemClock};
use pollwall::text::{Lang, Text};
use pollwall::ui;
use pollwall::wall::{Command, Wall};

const PASSES: u32 = 300;

fn main() {
    let list = country::country();
    let mut small = Wall::new(Arc::clone(&list));
    small.apply(Command::District(44));
    let mut large = small.clone();
    large.apply(Command::ToggleGrouping);
    for _ in 0..12 {
        large.apply(Command::MoreTiles);
    }
    for (name, mut wall) in [("a district of 7", small), ("64 tiles, grouped", large)] {
        let scene = country::election_day(&list, |_| false);
        let text = Text::of(Lang::Az);
        let ctx = egui::Context::default();
        ui::theme::install(&ctx);
        let mut spent = [Vec::new(), Vec::new()];
        for pass in 0..PASSES + 20 {
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(
                    egui::Pos2::ZERO,
                    egui::vec2(1920.0, 1080.0),
                )),
                time: Some(f64::from(pass) / 15.0),
                ..Default::default()
            };
            let began = SystemClock.mono();
            let mut output = ctx.run_ui(input, |ui| {
                let _ = ui::wall(ui, &mut wall, &scene, &text);
            });
            let laid_out = SystemClock.mono();
            let triangles = ctx.tessellate(std::mem::take(&mut output.shapes), 1.0);
            let done = SystemClock.mono();
            std::hint::black_box(triangles);
            output.textures_delta.clear();
            // The first passes make the glyphs.
            if pass >= 20 {
                spent[0].push(laid_out.since(began));
                spent[1].push(done.since(laid_out));
            }
        }
        for (part, spent) in ["ui", "tessellate"].iter().zip(&spent) {
            let mean = spent.iter().sum::<Duration>() / PASSES;
            let slowest = spent.iter().max().unwrap();
            println!("{name}: {part}: mean {mean:?}, slowest {slowest:?}");
        }
    }
}
