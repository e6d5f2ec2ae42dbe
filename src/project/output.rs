//! What one job makes of an edition: a template, formats, a file name, settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use typst_pdf::PdfStandard;

use super::pattern;

/// A template in one or more formats, for one edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// The template package's name.
    pub template: String,
    /// The formats to write.
    pub formats: Vec<Format>,
    /// The part of the dataset that is printed, as a JSON pointer; all of it if
    /// there is none.
    pub from: Option<String>,
    /// Which of several parts of the dataset it is, from 1.
    pub part: Option<usize>,
    /// The profile's name, if the output has profiles.
    pub profile: Option<String>,
    /// How it is made, where the command line does not say.
    pub settings: Profile,
    /// The file name without extension, with placeholders: `{edition}-{template}`.
    pub file: String,
    /// What is filled in for placeholders that are fields of the dataset.
    pub fields: BTreeMap<String, String>,
}

/// `[profile.NAME]`: how outputs are made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The PDF standards that must be met; an empty list asks for none.
    pub pdf_standard: Option<Vec<PdfStandard>>,
    /// Resolution of PNG pages, in pixels an inch.
    pub ppi: Option<f64>,
    /// Whether Word outputs are drafts with anchors.
    pub anchors: Option<bool>,
    /// The formats, and not the output's own.
    pub formats: Option<Vec<Format>>,
    /// How it is bound, and not as the template says.
    pub binding: Option<Binding>,
}

/// How a printed document is bound.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Binding {
    /// Folded sheets, stitched through the fold: four pages a sheet.
    Saddle,
    /// In a way that asks for no number of pages.
    Other,
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

impl Output {
    /// A template in the default formats.
    pub fn of(template: &str) -> Self {
        Self {
            template: template.into(),
            formats: default_formats(),
            from: None,
            part: None,
            profile: None,
            settings: Profile::default(),
            file: "{edition}-{template}".into(),
            fields: BTreeMap::new(),
        }
    }

    /// The file name of an edition's output, without extension; where it says the
    /// format, that is the first.
    pub fn file_name(&self, edition: &str) -> String {
        self.stem(edition, self.formats.first().copied().unwrap_or(Format::Pdf))
    }

    /// The file name of an edition's output in a format, without extension.
    pub fn stem(&self, edition: &str, format: Format) -> String {
        // A template given as a path has the name of its folder.
        let template = self.template.trim_end_matches(['/', '\\']).rsplit(['/', '\\']);
        let template = template.into_iter().next().unwrap_or(&self.template);
        pattern::filled(&self.file, |name| match name {
            "edition" => Some(no_folder(edition)),
            "template" => Some(no_folder(template)),
            "profile" => self.profile.as_deref().map(pattern::as_file_name),
            "part" => Some(self.part.map_or(String::new(), |part| part.to_string())),
            "format" => Some(format.extension().to_string()),
            field => self.fields.get(field).cloned(),
        })
    }
}

/// A name without `/` as a part of a file name: `..` would be the folder above.
fn no_folder(name: &str) -> String {
    match name.chars().all(|c| c == '.') {
        true => pattern::as_file_name(name),
        false => name.to_string(),
    }
}

/// The formats of an output that does not say.
pub(super) fn default_formats() -> Vec<Format> {
    vec![Format::Pdf, Format::Docx]
}

/// The PDF standard of a name such as `a-2a`.
pub fn standard(name: &str) -> Option<PdfStandard> {
    let quoted = serde_json::Value::String(name.to_lowercase());
    serde_json::from_value(quoted).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_output_folder() {
        let output = Output {
            profile: Some("../a".into()),
            file: "{edition}/{profile}/{template}/{format}".into(),
            ..Output::of("my/own/..")
        };
        assert_eq!(output.stem("..", Format::Png), "-/..-a/-/png");
    }
}
