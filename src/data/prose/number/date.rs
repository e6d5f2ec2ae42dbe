//! Days: those that do not exist, weekdays, the calendar that is meant.

use crate::data::calendar::Date;
use crate::data::prose::numeral::{whole, whole_before};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `2023年04月01日` is `2023年4月1日`.
pub static PADDED: Rule = Rule {
    id: "number/padded-date",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "月、日前面补了“0”", en: "a month or day with a zero before it"
    },
    why: Words {
        zh: "成文日期的月、日不编虚位：1不写作01",
        en: "months and days of a date have no leading zero: 1, not 01",
    },
    source: "GB/T 9704-2012 7.3.5.4",
    wrong: "2023年04月01日",
    right: "2023年4月1日",
};

/// There is no 30 February.
pub static UNKNOWN: Rule = Rule {
    id: "number/no-such-date",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "公历里没有的日期", en: "a date that the calendar does not have"
    },
    why: Words {
        zh: "读者会照着日期到会、交稿：先核对原稿",
        en: "readers will act on it: look it up in the original",
    },
    source: "公历",
    wrong: "2月30日报到",
    right: "2月28日报到",
};

/// 28 March 2023 was a Tuesday.
pub static WEEKDAY: Rule = Rule {
    id: "number/weekday",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "日期与星期不符，或星期用了阿拉伯数字",
        en: "a date with a wrong weekday, or a weekday in digits",
    },
    why: Words {
        zh: "日期和星期总有一个是错的；星期几用汉字",
        en: "one of them is wrong; weekdays are written in Chinese",
    },
    source: "公历; 编校惯例（星期几用汉字）",
    wrong: "2023年3月28日（星期三）",
    right: "2023年3月28日（星期二）",
};

/// `农历8月15` is `农历八月十五`.
pub static LUNAR: Rule = Rule {
    id: "number/lunar-date",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "农历的月、日用了阿拉伯数字",
        en: "a date of the lunar calendar in digits",
    },
    why: Words {
        zh: "干支纪年、农历月日用汉字",
        en: "dates of the lunar calendar are written in Chinese",
    },
    source: "GB/T 15835-2011 4.2.1",
    wrong: "农历8月15日",
    right: "农历八月十五日",
};

/// `“3.15”晚会` is `“3·15”晚会`.
pub static EVENT: Rule = Rule {
    id: "number/event-date",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "以月日命名的事件，月日之间没有用间隔号“·”",
        en: "an event named by its day without `·` between month and day",
    },
    why: Words {
        zh: "用阿拉伯数字时，月、日之间加间隔号；“.”会读成小数",
        en: "`·` stands between month and day; with `.` it reads as a decimal",
    },
    source: "GB/T 15834-2011 4.14; GB/T 15835-2011 5.1.6",
    wrong: "“3.15”晚会",
    right: "“3·15”晚会",
};

/// Finds zeros before the digit of a month or a day.
pub fn find_padded(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if !matches!(letter.c, '月' | '日' | '号')
            || at < 2
            || passage.at(at - 2) != Some('0')
        {
            continue;
        }
        let digit = passage.at(at - 1).is_some_and(|c| ('1'..='9').contains(&c));
        let before = passage.before(at - 2);
        let starts = match letter.c {
            '月' => before
                .is_none_or(|c| !c.is_ascii() && c != '第' || matches!(c, ' ' | '(')),
            _ => before == Some('月'),
        };
        if digit && starts && passage.letters[at - 2].is_plain() {
            let written = passage.read(at - 2..at + 1);
            let right = passage.read(at - 1..at + 1);
            let message = text!(
                "「{written}」应写作「{right}」",
                "`{written}` should be `{right}`"
            );
            let slip = Slip::new(&PADDED, passage.span(at - 2, at), message);
            slips.push(slip.mend(passage, at - 2..at - 1, ""));
        }
    }
}

/// A day of a text: its numbers and its letters.
struct Day {
    year: Option<u32>,
    month: u32,
    day: u32,
    first: usize,
    end: usize,
}

impl Day {
    /// The day as the calendar knows it; without a year, 29 February is a day.
    fn date(&self) -> Option<Date> {
        let year = self.year.unwrap_or(2024);
        Date::read(&format!("{year}-{}-{}", self.month, self.day))
    }
}

/// The days of a passage: `2023年3月28日`, `3月28日`, `2023-03-28`.
fn days(passage: &Passage<'_>) -> Vec<Day> {
    let mut days = Vec::new();
    for (at, letter) in passage.letters.iter().enumerate() {
        days.extend(match letter.c {
            '月' => of_words(passage, at),
            '-' | '/' => of_marks(passage, at, letter.c),
            _ => None,
        });
    }
    days
}

fn of_words(passage: &Passage<'_>, at: usize) -> Option<Day> {
    let (month, first) = whole_before(passage, at)?;
    let (day, end) = whole(passage, at + 1)?;
    let sound = end - at <= 3
        && at - first <= 2
        && matches!(passage.at(end), Some('日' | '号'))
        && passage.before(first).is_none_or(|c| !matches!(c, '.' | '-' | '/' | '第'));
    let year = first.checked_sub(1).filter(|year| passage.at(*year) == Some('年'));
    let year = year.and_then(|year| whole_before(passage, year));
    let year = year.filter(|(year, _)| (1000..3000).contains(year));
    let first = year.map_or(first, |(_, first)| first);
    let year = year.map(|(year, _)| year);
    sound.then_some(Day { year, month, day, first, end: end + 1 })
}

/// `2023-03-28` or `2023/3/28`, by the first of its marks.
fn of_marks(passage: &Passage<'_>, at: usize, mark: char) -> Option<Day> {
    let (year, first) = whole_before(passage, at)?;
    let (month, second) = whole(passage, at + 1)?;
    let (day, end) = whole(passage, second + 1)?;
    let beside =
        |c: Option<char>| c.is_some_and(|c| c == mark || c.is_ascii_alphanumeric());
    let sound = (1900..2100).contains(&year)
        && passage.at(second) == Some(mark)
        && second - at <= 3
        && end - second <= 3
        && !beside(passage.before(first))
        && !beside(passage.at(end));
    sound.then_some(Day { year: Some(year), month, day, first, end })
}

/// How far before a date 农历 may stand.
const CALENDAR: usize = 8;

fn is_lunar(passage: &Passage<'_>, first: usize) -> bool {
    let words = passage.read(first.saturating_sub(CALENDAR)..first);
    ["农历", "阴历", "旧历", "夏历"].iter().any(|word| words.contains(word))
}

/// Finds days that there are not.
pub fn find_unknown(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for day in days(passage) {
        if day.date().is_none() && !is_lunar(passage, day.first) {
            let written = passage.read(day.first..day.end);
            let message = text!(
                "公历没有「{written}」这一天",
                "there is no such day as `{written}`"
            );
            slips.push(Slip::new(
                &UNKNOWN,
                passage.span(day.first, day.end - 1),
                message,
            ));
        }
    }
}

/// Finds weekdays that are not those of their dates, and those in digits.
pub fn find_weekday(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for day in days(passage).iter().filter(|day| day.year.is_some()) {
        let Some(date) = day.date() else { continue };
        let at = passage.end_of(day.end, |c| "（(，, 　".contains(c)).min(day.end + 2);
        let words = ["星期", "周", "礼拜"];
        let Some(word) = words.iter().find(|word| passage.has(at, word)) else {
            continue;
        };
        let name = at + word.chars().count();
        let Some(written) =
            passage.at(name).filter(|c| "一二三四五六日天末".contains(*c))
        else {
            continue;
        };
        let right = date.weekday().chars().last().unwrap_or_default();
        let alike = written == right || (written == '天' && right == '日');
        // `2023年3月28日，周三以前`: only what stands in brackets or beside it is its name.
        if !alike && written != '末' {
            let (day, right) = (passage.read(day.first..day.end), date.weekday());
            let message = text!(
                "{day}是{right}，不是「{word}{written}」",
                "{day} is {right}, not `{word}{written}`"
            );
            slips.push(Slip::new(&WEEKDAY, passage.span(at, name), message));
        }
    }
    find_weekday_digit(passage, slips);
}

fn find_weekday_digit(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '星'
            || !passage.has(at, "星期")
            || passage.before(at) == Some('个')
        {
            continue;
        }
        let digit = passage.at(at + 2).and_then(|c| c.to_digit(10));
        let next = passage.at(at + 3);
        let counts = next.is_some_and(|c| c.is_ascii_digit() || "次个天人.-".contains(c));
        let names = ["一", "二", "三", "四", "五", "六", "日"];
        let name = digit.and_then(|d| names.get(d.checked_sub(1)? as usize));
        if let Some(name) = name.filter(|_| !counts) {
            let written = passage.read(at..at + 3);
            let message = text!(
                "「{written}」应写作「星期{name}」",
                "`{written}` should be `星期{name}`"
            );
            slips.push(Slip::new(&WEEKDAY, passage.span(at, at + 2), message));
        }
    }
}

/// Finds digits behind 农历, 正月 and the like.
pub fn find_lunar(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let month = match letter.c {
            '农' | '阴' if passage.has(at + 1, "历") => at + 2,
            '正' | '腊' | '冬' if passage.has(at + 1, "月") => at + 2,
            _ => continue,
        };
        let digit = |at: usize| passage.at(at).is_some_and(|c| c.is_ascii_digit());
        let counts = |at: &usize| {
            passage.at(*at).is_some_and(|c| c.is_ascii_digit() || "年月".contains(c))
        };
        let Some(start) = (month..month + 5).find(counts) else { continue };
        // 农历8月, 农历癸卯年8月, 农历八月15, 正月15.
        let start = if passage.at(start) == Some('年') { start + 1 } else { start };
        let day = if passage.at(start) == Some('月') { start + 1 } else { start };
        let at_month = digit(start)
            && passage.at(passage.end_of(start, |c| c.is_ascii_digit())) == Some('月');
        let at_day = digit(day)
            && (day > start || (day == month && letter.c != '农' && letter.c != '阴'));
        if at_month || at_day {
            let end = passage.end_of(day, |c| c.is_ascii_digit() || "月日".contains(c));
            let written = passage.read(at..end);
            let message = text!(
                "「{written}」：农历的月、日用汉字，如「农历八月十五」",
                "`{written}`: lunar dates are written in Chinese, like `农历八月十五`"
            );
            slips.push(Slip::new(&LUNAR, passage.span(at, end - 1), message));
        }
    }
}

/// What events that are named by their day are.
const EVENTS: [&str; 14] = [
    "晚会",
    "运动",
    "事件",
    "讲话",
    "活动",
    "惨案",
    "起义",
    "消费者",
    "事变",
    "大地震",
    "地震",
    "抗震",
    "国际",
    "专案",
];

/// Finds `“3.15”晚会`.
pub fn find_event(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '“' {
            continue;
        }
        let Some((month, dot)) = whole(passage, at + 1) else { continue };
        let Some((day, close)) = whole(passage, dot + 1) else { continue };
        let dotted =
            passage.at(dot).is_some_and(|c| matches!(c, '.' | '．' | '•' | '・' | '、'));
        let event = EVENTS.iter().any(|word| passage.has(close + 1, word));
        let date = Day { year: None, month, day, first: at, end: close }.date();
        if dotted && passage.at(close) == Some('”') && event && date.is_some() {
            let written = passage.read(at..close + 1);
            let message = text!(
                "「{written}」应写作「“{month}·{day}”」",
                "`{written}` should be `“{month}·{day}”`"
            );
            slips.push(Slip::new(&EVENT, passage.span(at, close), message));
        }
    }
}
