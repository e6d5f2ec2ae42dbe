//! Workers: processes of this program that make jobs and can be killed.
//!
//! A layout cannot be broken off, and memory that cannot be had ends a process. So jobs
//! whose time or memory is limited are made elsewhere: each thread of a batch has a
//! worker, which makes many jobs one after the other; when it was killed or has died,
//! there is a new one for the next job.
//!
//! - [`limits`] is what a job may take.
//! - [`protocol`] is how both sides talk.
//! - [`process`] is a worker as the batch sees it.
//! - [`serve`] is the worker's own side.
//! - [`faults`] tells how a worker ended.

mod faults;
pub mod limits;
mod process;
mod protocol;
pub mod serve;

pub use self::limits::Limits;

use std::time::Instant;

use self::process::{Ending, Process, Watch};
use self::protocol::{Brief, Reply};
use super::Job;
use super::batch::{Batch, Outcome};
use super::interrupt::Interrupt;
use super::memory::Usage;

/// What the workers of a run have in common.
pub(super) struct Crew<'a> {
    brief: Brief,
    limits: Limits,
    interrupt: &'a Interrupt,
}

impl<'a> Crew<'a> {
    /// The workers for a run; each may keep so much memory between its jobs.
    pub(super) fn of(batch: &Batch<'a>, share: Option<u64>) -> Self {
        let is_paged = |job: &Job| job.output.formats.iter().any(|one| one.is_paged());
        let brief = Brief {
            root: batch.workshop.project.root().to_path_buf(),
            settings: batch.workshop.settings.clone(),
            paged: batch.jobs.iter().any(is_paged),
            memory: batch.limits.memory,
            share,
        };
        Self { brief, limits: batch.limits, interrupt: batch.interrupt }
    }

    /// A worker, whose process begins with its first job.
    pub(super) fn worker(&self) -> Worker<'_> {
        Worker { crew: self, process: None }
    }
}

/// A place where a process makes one job after the other.
pub(super) struct Worker<'a> {
    crew: &'a Crew<'a>,
    process: Option<Process>,
}

impl Worker<'_> {
    /// Makes a job; nothing if the user wants to stop before it is made.
    pub(super) fn make(&mut self, job: &Job) -> Option<Outcome> {
        match self.attempt(job) {
            Ok(Ending::Replied(Reply::Made(answer))) => Some(answer.into_outcome()),
            Ok(Ending::Interrupted) => {
                self.dismiss();
                None
            }
            Ok(ending) => {
                self.dismiss();
                Some(Err(faults::of(job, ending, self.crew.limits).into()))
            }
            Err(error) => {
                self.dismiss();
                Some(Err(faults::unavailable(job, &error).into()))
            }
        }
    }

    fn attempt(&mut self, job: &Job) -> std::io::Result<Ending> {
        let Crew { brief, limits, interrupt } = self.crew;
        // It may have been killed by somebody else since its last job.
        if self.process.as_mut().is_some_and(Process::has_ended) {
            self.process = None;
        }
        let process = match &mut self.process {
            Some(process) => process,
            None => {
                let process = self.process.insert(Process::start(brief)?);
                // What it takes to get ready is not the job's.
                let watch = Watch { deadline: None, memory: None, interrupt };
                match process.wait(&watch)? {
                    Ending::Replied(Reply::Ready) => process,
                    ending => return Ok(ending),
                }
            }
        };
        let before = Usage::of(process.id()).unwrap_or_default().anonymous;
        if let Err(error) = process.order(job) {
            // A broken pipe says less than how the worker ended.
            return process.ending().map_err(|_| error);
        }
        let watch = Watch {
            deadline: limits.time.and_then(|time| Instant::now().checked_add(time)),
            memory: limits.memory.map(|memory| before.saturating_add(memory)),
            interrupt,
        };
        process.wait(&watch)
    }

    /// The memory of its process, in bytes.
    pub(super) fn resident(&self) -> u64 {
        let usage = self.process.as_ref().and_then(|process| Usage::of(process.id()));
        usage.unwrap_or_default().resident
    }

    /// Ends its process: the next job has a new one.
    pub(super) fn dismiss(&mut self) {
        self.process = None;
    }
}
