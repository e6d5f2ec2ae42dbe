//! The Word engine alone: any template, any JSON, no project.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::Artefact;
use super::documents::FolderDocuments;
use super::input::read;
use crate::data::{Dataset, flawless};
use crate::diag::{Diagnostic, Diagnostics, Lang, Result, Text, Warned};
use crate::docx::{self, Base, Images, PictureFonts, Purpose, Template};
use crate::pdf::{FontSearch, Fonts};
use crate::project::Assets;
use crate::project::assets::MOUNT;
use crate::text;

/// One context for a template: its values, and the folder of its pictures.
#[derive(Debug, Clone)]
pub struct Context {
    /// What the output's name may use as `{name}`: the file's stem.
    pub stem: String,
    /// Its number among all contexts, counted from 1.
    pub number: usize,
    /// The values.
    pub value: Value,
    assets: Assets,
}

/// Compiles a template file, for drafts with anchors or for clean documents.
///
/// # Errors
/// A file that cannot be read, and all faults of the template.
pub fn template(path: &Path, purpose: Purpose) -> Result<Warned<Template>> {
    let shown = path.display().to_string();
    let documents = FolderDocuments(Assets::new(folder_of(path)));
    Template::compile_for(purpose, &shown, read(path)?, &documents)
}

/// The real folder of a file.
fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf())
}

/// A copy of a template with what is wrong with it as Word comments; only what
/// these diagnostics say of the template itself is written. Nothing if that is
/// nothing.
///
/// # Errors
/// A file that cannot be read, or is no Word document.
pub fn annotated(
    path: &Path,
    told: &[Diagnostic],
    lang: Lang,
) -> Result<Option<Vec<u8>>> {
    let shown = path.display().to_string();
    let about =
        |told: &&Diagnostic| told.place.as_ref().is_some_and(|at| at.file == shown);
    let mut faults: Vec<Diagnostic> = Vec::new();
    for fault in told.iter().filter(about) {
        // Contexts share the faults of their template.
        let same = |known: &Diagnostic| {
            known.message == fault.message && known.place == fault.place
        };
        if !faults.iter().any(same) {
            faults.push(fault.clone());
        }
    }
    if faults.is_empty() {
        return Ok(None);
    }
    docx::annotate(&shown, read(path)?, &faults, lang).map(Some)
}

/// Reads the contexts of one or more JSON files; with `each`, a file holds an
/// array of contexts. All faults of all files are told.
///
/// # Errors
/// Files that cannot be read or are not JSON; with `each`, no array.
pub fn contexts(paths: &[PathBuf], each: bool) -> Result<Warned<Vec<Context>>> {
    let mut faults = Diagnostics::new();
    let mut contexts: Vec<Context> = Vec::new();
    for path in paths {
        let Some(bytes) = faults.absorb(read(path)) else { continue };
        let Some(value) = value(path, &bytes, each, &mut faults) else { continue };
        let values = match value {
            Value::Array(values) if each => values,
            value => vec![value],
        };
        let root = folder_of(path);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for value in values {
            let (stem, number) = (stem.clone(), contexts.len() + 1);
            contexts.push(Context {
                stem,
                number,
                value,
                assets: Assets::new(root.clone()),
            });
        }
    }
    faults.finish(contexts)
}

/// The value of a context file: with `each`, an array. Its faults go to `faults`.
fn value(
    path: &Path,
    bytes: &[u8],
    each: bool,
    faults: &mut Diagnostics,
) -> Option<Value> {
    let right = |value: &Value| !each || value.is_array();
    if let Some(value) = flawless::read(bytes).filter(right) {
        return Some(value);
    }
    let shown = path.display().to_string();
    let dataset = Dataset::read(&shown, bytes, faults)?;
    if right(dataset.value()) {
        return Some(dataset.value().clone());
    }
    let message = text!("`--each` 要一个列表 [ ]", "`--each` wants an array [ ]");
    faults.push(Diagnostic::error("data/wrong-type", message).at(dataset.place("")));
    None
}

/// The output's name for each context, by `pattern`.
///
/// # Errors
/// A placeholder that a context has no value for, and two contexts with one name:
/// the second would overwrite the first.
pub fn names(contexts: &[Context], pattern: &str) -> Result<Vec<String>> {
    let mut faults = Diagnostics::new();
    let mut names: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for context in contexts {
        let Some(name) = faults.absorb(file_name(pattern, context)) else { continue };
        if !seen.insert(name.clone()) {
            let number = context.number;
            faults.push(
                Diagnostic::error(
                    "output/same-name",
                    text!(
                        "第 {number} 份数据也要写成 `{name}`",
                        "context {number} would be written to `{name}`, too"
                    ),
                )
                .hint(text!(
                    "在 `-o` 里加上 `{{number}}` 或数据里各不相同的字段",
                    "add `{{number}}` to `-o`, or a field that differs"
                )),
            );
        }
        names.push(name);
    }
    faults.finish(names).map(|names| names.value)
}

/// Merges one context into a file of this name. `id` is the template's, for the
/// draft to tell what it was made from; without it the document is clean.
///
/// # Errors
/// Failing expressions, and pictures that cannot be used.
pub fn merge(
    template: &Template,
    context: &Context,
    id: Option<&str>,
    name: String,
) -> Result<Warned<Artefact>> {
    let images = ContextImages(&context.assets);
    let rendered = match id {
        Some(template_id) => {
            let base = Base { template: template_id, dataset: &context.value, at: "" };
            template.render_draft(&context.value, &images, base)?
        }
        None => template.render(&context.value, &images)?,
    };
    let artefact = Artefact { name, bytes: rendered.value, pages: None };
    Ok(Warned { value: artefact, warnings: rendered.warnings })
}

/// Fills the placeholders of an output's name: `{name}` (the context's own
/// `name`, else the file's stem), `{number}`, or any text or number that stands at
/// the top of the context.
fn file_name(pattern: &str, context: &Context) -> Result<String> {
    let mut name = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((key, tail)) = after.split_once('}') else { break };
        name.push_str(before);
        name.push_str(&placeholder(key, context)?);
        rest = tail;
    }
    Ok(name + rest)
}

fn placeholder(key: &str, context: &Context) -> Result<String> {
    let value = match context.value.get(key) {
        Some(Value::String(words)) => words.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ if key == "name" => context.stem.clone(),
        _ if key == "number" => context.number.to_string(),
        _ => {
            let number = context.number;
            return Err(Diagnostic::error(
                "output/unknown-placeholder",
                text!(
                    "第 {number} 份数据没有文件名里的 `{key}`",
                    "context {number} has no `{key}` for the file name"
                ),
            )
            .hint(text!(
                "可以用 {{name}}、{{number}} 和数据最外层的文字或数字",
                "use {{name}}, {{number}} or a text or number at the top of the context"
            ))
            .into());
        }
    };
    // A value never leads to another folder.
    Ok(value.replace(['/', '\\', '\0', ':'], "_").replace("..", "_"))
}

/// Pictures by their path from the context's folder.
struct ContextImages<'a>(&'a Assets);

impl Images for ContextImages<'_> {
    fn load(&self, path: &str) -> std::result::Result<Arc<[u8]>, Text> {
        let path = match path.starts_with(MOUNT) {
            true => path.to_string(),
            false => self.0.virtual_path(self.0.root(), path)?,
        };
        self.0.load(&path).map(Arc::from)
    }

    fn fonts(&self) -> PictureFonts {
        let fonts = Fonts::load(&FontSearch::default(), self.0.root()).ok();
        let files = fonts.map(|fonts| fonts.files());
        files.map_or_else(PictureFonts::default, |(files, id)| {
            PictureFonts::new(files, id)
        })
    }
}
