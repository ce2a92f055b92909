//! What can be counted of the pictures that came: rate, regularity, groups, bits. Pure.

use std::time::Duration;

use crate::clock::Mono;

/// Pictures that arrive within this after the first may be kept ones, sent in one go: they say
/// nothing about the pace. Left out where enough others came.
const BURST: Duration = Duration::from_millis(500);

/// So many pictures are enough to judge the pace.
const ENOUGH: usize = 10;

/// Over less than this nothing is said about a second: a burst would make thousands of it.
const LEAST: Duration = Duration::from_secs(1);

/// Time stamps that leave our clock by more than this from one picture to the next have jumped.
const JUMP: Duration = Duration::from_secs(5);

/// One picture as it came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) arrived_at: Mono,
    /// In 1/90000 s.
    pub(super) pts: i64,
    pub(super) bytes: usize,
    pub(super) is_key: bool,
    /// A keyframe in whose neighbourhood pictures lean on what came before it.
    pub(super) is_open: bool,
    pub(super) after_loss: bool,
}

/// The pictures from one keyframe to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) pictures: usize,
    pub(super) span: Duration,
    pub(super) bytes: usize,
    /// The next keyframe was seen; if not, the group is at least this long.
    pub(super) is_whole: bool,
}

/// What was counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures {
    pub(super) pictures: usize,
    pub(super) keyframes: usize,
    /// From the first picture to the end of listening.
    pub(super) listened: Duration,
    /// Pictures a second as they arrived.
    pub(super) rate: Option<f64>,
    /// Of twenty gaps between pictures nineteen are at most so long.
    pub(super) gap_p95: Option<Duration>,
    /// The longest gap, also the one that was not over at the end.
    pub(super) gap_max: Option<Duration>,
    /// The longest group.
    pub(super) group: Option<Group>,
    pub(super) open_groups: bool,
    /// Bits a second, coded pictures alone.
    pub(super) bits: Option<f64>,
    /// Bytes.
    pub(super) largest_key: Option<usize>,
    /// Pictures come in another order than they are shown in.
    pub(super) reordered: bool,
    /// How often something was lost on the way.
    pub(super) losses: usize,
    /// How often the time stamps jumped.
    pub(super) jumps: usize,
}

impl Figures {
    /// Counts; `None` when no picture came.
    pub(super) fn of(marks: &[Mark], ended_at: Mono) -> Option<Self> {
        let (first, last) = (marks.first()?, marks.last()?);
        let jumps = marks.windows(2).filter(|pair| has_jumped(&pair[0], &pair[1])).count();
        let paced = paced(marks);
        let mut gaps: Vec<_> =
            paced.windows(2).map(|p| p[1].arrived_at.since(p[0].arrived_at)).collect();
        gaps.sort_unstable();
        let silence = ended_at.since(last.arrived_at);
        let span: Duration = gaps.iter().sum();
        let groups = groups(marks, jumps == 0);
        let keys = || marks.iter().filter(|mark| mark.is_key);
        Some(Self {
            pictures: marks.len(),
            keyframes: keys().count(),
            listened: ended_at.since(first.arrived_at),
            rate: (span >= LEAST).then(|| gaps.len() as f64 / span.as_secs_f64()),
            gap_p95: (!gaps.is_empty()).then(|| gaps[(gaps.len() * 95).div_ceil(100) - 1]),
            gap_max: gaps.last().map(|longest| silence.max(*longest)),
            bits: bits(marks, &groups, jumps == 0),
            group: groups.into_iter().max_by_key(|group| (group.pictures, group.is_whole)),
            open_groups: keys().skip(1).any(|key| key.is_open),
            largest_key: keys().map(|key| key.bytes).max(),
            reordered: jumps == 0 && marks.windows(2).any(|pair| pair[1].pts < pair[0].pts),
            losses: marks.windows(2).filter(|p| p[1].after_loss && !p[0].after_loss).count(),
            jumps,
        })
    }
}

fn has_jumped(before: &Mark, after: &Mark) -> bool {
    let theirs = i128::from(after.pts) - i128::from(before.pts);
    let ours = after.arrived_at.since(before.arrived_at).as_micros() as i128;
    (theirs * 1_000_000 / 90_000 - ours).unsigned_abs() > JUMP.as_micros()
}

/// The pictures whose arrivals tell the pace.
fn paced(marks: &[Mark]) -> &[Mark] {
    let Some(first) = marks.first() else { return marks };
    let burst = marks.partition_point(|mark| mark.arrived_at.since(first.arrived_at) < BURST);
    // The last of the burst is where the next gap begins.
    let rest = &marks[burst.saturating_sub(1)..];
    if rest.len() > ENOUGH { rest } else { marks }
}

/// From one mark to the other: by the stream's own clock, which knows nothing of bursts, unless it
/// jumps.
fn span(from: &Mark, to: &Mark, stamps_hold: bool) -> Duration {
    let stamps = u64::try_from(to.pts.saturating_sub(from.pts)).ok();
    let stamps = stamps.filter(|_| stamps_hold).map(|p| Duration::from_secs_f64(p as f64 / 9e4));
    stamps.unwrap_or_else(|| to.arrived_at.since(from.arrived_at))
}

/// The groups, the last of them not whole.
fn groups(marks: &[Mark], stamps_hold: bool) -> Vec<Group> {
    let starts: Vec<usize> = (0..marks.len()).filter(|&at| marks[at].is_key).collect();
    let group = |at: usize, end: usize, is_whole: bool| Group {
        pictures: end - at,
        span: span(&marks[at], &marks[end.min(marks.len() - 1)], stamps_hold),
        bytes: marks[at..end].iter().map(|mark| mark.bytes).sum(),
        is_whole,
    };
    let whole = starts.windows(2).map(|pair| group(pair[0], pair[1], true));
    whole.chain(starts.last().map(|&at| group(at, marks.len(), false))).collect()
}

/// Over whole groups where there are any: a keyframe weighs as much as many other pictures.
fn bits(marks: &[Mark], groups: &[Group], stamps_hold: bool) -> Option<f64> {
    let whole = || groups.iter().filter(|group| group.is_whole);
    let span_of_whole: Duration = whole().map(|group| group.span).sum();
    let (bytes, span) = if span_of_whole.is_zero() {
        let (last, before) = marks.split_last()?;
        let bytes: usize = before.iter().map(|mark| mark.bytes).sum();
        (bytes, span(marks.first()?, last, stamps_hold))
    } else {
        (whole().map(|group| group.bytes).sum(), span_of_whole)
    };
    (span >= LEAST).then(|| bytes as f64 * 8.0 / span.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 25 pictures a second in groups of 50: keyframes of 10,000 bytes, the others of 1000.
    fn regular(count: i64) -> Vec<Mark> {
        let mark = |n: i64| Mark {
            arrived_at: Mono::from_micros(n * 40_000),
            pts: n * 3600,
            bytes: if n % 50 == 0 { 10_000 } else { 1000 },
            is_key: n % 50 == 0,
            is_open: false,
            after_loss: false,
        };
        (0..count).map(mark).collect()
    }

    fn figures(marks: &[Mark]) -> Figures {
        Figures::of(marks, marks.last().unwrap().arrived_at).unwrap()
    }

    #[test]
    fn a_regular_stream_is_counted_exactly() {
        let found = figures(&regular(126));
        assert_eq!((found.pictures, found.keyframes), (126, 3));
        assert!((found.rate.unwrap() - 25.0).abs() < 0.01, "{found:?}");
        let gap = Some(Duration::from_millis(40));
        assert_eq!((found.gap_p95, found.gap_max), (gap, gap));
        let group = found.group.unwrap();
        assert_eq!((group.pictures, group.span, group.bytes), (50, Duration::from_secs(2), 59_000));
        assert!(group.is_whole && !found.open_groups && !found.reordered);
        assert!((found.bits.unwrap() - 59_000.0 * 8.0 / 2.0).abs() < 1.0, "{found:?}");
        assert_eq!((found.largest_key, found.losses, found.jumps), (Some(10_000), 0, 0));
    }

    #[test]
    fn a_burst_at_the_start_does_not_count_as_pace() {
        let mut marks = regular(126);
        for mark in &mut marks[..50] {
            mark.arrived_at = Mono::from_micros(1_960_000 + mark.pts / 3600);
        }
        let found = figures(&marks);
        assert!((found.rate.unwrap() - 25.0).abs() < 0.5, "{found:?}");
        assert_eq!(found.group.unwrap().span, Duration::from_secs(2));
    }

    #[test]
    fn a_stream_that_is_over_in_a_moment_has_no_rate() {
        let mut marks = regular(126);
        for mark in &mut marks {
            mark.arrived_at = Mono::from_micros(mark.pts / 36);
        }
        let found = figures(&marks);
        assert_eq!(found.rate, None, "{found:?}");
        assert!((found.bits.unwrap() - 59_000.0 * 8.0 / 2.0).abs() < 1.0, "by its own clock");
        assert_eq!(figures(&regular(20)).bits, None);
    }

    #[test]
    fn silence_at_the_end_is_a_gap() {
        let marks = regular(30);
        let ended_at = marks[29].arrived_at + Duration::from_secs(3);
        let found = Figures::of(&marks, ended_at).unwrap();
        assert_eq!(found.gap_max, Some(Duration::from_secs(3)));
        assert_eq!(found.gap_p95, Some(Duration::from_millis(40)));
    }

    #[test]
    fn without_a_second_keyframe_the_group_is_longer_than_what_was_seen() {
        let found = figures(&regular(40));
        let group = found.group.unwrap();
        assert_eq!((group.pictures, group.is_whole), (40, false));
        let mut none = regular(40);
        none[0].is_key = false;
        assert_eq!(figures(&none).group, None);
    }

    #[test]
    fn jumping_stamps_are_counted_and_not_believed() {
        let mut marks = regular(126);
        marks[70..].iter_mut().for_each(|mark| mark.pts += 3600 * 90_000);
        let found = figures(&marks);
        assert_eq!(found.jumps, 1);
        assert_eq!(found.group.unwrap().span, Duration::from_secs(2));
        let backwards: Vec<_> =
            marks.iter().map(|m| Mark { pts: m.pts - 7200 * 90_000, ..*m }).collect();
        assert!(!figures(&backwards).reordered);
    }

    #[test]
    fn order_losses_and_open_groups_are_seen() {
        let mut marks = regular(60);
        (marks[3].pts, marks[4].pts) = (marks[4].pts, marks[3].pts);
        marks[10..20].iter_mut().for_each(|mark| mark.after_loss = true);
        marks[50].is_open = true;
        let found = figures(&marks);
        assert!(found.reordered && found.open_groups);
        assert_eq!(found.losses, 1);
    }

    proptest! {
        /// Whatever a camera sends, counting it yields numbers.
        #[test]
        fn nothing_panics(
            raw in prop::collection::vec(
                (0_i64..1 << 50, any::<i64>(), 0_usize..1 << 30, any::<(bool, bool, bool)>()), 0..40,
            )
        ) {
            let mut marks: Vec<_> = raw.into_iter().map(|(at, pts, bytes, (k, o, l))| Mark {
                arrived_at: Mono::from_micros(at), pts, bytes, is_key: k, is_open: o, after_loss: l,
            }).collect();
            marks.sort_by_key(|mark| mark.arrived_at);
            let end = marks.last().map_or(Mono::default(), |mark| mark.arrived_at);
            if let Some(found) = Figures::of(&marks, end) {
                for number in [found.rate, found.bits].into_iter().flatten() {
                    prop_assert!(number.is_finite() && number >= 0.0);
                }
            }
        }
    }
}
