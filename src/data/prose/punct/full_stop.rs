//! Half-width full stops behind Han characters.

use std::cell::LazyCell;

use crate::data::prose::character::{closes, is_han, is_han_digit};
use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `取得了成绩.` is `取得了成绩。`
pub static RULE: Rule = Rule {
    id: "punct/full-stop",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "汉语的句子用半角的“.”结束",
        en: "a Chinese sentence that ends with a half-width `.`",
    },
    why: Words {
        zh: "汉语的句号是“。”；“.”是小数点和西文的句点",
        en: "the full stop of Chinese is `。`; `.` is a decimal point and that of Latin text",
    },
    source: "GB/T 15834-2011 4.1",
    wrong: "取得了显著成绩.",
    right: "取得了显著成绩。",
};

/// How many Han characters there are on both sides of a stop between two clauses; the
/// parts of a name are shorter.
const CLAUSE: usize = 7;

/// Finds stops behind Han; those that may be the dot of a name are not mended.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    if passage.role == Role::Name {
        return;
    }
    let citation = LazyCell::new(|| passage.is_citation());
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '.' || !letter.is_plain() || !ends_words(passage, at) {
            continue;
        }
        let after = passage.after(at);
        let ends = after.is_none_or(|c| {
            c.is_whitespace() || closes(c) || matches!(c, ')' | '"' | '\'')
        });
        let clauses = after.is_some_and(is_han) && clauses(passage, at);
        if (ends || clauses) && !*citation {
            let message = text!(
                "句末的半角「.」应为「。」",
                "the `.` that ends a sentence should be `。`"
            );
            let slip = Slip::new(&RULE, letter.range.clone(), message);
            slips.push(slip.mend(passage, at..at + 1, "。"));
        }
    }
}

/// Whether Chinese words end before an index, and they are no number of a heading.
fn ends_words(passage: &Passage<'_>, at: usize) -> bool {
    let Some(before) = passage.before(at) else { return false };
    let start = passage.start_of(at, |c| is_han_digit(c) || matches!(c, '十' | '百'));
    let numbers = start < at && passage.before(start).is_none_or(|c| !is_han(c));
    (is_han(before) || closes(before)) && !numbers
}

/// Whether long runs of Han stand on both sides.
fn clauses(passage: &Passage<'_>, at: usize) -> bool {
    let before = at - passage.start_of(at, is_han);
    let after = passage.end_of(at + 1, is_han) - (at + 1);
    before >= CLAUSE && after >= CLAUSE
}
