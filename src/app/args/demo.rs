//! `pollwall demo` as typed.

use super::WallArgs;

/// `pollwall demo`
#[derive(Clone, Debug, PartialEq)]
pub struct DemoArgs {
    /// How many stations.
    pub stations: usize,
    /// The wall's own options.
    pub wall: WallArgs,
}
