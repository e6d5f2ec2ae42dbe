//! Dates in digits and in Chinese side by side.

use crate::data::prose::numeral::{is_han_number, whole, whole_before};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `3月28日至三十日` has two forms.
pub static RULE: Rule = Rule {
    id: "number/date-forms",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一段文字里的公历月日有的用阿拉伯数字、有的用汉字",
        en: "dates of one text in digits and in Chinese",
    },
    why: Words {
        zh: "公历的年、月、日用阿拉伯数字，或全用汉字；同一段里写法应一致",
        en: "dates of the calendar are written in digits, or all of them in Chinese, but alike in one text",
    },
    source: "GB/T 15835-2011 4.1.2, 5.1.4",
    wrong: "3月28日报到，三月二十九日闭幕",
    right: "3月28日报到，3月29日闭幕",
};

/// How far before a date the name of another calendar, or a title, may begin.
const BEFORE: usize = 12;

/// Finds the first date in Chinese of a passage with a date in digits.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let months = passage.letters.iter().enumerate().filter(|(_, l)| l.c == '月');
    let (mut digits, mut han) = (None, None);
    for (at, _) in months {
        if is_day(passage, at) {
            digits.get_or_insert(at);
        } else if han.is_none() {
            han = han_day(passage, at);
        }
    }
    if let (Some(_), Some((first, end))) = (digits, han) {
        let written = passage.read(first..end);
        let message = text!(
            "「{written}」用汉字，同一段里别的日期用阿拉伯数字：写法应一致",
            "`{written}` is in Chinese, other dates of the text are in digits: write them alike"
        );
        slips.push(Slip::new(&RULE, passage.span(first, end - 1), message));
    }
}

/// Whether a month in digits stands before 月, and a day behind it.
fn is_day(passage: &Passage<'_>, at: usize) -> bool {
    let day = whole(passage, at + 1);
    whole_before(passage, at).is_some()
        && day.is_some_and(|(_, end)| passage.at(end) == Some('日'))
}

/// The letters of a month and a day in Chinese around 月, not of the lunar calendar and
/// not in quotation marks.
fn han_day(passage: &Passage<'_>, at: usize) -> Option<(usize, usize)> {
    let first = passage.start_of(at, is_han_number);
    let end = passage.end_of(at + 1, is_han_number);
    let sound = (1..=2).contains(&(at - first))
        && (1..=3).contains(&(end - at - 1))
        && passage.at(end) == Some('日');
    let before = passage.read(first.saturating_sub(BEFORE)..first);
    let other = ["历", "“", "《", "阴", "民国"].iter().any(|word| before.contains(word));
    (sound && !other).then_some((first, end + 1))
}
