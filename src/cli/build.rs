//! `build`, `check` and `watch`: jobs made, told of, and written.

use std::io;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{BatchArguments, BuildArguments, RunArguments};
use super::config::{self, Means};
use super::interrupt;
use super::place::{Place, write};
use super::report::Reporter;
use crate::build::batch::{Batch, Outcome, Progress, Tally};
use crate::build::interrupt::Interrupt;
use crate::build::session::{Delivered, Delivery, Habits, Origin, Session};
use crate::build::worker::serve;
use crate::build::{Job, Workshop, batch, cache, eject, output, watch as watching};
use crate::diag::{Partial, Result, Warned};
use crate::docx::Purpose;
use crate::text;

/// A build as it was asked for.
pub(super) struct Order<'a> {
    pub(super) workshop: Workshop,
    pub(super) jobs: Vec<Job>,
    /// Whether nothing is left out because it is at fault.
    complete: bool,
    /// The folder that the user is in.
    folder: PathBuf,
    /// Where outputs go.
    out: PathBuf,
    arguments: &'a BuildArguments,
}

impl<'a> Order<'a> {
    pub(super) fn of(
        place: Place,
        arguments: &'a BuildArguments,
        reporter: &mut Reporter,
    ) -> Result<Self> {
        let Place { folder, project } = place;
        let mut settings = config::settings(&arguments.select, arguments.ppi)?;
        if arguments.no_anchors {
            settings.word = Purpose::Document;
        }
        let workshop = Workshop::new(project, settings);
        let Partial { value: jobs, faults } =
            workshop.jobs(&arguments.select.editions, &folder)?;
        let complete = faults.is_empty();
        reporter.diagnostics(&faults.into_vec());
        let out = match &arguments.output {
            Some(named) => folder.join(named),
            None => workshop.default_out(),
        };
        Ok(Self { workshop, jobs, complete, folder, out, arguments })
    }

    /// Whether all of the project is built.
    fn is_whole(&self) -> bool {
        let select = &self.arguments.select;
        self.complete
            && select.editions.is_empty()
            && select.template.is_none()
            && select.formats.is_empty()
    }

    /// Opens the output folder for a run.
    pub(super) fn session(
        &self,
        arguments: &BatchArguments,
        look: Look,
        reporter: &mut Reporter,
    ) -> Result<Session<'_>> {
        let shard = arguments.shard.as_deref().map(str::parse).transpose()?;
        let root = self.workshop.project.root();
        let habits = Habits {
            out: self.out.clone(),
            cache: config::cache(&arguments.cache, &self.folder, root),
            largest_cache: cache::LARGEST,
            fresh: arguments.fresh,
            only_failed: arguments.only.is_some(),
            shard,
            only_look: look == Look::Only,
        };
        let opened = Session::open(&self.workshop, habits, || {
            reporter.note(&text!(
                "另一次生成正在写这个输出文件夹，等它做完",
                "another run writes this output folder; waiting for it"
            ));
        });
        reporter.diagnostics(&opened.warnings);
        Ok(opened.value)
    }

    /// Reports what became of a job; whether it is well.
    fn tell(
        &self,
        job: &Job,
        delivered: Result<Warned<Delivery>>,
        origin: Origin,
        reporter: &mut Reporter,
    ) -> bool {
        let delivered = reporter.made(job, delivered);
        self.show(job, delivered, origin, reporter)
    }

    /// Reports what a job has delivered, if it has.
    fn show(
        &self,
        job: &Job,
        delivered: Option<Warned<Delivery>>,
        origin: Origin,
        reporter: &mut Reporter,
    ) -> bool {
        let Some(delivered) = delivered else { return false };
        reporter.diagnostics(&delivered.warnings);
        if let (true, Some(timings)) = (self.arguments.timings, delivered.value.timings) {
            reporter.timings(&job.edition.id, &timings);
        }
        for Delivered { path, pages } in delivered.value.files {
            let shown = path.strip_prefix(&self.folder).unwrap_or(&path).display();
            reporter.wrote(&path, &shown.to_string(), pages, origin);
        }
        true
    }

    /// Writes what a job has made, without a record.
    fn write(&self, made: Outcome) -> Result<Warned<Delivery>> {
        let Warned { value: made, warnings } = made?;
        let paths = output::write_all(&self.out, &made.artefacts)?;
        let pages = made.artefacts.iter().map(|artefact| artefact.pages);
        let files = paths.into_iter().zip(pages);
        let files = files.map(|(path, pages)| Delivered { path, pages }).collect();
        Ok(Warned { value: Delivery { files, timings: Some(made.timings) }, warnings })
    }
}

/// What an output folder is opened for.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Look {
    /// To see what there is to do.
    Only,
    /// To do it.
    AndWrite,
}

pub(super) fn build(
    place: Place,
    arguments: &BatchArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let means = config::means(&arguments.run)?;
    let order = Order::of(place, &arguments.build, reporter)?;
    if let Some(target) = &arguments.build.eject {
        return write_ejected(&order, &order.folder.join(target), reporter);
    }
    let session = order.session(arguments, Look::AndWrite, reporter)?;
    let plan = session.plan(order.jobs.clone());
    let mut kept = 0;
    let jobs = session.settle(&plan, |job, origin, delivered| {
        kept += usize::from(origin == Origin::Kept);
        order.tell(job, delivered, origin, reporter);
    });
    if kept > 0 {
        reporter.note(&text!("{kept} 份没有变化，不重做", "unchanged: {kept}"));
    }
    let run = Run::begin(jobs.len(), &arguments.run, means, reporter);
    let tally = batch::make_all(
        &run.batch(&order.workshop, &jobs),
        |job, made| session.finish(job, made),
        |job, delivered| {
            order.tell(job, delivered, Origin::Made, reporter);
            ControlFlow::Continue(())
        },
    );
    run.end(&tally, reporter);
    let leftovers = session.close(&plan, order.is_whole(), arguments.prune)?;
    tell_leftovers(&leftovers, reporter);
    Ok(())
}

fn tell_leftovers(leftovers: &[String], reporter: &mut Reporter) {
    let (count, first) =
        (leftovers.len(), leftovers.first().cloned().unwrap_or_default());
    if count > 0 {
        reporter.note(&text!(
            "输出文件夹里有 {count} 个以前的文件现在不做了，比如 {first}；加 `--prune` 删去",
            "the output folder has {count} files of earlier runs that are not made any more, such as {first}; `--prune` deletes them"
        ));
    }
}

/// A run of many jobs, as the user sees it.
pub(super) struct Run<'a> {
    arguments: &'a RunArguments,
    means: Means,
    interrupt: Arc<Interrupt>,
    observe: Box<dyn Fn(&Progress) + Sync>,
}

impl<'a> Run<'a> {
    pub(super) fn begin(
        jobs: usize,
        arguments: &'a RunArguments,
        means: Means,
        reporter: &mut Reporter,
    ) -> Self {
        let interrupt = interrupt::listen();
        let bar = reporter.begin_progress(jobs, &interrupt);
        let observe = Box::new(move |progress: &Progress| bar.show(progress));
        Self { arguments, means, interrupt, observe }
    }

    pub(super) fn batch<'b>(
        &'b self,
        workshop: &'b Workshop,
        jobs: &'b [Job],
    ) -> Batch<'b> {
        Batch {
            limits: self.means.limits,
            budget: self.means.budget,
            fail_fast: self.arguments.fail_fast,
            observe: Some(self.observe.as_ref()),
            ..Batch::new(workshop, jobs, threads(self.arguments.jobs), &self.interrupt)
        }
    }

    /// Tells how the run ended, and which of its jobs have failed.
    pub(super) fn end(&self, tally: &Tally, reporter: &mut Reporter) {
        reporter.end_progress(tally.progress.total);
        reporter.diagnostics(&tally.warnings);
        if self.interrupt.is_asked() {
            reporter.interrupted();
        }
        reporter.undone(tally.undone());
    }
}

/// Makes what another huikan orders, in its place.
pub(super) fn work() -> Result<()> {
    // Whoever orders sees that the worker has ended, and tells.
    let _ = serve::serve(io::stdin(), io::stdout().lock());
    Ok(())
}

/// As many threads as were asked for, else as the machine can run at once.
fn threads(asked: Option<NonZeroUsize>) -> usize {
    let machine = std::thread::available_parallelism();
    asked.or(machine.ok()).map_or(1, NonZeroUsize::get)
}

pub(super) fn watch(
    place: Place,
    arguments: &BuildArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let mut order = Order::of(place, arguments, reporter)?;
    order.workshop.settings.rules = true;
    watching::watch(&order.workshop, &order.jobs, |job, made, time| {
        reporter.begin_anew();
        let (edition, milliseconds) = (&job.edition.id, time.as_millis());
        let delivered = reporter.absorb(order.write(made));
        if order.show(job, delivered, Origin::Made, reporter) {
            reporter.note(&text!(
                "{edition}：用了 {milliseconds} ms，改动后自动重做，按 Ctrl-C 结束",
                "{edition}: took {milliseconds} ms, watching for changes, Ctrl-C ends"
            ));
        }
        true
    })
}

fn write_ejected(
    order: &Order<'_>,
    target: &Path,
    reporter: &mut Reporter,
) -> Result<()> {
    output::require_empty(target)?;
    for job in &order.jobs {
        let target = match order.jobs.len() {
            1 => target.to_path_buf(),
            _ => target.join(job.output.file_name(&job.edition.id)),
        };
        let written = eject::eject(job, &order.workshop).and_then(|ejected| {
            reporter.diagnostics(&ejected.warnings);
            write(&target, &ejected.value, &order.folder, reporter)
        });
        reporter.errors_of(written);
    }
    Ok(())
}
