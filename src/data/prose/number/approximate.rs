//! Numbers that are about right.

use crate::data::prose::character::{han_digit, is_han};
use crate::data::prose::numeral::{end, is_han_number};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `近20余人` is `近20人` or `20余人`.
pub static TWICE: Rule = Rule {
    id: "number/approximate-twice",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一个概数说了两次“大约”：近…余、约…左右",
        en: "a number that is said twice to be approximate: 近…余, 约…左右",
    },
    why: Words {
        zh: "“近”是不到，“余”是超过，两者矛盾；“约”与“左右”重复",
        en: "近 is less and 余 is more: they contradict each other; 约 and 左右 say the same",
    },
    source: "GB/T 15835-2011 5.2.1; 现代汉语词典",
    wrong: "参加培训的约300人左右",
    right: "参加培训的约300人",
};

/// `二、三人` is `二三人`.
pub static COMMA: Rule = Rule {
    id: "number/approximate-comma",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "相邻两个数表示的概数中间用了顿号",
        en: "a comma between two neighbouring numbers that mean `about`",
    },
    why: Words {
        zh: "两个数字连用表示概数，中间不用顿号；用了就成了并列的两个数",
        en: "two numbers in a row mean `about`; with a comma they are two numbers",
    },
    source: "GB/T 15834-2011 4.5.3.4; GB/T 15835-2011 5.2.1",
    wrong: "每组三、四人",
    right: "每组三四人",
};

/// A word that says `about` or `more than`, and the characters before which it is part of
/// another word.
const BEFORE: &[(&str, &str)] = &[
    ("近", "最附靠临邻远亲就相"),
    ("约", "公条节签预合制邀相解违履契婚赴失简集特隐纽"),
    ("超过", ""),
    ("逾", ""),
    ("超", "赶反高"),
];

/// Finds numbers with such words on both sides.
pub fn find_twice(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if !matches!(letter.c, '近' | '约' | '超' | '逾') {
            continue;
        }
        let known = BEFORE.iter().find(|(word, _)| passage.has(at, word));
        let Some((word, parts)) = known else { continue };
        if passage.before(at).is_some_and(|c| parts.contains(c)) {
            continue;
        }
        let number = at + word.chars().count();
        let to = number_end(passage, number);
        let Some((tail, length)) = tail(passage, number, to) else { continue };
        // `近30多年` is the time that has passed.
        let recent = *word == "近" && is_time(passage, to);
        if to > number && !recent {
            let all = passage.read(at..tail + length);
            let last = passage.read(tail..tail + length);
            let message = text!(
                "「{all}」里「{word}」和「{last}」只用一个",
                "`{all}`: 「{word}」 or 「{last}」, not both"
            );
            slips.push(Slip::new(&TWICE, passage.span(at, tail + length - 1), message));
        }
    }
}

/// The end of a number in digits or in Chinese.
fn number_end(passage: &Passage<'_>, start: usize) -> usize {
    let power = |c: char| matches!(c, '万' | '亿');
    let digits = passage.end_of(end(passage, start), power);
    digits.max(passage.end_of(start, |c| is_han_number(c) || power(c)))
}

/// Where 余, 多 or 左右 stands behind a number, and its length.
fn tail(passage: &Passage<'_>, number: usize, to: usize) -> Option<(usize, usize)> {
    if number == to {
        return None;
    }
    if matches!(passage.at(to), Some('余' | '多')) {
        return Some((to, 1));
    }
    let words = passage.end_of(to, is_han).min(to + 5);
    let about = |at: &usize| passage.has(*at, "左右") || passage.has(*at, "上下");
    (to..words).find(about).map(|at| (at, 2))
}

fn is_time(passage: &Passage<'_>, to: usize) -> bool {
    let to = passage.end_of(to, |c| matches!(c, '余' | '多' | '个'));
    passage.at(to).is_some_and(|c| "年月天日周届载代".contains(c))
}

/// Finds 三、四人: neighbouring numbers, not two of a list.
pub fn find_comma(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '、' {
            continue;
        }
        let digit = |c: Option<char>| c.and_then(han_digit).filter(|value| *value > 0);
        let (Some(low), Some(high)) =
            (digit(passage.before(at)), digit(passage.after(at)))
        else {
            continue;
        };
        let before = at.checked_sub(2).and_then(|at| passage.at(at));
        // `第二、三章`, `一、二、三等奖`, `十二、三人` and numbers of headings.
        let alone = before.is_some_and(|c| is_han(c) && !is_han_number(c) && c != '第');
        let counts = passage
            .at(at + 2)
            .is_some_and(|c| "十百千万人个天年位家岁里名项种次件所座".contains(c))
            && !["年级", "位间", "位之间"].iter().any(|word| passage.has(at + 2, word))
            && passage.at(at + 3) != Some('、');
        if alone && counts && high == low + 1 {
            let written = passage.read(at - 1..at + 3);
            let right = written.replace('、', "");
            let message = text!(
                "概数「{written}」应写作「{right}」",
                "`{written}`, if it means `about`, should be `{right}`"
            );
            slips.push(Slip::new(&COMMA, passage.span(at - 1, at + 2), message));
        }
    }
}
