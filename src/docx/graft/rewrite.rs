//! The pass over a rendered part that makes content of guests the host's.

use std::ops::Range;

use super::{Grafter, HOST};
use crate::diag;
use crate::docx::opc::escape;
use crate::docx::opc::namespaces;
use crate::docx::opc::order;
use crate::docx::opc::relations;
use crate::docx::opc::xml::{self, Kind as Token, Malformed, Tokens};
use crate::docx::output::finish;
use crate::docx::render::marks::{APART, FOREIGN, GRAFT};
use crate::docx::render::notes::Kind;

/// Whose content comes next.
#[derive(Debug, Clone, Copy)]
struct Region {
    /// The inclusion, or the host's own content.
    instance: Option<usize>,
    /// The kind of notes whose part it is from; else it is from the body.
    notes: Option<Kind>,
    /// How many elements are open around it.
    depth: usize,
}

/// What becomes of a start tag.
enum Fate {
    Keep,
    Change(String),
    /// The element and all in it goes.
    Drop,
}

/// What becomes of an attribute's value.
enum Value {
    Keep,
    Change(String),
    /// The attribute goes.
    Remove,
    /// The whole element goes.
    Drop,
}

impl From<Option<String>> for Value {
    /// A value that names nothing takes its element with it.
    fn from(new: Option<String>) -> Self {
        new.map_or(Self::Drop, Self::Change)
    }
}

/// Rewrites the content that goes to one part.
struct Rewriter<'r, 'g, 'p, 'f> {
    grafter: &'r mut Grafter<'g, 'p, 'f>,
    /// The name of the part.
    part: &'r str,
    /// The start tag of its root.
    root: String,
    /// The guests of the documents that its tags print.
    printed: &'r [Option<usize>],
    out: String,
    regions: Vec<Region>,
    /// How many elements are open.
    depth: usize,
    /// The depth of the element that is being left out.
    dropped: Option<usize>,
    /// The note that is being left out, from a byte, and its id.
    carried: Option<(Kind, usize, i64)>,
    /// Whether the character data are instructions of a field.
    instruction: bool,
    /// The numbering that the properties of a paragraph still get, and their depth.
    number: Option<(usize, String)>,
    /// The depth of the paragraph that a page ends with.
    page_end: Option<usize>,
    /// Whether whose content it is has changed since the last element.
    edge: bool,
    /// The guests whose content was written.
    seen: Vec<usize>,
}

impl Grafter<'_, '_, '_> {
    /// A rendered part with the content of guests rewritten. `printed` are the
    /// guests that its tags print.
    pub(crate) fn part(
        &mut self,
        name: &str,
        xml: &str,
        printed: &[Option<usize>],
    ) -> diag::Result<String> {
        let root = relations::root_tag(xml).map_or("", |token| &xml[token.span]);
        let mut rewriter = Rewriter::new(self, name, root, printed);
        let done = rewriter.run(xml, 0..xml.len());
        let (out, seen) = (rewriter.out, rewriter.seen);
        let file = self.draft.package.file.clone();
        done.map_err(|fault| crate::docx::broken(&file, name, &fault))?;
        Ok(seen.into_iter().fold(out, |out, guest| {
            namespaces::declare(&out, self.guests[guest].document.root(), &out)
        }))
    }

    /// The content of a note of an inclusion, for a part with the start tag
    /// `root`. `xml` has it within a range.
    pub(crate) fn note_content(
        &mut self,
        instance: usize,
        kind: Kind,
        (part, root): (&str, &str),
        (xml, within): (&str, Range<usize>),
    ) -> Result<String, Malformed> {
        let mut rewriter = Rewriter::new(self, part, root, &[]);
        let region = Region { instance: Some(instance), notes: Some(kind), depth: 0 };
        rewriter.regions.push(region);
        rewriter.run(xml, within)?;
        let out = rewriter.out;
        finish::finish(&out, &[], self.ids).map(|(finished, _)| finished)
    }
}

impl<'r, 'g, 'p, 'f> Rewriter<'r, 'g, 'p, 'f> {
    fn new(
        grafter: &'r mut Grafter<'g, 'p, 'f>,
        part: &'r str,
        root: &str,
        printed: &'r [Option<usize>],
    ) -> Self {
        Self {
            grafter,
            part,
            root: root.to_owned(),
            printed,
            out: String::new(),
            regions: Vec::new(),
            depth: 0,
            dropped: None,
            carried: None,
            instruction: false,
            number: None,
            page_end: None,
            edge: false,
            seen: Vec::new(),
        }
    }

    /// Rewrites the tokens within a range.
    fn run(&mut self, xml: &str, within: Range<usize>) -> Result<(), Malformed> {
        for token in Tokens::new(xml) {
            let token = token?;
            if token.span.start < within.start || token.span.end > within.end {
                continue;
            }
            let raw = &xml[token.span.clone()];
            match token.kind {
                Token::Start => {
                    self.open(token.name, raw, xml, &token.span, true)?;
                    self.depth += 1;
                }
                Token::Empty => self.open(token.name, raw, xml, &token.span, false)?,
                Token::End => {
                    self.depth = self.depth.saturating_sub(1);
                    self.close(token.name, raw, xml, &token.span)?;
                }
                Token::Text => self.text(raw)?,
                Token::Other => self.push(raw),
            }
        }
        Ok(())
    }

    fn push(&mut self, raw: &str) {
        if self.dropped.is_none() {
            self.out.push_str(raw);
        }
    }

    /// The innermost region, if it is a guest's, with its inclusion.
    fn region(&self) -> Option<(Region, usize)> {
        let region = self.regions.last()?;
        Some((*region, region.instance?))
    }

    fn open(
        &mut self,
        name: &str,
        raw: &str,
        xml: &str,
        span: &Range<usize>,
        opens: bool,
    ) -> Result<(), Malformed> {
        if self.dropped.is_some() {
            return Ok(());
        }
        let fate = match self.region() {
            Some((region, instance)) => self.guest_tag(region, instance, name, raw),
            None if raw.contains(FOREIGN) || self.is_moved(raw) => {
                self.attributes(None, name, raw)
            }
            None => Fate::Keep,
        };
        if let (Some((region, instance)), Some(kind)) = (self.region(), Kind::of(name))
            && self.carried.is_none()
            && region.notes.is_none()
            && opens
        {
            // A note that a template printed behind its reference.
            let id = self.grafter.last_reserved(instance, kind);
            self.carried = Some((kind, span.start, id));
            self.dropped = Some(self.depth);
            return Ok(());
        }
        self.put_number(Some(name));
        if name == "w:tbl" && self.edge {
            self.out.push(APART);
        }
        self.edge = false;
        match fate {
            Fate::Keep => self.out.push_str(raw),
            Fate::Change(tag) => self.out.push_str(&tag),
            Fate::Drop => {
                if name == "w:sectPr" {
                    self.section(xml, span);
                }
                self.dropped = opens.then_some(self.depth);
                return Ok(());
            }
        }
        self.instruction = opens && name == "w:instrText";
        if name == "w:pStyle"
            && let Some(instance) = self.owner(raw)
        {
            self.number_by_style(instance, &xml[span.end..]);
        }
        if let Some((_, instance)) = self.region()
            && let Some(kind) = Kind::referred_by(name)
        {
            self.reference(instance, kind, raw, &xml[span.end..])?;
        }
        Ok(())
    }

    fn close(
        &mut self,
        name: &str,
        raw: &str,
        xml: &str,
        span: &Range<usize>,
    ) -> Result<(), Malformed> {
        if self.dropped == Some(self.depth) {
            self.dropped = None;
            if let Some((kind, start, id)) = self.carried.take()
                && let Some((_, instance)) = self.region()
            {
                self.grafter.carried(instance, kind, id, (xml, start..span.end))?;
            }
            return Ok(());
        }
        if self.dropped.is_some() {
            return Ok(());
        }
        self.instruction = false;
        if name == "w:pPr" {
            self.put_number(None);
        }
        if name == "w:p" && self.page_end == Some(self.depth) {
            self.page_end = None;
            self.out.push_str("<w:r><w:br w:type=\"page\"/></w:r>");
        }
        self.out.push_str(raw);
        Ok(())
    }

    /// The inclusion that a tag belongs to, by what it says or by where it stands.
    fn owner(&mut self, raw: &str) -> Option<usize> {
        let number = raw.split(FOREIGN).nth(1).and_then(|number| number.parse().ok());
        match number.and_then(|number: usize| number.checked_sub(1)) {
            Some(guest) if guest < self.grafter.guests.len() => Some(self.nearest(guest)),
            _ => self.region().map(|(_, instance)| instance),
        }
    }

    /// Has a paragraph numbered by itself that its style numbers, if it does not say
    /// anything about that. The style was written last; `rest` comes next.
    fn number_by_style(&mut self, instance: usize, rest: &str) {
        let own = &rest[..rest.find("</w:pPr>").unwrap_or(rest.len())];
        if own.contains("<w:numPr") {
            return;
        }
        let start = self.out.rfind('<').unwrap_or(0);
        let style = xml::attribute(&self.out[start..], "w:val").unwrap_or_default();
        let number = self.grafter.style_number(instance, &style);
        self.number = number.map(|number| (self.depth, number));
    }

    /// Writes the numbering that is due before a property, or at their end.
    fn put_number(&mut self, next: Option<&str>) {
        let due = |(depth, _): &(usize, String)| match next {
            Some(next) => {
                let rank = |name| order::rank("w:pPr", name);
                *depth == self.depth && rank(next) > rank("w:numPr")
            }
            None => *depth == self.depth + 1,
        };
        if self.number.as_ref().is_some_and(due)
            && let Some((_, number)) = self.number.take()
        {
            self.out.push_str(&number);
        }
    }

    /// Character data, and the marks in them.
    fn text(&mut self, raw: &str) -> Result<(), Malformed> {
        for (index, piece) in raw.split(GRAFT).enumerate() {
            if index % 2 == 0 {
                self.characters(piece);
            } else if self.dropped.is_none() {
                self.mark(piece)?;
            }
        }
        Ok(())
    }

    fn characters(&mut self, raw: &str) {
        let renamed = match self.region() {
            Some((_, instance)) if self.instruction => {
                self.renamed(instance, &xml::decode(raw))
            }
            _ => None,
        };
        match renamed {
            Some(renamed) => self.push(&escape::escape(&renamed)),
            None => self.push(raw),
        }
    }

    fn mark(&mut self, mark: &str) -> Result<(), Malformed> {
        self.edge = true;
        if mark.is_empty() {
            self.regions.pop();
            return Ok(());
        }
        if let Some(number) = mark.strip_prefix('=') {
            let number: Option<usize> = number.parse().ok();
            let guest = number.and_then(|at| self.printed.get(at).copied().flatten());
            return guest.map_or(Ok(()), |guest| self.document(guest));
        }
        let (anew, number) = match mark.strip_prefix('+') {
            Some(number) => (true, number),
            None => (false, mark),
        };
        let guest = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let instance = guest.filter(|guest| *guest < self.grafter.guests.len());
        let instance = instance.map(|guest| match anew {
            true => self.grafter.instance(guest),
            false => self.nearest(guest),
        });
        self.enter(instance);
        Ok(())
    }

    /// A whole document that a tag printed.
    fn document(&mut self, guest: usize) -> Result<(), Malformed> {
        let document = self.grafter.guests[guest].document;
        let instance = self.grafter.instance(guest);
        self.enter(Some(instance));
        self.run(&document.text, document.body.clone())?;
        self.regions.pop();
        self.edge = true;
        Ok(())
    }

    fn enter(&mut self, instance: Option<usize>) {
        if let Some(instance) = instance {
            let guest = self.grafter.instances[instance].guest;
            if !self.seen.contains(&guest) {
                self.seen.push(guest);
            }
        }
        self.regions.push(Region { instance, notes: None, depth: self.depth });
    }

    /// The innermost inclusion of a guest around here.
    fn nearest(&mut self, guest: usize) -> usize {
        let around = self.regions.iter().rev().filter_map(|region| region.instance);
        let own =
            around.into_iter().find(|at| self.grafter.instances[*at].guest == guest);
        own.unwrap_or_else(|| self.grafter.shared(guest))
    }

    fn guest_tag(
        &mut self,
        region: Region,
        instance: usize,
        name: &str,
        raw: &str,
    ) -> Fate {
        match name {
            // Data of the guest are not there, and the host's are not meant.
            "w:dataBinding" | "w15:dataBinding" | "w:sectPr" => return Fate::Drop,
            "w:commentRangeStart" | "w:commentRangeEnd" if !self.takes_notes(region) => {
                return Fate::Drop;
            }
            _ if Kind::referred_by(name).is_some() && !self.takes_notes(region) => {
                return Fate::Drop;
            }
            _ => {}
        }
        let fate = self.attributes(Some((region, instance)), name, raw);
        if region.depth != self.depth {
            return fate;
        }
        let guest = self.grafter.instances[instance].guest;
        let root = self.grafter.guests[guest].document.root();
        let clashing = namespaces::clashing(&self.root, root);
        if clashing.is_empty() {
            return fate;
        }
        let tag = match fate {
            Fate::Drop => return Fate::Drop,
            Fate::Keep => raw.to_owned(),
            Fate::Change(tag) => tag,
        };
        let (start, rest) = tag.split_at(1 + name.len());
        Fate::Change(format!("{start}{clashing}{rest}"))
    }

    /// Whether a tag of the host's refers to a part from a note: it was printed in
    /// the body, where the relationship is.
    fn is_moved(&self, raw: &str) -> bool {
        let note = self.regions.first().is_some_and(|region| region.notes.is_some());
        note && raw.contains(" r:")
    }

    /// Whether notes can be referred to here: only the body can.
    fn takes_notes(&self, region: Region) -> bool {
        region.notes.is_none() && self.part == self.grafter.draft.package.main
    }

    fn attributes(
        &mut self,
        region: Option<(Region, usize)>,
        name: &str,
        raw: &str,
    ) -> Fate {
        let mut out = String::new();
        let mut at = 0;
        for (attribute, span) in xml::attributes(raw) {
            let written = &raw[span.clone()];
            let new = match (written.strip_prefix(FOREIGN), region) {
                (Some(marked), _) => self.marked(name, attribute, marked),
                (None, Some((region, instance))) => {
                    self.value(region, instance, name, attribute, written)
                }
                (None, None) if self.is_moved(raw) && attribute.starts_with("r:") => {
                    let id = xml::decode(written);
                    self.grafter.moved_relation(&id, self.part).into()
                }
                (None, None) => Value::Keep,
            };
            match new {
                Value::Keep => {}
                Value::Drop => return Fate::Drop,
                Value::Change(new) => {
                    out.push_str(&raw[at..span.start]);
                    out.push_str(&escape::escape_attribute(&new));
                    at = span.end;
                }
                Value::Remove => {
                    let start = span.start - 1;
                    let start = raw[..start].rfind(attribute).unwrap_or(start);
                    out.push_str(raw[at..start].trim_end());
                    at = span.end + 1;
                }
            }
        }
        if at == 0 {
            return Fate::Keep;
        }
        out.push_str(&raw[at..]);
        Fate::Change(out)
    }

    /// A value that is marked with the document that it is from.
    fn marked(&mut self, name: &str, attribute: &str, marked: &str) -> Value {
        let Some((number, written)) = marked.split_once(FOREIGN) else {
            return Value::Keep;
        };
        let number: usize = number.parse().unwrap_or(HOST);
        let guest = number.checked_sub(1);
        let Some(guest) = guest.filter(|guest| *guest < self.grafter.guests.len()) else {
            return Value::Change(xml::decode(written).into_owned());
        };
        let instance = self.nearest(guest);
        let region = Region { instance: Some(instance), notes: None, depth: 0 };
        match self.value(region, instance, name, attribute, written) {
            Value::Keep => Value::Change(xml::decode(written).into_owned()),
            value => value,
        }
    }

    /// What a value of a guest is in the host.
    fn value(
        &mut self,
        region: Region,
        instance: usize,
        element: &str,
        attribute: &str,
        written: &str,
    ) -> Value {
        let guest = self.grafter.instances[instance].guest;
        let written = xml::decode(written);
        let changed = |new: Option<String>| new.map_or(Value::Keep, Value::Change);
        match (element, attribute) {
            ("w:pStyle" | "w:rStyle" | "w:tblStyle", "w:val") => {
                self.grafter.style(guest, &written).into()
            }
            ("w:numId", "w:val") if written != "0" => {
                let list = self.grafter.list(instance, &written);
                list.map(|id| id.to_string()).into()
            }
            ("w:bookmarkStart", "w:name") | ("w:hyperlink", "w:anchor") => {
                let bookmarks = &self.grafter.instances[instance].bookmarks;
                changed(bookmarks.get(written.as_ref()).cloned())
            }
            ("w:fldSimple", "w:instr") => changed(self.renamed(instance, &written)),
            (
                "w:footnoteReference"
                | "w:endnoteReference"
                | "w:commentReference"
                | "w:commentRangeStart"
                | "w:commentRangeEnd",
                "w:id",
            ) => self.grafter.note_id(instance, element, &written).into(),
            (_, "id") if element.starts_with("v:") && element != "v:shapetype" => {
                Value::Change(self.grafter.shape(instance, &written))
            }
            ("o:OLEObject", "ShapeID") => {
                Value::Change(self.grafter.shape(instance, &written))
            }
            (_, attribute) if attribute.starts_with("r:") || attribute == "o:relid" => {
                let document = self.grafter.guests[guest].document;
                let from = match region.notes {
                    Some(kind) => document.notes.get(&kind).map(|notes| &notes.part),
                    None => Some(&document.package.main),
                };
                let new = from.and_then(|from| {
                    self.grafter.relation(guest, from, &written, self.part)
                });
                new.map_or(Value::Remove, Value::Change)
            }
            _ => Value::Keep,
        }
    }

    /// The instructions of a field with the new names of bookmarks, if they name
    /// one that is renamed.
    fn renamed(&self, instance: usize, instruction: &str) -> Option<String> {
        let bookmarks = &self.grafter.instances[instance].bookmarks;
        if bookmarks.is_empty() {
            return None;
        }
        let separates = |c: char| c.is_whitespace() || c == '"';
        let words = instruction.split_inclusive(separates).map(|piece| {
            let word = piece.trim_end_matches(separates);
            match bookmarks.get(word) {
                Some(new) => format!("{new}{}", &piece[word.len()..]),
                None => piece.to_owned(),
            }
        });
        let new: String = words.collect();
        (new != instruction).then_some(new)
    }

    /// The section that ends here is the host's; what it ended with a page ends
    /// with a page.
    fn section(&mut self, xml: &str, span: &Range<usize>) {
        let Some((region, instance)) = self.region() else { return };
        let in_body = self.part == self.grafter.draft.package.main;
        if !in_body || region.notes.is_some() || self.depth < 2 {
            return;
        }
        // The next section says how it begins.
        let guest = self.grafter.instances[instance].guest;
        let rest = &xml[span.end..];
        let end = rest.find(&super::ends()).unwrap_or(rest.len());
        let next = rest[..end].find("<w:sectPr").map(|at| &rest[at..end]);
        let next = next.unwrap_or(&self.grafter.guests[guest].document.last_section);
        let next = &next[..next.find("</w:sectPr>").unwrap_or(next.len())];
        let here = ["\"continuous\"", "\"nextColumn\""];
        if !here.iter().any(|kind| next.contains(&format!("<w:type w:val={kind}"))) {
            self.page_end = Some(self.depth - 2);
        }
    }

    /// A reference that was written: the note is brought unless the template
    /// printed it, then it follows.
    fn reference(
        &mut self,
        instance: usize,
        kind: Kind,
        raw: &str,
        rest: &str,
    ) -> Result<(), Malformed> {
        let follows = rest.strip_prefix(&format!("<{}", kind.element()));
        if follows.is_some_and(|rest| rest.starts_with([' ', '>'])) {
            return Ok(());
        }
        let old = xml::attribute(raw, "w:id").unwrap_or_default();
        self.grafter.bring_note(instance, kind, &old)
    }
}
