//! `pollwall wall`.

use std::sync::Arc;

use super::args::WallArgs;
use crate::config::DataDir;
use crate::model::day::ElectionDay;
use crate::text::Text;

/// Runs the wall until it is closed. The caller owns the data folder.
pub fn run(
    _args: &WallArgs,
    _text: &Arc<Text>,
    _data: &DataDir,
    _day: ElectionDay,
) -> anyhow::Result<()> {
    anyhow::bail!("this build has no wall yet")
}
