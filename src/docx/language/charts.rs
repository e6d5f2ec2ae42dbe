//! The function `chart`: a list of lists of the data as bars, columns, lines or a ring.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{Error, Value};

use super::arguments::{Arguments, Signature, is_absent};
use super::faults::{self, Explained};
use super::lengths::{self, EMU_PER_INCH};
use super::print;
use super::quantities::Quantity;
use super::vocabulary;
use crate::text;

/// `chart(rows, kind, head, title, width, height, unit, labels)`.
pub(crate) const SIGNATURE: Signature = Signature::new(
    "chart",
    &["rows", "kind", "head", "title", "width", "height", "unit", "labels"],
    1,
);

/// The arguments by position.
const ROWS: usize = 0;
const KIND: usize = 1;
const HEAD: usize = 2;
const TITLE: usize = 3;
const WIDTH: usize = 4;
const HEIGHT: usize = 5;
const UNIT: usize = 6;
const LABELS: usize = 7;

/// How many series a chart may have: that many inks can be told apart.
const MOST_SERIES: usize = 8;
/// How many categories a chart may have.
const MOST_CATEGORIES: usize = 60;
/// How many slices a ring must have: two numbers are a sentence.
const FEWEST_SLICES: usize = 3;
/// How many values are labelled if nobody says so; more of them crowd each other.
const MOST_LABELS: usize = 24;
/// English Metric Units per millimetre.
const EMU_PER_MM: f64 = EMU_PER_INCH / 25.4;
/// The longest side in English Metric Units: what Word takes.
const LONGEST: f64 = 22.0 * EMU_PER_INCH;

/// What a chart is drawn with.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Bars from left to right.
    Bar,
    /// Columns from the baseline up.
    Column,
    /// A line for each series.
    Line,
    /// A ring of one series.
    Donut,
}

/// The kinds by name.
const KINDS: [(&str, Kind); 4] = [
    ("bar", Kind::Bar),
    ("column", Kind::Column),
    ("line", Kind::Line),
    ("donut", Kind::Donut),
];

/// What others call them.
const OTHER_NAMES: [(&str, &str); 4] =
    [("pie", "donut"), ("doughnut", "donut"), ("ring", "donut"), ("col", "column")];

/// Values with a name, one for each category; nothing is a gap.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Series {
    /// The name, or nothing.
    pub(crate) name: String,
    /// The values.
    pub(crate) values: Vec<Option<Quantity>>,
}

/// A chart as the function `chart` makes it.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// What it is drawn with.
    pub(crate) kind: Kind,
    /// What the categories are, or nothing.
    pub(crate) corner: String,
    /// The categories.
    pub(crate) categories: Vec<String>,
    /// The series.
    pub(crate) series: Vec<Series>,
    /// The title, or nothing.
    pub(crate) title: String,
    /// The unit of all values, or nothing.
    pub(crate) unit: String,
    /// Whether each value is written beside what is drawn.
    pub(crate) labels: bool,
    /// The width in English Metric Units, if asked for.
    width: Option<f64>,
    /// The height in English Metric Units, if asked for.
    height: Option<f64>,
}

impl Object for Chart {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

impl Chart {
    /// Whether a legend tells the series, or the slices.
    pub(crate) fn has_legend(&self) -> bool {
        let named = self.series.iter().any(|series| !series.name.is_empty());
        self.kind == Kind::Donut || (self.series.len() > 1 && named)
    }

    /// What follows the title.
    pub(crate) fn unit_note(&self) -> String {
        match self.unit.as_str() {
            "" => String::new(),
            unit => format!("（单位：{unit}）"),
        }
    }

    /// The words that stand for the chart: all that it says.
    pub(crate) fn description(&self) -> String {
        let heading = format!("{}{}", self.title, self.unit_note());
        let heading = if heading.is_empty() { "图表" } else { &heading };
        let all = (0..self.categories.len()).map(|at| self.described(at));
        format!("{heading}：{}。", all.collect::<Vec<_>>().join("；"))
    }

    /// A category with its values.
    fn described(&self, at: usize) -> String {
        let told = self.series.iter().filter_map(|series| {
            let written = &series.values.get(at)?.as_ref()?.written;
            Some(format!("{} {written}", series.name).trim().to_owned())
        });
        let told: Vec<String> = told.collect();
        let told = if told.is_empty() { "无".to_owned() } else { told.join("、") };
        format!("{} {told}", self.categories[at]).trim().to_owned()
    }

    /// Width and height in English Metric Units.
    pub(crate) fn size(&self) -> (u64, u64) {
        let whole = |emu: f64| emu.min(LONGEST).round().max(1.0) as u64;
        let width = self.width.unwrap_or(140.0 * EMU_PER_MM);
        let height = self.height.unwrap_or_else(|| self.usual_height() * EMU_PER_MM);
        (whole(width), whole(height))
    }

    /// The height in millimetres if none is asked for: bars ask for theirs.
    fn usual_height(&self) -> f64 {
        if self.kind != Kind::Bar {
            return 70.0;
        }
        let headed = !self.title.is_empty() || !self.unit.is_empty();
        let above = 8.0 * f64::from(u8::from(headed) + u8::from(self.has_legend()));
        let bars = self.categories.len() as f64 * (self.series.len() as f64 * 5.5 + 3.0);
        (above + 4.0 + bars).clamp(40.0, 220.0)
    }
}

/// A chart; of rows that are not there, nothing. A row is a category and a value
/// for each series; `head` are the names of the series after that of the categories.
pub(crate) fn chart(arguments: &Arguments) -> Result<Value, Error> {
    let kind = kind(arguments)?;
    let title = arguments.text(TITLE)?.unwrap_or_default();
    let unit = arguments.text(UNIT)?.unwrap_or_default();
    let (width, height) = (length(arguments, WIDTH)?, length(arguments, HEIGHT)?);
    let labels = labels(arguments)?;
    let head = head(arguments)?;
    let Some(rows) = arguments.given(ROWS) else { return Ok(Value::UNDEFINED) };
    let rows = rows_of(arguments, &rows)?;
    check_shape(arguments, &rows, head.as_deref())?;
    let (categories, series) = contents(arguments, &rows, head.as_deref())?;
    if kind == Kind::Donut {
        check_ring(arguments, &categories, &series)?;
    }
    let corner = head.and_then(|head| head.into_iter().next()).unwrap_or_default();
    let labels = labels.unwrap_or(categories.len() * series.len() <= MOST_LABELS);
    let chart =
        Chart { kind, corner, categories, series, title, unit, labels, width, height };
    Ok(Value::from_object(chart))
}

fn kind(arguments: &Arguments) -> Result<Kind, Error> {
    let Some(value) = arguments.given(KIND) else { return Ok(Kind::Bar) };
    let name = print::text(&value);
    if let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == name) {
        return Ok(*kind);
    }
    let wanted = text!(
        " `bar`、`column`、`line` 或 `donut`",
        "`bar`, `column`, `line` or `donut`"
    );
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == name);
    let near = faults::nearest(&name, KINDS.map(|(known, _)| known));
    let message = arguments.wrong_text(KIND, wanted, &value);
    let fault = Explained::new("docx/argument", message);
    let fault = match other.map(|(_, known)| *known).or(near) {
        Some(near) => {
            fault.hint(text!("是否想写 `{near}`", "write `{near}` if that was meant"))
        }
        None => fault,
    };
    Err(fault.into())
}

fn length(arguments: &Arguments, at: usize) -> Result<Option<f64>, Error> {
    let Some(value) = arguments.given(at) else { return Ok(None) };
    let wanted = || text!(" `80mm` 这样的长度", "a length such as `80mm`");
    lengths::of(&value).map(Some).ok_or_else(|| arguments.wrong(at, wanted()))
}

fn labels(arguments: &Arguments) -> Result<Option<bool>, Error> {
    let Some(value) = arguments.given(LABELS) else { return Ok(None) };
    if value.kind() != ValueKind::Bool {
        let wanted = text!(" `true` 或 `false`", "`true` or `false`");
        return Err(arguments.wrong(LABELS, wanted));
    }
    Ok(Some(value.is_true()))
}

/// The names of the categories and of the series.
fn head(arguments: &Arguments) -> Result<Option<Vec<String>>, Error> {
    let Some(head) = arguments.given(HEAD) else { return Ok(None) };
    if !is_list(&head) {
        return Err(arguments.wrong(HEAD, text!("列表", "a list")));
    }
    let names: Vec<String> =
        head.try_iter()?.map(|name| vocabulary::plain(&name)).collect();
    match names.len() {
        0 | 1 => Err(arguments.wrong(HEAD, text!("至少两个名称", "at least two names"))),
        _ => Ok(Some(names)),
    }
}

fn is_list(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}

/// The cells of all rows.
fn rows_of(arguments: &Arguments, rows: &Value) -> Result<Vec<Vec<Value>>, Error> {
    let wanted = || text!("列表的列表", "a list of lists");
    let cells = |row: &Value| match is_list(row) {
        true => Ok(row.try_iter()?.collect()),
        false => Err(arguments.wrong_value(ROWS, wanted(), row)),
    };
    if !is_list(rows) {
        return Err(arguments.wrong_value(ROWS, wanted(), rows));
    }
    let rows: Vec<Value> = rows.try_iter()?.collect();
    rows.iter().map(cells).collect()
}

/// Fails unless there are rows, all of one length, and not too many.
fn check_shape(
    arguments: &Arguments,
    rows: &[Vec<Value>],
    head: Option<&[String]>,
) -> Result<(), Error> {
    let Some(first) = rows.first() else {
        return Err(arguments.fault(text!(
            "`chart` 的 `rows` 至少要有一行，这里是空的",
            "`rows` of `chart` must have at least one row, not none"
        )));
    };
    if first.len() < 2 {
        let wanted = text!("类别和至少一个数", "a category and at least one number");
        return Err(arguments.wrong_value(ROWS, wanted, &Value::from(first.clone())));
    }
    let items = head.map_or(first.len(), <[String]>::len);
    if let Some(at) = rows.iter().position(|row| row.len() != items) {
        let (row, found) = (at + 1, rows[at].len());
        return Err(arguments.fault(text!(
            "`chart` 的 `rows` 第 {row} 行应当有 {items} 项，而不是 {found} 项",
            "row {row} of `rows` of `chart` must have {items} items, not {found}"
        )));
    }
    let (series, categories) = (items - 1, rows.len());
    if series > MOST_SERIES {
        return Err(arguments.fault(text!(
            "`chart` 最多 {MOST_SERIES} 个系列，这里有 {series} 个",
            "`chart` has at most {MOST_SERIES} series, not {series}"
        )));
    }
    if categories > MOST_CATEGORIES {
        return Err(arguments.fault(text!(
            "`chart` 最多 {MOST_CATEGORIES} 个类别，这里有 {categories} 个",
            "`chart` has at most {MOST_CATEGORIES} categories, not {categories}"
        )));
    }
    Ok(())
}

/// The categories, and the series with their values.
fn contents(
    arguments: &Arguments,
    rows: &[Vec<Value>],
    head: Option<&[String]>,
) -> Result<(Vec<String>, Vec<Series>), Error> {
    let count = rows.first().map_or(0, Vec::len);
    let name = |at| head.and_then(|head| head.get(at)).cloned().unwrap_or_default();
    let mut series: Vec<Series> = (1..count)
        .map(|at| Series { name: name(at), values: Vec::with_capacity(rows.len()) })
        .collect();
    let mut categories = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        categories.extend(row.first().map(vocabulary::plain));
        for (series, cell) in series.iter_mut().zip(row.iter().skip(1)) {
            series.values.push(quantity(arguments, at + 1, cell)?);
        }
    }
    Ok((categories, series))
}

/// The number in a cell of a row, counted from 1.
fn quantity(
    arguments: &Arguments,
    row: usize,
    cell: &Value,
) -> Result<Option<Quantity>, Error> {
    if is_absent(cell) {
        return Ok(None);
    }
    let written = print::text(cell);
    let quantity = Quantity::read(&written);
    quantity.map(Some).ok_or_else(|| {
        let found = faults::shown(&written);
        arguments.fault(text!(
            "`chart` 的 `rows` 第 {row} 行应当是数（最多 15 位），而不是 `{found}`",
            "row {row} of `rows` of `chart` must have numbers of at most 15 digits, not `{found}`"
        ))
    })
}

/// Fails unless a ring can be drawn, and is worth drawing.
fn check_ring(
    arguments: &Arguments,
    categories: &[String],
    series: &[Series],
) -> Result<(), Error> {
    let (count, slices) = (series.len(), categories.len());
    let [Series { values, .. }] = series else {
        return Err(arguments.fault(text!(
            "`donut` 只画一个系列，这里有 {count} 个：改用 `bar` 或 `column`",
            "`donut` shows one series, not {count}: take `bar` or `column`"
        )));
    };
    if slices < FEWEST_SLICES {
        return Err(arguments.fault(text!(
            "`donut` 至少要有 {FEWEST_SLICES} 个类别，这里有 {slices} 个：用一句话或 `bar`",
            "`donut` needs at least {FEWEST_SLICES} categories, not {slices}: take a sentence or `bar`"
        )));
    }
    let value = |at: usize| values[at].as_ref().map_or(0.0, Quantity::value);
    if let Some(at) = (0..slices).find(|at| value(*at) < 0.0) {
        let (row, found) = (at + 1, values[at].as_ref().map_or("", |v| &v.written));
        return Err(arguments.fault(text!(
            "`donut` 不能有负数：`rows` 第 {row} 行是 `{found}`",
            "`donut` cannot have negative numbers: row {row} of `rows` is `{found}`"
        )));
    }
    if (0..slices).all(|at| value(at) == 0.0) {
        return Err(arguments.fault(text!(
            "`donut` 至少要有一个大于 0 的数",
            "`donut` needs at least one number above 0"
        )));
    }
    Ok(())
}
