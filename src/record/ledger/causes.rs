//! The codes that the journal keeps, and what they mean for a gap.

use serde_json::Value;

use crate::health::State;
use crate::record::cause::Cause;

/// Why a feed in this state brings no pictures; `None` where it brings some, where nothing has failed
/// yet, and for codes of a later version.
pub fn of_state(state: &str, trouble: Option<&str>, evidence: &Value) -> Option<Cause> {
    let by_itself = match State::of_code(state)? {
        State::Live
        | State::Connecting
        | State::NotChecked
        | State::Degraded
        | State::Covered
        | State::Frozen
        | State::Black => return None,
        State::Maintenance => return Some(Cause::Maintenance),
        // A session plays and brings nothing, or nothing that could be taken down.
        State::Stalled | State::Unsupported => Cause::CameraSilent,
        State::Offline => Cause::NetworkRefused,
        State::AuthFailed => Cause::Authentication,
    };
    // Silence that our own lateness explains says nothing about a camera.
    if evidence.get("behind").and_then(Value::as_bool) == Some(true) {
        return Some(Cause::Overload);
    }
    Some(trouble.and_then(of_trouble).unwrap_or(by_itself))
}

/// What a trouble means, whatever state it has led to.
fn of_trouble(code: &str) -> Option<Cause> {
    Some(match code {
        "name-not-found" | "refused" | "unreachable" | "connect-timed-out" | "closed"
        | "srt-rejected" | "not-found" | "host-busy" | "status" | "foreign-host" => {
            Cause::NetworkRefused
        }
        "no-first-frame" | "frames-stopped" | "unsupported-codec" | "too-large" | "undecodable"
        | "no-keyframe" | "protocol" => Cause::CameraSilent,
        "auth-rejected" | "auth-given-up" | "forbidden" => Cause::Authentication,
        "own-limit" | "internal" => Cause::Overload,
        _ => return None,
    })
}

/// Why no camera's pictures may have come while this machine had a problem. A disk that does not take
/// the journal says nothing about the one that takes the pictures.
pub fn of_guard(why: &str) -> Option<Cause> {
    match why {
        "late" => Some(Cause::Overload),
        "network" => Some(Cause::NetworkRefused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::health::Trouble;

    fn troubles() -> Vec<Trouble> {
        // A new one is missed by the compiler here, and then by the test below.
        let listed = |trouble: &Trouble| match trouble {
            Trouble::NameNotFound
            | Trouble::Refused
            | Trouble::Unreachable
            | Trouble::ConnectTimedOut
            | Trouble::NoFirstFrame
            | Trouble::FramesStopped
            | Trouble::Closed
            | Trouble::SrtRejected
            | Trouble::NotFound
            | Trouble::AuthRejected
            | Trouble::AuthGivenUp
            | Trouble::Forbidden
            | Trouble::OwnLimit
            | Trouble::HostBusy
            | Trouble::Status(_)
            | Trouble::UnsupportedCodec(_)
            | Trouble::TooLarge { .. }
            | Trouble::Undecodable
            | Trouble::NoKeyframe
            | Trouble::Protocol
            | Trouble::ForeignHost
            | Trouble::Internal => true,
        };
        let all = vec![
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
            Trouble::Status(503),
            Trouble::UnsupportedCodec("av1".into()),
            Trouble::TooLarge { width: 9000, height: 9000 },
            Trouble::Undecodable,
            Trouble::NoKeyframe,
            Trouble::Protocol,
            Trouble::ForeignHost,
            Trouble::Internal,
        ];
        assert!(all.iter().all(listed));
        all
    }

    #[test]
    fn every_state_and_every_trouble_has_a_meaning() {
        for state in State::ALL {
            let alone = of_state(state.code(), None, &Value::Null);
            let brings_none = state == State::Maintenance || state.is_trouble();
            let arrives = state.is_arriving() || state == State::Connecting;
            assert_eq!(alone.is_some(), brings_none && !arrives, "{state:?}");
            for trouble in troubles() {
                let why = of_trouble(trouble.code());
                assert!(why.is_some(), "{trouble:?} means nothing");
                let both = of_state(state.code(), Some(trouble.code()), &Value::Null);
                let expected = if state == State::Maintenance { alone } else { why };
                assert_eq!(both, alone.and(expected), "{state:?} {trouble:?}");
                if trouble.is_own() {
                    assert_eq!(why, Some(Cause::Overload), "ours is never called the camera's");
                }
            }
        }
    }

    #[test]
    fn what_each_means() {
        let of = |state, trouble| of_state(state, trouble, &Value::Null);
        assert_eq!(of("stalled", None), Some(Cause::CameraSilent));
        assert_eq!(of("offline", Some("refused")), Some(Cause::NetworkRefused));
        assert_eq!(of("offline", Some("frames-stopped")), Some(Cause::CameraSilent));
        assert_eq!(of("auth-failed", Some("auth-rejected")), Some(Cause::Authentication));
        assert_eq!(of("offline", Some("own-limit")), Some(Cause::Overload));
        assert_eq!(of("maintenance", Some("refused")), Some(Cause::Maintenance));
        assert_eq!(of("live", Some("refused")), None);
        assert_eq!(
            of("offline", Some("of-a-later-version")),
            Some(Cause::NetworkRefused),
            "the state still says as much"
        );
        assert_eq!(of("of-a-later-version", None), None);
        let behind = json!({ "behind": true });
        assert_eq!(of_state("stalled", None, &behind), Some(Cause::Overload));
        assert_eq!(of_state("live", None, &behind), None);
        assert_eq!(of_guard("late"), Some(Cause::Overload));
        assert_eq!(of_guard("network"), Some(Cause::NetworkRefused));
        assert_eq!((of_guard("disk"), of_guard("x")), (None, None));
    }
}
