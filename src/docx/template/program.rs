//! The source of a program: the bytes of a part, and its tags.
//!
//! The program of an included document is made of its body only. What it says is
//! marked as its own, for [`crate::docx::graft`]; so is what is captured as markup and may
//! be printed in another document, if the template includes any.

use std::collections::BTreeMap;
use std::ops::Range;

use super::assemble::{Assembly, Segment};
use super::blocks::{self, Nesting};
use super::compile::Delimiters;
use super::copies;
use super::part::Part;
use super::tags::{self, Action};
use crate::docx::graft;
use crate::docx::language::changing;
use crate::docx::opc::xml;
use crate::docx::render;

/// A compiled part or included document.
#[derive(Debug)]
pub(crate) struct Program {
    /// Its name; of a part of the template, the part's.
    pub(crate) name: String,
    /// Where in the program's source each tag begins, with its number.
    pub(crate) marks: Vec<(usize, usize)>,
}

impl Program {
    /// The number of the tag at a mark.
    pub(crate) fn tag_of(&self, mark: usize) -> Option<usize> {
        self.marks.get(mark).map(|(_, tag)| *tag)
    }
}

/// The mark of the tag at a position of a source, of these.
pub(crate) fn mark_at(marks: &[(usize, usize)], offset: usize) -> Option<usize> {
    marks.partition_point(|(start, _)| *start <= offset).checked_sub(1)
}

/// The file that a program is made of, and what of it.
#[derive(Debug, Clone)]
pub(crate) struct Origin<'o> {
    /// How the user knows the file.
    pub(crate) file: &'o str,
    /// The number of the document, for [`crate::docx::graft`].
    pub(crate) document: usize,
    /// The program's name.
    pub(crate) program: String,
    /// Whether the template includes documents, so that marks are needed.
    pub(crate) grafts: bool,
    /// What of the part the program prints.
    pub(crate) extent: Extent,
}

/// What of a part a program prints.
#[derive(Debug, Clone)]
pub(crate) enum Extent {
    /// All.
    Whole,
    /// The content of the body, and after each reference to a note with tags the
    /// note, by a program: names by element of reference.
    Body(Range<usize>, BTreeMap<&'static str, String>),
    /// The note that [`NOTE`] says, out of these.
    Notes(BTreeMap<String, Range<usize>>),
}

/// The variable that says which note is wanted.
const NOTE: &str = "__huikan_note";

/// Writes the source of a program.
pub(crate) struct Writer<'w, 'a> {
    origin: &'w Origin<'w>,
    part: &'w Part<'a>,
    delimiters: &'w Delimiters,
    /// The number of the part's first tag.
    first: usize,
    /// What tells where the values of tags are taken from.
    origins: &'w [Option<String>],
    /// Whether the template changes lists and mappings of its own.
    changed: bool,
    source: String,
    marks: Vec<(usize, usize)>,
    /// What of the part's bytes is printed.
    extent: Range<usize>,
    /// What the source says in addition, by the byte of the part that comes next.
    inserted: BTreeMap<usize, String>,
}

impl<'w, 'a> Writer<'w, 'a> {
    /// A writer for a part whose tags are numbered from `first`.
    pub(crate) fn new(
        origin: &'w Origin<'w>,
        part: &'w Part<'a>,
        delimiters: &'w Delimiters,
        first: usize,
        origins: &'w [Option<String>],
    ) -> Self {
        let all = 0..part.outline.xml.len();
        let mut writer = Self {
            origin,
            part,
            delimiters,
            first,
            origins,
            changed: part.tags.iter().any(|placed| changing::changes(&placed.tag.body)),
            source: String::with_capacity(all.len() + 64),
            marks: Vec::new(),
            extent: all,
            inserted: BTreeMap::new(),
        };
        match &origin.extent {
            Extent::Whole => {}
            Extent::Body(body, notes) => {
                writer.extent = body.clone();
                writer.insert_notes(notes);
            }
            Extent::Notes(notes) => writer.choose(notes),
        }
        writer
    }

    /// Has the notes printed after the references to them.
    fn insert_notes(&mut self, programs: &BTreeMap<&'static str, String>) {
        if programs.is_empty() {
            return;
        }
        for element in &self.part.outline.elements {
            let Some(program) = programs.get(element.name) else { continue };
            let tag = &self.part.outline.xml[element.open.clone()];
            let Some(id) = xml::attribute(tag, "w:id") else { continue };
            if let Ok(id) = id.trim().parse::<i64>() {
                let with = self.delimiters.statement(&format!("with {NOTE} = \"{id}\""));
                let include =
                    self.delimiters.statement(&format!("include \"{program}\""));
                let end = self.delimiters.statement("endwith");
                self.inserted.insert(element.span.end, with + &include + &end);
            }
        }
    }

    /// Has only the note printed that is wanted.
    fn choose(&mut self, notes: &BTreeMap<String, Range<usize>>) {
        let start = notes.values().map(|span| span.start).min().unwrap_or(0);
        let end = notes.values().map(|span| span.end).max().unwrap_or(0);
        self.extent = start..end;
        for (id, span) in notes {
            let Ok(id) = id.trim().parse::<i64>() else { continue };
            let wanted = self.delimiters.statement(&format!("if {NOTE} == \"{id}\""));
            self.inserted.entry(span.start).or_default().push_str(&wanted);
            let end = self.delimiters.statement("endif");
            self.inserted.entry(span.end).or_default().insert_str(0, &end);
        }
    }

    /// The program and its source.
    pub(crate) fn write(mut self, assembly: &Assembly) -> (Program, String) {
        let included = matches!(self.origin.extent, Extent::Body(..));
        match self.origin.extent {
            Extent::Whole => {
                let (open, session) = (render::OPEN, render::SESSION);
                self.source = self.delimiters.statement(&format!("do {open}({session})"));
            }
            Extent::Body(..) => {
                self.source = graft::begins_anew(self.origin.document);
            }
            Extent::Notes(_) => {}
        }
        let captured = match self.origin.grafts {
            true => captured(self.part, &assembly.segments),
            false => BTreeMap::new(),
        };
        let copies = match self.origin.extent {
            // A note is printed elsewhere than the loop around its reference.
            Extent::Notes(_) => BTreeMap::new(),
            _ => copies::marks(self.part, assembly, self.first),
        };
        for (index, segment) in assembly.segments.iter().enumerate() {
            let capture = captured.get(&index);
            if capture == Some(&Nesting::Closes) {
                self.source.push_str(&graft::ends());
            }
            self.segment(segment);
            if let Segment::Tag(number) = segment {
                self.source.push_str(copies.get(number).map_or("", String::as_str));
            }
            if capture == Some(&Nesting::Opens) {
                self.source.push_str(&graft::begins(self.origin.document));
            }
        }
        if included {
            self.source.push_str(&graft::ends());
        }
        let name = self.origin.program.clone();
        (Program { name, marks: self.marks }, self.source)
    }

    fn segment(&mut self, segment: &Segment) {
        match segment {
            Segment::Bytes(range) => self.bytes(range.clone()),
            Segment::Markup(markup) | Segment::Reopen(markup) => {
                self.source.push_str(markup);
            }
            Segment::Close => self.source.push_str("</w:t></w:r>"),
            Segment::Statement(number, statement) => {
                self.mark(*number);
                self.source.push_str(&self.delimiters.statement(statement));
            }
            Segment::Value(number, expression) => {
                self.mark(*number);
                self.source.push_str(&self.delimiters.value(expression));
            }
            Segment::Tag(number) => {
                self.mark(*number);
                self.source.push_str(&self.tag(*number));
            }
        }
    }

    /// What a tag is in the source.
    fn tag(&self, number: usize) -> String {
        let tag = &self.part.tags[number].tag;
        let (body, at) = (&tag.body, render::AT);
        if tag.action == Action::Print {
            let origin = self.origins.get(number).and_then(Option::as_deref);
            let (number, origin) = (self.first + number, origin.unwrap_or(""));
            return self.delimiters.value(&format!("({body})|{at}({number}{origin})"));
        }
        let owned = self.changed.then(|| owned(body)).flatten();
        self.delimiters.statement(owned.as_deref().unwrap_or(body))
    }

    fn mark(&mut self, tag: usize) {
        self.marks.push((self.source.len(), self.first + tag));
    }

    /// Bytes of the part, as far as they are printed, and what is inserted there.
    fn bytes(&mut self, range: Range<usize>) {
        let start = range.start.max(self.extent.start);
        let end = range.end.min(self.extent.end);
        let mut at = start;
        for (position, text) in &self.inserted {
            if *position < start || *position > end || *position < range.start {
                continue;
            }
            // What stands between two ranges belongs to the first.
            if *position == range.start && *position != self.extent.start {
                continue;
            }
            self.source.push_str(&self.part.outline.xml[at..*position]);
            self.source.push_str(text);
            at = *position;
        }
        if at < end {
            self.source.push_str(&self.part.outline.xml[at..end]);
        }
    }
}

/// The tags that open and close what is captured as markup, by segment.
fn captured(part: &Part<'_>, segments: &[Segment]) -> BTreeMap<usize, Nesting> {
    let mut found = BTreeMap::new();
    // Where each open block begins, and whether markup stands in it.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let tag = match segment {
            Segment::Tag(number) => &part.tags[*number].tag,
            Segment::Bytes(range) if !part.outline.xml[range.clone()].contains('<') => {
                continue;
            }
            _ => {
                open.iter_mut().for_each(|(_, markup)| *markup = true);
                continue;
            }
        };
        if tag.action != Action::Statement {
            continue;
        }
        match blocks::nesting(&tag.body) {
            Nesting::Opens => open.push((index, false)),
            Nesting::Closes => {
                let (start, markup) = open.pop().unwrap_or((index, false));
                let captures = tags::keyword(&tag.body);
                let captures = ["endmacro", "endcall", "endset"].contains(&captures);
                if markup && captures {
                    found.insert(start, Nesting::Opens);
                    found.insert(index, Nesting::Closes);
                }
            }
            _ => {}
        }
    }
    found
}

/// The assignment that makes a value of the template's own to be changed later.
fn owned(body: &str) -> Option<String> {
    let at = blocks::assignment(body).filter(|_| tags::keyword(body) == "set")?;
    let (target, value) = (&body[..at], &body[at + 1..]);
    Some(format!("{target}= ({value})|{}", changing::OWN))
}
