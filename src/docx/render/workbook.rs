//! The workbook inside a chart: the sheet that Word opens when its numbers are edited.

use std::fmt::Write as _;

use crate::docx::language::charts::Chart;
use crate::docx::language::quantities::Quantity;
use crate::docx::opc::escape;
use crate::docx::opc::package;

/// The content type of a workbook.
pub(crate) const CONTENT_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PARTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const DECLARATION: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The number that the first number format of a workbook's own has.
const FIRST_FORMAT: usize = 164;

/// The sheet's name, which references begin with.
pub(crate) const SHEET: &str = "Sheet1";

/// The letter of a column, counted from 0. There are no more than nine.
pub(crate) fn column(at: usize) -> char {
    char::from(b'A' + u8::try_from(at).unwrap_or_default().min(25))
}

/// The bytes of the workbook with a chart's categories, series and values.
pub(crate) fn write(chart: &Chart) -> Result<Vec<u8>, zip::result::ZipError> {
    let formats = formats(chart);
    package::pack(&[
        ("[Content_Types].xml", types()),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", workbook()),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[
                ("worksheet", "worksheets/sheet1.xml"),
                ("styles", "styles.xml"),
            ]),
        ),
        ("xl/worksheets/sheet1.xml", sheet(chart, &formats)),
        ("xl/styles.xml", styles(&formats)),
    ])
}

/// The number formats of all values, each once.
fn formats(chart: &Chart) -> Vec<String> {
    let mut formats = Vec::new();
    for value in chart.series.iter().flat_map(|series| &series.values).flatten() {
        let format = value.format();
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    formats
}

fn types() -> String {
    let part = |name: &str, kind: &str| {
        format!(
            "<Override PartName=\"/xl/{name}.xml\" ContentType=\"{PARTS}.{kind}+xml\"/>"
        )
    };
    format!(
        "{DECLARATION}<Types xmlns=\"{TYPES}\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{}</Types>",
        part("workbook", "sheet.main"),
        part("worksheets/sheet1", "worksheet"),
        part("styles", "styles"),
    )
}

fn relations(all: &[(&str, &str)]) -> String {
    let mut out = format!("{DECLARATION}<Relationships xmlns=\"{RELATIONS}\">");
    for (index, (kind, target)) in all.iter().enumerate() {
        let id = index + 1;
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "<Relationship Id=\"rId{id}\" Type=\"{KINDS}/{kind}\" Target=\"{target}\"/>"
        );
    }
    out + "</Relationships>"
}

fn workbook() -> String {
    format!(
        "{DECLARATION}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{KINDS}\"><sheets>\
         <sheet name=\"{SHEET}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    )
}

/// The rows of the chart below its names.
fn sheet(chart: &Chart, formats: &[String]) -> String {
    let mut rows = String::from("<row r=\"1\">");
    rows.push_str(&text_cell(0, 1, &chart.corner));
    for (index, series) in chart.series.iter().enumerate() {
        rows.push_str(&text_cell(index + 1, 1, &series.name));
    }
    rows.push_str("</row>");
    for (index, category) in chart.categories.iter().enumerate() {
        let row = index + 2;
        let _ = write!(rows, "<row r=\"{row}\">{}", text_cell(0, row, category));
        for (at, series) in chart.series.iter().enumerate() {
            let value = series.values.get(index).and_then(Option::as_ref);
            let cell = value.map(|value| number_cell(at + 1, row, value, formats));
            rows.push_str(&cell.unwrap_or_default());
        }
        rows.push_str("</row>");
    }
    format!(
        "{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"
    )
}

/// A cell with words; none for no words.
fn text_cell(at: usize, row: usize, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let (column, text) = (column(at), escape::escape(text));
    format!(
        "<c r=\"{column}{row}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
    )
}

fn number_cell(at: usize, row: usize, value: &Quantity, formats: &[String]) -> String {
    let format = value.format();
    let style = formats.iter().position(|known| *known == format).map_or(0, |at| at + 1);
    let (column, plain) = (column(at), &value.plain);
    format!("<c r=\"{column}{row}\" s=\"{style}\"><v>{plain}</v></c>")
}

/// The styles of cells: the usual one, then one for each number format.
fn styles(formats: &[String]) -> String {
    let (mut numbers, mut cells) = (String::new(), String::new());
    for (index, format) in formats.iter().enumerate() {
        let (id, code) = (FIRST_FORMAT + index, escape::escape_attribute(format));
        let _ = write!(numbers, "<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>");
        let _ = write!(
            cells,
            "<xf numFmtId=\"{id}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" \
             applyNumberFormat=\"1\"/>"
        );
    }
    let (count, all) = (formats.len(), formats.len() + 1);
    let numbers = match count {
        0 => String::new(),
        _ => format!("<numFmts count=\"{count}\">{numbers}</numFmts>"),
    };
    let usual = "numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"";
    format!(
        "{DECLARATION}<styleSheet xmlns=\"{MAIN}\">{numbers}<fonts count=\"1\"><font>\
         <sz val=\"11\"/><name val=\"宋体\"/></font></fonts><fills count=\"2\"><fill>\
         <patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/>\
         </fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/>\
         </border></borders><cellStyleXfs count=\"1\"><xf {usual}/></cellStyleXfs>\
         <cellXfs count=\"{all}\"><xf {usual} xfId=\"0\"/>{cells}</cellXfs></styleSheet>"
    )
}
