//! One function a command.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::{
    Arguments, BatchArguments, BuildArguments, CheckArguments, Command, FontsArguments,
    InitArguments, SchemaArguments, SelectArguments, TemplatesArguments,
};
use super::report::Reporter;
use super::{Exit, config, diff, import, merge, renew};
use crate::build::{
    Artefact, Job, Made, Workshop, batch, eject, output, scaffold, watch,
};
use crate::data::import::splice;
use crate::diag::{Diagnostic, Diagnostics, Errors, Result, Warned};
use crate::docx::Purpose;
use crate::pdf::{FontSearch, Fonts, fonts};
use crate::project::{Project, resolve};
use crate::text;

/// Where the user stands and which project is meant.
struct Place {
    folder: PathBuf,
    project: Project,
}

/// Runs a command and reports its faults.
pub(super) fn run(arguments: Arguments, reporter: &mut Reporter) -> Exit {
    let Arguments { global, command } = arguments;
    let place = config::working_folder().and_then(|folder| {
        let project = match &command {
            Command::Init(_) | Command::Merge(_) => Project::bare(&folder),
            _ => config::project(&global, &folder)?,
        };
        Ok(Place { folder, project })
    });
    let result = place.and_then(|place| match command {
        Command::Init(arguments) => init(&place, &arguments, reporter),
        Command::Build(arguments) => build(place, &arguments, reporter),
        Command::Check(arguments) => check(place, &arguments, reporter),
        Command::Watch(arguments) => rebuild(place, &arguments, reporter),
        Command::Merge(arguments) => merge::run(&place.folder, &arguments, reporter),
        Command::Import(arguments) => {
            import::run(&place.folder, &place.project, &arguments, reporter)
        }
        Command::New(arguments) => {
            renew::run(&place.folder, &place.project, &arguments, reporter)
        }
        Command::Diff(arguments) => {
            diff::run(&place.folder, &place.project, &arguments, reporter)
        }
        Command::Fonts(arguments) => list_fonts(&place, &arguments, reporter),
        Command::Templates(arguments) => templates(&place, &arguments, reporter),
        Command::Schema(arguments) => schema(&place, &arguments, reporter),
    });
    if let Err(errors) = result {
        reporter.diagnostics(errors.diagnostics());
    }
    reporter.summary();
    match reporter.counts() {
        (0, _) => Exit::Success,
        _ if reporter.was_misused() => Exit::Usage,
        _ => Exit::Faults,
    }
}

fn init(place: &Place, arguments: &InitArguments, reporter: &mut Reporter) -> Result<()> {
    let folder = place.folder.join(&arguments.folder);
    output::require_empty(&folder)?;
    let files = match &arguments.sample {
        Some(name) => scaffold::sample_project(name)?,
        None => scaffold::project(&arguments.template)?,
    };
    write(&folder, &files, &place.folder, reporter)?;
    let next = match arguments.folder.to_str() {
        Some(".") | None => "huikan build".to_string(),
        Some(shown) => format!("cd {shown} && huikan build"),
    };
    reporter
        .note(&text!("工程建好了。下一步：{next}", "the project is there. Next: {next}"));
    Ok(())
}

/// A build as it was asked for.
struct Order<'a> {
    workshop: Workshop,
    jobs: Vec<Job>,
    /// The folder that the user is in.
    folder: PathBuf,
    /// Where outputs go.
    out: PathBuf,
    arguments: &'a BuildArguments,
}

impl<'a> Order<'a> {
    fn of(place: Place, arguments: &'a BuildArguments) -> Result<Self> {
        let Place { folder, project } = place;
        let mut settings = config::settings(&arguments.select, arguments.ppi)?;
        if arguments.no_anchors {
            settings.word = Purpose::Document;
        }
        let workshop = Workshop::new(project, settings);
        let jobs = workshop.jobs(&arguments.select.editions, &folder)?;
        let out = match &arguments.output {
            Some(named) => folder.join(named),
            None => workshop.default_out(),
        };
        Ok(Self { workshop, jobs, folder, out, arguments })
    }

    /// Reports what a job has made, and writes it.
    fn deliver(
        &self,
        job: &Job,
        made: Result<Warned<Made>>,
        reporter: &mut Reporter,
    ) -> Result<()> {
        let made = accept(made?, &self.arguments.select, reporter)?;
        if self.arguments.timings {
            reporter.timings(&job.edition.id, &made.timings);
        }
        write(&self.out, &made.artefacts, &self.folder, reporter)
    }
}

fn build(
    place: Place,
    arguments: &BatchArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let order = Order::of(place, &arguments.build)?;
    if let Some(target) = &arguments.build.eject {
        return write_ejected(&order, &order.folder.join(target), reporter);
    }
    let (mut done, total) = (0, order.jobs.len());
    reporter.progress(done, total, "");
    batch::make_all(
        &order.workshop,
        &order.jobs,
        threads(arguments.jobs),
        |job, made| {
            let delivered = order.deliver(job, made, reporter);
            let well = reporter.errors_of(delivered);
            done += 1;
            reporter.progress(done, total, &job.edition.id);
            match well || !arguments.fail_fast {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        },
    );
    reporter.clear_progress();
    if done < total {
        let left = total - done;
        reporter.note(&text!("还有 {left} 份没有做", "left undone: {left}"));
    }
    Ok(())
}

/// As many threads as were asked for, else as the machine can run at once.
fn threads(asked: Option<NonZeroUsize>) -> usize {
    let machine = std::thread::available_parallelism();
    asked.or(machine.ok()).map_or(1, NonZeroUsize::get)
}

fn check(
    place: Place,
    arguments: &CheckArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let Place { folder, project } = place;
    let CheckArguments { select, parity } = arguments;
    let mut settings = config::settings(select, 72.0)?;
    settings.parity = *parity;
    let workshop = Workshop::new(project, settings);
    let jobs = workshop.jobs(&select.editions, &folder)?;
    let mut done = 0;
    batch::make_all(&workshop, &jobs, threads(None), |job, made| {
        let checked = made.and_then(|made| accept(made, select, reporter));
        if let Some(made) = reporter.absorb(checked)
            && *parity
        {
            report_parity(job, &made, reporter);
        }
        done += 1;
        reporter.progress(done, jobs.len(), &job.edition.id);
        ControlFlow::Continue(())
    });
    reporter.clear_progress();
    let checked = jobs.len();
    if reporter.counts().0 == 0 {
        reporter
            .note(&text!("查了 {checked} 份，没有错误", "checked: {checked}, no errors"));
    }
    Ok(())
}

fn report_parity(job: &Job, made: &Made, reporter: &mut Reporter) {
    let output = job.output.file_name(&job.edition.id);
    match &made.parity {
        Some(parity) => reporter.parity(job, parity),
        None => reporter.note(&text!(
            "{output}：模板只有一面，没有可比的",
            "{output}: the template has one side only, nothing to compare"
        )),
    }
}

fn rebuild(
    place: Place,
    arguments: &BuildArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let order = Order::of(place, arguments)?;
    watch::watch(&order.workshop, &order.jobs, |job, made, time| {
        reporter.begin_anew();
        let delivered = order.deliver(job, made, reporter);
        let (edition, milliseconds) = (&job.edition.id, time.as_millis());
        if reporter.errors_of(delivered) {
            reporter.note(&text!(
                "{edition}：用了 {milliseconds} ms，改动后自动重做，按 Ctrl-C 结束",
                "{edition}: took {milliseconds} ms, watching for changes, Ctrl-C ends"
            ));
        }
        true
    })
}

fn list_fonts(
    place: &Place,
    arguments: &FontsArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    if let Some(target) = &arguments.export {
        let files: Vec<Artefact> = Fonts::shipped_files()?
            .into_iter()
            .map(|(name, bytes)| Artefact { name, bytes, pages: None })
            .collect();
        return write(&place.folder.join(target), &files, &place.folder, reporter);
    }
    let search =
        FontSearch { folders: arguments.fonts.clone(), system: arguments.system_fonts };
    for face in Fonts::load(&search, place.project.root())?.faces() {
        let fonts::Face { family, weight, italic, characters, origin } = face;
        let slant = if italic { " italic" } else { "" };
        reporter.answer(
            &format!("{family}\t{weight}{slant}\t{characters}\t{origin}\n"),
            &json!({
                "kind": "font", "family": family, "weight": weight, "italic": italic,
                "characters": characters, "origin": origin,
            }),
        );
    }
    Ok(())
}

fn templates(
    place: &Place,
    arguments: &TemplatesArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let project = &place.project;
    if let Some(name) = &arguments.copy {
        let target = arguments.to.as_ref().unwrap_or(name);
        let folder = project.root().join("templates").join(target);
        output::require_empty(&folder)?;
        return write(&folder, &scaffold::template(name)?, &place.folder, reporter);
    }
    for name in project.package_names() {
        let package = match project.package(&name) {
            Ok(package) => package,
            Err(errors) => {
                reporter.diagnostics(errors.diagnostics());
                continue;
            }
        };
        let (recipe, shown) = (&package.recipe, package.shown(""));
        reporter.answer(
            &format!("{name}\t{}\t{}\n", recipe.title, shown.trim_end_matches('/')),
            &json!({
                "kind": "template", "name": name, "title": recipe.title,
                "pdf": recipe.pdf.is_some(), "docx": recipe.docx.is_some(),
            }),
        );
    }
    Ok(())
}

fn schema(
    place: &Place,
    arguments: &SchemaArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let package = place.project.package(&arguments.template)?;
    let schema = resolve::schema(&package)?;
    let text = splice::pretty(schema.value()) + "\n";
    reporter.answer(&text, schema.value());
    Ok(())
}

/// Reports a job's warnings; with `--deny-warnings` they are its failure.
fn accept(
    made: Warned<Made>,
    select: &SelectArguments,
    reporter: &mut Reporter,
) -> Result<Made> {
    if select.deny_warnings && !made.warnings.is_empty() {
        let mut faults = Diagnostics::new();
        faults.extend(made.warnings);
        faults.push(Diagnostic::error(
            "build/warnings-denied",
            text!(
                "有警告，而 `--deny-warnings` 不允许",
                "there are warnings, and `--deny-warnings` does not allow them"
            ),
        ));
        return Err(faults.fail());
    }
    reporter.diagnostics(&made.warnings);
    Ok(made.value)
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

pub(super) fn write(
    target: &Path,
    artefacts: &[Artefact],
    folder: &Path,
    reporter: &mut Reporter,
) -> std::result::Result<(), Errors> {
    let written = output::write_all(target, artefacts)?;
    for (path, artefact) in written.iter().zip(artefacts) {
        let shown = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        reporter.wrote(path, &shown, artefact.pages);
    }
    Ok(())
}
