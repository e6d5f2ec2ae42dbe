//! A part of the template with its tags found and placed.
//!
//! The text of a paragraph is joined over all its runs, so a tag may begin in
//! one run and end in another; each tag knows the bytes it is written in.

use std::ops::Range;

use super::tags::{self, Action, Scope, Tag, Unclosed};
use crate::diag::{Place, WordPlace};
use crate::docx::opc::xml::{self, Malformed, Node, Outline};

/// What kind of text a tag stands in.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Container {
    /// The runs of a paragraph.
    Paragraph,
    /// The character data of one element, such as a title in the properties.
    Bare,
    /// The value of an attribute.
    Attribute,
}

/// A text that tags can stand in, with the bytes that each stretch comes from.
#[derive(Debug)]
pub(crate) struct Unit {
    /// What kind of text it is.
    pub(crate) container: Container,
    /// The paragraph, the element of bare text, or the attribute's element.
    pub(crate) element: usize,
    /// The joined and decoded text.
    pub(crate) text: String,
    pieces: Vec<Piece>,
    /// The paragraph inside the part, from 1.
    paragraph: usize,
    /// Row and column of the innermost cell, from 1.
    cell: Option<(usize, usize)>,
}

/// A stretch of a unit's text that lies in one piece of character data.
#[derive(Debug)]
struct Piece {
    text: Range<usize>,
    raw: Range<usize>,
    /// The element whose character data it is; none for a tab or line break.
    element: Option<usize>,
    /// For data with references: where each character is, in text and bytes.
    characters: Option<Vec<(usize, usize)>>,
}

impl Piece {
    /// The byte at which a position of the text is written.
    fn raw_at(&self, position: usize) -> usize {
        if position >= self.text.end {
            return self.raw.end;
        }
        match &self.characters {
            None => self.raw.start + (position - self.text.start),
            Some(all) => {
                let at = all.partition_point(|(text, _)| *text < position);
                all.get(at).map_or(self.raw.end, |(_, raw)| *raw)
            }
        }
    }
}

impl Unit {
    fn push_separator(&mut self, raw: Range<usize>) {
        let start = self.text.len();
        self.text.push(' ');
        let text = start..self.text.len();
        self.pieces.push(Piece { text, raw, element: None, characters: None });
    }

    fn push_data(&mut self, data: &str, raw: Range<usize>, element: usize) {
        let start = self.text.len();
        let characters = data.contains('&').then(|| {
            let mut all = Vec::new();
            for (span, c) in xml::characters(data) {
                all.push((self.text.len(), raw.start + span.start));
                self.text.push(c);
            }
            all
        });
        if characters.is_none() {
            self.text.push_str(data);
        }
        let text = start..self.text.len();
        self.pieces.push(Piece { text, raw, element: Some(element), characters });
    }

    /// The pieces that a range of the text touches.
    fn pieces(&self, range: &Range<usize>) -> impl Iterator<Item = &Piece> {
        let first = self.pieces.partition_point(|piece| piece.text.end <= range.start);
        let end = range.end;
        self.pieces[first..].iter().take_while(move |piece| piece.text.start < end)
    }

    /// The bytes of the tabs and line breaks inside a range of the text.
    fn breaks(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let pieces = self.pieces(range).filter(|piece| piece.element.is_none());
        pieces.map(|piece| piece.raw.clone()).collect()
    }

    /// The stretches of character data that a range of the text is written in.
    fn stretches(&self, range: &Range<usize>) -> Vec<Stretch> {
        self.pieces(range)
            .filter_map(|piece| {
                let start = piece.raw_at(range.start.max(piece.text.start));
                let end = piece.raw_at(range.end.min(piece.text.end));
                piece.element.map(|element| Stretch { element, raw: start..end })
            })
            .collect()
    }
}

/// Bytes of one element's character data.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    /// The element, a `w:t` in a paragraph.
    pub(crate) element: usize,
    /// The bytes.
    pub(crate) raw: Range<usize>,
}

/// A tag in its part.
#[derive(Debug)]
pub(crate) struct Placed {
    /// The tag.
    pub(crate) tag: Tag,
    /// The unit it stands in.
    pub(crate) unit: usize,
    /// The bytes it is written in; never empty.
    pub(crate) stretches: Vec<Stretch>,
    /// The tabs and line breaks inside it.
    pub(crate) breaks: Vec<Range<usize>>,
}

/// A part of the template with its tags.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    /// The part's name in the package.
    pub(crate) name: &'a str,
    /// The part's elements.
    pub(crate) outline: Outline<'a>,
    /// The texts that have tags.
    pub(crate) units: Vec<Unit>,
    /// The tags in document order.
    pub(crate) tags: Vec<Placed>,
    /// The tags that are never closed, with their units.
    pub(crate) unclosed: Vec<(usize, Unclosed)>,
}

impl<'a> Part<'a> {
    /// Reads a part and finds its tags.
    pub(crate) fn read(name: &'a str, xml: &'a str) -> Result<Self, Malformed> {
        xml::check_characters(xml)?;
        let outline = Outline::read(xml)?;
        let units = Reader::new(&outline).read();
        let mut part =
            Self { name, outline, units, tags: Vec::new(), unclosed: Vec::new() };
        part.find_tags();
        Ok(part)
    }

    fn find_tags(&mut self) {
        for (index, unit) in self.units.iter().enumerate() {
            let (tags, unclosed) = tags::scan(&unit.text);
            self.unclosed.extend(unclosed.into_iter().map(|fault| (index, fault)));
            for tag in tags {
                let stretches = unit.stretches(&tag.range);
                if !stretches.is_empty() {
                    let breaks = unit.breaks(&tag.range);
                    self.tags.push(Placed { tag, unit: index, stretches, breaks });
                }
            }
        }
        self.tags.sort_by_key(|placed| placed.stretches[0].raw.start);
        self.leave_raw();
    }

    /// Takes the tags between `{% raw %}` and `{% endraw %}` for plain text.
    fn leave_raw(&mut self) {
        let mut raw = false;
        self.tags.retain_mut(|placed| {
            let statement = placed.tag.action == Action::Statement;
            let edge = statement && placed.tag.body == if raw { "endraw" } else { "raw" };
            if edge {
                raw = !raw;
                placed.tag.action = Action::Comment;
            }
            edge || !raw
        });
    }

    /// The number of the paragraph that a unit is in, from 1.
    pub(crate) fn paragraph(&self, unit: usize) -> usize {
        self.units[unit].paragraph.max(1)
    }

    /// The place of a range of a unit's text, for a diagnostic.
    pub(crate) fn place(&self, file: &str, unit: usize, range: Range<usize>) -> Place {
        let unit = &self.units[unit];
        let word = WordPlace {
            part: self.name.to_owned(),
            paragraph: unit.paragraph.max(1),
            cell: unit.cell,
        };
        Place::word(file, word, &unit.text, range)
    }

    /// The element that a placed tag's scope replaces, if it stands in one.
    pub(crate) fn target(&self, placed: &Placed) -> Option<usize> {
        if self.units[placed.unit].container != Container::Paragraph {
            return None;
        }
        let name = placed.tag.scope.element()?;
        self.outline.enclosing(placed.stretches[0].element, name)
    }

    /// Whether a tag's scope is one of whole blocks (paragraph, cell, row).
    pub(crate) fn is_block(scope: Scope) -> bool {
        matches!(scope, Scope::Paragraph | Scope::Cell | Scope::Row)
    }
}

/// Collects the texts of a part that have something like a tag in them.
struct Reader<'o, 'a> {
    outline: &'o Outline<'a>,
    units: Vec<Unit>,
    /// The paragraphs around the current position.
    open: Vec<Unit>,
    paragraphs: usize,
    /// Row and column in each table around the current position.
    tables: Vec<(usize, usize)>,
}

impl<'o, 'a> Reader<'o, 'a> {
    fn new(outline: &'o Outline<'a>) -> Self {
        Self {
            outline,
            units: Vec::new(),
            open: Vec::new(),
            paragraphs: 0,
            tables: Vec::new(),
        }
    }

    fn read(mut self) -> Vec<Unit> {
        for node in &self.outline.nodes {
            match node {
                Node::Open(element) => self.open(*element),
                Node::Text(element, range) => self.text(*element, range.clone()),
                Node::Close(element) => self.close(*element),
            }
        }
        self.units
    }

    fn unit(&self, container: Container, element: usize) -> Unit {
        Unit {
            container,
            element,
            text: String::new(),
            pieces: Vec::new(),
            paragraph: self.paragraphs,
            cell: self.tables.last().copied().filter(|(row, column)| row * column > 0),
        }
    }

    fn open(&mut self, element: usize) {
        match self.outline.elements[element].name {
            "w:p" => {
                self.paragraphs += 1;
                self.open.push(self.unit(Container::Paragraph, element));
            }
            "w:tbl" => self.tables.push((0, 0)),
            "w:tr" => {
                if let Some((row, column)) = self.tables.last_mut() {
                    (*row, *column) = (*row + 1, 0);
                }
            }
            "w:tc" => {
                if let Some((_, column)) = self.tables.last_mut() {
                    *column += 1;
                }
            }
            "w:tab" | "w:br" | "w:cr" => {
                let span = self.outline.elements[element].span.clone();
                if let Some(unit) = self.open.last_mut() {
                    unit.push_separator(span);
                }
            }
            _ => {}
        }
        self.attributes(element);
    }

    fn attributes(&mut self, element: usize) {
        let tag = self.outline.tag(element);
        if !has_tag(tag) {
            return;
        }
        let base = self.outline.elements[element].open.start;
        for (_, value) in xml::attributes(tag).filter(|(_, at)| has_tag(&tag[at.clone()]))
        {
            let mut unit = self.unit(Container::Attribute, element);
            let raw = base + value.start..base + value.end;
            unit.push_data(&tag[value], raw, element);
            self.units.push(unit);
        }
    }

    fn text(&mut self, element: usize, range: Range<usize>) {
        let data = &self.outline.xml[range.clone()];
        match (self.outline.elements[element].name, self.open.last_mut()) {
            ("w:t", Some(unit)) => unit.push_data(data, range, element),
            ("w:delText", _) => {}
            _ if has_tag(data) => {
                let mut unit = self.unit(Container::Bare, element);
                unit.push_data(data, range, element);
                self.units.push(unit);
            }
            _ => {}
        }
    }

    fn close(&mut self, element: usize) {
        match self.outline.elements[element].name {
            "w:p" => {
                let unit = self.open.pop();
                self.units.extend(unit.filter(|unit| has_tag(&unit.text)));
            }
            "w:tbl" => {
                self.tables.pop();
            }
            _ => {}
        }
    }
}

/// Whether a part that cannot be read looks as if it had tags in its text.
pub(crate) fn looks_tagged(xml: &str) -> bool {
    let mut inside = false;
    let text = xml.chars().filter(|c| {
        let shown = !inside && *c != '<';
        inside = match c {
            '<' => true,
            '>' => false,
            _ => inside,
        };
        shown
    });
    let text: String = text.collect();
    ["{{", "{%", "{#"].iter().any(|open| text.contains(open))
}

/// Whether a text may hold a tag.
fn has_tag(text: &str) -> bool {
    text.contains('{') || text.contains("_}")
}
