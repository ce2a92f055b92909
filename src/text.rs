//! Every text a person sees, in Azerbaijani, English and Russian, and Azerbaijani letter case
//! and order.
//!
//! The sentences live in `assets/i18n/<language>/*.ftl` (Project Fluent) and are compiled in. A test reads
//! the sources and fails when a key used there is missing in any of the three languages, or when
//! the languages disagree about a key or its arguments. Anyone may call this module.

mod case;
mod order;

pub use case::fold;
pub use order::{base_letters, compare, fold_composed};

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

macro_rules! sources {
    ($lang:literal) => {
        &[
            include_str!(concat!("../assets/i18n/", $lang, "/common.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/wall.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/attention.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/duty.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/desk.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/list.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/first.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/app.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/demo.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/simulate.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/probe.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/watch.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/journal.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/durable.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/footage.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/recording.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/ledger.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/day_report.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/space.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/replay.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/opening.ftl")),
            include_str!(concat!("../assets/i18n/", $lang, "/held.ftl")),
        ]
    };
}

/// A language of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Azerbaijani, the default.
    Az,
    /// English.
    En,
    /// Russian.
    Ru,
}

impl Lang {
    /// All three, in the order they are offered.
    pub const ALL: [Lang; 3] = [Lang::Az, Lang::En, Lang::Ru];

    /// Its ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Az => "az",
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// The files of this language, compiled in.
    const fn sources(self) -> &'static [&'static str] {
        match self {
            Self::Az => sources!("az"),
            Self::En => sources!("en"),
            Self::Ru => sources!("ru"),
        }
    }

    /// The language that the environment's `LC_ALL`, `LC_MESSAGES` or `LANG` value asks for
    /// (`ru_RU.UTF-8`), if it is one of ours.
    pub fn from_locale(locale: &str) -> Option<Self> {
        let code = locale.split(['_', '.', '-', '@']).next()?;
        code.parse().ok()
    }
}

impl FromStr for Lang {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|l| l.code() == s).ok_or(())
    }
}

/// The sentences of one language. Cheap to share; made once per language.
pub struct Text {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({:?})", self.lang)
    }
}

impl Text {
    /// The sentences of `lang`.
    pub fn of(lang: Lang) -> Arc<Text> {
        static MADE: [OnceLock<Arc<Text>>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
        Arc::clone(MADE[lang as usize].get_or_init(|| Arc::new(Self::load(lang))))
    }

    fn load(lang: Lang) -> Self {
        let locale = lang.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        bundle.set_use_isolating(false);
        for &source in lang.sources() {
            // A test parses these files strictly, so what a broken one leaves over here is of no
            // interest: its sentences show as their keys.
            let resource = FluentResource::try_new(source.to_owned())
                .unwrap_or_else(|(partial, _errors)| partial);
            bundle.add_resource_overriding(resource);
        }
        Self { lang, bundle }
    }

    /// Which language this is.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The sentence `key`, without arguments. An unknown key shows as itself.
    pub fn get<'a>(&'a self, key: &'a str) -> Cow<'a, str> {
        self.format(key, None)
    }

    /// The sentence `key` with arguments filled in; see [`tr!`](crate::tr).
    pub fn with<'a>(&'a self, key: &'a str, args: &FluentArgs<'_>) -> Cow<'a, str> {
        Cow::Owned(self.format(key, Some(args)).into_owned())
    }

    fn format<'a>(&'a self, key: &'a str, args: Option<&'a FluentArgs<'_>>) -> Cow<'a, str> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return Cow::Borrowed(key);
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new())
    }

    /// A span as a running counter, for how long something has lasted: `0:07`, `4:31`, `3:42:05`.
    /// The same in every language, and as wide from second to second as its digits allow.
    pub fn counter(span: Duration) -> String {
        let s = span.as_secs();
        match (s / 3600, s / 60 % 60, s % 60) {
            (0, m, s) => format!("{m}:{s:02}"),
            (h, m, s) => format!("{h}:{m:02}:{s:02}"),
        }
    }
}

/// The text of a key in a language, with named arguments:
/// `tr!(text, "tile-offline", since = "4:31")`. Keys must be literals: a test looks for them.
#[macro_export]
macro_rules! tr {
    ($text:expr, $key:literal) => { $text.get($key) };
    ($text:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        let mut args = ::fluent_bundle::FluentArgs::new();
        $(args.set(stringify!($name), $crate::text::FluentValue::from($value));)+
        $text.with($key, &args)
    }};
}

#[cfg(test)]
mod tests;
