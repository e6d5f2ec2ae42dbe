//! The ledger: every change with its reason, and the proof that it names all of them.
//!
//! Letters, digits and symbols of the manuscript are one long stream. A block knows
//! which parts of the stream it holds, a change which it drops and what it adds; so the
//! letters of the dataset must be those of the stream after the changes, in order.

use std::ops::Range;

use serde::Serialize;

use crate::diag::{Diagnostic, Text};
use crate::text;

/// How sure a change is.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It may be wrong: look at it.
    Low,
    /// It is right in most texts of the kind.
    Medium,
    /// Nothing else is likely.
    High,
}

/// A change of the text or its structure.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
pub struct Change {
    /// What kind it is: `import/join`, or the rule that it follows.
    pub code: &'static str,
    /// The line or paragraph of the manuscript.
    pub line: usize,
    /// The words before, as far as they matter.
    pub before: String,
    /// The words after.
    pub after: String,
    /// Why.
    pub reason: Text,
    /// How sure it is.
    pub confidence: Confidence,
    /// Letters and digits that are no longer there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dropped: String,
    /// Letters and digits that were not there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub added: String,
    /// Where these stood in the stream.
    #[serde(skip)]
    at: usize,
}

impl Change {
    /// A change that neither drops nor adds a letter.
    pub(super) fn new(code: &'static str, line: usize, reason: Text) -> Self {
        Self {
            code,
            line,
            before: String::new(),
            after: String::new(),
            reason,
            confidence: Confidence::High,
            dropped: String::new(),
            added: String::new(),
            at: 0,
        }
    }

    /// The same, with the words before and after.
    pub(super) fn words(
        mut self,
        before: impl Into<String>,
        after: impl Into<String>,
    ) -> Self {
        (self.before, self.after) = (before.into(), after.into());
        self
    }

    /// The same, less sure.
    pub(super) fn sure(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// The same, which drops and adds letters at a place of the stream.
    pub(super) fn letters(mut self, at: usize, dropped: &str, added: &str) -> Self {
        self.at = at;
        (self.dropped, self.added) = (letters(dropped), letters(added));
        self
    }
}

/// What asks somebody about a doubtful change; without anybody it is made.
pub type Judge<'j> = dyn FnMut(&Change) -> bool + 'j;

/// The changes of one manuscript.
pub(super) struct Ledger<'j> {
    /// In the order in which they were made.
    pub(super) changes: Vec<Change>,
    judge: &'j mut Judge<'j>,
}

impl std::fmt::Debug for Ledger<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.changes).finish()
    }
}

impl<'j> Ledger<'j> {
    pub(super) fn new(judge: &'j mut Judge<'j>) -> Self {
        Self { changes: Vec::new(), judge }
    }

    /// Notes a change that is made in any case.
    pub(super) fn note(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Whether a change is to be made; then it is noted.
    pub(super) fn allows(&mut self, change: Change) -> bool {
        let made = change.confidence == Confidence::High || (self.judge)(&change);
        if made {
            self.changes.push(change);
        }
        made
    }
}

/// Whether a character counts: letters, digits and symbols do; marks and spaces, which
/// are mended, and Markdown's own signs do not.
pub(super) fn counts(c: char) -> bool {
    c.is_alphanumeric()
        || !(c.is_ascii()
            || c.is_whitespace()
            || c.is_control()
            || matches!(c,
                '\u{80}'..='\u{bf}' | '×' | '÷' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}'
                | '\u{30fb}' | '\u{fe00}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffef}' | '\u{feff}'))
}

/// The characters of a text that count.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| counts(*c)).collect()
}

/// How many characters of a text count.
pub(super) fn count(text: &str) -> usize {
    text.chars().filter(|c| counts(*c)).count()
}

/// The parts of the stream that something holds, in order.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub(super) struct Spans(Vec<Range<usize>>);

impl Spans {
    pub(super) fn new(range: Range<usize>) -> Self {
        Self(vec![range])
    }

    /// Where the letter of an index stands in the stream.
    pub(super) fn at(&self, index: usize) -> usize {
        let mut left = index;
        for range in &self.0 {
            if left < range.len() {
                return range.start + left;
            }
            left -= range.len();
        }
        self.0.last().map_or(0, |range| range.end + left)
    }

    pub(super) fn start(&self) -> usize {
        self.0.first().map_or(0, |range| range.start)
    }

    /// Takes in what follows.
    pub(super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0.into_iter().filter(|range| !range.is_empty()));
    }

    /// Cuts off what is behind so many letters.
    pub(super) fn split_off(&mut self, index: usize) -> Self {
        let (mut left, mut kept, mut rest) = (index, Vec::new(), Vec::new());
        for range in std::mem::take(&mut self.0) {
            let cut = range.start + left.min(range.len());
            left -= cut - range.start;
            kept.push(range.start..cut);
            rest.push(cut..range.end);
        }
        let full = |range: &Range<usize>| !range.is_empty();
        let first = kept.first().cloned().unwrap_or(0..0);
        let end = kept.last().map_or(0, |range| range.end);
        kept.retain(full);
        rest.retain(full);
        if kept.is_empty() {
            kept.push(first.start..first.start);
        }
        if rest.is_empty() {
            rest.push(end..end);
        }
        self.0 = kept;
        Self(rest)
    }
}

/// A part of the dataset's text and where its letters stood.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) struct Piece {
    pub(super) at: usize,
    pub(super) text: String,
}

/// Proves that the pieces of a dataset are the stream after the changes.
///
/// Fails with `import/letters`, which no manuscript should bring about.
pub(super) fn prove(
    stream: &str,
    changes: &[Change],
    pieces: &mut [Piece],
) -> Result<(), Diagnostic> {
    pieces.sort_by_key(|piece| piece.at);
    let found: String = pieces.iter().map(|piece| letters(&piece.text)).collect();
    let wanted = after(stream, changes)?;
    if found == wanted {
        return Ok(());
    }
    let same = found.chars().zip(wanted.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        text.chars().skip(same.saturating_sub(8)).take(24).collect::<String>()
    };
    Err(unbalanced(&around(&wanted), &around(&found)))
}

/// The stream without what changes drop and with what they add.
fn after(stream: &str, changes: &[Change]) -> Result<String, Diagnostic> {
    let mut edits: Vec<&Change> = changes
        .iter()
        .filter(|change| !(change.dropped.is_empty() && change.added.is_empty()))
        .collect();
    edits.sort_by_key(|change| change.at);
    let mut wanted = String::with_capacity(stream.len());
    let (mut rest, mut at) = (stream.chars(), 0);
    for edit in edits {
        let before = edit.at.saturating_sub(at);
        wanted.extend(rest.by_ref().take(before));
        at += before;
        let count = edit.dropped.chars().count();
        let dropped: String = rest.by_ref().take(count).collect();
        if dropped != edit.dropped {
            return Err(unbalanced(&edit.dropped, &dropped));
        }
        at += count;
        wanted.push_str(&edit.added);
    }
    wanted.extend(rest);
    Ok(wanted)
}

fn unbalanced(wanted: &str, found: &str) -> Diagnostic {
    Diagnostic::error(
        "import/letters",
        text!(
            "核对没有通过：应为“{wanted}”的地方成了“{found}”，有文字的增减没有列入报告",
            "the proof failed: `{found}` stands where `{wanted}` should, so letters were lost or added that the report does not name"
        ),
    )
    .hint(text!(
        "没有写任何文件。这是 huikan 的毛病：请把原稿报告给开发者",
        "nothing was written. This is a fault of huikan: please report it with the manuscript"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(at: usize, text: &str) -> Piece {
        Piece { at, text: text.into() }
    }

    #[test]
    fn what_is_named_is_balanced() {
        let change = |at, dropped, added| {
            Change::new("t", 1, Text::verbatim("")).letters(at, dropped, added)
        };
        let changes = [change(4, "３", "3"), change(1, "页", "")];
        let mut pieces = [piece(2, "乙，丙3"), piece(0, "甲")];
        assert!(prove("甲页乙丙３", &changes, &mut pieces).is_ok());
        assert!(prove("甲页乙丙３", &changes[..1], &mut pieces).is_err());
        let mut lost = [piece(0, "甲"), piece(2, "乙3")];
        assert!(prove("甲页乙丙３", &changes, &mut lost).is_err());
    }

    #[test]
    fn spans_are_cut_and_counted() {
        let mut spans = Spans::new(0..3);
        spans.extend(Spans::new(7..10));
        assert_eq!((spans.at(2), spans.at(3), spans.at(6)), (2, 7, 10));
        let rest = spans.split_off(4);
        assert_eq!(spans, Spans(vec![0..3, 7..8]));
        assert_eq!(rest, Spans::new(8..10));
    }
}
