//! Half-width stops beside Han characters.

use crate::data::prose::character::is_chinese;
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
    for (index, letter) in passage.letters.iter().enumerate() {
        let Some(wide) = full_width(letter.c).filter(|_| letter.is_plain()) else {
            continue;
        };
        let before = passage.before(index);
        let after = passage.after(index);
        let touches = |c: Option<char>| c.is_some_and(is_chinese);
        if touches(before) || (touches(after) && !before.is_none_or(char::is_whitespace))
        {
            let c = letter.c;
            let message = text!(
                "半角的“{c}”应为“{wide}”",
                "the half-width `{c}` should be `{wide}`"
            );
            let range = letter.range.clone();
            slips.push(Slip::new(&RULE, range.clone(), message).edit(range, wide));
        }
    }
}
