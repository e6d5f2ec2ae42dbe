//! Paragraphs that end in the middle of a sentence.

use crate::check::text::subject::Subject;
use crate::check::text::written::Written;
use crate::data::names::is_han;
use crate::data::prose::{Passage, Role};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// A paragraph cut where a column ended.
pub(super) static RULE: Rule = Rule {
    id: "structure/open-paragraph",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一段话没有说完：结尾没有句号等标点，后面又另起一段",
        en: "a paragraph that ends without a full stop, with another one behind it",
    },
    why: Words {
        zh: "多半是从分栏或分页处断开的，应当和下一段接起来；`huikan import` 会接",
        en: "it was mostly cut at the end of a column or page and should be joined with the next one, as `huikan import` does",
    },
    source: "GB/T 15834-2011 4.1",
    wrong: "创新工作载体和\n\n服务路径，落实落地。",
    right: "创新工作载体和服务路径，落实落地。",
};

/// From how many characters on a line is a sentence and not a line of its own, such as a
/// salutation, a signature or a caption.
const SENTENCE: usize = 20;

pub(super) fn find(subject: &Subject<'_>, text: &Written<'_>) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let passages = text.passages();
    let open = passages.windows(2).filter(|pair| {
        let [first, second] = pair else { return false };
        let running = |passage: &Passage<'_>| passage.role == Role::Paragraph;
        running(first) && running(second) && is_open(first)
    });
    let told = open.filter_map(|pair| {
        let last = pair[0].letters.len().checked_sub(1)?;
        let start = last.saturating_sub(5);
        let message =
            text!("这一段没有说完", "this paragraph ends in the middle of a sentence");
        let place = subject.place(text, &pair[0].span(start, last));
        Some(RULE.finding(message).at(place).hint(text!(
            "和下一段接起来，或补上标点",
            "join it with the next paragraph, or add the mark"
        )))
    });
    told.collect()
}

fn is_open(passage: &Passage<'_>) -> bool {
    let letters = &passage.letters;
    let Some(last) = letters.last() else { return false };
    let is_sentence = letters.iter().any(|letter| matches!(letter.c, '，' | '。'));
    let breaks_off = is_han(last.c) || matches!(last.c, '，' | '、');
    // Verse and lists of names have many lines.
    let one_line = !letters.iter().any(|letter| letter.c == '\n');
    letters.len() >= SENTENCE && is_sentence && breaks_off && one_line
}
