//! Times of day.

use crate::data::prose::character::{is_dash, is_han};
use crate::data::prose::numeral::{whole, whole_before};
use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// There is no 25:00.
pub static UNKNOWN: Rule = Rule {
    id: "number/no-such-time",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words { zh: "一天里没有的时刻", en: "a time that a day does not have" },
    why: Words {
        zh: "读者会照着时间到会：小时至24，分钟至59",
        en: "readers will act on it: hours go to 24, minutes to 59",
    },
    source: "GB/T 7408.1-2023",
    wrong: "上午9:75开会",
    right: "上午9:15开会",
};

/// `9：30` is `9:30`.
pub static COLON: Rule = Rule {
    id: "number/time-colon",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "时刻里用了全角的冒号", en: "a full-width colon in a time"
    },
    why: Words {
        zh: "时、分之间的冒号是半角的；全角冒号把时刻拆开，也可能在它后面换行",
        en: "the colon of a time is half-width; a full-width one tears it apart and lets lines break there",
    },
    source: "GB/T 15835-2011 5.1.5; GB/T 7408.1-2023",
    wrong: "上午9：30开会",
    right: "上午9:30开会",
};

/// A time of a text, as numbers and letters.
struct Clock {
    hour: u32,
    minute: u32,
    first: usize,
    end: usize,
}

impl Clock {
    fn is_known(&self) -> bool {
        self.minute < 60 && (self.hour < 24 || (self.hour == 24 && self.minute == 0))
    }
}

/// What stands before a time of day.
const BEFORE: [&str; 11] = [
    "上午",
    "下午",
    "中午",
    "晚上",
    "早上",
    "早晨",
    "凌晨",
    "傍晚",
    "时间：",
    "今晚",
    "当晚",
];

/// The time around a colon: one or two digits, and two.
fn clock(passage: &Passage<'_>, colon: usize) -> Option<Clock> {
    let (hour, first) = whole_before(passage, colon)?;
    let (minute, end) = whole(passage, colon + 1)?;
    let joins =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '：' | '.' | '/');
    // `时间：9：00`: the first colon is no part of the time.
    let label = first >= 2
        && passage.before(first) == Some('：')
        && passage.at(first - 2).is_some_and(is_han);
    let sound = colon - first <= 2
        && end - colon == 3
        && (label || !passage.before(first).is_some_and(joins))
        && !passage.at(end).is_some_and(joins);
    sound.then_some(Clock { hour, minute, first, end })
}

/// Whether the words before a time say that it is one.
fn is_announced(passage: &Passage<'_>, clock: &Clock) -> bool {
    let at = passage.start_of(clock.first, |c| c == ' ');
    BEFORE.iter().any(|word| passage.has_before(at, word))
        || passage.before(at).is_some_and(|c| c == '日' || c == '号')
}

/// Whether a time begins or ends a span, and the other end of it is a time of day.
fn is_in_span(passage: &Passage<'_>, clock_at: &Clock) -> bool {
    let joins = |c: char| is_dash(c) || matches!(c, '～' | '~' | '至');
    let known = |colon: usize| {
        matches!(passage.at(colon), Some(':' | '：'))
            && clock(passage, colon).is_some_and(|other| other.is_known())
    };
    let after = passage.end_of(clock_at.end, joins);
    let digits = passage.end_of(after, |c| c.is_ascii_digit());
    let before = passage.start_of(clock_at.first, joins);
    (after > clock_at.end && known(digits))
        || (before < clock_at.first && before >= 3 && known(before - 3))
}

/// Finds times that there are not, with a colon or with 时 and 分.
pub fn find_unknown(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let found = match letter.c {
            ':' | '：' => clock(passage, at).filter(|clock| {
                !clock.is_known()
                    && (is_announced(passage, clock) || is_in_span(passage, clock))
            }),
            '时' | '点' => of_words(passage, at),
            _ => None,
        };
        if let Some(clock) = found {
            let written = passage.read(clock.first..clock.end);
            let message = text!(
                "没有「{written}」这个时刻",
                "there is no such time as `{written}`"
            );
            let range = passage.span(clock.first, clock.end - 1);
            slips.push(Slip::new(&UNKNOWN, range, message));
        }
    }
}

/// `9时75分`, announced by a word, at its 时.
fn of_words(passage: &Passage<'_>, at: usize) -> Option<Clock> {
    let (hour, first) = whole_before(passage, at)?;
    let (minute, end) = whole(passage, at + 1)?;
    let clock = Clock { hour, minute, first, end: end + 1 };
    let minutes = passage.at(end) == Some('分') && passage.at(end + 1) != Some('钟');
    (minutes && !clock.is_known() && is_announced(passage, &clock)).then_some(clock)
}

/// Finds full-width colons in times of running text.
pub fn find_colon(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    if passage.role == Role::Phrase {
        return;
    }
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '：' {
            continue;
        }
        let Some(clock) = clock(passage, at).filter(Clock::is_known) else { continue };
        if is_announced(passage, &clock) || is_in_span(passage, &clock) {
            let written = passage.read(clock.first..clock.end);
            let right = written.replace('：', ":");
            let message = text!(
                "时刻「{written}」应写作「{right}」",
                "the time `{written}` should be `{right}`"
            );
            let range = passage.span(clock.first, clock.end - 1);
            slips.push(Slip::new(&COLON, range, message));
        }
    }
}
