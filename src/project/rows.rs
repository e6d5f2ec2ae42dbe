//! Editions that are rows of a file: the file is read once for all of them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::Project;
use super::edition::{Edition, Row};
use super::pattern::{self, Piece};
use crate::data::table::Table;
use crate::diag::{
    Diagnostic, Diagnostics, Errors, MOST_ALIKE, Place, Result, SLIP, more, nearest,
};
use crate::text;

/// What the rows of a file have in common.
#[derive(Debug, Default)]
pub struct RowsFile {
    /// The dataset that each is laid over.
    pub(super) extends: Option<PathBuf>,
    /// What they are named by, with fields as placeholders.
    pub(super) name: Option<String>,
    held: Mutex<Option<(Stamp, Arc<Table>)>>,
}

/// What tells that a file has changed.
type Stamp = (u64, Option<SystemTime>);

impl RowsFile {
    /// The rows of a file that are each laid over `extends`.
    pub(super) fn new(extends: Option<PathBuf>, name: Option<String>) -> Self {
        Self { extends, name, held: Mutex::new(None) }
    }

    /// The fields that they are named by.
    pub(super) fn named_by(&self) -> Vec<String> {
        let fields = self.name.iter().flat_map(|name| pattern::placeholders(name));
        fields.map(str::to_string).collect()
    }

    /// The table in the file `path`; it is read again only if it has changed.
    pub(super) fn table(&self, path: &Path, shown: &str) -> Result<Arc<Table>> {
        let meta = std::fs::metadata(path).map_err(|error| unreadable(shown, &error))?;
        let stamp = (meta.len(), meta.modified().ok());
        // What stops a thread in between is not the table's fault.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, table)) = &*held
            && *known == stamp
        {
            return Ok(table.clone());
        }
        let table = load(path, shown, stamp)?;
        *held = Some((stamp, table.clone()));
        Ok(table)
    }
}

/// Reads a file. Editions that come from another process share it here.
#[comemo::memoize]
fn load(
    path: &Path,
    shown: &str,
    _stamp: Stamp,
) -> std::result::Result<Arc<Table>, Errors> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(shown, &error))?;
    Table::read(shown, &bytes).map(Arc::new)
}

/// That a dataset cannot be read.
pub(super) fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "data/unreadable",
        text!("读不了 `{shown}`（{error}）", "cannot read `{shown}` ({error})"),
    )
}

impl Project {
    /// The editions in a file of rows.
    ///
    /// Faults: a file that cannot be read, and rows without the fields that they are
    /// named by.
    pub(super) fn rows(&self, path: &Path, faults: &mut Diagnostics) -> Vec<Edition> {
        let whole = self.edition_at(path.to_path_buf());
        let rules = &self.manifest().rows;
        let extends =
            rules.extends.as_ref().map(|(extends, _)| self.root().join(extends));
        let name = rules.name.as_ref().map(|(name, _)| name.clone());
        let file = Arc::new(RowsFile::new(extends, name));
        let Some(table) = faults.absorb(file.table(path, &whole.shown)) else {
            return Vec::new();
        };
        let naming = Naming::of(&file, &whole.id, &table);
        if let Some((_, place)) = &rules.name {
            let missing = naming.missing_columns(place);
            if !missing.is_empty() {
                faults.extend(missing);
                return Vec::new();
            }
        }
        let mut unnamed = 0;
        let mut editions = Vec::with_capacity(table.len());
        for number in 0..table.len() {
            let row = Some(Row { number, file: file.clone() });
            match naming.name(number) {
                Ok(id) => editions.push(Edition { id, row, ..whole.clone() }),
                Err(field) => {
                    unnamed += 1;
                    if unnamed <= MOST_ALIKE {
                        faults.push(no_name(&field, table.place(number)));
                    }
                }
            }
        }
        faults.extend(more("data/no-name", unnamed));
        editions
    }
}

/// How the rows of a file are named.
struct Naming<'a> {
    pattern: Option<Vec<Piece<'a>>>,
    /// The name of the file.
    stem: &'a str,
    table: &'a Table,
    /// How many digits the number of the last row has.
    width: usize,
}

impl Row {
    /// The table that the row is of, and its number there. In a file that has changed
    /// it is known by its name.
    ///
    /// # Errors
    /// A file that cannot be read, or that does not have the row any more.
    pub(super) fn find(&self, edition: &Edition) -> Result<(Arc<Table>, usize)> {
        let table = self.file.table(&edition.path, &edition.shown)?;
        let number = self.number;
        let found = match &self.file.name {
            None => (number < table.len()).then_some(number),
            Some(_) => {
                let stem = edition.path.file_stem().unwrap_or_default().to_string_lossy();
                let naming = Naming::of(&self.file, &stem, &table);
                let is_it = |row: &usize| {
                    *row < table.len() && naming.name(*row).as_ref() == Ok(&edition.id)
                };
                // Rows that were put in or taken out have not moved it far.
                let near = (1..=table.len()).flat_map(|step| {
                    [number.checked_sub(step), number.checked_add(step)]
                });
                std::iter::once(number).chain(near.flatten()).find(is_it)
            }
        };
        match found {
            Some(number) => Ok((table, number)),
            None => Err(no_row(edition).into()),
        }
    }
}

fn no_row(edition: &Edition) -> Diagnostic {
    let id = &edition.id;
    Diagnostic::error(
        "data/no-row",
        text!("文件里现在没有 `{id}` 这一行", "the file has no row `{id}` any more"),
    )
    .at(Place::file(edition.shown.to_string()))
    .hint(text!("重新运行", "run again"))
}

impl<'a> Naming<'a> {
    fn of(file: &'a RowsFile, stem: &'a str, table: &'a Table) -> Self {
        let pattern = file.name.as_ref().map(|name| pattern::pieces(name));
        Self { pattern, stem, table, width: table.len().to_string().len() }
    }

    /// The name of a row, or the field that it does not have.
    fn name(&self, row: usize) -> std::result::Result<String, String> {
        let Some(pieces) = &self.pattern else {
            return Ok(format!("{}-{}", self.stem, self.number(row)));
        };
        let mut name = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => name += text,
                Piece::Placeholder("file") => name += self.stem,
                Piece::Placeholder("row") => name += &self.number(row),
                Piece::Placeholder(field) => match self.table.word(row, field) {
                    Some(word) => name += &word,
                    // What cannot be read is told when it is made.
                    None if !self.table.is_sound(row) => {
                        return Ok(format!("{}-{}", self.stem, self.number(row)));
                    }
                    None => return Err((*field).to_string()),
                },
            }
        }
        Ok(pattern::as_file_name(&name))
    }

    /// The number of a row from 1, with as many digits as the last has.
    fn number(&self, row: usize) -> String {
        format!("{:0width$}", row + 1, width = self.width)
    }

    /// The fields of the pattern that are no columns of a CSV file.
    fn missing_columns(&self, place: &Place) -> Vec<Diagnostic> {
        let headings = self.table.headings();
        let pieces = self.pattern.iter().flatten();
        let fields = pieces.filter_map(|piece| match piece {
            Piece::Placeholder("file" | "row") | Piece::Text(_) => None,
            Piece::Placeholder(field) => Some(*field),
        });
        let unknown = fields
            .filter(|field| !headings.is_empty() && self.table.column(field).is_none());
        unknown.map(|field| no_column(field, headings, place)).collect()
    }
}

fn no_column(field: &str, headings: &[String], place: &Place) -> Diagnostic {
    let fault = Diagnostic::error(
        "data/no-name",
        text!(
            "没有 `{field}` 这一列，而每一行要用它起名",
            "no column `{field}`, which the rows are named by"
        ),
    )
    .at(place.clone());
    let known = headings.iter().map(String::as_str).filter(|heading| !heading.is_empty());
    let known: Vec<&str> = known.take(MOST_ALIKE).collect();
    let (zh, en) = (known.join("、"), known.join(", "));
    match nearest(field, known, SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault.hint(text!("有这些列：{zh}", "the columns are: {en}")),
    }
}

fn no_name(field: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "data/no-name",
        text!(
            "这一行没有 `{field}`，而 `[rows]` 的 `name` 要用它起名",
            "the row has no `{field}`, which `name` of `[rows]` names it by"
        ),
    )
    .at(place)
    .hint(text!(
        "补上，或改用 `{{file}}-{{row}}`",
        "fill it in, or use `{{file}}-{{row}}`"
    ))
}
