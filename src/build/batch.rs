//! Many jobs in one run, on several threads.
//!
//! What a job makes is finished (written, kept) on the thread that made it, at once,
//! so that little is held in memory; what is to be said about it is handed over in the
//! order of the jobs, whichever is done first, so that a run says the same every time.
//!
//! Jobs are made in this process, or in [workers](super::worker) if what they may take is
//! limited. Whatever becomes of one, the others are made, unless the run is to stop: then
//! those that are being made are finished, and the rest is left undone.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc;

use super::interrupt::Interrupt;
use super::line::{self, Closing, Line, Turn};
use super::memory::Budget;
use super::worker::{Crew, Limits, Worker};
use super::{Job, Made, Workshop, panics};
use crate::diag::{Diagnostic, Result, Warned};

/// After how many jobs old results of the layout are dropped, so that a long run takes
/// no more memory than a short one. Looking for them costs about half a job.
pub(super) const SWEEP: usize = 16;
/// How many sweeps a cached result may stay unused.
pub(super) const CACHE_AGE: usize = 1;

/// From how many jobs a thread on each keeps to its thread: in short runs, one that goes
/// on alone at the end would make the others wait for it.
const MANY: usize = 8;

/// What a job has made, or why it made nothing.
pub type Outcome = Result<Warned<Made>>;

/// A run of many jobs, as it was asked for.
pub struct Batch<'a> {
    /// What the jobs share.
    pub workshop: &'a Workshop,
    /// The jobs, in the order in which they are told of.
    pub jobs: &'a [Job],
    /// How many to make at a time.
    pub threads: usize,
    /// What each job may take.
    pub limits: Limits,
    /// How much memory the run may take, in bytes.
    pub budget: Option<u64>,
    /// Whether to begin no other job after one has failed.
    pub fail_fast: bool,
    /// The user's wish to stop.
    pub interrupt: &'a Interrupt,
    /// Is told whenever a job is done, in whatever order; on the caller's thread.
    pub observe: Option<&'a (dyn Fn(&Progress) + Sync)>,
}

/// How far a run has come.
#[derive(Debug, Copy, Clone, Default, Eq, PartialEq)]
pub struct Progress {
    /// How many jobs are done.
    pub done: usize,
    /// How many of these have failed.
    pub failed: usize,
    /// How many jobs there are.
    pub total: usize,
    /// What the jobs that are done cost, in units of [`Job::cost`].
    pub cost_done: u64,
    /// What all jobs cost.
    pub cost_total: u64,
}

impl Progress {
    /// The beginning of a run of so many jobs that cost one each.
    pub fn of(total: usize) -> Self {
        let cost_total = u64::try_from(total).unwrap_or(u64::MAX);
        Self { total, cost_total, ..Self::default() }
    }

    /// One more job is done.
    pub fn add(&mut self, cost: u64, failed: bool) {
        self.done += 1;
        self.failed += usize::from(failed);
        self.cost_done = self.cost_done.saturating_add(cost);
    }
}

/// How a run ended.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How far it has come.
    pub progress: Progress,
    /// What is to be said about the run as a whole.
    pub warnings: Vec<Diagnostic>,
}

impl Tally {
    /// How many jobs were not made.
    pub fn undone(&self) -> usize {
        self.progress.total - self.progress.done
    }
}

impl<'a> Batch<'a> {
    /// A run on so many threads, without limits.
    pub fn new(
        workshop: &'a Workshop,
        jobs: &'a [Job],
        threads: usize,
        interrupt: &'a Interrupt,
    ) -> Self {
        Self {
            workshop,
            jobs,
            threads,
            limits: Limits::default(),
            budget: None,
            fail_fast: false,
            interrupt,
            observe: None,
        }
    }
}

/// Makes all jobs. `finish` is called on the thread that made a job, as soon as it is
/// made; what it gives is handed over to `deliver`, in order, on the caller's thread.
/// If `deliver` breaks the run off, no other job is begun; those that are being made are
/// finished and delivered.
pub fn make_all<T: Send>(
    batch: &Batch<'_>,
    finish: impl Fn(&Job, Outcome) -> Result<T> + Sync,
    mut deliver: impl FnMut(&Job, Result<T>) -> ControlFlow<()>,
) -> Tally {
    let jobs = batch.jobs;
    let threads = batch.threads.clamp(1, jobs.len().max(1));
    if jobs.len() >= MANY * threads {
        batch.workshop.crowd();
    }
    let costs: Vec<u64> = jobs.iter().map(Job::cost).collect();
    let order = match threads {
        1 => (0..jobs.len()).collect(),
        _ => line::order(&costs),
    };
    let line = Line::new(order, batch.interrupt);
    let budget = batch.budget.map(|bytes| Budget::new(bytes, threads));
    let share = budget.as_ref().map(Budget::share);
    let shop = Shop {
        batch,
        line: &line,
        crew: batch.limits.are_set().then(|| Crew::of(batch, share)),
        budget,
    };
    let cost_total = costs.iter().fold(0, |sum: u64, cost| sum.saturating_add(*cost));
    let mut progress = Progress { cost_total, ..Progress::of(jobs.len()) };
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for place in 0..threads {
            let (sender, shop, finish) = (sender.clone(), &shop, &finish);
            scope.spawn(move || {
                shop.work(place, finish, |index, done| {
                    sender.send((index, done)).is_ok()
                });
            });
        }
        drop(sender);
        // A panic in `deliver` must not leave threads at work.
        let _closing = Closing(&line);
        let mut hand_over = |index: usize, done| match jobs.get(index) {
            Some(job) if deliver(job, done).is_break() => line.close(),
            _ => {}
        };
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (index, done) in receiver {
            progress.add(costs.get(index).copied().unwrap_or_default(), done.is_err());
            if let Some(observe) = batch.observe {
                observe(&progress);
            }
            waiting.insert(index, done);
            while let Some(done) = waiting.remove(&next) {
                hand_over(next, done);
                next += 1;
            }
        }
        // After a stop, some in between are missing.
        waiting.into_iter().for_each(|(index, done)| hand_over(index, done));
    });
    let warning = shop.budget.and_then(Budget::into_warning);
    Tally { progress, warnings: warning.into_iter().collect() }
}

/// What the threads of a run share.
struct Shop<'a> {
    batch: &'a Batch<'a>,
    line: &'a Line<'a>,
    crew: Option<Crew<'a>>,
    budget: Option<Budget>,
}

impl Shop<'_> {
    /// Makes one job after the other, and hands over what is finished; ends with the
    /// line, or when nobody takes it any more.
    fn work<T>(
        &self,
        place: usize,
        finish: &impl Fn(&Job, Outcome) -> Result<T>,
        hand_over: impl Fn(usize, Result<T>) -> bool,
    ) {
        let mut worker = self.crew.as_ref().map(Crew::worker);
        while let Some(turn) = self.line.begin() {
            let Some(job) = self.batch.jobs.get(turn.index) else { break };
            let made = match &mut worker {
                Some(worker) => worker.make(job),
                None => Some(self.make(job)),
            };
            let done = made.map(|made| {
                panics::caught(|| finish(job, made))
                    .unwrap_or_else(|panic| Err(panic.fault(job).into()))
            });
            if self.batch.fail_fast && done.as_ref().is_some_and(Result::is_err) {
                self.line.close();
            }
            self.look_after(place, job, &turn, worker.as_mut());
            self.line.end();
            // What was broken off is left undone.
            let Some(done) = done else { break };
            if !hand_over(turn.index, done) {
                break;
            }
        }
    }

    fn make(&self, job: &Job) -> Outcome {
        panics::caught(|| job.make(self.batch.workshop))
            .unwrap_or_else(|panic| Err(panic.fault(job).into()))
    }

    /// Keeps the run within its memory.
    fn look_after(
        &self,
        place: usize,
        job: &Job,
        turn: &Turn,
        worker: Option<&mut Worker<'_>>,
    ) {
        if worker.is_none() && turn.number.is_multiple_of(SWEEP) {
            comemo::evict(CACHE_AGE);
        }
        let Some(budget) = &self.budget else { return };
        if let Some(worker) = worker
            && budget.is_above_share(place, job, worker.resident())
        {
            worker.dismiss();
        }
        budget.keep(job, turn, self.line);
    }
}
