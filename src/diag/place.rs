//! Where a diagnostic points, with the excerpt to show there.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A place in a file of the user's, complete enough to print without the file.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The file as the user knows it: relative to the project where it can be.
    pub file: String,
    /// Line and column, if the file is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The JSON pointer (RFC 6901), if the place is in a dataset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The paragraph, if the file is a Word document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<WordPlace>,
    /// The cell, if the file is a spreadsheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<SheetPlace>,
    /// The text to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
}

/// A position in a text file.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

/// A position in a Word document.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct WordPlace {
    /// The part's name in the package, for example `word/document.xml`.
    pub part: String,
    /// The paragraph inside the part, counted from 1, tables included.
    pub paragraph: usize,
    /// Row and column (both from 1) of the innermost table cell, if in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<(usize, usize)>,
}

/// A cell of a spreadsheet.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct SheetPlace {
    /// The sheet's name, if the file may have several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row, counted from 1.
    pub row: usize,
    /// The letters of the column.
    pub column: String,
}

/// One line of text with the faulty part marked.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The line; a long one is cut around the mark, with `…` where it was cut.
    pub text: String,
    /// The faulty part, in bytes of `text`.
    pub mark: Range<usize>,
}

impl Excerpt {
    /// Whether the line is whole, so that columns can be counted in it.
    pub fn is_whole(&self) -> bool {
        !self.text.starts_with('…')
    }
}

/// How long a line may be to be kept whole, in characters. Terminals trim it to
/// their width; a dataset without line feeds must not fill the screen.
const WHOLE: usize = 240;

/// How many characters of a longer line are kept before and after the start of
/// the mark: together they fit a terminal even if all are full width.
const BEFORE: usize = 24;
const AFTER: usize = 48;

impl Place {
    /// A whole file, or a file whose inside cannot be shown.
    pub fn file(name: impl Into<String>) -> Self {
        Self {
            file: name.into(),
            position: None,
            pointer: None,
            word: None,
            sheet: None,
            excerpt: None,
        }
    }

    /// A paragraph of a Word document. `mark` is in bytes of `paragraph_text`.
    pub fn word(
        file: impl Into<String>,
        word: WordPlace,
        paragraph_text: &str,
        mark: Range<usize>,
    ) -> Self {
        Self {
            word: Some(word),
            excerpt: Some(Excerpt::cut(paragraph_text, mark)),
            ..Self::file(file)
        }
    }

    /// A cell of a spreadsheet. `mark` is in bytes of `row`, the row's text.
    pub fn sheet(
        file: impl Into<String>,
        sheet: SheetPlace,
        row: &str,
        mark: Range<usize>,
    ) -> Self {
        let excerpt = (!row.is_empty()).then(|| Excerpt::cut(row, mark));
        Self { sheet: Some(sheet), excerpt, ..Self::file(file) }
    }

    /// The same place, known by its JSON pointer.
    pub fn with_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }
}

impl Excerpt {
    /// The line with `mark` (bytes of `line`) in it, cut if it is long. Control
    /// characters, which a terminal would obey, are shown as `␀`-style pictures.
    pub fn cut(line: &str, mark: Range<usize>) -> Self {
        let start = floor_boundary(line, mark.start);
        let end = floor_boundary(line, mark.end.max(start));
        let whole = nth_char_after(line, 0, WHOLE) == line.len();
        let (from, to) = match whole {
            true => (0, line.len()),
            false => {
                (nth_char_before(line, start, BEFORE), nth_char_after(line, start, AFTER))
            }
        };
        let shown = |range: Range<usize>| -> String {
            line[range].chars().map(visible).collect()
        };
        let mut text = String::new();
        if from > 0 {
            text.push('…');
        }
        text += &shown(from..start);
        let mark_start = text.len();
        text += &shown(start..end.min(to));
        let mark_end = text.len();
        text += &shown(end.min(to)..to);
        if to < line.len() {
            text.push('…');
        }
        Self { text, mark: mark_start..mark_end }
    }
}

/// A character as a terminal can show it: C0 controls as control pictures,
/// direction overrides as a replacement, everything else as it is.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            '\u{fffd}'
        }
        c => c,
    }
}

fn floor_boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

fn nth_char_before(text: &str, from: usize, n: usize) -> usize {
    text[..from].char_indices().rev().take(n).last().map_or(from, |(i, _)| i)
}

fn nth_char_after(text: &str, from: usize, n: usize) -> usize {
    text[from..].char_indices().nth(n).map_or(text.len(), |(i, _)| from + i)
}
