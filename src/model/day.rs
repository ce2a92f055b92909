//! The election day and its stages.
