//! A spreadsheet: text in cells, by row and column.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Place, SheetPlace};
use crate::text;

/// A cell's row and column, from 0.
pub(super) type At = (u32, u32);

/// One sheet of a file.
#[derive(Debug)]
pub struct Sheet {
    file: String,
    /// The sheet's name, if the file may have several.
    name: Option<String>,
    /// The cells that are not empty.
    cells: BTreeMap<At, String>,
}

/// How large a sheet may be. Congresses have some thousand delegates; the limits
/// keep a damaged file from exhausting the memory.
const LIMITS: At = (100_000, 256);

impl Sheet {
    /// An empty sheet.
    pub(super) fn new(file: &str, name: Option<&str>) -> Self {
        let name = name.map(str::to_string);
        Self { file: file.to_string(), name, cells: BTreeMap::new() }
    }

    /// Puts a text into a cell; an empty one leaves it empty.
    ///
    /// Fails with `import/too-large`.
    pub(super) fn put(&mut self, at: At, text: String) -> Result<(), Diagnostic> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if at.0 >= LIMITS.0 || at.1 >= LIMITS.1 {
            return Err(self.too_large());
        }
        self.cells.insert(at, text);
        Ok(())
    }

    /// The text of a cell; empty if there is none.
    pub(super) fn get(&self, at: At) -> &str {
        self.cells.get(&at).map(String::as_str).unwrap_or_default()
    }

    /// The last row that has something.
    pub(super) fn last_row(&self) -> u32 {
        self.cells.last_key_value().map_or(0, |((row, _), _)| *row)
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The rows that have something, with the columns and texts of each.
    pub(super) fn rows(&self) -> Vec<(u32, Vec<(u32, &str)>)> {
        let mut rows: Vec<(u32, Vec<(u32, &str)>)> = Vec::new();
        for ((row, column), text) in &self.cells {
            match rows.last_mut() {
                Some((last, cells)) if last == row => cells.push((*column, text)),
                _ => rows.push((*row, vec![(*column, text)])),
            }
        }
        rows
    }

    /// The place of a cell, with its row as excerpt.
    pub(super) fn place(&self, at: At) -> Place {
        let (row, column) = at;
        let cells = self.cells.range((row, 0)..=(row, u32::MAX));
        let last = cells.last().map_or(0, |((_, last), _)| *last).max(column);
        let mut line = String::new();
        let mut mark = 0..0;
        for other in 0..=last {
            if other > 0 {
                line += " | ";
            }
            let start = line.len();
            line += &self.get((row, other)).replace(['\n', '\r'], " ");
            if other == column {
                mark = start..line.len();
            }
        }
        let place = SheetPlace {
            sheet: self.name.clone(),
            row: row as usize + 1,
            column: letters(column),
        };
        Place::sheet(&self.file, place, &line, mark)
    }

    /// The place of the whole sheet.
    pub(super) fn whole(&self) -> Place {
        Place::file(&self.file)
    }

    /// The fault of a sheet that is beyond the limits.
    pub(super) fn too_large(&self) -> Diagnostic {
        let (rows, columns) = LIMITS;
        Diagnostic::error(
            "import/too-large",
            text!(
                "表格超过 {rows} 行或 {columns} 列",
                "the sheet has more than {rows} rows or {columns} columns"
            ),
        )
        .at(self.whole())
        .hint(text!("删去名单以外的内容", "delete what does not belong to the list"))
    }
}

/// The letters that spreadsheets call a column by.
pub(in crate::data) fn letters(column: u32) -> String {
    let mut left = column + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
