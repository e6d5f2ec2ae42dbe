//! The command `import`: a spreadsheet becomes JSON.

use std::path::Path;

use super::args::ImportArguments;
use super::commands::write;
use super::report::Reporter;
use crate::build::import::Import;
use crate::data::import::splice;
use crate::diag::Result;
use crate::project::Project;
use crate::text;

/// Imports a spreadsheet, and prints the list or puts it into a file.
pub(super) fn run(
    folder: &Path,
    project: &Project,
    arguments: &ImportArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let import = Import {
        sheet: arguments.sheet.as_deref(),
        template: arguments.template.as_deref(),
        into: arguments.into.as_deref(),
        force: arguments.force,
    };
    let imported = import.value(project, &arguments.table)?;
    reporter.diagnostics(&imported.warnings);
    let count = imported.value.as_array().map_or(0, Vec::len);
    let Some(named) = &arguments.dataset else {
        let value = splice::nested(import.into.unwrap_or_default(), imported.value);
        reporter.answer(&(splice::pretty(&value) + "\n"), &value);
        return Ok(());
    };
    let name = named.display().to_string();
    let file = import.file(imported.value, &name, &folder.join(named))?;
    write(folder, &[file], folder, reporter)?;
    reporter.note(&text!("读进 {count} 项", "imported: {count}"));
    Ok(())
}
