//! A part as a sequence of untouched bytes and tags, ready to be compiled.
//!
//! Every tag becomes an edit of the part's bytes: an inline tag replaces its
//! own text, a run tag splits the run, a block tag replaces the paragraph, cell
//! or row around it. What no edit covers stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::blocks::{self, Nesting};
use super::cells;
use super::part::{Container, Part, Placed, Stretch};
use super::tags::{Action, CellTag, Scope};
use crate::docx::opc::escape;
use crate::docx::render::marks::GRID;

/// A stretch of the assembled part.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Segment {
    /// Bytes of the template.
    Bytes(Range<usize>),
    /// Markup of ours.
    Markup(String),
    /// Ends the run before a run tag.
    Close,
    /// Begins a run like the one that [`Segment::Close`] ended.
    Reopen(String),
    /// A tag, by number.
    Tag(usize),
    /// A statement that a tag stands for.
    Statement(usize, String),
    /// An expression that a tag stands for; it makes markup.
    Value(usize, String),
}

/// The assembled part, and what was found on the way. Numbers are tags.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    /// The stretches in order.
    pub(crate) segments: Vec<Segment>,
    /// The place of each tag in the structure, as a number: equal for equal
    /// names of the elements around it.
    pub(crate) paths: Vec<usize>,
    /// Tags that stand where their scope has nothing to replace.
    pub(crate) misplaced: Vec<usize>,
    /// Tags lost because a block tag replaces what they stand in.
    pub(crate) lost: Vec<usize>,
    /// Block tags that replace text of the author's.
    pub(crate) spilling: Vec<usize>,
}

/// A replacement of bytes.
#[derive(Debug)]
pub(crate) struct Edit {
    /// The bytes that are replaced.
    pub(crate) span: Range<usize>,
    /// What replaces them.
    pub(crate) insert: Vec<Segment>,
}

/// Assembles a part.
pub(crate) fn assemble(part: &Part<'_>) -> Assembly {
    let mut assembler = Assembler::new(part);
    assembler.place_tags();
    assembler.finish()
}

struct Assembler<'p, 'a> {
    part: &'p Part<'a>,
    /// The place of each element in the structure, as a number; see
    /// [`Outline::paths`](crate::docx::opc::xml::Outline::paths).
    paths: Vec<usize>,
    /// The elements that block tags replace, with their tags.
    targets: BTreeMap<usize, Vec<usize>>,
    /// The cells that tags say something about, with these tags.
    cells: BTreeMap<usize, Vec<usize>>,
    /// The tables whose columns change.
    tables: BTreeSet<usize>,
    /// The `w:t` elements of the part, in order, for tags that join.
    texts: Vec<usize>,
    edits: Vec<Edit>,
    /// The `w:t` elements that must keep their spaces.
    spaced: BTreeSet<usize>,
    result: Assembly,
}

impl<'p, 'a> Assembler<'p, 'a> {
    fn new(part: &'p Part<'a>) -> Self {
        let mut result = Assembly::default();
        let mut targets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, placed) in part.tags.iter().enumerate() {
            match part.target(placed) {
                Some(target) if Part::is_block(placed.tag.scope) => {
                    targets.entry(target).or_default().push(number);
                }
                None if placed.tag.scope != Scope::Inline => {
                    result.misplaced.push(number);
                }
                _ => {}
            }
        }
        let elements = part.outline.elements.iter().enumerate();
        let texts = elements.filter(|(_, e)| e.name == "w:t").map(|(i, _)| i).collect();
        let paths = match part.tags.is_empty() {
            true => Vec::new(),
            false => part.outline.paths(),
        };
        Self {
            part,
            paths,
            targets,
            cells: BTreeMap::new(),
            tables: BTreeSet::new(),
            texts,
            edits: Vec::new(),
            spaced: BTreeSet::new(),
            result,
        }
    }

    fn place_tags(&mut self) {
        for (number, placed) in self.part.tags.iter().enumerate() {
            let path = self.place_tag(number, placed);
            self.result.paths.push(path);
        }
        let targets = std::mem::take(&mut self.targets);
        for (target, numbers) in &targets {
            if !self.is_replaced(&targets, self.part.outline.elements[*target].parent) {
                self.replace(*target, numbers);
            }
        }
        for (cell, numbers) in std::mem::take(&mut self.cells) {
            self.edits.extend(cells::edits(self.part, cell, &numbers));
        }
        for table in std::mem::take(&mut self.tables) {
            let open = self.part.outline.elements[table].open.clone();
            let mark = Segment::Markup(GRID.to_string());
            let insert = vec![Segment::Bytes(open.clone()), mark];
            self.edits.push(Edit { span: open, insert });
        }
    }

    /// Notes the table whose columns a tag may change.
    fn note_table(&mut self, placed: &Placed) {
        let changes = match (placed.tag.action, placed.tag.scope) {
            (Action::Comment | Action::Literal, _) => false,
            (Action::Cell(cell), _) => {
                matches!(cell, CellTag::Span | CellTag::MergeAcross)
            }
            (Action::Print, Scope::Row) | (_, Scope::Cell) => true,
            _ => false,
        };
        if changes {
            let home = placed.stretches[0].element;
            self.tables.extend(self.part.outline.enclosing(home, "w:tbl"));
        }
    }

    /// Takes a tag about the cell around it out of the text.
    fn place_cell_tag(&mut self, number: usize, placed: &Placed) {
        let home = placed.stretches[0].element;
        let inside = self.part.units[placed.unit].container == Container::Paragraph;
        match self.part.outline.enclosing(home, "w:tc").filter(|_| inside) {
            Some(cell) => self.cells.entry(cell).or_default().push(number),
            None => self.result.misplaced.push(number),
        }
        let property = Action::Cell(CellTag::Background) == placed.tag.action
            || Action::Cell(CellTag::Span) == placed.tag.action;
        let first = &placed.stretches[0];
        let run = self.emptied_run(first).filter(|_| property && inside);
        self.replace_text(number, placed, run.unwrap_or(first.raw.clone()));
    }

    /// Makes the edits of one tag that is no block tag; returns its path.
    fn place_tag(&mut self, number: usize, placed: &'p Placed) -> usize {
        let outline = &self.part.outline;
        let home = placed.stretches[0].element;
        let own = self.part.target(placed).filter(|_| Part::is_block(placed.tag.scope));
        let around = match own {
            Some(target) => outline.elements[target].parent,
            None => Some(home),
        };
        if self.is_replaced(&self.targets, around) {
            self.result.lost.push(number);
            return 0;
        }
        self.note_table(placed);
        if matches!(placed.tag.action, Action::Cell(_)) {
            self.place_cell_tag(number, placed);
            return self.paths[home];
        }
        if own.is_some() {
            return around.map_or(0, |parent| self.paths[parent]);
        }
        match (self.part.units[placed.unit].container, placed.tag.scope) {
            (Container::Attribute, _) => {
                self.replace_text(number, placed, placed.stretches[0].raw.clone());
                // Only tags of the same attribute may belong together.
                usize::MAX - placed.unit
            }
            (Container::Bare, _) => {
                self.replace_text(number, placed, placed.stretches[0].raw.clone());
                self.paths[home]
            }
            (Container::Paragraph, Scope::Run) => self.split_run(number, placed),
            (Container::Paragraph, _) => {
                let span = self.joined(placed);
                self.replace_text(number, placed, span);
                self.paths[home]
            }
        }
    }

    fn is_replaced(
        &self,
        targets: &BTreeMap<usize, Vec<usize>>,
        at: Option<usize>,
    ) -> bool {
        at.is_some_and(|at| {
            self.part.outline.ancestors(at).any(|above| targets.contains_key(&above))
        })
    }

    /// Replaces the text of a tag by the tag.
    fn replace_text(&mut self, number: usize, placed: &Placed, span: Range<usize>) {
        let insert = match placed.tag.action {
            Action::Comment | Action::Cell(_) => Vec::new(),
            Action::Literal => vec![Segment::Markup(escape::escape(&placed.tag.body))],
            Action::Print | Action::Statement => vec![Segment::Tag(number)],
        };
        self.edits.push(Edit { span, insert });
        self.delete_rest(placed);
        if self.part.units[placed.unit].container == Container::Paragraph {
            self.spaced.extend(placed.stretches.iter().map(|stretch| stretch.element));
        }
    }

    /// Deletes what a tag that is split over runs left in the later runs, and the
    /// tabs and line breaks inside it.
    fn delete_rest(&mut self, placed: &Placed) {
        for stretch in &placed.stretches[1..] {
            let span = self.emptied_run(stretch).unwrap_or(stretch.raw.clone());
            self.edits.push(Edit { span, insert: Vec::new() });
        }
        for span in &placed.breaks {
            self.edits.push(Edit { span: span.clone(), insert: Vec::new() });
        }
    }

    /// The bytes of the run that has nothing but this stretch of text.
    fn emptied_run(&self, stretch: &Stretch) -> Option<Range<usize>> {
        let outline = &self.part.outline;
        let text = &outline.elements[stretch.element];
        let run = text.parent.filter(|run| outline.elements[*run].name == "w:r")?;
        let whole = stretch.raw == (text.open.end..text.close);
        let alone = outline.children(run).all(|child| {
            child == stretch.element || outline.elements[child].name == "w:rPr"
        });
        (whole && alone).then(|| outline.elements[run].span.clone())
    }

    /// Replaces the run around a tag: what stands beside the tag in the same
    /// run stays, in runs of its own with the same properties.
    fn split_run(&mut self, number: usize, placed: &Placed) -> usize {
        let outline = &self.part.outline;
        let first = &placed.stretches[0];
        let text = &outline.elements[first.element];
        let Some(run) = self.part.target(placed) else {
            self.replace_text(number, placed, first.raw.clone());
            return self.paths[first.element];
        };
        let mut span = first.raw.clone();
        let mut insert = Vec::new();
        let starts =
            first.raw.start == text.open.end && self.is_edge(run, first.element, true);
        let ends = first.raw.end == text.close && self.is_edge(run, first.element, false);
        if starts {
            span.start = outline.elements[run].span.start;
        } else {
            insert.push(Segment::Close);
        }
        if placed.tag.action != Action::Comment {
            insert.push(Segment::Tag(number));
        }
        if ends {
            span.end = outline.elements[run].span.end;
        } else {
            insert.push(Segment::Reopen(self.run_start(run)));
        }
        // A start tag inside the edit needs no change: the run is reopened.
        if !starts {
            self.spaced.insert(first.element);
        }
        self.edits.push(Edit { span, insert });
        self.delete_rest(placed);
        self.spaced.extend(placed.stretches[1..].iter().map(|stretch| stretch.element));
        outline.elements[run].parent.map_or(0, |parent| self.paths[parent])
    }

    /// Whether an element is the first (or last) content of its run.
    fn is_edge(&self, run: usize, element: usize, first: bool) -> bool {
        let outline = &self.part.outline;
        let mut content = outline
            .children(run)
            .filter(|child| outline.elements[*child].name != "w:rPr");
        let edge = if first { content.next() } else { content.last() };
        edge == Some(element) && outline.elements[element].parent == Some(run)
    }

    fn run_start(&self, run: usize) -> String {
        let outline = &self.part.outline;
        let properties = outline.child(run, "w:rPr").map_or("", |at| outline.raw(at));
        format!("<w:r>{properties}<w:t xml:space=\"preserve\">")
    }

    /// The bytes that an inline tag replaces: its text and, if it has dashes, the
    /// spaces beside it. A statement with nothing else there joins: what lies
    /// between it and the text before or after goes too.
    fn joined(&mut self, placed: &Placed) -> Range<usize> {
        let mut span = placed.stretches[0].raw.clone();
        let joins = placed.tag.action == Action::Statement;
        if placed.tag.joins_before {
            let first = &placed.stretches[0];
            let other = self.join_before(first).filter(|_| joins);
            span.start = other.unwrap_or_else(|| self.spaces_before(first));
        }
        if placed.tag.joins_after {
            let last = &placed.stretches[placed.stretches.len() - 1];
            let other = self.join_after(last).filter(|_| joins);
            let deleted = other.unwrap_or_else(|| self.spaces_after(last));
            if placed.stretches.len() == 1 {
                span.end = deleted.end;
            } else {
                self.edits.push(Edit { span: deleted, insert: Vec::new() });
            }
        }
        span
    }

    /// Where the spaces before a stretch begin.
    fn spaces_before(&self, stretch: &Stretch) -> usize {
        let start = self.part.outline.elements[stretch.element].open.end;
        let before = &self.part.outline.xml[start..stretch.raw.start];
        start + before.trim_end().len()
    }

    /// The bytes of the spaces after a stretch.
    fn spaces_after(&self, stretch: &Stretch) -> Range<usize> {
        let end = self.part.outline.elements[stretch.element].close;
        let after = &self.part.outline.xml[stretch.raw.end..end];
        stretch.raw.end..end - after.trim_start().len()
    }

    /// The end of the text before a stretch, if only markup and spaces lie between.
    fn join_before(&self, stretch: &Stretch) -> Option<usize> {
        let elements = &self.part.outline.elements;
        let own = &elements[stretch.element];
        let before = &self.part.outline.xml[own.open.end..stretch.raw.start];
        let index = self.texts.binary_search(&stretch.element).ok()?;
        let other = *self.texts.get(index.checked_sub(1)?)?;
        let same = self.paths[other] == self.paths[stretch.element];
        let free = !self.is_replaced(&self.targets, Some(other));
        (same && free && before.trim().is_empty()).then(|| elements[other].close)
    }

    /// The bytes from a stretch to the text after it, on the same condition.
    fn join_after(&self, stretch: &Stretch) -> Option<Range<usize>> {
        let elements = &self.part.outline.elements;
        let own = &elements[stretch.element];
        let after = &self.part.outline.xml[stretch.raw.end..own.close];
        let index = self.texts.binary_search(&stretch.element).ok()?;
        let other = *self.texts.get(index + 1)?;
        let same = self.paths[other] == self.paths[stretch.element];
        let free = !self.is_replaced(&self.targets, Some(other));
        (same && free && after.trim().is_empty())
            .then(|| stretch.raw.end..elements[other].open.end)
    }

    /// Replaces an element by its block tags.
    fn replace(&mut self, target: usize, numbers: &[usize]) {
        let outline = &self.part.outline;
        let mut insert: Vec<Segment> = numbers
            .iter()
            .filter(|number| self.part.tags[**number].tag.action != Action::Comment)
            .map(|number| Segment::Tag(*number))
            .collect();
        if let Some(section) = self.section_break(target) {
            let opens = numbers.first().is_some_and(|number| {
                blocks::nesting(&self.part.tags[*number].tag.body) == Nesting::Opens
            });
            let at = if opens { 0 } else { insert.len() };
            insert.insert(at, Segment::Markup(section));
        }
        let span = outline.elements[target].span.clone();
        if self.has_own_text(&span, numbers) {
            self.result.spilling.push(numbers[0]);
        }
        self.edits.push(Edit { span, insert });
    }

    /// The paragraph that keeps the section break of a replaced paragraph.
    fn section_break(&self, target: usize) -> Option<String> {
        let outline = &self.part.outline;
        let properties = outline.child(target, "w:pPr")?;
        outline.child(properties, "w:sectPr")?;
        Some(format!("<w:p>{}</w:p>", outline.raw(properties)))
    }

    /// Whether a replaced range has text beside its block tags.
    fn has_own_text(&self, span: &Range<usize>, numbers: &[usize]) -> bool {
        let outline = &self.part.outline;
        let written: Vec<&Range<usize>> = numbers
            .iter()
            .flat_map(|number| &self.part.tags[*number].stretches)
            .map(|stretch| &stretch.raw)
            .collect();
        let from = self
            .texts
            .partition_point(|at| outline.elements[*at].span.start < span.start);
        self.texts[from..]
            .iter()
            .map(|at| &outline.elements[*at])
            .take_while(|text| text.span.start < span.end)
            .any(|text| {
                let mut at = text.open.end;
                let mut rest = String::new();
                let inside =
                    |r: &&&Range<usize>| r.start >= text.open.end && r.end <= text.close;
                for range in written.iter().filter(inside) {
                    rest.push_str(&outline.xml[at.min(range.start)..range.start]);
                    at = range.end;
                }
                rest.push_str(&outline.xml[at.min(text.close)..text.close]);
                !rest.trim().is_empty()
            })
    }

    fn finish(mut self) -> Assembly {
        for text in std::mem::take(&mut self.spaced) {
            let tag = self.part.outline.tag(text);
            if !tag.contains("xml:space") {
                let at = self.part.outline.elements[text].open.end - 1;
                let markup = " xml:space=\"preserve\"".to_owned();
                self.edits
                    .push(Edit { span: at..at, insert: vec![Segment::Markup(markup)] });
            }
        }
        self.edits
            .sort_by_key(|edit| (edit.span.start, std::cmp::Reverse(edit.span.end)));
        let mut cursor = 0;
        for edit in std::mem::take(&mut self.edits) {
            if edit.span.end < cursor
                || (edit.span.end == cursor && edit.span.start < cursor)
            {
                continue;
            }
            if edit.span.start > cursor {
                self.result.push(Segment::Bytes(cursor..edit.span.start));
            }
            for segment in edit.insert {
                self.result.push(segment);
            }
            cursor = cursor.max(edit.span.end);
        }
        self.result.push(Segment::Bytes(cursor..self.part.outline.xml.len()));
        self.result
    }
}

impl Assembly {
    /// Appends a segment; a run that is reopened only to be closed is left out.
    fn push(&mut self, segment: Segment) {
        match (&segment, self.segments.last()) {
            (Segment::Close, Some(Segment::Reopen(_))) => {
                self.segments.pop();
            }
            _ => self.segments.push(segment),
        }
    }
}
