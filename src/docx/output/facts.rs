//! What a template has that its outputs refer to, and the faults it has itself.
//!
//! The parts of a template are looked at once, when it is compiled. A fault that
//! is there already is told then, as a warning, and never again: only what an
//! output has besides stops it.

use std::collections::HashSet;
use std::sync::Arc;

use super::lint::{Fault, Lint, Survey, Target};
use super::rules::Rule;
use crate::diag::{Diagnostic, Diagnostics, Place, WordPlace};
use crate::docx::opc::package::{self, Package};
use crate::docx::opc::relations;
use crate::docx::opc::xml::{self, Kind, Node, Outline, Tokens};
use crate::docx::render::draft::Draft;

/// The ids and names of some parts that must be unique in a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// The ids of drawings.
    pub(crate) drawings: HashSet<u64>,
    /// The `w14:paraId` of paragraphs.
    pub(crate) paragraphs: HashSet<String>,
    /// The names of bookmarks, in lower case.
    pub(crate) bookmarks: HashSet<String>,
    /// The ids of content controls.
    pub(crate) controls: HashSet<String>,
}

/// The styles and numberings of a document.
#[derive(Debug, Clone, Default)]
struct Lists {
    /// Whether there are styles at all; else nothing is missed.
    styled: bool,
    /// The ids of paragraph, character and table styles.
    styles: [HashSet<String>; 3],
    numberings: HashSet<String>,
}

/// What is known of a template.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The ids of the parts that no merge changes.
    pub(crate) known: Known,
    lists: Lists,
    /// The ids of the footnotes, endnotes and comments in these parts.
    notes: [HashSet<String>; 3],
    /// The faults of the template.
    own: HashSet<(Rule, String)>,
}

/// Collects the facts of a template, part by part.
#[derive(Debug, Default)]
pub(crate) struct Census {
    facts: Facts,
    /// The ids of the parts that are rendered.
    rendered: Known,
    surveys: Vec<Seen>,
}

/// A part of the template that was looked at.
#[derive(Debug)]
struct Seen {
    part: String,
    survey: Survey,
    /// Whether merges render it.
    rendered: bool,
}

impl Census {
    /// Looks at a part.
    pub(crate) fn look(&mut self, part: &str, outline: &Outline<'_>, rendered: bool) {
        let known = match rendered {
            true => &mut self.rendered,
            false => &mut self.facts.known,
        };
        let survey = Lint::unfinished(known).read(outline);
        if !rendered {
            for (notes, found) in self.facts.notes.iter_mut().zip(&survey.notes) {
                notes.extend(found.iter().cloned());
            }
        }
        self.surveys.push(Seen { part: part.to_owned(), survey, rendered });
    }

    /// The facts; faults that reach the outputs go to `diagnostics` as warnings.
    pub(crate) fn finish(
        self,
        package: &Package,
        diagnostics: &mut Diagnostics,
    ) -> Facts {
        self.sum_up(package, Rule::warning, Seen::is_told, diagnostics)
    }

    /// All faults of a document that nobody is going to render.
    pub(crate) fn faults(self, package: &Package, diagnostics: &mut Diagnostics) {
        self.sum_up(package, Rule::diagnostic, |_, _| true, diagnostics);
    }

    fn sum_up(
        mut self,
        package: &Package,
        wording: fn(Rule, &str) -> Diagnostic,
        is_told: fn(&Seen, &Fault) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> Facts {
        self.facts.lists.read_all(package);
        let mut facts = std::mem::take(&mut self.facts);
        let document = Document {
            lists: &facts.lists,
            notes: all_notes(&facts.notes, self.surveys.iter().map(|seen| &seen.survey)),
            bookmarks: &[&facts.known.bookmarks, &self.rendered.bookmarks],
        };
        let mut own = HashSet::new();
        for seen in &self.surveys {
            let relations = package.text(&relations::part_of(&seen.part));
            let relations = match seen.rendered {
                true => diagnostics.absorb(relations).flatten(),
                false => relations.ok().flatten(),
            };
            let relations = relations::Relations::read(relations);
            let faults = document.faults(&seen.survey, |id| relations.has(id));
            let told = faults.iter().filter(|fault| is_told(seen, fault));
            tell(package, &seen.part, told, wording, None, diagnostics);
            own.extend(faults.into_iter().map(|fault| (fault.rule, fault.subject)));
        }
        for (rule, subject) in package_faults(package) {
            let place = Place::file(&package.file);
            diagnostics.push(wording(rule, &subject).at(place));
            own.insert((rule, subject));
        }
        facts.own = own;
        facts
    }
}

impl Seen {
    /// Whether a fault reaches the outputs.
    fn is_told(&self, fault: &Fault) -> bool {
        match fault.rule {
            Rule::ChildOrder => self.rendered && !fault.is_repaired(),
            _ => !(self.rendered && fault.is_repaired()),
        }
    }
}

impl Facts {
    /// Whether the template has a fault itself.
    pub(crate) fn has(&self, rule: Rule, subject: &str) -> bool {
        !self.own.is_empty() && self.own.contains(&(rule, subject.to_owned()))
    }

    /// Whether the template has children of an element in disorder itself.
    pub(crate) fn has_disorder(&self, parent: &str) -> bool {
        self.own.iter().any(|(rule, subject)| {
            *rule == Rule::ChildOrder && subject.split('/').next() == Some(parent)
        })
    }

    /// Looks at a draft that is complete; tells every fault that neither the template
    /// nor a document brought into it has.
    pub(crate) fn check(&self, draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
        let mut known = Known::default();
        look_at_new_parts(draft, &mut known);
        let lists = self.lists.with_new_parts(draft);
        let surveys = std::mem::take(&mut draft.surveys);
        known.bookmarks.extend(std::mem::take(&mut draft.bookmarks));
        let document = Document {
            lists: lists.as_ref().unwrap_or(&self.lists),
            notes: all_notes(&self.notes, surveys.values()),
            bookmarks: &[&self.known.bookmarks, &known.bookmarks],
        };
        let mut found = Vec::new();
        for (part, survey) in &surveys {
            let relations = diagnostics.absorb(draft.relations(part));
            let relations = relations.map(|relations| &*relations);
            let faults =
                document.faults(survey, |id| relations.is_none_or(|all| all.has(id)));
            found.push((part, faults));
        }
        for (part, mut faults) in found {
            faults.retain(|fault| {
                let mut all = draft.guests.iter().map(Arc::as_ref).chain([self]);
                !all.any(|facts| facts.has(fault.rule, &fault.subject))
            });
            if faults.is_empty() {
                continue;
            }
            let text = draft.text(part).ok().flatten();
            let package = draft.package;
            let told = faults.iter();
            tell(package, part, told, Rule::in_output, text.as_deref(), diagnostics);
        }
        for (rule, subject) in draft_faults(draft) {
            let place = Place::file(&draft.package.file);
            diagnostics.push(rule.diagnostic(&subject).at(place));
        }
    }
}

/// What references are held against.
struct Document<'d> {
    lists: &'d Lists,
    notes: [HashSet<&'d str>; 3],
    bookmarks: &'d [&'d HashSet<String>],
}

impl Document<'_> {
    /// The faults of a part, those of its references too, in document order.
    fn faults(&self, survey: &Survey, related: impl Fn(&str) -> bool) -> Vec<Fault> {
        let mut faults = survey.faults.clone();
        for (target, references) in survey.references() {
            let missing = references.iter().filter(|(value, _)| match target {
                Target::Relationship => !related(value),
                _ => !self.has(target, value),
            });
            let mut missing: Vec<Fault> = missing
                .map(|(value, paragraph)| Fault {
                    rule: target.rule(),
                    subject: value.clone(),
                    paragraph: *paragraph,
                })
                .collect();
            missing.sort_by(|a, b| a.subject.cmp(&b.subject));
            faults.append(&mut missing);
        }
        faults.sort_by_key(|fault| fault.paragraph);
        faults
    }

    fn has(&self, target: Target, value: &str) -> bool {
        let style =
            |kind: usize| !self.lists.styled || self.lists.styles[kind].contains(value);
        match target {
            Target::ParagraphStyle => style(0),
            Target::RunStyle => style(1),
            Target::TableStyle => style(2),
            // No list is the list of no number.
            Target::Numbering => value == "0" || self.lists.numberings.contains(value),
            Target::Footnote => self.notes[0].contains(value),
            Target::Endnote => self.notes[1].contains(value),
            Target::Comment => self.notes[2].contains(value),
            Target::Bookmark => {
                let name = value.to_lowercase();
                self.bookmarks.iter().any(|names| names.contains(&name))
            }
            Target::Relationship => true,
        }
    }
}

impl Target {
    /// The rule that is broken if the thing is not there.
    fn rule(self) -> Rule {
        match self {
            Self::ParagraphStyle | Self::RunStyle | Self::TableStyle => {
                Rule::MissingStyle
            }
            Self::Numbering => Rule::MissingNumbering,
            Self::Footnote | Self::Endnote | Self::Comment => Rule::MissingNote,
            Self::Bookmark => Rule::MissingBookmark,
            Self::Relationship => Rule::MissingRelationship,
        }
    }
}

fn all_notes<'a>(
    notes: &'a [HashSet<String>; 3],
    surveys: impl Iterator<Item = &'a Survey>,
) -> [HashSet<&'a str>; 3] {
    let mut all = notes.each_ref().map(|ids| ids.iter().map(String::as_str).collect());
    for survey in surveys {
        for (all, ids) in all.iter_mut().zip(&survey.notes) {
            let all: &mut HashSet<&str> = all;
            all.extend(ids.iter().map(String::as_str));
        }
    }
    all
}

impl Lists {
    fn read_all(&mut self, package: &Package) {
        for part in package.names() {
            if let Some(list) = list(package.types.of(part))
                && let Ok(Some(xml)) = package.text(part)
            {
                self.read(list, &xml);
            }
        }
    }

    /// The lists of a draft, if it has any of its own.
    fn with_new_parts(&self, draft: &Draft<'_>) -> Option<Self> {
        let mut own: Option<Self> = None;
        for part in draft.new_parts() {
            if let Some(list) = list(draft.types.of(part))
                && let Ok(Some(xml)) = draft.text(part)
            {
                own.get_or_insert_with(|| self.clone()).read(list, &xml);
            }
        }
        own
    }

    fn read(&mut self, list: &str, xml: &str) {
        let tokens = Tokens::new(xml).map_while(Result::ok);
        for token in tokens.filter(|token| token.name == list) {
            let tag = &xml[token.span];
            let id = |name: &str| xml::attribute(tag, name).map(|id| id.into_owned());
            if token.kind == Kind::End {
                continue;
            }
            if list == "w:num" {
                self.numberings.extend(id("w:numId"));
                continue;
            }
            let kind = match id("w:type").as_deref() {
                None | Some("paragraph") => 0,
                Some("character") => 1,
                Some("table") => 2,
                Some(_) => continue,
            };
            self.styled = true;
            self.styles[kind].extend(id("w:styleId"));
        }
    }
}

/// The element whose ids are wanted from a part of a content type.
fn list(kind: Option<&str>) -> Option<&'static str> {
    match kind? {
        kind if kind.ends_with("wordprocessingml.styles+xml") => Some("w:style"),
        kind if kind.ends_with("wordprocessingml.numbering+xml") => Some("w:num"),
        _ => None,
    }
}

/// Looks at parts of a draft that hold text and were not rendered.
fn look_at_new_parts(draft: &mut Draft<'_>, known: &mut Known) {
    let new = draft.new_parts().filter(|part| {
        let kind = draft.types.of(part);
        kind.is_some_and(package::is_story) && !draft.surveys.contains_key(*part)
    });
    let new: Vec<String> = new.map(str::to_owned).collect();
    for part in new {
        let Ok(Some(text)) = draft.text(&part) else { continue };
        let Ok(outline) = Outline::read(&text) else { continue };
        let survey = Lint::unfinished(known).read(&outline);
        draft.surveys.insert(part, survey);
    }
}

/// The faults of the template's package.
fn package_faults(package: &Package) -> Vec<(Rule, String)> {
    let names: HashSet<String> = package.names().map(str::to_ascii_lowercase).collect();
    let mut faults = Vec::new();
    for part in package.names().filter(|part| *part != package::CONTENT_TYPES) {
        if package.types.of(part).is_none() {
            faults.push((Rule::NoContentType, part.to_owned()));
        }
        let Some(owner) = relations::owner_of(part) else { continue };
        let Ok(Some(xml)) = package.text(part) else { continue };
        let targets = relations::targets(&xml);
        let parts = targets.filter_map(|target| part_of_target(&owner, &target));
        let missing = parts.filter(|part| !names.contains(&part.to_ascii_lowercase()));
        faults.extend(missing.map(|part| (Rule::MissingPart, part)));
    }
    faults
}

/// The faults of what a draft adds to the package.
fn draft_faults(draft: &Draft<'_>) -> Vec<(Rule, String)> {
    let mut faults = Vec::new();
    for part in draft.new_parts() {
        if part != package::CONTENT_TYPES && draft.types.of(part).is_none() {
            faults.push((Rule::NoContentType, part.to_owned()));
        }
    }
    for (owner, relations) in draft.all_relations() {
        let added = relations.added_parts().iter();
        let parts = added.filter_map(|target| part_of_target(owner, target));
        let missing = parts.filter(|part| !draft.contains(part));
        faults.extend(missing.map(|part| (Rule::MissingPart, part)));
    }
    faults
}

/// The part that a target names, if it names one.
fn part_of_target(owner: &str, target: &str) -> Option<String> {
    let path = target.split('#').next().filter(|path| !path.is_empty())?;
    Some(relations::resolve(owner, &unquoted(path)))
}

/// An address without percent signs.
fn unquoted(address: &str) -> String {
    let mut pieces = address.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let byte = piece.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(&piece.as_bytes()[2..]);
            }
            None => {
                bytes.push(b'%');
                bytes.extend(piece.as_bytes());
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| address.to_owned())
}

/// Tells faults with the paragraphs they are in.
fn tell<'f>(
    package: &Package,
    part: &str,
    faults: impl Iterator<Item = &'f Fault>,
    wording: fn(Rule, &str) -> Diagnostic,
    text: Option<&str>,
    diagnostics: &mut Diagnostics,
) {
    let mut faults = faults.peekable();
    if faults.peek().is_none() {
        return;
    }
    let own = match text {
        Some(_) => None,
        None => package.text(part).ok().flatten(),
    };
    let Some(text) = text.or(own.as_deref()) else { return };
    let Ok(outline) = Outline::read(text) else { return };
    for fault in faults {
        let place = place(&package.file, part, &outline, fault.paragraph);
        diagnostics.push(wording(fault.rule, &fault.subject).at(place));
    }
}

/// The place of a paragraph by its number.
fn place(file: &str, part: &str, outline: &Outline<'_>, paragraph: usize) -> Place {
    let paragraph = paragraph.max(1);
    let mut left = paragraph;
    let mut tables: Vec<(usize, usize)> = Vec::new();
    let mut text = String::new();
    for node in &outline.nodes {
        let (opens, at) = match node {
            Node::Open(at) => (true, *at),
            Node::Close(at) => (false, *at),
            Node::Text(..) => continue,
        };
        match (outline.elements[at].name, tables.last_mut()) {
            ("w:tbl", _) if opens => tables.push((0, 0)),
            ("w:tbl", _) => {
                tables.pop();
            }
            ("w:tr", Some((row, column))) if opens => (*row, *column) = (*row + 1, 0),
            ("w:tc", Some((_, column))) if opens => *column += 1,
            ("w:p", _) if opens => left -= 1,
            _ => {}
        }
        if left == 0 {
            text = outline.text(at);
            break;
        }
    }
    let cell = tables.last().copied().filter(|(row, column)| row * column > 0);
    let word = WordPlace { part: part.to_owned(), paragraph, cell };
    match text.len() {
        0 => Place { word: Some(word), ..Place::file(file) },
        length => Place::word(file, word, &text, 0..length),
    }
}
