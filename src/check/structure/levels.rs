//! Headings that leave a level out.

use crate::check::text::subject::Subject;
use crate::check::text::written::Written;
use crate::data::markdown::headings;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `#` followed by `###`.
pub(super) static RULE: Rule = Rule {
    id: "structure/heading-level",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "标题越过了一级：一级标题下面直接是三级",
        en: "a heading that leaves a level out: level 3 directly under level 1",
    },
    why: Words {
        zh: "目录和书签里会缺一层，PDF/UA 也不允许跳级",
        en: "contents and bookmarks lack a level, and PDF/UA does not allow it",
    },
    source: "ISO 14289-1 7.4.2",
    wrong: "# 一、工作\n### 1. 学会",
    right: "# 一、工作\n## （一）学会",
};

pub(super) fn find(subject: &Subject<'_>, text: &Written<'_>) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut before = None;
    for (level, range) in headings(text.text) {
        if is_caption(&text.text[range.clone()]) {
            continue;
        }
        if let Some(before) = before.filter(|before| level > before + 1) {
            let message = text!(
                "{before} 级标题后面跳到了 {level} 级",
                "a heading of level {before} is followed by one of level {level}"
            );
            let place = subject.place(text, &range);
            found.push(RULE.finding(message).at(place).hint(text!(
                "少写一个 `#`，或补上中间一级的标题",
                "take a `#` away, or add the heading between"
            )));
        }
        before = Some(level);
    }
    found
}

/// Whether a heading is that of a table or figure, which some packages give a level of
/// its own.
fn is_caption(words: &str) -> bool {
    let rest = words.strip_prefix(['表', '图']);
    rest.is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}
