//! Mends what can be mended in a dataset's files, and leaves every other byte as it was.

use std::collections::BTreeMap;

use serde_json::Value;
use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

use super::text::slips::finding;
use super::text::subject::Subject;
use super::text::written::{Written, texts};
use crate::data::literal;
use crate::data::prose::{Change, Edit, repair};
use crate::diag::{Diagnostic, Result};
use crate::text;

/// A file with its texts mended.
#[derive(Debug, Clone)]
pub struct Mended {
    /// Which of the dataset's files it is: 0 is its own, others are inherited.
    pub file: usize,
    /// Its name.
    pub name: String,
    /// What it says.
    pub before: String,
    /// What it should say.
    pub after: String,
    /// What was changed, with the pointer of each text.
    pub changes: Vec<(String, Change)>,
}

/// What is done to a file.
#[derive(Default)]
struct Mending {
    edits: Vec<Edit>,
    changes: Vec<(String, Change)>,
}

impl Mended {
    /// What changes, as a unified diff.
    pub fn diff(&self) -> String {
        let diff = TextDiff::from_lines(&self.before, &self.after);
        let (old, new) = (format!("a/{}", self.name), format!("b/{}", self.name));
        diff.unified_diff().context_radius(1).header(&old, &new).to_string()
    }
}

/// The files of a dataset that can be mended. Findings that are allowed stay.
///
/// # Errors
/// A file that would not say what it should; nothing is known to cause it.
pub fn mended(subject: &Subject<'_>, edition: &str) -> Result<Vec<Mended>> {
    let mut files: BTreeMap<usize, Mending> = BTreeMap::new();
    for text in texts(subject.dataset, subject.reading) {
        let meant = |slip: &_| {
            let finding = finding(subject, &text, slip);
            let policy = subject.policy;
            subject.asks(slip.rule)
                && policy.weigh(finding, true, edition, Some(subject.dataset)).is_some()
        };
        let repair = repair(text.text, text.markdown, text.role, &meant);
        let Some(edits) = edits(subject, &text, &repair.text) else { continue };
        let mending = files.entry(subject.dataset.file(&text.pointer)).or_default();
        mending.edits.extend(edits);
        let changes = repair.changes.into_iter();
        mending.changes.extend(changes.map(|change| (text.pointer.clone(), change)));
    }
    let mut mended = Vec::new();
    for (file, Mending { mut edits, changes }) in files {
        edits.sort_by_key(|edit| edit.range.start);
        let source = subject.dataset.source_of(file);
        let (name, before) = (source.name().to_string(), source.text().to_string());
        let after = Edit::apply(&before, &edits);
        if serde_json::from_str::<Value>(&after).is_err() {
            return Err(unsound(&name).into());
        }
        mended.push(Mended { file, name, before, after, changes });
    }
    Ok(mended)
}

/// The edits of the file that turn a text into another one; nothing if there are none, or
/// if the text does not stand in a JSON file.
fn edits(subject: &Subject<'_>, text: &Written<'_>, wanted: &str) -> Option<Vec<Edit>> {
    if text.text == wanted {
        return None;
    }
    let range = subject.dataset.range(&text.pointer)?;
    let written = subject.dataset.written(&text.pointer)?;
    let edits = literal::edits(written, &differences(text.text, wanted))?;
    let moved = edits.into_iter().map(|edit| Edit {
        range: range.start + edit.range.start..range.start + edit.range.end,
        with: edit.with,
    });
    Some(moved.collect())
}

/// What turns a text into another one, character by character.
fn differences(old: &str, new: &str) -> Vec<Edit> {
    let letters = |text: &str| -> Vec<char> { text.chars().collect() };
    let (before, after) = (letters(old), letters(new));
    let mut starts: Vec<usize> = old.char_indices().map(|(at, _)| at).collect();
    starts.push(old.len());
    let operations = capture_diff_slices(Algorithm::Myers, &before, &after);
    let changed = operations.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changed
        .map(|op| {
            let (from, to) = (op.old_range(), op.new_range());
            Edit {
                range: starts[from.start]..starts[from.end],
                with: after[to].iter().collect(),
            }
        })
        .collect()
}

fn unsound(name: &str) -> Diagnostic {
    Diagnostic::error(
        "output/unsound",
        text!(
            "`{name}` 改了以后就不是 JSON 了，没有写",
            "`{name}` would not be JSON any more, it was not written"
        ),
    )
    .hint(text!(
        "这是 huikan 的错，请告诉我们",
        "this is a fault of huikan: please report it"
    ))
}
