//! Against an account that looks at every tenth of a second by itself.

use proptest::prelude::*;

use super::*;

/// Tenths of seconds before and after the hours.
const MARGIN: i64 = 100;
const HOURS: i64 = 2000;
const TENTH: i64 = 100_000;

type Tenths = (i64, i64);

#[derive(Clone, Debug)]
struct Given {
    segments: Vec<(Tenths, Vec<Tenths>)>,
    witnesses: Vec<(usize, Tenths)>,
    until: i64,
}

fn given() -> impl Strategy<Value = Given> {
    let segment = (-MARGIN..HOURS + MARGIN, 0..400i64, proptest::collection::vec(11..60i64, 0..4));
    let segment = segment.prop_map(|(from, len, gone)| {
        // Breaks stand in order, with pictures between them.
        let (mut at, mut breaks) = (from, Vec::new());
        for len in gone {
            breaks.push((at + 3, at + 3 + len));
            at += 3 + len + 5;
        }
        ((from, (from + len).max(at)), breaks)
    });
    let witness = (0..Cause::ALL.len(), -MARGIN..HOURS, 1..500i64);
    let witness = witness.prop_map(|(cause, from, len)| (cause, (from, from + len)));
    let until = prop_oneof![Just(HOURS + 50), 0..HOURS];
    (proptest::collection::vec(segment, 0..14), proptest::collection::vec(witness, 0..10), until)
        .prop_map(|(segments, witnesses, until)| Given { segments, witnesses, until })
}

fn seconds(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

/// What each tenth of the hours is, and its cause by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    Recorded,
    Short,
    Gap(Cause),
}

fn slow(given: &Given) -> Vec<Is> {
    let place = |at: i64| usize::try_from(at + MARGIN).unwrap();
    let all = place(HOURS + 3 * MARGIN + 1000);
    // Whether there are pictures all through the tenth, and whether there is one at its beginning.
    let (mut solid, mut picture) = (vec![false; all], vec![false; all]);
    for ((from, to), breaks) in &given.segments {
        let mut stretches = Vec::new();
        let mut at = *from;
        for (last, next) in breaks {
            stretches.push((at, *last));
            at = *next;
        }
        stretches.push((at, *to));
        for (from, to) in stretches {
            (from..to).for_each(|tenth| solid[place(tenth)] = true);
            (from..=to).for_each(|tenth| picture[place(tenth)] = true);
        }
    }
    let end = given.until.min(HOURS);
    let cause = |tenth: i64| {
        let says = given.witnesses.iter().filter(|(_, (from, to))| (*from..*to).contains(&tenth));
        says.map(|(cause, _)| Cause::ALL[*cause]).max().unwrap_or(Cause::Unknown)
    };
    let judge = |tenth: i64| {
        if solid[place(tenth)] {
            return Is::Recorded;
        }
        let last = (-MARGIN..=tenth).rev().find(|&at| picture[place(at)]);
        let next = (tenth + 1..HOURS + 2 * MARGIN).find(|&at| picture[place(at)]);
        // While the hours are not over, nothing is known of what comes after.
        let next = match next {
            Some(next) if given.until >= HOURS || next <= given.until => Some(next),
            None if given.until >= HOURS => None,
            Some(next) => Some(next),
            None => Some(given.until),
        };
        match last.zip(next).map(|(last, next)| next - last) {
            Some(len) if len <= 10 => Is::Recorded,
            Some(len) if len <= 20 => Is::Short,
            _ => Is::Gap(cause(tenth)),
        }
    };
    (0..end).map(judge).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn each_tenth_of_a_second_is_what_it_is_by_itself(given in given()) {
        let tenths = slow(&given);
        let pieces: Vec<Piece> = given
            .segments
            .iter()
            .map(|((from, to), gone)| {
                let gone: Vec<_> =
                    gone.iter().map(|(from, to)| (seconds(*from), seconds(*to))).collect();
                piece(seconds(*from), seconds(*to), &gone)
            })
            .collect();
        let witnesses: Vec<Witness> = given
            .witnesses
            .iter()
            .map(|(cause, (from, to))| says(Cause::ALL[*cause], seconds(*from), seconds(*to)))
            .collect();
        let day = ledger(&pieces, &witnesses, seconds(given.until));
        let count = |is: fn(&Is) -> bool| tenths.iter().filter(|&tenth| is(tenth)).count() as i64;
        prop_assert_eq!(day.sums.recorded_us, count(|is| *is == Is::Recorded) * TENTH);
        prop_assert_eq!(day.sums.short_us, count(|is| *is == Is::Short) * TENTH);
        prop_assert_eq!(day.sums.gap_us, count(|is| matches!(is, Is::Gap(_))) * TENTH);
        let mut before: Option<&Gap> = None;
        for gap in day.gaps() {
            let place = |us: i64| usize::try_from(us / TENTH).unwrap();
            let inside = &tenths[place(gap.span.from_us)..place(gap.span.to_us)];
            let causes: Vec<Cause> = inside
                .iter()
                .filter_map(|is| if let Is::Gap(cause) = is { Some(*cause) } else { None })
                .collect();
            prop_assert_eq!(causes.len(), inside.len(), "a gap lies where gaps are");
            // The cause it is listed under was at work in it, and nothing else is where it is alone;
            // what reaches over a border may have had its cause beyond it.
            let border = |gap: &Gap| gap.span.from_us == 0 || gap.span.to_us == day.until_us;
            prop_assert!(border(gap) || causes.contains(&gap.cause), "{:?}", gap);
            if let Some(before) = before.filter(|before| before.span.to_us == gap.span.from_us) {
                // Both sides of a division say something by themselves, unless a single picture lies
                // there, or a border.
                let picture = given.segments.iter().any(|((from, to), gone)| {
                    let at = gap.span.from_us / TENTH;
                    let ends = [*from, *to].into_iter();
                    ends.chain(gone.iter().flat_map(|(from, to)| [*from, *to])).any(|end| end == at)
                });
                let long = before.span.len_us().min(gap.span.len_us()) > 2 * SECOND;
                let over = border(before) || border(gap);
                prop_assert!(picture || ((long || over) && before.cause != gap.cause));
            }
            before = Some(gap);
        }
    }
}
