use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::failure::{HOPELESS_AFTER, SILENT_UNITS};
use super::*;
use crate::clock::{Clock, SystemClock, WallTime};
use crate::config::secrets::FeedSource;
use crate::health::Trouble;
use crate::media::{AccessUnit, Codec, StreamParams};
use crate::model::{FeedId, FeedKind, StationId};

fn feed() -> Arc<Feed> {
    let source = FeedSource {
        id: FeedId { station: StationId::new(1, 1), kind: FeedKind::Main },
        url: "rtsp://127.0.0.1/".parse().unwrap(),
        shown_url: String::new(),
        login: None,
    };
    Feed::new(source, Arc::new(SystemClock), 1 << 20, Default::default())
}

/// A keyframe that no decoder can make anything of.
fn nonsense() -> AccessUnit {
    let params = StreamParams {
        codec: Codec::H264,
        extra_data: Vec::new(),
        width: 64,
        height: 64,
        sample_aspect: None,
    };
    AccessUnit {
        params: Arc::new(params),
        data: vec![0xff; 16].into(),
        is_key: true,
        after_loss: false,
        pts: 0,
        arrived_at: SystemClock.mono(),
        taken_at: WallTime::default(),
    }
}

#[test]
fn a_decoder_that_is_told_to_end_leaves_its_queue() {
    let feed = feed();
    let join = feed.join();
    for _ in 0..100 {
        feed.deliver(nonsense());
    }
    feed.leave();
    let waker: Waker = Arc::new(|| {});
    run(&feed, &join, &waker);
    assert_eq!(feed.counters.damaged.load(Ordering::Relaxed), 0, "nothing was decoded for nobody");
    assert_eq!(join.units.len(), 99);
}

#[test]
fn keyframes_that_give_neither_picture_nor_error_are_not_live_for_ever() {
    let feed = feed();
    feed.observe(Event::DecodeStarted);
    let mut failure = Failure::default();
    let verdict = || {
        let now = SystemClock.mono();
        feed.assess(now, crate::health::Pulse::starting(now)).trouble
    };
    for number in 0..SILENT_UNITS {
        feed.deliver(nonsense());
        failure.note(&feed, true, &Ok(()), false);
        assert_eq!(verdict(), None, "a codec may hold {number} pictures back");
    }
    failure.note(&feed, true, &Ok(()), false);
    assert_eq!(verdict(), Some(Trouble::Undecodable));
}

#[test]
fn what_cannot_be_decoded_at_all_is_said_and_not_called_live() {
    let feed = feed();
    let join = feed.join();
    feed.observe(Event::DecodeStarted);
    for _ in 0..HOPELESS_AFTER {
        feed.deliver(nonsense());
    }
    let verdict = |feed: &Feed| {
        let now = SystemClock.mono();
        feed.assess(now, crate::health::Pulse::starting(now))
    };
    assert_eq!(verdict(&feed).state, crate::health::State::Live);
    // The queue ends with the sender, as it does for a feed that is taken off the list.
    let units: Vec<_> = join.units.try_iter().collect();
    let (sender, receiver) = crossbeam_channel::bounded(units.len());
    for unit in units {
        sender.send_timeout(unit, Duration::ZERO).unwrap();
    }
    drop(sender);
    let waker: Waker = Arc::new(|| {});
    run(&feed, &Join { units: receiver, ..join }, &waker);
    let said = verdict(&feed);
    assert_eq!(said.state, crate::health::State::Unsupported);
    assert_eq!(said.trouble, Some(Trouble::Undecodable));
}
