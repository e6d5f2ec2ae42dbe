//! `huikan.toml`: the editions of a project and what is built from them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::toml_fault;
use crate::diag::{Diagnostic, Result};
use crate::text;

/// The manifest's file name.
pub const FILE: &str = "huikan.toml";

/// What `huikan.toml` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manifest {
    /// The project's name, for people.
    pub name: String,
    /// A glob of the datasets, relative to the project.
    pub editions: String,
    /// Where outputs go, relative to the project.
    pub out: String,
    /// What is built from each edition.
    #[serde(rename = "output")]
    pub outputs: Vec<Output>,
}

/// One `[[output]]`: a template in one or more formats.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The template package's name.
    pub template: String,
    /// The formats to write.
    #[serde(default = "default_formats")]
    pub formats: Vec<Format>,
    /// The part of each dataset that is printed, as a JSON pointer; all of it if
    /// there is none.
    pub from: Option<String>,
    /// The file name without extension; `{edition}` and `{template}` are filled in.
    #[serde(default = "default_file")]
    pub file: String,
}

/// A format that huikan writes.
#[derive(
    Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Print-ready PDF.
    Pdf,
    /// Editable Word draft.
    Docx,
    /// One PNG a page.
    Png,
    /// One SVG a page.
    Svg,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Docx, Self::Png, Self::Svg];

    /// The file extension, which is also the format's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }

    /// Whether the Typst template makes it.
    pub fn is_paged(self) -> bool {
        self != Self::Docx
    }
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            name: String::new(),
            editions: "data/*.json".into(),
            out: "out".into(),
            outputs: vec![Output::of("handout")],
        }
    }
}

impl Output {
    /// A template in the default formats.
    pub fn of(template: &str) -> Self {
        Self {
            template: template.into(),
            formats: default_formats(),
            from: None,
            file: default_file(),
        }
    }

    /// The file name of an edition's output, without extension.
    pub fn file_name(&self, edition: &str) -> String {
        // A template given as a path has the name of its folder.
        let template = self.template.trim_end_matches('/').rsplit('/').next();
        self.file
            .replace("{edition}", edition)
            .replace("{template}", template.unwrap_or(&self.template))
    }
}

fn default_formats() -> Vec<Format> {
    vec![Format::Pdf, Format::Docx]
}

fn default_file() -> String {
    "{edition}-{template}".into()
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// A file that cannot be read, the fault of its TOML, or a file name that
    /// would leave the output folder.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| {
            Diagnostic::error(
                "project/manifest",
                text!("读不了 `{FILE}`（{error}）", "cannot read `{FILE}` ({error})"),
            )
        })?;
        let manifest: Self = toml_fault::read("project/manifest", FILE, &bytes)?;
        for output in &manifest.outputs {
            let file = &output.file;
            if file.is_empty()
                || file.split(['/', '\\']).any(|part| part == "..")
                || file.starts_with('/')
            {
                return Err(Diagnostic::error(
                    "project/manifest",
                    text!(
                        "输出文件名 `{file}` 越出了输出文件夹",
                        "the file name `{file}` leaves the output folder"
                    ),
                )
                .into());
            }
        }
        Ok(manifest)
    }
}
