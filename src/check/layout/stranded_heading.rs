//! Headings that end a page or column while their text begins on the next.

use super::look::{Look, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::{Bounds, Leaf, Line, Text};
use crate::text;

/// Headings that end a page or column while their text begins on the next.
pub static RULE: Rule = Rule {
    id: "layout/stranded-heading",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "标题留在一面或一栏的末尾，正文在下一面或下一栏",
        en: "a heading ends a page or column, and its text begins on the next",
    },
    why: Words {
        zh: "读者翻过去才看到标题说的是什么；标题下面至少要有两行正文",
        en: "readers have to turn the page to see what the heading is about; two lines of text should stand under it",
    },
    source: "排版惯例：标题不背题",
    wrong: "一面的最后一行是标题",
    right: "标题和下面的正文在同一面",
};

/// Finds them: of several headings in a row, the first is told.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let (mut found, mut seen) = (Vec::new(), Vec::new());
    // Whether the texts since the last one that was found are all headings.
    let mut follows = false;
    for (index, text) in
        look.pages.texts().iter().enumerate().filter(|(_, t)| is_in_flow(t))
    {
        let Some(heading) = text.of.heading else {
            follows = false;
            continue;
        };
        if seen.contains(&heading) {
            continue;
        }
        seen.push(heading);
        let line = last_of(&look.pages.texts()[index..], heading);
        if let Some(line) = line.filter(|line| is_stranded(look, index, heading, line)) {
            if !follows {
                found.push(told(look, heading, line));
            }
            follows = true;
        }
    }
    found
}

/// As many lines of text as this, with their leading, would have stood below it.
const ROOM: f64 = 6.0 * 1.6;

/// Whether a text is part of the flow, and no furniture or decoration.
fn is_in_flow(text: &Text) -> bool {
    !text.of.artifact && !text.of.placed && !text.of.note
}

/// The last line of a heading, which may be several texts.
fn last_of(texts: &[Text], heading: usize) -> Option<&Line> {
    let own = texts.iter().take(8).filter(|text| text.of.heading == Some(heading));
    own.flat_map(|text| &text.lines).last()
}

fn is_stranded(look: &Look<'_>, index: usize, heading: usize, line: &Line) -> bool {
    let pages = look.pages;
    let page = &pages.pages[line.page];
    let mut after = pages.texts()[index..].iter().filter(|text| {
        is_in_flow(text) && text.of.heading.is_none() && look.is_seen(text)
    });
    // Nothing follows: a section without text, which is no matter of the layout.
    let Some(text) = after.next() else { return false };
    let Some(next) = text.lines.first() else { return false };
    // Where a page is broken on purpose, there is room for more; tables and pictures need
    // more room than text.
    let bottom = page.area.map_or(0.9 * page.height, |area| area.bottom);
    let room = bottom - line.bounds.bottom > ROOM * line.size;
    let large = text.of.table.is_some()
        || pages.pages[next.page].pictures.iter().any(|p| p.bounds.top < next.bounds.top);
    if room && !large && next.page > line.page {
        return false;
    }
    let beside = next.page == line.page && next.bounds.top >= line.bounds.top - 2.0;
    // On another page before this one only in designs that are no flow.
    let turns = next.page > line.page
        || (next.page == line.page && next.bounds.bottom < line.bounds.top);
    turns
        && !beside
        && has_content(page, line, heading, |content, own| content.bottom < own.top + 1.0)
        && !has_content(page, line, heading, |content, own| {
            content.top > own.bottom - 2.0
        })
}

/// Whether text that is no heading, or a picture, stands above or below a line.
fn has_content(
    page: &Leaf<'_>,
    line: &Line,
    heading: usize,
    at: fn(Bounds, Bounds) -> bool,
) -> bool {
    let own = line.bounds;
    let there = |bounds: Bounds| bounds.is_over_or_under(own) && at(bounds, own);
    let mut runs = page.runs.iter().filter(|run| {
        let flows = !run.of.artifact && !run.of.note && run.is_seen();
        flows && run.of.heading.is_none_or(|other| other == heading)
    });
    runs.any(|run| run.of.heading.is_none() && there(run.bounds()))
        || page.pictures.iter().any(|picture| there(picture.bounds))
}

fn told(look: &Look<'_>, heading: usize, line: &Line) -> Diagnostic {
    let page = line.page + 1;
    let own = look.pages.texts().iter().filter(|text| text.of.heading == Some(heading));
    let words: String = own.map(|text| look.pages.all_words(text)).collect();
    let short = shown(&words);
    let finding = RULE.finding(text!(
        "第 {page} 面的标题“{short}”在版面末尾，正文从下一面或下一栏才开始",
        "the heading `{short}` ends page {page} or its column, its text begins on the next"
    ));
    look.at(finding, &words, &words).hint(text!(
        "在标题前分页，或让前面的文字少一两行；自己的模板给标题用 `block(sticky: true)`",
        "break the page before it, or shorten what stands above; in a template of your own use `block(sticky: true)` for headings"
    ))
}
