//! States, troubles and spans of time in words.

use std::borrow::Cow;
use std::time::Duration;

use crate::health::{State, Trouble};
use crate::ingest::{SOUND_AT_MOST, Sound};
use crate::model::day::Stage;
use crate::record::Cause;
use crate::text::Text;
use crate::tr;

/// A state's word.
pub fn state(text: &Text, state: State) -> Cow<'_, str> {
    match state {
        State::Live => tr!(text, "state-live"),
        State::Connecting => tr!(text, "state-connecting"),
        State::NotChecked => tr!(text, "state-not-checked"),
        State::Maintenance => tr!(text, "state-maintenance"),
        State::Degraded => tr!(text, "state-degraded"),
        State::Covered => tr!(text, "state-covered"),
        State::Frozen => tr!(text, "state-frozen"),
        State::Black => tr!(text, "state-black"),
        State::Stalled => tr!(text, "state-stalled"),
        State::Offline => tr!(text, "state-offline"),
        State::AuthFailed => tr!(text, "state-auth-failed"),
        State::Unsupported => tr!(text, "state-unsupported"),
    }
}

/// Why there is no recorded picture.
pub fn cause(text: &Text, cause: Cause) -> Cow<'_, str> {
    match cause {
        Cause::Unknown => tr!(text, "cause-unknown"),
        Cause::CameraSilent => tr!(text, "cause-camera-silent"),
        Cause::NetworkRefused => tr!(text, "cause-network-refused"),
        Cause::Authentication => tr!(text, "cause-authentication"),
        Cause::Maintenance => tr!(text, "cause-maintenance"),
        Cause::NotConfigured => tr!(text, "cause-not-configured"),
        Cause::NotRecording => tr!(text, "cause-not-recording"),
        Cause::Overload => tr!(text, "cause-overload"),
        Cause::DiskFull => tr!(text, "cause-disk-full"),
        Cause::DiskFailed => tr!(text, "cause-disk-failed"),
        Cause::ClockStep => tr!(text, "cause-clock-step"),
        Cause::ProcessDown => tr!(text, "cause-process-down"),
    }
}

/// Why a feed is in trouble, and what it means.
pub fn trouble<'a>(text: &'a Text, trouble: &Trouble) -> Cow<'a, str> {
    match trouble {
        Trouble::NameNotFound => tr!(text, "trouble-name-not-found"),
        Trouble::Refused => tr!(text, "trouble-refused"),
        Trouble::Unreachable => tr!(text, "trouble-unreachable"),
        Trouble::ConnectTimedOut => tr!(text, "trouble-connect-timed-out"),
        Trouble::NoFirstFrame => tr!(text, "trouble-no-first-frame"),
        Trouble::FramesStopped => tr!(text, "trouble-frames-stopped"),
        Trouble::Closed => tr!(text, "trouble-closed"),
        Trouble::SrtRejected => tr!(text, "trouble-srt-rejected"),
        Trouble::NotFound => tr!(text, "trouble-not-found"),
        Trouble::AuthRejected => tr!(text, "trouble-auth-rejected"),
        Trouble::AuthGivenUp => tr!(text, "trouble-auth-given-up"),
        Trouble::Forbidden => tr!(text, "trouble-forbidden"),
        Trouble::OwnLimit => tr!(text, "trouble-own-limit"),
        Trouble::HostBusy => tr!(text, "trouble-host-busy"),
        Trouble::Status(code) => tr!(text, "trouble-status", code = code.to_string()),
        Trouble::UnsupportedCodec(name) => {
            tr!(text, "trouble-unsupported-codec", name = name.as_str())
        }
        Trouble::TooLarge { width, height } => tr!(
            text,
            "trouble-too-large",
            size = format!("{width}×{height}"),
            most = format!("{}×{}", crate::frame::MAX_WIDTH, crate::frame::MAX_HEIGHT),
        ),
        Trouble::Undecodable => tr!(text, "trouble-undecodable"),
        Trouble::NoKeyframe => tr!(text, "trouble-no-keyframe"),
        Trouble::Protocol => tr!(text, "trouble-protocol"),
        Trouble::ForeignHost => tr!(text, "trouble-foreign-host"),
        Trouble::Internal => tr!(text, "trouble-internal"),
    }
}

/// A stage's name.
pub fn stage(text: &Text, stage: Stage) -> Cow<'_, str> {
    match stage {
        Stage::BeforeOpening => tr!(text, "stage-before-opening"),
        Stage::Voting => tr!(text, "stage-voting"),
        Stage::Counting => tr!(text, "stage-counting"),
        Stage::Protocol => tr!(text, "stage-protocol"),
        Stage::Closed => tr!(text, "stage-closed"),
    }
}

/// A span in hours and minutes: `3 h 42 min`, `11 h`, `5 min`.
pub(super) fn hours(text: &Text, span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, m) => tr!(text, "span-minutes", minutes = m.to_string()).into_owned(),
        (h, 0) => tr!(text, "span-hours", hours = h.to_string()).into_owned(),
        (h, m) => tr!(text, "span-hours-minutes", hours = h.to_string(), minutes = m.to_string())
            .into_owned(),
    }
}

/// An age of a picture in tenths of a second while it is young: `0.3 s`, later `4:31`.
pub(super) fn age(text: &Text, age: Duration) -> String {
    let tenths = age.as_millis() / 100;
    if tenths < 100 {
        tr!(text, "span-seconds", seconds = tenth(text, tenths)).into_owned()
    } else {
        Text::counter(age)
    }
}

fn tenth(text: &Text, tenths: u128) -> String {
    let (whole, part) = ((tenths / 10).to_string(), (tenths % 10).to_string());
    tr!(text, "decimal", whole = whole, part = part).into_owned()
}

/// A number with one decimal place.
pub(super) fn decimal(text: &Text, number: f32) -> String {
    // A float out of range saturates.
    tenth(text, (number * 10.0).round() as u128)
}

/// How loud it is, or why that is not known.
pub(super) fn sound(text: &Text, sound: &Sound) -> String {
    let said = match sound {
        Sound::Unknown => tr!(text, "sound-unknown"),
        Sound::Absent => tr!(text, "sound-absent"),
        Sound::Unsupported(name) => tr!(text, "sound-unsupported", name = name.as_str()),
        Sound::TooMany => tr!(text, "sound-too-many", most = SOUND_AT_MOST.to_string()),
        Sound::NotMeasured => tr!(text, "sound-not-measured"),
        Sound::LeftOut => tr!(text, "sound-left-out"),
        Sound::Stopped => tr!(text, "sound-stopped"),
        Sound::Level(reading) if reading.silent => tr!(text, "sound-silent"),
        Sound::Level(reading) => {
            let db = |db: f32| format!("{:.0}", db.min(0.0)).replace('-', "−");
            tr!(text, "sound-level", mean = db(reading.rms_db), peak = db(reading.peak_db))
        }
    };
    said.into_owned()
}
/// Bytes in a second, in megabytes.
pub fn rate(text: &Text, bytes_per_second: u64) -> String {
    let megabytes = decimal(text, bytes_per_second as f32 / 1e6);
    tr!(text, "recording-rate", number = megabytes).into_owned()
}

/// Whole hours, cut off rather than rounded up: nobody should count on the last one.
pub fn hours_left(hours: f64) -> String {
    if hours >= 10_000.0 { ">9999".to_owned() } else { format!("{:.0}", hours.floor()) }
}
