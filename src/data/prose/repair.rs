//! Makes all edits that are safe.

use std::collections::BTreeMap;

use super::passage::{Passage, Role, passages};
use super::slip::Edit;
use super::{Slip, slips};
use crate::diag::{Remedy, Text};

/// A string after its repair.
#[derive(Debug, Clone)]
pub struct Repair {
    /// The string.
    pub text: String,
    /// What was changed, in the order in which it was done.
    pub changes: Vec<Change>,
    /// What is left for somebody to decide, in the string as it is now.
    pub left: Vec<Slip>,
}

/// One slip that was mended.
#[derive(Debug, Clone)]
pub struct Change {
    /// The slip; its ranges are those of the string when it was found.
    pub slip: Slip,
    /// The words around it before and after.
    pub before: String,
    /// See `before`.
    pub after: String,
}

/// How often a string is looked through again after edits. Rules that mend what another
/// rule has made settle in two or three rounds; the limit only guards against two that
/// undo each other.
const MOST_ROUNDS: usize = 32;

/// Mends a string, by the rules for which `wanted` is true.
pub fn repair(
    text: &str,
    markdown: bool,
    role: Role,
    wanted: &dyn Fn(&Slip) -> bool,
) -> Repair {
    let mut text = text.to_string();
    let mut changes = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let found = found(&text, markdown, role);
        let mending = harmless(&text, markdown, mending(found, wanted));
        if mending.is_empty() {
            break;
        }
        let mended = edited(&text, &mending);
        changes.extend(mending.into_iter().map(|slip| change(&text, slip)));
        text = mended;
    }
    let left = found(&text, markdown, role);
    Repair { text, changes, left }
}

fn found(text: &str, markdown: bool, role: Role) -> Vec<Slip> {
    passages(text, markdown, role).iter().flat_map(slips).collect()
}

/// The string after the edits of slips that do not meet.
fn edited(text: &str, slips: &[Slip]) -> String {
    let mut edits: Vec<Edit> =
        slips.iter().flat_map(|slip| slip.edits.iter().cloned()).collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    Edit::apply(text, &edits)
}

/// The safe slips whose edits do not meet those of an earlier one.
fn mending(found: Vec<Slip>, wanted: &dyn Fn(&Slip) -> bool) -> Vec<Slip> {
    let mut kept: Vec<Slip> = Vec::new();
    // The ends of the ranges that are edited, by their starts.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    for slip in found {
        let safe = slip.rule.remedy == Remedy::Safe && !slip.edits.is_empty();
        let meets = |edit: &Edit| {
            let before = taken.range(..=edit.range.end).next_back();
            before.is_some_and(|(_, end)| edit.range.start <= *end)
        };
        if safe && wanted(&slip) && !slip.edits.iter().any(meets) {
            taken.extend(slip.edits.iter().map(|e| (e.range.start, e.range.end)));
            kept.push(slip);
        }
    }
    kept
}

/// The slips whose edits do not change what is a heading, an item or a mark of Markdown:
/// a line end that becomes a list, a star that becomes text.
fn harmless(text: &str, markdown: bool, slips: Vec<Slip>) -> Vec<Slip> {
    if !markdown || slips.is_empty() {
        return slips;
    }
    let before = shape(text);
    let mut kept = Vec::new();
    keep_harmless(text, &before, &slips, &mut kept);
    kept
}

/// Adds slips whose edits, all at once or each half by itself, keep the shape of a text.
fn keep_harmless(text: &str, before: &Shape, slips: &[Slip], kept: &mut Vec<Slip>) {
    let all = [&kept[..], slips].concat();
    if shape(&edited(text, &all)) == *before {
        *kept = all;
    } else if slips.len() > 1 {
        let (first, second) = slips.split_at(slips.len() / 2);
        keep_harmless(text, before, first, kept);
        keep_harmless(text, before, second, kept);
    }
}

/// The passages of a Markdown text: what each is, and how many marks are read in it as
/// text.
type Shape = Vec<(Role, usize)>;

fn shape(text: &str) -> Shape {
    let mark = |c: char| "*_~`#<>[]|\\&\n".contains(c);
    let count = |passage: &Passage<'_>| {
        passage.letters.iter().filter(|letter| mark(letter.c)).count()
    };
    let passages = passages(text, true, Role::Paragraph);
    passages.iter().map(|passage| (passage.role, count(passage))).collect()
}

/// How many characters around a slip are shown.
const AROUND: usize = 6;

fn change(text: &str, slip: Slip) -> Change {
    let mut edits = slip.edits.clone();
    edits.sort_by_key(|edit| edit.range.start);
    let start = edits.first().map_or(slip.range.start, |edit| edit.range.start);
    let end = edits.last().map_or(slip.range.end, |edit| edit.range.end);
    let from = text[..start].char_indices().rev().take(AROUND).last();
    let from = from.map_or(start, |(at, _)| at);
    let to =
        text[end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| end + at);
    let moved = |edit: &Edit| Edit {
        range: edit.range.start - from..edit.range.end - from,
        with: edit.with.clone(),
    };
    let moved: Vec<Edit> = edits.iter().map(moved).collect();
    let before = text[from..to].to_string();
    let after = Edit::apply(&before, &moved);
    Change { slip, before, after }
}

impl Change {
    /// What was done and why, for people.
    pub fn reason(&self) -> &Text {
        &self.slip.message
    }
}
