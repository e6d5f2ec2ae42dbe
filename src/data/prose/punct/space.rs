//! Spaces between Han characters and beside full-width marks.

use std::cell::LazyCell;

use crate::data::prose::character::{closes, is_han, is_space, is_stop, opens};
use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `科协 贯彻` is `科协贯彻`.
pub static RULE: Rule = Rule {
    id: "punct/space",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "汉字之间、全角标点旁边或段落两头有空格；标题的两个短语之间用了半角空格",
        en: "a space between Han characters, beside a full-width mark or at an end of a paragraph; a half-width one between the phrases of a heading",
    },
    why: Words {
        zh: "汉字之间不空格，标点自带空白；姓名的空距、段首的缩进由排版生成，不写进内容；标题短语之间空一字",
        en: "Han characters have no spaces between them and marks have room of their own; names are spread and paragraphs indented by the layout; phrases of a heading are one character apart",
    },
    source: "GB/T 15834-2011 5.1; W3C clreq 3.2",
    wrong: "在县委领导下， 科协 认真履行职责",
    right: "在县委领导下，科协认真履行职责",
};

/// What a run of spaces should be.
#[derive(Copy, Clone, Eq, PartialEq)]
enum Verdict {
    Kept,
    Removed,
    /// One U+3000.
    Wide,
}

const WIDE: char = '\u{3000}';

/// The longest run of Han that may be an item of a list whose items have spaces between
/// them (names, places).
const ITEM: usize = 4;

/// How many items of such a list are looked at on each side.
const REACH: usize = 12;

/// The longest passage without a stop that is read as a line of phrases, not as a sentence.
const LINE: usize = 40;

/// The longest word before a separating space at the start of a paragraph: `第一条　`.
const LABEL: usize = 7;

/// How much of a heading is looked at.
const HEADING: usize = 200;

/// More spaces than this are a gap that somebody fills in by hand.
const GAP: usize = 2;

/// Finds runs of spaces that should not be there or should be others.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let foreign = LazyCell::new(|| passage.is_latin() || passage.is_citation());
    let mut from = 0;
    while from < passage.letters.len() {
        let to = passage.end_of(from, is_space);
        if to > from {
            let plain = passage.letters[from..to].iter().all(|letter| letter.is_plain());
            let verdict = verdict(passage, from, to);
            if plain && verdict != Verdict::Kept && !*foreign {
                slips.push(slip(passage, from, to, verdict));
            }
        }
        from = to.max(from + 1);
    }
}

fn slip(passage: &Passage<'_>, from: usize, to: usize, verdict: Verdict) -> Slip {
    let range = passage.span(from, to - 1);
    match verdict {
        Verdict::Wide => {
            let message = text!(
                "标题短语之间空一字，用全角空格",
                "phrases of a heading have a full-width space (U+3000) between them"
            );
            Slip::new(&RULE, range, message).mend(passage, from..to, "\u{3000}")
        }
        Verdict::Kept | Verdict::Removed => {
            let around = passage.read(from.saturating_sub(1)..to + 1);
            let right: String = around.chars().filter(|c| !is_space(*c)).collect();
            let message = text!(
                "「{around}」里的空格应删去，写作「{right}」",
                "the space in `{around}` should go: `{right}`"
            );
            Slip::new(&RULE, range, message).mend(passage, from..to, "")
        }
    }
}

fn verdict(passage: &Passage<'_>, from: usize, to: usize) -> Verdict {
    match (passage.before(from), passage.at(to)) {
        (None, None) => Verdict::Kept,
        (None, Some(after)) => at_start(passage, to, after),
        (Some('\n'), _) | (_, Some('\n')) => Verdict::Kept,
        (Some(_), None) => Verdict::Removed,
        (Some(before), Some(after)) if is_han(before) && is_han(after) => {
            between_han(passage, from, to)
        }
        (Some(before), Some(after)) if is_beside_mark(passage, from, before, after) => {
            beside_mark(passage, from, to, before, after)
        }
        _ => Verdict::Kept,
    }
}

/// The layout indents paragraphs; more than two characters put a line somewhere by hand.
fn at_start(passage: &Passage<'_>, to: usize, after: char) -> Verdict {
    let wide = passage.letters[..to].iter().filter(|letter| letter.c == WIDE).count();
    match is_han(after) || opens(after) {
        true if wide <= GAP => Verdict::Removed,
        _ => Verdict::Kept,
    }
}

fn is_wide(passage: &Passage<'_>, from: usize, to: usize) -> bool {
    passage.letters[from..to].iter().any(|letter| letter.c == WIDE)
}

/// Whether a paragraph is a line of phrases.
fn is_line(passage: &Passage<'_>) -> bool {
    let stop = |c: char| matches!(c, '，' | '。' | '；' | '！' | '？');
    passage.letters.len() <= LINE && !passage.letters.iter().any(|l| stop(l.c))
}

fn between_han(passage: &Passage<'_>, from: usize, to: usize) -> Verdict {
    // It comes from web pages, and never stands between two words of a list.
    let is_nbsp = passage.letters[from..to].iter().any(|letter| letter.c == '\u{a0}');
    if is_nbsp && passage.role != Role::Heading {
        return Verdict::Removed;
    }
    let wide = is_wide(passage, from, to);
    let runs = runs(passage, from, to);
    let single = runs.iter().all(|run| *run == 1);
    match passage.role {
        Role::Name => Verdict::Removed,
        // Beside U+3000, which parts lines, a half-width one parts the phrases of a line.
        Role::Heading if is_wide(passage, 0, passage.letters.len().min(HEADING)) => {
            Verdict::Kept
        }
        // 新 昌 县: set apart by hand.
        Role::Heading if single && runs.len() > 2 => Verdict::Removed,
        Role::Heading => Verdict::Wide,
        Role::Item | Role::Phrase if wide || !single => Verdict::Kept,
        Role::Item | Role::Phrase => Verdict::Removed,
        Role::Paragraph if is_line(passage) && (wide || !single) => Verdict::Kept,
        Role::Paragraph => in_sentence(passage, from, to, wide, &runs),
    }
}

fn in_sentence(
    passage: &Passage<'_>,
    from: usize,
    to: usize,
    wide: bool,
    runs: &[usize],
) -> Verdict {
    if passage.start_of(from, is_han) == 0 && from <= LABEL {
        let last = passage.before(from).is_some_and(|c| "条章节款".contains(c));
        match wide {
            true => return Verdict::Kept,
            false if last && passage.at(0) == Some('第') => return Verdict::Wide,
            false => {}
        }
    }
    if to - from > GAP || (wide && is_in_title(passage, from)) {
        return Verdict::Kept;
    }
    let short = |runs: &[usize]| runs.iter().all(|run| *run <= ITEM);
    let single = runs.iter().filter(|run| **run == 1).count();
    let kept = match runs {
        [] | [_] => false,
        [_, _] => short(runs) && (wide || single == 0),
        // `新 昌 县 科协召开`: one word set apart by hand.
        _ if !wide && single == runs.len() => false,
        _ if !wide && single + 1 == runs.len() && !short(runs) => false,
        [_, inner @ .., _] => short(inner),
    };
    if kept { Verdict::Kept } else { Verdict::Removed }
}

/// The longest title of a document.
const TITLE: usize = 80;

/// Whether a place is inside of 《》: titles keep the space between their phrases.
fn is_in_title(passage: &Passage<'_>, at: usize) -> bool {
    let before = passage.letters[..at].iter().rev().take(TITLE);
    before.map(|letter| letter.c).find(|c| matches!(c, '《' | '》')) == Some('《')
}

/// The lengths of the runs of Han around a run of spaces that have only spaces between
/// them.
fn runs(passage: &Passage<'_>, from: usize, to: usize) -> Vec<usize> {
    let mut runs = Vec::new();
    let mut end = from;
    for _ in 0..REACH {
        let start = passage.start_of(end, is_han);
        if start == end {
            break;
        }
        runs.push(end - start);
        let before = passage.start_of(start, is_space);
        if before == start {
            break;
        }
        end = before;
    }
    runs.reverse();
    let mut start = to;
    for _ in 0..REACH {
        let end = passage.end_of(start, is_han);
        if end == start {
            break;
        }
        runs.push(end - start);
        let after = passage.end_of(end, is_space);
        if after == end {
            break;
        }
        start = after;
    }
    runs
}

/// Marks that are always full-width: not quotation marks, which Latin has too.
fn is_wide_mark(c: char) -> bool {
    let quote = matches!(c, '“' | '”' | '‘' | '’');
    is_stop(c) || ((opens(c) || closes(c)) && !quote)
}

fn is_beside_mark(passage: &Passage<'_>, from: usize, before: char, after: char) -> bool {
    let quotes = |c: char| matches!(c, '“' | '”' | '‘' | '’');
    let ellipsis =
        |c: char, at: usize| (c == '…' || c == '—') && passage.at(at) == Some(c);
    let after_at = passage.end_of(from, is_space);
    is_wide_mark(before)
        || is_wide_mark(after)
        || (is_han(before) && (quotes(after) || ellipsis(after, after_at + 1)))
        || (is_han(after) && (quotes(before) || (from > 1 && ellipsis(before, from - 2))))
}

fn beside_mark(
    passage: &Passage<'_>,
    from: usize,
    to: usize,
    before: char,
    after: char,
) -> Verdict {
    let wide = is_wide(passage, from, to);
    let gap = to - from > GAP || (opens(before) && closes(after));
    // `（一）　总则`, `《甲》　《乙》` in a line of phrases.
    let separates =
        wide && (passage.role != Role::Paragraph || is_line(passage) || from <= LABEL);
    match gap || separates {
        true => Verdict::Kept,
        false => Verdict::Removed,
    }
}
