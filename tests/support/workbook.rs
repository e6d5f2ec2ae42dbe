//! Workbooks for tests, from text: a row a line, cells between `|`.
//!
//! `--- 名` begins another sheet, `!merge A2:A4` merges cells. A cell `#3.5` is a
//! number, `@45013` a date, `@0.375` a time, `!#N/A` an error; others are text.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The bytes of a workbook.
pub fn of(text: &str) -> Vec<u8> {
    let mut sheets: Vec<(String, Vec<&str>)> = vec![("Sheet1".into(), Vec::new())];
    for line in text.lines() {
        match line.strip_prefix("--- ") {
            Some(name) if sheets[0].1.is_empty() => sheets[0].0 = name.to_string(),
            Some(name) => sheets.push((name.to_string(), Vec::new())),
            None => sheets.last_mut().expect("a sheet").1.push(line),
        }
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, xml: &str| {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(xml.as_bytes()).expect("bytes");
    };
    let (mut list, mut relations) = (String::new(), String::new());
    for ((name, lines), number) in sheets.iter().zip(1..) {
        let _ =
            write!(list, "<sheet name='{name}' sheetId='{number}' r:id='rId{number}'/>");
        let _ = write!(
            relations,
            "<Relationship Id='rId{number}' Type='{OFFICE}/worksheet' Target='worksheets/sheet{number}.xml'/>"
        );
        part(&format!("xl/worksheets/sheet{number}.xml"), &sheet(lines));
    }
    let _ = write!(
        relations,
        "<Relationship Id='rId0' Type='{OFFICE}/styles' Target='styles.xml'/>"
    );
    part(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns='{RELATIONS}'><Relationship Id='rId1' Type='{OFFICE}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!("<Relationships xmlns='{RELATIONS}'>{relations}</Relationships>"),
    );
    part(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'><sheets>{list}</sheets></workbook>"
        ),
    );
    part(
        "xl/styles.xml",
        &format!(
            "<styleSheet xmlns='{MAIN}'><cellXfs count='3'><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='20'/></cellXfs></styleSheet>"
        ),
    );
    zip.finish().expect("a zip").into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

fn sheet(lines: &[&str]) -> String {
    let (mut rows, mut merged) = (String::new(), String::new());
    let mut number = 0;
    for line in lines {
        if let Some(region) = line.strip_prefix("!merge ") {
            let _ = write!(merged, "<mergeCell ref='{region}'/>");
            continue;
        }
        number += 1;
        let cells: String = line
            .split('|')
            .zip('A'..)
            .map(|(words, column)| {
                cell(words.trim_matches(' '), &format!("{column}{number}"))
            })
            .collect();
        let _ = write!(rows, "<row r='{number}'>{cells}</row>");
    }
    let merged = match merged.is_empty() {
        true => String::new(),
        false => format!("<mergeCells>{merged}</mergeCells>"),
    };
    format!("<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData>{merged}</worksheet>")
}

fn cell(words: &str, at: &str) -> String {
    if let Some(number) = words.strip_prefix('#') {
        return format!("<c r='{at}'><v>{number}</v></c>");
    }
    if let Some(day) = words.strip_prefix('@') {
        let style = if day.starts_with("0.") { 2 } else { 1 };
        return format!("<c r='{at}' s='{style}'><v>{day}</v></c>");
    }
    if let Some(error) = words.strip_prefix('!') {
        return format!("<c r='{at}' t='e'><v>{error}</v></c>");
    }
    let words = words.replace("\\n", "\n");
    match words.is_empty() {
        true => String::new(),
        false => {
            format!(
                "<c r='{at}' t='inlineStr'><is><t xml:space='preserve'>{words}</t></is></c>"
            )
        }
    }
}
