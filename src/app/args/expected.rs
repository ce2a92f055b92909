//! What each option expects, told to a person who typed something else.

use crate::replay::layout::Layout;
use crate::replay::template::{Template, TemplateError, placeholders};
use crate::text::Text;
use crate::tr;

/// What an option cannot be, and what it can.
pub(super) fn bad_value(text: &Text, option: &str, found: &str) -> String {
    let expected = match option {
        "--lang" => tr!(text, "usage-expect-lang"),
        "--size" => tr!(text, "usage-expect-size"),
        "--layout" => tr!(text, "opening-expect-layout", layouts = layouts()),
        "--template" => return bad_template(text, found),
        "--start" => tr!(text, "opening-expect-start"),
        "--map" => tr!(text, "opening-expect-map"),
        "--after" | "--once" => tr!(text, "usage-expect-after"),
        "--metrics" => tr!(text, "usage-expect-metrics"),
        "--district" => tr!(text, "usage-expect-district"),
        "--print-states" => tr!(text, "usage-expect-print"),
        "--stations" => tr!(text, "usage-expect-stations"),
        "--port" => tr!(text, "usage-expect-port"),
        "--quality" => tr!(text, "usage-expect-quality"),
        "--codec" => tr!(text, "usage-expect-codec"),
        "--seconds" => tr!(text, "usage-expect-seconds"),
        "--station" => tr!(text, "usage-expect-station"),
        "--at" | "--from" | "--to" | "--since" => tr!(text, "usage-expect-since"),
        "--stage" => tr!(text, "usage-expect-stage"),
        "--day" => tr!(text, "usage-expect-day"),
        "--last" => tr!(text, "usage-expect-last"),
        "--kind" => tr!(text, "usage-expect-kind", kinds = super::journal::kinds_listed()),
        "--fingerprint" => tr!(text, "held-expect-fingerprint"),
        _ => tr!(text, "usage-expect-version"),
    };
    tr!(text, "usage-bad-value", option = option, found = found, expected = expected.into_owned())
        .into_owned()
}

fn layouts() -> String {
    Layout::ALL.map(Layout::code).join(", ")
}

/// What is wrong with a template, and what may stand in one.
fn bad_template(text: &Text, found: &str) -> String {
    let why = match Template::parse(found) {
        Err(TemplateError::Unknown(name)) => {
            tr!(text, "opening-template-unknown", name = format!("{{{name}}}"))
        }
        Err(TemplateError::Twice(name)) => {
            tr!(text, "opening-template-twice", name = format!("{{{name}}}"))
        }
        Err(TemplateError::Lacks(name)) => {
            tr!(text, "opening-template-lacks", name = format!("{{{name}}}"))
        }
        Err(TemplateError::Brace) => tr!(text, "opening-template-brace"),
        Err(TemplateError::TooLong) | Ok(_) => tr!(text, "opening-template-long"),
    };
    tr!(
        text,
        "opening-bad-template",
        found = found,
        why = why.into_owned(),
        placeholders = placeholders()
    )
    .into_owned()
}
