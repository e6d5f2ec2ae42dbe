//! How much memory is in use, and how much a run may use.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Job;
use super::line::{Line, Turn};
use crate::diag::{Diagnostic, Place};
use crate::text;

/// Whether the system tells how much memory a process has.
pub const IS_TOLD: bool = cfg!(target_os = "linux");

/// What the system tells of a process's memory, in bytes.
#[derive(Debug, Copy, Clone, Default, Eq, PartialEq)]
pub(super) struct Usage {
    /// What is in memory, files that are mapped into it included.
    pub(super) resident: u64,
    /// What is in memory and in no file.
    pub(super) anonymous: u64,
    /// What was asked of the system, touched or not: what `RLIMIT_DATA` counts.
    pub(super) data: u64,
}

impl Usage {
    /// This process's memory.
    pub(super) fn own() -> Option<Self> {
        Self::told("self")
    }

    /// Another process's memory, as long as there is one.
    pub(super) fn of(process: u32) -> Option<Self> {
        Self::told(&process.to_string())
    }

    fn told(process: &str) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        Self::read(&status)
    }

    fn read(status: &str) -> Option<Self> {
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
            kibibytes.checked_mul(1024)
        };
        Some(Self {
            resident: field("VmRSS:")?,
            anonymous: field("RssAnon:")?,
            data: field("VmData:")?,
        })
    }
}

/// The memory that a run may use, and what is done to stay within.
pub(super) struct Budget {
    bytes: u64,
    threads: usize,
    /// What each worker had after its last job.
    workers: Mutex<BTreeMap<usize, u64>>,
    /// What was in use after caches were dropped for the last time.
    swept: AtomicU64,
    warning: Mutex<Option<Diagnostic>>,
}

impl Budget {
    pub(super) fn new(bytes: u64, threads: usize) -> Self {
        Self {
            bytes,
            threads,
            workers: Mutex::default(),
            swept: AtomicU64::new(0),
            warning: Mutex::default(),
        }
    }

    /// What may be in use when a job begins: the job needs the rest.
    fn base(&self) -> u64 {
        self.bytes / 4 * 3
    }

    /// What each worker may have when a job begins.
    pub(super) fn share(&self) -> u64 {
        self.base() / u64::try_from(self.threads.max(1)).unwrap_or(u64::MAX)
    }

    /// Takes note of what a worker has after a job; whether that is above its share, so
    /// that another one is to take its place.
    pub(super) fn is_above_share(&self, place: usize, job: &Job, bytes: u64) -> bool {
        if bytes > self.bytes {
            self.warn(job, bytes);
        }
        let is_above = bytes > self.share();
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.insert(place, if is_above { 0 } else { bytes });
        is_above
    }

    /// Looks after a job how much is in use: caches are dropped if it is too much, and
    /// if that does not help, jobs are made one at a time.
    pub(super) fn keep(&self, job: &Job, turn: &Turn, line: &Line<'_>) {
        let before = self.in_use();
        if turn.alone && before > self.bytes {
            self.warn(job, before);
        }
        let mut now = before;
        // What stays after a sweep is not in caches: another is of use when there is more.
        let swept = self.swept.load(Ordering::Relaxed);
        if now > self.base() && now > swept.saturating_add(self.bytes / 8) {
            comemo::evict(0);
            now = self.in_use();
            self.swept.store(now, Ordering::Relaxed);
        }
        line.hold(now > self.base());
    }

    /// Warns, the first time, that a job needs more than there is.
    fn warn(&self, job: &Job, bytes: u64) {
        let mut warning = self.warning.lock().unwrap_or_else(PoisonError::into_inner);
        warning.get_or_insert_with(|| over_budget(job, bytes, self.bytes));
    }

    /// The warning, if a job needed more than there is.
    pub(super) fn into_warning(self) -> Option<Diagnostic> {
        self.warning.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The memory of this process and of the workers.
    fn in_use(&self) -> u64 {
        let own = Usage::own().map_or(0, |usage| usage.resident);
        let workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.values().fold(own, |sum, bytes| sum.saturating_add(*bytes))
    }
}

fn over_budget(job: &Job, bytes: u64, budget: u64) -> Diagnostic {
    let (edition, template) = (&job.edition.id, &job.output.template);
    let (taken, budget) = (amount(bytes), amount(budget));
    Diagnostic::warning(
        "build/memory-budget",
        text!(
            "只做 `{edition}`（模板 `{template}`）一份，内存就到了 {taken}，超过了 {budget}",
            "`{edition}` with the template `{template}` alone took the memory to {taken}, over {budget}"
        ),
    )
    .at(Place::file(job.edition.shown.as_ref()))
    .hint(text!(
        "份数照做，一次一份；把 `--max-memory` 调大，就能同时做几份",
        "outputs are made one at a time from here on; a larger `--max-memory` lets several be made at a time"
    ))
}

/// An amount of memory as people write it.
pub(super) fn amount(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] =
        [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "K")];
    let exact =
        UNITS.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit));
    match exact {
        Some((unit, name)) => format!("{}{name}", bytes / unit),
        None if bytes >= 1_000_000 => format!("{}M", bytes / 1_000_000),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_tells_is_read() {
        let status =
            "Name:\tx\nVmData:\t   2048 kB\nVmRSS:\t    1024 kB\nRssAnon:\t 512 kB\n";
        let read = Usage::read(status).expect("a status");
        assert_eq!(
            (read.data, read.resident, read.anonymous),
            (2 << 20, 1 << 20, 1 << 19)
        );
        assert_eq!(Usage::read("State:\tZ (zombie)\n"), None);
    }

    #[test]
    fn amounts_are_written_short() {
        let written: Vec<String> =
            [2_000_000_000, 512_000_000, 5_000_003, 7].into_iter().map(amount).collect();
        assert_eq!(written, ["2G", "512M", "5M", "7"]);
    }
}
