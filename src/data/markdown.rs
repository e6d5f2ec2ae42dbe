//! Rich text: CommonMark (with tables, strikethrough and footnotes) as a small tree.
//!
//! The tree is plain JSON, the same for the Typst library and the Word engine:
//! `{"$type": "markdown", "blocks": [block…]}` with
//! blocks `{"p": […]}`, `{"h": […], "level": n}`, `{"ul": [[block…]…]}`,
//! `{"ol": [[block…]…], "start": n}`, `{"quote": [block…]}`, `{"hr": true}`,
//! `{"code": "…", "lang": "…"}`, `{"table": {"align", "head", "rows"}}` and
//! inlines `"text"`, `{"strong": […]}`, `{"emph": […]}`, `{"strike": […]}`,
//! `{"code": "…"}`, `{"link": […], "url": "…"}`, `{"image": "…", "alt": "…"}`,
//! `{"br": true}`, `{"note": [block…]}`.
//!
//! HTML is not interpreted: it is printed as it was written.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

/// Parses Markdown into the tree.
#[comemo::memoize]
pub fn parse(text: &str) -> Value {
    let text = guard_emphasis(text);
    let mut builder = Builder { stack: vec![Frame::default()], notes: BTreeMap::new() };
    for event in Parser::new_ext(&text, options()) {
        builder.event(event);
    }
    builder.close_paragraph();
    let mut blocks = Value::Array(builder.pop().nodes);
    if !builder.notes.is_empty() {
        // Notes to notes there are none.
        let plain = BTreeMap::new();
        builder.notes.values_mut().for_each(|note| set_notes(note, &plain));
    }
    set_notes(&mut blocks, &builder.notes);
    json!({ "$type": "markdown", "blocks": blocks })
}

/// The extensions of CommonMark that are understood.
fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES
}

/// Hands out what [`parse`] reads, each event with its bytes in `text`.
pub(super) fn events(text: &str, mut each: impl FnMut(&Event<'_>, Range<usize>)) {
    let guarded = guard_emphasis(text);
    let places = Places::of(text, &guarded);
    for (event, range) in Parser::new_ext(&guarded, options()).into_offset_iter() {
        each(&event, places.original(range.start)..places.original(range.end));
    }
}

/// The headings of a text, with their levels and the bytes of their words.
pub fn headings(text: &str) -> Vec<(u8, Range<usize>)> {
    let mut headings = Vec::new();
    let mut open: Option<(u8, Range<usize>)> = None;
    events(text, |event, range| match event {
        Event::Start(Tag::Heading { level, .. }) => {
            open = Some((*level as u8, range.end..range.start));
        }
        Event::End(TagEnd::Heading(_)) => {
            headings.extend(open.take().filter(|(_, words)| words.start < words.end));
        }
        _ => {
            if let Some((_, words)) = &mut open {
                *words = words.start.min(range.start)..words.end.max(range.end);
            }
        }
    });
    headings
}

/// Where the bytes of a guarded text stand in the original one.
struct Places {
    /// The bytes, in the guarded text, behind which something was put in, and how many
    /// bytes were put in up to there.
    inserted: Vec<(usize, usize)>,
}

impl Places {
    fn of(text: &str, guarded: &str) -> Self {
        let mut inserted = Vec::new();
        let (mut rest, mut sum) = (text, 0);
        for (at, c) in guarded.char_indices() {
            match rest.strip_prefix(c) {
                Some(after) => rest = after,
                None => {
                    sum += c.len_utf8();
                    inserted.push((at, sum));
                }
            }
        }
        Self { inserted }
    }

    fn original(&self, at: usize) -> usize {
        let known = self.inserted.partition_point(|(place, _)| *place < at);
        at - known.checked_sub(1).map_or(0, |last| self.inserted[last].1)
    }
}

/// Puts the text of notes where they are referred to by label; a label without a
/// text is text itself.
fn set_notes(node: &mut Value, notes: &BTreeMap<String, Value>) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| set_notes(item, notes)),
        Value::Object(map) => {
            let label = map.get("note").and_then(Value::as_str);
            let found = label.map(|label| (notes.get(label), format!("[^{label}]")));
            match found {
                Some((Some(note), _)) => *node = json!({ "note": note }),
                Some((None, written)) => *node = written.into(),
                None => map.values_mut().for_each(|item| set_notes(item, notes)),
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The Markdown text as people read it: no marks, blocks on lines of their own.
pub fn plain(node: &Value) -> String {
    let mut text = String::new();
    push_plain(node, &mut text);
    text.trim_end().to_string()
}

fn push_plain(node: &Value, text: &mut String) {
    match node {
        Value::String(words) => text.push_str(words),
        Value::Array(items) => items.iter().for_each(|item| push_plain(item, text)),
        Value::Object(map) => {
            for (key, value) in map {
                match key.as_str() {
                    "br" => text.push('\n'),
                    "$type" | "url" | "image" | "alt" | "lang" | "level" | "start"
                    | "align" | "hr" | "note" => {}
                    _ => push_plain(value, text),
                }
                if matches!(key.as_str(), "p" | "h")
                    || (key == "code" && map.contains_key("lang"))
                {
                    text.push('\n');
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Stands beside emphasis marks while parsing and is taken out again: a
/// noncharacter of class "punctuation" does not exist, so this is a rare one
/// (U+FE45 SESAME DOT).
const GUARD: char = '\u{FE45}';

/// CommonMark takes `**“引文”**后` for plain text, because its rule on which
/// mark opens or closes looks for spaces, which Chinese has none of. A guard
/// between a mark and the Han character outside of it makes the rule work.
/// A single `~` is a range (`3~5个`) and never strikes out.
fn guard_emphasis(text: &str) -> String {
    if !text.contains(['*', '~']) {
        return text.to_string();
    }
    let mut guarded = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find(['*', '~']) {
        let (before, from) = rest.split_at(start);
        let length = from.len() - from.trim_start_matches(['*', '~']).len();
        let (marks, after) = from.split_at(length);
        guarded.push_str(before);
        let left = guarded.chars().next_back();
        let right = after.chars().next();
        let opens = left.is_some_and(is_letter) && right.is_some_and(is_punctuation);
        let closes = left.is_some_and(is_punctuation) && right.is_some_and(is_letter);
        guarded.extend(opens.then_some(GUARD));
        guarded.extend((marks == "~").then_some('\\'));
        guarded.push_str(marks);
        guarded.extend(closes.then_some(GUARD));
        rest = after;
    }
    guarded.push_str(rest);
    guarded
}

fn is_letter(c: char) -> bool {
    c as u32 > 0x2E80 && c.is_alphanumeric()
}

fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && c != '\\'
}

/// An open container while its content is read.
#[derive(Default)]
struct Frame {
    /// Finished blocks or inlines.
    nodes: Vec<Value>,
    /// Inlines that stand directly in a block container (tight list items).
    loose: Vec<Value>,
    /// Columns, head and rows, while in a table.
    align: Vec<Value>,
    head: Value,
    rows: Vec<Value>,
}

struct Builder {
    stack: Vec<Frame>,
    /// The blocks of notes by label.
    notes: BTreeMap<String, Value>,
}

impl Builder {
    fn top(&mut self) -> &mut Frame {
        if self.stack.is_empty() {
            self.stack.push(Frame::default());
        }
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    fn pop(&mut self) -> Frame {
        self.stack.pop().unwrap_or_default()
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.text(&text);
            }
            Event::Code(code) => self.inline(json!({ "code": unguard(&code) })),
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.inline(json!({ "br": true })),
            Event::Rule => {
                self.close_paragraph();
                self.top().nodes.push(json!({ "hr": true }));
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(label) => {
                self.inline(json!({ "note": unguard(&label) }));
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        let inline = matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
        );
        if !inline {
            self.close_paragraph();
        }
        let mut frame = Frame::default();
        if let Tag::Table(columns) = tag {
            frame.align = columns.into_iter().map(align).collect();
        } else if let Tag::CodeBlock(kind) = tag {
            frame.head = match kind {
                CodeBlockKind::Fenced(lang) => lang.as_ref().into(),
                CodeBlockKind::Indented => "".into(),
            };
        } else if let Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } = tag {
            frame.head = dest_url.as_ref().into();
        } else if let Tag::FootnoteDefinition(label) = tag {
            frame.head = unguard(&label).into();
        } else if let Tag::List(start) = tag {
            frame.head = json!(start);
        }
        self.stack.push(frame);
    }

    fn end(&mut self, tag: TagEnd) {
        let holds_blocks = matches!(
            tag,
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition
        );
        if holds_blocks {
            self.close_paragraph();
        }
        let Frame { nodes, loose, align, head, rows } = self.pop();
        let words = merged([nodes, loose].concat());
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                self.block(!words.is_empty(), || json!({ "p": words }));
            }
            TagEnd::Heading(level) => {
                self.block(true, || json!({ "h": words, "level": level as u8 }));
            }
            TagEnd::BlockQuote(_) => self.block(true, || json!({ "quote": words })),
            TagEnd::FootnoteDefinition => {
                let label = head.as_str().unwrap_or_default().to_owned();
                self.notes.entry(label).or_insert(words.into());
            }
            TagEnd::CodeBlock => {
                let code = words.iter().filter_map(Value::as_str).collect::<String>();
                let code = code.trim_end_matches('\n');
                self.block(true, || json!({ "code": code, "lang": head }));
            }
            TagEnd::List(ordered) => self.block(true, || match ordered {
                true => json!({ "ol": words, "start": head }),
                false => json!({ "ul": words }),
            }),
            TagEnd::Item | TagEnd::TableCell => self.top().nodes.push(words.into()),
            TagEnd::TableHead => self.top().head = words.into(),
            TagEnd::TableRow => self.top().rows.push(words.into()),
            TagEnd::Table => self.block(
                true,
                || json!({ "table": { "align": align, "head": head, "rows": rows } }),
            ),
            TagEnd::Emphasis => self.inline(json!({ "emph": words })),
            TagEnd::Strong => self.inline(json!({ "strong": words })),
            TagEnd::Strikethrough => self.inline(json!({ "strike": words })),
            TagEnd::Link => self.inline(json!({ "link": words, "url": head })),
            TagEnd::Image => {
                let alt: String = words.iter().map(plain).collect();
                self.inline(json!({ "image": head, "alt": alt }));
            }
            _ => words.into_iter().for_each(|word| self.inline(word)),
        }
    }

    fn block(&mut self, keep: bool, block: impl FnOnce() -> Value) {
        if keep {
            let block = block();
            self.top().nodes.push(block);
        }
    }

    fn inline(&mut self, node: Value) {
        self.top().loose.push(node);
    }

    fn text(&mut self, text: &str) {
        let text = unguard(text);
        if !text.is_empty() {
            self.inline(text.into());
        }
    }

    /// A line end in the source is a space between Latin words and nothing
    /// between Han characters.
    fn soft_break(&mut self) {
        let last = self.top().loose.last().and_then(Value::as_str);
        let after_han =
            last.and_then(|t| t.chars().next_back()).is_some_and(|c| c as u32 > 0x2E80);
        if !after_han {
            self.inline(" ".into());
        }
    }

    /// Inlines of a tight list item are a paragraph without a tag of its own.
    fn close_paragraph(&mut self) {
        let frame = self.top();
        if !frame.loose.is_empty() {
            let words = merged(std::mem::take(&mut frame.loose));
            frame.nodes.push(json!({ "p": words }));
        }
    }
}

/// Joins neighbouring strings: the parser hands text out in pieces.
fn merged(nodes: Vec<Value>) -> Vec<Value> {
    let mut merged: Vec<Value> = Vec::with_capacity(nodes.len());
    for node in nodes {
        match (merged.last_mut(), node) {
            (Some(Value::String(last)), Value::String(next)) => last.push_str(&next),
            (_, node) => merged.push(node),
        }
    }
    merged
}

fn unguard(text: &str) -> String {
    text.replace(GUARD, "")
}

fn align(alignment: Alignment) -> Value {
    match alignment {
        Alignment::None => Value::Null,
        Alignment::Left => "left".into(),
        Alignment::Center => "center".into(),
        Alignment::Right => "right".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Value {
        parse(text)["blocks"].take()
    }

    #[test]
    fn emphasis_touches_chinese_punctuation() {
        assert_eq!(
            blocks("坚定**“四个自信”**，做到**两个维护。**又"),
            json!([{ "p": [
                "坚定", { "strong": ["“四个自信”"] }, "，做到", { "strong": ["两个维护。"] }, "又"
            ] }])
        );
    }

    #[test]
    fn marks_without_meaning_stay() {
        let text = "3 * 4 < 5 & a_b_c #1 $x$ {{ y }} <b>粗</b> [甲] 3~5个，7~9个";
        assert_eq!(plain(&parse(text)), text);
    }

    #[test]
    fn lines_join_as_the_script_wants() {
        assert_eq!(blocks("科技\n工作者"), json!([{ "p": ["科技工作者"] }]));
        assert_eq!(blocks("one\ntwo"), json!([{ "p": ["one two"] }]));
        assert_eq!(blocks("甲\n\n乙"), json!([{ "p": ["甲"] }, { "p": ["乙"] }]));
    }

    #[test]
    fn notes_stand_where_they_are_referred_to() {
        let text = "甲[^1]，乙[^无]。\n\n[^1]: 注**一**[^1]\n";
        assert_eq!(
            blocks(text),
            json!([{ "p": [
                "甲",
                { "note": [{ "p": ["注", { "strong": ["一"] }, "[^1]"] }] },
                "，乙[^无]。"
            ] }])
        );
        assert_eq!(plain(&parse(text)), "甲，乙[^无]。");
    }

    #[test]
    fn blocks_of_each_kind() {
        let text = "# 题\n\n- 一\n- 二\n  1. 内\n\n> 引\n\n---\n\n```py\nx\n```\n\n|甲|乙|\n|-|-:|\n|1|**2**|\n";
        assert_eq!(
            blocks(text),
            json!([
                { "h": ["题"], "level": 1 },
                { "ul": [[{ "p": ["一"] }], [{ "p": ["二"] }, { "ol": [[{ "p": ["内"] }]], "start": 1 }]] },
                { "quote": [{ "p": ["引"] }] },
                { "hr": true },
                { "code": "x", "lang": "py" },
                { "table": {
                    "align": [null, "right"],
                    "head": [["甲"], ["乙"]],
                    "rows": [[["1"], [{ "strong": ["2"] }]]]
                } },
            ])
        );
    }
}
