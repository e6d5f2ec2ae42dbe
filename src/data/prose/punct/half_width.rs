//! Half-width stops beside Han characters.

use std::cell::LazyCell;

use crate::data::prose::character::{is_chinese, is_han, is_latin};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `五年来,在` is `五年来，在`.
pub static RULE: Rule = Rule {
    id: "punct/half-width",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "汉字旁边用了半角的逗号、分号、冒号、问号或叹号",
        en: "a half-width comma, semicolon, colon, question or exclamation mark beside Han characters",
    },
    why: Words {
        zh: "中文的标点占一个字的位置；半角标点挤在字间，也不参与标点挤压和避头尾",
        en: "Chinese marks take the width of a character; half-width ones crowd the text and escape the rules of line breaking",
    },
    source: "GB/T 15834-2011 5.1",
    wrong: "五年来,在县委领导下",
    right: "五年来，在县委领导下",
};

fn full_width(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        _ => return None,
    })
}

/// Finds half-width stops with Chinese on a side, not between digits or in Latin.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let citation = LazyCell::new(|| passage.is_citation());
    let mut from = 0;
    while from < passage.letters.len() {
        let to = passage.end_of(from, |c| full_width(c).is_some());
        if to > from && is_slip(passage, from, to) && !*citation {
            slips.push(slip(passage, from, to));
        }
        from = to.max(from + 1);
    }
}

/// Whether a run of half-width stops belongs to Chinese.
fn is_slip(passage: &Passage<'_>, from: usize, to: usize) -> bool {
    let (before, after) = (passage.before(from), passage.at(to));
    let touches = |c: Option<char>| c.is_some_and(is_chinese);
    // `5!的` is a factorial.
    let factorial = passage.has(from, "!") && before.is_some_and(|c| c.is_ascii_digit());
    // The one that `GDP, 我们` has stands in Chinese if there is Chinese before the word.
    let word = passage.start_of(from, is_latin);
    let spaced = word < from
        && touches(passage.before(word))
        && after == Some(' ')
        && passage.at(to + 1).is_some_and(is_han);
    touches(before)
        || spaced
        || (touches(after) && !before.is_none_or(char::is_whitespace) && !factorial)
}

fn slip(passage: &Passage<'_>, from: usize, to: usize) -> Slip {
    let c = passage.read(from..to);
    let wide: String = c.chars().filter_map(full_width).collect();
    let message =
        text!("半角的“{c}”应为“{wide}”", "the half-width `{c}` should be `{wide}`");
    Slip::new(&RULE, passage.span(from, to - 1), message).mend(passage, from..to, &wide)
}
