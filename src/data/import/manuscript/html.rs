//! Reads HTML: of a browser, of Word, of an editor for WeChat.

use html5gum::{Token, Tokenizer};

use super::line::{Kind, Line, Look, Manuscript, Unit};
use super::{escape, tables};

/// Reads HTML as lines, each a block or what stands between two `<br>`, and counts the
/// pictures, which are elsewhere and not taken along.
pub fn read(text: &str) -> (Manuscript, usize) {
    let mut reader = Reader::default();
    for token in Tokenizer::new(text) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let attribute = |name: &[u8]| {
                    let value = tag.attributes.get(name);
                    value.map(|value| String::from_utf8_lossy(&value.value).into_owned())
                };
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let style = attribute(b"style").unwrap_or_default().to_lowercase();
                let align = attribute(b"align").unwrap_or_default().to_lowercase();
                let start = attribute(b"start").and_then(|start| start.parse().ok());
                reader.open(&name, &style, &align, start, tag.self_closing);
            }
            Token::EndTag(tag) => reader.close(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text.value)),
            _ => {}
        }
    }
    reader.flush();
    let manuscript =
        Manuscript { lines: reader.lines, markdown: false, unit: Unit::Paragraph };
    (manuscript, reader.pictures)
}

/// An element that is open.
#[derive(Default)]
struct Element {
    name: String,
    /// Whether what is in it is not shown.
    hidden: bool,
    bold: bool,
    centred: bool,
    /// The size in points; 0 if it is that around it.
    size: f64,
    /// Of a list, the number of its next item; nothing if it has bullets.
    next: Option<u32>,
    heading: Option<usize>,
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    open: Vec<Element>,
    /// The text of the block that is being read.
    text: String,
    /// Whether all of it so far is bold.
    bold: bool,
    size: f64,
    kind: Kind,
    label: String,
    gap: bool,
    table: Vec<Vec<String>>,
    /// How deep tables are nested.
    tables: usize,
    number: usize,
    pictures: usize,
}

/// Elements that are blocks.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "hr",
];
/// Elements of which nothing is shown.
const HIDDEN: [&str; 7] =
    ["script", "style", "title", "noscript", "template", "select", "nav"];
/// Elements without an end.
const VOID: [&str; 9] =
    ["br", "img", "hr", "meta", "link", "input", "wbr", "col", "area"];

impl Reader {
    fn open(
        &mut self,
        name: &str,
        style: &str,
        align: &str,
        start: Option<u32>,
        closed: bool,
    ) {
        if name == "br" {
            self.flush();
            return;
        }
        self.pictures += usize::from(name == "img");
        if BLOCKS.contains(&name) && self.tables == 0 {
            self.flush();
        }
        match name {
            "table" => {
                self.tables += 1;
                if self.tables == 1 {
                    self.flush();
                    self.table.clear();
                }
            }
            "tr" if self.tables == 1 => {
                self.cell();
                self.table.push(Vec::new());
            }
            "td" | "th" if self.tables == 1 => {
                self.cell();
                if self.table.is_empty() {
                    self.table.push(Vec::new());
                }
                if let Some(row) = self.table.last_mut() {
                    row.push(String::new());
                }
            }
            // Words of two paragraphs of a cell are two words.
            "p" | "div" | "li" if self.tables > 0 => self.text.push(' '),
            "li" => self.item(),
            _ => {}
        }
        if name == "body" {
            // What was not closed in the head.
            self.open.clear();
        }
        if closed || VOID.contains(&name) {
            return;
        }
        self.push(name, style, align, start);
        if self.text.trim().is_empty() {
            self.kind_of_open();
        }
    }

    fn push(&mut self, name: &str, style: &str, align: &str, start: Option<u32>) {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        let value = |key: &str| {
            let part = style.split(';').find_map(|part| part.strip_prefix(key));
            part?.strip_prefix(':')
        };
        let weight = value("font-weight");
        let bold =
            matches!(weight, Some("bold" | "bolder" | "600" | "700" | "800" | "900"));
        let level = value("mso-outline-level").and_then(|level| level.parse().ok());
        let heading = name.strip_prefix('h').and_then(|level| level.parse().ok());
        self.open.push(Element {
            hidden: HIDDEN.contains(&name) || value("display") == Some("none"),
            bold: bold || matches!(name, "b" | "strong"),
            centred: value("text-align") == Some("center")
                || align == "center"
                || name == "center",
            size: value("font-size").and_then(points).unwrap_or(0.0),
            next: (name == "ol").then_some(start.unwrap_or(1)),
            heading: heading.or(level).filter(|level| (1..=6).contains(level)),
            name: name.to_string(),
        });
    }

    /// What the block is that begins.
    fn kind_of_open(&mut self) {
        if let Some(level) = self.open.iter().rev().find_map(|element| element.heading) {
            self.kind = Kind::Heading(level);
        } else if self.open.iter().any(|element| element.name == "figcaption") {
            self.kind = Kind::Caption;
        }
    }

    fn item(&mut self) {
        let lists = self.open.iter_mut().rev();
        let mut lists =
            lists.filter(|element| matches!(element.name.as_str(), "ul" | "ol"));
        match lists.next().map(|list| list.next.as_mut()) {
            Some(Some(next)) => {
                self.label = format!("{next}. ");
                *next += 1;
                self.kind = Kind::Text;
            }
            _ => self.kind = Kind::Item,
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => {
                if self.tables == 1 {
                    self.cell();
                    self.end_table();
                }
                self.tables = self.tables.saturating_sub(1);
            }
            "td" | "th" if self.tables == 1 => self.cell(),
            _ if BLOCKS.contains(&name) && self.tables == 0 => self.flush(),
            _ => {}
        }
        if let Some(at) = self.open.iter().rposition(|element| element.name == name) {
            self.open.truncate(at);
        }
    }

    fn text(&mut self, text: &str) {
        if self.open.iter().any(|element| element.hidden) {
            return;
        }
        let text = text.replace('\u{a0}', " ").replace(['\u{200b}', '\u{feff}'], "");
        if self.text.trim().is_empty() && !text.trim().is_empty() {
            (self.bold, self.size) = (true, 0.0);
            self.number += 1;
        }
        if !text.trim().is_empty() {
            self.bold &= self.open.iter().any(|element| element.bold);
            let size = self
                .open
                .iter()
                .rev()
                .map(|element| element.size)
                .find(|size| *size > 0.0);
            self.size = self.size.max(size.unwrap_or(0.0));
        }
        self.text.push_str(&text);
    }

    /// The text so far, with one space for several: those of Chinese are kept, as they
    /// indent.
    fn take(&mut self) -> (String, usize) {
        let raw = std::mem::take(&mut self.text);
        let indent = raw.trim_start_matches([' ', '\n', '\r', '\t']);
        let indent = 2 * indent.chars().take_while(|c| *c == '\u{3000}').count();
        let words = raw.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
        let mut text = String::new();
        for word in words {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        (text.trim().to_string(), indent)
    }

    fn flush(&mut self) {
        let (text, indent) = self.take();
        let (kind, label) =
            (std::mem::take(&mut self.kind), std::mem::take(&mut self.label));
        if text.is_empty() {
            if kind == Kind::Item || !label.is_empty() {
                // The text of an item stands in a paragraph inside of it.
                (self.kind, self.label) = (kind, label);
            } else {
                self.gap = true;
            }
            return;
        }
        let centred = self.open.iter().any(|element| element.centred);
        let look = Look {
            bold: self.bold,
            centred,
            size: self.size,
            indent: if centred { 0 } else { indent },
        };
        let line = Line { kind, label, look, ..Line::text(self.number, text) };
        self.lines.push(line);
        self.gap = false;
    }

    /// Puts the text so far into the cell that is open.
    fn cell(&mut self) {
        let (text, _) = self.take();
        if let Some(cell) = self.table.last_mut().and_then(|row| row.last_mut()) {
            if !cell.is_empty() && !text.is_empty() {
                cell.push(' ');
            }
            cell.push_str(&text);
        } else if !text.is_empty() {
            self.lines.push(Line::text(self.number, text));
        }
    }

    fn end_table(&mut self) {
        let mut rows = std::mem::take(&mut self.table);
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns <= 1 || rows.len() <= 1 {
            // A frame for layout.
            for text in rows.into_iter().flatten().filter(|text| !text.is_empty()) {
                self.lines.push(Line::text(self.number, text));
            }
            return;
        }
        for cell in rows.iter_mut().flatten() {
            *cell = escape(cell);
        }
        let text = tables::markdown(&rows);
        let line =
            Line { kind: Kind::Verbatim, gap: true, ..Line::text(self.number, text) };
        self.lines.push(line);
    }
}

/// A size of CSS in points.
fn points(size: &str) -> Option<f64> {
    let (number, factor) = match size {
        _ if size.ends_with("pt") => (size.strip_suffix("pt")?, 1.0),
        _ if size.ends_with("px") => (size.strip_suffix("px")?, 0.75),
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * factor)
}
