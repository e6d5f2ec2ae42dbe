//! The walk through a part: blocks, paragraphs, runs.

use std::borrow::Cow;

use super::fields::Fields;
use super::{Block, Cell, Manner, NOTE, Paragraph, Role, Table};
use crate::diag::WordPlace;
use crate::docx::opc::styles::{Format, Styles};
use crate::docx::opc::xml::{self, Node, Outline};

/// How deep elements may be nested to be read.
const DEEPEST: usize = 200;
/// Characters of this size in half points, or less, are for fields to find and nobody sees
/// them: titles for running heads.
const UNSEEN: f64 = 2.0;

/// A note that the body refers to.
#[derive(Debug)]
pub(super) struct Slot {
    /// The element that it is.
    pub(super) element: &'static str,
    /// Its id.
    pub(super) id: String,
    /// What it says.
    pub(super) paragraphs: Vec<Paragraph>,
}

/// A walk through a part.
pub(super) struct Walk<'w> {
    outline: &'w Outline<'w>,
    part: &'w str,
    styles: &'w Styles,
    fields: Fields,
    /// How many paragraphs have begun.
    paragraphs: usize,
    /// Row and column of the cells around, from the outside in.
    cells: Vec<(usize, usize)>,
    depth: usize,
    /// The notes that were referred to.
    pub(super) notes: Vec<Slot>,
}

/// A paragraph that is being read.
struct Open {
    paragraph: Paragraph,
    /// What is in text boxes that are anchored in it.
    boxed: Vec<Block>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        outline: &'w Outline<'w>,
        part: &'w str,
        styles: &'w Styles,
    ) -> Self {
        Self {
            outline,
            part,
            styles,
            fields: Fields::default(),
            paragraphs: 0,
            cells: Vec::new(),
            depth: 0,
            notes: Vec::new(),
        }
    }

    /// The blocks of the body.
    pub(super) fn body(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        if let Some(body) = self.outline.child(0, "w:body") {
            self.blocks(body, &mut blocks);
        }
        blocks
    }

    /// The notes of a part of them, by id.
    pub(super) fn stories(&mut self, element: &str) -> Vec<(String, Vec<Paragraph>)> {
        let outline = self.outline;
        let mut stories = Vec::new();
        let notes = outline.children(0);
        for at in notes.filter(|at| outline.elements[*at].name == element) {
            let id = self.attribute(at, "w:id").unwrap_or_default().into_owned();
            let mut blocks = Vec::new();
            self.blocks(at, &mut blocks);
            let paragraphs = blocks.into_iter().filter_map(|block| match block {
                Block::Paragraph(paragraph) => Some(paragraph),
                Block::Table(_) => None,
            });
            stories.push((id, paragraphs.collect()));
        }
        stories
    }

    fn attribute(&self, at: usize, name: &str) -> Option<Cow<'w, str>> {
        xml::attribute(self.outline.tag(at), name)
    }

    fn blocks(&mut self, parent: usize, into: &mut Vec<Block>) {
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        let outline = self.outline;
        for at in outline.children(parent) {
            match outline.elements[at].name {
                "w:p" => self.paragraph(at, into),
                "w:tbl" => {
                    let table = self.table(at);
                    into.push(Block::Table(table));
                }
                name if holds_content(name) => self.blocks(at, into),
                _ => {}
            }
        }
        self.depth -= 1;
    }

    fn table(&mut self, at: usize) -> Table {
        let mut table = Table::default();
        self.rows(at, &mut table);
        table
    }

    fn rows(&mut self, parent: usize, table: &mut Table) {
        let outline = self.outline;
        for at in outline.children(parent) {
            match outline.elements[at].name {
                "w:tr" => {
                    let properties = outline.child(at, "w:trPr");
                    let set = |name| {
                        let child = outline.child(properties?, name)?;
                        Some(is_on(self.attribute(child, "w:val").as_deref()))
                    };
                    if set("w:del") == Some(true) {
                        continue;
                    }
                    table.header |= set("w:tblHeader") == Some(true);
                    let before = properties
                        .and_then(|at| {
                            outline.child_attribute(at, "w:gridBefore", "w:val")
                        })
                        .and_then(|columns| columns.parse().ok());
                    let number = table.rows.len() + 1;
                    let mut row = Vec::new();
                    let mut column = 1 + before.unwrap_or(0);
                    self.cells(at, number, &mut column, &mut row);
                    table.rows.push(row);
                }
                name if holds_content(name) => self.rows(at, table),
                _ => {}
            }
        }
    }

    fn cells(
        &mut self,
        parent: usize,
        row: usize,
        column: &mut usize,
        into: &mut Vec<Cell>,
    ) {
        let outline = self.outline;
        for at in outline.children(parent) {
            match outline.elements[at].name {
                "w:tc" => {
                    let properties = outline.child(at, "w:tcPr");
                    let value =
                        |name| outline.child_attribute(properties?, name, "w:val");
                    let width: usize = value("w:gridSpan")
                        .and_then(|columns| columns.parse().ok())
                        .unwrap_or(1);
                    // The lower cells of a merged one say nothing.
                    let merged = properties
                        .and_then(|at| outline.child(at, "w:vMerge"))
                        .is_some_and(|at| {
                            self.attribute(at, "w:val").as_deref() != Some("restart")
                        });
                    let mut blocks = Vec::new();
                    self.cells.push((row, into.len() + 1));
                    self.blocks(at, &mut blocks);
                    self.cells.pop();
                    if !merged {
                        into.push(Cell { column: *column, blocks });
                    }
                    *column += width.max(1);
                }
                name if holds_content(name) => self.cells(at, row, column, into),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, at: usize, into: &mut Vec<Block>) {
        self.paragraphs += 1;
        let place = WordPlace {
            part: self.part.to_owned(),
            paragraph: self.paragraphs,
            cell: self.cells.last().copied(),
        };
        let paragraph = Paragraph {
            role: self.role(at),
            place,
            text: String::new(),
            pictures: Vec::new(),
            manner: self.manner(at),
        };
        let mut open = Open { paragraph, boxed: Vec::new() };
        let listed = self.fields.list_contents();
        self.inline(at, &mut open);
        if listed || self.fields.list_contents() {
            open.paragraph.role = Role::Contents;
        }
        into.push(Block::Paragraph(open.paragraph));
        into.append(&mut open.boxed);
    }

    /// What a paragraph's own settings and its style say; its characters add to it.
    fn manner(&self, at: usize) -> Manner {
        let outline = self.outline;
        let properties = outline.child(at, "w:pPr");
        let style =
            properties.and_then(|at| outline.child_attribute(at, "w:pStyle", "w:val"));
        let format = Format::read(outline, at).over(self.styles.format(style.as_deref()));
        let mark = properties.and_then(|at| outline.child(at, "w:rPr"));
        let size = format.size.unwrap_or(20.0) / 2.0;
        let first = format.first_chars.map(|chars| chars / 100.0 * size);
        let first = first.or(format.first.map(|twips| twips / 20.0)).unwrap_or(0.0);
        Manner {
            // Until a run says otherwise.
            bold: true,
            centred: format.centred == Some(true),
            indent: (first + format.left.unwrap_or(0.0) / 20.0).max(0.0),
            list: format
                .list
                .filter(|list| *list > 0)
                .map(|list| (list, format.list_level)),
            style: style.map(Cow::into_owned).unwrap_or_default(),
            runs_on: mark.is_some_and(|mark| outline.child(mark, "w:del").is_some()),
            page: format.page_break == Some(true),
            ..Manner::default()
        }
    }

    /// Takes note of how the characters of a run look.
    fn note_look(&self, text: usize, open: &mut Open) {
        let outline = self.outline;
        let Some(run) = outline.enclosing(text, "w:r") else { return };
        let style = outline
            .child(run, "w:rPr")
            .and_then(|at| outline.child_attribute(at, "w:rStyle", "w:val"));
        let paragraph = Some(open.paragraph.manner.style.as_str());
        let paragraph = paragraph.filter(|style| !style.is_empty());
        let own = Format::read(outline, run);
        let bold = own
            .bold
            .or_else(|| self.styles.format(Some(&style?)).bold)
            .or(self.styles.format(paragraph).bold);
        let manner = &mut open.paragraph.manner;
        manner.bold &= bold == Some(true);
        let size = self.size(run).unwrap_or(20.0) / 2.0;
        manner.size = manner.size.max(size);
    }

    fn role(&self, at: usize) -> Role {
        let outline = self.outline;
        let properties = outline.child(at, "w:pPr");
        let style =
            properties.and_then(|at| outline.child_attribute(at, "w:pStyle", "w:val"));
        let style = style.as_deref();
        let is = |name: &str| style.is_some_and(|id| self.styles.descends(id, name));
        let contents = |id: &str| {
            let name = self.styles.name(id).unwrap_or_default();
            name.starts_with("toc ") || name == "table of figures"
        };
        if style.is_some_and(contents) {
            return Role::Contents;
        }
        let format = Format::read(outline, at).over(self.styles.format(style));
        match (format.outline, format.list) {
            (Some(level @ 0..=8), _) => Role::Heading(level + 1),
            _ if is("caption") => Role::Caption,
            (_, Some(1..)) => Role::Item,
            _ => Role::Text,
        }
    }

    fn inline(&mut self, parent: usize, open: &mut Open) {
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        let outline = self.outline;
        for at in outline.children(parent) {
            self.run_content(at, open);
        }
        self.depth -= 1;
    }

    fn run_content(&mut self, at: usize, open: &mut Open) {
        let outline = self.outline;
        match outline.elements[at].name {
            "w:r" if self.is_hidden(at) => {}
            "w:t" if self.is_unseen(at) => {}
            "w:t" | "m:t" => {
                let text = self.characters(at);
                if !text.trim().is_empty() {
                    self.note_look(at, open);
                }
                self.put(open, &text);
            }
            "w:tab" | "w:ptab" => self.put(open, "\t"),
            "w:br" => match self.attribute(at, "w:type").as_deref() {
                Some("page" | "column") if open.paragraph.text.is_empty() => {
                    open.paragraph.manner.page = true;
                }
                Some("page" | "column") => {}
                _ => self.put(open, "\n"),
            },
            "w:cr" => self.put(open, "\n"),
            "w:noBreakHyphen" => self.put(open, "\u{2011}"),
            "w:sym" => {
                let code = self.attribute(at, "w:char");
                let code = code.and_then(|code| u32::from_str_radix(&code, 16).ok());
                if let Some(c) = code.and_then(char::from_u32) {
                    self.put(open, c.encode_utf8(&mut [0; 4]));
                }
            }
            "w:footnoteReference" => self.note(at, "w:footnote", open),
            "w:endnoteReference" => self.note(at, "w:endnote", open),
            "w:instrText" => {
                let words = self.characters(at);
                self.fields.instruct(&words);
            }
            "w:fldChar" => self.field(at, open),
            "w:fldSimple" => {
                let instruction = self.attribute(at, "w:instr").unwrap_or_default();
                self.fields.begin(&instruction);
                self.inline(at, open);
                self.fields.end();
            }
            "w:drawing" | "w:pict" | "w:object" => self.drawing(at, open),
            name if holds_content(name) => self.inline(at, open),
            _ => {}
        }
    }

    fn put(&mut self, open: &mut Open, text: &str) {
        if self.fields.show_text() {
            open.paragraph.text.push_str(text);
        }
    }

    fn note(&mut self, at: usize, element: &'static str, open: &mut Open) {
        let id = self.attribute(at, "w:id").unwrap_or_default().into_owned();
        self.notes.push(Slot { element, id, paragraphs: Vec::new() });
        open.paragraph.text.push(NOTE);
    }

    fn field(&mut self, at: usize, open: &mut Open) {
        match self.attribute(at, "w:fldCharType").as_deref() {
            Some("begin") => self.fields.begin(""),
            Some("separate") => {
                self.fields.separate();
                if self.fields.list_contents() {
                    open.paragraph.role = Role::Contents;
                }
            }
            Some("end") => self.fields.end(),
            _ => {}
        }
    }

    fn is_hidden(&self, run: usize) -> bool {
        let outline = self.outline;
        let hidden = outline
            .child(run, "w:rPr")
            .and_then(|properties| outline.child(properties, "w:vanish"));
        hidden.is_some_and(|at| is_on(self.attribute(at, "w:val").as_deref()))
    }

    /// Whether text is too small to be seen.
    fn is_unseen(&self, text: usize) -> bool {
        let run = self.outline.enclosing(text, "w:r");
        run.and_then(|run| self.size(run)).is_some_and(|size| size <= UNSEEN)
    }

    /// The size of a run in half points: its own, or that of its paragraph's style.
    fn size(&self, run: usize) -> Option<f64> {
        let outline = self.outline;
        let own = Format::read(outline, run).size;
        own.or_else(|| {
            let paragraph = outline.enclosing(run, "w:p")?;
            let properties = outline.child(paragraph, "w:pPr");
            let style = properties
                .and_then(|at| outline.child_attribute(at, "w:pStyle", "w:val"));
            self.styles.format(style.as_deref()).size
        })
    }

    fn characters(&self, at: usize) -> String {
        let outline = self.outline;
        let nodes = outline.nodes_in(&outline.elements[at].span);
        let texts = nodes.filter_map(|node| match node {
            Node::Text(parent, range) if *parent == at => {
                Some(xml::decode(&outline.xml[range.clone()]))
            }
            _ => None,
        });
        texts.collect()
    }

    /// A picture says what it shows; a text box says what is in it.
    fn drawing(&mut self, at: usize, open: &mut Open) {
        let outline = self.outline;
        let inside = outline.elements_in(&outline.elements[at].span);
        let named = |name: &str| {
            inside.clone().find(|index| outline.elements[*index].name == name)
        };
        if let Some(content) = named("w:txbxContent") {
            let mut boxed = Vec::new();
            self.blocks(content, &mut boxed);
            open.boxed.append(&mut boxed);
            return;
        }
        let properties = named("wp:docPr").or_else(|| named("v:shape"));
        let shown = properties.and_then(|index| {
            self.attribute(index, "descr").or_else(|| self.attribute(index, "alt"))
        });
        let embed = named("a:blip")
            .and_then(|at| self.attribute(at, "r:embed"))
            .or_else(|| self.attribute(named("v:imagedata")?, "r:id"));
        open.paragraph.pictures.push(shown.unwrap_or_default().into_owned());
        open.paragraph.manner.embeds.push(embed.map(Cow::into_owned));
    }
}

/// Whether what is inside an element is read as if it stood in its place.
///
/// Deleted and moved text is not; of alternatives the first counts, because that is
/// the one which Word shows.
fn holds_content(name: &str) -> bool {
    matches!(
        name,
        "w:r"
            | "w:sdt"
            | "w:sdtContent"
            | "w:ins"
            | "w:moveTo"
            | "w:hyperlink"
            | "w:smartTag"
            | "w:customXml"
            | "w:dir"
            | "w:bdo"
            | "w:ruby"
            | "w:rubyBase"
            | "mc:AlternateContent"
            | "mc:Choice"
            | "m:oMath"
            | "m:oMathPara"
            | "m:r"
            | "m:e"
            | "m:f"
            | "m:num"
            | "m:den"
            | "m:sSup"
            | "m:sSub"
            | "m:sup"
            | "m:sub"
            | "m:d"
    )
}

/// A switch of Word's is on unless it says otherwise.
fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}
