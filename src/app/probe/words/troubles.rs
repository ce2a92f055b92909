//! Why a camera cannot be shown, and what to do about it.

use std::borrow::Cow;

use crate::health::Trouble;
use crate::text::Text;
use crate::tr;
use crate::ui::words;

/// What is the matter. The wall's words, but for those that speak of its keys, and for files.
pub(super) fn what<'a>(text: &'a Text, trouble: &Trouble, is_file: bool) -> Cow<'a, str> {
    match trouble {
        Trouble::AuthRejected | Trouble::AuthGivenUp => tr!(text, "probe-auth-rejected"),
        Trouble::Forbidden => tr!(text, "probe-forbidden"),
        Trouble::NotFound if is_file => tr!(text, "probe-file-not-found"),
        Trouble::Unreachable if is_file => tr!(text, "probe-file-unreadable"),
        Trouble::Protocol if is_file => tr!(text, "probe-file-no-film"),
        other => words::trouble(text, other),
    }
}

/// What a person can do. `has_login`: the camera was given a user name and password.
pub(super) fn what_to_do<'a>(
    text: &'a Text,
    trouble: &Trouble,
    has_login: bool,
    is_file: bool,
) -> Cow<'a, str> {
    match trouble {
        Trouble::NotFound if is_file => tr!(text, "probe-do-file-not-found"),
        Trouble::Unreachable if is_file => tr!(text, "probe-do-file-unreadable"),
        Trouble::Protocol | Trouble::UnsupportedCodec(_) | Trouble::Undecodable if is_file => {
            tr!(text, "probe-do-file-no-film")
        }
        Trouble::NameNotFound => tr!(text, "probe-do-name-not-found"),
        Trouble::Refused => tr!(text, "probe-do-refused"),
        Trouble::Unreachable => tr!(text, "probe-do-unreachable"),
        Trouble::ConnectTimedOut => tr!(text, "probe-do-connect-timed-out"),
        Trouble::NoFirstFrame => tr!(text, "probe-do-no-first-frame"),
        Trouble::FramesStopped => tr!(text, "probe-do-frames-stopped"),
        Trouble::Closed => tr!(text, "probe-do-closed"),
        Trouble::SrtRejected => tr!(text, "probe-do-srt-rejected"),
        Trouble::NotFound => tr!(text, "probe-do-not-found"),
        Trouble::AuthRejected | Trouble::AuthGivenUp if has_login => {
            tr!(text, "probe-do-wrong-login")
        }
        Trouble::AuthRejected | Trouble::AuthGivenUp => tr!(text, "probe-do-no-login"),
        Trouble::Forbidden => tr!(text, "probe-do-forbidden"),
        Trouble::OwnLimit => tr!(text, "probe-do-own-limit"),
        Trouble::HostBusy => tr!(text, "probe-do-host-busy"),
        Trouble::Status(_) => tr!(text, "probe-do-status"),
        Trouble::UnsupportedCodec(_) => tr!(text, "probe-do-unsupported-codec"),
        Trouble::TooLarge { .. } => tr!(text, "probe-do-too-large"),
        Trouble::Undecodable => tr!(text, "probe-do-undecodable"),
        Trouble::NoKeyframe => tr!(text, "probe-do-no-keyframe"),
        Trouble::Protocol => tr!(text, "probe-do-protocol"),
        Trouble::ForeignHost => tr!(text, "probe-do-foreign-host"),
        Trouble::Internal => tr!(text, "probe-do-internal"),
    }
}
