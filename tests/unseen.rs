//! What goes wrong off screen, through the whole program: a picture that turns black and a stream
//! that nobody can decode are told although no tile shows them, and their neighbours stay live.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]

mod support;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use pollwall::media::Codec;
use serde_json::Value;
use support::clip::Clip;
use support::hostile::{Conversation, HostileCamera, Rtp, Step, well_behaved};
use support::program::Home;
use support::screen::Screen;
use support::simulator::Simulator;

/// By the wall's clock, which its summaries tell every ten seconds only: the promise is ten more, and
/// what a busy machine adds.
const BLACK_WITHIN_MS: u64 = 35_000;

/// Between two pictures.
const EVERY: Duration = Duration::from_millis(66);

/// A camera that keeps to every rule and whose pictures are nonsense.
fn undecodable() -> HostileCamera {
    let mut clip = Clip::new(Codec::H264, 160, 96, 4);
    for picture in &mut clip.pictures {
        for nal in &mut picture.nals {
            let head = nal[0];
            *nal = std::iter::once(head).chain([0xff; 60]).collect();
        }
    }
    let clip = Arc::new(clip);
    HostileCamera::start(Arc::new(move |_, _| {
        let (answers, pictures) = (Arc::clone(&clip), Arc::clone(&clip));
        let mut rtp = Rtp { sequence: 1, time: 0 };
        let stream = (0..)
            .flat_map(move |n| [Step::Send(rtp.picture(&pictures, n).concat()), Step::Wait(EVERY)]);
        Conversation {
            answer: Box::new(move |method, sequence| {
                Some(well_behaved(&answers, method, sequence))
            }),
            stream: Box::new(stream),
            patience: Duration::from_secs(60),
        }
    }))
}

/// The last that was said of a station.
fn last<'a>(told: &'a [Value], station: &str) -> Option<&'a Value> {
    told.iter().rev().find(|line| line["station"] == station && line["state"].is_string())
}

#[test]
fn what_turns_black_or_cannot_be_decoded_is_told_off_screen() {
    let (screen, home) = (Screen::start(), Home::new());
    let mut simulator = Simulator::start(&["--stations", "4"], "");
    let nonsense = undecodable();
    let list = fs::read_to_string(simulator.list()).unwrap();
    let cells = list.lines().filter_map(|line| line.split(',').find(|c| c.starts_with("rtsp://")));
    let urls: Vec<&str> = cells.collect();
    // The first district's page is on screen; the second has what goes wrong.
    let csv = format!(
        "district,station,main\n1,1,{}\n1,2,{}\n2,1,{}\n2,2,{}\n2,3,{}\n",
        urls[0],
        urls[1],
        urls[2],
        urls[3],
        nonsense.url("/odd")
    );
    fs::write(home.path("list.csv"), csv).unwrap();
    home.accept(&home.path("list.csv"));
    let mut command = home.command(&["wall", "--district", "1", "--print-states", "json"]);
    command.env("DISPLAY", screen.display());
    let mut wall = home.start(command);
    wall.until("what cannot be decoded to be told", || {
        let told = home.told();
        let is = last(&told, "2/3")
            .is_some_and(|line| line["state"] == "unsupported" && line["trouble"] == "undecodable");
        is.then_some(())
    });
    wall.until("the others to be live", || {
        let told = home.told();
        let live = |s: &&str| last(&told, s).is_some_and(|line| line["state"] == "live");
        ["1/1", "1/2", "2/1", "2/2"].iter().all(live).then_some(())
    });
    let begun = home.told();
    let address = urls[2].trim_start_matches("rtsp://127.20.").split(':').next().unwrap();
    let script = |kind: &str| {
        format!("[[fault]]\nstations = ['{}']\nkind = '{kind}'\n", address.replace('.', "/"))
    };
    let t_ms = |line: &Value| line["t_ms"].as_u64().unwrap();
    simulator.set_script(&script("black"));
    let black = wall.until("the black picture to be told", || {
        let told = home.told();
        let black = last(&told[begun.len()..], "2/1").filter(|line| line["state"] == "black");
        black.cloned()
    });
    assert!(t_ms(&black) - t_ms(begun.last().unwrap()) <= BLACK_WITHIN_MS, "{black}");
    assert!(black["rate"].as_f64().unwrap() > 5.0, "units go on: {black}");
    simulator.set_script("");
    wall.until("the picture to be back", || {
        let told = home.told();
        let live = last(&told, "2/1").is_some_and(|line| line["state"] == "live");
        live.then_some(())
    });
    let told = home.told();
    let tiles = told.iter().filter_map(|line| line["tiles"].as_array()).flatten();
    let mut shown: Vec<&str> = tiles.map(|tile| tile["station"].as_str().unwrap()).collect();
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown, ["1/1", "1/2"], "the second district was never on screen");
    let neighbours = told[begun.len()..]
        .iter()
        .filter(|line| line["state"].is_string())
        .filter(|line| ["1/1", "1/2", "2/2"].iter().any(|s| line["station"] == *s));
    assert_eq!(neighbours.collect::<Vec<_>>(), Vec::<&Value>::new(), "a neighbour noticed");
    wall.signal("TERM");
    assert_eq!(wall.until_ended().code(), Some(0), "{}", wall.said());
    assert_eq!(home.logged(&["did not end within"]), Vec::<String>::new());
}
