//! Texts that end in the middle of a sentence.

use crate::data::prose::character::is_han;
use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// A text whose end was lost at a column break. Of paragraphs with another one behind them
/// `check` tells.
pub static RULE: Rule = Rule {
    id: "structure/unfinished-paragraph",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "文字没有说完：最后一段末尾没有句号等标点",
        en: "a text that does not end: there is no stop at the end of its last paragraph",
    },
    why: Words {
        zh: "从 PDF、网页复制时，文字在换栏、换页处断开，后半句留在了另一处；应接上后半句，或补上句号",
        en: "copied from a PDF file or web page, texts break where columns and pages end: put the rest there, or the stop",
    },
    source: "GB/T 15834-2011 4.1",
    wrong: "五年来，科协工作取得了成绩。在县委的领导下，科",
    right: "五年来，科协工作取得了成绩。在县委的领导下，科协认真履行职责。",
};

/// The shortest paragraph that may be cut behind a comma; shorter ones are verse and lines.
const SHORTEST: usize = 20;

/// Finds texts whose last paragraph has sentences inside and ends with a word, or ends
/// with a comma.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let Some(last) = passage.letters.len().checked_sub(1) else { return };
    if passage.role != Role::Paragraph || passage.is_citation() {
        return;
    }
    let rest = passage.text.get(passage.letters[last].range.end..).unwrap_or_default();
    if rest.contains(|c: char| c.is_alphanumeric()) {
        return;
    }
    let c = passage.letters[last].c;
    let comma = matches!(c, '，' | '、') && last >= SHORTEST;
    let sentences = passage.letters.iter().any(|letter| letter.c == '。');
    // A line behind a line end is a signature or verse.
    let lines = passage.letters.iter().any(|letter| letter.c == '\n');
    // `……。——编者` is signed.
    let tail = passage.start_of(last + 1, is_han);
    let signed = passage.has_before(tail, "——");
    let word = is_han(c) && sentences && !lines && !signed;
    if comma || word {
        let words = passage.read(last.saturating_sub(3)..last + 1);
        let message = text!(
            "到「{words}」没有说完：接上后半句，或补上句号",
            "the text does not end at `{words}`: put the rest there, or the stop"
        );
        slips.push(Slip::new(&RULE, passage.span(last, last), message));
    }
}
