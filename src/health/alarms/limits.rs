//! The constants of the alarms. Where no source is named the figure is ours, with its reason.
//!
//! That alarms are delayed on both edges, latched until acknowledged, and that a chattering one
//! stays one, are the principles of ANSI/ISA-18.2 (management of alarm systems); the figures below
//! are for cameras and people in a control room.

use std::time::Duration;

/// How patient the alarms are. [`Limits::default`] is what runs; tests may bring their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// A stall is raised when it has lasted this long *after* health has called it one: the promise
    /// is max(2 s, 2 frame intervals) + 1 s since the last picture.
    pub stalled_for: Duration,
    /// A low frame rate is raised after this long. Nobody is in the dark meanwhile, and a country
    /// that reconnects delivers fewer pictures than usual for half a minute (p99 of the soak).
    pub degraded_for: Duration,
    /// Trouble of a feed that this machine itself receives or shows late is raised only after this
    /// long: our hiccups pass within seconds, but a feed that we cannot open for want of sockets is
    /// dark all the same, and must not stay untold.
    pub behind_for: Duration,
    /// A feed whose pictures nobody has looked at is raised this long after the last that somebody
    /// did look at. Health says "not checked" after 30 s; a sampler that was busy elsewhere has had
    /// time for twenty rounds by then.
    pub unchecked_for: Duration,
    /// Those at which nobody has looked for this long are counted together: long before the first of
    /// them would be raised, and longer than any usual time between two keyframes …
    pub unchecked_many_after: Duration,
    /// … and when they are this many …
    pub unchecked_least: usize,
    /// … and at least this share, in percent, of those that deliver, it is this machine that does
    /// not look. A share and no majority: a sampler that leaves out one feed in twenty is as broken.
    pub unchecked_share_percent: usize,
    /// Trouble is over when it has been away for this long. Shorter than a reconnection is
    /// seldom, and a single picture in between is no recovery.
    pub calm: Duration,
    /// Trouble that comes again within this time is counted as the same ([`super::Line::times`]).
    pub remembered: Duration,
    /// From this many times on the feed is flapping …
    pub flapping_from: u32,
    /// … and an acknowledged alarm of it stays on the list until it has been calm for this long,
    /// so that nobody has to acknowledge the same loose plug every minute.
    pub flapping_calm: Duration,

    /// Losses that began within this time of one another may have one cause. A switch that dies
    /// takes all with it in one second; feeds of one picture in some seconds show it later, and
    /// cameras' clocks play no part, since what counts is the last picture's arrival.
    pub together: Duration,
    /// So many stations at least make a group: two at once are a coincidence that happens daily
    /// among 1000 feeds.
    pub group_from: usize,
    /// … and at least this share, in percent, of all that have the thing in common: below one half
    /// it explains less than it leaves unexplained.
    pub group_share_percent: usize,
    /// A group with fewer standing members opens up. Lower than [`Limits::group_from`], so that one
    /// station that comes and goes does not open and close the group.
    pub group_open_below: usize,
    /// … after this long: while feeds are returning, the last of them is about to return too.
    pub group_open_after: Duration,
    /// A loss that is due waits this long for those that began with it and are not due yet, so that
    /// a dead switch is told as one line and not as two and then one.
    pub gather: Duration,

    /// The feeds that were lost within this time count as lost at once. Longer than
    /// [`super::super::limits::LONGEST_PATIENCE`] would be safe for the slowest feed, but would
    /// hold together what has nothing to do with one another.
    pub fleet_within: Duration,
    /// "Most feeds": this share, in percent, of those that delivered until then.
    pub fleet_share_percent: usize,
    /// The same when the operating system says that there is no way out of this machine.
    pub fleet_share_unreachable_percent: usize,
    /// Fewer feeds than this are no fleet: two of three cameras may well fail together.
    pub fleet_least: usize,
    /// While this share is lost at once, losses wait a little longer …
    pub storm_share_percent: usize,
    /// … namely this long, in case that it becomes most of them: an outage that spreads over some
    /// seconds should be told as one.
    pub storm_hold: Duration,
    /// The network is well again when no more than this share is lost …
    pub fleet_recovered_percent: usize,
    /// … and nothing has come or gone for this long. The last of 1000 feeds return one by one.
    pub fleet_calm: Duration,
    /// A network guard says for this long that it is us. After that, if this machine's own link is
    /// fine and no feed returns, it is the country: the losses are raised.
    pub network_limit: Duration,
    /// Feeds that return prolong that, up to this: a thousand reconnections take 45 s.
    pub network_most: Duration,
    /// The machine is well again when it has been on time, or able to write, for this long.
    pub own_calm: Duration,
    /// A machine that is late for longer than this is not having a hiccup. Health counts a feed's
    /// silence only while we could listen, so real losses are still real, and are raised: a guard
    /// must not be the reason why a dark station is never told.
    pub late_limit: Duration,

    /// So long before opening a camera must be there: time enough to call the station and have
    /// it switched on. Earlier, commissions arrive one after another and the list would be full of
    /// what is not late yet.
    pub before_opening: Duration,

    /// An alarm that nobody has answered for this long is escalated: a lower frame rate.
    pub answer_notice: Duration,
    /// … a doubtful picture.
    pub answer_warning: Duration,
    /// … a station without a picture.
    pub answer_serious: Duration,
    /// … any of these while votes are counted: what is not seen then can't be seen later.
    pub answer_incident: Duration,
}

const fn secs(s: u64) -> Duration {
    Duration::from_secs(s)
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            stalled_for: secs(1),
            degraded_for: secs(30),
            behind_for: secs(30),
            unchecked_for: secs(120),
            unchecked_many_after: secs(60),
            unchecked_least: 10,
            unchecked_share_percent: 5,
            calm: secs(3),
            remembered: secs(600),
            flapping_from: 3,
            flapping_calm: secs(120),
            together: secs(10),
            group_from: 3,
            group_share_percent: 50,
            group_open_below: 2,
            group_open_after: secs(10),
            gather: secs(1),
            fleet_within: secs(10),
            fleet_share_percent: 50,
            fleet_share_unreachable_percent: 20,
            fleet_least: 10,
            storm_share_percent: 20,
            storm_hold: secs(3),
            fleet_recovered_percent: 25,
            fleet_calm: secs(10),
            network_limit: secs(60),
            network_most: secs(180),
            own_calm: secs(5),
            late_limit: secs(300),
            before_opening: secs(30 * 60),
            answer_notice: secs(15 * 60),
            answer_warning: secs(5 * 60),
            answer_serious: secs(3 * 60),
            answer_incident: secs(60),
        }
    }
}
