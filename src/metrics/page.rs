//! The text that Prometheus reads: the exposition format 0.0.4, which every version of it takes and
//! `promtool check metrics` checks.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/> for the format,
//! <https://prometheus.io/docs/practices/naming/> for the names: base units, `_total` for what only
//! grows, and the names that every process uses for its own use of the machine.

use std::fmt::{self, Display, Write as _};

use super::figures::{Figures, Histogram, Recording};
use super::process::Process;
use crate::clock::Mono;
use crate::health::State;

/// What the text is, for the answer's head.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// A value of a label, with what would end it or the line escaped.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '"' => f.write_str("\\\"")?,
                '\n' => f.write_str("\\n")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    /// Begins a family: the samples that follow have this name. `help` has neither backslashes nor
    /// ends of line.
    fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.text.push_str(name);
        for (at, (label, inner)) in labels.iter().enumerate() {
            let lead = if at == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{lead}{label}=\"{}\"", Escaped(inner));
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }

    fn counter(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, Kind::Counter, help);
        self.sample(name, &[], value);
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, Kind::Gauge, help);
        self.sample(name, &[], value);
    }

    fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        self.family(name, Kind::Histogram, help);
        let bucket = format!("{name}_bucket");
        for (end, count) in histogram.cumulative() {
            self.sample(&bucket, &[("le", &end.to_string())], count);
        }
        self.sample(&bucket, &[("le", "+Inf")], histogram.count());
        self.sample(&format!("{name}_sum"), &[], histogram.sum());
        self.sample(&format!("{name}_count"), &[], histogram.count());
    }
}

/// The whole text, at the moment `now`.
pub fn page(figures: &Figures, process: &Process, now: Mono) -> String {
    let mut to = Writer::default();
    to.family("pollwall_build_info", Kind::Gauge, "The version that runs; always 1.");
    to.sample("pollwall_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    stations(&mut to, figures);
    streams(&mut to, figures);
    own(&mut to, figures, now);
    others(&mut to, figures);
    of_process(&mut to, figures, process);
    to.text
}

fn stations(to: &mut Writer, figures: &Figures) {
    to.family("pollwall_stations", Kind::Gauge, "Stations in each state.");
    for state in State::ALL {
        let sum: usize = figures.districts.values().map(|states| states[state as usize]).sum();
        to.sample("pollwall_stations", &[("state", state.code())], sum);
    }
    let name = "pollwall_district_stations";
    to.family(name, Kind::Gauge, "Stations of each district in each state.");
    for (district, states) in &figures.districts {
        let district = district.to_string();
        for state in State::ALL {
            let labels = [("district", district.as_str()), ("state", state.code())];
            to.sample(name, &labels, states[state as usize]);
        }
    }
}

fn streams(to: &mut Writer, figures: &Figures) {
    let streams = &figures.streams;
    to.gauge("pollwall_sessions_open", "Sessions that play.", streams.playing);
    let started = "Sessions that began to play; after the first of each feed, reconnections.";
    to.counter("pollwall_sessions_started_total", started, streams.starts);
    let lost = "Sessions and attempts to open one that ended.";
    to.counter("pollwall_sessions_lost_total", lost, streams.losses);
    let units = "Coded pictures that arrived.";
    to.counter("pollwall_units_received_total", units, streams.units);
    let skipped = "Coded pictures that a decoder never saw, for its queue was full or no keyframe \
                   had come yet.";
    to.counter("pollwall_units_skipped_total", skipped, streams.skipped);
    let damaged = "Coded pictures that could not be decoded.";
    to.counter("pollwall_units_damaged_total", damaged, streams.damaged);
    let decoded = "Pictures decoded for the screen.";
    to.counter("pollwall_pictures_decoded_total", decoded, streams.decoded);
    let replaced = "Decoded pictures that a newer one replaced before they were painted.";
    to.counter("pollwall_pictures_replaced_total", replaced, streams.replaced);
    let late = "From a coded picture's arrival until it was decoded for the screen.";
    to.histogram("pollwall_decode_lateness_seconds", late, &streams.decode_lateness);
    if let Some(lateness) = &figures.paint_lateness {
        let late = "From a coded picture's arrival until it was painted.";
        to.histogram("pollwall_paint_lateness_seconds", late, lateness);
    }
}

/// What tells this machine's trouble from the cameras'.
fn own(to: &mut Writer, figures: &Figures, now: Mono) {
    let behind = "1 while this machine is late, and no state can be blamed on a camera.";
    to.gauge("pollwall_machine_behind", behind, u8::from(figures.machine_behind));
    let looks = "Looks at all stations.";
    to.counter("pollwall_looks_total", looks, figures.looks.taken);
    let late = "How much later than due the looks at all stations came.";
    to.histogram("pollwall_look_lateness_seconds", late, &figures.looks.lateness);
    let age = "Since the last look at all stations.";
    to.gauge("pollwall_look_age_seconds", age, now.since(figures.looked_at).as_secs_f64());
    let age = "Since the receiving side last proved that it gets to run.";
    to.gauge("pollwall_receive_age_seconds", age, now.since(figures.received_at).as_secs_f64());
}

/// What not every command has.
fn others(to: &mut Writer, figures: &Figures) {
    if let Some(figures) = &figures.recording {
        recording(to, figures);
    }
    if let Some(sampler) = &figures.sampler {
        let samples = "Pictures decoded and judged by the sampler.";
        to.counter("pollwall_sampler_samples_total", samples, sampler.samples);
        let busy = "Processor time that the sampler's looks took.";
        to.counter("pollwall_sampler_busy_seconds_total", busy, sampler.busy.as_secs_f64());
        let lag = "How long a keyframe of some feed that plays has waited to be looked at.";
        to.gauge("pollwall_sampler_lag_seconds", lag, sampler.lag.as_secs_f64());
    }
    if let Some(journal) = &figures.journal {
        let failing = "1 while the journal cannot be written.";
        to.gauge("pollwall_journal_failing", failing, u8::from(journal.failing));
        let waiting = "Events that wait to be written.";
        to.gauge("pollwall_journal_waiting_events", waiting, journal.waiting);
        let lag = "How long the oldest event that waits has waited.";
        to.gauge("pollwall_journal_lag_seconds", lag, journal.lag.as_secs_f64());
        let lost = "Events that were lost because too many waited.";
        to.counter("pollwall_journal_lost_events_total", lost, journal.lost);
    }
    if let Some(alarms) = &figures.alarms {
        to.gauge(
            "pollwall_alarms_open",
            "Alarms that last, or that are over and unacknowledged.",
            alarms.open,
        );
        let nobody = "Open alarms that nobody has acknowledged.";
        to.gauge("pollwall_alarms_unacknowledged", nobody, alarms.unacknowledged);
        let guard = "1 while no alarm of a camera is raised, for this machine is in trouble.";
        to.gauge("pollwall_alarms_guarded", guard, u8::from(alarms.guarded));
    }
}

fn recording(to: &mut Writer, recording: &Recording) {
    let wanted = "Stations that are to be recorded.";
    to.gauge("pollwall_recording_stations_wanted", wanted, recording.wanted);
    let safe = "Stations whose pictures are on the disk up to a few seconds ago.";
    to.gauge("pollwall_recording_stations_safe", safe, recording.safe);
    let failing = "1 while what is to be recorded cannot be written.";
    to.gauge("pollwall_recording_failing", failing, u8::from(recording.failing));
    let written = "Bytes written to recordings.";
    to.counter("pollwall_recording_written_bytes_total", written, recording.written_bytes);
    let dropped = "Coded pictures that arrived and are in no recording.";
    to.counter("pollwall_recording_dropped_units_total", dropped, recording.dropped_units);
    let closed = "Segments of recordings that were closed.";
    to.counter("pollwall_recording_closed_segments_total", closed, recording.closed_segments);
    if let Some(unsynced) = recording.unsynced {
        let help = "Since what is written was last made durable, on the slowest volume.";
        to.gauge("pollwall_recording_unsynced_seconds", help, unsynced.as_secs_f64());
    }
    if let Some(worst) = recording.worst_sync {
        let help = "The longest that making durable has taken.";
        to.gauge("pollwall_recording_worst_sync_seconds", help, worst.as_secs_f64());
    }
    if let Some(hours) = recording.hours_left {
        let help = "Time until the volumes are full at the present rate.";
        to.gauge("pollwall_recording_room_left_seconds", help, hours * 3600.0);
    }
}

fn of_process(to: &mut Writer, figures: &Figures, process: &Process) {
    let began = figures.began.as_micros() as f64 / 1e6;
    let start = "When the process began, in seconds of Unix time.";
    to.gauge("process_start_time_seconds", start, format_args!("{began:.3}"));
    if let Some(cpu) = process.cpu {
        let help = "Processor time used.";
        to.counter("process_cpu_seconds_total", help, cpu.as_secs_f64());
    }
    if let Some(bytes) = process.resident_bytes {
        to.gauge("process_resident_memory_bytes", "Resident memory.", bytes);
    }
    if let Some(threads) = process.threads {
        to.gauge("process_threads", "Threads.", threads);
    }
    if let Some(open) = process.open_fds {
        to.gauge("process_open_fds", "Open file descriptors.", open);
    }
    if let Some(most) = process.max_fds {
        to.gauge("process_max_fds", "Most file descriptors that may be open.", most);
    }
}

#[cfg(test)]
mod tests;
