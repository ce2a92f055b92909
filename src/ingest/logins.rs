//! What a rejected login means: cameras lock everybody out who asks too often, so after a few
//! failures only a person may ask again.
//!
//! A common lockout is 5 to 7 failures within some minutes, for half an hour (the makers' default
//! settings; some can be set to 3). Three failures, at least a minute and then five minutes apart,
//! stay below that, and a fourth is never made. The book outlives sessions: a feed that is received
//! only while it is enlarged must not begin to count anew each time.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::clock::{Mono, lock};
use crate::config::secrets::FeedSource;
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

/// One URL with its login.
#[derive(Clone, Debug, Default)]
struct Login {
    /// It was accepted, and has not been rejected since.
    trusted: bool,
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
        *self = Self { trusted: true, ..Self::default() };
    }

    fn rejected(&mut self, limits: &Limits, now: Mono, random: f64) -> Verdict {
        if std::mem::take(&mut self.trusted) {
            return Verdict::AskAgain;
        }
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

/// What is known about every feed's login in this process's life. A changed URL or login begins a
/// new page.
#[derive(Default)]
pub(super) struct Book {
    pages: Mutex<BTreeMap<FeedId, (FeedSource, Login)>>,
}

impl Book {
    fn with<T>(&self, source: &FeedSource, f: impl FnOnce(&mut Login) -> T) -> T {
        let mut pages = lock(&self.pages);
        let (known, login) =
            pages.entry(source.id).or_insert_with(|| (source.clone(), Login::default()));
        if known != source {
            (*known, *login) = (source.clone(), Login::default());
        }
        f(login)
    }

    /// The camera has let us in.
    pub(super) fn accepted(&self, source: &FeedSource) {
        self.with(source, Login::accepted);
    }

    /// The camera rejects the login (error 401). `random` is an even draw from 0 to 1.
    pub(super) fn rejected(
        &self,
        source: &FeedSource,
        limits: &Limits,
        now: Mono,
        random: f64,
    ) -> Verdict {
        self.with(source, |login| login.rejected(limits, now, random))
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
        self.with(source, |login| login.refused(limits, now, random))
    }

    /// What an earlier session of the same feed has left: why, and the time to wait before the
    /// next attempt; no time means that only a person may ask again.
    pub(super) fn standing(
        &self,
        source: &FeedSource,
        now: Mono,
    ) -> Option<(Trouble, Option<Duration>)> {
        self.with(source, |login| {
            let wait = login.not_before.since(now);
            if login.given_up {
                return Some((Trouble::AuthGivenUp, None));
            }
            let rejected = login.failures.last() >= login.refused_at.as_ref();
            let why = if rejected { Trouble::AuthRejected } else { Trouble::Forbidden };
            (!wait.is_zero()).then_some((why, Some(wait)))
        })
    }

    /// A person says that it is worth another try. Everything counts anew.
    pub(super) fn forgive(&self, feed: FeedId) {
        if let Some((_, login)) = lock(&self.pages).get_mut(&feed) {
            *login = Login { trusted: login.trusted, ..Login::default() };
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

    fn given_up() -> Option<(Trouble, Option<Duration>)> {
        Some((Trouble::AuthGivenUp, None))
    }

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
        assert_eq!(camera.standing(), given_up(), "time alone changes nothing");
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

    #[test]
    fn another_password_begins_a_new_page() {
        let camera = Camera::new();
        for _ in 0..3 {
            camera.rejects();
        }
        assert_eq!(camera.standing(), given_up());
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
