//! Rich text as paragraphs and runs of Word.
//!
//! Paragraphs, runs and links are built with `docx-rs`, then put into schema
//! order on top of the properties of the place they are printed at. Tables and
//! rules, which it cannot build as Word wants them, are written by hand.

use std::fmt::Write as _;

use docx_rs::{
    BreakType, BuildXML, Hyperlink, HyperlinkData, Paragraph, ParagraphChild, Run,
    RunFonts, VertAlignType,
};

use super::columns;
use super::marks::{APART, NOTE, PICTURE};
use super::notes;
use super::numbering::{Numbered, Numbering};
use crate::docx::language::picture::Picture;
use crate::docx::language::rich::{Block, Inline, RichText, Table};
use crate::docx::opc::escape;
use crate::docx::opc::order::{self, Inherited, Properties};
use crate::docx::opc::styles::Styles;
use crate::docx::template::site::Site;

/// Indent of one level of lists and quotations that have no style, in twips.
const INDENT: usize = 420;
/// The typeface of emphasis when the template has no style for it.
const EMPHASIS_FONT: &str = "楷体";
/// The typeface of code when the template has no style for it.
const CODE_FONT: &str = "Consolas";
/// The width that a table's grid is laid out for, in twips; its real width is
/// that of the text.
const GRID_WIDTH: usize = 9000;

/// The width of a character in the cells of such a table, in twips.
const CELL_CHARACTER: usize = 240;

/// The narrowest column, in twips.
const LEAST_WIDTH: usize = 284;

/// Writes the fragments of one printed value.
pub(crate) struct Fragment<'f> {
    /// The template's styles.
    pub(crate) styles: &'f Styles,
    /// The place of the tag.
    pub(crate) site: &'f Site,
    /// Takes new lists.
    pub(crate) numbering: &'f mut Numbering,
    /// Makes the relationship to an address.
    pub(crate) link: Box<dyn FnMut(&str) -> String + 'f>,
    /// Takes a picture and gives its number.
    pub(crate) picture: Box<dyn FnMut(Picture) -> usize + 'f>,
    /// Holds the content of a paragraph by an anchor.
    pub(crate) hold: Box<dyn FnMut(&str) -> String + 'f>,
    /// Takes a footnote and gives its number, where there can be footnotes.
    pub(crate) note: Option<Box<dyn FnMut(RichText) -> usize + 'f>>,
}

/// The marks on a stretch of text.
#[derive(Debug, Clone, Copy, Default)]
struct Marks {
    strong: bool,
    emph: bool,
    strike: bool,
    code: bool,
    link: bool,
}

/// How a paragraph differs from that of the tag.
#[derive(Debug, Clone, Default)]
struct Shape {
    /// The style's id, instead of the tag's paragraph properties.
    style: Option<String>,
    /// The alignment, a `w:jc` value.
    align: Option<&'static str>,
    /// Left indent in twips, instead of the tag's.
    indent: Option<usize>,
    /// What the paragraph counts by, instead of the tag's.
    number: Option<Numbered>,
    /// Whether the runs have the style's properties only.
    plain_runs: bool,
}

/// What the lists around a block are.
#[derive(Debug, Clone, Copy, Default)]
struct Nest {
    lists: usize,
    quotes: usize,
}

impl Fragment<'_> {
    /// The whole text as paragraphs and tables.
    pub(crate) fn paragraphs(&mut self, rich: &RichText) -> String {
        let mut out = String::new();
        self.blocks(&rich.blocks, Nest::default(), &mut out);
        out
    }

    /// The whole text as runs, blocks separated by line breaks.
    pub(crate) fn runs(&mut self, rich: &RichText) -> String {
        let inlines = rich.inlines();
        let inherited = Inherited {
            paragraph: Properties::default(),
            run: Properties::read(&self.site.run),
        };
        let paragraph = self.build(&inlines, Paragraph::new(), &inherited);
        let inside =
            paragraph.strip_prefix("<w:p>").and_then(|p| p.strip_suffix("</w:p>"));
        inside.unwrap_or_default().to_owned()
    }

    fn blocks(&mut self, blocks: &[Block], nest: Nest, out: &mut String) {
        for block in blocks {
            self.block(block, nest, out);
        }
    }

    fn block(&mut self, block: &Block, nest: Nest, out: &mut String) {
        match block {
            Block::Paragraph(inside) => {
                let mut shape = self.body_shape(nest);
                // A picture alone is as wide as the text, so it is not indented.
                if matches!(inside.as_slice(), [Inline::Image(..)]) {
                    shape.indent = shape.indent.or(Some(0));
                }
                out.push_str(&self.paragraph(inside, &shape));
            }
            Block::Heading(level, inside) => {
                let shape = self.heading_shape(*level);
                match shape {
                    Some(shape) => out.push_str(&self.paragraph(inside, &shape)),
                    None => {
                        let strong = [Inline::Strong(inside.clone())];
                        out.push_str(&self.paragraph(&strong, &Shape::default()));
                    }
                }
            }
            Block::List(start, items) => self.list(*start, items, nest, out),
            Block::Quote(inside) => {
                let nest = Nest { quotes: nest.quotes + 1, ..nest };
                self.blocks(inside, nest, out);
            }
            Block::Rule => out.push_str(RULE),
            Block::Code(text) => {
                let shape = self.body_shape(nest);
                let code = [Inline::Code(text.trim_end_matches('\n').to_owned())];
                out.push_str(&self.paragraph(&code, &shape));
            }
            Block::Table(table) => self.table(table, out),
        }
    }

    fn style(&self, kind: &str, name: &str) -> Option<String> {
        self.styles.find(kind, name).map(str::to_owned)
    }

    /// The shape of running text inside lists and quotations.
    fn body_shape(&self, nest: Nest) -> Shape {
        let style = match nest {
            Nest { lists: 0, quotes: 0 } => return Shape::default(),
            Nest { lists: 0, .. } => self.style("paragraph", "quote"),
            _ => self.style("paragraph", "list continue"),
        };
        let indent = style.is_none().then_some(INDENT * (nest.lists + nest.quotes));
        Shape { style, indent, ..Shape::default() }
    }

    /// The style of a heading: of its level, or of the nearest level above.
    fn heading_shape(&self, level: usize) -> Option<Shape> {
        let style = (1..=level)
            .rev()
            .find_map(|level| self.style("paragraph", &format!("heading {level}")));
        style.map(|style| Shape {
            style: Some(style),
            plain_runs: true,
            ..Shape::default()
        })
    }

    fn list(
        &mut self,
        start: Option<u64>,
        items: &[Vec<Block>],
        nest: Nest,
        out: &mut String,
    ) {
        let shape = self.item_shape(start, nest.lists);
        let inner = Nest { lists: nest.lists + 1, ..nest };
        for item in items {
            let (first, rest) = match item.split_first() {
                Some((Block::Paragraph(inside), rest)) => (inside.as_slice(), rest),
                _ => (&[][..], item.as_slice()),
            };
            out.push_str(&self.paragraph(first, &shape));
            self.blocks(rest, inner, out);
        }
    }

    /// The shape of the items of a new list inside so many others: that of the
    /// style for lists of its level, which may count itself, else our numbering.
    fn item_shape(&mut self, start: Option<u64>, level: usize) -> Shape {
        let name = if start.is_some() { "list number" } else { "list bullet" };
        let exact = match level {
            0 => self.style("paragraph", name),
            _ => self.style("paragraph", &format!("{name} {}", level + 1)),
        };
        if let Some(style) = &exact
            && let Some(number) = self.style_number(style, start)
        {
            return Shape { style: exact, number, ..Shape::default() };
        }
        let style = exact.or_else(|| self.style("paragraph", name));
        let (level, indent) = (level as u64, self.list_indent());
        let number = match start {
            Some(start) => self.numbering.ordered(level, start, indent),
            None => self.numbering.bulleted(level, indent),
        };
        Shape { style, number: Some(number), ..Shape::default() }
    }

    /// What items in a style that counts itself say in addition; nothing if the
    /// style does not count.
    fn style_number(
        &mut self,
        style: &str,
        start: Option<u64>,
    ) -> Option<Option<Numbered>> {
        let format = self.styles.format(Some(style));
        let instance = format.list.filter(|list| self.numbering.has(*list))?;
        let Some(start) = start else { return Some(None) };
        self.numbering.restart(instance, style, format.list_level, start).map(Some)
    }

    /// The indent of one level of our lists: two characters of running text.
    fn list_indent(&self) -> usize {
        self.styles.format(None).size.map_or(INDENT, |size| (size * 20.0) as usize)
    }

    fn paragraph(&mut self, inlines: &[Inline], shape: &Shape) -> String {
        let mut paragraph = Paragraph::new();
        if let Some(style) = &shape.style {
            paragraph = paragraph.style(style);
        }
        let inherited = self.inherited(shape);
        let built = self.build(inlines, paragraph, &inherited);
        self.held(&built)
    }

    /// A paragraph with its content, all but its properties, held.
    fn held(&mut self, paragraph: &str) -> String {
        let properties = match paragraph.starts_with("<w:p><w:pPr>") {
            true => paragraph.find("</w:pPr>").map(|end| end + "</w:pPr>".len()),
            false => Some("<w:p>".len()),
        };
        let (Some(start), Some(end)) = (properties, paragraph.rfind("</w:p>")) else {
            return paragraph.to_owned();
        };
        let content = (self.hold)(&paragraph[start..end]);
        format!("{}{content}</w:p>", &paragraph[..start])
    }

    /// What a paragraph of a shape takes over from the tag's.
    fn inherited(&self, shape: &Shape) -> Inherited {
        if shape.plain_runs {
            return Inherited::default();
        }
        let mut paragraph = Properties::read(&self.site.paragraph);
        if shape.style.is_some() || shape.indent.is_some() || shape.number.is_some() {
            paragraph = paragraph.without(&["w:ind", "w:numPr", "w:outlineLvl"]);
        }
        if shape.style.is_some() {
            paragraph = paragraph.without(&["w:pStyle"]);
        }
        if let Some(indent) = shape.indent {
            // Cells and the like are not indented by a style either.
            let first = match indent {
                0 => " w:firstLineChars=\"0\" w:firstLine=\"0\"",
                _ => "",
            };
            paragraph.set("w:ind", format!("<w:ind w:left=\"{indent}\"{first}/>"));
        }
        if let Some(number) = shape.number {
            paragraph.set("w:numPr", number.write());
            // The number looks like the paragraph's mark, and should like the text.
            if !paragraph.has("w:rPr") && !self.site.run.is_empty() {
                paragraph.set("w:rPr", self.site.run.clone());
            }
        }
        if let Some(align) = shape.align {
            paragraph.set("w:jc", format!("<w:jc w:val=\"{align}\"/>"));
        }
        Inherited { paragraph, run: Properties::read(&self.site.run) }
    }

    /// A paragraph with its runs, in schema order.
    fn build(
        &mut self,
        inlines: &[Inline],
        base: Paragraph,
        inherited: &Inherited,
    ) -> String {
        let mut children = Vec::new();
        self.children(inlines, Marks::default(), &mut children);
        let mut paragraph = base;
        paragraph.children = children;
        let built = String::from_utf8(paragraph.build()).unwrap_or_default();
        let arranged = order::arrange(&built, inherited);
        let mut out = arranged.replace("<w:hyperlink r:id", LINK_START);
        // What stands for a picture or a note is no text.
        for mark in [PICTURE, NOTE].map(String::from) {
            let (start, end) =
                (format!("<w:t xml:space=\"preserve\">{mark}"), format!("{mark}</w:t>"));
            if out.contains(&mark) {
                out = out.replace(&start, &mark).replace(&end, &mark);
            }
        }
        out
    }

    fn children(
        &mut self,
        inlines: &[Inline],
        marks: Marks,
        out: &mut Vec<ParagraphChild>,
    ) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text, marks, out),
                Inline::Code(text) => self.text(text, Marks { code: true, ..marks }, out),
                Inline::Strong(inside) => {
                    self.children(inside, Marks { strong: true, ..marks }, out);
                }
                Inline::Emph(inside) => {
                    self.children(inside, Marks { emph: true, ..marks }, out);
                }
                Inline::Strike(inside) => {
                    self.children(inside, Marks { strike: true, ..marks }, out);
                }
                Inline::Link(inside, url) => self.hyperlink(inside, url, marks, out),
                Inline::Break => {
                    let run = self.run(marks, "").add_break(BreakType::TextWrapping);
                    out.push(ParagraphChild::Run(Box::new(run)));
                }
                Inline::Image(path, alt) => self.image(path, alt, out),
                Inline::Note(blocks) => self.footnote(blocks, marks, out),
            }
        }
    }

    fn text(&self, text: &str, marks: Marks, out: &mut Vec<ParagraphChild>) {
        let text = &*escape::strip(text);
        if text.is_empty() {
            return;
        }
        let mut run = self.run(marks, text);
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                run = run.add_break(BreakType::TextWrapping);
            }
            for (index, stretch) in line.split('\t').enumerate() {
                if index > 0 {
                    run = run.add_tab();
                }
                let stretch = stretch.replace('\r', "");
                if !stretch.is_empty() {
                    run = run.add_text(stretch);
                }
            }
        }
        out.push(ParagraphChild::Run(Box::new(run)));
    }

    /// An empty run with the properties of marks, for a text.
    fn run(&self, marks: Marks, text: &str) -> Run {
        let mut run = Run::new();
        let mut fonts = RunFonts::new();
        let mut named = None;
        if escape::is_east_asian(text)
            && (!is_latin(text) || text.chars().any(escape::is_wide))
        {
            fonts = fonts.hint("eastAsia");
        }
        if marks.strong {
            run = run.bold();
            named = self.styles.find("character", "strong");
        }
        if marks.emph {
            named = self.styles.find("character", "emphasis").or(named);
            if self.styles.find("character", "emphasis").is_none() {
                fonts = fonts.east_asia(EMPHASIS_FONT);
            }
        }
        if marks.strike {
            run = run.strike();
        }
        if marks.code {
            let style = ["html code", "verbatim char", "code"]
                .iter()
                .find_map(|name| self.styles.find("character", name));
            named = style.or(named);
            if style.is_none() {
                fonts = fonts.ascii(CODE_FONT).hi_ansi(CODE_FONT);
            }
        }
        if marks.link {
            let style = self.styles.find("character", "hyperlink");
            named = style.or(named);
            if style.is_none() {
                run = run.color("0563C1").underline("single");
            }
        }
        if let Some(style) = named {
            run = run.style(style);
        }
        if fonts == RunFonts::new() { run } else { run.fonts(fonts) }
    }

    fn hyperlink(
        &mut self,
        inside: &[Inline],
        url: &str,
        marks: Marks,
        out: &mut Vec<ParagraphChild>,
    ) {
        let Some(url) = address(url).filter(|_| !marks.link) else {
            self.children(inside, marks, out);
            return;
        };
        let mut children = Vec::new();
        self.children(inside, Marks { link: true, ..marks }, &mut children);
        let link =
            HyperlinkData::External { rid: (self.link)(&url), path: String::new() };
        out.push(ParagraphChild::Hyperlink(Hyperlink {
            link,
            history: Some(1),
            children,
        }));
    }

    fn image(&mut self, path: &str, alt: &str, out: &mut Vec<ParagraphChild>) {
        let picture = Picture {
            path: path.to_owned(),
            fits: true,
            width: None,
            height: None,
            alt: alt.to_owned(),
            link: None,
        };
        let number = (self.picture)(picture);
        let run = Run::new().add_text(format!("{PICTURE}{number}{PICTURE}"));
        out.push(ParagraphChild::Run(Box::new(run)));
    }

    /// A footnote; where there can be none, its text in brackets.
    fn footnote(
        &mut self,
        blocks: &[Block],
        marks: Marks,
        out: &mut Vec<ParagraphChild>,
    ) {
        let rich = RichText { blocks: blocks.to_vec(), source: None };
        let Some(note) = &mut self.note else {
            return self.text(&format!("（{}）", rich.plain()), marks, out);
        };
        let number = note(rich);
        let mut run = Run::new().add_text(format!("{NOTE}{number}{NOTE}"));
        run = match self.styles.find("character", notes::Kind::Footnote.styles().0) {
            Some(style) => run.style(style),
            None => {
                run.run_property =
                    run.run_property.vert_align(VertAlignType::SuperScript);
                run
            }
        };
        out.push(ParagraphChild::Run(Box::new(run)));
    }

    fn table(&mut self, table: &Table, out: &mut String) {
        let columns = table.columns();
        if columns == 0 {
            return;
        }
        let widths = widths(table, columns);
        let named = table.style.as_deref().and_then(|name| self.style("table", name));
        let style = named.or_else(|| self.style("table", "table grid"));
        out.push(APART);
        out.push_str("<w:tbl>");
        out.push_str(&table_properties(table, columns, style.as_deref()));
        out.push_str("<w:tblGrid>");
        for width in &widths {
            // Writing to a string does not fail.
            let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
        }
        out.push_str("</w:tblGrid>");
        if !table.head.is_empty() {
            self.row(&table.head, table, &widths, true, out);
        }
        for row in &table.rows {
            self.row(row, table, &widths, false, out);
        }
        out.push_str("</w:tbl>");
    }

    fn row(
        &mut self,
        cells: &[Vec<Inline>],
        table: &Table,
        widths: &[usize],
        head: bool,
        out: &mut String,
    ) {
        out.push_str(if head { HEAD_ROW } else { "<w:tr>" });
        for (column, width) in widths.iter().enumerate() {
            let inside = cells.get(column).map_or(&[][..], Vec::as_slice);
            let align = table.align.get(column).copied().flatten();
            let style = self.style("paragraph", "table text");
            let indent = style.is_none().then_some(0);
            let shape = Shape { style, align, indent, ..Shape::default() };
            let paragraph = match head {
                true => self.paragraph(&[Inline::Strong(inside.to_vec())], &shape),
                false => self.paragraph(inside, &shape),
            };
            let _ = write!(
                out,
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{paragraph}</w:tc>"
            );
        }
        out.push_str("</w:tr>");
    }
}

/// The width of each column in twips: what its content wants, its own, or its share
/// of what others leave.
fn widths(table: &Table, columns: usize) -> Vec<usize> {
    if table.natural {
        return columns::by_content(table, GRID_WIDTH, CELL_CHARACTER);
    }
    let own = |column: usize| table.widths.get(column).copied().flatten();
    let taken: usize = (0..columns).filter_map(own).sum();
    let shared = (0..columns).filter(|column| own(*column).is_none()).count();
    let share = GRID_WIDTH.saturating_sub(taken).checked_div(shared).unwrap_or(0);
    (0..columns).map(|column| own(column).unwrap_or(share.max(LEAST_WIDTH))).collect()
}

/// A table with widths for all columns is as wide as they are; any other takes the
/// width of the text.
fn table_properties(table: &Table, columns: usize, style: Option<&str>) -> String {
    let look = style.map_or(String::new(), |style| {
        format!("<w:tblStyle w:val=\"{}\"/>", escape::escape(style))
    });
    let own: Option<Vec<usize>> =
        (0..columns).map(|column| table.widths.get(column).copied().flatten()).collect();
    let width = match own {
        Some(own) => {
            format!("<w:tblW w:w=\"{}\" w:type=\"dxa\"/>", own.iter().sum::<usize>())
        }
        None => "<w:tblW w:w=\"5000\" w:type=\"pct\"/>".to_owned(),
    };
    let borders = if style.is_none() { BORDERS } else { "" };
    // Otherwise a long word makes its column wider than was asked for.
    let layout = match table.widths.is_empty() {
        true => "",
        false => "<w:tblLayout w:type=\"fixed\"/>",
    };
    format!("<w:tblPr>{look}{width}{borders}{layout}</w:tblPr>")
}

const RULE: &str = "<w:p><w:pPr><w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" \
    w:color=\"auto\"/></w:pBdr></w:pPr></w:p>";

const HEAD_ROW: &str = "<w:tr><w:trPr><w:tblHeader/></w:trPr>";

const BORDERS: &str = "<w:tblBorders>\
    <w:top w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
    <w:left w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
    <w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
    <w:right w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
    <w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
    <w:insideV w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/></w:tblBorders>";

/// The start of a link, as far as the relationship's id.
pub(crate) const LINK_START: &str = "<w:hyperlink \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id";

/// An address that may become a link, without spaces; or nothing if it leads
/// nowhere or runs something.
pub(crate) fn address(url: &str) -> Option<String> {
    let url = escape::strip(url.trim()).replace(['\n', '\r', '\t', ' '], "%20");
    is_harmless(&url).then_some(url)
}

/// Whether an address leads to a page, a file or a person, and runs nothing.
fn is_harmless(url: &str) -> bool {
    match url.split_once(':') {
        Some((scheme, rest)) => {
            let scheme = scheme.to_ascii_lowercase();
            !rest.is_empty() && SCHEMES.contains(&scheme.as_str())
        }
        None => !url.is_empty(),
    }
}

/// The schemes of addresses that become links.
const SCHEMES: [&str; 6] = ["http", "https", "mailto", "tel", "ftp", "ftps"];

/// Whether a text is written in Latin letters, so that its quotes are too.
fn is_latin(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_alphabetic())
}
