//! Numbers before headings and items: 第一章, 一、, （一）, 1., （1）, ①, 亮点一.

use std::collections::BTreeMap;

/// What a number belongs to, from the highest to the lowest.
#[derive(Debug, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub(super) enum Series {
    /// 第一编, 第一卷.
    Volume,
    /// 第一章, 第一部分, Chapter 1.
    Chapter,
    /// 第一节.
    Section,
    /// A word with a number: 亮点一.
    Label(String),
    /// 一、
    Han,
    /// （一）
    HanParen,
    /// `1.` and `1、`
    Arabic,
    /// 1.1 and 1.1.1, with how many numbers.
    Decimal(usize),
    /// （1） and 1）
    ArabicParen,
    /// ①
    Circled,
    /// 第一条
    Article,
}

impl Series {
    /// The rank in the usual order of numbers.
    pub(super) fn rank(&self) -> usize {
        match self {
            Self::Volume => 0,
            Self::Chapter => 1,
            Self::Section => 2,
            Self::Label(_) => 3,
            Self::Han => 4,
            Self::HanParen => 5,
            Self::Arabic => 6,
            Self::Decimal(depth) => 5 + depth,
            Self::ArabicParen => 9,
            Self::Circled | Self::Article => 10,
        }
    }
}

/// A number at the start of a text.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) struct Number {
    pub(super) series: Series,
    pub(super) value: u32,
    /// The bytes of the number with its mark, without the space behind.
    pub(super) len: usize,
}

/// The number at the start of a text, other than a label.
pub(super) fn number(text: &str) -> Option<Number> {
    ordinal(text)
        .or_else(|| parenthesised(text))
        .or_else(|| han(text))
        .or_else(|| arabic(text))
        .or_else(|| circled(text))
        .or_else(|| english(text))
}

/// The value and length of a Han numeral up to 999.
pub(super) fn numeral(text: &str) -> Option<(u32, usize)> {
    let mut value = 0;
    let mut digit = None;
    let mut len = 0;
    for c in text.chars() {
        let unit = match c {
            '百' => 100,
            '十' => 10,
            _ => 1,
        };
        if unit > 1 {
            value += digit.take().unwrap_or(1) * unit;
        } else if let Some(at) = "〇零一二三四五六七八九".chars().position(|d| d == c)
        {
            digit = Some(u32::try_from(at.saturating_sub(1)).unwrap_or(0));
        } else {
            break;
        }
        len += c.len_utf8();
    }
    (len > 0).then_some((value + digit.unwrap_or(0), len))
}

fn digits(text: &str) -> Option<(u32, usize)> {
    let mut value: u32 = 0;
    let mut len = 0;
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            '０'..='９' => u32::from(c) - u32::from('０'),
            _ => break,
        };
        value = value.checked_mul(10)?.checked_add(digit)?;
        len += c.len_utf8();
    }
    // A year or an amount counts nothing.
    (len > 0 && value < 1000).then_some((value, len))
}

fn either(text: &str) -> Option<(u32, usize)> {
    numeral(text).or_else(|| digits(text))
}

fn ordinal(text: &str) -> Option<Number> {
    let inside = text.strip_prefix('第')?;
    let rest = inside.trim_start_matches(' ');
    let (value, len) = either(rest)?;
    let after = rest[len..].trim_start_matches(' ');
    let (word, series) = [
        ("部分", Series::Chapter),
        ("编", Series::Volume),
        ("卷", Series::Volume),
        ("篇", Series::Chapter),
        ("章", Series::Chapter),
        ("节", Series::Section),
        ("条", Series::Article),
    ]
    .into_iter()
    .find(|(word, _)| after.starts_with(word))?;
    let end = &after[word.len()..];
    // 第三部分析 and 第一节课 are words of a sentence.
    let ends = end.is_empty()
        || end.starts_with(|c: char| c.is_whitespace() || "：:、．.".contains(c));
    (ends || series == Series::Chapter && !end.starts_with(['的', '，', ','])).then(
        || {
            let len = text.len() - end.len();
            let mark = end.chars().next().filter(|c| "：:、．.".contains(*c));
            Number { series, value, len: len + mark.map_or(0, char::len_utf8) }
        },
    )
}

fn parenthesised(text: &str) -> Option<Number> {
    let inside = text.strip_prefix(['（', '(']);
    let body = inside.unwrap_or(text);
    let start = text.len() - body.len();
    let (value, len) = either(body)?;
    let close = body[len..].chars().next().filter(|c| matches!(c, '）' | ')'))?;
    let is_han = numeral(body).is_some();
    if inside.is_none() && is_han {
        return None;
    }
    let series = if is_han { Series::HanParen } else { Series::ArabicParen };
    let mut end = start + len + close.len_utf8();
    // （一）、 is a habit that the standard does not know.
    if text[end..].starts_with('、') {
        end += '、'.len_utf8();
    }
    Some(Number { series, value, len: end })
}

fn han(text: &str) -> Option<Number> {
    let (value, len) = numeral(text)?;
    let mark = text[len..].chars().next();
    let mark = mark.filter(|c| matches!(c, '、' | '.' | '．' | '，' | ','))?;
    let after = text[len + mark.len_utf8()..].chars().next();
    // 三、四个 is an approximate number, 一，二 a list.
    if after.is_some_and(|c| numeral(c.encode_utf8(&mut [0; 4])).is_some()) {
        return None;
    }
    if matches!(mark, '，' | ',') && value > 20 {
        return None;
    }
    (value > 0).then(|| Number { series: Series::Han, value, len: len + mark.len_utf8() })
}

fn arabic(text: &str) -> Option<Number> {
    let (value, mut len) = digits(text)?;
    let mut depth = 1;
    while let Some(rest) = text[len..].strip_prefix('.') {
        let Some((_, more)) = digits(rest) else { break };
        depth += 1;
        len += 1 + more;
    }
    let rest = &text[len..];
    let mark = rest.chars().next();
    if depth > 1 {
        // 3.5% and 1.2万元 are amounts: a number of a heading has a space behind it or
        // more than one dot.
        let ends = rest.starts_with([' ', '\u{3000}', '\t']);
        let words = rest.trim_start().starts_with(crate::data::names::is_han);
        return (words && ends).then_some(Number {
            series: Series::Decimal(depth),
            value,
            len,
        });
    }
    let mark = mark.filter(|c| matches!(c, '.' | '．' | '、'))?;
    let end = len + mark.len_utf8();
    let after = text[end..].chars().next();
    (!after.is_some_and(|c| c.is_ascii_digit())).then_some(Number {
        series: Series::Arabic,
        value,
        len: end,
    })
}

/// The number of a text that counts 1, 1.1, 1.2, 2 …: digits with a space behind.
pub(super) fn whole(text: &str) -> Option<Number> {
    let (value, len) = digits(text)?;
    let rest = &text[len..];
    let words = rest.trim_start();
    let fits = words.len() < rest.len() && words.starts_with(crate::data::names::is_han);
    (fits && value < 100).then_some(Number { series: Series::Decimal(1), value, len })
}

fn circled(text: &str) -> Option<Number> {
    let c = text.chars().next()?;
    let value = match c {
        '①'..='⑳' => u32::from(c) - u32::from('①') + 1,
        '⑴'..='⒇' => u32::from(c) - u32::from('⑴') + 1,
        '㈠'..='㈩' => u32::from(c) - u32::from('㈠') + 1,
        _ => return None,
    };
    Some(Number { series: Series::Circled, value, len: c.len_utf8() })
}

fn english(text: &str) -> Option<Number> {
    let (word, rest) = text.split_once(' ')?;
    let series = match word.to_ascii_lowercase().as_str() {
        "part" => Series::Volume,
        "chapter" => Series::Chapter,
        _ => return None,
    };
    let (value, len) = digits(rest)?;
    let end = word.len() + 1 + len;
    let after = text[end..].chars().next();
    let ends = after.is_none_or(|c| matches!(c, ':' | '.' | ' '));
    let mark = after.filter(|c| matches!(c, ':' | '.')).map_or(0, char::len_utf8);
    ends.then_some(Number { series, value, len: end + mark })
}

/// Words that count something else than parts of a text.
const NO_LABELS: [&str; 12] =
    ["星期", "礼拜", "周", "图", "表", "附表", "附图", "第", "初", "十", "附件", "不"];

/// The word and number at the start of a text that may be a label: 亮点一.
pub(super) fn label(text: &str) -> Option<Number> {
    let word: String = text
        .chars()
        .take_while(|c| crate::data::names::is_han(*c) && !is_digit(*c))
        .collect();
    let length = word.chars().count();
    if !(2..=4).contains(&length) || NO_LABELS.contains(&word.as_str()) {
        return None;
    }
    let rest = &text[word.len()..];
    let (value, len) = either(rest)?;
    let end = word.len() + len;
    let after = text[end..].chars().next();
    let ends = after.is_none_or(|c| c.is_whitespace() || matches!(c, '：' | ':' | '、'));
    let mark = after.filter(|c| matches!(c, '：' | ':' | '、')).map_or(0, char::len_utf8);
    (ends && value > 0).then_some(Number {
        series: Series::Label(word),
        value,
        len: end + mark,
    })
}

fn is_digit(c: char) -> bool {
    "〇零一二三四五六七八九十百".contains(c)
}

/// The words that are labels in a text: those that count on from 1.
pub(super) fn labels<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut seen: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for found in texts.filter_map(label) {
        if let Series::Label(word) = found.series {
            seen.entry(word).or_default().push(found.value);
        }
    }
    let series = |values: &[u32]| {
        let on = values.windows(2).filter(|pair| pair[1] == pair[0] + 1).count();
        values.len() >= 2 && values[0] <= 2 && on + 2 >= values.len() && on > 0
    };
    seen.into_iter().filter(|(_, values)| series(values)).map(|(word, _)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Series, u32, &str)> {
        number(text).map(|found| (found.series, found.value, &text[found.len..]))
    }

    #[test]
    fn numbers_are_read() {
        assert_eq!(read("一、回顾"), Some((Series::Han, 1, "回顾")));
        assert_eq!(read("（十二）加强"), Some((Series::HanParen, 12, "加强")));
        assert_eq!(read("(3)甲"), Some((Series::ArabicParen, 3, "甲")));
        assert_eq!(read("1. 甲"), Some((Series::Arabic, 1, " 甲")));
        assert_eq!(read("1.2 甲"), Some((Series::Decimal(2), 1, " 甲")));
        assert_eq!(read("第十章　总则"), Some((Series::Chapter, 10, "　总则")));
        assert_eq!(read("第一节 甲"), Some((Series::Section, 1, " 甲")));
    }

    #[test]
    fn amounts_are_no_numbers() {
        for text in ["1.2万元", "3.5%", "三、四个人", "2023年", "12家", "第八次大会"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn labels_count_on() {
        let texts = ["亮点一", "星期一 上午", "亮点二 守正创新", "任务三"];
        assert_eq!(labels(texts.into_iter()), ["亮点"]);
    }
}
