//! Tables of Markdown whose totals and shares do not follow from their rows.

use std::ops::Range;

use super::Subject;
use crate::check::text::written::Written;
use crate::data::decimal::Decimal;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Text, Words};
use crate::text;

/// A row 合计 that is not the sum.
pub(super) static TOTAL: Rule = Rule {
    id: "figure/table-total",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "表里“合计”的数不等于上面各行（或左边各列）之和",
        en: "a total (合计) in a table that is not the sum of its rows or columns",
    },
    why: Words {
        zh: "改了一行忘了改合计",
        en: "a row was changed and the total forgotten",
    },
    source: "custom of statistical tables",
    wrong: "| 甲 | 3 |\n| 乙 | 4 |\n| 合计 | 8 |",
    right: "| 甲 | 3 |\n| 乙 | 4 |\n| 合计 | 7 |",
};

/// A column 占比 that does not follow.
pub(super) static SHARE: Rule = Rule {
    id: "figure/table-share",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "表里“占比”一列和数目算不到一起",
        en: "a share in a table that does not follow from the numbers beside it",
    },
    why: Words {
        zh: "改了数目忘了改比例",
        en: "a number was changed and its share forgotten",
    },
    source: "custom of statistical tables",
    wrong: "| 一线 | 121 | 76.2% |，共180",
    right: "| 一线 | 121 | 67.2% |，共180",
};

/// A cell's words and where they stand in the text.
#[derive(Debug, Clone)]
struct Cell {
    range: Range<usize>,
    words: String,
    number: Option<Decimal>,
}

/// A table: its head and its rows.
#[derive(Debug)]
struct Table {
    head: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
}

/// The tables of a Markdown text, written with `|` (GFM).
fn tables(text: &str) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n').chain(["\n"]) {
        if line.trim_start().starts_with('|') {
            lines.push((at, line));
        } else {
            tables.extend(table(&std::mem::take(&mut lines)));
        }
        at += line.len();
    }
    tables
}

fn table(lines: &[(usize, &str)]) -> Option<Table> {
    let ((_, rule), rows) = lines.get(1..)?.split_first()?;
    let is_rule = rule.trim().chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    let head = cells(lines.first()?);
    is_rule.then(|| Table { head, rows: rows.iter().map(cells).collect() })
}

fn cells((start, line): &(usize, &str)) -> Vec<Cell> {
    let bars: Vec<usize> = line.match_indices('|').map(|(at, _)| at).collect();
    let inner = bars.windows(2).map(|pair| pair[0] + 1..pair[1]);
    inner
        .map(|range| {
            let words = line[range.clone()].trim();
            let lead = line[range.clone()].len() - line[range.clone()].trim_start().len();
            let from = start + range.start + lead;
            let plain = words.trim_matches('*').trim_end_matches(['%', '％']);
            Cell {
                range: from..from + words.len(),
                words: words.trim_matches('*').to_string(),
                number: Decimal::read(plain),
            }
        })
        .collect()
}

pub(super) fn find(subject: &Subject<'_>, text: &Written<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for table in tables(text.text) {
        if subject.asks(&TOTAL) {
            found.extend(table.row_totals().into_iter().map(|fault| (&TOTAL, fault)));
            found.extend(table.column_totals().into_iter().map(|fault| (&TOTAL, fault)));
        }
        if subject.asks(&SHARE) {
            found.extend(table.shares().into_iter().map(|fault| (&SHARE, fault)));
        }
    }
    let tell = |(rule, (range, message)): (&Rule, (Range<usize>, Text))| {
        rule.finding(message).at(subject.place(text, &range))
    };
    found.into_iter().map(tell).collect()
}

/// Words that head a total.
fn is_total(words: &str) -> bool {
    let bare: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(bare.as_str(), "合计" | "总计" | "共计" | "总数" | "合计数")
}

/// Whether what is under a heading is no number of things: its sum says nothing.
fn is_rate(heading: &str) -> bool {
    ["平均", "率", "比", "均", "%", "％", "年份", "序号", "编号", "电话"]
        .iter()
        .any(|word| heading.contains(word))
}

type Fault = (Range<usize>, Text);

impl Table {
    fn heading(&self, column: usize) -> &str {
        self.head.get(column).map_or("", |cell| cell.words.as_str())
    }

    /// Whether all of a column's cells in some rows are numbers of things.
    fn counts(&self, column: usize, rows: &[Vec<Cell>]) -> bool {
        let is_number = |row: &Vec<Cell>| {
            row.get(column).is_some_and(|cell| {
                cell.number.is_some() && !cell.words.ends_with(['%', '％'])
            })
        };
        !is_rate(self.heading(column)) && rows.iter().all(is_number)
    }

    fn sum(rows: &[Vec<Cell>], column: usize) -> Decimal {
        let numbers = rows.iter().filter_map(|row| row.get(column)?.number);
        numbers.fold(Decimal::ZERO, Decimal::plus)
    }

    /// Rows 合计 against the rows above.
    fn row_totals(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            let above = &self.rows[..index];
            let is_last = row.first().is_some_and(|cell| is_total(&cell.words));
            let mixed = above
                .iter()
                .flatten()
                .any(|cell| is_total(&cell.words) || cell.words.contains("小计"));
            if !is_last || above.len() < 2 || mixed {
                continue;
            }
            for (column, cell) in row.iter().enumerate().skip(1) {
                let Some(said) = cell.number.filter(|_| self.counts(column, above))
                else {
                    continue;
                };
                let sum = Self::sum(above, column);
                if !sum.equals(said) {
                    let (heading, said) = (self.heading(column), &cell.words);
                    let sum = sum.trimmed();
                    let message = text!(
                        "“{heading}”一列合计应是{sum}，不是{said}",
                        "the column {heading} makes {sum}, not {said}"
                    );
                    faults.push((cell.range.clone(), message));
                }
            }
        }
        faults
    }

    /// A column 合计 against the columns before it: told if most rows are right, so that
    /// it is meant to be their sum.
    fn column_totals(&self) -> Vec<Fault> {
        let total = self.head.iter().position(|cell| is_total(&cell.words));
        let Some(total) = total.filter(|total| *total >= 3) else { return Vec::new() };
        let columns: Vec<usize> =
            (1..total).filter(|column| self.counts(*column, &self.rows)).collect();
        if columns.len() < 2 {
            return Vec::new();
        }
        let mut faults = Vec::new();
        let mut right = 0;
        for row in &self.rows {
            let numbers = columns.iter().filter_map(|column| row.get(*column)?.number);
            let sum = numbers.fold(Decimal::ZERO, Decimal::plus);
            let Some(cell) = row.get(total) else { continue };
            let Some(said) = cell.number else { continue };
            if sum.equals(said) {
                right += 1;
                continue;
            }
            let (sum, name) = (sum.trimmed(), row.first().map_or("", |cell| &cell.words));
            let words = &cell.words;
            let message = text!(
                "“{name}”一行合计应是{sum}，不是{words}",
                "the row {name} makes {sum}, not {words}"
            );
            faults.push((cell.range.clone(), message));
        }
        match faults.len() < right {
            true => faults,
            false => Vec::new(),
        }
    }

    /// A column of shares against the column of numbers before it: told if most are right,
    /// or if they make 100, so that they are meant to be shares of it.
    fn shares(&self) -> Vec<Fault> {
        let shares = self.head.iter().position(|cell| {
            ["占比", "比例", "比重"].iter().any(|word| cell.words.contains(word))
        });
        let Some(shares) = shares else { return Vec::new() };
        let rows: Vec<Vec<Cell>> = self
            .rows
            .iter()
            .filter(|row| !row.first().is_some_and(|cell| is_total(&cell.words)))
            .cloned()
            .collect();
        let counted = (1..shares).rev().find(|column| self.counts(*column, &rows));
        let Some(counted) = counted.filter(|_| rows.len() >= 2) else {
            return Vec::new();
        };
        let total = Self::sum(&rows, counted);
        let (mut faults, mut right) = (Vec::new(), 0);
        for row in &rows {
            let (Some(part), Some(cell)) =
                (row.get(counted).and_then(|cell| cell.number), row.get(shares))
            else {
                continue;
            };
            let Some(said) = cell.number else { continue };
            let Some(exact) = part.percent_of(total, said.places()) else { continue };
            // Rows are sometimes rounded so that they make 100.
            let unit = 10_f64.powi(-i32::try_from(said.places()).unwrap_or(0));
            if exact.minus(said).abs().float() <= unit * 1.01 {
                right += 1;
                continue;
            }
            let (words, whole) = (&cell.words, total.trimmed());
            let message = text!(
                "{part}占{whole}的{exact}%，不是{words}",
                "{part} of {whole} is {exact}%, not {words}"
            );
            faults.push((cell.range.clone(), message));
        }
        let said = Self::sum(&rows, shares).float();
        let whole = (said - 100.0).abs() <= 0.1 * rows.len() as f64;
        match faults.len() <= right || whole {
            true => faults,
            false => Vec::new(),
        }
    }
}
