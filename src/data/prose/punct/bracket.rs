//! Half-width brackets around or beside Han characters.

use crate::data::prose::character::{closes, is_han, is_latin, is_stop};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `学会(协会)` is `学会（协会）`.
pub static RULE: Rule = Rule {
    id: "punct/bracket",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "半角的括号里面或外面是汉字",
        en: "half-width brackets around or beside Han characters",
    },
    why: Words {
        zh: "中文的括号是全角的，前后两个要成对；半角括号贴着汉字，高低和间距都不合",
        en: "Chinese brackets are full-width, both of a pair; half-width ones stand too close to Han characters and at another height",
    },
    source: "GB/T 15834-2011 4.9, 5.1",
    wrong: "所属学会(协会)全部达标",
    right: "所属学会（协会）全部达标",
};

/// Finds pairs of which at least one bracket is half-width.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    if !passage.letters.iter().any(|letter| matches!(letter.c, '(' | ')')) {
        return;
    }
    let (pairs, balanced) = pairs(passage);
    if passage.is_latin() || passage.is_citation() {
        return;
    }
    for (open, close) in pairs {
        let is_half = |at: usize| matches!(passage.at(at), Some('(' | ')'));
        let wrong = match (is_half(open), is_half(close)) {
            (true, true) => is_chinese(passage, open, close),
            // One of each: not where `a）` and `b）` may stand for themselves.
            (true, false) | (false, true) => balanced,
            (false, false) => false,
        };
        if wrong {
            slips.push(slip(passage, open, close));
        }
    }
}

/// The indices of brackets that belong together, and whether all do.
fn pairs(passage: &Passage<'_>) -> (Vec<(usize, usize)>, bool) {
    let (mut open, mut pairs, mut balanced) = (Vec::new(), Vec::new(), true);
    for (at, letter) in passage.letters.iter().enumerate() {
        match letter.c {
            '(' | '（' => open.push(at),
            ')' | '）' => match open.pop() {
                Some(start) => pairs.push((start, at)),
                None => balanced = false,
            },
            _ => {}
        }
    }
    (pairs, balanced && open.is_empty())
}

/// Whether a half-width pair belongs to Chinese; not `f(x)` or `(0, 1)`.
fn is_chinese(passage: &Passage<'_>, open: usize, close: usize) -> bool {
    let inside = &passage.letters[open + 1..close];
    if inside.iter().any(|letter| is_han(letter.c)) {
        return !is_gloss(passage, open, close);
    }
    let formula = |c: char| "=+*/<>^|".contains(c);
    let is_formula = inside.iter().any(|letter| formula(letter.c))
        || (inside.iter().any(|letter| letter.c == ',')
            && inside.iter().all(|letter| !letter.c.is_ascii_alphabetic()));
    if is_formula || inside.is_empty() {
        return false;
    }
    let ends_words = |c: char| is_han(c) || is_stop(c) || closes(c);
    match passage.before(open) {
        Some(c) if ends_words(c) => true,
        Some(c) if is_latin(c) || matches!(c, ')' | ']' | '}' | '_') => false,
        _ => passage.after(close).is_some_and(is_han),
    }
}

/// Whether it is a Chinese word in a Latin sentence: `Xinchang (新昌) is`.
fn is_gloss(passage: &Passage<'_>, open: usize, close: usize) -> bool {
    let latin = |at: usize| passage.at(at).is_some_and(|c| c.is_ascii_alphabetic());
    let space = |at: usize| passage.at(at) == Some(' ');
    open >= 2
        && space(open - 1)
        && latin(open - 2)
        && space(close + 1)
        && latin(close + 2)
}

fn slip(passage: &Passage<'_>, open: usize, close: usize) -> Slip {
    let (a, b) = (passage.letters[open].c, passage.letters[close].c);
    let message =
        text!("半角的「{a}{b}」应为「（）」", "the brackets `{a}{b}` should be `（）`");
    let half = if a == '(' { open } else { close };
    Slip::new(&RULE, passage.span(half, half), message)
        .mend(passage, open..open + 1, "（")
        .mend(passage, close..close + 1, "）")
}
