//! Paragraphs that end in the middle of a sentence.

use crate::data::prose::character::is_han;
use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// A paragraph cut at a column break.
pub static RULE: Rule = Rule {
    id: "structure/unfinished-paragraph",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "段落没有结束：末尾不是句末点号",
        en: "a paragraph that does not end: there is no stop at its end",
    },
    why: Words {
        zh: "从 PDF、网页复制时，段落在换栏、换页处断开；应与下一段连起来，或补上句号",
        en: "copied from a PDF file or web page, paragraphs break where columns and pages end: join it to the next one, or put the stop there",
    },
    source: "GB/T 15834-2011 4.1",
    wrong: "五年来，科协工作取得了成绩。在县委的领导下，科",
    right: "五年来，科协工作取得了成绩。在县委的领导下，科协认真履行职责。",
};

/// The shortest paragraph that may be cut behind a comma; shorter ones are verse and lines.
const SHORTEST: usize = 20;

/// Finds paragraphs with sentences inside that end with a word, or with a comma.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let Some(last) = passage.letters.len().checked_sub(1) else { return };
    if passage.role != Role::Paragraph || passage.is_citation() {
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
            "段落到「{words}」没有结束：与下一段连起来，或补上句号",
            "the paragraph does not end at `{words}`: join it to the next one, or put the stop there"
        );
        slips.push(Slip::new(&RULE, passage.span(last, last), message));
    }
}
