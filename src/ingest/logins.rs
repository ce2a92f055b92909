//! What a rejected login means: cameras lock everybody out who asks too often, so after a few
//! failures only a person may ask again.
//!
//! A common lockout is 5 to 7 failures within some minutes, for half an hour (the makers' default
//! settings; some can be set to 3). Three failures, at least a minute and then five minutes apart,
//! stay below that. They are counted at the *door*, the host and port with the login: it is the
//! camera, or the recorder with its sixteen channels, that counts ours. What is already under way
//! when the third one fails comes on top (at most as many as the gate lets in at once), and one
//! attempt of a feed that this login has let in before: if that succeeds, the others had no
//! permission, and the login is well. A feed without a login is counted for itself. The book outlives sessions: a feed that is received only
//! while it is enlarged must not begin to count anew each time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use crate::clock::{Mono, lock};
use crate::config::secrets::{FeedSource, masked};
use crate::health::Trouble;
use crate::model::FeedId;

/// When a login is given up.
#[derive(Clone, Debug)]
pub struct Limits {
    /// So many failures…
    pub failures: usize,
    /// …within this time, and only a person may try again.
    pub within: Duration,
    /// The shortest wait after the first failure. A draw of up to half of it is added.
    pub first_wait: Duration,
    /// The same after every further one, and from the second refusal (error 403) on.
    pub later_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            failures: 3,
            within: Duration::from_secs(30 * 60),
            first_wait: Duration::from_secs(60),
            later_wait: Duration::from_secs(300),
        }
    }
}

/// What to do after a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The login worked before: ask once more at once. It does not count yet.
    AskAgain,
    /// It counts; ask again after this.
    Wait(Duration),
    /// Only a person may ask again.
    GiveUp,
}

/// One feed's URL with its login.
#[derive(Clone, Debug, Default)]
struct Login {
    /// It was accepted, and has not been rejected since.
    accepted: bool,
    failures: Vec<Mono>,
    /// Refusals (error 403) in a row.
    refusals: u32,
    refused_at: Option<Mono>,
    /// The next attempt may begin at this moment.
    not_before: Mono,
    given_up: bool,
}

impl Login {
    fn accepted(&mut self) {
        *self = Self { accepted: true, ..Self::default() };
    }

    fn rejected(&mut self, limits: &Limits, now: Mono, random: f64) -> Verdict {
        self.accepted = false;
        self.failures.retain(|failure| now.since(*failure) < limits.within);
        self.failures.push(now);
        if self.failures.len() >= limits.failures {
            self.given_up = true;
            return Verdict::GiveUp;
        }
        let first = self.failures.len() == 1;
        Verdict::Wait(self.hold(limits, first, now, random))
    }

    fn refused(&mut self, limits: &Limits, now: Mono, random: f64) -> Duration {
        self.refusals = self.refusals.saturating_add(1);
        self.refused_at = Some(now);
        self.hold(limits, self.refusals == 1, now, random)
    }

    fn hold(&mut self, limits: &Limits, first: bool, now: Mono, random: f64) -> Duration {
        let least = if first { limits.first_wait } else { limits.later_wait };
        let wait = least + least.mul_f64(random.clamp(0.0, 1.0) / 2.0);
        self.not_before = now + wait;
        wait
    }
}

/// A door that was given up because of others is looked at again after this.
const DOOR_AGAIN: Duration = Duration::from_secs(30);

/// Who counts our failures: a host and port, with what we log in with, which may stand in the query
/// (`?token=`).
#[derive(Clone, PartialEq, Eq, Hash)]
struct DoorKey {
    /// Whoever shows no login is counted for himself: nobody is locked out because somebody else has
    /// asked without one.
    alone: Option<FeedId>,
    host: String,
    port: Option<u16>,
    login: Option<(String, String)>,
    query: Option<String>,
}

impl DoorKey {
    fn of(source: &FeedSource) -> Self {
        let query = source.url.query().filter(|_| source.login.is_none()).map(str::to_owned);
        let secret_query = query.is_some() && masked(source.url.as_str()) != source.url.as_str();
        Self {
            alone: (source.login.is_none() && !secret_query).then_some(source.id),
            host: source.url.host_str().unwrap_or_default().to_ascii_lowercase(),
            port: source.url.port().or_else(|| match source.url.scheme() {
                "rtsp" => Some(554),
                scheme => crate::media::default_port(scheme),
            }),
            login: source.login.as_ref().map(|l| (l.user.clone(), l.password.clone())),
            query,
        }
    }
}

/// A door and a login.
#[derive(Clone, Debug, Default)]
struct Door {
    /// It let somebody in, and has rejected nobody since.
    trusted: bool,
    failures: Vec<Mono>,
    not_before: Mono,
    given_up: bool,
    /// A feed that it had let in has tried since.
    witnessed: bool,
}

impl Door {
    /// Somebody was rejected, and that counts for this feed as `own`.
    fn rejected(&mut self, own: Verdict, limits: &Limits, now: Mono) -> Verdict {
        self.failures.retain(|failure| now.since(*failure) < limits.within);
        self.failures.push(now);
        self.given_up |= self.failures.len() >= limits.failures;
        match own {
            // Like the others at this door: see `Door::standing`.
            Verdict::Wait(_) if self.given_up => Verdict::Wait(DOOR_AGAIN),
            Verdict::Wait(wait) => {
                self.not_before = self.not_before.max(now + wait);
                Verdict::Wait(self.not_before.since(now))
            }
            other => other,
        }
    }

    /// What it says to whoever wants to try; `known`: it has let this feed in before.
    fn standing(&mut self, known: bool, now: Mono) -> Option<(Trouble, Option<Duration>)> {
        let wait = self.not_before.since(now);
        if !self.given_up && wait.is_zero() {
            return None;
        }
        if known && !std::mem::replace(&mut self.witnessed, true) {
            return None;
        }
        // Not for a person at this very feed: when the door is well again, through another feed or
        // a person at one, this one finds out by itself. Asking here costs the camera nothing.
        Some(if self.given_up {
            (Trouble::AuthGivenUp, Some(DOOR_AGAIN))
        } else {
            (Trouble::AuthRejected, Some(wait))
        })
    }
}

/// What is known about every login in this process's life. A changed URL or login begins a new
/// page.
#[derive(Default)]
pub(super) struct Book(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    feeds: BTreeMap<FeedId, (FeedSource, Login)>,
    doors: HashMap<DoorKey, Door>,
}

impl Book {
    fn with<T>(&self, source: &FeedSource, f: impl FnOnce(&mut Login, &mut Door) -> T) -> T {
        let pages = &mut *lock(&self.0);
        let (known, login) =
            pages.feeds.entry(source.id).or_insert_with(|| (source.clone(), Login::default()));
        if known != source {
            (*known, *login) = (source.clone(), Login::default());
        }
        f(login, pages.doors.entry(DoorKey::of(source)).or_default())
    }

    /// The camera has let us in.
    pub(super) fn accepted(&self, source: &FeedSource) {
        self.with(source, |login, door| {
            login.accepted();
            *door = Door { trusted: true, ..Door::default() };
        });
    }

    /// The camera rejects the login (error 401). `random` is an even draw from 0 to 1.
    pub(super) fn rejected(
        &self,
        source: &FeedSource,
        limits: &Limits,
        now: Mono,
        random: f64,
    ) -> Verdict {
        self.with(source, |login, door| {
            if std::mem::take(&mut door.trusted) {
                return Verdict::AskAgain;
            }
            door.rejected(login.rejected(limits, now, random), limits, now)
        })
    }

    /// The camera knows us and still refuses (error 403): no permission, no free session, or
    /// locked out for a while. It is asked seldom, but never given up, as time may mend it. Gives
    /// the wait.
    pub(super) fn refused(
        &self,
        source: &FeedSource,
        limits: &Limits,
        now: Mono,
        random: f64,
    ) -> Duration {
        self.with(source, |login, _| login.refused(limits, now, random))
    }

    /// What earlier attempts of this feed, or of others at its door, have left: why, and the time to
    /// wait before the next attempt; no time means that only a person may ask again. To be asked
    /// right before an attempt.
    pub(super) fn standing(
        &self,
        source: &FeedSource,
        now: Mono,
    ) -> Option<(Trouble, Option<Duration>)> {
        self.with(source, |login, door| {
            let wait = login.not_before.since(now);
            if login.given_up {
                return Some((Trouble::AuthGivenUp, None));
            }
            let rejected = login.failures.last() >= login.refused_at.as_ref();
            let why = if rejected { Trouble::AuthRejected } else { Trouble::Forbidden };
            if !wait.is_zero() {
                return Some((why, Some(wait)));
            }
            door.standing(login.accepted, now)
        })
    }

    /// A person says that it is worth another try. Everything counts anew.
    pub(super) fn forgive(&self, feed: FeedId) {
        let pages = &mut *lock(&self.0);
        if let Some((source, login)) = pages.feeds.get_mut(&feed) {
            *login = Login { accepted: login.accepted, ..Login::default() };
            if let Some(door) = pages.doors.get_mut(&DoorKey::of(source)) {
                *door = Door { trusted: door.trusted, ..Door::default() };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::secrets::Login as Words;
    use crate::model::{FeedKind, StationId};

    fn source(password: &str) -> FeedSource {
        FeedSource {
            id: FeedId { station: StationId::new(1, 1), kind: FeedKind::Main },
            url: "rtsp://camera/".parse().unwrap(),
            shown_url: "rtsp://camera/".into(),
            login: Some(Words { user: "u".into(), password: password.into() }),
        }
    }

    struct Camera {
        book: Book,
        now: u64,
    }

    impl Camera {
        fn new() -> Self {
            Self { book: Book::default(), now: 1 }
        }

        fn at(&self) -> Mono {
            Mono::from_micros(i64::try_from(self.now * 1_000_000).unwrap())
        }

        fn rejects(&self) -> Verdict {
            self.book.rejected(&source("old"), &Limits::default(), self.at(), 0.0)
        }

        fn standing(&self) -> Option<(Trouble, Option<Duration>)> {
            self.book.standing(&source("old"), self.at())
        }
    }

    const GIVEN_UP: (Trouble, Option<Duration>) = (Trouble::AuthGivenUp, None);

    fn wait(seconds: u64) -> Verdict {
        Verdict::Wait(Duration::from_secs(seconds))
    }

    #[test]
    fn three_failures_minutes_apart_and_then_only_a_person_asks() {
        let mut camera = Camera::new();
        assert_eq!(camera.standing(), None);
        assert_eq!(camera.rejects(), wait(60));
        let minute = Duration::from_secs(60);
        assert_eq!(camera.standing(), Some((Trouble::AuthRejected, Some(minute))));
        camera.now += 60;
        assert_eq!(camera.standing(), None);
        assert_eq!(camera.rejects(), wait(300));
        camera.now += 300;
        assert_eq!(camera.rejects(), Verdict::GiveUp);
        camera.now += 7 * 24 * 3600;
        assert_eq!(camera.standing(), Some(GIVEN_UP), "time alone changes nothing");
        camera.book.forgive(source("old").id);
        assert_eq!(camera.standing(), None);
        assert_eq!(camera.rejects(), wait(60), "and again from the beginning");
    }

    #[test]
    fn a_login_that_worked_is_asked_again_once_before_it_counts() {
        let mut camera = Camera::new();
        camera.book.accepted(&source("old"));
        assert_eq!(camera.rejects(), Verdict::AskAgain);
        assert_eq!(camera.standing(), None, "at once");
        assert_eq!(camera.rejects(), wait(60), "this one counts");
        camera.now += 60;
        assert_eq!(camera.rejects(), wait(300));
        camera.book.accepted(&source("old"));
        assert_eq!(camera.rejects(), Verdict::AskAgain, "it works again: all is forgotten");
        assert_eq!(camera.rejects(), wait(60));
    }

    #[test]
    fn failures_of_long_ago_do_not_count() {
        let mut camera = Camera::new();
        camera.rejects();
        camera.now += 60;
        camera.rejects();
        camera.now += 30 * 60;
        assert_eq!(camera.rejects(), wait(60), "the network was down in between");
    }

    /// Another channel of the same recorder, under the same login.
    fn channel(number: u32) -> FeedSource {
        let id = FeedId { station: StationId::new(1, number), kind: FeedKind::Main };
        FeedSource { id, ..source("old") }
    }

    #[test]
    fn a_recorder_counts_for_all_of_its_channels() {
        let camera = Camera::new();
        let limits = Limits::default();
        let reject = |n: u32| camera.book.rejected(&channel(n), &limits, camera.at(), 0.0);
        let minute = Some(Duration::from_secs(60));
        assert_eq!(reject(1), wait(60));
        for other in 2..=64 {
            let standing = camera.book.standing(&channel(other), camera.at());
            assert_eq!(standing, Some((Trouble::AuthRejected, minute)), "channel {other}");
        }
        // Two were under way already.
        assert_eq!(reject(2), wait(60));
        assert_eq!(reject(3), Verdict::Wait(DOOR_AGAIN), "the door, and not this feed by itself");
        let again = Some((Trouble::AuthGivenUp, Some(DOOR_AGAIN)));
        assert_eq!(camera.book.standing(&channel(64), camera.at()), again);
        camera.book.forgive(channel(64).id);
        assert_eq!(camera.book.standing(&channel(64), camera.at()), None);
        camera.book.forgive(channel(1).id);
        assert_eq!(camera.book.standing(&channel(1), camera.at()), None);
    }

    #[test]
    fn a_changed_password_costs_a_recorder_four_failures_and_no_more() {
        let mut camera = Camera::new();
        let limits = Limits::default();
        for number in 1..=64 {
            camera.book.accepted(&channel(number));
        }
        let mut failures = 0;
        // Its sessions end one after the other, and each feed tries whenever it may.
        for round in 0..10 {
            for number in 1..=64 {
                let channel = channel(number);
                while camera.book.standing(&channel, camera.at()).is_none() {
                    failures += 1;
                    camera.book.rejected(&channel, &limits, camera.at(), 0.0);
                    assert!(failures <= 4, "round {round}, channel {number}");
                }
            }
            camera.now += 400;
        }
        // Once more at once, and three that count.
        assert_eq!(failures, 4);
    }

    #[test]
    fn a_channel_without_permission_does_not_take_the_others_with_it() {
        let mut camera = Camera::new();
        let limits = Limits::default();
        camera.book.accepted(&channel(1));
        for _ in 0..4 {
            camera.book.rejected(&channel(2), &limits, camera.at(), 0.0);
            camera.now += 400;
        }
        assert_eq!(camera.book.standing(&channel(2), camera.at()), Some(GIVEN_UP));
        assert_eq!(camera.book.standing(&channel(1), camera.at()), None, "it was let in before");
        camera.book.accepted(&channel(1));
        assert_eq!(camera.book.standing(&channel(3), camera.at()), None, "the login is well");
        assert_eq!(camera.book.standing(&channel(2), camera.at()), Some(GIVEN_UP));
    }

    #[test]
    fn who_asks_without_a_login_locks_nobody_else_out() {
        let open = |number, query: &str| {
            let url: url::Url = format!("http://media/{number}{query}").parse().unwrap();
            let id = FeedId { station: StationId::new(1, number), kind: FeedKind::Main };
            let shown_url = masked(url.as_str());
            FeedSource { id, url, shown_url, login: None }
        };
        let (camera, limits) = (Camera::new(), Limits::default());
        for _ in 0..3 {
            camera.book.rejected(&open(1, ""), &limits, camera.at(), 0.0);
        }
        assert_eq!(camera.book.standing(&open(1, ""), camera.at()), Some(GIVEN_UP));
        assert_eq!(camera.book.standing(&open(2, ""), camera.at()), None);
        assert_eq!(camera.book.standing(&open(3, "?profile=1"), camera.at()), None);
        // A secret in the query is a login as well.
        for _ in 0..3 {
            camera.book.rejected(&open(4, "?token=old"), &limits, camera.at(), 0.0);
        }
        assert!(camera.book.standing(&open(5, "?token=old"), camera.at()).is_some());
        assert_eq!(camera.book.standing(&open(6, "?token=new"), camera.at()), None);
    }

    #[test]
    fn another_password_begins_a_new_page() {
        let camera = Camera::new();
        for _ in 0..3 {
            camera.rejects();
        }
        assert_eq!(camera.standing(), Some(GIVEN_UP));
        assert_eq!(camera.book.standing(&source("new"), camera.at()), None);
    }

    #[test]
    fn a_refusal_is_asked_seldom_and_never_given_up() {
        let mut camera = Camera::new();
        let refuses = |camera: &Camera, random| {
            camera.book.refused(&source("old"), &Limits::default(), camera.at(), random).as_secs()
        };
        assert_eq!(refuses(&camera, 1.0), 90);
        let left = Some(Duration::from_secs(90));
        assert_eq!(camera.standing(), Some((Trouble::Forbidden, left)));
        for _ in 0..100 {
            camera.now += 400;
            assert_eq!(refuses(&camera, 0.0), 300);
        }
        camera.book.accepted(&source("old"));
        assert_eq!(refuses(&camera, 0.0), 60);
    }
}
