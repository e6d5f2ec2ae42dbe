//! Where a value is printed, and what it looks like there.

use super::part::{Container, Part, Placed};
use super::tags::Scope;
use crate::diag::Place;
use crate::docx::graft::{self, HOST};
use crate::docx::opc::styles::Styles;
use crate::docx::opc::xml::Outline;
use crate::docx::render::anchors::Hold;

/// The surroundings of a tag, as the values printed by it need them.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// The number of the document that it is in, for [`crate::docx::graft`].
    pub(crate) document: usize,
    /// Where the tag is, for diagnostics.
    pub(crate) place: Place,
    /// The tag as the author wrote it.
    pub(crate) written: String,
    /// What kind of text it stands in.
    pub(crate) container: Container,
    /// What it replaces.
    pub(crate) scope: Scope,
    /// The `w:pPr` of its paragraph without section and revisions, or nothing.
    pub(crate) paragraph: String,
    /// The `w:rPr` of the run it begins in without revisions, or nothing.
    pub(crate) run: String,
    /// Whether its run lies directly in its paragraph, so that the paragraph
    /// can be ended and begun again there.
    pub(crate) splittable: bool,
    /// Whether it stands in a text box, where Word allows less.
    pub(crate) boxed: bool,
    /// Whether it stands in a footnote, an endnote or a comment.
    pub(crate) noted: bool,
    /// The `w:trPr` of its row and the `w:tcPr` of its cell, if in a table.
    pub(crate) row: String,
    /// See `row`.
    pub(crate) cell: String,
    /// How an anchor can hold a value printed here.
    pub(crate) hold: Hold,
}

impl Site {
    /// The surroundings of a placed tag.
    pub(crate) fn new(file: &str, part: &Part<'_>, placed: &Placed) -> Self {
        let outline = &part.outline;
        let home = placed.stretches[0].element;
        let unit = &part.units[placed.unit];
        let properties = |element: Option<usize>, name: &str, without: &[&str]| {
            element
                .and_then(|element| outline.child(element, name))
                .map_or(String::new(), |at| cut(part, at, without))
        };
        let run = outline.enclosing(home, "w:r");
        let paragraph = outline.enclosing(home, "w:p");
        Self {
            document: HOST,
            place: part.place(file, placed.unit, placed.tag.range.clone()),
            written: unit.text[placed.tag.range.clone()].to_owned(),
            container: unit.container,
            scope: placed.tag.scope,
            paragraph: properties(paragraph, "w:pPr", &["w:sectPr", "w:pPrChange"]),
            run: properties(run, "w:rPr", &["w:rPrChange"]),
            splittable: run.is_some_and(|run| outline.elements[run].parent == paragraph),
            boxed: outline.enclosing(home, "w:txbxContent").is_some(),
            noted: ["w:footnote", "w:endnote", "w:comment"]
                .iter()
                .any(|note| outline.enclosing(home, note).is_some()),
            row: properties(outline.enclosing(home, "w:tr"), "w:trPr", &["w:trPrChange"]),
            cell: properties(
                outline.enclosing(home, "w:tc"),
                "w:tcPr",
                &["w:tcPrChange"],
            ),
            hold: hold(part, placed, run),
        }
    }
}

impl Site {
    /// LibreOffice sets the first characters of a paragraph against their border
    /// if anything stands before them: there, an anchor only marks the end.
    pub(crate) fn spare_border(&mut self, styles: &Styles) {
        let Ok(outline) = Outline::read(&self.run) else { return };
        if outline.elements.is_empty() || self.hold == Hold::Nothing {
            return;
        }
        let style = outline.child_attribute(0, "w:rStyle", "w:val");
        let own = outline.child(0, "w:bdr").is_some();
        if own || style.is_some_and(|style| styles.has_border(&style)) {
            self.hold = Hold::End;
        }
    }

    /// The same tag in a paragraph and a run of other properties, in a note.
    pub(crate) fn moved(&self, paragraph: String, run: String, hold: Hold) -> Self {
        Self {
            container: Container::Paragraph,
            scope: Scope::Paragraph,
            paragraph,
            run,
            splittable: true,
            boxed: false,
            noted: true,
            hold,
            ..self.clone()
        }
    }
}

/// How an anchor can hold what a tag prints.
fn hold(part: &Part<'_>, placed: &Placed, run: Option<usize>) -> Hold {
    let outline = &part.outline;
    let home = placed.stretches[0].element;
    let inside = |name| outline.enclosing(home, name).is_some();
    if part.units[placed.unit].container != Container::Paragraph || inside("w:comment") {
        return Hold::Nothing;
    }
    let parent = run.and_then(|run| outline.elements[run].parent);
    let direct = parent.is_some_and(|at| outline.elements[at].name == "w:p");
    // A value that fills its paragraph is read as that: a control would add
    // nothing, and LibreOffice gives its ends the height of the Latin font.
    let text = &part.units[placed.unit].text;
    let alone = Part::is_block(placed.tag.scope)
        || text.trim() == &text[placed.tag.range.clone()];
    match direct && !alone && !inside("w:sdt") {
        true => Hold::Control,
        false => Hold::Bookmark,
    }
}

impl Site {
    /// The same in an included document: what its properties refer to is that
    /// document's.
    pub(crate) fn of_document(mut self, document: usize) -> Self {
        if document != HOST {
            self.document = document;
            for properties in
                [&mut self.paragraph, &mut self.run, &mut self.row, &mut self.cell]
            {
                *properties = graft::foreign(properties, document);
            }
        }
        self
    }
}

/// The bytes of an element without some of its children.
fn cut(part: &Part<'_>, element: usize, without: &[&str]) -> String {
    let outline = &part.outline;
    let mut out = String::new();
    let mut at = outline.elements[element].span.start;
    for child in outline.children(element) {
        let child = &outline.elements[child];
        if without.contains(&child.name) {
            out.push_str(&outline.xml[at..child.span.start]);
            at = child.span.end;
        }
    }
    out.push_str(&outline.xml[at..outline.elements[element].span.end]);
    out
}
