//! Units of measurement and money.

use crate::data::prose::character::is_latin;
use crate::data::prose::numeral::{end, numerals};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `5KM` is `5km`.
pub static SPELLING: Rule = Rule {
    id: "number/unit-spelling",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "单位符号的大小写或字符不对",
        en: "the sign of a unit in wrong capitals or characters",
    },
    why: Words {
        zh: "法定单位的符号区分大小写：k 是千，K 是开尔文，M 是兆，m 是米",
        en: "signs of units tell capitals from small letters: k is kilo, K is kelvin, M is mega, m is metre",
    },
    source: "GB 3100-1993",
    wrong: "全程5KM",
    right: "全程5km",
};

/// 公里 and km for one thing.
pub static MIXED: Rule = Rule {
    id: "number/mixed-unit",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一段文字里同一个单位有两种写法",
        en: "one unit written in two ways in one text",
    },
    why: Words {
        zh: "同一场合的计量单位写法应一致：都用中文名称，或都用符号",
        en: "units that stand together are written alike: by name or by sign",
    },
    source: "GB/T 15835-2011 前言（局部体例一致）; GB 3100-1993",
    wrong: "全程12公里，其中隧道3km",
    right: "全程12公里，其中隧道3公里",
};

/// `￥100元` says 元 twice.
pub static CURRENCY: Rule = Rule {
    id: "number/currency-twice",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "金额前有货币符号，后面又写了单位",
        en: "an amount with both a sign and the name of its currency",
    },
    why: Words {
        zh: "货币符号就是“元”，两者只用一个",
        en: "the sign says what the name says: one is enough",
    },
    source: "编校惯例",
    wrong: "每人￥300元",
    right: "每人300元",
};

/// Wrong and right spellings.
const SPELLINGS: &[(&str, &str)] = &[
    ("KM", "km"),
    ("Km", "km"),
    ("kM", "km"),
    ("KG", "kg"),
    ("Kg", "kg"),
    ("kG", "kg"),
    ("CM", "cm"),
    ("Cm", "cm"),
    ("MM", "mm"),
    ("KW", "kW"),
    ("Kw", "kW"),
    ("kw", "kW"),
    ("KV", "kV"),
    ("Kv", "kV"),
    ("kv", "kV"),
    ("KWH", "kW·h"),
    ("Kwh", "kW·h"),
    ("kwh", "kW·h"),
    ("KWh", "kW·h"),
    ("MPA", "MPa"),
    ("Mpa", "MPa"),
    ("mpa", "MPa"),
    ("KPA", "kPa"),
    ("Kpa", "kPa"),
    ("kpa", "kPa"),
    ("HZ", "Hz"),
    ("hz", "Hz"),
    ("KHZ", "kHz"),
    ("Khz", "kHz"),
    ("khz", "kHz"),
    ("KHz", "kHz"),
    ("MHZ", "MHz"),
    ("Mhz", "MHz"),
    ("mhz", "MHz"),
    ("GHZ", "GHz"),
    ("Ghz", "GHz"),
    ("ghz", "GHz"),
    ("KM2", "km²"),
    ("km2", "km²"),
    ("M2", "m²"),
    ("m2", "m²"),
    ("M3", "m³"),
    ("m3", "m³"),
    ("cm2", "cm²"),
    ("oC", "℃"),
    ("ºC", "℃"),
    ("˚C", "℃"),
];

/// Characters that are a whole unit.
fn squared(c: char) -> Option<&'static str> {
    Some(match c {
        '㎡' => "m²",
        '㎥' => "m³",
        '㎞' => "km",
        '㎏' => "kg",
        '㎝' => "cm",
        '㎜' => "mm",
        '㎎' => "mg",
        '㏄' => "mL",
        _ => return None,
    })
}

/// Finds units behind a number, and units that are one character.
pub fn find_spelling(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if let Some(right) = squared(letter.c) {
            slips.push(misspelt(passage, at, at + 1, right));
        }
    }
    for numeral in numerals(passage) {
        let (start, to) = (numeral.start, numeral.end);
        let number = passage.before(start).is_none_or(|c| !is_latin(c));
        let at = to + usize::from(passage.at(to) == Some(' '));
        let word = passage.end_of(at, |c| is_latin(c) || matches!(c, 'º' | '˚'));
        if number && (2..=3).contains(&(word - at)) {
            let written = passage.read(at..word);
            let known = SPELLINGS.iter().find(|(wrong, _)| *wrong == written);
            slips.extend(known.map(|(_, right)| misspelt(passage, at, word, right)));
        }
    }
}

fn misspelt(passage: &Passage<'_>, from: usize, to: usize, right: &str) -> Slip {
    let written = passage.read(from..to);
    let message = text!(
        "单位「{written}」应写作「{right}」",
        "the unit `{written}` should be `{right}`"
    );
    Slip::new(&SPELLING, passage.span(from, to - 1), message)
}

/// Spellings of one unit; a text keeps to one of them.
const UNITS: &[&[&str]] = &[
    &["公里", "千米", "km"],
    &["公斤", "千克", "kg"],
    &["厘米", "cm"],
    &["毫米", "mm"],
    &["平方米", "m²", "㎡"],
    &["摄氏度", "℃", "°C"],
    &["千瓦", "kW"],
    &["分钟", "min"],
];

/// Finds the second spelling of a unit.
pub fn find_mixed(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let mut seen: Vec<(usize, usize)> = Vec::new();
    for numeral in numerals(passage) {
        let to = passage.end_of(numeral.end, |c| matches!(c, '万' | '亿' | '余' | '多'));
        let at = to + usize::from(passage.at(to) == Some(' '));
        let Some((unit, spelling)) = unit_at(passage, at) else { continue };
        match seen.iter().find(|(other, _)| *other == unit) {
            None => seen.push((unit, spelling)),
            Some((_, first)) if *first != spelling => {
                let (one, other) = (UNITS[unit][*first], UNITS[unit][spelling]);
                let message = text!(
                    "前文用「{one}」，这里用「{other}」：单位写法应一致",
                    "`{one}` before and `{other}` here: write the unit alike"
                );
                let last = at + other.chars().count() - 1;
                slips.push(Slip::new(&MIXED, passage.span(at, last), message));
                return;
            }
            Some(_) => {}
        }
    }
}

fn unit_at(passage: &Passage<'_>, at: usize) -> Option<(usize, usize)> {
    UNITS.iter().enumerate().find_map(|(unit, spellings)| {
        let spelling = spellings.iter().position(|word| {
            let next = passage.at(at + word.chars().count());
            let ends =
                !next.is_some_and(|c| is_latin(c) || matches!(c, '/' | '²' | '³' | '·'));
            passage.has(at, word) && (ends || !word.is_ascii())
        })?;
        Some((unit, spelling))
    })
}

/// Finds signs of currencies before, and their names behind an amount.
pub fn find_currency(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let name = match letter.c {
            '￥' | '¥' => "元",
            '＄' | '$' => "美元",
            '€' => "欧元",
            _ => continue,
        };
        let number = at + 1 + usize::from(passage.after(at) == Some(' '));
        let to =
            passage.end_of(end(passage, number), |c| matches!(c, '万' | '亿' | '余'));
        if to > number && passage.has(to, name) {
            let written = passage.read(at..to + name.chars().count());
            let right = passage.read(number..to + name.chars().count());
            let message = text!(
                "「{written}」应写作「{right}」",
                "`{written}` should be `{right}`"
            );
            let last = to + name.chars().count() - 1;
            slips.push(Slip::new(&CURRENCY, passage.span(at, last), message));
        }
    }
}
