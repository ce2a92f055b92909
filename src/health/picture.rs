//! The picture: is what arrives black, covered or frozen?
//!
//! Pure: fed with the coded sizes of units and with the statistics of small luma pictures, it gives
//! a verdict. Called by `ingest` through [`FeedHealth`](super::FeedHealth).
