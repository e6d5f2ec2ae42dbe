//! An estimate of the page that each paragraph of a body lands on.
//!
//! Word fills in page numbers when it updates the fields; until then a draft
//! should show likely ones. The estimate walks the blocks of each section
//! through its columns, with line counts from character widths (a full-width
//! character is one em wide, another half of that).

use std::collections::HashMap;

use crate::docx::opc::escape;
use crate::docx::opc::styles::{Format, LineRule, Styles};
use crate::docx::opc::xml::{self, Node, Outline};

/// Twips per point.
const TWIPS: f64 = 20.0;
/// English Metric Units per twip.
const EMU: f64 = 635.0;
/// The height of a line relative to its font's size, when nothing else is said.
const LEADING: f64 = 1.3;
/// The font size in half points that Word takes when no style says one.
const DEFAULT_SIZE: f64 = 20.0;

/// The page number of every paragraph of the body, by element.
pub(crate) fn pages(outline: &Outline<'_>, styles: &Styles) -> HashMap<usize, usize> {
    let Some(body) = outline.child(0, "w:body") else { return HashMap::new() };
    let mut blocks = Vec::new();
    collect_blocks(outline, body, &mut blocks);
    let sections = sections(outline, body, &blocks);
    let mut flow = Flow::new(outline, styles);
    for (index, section) in sections.iter().enumerate() {
        let balanced = sections.get(index + 1).is_some_and(|next| next.continuous);
        flow.section(section, index == 0, balanced);
    }
    flow.pages
}

/// The width of the narrowest column of a body and half the height of its lowest page,
/// in English Metric Units: what is smaller has room everywhere.
pub(crate) fn room(outline: &Outline<'_>) -> (f64, f64) {
    let is_section = |at: &usize| outline.elements[*at].name == "w:sectPr";
    let all = (0..outline.elements.len()).filter(is_section);
    all.map(|at| section(outline, Some(at), &[])).fold(
        (f64::INFINITY, f64::INFINITY),
        |(width, height), section| {
            (width.min(section.width * EMU), height.min(section.height * EMU / 2.0))
        },
    )
}

/// The paragraphs and tables of the body, out of content controls and the like.
fn collect_blocks(outline: &Outline<'_>, parent: usize, blocks: &mut Vec<usize>) {
    for child in outline.children(parent) {
        match outline.elements[child].name {
            "w:p" | "w:tbl" => blocks.push(child),
            "w:sdt" | "w:sdtContent" | "w:customXml" | "w:ins" => {
                collect_blocks(outline, child, blocks);
            }
            _ => {}
        }
    }
}

/// A section: its blocks and its page. Lengths are twips.
struct Section<'b> {
    blocks: &'b [usize],
    continuous: bool,
    /// What the number of its first page is modulo 2, if that matters.
    parity: Option<usize>,
    height: f64,
    columns: usize,
    width: f64,
    /// The line pitch of the document grid, if lines snap to it.
    pitch: Option<f64>,
    /// The number of the first page, if it is set.
    start: Option<usize>,
}

fn sections<'b>(
    outline: &Outline<'_>,
    body: usize,
    blocks: &'b [usize],
) -> Vec<Section<'b>> {
    let mut sections = Vec::new();
    let mut from = 0;
    for (index, block) in blocks.iter().enumerate() {
        let properties = outline.child(*block, "w:pPr");
        if let Some(end) = properties.and_then(|at| outline.child(at, "w:sectPr")) {
            sections.push(section(outline, Some(end), &blocks[from..=index]));
            from = index + 1;
        }
    }
    sections.push(section(outline, outline.child(body, "w:sectPr"), &blocks[from..]));
    sections
}

fn section<'b>(
    outline: &Outline<'_>,
    at: Option<usize>,
    blocks: &'b [usize],
) -> Section<'b> {
    let text = |child: &str, name: &str| outline.child_attribute(at?, child, name);
    let number = |child: &str, name: &str| {
        let value = text(child, name)?;
        value.parse::<f64>().ok()
    };
    let length = |child: &str, name: &str, default: f64| {
        number(child, name).map_or(default, f64::abs)
    };
    let margins =
        length("w:pgMar", "w:left", 1800.0) + length("w:pgMar", "w:right", 1800.0);
    let width = length("w:pgSz", "w:w", 11906.0) - margins;
    let columns =
        number("w:cols", "w:num").map_or(1, |count| count.clamp(1.0, 45.0) as usize);
    let gaps = length("w:cols", "w:space", 720.0) * (columns - 1) as f64;
    let snaps = text("w:docGrid", "w:type").is_some_and(|kind| {
        matches!(kind.as_ref(), "lines" | "linesAndChars" | "snapToChars")
    });
    let vertical =
        length("w:pgMar", "w:top", 1440.0) + length("w:pgMar", "w:bottom", 1440.0);
    Section {
        blocks,
        continuous: text("w:type", "w:val").is_some_and(|kind| kind == "continuous"),
        parity: text("w:type", "w:val").and_then(|kind| match kind.as_ref() {
            "oddPage" => Some(1),
            "evenPage" => Some(0),
            _ => None,
        }),
        height: (length("w:pgSz", "w:h", 16838.0) - vertical).max(720.0),
        columns,
        width: ((width - gaps) / columns as f64).max(200.0),
        pitch: number("w:docGrid", "w:linePitch").filter(|pitch| snaps && *pitch > 0.0),
        start: number("w:pgNumType", "w:start").map(|start| start.max(0.0) as usize),
    }
}

/// The position while blocks are set one after another.
struct Flow<'f, 'a> {
    outline: &'f Outline<'a>,
    styles: &'f Styles,
    pages: HashMap<usize, usize>,
    page: usize,
    /// Twips from the top of the page where the section's columns begin.
    top: f64,
    /// Twips from the top of the page to the current position.
    y: f64,
    column: usize,
    /// The space that the last paragraph wants after it.
    after: f64,
}

impl<'f, 'a> Flow<'f, 'a> {
    fn new(outline: &'f Outline<'a>, styles: &'f Styles) -> Self {
        let pages = HashMap::new();
        Self { outline, styles, pages, page: 1, top: 0.0, y: 0.0, column: 0, after: 0.0 }
    }

    fn section(&mut self, section: &Section<'_>, first: bool, balanced: bool) {
        if !first && !section.continuous {
            self.next_page();
        }
        if let Some(start) = section.start {
            self.page = start;
        }
        if section.parity.is_some_and(|parity| self.page % 2 != parity) {
            self.page += 1;
        }
        (self.top, self.column) = (self.y, 0);
        for (index, block) in section.blocks.iter().enumerate() {
            self.block(section, *block, section.blocks.get(index + 1..).unwrap_or(&[]));
        }
        if section.columns > 1 {
            let full = (section.height - self.top) * self.column as f64;
            let used = full + self.y - self.top;
            self.y = match balanced {
                true => self.top + used / section.columns as f64,
                false if self.column > 0 => section.height,
                false => self.y,
            };
        }
    }

    fn next_page(&mut self) {
        self.page += 1;
        (self.top, self.y, self.column, self.after) = (0.0, 0.0, 0, 0.0);
    }

    fn next_column(&mut self, section: &Section<'_>) {
        if self.column + 1 < section.columns {
            self.column += 1;
            (self.y, self.after) = (self.top, 0.0);
        } else {
            self.next_page();
        }
    }

    fn block(&mut self, section: &Section<'_>, block: usize, rest: &[usize]) {
        if self.is_table(block) {
            self.table(section, block);
            return;
        }
        let measure = self.measure(block, section.width, section.pitch);
        if measure.page_before {
            self.next_page();
        }
        let gap = self.after.max(measure.before);
        // A heading wants the first lines of what follows it beside it.
        let follow = if measure.keep_next { self.kept(section, rest) } else { 0.0 };
        if self.y + gap + measure.first() + follow > section.height && self.y > self.top {
            self.next_column(section);
        } else {
            self.y += gap;
        }
        self.pages.insert(block, self.page);
        for line in &measure.lines {
            if self.y + line > section.height && self.y > self.top {
                self.next_column(section);
            }
            self.y += line;
        }
        self.after = measure.after;
        for _ in 0..measure.page_breaks {
            self.next_page();
        }
    }

    fn is_table(&self, block: usize) -> bool {
        self.outline.elements[block].name == "w:tbl"
    }

    /// The height of what stays with a block that is kept with the next one: of
    /// the blocks behind it that are kept, too, and the first line or row of the
    /// one after them. Nothing if that is more than a page holds.
    fn kept(&self, section: &Section<'_>, rest: &[usize]) -> f64 {
        let mut height = 0.0;
        for block in rest {
            let (kept, whole) = match self.is_table(*block) {
                true => self.kept_rows(section, *block, 0),
                false => {
                    let measure = self.measure(*block, section.width, section.pitch);
                    match measure.keep_next {
                        true => (measure.height(), true),
                        false => (measure.before + measure.first(), false),
                    }
                }
            };
            height += kept;
            if height > section.height {
                return 0.0;
            }
            if !whole {
                break;
            }
        }
        height
    }

    /// The height of the rows of a table, from one of them, that are kept with the
    /// next one, and of the first that is not; whether that is all of the table.
    fn kept_rows(&self, section: &Section<'_>, table: usize, from: usize) -> (f64, bool) {
        let mut height = 0.0;
        for row in self.rows(table).into_iter().skip(from) {
            height += self.row_height(section, table, row);
            if !self.is_kept(row) {
                return (height, false);
            }
            if height > section.height {
                break;
            }
        }
        (height, true)
    }

    /// Whether a row stays with the next one: as Word decides, if its first
    /// paragraph does.
    fn is_kept(&self, row: usize) -> bool {
        let outline = self.outline;
        let properties = |name: &str| {
            let at = outline.child(row, "w:trPr")?;
            outline.child(at, name)
        };
        if properties("w:tblHeader").is_some() {
            return true;
        }
        let mut blocks = Vec::new();
        let cell = outline.children(row).find(|at| outline.elements[*at].name == "w:tc");
        if let Some(cell) = cell {
            collect_blocks(outline, cell, &mut blocks);
        }
        let first = blocks.first().filter(|at| outline.elements[**at].name == "w:p");
        first.is_some_and(|at| self.format(*at).keep_next == Some(true))
    }

    fn rows(&self, table: usize) -> Vec<usize> {
        let rows = self.outline.children(table);
        rows.filter(|at| self.outline.elements[*at].name == "w:tr").collect()
    }

    fn table(&mut self, section: &Section<'_>, table: usize) {
        self.y += self.after;
        self.after = 0.0;
        for (index, row) in self.rows(table).into_iter().enumerate() {
            let height = self.row_height(section, table, row);
            let kept = match self.is_kept(row) {
                true => self.kept_rows(section, table, index).0,
                false => height,
            };
            let wanted = if kept > section.height { height } else { kept };
            if self.y + wanted > section.height && self.y > self.top {
                self.next_column(section);
            }
            self.mark(row);
            self.y += height;
        }
    }

    /// All paragraphs inside an element are on the current page.
    fn mark(&mut self, element: usize) {
        let end = self.outline.elements[element].span.end;
        let inside = self.outline.elements[element..].iter().enumerate();
        for (offset, at) in inside.take_while(|(_, at)| at.span.start < end) {
            if at.name == "w:p" {
                self.pages.insert(element + offset, self.page);
            }
        }
    }

    fn row_height(&self, section: &Section<'_>, table: usize, row: usize) -> f64 {
        let outline = self.outline;
        let margins = self.cell_margins(table);
        let cells: Vec<usize> = outline
            .children(row)
            .filter(|at| outline.elements[*at].name == "w:tc")
            .collect();
        let share = section.width / cells.len().max(1) as f64;
        let height = |name: &str| {
            let properties = outline.child(row, "w:trPr")?;
            outline.child_attribute(properties, "w:trHeight", name)
        };
        let fixed = height("w:val").and_then(|value| value.parse::<f64>().ok());
        if height("w:hRule").is_some_and(|rule| rule == "exact") {
            return fixed.unwrap_or(0.0);
        }
        let heights = cells.iter().map(|cell| self.cell_height(*cell, share, margins));
        heights.fold(fixed.unwrap_or(0.0), f64::max)
    }

    /// What the margins of a table's cells take of their width; 108 twips on each
    /// side if it does not say.
    fn cell_margins(&self, table: usize) -> f64 {
        let outline = self.outline;
        let margins = outline
            .child(table, "w:tblPr")
            .and_then(|at| outline.child(at, "w:tblCellMar"));
        let margin = |name: &str| {
            outline.child_attribute(margins?, name, "w:w")?.parse::<f64>().ok()
        };
        margin("w:left").unwrap_or(108.0) + margin("w:right").unwrap_or(108.0)
    }

    fn cell_height(&self, cell: usize, share: f64, margins: f64) -> f64 {
        let outline = self.outline;
        let width = outline.child(cell, "w:tcPr").and_then(|at| {
            outline.child_attribute(at, "w:tcW", "w:w")?.parse::<f64>().ok()
        });
        let width = width.filter(|width| *width > 300.0).unwrap_or(share) - margins;
        let mut blocks = Vec::new();
        collect_blocks(outline, cell, &mut blocks);
        let paragraphs = blocks.iter().filter(|at| outline.elements[**at].name == "w:p");
        paragraphs
            .map(|paragraph| {
                let measure = self.measure(*paragraph, width.max(200.0), None);
                measure.height()
            })
            .sum()
    }

    /// The format of a paragraph, with its style's.
    fn format(&self, paragraph: usize) -> Format {
        let outline = self.outline;
        let properties = outline.child(paragraph, "w:pPr");
        let style =
            properties.and_then(|at| outline.child_attribute(at, "w:pStyle", "w:val"));
        let below = self.styles.format(style.as_deref());
        Format::read(outline, paragraph).over(below)
    }

    /// Sets a paragraph into lines of a width.
    fn measure(&self, paragraph: usize, width: f64, pitch: Option<f64>) -> Measure {
        let outline = self.outline;
        let format = self.format(paragraph);
        let pitch = pitch.filter(|_| format.snaps != Some(false));
        let mut setter = Setter::new(&format, width, pitch);
        setter.set(outline, paragraph);
        Measure {
            before: format.before.unwrap_or(0.0),
            after: format.after.unwrap_or(0.0),
            page_before: format.page_break.unwrap_or(false),
            keep_next: format.keep_next.unwrap_or(false),
            page_breaks: setter.page_breaks,
            lines: setter.lines,
        }
    }
}

/// A paragraph set into lines. Heights are twips.
struct Measure {
    lines: Vec<f64>,
    before: f64,
    after: f64,
    page_before: bool,
    keep_next: bool,
    page_breaks: usize,
}

impl Measure {
    /// The whole height, with the space around.
    fn height(&self) -> f64 {
        self.before + self.lines.iter().sum::<f64>() + self.after
    }

    /// The height of the first line.
    fn first(&self) -> f64 {
        self.lines.first().copied().unwrap_or(0.0)
    }
}

/// Breaks the runs of a paragraph into lines.
struct Setter<'f> {
    format: &'f Format,
    pitch: Option<f64>,
    width: f64,
    x: f64,
    /// The height of the current line so far.
    line: f64,
    lines: Vec<f64>,
    page_breaks: usize,
}

impl<'f> Setter<'f> {
    fn new(format: &'f Format, width: f64, pitch: Option<f64>) -> Self {
        let size = format.size.unwrap_or(DEFAULT_SIZE) * TWIPS / 2.0;
        let indents = format.left.unwrap_or(0.0) + format.right.unwrap_or(0.0);
        let first = match format.first_chars {
            Some(chars) => chars / 100.0 * size,
            None => format.first.unwrap_or(0.0),
        };
        let mut setter = Self {
            format,
            pitch,
            width: (width - indents).max(size),
            x: first,
            line: 0.0,
            lines: Vec::new(),
            page_breaks: 0,
        };
        setter.line = setter.line_height(size);
        setter
    }

    /// The height of a line of a font size in twips.
    fn line_height(&self, size: f64) -> f64 {
        let natural = size * LEADING;
        let snapped = match self.pitch {
            Some(pitch) => (natural / pitch).ceil() * pitch,
            None => natural,
        };
        match self.format.line {
            Some((line, LineRule::Exact)) => line,
            Some((line, LineRule::AtLeast)) => snapped.max(line),
            Some((line, LineRule::Auto)) => snapped * line / 240.0,
            None => snapped,
        }
    }

    fn end_line(&mut self) {
        self.lines.push(self.line);
        let size = self.format.size.unwrap_or(DEFAULT_SIZE) * TWIPS / 2.0;
        (self.x, self.line) = (0.0, self.line_height(size));
    }

    fn put(&mut self, width: f64, height: f64) {
        if self.x + width > self.width + 1.0 && self.x > 0.0 {
            self.end_line();
        }
        self.x += width;
        self.line = self.line.max(height);
    }

    fn set(&mut self, outline: &Outline<'_>, paragraph: usize) {
        let mut size = self.format.size.unwrap_or(DEFAULT_SIZE) * TWIPS / 2.0;
        let normal = size;
        for node in outline.nodes_in(&outline.elements[paragraph].span) {
            match node {
                Node::Open(at) => match outline.elements[*at].name {
                    "w:r" => {
                        let own = Format::read(outline, *at).size;
                        size = own.map_or(normal, |half| half * TWIPS / 2.0);
                    }
                    "w:tab" => self.put(2.0 * size, 0.0),
                    "w:br" => self.line_break(outline.tag(*at)),
                    "wp:inline" => self.picture(outline, *at),
                    _ => {}
                },
                Node::Text(at, range) if outline.elements[*at].name == "w:t" => {
                    let height = self.line_height(size);
                    for (_, c) in xml::characters(&outline.xml[range.clone()]) {
                        let full = escape::is_wide(c) || escape::is_shared(c);
                        self.put(if full { size } else { size / 2.0 }, height);
                    }
                }
                _ => {}
            }
        }
        self.end_line();
    }

    fn line_break(&mut self, tag: &str) {
        match xml::attribute(tag, "w:type").as_deref() {
            Some("page" | "column") => self.page_breaks += 1,
            _ => self.end_line(),
        }
    }

    fn picture(&mut self, outline: &Outline<'_>, inline: usize) {
        let side = |name: &str| {
            let emu = outline.child_attribute(inline, "wp:extent", name);
            emu.and_then(|emu| emu.parse::<f64>().ok()).unwrap_or(0.0) / EMU
        };
        self.put(side("cx"), side("cy"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages of the paragraphs of a body. A page is 1000 points high and 200
    /// wide, a line 10 points high and 20 full-width characters long.
    fn numbers(body: &str) -> Vec<usize> {
        let styles = Styles::read(
            "<w:styles><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='20'/></w:rPr>\
             </w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:line='200' w:lineRule='exact'/>\
             </w:pPr></w:pPrDefault></w:docDefaults></w:styles>",
        );
        let xml =
            format!("<w:document><w:body>{body}{}</w:body></w:document>", section("", 1));
        let outline = Outline::read(&xml).expect("valid");
        let mut found: Vec<_> = pages(&outline, &styles).into_iter().collect();
        found.sort_unstable();
        found.into_iter().map(|(_, page)| page).collect()
    }

    fn section(kind: &str, columns: usize) -> String {
        format!(
            "<w:sectPr>{kind}<w:pgSz w:w='4000' w:h='20000'/><w:pgMar w:top='0' w:right='0' \
             w:bottom='0' w:left='0'/><w:cols w:num='{columns}' w:space='0'/></w:sectPr>"
        )
    }

    /// A paragraph that fills so many lines of a width in characters.
    fn lines(count: usize, width: usize) -> String {
        format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "中".repeat(count * width))
    }

    #[test]
    fn lines_fill_pages() {
        assert_eq!(
            numbers(&[lines(99, 20), lines(1, 20), lines(1, 20)].concat()),
            [1, 1, 2]
        );
        let half = "<w:p><w:r><w:t>".to_owned() + &"ab".repeat(20) + "</w:t></w:r></w:p>";
        assert_eq!(numbers(&[lines(99, 20), half.clone(), half].concat()), [1, 1, 2]);
    }

    #[test]
    fn columns_are_balanced_before_a_continuous_section() {
        let end = |kind: &str, columns: usize| {
            format!("<w:p><w:pPr>{}</w:pPr></w:p>", section(kind, columns))
        };
        let continuous = "<w:type w:val='continuous'/>";
        // 119 lines in two columns take 60 lines of the page; 40 are left.
        let body =
            [lines(119, 10), end("", 2), lines(39, 20), end(continuous, 1)].concat();
        assert_eq!(numbers(&body), [1, 1, 1, 1]);
        let body =
            [lines(119, 10), end("", 2), lines(39, 20), lines(2, 20), end(continuous, 1)];
        assert_eq!(numbers(&body.concat()), [1, 1, 1, 1, 2]);
    }

    /// A table of rows of one line, of which so many are kept with the next one.
    fn rows(count: usize, kept: usize) -> String {
        let row = |index: usize| {
            let keep = if index < kept { "<w:keepNext/>" } else { "" };
            format!("<w:tr><w:tc><w:p><w:pPr>{keep}</w:pPr></w:p></w:tc></w:tr>")
        };
        format!("<w:tbl>{}</w:tbl>", (0..count).map(row).collect::<String>())
    }

    #[test]
    fn what_is_kept_goes_on_together() {
        let head = "<w:p><w:pPr><w:keepNext/></w:pPr></w:p>";
        // The head, two kept rows and the one after them want the next page.
        let body = lines(97, 20) + head + &rows(4, 2);
        assert_eq!(numbers(&body), [1, 2, 2, 2, 2, 2]);
        let body = lines(96, 20) + head + &rows(4, 2);
        assert_eq!(numbers(&body), [1, 1, 1, 1, 1, 2]);
        // More than a page is not kept.
        let pages = numbers(&(lines(97, 20) + head + &rows(120, 110)));
        assert_eq!(&pages[..3], [1, 1, 1]);
    }

    #[test]
    fn sections_begin_on_their_side() {
        let end = |kind: &str| format!("<w:p><w:pPr>{}</w:pPr></w:p>", section(kind, 1));
        let odd = end("<w:type w:val='oddPage'/>");
        let even = end("<w:type w:val='evenPage'/>");
        assert_eq!(numbers(&[end(""), odd, even].concat()), [1, 3, 4]);
    }

    #[test]
    fn breaks_begin_pages() {
        let broken = "<w:p><w:r><w:br w:type='page'/></w:r></w:p>".to_owned();
        assert_eq!(numbers(&[lines(1, 1), broken, lines(1, 1)].concat()), [1, 1, 2]);
        let before = "<w:p><w:pPr><w:pageBreakBefore/></w:pPr></w:p>".to_owned();
        assert_eq!(numbers(&[lines(1, 1), before].concat()), [1, 2]);
    }
}
