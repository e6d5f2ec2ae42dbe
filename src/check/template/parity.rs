//! Differences between the PDF and the Word draft of an edition.

use crate::check::parity::Parity;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// Differences between the PDF and the Word draft of an edition.
pub static RULE: Rule = Rule {
    id: "template/parity",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "PDF 和 Word 稿说的不一样",
        en: "the PDF and the Word draft do not say the same",
    },
    why: Words {
        zh: "校对看的是 Word 稿，付印的是 PDF：一面有的字另一面没有，就会漏校、漏印",
        en: "people proofread the draft and print the PDF: what one of them lacks is not read, or not printed",
    },
    source: "docs/parity.md",
    wrong: "main.docx 没有印“结语”，main.typ 印了",
    right: "两面都印“结语”",
};

/// How many differences are named.
const NAMED: usize = 3;

/// The finding that there are differences, with the first of them.
pub fn told(parity: &Parity) -> Option<Diagnostic> {
    let first = parity.differences.first()?;
    let count = parity.differences.len();
    let mut finding = RULE.finding(text!(
        "PDF 和 Word 稿有 {count} 处说的不一样",
        "the PDF and the Word draft differ in {count} places"
    ));
    finding.place.clone_from(&first.place);
    let named = parity.differences.iter().take(NAMED);
    finding.notes = named.map(|difference| difference.message.clone()).collect();
    Some(finding.hint(text!(
        "用 `huikan check --parity` 看全部，再改 main.typ 或 main.docx",
        "see them all with `huikan check --parity`, then mend main.typ or main.docx"
    )))
}
