//! Ranges of numbers and dates.

use crate::data::prose::numeral::{end, numerals, stands_alone, value};
use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `2020-2023年` is `2020—2023年`.
pub static MARK: Rule = Rule {
    id: "number/range-mark",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "数或时间的起止用了短横线“-”或“~”",
        en: "a range of numbers or times with a hyphen or a half-width tilde",
    },
    why: Words {
        zh: "时间、地点的起止用一字线“—”，数值的范围用浪纹线“～”；短横线用于编号和复合名词",
        en: "ranges of times and places have `—`, those of numbers `～`; the hyphen is for codes and compounds",
    },
    source: "GB/T 15834-2011 4.13; GB/T 15835-2011 5.1.3",
    wrong: "2018-2022年，每年培训10-20人",
    right: "2018—2022年，每年培训10～20人",
};

/// `10～20万` is `10万～20万`.
pub static UNIT: Rule = Rule {
    id: "number/range-unit",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "数值范围的前一个数省略了“万”“亿”或“%”",
        en: "a range whose first number has lost its 万, 亿 or %",
    },
    why: Words {
        zh: "省略后前一个数会被读错：“10～20万”是十至二十万，还是十万至二十万",
        en: "it can be misread: is it ten, or ten times ten thousand",
    },
    source: "GB/T 15835-2011 5.1.3",
    wrong: "投资10～20万元",
    right: "投资10万～20万元",
};

fn is_half_mark(c: char) -> bool {
    matches!(c, '-' | '–' | '－' | '−' | '~' | '〜')
}

/// What a number of a range counts.
#[derive(Copy, Clone, Eq, PartialEq)]
enum Kind {
    Time,
    Number,
}

/// The kind of the unit at an index.
fn kind(passage: &Passage<'_>, at: usize) -> Option<Kind> {
    let c = passage.at(at)?;
    if passage.has(at, "学年") {
        return Some(Kind::Time);
    }
    // 3-201号, 1-2班 are names of places.
    match c {
        '年' | '月' | '日' | '时' | '点' => Some(Kind::Time),
        _ if "人名位个家项次天周岁元万亿%％‰米公吨亩篇场件页倍度℃分秒小厘毫千"
            .contains(c) =>
        {
            Some(Kind::Number)
        }
        _ => None,
    }
}

/// Finds ranges with other marks than `—` and `～`.
pub fn find_mark(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for first in numerals(passage).filter(|first| stands_alone(passage, first.start)) {
        let Some((mark, second, kind)) = range(passage, first.start, first.end) else {
            continue;
        };
        let written = passage.read(first.start..second);
        let c = passage.letters[mark].c;
        let right = match kind {
            Kind::Time => '—',
            Kind::Number => '～',
        };
        let better = written.replace(c, &right.to_string());
        let message = text!(
            "「{written}」的起止应写作「{better}」",
            "the range `{written}` should be `{better}`"
        );
        let range = passage.span(first.start, second - 1);
        slips.push(Slip::new(&MARK, range, message));
    }
}

/// The mark of a range that starts with a number, the end of its second number, and what
/// it counts.
fn range(passage: &Passage<'_>, start: usize, to: usize) -> Option<(usize, usize, Kind)> {
    if passage.at(to) == Some(':') {
        return times(passage, to);
    }
    // `2020年-2023年`: the unit may be said twice.
    let unit = kind(passage, to);
    let mark = if unit.is_some() { to + 1 } else { to };
    if !passage.at(mark).is_some_and(is_half_mark)
        || !passage.after(mark).is_some_and(|c| c.is_ascii_digit())
    {
        return None;
    }
    let second = end(passage, mark + 1);
    let kind = kind(passage, second)?;
    let years = passage.at(second) == Some('年');
    let year = |from: usize, to: usize| {
        to - from == 4 && matches!(passage.at(from), Some('1' | '2'))
    };
    // `GB/T 9704-2012年版` is no range.
    let sound = !years || unit.is_some() || !year(mark + 1, second) || year(start, to);
    sound.then_some((mark, second, kind))
}

/// `9:00-10:30` in a text; alone in a field it is data that templates write out.
fn times(passage: &Passage<'_>, colon: usize) -> Option<(usize, usize, Kind)> {
    let digits = |from: usize| passage.end_of(from, |c| c.is_ascii_digit());
    let mark = digits(colon + 1);
    let hour = digits(mark + 1);
    let to = digits(hour + 1);
    let sound = passage.role != Role::Phrase
        && mark == colon + 3
        && passage.at(mark).is_some_and(is_half_mark)
        && hour > mark + 1
        && passage.at(hour) == Some(':')
        && to == hour + 3;
    sound.then_some((mark, to, Kind::Time))
}

/// Finds ranges with 万, 亿 or % behind the second number only.
pub fn find_unit(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for first in numerals(passage).filter(|first| stands_alone(passage, first.start)) {
        let mark = first.end;
        let joins = |c: char| is_half_mark(c) || matches!(c, '—' | '～' | '至');
        if !passage.at(mark).is_some_and(joins)
            || passage.before(first.start) == Some('第')
        {
            continue;
        }
        let to = end(passage, mark + 1);
        let unit = passage.at(to).filter(|c| matches!(c, '万' | '亿' | '%' | '％' | '‰'));
        let (Some(unit), Some(low), Some(high)) =
            (unit, value(passage, first.clone()), value(passage, mark + 1..to))
        else {
            continue;
        };
        if low < high {
            let (a, b) = (passage.read(first.clone()), passage.read(mark..to));
            let message = text!(
                "「{a}{b}{unit}」应写作「{a}{unit}{b}{unit}」",
                "`{a}{b}{unit}` should be `{a}{unit}{b}{unit}`"
            );
            slips.push(Slip::new(&UNIT, passage.span(first.start, to), message));
        }
    }
}
