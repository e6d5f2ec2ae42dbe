//! The cells of a CSV file, kept together: a hundred thousand rows are two pieces of
//! memory and not a hundred thousand.

use std::ops::Range;

use csv::{ByteRecord, ReaderBuilder};

use crate::data::encoding;
use crate::data::import::csv as import;
use crate::data::import::letters;
use crate::diag::{Diagnostic, Place, Result, SheetPlace, Source};
use crate::text;

/// The cells of a CSV file whose first row names the fields.
#[derive(Debug)]
pub(super) struct Cells {
    headings: Vec<String>,
    /// The row of the headings.
    top: Row,
    /// The text of all cells.
    text: String,
    /// Where each cell ends in it.
    ends: Vec<usize>,
    rows: Vec<Row>,
    /// Whether a column has anything below its heading.
    filled: Vec<bool>,
    /// The encoding that some characters could not be read in, if there is one.
    pub(super) damaged: Option<&'static str>,
}

/// A row.
#[derive(Debug, Default)]
struct Row {
    /// The number of its first cell.
    first: usize,
    /// The line on which it begins, from 1.
    line: usize,
}

impl Cells {
    /// Reads a CSV file in any encoding, with any usual delimiter. Rows without a
    /// word are left out.
    ///
    /// # Errors
    /// What is no text, has an odd number of quotes, or no row of headings.
    pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        let (words, encoding) = encoding::decode_any(bytes);
        if words.contains('\0') {
            return Err(import::no_text(name).into());
        }
        let mut cells = Self {
            headings: Vec::new(),
            top: Row::default(),
            text: String::with_capacity(words.len()),
            ends: Vec::new(),
            rows: Vec::new(),
            filled: Vec::new(),
            damaged: words.contains('\u{fffd}').then_some(encoding),
        };
        cells.fill(&words);
        if words.matches('"').count() % 2 == 1 {
            let several = |row: &usize| cells.row(*row).any(|cell| cell.contains('\n'));
            let last = (0..cells.len()).rev().find(several);
            let place = last.map(|row| cells.source(name, row).0.place(0..0));
            return Err(
                import::unclosed(place.unwrap_or_else(|| Place::file(name))).into()
            );
        }
        if cells.rows.is_empty() {
            return Err(no_headings(name).into());
        }
        cells.top = cells.rows.remove(0);
        let top = cells.range(&cells.top);
        cells.headings = top.map(|at| cells.cell(at).trim().to_string()).collect();
        cells.find_filled();
        Ok(cells)
    }

    fn fill(&mut self, words: &str) {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(import::delimiter(words))
            .from_reader(words.as_bytes());
        let mut record = ByteRecord::new();
        let (mut line, mut counted) = (1, 0);
        // Text that is UTF-8 and of any length has no faults to CSV.
        while let Ok(true) = reader.read_byte_record(&mut record) {
            let start = record.position().map_or(counted, |at| at.byte() as usize);
            // The reader skips empty lines when it reads what comes after them.
            let rest = words.get(start..).unwrap_or_default();
            let start =
                start + (rest.len() - rest.trim_start_matches(['\n', '\r']).len());
            line += words
                .get(counted..start)
                .map_or(0, |passed| passed.matches('\n').count());
            counted = start;
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            self.rows.push(Row { first: self.ends.len(), line });
            for cell in &record {
                self.text += &String::from_utf8_lossy(cell);
                self.ends.push(self.text.len());
            }
        }
    }

    fn find_filled(&mut self) {
        let mut filled = vec![false; self.headings.len()];
        for row in 0..self.len() {
            for (column, words) in self.row(row).enumerate() {
                if words.trim().is_empty() {
                    continue;
                }
                if column >= filled.len() {
                    filled.resize(column + 1, false);
                }
                filled[column] = true;
            }
        }
        self.filled = filled;
    }

    /// How many rows there are below the headings.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The columns that have a heading or anything below it.
    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, &str)> {
        let heading =
            |column: usize| self.headings.get(column).map_or("", String::as_str);
        let is_used = move |(column, heading): &(usize, &str)| {
            !heading.is_empty() || self.filled.get(*column) == Some(&true)
        };
        let columns = self.headings.len().max(self.filled.len());
        (0..columns).map(move |column| (column, heading(column))).filter(is_used)
    }

    pub(super) fn line(&self, row: usize) -> usize {
        self.rows.get(row).map_or(1, |row| row.line)
    }

    /// The text of a cell; empty if there is none.
    pub(super) fn get(&self, row: usize, column: usize) -> &str {
        self.row(row).nth(column).unwrap_or_default()
    }

    /// The cells of a row.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        let range = self.rows.get(row).map_or(0..0, |row| self.range(row));
        range.map(|at| self.cell(at))
    }

    /// The row of headings, to point at.
    pub(super) fn top(&self, name: &str) -> (Source, Vec<Range<usize>>) {
        let widest = self.headings.len().max(self.filled.len());
        let heading =
            |column: usize| self.headings.get(column).map_or("", String::as_str);
        let cells =
            (0..widest).map(|column| (place(self.top.line, column), heading(column)));
        Source::row(name, cells)
    }

    /// A row to point at, and the bytes of each cell in its text.
    pub(super) fn source(&self, name: &str, row: usize) -> (Source, Vec<Range<usize>>) {
        let line = self.line(row);
        let cells = self.row(row).enumerate();
        Source::row(name, cells.map(|(column, words)| (place(line, column), words)))
    }

    /// The numbers of a row's cells.
    fn range(&self, row: &Row) -> Range<usize> {
        let next = self.rows.partition_point(|other| other.first <= row.first);
        row.first..self.rows.get(next).map_or(self.ends.len(), |next| next.first)
    }

    fn cell(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }
}

fn place(line: usize, column: usize) -> SheetPlace {
    let column = u32::try_from(column).unwrap_or(u32::MAX - 1);
    SheetPlace { sheet: None, row: line, column: letters(column) }
}

fn no_headings(name: &str) -> Diagnostic {
    Diagnostic::error("import/empty", text!("表格是空的", "the table is empty"))
        .at(Place::file(name))
        .hint(text!(
            "第一行写字段名，例如 `county,edition.session`",
            "name the fields in the first line, such as `county,edition.session`"
        ))
}
