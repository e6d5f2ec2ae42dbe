//! Marks that come in pairs.

use crate::data::prose::character::{is_han, is_han_digit, is_latin};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `“四服务` has no end.
pub static UNBALANCED: Rule = Rule {
    id: "punct/unbalanced",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "引号、括号、书名号缺了一半，或互相交叉",
        en: "a quotation mark, bracket or title mark without its other half, or across another pair",
    },
    why: Words {
        zh: "这些符号成对使用；缺了一半，读者不知道引文、说明到哪里为止",
        en: "they come in pairs: without the other half nobody knows where the quotation ends",
    },
    source: "GB/T 15834-2011 4.8, 4.9, 4.15",
    wrong: "认真履行“四服务职责",
    right: "认真履行“四服务”职责",
};

/// `“…“…”…”` has the inner ones wrong.
pub static NESTING: Rule = Rule {
    id: "punct/nesting",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "引号里又用双引号，书名号里又用双书名号，或单引号用在外层",
        en: "double marks inside double ones, or single quotation marks outside",
    },
    why: Words {
        zh: "外层用“”《》，里层用‘’〈〉",
        en: "the outer pair is “” or 《》, the inner one ‘’ or 〈〉",
    },
    source: "GB/T 15834-2011 4.8, 4.15",
    wrong: "他说：“要办好“科普讲堂”。”",
    right: "他说：“要办好‘科普讲堂’。”",
};

/// The mark that closes what a mark opens.
fn closing(open: char) -> Option<char> {
    Some(match open {
        '“' => '”',
        '‘' => '’',
        '（' | '(' => '）',
        '《' => '》',
        '〈' => '〉',
        '〔' => '〕',
        '【' => '】',
        '「' => '」',
        '『' => '』',
        '［' => '］',
        _ => return None,
    })
}

/// How many marks that are open are looked at for the half of one that closes.
const DEPTH: usize = 32;

/// The last of some things of which something is true.
fn nearest<T>(open: &[T], such: impl Fn(&T) -> bool) -> Option<usize> {
    let found = open.iter().rev().take(DEPTH).position(such)?;
    Some(open.len() - 1 - found)
}

/// A fault of the pairs of a passage.
enum Fault {
    /// A mark whose other half is missing.
    Alone(usize),
    /// A closing mark with another mark open inside.
    Crossed(usize, usize),
}

fn faults(passage: &Passage<'_>) -> Vec<Fault> {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut faults = Vec::new();
    for (at, letter) in passage.letters.iter().enumerate() {
        let c = if letter.c == ')' { '）' } else { letter.c };
        if closing(c).is_some() {
            open.push((c, at));
        } else if "”’）》〉〕】」』］".contains(c) {
            match nearest(&open, |(open, _)| closing(*open) == Some(c)) {
                Some(nth) if nth + 1 == open.len() => {
                    open.pop();
                }
                Some(nth) => {
                    let (_, start) = open.remove(nth);
                    faults.push(Fault::Crossed(start, at));
                }
                None if letter.c == ')' || stands_alone(passage, at, c) => {}
                None => faults.push(Fault::Alone(at)),
            }
        }
    }
    let last = passage.letters.len().saturating_sub(1);
    let goes_on = |c: char, at: usize| c == '“' && at == 0 && goes_on(passage, last);
    let left = open.into_iter().filter(|(c, at)| *c != '(' && !goes_on(*c, *at));
    faults.extend(left.map(|(_, at)| Fault::Alone(at)));
    faults
}

/// Whether a closing mark needs no other half: `1）`, `don’t`, `’98`.
fn stands_alone(passage: &Passage<'_>, at: usize, c: char) -> bool {
    let number =
        |c: char| is_latin(c) || is_han_digit(c) || c == '十' || matches!(c, '①'..='⑳');
    match c {
        '’' => {
            passage.before(at).is_some_and(is_latin)
                || passage.after(at).is_some_and(|c| c.is_ascii_digit())
        }
        '）' => {
            let start = passage.start_of(at, number);
            start < at && at - start <= 2 && !passage.before(start).is_some_and(is_han)
        }
        _ => false,
    }
}

/// Whether the next paragraph begins with an opening mark: of a quotation of many
/// paragraphs, only the last is closed.
fn goes_on(passage: &Passage<'_>, last: usize) -> bool {
    let rest = passage.text.get(passage.span(last, last).end..).unwrap_or_default();
    let marks = |c: char| c.is_whitespace() || matches!(c, '>' | '*' | '-' | '#');
    rest.trim_start_matches(marks).starts_with('“')
}

/// Finds halves of pairs, and pairs that cross.
pub fn find_unbalanced(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    // An opening quotation mark that waits for its other half.
    let mut waiting = None;
    for fault in faults(passage) {
        match fault {
            Fault::Alone(at) if passage.at(at) == Some('“') => match waiting.take() {
                Some(_) => slips.push(turned(passage, at)),
                None => waiting = Some(at),
            },
            Fault::Alone(at) => slips.push(alone(passage, at)),
            Fault::Crossed(start, at) => slips.push(crossed(passage, start, at)),
        }
    }
    slips.extend(waiting.map(|at| alone(passage, at)));
}

fn alone(passage: &Passage<'_>, at: usize) -> Slip {
    let c = passage.letters[at].c;
    let opens = |open: &char| closing(*open) == Some(c);
    let half =
        closing(c).or_else(|| "“‘（《〈〔【「『［".chars().find(opens)).unwrap_or(c);
    let message = text!(
        "「{c}」没有与它成对的「{half}」",
        "`{c}` has no `{half}` that belongs to it"
    );
    Slip::new(&UNBALANCED, passage.span(at, at), message)
}

/// A second opening quotation mark where the first should be closed.
fn turned(passage: &Passage<'_>, at: usize) -> Slip {
    let message = text!(
        "这里的「“」应为「”」：前一个「“」还没有关上",
        "this `“` should be `”`: the one before is still open"
    );
    Slip::new(&UNBALANCED, passage.span(at, at), message)
}

fn crossed(passage: &Passage<'_>, start: usize, at: usize) -> Slip {
    let (a, b) = (passage.letters[start].c, passage.letters[at].c);
    let message = text!(
        "「{a}」「{b}」与里面的符号交叉：先开的后关",
        "`{a}` and `{b}` cross the marks between them: what opens first closes last"
    );
    Slip::new(&UNBALANCED, passage.span(at, at), message)
}

/// Finds marks of the wrong level, in passages whose pairs are sound.
pub fn find_nesting(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let marks = |c: char| matches!(c, '“' | '‘' | '《');
    if !passage.letters.iter().any(|letter| marks(letter.c))
        || !faults(passage).is_empty()
    {
        return;
    }
    let mut open: Vec<char> = Vec::new();
    for (at, letter) in passage.letters.iter().enumerate() {
        let quote =
            open.iter().rev().take(DEPTH).find(|c| matches!(c, '“' | '‘')).copied();
        let chinese = passage.after(at).is_some_and(is_han);
        let better = match letter.c {
            '“' if quote == Some('“') => Some("‘’"),
            '‘' if quote != Some('“') && chinese => Some("“”"),
            '《' if open.last() == Some(&'《') => Some("〈〉"),
            _ => None,
        };
        if let Some(better) = better {
            let c = letter.c;
            let other = closing(c).unwrap_or(c);
            let message = text!(
                "这一层的「{c}{other}」应为「{better}」",
                "the `{c}{other}` of this level should be `{better}`"
            );
            slips.push(Slip::new(&NESTING, letter.range.clone(), message));
        }
        if closing(letter.c).is_some() {
            open.push(letter.c);
        } else if let Some(nth) = nearest(&open, |c| closing(*c) == Some(letter.c)) {
            open.remove(nth);
        }
    }
}
