//! The worker's own side: a brief, then jobs, until nobody sends any more.

use std::io::{self, BufReader, Read, Write};
use std::sync::mpsc::{self, Receiver};

use super::limits;
use super::protocol::{self, Answer, Brief, Reply};
use crate::build::batch::{CACHE_AGE, Outcome, SWEEP};
use crate::build::memory::Usage;
use crate::build::panics::{self, Panic};
use crate::build::{Job, Workshop};
use crate::diag::Result;
use crate::project::Project;

/// Makes the jobs that are ordered, and replies what has become of each. Ends the process
/// when nobody orders any more, even amid a job: whoever would take it is gone.
///
/// # Errors
/// Orders that are none, or replies that nobody takes.
pub fn serve(orders: impl Read + Send + 'static, replies: impl Write) -> io::Result<()> {
    let mut orders = BufReader::new(orders);
    let mut replies = replies;
    let Some(brief) = protocol::read::<Brief>(&mut orders)? else { return Ok(()) };
    let jobs = listen(orders);
    limits::leave_no_core();
    let Brief { root, settings, paged, memory, share } = brief;
    let workshop = Project::find(&root).map(|project| Workshop::new(project, settings));
    if let Ok(workshop) = &workshop {
        workshop.crowd();
    }
    if let (true, Ok(workshop)) = (paged, &workshop) {
        // Fonts are no job's; what is wrong with them is told by each that needs them.
        let _ = workshop.engine();
    }
    Reply::Ready.write(&mut replies)?;
    for (number, job) in (1..).zip(jobs) {
        limits::confine(memory.and_then(beyond_now));
        let outcome = make(&workshop, &job, memory.is_some());
        limits::confine(None);
        Reply::Made(Box::new(Answer::of(outcome))).write(&mut replies)?;
        sweep(number, share);
    }
    Ok(())
}

/// The jobs as they come.
fn listen(mut orders: impl Read + Send + 'static) -> Receiver<Job> {
    let (sender, jobs) = mpsc::channel();
    std::thread::spawn(move || {
        while let Ok(Some(job)) = protocol::read::<Job>(&mut orders) {
            if sender.send(job).is_err() {
                break;
            }
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "a job cannot be broken off in another way"
        )]
        std::process::exit(0);
    });
    jobs
}

/// So many bytes more than this process has now.
fn beyond_now(bytes: u64) -> Option<u64> {
    Usage::own().map(|usage| usage.data.saturating_add(bytes))
}

fn make(workshop: &Result<Workshop>, job: &Job, confined: bool) -> Outcome {
    let workshop = workshop.as_ref().map_err(Clone::clone)?;
    panics::caught(|| job.make(workshop)).unwrap_or_else(|panic| {
        if confined {
            die_for_want_of_memory(&panic);
        }
        Err(panic.fault(job).into())
    })
}

/// A thread that cannot be started is memory that cannot be had, but for the words.
fn die_for_want_of_memory(panic: &Panic) {
    if panic.words.contains("failed to spawn thread") {
        let _ = writeln!(io::stderr(), "{} thread", super::faults::WANT_OF_MEMORY);
        std::process::abort();
    }
}

/// Drops what is cached: what is old, or all if there is little room.
fn sweep(number: usize, share: Option<u64>) {
    let has = || Usage::own().unwrap_or_default().resident;
    if share.is_some_and(|share| has() > share) {
        comemo::evict(0);
    } else if number.is_multiple_of(SWEEP) {
        comemo::evict(CACHE_AGE);
    }
}
