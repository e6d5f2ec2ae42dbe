//! Numbers, dates and amounts in Chinese characters.
//!
//! Numbers come as decimal text (`105`, `-3.5`, `1,234.50`), so that no digit is
//! lost on the way; what is no such number gives nothing.

/// The characters that a number is written in.
struct Script {
    digits: [char; 10],
    /// Ten, hundred and thousand.
    tens: [char; 3],
}

/// 一二三 with 零: numbers in running text.
const PLAIN: Script = Script {
    digits: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    tens: ['十', '百', '千'],
};

/// 壹贰叁: numbers that must not be altered.
const FORMAL: Script = Script {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    tens: ['拾', '佰', '仟'],
};

/// 〇 stands for zero in years and other rows of digits.
const RING: char = '〇';

const TEN_THOUSAND: u64 = 10_000;
const HUNDRED_MILLION: u64 = 100_000_000;

/// How a date is written.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum DateForm {
    /// 2023年3月8日.
    Digits,
    /// 二〇二三年三月八日.
    Han,
}

/// A number as it is read: 12 is 十二, 105 is 一百零五, -3.5 is 负三点五.
pub fn cn(number: &str) -> Option<String> {
    let number = Decimal::read(number)?;
    let whole = write(number.whole, &PLAIN);
    // 一十 at the beginning is read 十.
    let whole = match whole.strip_prefix('一') {
        Some(rest) if rest.starts_with('十') => rest.to_owned(),
        _ => whole,
    };
    Some(number.sign() + &whole + &number.point(&PLAIN))
}

/// A number in the characters of banks: 12 is 壹拾贰.
pub fn cn_formal(number: &str) -> Option<String> {
    let number = Decimal::read(number)?;
    Some(number.sign() + &write(number.whole, &FORMAL) + &number.point(&FORMAL))
}

/// A year digit by digit: 2023 is 二〇二三年.
pub fn cn_year(year: &str) -> Option<String> {
    let year = year.trim().trim_end_matches('年');
    let number = Decimal::read(year).filter(|year| !year.negative)?;
    (number.fraction.is_empty() && number.whole <= 9999)
        .then(|| digit_by_digit(number.whole) + "年")
}

/// A date: `2023-03-08` is 2023年3月8日, `2023-03` 2023年3月, `2023` 2023年. A
/// time of day after it is left out.
pub fn cn_date(date: &str, form: DateForm) -> Option<String> {
    let date = date.trim();
    let (day, time) = date.split_once(['T', ' ']).unwrap_or((date, "0:"));
    if !time.starts_with(|c: char| c.is_ascii_digit()) || !time.contains(':') {
        return None;
    }
    let fields: Option<Vec<u64>> = day.split(['-', '/', '.']).map(digits).collect();
    let fields = fields.filter(|fields| fields.len() <= 3)?;
    let year = *fields.first()?;
    let month = fields.get(1).copied();
    let day = fields.get(2).copied();
    let valid = (1..=9999).contains(&year)
        && month.is_none_or(|month| (1..=12).contains(&month))
        && day.is_none_or(|day| (1..=days(year, month.unwrap_or(1))).contains(&day));
    if !valid {
        return None;
    }
    let number = |number: u64| match form {
        DateForm::Digits => Some(number.to_string()),
        DateForm::Han => cn(&number.to_string()),
    };
    let mut out = match form {
        DateForm::Digits => format!("{year}年"),
        DateForm::Han => digit_by_digit(year) + "年",
    };
    if let Some(month) = month {
        out += &(number(month)? + "月");
    }
    if let Some(day) = day {
        out += &(number(day)? + "日");
    }
    Some(out)
}

/// A rank: 12 is 第十二.
pub fn ordinal(number: &str) -> Option<String> {
    let whole = Decimal::read(number).filter(|number| number.fraction.is_empty())?;
    (!whole.negative).then(|| cn(number).map(|number| format!("第{number}")))?
}

/// An amount of yuan as cheques and vouchers have it: 1234.5 is
/// 壹仟贰佰叁拾肆元伍角整. Less than a fen is rounded half up.
///
/// The rules are those of 正确填写票据和结算凭证的基本规定; where it leaves 零 to
/// the writer (1680.32, 107000.53), the shorter form is taken.
pub fn money(amount: &str) -> Option<String> {
    let amount = Decimal::read(amount)?;
    let (yuan, jiao, fen) = amount.rounded()?;
    let mut out = String::new();
    if amount.negative && (yuan, jiao, fen) != (0, 0, 0) {
        out.push('负');
    }
    if yuan > 0 || (jiao, fen) == (0, 0) {
        out += &write(yuan, &FORMAL);
        out.push('元');
    }
    match (jiao, fen) {
        (0, 0) => out.push('整'),
        (jiao, 0) => {
            out.push(FORMAL.digits[jiao]);
            out.push_str("角整");
        }
        (0, fen) => {
            if yuan > 0 {
                out.push('零');
            }
            out.push(FORMAL.digits[fen]);
            out.push('分');
        }
        (jiao, fen) => {
            out.extend([FORMAL.digits[jiao], '角', FORMAL.digits[fen], '分']);
        }
    }
    Some(out)
}

/// A decimal number.
#[derive(Debug)]
struct Decimal {
    negative: bool,
    whole: u64,
    /// The digits after the point, without zeros at the end.
    fraction: Vec<u8>,
}

impl Decimal {
    /// Reads digits with a sign, separators of thousands and a point.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix(['-', '−', '－']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '，')).collect();
        if whole.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0').bytes().map(|b| b - b'0').collect();
        let whole = digits(&whole)?;
        let number = Self { negative, whole, fraction };
        Some(Self { negative: negative && !number.is_zero(), ..number })
    }

    fn is_zero(&self) -> bool {
        self.whole == 0 && self.fraction.is_empty()
    }

    fn sign(&self) -> String {
        if self.negative { "负".to_owned() } else { String::new() }
    }

    /// What follows the whole number: 点 and each digit.
    fn point(&self, script: &Script) -> String {
        if self.fraction.is_empty() {
            return String::new();
        }
        let digits = self.fraction.iter().map(|digit| script.digits[usize::from(*digit)]);
        std::iter::once('点').chain(digits).collect()
    }

    /// Yuan, jiao and fen, rounded half up.
    fn rounded(&self) -> Option<(u64, usize, usize)> {
        let digit = |at: usize| u64::from(self.fraction.get(at).copied().unwrap_or(0));
        let cents = digit(0) * 10 + digit(1) + u64::from(digit(2) >= 5);
        let yuan = self.whole.checked_add(cents / 100)?;
        Some((yuan, (cents / 10 % 10) as usize, (cents % 10) as usize))
    }
}

/// A number of ASCII digits only.
fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The days of a month.
fn days(year: u64, month: u64) -> u64 {
    let leap =
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digit_by_digit(number: u64) -> String {
    let digit = |c: char| match c.to_digit(10) {
        Some(0) | None => RING,
        Some(digit) => PLAIN.digits[digit as usize],
    };
    number.to_string().chars().map(digit).collect()
}

/// A whole number, its highest ten written out (一十二).
fn write(number: u64, script: &Script) -> String {
    if number == 0 {
        return script.digits[0].to_string();
    }
    let mut out = String::new();
    push(number, script, &mut out);
    out
}

fn push(number: u64, script: &Script, out: &mut String) {
    if number >= HUNDRED_MILLION {
        push_large(number, HUNDRED_MILLION, '亿', script, out);
    } else if number >= TEN_THOUSAND {
        push_large(number, TEN_THOUSAND, '万', script, out);
    } else {
        push_section(number, script, out);
    }
}

/// What a large unit counts, the unit, and what is left; 零 stands between them
/// if the next lower place is empty.
fn push_large(number: u64, unit: u64, name: char, script: &Script, out: &mut String) {
    push(number / unit, script, out);
    out.push(name);
    let rest = number % unit;
    if rest == 0 {
        return;
    }
    if rest < unit / 10 {
        out.push(script.digits[0]);
    }
    push(rest, script, out);
}

/// A number of up to four digits, above zero.
fn push_section(number: u64, script: &Script, out: &mut String) {
    let mut started = false;
    let mut gap = false;
    for place in (0..4_u32).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        if digit == 0 {
            gap = started;
            continue;
        }
        if gap {
            out.push(script.digits[0]);
            gap = false;
        }
        started = true;
        out.push(script.digits[digit as usize]);
        if place > 0 {
            out.push(script.tens[place as usize - 1]);
        }
    }
}

/// Roman numerals, as `MCMXLIX`; beyond 100,000 they are those of 100,000.
pub fn roman(number: u64) -> String {
    const DIGITS: [(u64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = number.min(100_000);
    let mut out = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            out.push_str(digit);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(write: impl Fn(&str) -> Option<String>, cases: &[(&str, &str)]) {
        for (number, written) in cases {
            assert_eq!(write(number).as_deref(), Some(*written), "{number}");
        }
    }

    #[test]
    fn numbers() {
        all(
            cn,
            &[
                ("0", "零"),
                ("-0", "零"),
                ("2", "二"),
                ("10", "十"),
                ("12", "十二"),
                ("20", "二十"),
                ("105", "一百零五"),
                ("110", "一百一十"),
                ("1001", "一千零一"),
                ("1010", "一千零一十"),
                ("43000", "四万三千"),
                ("10010", "一万零一十"),
                ("100000", "十万"),
                ("100050", "十万零五十"),
                ("203000", "二十万三千"),
                ("10000001", "一千万零一"),
                ("100010000", "一亿零一万"),
                ("1000000000000", "一万亿"),
                ("120030004000", "一千二百亿三千万四千"),
                ("10000000000000000", "一亿亿"),
                ("-12", "负十二"),
                ("3.50", "三点五"),
                ("14.0", "十四"),
                ("-0.05", "负零点零五"),
                ("1,234", "一千二百三十四"),
            ],
        );
        all(cn_formal, &[("12", "壹拾贰"), ("0", "零"), ("30405", "叁万零肆佰零伍")]);
        all(ordinal, &[("12", "第十二"), ("1", "第一")]);
        assert_eq!(cn("18446744073709551616"), None);
        for wrong in ["", "a", "1.2.3", "1e5", "--1", "٣", "."] {
            assert_eq!(cn(wrong), None, "{wrong}");
        }
        assert_eq!(ordinal("-1"), None);
        assert_eq!(ordinal("1.5"), None);
    }

    #[test]
    fn years_and_dates() {
        all(cn_year, &[("2023", "二〇二三年"), ("2000年", "二〇〇〇年")]);
        assert_eq!(cn_year("20230"), None);
        let digits = |date: &str| cn_date(date, DateForm::Digits);
        all(
            digits,
            &[
                ("2023-03-08", "2023年3月8日"),
                ("2023/3/8", "2023年3月8日"),
                ("2024-02-29T08:00:00Z", "2024年2月29日"),
                ("2023-12", "2023年12月"),
                ("2023", "2023年"),
            ],
        );
        let han = |date: &str| cn_date(date, DateForm::Han);
        all(
            han,
            &[
                ("2023-10-08", "二〇二三年十月八日"),
                ("2010-12-31", "二〇一〇年十二月三十一日"),
            ],
        );
        for wrong in ["2023-13-01", "2023-02-29", "2023-00-01", "8 March", "", "1-2-3-4"]
        {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn amounts() {
        all(
            money,
            &[
                ("1234.5", "壹仟贰佰叁拾肆元伍角整"),
                ("1409.50", "壹仟肆佰零玖元伍角整"),
                ("6007.14", "陆仟零柒元壹角肆分"),
                ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
                ("107000.53", "壹拾万柒仟元伍角叁分"),
                ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
                ("325.04", "叁佰贰拾伍元零肆分"),
                ("0", "零元整"),
                ("0.00", "零元整"),
                ("0.5", "伍角整"),
                ("0.05", "伍分"),
                ("0.45", "肆角伍分"),
                ("10", "壹拾元整"),
                ("100000000", "壹亿元整"),
                ("1.005", "壹元零壹分"),
                ("0.995", "壹元整"),
                ("99.999", "壹佰元整"),
                ("0.30000000000000004", "叁角整"),
                ("-3.2", "负叁元贰角整"),
                ("-0.001", "零元整"),
                ("1,234.56", "壹仟贰佰叁拾肆元伍角陆分"),
            ],
        );
        assert_eq!(money("18446744073709551615.999"), None);
    }
}
