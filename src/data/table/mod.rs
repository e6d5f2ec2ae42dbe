//! A file with a dataset a row: JSON Lines, or CSV with the names of fields on top.
//!
//! The file is read and indexed once; the dataset of a row is made when it is asked
//! for.
//!
//! - [`cells`] keeps the cells of a CSV file.
//! - [`fields`] tells what a schema says of the fields of a dataset.
//! - [`columns`] finds the field of each heading.
//! - [`row`] makes a dataset of a row of cells.

mod cells;
mod columns;
mod fields;
mod row;

use std::ops::Range;
use std::path::Path;

use serde_json::Value;

use self::cells::Cells;
use self::columns::Columns;
use self::fields::Field;
use super::import::bare;
use super::{Dataset, encoding, flawless, json};
use crate::diag::{Diagnostics, Place, Result, Source};

/// A file of rows.
#[derive(Debug)]
pub struct Table {
    /// The file as the user knows it.
    name: String,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// JSON Lines.
    Lines { text: String, lines: Vec<Line> },
    /// CSV.
    Cells(Cells),
}

/// A line of a file that is not empty.
#[derive(Debug)]
struct Line {
    range: Range<usize>,
    /// Its number, from 1.
    number: usize,
}

impl Table {
    /// Whether a file is one of rows, by its ending: `.jsonl` or `.csv`.
    pub fn is_one(path: &Path) -> bool {
        is_csv(path) || has_ending(path, "jsonl")
    }

    /// Reads a file called `name`.
    ///
    /// # Errors
    /// JSON Lines that are not UTF-8; CSV that is none.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        let form = match is_csv(Path::new(name)) {
            true => Form::Cells(Cells::read(name, bytes)?),
            false => {
                let text = encoding::decode(name, bytes)?.into_owned();
                Form::Lines { lines: lines(&text), text }
            }
        };
        Ok(Self { name: name.into(), form })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match &self.form {
            Form::Lines { lines, .. } => lines.len(),
            Form::Cells(cells) => cells.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The line on which a row (from 0) begins, from 1.
    pub fn line(&self, row: usize) -> usize {
        match &self.form {
            Form::Lines { lines, .. } => lines.get(row).map_or(1, |line| line.number),
            Form::Cells(cells) => cells.line(row),
        }
    }

    /// All that the dataset of a row is made of: its line, or the headings and cells.
    pub fn words(&self, row: usize) -> Vec<&str> {
        match &self.form {
            Form::Lines { text, lines } => {
                let range = lines.get(row).map(|line| line.range.clone());
                range.and_then(|range| text.get(range)).into_iter().collect()
            }
            Form::Cells(cells) => {
                let headings = cells.headings().iter().map(String::as_str);
                headings.chain(cells.row(row)).collect()
            }
        }
    }

    /// The place of a row.
    pub fn place(&self, row: usize) -> Place {
        match &self.form {
            Form::Lines { .. } => self.source(row).place(0..1),
            Form::Cells(cells) => cells.source(&self.name, row).0.place(0..0),
        }
    }

    /// The text or number in a field of a row, to name it by: a field of the root, a
    /// path `a.b`, or a JSON pointer. Nothing if the row says nothing there.
    pub fn word(&self, row: usize, field: &str) -> Option<String> {
        let text = match &self.form {
            Form::Cells(cells) => cells.get(row, self.column(field)?).to_string(),
            Form::Lines { text, lines } => {
                let line = text.get(lines.get(row)?.range.clone())?;
                let value = flawless::read(line.as_bytes()).or_else(|| {
                    let node = json::read(&self.source(row), &mut Diagnostics::new());
                    node.map(|node| node.value())
                })?;
                match value.pointer(&pointer(field))? {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                }
            }
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_string())
    }

    /// The column of a CSV file that names a field.
    pub fn column(&self, field: &str) -> Option<usize> {
        let pointer = pointer(field);
        let is_it = |heading: &String| {
            bare(heading) == bare(field) || self::pointer(heading) == pointer
        };
        self.headings().iter().position(is_it)
    }

    /// Whether a row can be read at all, so that a field can be missing in it.
    pub fn is_sound(&self, row: usize) -> bool {
        match &self.form {
            Form::Cells(_) => true,
            Form::Lines { text, lines } => {
                let line = lines.get(row).and_then(|line| text.get(line.range.clone()));
                line.is_some_and(|line| flawless::read(line.as_bytes()).is_some())
            }
        }
    }

    /// The names of the columns, of a CSV file.
    pub fn headings(&self) -> &[String] {
        match &self.form {
            Form::Lines { .. } => &[],
            Form::Cells(cells) => cells.headings(),
        }
    }

    /// The dataset of a row (from 0). The cells of a CSV file are what the schema
    /// wants at their place; what is wrong with its headings is told, too. Fields that
    /// rows are `named_by` and the schema does not know are left out.
    ///
    /// A dataset is returned even if it has faults, as by [`Dataset::read`].
    pub fn dataset(
        &self,
        row: usize,
        schema: &Value,
        named_by: &[String],
        faults: &mut Diagnostics,
    ) -> Option<Dataset> {
        match &self.form {
            Form::Lines { .. } => {
                let source = self.source(row);
                let root = json::read(&source, faults)?;
                let mut dataset = Dataset::of(source, root);
                let fields = Field::root(schema);
                let unknown =
                    |field: &&String| fields.child(field).is_none() && !fields.is_open();
                for field in named_by.iter().filter(unknown) {
                    dataset.take_member(field);
                }
                Some(dataset)
            }
            Form::Cells(cells) => {
                let columns = Columns::of(&self.name, cells, schema, named_by, faults);
                Some(row::dataset(&self.name, cells, row, &columns))
            }
        }
    }

    fn source(&self, row: usize) -> Source {
        let Form::Lines { text, lines } = &self.form else {
            return Source::new(self.name.clone(), "");
        };
        let line = lines.get(row);
        let words = line.and_then(|line| text.get(line.range.clone()));
        let number = line.map_or(1, |line| line.number);
        Source::lines_from(number, self.name.clone(), words.unwrap_or_default())
    }
}

/// The JSON pointer of a field that is named as a path `a.b` or as a pointer.
pub fn pointer(field: &str) -> String {
    match field.starts_with('/') {
        true => field.to_string(),
        false => {
            field.split('.').fold(String::new(), |at, key| json::pointer_join(&at, key))
        }
    }
}

fn is_csv(path: &Path) -> bool {
    has_ending(path, "csv")
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

/// The lines that are not empty.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let words = line.trim_end_matches(['\n', '\r']);
        if !words.trim().is_empty() {
            lines.push(Line { range: start..start + words.len(), number });
        }
        start += line.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The datasets of a file, the faults of all with their cells or lines.
    fn datasets(name: &str, bytes: &[u8], schema: &Value) -> (Vec<Value>, Vec<String>) {
        let table = Table::read(name, bytes).expect("rows");
        let mut faults = Diagnostics::new();
        let read = |row| table.dataset(row, schema, &[], &mut faults);
        let datasets: Vec<_> = (0..table.len()).filter_map(read).collect();
        let shown = |fault: crate::diag::Diagnostic| {
            let place = fault.place.expect("a place");
            let cell = place.sheet.map(|cell| format!("{}{}", cell.column, cell.row));
            let line = place.position.map(|at| format!("{}:{}", at.line, at.column));
            format!("{} {}", fault.code, cell.or(line).unwrap_or_default())
        };
        let values = datasets.iter().map(|dataset| dataset.value().clone()).collect();
        (values, faults.into_vec().into_iter().map(shown).collect())
    }

    fn schema() -> Value {
        json!({
            "$ref": "#/$defs/congress", "unevaluatedProperties": false,
            "$defs": { "congress": { "properties": {
                "county": { "type": "string", "title": "县名" },
                "edition": { "title": "届次", "properties": {
                    "session": { "type": "integer", "title": "第几届" },
                    "date": { "type": "string", "format": "date" },
                    "open": { "type": "boolean" },
                } },
                "tags": { "type": "array", "items": { "type": "string" } },
                "figures": { "type": "array", "items": { "properties": {
                    "value": { "type": ["number", "string"] },
                } } },
            } } },
        })
    }

    #[test]
    fn a_line_that_is_not_empty_is_a_row() {
        let text = "\u{feff}{\"a\": 1}\r\n\n  {\"a\": 2,}\n";
        let (values, faults) = datasets("x.jsonl", text.as_bytes(), &json!({}));
        assert_eq!(values, [json!({"a": 1}), json!({"a": 2})]);
        assert_eq!(faults, ["data/syntax 3:10"]);
    }

    #[test]
    fn cells_are_what_the_schema_wants() {
        let text = "county,届次.第几届,edition.date,edition.open,tags,/figures/0/value\n\
            清溪县,3,2025年3月8日,是,一、二,8.60\n\n\
            010,,,,,约三成\n";
        let (values, faults) = datasets("x.csv", text.as_bytes(), &schema());
        assert_eq!(
            values,
            [
                json!({
                    "county": "清溪县",
                    "edition": { "session": 3, "date": "2025-03-08", "open": true },
                    "tags": ["一", "二"], "figures": [{ "value": 8.6 }],
                }),
                json!({ "county": "010", "figures": [{ "value": "约三成" }] }),
            ]
        );
        assert_eq!(faults, [""; 0]);
    }

    #[test]
    fn columns_that_no_schema_knows_are_told() {
        let text = "县名（必填）,county,conty,/edition/x,\n清溪,a,b,c,d\n,,,,\n";
        let (values, faults) = datasets("x.csv", text.as_bytes(), &schema());
        assert_eq!(values, [json!({ "county": "清溪", "edition": { "x": "c" } })]);
        let told = ["B1", "C1", "E1"].map(|cell| format!("data/unknown-column {cell}"));
        assert_eq!(faults, told);
    }

    #[test]
    fn a_heading_leads_no_deeper_than_a_dataset() {
        let deep = format!("{}\n1\n", "a.".repeat(100_000));
        let (values, faults) = datasets("x.csv", deep.as_bytes(), &json!({}));
        assert_eq!(
            (values, faults),
            (vec![json!({})], vec!["data/unknown-column A1".to_string()])
        );
        let odd = "/f/99999999999,/f/0/a,/f/b\n1,2,3\n";
        let (values, faults) = datasets("x.csv", odd.as_bytes(), &json!({}));
        assert_eq!(faults, ["data/unknown-column C1"]);
        assert_eq!(values, [json!({ "f": [{ "a": "2" }, "1"] })]);
    }

    #[test]
    fn rows_have_words_to_be_named_by() {
        let table = Table::read("x.csv", "county,edition.session\n 清溪 ,3\n".as_bytes());
        let table = table.expect("rows");
        let word = |field| table.word(0, field);
        assert_eq!(word("county").as_deref(), Some("清溪"));
        assert_eq!(word("/edition/session").as_deref(), Some("3"));
        assert_eq!(word("x"), None);
        let table = Table::read("x.jsonl", b"{\"a\": {\"b\": 3}}\n").expect("rows");
        assert_eq!(table.word(0, "a.b").as_deref(), Some("3"));
    }
}
