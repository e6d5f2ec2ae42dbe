//! Our own filters and functions: Chinese numerals, spread names, tables.
//!
//! What takes a value can be written as a filter or as a function. Of a value that is
//! not there they make nothing.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Kwargs, Object, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, Value};

use super::faults::Explained;
use super::grid::MOST_COLUMNS;
use super::print;
use super::rich::{Block, Inline, RichText, Table};
use crate::data::numerals::{self, DateForm};
use crate::diag::Text;
use crate::text;

/// The names of our filters, for suggestions.
pub(super) const FILTERS: [&str; 8] =
    ["cn", "cn_formal", "cn_year", "cn_date", "ordinal", "money", "spread", "table"];

/// A text set over the width of so many characters.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    /// The text.
    pub(super) text: String,
    /// The value that it is the text of.
    pub(super) source: Value,
    /// The width in characters.
    pub(super) width: usize,
}

impl Object for Spread {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The end of a page.
#[derive(Debug)]
pub(super) struct PageBreak;

impl Object for PageBreak {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// The widest that a text is spread, in characters.
const WIDEST: usize = 100;

/// A way to write a number.
type Write = fn(&str) -> Option<String>;

/// Gives an environment our filters and functions.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    let numbers: [(&'static str, Write); 5] = [
        ("cn", numerals::cn),
        ("cn_formal", numerals::cn_formal),
        ("cn_year", numerals::cn_year),
        ("ordinal", numerals::ordinal),
        ("money", numerals::money),
    ];
    for (name, write) in numbers {
        let numeral = move |value: &Value| numeral(name, write, value);
        environment.add_filter(name, numeral);
        environment.add_function(name, numeral);
    }
    environment.add_filter("cn_date", date);
    environment.add_function("cn_date", date);
    environment.add_filter("spread", spread);
    environment.add_function("spread", spread);
    environment.add_filter("table", table);
    environment.add_function("table", table);
    environment.add_function("page_break", || Value::from_object(PageBreak));
}

/// Whether there is nothing to be written.
fn is_absent(value: &Value) -> bool {
    value.is_undefined() || value.is_none() || value.as_str().is_some_and(str::is_empty)
}

fn numeral(name: &str, write: Write, value: &Value) -> Result<Value, Error> {
    if is_absent(value) {
        return Ok(Value::from(""));
    }
    let written = print::text(value);
    let wanted = || {
        text!(
            "`{name}` 写不了 `{written}`：它不是数，或超出了范围",
            "`{name}` cannot write `{written}`: it is no number, or out of range"
        )
    };
    let number = write(&written).ok_or_else(|| wrong(wanted()))?;
    Ok(Value::from(number))
}

/// `cn_date(date)`, and `cn_date(date, "han")` for 二〇二三年三月八日.
fn date(value: &Value, form: Option<&str>) -> Result<Value, Error> {
    if is_absent(value) {
        return Ok(Value::from(""));
    }
    let form = match form {
        None | Some("digits") => DateForm::Digits,
        Some("han") => DateForm::Han,
        Some(other) => {
            return Err(wrong(text!(
                "`cn_date` 的写法只有 `digits` 和 `han`，没有 `{other}`",
                "`cn_date` writes `digits` or `han`, not `{other}`"
            )));
        }
    };
    let written = print::text(value);
    let wanted = || {
        text!(
            "`{written}` 不是 `2023-03-08` 这样的日期",
            "`{written}` is not a date such as `2023-03-08`"
        )
    };
    let date = numerals::cn_date(&written, form).ok_or_else(|| wrong(wanted()))?;
    Ok(Value::from(date))
}

/// `spread(name, 4)`: as wide as four characters.
fn spread(value: &Value, width: &Value) -> Result<Value, Error> {
    if is_absent(value) {
        return Ok(Value::from(""));
    }
    let characters = i64::try_from(width.clone()).ok();
    let characters = characters.and_then(|width| usize::try_from(width).ok());
    match characters.filter(|width| (1..=WIDEST).contains(width)) {
        Some(width) => {
            let (text, source) = (print::text(value), value.clone());
            Ok(Value::from_object(Spread { text, source, width }))
        }
        None => {
            let width = print::text(width);
            Err(wrong(text!(
                "`spread` 的宽度应当是 1 到 {WIDEST} 个字，而不是 `{width}`",
                "`spread` takes a width of 1 to {WIDEST} characters, not `{width}`"
            )))
        }
    }
}

/// `table(rows, head=…, style=…)`: a list of lists as a table, with a heading
/// row and a table style if they are given. Printed by `{{p … }}`.
fn table(rows: &Value, options: Kwargs) -> Result<Value, Error> {
    let head: Option<Value> = options.get("head")?;
    let style: Option<String> = options.get("style")?;
    options.assert_all_used()?;
    let all: Result<Vec<_>, Error> = items(rows)?.iter().map(cells).collect();
    let head = head.filter(|head| !is_absent(head));
    let table = Table {
        style,
        align: Vec::new(),
        head: head.as_ref().map(cells).transpose()?.unwrap_or_default(),
        rows: all?,
    };
    let empty = table.rows.is_empty() && table.head.is_empty();
    let blocks = if empty { Vec::new() } else { vec![Block::Table(table)] };
    Ok(Value::from_object(RichText { blocks }))
}

/// The cells of a row, each its value as text.
fn cells(row: &Value) -> Result<Vec<Vec<Inline>>, Error> {
    let cells = items(row)?;
    if cells.len() > MOST_COLUMNS {
        let columns = cells.len();
        return Err(wrong(text!(
            "表格最多 {MOST_COLUMNS} 列，这里有 {columns} 列",
            "a table has at most {MOST_COLUMNS} columns, not {columns}"
        )));
    }
    let cell = |cell: &Value| match is_absent(cell) {
        true => Vec::new(),
        false => vec![Inline::Text(print::text(cell))],
    };
    Ok(cells.iter().map(cell).collect())
}

fn items(list: &Value) -> Result<Vec<Value>, Error> {
    if matches!(list.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Ok(list.try_iter()?.collect());
    }
    let written = print::text(list);
    Err(wrong(text!(
        "`table` 的各行应当是列表的列表，而不是 `{written}`",
        "`table` needs a list of lists, not `{written}`"
    )))
}

fn wrong(message: Text) -> Error {
    Explained::new("docx/argument", message).into()
}
