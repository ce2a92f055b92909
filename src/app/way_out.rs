//! Whether the operating system knows a way out of this machine: for the fleet guard, which waits
//! longer, and begins to wait sooner, when it is our own cable that is out.
//!
//! Reads what Linux says in `/proc/net` and `/sys/class/net`, a handful of lines that come from
//! memory and not from a disk, once a second. Elsewhere it says nothing. It never asks anybody on
//! the network: that would be slow, and would tell what that host does, not what this one has.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::clock::Mono;

/// It is asked this often at most.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// A route is in use: `RTF_UP` of Linux' `include/uapi/linux/route.h`.
const UP: u32 = 0x1;

/// A route that leads to an error: `RTF_REJECT`.
const REJECT: u32 = 0x200;

/// What the operating system says of the ways out, with the memory that it takes to understand it.
pub(super) struct WayOut {
    /// `/`; another folder in tests.
    root: PathBuf,
    asked: Option<Mono>,
    /// Over which interfaces it has been seen to lead out, in this run.
    had: Had,
    gone: bool,
}

/// What was there once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Had {
    any: bool,
    default: bool,
}

/// The interfaces over which routes lead.
#[derive(Debug, Default, PartialEq, Eq)]
struct Routes {
    /// To everywhere.
    default: BTreeSet<String>,
    /// To anywhere at all.
    any: BTreeSet<String>,
}

impl WayOut {
    /// Of this machine.
    pub(super) fn of_this_machine() -> Self {
        Self::under(PathBuf::from("/"))
    }

    /// Of what stands in the files below `root`.
    pub(super) fn under(root: PathBuf) -> Self {
        Self { root, asked: None, had: Had::default(), gone: false }
    }

    /// Whether there was a way out in this run and there is none now. A machine that never had one
    /// watches something else than a network, and is never said to have lost it.
    pub(super) fn is_gone(&mut self, now: Mono) -> bool {
        if self.asked.is_some_and(|asked| now.since(asked) < ASK_EVERY) {
            return self.gone;
        }
        self.asked = Some(now);
        // What cannot be read is not known, and that is no reason to hold anything back.
        self.gone = self.ask().is_some_and(|has| self.lacks(has));
        self.gone
    }

    /// Whether a network that bridges containers is all that is left makes no difference: where
    /// there was a way to everywhere, that is what counts.
    fn lacks(&mut self, has: Had) -> bool {
        self.had.any |= has.any;
        self.had.default |= has.default;
        if self.had.default { !has.default } else { self.had.any && !has.any }
    }

    fn ask(&self) -> Option<Had> {
        let read = |path: &str| std::fs::read_to_string(self.root.join(path));
        // The kernel may have been built without the sixth version; never without the fourth.
        let mut routes = routes_v4(&read("proc/net/route").ok()?);
        let sixth = routes_v6(&read("proc/net/ipv6_route").unwrap_or_default());
        routes.default.extend(sixth.default);
        routes.any.extend(sixth.any);
        let carries = |name: &String| {
            let state = read(&format!("sys/class/net/{name}/operstate"));
            state.is_ok_and(|state| is_carrying(state.trim()))
        };
        Some(Had {
            any: routes.any.iter().any(carries),
            default: routes.default.iter().any(carries),
        })
    }
}

/// Whether an interface in this state of RFC 2863 may carry anything. Tunnels and many drivers of
/// virtual machines never say more than that they do not know.
fn is_carrying(operstate: &str) -> bool {
    matches!(operstate, "up" | "unknown")
}

/// `/proc/net/route`: a heading, then interface, destination, gateway, flags, …, mask, all in
/// hexadecimal.
fn routes_v4(table: &str) -> Routes {
    let mut routes = Routes::default();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [name, to, _, flags, _, _, _, mask, ..] = fields.as_slice() else { continue };
        let is_default = to.bytes().chain(mask.bytes()).all(|digit| digit == b'0');
        routes.take(name, flags, is_default);
    }
    routes
}

/// `/proc/net/ipv6_route`: destination, its length, source, its length, next hop, metric, two
/// counters, flags, interface. What begins with `fe` leads no further than the next cable, or to
/// many at once.
fn routes_v6(table: &str) -> Routes {
    let mut routes = Routes::default();
    for line in table.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [to, length, _, _, _, _, _, _, flags, name] = fields.as_slice() else { continue };
        if to.starts_with("fe") || to.starts_with("ff") {
            continue;
        }
        routes.take(name, flags, *length == "00" && to.bytes().all(|digit| digit == b'0'));
    }
    routes
}

impl Routes {
    fn take(&mut self, name: &str, flags: &str, is_default: bool) {
        let flags = u32::from_str_radix(flags, 16).unwrap_or(0);
        // A name is part of a path below.
        let plain = !name.contains('/') && name != "." && name != "..";
        if flags & UP == 0 || flags & REJECT != 0 || name == "lo" || !plain {
            return;
        }
        if is_default {
            self.default.insert(name.to_owned());
        }
        self.any.insert(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V4: &str = include_str!("../../tests/fixtures/network/route");
    const V4_UNPLUGGED: &str = include_str!("../../tests/fixtures/network/route-unplugged");
    const V6: &str = include_str!("../../tests/fixtures/network/ipv6_route");

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_tables_of_routes_are_understood() {
        let v4 = routes_v4(V4);
        assert_eq!((v4.default, v4.any), (names(&["eno1"]), names(&["docker0", "eno1"])));
        let v6 = routes_v6(V6);
        assert_eq!((v6.default, v6.any), (names(&["eno1"]), names(&["eno1", "wg0"])));
        for nonsense in ["", "\n\n", "a b c", "Iface\neno1\t00000000", "x\n../etc 0 0 1 0 0 0 0"] {
            assert_eq!((routes_v4(nonsense), routes_v6(nonsense)), Default::default());
        }
    }

    /// A machine whose files can be written.
    struct Machine {
        folder: tempfile::TempDir,
        way_out: WayOut,
        now: Mono,
    }

    impl Machine {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let way_out = WayOut::under(folder.path().to_owned());
            Self { folder, way_out, now: Mono::default() }
        }

        fn put(&self, path: &str, text: &str) {
            let file = self.folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }

        fn link(&self, name: &str, operstate: &str) {
            self.put(&format!("sys/class/net/{name}/operstate"), &format!("{operstate}\n"));
        }

        /// A second later.
        fn is_gone(&mut self) -> bool {
            self.now = self.now + ASK_EVERY;
            self.way_out.is_gone(self.now)
        }
    }

    #[test]
    fn a_cable_that_is_pulled_out_is_noticed_and_so_is_its_return() {
        let mut machine = Machine::new();
        assert!(!machine.is_gone(), "no such files: another operating system");
        machine.put("proc/net/route", V4);
        machine.link("eno1", "up");
        machine.link("docker0", "up");
        assert!(!machine.is_gone());
        machine.link("eno1", "down");
        assert!(machine.is_gone(), "the route is still there, and leads nowhere");
        machine.link("eno1", "up");
        assert!(!machine.is_gone());
        machine.put("proc/net/route", V4_UNPLUGGED);
        assert!(machine.is_gone(), "containers are not the country");
        machine.put("proc/net/ipv6_route", V6);
        assert!(!machine.is_gone(), "another way");
    }

    #[test]
    fn a_machine_that_never_had_a_way_out_has_not_lost_it() {
        let mut machine = Machine::new();
        machine.put("proc/net/route", "Iface\tDestination\n");
        assert!(!machine.is_gone());
        machine.put("proc/net/route", V4);
        machine.link("eno1", "lowerlayerdown");
        machine.link("docker0", "down");
        assert!(!machine.is_gone(), "not yet connected");
    }

    #[test]
    fn cameras_on_the_same_wire_need_no_route_to_everywhere() {
        let mut machine = Machine::new();
        machine.put("proc/net/route", V4_UNPLUGGED);
        machine.link("docker0", "unknown");
        assert!(!machine.is_gone());
        machine.link("docker0", "down");
        assert!(machine.is_gone());
    }

    #[test]
    fn it_is_asked_once_a_second() {
        let mut machine = Machine::new();
        machine.put("proc/net/route", V4);
        machine.link("eno1", "up");
        assert!(!machine.is_gone());
        machine.link("eno1", "down");
        assert!(!machine.way_out.is_gone(machine.now + Duration::from_millis(900)));
        assert!(machine.is_gone());
    }
}
