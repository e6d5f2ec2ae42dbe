//! Finished pages as files: PDF to a standard, PNG and SVG for screens.

use serde::{Deserialize, Serialize};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst::utils::Scalar;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

use crate::diag::{Diagnostic, Diagnostics, Result, Text, Warned};
use crate::text;

use super::translate;
use super::world::World;

/// What the file says it was made with.
const CREATOR: &str = concat!("huikan ", env!("CARGO_PKG_VERSION"));

/// Which PDF standards the file must meet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub enum Standards {
    /// PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) if the document allows
    /// it, else a tagged PDF 1.7 and a warning that says why.
    #[default]
    WhenPossible,
    /// These, or an error.
    Required(Vec<PdfStandard>),
}

/// What makes a PDF the same on every machine.
#[derive(Debug, Clone, Default)]
pub struct PdfSettings {
    /// The standards to meet.
    pub standards: Standards,
    /// Written uncompressed and indented, for tests that read structure.
    pub pretty: bool,
}

/// The document as PDF.
///
/// # Errors
/// What the required standards forbid in it.
pub fn pdf(
    world: &World,
    document: &PagedDocument,
    settings: &PdfSettings,
) -> Result<Warned<Vec<u8>>> {
    let attempt = |standards: &[PdfStandard]| {
        let options = options(world, standards, settings.pretty);
        typst_pdf::pdf(document, &options?).map_err(Refusal::Document)
    };
    let (standards, required) = match &settings.standards {
        Standards::WhenPossible => (vec![PdfStandard::A_2a, PdfStandard::Ua_1], false),
        Standards::Required(standards) => (standards.clone(), true),
    };
    let mut notes = Diagnostics::new();
    let bytes = match attempt(&standards) {
        Ok(bytes) => bytes,
        Err(refusal) if required => return Err(refusal.into_errors(world).fail()),
        Err(refusal) => {
            notes.push(refusal.into_warning(world));
            attempt(&[]).map_err(|refusal| refusal.into_errors(world).fail())?
        }
    };
    notes.finish(bytes)
}

fn options(
    world: &World,
    standards: &[PdfStandard],
    pretty: bool,
) -> std::result::Result<PdfOptions, Refusal> {
    let standards = PdfStandards::new(standards)
        .map_err(|error| Refusal::Combination(error.message().to_string()))?;
    Ok(PdfOptions {
        standards,
        pretty,
        creator: Smart::Custom(Some(CREATOR.into())),
        timestamp: Some(Timestamp::new_utc(world.date())),
        ..PdfOptions::default()
    })
}

/// Why a PDF could not be written as wanted.
enum Refusal {
    /// The standards exclude each other.
    Combination(String),
    /// The document has what they forbid.
    Document(ecow::EcoVec<SourceDiagnostic>),
}

impl Refusal {
    fn into_errors(self, world: &World) -> Diagnostics {
        let mut errors = Diagnostics::new();
        match self {
            Self::Combination(reason) => errors.push(Diagnostic::error(
                "pdf/standard",
                text!(
                    "这几个 PDF 标准不能并用（{reason}）",
                    "these PDF standards exclude each other ({reason})"
                ),
            )),
            Self::Document(found) => {
                errors.extend(found.iter().map(|d| translate::diagnostic(world, d)));
            }
        }
        errors
    }

    /// One warning with the reasons, each told once.
    fn into_warning(self, world: &World) -> Diagnostic {
        let mut reasons: Vec<Text> = Vec::new();
        for error in self.into_errors(world).into_vec() {
            if !reasons.contains(&error.message) {
                reasons.push(error.message);
            }
        }
        let mut warning = Diagnostic::warning(
            "pdf/not-archival",
            text!(
                "文档达不到 PDF/A-2a 和 PDF/UA-1，写成普通 PDF",
                "the document does not meet PDF/A-2a and PDF/UA-1, written as plain PDF"
            ),
        );
        warning.notes = reasons.into_iter().take(5).collect();
        warning
    }
}

/// Each page as PNG at `ppi` pixels an inch.
pub fn pages_as_png(document: &PagedDocument, ppi: f64) -> Result<Vec<Vec<u8>>> {
    let options =
        RenderOptions { pixel_per_pt: Scalar::new(ppi / 72.0), render_bleed: false };
    let encode = |page| {
        typst_render::render(page, &options).encode_png().map_err(|error| {
            let reason = error.to_string();
            Diagnostic::error(
                "png/encode",
                text!("写不成 PNG（{reason}）", "cannot write PNG ({reason})"),
            )
            .into()
        })
    };
    document.pages().iter().map(encode).collect()
}

/// Each page as SVG.
pub fn pages_as_svg(document: &PagedDocument) -> Vec<Vec<u8>> {
    let options = SvgOptions { render_bleed: false, pretty: false };
    document
        .pages()
        .iter()
        .map(|page| typst_svg::svg(page, &options).into_bytes())
        .collect()
}
