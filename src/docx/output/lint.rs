//! The lint: looks at a part, token by token, for what Word rejects or repairs.
//!
//! It rides on the pass that [`finish`](super::finish) makes over every rendered
//! part, so each token costs it a few comparisons: names are numbers
//! ([`names`]), and what a part refers to is kept once for each
//! value, to be looked up when all parts are known ([`facts`](super::facts)).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::facts::Known;
use super::names::{self, Id, Names, class};
use super::rules::Rule;
use crate::docx::opc::xml::{self, Kind, Node, Outline, Tokens};

/// How many characters the tag or title of a control may have.
const LONGEST_TAG: usize = 64;
/// How many characters the name of a bookmark may have.
pub(crate) const LONGEST_BOOKMARK: usize = 40;
/// How many faults of a part are kept.
const MOST_FAULTS: usize = 100;

/// Something that is wrong in a part.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Fault {
    /// The rule it breaks.
    pub(crate) rule: Rule,
    /// What breaks it: a name, an id.
    pub(crate) subject: String,
    /// The paragraph, counted from 1; 0 before the first one.
    pub(crate) paragraph: usize,
}

impl Fault {
    /// Whether a merge repairs it in every part that it renders.
    pub(crate) fn is_repaired(&self) -> bool {
        match self.rule {
            Rule::ChildOrder => {
                let parent = self.subject.split('/').next().unwrap_or_default();
                names::is_sorted(parent)
            }
            rule => rule.is_repaired(),
        }
    }
}

/// What kind of thing a part refers to.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Target {
    /// A paragraph style, by id.
    ParagraphStyle,
    /// A character style, by id.
    RunStyle,
    /// A table style, by id.
    TableStyle,
    /// A list, by number.
    Numbering,
    /// A footnote, by id.
    Footnote,
    /// An endnote, by id.
    Endnote,
    /// A comment, by id.
    Comment,
    /// A bookmark, by name.
    Bookmark,
    /// A relationship, by id.
    Relationship,
}

/// All kinds, in the order of their numbers.
pub(crate) const TARGETS: [Target; 9] = [
    Target::ParagraphStyle,
    Target::RunStyle,
    Target::TableStyle,
    Target::Numbering,
    Target::Footnote,
    Target::Endnote,
    Target::Comment,
    Target::Bookmark,
    Target::Relationship,
];

/// What was seen in a part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    /// What is wrong in itself.
    pub(crate) faults: Vec<Fault>,
    /// What is referred to, by kind, each with the first paragraph that does.
    references: [HashMap<String, usize>; TARGETS.len()],
    /// The ids of the footnotes, endnotes and comments that are here.
    pub(crate) notes: [HashSet<String>; 3],
    /// How many paragraphs there are.
    paragraphs: usize,
}

impl Survey {
    /// What is referred to, each with the first paragraph that does.
    pub(crate) fn references(
        &self,
    ) -> impl Iterator<Item = (Target, &HashMap<String, usize>)> {
        TARGETS.into_iter().zip(&self.references)
    }

    /// Puts what was seen in other paragraphs in the place of some. What only the
    /// replaced ones referred to is kept: it was the template's to refer to.
    pub(crate) fn replace(&mut self, replaced: Range<usize>, new: Self) {
        let moved = |paragraph: usize| match paragraph {
            before if before < replaced.start => before,
            inside if inside < replaced.end => replaced.start,
            behind => behind + new.paragraphs - replaced.len(),
        };
        self.faults.retain(|fault| !replaced.contains(&fault.paragraph));
        for fault in &mut self.faults {
            fault.paragraph = moved(fault.paragraph);
        }
        let inserted = |paragraph: usize| replaced.start + paragraph.max(1) - 1;
        self.faults.extend(
            new.faults
                .into_iter()
                .map(|fault| Fault { paragraph: inserted(fault.paragraph), ..fault }),
        );
        for (known, found) in self.references.iter_mut().zip(new.references) {
            let mut all: HashMap<String, usize> =
                found.into_iter().map(|(value, at)| (value, inserted(at))).collect();
            all.extend(known.drain().map(|(value, at)| (value, moved(at))));
            *known = all;
        }
        self.paragraphs = self.paragraphs + new.paragraphs - replaced.len();
    }
}

/// The last block of an element, as far as the end of a cell is concerned.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Last {
    Paragraph,
    Table,
    Other,
}

/// An open element.
#[derive(Debug, Copy, Clone)]
pub(crate) struct Level {
    id: Id,
    class: u8,
    row: u8,
    /// The rank of its last child.
    rank: u8,
    last: Last,
    /// Whether it has more than properties and marks.
    pub(crate) filled: bool,
    /// Whether a child stands behind one that must follow it.
    pub(crate) disordered: bool,
}

impl Level {
    /// Whether its last block is a table.
    pub(crate) fn ends_with_table(&self) -> bool {
        self.last == Last::Table
    }

    /// Whether its last block is a paragraph.
    pub(crate) fn ends_with_paragraph(&self) -> bool {
        self.last == Last::Paragraph
    }
}

/// Looks at one part.
#[derive(Debug)]
pub(crate) struct Lint<'k> {
    names: &'static Names,
    levels: Vec<Level>,
    survey: Survey,
    /// The ids of a document that nobody keeps unique, if that is to be told.
    known: Option<&'k mut Known>,
    paragraphs: usize,
    /// How the names of attributes that name relationships begin, apart from
    /// `r:`, which our own markup uses.
    prefix: Option<String>,
    /// How many alternatives that Word does not read are open.
    muted: usize,
    /// How many deleted revisions are open.
    deleted: usize,
    /// The paragraphs in which the open fields begin.
    fields: Vec<usize>,
    /// The open bookmarks by id: name and paragraph.
    bookmarks: HashMap<String, (String, usize)>,
    drawings: HashSet<String>,
    /// The start tag of each kind that named a style or list last.
    recent: [String; 4],
}

impl<'k> Lint<'k> {
    /// Looks at a part whose ids are unique already.
    pub(crate) fn new() -> Self {
        Self {
            names: Names::get(),
            levels: Vec::with_capacity(32),
            survey: Survey::default(),
            known: None,
            paragraphs: 0,
            prefix: None,
            muted: 0,
            deleted: 0,
            fields: Vec::new(),
            bookmarks: HashMap::new(),
            drawings: HashSet::new(),
            recent: Default::default(),
        }
    }

    /// Looks at a part that nothing has finished, and keeps its ids.
    pub(crate) fn unfinished(known: &'k mut Known) -> Self {
        Self { known: Some(known), ..Self::new() }
    }

    /// Looks at a whole part.
    pub(crate) fn read(mut self, outline: &Outline<'_>) -> Survey {
        for node in &outline.nodes {
            match node {
                Node::Open(at) => {
                    let id = self.names.id(outline.elements[*at].name);
                    self.open(id, outline.tag(*at));
                }
                Node::Text(_, range) => self.text(&outline.xml[range.clone()]),
                Node::Close(_) => self.close(),
            }
        }
        self.finish()
    }

    /// Markup of ours inside a part: one element.
    pub(crate) fn markup(&mut self, xml: &str) {
        for token in Tokens::new(xml).map_while(Result::ok) {
            let raw = &xml[token.span];
            match token.kind {
                Kind::Start => self.open(self.names.id(token.name), raw),
                Kind::Empty => self.empty(self.names.id(token.name), raw),
                Kind::End => self.close(),
                Kind::Text => self.text(raw),
                Kind::Other => {}
            }
        }
    }

    /// What was seen.
    pub(crate) fn finish(mut self) -> Survey {
        let fields = std::mem::take(&mut self.fields);
        for paragraph in fields {
            self.fault_at(Rule::OpenField, "begin", paragraph);
        }
        let mut open: Vec<_> =
            std::mem::take(&mut self.bookmarks).into_values().collect();
        open.sort();
        for (name, paragraph) in open {
            self.fault_at(Rule::OpenBookmark, &name, paragraph);
        }
        self.survey.paragraphs = self.paragraphs;
        self.survey
    }

    /// The innermost open element.
    pub(crate) fn top(&self) -> Option<Level> {
        self.levels.last().copied()
    }

    /// Whether a field is open.
    pub(crate) fn in_field(&self) -> bool {
        !self.fields.is_empty()
    }

    /// An element begins.
    pub(crate) fn open(&mut self, id: Id, tag: &str) {
        let level = self.enter(id, tag);
        self.levels.push(level);
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, id: Id, tag: &str) {
        let level = self.enter(id, tag);
        if level.class & (class::CONTAINER | class::BLOCK) != 0 {
            self.leave(level);
        } else if let Some(parent) =
            self.levels.last_mut().filter(|_| level.class & class::ASIDE == 0)
        {
            parent.filled = true;
            parent.last = Last::Other;
        }
    }

    /// The innermost element ends.
    pub(crate) fn close(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.leave(level);
        }
    }

    /// The innermost element is taken back as if it had never been.
    pub(crate) fn retract(&mut self) {
        self.levels.pop();
    }

    /// The children of all elements of a name are put into order.
    pub(crate) fn sorted(&mut self, parent: &str) {
        let sorted = |fault: &Fault| {
            fault.rule == Rule::ChildOrder
                && fault.subject.split('/').next() == Some(parent)
        };
        self.survey.faults.retain(|fault| !sorted(fault));
    }

    /// Character data.
    #[inline(never)]
    pub(crate) fn text(&mut self, raw: &str) {
        let Some(level) = self.levels.last() else { return };
        if self.deleted > 0 && level.id == names::TEXT {
            self.fault(Rule::DeletedText, "w:t");
        } else if level.class & (class::TEXTUAL | class::WORD) == class::WORD
            && !raw.trim_ascii().is_empty()
        {
            let name = self.names.name(level.id).to_owned();
            self.fault(Rule::LooseText, &name);
        }
    }

    // Not inlined, so that a profiler can tell what the lint costs.
    #[inline(never)]
    fn enter(&mut self, id: Id, tag: &str) -> Level {
        let entry = self.names.entry(id);
        match self.levels.last_mut() {
            None => self.find_prefix(tag),
            Some(parent) => {
                let rank = self.names.rank(parent.row, id);
                if rank >= parent.rank {
                    parent.rank = rank;
                } else if rank != 0 {
                    parent.disordered = true;
                    let parent = parent.id;
                    self.disorder(parent, id);
                }
            }
        }
        if entry.class & class::TOLD != 0 {
            self.told(id, tag);
        }
        let last = Last::Other;
        let (filled, disordered) = (false, false);
        let names::Entry { class, row } = entry;
        Level { id, class, row, rank: 0, last, filled, disordered }
    }

    #[cold]
    fn disorder(&mut self, parent: Id, child: Id) {
        let (parent, child) = (self.names.name(parent), self.names.name(child));
        self.fault(Rule::ChildOrder, &format!("{parent}/{child}"));
    }

    #[inline(never)]
    fn leave(&mut self, level: Level) {
        if level.class & class::CONTAINER != 0 {
            self.leave_container(level);
        }
        let Some(parent) = self.levels.last_mut() else { return };
        if level.class & class::BLOCK == 0 {
            if level.class & class::ASIDE == 0 {
                parent.filled = true;
                parent.last = Last::Other;
            }
        } else {
            parent.filled = true;
            parent.last = match level.id {
                names::PARAGRAPH => Last::Paragraph,
                names::TABLE => Last::Table,
                names::CONTROL
                | names::CONTENT
                | names::CUSTOM_XML
                | names::SMART_TAG
                | names::ALTERNATE
                | names::CHOICE => level.last,
                // Word reads the other alternative.
                names::FALLBACK => parent.last,
                _ => Last::Other,
            };
        }
    }

    #[inline(never)]
    fn leave_container(&mut self, level: Level) {
        match level.id {
            names::CELL if level.last != Last::Paragraph => {
                self.fault(Rule::CellEnd, "w:tc");
            }
            names::ROW if !level.filled => self.fault(Rule::EmptyRow, "w:tr"),
            names::TABLE if !level.filled => self.fault(Rule::EmptyTable, "w:tbl"),
            names::CONTENT if !level.filled => {
                self.fault(Rule::EmptyControl, "w:sdtContent");
            }
            names::DELETED => self.deleted = self.deleted.saturating_sub(1),
            names::FALLBACK => self.muted = self.muted.saturating_sub(1),
            _ => {}
        }
    }

    /// A start tag that says something.
    #[inline(never)]
    fn told(&mut self, id: Id, tag: &str) {
        match id {
            0 if tag.starts_with("<w:") => {}
            names::PARAGRAPH => self.paragraph(tag),
            names::DELETED_TEXT => {
                if self.deleted == 0 {
                    self.fault(Rule::DeletedText, "w:delText");
                }
            }
            names::FALLBACK => self.muted += 1,
            names::DELETED => self.deleted += 1,
            names::FIELD => self.field(tag),
            names::PARAGRAPH_STYLE => self.repeated(Target::ParagraphStyle, tag),
            names::RUN_STYLE => self.repeated(Target::RunStyle, tag),
            names::TABLE_STYLE => self.repeated(Target::TableStyle, tag),
            names::NUMBERING => self.repeated(Target::Numbering, tag),
            names::TAG | names::ALIAS => self.long(tag, "w:val", LONGEST_TAG),
            names::BOOKMARK_START => self.bookmark_start(tag),
            names::BOOKMARK_END => self.bookmark_end(tag),
            names::ID => self.control(tag),
            names::DRAWING_PROPERTIES => self.drawing(tag),
            names::HYPERLINK => self.hyperlink(tag),
            _ => self.note(id, tag),
        }
    }

    fn note(&mut self, id: Id, tag: &str) {
        match id {
            names::FOOTNOTE => self.define(0, tag),
            names::ENDNOTE => self.define(1, tag),
            names::COMMENT => self.define(2, tag),
            names::FOOTNOTE_REFERENCE => self.refer(Target::Footnote, tag, "w:id"),
            names::ENDNOTE_REFERENCE => self.refer(Target::Endnote, tag, "w:id"),
            names::COMMENT_REFERENCE | names::COMMENT_START | names::COMMENT_END => {
                self.refer(Target::Comment, tag, "w:id");
            }
            _ => {
                self.foreign(tag);
            }
        }
    }

    fn paragraph(&mut self, tag: &str) {
        self.paragraphs += 1;
        if let Some(known) = self.known.as_deref_mut() {
            let id = xml::attribute(tag, "w14:paraId");
            known.paragraphs.extend(id.map(|id| id.into_owned()));
        }
    }

    fn field(&mut self, tag: &str) {
        match xml::attribute(tag, "w:fldCharType").as_deref() {
            Some("begin") => self.fields.push(self.paragraphs),
            Some("end") if self.fields.pop().is_none() => {
                self.fault(Rule::OpenField, "end");
            }
            _ => {}
        }
    }

    /// A reference that is often the one before it.
    fn repeated(&mut self, target: Target, tag: &str) {
        let recent = &mut self.recent[target as usize];
        if recent != tag {
            recent.clear();
            recent.push_str(tag);
            self.refer(target, tag, "w:val");
        }
    }

    fn refer(&mut self, target: Target, tag: &str, attribute: &str) {
        let Some(value) = xml::attribute(tag, attribute) else { return };
        self.refer_to(target, &value);
    }

    fn refer_to(&mut self, target: Target, value: &str) {
        let seen = &mut self.survey.references[target as usize];
        if !seen.contains_key(value) && !is_open(value) {
            seen.insert(value.to_owned(), self.paragraphs);
        }
    }

    fn define(&mut self, notes: usize, tag: &str) {
        let id = xml::attribute(tag, "w:id");
        self.survey.notes[notes].extend(id.map(|id| id.into_owned()));
    }

    /// A name that Word limits.
    fn long(&mut self, tag: &str, attribute: &str, most: usize) {
        if tag.len() <= most {
            return;
        }
        let Some(name) = xml::attribute(tag, attribute) else { return };
        // Word counts UTF-16 units.
        if name.encode_utf16().count() > most && !is_open(&name) {
            self.fault(Rule::LongName, &name);
        }
    }

    fn bookmark_start(&mut self, tag: &str) {
        self.long(tag, "w:name", LONGEST_BOOKMARK);
        let Some(known) = self.known.as_deref_mut().filter(|_| self.muted == 0) else {
            return;
        };
        let name = xml::attribute(tag, "w:name").unwrap_or_default().into_owned();
        let id = xml::attribute(tag, "w:id").unwrap_or_default().into_owned();
        let new = known.bookmarks.insert(name.to_lowercase());
        if !new && !is_open(&name) {
            self.fault(Rule::DuplicateBookmark, &name);
        }
        self.bookmarks.insert(id, (name, self.paragraphs));
    }

    fn bookmark_end(&mut self, tag: &str) {
        if self.known.is_none() || self.muted > 0 {
            return;
        }
        let id = xml::attribute(tag, "w:id").unwrap_or_default();
        if self.bookmarks.remove(id.as_ref()).is_none() {
            self.fault(Rule::OpenBookmark, &id);
        }
    }

    fn control(&mut self, tag: &str) {
        let inside = self.levels.last().is_some_and(|parent| {
            parent.id == names::CONTROL_PROPERTIES && self.muted == 0
        });
        let Some(known) = self.known.as_deref_mut().filter(|_| inside) else { return };
        let Some(id) = xml::attribute(tag, "w:val") else { return };
        if !known.controls.insert(id.to_string()) && !is_open(&id) {
            self.fault(Rule::DuplicateControl, &id);
        }
    }

    fn drawing(&mut self, tag: &str) {
        let Some(known) = self.known.as_deref_mut().filter(|_| self.muted == 0) else {
            return;
        };
        let Some(id) = xml::attribute(tag, "id") else { return };
        known.drawings.extend(id.parse::<u64>().ok());
        if !self.drawings.insert(id.to_string()) {
            self.fault(Rule::DuplicateDrawing, &id);
        }
    }

    fn hyperlink(&mut self, tag: &str) {
        let linked = self.foreign(tag);
        let Some(anchor) = xml::attribute(tag, "w:anchor").filter(|_| !linked) else {
            return;
        };
        // Word makes bookmarks for its own tables of contents when it updates them.
        if anchor.starts_with("_Toc") || matches!(&*anchor, "" | "_top" | "top") {
            return;
        }
        self.refer_to(Target::Bookmark, &anchor);
    }

    /// A start tag that may name relationships; tells whether it does.
    #[inline(never)]
    fn foreign(&mut self, tag: &str) -> bool {
        let mut found = false;
        for (name, value) in xml::attributes(tag) {
            let (prefix, value) = (self.prefix.as_deref(), &tag[value]);
            let related = name.starts_with("r:")
                || prefix.is_some_and(|prefix| name.starts_with(prefix));
            if related && !value.is_empty() {
                self.refer_to(Target::Relationship, &xml::decode(value));
                found = true;
            }
        }
        found
    }

    /// The prefix of the relationship namespace, as the root declares it.
    #[cold]
    fn find_prefix(&mut self, root: &str) {
        for (name, value) in xml::attributes(root) {
            let namespace = &root[value];
            if let Some(prefix) = name.strip_prefix("xmlns:")
                && (namespace.ends_with("/officeDocument/2006/relationships")
                    || namespace.ends_with("/officeDocument/relationships"))
            {
                self.prefix = Some(format!("{prefix}:")).filter(|prefix| prefix != "r:");
            }
        }
    }

    fn fault(&mut self, rule: Rule, subject: &str) {
        self.fault_at(rule, subject, self.paragraphs);
    }

    #[cold]
    fn fault_at(&mut self, rule: Rule, subject: &str, paragraph: usize) {
        let faults = &mut self.survey.faults;
        let known = |fault: &Fault| fault.rule == rule && fault.subject == subject;
        if faults.len() < MOST_FAULTS && !faults.iter().any(known) {
            faults.push(Fault { rule, subject: subject.to_owned(), paragraph });
        }
    }
}

/// Whether a value has a tag in it, so that nobody knows yet what it will be.
fn is_open(value: &str) -> bool {
    value.contains("{{") || value.contains("{%") || value.contains("{#")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(xml: &str) -> Survey {
        let mut lint = Lint::new();
        lint.markup(xml);
        lint.finish()
    }

    /// What is seen in a part with some paragraphs replaced, is what is seen in
    /// the whole.
    #[test]
    fn paragraphs_can_be_replaced() {
        let [before, old, new, behind] = [
            "<w:p><w:r>loose</w:r></w:p>",
            "<w:p/><w:p>x</w:p><w:p/>",
            "<w:p><w:pPr><w:pStyle w:val='new'/></w:pPr><w:ins>y</w:ins></w:p>",
            "<w:p><w:moveTo>z</w:moveTo><w:pPr><w:pStyle w:val='B'/></w:pPr></w:p>",
        ];
        let body = |middle: &str| format!("<w:body>{before}{middle}{behind}</w:body>");
        let mut survey = look(&body(old));
        survey.replace(2..5, look(new));
        let whole = look(&body(new));
        survey.faults.sort_by_key(|fault| fault.paragraph);
        assert_eq!(survey.faults, whole.faults);
        assert_eq!(survey.references, whole.references);
        assert_eq!(survey.paragraphs, 3);
    }
}
