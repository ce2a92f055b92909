//! The web servers that the list names: the only ones that a playlist or a redirect may lead to.

use std::collections::BTreeSet;
use std::sync::{Arc, RwLock};

use url::Url;

use crate::config::secrets::FeedSource;

/// Host and port of every HTTP address of the present list. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Hosts(Arc<RwLock<BTreeSet<(String, u16)>>>);

impl Hosts {
    /// Takes a new list.
    pub(super) fn replace<'a>(&self, sources: impl Iterator<Item = &'a FeedSource>) {
        let web = sources.filter(|source| matches!(source.url.scheme(), "http" | "https"));
        let named = web.filter_map(|source| place(&source.url)).collect();
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = named;
    }

    /// Whether the list names this server, by name and port.
    pub(super) fn name(&self, url: &Url) -> bool {
        let named = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        place(url).is_some_and(|place| named.contains(&place))
    }
}

fn place(url: &Url) -> Option<(String, u16)> {
    Some((url.host_str()?.to_ascii_lowercase(), url.port_or_known_default()?))
}
