//! Numbers as they stand in a passage.

use std::ops::Range;

use super::Passage;
use super::character::{han_digit, is_dash};

/// The numbers of a passage that are written in digits, as ranges of letters: digits, with
/// commas and points between them.
pub fn numerals<'a>(passage: &'a Passage<'_>) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        let digit = |letter: &super::Letter| letter.c.is_ascii_digit();
        let start = from + passage.letters.get(from..)?.iter().position(digit)?;
        from = end(passage, start);
        Some(start..from)
    })
}

/// The end of the number that starts at an index.
pub fn end(passage: &Passage<'_>, start: usize) -> usize {
    let digits = |from| passage.end_of(from, |c: char| c.is_ascii_digit());
    let mut end = digits(start);
    while end > start && matches!(passage.at(end), Some('.' | ',')) {
        let more = digits(end + 1);
        if more == end + 1 {
            break;
        }
        end = more;
    }
    end
}

/// The value of a number with at most nine digits; commas count for nothing.
pub fn value(passage: &Passage<'_>, numeral: Range<usize>) -> Option<f64> {
    let digits: String =
        passage.read(numeral).chars().filter(|c| *c != ',').take(12).collect();
    digits.parse().ok()
}

/// The value of one or two digits, or of a year's four, without a sign, point or digit
/// beside them.
pub fn whole(passage: &Passage<'_>, start: usize) -> Option<(u32, usize)> {
    let end = passage.end_of(start, |c| c.is_ascii_digit());
    let value = (1..=4).contains(&(end - start)).then(|| passage.read(start..end));
    Some((value?.parse().ok()?, end))
}

/// The whole number, of four digits at most, that ends before an index.
pub fn whole_before(passage: &Passage<'_>, end: usize) -> Option<(u32, usize)> {
    let start = passage.start_of(end, |c| c.is_ascii_digit());
    whole(passage, start).filter(|(_, to)| *to == end).map(|(value, _)| (value, start))
}

/// Whether a number is a word of its own: not part of a name, a date, a telephone number.
pub fn stands_alone(passage: &Passage<'_>, start: usize) -> bool {
    passage.before(start).is_none_or(|c| {
        !c.is_ascii_alphanumeric()
            && !is_dash(c)
            && !matches!(c, '.' | '/' | ':' | '_' | ',')
    })
}

/// Characters of numbers written in Chinese.
pub fn is_han_number(c: char) -> bool {
    han_digit(c).is_some() || matches!(c, '十' | '百' | '千' | '两')
}

/// Words that count: 家, 个, 名.
pub fn is_measure(c: char) -> bool {
    "家个项名人位次件篇场所座本种条户处幅台套支队".contains(c)
}
