//! Text that is not wholly on its page.

use super::look::{Look, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::Run;
use crate::text;

/// Text that is not wholly on its page.
pub static RULE: Rule = Rule {
    id: "layout/off-page",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words { zh: "文字有一部分在纸外", en: "text is partly off the sheet" },
    why: Words {
        zh: "印出来看不到，也说明这一面排不下",
        en: "it is not printed, and shows that the page holds too much",
    },
    source: "印刷要求：文字在成品尺寸以内",
    wrong: "名字太长，伸到纸外",
    right: "名字改短，或能分行",
};

/// How far outside does not count, in points: white space of glyphs, and rounding.
const SLACK: f64 = 3.0;

/// Finds it, the first of each page.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let pages = look.pages.pages.iter();
    let found = pages.filter_map(|page| {
        let off = |run: &&Run<'_>| {
            let inside = |at: f64, most: f64| (-SLACK..=most + SLACK).contains(&at);
            let on = |(x, y)| inside(x, page.width) && inside(y, page.height);
            let seen = run.words().contains(|c: char| !c.is_whitespace());
            seen && !(on((run.x, run.y)) && on(run.end))
        };
        let run = page.runs.iter().find(off)?;
        Some(told(look, page.index + 1, run))
    });
    found.collect()
}

fn told(look: &Look<'_>, page: usize, run: &Run<'_>) -> Diagnostic {
    let words = run.words();
    let short = shown(words);
    let finding = RULE.finding(text!(
        "第 {page} 面上的“{short}”有一部分在纸外",
        "part of `{short}` on page {page} is off the sheet"
    ));
    look.at(finding, words, words).hint(text!(
        "改短一些，或让它可以分行",
        "make it shorter, or let it break over lines"
    ))
}
