//! Saddle-stitched documents whose pages are no multiple of four.

use super::look::Look;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::project::output::Binding;
use crate::text;

/// Saddle-stitched documents whose pages are no multiple of four.
pub static RULE: Rule = Rule {
    id: "layout/page-count",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "骑马订的页数不是四的倍数",
        en: "the pages of a saddle-stitched document are no multiple of four",
    },
    why: Words {
        zh: "骑马订一张纸对折就是四面，多出的面要么是空白，要么印不了",
        en: "a folded sheet has four pages: there will be blank ones, or the printer sends it back",
    },
    source: "骑马订的工艺",
    wrong: "骑马订，22 面",
    right: "骑马订，24 面",
};

/// Finds them where the template or the profile of the output says `binding = "saddle"`.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let pages = look.pages.pages.len();
    let over = pages % 4;
    if look.binding != Some(Binding::Saddle) || over == 0 {
        return Vec::new();
    }
    let missing = 4 - over;
    let finding = RULE.finding(text!(
        "骑马订要四的倍数，现在是 {pages} 面",
        "saddle stitching needs a multiple of four pages, there are {pages}"
    ));
    vec![look.whole(finding).hint(text!(
        "加 {missing} 面（比如记事页、广告、照片），或减 {over} 面",
        "add {missing} pages, such as notes or photos, or take out {over}"
    ))]
}
