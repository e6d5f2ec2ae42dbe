//! The phrases of titles: separated by a full-width space, not broken by a stray one, and
//! not followed by the first words of the paragraph.

use super::block::Block;
use super::headings::shown;
use super::ledger::{self, Change, Confidence, Ledger};
use super::numbering::Series;
use super::signs;
use crate::data::prose::character::is_chinese;
use crate::text;

/// What separates the phrases of a title.
pub(super) const SEPARATOR: char = '\u{3000}';

/// What several headings are to each other.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The headings that have one parent, by the numbers of their blocks.
    pub(super) blocks: Vec<usize>,
}

/// One way to read a title.
#[derive(Debug, Clone, PartialEq)]
struct Way {
    /// The phrases, in bytes of the title.
    phrases: Vec<std::ops::Range<usize>>,
    /// Where the title ends and a paragraph begins.
    end: Option<usize>,
    /// How unlikely it is by itself.
    cost: usize,
}

/// What makes a way to read a title that keeps all phrases unlikely where the others
/// have two.
const UNEVEN: usize = 4;
/// A way to read a title that changes its structure has reasons, or it costs so much.
const CHANGED: usize = 1;
const UNFOUNDED: usize = 3;
/// More ways together are not compared.
const MOST_WAYS: usize = 4000;

/// Mends the titles of headings: groups are those that have one parent.
pub(super) fn mend(blocks: &mut Vec<Block>, groups: &[Group], ledger: &mut Ledger<'_>) {
    let mut chosen: Vec<(usize, Way)> = Vec::new();
    let all: Vec<Vec<usize>> =
        groups.iter().flat_map(|group| patterns(blocks, &group.blocks)).collect();
    for group in groups {
        let ways: Vec<Vec<Way>> =
            group.blocks.iter().map(|index| ways(blocks, *index)).collect();
        let best = best(blocks, &group.blocks, &ways, &all);
        chosen.extend(group.blocks.iter().copied().zip(best));
    }
    chosen.sort_by_key(|(index, _)| std::cmp::Reverse(*index));
    for (index, way) in chosen {
        apply(blocks, index, &way, ledger);
    }
}

/// Where the title of a heading begins, behind its number.
pub(super) fn start(block: &Block) -> usize {
    let number = block.head.as_ref().and_then(|head| head.number.as_ref());
    let len = number.map_or(0, |number| number.len.min(block.text.len()));
    let rest = &block.text[len..];
    len + rest.len() - rest.trim_start().len()
}

/// The phrases of a title: parts between spaces with Chinese on both sides.
fn phrases(title: &str) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut from) = (Vec::new(), 0);
    let mut at = 0;
    while let Some(start) = title[at..].find(char::is_whitespace).map(|start| at + start)
    {
        let rest = &title[start..];
        let end = start + rest.len() - rest.trim_start().len();
        let before = title[..start].chars().next_back();
        let after = title[end..].chars().next();
        let wide = title[start..end].contains(SEPARATOR);
        let chinese =
            |c: Option<char>| c.is_some_and(|c| is_chinese(c) || matches!(c, '—' | '…'));
        let number = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let parts = chinese(before) && chinese(after)
            || wide
            || chinese(before) && number(after) && end - start > 1;
        if parts && start > from {
            found.push(from..start);
            from = end;
        }
        at = end.max(start + 1);
        if at >= title.len() {
            break;
        }
    }
    found.push(from..title.len());
    found
}

fn lengths(title: &str, phrases: &[std::ops::Range<usize>]) -> Vec<usize> {
    phrases.iter().map(|range| ledger::count(&title[range.clone()])).collect()
}

/// The lengths of the phrases of titles that can be read in one way only.
fn patterns(blocks: &[Block], group: &[usize]) -> Vec<Vec<usize>> {
    group
        .iter()
        .filter_map(|index| {
            let title = &blocks[*index].text[start(&blocks[*index])..];
            let found = phrases(title);
            let plain = found.len() <= 2 && !signs::has_stop(title);
            plain.then(|| lengths(title, &found))
        })
        .collect()
}

/// The ways to read a title; the first keeps it as it is.
fn ways(blocks: &[Block], index: usize) -> Vec<Way> {
    let block = &blocks[index];
    let title = &block.text[start(block)..];
    let found = phrases(title);
    let count = found.len();
    let spaced =
        count >= 2 && found.iter().all(|range| ledger::count(&title[range.clone()]) <= 1);
    if spaced {
        // 目　录: the letters are spread.
        let phrases = std::iter::once(0..title.len()).collect();
        return vec![Way { phrases, end: None, cost: 0 }];
    }
    let certain =
        title.contains(SEPARATOR) && !title.contains(' ') && !signs::has_stop(title);
    let keep = if count > 2 && !certain { UNEVEN } else { 0 };
    let mut ways = vec![Way { phrases: found.clone(), end: None, cost: keep }];
    if certain {
        return ways;
    }
    if count == 3 {
        for first in 0..2 {
            let mut phrases = found.clone();
            phrases[first].end = phrases[first + 1].end;
            phrases.remove(first + 1);
            ways.push(Way { phrases, end: None, cost: CHANGED });
        }
    }
    let body = blocks
        .get(index + 1)
        .filter(|next| next.is_plain() && !signs::begins(&next.text));
    if let Some(next) = body {
        for kept in 1..count {
            let rest = &title[found[kept].start..];
            let cost = match rest_is_text(rest, &next.text) {
                true => 0,
                false => UNFOUNDED,
            };
            let way = Way {
                phrases: found[..kept].to_vec(),
                end: Some(found[kept].start),
                cost,
            };
            ways.push(way);
        }
    }
    ways
}

/// Whether what stands behind a title reads like the beginning of the paragraph.
fn rest_is_text(rest: &str, next: &str) -> bool {
    let quoted = rest.split(['“', '《', '”', '》']).step_by(2);
    let listed = quoted.into_iter().any(|part| part.contains('、'));
    let goes_on =
        next.starts_with(['的', '了', '和', '与', '等', '地', '，', '、', '。', ',']);
    signs::has_stop(rest) || listed || goes_on
}

/// The best way of each title of a group: titles that stand side by side are parallel.
fn best(
    blocks: &[Block],
    group: &[usize],
    ways: &[Vec<Way>],
    all: &[Vec<usize>],
) -> Vec<Way> {
    let title = |at: usize| &blocks[group[at]].text[start(&blocks[group[at]])..];
    let own = patterns(blocks, group);
    let two: Vec<Vec<usize>> =
        own.iter().filter(|pattern| pattern.len() == 2).cloned().collect();
    let references = if own.is_empty() && group.len() == 1 {
        all.iter().filter(|pattern| pattern.len() == 2).cloned().collect()
    } else if two.is_empty() {
        own
    } else {
        two
    };
    let choices = ways.iter().map(Vec::len).try_fold(1_usize, |all, some| {
        all.checked_mul(some).filter(|all| *all <= MOST_WAYS)
    });
    let pick = |references: &[Vec<usize>]| -> (usize, Vec<Way>) {
        let mut sum = 0;
        let picked = ways.iter().enumerate().map(|(at, ways)| {
            let cost = |way: &Way| {
                let lengths = lengths(title(at), &way.phrases);
                let nearest =
                    references.iter().map(|other| distance(&lengths, other)).min();
                way.cost + nearest.unwrap_or(0)
            };
            let best = ways.iter().min_by_key(|way| cost(way));
            sum += best.map_or(0, &cost);
            best.cloned().unwrap_or(Way { phrases: Vec::new(), end: None, cost: 0 })
        });
        let picked = picked.collect();
        (sum, picked)
    };
    if !references.is_empty() || choices.is_none() || group.len() < 2 {
        return pick(&references).1;
    }
    // No title is plain: the first one's ways are tried as the pattern of all.
    let trials = ways[0].iter().map(|way| pick(&[lengths(title(0), &way.phrases)]));
    trials.min_by_key(|(sum, _)| *sum).map(|(_, picked)| picked).unwrap_or_default()
}

/// How far two titles are from being parallel.
fn distance(one: &[usize], other: &[usize]) -> usize {
    if one.len() != other.len() {
        return UNEVEN * one.len().abs_diff(other.len());
    }
    one.iter().zip(other).map(|(a, b)| a.abs_diff(*b)).sum()
}

/// Writes the phrases of one title as they are to be.
pub(super) fn tidy(block: &mut Block, ledger: &mut Ledger<'_>) {
    let mut blocks = vec![std::mem::take(block)];
    let ways = ways(&blocks, 0);
    apply(&mut blocks, 0, &ways[0], ledger);
    if let Some(tidied) = blocks.pop() {
        *block = tidied;
    }
}

fn apply(blocks: &mut Vec<Block>, index: usize, way: &Way, ledger: &mut Ledger<'_>) {
    let from = start(&blocks[index]);
    if let Some(end) = way.end {
        split(blocks, index, from + end, ledger);
    }
    let block = &mut blocks[index];
    let title = block.text[from..].to_string();
    let cut =
        way.end.is_some() && title.len() > way.phrases.last().map_or(0, |last| last.end);
    let phrases = if cut { phrases(&title) } else { way.phrases.clone() };
    let written = written(&title, &phrases);
    let number = block.text[..from].trim_end().to_string();
    let between = match block.head.as_ref().and_then(|head| head.number.as_ref()) {
        Some(number) if number.series.rank() <= 3 => "\u{3000}",
        Some(number) if matches!(number.series, Series::Decimal(_)) => " ",
        Some(_) if written.starts_with(|c: char| c.is_ascii_alphanumeric()) => " ",
        _ => "",
    };
    let between =
        if written.is_empty() || number.is_empty() || number.ends_with(['：', ':']) {
            ""
        } else {
            between
        };
    let text = format!("{number}{between}{written}");
    if text != block.text {
        let merged = way.end.is_none() && way.phrases.len() < self::phrases(&title).len();
        let (reason, sure) = match merged {
            true => (
                text!(
                    "标题里的短语被空格断开了（与并列的标题对照）",
                    "a space broke a phrase of the title (its siblings tell)"
                ),
                Confidence::Medium,
            ),
            false => (
                text!(
                    "标题的短语之间用一个全角空格",
                    "one full-width space separates the phrases of a title"
                ),
                Confidence::High,
            ),
        };
        let change = Change::new("import/title", block.number, reason)
            .words(block.text.clone(), text.clone())
            .sure(sure);
        if ledger.allows(change) {
            block.text = text;
        }
    }
    let len = number.len();
    if let Some(number) = block.head.as_mut().and_then(|head| head.number.as_mut()) {
        number.len = len;
    }
}

/// A title with its phrases as they are to be.
fn written(title: &str, phrases: &[std::ops::Range<usize>]) -> String {
    let phrase = |range: &std::ops::Range<usize>| {
        let words: Vec<&str> = title[range.clone()].split_whitespace().collect();
        let mut text = String::new();
        for word in words {
            let end = text.chars().next_back();
            let start = word.chars().next();
            let chinese = |c: Option<char>| c.is_some_and(is_chinese);
            if end.is_some() && !(chinese(end) && chinese(start)) {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    };
    let phrases: Vec<String> = phrases.iter().map(phrase).collect();
    phrases.join(&SEPARATOR.to_string())
}

/// Gives the paragraph back what the heading took from it.
fn split(blocks: &mut Vec<Block>, index: usize, at: usize, ledger: &mut Ledger<'_>) {
    let text = &blocks[index].text;
    let rest = text[at..].trim();
    let goes_on = !signs::finished(rest);
    let next = blocks.get(index + 1).filter(|next| next.is_plain());
    let next = next.map_or("", |next| next.text.as_str());
    let joint = if goes_on { "" } else { "⏎" };
    let before = format!("{text}⏎{}", shown(next));
    let after = format!("{}⏎{rest}{joint}{}", text[..at].trim_end(), shown(next));
    let reason = text!(
        "标题带上了正文的头几个字（与并列的标题对照）",
        "the heading had swallowed the first words of its paragraph (its siblings tell)"
    );
    let change = Change::new("import/split", blocks[index].number, reason)
        .words(before, after)
        .sure(Confidence::Medium);
    if !ledger.allows(change) {
        return;
    }
    let mut rest = blocks[index].split_off(at);
    let follows = blocks.get(index + 1).is_some_and(Block::is_plain);
    if goes_on && follows {
        let next = blocks.remove(index + 1);
        rest.look = next.look;
        rest.take_in("", next);
    }
    blocks.insert(index + 1, rest);
}
