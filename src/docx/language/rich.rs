//! Rich text as it comes in the data, and its plain text.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};
use serde_json::Value as Json;

/// A rich text: `{"$type": "markdown", "blocks": […]}`.
#[derive(Debug, Clone, Default)]
pub(crate) struct RichText {
    /// Its blocks in order.
    pub(crate) blocks: Vec<Block>,
    /// The value that it is made of, if it is another one.
    pub(crate) source: Option<Value>,
}

/// A block of a rich text.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading of level 1 to 6.
    Heading(usize, Vec<Inline>),
    /// A list; an ordered one has the number of its first item.
    List(Option<u64>, Vec<Vec<Block>>),
    /// A quotation.
    Quote(Vec<Block>),
    /// A thematic break.
    Rule,
    /// Preformatted text.
    Code(String),
    /// A table.
    Table(Table),
}

/// A table of a rich text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The id or name of its style, instead of the usual one.
    pub(crate) style: Option<String>,
    /// The `w:jc` value of each column, if it has one.
    pub(crate) align: Vec<Option<&'static str>>,
    /// Whether columns without a width are as wide as their content.
    pub(crate) natural: bool,
    /// The width of each column in twips, if it has one.
    pub(crate) widths: Vec<Option<usize>>,
    /// The cells of the head; empty without a head.
    pub(crate) head: Vec<Vec<Inline>>,
    /// The cells of each row.
    pub(crate) rows: Vec<Vec<Vec<Inline>>>,
}

/// Text and its marks.
#[derive(Debug, Clone)]
pub(crate) enum Inline {
    /// Text.
    Text(String),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Emphasis.
    Emph(Vec<Inline>),
    /// Deleted text.
    Strike(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link and where it leads.
    Link(Vec<Inline>, String),
    /// A line break.
    Break,
    /// A picture: virtual path and alternative text.
    Image(String, String),
    /// A footnote.
    Note(Vec<Block>),
}

impl Table {
    /// How many columns there are.
    pub(crate) fn columns(&self) -> usize {
        let widest = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        widest.max(self.head.len())
    }
}

impl RichText {
    /// Reads a rich text, or nothing if the value is another kind of value.
    /// What is not understood inside is left out.
    pub(crate) fn read(json: &Json) -> Option<Self> {
        if json.get("$type")?.as_str()? != "markdown" {
            return None;
        }
        Some(Self { blocks: blocks(json.get("blocks")?), source: None })
    }

    /// The same with all headings so many levels lower. Notes have no headings.
    pub(crate) fn lowered(mut self, levels: usize) -> Self {
        lower(&mut self.blocks, levels);
        self
    }

    /// The text on one line, with its marks; blocks are separated by line breaks.
    pub(crate) fn inlines(&self) -> Vec<Inline> {
        let mut inlines = Vec::new();
        flatten_all(&self.blocks, &mut inlines);
        inlines
    }

    /// The text alone: one line per block, items of lists with their marks.
    pub(crate) fn plain(&self) -> String {
        plain_blocks(&self.blocks)
    }
}

impl Object for RichText {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.blocks.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

fn lower(blocks: &mut [Block], levels: usize) {
    for block in blocks {
        match block {
            Block::Heading(level, _) => *level += levels,
            Block::List(_, items) => {
                items.iter_mut().for_each(|item| lower(item, levels));
            }
            Block::Quote(inside) => lower(inside, levels),
            _ => {}
        }
    }
}

fn array(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn string(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn blocks(json: &Json) -> Vec<Block> {
    array(json).iter().filter_map(block).collect()
}

fn block(json: &Json) -> Option<Block> {
    let object = json.as_object()?;
    if let Some(level) = object.get("level") {
        let level = level.as_u64().unwrap_or(1).clamp(1, 6) as usize;
        return Some(Block::Heading(level, inlines(object.get("h")?)));
    }
    let (key, value) =
        object.iter().find(|(key, _)| !matches!(key.as_str(), "start" | "lang"))?;
    Some(match key.as_str() {
        "p" => Block::Paragraph(inlines(value)),
        "h" => Block::Heading(1, inlines(value)),
        "ul" => Block::List(None, array(value).iter().map(blocks).collect()),
        "ol" => {
            let start = object.get("start").and_then(Json::as_u64).unwrap_or(1);
            Block::List(Some(start), array(value).iter().map(blocks).collect())
        }
        "quote" => Block::Quote(blocks(value)),
        "hr" => Block::Rule,
        "code" => Block::Code(string(value)),
        "table" => Block::Table(table(value)),
        _ => return None,
    })
}

fn table(json: &Json) -> Table {
    let cells = |row: &Json| array(row).iter().map(inlines).collect();
    let list = |key: &str| json.get(key).map_or(&[][..], array);
    Table {
        align: list("align").iter().map(alignment).collect(),
        natural: true,
        head: json.get("head").map(cells).unwrap_or_default(),
        rows: list("rows").iter().map(cells).collect(),
        ..Table::default()
    }
}

fn alignment(json: &Json) -> Option<&'static str> {
    match json.as_str()? {
        "left" => Some("left"),
        "center" => Some("center"),
        "right" => Some("right"),
        _ => None,
    }
}

fn inlines(json: &Json) -> Vec<Inline> {
    array(json).iter().filter_map(inline).collect()
}

fn inline(json: &Json) -> Option<Inline> {
    if let Some(text) = json.as_str() {
        return Some(Inline::Text(text.to_owned()));
    }
    let object = json.as_object()?;
    if let Some(inside) = object.get("link") {
        let url = object.get("url").map(string).unwrap_or_default();
        return Some(Inline::Link(inlines(inside), url));
    }
    if let Some(path) = object.get("image") {
        let alt = object.get("alt").map(string).unwrap_or_default();
        return Some(Inline::Image(string(path), alt));
    }
    let (key, value) = object.iter().next()?;
    Some(match key.as_str() {
        "strong" => Inline::Strong(inlines(value)),
        "emph" => Inline::Emph(inlines(value)),
        "strike" => Inline::Strike(inlines(value)),
        "code" => Inline::Code(string(value)),
        "br" => Inline::Break,
        "note" => Inline::Note(blocks(value)),
        _ => return None,
    })
}

fn plain_blocks(blocks: &[Block]) -> String {
    let lines: Vec<String> = blocks.iter().map(plain_block).collect();
    lines.join("\n")
}

fn plain_block(block: &Block) -> String {
    match block {
        Block::Paragraph(inside) | Block::Heading(_, inside) => plain_inlines(inside),
        Block::List(start, items) => {
            let lines: Vec<String> = items
                .iter()
                .enumerate()
                .map(|(index, item)| marker(*start, index) + &plain_blocks(item))
                .collect();
            lines.join("\n")
        }
        Block::Quote(inside) => plain_blocks(inside),
        Block::Rule => String::new(),
        Block::Code(text) => text.clone(),
        Block::Table(table) => {
            let line = |row: &Vec<Vec<Inline>>| {
                let cells: Vec<String> =
                    row.iter().map(|cell| plain_inlines(cell)).collect();
                cells.join("\t")
            };
            let head = (!table.head.is_empty()).then_some(&table.head);
            let lines: Vec<String> =
                head.into_iter().chain(&table.rows).map(line).collect();
            lines.join("\n")
        }
    }
}

/// What stands before an item of a list that has no style: `• ` or `3. `.
pub(crate) fn marker(start: Option<u64>, index: usize) -> String {
    match start {
        None => "• ".to_owned(),
        Some(start) => format!("{}. ", start.saturating_add(index as u64)),
    }
}

fn plain_inlines(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, &mut out);
    out
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Strong(inside)
            | Inline::Emph(inside)
            | Inline::Strike(inside)
            | Inline::Link(inside, _) => push_plain(inside, out),
            Inline::Break => out.push('\n'),
            Inline::Image(_, alt) => out.push_str(alt),
            Inline::Note(_) => {}
        }
    }
}

/// The text of a block with its marks, without its structure.
fn flatten(block: &Block, out: &mut Vec<Inline>) {
    match block {
        Block::Paragraph(inside) | Block::Heading(_, inside) => {
            out.extend(inside.iter().cloned());
        }
        Block::List(start, items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(Inline::Break);
                }
                out.push(Inline::Text(marker(*start, index)));
                flatten_all(item, out);
            }
        }
        Block::Quote(inside) => flatten_all(inside, out),
        Block::Rule => {}
        Block::Code(text) => out.push(Inline::Code(text.clone())),
        Block::Table(_) => {
            let rich = RichText { blocks: vec![block.clone()], source: None };
            out.push(Inline::Text(rich.plain()));
        }
    }
}

fn flatten_all(blocks: &[Block], out: &mut Vec<Inline>) {
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            out.push(Inline::Break);
        }
        flatten(block, out);
    }
}
