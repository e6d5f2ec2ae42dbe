//! Last pages whose columns are of unequal length.

use super::look::Look;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::{Bounds, Line};
use crate::text;

/// Last pages whose columns are of unequal length.
pub static RULE: Rule = Rule {
    id: "layout/unbalanced-columns",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "最后一面的几栏长短不齐",
        en: "the columns of the last page are of unequal length",
    },
    why: Words {
        zh: "一栏满一栏空，像没有排完",
        en: "one column is full and the other empty, as if it were unfinished",
    },
    source: "排版惯例：末面各栏排齐",
    wrong: "左栏 30 行，右栏 4 行",
    right: "左栏 17 行，右栏 17 行",
};

/// Columns may differ by this many lines.
const MOST: f64 = 3.0;
/// A place where so many lines begin is a column.
const LEAST: usize = 4;

/// Finds them: columns of running text, as they are on the last page or the one before.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let Some(last) = look.pages.pages.len().checked_sub(1) else { return Vec::new() };
    let own = lines(look, last);
    let columns = match columns(&own) {
        columns if columns.len() > 1 => columns,
        // What is left over may fill a part of the first column only.
        _ if last > 0 => columns_of(look, last - 1),
        _ => return Vec::new(),
    };
    if columns.len() < 2 || own.iter().any(|line| spans(line.bounds, &columns)) {
        return Vec::new();
    }
    let ends = columns.iter().map(|column| {
        let inside = own.iter().filter(|line| column.is_over_or_under(line.bounds));
        inside.map(|line| line.bounds.bottom).fold(f64::MIN, f64::max)
    });
    let ends: Vec<f64> = ends.collect();
    let top = own.iter().map(|line| line.bounds.top).fold(f64::MAX, f64::min);
    let longest = ends.iter().copied().fold(f64::MIN, f64::max);
    let shortest = ends.iter().copied().fold(f64::MAX, f64::min).max(top);
    let pitch = pitch(&own);
    let lines = ((longest - shortest) / pitch).round();
    if lines <= MOST {
        return Vec::new();
    }
    let page = last + 1;
    let words = own.last().map(|line| look.pages.words(line)).unwrap_or_default();
    let finding = RULE.finding(text!(
        "最后一面（第 {page} 面）的几栏相差 {lines} 行",
        "the columns of the last page ({page}) differ by {lines} lines"
    ));
    vec![look.at(finding, &words, &words).hint(text!(
        "增删文字，或在模板里用 /huikan.typ 的 `two-columns` 等函数排齐",
        "add or take out text, or let the template balance columns, as `two-columns` of /huikan.typ does"
    ))]
}

fn columns_of(look: &Look<'_>, page: usize) -> Vec<Bounds> {
    columns(&lines(look, page))
}

/// The lines of running text of a page.
fn lines<'l>(look: &'l Look<'_>, page: usize) -> Vec<&'l Line> {
    let lines = look.paragraphs().filter(|text| text.of.heading.is_none());
    let lines =
        lines.filter(|text| text.of.table.is_none() && !text.of.caption && !text.of.note);
    lines.flat_map(|text| &text.lines).filter(|line| line.page == page).collect()
}

/// The columns of lines: stretches of like width side by side, with nothing over two
/// of them.
fn columns(lines: &[&Line]) -> Vec<Bounds> {
    let mut columns: Vec<(Bounds, usize)> = Vec::new();
    for line in lines {
        let mut whole = (line.bounds, 1);
        columns.retain(|(column, count)| {
            let joined = column.is_over_or_under(whole.0);
            if joined {
                whole = (whole.0.with(*column), whole.1 + count);
            }
            !joined
        });
        columns.push(whole);
    }
    columns.retain(|(_, count)| *count >= LEAST);
    columns.sort_by(|a, b| a.0.left.total_cmp(&b.0.left));
    let columns: Vec<Bounds> = columns.into_iter().map(|(column, _)| column).collect();
    let widest = columns.iter().map(|column| column.width()).fold(0.0, f64::max);
    match columns.iter().all(|column| column.width() > 0.85 * widest) {
        true => columns,
        false => Vec::new(),
    }
}

fn spans(line: Bounds, columns: &[Bounds]) -> bool {
    columns.iter().filter(|column| column.is_over_or_under(line)).count() > 1
}

/// The distance of lines that is met most.
fn pitch(lines: &[&Line]) -> f64 {
    let steps = lines.windows(2).map(|pair| pair[1].y - pair[0].y);
    let mut steps: Vec<f64> = steps.filter(|step| *step > 1.0).collect();
    steps.sort_by(f64::total_cmp);
    let middle = steps.get(steps.len() / 2).copied();
    middle.unwrap_or_else(|| lines.first().map_or(12.0, |line| 1.5 * line.size))
}
