//! Importing: a roster or an agenda from a spreadsheet, as JSON; a text is a
//! [`manuscript`].
//!
//! # Steps
//! 1. [`sheet`] is a spreadsheet as text in cells; [`csv`] and [`xlsx`] read one.
//! 2. [`shape`] says what fields are wanted: those of a template's schema, or those
//!    that rosters and agendas usually have, by the [`words`] that head columns.
//! 3. [`header`] finds the row of headings and gives each column its field.
//! 4. [`rows`] turns what is below into objects; [`clean`] tidies each cell.
//! 5. [`splice`] puts the result into a dataset and leaves the rest as it is.

mod clean;
pub(in crate::data) mod csv;
mod header;
pub mod manuscript;
mod rows;
pub mod shape;
mod sheet;
pub mod splice;
mod words;
mod xlsx;

use serde_json::Value;

pub use self::shape::Shape;
pub use self::sheet::Sheet;
pub(in crate::data) use self::sheet::letters;
pub(in crate::data) use self::words::bare;
use crate::diag::{Diagnostic, Diagnostics, Place, Result, Warned};
use crate::text;

/// Reads the cells of a file called `name`: XLSX, or CSV in any encoding. Of a
/// workbook with several sheets, `wanted` says which.
///
/// # Errors
/// A file that is neither, is damaged, or has no such sheet.
pub fn open(name: &str, bytes: &[u8], wanted: Option<&str>) -> Result<Warned<Sheet>> {
    let mut faults = Diagnostics::new();
    let sheet = if bytes.starts_with(b"PK") {
        xlsx::read(name, bytes, wanted, &mut faults)
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(old_or_locked(name).into());
    } else {
        csv::read(name, bytes, &mut faults)
    };
    match sheet {
        Ok(sheet) => faults.finish(sheet),
        Err(fault) => {
            faults.push(fault);
            Err(faults.fail())
        }
    }
}

/// Whether a text is a table: it has a row of headings that people know, and most lines
/// have the same number of cells.
pub fn is_table(text: &str) -> bool {
    let delimiter = char::from(csv::delimiter(text));
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let cells = |line: &str| line.split(delimiter).count();
    let heads = lines.iter().take(6).position(|line| {
        let known = line.split(delimiter).filter(|cell| words::field(cell).is_some());
        let known = known.count();
        known >= 2 && known * 2 >= cells(line)
    });
    let Some(head) = heads else { return false };
    let columns = cells(lines[head]);
    let alike = lines.iter().filter(|line| cells(line) == columns).count();
    alike * 10 >= lines.len() * 8
}

/// The objects that a sheet holds, as a JSON array.
///
/// # Errors
/// No row of headings, and cells that cannot be what their fields want.
pub fn import(sheet: &Sheet, shape: Option<&Shape>) -> Result<Warned<Value>> {
    let mut faults = Diagnostics::new();
    let Some(columns) = header::find(sheet, shape, &mut faults) else {
        return Err(faults.fail());
    };
    let value = rows::read(sheet, &columns, &mut faults);
    faults.finish(value)
}

fn old_or_locked(name: &str) -> Diagnostic {
    Diagnostic::error(
        "import/not-a-table",
        text!("是旧的 .xls，或者设了密码", "an old .xls, or protected by a password"),
    )
    .at(Place::file(name))
    .hint(text!("去掉密码，另存为 .xlsx", "save it as .xlsx, without a password"))
}
