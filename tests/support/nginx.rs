//! nginx on free ports, with a folder that it serves (HLS) and its RTMP module.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::ffmpeg::free_port;
use super::{KillOnDrop, until};

/// Running; killed when dropped.
pub(crate) struct Nginx {
    folder: TempDir,
    web: u16,
    rtmp: u16,
    running: Option<KillOnDrop>,
}

impl Nginx {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut nginx = Self { folder, web: free_port(), rtmp: free_port(), running: None };
        std::fs::create_dir(nginx.served()).unwrap();
        std::fs::write(nginx.folder.path().join("conf"), nginx.configuration()).unwrap();
        nginx.restart();
        nginx
    }

    /// The folder that it serves.
    pub(crate) fn served(&self) -> PathBuf {
        self.folder.path().join("www")
    }

    pub(crate) fn web_url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.web)
    }

    pub(crate) fn rtmp_url(&self, name: &str) -> String {
        format!("rtmp://127.0.0.1:{}/live/{name}", self.rtmp)
    }

    /// Kills it outright.
    pub(crate) fn kill(&mut self) {
        self.running = None;
    }

    /// Starts it, on its old ports.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let mut command = Command::new("/usr/sbin/nginx");
        command.arg("-p").arg(self.folder.path()).arg("-c").arg(self.folder.path().join("conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running = Some(KillOnDrop(command.spawn().unwrap()));
        for port in [self.web, self.rtmp] {
            until("nginx listens", || TcpStream::connect(("127.0.0.1", port)).ok());
        }
    }

    fn configuration(&self) -> String {
        let folder = self.folder.path().display();
        let (web, rtmp) = (self.web, self.rtmp);
        // One process, so that killing it ends all of it.
        format!(
            "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
            daemon off; master_process off; worker_processes 1;
            pid {folder}/pid; error_log {folder}/error;
            events {{ worker_connections 64; }}
            http {{
                access_log off;
                types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; video/mp4 mp4 m4s; }}
                client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
                fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
                server {{ listen 127.0.0.1:{web}; root {folder}/www; }}
            }}
            rtmp {{ server {{ listen 127.0.0.1:{rtmp}; application live {{ live on; }} }} }}
            "
        )
    }
}
