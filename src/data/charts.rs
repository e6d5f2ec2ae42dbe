//! Charts of figures: which numbers are compared, read once from where they are stated.
//!
//! An object that a schema marks with `"x-huikan": {"chart": {…}}` names figures of a
//! set; it gets, under `_auto`, what the function `chart` of templates takes: `rows`,
//! `head`, `kind`, `title` and `unit`. Numbers stay as their author wrote them.
//!
//! Bars, columns and rings have a category for each figure. A line has one for each
//! point in time, and a series for each figure.

use serde::Deserialize;
use serde_json::{Value, json};

use super::decimal::Decimal;
use super::figure::Figure;
use super::json::pointer_join;
use super::mark::{RESERVED, Reference, reserved, text_at};
use super::{Dataset, figures};
use crate::diag::{Diagnostic, Diagnostics, Text};
use crate::text;

/// What a mark says of a chart. Fields are named by JSON pointers from the chart.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// The set of figures that it shows.
    pub set: Reference,
    /// Where it has the names of its figures.
    pub figures: String,
    /// Where it says which of their numbers: `value`, `last`, `target`, `history`.
    pub series: Option<String>,
    /// Where it says what these are called.
    pub names: Option<String>,
    /// Where it has its kind: `bar`, `column`, `line` or `donut`.
    pub kind: Option<String>,
    /// Where it has its title.
    pub title: Option<String>,
}

/// A set of figures that is marked: its pointer and its rules.
pub type Set<'m> = (String, &'m figures::Rules);

/// How many slices a ring must have: two numbers are a sentence.
const FEWEST_SLICES: usize = 3;
/// How many series a chart may have: that many inks can be told apart.
const MOST_SERIES: usize = 8;
/// How many categories a chart may have.
const MOST_CATEGORIES: usize = 60;
/// How many digits a number of a chart may have: a workbook keeps no more.
const MOST_DIGITS: usize = 15;

/// One of the numbers of a figure.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Part {
    Last,
    Value,
    Target,
    History,
}

impl Part {
    fn read(name: &str) -> Option<Self> {
        match name {
            "last" => Some(Self::Last),
            "value" => Some(Self::Value),
            "target" => Some(Self::Target),
            "history" => Some(Self::History),
            _ => None,
        }
    }

    /// What it is called unless the dataset says so.
    fn name(self) -> &'static str {
        match self {
            Self::Last => "上届",
            Self::Value => "本届",
            Self::Target => "目标",
            Self::History => "历年",
        }
    }
}

/// Resolves a chart; what is wrong with it is told.
pub fn resolve(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
    sets: &[Set<'_>],
    value: &mut Value,
    faults: &mut Diagnostics,
) {
    let Some(own) = value.pointer(pointer).filter(|own| own.is_object()) else { return };
    if dataset.value().pointer(&pointer_join(pointer, RESERVED)).is_some() {
        faults.push(reserved(dataset, pointer));
        return;
    }
    let mut chart = Chart { dataset, pointer, rules, own, faults };
    let Some(shown) = chart.shown(sets) else { return };
    if let Some(Value::Object(fields)) = value.pointer_mut(pointer) {
        fields.insert(RESERVED.into(), shown);
    }
}

/// A figure, and where the chart names it.
struct Named {
    figure: Figure,
    at: String,
}

/// Rows of a chart, and what stands over them.
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

struct Chart<'a> {
    dataset: &'a Dataset,
    pointer: &'a str,
    rules: &'a Rules,
    /// The chart as texts have been resolved.
    own: &'a Value,
    faults: &'a mut Diagnostics,
}

impl Chart<'_> {
    /// What templates draw; nothing if something is wrong.
    fn shown(&mut self, sets: &[Set<'_>]) -> Option<Value> {
        let before = self.faults.len();
        let figures = self.figures(sets);
        let kind = self.text(self.rules.kind.as_deref()).unwrap_or("bar").to_string();
        let parts = self.parts(&kind, &figures);
        self.check_units(&figures);
        let names = self.names(&parts);
        for part in &parts {
            self.check_numbers(&figures, *part);
        }
        if self.faults.len() > before || figures.is_empty() || parts.is_empty() {
            return None;
        }
        let table = match (kind.as_str(), parts.as_slice()) {
            (_, [Part::History]) => by_year(&figures),
            ("line", parts) => by_term(&figures, parts, &names),
            (_, parts) => by_figure(&figures, parts, &names),
        };
        self.check_shape(&kind, &table);
        if self.faults.len() > before {
            return None;
        }
        let unit = figures.first().map_or("", |named| named.figure.unit());
        let title = self.text(self.rules.title.as_deref()).unwrap_or_default();
        let Table { head, rows } = table;
        Some(
            json!({"kind": kind, "title": title, "unit": unit, "head": head, "rows": rows}),
        )
    }

    fn text(&self, field: Option<&str>) -> Option<&str> {
        text_at(self.own, field?)
    }

    /// The texts of a list of the chart with their pointers.
    fn list(&self, field: Option<&str>) -> Vec<(String, String)> {
        let Some(field) = field else { return Vec::new() };
        let items = self.own.pointer(field).and_then(Value::as_array);
        let named = |(index, item): (usize, &Value)| {
            let at =
                pointer_join(&format!("{}{field}", self.pointer), &index.to_string());
            Some((at, item.as_str()?.trim().to_string()))
        };
        items.into_iter().flatten().enumerate().filter_map(named).collect()
    }

    fn tell(&mut self, at: &str, fault: Diagnostic) {
        self.faults.push(fault.at(self.dataset.place(at)));
    }

    /// The figures that it names; those that are none are told.
    fn figures(&mut self, sets: &[Set<'_>]) -> Vec<Named> {
        let wanted = self.rules.set.pointers(self.dataset.value(), self.pointer);
        let mut known: Vec<(String, Figure)> = Vec::new();
        for (at, rules) in sets.iter().filter(|(at, _)| wanted.contains(at)) {
            known.extend(figures::named(self.dataset, at, rules));
        }
        let mut found = Vec::new();
        if self.own.pointer(&self.rules.figures).is_some_and(|list| *list == json!([])) {
            let fault = text!("图没有写要画哪些数字", "the chart names no figures");
            self.tell(self.pointer, Diagnostic::error("data/chart-size", fault));
        }
        for (at, key) in self.list(Some(&self.rules.figures)) {
            match known.iter().find(|(name, _)| *name == key) {
                Some((_, figure)) => found.push(Named { figure: figure.clone(), at }),
                None => {
                    let names = known.iter().map(|(name, _)| name.as_str());
                    let fault = figures::unknown(&key, names, &str::to_string);
                    self.tell(&at, fault);
                }
            }
        }
        found
    }

    /// Which numbers it shows. If it does not say so, a line has those of the years,
    /// a ring has one, and the others compare with the last term where they can.
    fn parts(&mut self, kind: &str, figures: &[Named]) -> Vec<Part> {
        let said = self.list(self.rules.series.as_deref());
        // Names that are none were told by the schema.
        let parts: Vec<Part> =
            said.iter().filter_map(|(_, name)| Part::read(name)).collect();
        if parts.len() > 1 && parts.contains(&Part::History) {
            let at =
                format!("{}{}", self.pointer, self.rules.series.as_deref().unwrap_or(""));
            self.tell(&at, history_alone());
            return Vec::new();
        }
        if kind == "donut" && parts.len() > 1 {
            let at =
                format!("{}{}", self.pointer, self.rules.series.as_deref().unwrap_or(""));
            self.tell(&at, one_ring(parts.len()));
            return Vec::new();
        }
        let all_have = |part| figures.iter().all(|named| named.figure.has(part));
        match (parts.is_empty(), kind) {
            (false, _) => parts,
            (true, "line") if all_have(Part::History) || !all_have(Part::Last) => {
                vec![Part::History]
            }
            (true, "donut") => vec![Part::Value],
            (true, _) if all_have(Part::Last) => vec![Part::Last, Part::Value],
            (true, _) => vec![Part::Value],
        }
    }

    /// What the series are called.
    fn names(&mut self, parts: &[Part]) -> Vec<String> {
        let said = self.list(self.rules.names.as_deref());
        if !said.is_empty() && said.len() != parts.len() && !parts.is_empty() {
            let (found, wanted) = (said.len(), parts.len());
            let at =
                format!("{}{}", self.pointer, self.rules.names.as_deref().unwrap_or(""));
            self.tell(
                &at,
                Diagnostic::error(
                    "data/chart-names",
                    text!(
                        "有 {wanted} 组数，却写了 {found} 个名称",
                        "{wanted} series, and names for {found}"
                    ),
                )
                .hint(text!("名称与 `series` 一一对应", "one name for each of `series`")),
            );
        }
        match said.is_empty() {
            true => parts.iter().map(|part| part.name().to_string()).collect(),
            false => said.into_iter().map(|(_, name)| name).collect(),
        }
    }

    fn check_units(&mut self, figures: &[Named]) {
        let Some((first, rest)) = figures.split_first() else { return };
        let unit = first.figure.unit();
        if let Some(other) = rest.iter().find(|named| named.figure.unit() != unit) {
            let (there, here) = (in_words(unit), in_words(other.figure.unit()));
            let fault = Diagnostic::error("data/chart-units", mixed(&there, &here));
            let at = other.at.clone();
            self.tell(
                &at,
                fault.hint(text!(
                    "单位不同的数不能比长短：分成两张图",
                    "bars of different units cannot be compared: make two charts"
                )),
            );
        }
    }

    /// Tells which figures lack what the chart shows, or have what is no number.
    fn check_numbers(&mut self, figures: &[Named], part: Part) {
        for named in figures {
            let numbers = match part {
                Part::History => {
                    named.figure.history().iter().map(|(_, n)| n.as_str()).collect()
                }
                part => named.figure.number(part).into_iter().collect::<Vec<_>>(),
            };
            if numbers.is_empty() {
                self.tell(&named.at, lacks(&named.figure, part));
            }
            for number in numbers.into_iter().filter(|number| !is_number(number)) {
                self.tell(&named.at, no_number(&named.figure, number));
            }
        }
    }

    fn check_shape(&mut self, kind: &str, table: &Table) {
        let (rows, series) = (table.rows.len(), table.head.len() - 1);
        if rows > MOST_CATEGORIES || series > MOST_SERIES {
            self.tell(self.pointer, Diagnostic::error(
                "data/chart-size",
                text!(
                    "一张图最多 {MOST_CATEGORIES} 类、{MOST_SERIES} 组，这里有 {rows} 类、{series} 组",
                    "a chart has at most {MOST_CATEGORIES} categories and {MOST_SERIES} series, not {rows} and {series}"
                ),
            ).hint(text!("分成几张图", "make several charts of it")));
        }
        if kind == "donut" && series > 1 {
            self.tell(self.pointer, one_ring(series));
        } else if kind == "donut" {
            self.check_ring(table);
        }
    }

    fn check_ring(&mut self, table: &Table) {
        let slices = table.rows.len();
        let sizes: Vec<Decimal> = table
            .rows
            .iter()
            .filter_map(|row| Decimal::read(&plain(row.get(1)?.as_deref()?)))
            .collect();
        let fault = if slices < FEWEST_SLICES {
            text!(
                "圆环图至少要有 {FEWEST_SLICES} 类，这里只有 {slices} 类",
                "a ring needs at least {FEWEST_SLICES} categories, not {slices}"
            )
        } else if sizes.iter().any(|size| size.is_negative()) {
            text!("圆环图里不能有负数", "a ring cannot have negative numbers")
        } else if sizes.iter().all(|size| size.is_zero()) {
            text!("圆环图里的数全是 0", "all numbers of the ring are 0")
        } else {
            return;
        };
        self.tell(
            self.pointer,
            Diagnostic::error("data/chart-ring", fault).hint(text!(
                "改用 `bar`，或写成一句话",
                "take `bar`, or tell it in a sentence"
            )),
        );
    }
}

/// A category for each figure.
fn by_figure(figures: &[Named], parts: &[Part], names: &[String]) -> Table {
    let row = |named: &Named| {
        let numbers =
            parts.iter().map(|part| named.figure.number(*part).map(plain_spaces));
        std::iter::once(Some(named.figure.label().to_string())).chain(numbers).collect()
    };
    let head = std::iter::once(String::new()).chain(names.iter().cloned()).collect();
    Table { head, rows: figures.iter().map(row).collect() }
}

/// A category for each term.
fn by_term(figures: &[Named], parts: &[Part], names: &[String]) -> Table {
    let row = |(part, name): (&Part, &String)| {
        let numbers =
            figures.iter().map(|named| named.figure.number(*part).map(plain_spaces));
        std::iter::once(Some(name.clone())).chain(numbers).collect()
    };
    Table { head: labels(figures), rows: parts.iter().zip(names).map(row).collect() }
}

/// A category for each year that one of the figures has, in the order of the first.
fn by_year(figures: &[Named]) -> Table {
    let mut years: Vec<&str> = Vec::new();
    for named in figures {
        let mut at = 0;
        for (year, _) in named.figure.history() {
            match years.iter().position(|known| known == year) {
                Some(known) => at = known + 1,
                None => {
                    years.insert(at, year);
                    at += 1;
                }
            }
        }
    }
    let row = |year: &&str| {
        let number = |named: &Named| {
            let found = named.figure.history().iter().find(|(known, _)| known == year)?;
            Some(plain_spaces(&found.1))
        };
        std::iter::once(Some((*year).to_string()))
            .chain(figures.iter().map(number))
            .collect()
    };
    Table { head: labels(figures), rows: years.iter().map(row).collect() }
}

fn labels(figures: &[Named]) -> Vec<String> {
    let labels = figures.iter().map(|named| named.figure.label().to_string());
    std::iter::once(String::new()).chain(labels).collect()
}

fn plain_spaces(number: &str) -> String {
    number.trim().to_string()
}

/// A number without what stands between groups of digits.
fn plain(number: &str) -> String {
    number.replace([',', '，', ' ', '\u{a0}', '\u{2009}', '\u{202f}'], "")
}

/// Whether a chart can show it.
fn is_number(written: &str) -> bool {
    let digits = written.chars().filter(char::is_ascii_digit).count();
    digits <= MOST_DIGITS
        && !written.trim().ends_with('.')
        && Decimal::read(&plain(written)).is_some()
}

/// A unit as messages name it.
fn in_words(unit: &str) -> Text {
    match unit {
        "" => text!("没有单位", "none"),
        unit => text!("`{unit}`", "`{unit}`"),
    }
}

fn mixed(there: &Text, here: &Text) -> Text {
    Text {
        zh: format!("一张图里有两种单位：前面{}，这里{}", there.zh, here.zh),
        en: format!("a chart has two units: {} before, {} here", there.en, here.en),
    }
}

fn history_alone() -> Diagnostic {
    Diagnostic::error(
        "data/chart-series",
        text!(
            "`history` 是历年的数，不能和别的数画在一起",
            "`history` is the numbers of years, which stand alone"
        ),
    )
    .hint(text!(
        "只写 `history`，或另画一张图",
        "write `history` alone, or make another chart"
    ))
}

fn one_ring(count: usize) -> Diagnostic {
    Diagnostic::error(
        "data/chart-series",
        text!(
            "圆环图只画一组数，这里有 {count} 组",
            "a ring shows one series, not {count}"
        ),
    )
    .hint(text!("留下一组，或改用 `bar`", "keep one, or take `bar`"))
}

fn lacks(figure: &Figure, part: Part) -> Diagnostic {
    let label = figure.label();
    let (zh, en, field) = match part {
        Part::Last => ("上届的数", "number of the last term", "last"),
        Part::Target => ("目标数", "target", "target"),
        Part::History => ("历年的数", "numbers of years", "history"),
        Part::Value => ("数", "number", "value"),
    };
    Diagnostic::error(
        "data/figure-history",
        text!("“{label}”没有{zh}，图画不出来", "“{label}” has no {en} for the chart"),
    )
    .hint(text!(
        "在这个数字里补上 `{field}`，或从图里去掉",
        "add `{field}` to the figure, or leave it out of the chart"
    ))
}

fn no_number(figure: &Figure, number: &str) -> Diagnostic {
    let label = figure.label();
    Diagnostic::error(
        "data/figure-number",
        text!(
            "“{label}”的 `{number}` 不是纯数字，图画不出来",
            "`{number}` of “{label}” is no plain number, which a chart needs"
        ),
    )
    .hint(text!(
        "数值里只写数字，最多 {MOST_DIGITS} 位；“约”“余”写在正文里",
        "write digits only, at most {MOST_DIGITS}; words go elsewhere"
    ))
}
