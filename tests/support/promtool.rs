//! Prometheus' own checker of configurations, rules and figures (Debian package `prometheus`).
//!
//! `packaging/test` unpacks it without installing it, for an installed Prometheus is a service that
//! starts by itself, and names it in `POLLWALL_PROMTOOL`; then it has to be there. Elsewhere one on
//! the PATH is taken, and without one the checks are left out, which is said.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The checker, if there is one.
pub(crate) fn find() -> Option<String> {
    if let Ok(named) = std::env::var("POLLWALL_PROMTOOL") {
        assert!(Path::new(&named).is_file(), "POLLWALL_PROMTOOL={named} is not there");
        return Some(named);
    }
    let there = Command::new("promtool").arg("--version").output();
    there.is_ok_and(|output| output.status.success()).then(|| "promtool".to_owned())
}

/// Runs it on `input`; fails with its words when it finds anything. Whether it was there.
#[expect(clippy::print_stderr, reason = "a check that was left out is said")]
pub(crate) fn check(args: &[&str], input: &str) -> bool {
    let Some(promtool) = find() else {
        eprintln!("left out, for there is no promtool: promtool {}", args.join(" "));
        return false;
    };
    let mut child = Command::new(promtool)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end before it has read everything: its words say why.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "promtool {args:?}: {output:?}");
    true
}
