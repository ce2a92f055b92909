//! The drawing of a station's day: by shape and pattern, so that it is read on black-and-white paper.

use std::fmt::Write as _;

use crate::health::State;
use crate::record::ledger::{Line, Span, StationLedger, common, joined};

/// So wide is the whole span, in the drawing's own units: half a minute of twelve hours.
const WIDE: i64 = 1440;
const HIGH: i64 = 30;
/// A gap is never too short to be seen.
const LEAST: i64 = 3;

/// Whatever fills the shapes; once in a document.
pub(super) const PATTERNS: &str = "<svg width=0 height=0 style=position:absolute aria-hidden=true><defs>\
<pattern id=ph width=12 height=12 patternUnits=userSpaceOnUse patternTransform=rotate(45)>\
<path fill=#fff d=M0,0h12v12H0z /><path fill=#8a4b00 d=M0,0h5v12H0z /></pattern>\
<pattern id=pf width=10 height=6 patternUnits=userSpaceOnUse><path fill=#fff d=M0,0h10v6H0z />\
<path fill=#14407a d=M0,0h10v3H0z /></pattern>\
<pattern id=pc width=9 height=8 patternUnits=userSpaceOnUse><path fill=#fff d=M0,0h9v8H0z />\
<circle cx=4.5 cy=4 r=2.6 fill=#5b2a86 /></pattern></defs></svg>";

/// What there is to be seen, with the class of its shape.
pub(super) const SHAPES: [(&str, &str); 6] = [
    ("r", "day-report-strip-recorded"),
    ("g", "day-report-strip-gap"),
    ("h", "day-report-strip-received"),
    ("k", "day-report-strip-black"),
    ("f", "day-report-strip-frozen"),
    ("c", "day-report-strip-covered"),
];

/// A shape for the legend.
pub(super) fn sample(class: &str) -> String {
    let (top, high) =
        if matches!(class, "k" | "f" | "c") { (HIGH / 2, HIGH / 2) } else { (0, HIGH) };
    let ground = if top > 0 { "<path class=r d=M0,0h60v30H0z />" } else { "" };
    format!(
        "<svg class=l viewBox=\"0 0 60 {HIGH}\">{ground}<path class={class} \
         d=M0,{top}h60v{high}H0z /></svg>"
    )
}

/// A station's day within the span that all drawings share.
pub(super) fn strip(page: &mut String, ledger: &StationLedger, span: Span, said: &str) {
    let gaps: Vec<Span> = ledger.gaps().map(|gap| gap.span).collect();
    let recorded = ledger.lines.iter().filter(|line| matches!(line, Line::Recorded { .. }));
    let recorded: Vec<Span> = recorded.map(Line::span).collect();
    let received = common(&ledger.tracks.received, &joined(gaps.clone()));
    // Writing to a string cannot fail.
    let _ =
        write!(page, "<svg class=s role=img aria-label=\"{said}\" viewBox=\"0 0 {WIDE} {HIGH}\">");
    let scale = Scale { span };
    scale.shape(page, "r", &recorded, 0, 1);
    scale.shape(page, "g", &gaps, 0, LEAST);
    scale.shape(page, "h", &received, 0, LEAST);
    for (class, state) in [("k", State::Black), ("f", State::Frozen), ("c", State::Covered)] {
        let watched = ledger.tracks.pictures.iter().filter(|watched| watched.state == state);
        let spans: Vec<Span> = watched.map(|watched| watched.span).collect();
        scale.shape(page, class, &spans, HIGH / 2, LEAST);
    }
    let mut marks = String::new();
    for (hours, _) in ledger.stages.iter().filter(|(hours, _)| hours.stage.is_some()).skip(1) {
        let _ = write!(marks, "M{} 0v{HIGH}", scale.x(hours.span.from_us));
    }
    if !marks.is_empty() {
        let _ = write!(page, "<path class=m d=\"{marks}\" />");
    }
    page.push_str("</svg>");
}

/// The hours above the drawings.
pub(super) fn axis(hours: &[(i64, String)], span: Span) -> String {
    let scale = Scale { span };
    let mut axis = format!("<svg class=a viewBox=\"0 0 {WIDE} 34\">");
    for (at_us, said) in
        hours.iter().filter(|(at_us, _)| (span.from_us..span.to_us).contains(at_us))
    {
        let x = scale.x(*at_us);
        let _ =
            write!(axis, "<path class=m d=\"M{x} 22v12\" /><text x={} y=20>{said}</text>", x + 2);
    }
    axis.push_str("</svg>");
    axis
}

struct Scale {
    span: Span,
}

impl Scale {
    fn x(&self, at_us: i64) -> i64 {
        let wide = i128::from(self.span.len_us().max(1));
        let at = i128::from(at_us - self.span.from_us) * i128::from(WIDE) / wide;
        i64::try_from(at.clamp(0, i128::from(WIDE))).unwrap_or(0)
    }

    /// One path for all; what overlaps in the drawing's units is one rectangle, so that a day of
    /// thousands of gaps is no larger than the paper can show.
    fn shape(&self, page: &mut String, class: &str, spans: &[Span], top: i64, least: i64) {
        let units = spans.iter().filter(|span| !span.is_empty()).map(|span| {
            let from = self.x(span.from_us).min(WIDE - least);
            Span::new(from, self.x(span.to_us).max(from + least))
        });
        let units = joined(units.collect());
        if units.is_empty() {
            return;
        }
        let high = HIGH - top;
        let _ = write!(page, "<path class={class} d=\"");
        for unit in units {
            let (x, wide) = (unit.from_us, unit.len_us());
            let _ = write!(page, "M{x} {top}h{wide}v{high}h-{wide}z");
        }
        page.push_str("\" />");
    }
}
