//! Footnotes and comments: what the body refers to in parts of their own.
//!
//! A tag leaves the number of its note between two marks; when the whole body is
//! there, every mark becomes a reference to a note of its own, so that what a
//! template captures and prints twice is noted twice, and ids are free and in the
//! order of the text.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};

use super::anchors::{Anchors, Hold};
use super::draft::Draft;
use super::marks::NOTE;
use crate::diag::{self, Diagnostic};
use crate::docx::opc::escape;
use crate::docx::opc::namespaces;
use crate::docx::opc::order::{self, Properties};
use crate::docx::opc::relations;
use crate::docx::opc::styles::Styles;
use crate::docx::opc::xml::{self, Outline};
use crate::docx::output::finish::{self, Ids};
use crate::docx::render::{Rendered, Session};
use crate::docx::template::site::Site;
use crate::text;

/// What a note is.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub(crate) enum Kind {
    /// A footnote.
    Footnote,
    /// An endnote, which only other documents bring.
    Endnote,
    /// A comment in the margin.
    Comment,
}

/// A note as the functions `footnote` and `comment` make it.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    /// What it is.
    pub(crate) kind: Kind,
    /// What it says.
    pub(crate) content: Value,
    /// Who says it; of comments only.
    pub(crate) author: String,
}

impl Note {
    /// A footnote.
    pub(crate) fn footnote(content: Value) -> Self {
        Self { kind: Kind::Footnote, content, author: String::new() }
    }
}

impl Object for Note {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 3] = [Self::Footnote, Self::Endnote, Self::Comment];

    /// The template function that makes it.
    pub(crate) fn function(self) -> &'static str {
        match self {
            Self::Footnote => "footnote",
            Self::Endnote => "endnote",
            Self::Comment => "comment",
        }
    }

    /// The kind whose element has a name.
    pub(crate) fn of(element: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.element() == element)
    }

    /// The kind that an element of a name refers to.
    pub(crate) fn referred_by(element: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.reference() == element)
    }

    /// The name of the element of one.
    pub(crate) fn element(self) -> &'static str {
        match self {
            Self::Footnote => "w:footnote",
            Self::Endnote => "w:endnote",
            Self::Comment => "w:comment",
        }
    }

    /// The name of the element that refers to one.
    pub(crate) fn reference(self) -> &'static str {
        match self {
            Self::Footnote => "w:footnoteReference",
            Self::Endnote => "w:endnoteReference",
            Self::Comment => "w:commentReference",
        }
    }

    /// The last segment of the relationship's type, and the part's stem.
    pub(crate) fn part(self) -> &'static str {
        match self {
            Self::Footnote => "footnotes",
            Self::Endnote => "endnotes",
            Self::Comment => "comments",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Footnote => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
            }
            Self::Endnote => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml"
            }
            Self::Comment => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
            }
        }
    }

    /// A part without notes.
    fn empty(self) -> String {
        let name = self.part();
        let inside = match self {
            Self::Footnote => SEPARATORS.to_owned(),
            Self::Endnote => SEPARATORS.replace("w:footnote", "w:endnote"),
            Self::Comment => String::new(),
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <w:{name} xmlns:w=\"{W}\">{inside}</w:{name}>"
        )
    }

    /// What the settings say of its separators, if it has some.
    fn separator_setting(self) -> Option<&'static str> {
        match self {
            Self::Footnote => Some(FOOTNOTE_SETTING),
            Self::Endnote => Some(ENDNOTE_SETTING),
            Self::Comment => None,
        }
    }

    /// The built-in names of the styles of the reference and of the note's text.
    pub(crate) fn styles(self) -> (&'static str, &'static str) {
        match self {
            Self::Footnote => ("footnote reference", "footnote text"),
            Self::Endnote => ("endnote reference", "endnote text"),
            Self::Comment => ("annotation reference", "annotation text"),
        }
    }

    /// The run property of the reference: its style if there is one.
    pub(crate) fn mark(self, styles: &Styles) -> Option<(&'static str, String)> {
        match (styles.find("character", self.styles().0), self) {
            (Some(style), _) => {
                let style = escape::escape_attribute(style);
                Some(("w:rStyle", format!("<w:rStyle w:val=\"{style}\"/>")))
            }
            (None, Self::Footnote | Self::Endnote) => {
                Some(("w:vertAlign", "<w:vertAlign w:val=\"superscript\"/>".to_owned()))
            }
            (None, Self::Comment) => None,
        }
    }

    /// The properties of a note's paragraphs and runs.
    fn text_properties(self, styles: &Styles) -> (String, String) {
        match styles.find("paragraph", self.styles().1) {
            Some(style) => {
                let style = escape::escape_attribute(style);
                let paragraph = format!("<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
                (paragraph, String::new())
            }
            None => (SMALL_PARAGRAPH.to_owned(), SMALL_RUN.to_owned()),
        }
    }
}

/// The namespace of WordprocessingML.
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// The lines between text and footnotes, which every part of footnotes has.
const SEPARATORS: &str = "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:pPr>\
    <w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>\
    <w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/></w:pPr>\
    <w:r><w:separator/></w:r></w:p></w:footnote>\
    <w:footnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p><w:pPr>\
    <w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>\
    <w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/></w:pPr>\
    <w:r><w:continuationSeparator/></w:r></w:p></w:footnote>";

/// What the settings say of the separators.
const FOOTNOTE_SETTING: &str = "<w:footnotePr><w:footnote w:id=\"-1\"/>\
    <w:footnote w:id=\"0\"/></w:footnotePr>";
const ENDNOTE_SETTING: &str = "<w:endnotePr><w:endnote w:id=\"-1\"/>\
    <w:endnote w:id=\"0\"/></w:endnotePr>";

/// The paragraphs of notes in a template without a style for them.
const SMALL_PARAGRAPH: &str = "<w:pPr><w:snapToGrid w:val=\"0\"/>\
    <w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>\
    <w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"left\"/></w:pPr>";
const SMALL_RUN: &str = "<w:rPr><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/></w:rPr>";

/// The notes of one kind that are added to a document.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    part: String,
    /// The start tag of its root.
    root: String,
    taken: BTreeSet<i64>,
    next: i64,
    /// The elements that are added, each with the start tag of the root whose
    /// prefixes it uses.
    added: Vec<(String, String)>,
}

impl Notes {
    /// The notes that there are, in a part that is made if there is none.
    fn open(draft: &mut Draft<'_>, kind: Kind) -> diag::Result<Self> {
        let main = draft.package.main.clone();
        let part = match draft.related(&main, kind.part())? {
            Some(part) => part,
            None => {
                let (content, empty) = (kind.content_type(), kind.empty());
                let part = draft.add_beside(kind.part(), content, empty)?;
                if let Some(setting) = kind.separator_setting() {
                    set_separators(draft, setting)?;
                }
                part
            }
        };
        let text = draft.text(&part)?.unwrap_or_default();
        let taken = match Outline::read(&text) {
            Ok(outline) => outline
                .children(0)
                .filter_map(|at| xml::attribute(outline.tag(at), "w:id"))
                .filter_map(|id| id.trim().parse().ok())
                .collect(),
            Err(_) => BTreeSet::new(),
        };
        let next = i64::from(kind != Kind::Comment);
        let root = relations::root_tag(&text).map_or("", |token| &text[token.span]);
        let root = root.to_owned();
        Ok(Self { part, root, taken, next, added: Vec::new() })
    }

    /// An id that no note has.
    fn free_id(&mut self) -> i64 {
        while !self.taken.insert(self.next) {
            self.next += 1;
        }
        self.next
    }

    /// Puts the part with the notes that were added.
    pub(crate) fn write(self, draft: &mut Draft<'_>) -> diag::Result<()> {
        if self.added.is_empty() {
            return Ok(());
        }
        let mut text = draft.text(&self.part)?.unwrap_or_default().into_owned();
        let mut elements = String::new();
        let mut last = None;
        for (element, root) in &self.added {
            if !root.is_empty() && last != Some(root) {
                text = namespaces::declare(&text, root, &self.using(root));
            }
            last = Some(root);
            elements.push_str(element);
        }
        draft.put(&self.part, append(&text, &elements));
        Ok(())
    }

    /// All elements that use the prefixes of a root.
    fn using(&self, root: &str) -> String {
        let using = self.added.iter().filter(|(_, used)| used == root);
        using.map(|(element, _)| element.as_str()).collect()
    }
}

/// Markup at the end of the root element.
fn append(xml: &str, markup: &str) -> String {
    let Ok(outline) = Outline::read(xml) else { return xml.to_owned() };
    let root = &outline.elements[0];
    let (before, after) = (&xml[..root.close], &xml[root.close..]);
    if root.close < root.span.end {
        return format!("{before}{markup}{after}");
    }
    let open = before.trim_end_matches("/>").trim_end();
    format!("{open}>{markup}</{}>{after}", root.name)
}

/// Tells the settings which notes are the separators.
fn set_separators(draft: &mut Draft<'_>, setting: &str) -> diag::Result<()> {
    let main = draft.package.main.clone();
    let Some(part) = draft.related(&main, "settings")? else {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <w:settings xmlns:w=\"{W}\">{setting}</w:settings>"
        );
        draft.add_beside("settings", SETTINGS_TYPE, text)?;
        return Ok(());
    };
    let text = draft.text(&part)?.unwrap_or_default().into_owned();
    let Ok(outline) = Outline::read(&text) else { return Ok(()) };
    let name = setting[1..].split('>').next().unwrap_or_default();
    if outline.child(0, name).is_some() {
        return Ok(());
    }
    let rank = order::rank("w:settings", name);
    let later = outline
        .children(0)
        .find(|at| order::rank("w:settings", outline.elements[*at].name) > rank);
    let text = match later {
        Some(at) => {
            let (before, after) = text.split_at(outline.elements[at].span.start);
            format!("{before}{setting}{after}")
        }
        None => append(&text, setting),
    };
    draft.put(&part, text);
    Ok(())
}

const SETTINGS_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml";

/// The name of the part that holds the notes of a kind, made if there is none.
///
/// Fails with `docx/malformed-part`.
pub(crate) fn part(draft: &mut Draft<'_>, kind: Kind) -> diag::Result<String> {
    Ok(opened(draft, kind)?.part.clone())
}

/// Adds a note and gives its id. `attributes` are those of the element besides
/// the id, each with a space before it; `inside` are its paragraphs.
///
/// Fails with `docx/malformed-part`.
pub(crate) fn add(
    draft: &mut Draft<'_>,
    kind: Kind,
    attributes: &str,
    inside: &str,
) -> diag::Result<i64> {
    let (id, element) = (reserve(draft, kind)?, kind.element());
    let note = format!("<{element} w:id=\"{id}\"{attributes}>{inside}</{element}>");
    put(draft, kind, note, String::new())?;
    Ok(id)
}

/// An id that no note of a kind has.
///
/// Fails with `docx/malformed-part`.
pub(crate) fn reserve(draft: &mut Draft<'_>, kind: Kind) -> diag::Result<i64> {
    Ok(opened(draft, kind)?.free_id())
}

/// Adds the note of a reserved id: its whole element. Prefixes that it uses are
/// those of the root with the start tag `root`.
///
/// Fails with `docx/malformed-part`.
pub(crate) fn put(
    draft: &mut Draft<'_>,
    kind: Kind,
    element: String,
    root: String,
) -> diag::Result<()> {
    opened(draft, kind)?.added.push((element, root));
    Ok(())
}

/// The name of the part that holds the notes of a kind, made if there is none, and
/// the start tag of its root.
///
/// Fails with `docx/malformed-part`.
pub(crate) fn place_of(
    draft: &mut Draft<'_>,
    kind: Kind,
) -> diag::Result<(String, String)> {
    let notes = opened(draft, kind)?;
    Ok((notes.part.clone(), notes.root.clone()))
}

fn opened<'d>(draft: &'d mut Draft<'_>, kind: Kind) -> diag::Result<&'d mut Notes> {
    if !draft.notes.contains_key(&kind) {
        let notes = Notes::open(draft, kind)?;
        draft.notes.insert(kind, notes);
    }
    Ok(draft.notes.entry(kind).or_default())
}

/// What placing the notes of a part needs besides the part.
pub(crate) struct Placing<'p, 'd, 'f> {
    /// The surroundings of all tags.
    pub(crate) sites: &'p Arc<[Site]>,
    /// The template's styles.
    pub(crate) styles: &'p Arc<Styles>,
    /// The draft's anchors, which footnotes go on with.
    pub(crate) anchors: Option<Anchors>,
    /// Makes a session to print a note in.
    pub(crate) session: &'p dyn Fn() -> Session,
    /// Where the notes go to.
    pub(crate) draft: &'p mut Draft<'d>,
    /// The document's ids.
    pub(crate) ids: &'p mut Ids<'f>,
}

impl Placing<'_, '_, '_> {
    /// Writes the notes of a rendered body and puts references in their places.
    ///
    /// Fails with what is wrong with the first note that cannot be written.
    pub(crate) fn place(&mut self, rendered: &mut Rendered) -> diag::Result<()> {
        if rendered.notes.is_empty() {
            return Ok(());
        }
        let mut out = String::with_capacity(rendered.xml.len());
        for (index, piece) in rendered.xml.split(NOTE).enumerate() {
            if index % 2 == 0 {
                out.push_str(piece);
                continue;
            }
            let number: Option<usize> = piece.parse().ok();
            if let Some((tag, note)) = number.and_then(|at| rendered.notes.get(at)) {
                let id = self.write(*tag, note)?;
                let name = note.kind.function();
                out.push_str(&format!("<w:{name}Reference w:id=\"{id}\"/>"));
            }
        }
        rendered.xml = out;
        Ok(())
    }

    /// Writes a note that a tag printed; gives its id.
    fn write(&mut self, tag: usize, note: &Note) -> diag::Result<i64> {
        let Some(site) = self.sites.get(tag) else { return Ok(0) };
        let kind = note.kind;
        let part = part(self.draft, kind)?;
        let mut session = (self.session)();
        session.relations = std::mem::take(self.draft.relations(&part)?);
        session.numbering = std::mem::take(&mut self.draft.numbering);
        session.anchors = self.anchors.take();
        let (paragraph, run) = kind.text_properties(self.styles);
        let hold = match kind {
            Kind::Footnote | Kind::Endnote => Hold::Bookmark,
            Kind::Comment => Hold::Nothing,
        };
        let at = site.moved(paragraph, run, hold);
        let inside = session.paragraphs(&at, &note.content);
        self.anchors = session.anchors;
        *self.draft.relations(&part)? = session.relations;
        self.draft.numbering = session.numbering;
        let inside = inside.map_err(|fault| {
            let fault = Diagnostic::error(fault.code, fault.message);
            fault.at(site.place.clone())
        })?;
        let inside = signed(&inside, &at.paragraph, &self.own_mark(kind, &at.run));
        let inside = self.finished(&inside, &site.place)?;
        add(self.draft, kind, &attributes(note), &inside)
    }

    /// The run of a note that shows its own number, on top of a run's properties.
    fn own_mark(&self, kind: Kind, run: &str) -> String {
        let (element, space) = match kind {
            Kind::Footnote => ("footnoteRef", NOTE_SPACE),
            Kind::Endnote => ("endnoteRef", NOTE_SPACE),
            Kind::Comment => ("annotationRef", ""),
        };
        let mut properties = Properties::read(run);
        if let Some((name, mark)) = kind.mark(self.styles) {
            properties.set(name, mark);
        }
        let properties = properties.write("w:rPr");
        format!("<w:r>{properties}<w:{element}/></w:r>{space}")
    }

    /// Paragraphs with their marks resolved.
    fn finished(&mut self, inside: &str, place: &diag::Place) -> diag::Result<String> {
        let wrapped = format!("{OPEN}{inside}{CLOSE}");
        let (finished, _) = finish::finish(&wrapped, &[], self.ids).map_err(|fault| {
            let diag::Text { zh, en } = fault.cause;
            let message =
                text!("注的内容结构不完整（{zh}）", "the note is not well-formed ({en})");
            Diagnostic::error("docx/broken-output", message).at(place.clone())
        })?;
        let inside = finished.strip_prefix(OPEN).and_then(|f| f.strip_suffix(CLOSE));
        Ok(inside.unwrap_or_default().to_owned())
    }
}

const OPEN: &str = "<w:footnote>";
const CLOSE: &str = "</w:footnote>";
const NOTE_SPACE: &str = "<w:r><w:t xml:space=\"preserve\"> </w:t></w:r>";

/// The paragraphs of a note with its mark at their beginning.
fn signed(inside: &str, properties: &str, mark: &str) -> String {
    let Some(rest) = inside.strip_prefix("<w:p>") else {
        // A note cannot begin with a table.
        return format!("<w:p>{properties}{mark}</w:p>{inside}");
    };
    let end = match rest.starts_with("<w:pPr>") {
        true => rest.find("</w:pPr>").map_or(0, |end| end + "</w:pPr>".len()),
        false => 0,
    };
    let (properties, rest) = rest.split_at(end);
    format!("<w:p>{properties}{mark}{rest}")
}

/// The attributes of a note. Comments have no date: a draft does not depend on
/// the day it is made.
fn attributes(note: &Note) -> String {
    if note.kind != Kind::Comment {
        return String::new();
    }
    let author = escape::escape_attribute(&note.author);
    let initials = escape::escape_attribute(&initials(&note.author));
    format!(" w:author=\"{author}\" w:initials=\"{initials}\"")
}

/// The first letter of each word of a name, or its first character.
fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.take(3).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_initials() {
        assert_eq!(initials("ada lovelace"), "AL");
        assert_eq!(initials("秘书处"), "秘");
        assert_eq!(signed("<w:p><w:r/></w:p>", "", "<m/>"), "<w:p><m/><w:r/></w:p>");
        assert_eq!(
            signed("<w:p><w:pPr><w:a/></w:pPr></w:p>", "", "<m/>"),
            "<w:p><w:pPr><w:a/></w:pPr><m/></w:p>"
        );
        assert_eq!(signed("<w:tbl/>", "<p/>", "<m/>"), "<w:p><p/><m/></w:p><w:tbl/>");
        assert_eq!(append("<a/>", "<b/>"), "<a><b/></a>");
    }
}
