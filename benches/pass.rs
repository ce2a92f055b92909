//! How long one pass of the wall takes with a thousand stations, without the adapter's part:
//! `cargo bench --bench pass`. Prints the median and the slowest of many, laying out (`ui`) and
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
use pollwall::model::StationList;
use pollwall::text::{Lang, Text};
use pollwall::ui;
use pollwall::wall::{Command, Wall};

const PASSES: u32 = 1000;

/// What the operator feels of the search: opening it on a new list, and a letter typed.
fn search(list: &Arc<StationList>) {
    let mut wall = Wall::new(Arc::clone(list));
    let began = SystemClock.mono();
    wall.apply(Command::OpenSearch);
    let opened = SystemClock.mono();
    let typed = ["ə", "mə", "məktəb", "57", "57/1", "corek nizami", "yoxdur"];
    for typed in typed {
        wall.find(typed);
    }
    let each = SystemClock.mono().since(opened) / typed.len() as u32;
    println!("search: opened in {:?}, found in {each:?}", opened.since(began));
}

fn main() {
    let list = country::country();
    search(&list);
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
        for (part, spent) in ["ui", "tessellate"].iter().zip(&mut spent) {
            // The median: other programs on the machine spoil a mean.
            spent.sort_unstable();
            let (median, slowest): (Duration, Duration) =
                (spent[spent.len() / 2], spent[spent.len() - 1]);
            println!("{name}: {part}: median {median:?}, slowest {slowest:?}");
        }
    }
}
