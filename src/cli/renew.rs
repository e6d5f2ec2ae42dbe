//! The command `new`: next time's dataset from this time's.

use std::path::Path;

use serde_json::json;

use super::args::NewArguments;
use super::place::write;
use super::report::Reporter;
use crate::build::renew::Renewal;
use crate::data::renew::Task;
use crate::diag::{Diagnostic, Place, Result};
use crate::project::Project;
use crate::text;

/// Makes a dataset and tells what is to be done with it.
pub(super) fn run(
    folder: &Path,
    project: &Project,
    arguments: &NewArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let from = match &arguments.from {
        Some(name) => project.edition(name, folder)?,
        None => {
            let mut editions = project.editions()?;
            editions.pop().ok_or_else(no_edition)?
        }
    };
    let renewal = Renewal {
        id: &arguments.edition,
        from,
        years: arguments.years,
        standalone: arguments.standalone,
        force: arguments.force,
    };
    let renewed = renewal.make(project)?;
    reporter.diagnostics(&renewed.warnings);
    let renewed = renewed.value;
    write(&renewed.folder, &[renewed.file], folder, reporter)?;
    for (place, task) in &renewed.tasks {
        tell(place, *task, reporter);
    }
    let edition = &arguments.edition;
    reporter.note(&text!(
        "写好、看过上面这些，再 `huikan check {edition}`",
        "write and look at these, then `huikan check {edition}`"
    ));
    Ok(())
}

fn tell(place: &Place, task: Task, reporter: &mut Reporter) {
    let (word, words) = match task {
        Task::Write => ("write", text!("要写", "to write")),
        Task::Check => ("check", text!("要看", "to look at")),
    };
    let line = place.position.map_or(0, |position| position.line);
    let pointer = place.pointer.clone().unwrap_or_default();
    let words = words.get(reporter.lang());
    reporter.answer(
        &format!("{words}\t{}:{line}\t{pointer}\n", place.file),
        &json!({ "kind": "task", "task": word, "file": place.file, "line": line, "pointer": pointer }),
    );
}

fn no_edition() -> Diagnostic {
    Diagnostic::error(
        "project/no-edition",
        text!("没有可以参照的一届", "there is no edition to start from"),
    )
}
