//! How much of a day its page shows: a day of twenty hours makes a sliver of the last minutes.

use std::time::Duration;

/// What can be shown, up to now; `None` is all of the day.
pub const DAY_SPANS: [Option<Duration>; 4] = {
    const fn minutes(n: u64) -> Duration {
        Duration::from_secs(n * 60)
    }
    [None, Some(minutes(8 * 60)), Some(minutes(2 * 60)), Some(minutes(30))]
};

/// What of a day its page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayView {
    /// All that is known of it.
    Known,
    /// All of it, also what is still to come.
    Whole,
    /// What has just been.
    Last(Duration),
}

/// What of a day an operator wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DaySpan {
    /// What an operator has chosen.
    chosen: Option<usize>,
    /// The shortest that shows all there is.
    fitting: usize,
}

impl DaySpan {
    pub(super) fn view(self) -> DayView {
        match self.chosen.map(|at| DAY_SPANS[at]) {
            None => DayView::Known,
            Some(None) => DayView::Whole,
            Some(Some(span)) => DayView::Last(span),
        }
    }

    fn at(self) -> usize {
        self.chosen.unwrap_or(self.fitting)
    }

    /// So long has there been something to see.
    pub(super) fn set_known(&mut self, known: Duration) {
        let holds = |span: &Option<Duration>| span.is_none_or(|span| known <= span);
        self.fitting = DAY_SPANS.iter().rposition(holds).unwrap_or(0);
    }

    /// Shorter (1) or longer (-1).
    pub(super) fn step(&mut self, by: isize) {
        self.chosen = Some(self.at().saturating_add_signed(by).min(DAY_SPANS.len() - 1));
    }

    /// All that is known.
    pub(super) fn fit(&mut self) {
        self.chosen = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_all_there_is_until_somebody_wants_less_or_more() {
        let hours = |n: u64| DayView::Last(Duration::from_secs(n * 3600));
        let mut day = DaySpan::default();
        day.set_known(Duration::from_secs(5 * 3600));
        assert_eq!(day.view(), DayView::Known);
        day.step(1);
        assert_eq!(day.view(), hours(2), "less than there is");
        day.set_known(Duration::from_secs(60));
        assert_eq!(day.view(), hours(2), "chosen is chosen");
        day.step(9);
        assert_eq!(day.view(), DayView::Last(Duration::from_secs(1800)));
        day.fit();
        day.step(-1);
        assert_eq!(day.view(), hours(2), "more than there is");
        day.step(-9);
        assert_eq!(day.view(), DayView::Whole);
        day.fit();
        assert_eq!(day.view(), DayView::Known);
    }
}
