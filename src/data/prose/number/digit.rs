//! Digits: full-width ones, missing zeros, groups of three.

use std::cell::LazyCell;
use std::ops::Range;

use crate::data::prose::character::{is_han, is_latin, opens};
use crate::data::prose::numeral::{numerals, stands_alone};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `２０２３` is `2023`.
pub static FULL_WIDTH: Rule = Rule {
    id: "number/full-width",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words { zh: "全角的数字", en: "full-width digits" },
    why: Words {
        zh: "阿拉伯数字用半角；全角数字间距过大，也不能按数查找和排序",
        en: "digits are half-width; full-width ones stand too far apart and are not found or sorted as numbers",
    },
    source: "GB/T 15835-2011 5.1.7",
    wrong: "共有会员８７１６人",
    right: "共有会员8716人",
};

/// `.5` is `0.5`.
pub static LEADING_ZERO: Rule = Rule {
    id: "number/leading-zero",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "纯小数缺少小数点前的“0”",
        en: "a decimal without the zero before its point",
    },
    why: Words {
        zh: "小于1的小数必须写出小数点前定位的“0”",
        en: "the zero before the point must be written",
    },
    source: "GB/T 15835-2011 5.1.2",
    wrong: "提高（.9个百分点）",
    right: "提高（0.9个百分点）",
};

/// `1,286` beside `43000`.
pub static GROUPING: Rule = Rule {
    id: "number/grouping",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一段文字里多位数有的分节、有的不分，或分节的位数不对，或七位以上不分节",
        en: "long numbers of a text that are grouped here and not there, in groups that are not of three, or of seven digits and more without groups",
    },
    why: Words {
        zh: "多位数从右边起每三位一节，同一文本里写法一致；数很大时用“万”“亿”",
        en: "digits are grouped in threes from the right, in one way throughout a text; of very large numbers, 万 and 亿 make them readable",
    },
    source: "GB/T 15835-2011 5.1.1, 5.3",
    wrong: "培训12,860人，参与43000人",
    right: "培训12 860人，参与43 000人",
};

fn narrow(c: char) -> Option<char> {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0),
        '．' => Some('.'),
        '％' => Some('%'),
        _ => c.is_ascii_digit().then_some(c),
    }
}

/// Finds numbers with full-width digits, points and per cent signs.
pub fn find_full_width(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let wide = |c: char| matches!(c, '０'..='９' | '％');
    let mut from = 0;
    while let Some(first) = passage.letters[from..].iter().position(|l| wide(l.c)) {
        let start = passage.start_of(from + first, |c| c.is_ascii_digit());
        let to = end(passage, start);
        from = to.max(from + first + 1);
        let written = passage.read(start..to);
        let plain = passage.letters[start..to].iter().all(|letter| letter.is_plain());
        if plain && written.chars().any(wide) {
            let half: String = written.chars().filter_map(narrow).collect();
            let message = text!(
                "全角的「{written}」应为「{half}」",
                "the full-width `{written}` should be `{half}`"
            );
            let slip = Slip::new(&FULL_WIDTH, passage.span(start, to - 1), message);
            slips.push(slip.mend(passage, start..to, &half));
        }
    }
}

/// The end of a number with full-width digits: a point stands between digits, a per cent
/// sign behind one.
fn end(passage: &Passage<'_>, start: usize) -> usize {
    let digit = |c: Option<char>| {
        c.is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
    };
    let mut at = start;
    loop {
        at += match passage.at(at) {
            c if digit(c) => 1,
            Some('．') if digit(passage.before(at)) && digit(passage.after(at)) => 1,
            Some('％') if digit(passage.before(at)) => 1,
            _ => return at,
        }
    }
}

/// Finds points with digits behind and none before them. Behind Han it may be a full stop,
/// which somebody has to decide.
pub fn find_leading_zero(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let citation = LazyCell::new(|| passage.is_citation());
    for (at, letter) in passage.letters.iter().enumerate() {
        let digit = passage.after(at).is_some_and(|c| c.is_ascii_digit());
        if letter.c != '.' || !letter.is_plain() || !digit || *citation {
            continue;
        }
        let end = passage.end_of(at + 1, |c| c.is_ascii_digit());
        let number = passage.read(at..end);
        let starts = passage.before(at).is_none_or(|c| {
            opens(c)
                || matches!(
                    c,
                    ' ' | '(' | '<' | '=' | '～' | '，' | '、' | '：' | '\u{3000}'
                )
        });
        let tail = passage.at(end);
        if tail.is_some_and(|c| matches!(c, '.' | '_' | '-') || is_latin(c)) {
            continue;
        }
        let message =
            text!("「{number}」应写作「0{number}」", "`{number}` should be `0{number}`");
        let slip = Slip::new(&LEADING_ZERO, passage.span(at, end - 1), message);
        if starts {
            slips.push(slip.mend(passage, at..at + 1, "0."));
        } else if passage.before(at).is_some_and(is_han)
            && tail.is_some_and(|c| is_han(c) || c == '%')
        {
            slips.push(slip);
        }
    }
}

/// Finds numbers that are grouped otherwise than others of the passage, or badly.
pub fn find_grouping(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let mut grouped = None;
    let mut plain = None;
    for numeral in numerals(passage).filter(|n| counts(passage, n)) {
        let written = passage.read(numeral.clone());
        let whole = written.split('.').next().unwrap_or_default();
        let mut groups = whole.split(',').skip(1).peekable();
        if groups.peek().is_some() {
            if groups.all(|group| group.len() == 3) {
                grouped.get_or_insert(numeral);
            } else if whole.split(',').nth(1).is_some_and(|group| group.len() == 4) {
                slips.push(badly_grouped(passage, &numeral, &written));
            }
        } else if whole.len() >= 7 {
            slips.push(not_grouped(passage, &numeral, &written));
        } else if whole.len() >= 5 {
            plain.get_or_insert(numeral);
        }
    }
    if let (Some(grouped), Some(plain)) = (grouped, plain) {
        let (one, other) = (passage.read(grouped), passage.read(plain.clone()));
        let message = text!(
            "「{other}」没有分节，同一段里的「{one}」分了节：写法应一致",
            "`{other}` is not grouped while `{one}` in the same text is: write them alike"
        );
        let range = passage.span(plain.start, plain.end - 1);
        slips.push(Slip::new(&GROUPING, range, message));
    }
}

/// Whether a number counts something: 人, 元.
fn counts(passage: &Passage<'_>, numeral: &Range<usize>) -> bool {
    numeral.len() >= 5
        && stands_alone(passage, numeral.start)
        && passage
            .at(numeral.end)
            .is_some_and(|c| "人元个吨米亩户件册份次家名平".contains(c))
}

fn badly_grouped(passage: &Passage<'_>, numeral: &Range<usize>, written: &str) -> Slip {
    let message = text!(
        "「{written}」分节不对：从右边起每三位一节",
        "`{written}` is badly grouped: three digits from the right make a group"
    );
    Slip::new(&GROUPING, passage.span(numeral.start, numeral.end - 1), message)
}

fn not_grouped(passage: &Passage<'_>, numeral: &Range<usize>, written: &str) -> Slip {
    let message = text!(
        "「{written}」位数太多，不好读：每三位分节，或用“万”“亿”",
        "`{written}` is hard to read: group it in threes, or use 万 or 亿"
    );
    Slip::new(&GROUPING, passage.span(numeral.start, numeral.end - 1), message)
}
