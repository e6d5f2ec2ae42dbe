//! The rows below the headings as objects.

use serde_json::{Map, Number, Value};

use super::clean::Report;
use super::header::{Column, Columns};
use super::shape::Kind;
use super::sheet::Sheet;
use crate::data::calendar::Date;
use crate::data::decimal::Decimal;
use crate::diag::{Diagnostic, Diagnostics};
use crate::text;

/// How the rows begin that are about the list and not in it.
const ABOUT: [&str; 8] =
    ["合计", "总计", "共计", "小计", "注：", "注:", "说明：", "备注："];

/// Reads the rows of a sheet.
pub(super) fn read(sheet: &Sheet, columns: &Columns, faults: &mut Diagnostics) -> Value {
    let mut rows = Rows {
        sheet,
        columns,
        above: vec![Map::new(); columns.lists.len()],
        section: None,
        filled: Vec::new(),
        report: Report::default(),
        faults,
    };
    let mut objects = Vec::new();
    for (row, cells) in sheet.rows() {
        if row > columns.row {
            rows.row(row, &cells, &mut objects);
        }
    }
    let Rows { filled, report, .. } = rows;
    report.tell(sheet, faults);
    faults.extend(told_filled(sheet, &filled));
    Value::Array(objects)
}

struct Rows<'a> {
    sheet: &'a Sheet,
    columns: &'a Columns,
    /// The last objects of each level.
    above: Vec<Map<String, Value>>,
    /// What the last heading inside of the table says.
    section: Option<Value>,
    /// Cells that were empty and got what stands above.
    filled: Vec<(u32, u32)>,
    report: Report,
    faults: &'a mut Diagnostics,
}

impl Rows<'_> {
    fn row(&mut self, row: u32, cells: &[(u32, &str)], objects: &mut Vec<Value>) {
        let Some((first, words)) = cells.first() else { return };
        let columns = self.columns;
        // Headings that are repeated on each page, or merged over two rows.
        if cells.iter().all(|(at, words)| self.sheet.get((columns.row, *at)) == *words) {
            return;
        }
        if columns.list.len() > 2 && cells.len() == 1 {
            return self.alone(row, *first, words);
        }
        if ABOUT.iter().any(|about| words.trim_start().starts_with(about)) {
            return self.skip(row, *first);
        }
        let mut levels: Vec<Map<String, Value>> = vec![Map::new(); columns.lists.len()];
        if let (Some((level, key)), Some(section)) = (&columns.section, &self.section) {
            levels[*level].insert(key.clone(), section.clone());
        }
        for column in &columns.list {
            if let Some(value) = self.cell(row, column, &levels[column.level]) {
                levels[column.level].insert(column.field.key.clone(), value);
            }
        }
        if levels.iter().all(Map::is_empty) {
            return;
        }
        self.above.clone_from(&levels);
        insert(objects, levels, &columns.lists);
    }

    /// A row of one cell: a heading inside of the table, or something about it.
    fn alone(&mut self, row: u32, column: u32, words: &str) {
        let bare = words.split(['（', '(']).next().unwrap_or_default().trim();
        let is_about = ABOUT.iter().any(|about| words.trim_start().starts_with(about));
        let Some((level, key)) = self.columns.section.as_ref().filter(|_| !is_about)
        else {
            return self.skip(row, column);
        };
        let fields = self.columns.list.iter();
        let field = fields.map(|column| (column.level, &column.field));
        let day = field
            .filter(|(at, field)| at == level && field.key == *key)
            .find(|(_, field)| matches!(field.kind, Kind::Day | Kind::Date));
        match (day, Date::read(bare)) {
            (None, _) if !bare.is_empty() => self.section = Some(bare.into()),
            (Some(_), Some(date)) => {
                self.report.day((row, column), bare, &date.iso());
                self.section = Some(date.iso().into());
            }
            _ => return self.skip(row, column),
        }
        self.above.iter_mut().for_each(Map::clear);
    }

    /// The value of a cell of an object of which `begun` is known. An empty one of
    /// an outer object has what stands above, if that is the same object.
    fn cell(
        &mut self,
        row: u32,
        column: &Column,
        begun: &Map<String, Value>,
    ) -> Option<Value> {
        let at = (row, column.number);
        let Column { level, field, .. } = column;
        let words = self.report.tidy(at, self.sheet.get(at), field.kind);
        if words.is_empty() {
            let outer = level + 1 < self.columns.lists.len();
            let group = matches!(field.key.as_str(), "delegation" | "date");
            let same = begun
                .iter()
                .all(|(key, value)| self.above[*level].get(key) == Some(value));
            let above = self.above[*level].get(&field.key).cloned();
            if let Some(above) = above.filter(|_| group || (outer && same)) {
                self.filled.push(at);
                return Some(above);
            }
            let inherited = self.section.is_some()
                && self
                    .columns
                    .section
                    .as_ref()
                    .is_some_and(|(_, key)| *key == field.key);
            if field.required && !inherited {
                self.faults.push(missing(self.sheet, at, column));
            }
            return None;
        }
        self.value(at, column, words)
    }

    fn value(&mut self, at: (u32, u32), column: &Column, words: String) -> Option<Value> {
        let kind = column.field.kind;
        match kind {
            Kind::Text | Kind::Name => Some(words.into()),
            Kind::Number => match number(&words) {
                Some(number) => Some(Value::Number(number)),
                None => {
                    self.faults.push(no_number(self.sheet, at, &words));
                    None
                }
            },
            Kind::Day | Kind::Date => {
                // `2023年3月28日（星期二）`, or a date with a time of 0:00.
                let day = words.split(['（', '(', ' ']).next().unwrap_or_default();
                let Some(date) = Date::read(day) else {
                    self.faults.push(no_date(self.sheet, at, &words, kind));
                    return Some(words.into());
                };
                self.report.day(at, &words, &date.iso());
                Some(date.iso().into())
            }
        }
    }

    fn skip(&mut self, row: u32, column: u32) {
        let place = self.sheet.place((row, column));
        let message = text!(
            "这一行不是名单里的内容，没有读",
            "the row is not of the list and was left out"
        );
        self.faults.push(Diagnostic::warning("import/skipped-row", message).at(place));
    }
}

/// Puts the objects of a row into those of the rows before: one that is there
/// already gets the inner ones.
fn insert(objects: &mut Vec<Value>, levels: Vec<Map<String, Value>>, lists: &[String]) {
    let mut objects = objects;
    let mut levels = levels.into_iter().peekable();
    let mut inner = lists.iter().skip(1);
    while let Some(level) = levels.next() {
        let list = inner.next().filter(|_| levels.peek().is_some());
        let Some(list) = list else {
            objects.push(Value::Object(level));
            return;
        };
        let same = |object: &Value| {
            let own = object.as_object().into_iter().flatten();
            let mut own = own.filter(|(key, _)| *key != list);
            own.by_ref().all(|(key, value)| level.get(key) == Some(value))
                && level.keys().all(|key| object.get(key).is_some())
        };
        let found = objects.iter().rposition(same);
        let index = found.unwrap_or_else(|| {
            let mut object = level.clone();
            object.insert(list.clone(), Value::Array(Vec::new()));
            objects.push(Value::Object(object));
            objects.len() - 1
        });
        let Some(Value::Array(next)) = objects[index].get_mut(list) else { return };
        objects = next;
    }
}

/// A number as JSON has it.
fn number(words: &str) -> Option<Number> {
    let decimal = Decimal::read(words)?;
    decimal.trimmed().to_string().parse().ok()
}

fn missing(sheet: &Sheet, at: (u32, u32), column: &Column) -> Diagnostic {
    let heading = match column.field.title.as_str() {
        "" => &column.field.key,
        title => title,
    };
    Diagnostic::error(
        "import/missing-cell",
        text!("这一行没有 `{heading}`", "the row has no `{heading}`"),
    )
    .at(sheet.place(at))
    .hint(text!("补上，或删去这一行", "fill it in, or delete the row"))
}

fn no_number(sheet: &Sheet, at: (u32, u32), words: &str) -> Diagnostic {
    Diagnostic::error(
        "import/wrong-cell",
        text!("`{words}` 不是数字", "`{words}` is not a number"),
    )
    .at(sheet.place(at))
}

fn no_date(sheet: &Sheet, at: (u32, u32), words: &str, kind: Kind) -> Diagnostic {
    let message = text!("`{words}` 不是日期", "`{words}` is not a date");
    let fault = match kind {
        Kind::Date => Diagnostic::error("import/wrong-cell", message),
        _ => Diagnostic::warning("import/wrong-cell", message),
    };
    let hint = text!(
        "写全年月日，例如 2023-03-28",
        "write year, month and day, such as 2023-03-28"
    );
    fault.at(sheet.place(at)).hint(hint)
}

fn told_filled(sheet: &Sheet, filled: &[(u32, u32)]) -> Option<Diagnostic> {
    let count = filled.len();
    let fault = Diagnostic::warning(
        "import/filled-down",
        text!(
            "{count} 格是空的，沿用上面一行的内容",
            "empty cells that got what stands above: {count}"
        ),
    );
    Some(fault.at(sheet.place(*filled.first()?)))
}
