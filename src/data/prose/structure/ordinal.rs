//! Numbers before headings and items.

use crate::data::prose::character::is_han_digit;
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `一.` is `一、`.
pub static RULE: Rule = Rule {
    id: "structure/ordinal",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "序次语后面的标点不对",
        en: "the wrong mark behind the number of a heading or item",
    },
    why: Words {
        zh: "“一”后用顿号，“1”后用下脚点，“（一）”“（1）”“①”后不用点号，“第一”后用逗号",
        en: "一 takes 、, 1 takes `.`, （一）, （1） and ① take none, 第一 takes ，",
    },
    source: "GB/T 15834-2011 附录B",
    wrong: "（一）、加强领导",
    right: "（一）加强领导",
};

/// Finds numbers at the start of a passage and of its lines, and 第一、 at the start of a
/// sentence.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let mut starts = true;
    for (at, letter) in passage.letters.iter().enumerate() {
        let first = at == 0 || passage.before(at) == Some('\n');
        if first {
            slips.extend(numbered(passage, at).map(|found| slip(passage, found)));
        }
        if letter.c == '第' && starts {
            slips.extend(of_words(passage, at).map(|found| slip(passage, found)));
        }
        starts =
            matches!(letter.c, '。' | '；' | '：' | '\n') || (starts && letter.c == '“');
    }
}

/// A number with its mark, as it is and as it should be: from, to, and the right words.
struct Found {
    from: usize,
    to: usize,
    right: String,
}

fn slip(passage: &Passage<'_>, found: Found) -> Slip {
    let written = passage.read(found.from..found.to);
    let right = found.right;
    let message = text!(
        "序次语「{written}」应写作「{right}」",
        "the number `{written}` should be `{right}`"
    );
    Slip::new(&RULE, passage.span(found.from, found.to - 1), message)
}

fn is_number(c: char) -> bool {
    is_han_digit(c) || matches!(c, '十' | '百')
}

fn numbered(passage: &Passage<'_>, from: usize) -> Option<Found> {
    let c = passage.at(from)?;
    let bracket = matches!(c, '（' | '(');
    let start = from + usize::from(bracket);
    let han = passage.end_of(start, is_number);
    let digits = passage.end_of(start, |c| c.is_ascii_digit());
    let to = han.max(digits);
    let circled = matches!(c, '①'..='⑳');
    if circled || (bracket && to > start && matches!(passage.at(to), Some('）' | ')'))) {
        let mark = if circled { from + 1 } else { to + 1 };
        let stop = matches!(passage.at(mark), Some('、' | '.' | '．' | '，'));
        let right = passage.read(from..mark).replace('(', "（").replace(')', "）");
        let ends = passage.at(mark + 1).is_some();
        return (stop && ends).then_some(Found { from, to: mark + 1, right });
    }
    let next = passage.at(to + 1)?;
    let number = passage.read(from..to);
    let mark = passage.at(to)?;
    let right = match mark {
        '.' | '．' if han > from && !next.is_ascii_digit() => format!("{number}、"),
        // 1、2号楼 are two numbers.
        '、' if digits > from && to - from <= 2 && !next.is_ascii_digit() => {
            format!("{number}.")
        }
        _ => return None,
    };
    (!bracket).then_some(Found { from, to: to + 1, right })
}

/// 第一、 is 第一， unless more numbers follow: 第一、第二产业.
fn of_words(passage: &Passage<'_>, from: usize) -> Option<Found> {
    let to = passage.end_of(from + 1, is_number);
    let next = passage.at(to + 1)?;
    let list = next == '第' || is_number(next) || next.is_ascii_digit();
    let wrong = to > from + 1 && passage.at(to) == Some('、') && !list;
    let right = format!("{}，", passage.read(from..to));
    wrong.then_some(Found { from, to: to + 1, right })
}
