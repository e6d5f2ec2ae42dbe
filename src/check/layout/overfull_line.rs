//! Lines that are wider than their columns.

use super::look::{Look, end_alike, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::{Leaf, Line, Run, Text};
use crate::text;

/// Lines that are wider than their columns.
pub static RULE: Rule = Rule {
    id: "layout/overfull-line",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一行文字比它的栏宽，伸到外面或压着旁边的字",
        en: "a line is wider than its column and stands out, or lies over what is beside it",
    },
    why: Words {
        zh: "断不开的长词、网址或数字把一行撑宽",
        en: "a long word, address or number that cannot break makes the line too wide",
    },
    source: "排版惯例：文字不出版心、不相叠",
    wrong: "一个 40 字母的网址伸到右边一栏里",
    right: "网址可以断行，或换一个短的",
};

/// Finds them.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = look
        .paragraphs()
        .flat_map(|text| text.lines.iter().map(move |line| (text, line)))
        .filter(|(text, line)| stands_out(look, text, line))
        .map(|(text, line)| wide(look, text, line))
        .collect();
    for page in &look.pages.pages {
        found.extend(overlaps(page).map(|(left, right)| over(look, page, left, right)));
    }
    found
}

/// Whether a line ends right of its column. Where that ends is shown by other lines of
/// the paragraph; else it is the text area's edge.
fn stands_out(look: &Look<'_>, text: &Text, line: &Line) -> bool {
    // What leaves the page is told as such.
    if line.bounds.right > look.pages.pages[line.page].width {
        return false;
    }
    let slack = slack(&look.pages.words(line), line.size);
    let column = column(text, line).or_else(|| {
        let page = &look.pages.pages[line.page];
        page.area.map(|area| area.right).filter(|_| text.of.table.is_none())
    });
    column.is_some_and(|end| line.bounds.right > end + slack)
}

/// Where the lines of a text end that stand over or under a line: two of them alike.
fn column(text: &Text, line: &Line) -> Option<f64> {
    let own = line.bounds;
    let others = text
        .lines
        .iter()
        .filter(|other| other.page == line.page && other.bounds.is_over_or_under(own));
    end_alike(&others.map(|other| other.bounds).collect::<Vec<_>>())
}

/// How far a line may stand out: the white half of a mark, or one that hangs.
fn slack(words: &str, size: f64) -> f64 {
    let hangs = words.trim_end().ends_with(|c: char| !c.is_alphanumeric());
    if hangs { size } else { 0.3 * size }
}

fn wide(look: &Look<'_>, text: &Text, line: &Line) -> Diagnostic {
    let words = look.pages.words(line);
    let (page, short) = (line.page + 1, shown(&words));
    let finding = RULE.finding(text!(
        "第 {page} 面的一行“{short}”比它的栏宽",
        "the line `{short}` on page {page} is wider than its column"
    ));
    look.at(finding, &look.pages.all_words(text), &words).hint(remedy())
}

fn remedy() -> crate::diag::Text {
    text!(
        "长的词、网址、数字写短些，或在可以断开的地方加空格",
        "shorten the long word, address or number, or put a space where it may break"
    )
}

/// Runs of one baseline of which the left one ends inside the right one.
fn overlaps<'p>(page: &'p Leaf<'p>) -> impl Iterator<Item = (&'p Run<'p>, &'p Run<'p>)> {
    let flows = |run: &&Run<'_>| {
        !run.turned
            && !run.of.placed
            && !run.of.artifact
            && !run.of.script
            && run.is_seen()
    };
    let mut runs: Vec<&Run<'_>> = page.runs.iter().filter(flows).collect();
    let line = |run: &Run<'_>| (run.y * 2.0).round();
    runs.sort_by(|a, b| line(a).total_cmp(&line(b)).then(a.x.total_cmp(&b.x)));
    let pairs = runs.windows(2).filter_map(|pair| match pair {
        [left, right] => {
            let size = left.size.min(right.size);
            let level = (left.y - right.y).abs() < 0.2 * size;
            let alike = left.size < 1.6 * right.size && right.size < 1.6 * left.size;
            let room = slack(left.words(), size);
            (level && alike && left.end.0 > right.x + room && right.end.0 > left.x)
                .then_some((*left, *right))
        }
        _ => None,
    });
    pairs.collect::<Vec<_>>().into_iter()
}

fn over(look: &Look<'_>, page: &Leaf<'_>, left: &Run<'_>, right: &Run<'_>) -> Diagnostic {
    let (page, one, other) = (page.index + 1, shown(left.words()), shown(right.words()));
    let finding = RULE.finding(text!(
        "第 {page} 面的“{one}”排不下，压着“{other}”",
        "`{one}` on page {page} is too long and lies over `{other}`"
    ));
    look.at(finding, left.words(), left.words()).hint(remedy())
}
