//! Digits and Chinese numbers side by side.

use crate::data::prose::character::{is_han, is_han_digit};
use crate::data::prose::numeral::{is_han_number, is_measure, numerals, stands_alone};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `3千5百` is `3500`.
pub static MIXED_NUMERAL: Rule = Rule {
    id: "number/mixed-numeral",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一个数里阿拉伯数字与“十”“百”“千”“百分之”混用",
        en: "digits with 十, 百, 千 or 百分之 in one number",
    },
    why: Words {
        zh: "阿拉伯数字只能与“万”“亿”连用；百分数写作“5%”或“百分之五”",
        en: "only 万 and 亿 may stand behind digits; a per cent number is 5% or 百分之五",
    },
    source: "GB/T 15835-2011 5.3",
    wrong: "培训3千5百人",
    right: "培训3500人",
};

/// `三家、4个` are two forms in one list.
pub static MIXED_FORMS: Rule = Rule {
    id: "number/mixed-forms",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一列数量有的用汉字、有的用阿拉伯数字",
        en: "numbers of one list in Chinese and in digits",
    },
    why: Words {
        zh: "同一场合出现的数字，写法应一致",
        en: "numbers that stand together are written in the same form",
    },
    source: "GB/T 15835-2011 前言（局部体例一致）",
    wrong: "建成科普馆三家、科普基地4个",
    right: "建成科普馆3家、科普基地4个",
};

/// What a word that begins with 千, 百 or 十 goes on with: units and names, not numbers.
fn is_word(power: char, next: char) -> bool {
    match power {
        '千' => "兆克米瓦伏赫卡焦帕安牛字斤年佳强企校".contains(next),
        '百' => "分货科姓年佳强校大日".contains(next),
        _ => "大佳强分字堰年周月".contains(next),
    }
}

/// Finds digits before 十, 百, 千 and behind 百分之.
pub fn find_mixed_numeral(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for numeral in numerals(passage) {
        let (start, end) = (numeral.start, numeral.end);
        let power = passage.at(end).filter(|c| matches!(c, '十' | '百' | '千'));
        let number = stands_alone(passage, start)
            && passage.before(start) != Some('第')
            && numeral.len() <= 2;
        let per_cent = passage.has_before(start, "百分之");
        let spelt = power.filter(|power| {
            number && passage.at(end + 1).is_none_or(|next| !is_word(*power, next))
        });
        if per_cent {
            let number = passage.read(numeral);
            let message = text!(
                "「百分之{number}」应写作「{number}%」",
                "`百分之{number}` should be `{number}%`"
            );
            let range = passage.span(start - 3, end - 1);
            slips.push(Slip::new(&MIXED_NUMERAL, range, message));
        } else if spelt.is_some() && !follows_power(passage, start) {
            let to = passage.end_of(end, |c| {
                c.is_ascii_digit() || is_han_digit(c) || matches!(c, '十' | '百' | '千')
            });
            let number = passage.read(start..to);
            let message = text!(
                "「{number}」：阿拉伯数字后面只能用“万”“亿”，其余全部写成数字",
                "`{number}`: only 万 and 亿 may stand behind digits, write the rest in digits"
            );
            let range = passage.span(start, to - 1);
            slips.push(Slip::new(&MIXED_NUMERAL, range, message));
        }
    }
}

/// Whether it is the second part of a number that was found: the 5 of 3千5百.
fn follows_power(passage: &Passage<'_>, start: usize) -> bool {
    let power = passage.before(start).is_some_and(|c| matches!(c, '百' | '千'));
    power && start >= 2 && passage.at(start - 2).is_some_and(|c| c.is_ascii_digit())
}

/// How a number at an end of an item is written.
#[derive(Copy, Clone, Eq, PartialEq)]
struct Count {
    at: usize,
    digits: bool,
    /// 一 and 两, which are words as well as numbers.
    vague: bool,
    measure: char,
    /// Whether it stands at the start of its item.
    first: bool,
}

/// Finds neighbours of a list with counts in both forms.
pub fn find_mixed_forms(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let parts =
        |c: char| matches!(c, '、' | '，' | '。' | '；' | '：' | '！' | '？' | '\n');
    let mut before: Vec<Count> = Vec::new();
    let mut from = 0;
    while from < passage.letters.len() {
        let to = passage.end_of(from, |c| !parts(c));
        let counts = counts(passage, from, to);
        let clash = counts.iter().find_map(|count| {
            let other = before.iter().find(|other| clash(other, count))?;
            Some((*other, *count))
        });
        if let Some((one, other)) = clash {
            slips.push(mixed(passage, one, other));
        }
        before = if passage.at(to) == Some('、') { counts } else { Vec::new() };
        from = to + 1;
    }
}

fn clash(one: &Count, other: &Count) -> bool {
    let vague = one.vague || other.vague;
    one.first == other.first
        && one.digits != other.digits
        && (!vague || one.measure == other.measure)
}

fn mixed(passage: &Passage<'_>, one: Count, other: Count) -> Slip {
    let word = |count: Count| {
        let digit = |c: char| c.is_ascii_digit() || is_han_number(c);
        passage.read(count.at..passage.end_of(count.at, digit) + 1)
    };
    let (a, b) = (word(one), word(other));
    let message = text!(
        "「{a}」和「{b}」写法不一致：都用阿拉伯数字，或都用汉字",
        "`{a}` and `{b}` are written in two forms: use digits for both, or Chinese"
    );
    let end = other.at + b.chars().count() - 1;
    Slip::new(&MIXED_FORMS, passage.span(other.at, end), message)
}

/// The longest word before the count of a first item.
const VERB: usize = 4;

/// The counts at the start and at the end of an item without quotation marks.
fn counts(passage: &Passage<'_>, from: usize, to: usize) -> Vec<Count> {
    let quoted = passage.letters[from..to].iter().any(|l| "“”‘’《》".contains(l.c));
    if quoted || from == to {
        return Vec::new();
    }
    // The first item may begin with what is done: 新建五个学会.
    let opens = passage.before(from) != Some('、');
    let reach = if opens { (from + 1 + VERB).min(to) } else { from + 1 };
    let first = (from..reach).find_map(|at| {
        let inside = at > from
            && passage.before(at).is_some_and(|c| !is_han(c) || is_han_number(c));
        let found = count(passage, at, true).filter(|_| !inside)?;
        (at == from || !found.vague).then_some(found)
    });
    let measure = passage.at(to - 1).filter(|c| is_measure(*c));
    let last = measure.and_then(|_| {
        let digits = passage.start_of(to - 1, |c| c.is_ascii_digit());
        let han = passage.start_of(to - 1, is_han_number);
        count(passage, digits.min(han).max(from), false)
    });
    first.into_iter().chain(last.filter(|last| last.at > from)).collect()
}

fn count(passage: &Passage<'_>, at: usize, first: bool) -> Option<Count> {
    let digits = passage.end_of(at, |c| c.is_ascii_digit());
    let han = passage.end_of(at, is_han_number);
    let end = digits.max(han);
    let measure = passage.at(end).filter(|c| end > at && is_measure(*c))?;
    let ordinal =
        passage.before(at).is_some_and(|c| matches!(c, '第' | '每' | '.' | '-'));
    let vague =
        han == at + 1 && matches!(passage.at(at), Some('一' | '两' | '百' | '千'));
    let count = Count { at, digits: digits > at, vague, measure, first };
    (!ordinal).then_some(count)
}
