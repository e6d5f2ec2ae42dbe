//! The command `import`: a text becomes a dataset, a spreadsheet JSON.

use std::path::Path;

use serde_json::json;

use super::args::ImportArguments;
use super::changes;
use super::place::write;
use super::questions::Questions;
use super::report::Reporter;
use crate::build::import::Import;
use crate::build::manuscript::{self, Imported};
use crate::build::material::Material;
use crate::data::import::splice;
use crate::diag::{Result, Warned};
use crate::project::Project;
use crate::text;

/// Imports a file, and prints what it becomes or puts it into a file.
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
    let mut questions = match arguments.interactive {
        true => Some(Questions::begin(reporter.lang())?),
        false => None,
    };
    let (bytes, Warned { value: material, warnings }) =
        import.open(&arguments.material)?;
    reporter.diagnostics(&warnings);
    if matches!(material, Material::Table) {
        return table(folder, project, arguments, &import, &bytes, reporter);
    }
    let name = arguments.material.display().to_string();
    let opened = manuscript::open(&name, material, bytes)?;
    reporter.diagnostics(&opened.warnings);
    let target = target(arguments);
    let mut judge = |change: &_| match &mut questions {
        Some(questions) => questions.ask(change),
        None => true,
    };
    let made = manuscript::make(
        project,
        opened.value,
        arguments.template.as_deref(),
        &target,
        &mut judge,
    )?;
    if let Some(questions) = &questions {
        questions.end()?;
    }
    let Warned { value: imported, warnings: doubts } = made;
    put(folder, arguments, &import, &imported, reporter)?;
    if let Some(report) = &arguments.report {
        let all = warnings.iter().chain(&opened.warnings).chain(&doubts);
        let all: Vec<_> = all.collect();
        let value = json!({
            "file": name, "template": imported.template, "changes": imported.changes,
            "warnings": all,
        });
        let shown = report.display().to_string();
        let file =
            import.text(splice::pretty(&value) + "\n", &shown, &folder.join(report))?;
        write(folder, &[file], folder, reporter)?;
    }
    changes::show(&imported.changes, reporter);
    reporter.diagnostics(&doubts);
    summary(arguments, &imported, reporter);
    Ok(())
}

/// How the dataset is called in messages.
fn target(arguments: &ImportArguments) -> String {
    let named = arguments.dataset.clone();
    let named = named.filter(|path| path.extension().is_none_or(|ending| ending != "md"));
    let path = named.unwrap_or_else(|| arguments.material.with_extension("json"));
    path.display().to_string()
}

/// Writes the dataset and its pictures, or prints the dataset.
fn put(
    folder: &Path,
    arguments: &ImportArguments,
    import: &Import<'_>,
    imported: &Imported,
    reporter: &mut Reporter,
) -> Result<()> {
    let Some(named) = &arguments.dataset else {
        reporter.answer(&(splice::pretty(&imported.value) + "\n"), &imported.value);
        return Ok(());
    };
    let name = named.display().to_string();
    let markdown = named.extension().is_some_and(|ending| ending == "md");
    let file = match markdown {
        true => import.text(imported.markdown.clone(), &name, &folder.join(named))?,
        false => import.file(imported.value.clone(), &name, &folder.join(named))?,
    };
    let beside = named.parent().unwrap_or(Path::new(""));
    let mut files = vec![file];
    files.extend(imported.pictures.iter().map(|picture| {
        let name = beside.join(&picture.name).display().to_string();
        crate::build::Artefact { name, ..picture.clone() }
    }));
    write(folder, &files, folder, reporter)
}

fn summary(arguments: &ImportArguments, imported: &Imported, reporter: &mut Reporter) {
    let (parts, heads) = imported.counts;
    let (template, count) = (&imported.template, imported.changes.len());
    if arguments.template.is_none() {
        reporter.note(&text!(
            "按内容选了模板 `{template}`；要用别的模板，加 `--template`",
            "the template that fits is `{template}`; name another with `--template`"
        ));
    }
    reporter.note(&text!(
        "标题 {heads} 个，段落 {parts} 个，改动 {count} 处；核对过：除报告所列，文字一个不多、一个不少",
        "headings: {heads}, paragraphs: {parts}, changes: {count}; proved: not a letter was lost or added but those reported"
    ));
    reporter.fact(&json!({
        "kind": "import", "template": template, "headings": heads, "paragraphs": parts,
        "changes": count,
    }));
}

fn table(
    folder: &Path,
    project: &Project,
    arguments: &ImportArguments,
    import: &Import<'_>,
    bytes: &[u8],
    reporter: &mut Reporter,
) -> Result<()> {
    let name = arguments.material.display().to_string();
    let imported = import.value(project, &name, bytes)?;
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
