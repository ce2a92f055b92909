//! A list and its secrets put together again: what `ingest` opens.

use std::fmt;

use super::strip::complete;
use super::{ListSecrets, Login, Stripped, Vault, VaultError};
use crate::model::{FeedId, FeedKind, Station, StationList};

/// What is needed to open one feed. Two are equal when opening them is the same thing, so a
/// changed password makes a changed feed.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedSource {
    /// Whose stream.
    pub id: FeedId,
    /// Complete but for user name and password; **holds secret query values: never show it**.
    pub url: url::Url,
    /// The URL as it may be shown.
    pub shown_url: String,
    /// What to log in with.
    pub login: Option<Login>,
}

impl fmt::Debug for FeedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FeedSource({}, {})", self.id, self.shown_url)
    }
}

impl FeedSource {
    /// What is needed to open `url`, which belongs to no kept list; `None` when its secrets do not
    /// fit back into it.
    pub fn of(id: FeedId, url: &Stripped) -> Option<Self> {
        let whole = url::Url::parse(&complete(&url.shown, &url.secrets.values)?).ok()?;
        let (shown_url, login) = (url.shown.clone(), url.secrets.login.clone());
        Some(Self { id, url: whole, shown_url, login })
    }
}

/// Every feed of version `version` of the list, in the list's order, main before sub.
///
/// # Errors
/// [`VaultError::Missing`] when the vault does not hold that version's secrets, or not as many as
/// the list's URLs have places for: opening feeds without them would only look like cameras that
/// refuse the login.
pub fn feed_sources(
    list: &StationList,
    vault: &Vault,
    version: u32,
) -> Result<Vec<FeedSource>, VaultError> {
    let secrets = vault.secrets(version)?;
    let feeds = list.stations.iter().flat_map(|station| {
        [FeedKind::Main, FeedKind::Sub].into_iter().filter_map(move |kind| {
            let shown = station.url(kind)?;
            Some(source(station, kind, shown, secrets).ok_or(VaultError::Missing { version }))
        })
    });
    feeds.collect()
}

fn source(
    station: &Station,
    kind: FeedKind,
    shown: &str,
    secrets: &ListSecrets,
) -> Option<FeedSource> {
    let id = FeedId { station: station.id, kind };
    let own = secrets.get(id).cloned().unwrap_or_default();
    let url = url::Url::parse(&complete(shown, &own.values)?).ok()?;
    Some(FeedSource { id, url, shown_url: shown.to_owned(), login: own.login })
}
