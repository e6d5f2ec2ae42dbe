//! What an output says, whichever side it is: pieces of text in reading order.
//!
//! What is layout is taken out here, so that only content is compared: white space
//! of any kind (line ends, U+3000 between the phrases of a title, the air in a
//! spread name), word joiners, soft hyphens.

use crate::diag::WordPlace;
use crate::docx::reading::NOTE;

/// What a finished output says.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// The body, in reading order.
    pub body: Vec<Piece>,
    /// The footnotes, in the order in which the text refers to them.
    pub notes: Vec<Piece>,
}

/// A heading, a paragraph, a cell …
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// What it says, without layout.
    pub key: String,
    /// Where it stands.
    pub place: Spot,
    /// The grid that lays it out, by number: what stands in one is next to each
    /// other on the page, and no paragraph of its own by its sense.
    pub grid: Option<usize>,
}

/// What a piece is.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Kind {
    /// A heading, with its level from 1.
    Heading(usize),
    /// A paragraph.
    Paragraph,
    /// The first paragraph of an item of a list.
    Item,
    /// A cell of a table.
    Cell(Cell),
    /// The caption of a table or picture.
    Caption,
    /// A picture or chart, known by its alternative text.
    Picture,
    /// A footnote.
    Note,
}

/// The place of a cell.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct Cell {
    /// The table, by number.
    pub table: usize,
    /// The row, from 1.
    pub row: usize,
    /// The first column that it takes, from 1.
    pub column: usize,
    /// Whether the table is surely one, and not a grid for layout. Word has tables
    /// for both: one without a row that is marked as its head may be either.
    pub sure: bool,
}

/// Where a piece stands in its output.
#[derive(Debug, Clone, Eq, PartialEq)]
pub enum Spot {
    /// On a page of the PDF, from 1.
    Page(usize),
    /// In a paragraph of the Word document.
    Word(WordPlace),
}

impl Piece {
    /// A piece of text.
    pub fn new(kind: Kind, text: &str, place: Spot) -> Self {
        Self { kind, key: squeeze(text), place, grid: None }
    }

    /// The key by which sides are aligned: pictures never stand for text.
    pub fn alignment_key(&self) -> String {
        match self.kind {
            Kind::Picture => format!("\u{1}{}", self.key),
            _ => self.key.clone(),
        }
    }
}

impl Account {
    /// Adds a piece of the body, if it says something.
    pub fn push(&mut self, piece: Piece) {
        if !piece.key.is_empty() {
            self.body.push(piece);
        }
    }
}

/// A text without what is only layout.
pub fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !is_layout(*c)).map(plain).collect()
}

/// Whether a character only helps to break or space a line.
fn is_layout(c: char) -> bool {
    let joins = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    c.is_whitespace() || joins
}

/// Word has a character of its own for a hyphen that does not break.
fn plain(c: char) -> char {
    if c == '\u{2011}' { '-' } else { c }
}

/// A text for people: marks of notes are told.
pub fn shown(text: &str) -> String {
    text.replace(NOTE, "[*]")
}
