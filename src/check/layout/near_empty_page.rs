//! Last pages that are nearly empty.

use super::look::{Look, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::{Belonging, Bounds, Leaf};
use crate::text;

/// Last pages that are nearly empty.
pub static RULE: Rule = Rule {
    id: "layout/near-empty-page",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "最后一面只有寥寥几行", en: "the last page is nearly empty"
    },
    why: Words {
        zh: "多用一面纸，也像没有排完",
        en: "it costs a page and looks unfinished",
    },
    source: "排版惯例：末面排满，或有意收住",
    wrong: "最后一面只有两行",
    right: "增删几行，收回前一面或排满半面",
};

/// Less of the text area's height than this is nearly nothing.
const LEAST: f64 = 0.15;

/// Finds it in a document of two pages or more.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let [.., before, last] = &look.pages.pages[..] else { return Vec::new() };
    let is_like = |a: f64, b: f64| (a - b).abs() < 1.0;
    let same = is_like(before.width, last.width) && is_like(before.height, last.height);
    let height = look.height(last);
    let filled = filled(last) / height;
    if !same || filled >= LEAST || filled == 0.0 || is_designed(last) {
        return Vec::new();
    }
    let (page, percent) = (last.index + 1, (filled * 100.0).round());
    let mut texts = look.pages.texts().iter().filter(|text| flows(&text.of));
    let first = texts.find_map(|text| {
        let line = text.lines.iter().find(|line| line.page == last.index)?;
        Some((look.pages.all_words(text), look.pages.words(line)))
    });
    let (whole, words) = first.unwrap_or_default();
    let short = shown(&words);
    let finding = RULE.finding(text!(
        "最后一面（第 {page} 面）只用了 {percent}% 的高度，从“{short}”开始",
        "the last page ({page}) uses {percent}% of its height, it begins with `{short}`"
    ));
    let before = page - 1;
    vec![look.at(finding, &whole, &words).hint(text!(
        "前面的文字减几行，收回到第 {before} 面，或补一些内容",
        "shorten the text by some lines, so that it ends on page {before}, or add something"
    ))]
}

fn flows(of: &Belonging) -> bool {
    !of.placed && !of.artifact
}

/// A page that was composed and not filled by what was left over: with things at places
/// of their own, or an area of colour.
fn is_designed(page: &Leaf<'_>) -> bool {
    let placed = page.runs.iter().any(|run| run.of.placed && !run.of.artifact);
    let large = |bounds: Bounds| bounds.height() > 0.25 * page.height;
    placed
        || page.shapes.iter().any(|shape| shape.filled && large(shape.bounds))
        || page.pictures.iter().any(|picture| large(picture.bounds))
}

/// The height that text and pictures take up.
fn filled(page: &Leaf<'_>) -> f64 {
    let runs = page.runs.iter().filter(|run| flows(&run.of) && run.is_seen());
    let runs = runs.map(|run| (run.bounds(), 0.8 * run.size));
    let pictures = page.pictures.iter().filter(|picture| flows(&picture.of));
    let pictures = pictures.map(|picture| (picture.bounds, 0.0));
    // Of a line, its leading is filled, too.
    let mut stretches: Vec<(f64, f64)> =
        runs.chain(pictures).map(|(b, more)| (b.top, b.bottom + more)).collect();
    stretches.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut height, mut reached) = (0.0, f64::MIN);
    for (top, bottom) in stretches {
        height += (bottom - top.max(reached)).max(0.0);
        reached = reached.max(bottom);
    }
    height
}
