//! One function a command.

use serde_json::json;

use super::args::{
    Arguments, Command, FontsArguments, InitArguments, SchemaArguments,
    TemplatesArguments,
};
use super::place::{Place, write};
use super::report::Reporter;
use super::{
    Exit, build, check, config, diff, import, impose, merge, plan, renew, verify,
};
use crate::build::{Artefact, output, scaffold};
use crate::data::import::splice;
use crate::diag::Result;
use crate::pdf::{FontSearch, Fonts, fonts};
use crate::project::{Project, resolve};
use crate::text;

/// Runs a command and reports its faults.
pub(super) fn run(arguments: Arguments, reporter: &mut Reporter) -> Exit {
    let Arguments { global, command } = arguments;
    let place = config::working_folder().and_then(|folder| {
        let project = match &command {
            Command::Init(_)
            | Command::Impose(_)
            | Command::Merge(_)
            | Command::Rules(_)
            | Command::Worker => Project::bare(&folder),
            _ => config::project(&global, &folder)?,
        };
        Ok(Place { folder, project })
    });
    let result = place.and_then(|place| match command {
        Command::Init(arguments) => init(&place, &arguments, reporter),
        Command::Build(arguments) => build::build(place, &arguments, reporter),
        Command::Plan(arguments) => plan::plan(place, &arguments, reporter),
        Command::Verify(arguments) => verify::verify(place, &arguments, reporter),
        Command::Manifest(arguments) => verify::manifest(&place, &arguments, reporter),
        Command::Cache(arguments) => plan::cache(&place, &arguments, reporter),
        Command::Check(arguments) => check::check(place, &arguments, reporter),
        Command::Rules(arguments) => check::rules(&arguments, reporter),
        Command::Watch(arguments) => build::watch(place, &arguments, reporter),
        Command::Merge(arguments) => merge::run(&place.folder, &arguments, reporter),
        Command::Import(arguments) => {
            import::run(&place.folder, &place.project, &arguments, reporter)
        }
        Command::Impose(arguments) => impose::run(&place.folder, &arguments, reporter),
        Command::New(arguments) => {
            renew::run(&place.folder, &place.project, &arguments, reporter)
        }
        Command::Diff(arguments) => {
            diff::run(&place.folder, &place.project, &arguments, reporter)
        }
        Command::Fonts(arguments) => list_fonts(&place, &arguments, reporter),
        Command::Templates(arguments) => templates(&place, &arguments, reporter),
        Command::Schema(arguments) => schema(&place, &arguments, reporter),
        Command::Worker => build::work(),
    });
    if let Err(errors) = result {
        reporter.diagnostics(errors.diagnostics());
    }
    reporter.summary();
    match reporter.counts() {
        _ if reporter.was_interrupted() => Exit::Interrupted,
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
