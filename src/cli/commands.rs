//! One function a command.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::args::{
    Arguments, BuildArguments, Command, FontsArguments, InitArguments, SchemaArguments,
    SelectArguments, TemplatesArguments,
};
use super::report::Reporter;
use super::{Exit, config};
use crate::build::{Artefact, Job, Made, Workshop, eject, output, scaffold, watch};
use crate::diag::{Diagnostic, Diagnostics, Errors, Result, Warned};
use crate::pdf::{FontSearch, Fonts, fonts, shipped};
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
            Command::Init(_) => Project::bare(&folder),
            _ => config::project(&global, &folder)?,
        };
        Ok(Place { folder, project })
    });
    let result = place.and_then(|place| match command {
        Command::Init(arguments) => init(&place, &arguments, reporter),
        Command::Build(arguments) => build(place, &arguments, reporter),
        Command::Check(arguments) => check(place, &arguments, reporter),
        Command::Watch(arguments) => rebuild(place, &arguments, reporter),
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
    let files = scaffold::project(&arguments.template)?;
    write(&folder, &files, &place.folder, reporter)?;
    let shown = arguments.folder.display();
    reporter.note(&text!(
        "工程建好了。下一步：cd {shown} && huikan build",
        "the project is there. Next: cd {shown} && huikan build"
    ));
    Ok(())
}

fn build(
    place: Place,
    arguments: &BuildArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let Place { folder, project } = place;
    let workshop =
        Workshop::new(project, config::settings(&arguments.select, arguments.ppi)?);
    let jobs = workshop.jobs(&arguments.select.editions, &folder)?;
    if let Some(target) = &arguments.eject {
        return write_ejected(&workshop, &jobs, &folder.join(target), &folder, reporter);
    }
    let out = out_folder(&workshop, arguments, &folder);
    let mut errors = Diagnostics::new();
    for job in &jobs {
        let made = job
            .make(&workshop)
            .and_then(|made| accept(made, &arguments.select, reporter));
        let written = made.and_then(|made| {
            if arguments.timings {
                reporter.timings(&job.edition.id, &made.timings);
            }
            write(&out, &made.artefacts, &folder, reporter)
        });
        errors.absorb(written);
    }
    errors.finish(()).map(|_| ())
}

fn check(
    place: Place,
    arguments: &SelectArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let Place { folder, project } = place;
    let workshop = Workshop::new(project, config::settings(arguments, 72.0)?);
    let jobs = workshop.jobs(&arguments.editions, &folder)?;
    let mut errors = Diagnostics::new();
    for job in &jobs {
        let made = job.make(&workshop).and_then(|made| accept(made, arguments, reporter));
        errors.absorb(made);
    }
    let checked = jobs.len();
    if !errors.has_errors() {
        reporter
            .note(&text!("查了 {checked} 份，没有错误", "checked: {checked}, no errors"));
    }
    errors.finish(()).map(|_| ())
}

fn rebuild(
    place: Place,
    arguments: &BuildArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let Place { folder, project } = place;
    let workshop =
        Workshop::new(project, config::settings(&arguments.select, arguments.ppi)?);
    let jobs = workshop.jobs(&arguments.select.editions, &folder)?;
    let out = out_folder(&workshop, arguments, &folder);
    watch::watch(&workshop, &jobs, |job, result, time| {
        let made = result.and_then(|made| accept(made, &arguments.select, reporter));
        let written = made.and_then(|made| {
            if arguments.timings {
                reporter.timings(&job.edition.id, &made.timings);
            }
            write(&out, &made.artefacts, &folder, reporter)
        });
        report_rebuild(job, written, time, reporter);
        true
    })
}

fn report_rebuild(
    job: &Job,
    written: Result<()>,
    time: Duration,
    reporter: &mut Reporter,
) {
    let (edition, milliseconds) = (&job.edition.id, time.as_millis());
    match written {
        Ok(()) => reporter.note(&text!(
            "{edition}：用了 {milliseconds} ms，改动后自动重做，按 Ctrl-C 结束",
            "{edition}: took {milliseconds} ms, watching for changes, Ctrl-C ends"
        )),
        Err(errors) => reporter.diagnostics(errors.diagnostics()),
    }
}

fn list_fonts(
    place: &Place,
    arguments: &FontsArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    if let Some(target) = &arguments.export {
        let files: Vec<Artefact> = shipped::files()?
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
    let mut errors = Diagnostics::new();
    for name in project.package_names() {
        let Some(package) = errors.absorb(project.package(&name)) else { continue };
        let (recipe, shown) = (&package.recipe, package.shown(""));
        reporter.answer(
            &format!("{name}\t{}\t{}\n", recipe.title, shown.trim_end_matches('/')),
            &json!({
                "kind": "template", "name": name, "title": recipe.title,
                "pdf": recipe.pdf.is_some(), "docx": recipe.docx.is_some(),
            }),
        );
    }
    errors.finish(()).map(|_| ())
}

fn schema(
    place: &Place,
    arguments: &SchemaArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let package = place.project.package(&arguments.template)?;
    let schema = resolve::schema(&package)?;
    let text = package.require(&package.recipe.schema)?;
    reporter.answer(&String::from_utf8_lossy(&text), schema.value());
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
    workshop: &Workshop,
    jobs: &[Job],
    target: &Path,
    folder: &Path,
    reporter: &mut Reporter,
) -> Result<()> {
    output::require_empty(target)?;
    let mut errors = Diagnostics::new();
    for job in jobs {
        let target = match jobs.len() {
            1 => target.to_path_buf(),
            _ => target.join(job.output.file_name(&job.edition.id)),
        };
        let written = eject::eject(job, workshop).and_then(|ejected| {
            reporter.diagnostics(&ejected.warnings);
            write(&target, &ejected.value, folder, reporter)
        });
        errors.absorb(written);
    }
    errors.finish(()).map(|_| ())
}

fn out_folder(workshop: &Workshop, arguments: &BuildArguments, folder: &Path) -> PathBuf {
    match &arguments.output {
        Some(named) => folder.join(named),
        None => workshop.default_out(),
    }
}

fn write(
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
