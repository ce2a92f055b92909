//! User names and passwords: taken out of URLs on import, kept in a file only its owner can read,
//! put together with the URLs again for `ingest` alone, and removed from every text on its way
//! out by the [`Redactor`].
//!
//! It does not encrypt the file: who can read the user's files can read the cameras' passwords,
//! which is why a looser mode stops the program. Nothing in here prints a secret.

mod authority;
mod names;
mod redactor;
mod sources;
mod spans;
mod strip;
mod vault;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use redactor::{HIDDEN, Redactor};
pub use sources::{FeedSource, feed_sources};
pub use strip::{Stripped, UrlProblem, masked, scheme_of, stream_key, strip, url_key};
pub use vault::{Vault, VaultError};

use crate::model::FeedId;

/// What a camera is logged into with, as plain text (nothing percent-encoded).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The user name; may be empty.
    pub user: String,
    /// The password; may be empty.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(***)")
    }
}

/// Everything secret that one URL held.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrlSecrets {
    /// User name and password from before the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// The values that stand where the stripped URL has `…`, in its order and spelling.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl UrlSecrets {
    /// Whether the URL held no secret.
    pub fn is_empty(&self) -> bool {
        self.login.is_none() && self.values.is_empty()
    }
}

impl fmt::Debug for UrlSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UrlSecrets(***)")
    }
}

/// The secrets of a whole list, by feed; feeds without any are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListSecrets(BTreeMap<FeedId, UrlSecrets>);

impl ListSecrets {
    /// Keeps the secrets of one feed, if there are any.
    pub fn insert(&mut self, feed: FeedId, secrets: UrlSecrets) {
        if !secrets.is_empty() {
            self.0.insert(feed, secrets);
        }
    }

    /// The secrets of one feed.
    pub fn get(&self, feed: FeedId) -> Option<&UrlSecrets> {
        self.0.get(&feed)
    }

    /// Every feed that has secrets.
    pub fn iter(&self) -> impl Iterator<Item = (FeedId, &UrlSecrets)> {
        self.0.iter().map(|(&feed, secrets)| (feed, secrets))
    }

    /// How many feeds have secrets.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no feed has any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests;
