//! Faults: what can be wrong with a camera, when it is, and what that adds up to at one moment.
//!
//! Pure: times are counted from the moment the script was taken over. Called by the rest of
//! `simulate`.

use std::time::Duration;

/// What can be wrong with a camera. Every parameter has been checked ([`super::script`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// After PLAY nothing more comes; requests are still answered.
    Mute,
    /// One byte of the stream now and then.
    Drip {
        /// Between two bytes.
        every: Duration,
    },
    /// Sender reports come, pictures do not.
    RtcpOnly,
    /// Nothing is read and nothing is written any more; connections stay open, new ones are taken
    /// by the system and never answered. What a host looks like whose program hangs.
    HalfOpen,
    /// The port is closed, its connections with it.
    Refuse,
    /// Knocks at the port are dropped; what was connected falls silent. What a host looks like
    /// that has vanished from the network.
    BlackHole,
    /// Every login is rejected (401); whoever was connected is put out.
    Unauthorized,
    /// A session is torn down with a reset in the middle of a picture, and each after it.
    Reset {
        /// How long a session plays before.
        after: Duration,
    },
    /// Nothing comes for a while; then it goes on.
    Pause(Backlog),
    /// One picture again and again; units go on.
    Frozen,
    /// A black picture.
    Black,
    /// Something before the lens.
    Covered,
    /// Few pictures a second.
    LowRate(Rate),
    /// Every picture but those where decoding can begin.
    NoKeyframe,
    /// The pictures' time stamps are off.
    PtsJump {
        /// By how much.
        by_ms: i64,
    },
    /// The camera's clock is off: in its reports and in the time stamps.
    ClockJump {
        /// By how much.
        by_ms: i64,
    },
    /// The picture has another size, in the middle of a session.
    SizeChange {
        /// In pixels, even.
        width: u32,
        /// In pixels, even.
        height: u32,
    },
    /// Sessions are closed, and the next ones are in the other codec.
    CodecChange,
    /// Bytes that are neither RTP nor RTSP.
    Garbage {
        /// Instead of what.
        at: GarbageAt,
        /// Of the pictures, 0 to 1; has no meaning for answers.
        share: f64,
    },
    /// Pictures are lost on the way: gaps in the sequence numbers.
    Loss {
        /// Of the pictures, 0 to 1.
        share: f64,
    },
    /// No fault: joins begin with a keyframe.
    Burst,
}

impl Kind {
    /// Whether a camera that has it shows another clip than before.
    pub const fn needs_clip(self) -> bool {
        matches!(
            self,
            Self::Frozen
                | Self::Black
                | Self::Covered
                | Self::LowRate(Rate::PerSecond(_))
                | Self::SizeChange { .. }
                | Self::CodecChange
        )
    }
}

/// What becomes of the pictures of a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// They come all at once when it ends, as after a hiccup of the network.
    Send,
    /// They were never taken: the camera stood still.
    Skip,
}

/// Where garbage comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GarbageAt {
    /// In place of pictures.
    Stream,
    /// In place of answers.
    Answer,
}

/// A rate below the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// So many pictures a second, from a clip made for it.
    PerSecond(u32),
    /// Keyframes only, each this long after the one before at least.
    KeyframeEvery(Duration),
}

/// When a fault holds, in time since the script was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its beginning.
    pub from: Duration,
    /// How long it lasts; to the end if `None`.
    pub lasts: Option<Duration>,
    /// From one beginning to the next; longer than `lasts`. Once if `None`.
    pub every: Option<Duration>,
}

impl Window {
    /// The beginning of the occurrence that holds at `t`, if one does.
    pub fn began(&self, t: Duration) -> Option<Duration> {
        let begin = self.occurrence(t)?;
        self.lasts.is_none_or(|lasts| t - begin < lasts).then_some(begin)
    }

    /// The first moment after `t` at which it begins or ends.
    pub fn next_change(&self, t: Duration) -> Option<Duration> {
        let Some(begin) = self.occurrence(t) else { return Some(self.from) };
        let end = begin + self.lasts?;
        if t < end { Some(end) } else { Some(begin + self.every?) }
    }

    /// The last beginning at or before `t`.
    fn occurrence(&self, t: Duration) -> Option<Duration> {
        let since = t.checked_sub(self.from)?;
        let into = self.every.map_or(since, |every| {
            let every = every.as_nanos().max(1);
            Duration::from_nanos(u64::try_from(since.as_nanos() % every).unwrap_or(u64::MAX))
        });
        Some(t - into)
    }
}

/// How the door of a station's camera is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// It takes connections.
    #[default]
    Open,
    /// See [`Kind::Refuse`].
    Refuse,
    /// See [`Kind::BlackHole`].
    BlackHole,
}

/// How a session's stream flows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// As it should.
    #[default]
    Runs,
    /// See [`Kind::Mute`].
    Mute,
    /// See [`Kind::Drip`].
    Drip {
        /// Between two bytes.
        every: Duration,
    },
    /// See [`Kind::RtcpOnly`].
    RtcpOnly,
    /// See [`Kind::Pause`].
    Pause(Backlog),
}

/// What the camera films.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// The scene.
    #[default]
    Normal,
    /// See [`Kind::Frozen`].
    Frozen,
    /// See [`Kind::Black`].
    Black,
    /// See [`Kind::Covered`].
    Covered,
}

/// Resets: see [`Kind::Reset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resets {
    /// How long a session plays before.
    pub after: Duration,
    /// Since when they come.
    pub since: Duration,
}

/// All that holds for one station at one moment. The default is a healthy camera.
///
/// Where two faults of one sort meet, the one further down in the script counts; shifts of clocks
/// add up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Condition {
    /// Whether it can be connected to.
    pub door: Door,
    /// Connections are neither read nor written.
    pub is_stuck: bool,
    /// Every login is wrong.
    pub rejects_logins: bool,
    /// Answers are nonsense.
    pub garbles_answers: bool,
    /// What comes after PLAY.
    pub flow: Flow,
    /// What is filmed.
    pub view: View,
    /// Width and height other than usual.
    pub size: Option<(u32, u32)>,
    /// Rate other than usual.
    pub rate: Option<Rate>,
    /// H.265 instead of H.264 or the other way round.
    pub has_other_codec: bool,
    /// No keyframes.
    pub skips_keyframes: bool,
    /// Shift of the RTP time stamps.
    pub rtp_shift_ms: i64,
    /// Shift of the clock in the sender reports.
    pub clock_shift_ms: i64,
    /// Sessions end by reset.
    pub resets: Option<Resets>,
    /// Share of the pictures that are garbage.
    pub garbage: f64,
    /// Share of the pictures that are lost.
    pub loss: f64,
    /// Joins begin with a keyframe.
    pub bursts: bool,
}

impl Condition {
    /// Adds a fault that began at `began`.
    pub fn add(&mut self, kind: Kind, began: Duration) {
        match kind {
            Kind::Mute => self.flow = Flow::Mute,
            Kind::Drip { every } => self.flow = Flow::Drip { every },
            Kind::RtcpOnly => self.flow = Flow::RtcpOnly,
            Kind::Pause(backlog) => self.flow = Flow::Pause(backlog),
            Kind::HalfOpen => self.is_stuck = true,
            Kind::Refuse => self.door = Door::Refuse,
            Kind::BlackHole => self.door = Door::BlackHole,
            Kind::Unauthorized => self.rejects_logins = true,
            Kind::Reset { after } => self.resets = Some(Resets { after, since: began }),
            Kind::Frozen => self.view = View::Frozen,
            Kind::Black => self.view = View::Black,
            Kind::Covered => self.view = View::Covered,
            Kind::LowRate(rate) => self.rate = Some(rate),
            Kind::NoKeyframe => self.skips_keyframes = true,
            Kind::PtsJump { by_ms } => self.rtp_shift_ms += by_ms,
            Kind::ClockJump { by_ms } => {
                self.rtp_shift_ms += by_ms;
                self.clock_shift_ms += by_ms;
            }
            Kind::SizeChange { width, height } => self.size = Some((width, height)),
            Kind::CodecChange => self.has_other_codec = true,
            Kind::Garbage { at: GarbageAt::Stream, share } => self.garbage = share,
            Kind::Garbage { at: GarbageAt::Answer, .. } => self.garbles_answers = true,
            Kind::Loss { share } => self.loss = share,
            Kind::Burst => self.bursts = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_window_opens_closes_and_comes_back() {
        let w = Window { from: s(30), lasts: Some(s(20)), every: Some(s(60)) };
        for (t, began, next) in [
            (0, None, 30),
            (29, None, 30),
            (30, Some(30), 50),
            (49, Some(30), 50),
            (50, None, 90),
            (90, Some(90), 110),
            (110, None, 150),
        ] {
            assert_eq!(w.began(s(t)), began.map(s), "{t}");
            assert_eq!(w.next_change(s(t)), Some(s(next)), "{t}");
        }
        let to_the_end = Window { from: s(3), lasts: None, every: None };
        assert_eq!(to_the_end.began(s(1_000_000)), Some(s(3)));
        assert_eq!(to_the_end.next_change(s(3)), None);
        let once = Window { from: s(3), lasts: Some(s(1)), every: None };
        assert_eq!(once.began(s(4)), None);
        assert_eq!(once.next_change(s(4)), None);
    }

    #[test]
    fn the_later_fault_counts_and_shifts_add_up() {
        let mut c = Condition::default();
        c.add(Kind::Mute, s(0));
        c.add(Kind::RtcpOnly, s(0));
        c.add(Kind::PtsJump { by_ms: 500 }, s(0));
        c.add(Kind::ClockJump { by_ms: -2000 }, s(0));
        assert_eq!(c.flow, Flow::RtcpOnly);
        assert_eq!((c.rtp_shift_ms, c.clock_shift_ms), (-1500, -2000));
    }

    prop_compose! {
        fn window()(
            from in 0u64..5_000,
            lasts in prop::option::of(1u64..3_000),
            pause in prop::option::of(1u64..3_000),
        ) -> Window {
            let every = lasts.zip(pause).map(|(lasts, pause)| Duration::from_millis(lasts + pause));
            let (from, lasts) = (Duration::from_millis(from), lasts.map(Duration::from_millis));
            Window { from, lasts, every }
        }
    }

    proptest! {
        #[test]
        fn nothing_changes_between_two_changes(w in window(), t in 0u64..20_000, part in 0.0f64..1.0) {
            let t = Duration::from_millis(t);
            let now = w.began(t);
            match w.next_change(t) {
                Some(next) => {
                    prop_assert!(next > t);
                    let between = t + (next - t).mul_f64(part * 0.999);
                    prop_assert_eq!(w.began(between), now);
                    prop_assert_ne!(w.began(next).is_some(), now.is_some());
                }
                None => prop_assert_eq!(w.began(t + s(100_000)), now),
            }
        }

        #[test]
        fn it_holds_for_its_share_of_the_time(w in window(), round in 0u32..50) {
            if let (Some(lasts), Some(every)) = (w.lasts, w.every) {
                let begin = w.from + every * round;
                prop_assert_eq!(w.began(begin), Some(begin));
                prop_assert_eq!(w.began(begin + lasts), None);
                prop_assert_eq!(w.next_change(begin), Some(begin + lasts));
            }
        }
    }
}
