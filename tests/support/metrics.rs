//! The figures that a running program tells, as Prometheus would fetch them.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::program::Running;

/// How long the program may take to answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// One fetched page.
pub(crate) struct Page {
    pub(crate) text: String,
    /// By name and labels, as they stand in the text.
    samples: BTreeMap<String, f64>,
}

/// Where a started program says that its figures are (`127.0.0.1:40123`); waits for it.
pub(crate) fn address(running: &mut Running<'_>, said: impl Fn() -> String) -> String {
    running.until("the address of the figures", || {
        let said = said();
        let (_, rest) = said.split_once("http://")?;
        let (address, _) = rest.split_once("/metrics\n")?;
        Some(address.to_owned())
    })
}

/// Sends a request; gives the whole answer.
pub(crate) fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Fetches the figures; `None` before there are any.
pub(crate) fn fetch(address: &str) -> Option<Page> {
    let answer = ask(address, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    if head.starts_with("HTTP/1.1 503 ") {
        return None;
    }
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let samples = body.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), value.parse().unwrap())
    });
    Some(Page { samples: samples.collect(), text: body.to_owned() })
}

impl Page {
    /// The value of a sample that must be there.
    pub(crate) fn get(&self, name: &str) -> f64 {
        *self.samples.get(name).unwrap_or_else(|| panic!("no {name} in\n{}", self.text))
    }

    /// The names of all samples, without labels.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.samples.keys().filter_map(|name| name.split('{').next())
    }
}
