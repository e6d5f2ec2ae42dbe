//! Makes all edits that are safe.

use super::passage::{Role, passages};
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
/// rule has made settle in two rounds; the limit only guards against two that undo each
/// other.
const MOST_ROUNDS: usize = 8;

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
        let mending = mending(found, wanted);
        if mending.is_empty() {
            break;
        }
        let mut edits = Vec::new();
        for slip in mending {
            edits.extend(slip.edits.iter().cloned());
            changes.push(change(&text, slip));
        }
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        text = Edit::apply(&text, &edits);
    }
    let left = found(&text, markdown, role);
    Repair { text, changes, left }
}

fn found(text: &str, markdown: bool, role: Role) -> Vec<Slip> {
    passages(text, markdown, role).iter().flat_map(slips).collect()
}

/// The safe slips whose edits do not meet those of an earlier one.
fn mending(found: Vec<Slip>, wanted: &dyn Fn(&Slip) -> bool) -> Vec<Slip> {
    let mut kept: Vec<Slip> = Vec::new();
    for slip in found {
        let safe = slip.rule.remedy == Remedy::Safe && !slip.edits.is_empty();
        let meets = |edit: &Edit| {
            kept.iter().flat_map(|kept| &kept.edits).any(|other| {
                edit.range.start <= other.range.end && other.range.start <= edit.range.end
            })
        };
        if safe && wanted(&slip) && !slip.edits.iter().any(meets) {
            kept.push(slip);
        }
    }
    kept
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
