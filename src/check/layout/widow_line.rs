//! Single lines of paragraphs at the edges of pages.

use super::look::{Look, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::{Line, Text};
use crate::text;

/// Single lines of paragraphs at the edges of pages.
pub static RULE: Rule = Rule {
    id: "layout/widow-line",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一段的第一行或最后一行单独在一面上",
        en: "the first or last line of a paragraph stands alone on a page",
    },
    why: Words {
        zh: "孤行：段首一行留在面末，段末一行落到面首，读起来断断续续",
        en: "a lone line at the edge of a page tears the paragraph apart",
    },
    source: "排版惯例：避免孤行；CLREQ（中文排版需求）",
    wrong: "一段的最后一行在下一面的第一行",
    right: "每面至少有一段的两行",
};

/// Finds them.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for text in look.paragraphs().filter(|text| text.of.table.is_none() && !text.of.note)
    {
        let (Some(first), Some(last)) = (text.lines.first(), text.lines.last()) else {
            continue;
        };
        if first.page == last.page {
            continue;
        }
        let on = |page: usize| text.lines.iter().filter(|line| line.page == page).count();
        if on(last.page) == 1 {
            found.push(told(look, text, last, false));
        } else if on(first.page) == 1 {
            found.push(told(look, text, first, true));
        }
    }
    found
}

fn told(look: &Look<'_>, text: &Text, line: &Line, begins: bool) -> Diagnostic {
    let words = look.pages.words(line);
    let (page, short) = (line.page + 1, shown(&words));
    let finding = RULE.finding(match begins {
        true => text!(
            "第 {page} 面末尾只有一段的第一行“{short}”",
            "page {page} ends with the first line of a paragraph, `{short}`"
        ),
        false => text!(
            "第 {page} 面开头只有一段的最后一行“{short}”",
            "page {page} begins with the last line of a paragraph, `{short}`"
        ),
    });
    look.at(finding, &look.pages.all_words(text), &words).hint(text!(
        "这一段或前面的文字增删一行",
        "make this paragraph or what stands before it a line longer or shorter"
    ))
}
