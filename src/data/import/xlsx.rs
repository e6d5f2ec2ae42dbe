//! XLSX workbooks: cells as they are shown, merged ones filled down.

use std::io::Cursor;

use calamine::{
    DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Xlsx, open_workbook_from_rs,
};

use super::sheet::Sheet;
use crate::diag::{Diagnostic, Diagnostics, Place, SLIP, nearest};
use crate::text;

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// How many bytes a workbook may have when unpacked: that of a large congress
/// has some million.
const LARGEST: u64 = 256 << 20;

/// What the parts of a zip say of their sizes.
fn unpacked_size(bytes: &[u8]) -> u64 {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return 0 };
    let parts = 0..archive.len();
    parts.filter_map(|part| Some(archive.by_index_raw(part).ok()?.size())).sum()
}

/// Reads one sheet: the wanted one, or the first that has something.
///
/// Fails with `import/not-a-table`, `import/no-sheet`, `import/too-large`.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    wanted: Option<&str>,
    faults: &mut Diagnostics,
) -> Result<Sheet, Diagnostic> {
    let damaged = |error: calamine::XlsxError| damaged(file, &error.to_string());
    if unpacked_size(bytes) > LARGEST {
        return Err(Sheet::new(file, None).too_large());
    }
    let mut workbook: Workbook<'_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(damaged)?;
    let visible: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    if let Some(wanted) = wanted {
        let known = workbook.sheet_names();
        if !known.iter().any(|name| name == wanted) {
            return Err(no_sheet(file, wanted, &known));
        }
        let (sheet, wrong) = cells(file, &mut workbook, wanted)?;
        faults.extend(wrong);
        return Ok(sheet);
    }
    let mut found: Option<Sheet> = None;
    let mut others = Vec::new();
    for name in visible {
        let (sheet, wrong) = cells(file, &mut workbook, &name)?;
        match &found {
            _ if sheet.is_empty() => {}
            None => {
                faults.extend(wrong);
                found = Some(sheet);
            }
            Some(_) => others.push(name),
        }
    }
    if !others.is_empty() {
        faults.push(other_sheets(file, &others));
    }
    found.ok_or_else(|| empty(file))
}

/// The cells of a sheet, and its formulas that fail.
fn cells(
    file: &str,
    workbook: &mut Workbook<'_>,
    name: &str,
) -> Result<(Sheet, Vec<Diagnostic>), Diagnostic> {
    let damaged = |error: calamine::XlsxError| damaged(file, &error.to_string());
    let mut sheet = Sheet::new(file, Some(name));
    let mut reader = workbook.worksheet_cells_reader(name).map_err(damaged)?;
    let mut wrong = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        let at = cell.get_position();
        if let DataRef::Error(error) = cell.get_value() {
            wrong.push((at, error.to_string()));
        }
        sheet.put(at, shown(cell.get_value()))?;
    }
    drop(reader);
    let wrong =
        wrong.iter().map(|(at, error)| formula_error(&sheet, *at, error)).collect();
    let merged = workbook.merge_cells_by_sheet_name(name).unwrap_or_default();
    fill_merged(&mut sheet, &merged)?;
    Ok((sheet, wrong))
}

/// Puts the text of merged cells into each row that they cover. What is merged
/// across says its text once.
fn fill_merged(sheet: &mut Sheet, merged: &[Dimensions]) -> Result<(), Diagnostic> {
    let last = sheet.last_row();
    for region in merged {
        let text = sheet.get(region.start).to_string();
        for row in region.start.0 + 1..=region.end.0.min(last) {
            sheet.put((row, region.start.1), text.clone())?;
        }
    }
    Ok(())
}

/// A cell as people see it.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Bool(true) => "是".into(),
        DataRef::Bool(false) => "否".into(),
        DataRef::DateTime(moment) => moment_shown(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A date as `2023-03-28`, a time of day as `9:30`, both if there are both.
fn moment_shown(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour}:{minute:02}");
    match (moment.as_f64() < 1.0, moment.as_f64().fract() == 0.0) {
        (true, _) => time,
        (false, true) => date,
        (false, false) => format!("{date} {time}"),
    }
}

fn damaged(file: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "import/not-a-table",
        text!("不是完好的 XLSX（{reason}）", "not a sound XLSX ({reason})"),
    )
    .at(Place::file(file))
    .hint(text!(
        "用表格软件打开，另存为 .xlsx",
        "open it in a spreadsheet program and save it as .xlsx"
    ))
}

fn empty(file: &str) -> Diagnostic {
    Diagnostic::error("import/empty", text!("表格是空的", "the table is empty"))
        .at(Place::file(file))
}

fn no_sheet(file: &str, wanted: &str, known: &[String]) -> Diagnostic {
    let fault = Diagnostic::error(
        "import/no-sheet",
        text!("没有 `{wanted}` 这张表", "no sheet `{wanted}`"),
    )
    .at(Place::file(file));
    if let Some(near) = nearest(wanted, known.iter().map(String::as_str), SLIP) {
        return fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?"));
    }
    let (zh, en) = (known.join("、"), known.join(", "));
    fault.hint(text!("现有：{zh}", "there are: {en}"))
}

fn other_sheets(file: &str, others: &[String]) -> Diagnostic {
    let (zh, en) = (others.join("、"), others.join(", "));
    Diagnostic::warning(
        "import/other-sheets",
        text!("只读了第一张表，没有读：{zh}", "only the first sheet was read, not: {en}"),
    )
    .at(Place::file(file))
    .hint(text!("用 `--sheet 表名` 读别的表", "read another with `--sheet NAME`"))
}

fn formula_error(sheet: &Sheet, at: super::sheet::At, error: &str) -> Diagnostic {
    Diagnostic::error(
        "import/formula",
        text!("公式出错，结果是 `{error}`", "a formula gives `{error}`"),
    )
    .at(sheet.place(at))
    .hint(text!("在表格里改正", "correct it in the spreadsheet"))
}
