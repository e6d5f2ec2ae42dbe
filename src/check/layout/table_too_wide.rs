//! Tables whose words do not fit their columns.

use crate::diag::{Diagnostic, Level, Place, Remedy, Rule, Words};
use crate::text;

/// Tables whose words do not fit their columns: the templates that ship find them.
pub static RULE: Rule = Rule {
    id: "layout/table-too-wide",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "表格里的字伸出栏外，最小的字号、分成几段也排不下",
        en: "words of a table stand out of their columns, even in the smallest type and in parts",
    },
    why: Words {
        zh: "伸出的字压着旁边的栏，读不出来",
        en: "such words lie over the next column and cannot be read",
    },
    source: "排版惯例：表内文字不出格",
    wrong: "一格里有 40 个字母的词",
    right: "长的词分开写，或者少几列",
};

/// The finding about a table at a place.
pub fn told(place: Place) -> Diagnostic {
    RULE.finding(text!(
        "表格里的字太长，最小的字号、分成几段也排不下，会伸出栏外",
        "words of a table stand out of their columns, even in the smallest type and in parts"
    ))
    .at(place)
    .hint(text!(
        "把长的词分开写，或少用几层嵌套",
        "write long words with spaces or hyphens, or nest the table less deeply"
    ))
}
