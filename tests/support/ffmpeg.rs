//! The `ffmpeg` command: makes clips, and sends them as real servers and encoders do.

use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::KillOnDrop;

/// Two seconds of H.264 at 15 frames/s, 320×180, a keyframe every second.
pub(crate) const H264: &str = "-c:v libx264 -preset ultrafast -g 15 -pix_fmt yuv420p";

/// A port that nothing listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// The same for UDP.
pub(crate) fn free_udp_port() -> u16 {
    UdpSocket::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// The command with nothing to read and nothing to say.
pub(crate) fn ffmpeg(arguments: &str) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]);
    command.args(arguments.split_whitespace());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Makes `name` in `folder`: a moving test picture of two seconds, coded as `coding` says.
pub(crate) fn clip(folder: &Path, name: &str, coding: &str) -> PathBuf {
    let path = folder.join(name);
    let source = "-f lavfi -i testsrc2=s=320x180:r=15 -t 2";
    let mut command = ffmpeg(&format!("{source} {coding}"));
    assert!(command.arg(&path).status().unwrap().success(), "ffmpeg makes {name} ({coding})");
    path
}

/// Sends `clip` again and again at its own speed; `to` is the output's options and address.
pub(crate) fn send(clip: &Path, to: &str) -> KillOnDrop {
    let mut command = ffmpeg("-re -stream_loop -1");
    command.arg("-i").arg(clip).args(to.split_whitespace());
    KillOnDrop(command.spawn().unwrap())
}
