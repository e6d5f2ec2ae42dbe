//! Spreadsheets made into JSON, alone or inside of a dataset.

use std::path::Path;

use serde_json::Value;

use super::Artefact;
use super::input::read;
use super::material::{self, Material};
use crate::data::Dataset;
use crate::data::import::{self, Shape, splice};
use crate::diag::{Diagnostic, Diagnostics, Result, Warned};
use crate::project::{Project, resolve};
use crate::text;

/// What is imported, and where it goes.
#[derive(Debug, Clone, Default)]
pub struct Import<'a> {
    /// The sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// The template whose dataset it is for.
    pub template: Option<&'a str>,
    /// The JSON pointer of its place in a dataset.
    pub into: Option<&'a str>,
    /// Whether a file that is there may be changed.
    pub force: bool,
}

impl Import<'_> {
    /// The bytes of a file, and what they are. A sheet or a place inside of a dataset
    /// can only be said of a table.
    ///
    /// # Errors
    /// A file that cannot be read, or not be imported.
    pub fn open(&self, path: &Path) -> Result<(Vec<u8>, Warned<Material>)> {
        let bytes = read(path)?;
        let table = self.sheet.is_some() || self.into.is_some();
        let material = match table {
            true => Warned { value: Material::Table, warnings: Vec::new() },
            false => material::recognise(path, &path.display().to_string(), &bytes)?,
        };
        Ok((bytes, material))
    }

    /// The value of the bytes of a spreadsheet called `name`, in the objects around it.
    ///
    /// # Errors
    /// A file that cannot be imported, a template that is none, and a place that its
    /// schema does not have.
    pub fn value(
        &self,
        project: &Project,
        name: &str,
        bytes: &[u8],
    ) -> Result<Warned<Value>> {
        let into = self.into.unwrap_or_default();
        if !into.is_empty() && !into.starts_with('/') {
            return Err(no_pointer(into).into());
        }
        let shape = match self.template {
            Some(name) => {
                let schema = resolve::schema(&project.package(name)?)?;
                Some(Shape::of_schema(schema.value(), into)?)
            }
            None => None,
        };
        let mut faults = Diagnostics::new();
        let sheet = import::open(name, bytes, self.sheet)?;
        let sheet = sheet.collect(&mut faults);
        match faults.absorb(import::import(&sheet, shape.as_ref())) {
            Some(value) => {
                let value = value.collect(&mut faults);
                faults.finish(value)
            }
            None => Err(faults.fail()),
        }
    }

    /// A file of text, such as Markdown or a report.
    ///
    /// # Errors
    /// A file that is there unless it may be changed.
    pub fn text(&self, text: String, name: &str, path: &Path) -> Result<Artefact> {
        if path.exists() && !self.force {
            return Err(exists(name).into());
        }
        Ok(Artefact { name: name.to_string(), bytes: text.into_bytes(), pages: None })
    }

    /// The file that holds a value. A dataset that is there keeps all that is
    /// elsewhere in it.
    ///
    /// # Errors
    /// A file that is there unless it may be changed, and one that is no dataset.
    pub fn file(&self, value: Value, name: &str, path: &Path) -> Result<Artefact> {
        let into = self.into.unwrap_or_default();
        let text = match (path.exists(), self.force, into) {
            (true, false, _) => return Err(exists(name).into()),
            (true, true, into) if !into.is_empty() => {
                let mut faults = Diagnostics::new();
                let dataset = Dataset::read(name, &read(path)?, &mut faults);
                let dataset = dataset.filter(|_| !faults.has_errors());
                let Some(dataset) = dataset else { return Err(faults.fail()) };
                splice::splice(&dataset, into, &value)?
            }
            _ => splice::pretty(&splice::nested(into, value)) + "\n",
        };
        Ok(Artefact { name: name.to_string(), bytes: text.into_bytes(), pages: None })
    }
}

fn exists(name: &str) -> Diagnostic {
    Diagnostic::error(
        "output/exists",
        text!("`{name}` 已经有了", "`{name}` is there already"),
    )
    .hint(text!(
        "换一个文件名；要改写它，加 `--force`，再加 `--into` 则只换那一处",
        "name another file; `--force` overwrites it, with `--into` that place only"
    ))
}

fn no_pointer(into: &str) -> Diagnostic {
    Diagnostic::error(
        "usage/pointer",
        text!("`{into}` 不是 JSON 指针", "`{into}` is no JSON pointer"),
    )
    .hint(text!("写成 `/delegates` 这样", "write it like `/delegates`"))
}
