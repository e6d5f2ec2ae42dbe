//! Text that is too small to be read.

use super::look::{Look, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::Run;
use crate::text;

/// Text that is too small to be read.
pub static RULE: Rule = Rule {
    id: "layout/tiny-text",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words { zh: "有小于 6 磅的字", en: "text smaller than 6 points" },
    why: Words {
        zh: "六号以下的字在纸上看不清，复印后更看不清；上标下标可以小到 5 磅",
        en: "it cannot be read in print, still less in a copy; superscripts may have 5 points",
    },
    source: "印刷惯例：正文不小于五号，注不小于六号",
    wrong: "表注用 4.5 磅",
    right: "表注用 7 磅",
};

/// The least size of text and of superscripts, in points.
const LEAST: f64 = 6.0;
const LEAST_SCRIPT: f64 = 5.0;
/// Rounding.
const SLACK: f64 = 0.05;

/// Finds it: the first text of each size of each page.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in &look.pages.pages {
        let mut sizes: Vec<i64> = Vec::new();
        for run in page.runs.iter().filter(|run| is_tiny(run)) {
            let size = (run.size * 10.0).round() as i64;
            if !sizes.contains(&size) {
                sizes.push(size);
                found.push(told(look, page.index + 1, run));
            }
        }
    }
    found
}

fn is_tiny(run: &Run<'_>) -> bool {
    let least = if run.of.script { LEAST_SCRIPT } else { LEAST };
    run.size < least - SLACK
        && run.is_seen()
        && run.words().contains(char::is_alphanumeric)
}

fn told(look: &Look<'_>, page: usize, run: &Run<'_>) -> Diagnostic {
    let (words, size) = (run.words(), (run.size * 10.0).round() / 10.0);
    let short = shown(words);
    let finding = RULE.finding(text!(
        "第 {page} 面的“{short}”只有 {size} 磅",
        "`{short}` on page {page} is {size} points small"
    ));
    look.at(finding, words, words).hint(text!(
        "少放一些内容，或在模板里用 6 磅以上的字号",
        "have less in it, or let the template use 6 points or more"
    ))
}
