//! Tables and pictures that stand out of the text area.

use super::look::Look;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Text, Words};
use crate::pdf::pages::{Belonging, Bounds, Leaf};
use crate::text;

/// Tables and pictures that stand out of the text area.
pub static RULE: Rule = Rule {
    id: "layout/overflow",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "表格或图片超出版心或页面",
        en: "a table or picture stands out of the text area or of the page",
    },
    why: Words {
        zh: "超出的部分压着页边，裁切时会切掉，和别的栏也会重叠",
        en: "what stands out is in the margin, may be trimmed off, and may lie over the next column",
    },
    source: "GB/T 9704-2012 5.2.1（版心）；排版惯例",
    wrong: "八列的表宽出版心 12 毫米",
    right: "表格和版心一样宽",
};

/// How far outside is a matter of rounding or of a rule's thickness, in points.
const SLACK: f64 = 2.0;
const MILLIMETRE: f64 = 72.0 / 25.4;

/// Finds them: those that were put at a place on purpose do not count.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in &look.pages.pages {
        for (number, bounds, words) in tables(page) {
            if let Some(out) = outside(look, page, bounds).filter(|out| !out.off) {
                let near = look.at(told(page, &table(number), &out), &words, &words);
                found.push(near);
            }
        }
        for picture in &page.pictures {
            let flows = !picture.of.placed && !picture.of.artifact;
            if let (true, Some(out)) = (flows, outside(look, page, picture.bounds)) {
                let finding = told(page, &text!("图片", "a picture"), &out);
                let path = picture.path.as_deref();
                let place = path.and_then(|path| look.picture_place(path));
                found.push(Diagnostic { place, ..finding });
            }
        }
    }
    found
}

/// The tables of a page, each with its number, its box and its first words.
fn tables(page: &Leaf<'_>) -> Vec<(usize, Bounds, String)> {
    let mut tables: Vec<(usize, Bounds, String)> = Vec::new();
    let flows = |of: &Belonging| !of.placed && !of.artifact;
    let runs = page.runs.iter().filter(|run| run.is_seen() && flows(&run.of));
    let runs = runs.map(|run| (run.of.table, run.bounds(), run.words()));
    let shapes = page.shapes.iter().filter(|shape| flows(&shape.of));
    let shapes = shapes.map(|shape| (shape.of.table, shape.bounds, ""));
    for (table, bounds, words) in runs.chain(shapes) {
        let Some(number) = table else { continue };
        match tables.iter_mut().find(|(known, ..)| *known == number) {
            Some((_, whole, said)) => {
                *whole = whole.with(bounds);
                if said.is_empty() {
                    words.clone_into(said);
                }
            }
            None => tables.push((number, bounds, words.to_owned())),
        }
    }
    tables
}

fn table(number: usize) -> Text {
    let number = number + 1;
    text!("第 {number} 个表格", "table {number}")
}

/// How far something stands out, and whether it leaves the page.
struct Outside {
    most: f64,
    off: bool,
}

fn outside(look: &Look<'_>, page: &Leaf<'_>, bounds: Bounds) -> Option<Outside> {
    if bounds.width() < 1.0 && bounds.height() < 1.0 {
        return None;
    }
    let off = bounds.right > page.width + SLACK
        || bounds.left < -SLACK
        || bounds.bottom > page.height + SLACK;
    let (left, right) = look.sides(page, bounds).unwrap_or((0.0, page.width));
    let bottom = look.bottom(page).unwrap_or(page.height);
    let beyond = [left - bounds.left, bounds.right - right, bounds.bottom - bottom];
    let most = beyond.into_iter().fold(0.0, f64::max);
    (off || most > SLACK).then_some(Outside { most, off })
}

fn told(page: &Leaf<'_>, what: &Text, outside: &Outside) -> Diagnostic {
    let (page, Text { zh, en }) = (page.index + 1, what);
    let by = (outside.most / MILLIMETRE).ceil();
    let finding = match outside.off {
        true => text!(
            "第 {page} 面的{zh}有一部分在纸外",
            "a part of {en} on page {page} is off the sheet"
        ),
        false => text!(
            "第 {page} 面的{zh}伸出版心 {by} 毫米",
            "{en} on page {page} stands {by} mm out of the text area"
        ),
    };
    RULE.finding(finding).hint(text!(
        "减少列数、缩短单元格里的字，或把图表的宽度写成 100%",
        "use fewer columns, shorten what is in the cells, or give it a width of 100%"
    ))
}
