//! All of a run in one call: plan, keep, restore, make, record.

use std::ops::ControlFlow;

use super::batch::{Batch, Tally, make_all};
use super::interrupt::Interrupt;
use super::session::{Delivery, Habits, Origin, Session};
use super::{Job, Workshop};
use crate::diag::{Diagnostics, Result, Warned};

/// Builds jobs into a folder, so many at a time, as `huikan build` does: what is right is
/// kept, what the cache has is restored, the rest is made, and all of it is recorded.
/// `told` is called for each job, with how its outputs came about, in the order of the
/// jobs; if it breaks off, no other job is begun.
///
/// # Errors
/// A folder that cannot be written. Errors of jobs go to `told`.
///
/// # Example
/// The sample of a shipped template, built and built again:
/// ```
/// use std::ops::ControlFlow;
///
/// use huikan::build::session::{Habits, Origin};
/// use huikan::build::{Settings, Workshop, output, run, scaffold};
/// use huikan::project::Project;
///
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let root = folder.path();
/// output::write_all(root, &scaffold::project("handout")?)?;
/// let habits = Habits { out: root.join("out"), ..Habits::default() };
/// let mut origins = Vec::new();
/// for _ in 0..2 {
///     let workshop = Workshop::new(Project::find(root)?, Settings::default());
///     let jobs = workshop.jobs(&[], root)?.whole()?;
///     let done = run::build(&workshop, jobs, habits.clone(), 2, |job, origin, outcome| {
///         match outcome {
///             Ok(delivery) => origins.push((job.name(), origin, delivery.value.files.len())),
///             Err(errors) => eprintln!("{errors:?}"),
///         }
///         ControlFlow::Continue(())
///     })?;
///     assert_eq!(done.value.progress.failed, 0);
/// }
/// let name = "sample-handout[pdf,docx]".to_string();
/// assert_eq!(origins, [(name.clone(), Origin::Made, 2), (name, Origin::Kept, 2)]);
/// # Ok::<(), huikan::diag::Errors>(())
/// ```
pub fn build(
    workshop: &Workshop,
    jobs: Vec<Job>,
    habits: Habits,
    threads: usize,
    mut told: impl FnMut(&Job, Origin, Result<Warned<Delivery>>) -> ControlFlow<()>,
) -> Result<Warned<Tally>> {
    let mut notes = Diagnostics::new();
    let session = Session::open(workshop, habits, || {}).collect(&mut notes);
    let plan = session.plan(jobs);
    let mut going = ControlFlow::Continue(());
    let jobs = session.settle(&plan, |job, origin, delivered| {
        if going.is_continue() {
            going = told(job, origin, delivered);
        }
    });
    let interrupt = Interrupt::default();
    if going.is_break() {
        interrupt.ask();
    }
    let tally = make_all(
        &Batch::new(workshop, &jobs, threads, &interrupt),
        |job, made| session.finish(job, made),
        |job, delivered| told(job, Origin::Made, delivered),
    );
    session.close(&plan, false, false)?;
    notes.finish(tally)
}
