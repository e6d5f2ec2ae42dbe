//! What a rule finds in a text.

use std::ops::Range;

use super::Passage;
use crate::diag::{Rule, Text};

/// A slip of writing.
#[derive(Debug, Clone)]
pub struct Slip {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What is marked, in bytes of the string.
    pub range: Range<usize>,
    /// What is wrong, about these words.
    pub message: Text,
    /// What to do, where the message does not say it.
    pub hint: Option<Text>,
    /// What mends it; nothing if somebody has to decide.
    pub edits: Vec<Edit>,
}

/// A change of a string.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Edit {
    /// What is replaced, in bytes of the string.
    pub range: Range<usize>,
    /// What is put there.
    pub with: String,
}

impl Slip {
    /// A slip that somebody has to decide about.
    pub fn new(rule: &'static Rule, range: Range<usize>, message: Text) -> Self {
        Self { rule, range, message, hint: None, edits: Vec::new() }
    }

    /// The same, with what to do.
    pub fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same, with other words in the place of some letters of its passage. Markup
    /// between the letters stays.
    pub fn mend(
        mut self,
        passage: &Passage<'_>,
        letters: Range<usize>,
        with: &str,
    ) -> Self {
        let mut words = with.chars();
        for at in letters.clone() {
            let last = at + 1 == letters.end;
            let word = words.next().map(String::from).unwrap_or_default();
            let with = if last { word + words.as_str() } else { word };
            let range = passage.letters[at].range.clone();
            if passage.text.get(range.clone()) != Some(&*with) {
                self.edits.push(Edit { range, with });
            }
        }
        self
    }

    /// The same, with an edit that mends it.
    pub fn edit(mut self, range: Range<usize>, with: impl Into<String>) -> Self {
        self.edits.push(Edit { range, with: with.into() });
        self
    }
}

impl Edit {
    /// The string after edits that do not overlap and stand in order.
    pub fn apply(text: &str, edits: &[Self]) -> String {
        let mut edited = String::with_capacity(text.len());
        let mut at = 0;
        for Self { range, with } in edits {
            edited.push_str(&text[at..range.start]);
            edited.push_str(with);
            at = range.end;
        }
        edited.push_str(&text[at..]);
        edited
    }
}
