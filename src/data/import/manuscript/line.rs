//! Lines: what every reader of manuscripts gives, whatever the file was.

use serde::Serialize;

/// A manuscript as a reader found it.
#[derive(Debug, Clone, Default)]
pub struct Manuscript {
    /// Its lines, from the first to the last.
    pub lines: Vec<Line>,
    /// Whether the text of the lines has Markdown's marks.
    pub markdown: bool,
    /// What the unit of places is.
    pub unit: Unit,
}

/// What lines are counted in.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Lines of a text file.
    #[default]
    Line,
    /// Paragraphs of a document.
    Paragraph,
}

/// A line of a text, or a paragraph of a document: nobody knows yet which of them
/// belong together.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// What it says, without spaces at its ends.
    pub text: String,
    /// Where it stands, counted from 1 in the manuscript's [`Unit`].
    pub number: usize,
    /// What it is.
    pub kind: Kind,
    /// How it looks.
    pub look: Look,
    /// Whether it stands apart from what is before it: a blank line, a page.
    pub gap: bool,
    /// Whether a new page begins with it.
    pub page: bool,
    /// The number that the program puts before it by itself, such as `一、`.
    pub label: String,
}

/// What a line is, as far as its file says.
#[derive(Debug, Clone, Eq, PartialEq, Default)]
pub enum Kind {
    /// Text: a paragraph or a part of one, a heading that looks like one.
    #[default]
    Text,
    /// A heading, with its level from 1.
    Heading(usize),
    /// An item of a list with a bullet.
    Item,
    /// Markdown that is kept as it is: tables, quotes, code.
    Verbatim,
    /// A caption of a picture or a table.
    Caption,
    /// A picture: the text is what it shows, `path` where it will be.
    Picture {
        /// The path that the dataset will name, from its folder.
        path: String,
    },
    /// A line of a table of contents.
    Contents,
}

/// How a line looks.
#[derive(Debug, Copy, Clone, PartialEq, Default)]
pub struct Look {
    /// Whether all of it is bold.
    pub bold: bool,
    /// Whether it is centred.
    pub centred: bool,
    /// The size of its largest characters in points; 0 if nobody knows.
    pub size: f64,
    /// How far it begins to the right, in half-width characters.
    pub indent: usize,
}

impl Line {
    /// A line of text.
    pub fn text(number: usize, text: impl Into<String>) -> Self {
        Self { text: text.into(), number, ..Self::default() }
    }
}

/// How wide a text is, in half-width characters.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{1100}' || is_quote(c) { 2 } else { 1 }).sum()
}

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·' | '●' | '■' | '◆' | '①'..='⑳')
}

/// How far a text begins to the right, in half-width characters.
pub(super) fn indent(text: &str) -> usize {
    let spaces = text.chars().take_while(|c| c.is_whitespace() && *c != '\n');
    spaces
        .map(|c| match c {
            '\t' => 4,
            '\u{3000}' => 2,
            _ => 1,
        })
        .sum()
}
