//! How many files and connections this process may have open: raised as far as the system lets
//! us, and told in clear words where that is not far enough.
//!
//! A feed takes one descriptor, for some seconds two while an old session is being ended, and one more
//! while it is recorded.
//! Called at the start of commands that open many.

use std::io::Write;

use crate::text::Text;
use crate::tr;

/// Beside the feeds: the graphics driver, the log, the list, look-ups of names, fonts.
const OWN_USE: u64 = 256;

/// Raises this process's limit to its hard limit; gives what may be open now, `None` when there is
/// no limit or none is known.
#[cfg(target_os = "linux")]
pub fn raise() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: before.maximum, maximum: before.maximum };
    match setrlimit(Resource::Nofile, wanted) {
        Ok(()) => before.maximum,
        Err(e) => {
            log::warn!("the limit of open files stays at {:?}: {e}", before.current);
            before.current
        }
    }
}

/// Elsewhere the limit is high enough or not ours to raise.
#[cfg(not(target_os = "linux"))]
pub fn raise() -> Option<u64> {
    None
}

/// What `feeds` feeds need, of which so many may be recorded.
fn needed(feeds: usize, recorded: usize) -> u64 {
    let many = |count: usize| u64::try_from(count).unwrap_or(u64::MAX / 4);
    2 * many(feeds) + many(recorded) + OWN_USE
}

/// Raises the limit for `feeds` feeds of which so many may be `recorded`; says in the log and on standard error when it stays too
/// low.
pub fn make_room(feeds: usize, recorded: usize, text: &Text) {
    if let Some(words) = too_few(raise(), (feeds, recorded), text) {
        log::warn!("{words}");
        // Nowhere left to report that stderr is closed.
        let _ = writeln!(std::io::stderr(), "pollwall: {words}");
    }
}

fn too_few(limit: Option<u64>, (feeds, recorded): (usize, usize), text: &Text) -> Option<String> {
    let (limit, needed) = (limit?, needed(feeds, recorded));
    (limit < needed).then(|| {
        tr!(
            text,
            "descriptors-too-few",
            feeds = feeds,
            needed = needed.to_string(),
            limit = limit.to_string(),
        )
        .into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn a_thousand_feeds_need_more_than_the_usual_1024() {
        let text = Text::of(Lang::En);
        let words = too_few(Some(1024), (1000, 0), &text).unwrap();
        for part in ["1000 feeds", "2256", "1024", "prlimit", "LimitNOFILE"] {
            assert!(words.contains(part), "{words}");
        }
        assert_eq!(too_few(Some(524_288), (1000, 1000), &text), None);
        assert_eq!(too_few(None, (1000, 0), &text), None, "no limit");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_limit_is_raised_as_far_as_it_goes() {
        use rustix::process::{Resource, getrlimit};
        let limit = raise();
        assert_eq!(getrlimit(Resource::Nofile).current, limit);
        assert_eq!(getrlimit(Resource::Nofile).maximum, limit);
    }
}
