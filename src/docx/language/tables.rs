//! The function `table`: a list of lists of the data as a table.

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::arguments::{Arguments, Signature, is_absent};
use super::lengths;
use super::rich::{Block, Inline, RichText, Table};
use super::vocabulary;
use crate::docx::output::grid::MOST_COLUMNS;
use crate::text;

/// `table(rows, head, style, align, widths)`.
pub(crate) const SIGNATURE: Signature =
    Signature::new("table", &["rows", "head", "style", "align", "widths"], 1);

/// The arguments by position.
const ROWS: usize = 0;
const HEAD: usize = 1;
const STYLE: usize = 2;
const ALIGN: usize = 3;
const WIDTHS: usize = 4;

/// A list of lists as a table. `head` is a row that is repeated on every page,
/// `style` a table style of the template, `align` `left`, `center` or `right` for
/// all columns or a list of these, `widths` a list of lengths, with nothing for
/// columns that share what is left. Printed by `{{p … }}`.
pub(crate) fn table(arguments: &Arguments) -> Result<Value, Error> {
    let rows = match arguments.given(ROWS) {
        Some(rows) => items(arguments, ROWS, &rows)?,
        None => Vec::new(),
    };
    let rows: Result<Vec<_>, Error> =
        rows.iter().map(|row| cells(arguments, ROWS, row)).collect();
    let head = arguments.given(HEAD).map(|head| cells(arguments, HEAD, &head));
    let table = Table {
        style: arguments.text(STYLE)?,
        head: head.transpose()?.unwrap_or_default(),
        rows: rows?,
        ..Table::default()
    };
    let columns = table.columns();
    let table = Table {
        align: alignments(arguments, columns)?,
        widths: widths(arguments)?,
        ..table
    };
    let blocks = if columns == 0 { Vec::new() } else { vec![Block::Table(table)] };
    Ok(Value::from_object(RichText { blocks, source: None }))
}

/// The cells of a row, each its value as text, or rich.
fn cells(
    arguments: &Arguments,
    at: usize,
    row: &Value,
) -> Result<Vec<Vec<Inline>>, Error> {
    let cells = items(arguments, at, row)?;
    if cells.len() > MOST_COLUMNS {
        let columns = cells.len();
        return Err(arguments.fault(text!(
            "`table` 最多 {MOST_COLUMNS} 列，这里有 {columns} 列",
            "`table` has at most {MOST_COLUMNS} columns, not {columns}"
        )));
    }
    let cell = |cell: &Value| match cell.downcast_object_ref::<RichText>() {
        Some(rich) => rich.inlines(),
        None if is_absent(cell) => Vec::new(),
        None => vec![Inline::Text(vocabulary::plain(cell))],
    };
    Ok(cells.iter().map(cell).collect())
}

/// The items of a list that is an argument, or inside one.
fn items(arguments: &Arguments, at: usize, list: &Value) -> Result<Vec<Value>, Error> {
    if matches!(list.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Ok(list.try_iter()?.collect());
    }
    let wanted = match at {
        ROWS => text!("列表的列表", "a list of lists"),
        _ => text!("列表", "a list"),
    };
    Err(arguments.wrong_value(at, wanted, list))
}

/// The alignment of each column.
fn alignments(
    arguments: &Arguments,
    columns: usize,
) -> Result<Vec<Option<&'static str>>, Error> {
    let Some(align) = arguments.given(ALIGN) else { return Ok(Vec::new()) };
    if align.as_str().is_some() {
        return Ok(vec![alignment(arguments, &align)?; columns]);
    }
    let items = items(arguments, ALIGN, &align)?;
    items.iter().map(|item| alignment(arguments, item)).collect()
}

fn alignment(
    arguments: &Arguments,
    value: &Value,
) -> Result<Option<&'static str>, Error> {
    if is_absent(value) {
        return Ok(None);
    }
    let names = ["left", "center", "right"];
    let name = names.into_iter().find(|name| value.as_str() == Some(name));
    let wanted = || text!(" `left`、`center` 或 `right`", "`left`, `center` or `right`");
    name.map(Some).ok_or_else(|| arguments.wrong_value(ALIGN, wanted(), value))
}

/// The width of each column, in twips.
fn widths(arguments: &Arguments) -> Result<Vec<Option<usize>>, Error> {
    let Some(widths) = arguments.given(WIDTHS) else { return Ok(Vec::new()) };
    let width = |value: &Value| {
        if is_absent(value) {
            return Ok(None);
        }
        let emu = lengths::of(value);
        let wanted = || text!(" `30mm` 这样的长度", "a length such as `30mm`");
        emu.map(|emu| Some((emu / EMU_PER_TWIP).round() as usize))
            .ok_or_else(|| arguments.wrong_value(WIDTHS, wanted(), value))
    };
    items(arguments, WIDTHS, &widths)?.iter().map(width).collect()
}

/// English Metric Units per twip.
const EMU_PER_TWIP: f64 = 635.0;
