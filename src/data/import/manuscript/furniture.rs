//! What belongs to pages and not to the text: page numbers, running heads, contents.

use std::collections::BTreeMap;

use super::block::Block;
use super::ledger::{Confidence, Ledger};
use super::line::{Kind, width};
use super::{numbering, signs};
use crate::text;

/// Running heads are not longer than this, in half-width characters.
const LONGEST_HEAD: usize = 80;
/// So many lines lie between the numbers of two pages, on average.
const SHORTEST_PAGE: usize = 4;

/// Leaves out what belongs to pages, and notes it.
pub(super) fn clear(blocks: Vec<Block>, ledger: &mut Ledger<'_>) -> Vec<Block> {
    let numbers = page_numbers(&blocks);
    let heads = running_heads(&blocks, &numbers);
    let contents = contents(&blocks);
    let (mut kept, mut cut): (Vec<Block>, bool) = (Vec::new(), false);
    for (index, mut block) in blocks.into_iter().enumerate() {
        let change = if let Some(sure) = numbers.get(&index) {
            let reason = text!("页码留在了正文里", "a page number was left in the text");
            Some(block.dropped("import/page-number", reason).sure(*sure))
        } else if heads.contains(&index) {
            let reason = text!("书眉留在了正文里", "a running head was left in the text");
            let change = block.dropped("import/running-head", reason);
            Some(change.sure(Confidence::Medium))
        } else if contents.contains(&index) || block.kind == Kind::Contents {
            let reason = text!(
                "目录由模板生成，不进数据",
                "templates make the table of contents themselves"
            );
            Some(block.dropped("import/contents", reason))
        } else {
            None
        };
        if change.is_some_and(|change| ledger.allows(change)) {
            cut = true;
            continue;
        }
        block.gap |= cut;
        block.apart |= cut;
        block.cut = cut;
        cut = false;
        kept.push(block);
    }
    kept
}

/// Which blocks are page numbers, and how surely.
fn page_numbers(blocks: &[Block]) -> BTreeMap<usize, Confidence> {
    let (mut found, mut bare) = (BTreeMap::new(), Vec::new());
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| block.is_plain())
    {
        match page_number(&block.text) {
            Some(Page::Decorated) => {
                found.insert(index, Confidence::High);
            }
            Some(Page::Bare(value)) => bare.push((index, value)),
            None => {}
        }
    }
    let counts_on = bare.windows(2).all(|pair| {
        let step = pair[1].1.checked_sub(pair[0].1);
        step.is_some_and(|step| (1..=3).contains(&step))
    });
    let far = match (bare.first(), bare.last()) {
        (Some(first), Some(last)) => (last.0 - first.0) / (bare.len() - 1).max(1),
        _ => 0,
    };
    let ends_page = |index: usize| {
        blocks.get(index + 1).is_some_and(|next| next.page)
            || splits_sentence(blocks, index)
    };
    let some = bare.iter().any(|(index, _)| ends_page(*index));
    let series = bare.len() >= 2 && counts_on && (far >= SHORTEST_PAGE || some);
    for (index, _) in bare.into_iter().filter(|(index, _)| series || ends_page(*index)) {
        found.insert(index, Confidence::Medium);
    }
    found
}

enum Page {
    /// With marks that only page numbers have.
    Decorated,
    /// A number alone.
    Bare(u32),
}

fn page_number(text: &str) -> Option<Page> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if bare.len() > 30 {
        return None;
    }
    let is_dash =
        |c: char| matches!(c, '-' | '—' | '–' | '―' | '·' | '•' | '|' | '~' | '－' | '─');
    let inner = bare.trim_matches(is_dash);
    let number = |text: &str| {
        let short = (1..=4).contains(&text.len());
        text.parse::<u32>().ok().filter(|_| short)
    };
    if let Some(value) = number(inner) {
        return Some(match inner.len() < bare.len() {
            true => Page::Decorated,
            false => Page::Bare(value),
        });
    }
    let lower = bare.to_lowercase();
    let english = lower.strip_prefix("page").or_else(|| lower.strip_prefix("p."));
    let of = |text: &str| {
        number(text).is_some()
            || text.split_once("of").or_else(|| text.split_once('/')).is_some_and(
                |(page, all)| number(page).is_some() && number(all).is_some(),
            )
    };
    let chinese = bare.strip_prefix('第').and_then(|rest| rest.split_once('页'));
    let chinese = chinese.is_some_and(|(page, rest)| {
        let counted = number(page).is_some() || numbering::numeral(page).is_some();
        let all = rest.trim_start_matches([',', '，', '/', '（', '(']);
        let all = all.trim_end_matches(['）', ')']);
        let all = all.strip_prefix('共').and_then(|all| all.strip_suffix('页'));
        counted && (rest.is_empty() || all.is_some_and(|all| number(all).is_some()))
    });
    let ratio = bare.split_once('/').is_some_and(|(page, all)| {
        let both = number(page).zip(number(all));
        both.is_some_and(|(page, all)| page <= all)
    });
    (english.is_some_and(of) || chinese || ratio).then_some(Page::Decorated)
}

/// Whether the text before and after a block is one sentence.
fn splits_sentence(blocks: &[Block], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|index| blocks.get(index));
    let (Some(before), Some(after)) = (before, blocks.get(index + 1)) else {
        return false;
    };
    let open = before.is_plain()
        && width(&before.text) >= 20
        && !signs::ends_with_mark(&before.text)
        && !signs::begins(&before.text);
    open && after.is_plain()
        && !signs::begins(&after.text)
        && signs::has_stop(&after.text)
}

/// Which blocks are running heads: short lines that are repeated where pages end.
fn running_heads(blocks: &[Block], numbers: &BTreeMap<usize, Confidence>) -> Vec<usize> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, block) in blocks.iter().enumerate() {
        let fits = block.is_plain() && !numbers.contains_key(&index);
        if fits && (6..=LONGEST_HEAD).contains(&width(&block.text)) {
            let key: String = block
                .text
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_ascii_digit())
                .collect();
            if key.chars().count() >= 3 && !signs::finished(&key) {
                groups.entry(key).or_default().push(index);
            }
        }
    }
    let near_page = |index: usize| {
        let around = index.saturating_sub(1)..=index + 1;
        let page = |at: &usize| blocks.get(*at).is_some_and(|block| block.page);
        around.clone().any(|at| numbers.contains_key(&at))
            || page(&index)
            || page(&(index + 1))
            || blocks[index].gap
                && blocks.get(index + 1).is_some_and(|next| next.gap)
                && splits_sentence(blocks, index)
    };
    let mut found = Vec::new();
    for (_, places) in groups.into_iter().filter(|(_, places)| places.len() >= 2) {
        let numbered = numbered(blocks, &places);
        let near_page = |index: usize| near_page(index) || numbered.contains(&index);
        let evidence = places.iter().filter(|index| near_page(**index)).count();
        if evidence + 1 < places.len() || evidence == 0 {
            continue;
        }
        // The title itself, at the start, is what the head repeats.
        found.extend(
            places
                .into_iter()
                .filter(|index| *index > 2 || near_page(*index) && *index > 0),
        );
    }
    found
}

/// Those of some alike lines that begin or end with the number of a page, which grows.
fn numbered(blocks: &[Block], places: &[usize]) -> Vec<usize> {
    let digit = |c: char| c.is_ascii_digit();
    let number = |index: usize| -> Option<u32> {
        let text = blocks[index].text.trim();
        let head = text.trim_start_matches(digit);
        let tail = text.trim_end_matches(digit);
        let apart = |rest: &str, at_end: bool| match at_end {
            true => rest.ends_with(char::is_whitespace),
            false => rest.starts_with(char::is_whitespace),
        };
        if tail.len() < text.len() && apart(tail, true) {
            text[tail.len()..].parse().ok()
        } else if head.len() < text.len() && apart(head, false) {
            text[..text.len() - head.len()].parse().ok()
        } else {
            None
        }
    };
    let found: Vec<(usize, u32)> =
        places.iter().filter_map(|index| Some((*index, number(*index)?))).collect();
    let grows = found.windows(2).all(|pair| pair[0].1 < pair[1].1);
    match grows && found.len() >= 2 {
        true => found.into_iter().map(|(index, _)| index).collect(),
        false => Vec::new(),
    }
}

/// Which blocks are a table of contents: lines with dots and a page number.
fn contents(blocks: &[Block]) -> Vec<usize> {
    let entry = |block: &Block| {
        let bare = block.text.trim_end_matches(|c: char| c.is_ascii_digit());
        let rest = bare.trim_end_matches([' ', '.', '…', '·', '\t', '．', '\u{3000}']);
        let gap = &bare[rest.len()..];
        let leader =
            gap.matches(['.', '·', '．']).count() >= 3 || gap.contains(['…', '\t']);
        block.is_plain() && bare.len() < block.text.len() && leader && !rest.is_empty()
    };
    let mut found: Vec<usize> =
        (0..blocks.len()).filter(|i| entry(&blocks[*i])).collect();
    if found.len() < 3 {
        return Vec::new();
    }
    let before = found[0].checked_sub(1);
    let title = |index: &usize| {
        let bare: String =
            blocks[*index].text.chars().filter(|c| !c.is_whitespace()).collect();
        matches!(bare.as_str(), "目录" | "目次" | "Contents")
    };
    found.extend(before.filter(title));
    found
}
