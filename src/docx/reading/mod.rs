//! Reading finished Word documents: paragraphs, tables, notes.
//!
//! - [`body`] walks the body and the notes: what a reader of the document would
//!   see, not what is deleted, hidden, of a point or less, or in headers and footers.
//! - [`manuscript`] gives a document to the importing of texts, with the labels that
//!   [`numbers`] works out.
//! - [`fields`] follows fields through paragraphs: their results are text, their
//!   instructions are not.
//! - [`faces`] tells which face each text is set in.
//!
//! Nothing here knows of templates: any document can be read.

mod body;
pub mod faces;
mod fields;
pub mod manuscript;
mod numbers;

use super::opc::package::Package;
use super::opc::relations;
use super::opc::xml::Outline;
use super::{package, read_styles};
use crate::diag::{Place, Result, WordPlace};

/// Where a footnote or endnote is referred to in a text.
pub const NOTE: char = '\u{2}';

/// What a document says.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The body, in order.
    pub blocks: Vec<Block>,
    /// The footnotes and endnotes, in the order in which the body refers to them.
    pub notes: Vec<Vec<Paragraph>>,
}

/// A part of the body.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

/// What a paragraph is, by its style and its own settings.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Role {
    /// A heading, with its level from 1.
    Heading(usize),
    /// An item of a list, with a number or a bullet that Word puts there.
    Item,
    /// A caption.
    Caption,
    /// An entry or the title of a table of contents.
    Contents,
    /// Anything else.
    Text,
}

/// A paragraph.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// What it is.
    pub role: Role,
    /// Where it stands.
    pub place: WordPlace,
    /// What it says; line breaks are `\n`, tabs `\t`, references to notes [`NOTE`].
    pub text: String,
    /// What its pictures and charts show.
    pub pictures: Vec<String>,
    /// How it looks and is numbered.
    pub manner: Manner,
}

/// How a paragraph looks and is numbered.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// Whether all of its characters are bold.
    pub bold: bool,
    /// Whether it is centred.
    pub centred: bool,
    /// The size of its largest characters in points; 0 if nobody knows.
    pub size: f64,
    /// How far its first line begins to the right, in points.
    pub indent: f64,
    /// The instance of numbering, and the level in it.
    pub list: Option<(u64, Option<u64>)>,
    /// The id of its style.
    pub style: String,
    /// The relationships of its pictures, in their order; nothing for charts.
    pub embeds: Vec<Option<String>>,
    /// Whether its end was deleted, so that the next paragraph goes on with it.
    pub runs_on: bool,
    /// Whether a page begins with it.
    pub page: bool,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Whether a row of it is marked as a head, which Word repeats on every page.
    pub header: bool,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its first column, from 1; merged cells take several.
    pub column: usize,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// Reads the bytes of a document that diagnostics call `name`.
///
/// # Errors
/// `docx/not-a-docx` and the like if it is no readable Word document.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Reading> {
    let package = Package::open(name, bytes)?;
    let styles = read_styles(&package);
    let mut reading = Reading::default();
    let mut ids = Vec::new();
    if let Some(xml) = package.text(&package.main)? {
        let outline = outline(name, &package.main, &xml)?;
        let mut walk = body::Walk::new(&outline, &package.main, &styles);
        reading.blocks = walk.body();
        ids = walk.notes;
    }
    for (kind, element) in [("/footnotes", "w:footnote"), ("/endnotes", "w:endnote")] {
        let Some(part) = related(&package, kind) else { continue };
        let Some(xml) = package.text(&part)? else { continue };
        let outline = outline(name, &part, &xml)?;
        let mut walk = body::Walk::new(&outline, &part, &styles);
        for (id, note) in walk.stories(element) {
            let wanted = ids.iter_mut().filter(|slot| slot.element == element);
            for slot in wanted.filter(|slot| slot.id == id) {
                slot.paragraphs.clone_from(&note);
            }
        }
    }
    reading.notes = ids.into_iter().map(|slot| slot.paragraphs).collect();
    Ok(reading)
}

fn outline<'x>(file: &str, part: &str, xml: &'x str) -> Result<Outline<'x>> {
    Outline::read(xml).map_err(|fault| {
        package::malformed(part, &fault.cause).at(Place::file(file)).into()
    })
}

/// The part that the body calls its footnotes or endnotes.
fn related(package: &Package, kind: &str) -> Option<String> {
    let relations = package.text(&relations::part_of(&package.main)).ok()??;
    Some(relations::resolve(&package.main, &relations::target(&relations, kind)?))
}
