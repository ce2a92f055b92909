//! Looks into the files of a folder, on threads of its own, and hands out what is known so far.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::footage::{Footage, Form, Piece, end_us, in_order};
use super::layout::{Named, Plan, Start, Survey, survey};
use crate::clock::lock;
use crate::media::{self, InputError};
use crate::model::FeedId;
use crate::record::index::{Found, SegmentReader as _};
use crate::record::{SegmentEnds, SegmentPath};

/// So many files are looked into before the first are handed out; then always as many as an eighth
/// of what is known, so that handing out costs little.
const FIRST: usize = 64;

/// No more threads than that: the disk has long been the limit.
const MOST_THREADS: usize = 16;

/// How far an opening has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files that were looked into.
    pub done: u64,
    /// All of them; while the names are still being read, as many as there are so far.
    pub total: u64,
    /// How it has ended, if it has.
    pub ended: Option<Ended>,
}

/// How an opening has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All was looked into.
    Whole,
    /// Somebody has left it.
    Cancelled,
    /// The folder cannot be read.
    Failed(String),
}

#[derive(Default)]
struct Shared {
    footage: Mutex<Arc<Footage>>,
    survey: Mutex<Option<Arc<Survey>>>,
    done: AtomicU64,
    total: AtomicU64,
    ended: Mutex<Option<Ended>>,
    cancel: Arc<AtomicBool>,
}

/// A folder that is being opened. Dropping it leaves it.
pub struct Opening {
    shared: Arc<Shared>,
}

impl Opening {
    /// Begins. `wake` is called when there is more to be seen.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn begin(
        folder: PathBuf,
        plan: Plan,
        wake: Box<dyn Fn() + Send + Sync>,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let there = Arc::clone(&shared);
        std::thread::Builder::new().name("replay-open".to_owned()).spawn(move || {
            let ended = match open(&folder, &plan, &there, &*wake) {
                _ if there.cancel.load(Ordering::Acquire) => Ended::Cancelled,
                Ok(()) => Ended::Whole,
                Err(e) => Ended::Failed(e.to_string()),
            };
            *lock(&there.ended) = Some(ended);
            wake();
        })?;
        Ok(Self { shared })
    }

    /// What is known so far.
    pub fn footage(&self) -> Arc<Footage> {
        Arc::clone(&lock(&self.shared.footage))
    }

    /// What the names say, once they are read: what a template matches is seen here.
    pub fn survey(&self) -> Option<Arc<Survey>> {
        lock(&self.shared.survey).clone()
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        // First the end: what is counted then is all.
        let ended = lock(&self.shared.ended).clone();
        let [done, total] =
            [&self.shared.done, &self.shared.total].map(|n| n.load(Ordering::Acquire));
        Progress { done, total, ended }
    }

    /// Leaves it; what is known stays.
    pub fn cancel(&self) {
        self.shared.cancel.store(true, Ordering::Release);
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn open(folder: &Path, plan: &Plan, shared: &Shared, wake: &dyn Fn()) -> io::Result<()> {
    let seen = |files| shared.total.store(files, Ordering::Release);
    let survey = Arc::new(survey(folder, plan, &shared.cancel, &seen)?);
    let mut footage = Footage {
        names: survey.names.clone(),
        made_up: survey.made_up.clone(),
        unreadable: survey.unreadable.clone(),
        foreign: survey.unnamed.iter().map(|path| folder.join(path)).collect(),
        ..Footage::default()
    };
    seen(survey.named.len() as u64);
    *lock(&shared.survey) = Some(Arc::clone(&survey));
    *lock(&shared.footage) = Arc::new(footage.clone());
    wake();

    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(MOST_THREADS);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let pool =
        pool.thread_name(|n| format!("replay-open-{n}")).build().map_err(io::Error::other)?;
    let mut pieces: BTreeMap<FeedId, Vec<Piece>> = BTreeMap::new();
    // Where the next of files that follow one another begins.
    let mut behind: BTreeMap<FeedId, i64> = BTreeMap::new();
    let mut at = 0;
    while at < survey.named.len() {
        let upto = survey.named.len().min(at + FIRST.max(at / 8));
        let these = &survey.named[at..upto];
        let look = |named: &Named| {
            let looked = look(folder, named, &shared.cancel);
            shared.done.fetch_add(1, Ordering::AcqRel);
            looked
        };
        let looked: Vec<_> = pool.install(|| these.par_iter().map(look).collect());
        if shared.cancel.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut changed = Vec::new();
        for (named, looked) in these.iter().zip(looked) {
            match looked {
                Ok(mut piece) => {
                    if let Start::Behind(first_us) = named.start {
                        let from_us = behind.entry(named.feed).or_insert(first_us);
                        let long_us = piece.to_us.saturating_sub(piece.from_us);
                        piece.from_us = *from_us;
                        piece.to_us = from_us.saturating_add(long_us);
                        *from_us = piece.to_us;
                    }
                    pieces.entry(named.feed).or_default().push(piece);
                    if changed.last() != Some(&named.feed) {
                        changed.push(named.feed);
                    }
                }
                Err(why) => footage.unreadable.push((folder.join(&named.path), why)),
            }
        }
        for feed in changed {
            let known = pieces.get(&feed).cloned().unwrap_or_default();
            footage.feeds.insert(feed, in_order(known));
        }
        *lock(&shared.footage) = Arc::new(footage.clone());
        wake();
        at = upto;
    }
    Ok(())
}

/// What is in a file.
fn look(folder: &Path, named: &Named, cancel: &Arc<AtomicBool>) -> Result<Piece, String> {
    let file = folder.join(&named.path);
    let foreign = |from_us: i64| {
        let extent = media::extent(&file, cancel).map_err(|e| why(&e))?;
        Ok(Piece {
            form: Form::Foreign,
            from_us,
            to_us: from_us.saturating_add(extent.len_us()),
            breaks: Vec::new(),
            unfinished: false,
            file: file.clone(),
        })
    };
    match named.start {
        Start::Own => own(&file, &named.path),
        Start::At(from_us) => foreign(from_us),
        Start::Behind(_) => foreign(0),
    }
}

fn why(error: &InputError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// One of our files, by what stands in it; one that was never closed is walked over.
fn own(file: &Path, path: &str) -> Result<Piece, String> {
    let names: Vec<&str> = path.rsplitn(5, '/').take(4).collect();
    let path: String = names.into_iter().rev().collect::<Vec<_>>().join("/");
    let path: SegmentPath = path.parse().map_err(|e: crate::record::NotASegment| e.to_string())?;
    let found = SegmentEnds.facts(file, &path).map_err(|e| e.to_string())?;
    let mut piece = Piece {
        file: file.to_owned(),
        form: Form::Own,
        from_us: path.first().as_micros(),
        to_us: path.first().as_micros(),
        breaks: Vec::new(),
        unfinished: false,
    };
    match found {
        Found::Closed(segment) => {
            piece.from_us = segment.first.utc_us;
            piece.to_us = end_us(segment.first.utc_us, segment.last.utc_us, segment.frames);
            piece.breaks = segment.breaks;
        }
        Found::Unfinished(opened) => {
            piece.from_us = opened.first.utc_us;
            piece.to_us = piece.from_us;
            piece.unfinished = true;
            piece.follow().map_err(|e| e.to_string())?;
        }
    }
    Ok(piece)
}

#[cfg(test)]
mod tests;
