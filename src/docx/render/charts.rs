//! The charts of a rendered document: each a part of its own with its workbook.

use super::chart_space::{self, C};
use super::draft::Draft;
use super::workbook;
use crate::diag::{self, Place};
use crate::docx::language::charts::Chart;
use crate::docx::opc::escape;
use crate::docx::opc::package::{self, NewPart};
use crate::docx::opc::relations::{self, Mode, Relation};

const CONTENT_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
/// The type of the relationship from a chart to its workbook.
const WORKBOOK: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package";
const WP: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const A: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Makes a chart parts of the package; gives the drawing that a part shows it by.
///
/// Fails with `docx/malformed-part` or `docx/write`.
pub(crate) fn add(
    draft: &mut Draft<'_>,
    part: &str,
    chart: &Chart,
) -> diag::Result<String> {
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside =
        |name: &str| format!("{folder}/{name}").trim_start_matches('/').to_owned();
    let space = draft.free_name(&inside("charts/chart1.xml"));
    let book = draft.free_name(&inside("embeddings/Microsoft_Excel_Sheet1.xlsx"));
    let bytes = workbook::write(chart).map_err(|error| {
        let fault = package::unwritten(&error);
        diag::Errors::from(fault.at(Place::file(draft.package.file.as_str())))
    })?;
    draft.types.add("xlsx", workbook::CONTENT_TYPE);
    draft.types.declare(&book, workbook::CONTENT_TYPE);
    draft.put_file(&book, NewPart { bytes, compressed: true });
    let to_book = Relation {
        id: "rId1".to_owned(),
        kind: WORKBOOK.to_owned(),
        target: relations::target_from(&space, &book),
        mode: Mode::Internal,
    };
    draft.types.declare(&space, CONTENT_TYPE);
    draft.put(&space, chart_space::write(chart, &to_book.id));
    draft.put(&relations::part_of(&space), relations::part_with(&[to_book]));
    let target = relations::target_from(part, &space);
    let id = draft.relations(part)?.add("chart", &target, Mode::Internal);
    Ok(drawing(chart, &id, &space))
}

/// The `w:drawing` element. The id of its properties is made unique later.
fn drawing(chart: &Chart, id: &str, part: &str) -> String {
    let (width, height) = chart.size();
    let name = part.rsplit('/').next().unwrap_or_default().trim_end_matches(".xml");
    let (name, alt) =
        (escape::escape_attribute(name), escape::escape_attribute(&chart.description()));
    format!(
        "<w:drawing><wp:inline xmlns:wp=\"{WP}\" distT=\"0\" distB=\"0\" distL=\"0\" \
         distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/>\
         <wp:docPr id=\"1\" name=\"{name}\" descr=\"{alt}\"/><wp:cNvGraphicFramePr/>\
         <a:graphic xmlns:a=\"{A}\"><a:graphicData uri=\"{C}\">\
         <c:chart xmlns:c=\"{C}\" xmlns:r=\"{R}\" r:id=\"{id}\"/>\
         </a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
}
