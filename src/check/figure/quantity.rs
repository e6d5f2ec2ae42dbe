//! Numbers with what they count, as running text writes them.

use crate::data::decimal::Decimal;
use crate::data::prose::{Letter, Passage};

/// A number with its unit.
#[derive(Debug, Clone)]
pub(super) struct Quantity {
    /// The number in single units: of 8.02万 it is 80200.
    pub(super) value: Decimal,
    /// Half of what the last written digit is worth.
    pub(super) tolerance: f64,
    /// What it is counted in; `%` for percentages. Of people it is `人`.
    pub(super) unit: &'static str,
    /// Whether it is said to be about so: 余, 近, 左右.
    pub(super) about: bool,
    /// Its letters, unit included.
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Measure words; longer ones come before those that they begin with.
const UNITS: &[&str] = &[
    "平方公里",
    "平方米",
    "立方米",
    "个百分点",
    "百分点",
    "课时",
    "学时",
    "人次",
    "场次",
    "公里",
    "千米",
    "毫米",
    "厘米",
    "公顷",
    "公斤",
    "千克",
    "小时",
    "分钟",
    "人",
    "名",
    "位",
    "个",
    "家",
    "项",
    "篇",
    "件",
    "次",
    "场",
    "期",
    "部",
    "本",
    "册",
    "户",
    "亩",
    "元",
    "吨",
    "台",
    "套",
    "所",
    "处",
    "条",
    "门",
    "类",
    "种",
    "张",
    "批",
    "支",
    "份",
    "间",
    "座",
    "天",
    "米",
    "株",
    "只",
    "头",
    "辆",
    "栋",
    "届",
    "%",
    "％",
];

/// Units that mean the same when things are counted.
fn common(unit: &'static str) -> &'static str {
    match unit {
        "名" | "位" => "人",
        "％" => "%",
        "百分点" => "个百分点",
        "千米" => "公里",
        "千克" => "公斤",
        unit => unit,
    }
}

/// All quantities of a passage, in order.
pub(super) fn quantities(passage: &Passage<'_>) -> Vec<Quantity> {
    let letters = &passage.letters;
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        match quantity(letters, at) {
            Some(quantity) => {
                at = quantity.last + 1;
                found.push(quantity);
            }
            None => at += number_length(letters, at).max(1),
        }
    }
    found
}

/// A number as it is written.
struct Number {
    value: Decimal,
    /// What the last digit is worth.
    grain: f64,
    length: usize,
    /// Whether it is written in Han characters.
    is_han: bool,
}

fn quantity(letters: &[Letter], at: usize) -> Option<Quantity> {
    let before = at.checked_sub(1).map(|at| letters[at].c);
    // Ordinals, parts of words, times, versions, telephone numbers.
    let joins = |c: char| {
        c == '第'
            || c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-' | ':' | '/' | '：')
    };
    if before.is_some_and(joins) {
        return None;
    }
    if text_at(letters, at, "百分之") {
        let number = han(letters, at + 3)?;
        return Some(Quantity {
            value: number.value,
            tolerance: number.grain / 2.0,
            unit: "%",
            about: is_about(letters, at),
            first: at,
            last: at + 2 + number.length,
        });
    }
    let number = number(letters, at)?;
    let mut end = at + number.length;
    let more = letters.get(end).is_some_and(|letter| matches!(letter.c, '余' | '多'));
    end += usize::from(more);
    let unit = UNITS.iter().find(|unit| text_at(letters, end, unit))?;
    // 一家, 一条心: too often no number at all.
    if number.is_han && number.length == 1 && letters[at].c == '一' {
        return None;
    }
    let last = end + unit.chars().count() - 1;
    let after =
        ["左右", "以上", "以下", "上下"].iter().any(|w| text_at(letters, last + 1, w));
    Some(Quantity {
        value: number.value,
        tolerance: number.grain / 2.0,
        unit: common(unit),
        about: more || after || is_about(letters, at),
        first: at,
        last,
    })
}

fn is_about(letters: &[Letter], at: usize) -> bool {
    let words =
        ["近", "约", "超", "超过", "大约", "将近", "接近", "突破", "逾", "达到或超过"];
    words.iter().any(|word| {
        let length = word.chars().count();
        at.checked_sub(length).is_some_and(|start| text_at(letters, start, word))
    })
}

/// Whether letters say something.
pub(super) fn text_at(letters: &[Letter], at: usize, words: &str) -> bool {
    let mut rest = letters.get(at..).unwrap_or_default().iter();
    words.chars().all(|c| rest.next().is_some_and(|letter| letter.c == c))
}

fn number_length(letters: &[Letter], at: usize) -> usize {
    number(letters, at).map_or(0, |number| number.length)
}

fn number(letters: &[Letter], at: usize) -> Option<Number> {
    match letters.get(at)?.c {
        '0'..='9' => arabic(letters, at),
        _ => han(letters, at),
    }
}

/// `10,030`, `10 030`, `8.02万`, `1.2亿`.
fn arabic(letters: &[Letter], at: usize) -> Option<Number> {
    let digit = |index: usize| {
        letters.get(index).filter(|l| l.c.is_ascii_digit() && l.is_plain()).map(|l| l.c)
    };
    let mut text = String::new();
    let mut index = at;
    while let Some(c) = digit(index) {
        text.push(c);
        index += 1;
    }
    let parted = |c: char| matches!(c, ',' | '\u{2009}' | '\u{202f}' | '\u{a0}');
    while letters.get(index).is_some_and(|letter| parted(letter.c))
        && (1..=3).all(|more| digit(index + more).is_some())
        && digit(index + 4).is_none()
    {
        text.extend((1..=3).filter_map(|more| digit(index + more)));
        index += 4;
    }
    if letters.get(index).is_some_and(|letter| letter.c == '.')
        && digit(index + 1).is_some()
    {
        text.push('.');
        index += 1;
        while let Some(c) = digit(index) {
            text.push(c);
            index += 1;
        }
    }
    let value = Decimal::read(&text)?;
    let mut power = 0;
    while let Some(scale) = letters.get(index).and_then(|letter| scale(letter.c)) {
        power += scale;
        index += 1;
    }
    // More digits than a number has room for.
    if power > 16 {
        return None;
    }
    let places = i32::try_from(value.places()).unwrap_or(0);
    let grain = 10_f64.powi(i32::try_from(power).unwrap_or(0) - places);
    Some(Number { value: value.shifted(power), grain, length: index - at, is_han: false })
}

/// The power of ten of a character behind Arabic digits.
fn scale(c: char) -> Option<u32> {
    match c {
        '万' => Some(4),
        '亿' => Some(8),
        '千' => Some(3),
        '百' => Some(2),
        _ => None,
    }
}

/// `一百一十八`, `四十三万`.
fn han(letters: &[Letter], at: usize) -> Option<Number> {
    let rest = letters.get(at..)?.iter().map(|letter| letter.c);
    let run: Vec<char> =
        rest.take_while(|c| "〇零一二两三四五六七八九十百千万亿".contains(*c)).collect();
    let (mut total, mut section, mut digit) = (0_i128, 0_i128, None::<i128>);
    let mut plain = 0;
    for c in &run {
        let unit: i128 = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '万' => 10_000,
            '亿' => 100_000_000,
            c => {
                let value = "零一二三四五六七八九".chars().position(|d| d == *c);
                let value = match c {
                    '〇' => Some(0),
                    '两' => Some(2),
                    _ => value,
                };
                // Two digits beside each other are no number that was counted.
                if digit.is_some_and(|digit| digit != 0) {
                    return None;
                }
                digit = Some(i128::try_from(value?).ok()?);
                plain += 1;
                continue;
            }
        };
        if unit < 10_000 {
            section += digit.take().unwrap_or(1) * unit;
        } else {
            total = (total + section + digit.take().unwrap_or(0)).max(1) * unit;
            section = 0;
        }
    }
    let value = total + section + digit.unwrap_or(0);
    let sound = !run.is_empty() && (plain > 0 || run.first() == Some(&'十'));
    sound.then_some(())?;
    let value = Decimal::read(&value.to_string())?;
    Some(Number { value, grain: 1.0, length: run.len(), is_han: true })
}

impl Quantity {
    /// The words that it is written with.
    pub(super) fn words(&self, passage: &Passage<'_>) -> String {
        passage.letters[self.first..=self.last].iter().map(|letter| letter.c).collect()
    }

    /// Whether it says the same number as another one, as exactly as both are written.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let apart = (self.value.float() - other.value.float()).abs();
        apart <= self.tolerance.max(other.tolerance) * 1.000_001
            || self.value.equals(other.value)
    }
}

/// The start of the clause that a letter is in: behind the last mark before it.
pub(super) fn clause_start(letters: &[Letter], at: usize) -> usize {
    let stops = |c: char| "，。；：、！？,;:（）()\n“”《》".contains(c);
    letters[..at].iter().rposition(|letter| stops(letter.c)).map_or(0, |mark| mark + 1)
}

/// The sentences of a passage, as ranges of letters.
pub(super) fn sentences(letters: &[Letter]) -> Vec<std::ops::Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (index, letter) in letters.iter().enumerate() {
        if matches!(letter.c, '。' | '；' | '！' | '？' | '\n') {
            sentences.push(start..index);
            start = index + 1;
        }
    }
    sentences.push(start..letters.len());
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::prose::{Role, passages};

    fn read(text: &str) -> Vec<String> {
        let passages = passages(text, false, Role::Paragraph);
        let found = quantities(&passages[0]).into_iter();
        found
            .map(|q| {
                format!("{}{}{}", q.value.float(), q.unit, if q.about { "~" } else { "" })
            })
            .collect()
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        assert_eq!(
            read("共10,030人，8.02万人次，近1200万元"),
            ["10030人", "80200人次", "12000000元~"]
        );
        assert_eq!(
            read("一百一十八篇、四十三万人、两千零五名"),
            ["118篇", "430000人", "2005人"]
        );
        assert_eq!(
            read("占百分之四十七，20余位，提高2.1个百分点"),
            ["47%", "20人~", "2.1个百分点"]
        );
        assert_eq!(read("第8次大会9:30开，电话0575-86012345个，一家人"), [""; 0]);
        assert_eq!(read("1978个"), ["1978个"]);
    }
}
