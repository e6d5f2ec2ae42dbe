//! Punctuation and wording, mended by the rules about passages.

use std::ops::Range;

use super::block::Block;
use super::ledger::{self, Change, Ledger};
use super::line::Kind;
use super::numbering;
use super::titles::SEPARATOR;
use crate::data::prose::{self, Role, repair};
use crate::text;

/// Longer paragraphs, in bytes, are left as they are: they are data, or a file in which
/// nothing ends a line.
pub(super) const LONGEST: usize = 100_000;

/// Mends the text of all blocks by the rules that are safe.
pub(super) fn mend(blocks: &mut [Block], markdown: bool, ledger: &mut Ledger<'_>) {
    for block in blocks.iter_mut().filter(|block| block.is_read()) {
        if block.text.len() > LONGEST {
            continue;
        }
        let role = match (&block.head, &block.kind) {
            (Some(_), _) => Role::Heading,
            (None, Kind::Item | Kind::Verbatim) => Role::Item,
            (None, _) => Role::Paragraph,
        };
        // Tables and quotes are Markdown whatever the manuscript is.
        let markdown = markdown || block.kind == Kind::Verbatim;
        let mut changes = Vec::new();
        let text = match role {
            // Each phrase alone: no rule takes the space between them for a slip.
            Role::Heading => {
                let phrases = block.text.split(SEPARATOR);
                let mended: Vec<String> = phrases
                    .map(|phrase| one(phrase, markdown, role, &mut changes))
                    .collect();
                mended.join(&SEPARATOR.to_string())
            }
            _ => one(&block.text, markdown, role, &mut changes),
        };
        if text != block.text {
            note(block, &text, changes, ledger);
            block.text = text;
            renumber(block);
        }
    }
}

fn one(
    text: &str,
    markdown: bool,
    role: Role,
    changes: &mut Vec<prose::Change>,
) -> String {
    let mended = repair(text, markdown, role, &|_| true);
    changes.extend(mended.changes);
    mended.text
}

/// Notes each change, and which letters it drops and adds: those of full-width digits.
fn note(block: &Block, text: &str, changes: Vec<prose::Change>, ledger: &mut Ledger<'_>) {
    let notes = changes.into_iter().map(|change| {
        Change::new(change.slip.rule.id, block.number, change.reason().clone())
            .words(change.before, change.after)
    });
    let mut notes: Vec<Change> = notes.collect();
    let (before, after) = (ledger::letters(&block.text), ledger::letters(text));
    if before != after {
        notes.extend(lettered(block, &before, &after));
    }
    for change in notes {
        ledger.note(change);
    }
}

/// The letters that differ, each with its place in the stream.
fn lettered(block: &Block, before: &str, after: &str) -> Vec<Change> {
    let (before, after): (Vec<char>, Vec<char>) =
        (before.chars().collect(), after.chars().collect());
    let part =
        |chars: &[char], range: Range<usize>| -> String { chars[range].iter().collect() };
    let mut found = Vec::new();
    for (old, new) in differing(&before, &after) {
        let (from, to) = (part(&before, old.clone()), part(&after, new));
        let note = |at: usize, dropped: &str, added: &str| {
            let reason = text!(
                "按标点和用字的规则改了字母或数字",
                "letters or digits were changed by the rules of writing"
            );
            Change::new("import/letters-changed", block.number, reason)
                .words(from.clone(), to.clone())
                .letters(at, dropped, added)
        };
        // What a page number stood between is not one part of the stream.
        let mut added = to.as_str();
        let mut start = old.start;
        for index in old.clone() {
            let next = index + 1;
            let apart = block.spans.at(next) != block.spans.at(index) + 1;
            if next == old.end || apart {
                let dropped = part(&before, start..next);
                found.push(note(block.spans.at(start), &dropped, added));
                (added, start) = ("", next);
            }
        }
        if old.is_empty() {
            found.push(note(block.spans.at(old.start), "", added));
        }
    }
    found
}

/// The parts in which two texts differ. What is changed one for one, as full-width digits
/// are, differs letter by letter; anything else is one part.
fn differing(before: &[char], after: &[char]) -> Vec<(Range<usize>, Range<usize>)> {
    if before.len() == after.len() {
        let pairs = before.iter().zip(after).enumerate();
        let differ = pairs.filter(|(_, (one, other))| one != other);
        return differ.map(|(at, _)| (at..at + 1, at..at + 1)).collect();
    }
    let pairs = before.iter().zip(after);
    let start = pairs.take_while(|(one, other)| one == other).count();
    let (rest, other) = (&before[start..], &after[start..]);
    let pairs = rest.iter().rev().zip(other.iter().rev());
    let end = pairs.take_while(|(one, other)| one == other).count();
    vec![(start..before.len() - end, start..after.len() - end)]
}

/// The number before a heading may have been mended, too.
fn renumber(block: &mut Block) {
    let Some(own) = block.head.as_mut().and_then(|head| head.number.as_mut()) else {
        return;
    };
    let found = numbering::label(&block.text)
        .filter(|found| found.series == own.series)
        .or_else(|| numbering::number(&block.text));
    match found {
        Some(found) => own.len = found.len,
        // A number alone, without a mark.
        None => own.len = own.len.min(block.text.len()),
    }
    while !block.text.is_char_boundary(own.len) {
        own.len -= 1;
    }
}
