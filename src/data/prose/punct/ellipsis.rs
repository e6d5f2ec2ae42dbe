//! Ellipses that are not six dots.

use crate::data::prose::character::{is_chinese, is_han};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `等等...` is `等等……`.
pub static RULE: Rule = Rule {
    id: "punct/ellipsis",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "省略号写成了“...”“。。。”或单个“…”",
        en: "an ellipsis written `...`, `。。。` or as a single `…`",
    },
    why: Words {
        zh: "省略号是六个连点，占两个字的位置",
        en: "the ellipsis of Chinese is six dots, two characters wide",
    },
    source: "GB/T 15834-2011 4.11, 5.1",
    wrong: "科技、文化、教育...",
    right: "科技、文化、教育……",
};

/// `……等` says the same twice.
pub static AND_SO_ON: Rule = Rule {
    id: "punct/ellipsis-and-so-on",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "省略号后面又用了“等”", en: "an ellipsis with 等 behind it"
    },
    why: Words {
        zh: "省略号表示列举未尽，“等”也是；只用一个",
        en: "both say that there is more: one of them is enough",
    },
    source: "GB/T 15834-2011 4.11",
    wrong: "苹果、梨、桃……等水果",
    right: "苹果、梨、桃等水果",
};

/// The most dots that are an ellipsis; more are the leader of a table of contents.
const MOST: usize = 9;

/// Finds runs of dots that stand for an ellipsis beside Chinese.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let mut from = 0;
    while from < passage.letters.len() {
        let c = passage.letters[from].c;
        if !matches!(c, '.' | '。' | '…' | '·' | '・' | '．') {
            from += 1;
            continue;
        }
        let to = passage.end_of(from, |other| other == c);
        if is_slip(passage, c, from, to) {
            let written = passage.read(from..to);
            let message = text!(
                "「{written}」应为省略号「……」",
                "`{written}` should be the ellipsis `……`"
            );
            let slip = Slip::new(&RULE, passage.span(from, to - 1), message);
            slips.push(slip.mend(passage, from..to, "……"));
        }
        from = to;
    }
}

fn is_slip(passage: &Passage<'_>, c: char, from: usize, to: usize) -> bool {
    let count = to - from;
    let long = match c {
        // Two are an ellipsis, four stand for whole paragraphs.
        '…' => count != 2 && count != 4,
        _ => (3..=MOST).contains(&count),
    };
    let before = passage.before(from);
    let chinese = |c: Option<char>| c.is_some_and(is_chinese);
    let starts = before.is_none_or(char::is_whitespace);
    long && (chinese(before) || (starts && passage.at(to).is_some_and(is_han)))
}

/// Finds 等 behind the ellipsis of a list.
pub fn find_and_so_on(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '等' || passage.before(at) != Some('…') {
            continue;
        }
        // `……等我回来` is a verb.
        let verb =
            passage.after(at).is_some_and(|c| "我你他她到着待候一会了".contains(c));
        let start = passage.start_of(at, |c| !matches!(c, '。' | '！' | '？' | '\n'));
        let list = passage.letters[start..at].iter().any(|letter| letter.c == '、');
        if list && !verb {
            let message = text!(
                "「……」之后不再用「等」：删去其中一个",
                "no 等 behind `……`: leave one of them out"
            );
            slips.push(Slip::new(&AND_SO_ON, passage.span(at - 1, at), message));
        }
    }
}
