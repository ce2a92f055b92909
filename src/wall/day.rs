//! How much of a day its page shows: a day of twenty hours makes a sliver of the last minutes.

use std::time::Duration;

/// What can be shown, up to now; `None` is all of the day.
pub const DAY_SPANS: [Option<Duration>; 4] = {
    const fn minutes(n: u64) -> Option<Duration> {
        Some(Duration::from_secs(n * 60))
    }
    [None, minutes(8 * 60), minutes(2 * 60), minutes(30)]
};

/// Which of [`DAY_SPANS`] is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DaySpan {
    /// What an operator has chosen.
    chosen: Option<usize>,
    /// The shortest that shows all there is.
    fitting: usize,
}

impl DaySpan {
    pub(super) fn span(self) -> Option<Duration> {
        DAY_SPANS[self.at()]
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

    /// What fits.
    pub(super) fn fit(&mut self) {
        self.chosen = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_all_there_is_as_large_as_it_can_until_somebody_chooses() {
        let hours = |n: u64| Some(Duration::from_secs(n * 3600));
        let mut day = DaySpan::default();
        assert_eq!(day.span(), None);
        for (minutes, span) in [(5, DAY_SPANS[3]), (31, hours(2)), (121, hours(8)), (481, None)] {
            day.set_known(Duration::from_secs(minutes * 60));
            assert_eq!(day.span(), span, "{minutes} min");
        }
        day.step(1);
        day.step(1);
        assert_eq!(day.span(), hours(2));
        day.set_known(Duration::from_secs(60));
        assert_eq!(day.span(), hours(2), "chosen is chosen");
        day.step(9);
        day.step(9);
        assert_eq!(day.span(), DAY_SPANS[3]);
        day.fit();
        day.step(-9);
        assert_eq!(day.span(), None);
    }
}
