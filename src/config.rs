//! stub until merge
use crate::model::FeedId;
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub password: String,
}
#[derive(Clone, PartialEq, Eq)]
pub struct FeedSource {
    pub id: FeedId,
    pub url: url::Url,
    pub shown_url: String,
    pub login: Option<Login>,
}
