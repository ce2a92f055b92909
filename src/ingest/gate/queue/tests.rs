use proptest::prelude::*;

use super::*;
use crate::model::{FeedKind, StationId};

fn feed(n: u32) -> FeedId {
    FeedId { station: StationId::new(1, n), kind: FeedKind::Main }
}

fn at(ms: u64) -> Mono {
    Mono::from_micros(i64::try_from(ms * 1000).unwrap())
}

fn queue() -> Queue {
    Queue::new(Limits::default())
}

/// Lets everybody through who may go at `ms`.
fn all(q: &mut Queue, ms: u64) -> Vec<Ticket> {
    std::iter::from_fn(|| match q.next(at(ms)) {
        Next::Go(ticket) => Some(ticket),
        _ => None,
    })
    .collect()
}

#[test]
fn a_thousand_feeds_take_twenty_seconds_and_come_in_order() {
    let mut q = queue();
    let line: Vec<Ticket> = (0..1000).map(|n| q.enter(feed(n), &format!("10.0.{n}.1"))).collect();
    let (mut gone, mut now) = (Vec::new(), at(0));
    let last = loop {
        match q.next(now) {
            Next::Go(ticket) => {
                gone.push(ticket);
                q.leave(ticket);
            }
            Next::At(then) => now = then,
            Next::Idle => break now,
        }
    };
    assert_eq!(gone, line);
    assert_eq!(last, at(19_800), "the last ten begin 0.2 s before the twentieth second ends");
}

#[test]
fn a_single_loss_is_not_kept_waiting() {
    let mut q = queue();
    let ticket = q.enter(feed(1), "a");
    assert_eq!(q.next(at(0)), Next::Go(ticket));
    assert_eq!(q.next(at(0)), Next::Idle);
}

#[test]
fn four_at_one_host_and_the_neighbours_go_past() {
    let mut q = queue();
    let busy: Vec<_> = (0..6).map(|n| q.enter(feed(n), "a")).collect();
    let other = q.enter(feed(9), "b");
    assert_eq!(all(&mut q, 0), [busy[0], busy[1], busy[2], busy[3], other]);
    assert_eq!(q.next(at(60_000)), Next::Idle, "the fifth waits for a slot, not for time");
    assert!(q.is_held_by_host(busy[4]) && !q.is_held_by_host(other));
    q.leave(busy[2]);
    assert_eq!(all(&mut q, 60_000), [busy[4]]);
    // Somebody who waits and gives up takes no slot with him.
    q.leave(busy[5]);
    q.leave(busy[5]);
    q.leave(busy[0]);
    let late = q.enter(feed(10), "a");
    assert_eq!(all(&mut q, 60_000), [late]);
}

#[test]
fn what_comes_on_screen_goes_first_although_it_came_last() {
    let mut q = Queue::new(Limits { burst: 1, ..Limits::default() });
    let line: Vec<_> = (0..30).map(|n| q.enter(feed(n), &n.to_string())).collect();
    assert_eq!(q.next(at(0)), Next::Go(line[0]));
    q.prefer(&[feed(27), feed(29)].into());
    assert_eq!(q.next(at(20)), Next::Go(line[27]));
    q.prefer(&[feed(11)].into());
    assert_eq!(q.next(at(40)), Next::Go(line[11]), "another page now");
    assert_eq!(q.next(at(60)), Next::Go(line[1]));
}

#[test]
fn a_page_that_fails_and_fails_does_not_stop_the_country() {
    let mut q = Queue::new(Limits { burst: 1, ..Limits::default() });
    q.prefer(&(0..9).map(feed).collect());
    for n in 0..9 {
        q.enter(feed(n), "page");
    }
    let patient = q.enter(feed(500), "far away");
    let mut passed_over = 0;
    for round in 0.. {
        let Next::Go(ticket) = q.next(at(round * 20)) else { panic!("somebody always waits") };
        if ticket == patient {
            break;
        }
        passed_over += 1;
        q.leave(ticket);
        q.enter(feed(u32::try_from(round % 9).unwrap()), "page");
    }
    assert_eq!(passed_over, SHOWN_IN_A_ROW);
}

#[derive(Clone, Debug)]
enum Act {
    Enter { feed: u32, host: u8 },
    Leave(prop::sample::Index),
    GiveUp(prop::sample::Index),
    Show(Vec<u32>),
    Wait(u64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0u32..60, 0u8..12).prop_map(|(feed, host)| Act::Enter { feed, host }),
        4 => any::<prop::sample::Index>().prop_map(Act::Leave),
        1 => any::<prop::sample::Index>().prop_map(Act::GiveUp),
        1 => prop::collection::vec(0u32..60, 0..8).prop_map(Act::Show),
        3 => (0u64..300).prop_map(Act::Wait),
    ]
}

proptest! {
    /// Whatever comes: never more than fifty in any second, nor ten in any fifth of one; never
    /// more than four at one host; nobody goes twice or after giving up; and nobody stays behind
    /// whose turn it is.
    #[test]
    fn the_limits_hold_and_nobody_is_forgotten(acts in prop::collection::vec(act(), 1..400)) {
        let mut q = queue();
        let (mut now, mut shown, mut in_a_row) = (0u64, BTreeSet::new(), 0);
        let mut began: Vec<u64> = Vec::new();
        let mut waiting: Vec<(Ticket, u32, u8)> = Vec::new();
        let mut open: Vec<(Ticket, u8)> = Vec::new();
        for act in acts {
            match act {
                Act::Enter { feed: n, host } => {
                    waiting.push((q.enter(feed(n), &host.to_string()), n, host));
                }
                Act::Leave(index) if !open.is_empty() => {
                    q.leave(open.swap_remove(index.index(open.len())).0);
                }
                Act::GiveUp(index) if !waiting.is_empty() => {
                    q.leave(waiting.remove(index.index(waiting.len())).0);
                }
                Act::Show(feeds) => {
                    shown = feeds.into_iter().map(feed).collect();
                    q.prefer(&shown);
                }
                Act::Wait(ms) => now += ms,
                Act::Leave(_) | Act::GiveUp(_) => {}
            }
            let stopped = loop {
                match q.next(at(now)) {
                    Next::Go(ticket) => {
                        let place = waiting.iter().position(|w| w.0 == ticket);
                        prop_assert!(place.is_some(), "{ticket:?} does not wait");
                        let (_, n, host) = waiting.remove(place.unwrap());
                        let held = |host: u8| open.iter().filter(|o| o.1 == host).count();
                        let passed_over = waiting
                            .iter()
                            .any(|w| shown.contains(&feed(w.1)) && held(w.2) < 4);
                        let on_screen = shown.contains(&feed(n));
                        prop_assert!(on_screen || !passed_over || in_a_row == SHOWN_IN_A_ROW);
                        in_a_row = if on_screen { (in_a_row + 1).min(SHOWN_IN_A_ROW) } else { 0 };
                        open.push((ticket, host));
                        began.push(now);
                    }
                    other => break other,
                }
            };
            let held = |host: u8| open.iter().filter(|o| o.1 == host).count();
            prop_assert!(open.iter().all(|o| held(o.1) <= 4));
            match stopped {
                Next::At(then) => {
                    prop_assert!(then > at(now) && then <= at(now + 200), "a short wait at most");
                }
                _ => prop_assert!(waiting.iter().all(|w| held(w.2) == 4), "somebody could go"),
            }
        }
        for (window, most) in [(1000, 50), (200, 10)] {
            for (i, from) in began.iter().enumerate() {
                let within = began[i..].iter().take_while(|t| **t < from + window).count();
                prop_assert!(within <= most, "{within} in {window} ms");
            }
        }
    }

    /// With a page on screen that enters again as soon as it can: everybody else gets his turn
    /// within ten times the number of those ahead of him.
    #[test]
    fn nobody_starves(others in 1u32..40, page in 1u32..30) {
        let mut q = queue();
        q.prefer(&(0..page).map(feed).collect());
        for n in 0..page {
            q.enter(feed(n), &format!("page {n}"));
        }
        let line: Vec<_> =
            (0..others).map(|n| q.enter(feed(1000 + n), &format!("other {n}"))).collect();
        let (mut now, mut grants, mut gone) = (at(0), 0, Vec::new());
        while gone.len() < line.len() {
            match q.next(now) {
                Next::Go(ticket) => {
                    grants += 1;
                    q.leave(ticket);
                    if line.contains(&ticket) {
                        gone.push(ticket);
                        prop_assert!(grants <= gone.len() * 10, "{grants} {}", gone.len());
                    } else {
                        let n = grants as u32 % page;
                        q.enter(feed(n), &format!("page {n}"));
                    }
                }
                Next::At(then) => now = then,
                Next::Idle => prop_assert!(false, "somebody waits"),
            }
        }
        prop_assert_eq!(gone, line);
    }
}
