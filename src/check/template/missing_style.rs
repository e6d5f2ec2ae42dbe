//! Styles that a Word template uses and does not have.

use crate::diag::{Level, Remedy, Rule, Words};

/// Styles that a Word template uses and does not have. The lint of Word documents finds
/// them, in templates and in what is made of them.
pub static RULE: Rule = Rule {
    id: "template/missing-style",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "Word 模板用到的样式，文档里没有",
        en: "a style that the Word template uses is not in the document",
    },
    why: Words {
        zh: "Word 不报错，段落悄悄变成正文的样子",
        en: "Word says nothing and sets the paragraph as body text",
    },
    source: "ISO/IEC 29500-1 17.7（样式）",
    wrong: "段落的样式是“亮点标题”，styles.xml 里没有",
    right: "在 Word 里建好“亮点标题”再用",
};
