//! What is the matter with a feed: pure state machines, fed with events and asked for a verdict.
//!
//! No thread, no socket, no clock of its own: the caller brings the time. It judges *arrival* (do
//! access units come, and as many as usual?) and the *picture* ([`picture`]), and makes *alarms* of
//! what it finds ([`alarms`]). That nothing comes out of a decoder says nothing about a camera: our
//! own slowness is [`Assessment::behind`], never the camera's stall.
//!
//! Called by `ingest`, which reports events, and read by `ui` through it.

pub mod alarms;
mod arrival;
mod feed;
pub mod limits;
pub mod picture;
mod pulse;
mod rate;

pub use arrival::{Event, Unit};
pub use feed::FeedHealth;
pub use pulse::Pulse;

use std::time::Duration;

use crate::clock::Mono;

/// The state of a feed, as a person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Access units arrive.
    Live,
    /// No access unit has arrived yet, and nothing has failed yet either.
    Connecting,
    /// Access units arrive, and nobody has managed to look at a picture of them for long.
    NotChecked,
    /// A person has said that work is being done at this station: what happens is recorded and
    /// raises no alarm.
    Maintenance,
    /// Pictures arrive, fewer than this feed usually delivers, or with parts lost on the way.
    Degraded,
    /// The picture is uniform or out of focus, as with something close before the lens. Suspected.
    Covered,
    /// Access units arrive and show the same moment again and again. Suspected.
    Frozen,
    /// The picture is black.
    Black,
    /// Access units came and have stopped coming.
    Stalled,
    /// There is no connection.
    Offline,
    /// The camera rejects our user name or password.
    AuthFailed,
    /// What the camera sends can't be shown, for a reason that waiting won't mend.
    Unsupported,
}

impl State {
    /// The state of this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// All of them, mildest first.
    pub const ALL: [State; 12] = [
        State::Live,
        State::Connecting,
        State::NotChecked,
        State::Maintenance,
        State::Degraded,
        State::Covered,
        State::Frozen,
        State::Black,
        State::Stalled,
        State::Offline,
        State::AuthFailed,
        State::Unsupported,
    ];

    /// Its name in what programs read; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Connecting => "connecting",
            Self::NotChecked => "not-checked",
            Self::Maintenance => "maintenance",
            Self::Degraded => "degraded",
            Self::Covered => "covered",
            Self::Frozen => "frozen",
            Self::Black => "black",
            Self::Stalled => "stalled",
            Self::Offline => "offline",
            Self::AuthFailed => "auth-failed",
            Self::Unsupported => "unsupported",
        }
    }

    /// Whether pictures arrive, whatever they show.
    pub const fn is_arriving(self) -> bool {
        matches!(
            self,
            Self::Live
                | Self::NotChecked
                | Self::Degraded
                | Self::Covered
                | Self::Frozen
                | Self::Black
        )
    }

    /// Whether somebody should look after this feed.
    pub const fn is_trouble(self) -> bool {
        !matches!(self, Self::Live | Self::Connecting | Self::NotChecked | Self::Maintenance)
    }
}

/// Why a connection attempt or a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The host's name is unknown, or the name server does not answer.
    NameNotFound,
    /// The host answered that nothing listens on this port.
    Refused,
    /// No way to the host.
    Unreachable,
    /// The host did not answer in time.
    ConnectTimedOut,
    /// The session was set up, but no picture came in time.
    NoFirstFrame,
    /// Pictures stopped coming for so long that the session was given up.
    FramesStopped,
    /// The camera closed the connection.
    Closed,
    /// No SRT sender answers, or it rejects the passphrase: the protocol does not say which.
    SrtRejected,
    /// The host has no stream of this name.
    NotFound,
    /// User name or password rejected; another attempt follows in some minutes.
    AuthRejected,
    /// User name or password rejected so often that only a person may try again.
    AuthGivenUp,
    /// The camera knows us and refuses all the same (error 403): no permission, no free session,
    /// or locked out for a while.
    Forbidden,
    /// This machine has no more file descriptors, ports or buffers for a connection.
    OwnLimit,
    /// Other streams of the same host are being opened, and take long.
    HostBusy,
    /// The camera answered with another error.
    Status(u16),
    /// The stream holds no video that can be shown; the text names what it holds.
    UnsupportedCodec(String),
    /// The picture is larger than [`MAX_WIDTH`](crate::frame::MAX_WIDTH) ×
    /// [`MAX_HEIGHT`](crate::frame::MAX_HEIGHT).
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Keyframe after keyframe arrives, and none of them gives a picture.
    Undecodable,
    /// Pictures arrive, but for long none at which decoding can begin.
    NoKeyframe,
    /// What the camera sent broke the protocol.
    Protocol,
    /// A playlist or a redirect leads to a server that the list does not name.
    ForeignHost,
    /// This program failed while receiving the feed.
    Internal,
}

impl Trouble {
    /// The state that this trouble means by itself, whatever the feed did before; `None` when it
    /// is one of the ordinary losses of connection that time may mend.
    const fn settles(&self) -> Option<State> {
        match self {
            Self::AuthRejected | Self::AuthGivenUp | Self::Forbidden => Some(State::AuthFailed),
            Self::UnsupportedCodec(_)
            | Self::TooLarge { .. }
            | Self::Undecodable
            | Self::ForeignHost
            | Self::NoKeyframe => Some(State::Unsupported),
            _ => None,
        }
    }

    /// Its name in what programs read; never changes.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NameNotFound => "name-not-found",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::ConnectTimedOut => "connect-timed-out",
            Self::NoFirstFrame => "no-first-frame",
            Self::FramesStopped => "frames-stopped",
            Self::Closed => "closed",
            Self::SrtRejected => "srt-rejected",
            Self::NotFound => "not-found",
            Self::AuthRejected => "auth-rejected",
            Self::AuthGivenUp => "auth-given-up",
            Self::Forbidden => "forbidden",
            Self::OwnLimit => "own-limit",
            Self::HostBusy => "host-busy",
            Self::Status(_) => "status",
            Self::UnsupportedCodec(_) => "unsupported-codec",
            Self::TooLarge { .. } => "too-large",
            Self::Undecodable => "undecodable",
            Self::NoKeyframe => "no-keyframe",
            Self::Protocol => "protocol",
            Self::ForeignHost => "foreign-host",
            Self::Internal => "internal",
        }
    }

    /// The trouble of this code, where the code says it all: not what a camera answered, what a
    /// stream holds or how large its picture is.
    pub fn of_code(code: &str) -> Option<Self> {
        const PLAIN: [Trouble; 19] = [
            Trouble::NameNotFound,
            Trouble::Refused,
            Trouble::Unreachable,
            Trouble::ConnectTimedOut,
            Trouble::NoFirstFrame,
            Trouble::FramesStopped,
            Trouble::Closed,
            Trouble::SrtRejected,
            Trouble::NotFound,
            Trouble::AuthRejected,
            Trouble::AuthGivenUp,
            Trouble::Forbidden,
            Trouble::OwnLimit,
            Trouble::HostBusy,
            Trouble::Undecodable,
            Trouble::NoKeyframe,
            Trouble::Protocol,
            Trouble::ForeignHost,
            Trouble::Internal,
        ];
        PLAIN.into_iter().find(|trouble| trouble.code() == code)
    }

    /// Whether it is this machine's and not the camera's.
    pub const fn is_own(&self) -> bool {
        matches!(self, Self::OwnLimit | Self::Internal)
    }
}

/// The verdict on one feed at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Its state.
    pub state: State,
    /// Since when: where nothing arrives, the moment the last access unit did (or the start of
    /// watching), so that the time shown is the time without a picture. Where units arrive, the
    /// moment from which what is told of them has been so.
    pub since: Mono,
    /// The last connection trouble, while nothing arrives that can be shown; why nobody has seen
    /// what arrives, where that is known.
    pub trouble: Option<Trouble>,
    /// When the last access unit arrived.
    pub last_unit: Option<Mono>,
    /// Frames per second over the last few seconds; `None` while none arrive or not known yet.
    pub rate: Option<f32>,
    /// How old a picture of this feed may be before it is stale.
    pub patience: Duration,
    /// This machine shows the feed late, is too busy to receive it, or can't open it for a reason
    /// of its own: nothing here can be blamed on the camera.
    pub behind: bool,
    /// What the verdict rests on.
    pub evidence: Evidence,
}

/// The numbers behind a verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// How long nothing has come, the time left out in which we could not listen.
    pub silence: Duration,
    /// Units a second that this feed usually brings, once that has been learnt.
    pub usual_rate: Option<f32>,
    /// Of the units of the last [`limits::RATE_OVER_SECONDS`], the share that was damaged by
    /// losses: 0 to 1.
    pub loss_share: f32,
    /// When the newest picture of the present session that anybody has looked at arrived.
    pub looked_at: Option<Mono>,
    /// What the pictures show.
    pub picture: picture::PictureEvidence,
}
