//! The dataset: JSON text, the bytes of every pointer, and what its strings mean.
//!
//! - [`json`] reads the text, keeps positions, and goes on after faults.
//! - [`literal`] changes parts of a string as it stands in a file; [`allowance`] is what a
//!   dataset allows itself.
//! - [`flawless`] reads JSON that has no fault, without its places, fast.
//! - [`encoding`] tells UTF-8 from what else an office may save.
//! - [`schema`] checks the shape and says which strings are rich text, images, …;
//!   [`bundle`] brings in what it shares with others.
//! - [`markdown`] turns rich text into a small tree that both engines lay out.
//! - [`prose`] finds slips of punctuation, numbers and wording in texts, and mends them.
//! - [`numerals`] writes numbers, years, dates and money in Chinese.
//! - [`mark`] reads what a schema says of whole parts; [`roster`] puts people in
//!   order, by [`strokes`] or by sound, and tells [`namesakes`] apart; [`names`]
//!   knows what names are made of.
//! - [`figures`] puts numbers in the place of references, each [`figure`] in the
//!   form that is asked for, computed with [`decimal`] numbers.
//! - [`charts`] takes the numbers of figures that a chart compares.
//! - [`agenda`] checks times ([`calendar`]); [`seating`] gives seats of a hall, by its
//!   [`plan`], to people.
//! - [`inherit`] lays one dataset over another; [`renew`] makes next time's of this
//!   time's; [`compare`] tells what is different between two,
//!   [`changes`] puts it on a page.
//! - [`import`] makes JSON of spreadsheets; [`table`] reads files with a dataset a row.

pub mod agenda;
pub mod allowance;
pub mod bundle;
pub mod calendar;
pub mod changes;
pub mod charts;
pub mod compare;
pub mod decimal;
pub mod encoding;
mod figure;
pub mod figures;
pub mod flawless;
pub mod import;
pub mod inherit;
pub mod json;
pub mod literal;
pub mod mark;
pub mod markdown;
pub mod names;
mod namesakes;
pub mod numerals;
pub mod plan;
pub mod prose;
pub mod renew;
pub mod roster;
pub mod schema;
mod schema_fault;
pub mod seating;
pub mod strokes;
pub mod table;

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use crate::data::allowance::Allowance;
use crate::data::json::Node;
use crate::diag::{Diagnostics, Place, Source};

/// A dataset: one edition's content as its author wrote it.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Its own text, then those of the datasets that it inherits from.
    sources: Vec<Source>,
    root: Node,
    value: Value,
    /// Where it stands in the file: the pointer of a part, empty for a whole file.
    base: String,
    /// Of lists in a row of a spreadsheet: which items of the inherited list its
    /// columns are about, by JSON pointer.
    places: BTreeMap<String, Vec<usize>>,
    /// What it allows itself.
    allowances: Vec<Allowance>,
}

impl Dataset {
    /// Reads a dataset from the bytes of a file called `name`.
    ///
    /// All faults go to `faults`. A dataset is returned even if it has some, so
    /// that its schema can be checked in the same run; `None` if the file is
    /// empty or not text.
    pub fn read(name: &str, bytes: &[u8], faults: &mut Diagnostics) -> Option<Self> {
        let text = faults.absorb(encoding::decode(name, bytes))?;
        let source = Source::new(name, text);
        let root = json::read(&source, faults)?;
        Some(Self::of(source, root))
    }

    fn of(source: Source, root: Node) -> Self {
        let (value, sources) = (root.value(), vec![source]);
        let (base, places, allowances) = Default::default();
        Self { sources, root, value, base, places, allowances }
    }

    /// The part at a JSON pointer as a dataset of its own: pointers start there, and
    /// places tell where the part stands in the file.
    pub fn part(&self, pointer: &str) -> Option<Self> {
        let root = self.node(pointer)?.clone();
        let (sources, value) = (self.sources.clone(), root.value());
        let base = format!("{}{pointer}", self.base);
        let (places, allowances) = Default::default();
        Some(Self { sources, root, value, base, places, allowances })
    }

    /// The plain value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Its own text with its file name.
    pub fn source(&self) -> &Source {
        self.source_of(0)
    }

    /// The text of one of its files: 0 is its own, others are those that it inherits from.
    pub fn source_of(&self, file: usize) -> &Source {
        self.sources.get(file).unwrap_or(&self.sources[0])
    }

    /// Which file the value at a JSON pointer stands in: 0 is its own, others are
    /// those that it inherits from.
    pub fn file(&self, pointer: &str) -> usize {
        self.node(pointer).map_or(0, |node| node.file)
    }

    /// The node at a JSON pointer.
    pub fn node(&self, pointer: &str) -> Option<&Node> {
        self.root.get(pointer)
    }

    /// The bytes of the value at a JSON pointer.
    pub fn range(&self, pointer: &str) -> Option<Range<usize>> {
        self.node(pointer).map(|node| node.range.clone())
    }

    /// The text of the value at a JSON pointer, as its author wrote it.
    pub fn written(&self, pointer: &str) -> Option<&str> {
        let node = self.node(pointer)?;
        self.source_of(node.file).text().get(node.range.clone())
    }

    /// The place of the value at a JSON pointer. Of an object or array it is the
    /// key (or the opening bracket), which is where people look for it.
    pub fn place(&self, pointer: &str) -> Place {
        let range = match self.node(pointer) {
            Some(node) if node.is_leaf() => node.range.clone(),
            Some(node) => match self.root.member(pointer) {
                Some(member) => member.key_range.clone(),
                None => node.range.start..(node.range.start + 1).min(node.range.end),
            },
            None => 0..0,
        };
        self.mark(self.file(pointer), range, pointer)
    }

    /// The place of a part of the text at a JSON pointer, in bytes of the text. Where
    /// it cannot be told, as in a cell that was written otherwise, it is the whole text.
    pub fn place_inside(&self, pointer: &str, part: &Range<usize>) -> Place {
        let found = self.range(pointer).and_then(|range| {
            let written = self.written(pointer)?;
            let text = self.value.pointer(pointer)?.as_str()?;
            let found = match written == text {
                true => part.clone(),
                false => literal::written(written, part)?,
            };
            Some(range.start + found.start..range.start + found.end)
        });
        match found {
            Some(range) => self.mark(self.file(pointer), range, pointer),
            None => self.place(pointer),
        }
    }

    /// The place of the key at a JSON pointer.
    pub fn key_place(&self, pointer: &str) -> Place {
        match self.root.member(pointer) {
            Some(member) => {
                self.mark(member.node.file, member.key_range.clone(), pointer)
            }
            None => self.place(pointer),
        }
    }

    fn mark(&self, file: usize, range: Range<usize>, pointer: &str) -> Place {
        self.source_of(file).place(range).with_pointer(format!("{}{pointer}", self.base))
    }
}
