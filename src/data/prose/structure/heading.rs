//! Headings and captions.

use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// A heading ends without a stop.
pub static STOP: Rule = Rule {
    id: "structure/heading-stop",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "标题、图题、表题末尾用了点号",
        en: "a heading or caption that ends with a stop",
    },
    why: Words {
        zh: "独立成行的标题和图表说明末尾不用点号",
        en: "a heading or caption that stands alone has no stop at its end",
    },
    source: "GB/T 15834-2011 附录A.1",
    wrong: "# 过去五年工作回顾。",
    right: "# 过去五年工作回顾",
};

/// A heading that has swallowed its text.
pub static LONG: Rule = Rule {
    id: "structure/long-heading",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "标题太长，或里面有完整的句子：可能与正文粘在一起",
        en: "a heading that is too long or has a sentence inside: its text may have been glued to it",
    },
    why: Words {
        zh: "标题进目录、页眉，一般一两个短语；正文的第一句不应混在里面",
        en: "headings go into the table of contents and the running head; the first words of the text do not belong there",
    },
    source: "GB/T 9704-2012 7.3.1; 编校惯例",
    wrong: "# 学深悟透　筑牢思想之基。科协始终把学习放在首位",
    right: "# 学深悟透　筑牢思想之基",
};

/// The longest heading, the longest that may have a comma inside, and how many phrases it
/// may have.
const LONGEST: usize = 60;
const LONGEST_CLAUSE: usize = 32;
const PHRASES: usize = 4;

/// Whether it is the caption of a numbered figure or table: `图1　科技馆外景`.
fn is_caption(passage: &Passage<'_>) -> bool {
    let digits = passage.end_of(1, |c| c.is_ascii_digit() || matches!(c, '-' | '.'));
    matches!(passage.at(0), Some('图' | '表'))
        && digits > 1
        && matches!(passage.at(digits), Some(' ' | '\u{3000}' | '：'))
        && passage.letters.iter().filter(|letter| letter.c == '。').count() < 2
}

/// Finds stops at the end of headings and captions.
pub fn find_stop(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let heading = passage.role == Role::Heading;
    let Some(last) = passage.letters.len().checked_sub(1) else { return };
    let stop = match passage.at(last) {
        Some(c @ '。') if heading || is_caption(passage) => c,
        Some(c @ ('，' | '、' | '；')) if heading => c,
        _ => return,
    };
    let message = text!(
        "标题末尾的「{stop}」应删去",
        "the `{stop}` at the end of the heading should go"
    );
    slips.push(Slip::new(&STOP, passage.span(last, last), message));
}

/// Finds headings with sentences inside.
pub fn find_long(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let length = passage.letters.len();
    if passage.role != Role::Heading || length < 2 {
        return;
    }
    let inside = |marks: &str| {
        passage.letters[..length - 1].iter().position(|letter| marks.contains(letter.c))
    };
    let phrases = 1 + passage.letters.iter().filter(|l| l.c == '\u{3000}').count();
    let sentence = inside("。");
    let clause = inside("，；").filter(|_| length > LONGEST_CLAUSE);
    if let Some(at) = sentence.or(clause) {
        let words = passage.read(at.saturating_sub(4)..at + 1);
        let message = text!(
            "标题里「{words}」之后像是正文：把正文另起一段",
            "behind `{words}` the heading reads like its text: begin a paragraph there"
        );
        slips.push(Slip::new(&LONG, passage.span(at, length - 1), message));
    } else if length > LONGEST || (phrases > PHRASES && length > LONGEST_CLAUSE) {
        let message = text!(
            "标题有{length}个字、{phrases}个短语，太长",
            "the heading has {length} characters and {phrases} phrases: it is too long"
        );
        slips.push(Slip::new(&LONG, passage.span(0, length - 1), message));
    }
}
