//! A text file with its name and lines, from which places are made.

use std::ops::Range;

use super::{Excerpt, Place, Position};

/// A text that diagnostics can point into.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: String,
    /// The byte at which each line begins.
    lines: Vec<usize>,
}

impl Source {
    /// A text with the name that its user knows it by.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lines = std::iter::once(0)
            .chain(
                text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1),
            )
            .collect();
        Self { name: name.into(), text, lines }
    }

    /// The name that its user knows it by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of a byte range, with its first line as excerpt.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = range.start.min(self.text.len());
        let line = self.lines.partition_point(|&begin| begin <= start) - 1;
        let begin = self.lines[line];
        let end = self.lines.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let content = self.text[begin..end.max(begin)].trim_end_matches('\r');
        let column =
            content.char_indices().take_while(|(i, _)| begin + i < start).count();
        let mark = start - begin..range.end.clamp(start, end.max(start)) - begin;
        Place {
            position: Some(Position { line: line + 1, column: column + 1 }),
            excerpt: Some(Excerpt::cut(content, mark)),
            ..Place::file(self.name.clone())
        }
    }
}
