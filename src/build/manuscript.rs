//! Manuscripts made into datasets: read, put in order, fitted to a template, checked.

use std::path::Path;

use serde_json::Value;

use super::Artefact;
use super::doubts;
use super::material::Material;
use crate::data::Dataset;
use crate::data::import::manuscript::{
    self, Change, Judge, Manuscript, Outline, Slots, export, html, plain,
};
use crate::data::import::splice;
use crate::diag::{Diagnostic, Diagnostics, Place, Result, Severity, Warned};
use crate::docx::reading;
use crate::project::{Project, resolve};
use crate::text;

/// The folder of pictures, beside the dataset.
const PICTURES: &str = "photos";

/// Larger datasets, in bytes, are not looked through for doubts at once: `check` does that.
const LARGEST_CHECKED: usize = 300_000;

/// A manuscript as it was read, with its pictures.
#[derive(Debug)]
pub struct Opened {
    /// How diagnostics call the file.
    name: String,
    manuscript: Manuscript,
    /// The files of pictures, by the paths that the dataset will name.
    pictures: Vec<Artefact>,
}

/// Reads a manuscript that diagnostics call `name`.
///
/// # Errors
/// A document that cannot be read.
pub fn open(name: &str, material: Material, bytes: Vec<u8>) -> Result<Warned<Opened>> {
    let text = |manuscript| {
        let opened = Opened { name: name.to_string(), manuscript, pictures: Vec::new() };
        Ok(Warned { value: opened, warnings: Vec::new() })
    };
    match material {
        Material::Text(words) => text(plain::read(&words)),
        Material::Html(words) => {
            let (manuscript, pictures) = html::read(&words);
            let mut opened = text(manuscript)?;
            let left = (pictures > 0).then(|| manuscript::pictures_left(pictures));
            opened.warnings.extend(left.map(|left| left.at(Place::file(name))));
            Ok(opened)
        }
        Material::Table | Material::Word => {
            let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
            let read = reading::manuscript::read(name, bytes, PICTURES, &stem)?;
            let Warned { value: document, warnings } = read;
            let pictures = document.pictures.into_iter();
            let pictures = pictures
                .map(|(name, bytes)| Artefact { name, bytes, pages: None })
                .collect();
            let name = name.to_string();
            let opened = Opened { name, manuscript: document.manuscript, pictures };
            Ok(Warned { value: opened, warnings })
        }
    }
}

/// What became of a manuscript.
#[derive(Debug)]
pub struct Imported {
    /// The dataset.
    pub value: Value,
    /// The same in order, as Markdown.
    pub markdown: String,
    /// The template whose dataset it is.
    pub template: String,
    /// Every change.
    pub changes: Vec<Change>,
    /// The files of pictures, from the dataset's folder.
    pub pictures: Vec<Artefact>,
    /// How many paragraphs and the like there are, and how many headings.
    pub counts: (usize, usize),
}

/// Makes a dataset of a manuscript for a template, or for the shipped one that fits.
/// `name` is how the dataset will be called; `judge` decides about doubtful changes.
///
/// # Errors
/// A template that is none or has no room for text, and a proof that fails.
pub fn make(
    project: &Project,
    opened: Opened,
    template: Option<&str>,
    name: &str,
    judge: &mut Judge<'_>,
) -> Result<Warned<Imported>> {
    let Opened { name: source, manuscript, pictures } = opened;
    let template = template.unwrap_or(match manuscript::is_labelled(&manuscript) {
        true => "handout",
        false => "report",
    });
    let schema = resolve::schema(&project.package(template)?)?;
    let slots = Slots::of_schema(schema.value());
    let mended = manuscript::mend(manuscript, slots.wants(), judge);
    if mended.outline.is_empty() {
        return Err(nothing().at(Place::file(source)).into());
    }
    let markdown = export::markdown(&mended.outline);
    let counts = Outline::counts(&mended.outline);
    let made = manuscript::fill(mended, &slots)?;
    let mut warnings = made.doubts;
    let bytes = (splice::pretty(&made.value) + "\n").into_bytes();
    let mut faults = Diagnostics::new();
    if let Some(dataset) = Dataset::read(name, &bytes, &mut faults) {
        let reading = schema.check(&dataset, &mut faults);
        faults.sort();
        warnings.extend(to_fill(faults));
        if bytes.len() > LARGEST_CHECKED {
            warnings.push(unchecked());
        } else {
            let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
            warnings.extend(doubts::find(project, &dataset, &reading, &stem)?);
        }
    }
    let template = template.to_string();
    let changes = made.changes;
    let value =
        Imported { value: made.value, markdown, template, changes, pictures, counts };
    Ok(Warned { value, warnings })
}

/// What a schema misses in a dataset, as warnings: the file is written nevertheless. What
/// is to be filled in is one list.
fn to_fill(faults: Diagnostics) -> Vec<Diagnostic> {
    let (mut missing, others): (Vec<_>, Vec<_>) = faults
        .into_vec()
        .into_iter()
        .partition(|fault| fault.code == "data/missing-field");
    // A field that a schema wants in two places is missing once.
    missing
        .dedup_by(|one, other| one.message == other.message && one.place == other.place);
    let mut told = Vec::new();
    if let Some(first) = missing.first() {
        let count = missing.len();
        let mut fault = Diagnostic::warning(
            "import/to-fill",
            text!(
                "原稿里没有、要自己填的字段有 {count} 个",
                "fields that the manuscript does not have and you have to fill in: {count}"
            ),
        );
        fault.place.clone_from(&first.place);
        for fault_of in &missing {
            let place = fault_of.place.as_ref();
            let at = place.and_then(|place| place.pointer.as_deref()).unwrap_or_default();
            let (zh, en) = (&fault_of.message.zh, &fault_of.message.en);
            fault = match at {
                "" => fault.note(text!("{zh}", "{en}")),
                at => fault.note(text!("`{at}`：{zh}", "`{at}`: {en}")),
            };
        }
        told.push(fault);
    }
    told.extend(
        others
            .into_iter()
            .map(|fault| Diagnostic { severity: Severity::Warning, ..fault }),
    );
    told
}

fn unchecked() -> Diagnostic {
    Diagnostic::warning(
        "import/unchecked",
        text!(
            "文稿很长，没有逐字查疑点",
            "the text is long and was not looked through for doubts"
        ),
    )
    .hint(text!("导入后运行 `huikan check`", "run `huikan check` on the dataset"))
}

fn nothing() -> Diagnostic {
    Diagnostic::error("import/empty", text!("里面没有文字", "there is no text in it"))
        .hint(text!("看看是不是拿错了文件", "look whether it is the right file"))
}
