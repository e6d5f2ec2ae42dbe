//! Years: four digits, and the shape of zero.

use crate::data::prose::character::is_han_digit;
use crate::data::prose::numeral::{numerals, stands_alone, whole};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `23年3月` is `2023年3月`.
pub static SHORT: Rule = Rule {
    id: "number/short-year",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words { zh: "年份只写了两位数字", en: "a year of two digits" },
    why: Words {
        zh: "公历年份应写全四位，不能简写",
        en: "years are written with all four digits",
    },
    source: "GB/T 15835-2011 5.1.4",
    wrong: "23年3月28日召开",
    right: "2023年3月28日召开",
};

/// `二零二三年` is `二〇二三年`.
pub static ZERO: Rule = Rule {
    id: "number/zero-in-year",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "汉字年份里的“0”写作“零”",
        en: "零 as the zero of a year in Chinese",
    },
    why: Words {
        zh: "编号、年份里的“0”用“〇”，计量的数里用“零”",
        en: "the zero of years and numbers of things is 〇, that of amounts is 零",
    },
    source: "GB/T 15835-2011 5.2.5",
    wrong: "二零二三年三月",
    right: "二〇二三年三月",
};

/// `二○二三年`, with a circle, is `二〇二三年`.
pub static ZERO_SHAPE: Rule = Rule {
    id: "number/zero-shape",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "汉字年份里的“〇”写成了圆圈“○”、字母“O”或数字“0”",
        en: "a circle, the letter O or the digit 0 as the zero of a year in Chinese",
    },
    why: Words {
        zh: "“〇”（U+3007）是汉字，与圆圈、字母的大小和字体都不同",
        en: "〇 (U+3007) is a Han character, of another size and face than a circle or a letter",
    },
    source: "GB/T 15835-2011 5.2.5",
    wrong: "二○二三年",
    right: "二〇二三年",
};

/// What a length of time stands behind: `历时10年3个月`.
const LENGTHS: [&str; 10] =
    ["历时", "为期", "用时", "耗时", "任期", "刑期", "满", "共", "约", "近"];

/// Finds years of two digits before a month, or with 度.
pub fn find_short(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for numeral in numerals(passage).filter(|numeral| numeral.len() == 2) {
        let (start, year) = (numeral.start, numeral.end);
        if passage.at(year) != Some('年') || !stands_alone(passage, start) {
            continue;
        }
        let month = whole(passage, year + 1).is_some_and(|(month, end)| {
            (1..=12).contains(&month) && passage.at(end) == Some('月')
        });
        let dated = month || passage.has(year + 1, "度");
        let length = LENGTHS.iter().any(|word| passage.has_before(start, word))
            || matches!(passage.before(start), Some('第' | '~' | '～' | '·'));
        if dated && !length {
            let written = passage.read(start..year + 1);
            let message = text!(
                "「{written}」应写全四位，如「20{written}」",
                "`{written}` should have four digits, like `20{written}`"
            );
            slips.push(Slip::new(&SHORT, passage.span(start, year), message));
        }
    }
}

/// What stands for the zero of a year by mistake.
fn is_shape(c: char) -> bool {
    matches!(c, '○' | '◯' | 'O' | 'o' | '0' | 'Ｏ' | 'ｏ' | '０' | 'О' | '⭕')
}

/// The years in Chinese of four characters, as the index of the first.
fn years<'a>(
    passage: &'a Passage<'_>,
    such: fn(char) -> bool,
) -> impl Iterator<Item = usize> + 'a {
    let ends = passage.letters.iter().enumerate().filter(|(_, l)| l.c == '年');
    ends.filter_map(move |(at, _)| {
        let start = passage.start_of(at, such);
        (at - start == 4).then_some(start)
    })
}

/// Finds years with 零.
pub fn find_zero(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for start in years(passage, is_han_digit) {
        let written = passage.read(start..start + 5);
        if written.contains('零') {
            let right = written.replace('零', "〇");
            let message = text!(
                "「{written}」应写作「{right}」",
                "`{written}` should be `{right}`"
            );
            slips.push(Slip::new(&ZERO, passage.span(start, start + 4), message));
        }
    }
}

/// Finds years with something round in the place of 〇.
pub fn find_zero_shape(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for start in years(passage, |c| is_han_digit(c) || is_shape(c)) {
        let written = passage.read(start..start + 4);
        let han = written.chars().filter(|c| is_han_digit(*c)).count();
        let plain = passage.letters[start..start + 4].iter().all(|l| l.is_plain());
        let starts = passage.at(start).is_some_and(is_han_digit);
        if starts && plain && (2..4).contains(&han) {
            let right: String =
                written.chars().map(|c| if is_shape(c) { '〇' } else { c }).collect();
            let message = text!(
                "「{written}年」应写作「{right}年」",
                "`{written}年` should be `{right}年`"
            );
            let slip = Slip::new(&ZERO_SHAPE, passage.span(start, start + 3), message);
            slips.push(slip.mend(passage, start..start + 4, &right));
        }
    }
}
