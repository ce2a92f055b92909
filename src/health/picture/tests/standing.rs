//! Pictures that stand for minutes, hours, over reconnects and from before we looked; and live ones
//! that look as if they did.

use super::*;

/// A room with another pattern.
fn other_room(second: u64) -> Vec<u8> {
    let mut data = room(1.0, Some(second));
    data.rotate_left(11 * WIDTH + 7);
    data
}

/// A room in which the noise shows in one of so many boxes.
fn grain(one_in: u8, second: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(second.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut data = room(1.0, None);
    data.iter_mut().for_each(|value| *value += u8::from(random.u8(..one_in) == 0));
    data
}

/// What a coder makes of one picture for hours: it goes to and fro between codings, and now and then
/// takes a quite different quantiser for a while.
fn recoded(second: u64) -> Vec<u8> {
    let odd = (second / 7).is_multiple_of(40);
    room(1.0, Some(if odd { 900 + second / 14 } else { 7 + second / 10 % 3 }))
}

fn sizes(n: i64) -> usize {
    300 + (n * 37 % 90) as usize
}

/// Runs for so many seconds, and says for how many of them, asked once in each, it was frozen.
fn held(feed: &mut Feed, seconds: u32, unit: fn(i64) -> usize, picture: fn(u64) -> Vec<u8>) -> u32 {
    let is_frozen = |_| u32::from(name(feed.run(1, unit, picture)) == "frozen");
    (0..seconds).map(is_frozen).sum()
}

/// Lives for two minutes and freezes.
fn frozen() -> Feed {
    let mut feed = Feed::new();
    assert_eq!(name(feed.live(120)), "fine");
    assert_eq!(name(feed.run(58, |_| 14, |_| room(1.0, Some(7)))), "frozen");
    feed
}

#[test]
fn what_stands_for_ten_minutes_and_for_three_hours_stays_told() {
    let mut feed = frozen();
    assert_eq!(held(&mut feed, 600, |_| 14, |_| room(1.0, Some(7))), 600);
    assert_eq!(held(&mut feed, 3 * 3600, |_| 14, |_| room(1.0, Some(7))), 3 * 3600);
    assert_eq!(name(feed.live(20)), "fine", "and ends when it is over");
    assert_eq!(name(feed.live(1200)), "fine");
    assert_eq!(name(feed.run(58, |_| 14, |_| room(1.0, Some(7)))), "frozen", "and is told again");
}

#[test]
fn a_coder_that_changes_its_mind_about_a_standing_picture_wakes_nobody() {
    let mut feed = frozen();
    assert_eq!(held(&mut feed, 3 * 3600, |n| 200 + (n % 50) as usize, recoded), 3 * 3600);
    assert_eq!(name(feed.live(30)), "fine");
}

#[test]
fn what_is_suspect_for_an_hour_is_not_learnt_from() {
    let mut feed = Feed::new();
    feed.run(200, sizes, |second| grain(3, second));
    // Of 2 · 1/3 · 2/3 of the boxes that flicker three quarters, or hardly any: it may be frozen, and
    // its units are too large to be sure.
    let doubtful =
        |second: u64| grain(if (second / 12).is_multiple_of(3) { 40 } else { 5 }, second);
    let large = |n: i64| 500 + (n * 37 % 90) as usize;
    assert_eq!(name(feed.run(3600, large, doubtful)), "fine");
    assert!(feed.health.evidence().change_usual.unwrap() > 1400.0);
    assert_eq!(name(feed.run(58, |_| 14, |_| room(1.0, Some(7)))), "frozen");
}

/// The crowd has left: less flickers than ever, but as evenly as noise does.
#[test]
fn noise_that_does_not_rest_is_alive_however_little_it_is_and_is_learnt() {
    let mut feed = Feed::new();
    feed.run(300, sizes, |second| grain(3, second));
    for _ in 0..60 {
        assert_eq!(name(feed.run(60, |_| 14, |second| grain(9, second))), "fine");
    }
    assert!(feed.health.evidence().change_usual.unwrap() < 900.0);
    assert_eq!(name(feed.run(58, |_| 14, |_| room(1.0, Some(7)))), "frozen");
}

#[test]
fn a_doubt_that_lasts_is_not_looked_at_more_often_for_ever() {
    let mut feed = Feed::new();
    feed.run(200, sizes, |second| grain(3, second));
    feed.run(20, sizes, |second| grain(5, second));
    assert!(feed.health.is_suspect());
    feed.run(400, sizes, |second| grain(5, second));
    assert!(!feed.health.is_suspect());
}

#[test]
fn a_camera_that_reconnects_frozen_stays_told() {
    let mut feed = frozen();
    for _ in 0..20 {
        feed.health.session();
        // The coder begins badly, and settles.
        assert_eq!(held(&mut feed, 20, sizes, |s| room(1.0, Some(100 + s / 4))), 20);
        assert_eq!(held(&mut feed, 100, |_| 14, |_| room(1.0, Some(9))), 100);
    }
    feed.health.session();
    assert_eq!(name(feed.live(60)), "fine", "until one finds it alive");
}

#[test]
fn a_camera_that_reconnects_before_it_was_told_is_told_by_what_is_known_of_its_noise() {
    let mut feed = Feed::new();
    feed.live(120);
    feed.run(10, |_| 14, |_| room(1.0, Some(7)));
    feed.health.session();
    assert_eq!(name(feed.run(58, |_| 14, |_| room(1.0, Some(7)))), "frozen");
    // One that comes back alive, in another coding, is not.
    let mut feed = Feed::new();
    feed.live(120);
    feed.health.session();
    assert_eq!(name(feed.run(1200, |_| 14, |second| grain(9, second))), "fine");
}

#[test]
fn a_camera_that_comes_back_to_another_picture_is_let_go() {
    let mut feed = frozen();
    assert_eq!(name(feed.run(40, sizes, other_room)), "fine");
    // In another light, with less noise than ever: it takes longer, and is found.
    let mut feed = frozen();
    let night = |second: u64| {
        let mut data = grain(12, second);
        data.iter_mut().for_each(|value| *value /= 2);
        data
    };
    assert_eq!(name(feed.run(30, |_| 14, night)), "frozen");
    assert_eq!(name(feed.run(90, |_| 14, night)), "fine");
}

#[test]
fn one_other_picture_that_stands_is_no_sign_of_life() {
    let mut feed = frozen();
    for _ in 0..30 {
        assert_eq!(held(&mut feed, 120, |_| 14, |_| other_room(5)), 120);
        assert_eq!(held(&mut feed, 120, |_| 14, |_| room(1.0, Some(7))), 120);
    }
}

#[test]
fn light_that_goes_on_drifting_is_a_sign_of_life() {
    let mut feed = frozen();
    // Without any noise: only the light tells.
    let dusk = |second: u64| room(1.0 - 0.1 * (second.saturating_sub(178)) as f32 / 300.0, None);
    assert_eq!(name(feed.run(200, |_| 14, dusk)), "fine");
}

#[test]
fn what_stood_before_we_looked_is_told_after_ten_minutes() {
    // Sent as a slide; and coded anew, with the noise that stands in it.
    let mut feed = Feed::new();
    assert_eq!(name(feed.run(590, |_| 14, |_| room(1.0, None))), "fine", "not before");
    for picture in [|_| room(1.0, None), recoded as fn(u64) -> Vec<u8>] {
        let mut feed = Feed::new();
        assert_eq!(name(feed.run(650, |_| 14, picture)), "frozen");
        assert_eq!(held(&mut feed, 3600, |_| 14, picture), 3600);
        assert_eq!(name(feed.live(30)), "fine");
    }
}

/// Cameras that take out all noise: nobody knows whether an empty room stands.
#[test]
fn a_room_without_noise_in_which_somebody_has_moved_is_not_decided() {
    let still = |_: u64| room(1.0, None);
    let walk = |second: u64| {
        let mut data = room(1.0, None);
        let at = 20 * WIDTH + (second * 5 % 60) as usize;
        (0..8).for_each(|row| data[at + row * WIDTH..at + row * WIDTH + 6].fill(200));
        data
    };
    let mut feed = Feed::new();
    feed.run(30, |_| 14, still);
    feed.run(20, |_| 60, walk);
    assert_eq!(name(feed.run(3 * 3600, |_| 14, still)), "fine");
    // If it stood from the first moment on it is told, falsely; but once only.
    let mut feed = Feed::new();
    assert_eq!(name(feed.run(660, |_| 14, still)), "frozen");
    assert_eq!(name(feed.run(30, |_| 60, walk)), "fine");
    assert_eq!(name(feed.run(3 * 3600, |_| 14, still)), "fine");
}

#[test]
fn a_dark_picture_that_stands_is_not_told() {
    let dark = |_: u64| {
        let mut data = vec![9; WIDTH * HEIGHT];
        data[15 * WIDTH + 40..15 * WIDTH + 70].fill(180);
        data[16 * WIDTH + 40..16 * WIDTH + 70].fill(180);
        data
    };
    let mut feed = Feed::new();
    assert_eq!(name(feed.run(1200, |_| 14, dark)), "fine");
    feed.live(200);
    assert_eq!(name(feed.run(3 * 3600, |_| 14, dark)), "fine");
}
