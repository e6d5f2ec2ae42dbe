//! Many jobs in one run, on several threads.
//!
//! What a job makes is finished (written, kept) on the thread that made it, at once,
//! so that little is held in memory; what is to be said about it is handed over in the
//! order of the jobs, whichever is done first, so that a run says the same every time.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

use super::{Job, Made, Workshop};
use crate::diag::{Result, Warned};

/// After how many jobs old results of the layout are dropped, so that a long run takes
/// no more memory than a short one. Looking for them costs about half a job.
const SWEEP: usize = 16;
/// How many sweeps a cached result may stay unused.
const CACHE_AGE: usize = 1;
/// How many jobs a thread may be ahead of what has been handed over.
const AHEAD: usize = 64;

/// What a job has made, or why it made nothing.
pub type Outcome = Result<Warned<Made>>;

/// Makes all jobs on so many threads. `finish` is called on the thread that made a job,
/// as soon as it is made; what it gives is handed over to `deliver`, in order. The run
/// ends early if `deliver` breaks it off; jobs that are being made then are finished,
/// and not delivered.
pub fn make_all<T: Send>(
    workshop: &Workshop,
    jobs: &[Job],
    threads: usize,
    finish: impl Fn(&Job, Outcome) -> T + Sync,
    mut deliver: impl FnMut(&Job, T) -> ControlFlow<()>,
) {
    let threads = threads.clamp(1, jobs.len().max(1));
    let line = Line::new(threads * AHEAD);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, line, finish) = (sender.clone(), &line, &finish);
            scope.spawn(move || {
                while let Some(index) = line.next(jobs.len()) {
                    let job = jobs.get(index);
                    let outcome = job.map(|job| finish(job, job.make(workshop)));
                    if index % SWEEP == SWEEP - 1 {
                        comemo::evict(CACHE_AGE);
                    }
                    if sender.send((index, outcome)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        // A panic in `deliver` must not leave threads waiting.
        let _end = EndOfLine(&line);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (index, outcome) in receiver {
            waiting.insert(index, outcome);
            while let Some(outcome) = waiting.remove(&next) {
                let flow = match (jobs.get(next), outcome) {
                    (Some(job), Some(outcome)) => deliver(job, outcome),
                    _ => ControlFlow::Continue(()),
                };
                next += 1;
                line.hand_over();
                if flow.is_break() {
                    return;
                }
            }
        }
    });
}

/// The jobs in line, and how far they have been handed over.
struct Line {
    next: AtomicUsize,
    ahead: usize,
    handed_over: Mutex<usize>,
    moved: Condvar,
}

impl Line {
    fn new(ahead: usize) -> Self {
        let next = AtomicUsize::new(0);
        Self { next, ahead, handed_over: Mutex::new(0), moved: Condvar::new() }
    }

    /// The next job's index, once it may be begun; nothing at the end of the line.
    fn next(&self, count: usize) -> Option<usize> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        let mut handed_over =
            self.handed_over.lock().unwrap_or_else(PoisonError::into_inner);
        while index < count && index >= handed_over.saturating_add(self.ahead) {
            handed_over =
                self.moved.wait(handed_over).unwrap_or_else(PoisonError::into_inner);
        }
        (index < count && *handed_over != usize::MAX).then_some(index)
    }

    fn hand_over(&self) {
        self.change(|handed_over| handed_over.saturating_add(1));
    }

    fn change(&self, to: impl FnOnce(usize) -> usize) {
        let mut handed_over =
            self.handed_over.lock().unwrap_or_else(PoisonError::into_inner);
        *handed_over = to(*handed_over);
        drop(handed_over);
        self.moved.notify_all();
    }
}

/// Ends the line: nobody begins another job.
struct EndOfLine<'a>(&'a Line);

impl Drop for EndOfLine<'_> {
    fn drop(&mut self) {
        self.0.change(|_| usize::MAX);
    }
}
