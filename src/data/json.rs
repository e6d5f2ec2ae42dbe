//! A JSON reader (RFC 8259) that keeps where everything stands and goes on
//! after a fault.
//!
//! People write datasets by hand, so one run tells all their slips: a missing
//! comma, a trailing one, full-width quotes, a duplicate key. Each recovery
//! keeps as much of the value as can be trusted; what cannot be is marked as
//! [`Shape::Broken`], so that later checks do not blame its gaps.

use std::ops::Range;

use serde_json::{Map, Number, Value};

use crate::diag::{Diagnostic, Diagnostics, Place, Source, Text};
use crate::text;

/// How deep values may nest. Real datasets have ten levels; the limit keeps a
/// hostile file from exhausting the stack.
const MAX_DEPTH: usize = 128;

/// After how many faults the reader gives up: the rest is noise.
const MAX_FAULTS: usize = 100;

/// A JSON value with the bytes it stands on.
#[derive(Debug, Clone)]
pub struct Node {
    /// The bytes of the value in the text, quotes and brackets included.
    pub range: Range<usize>,
    /// The text that it stands in, of a dataset of several files; the first is 0.
    pub file: usize,
    /// What is inside.
    pub shape: Shape,
}

/// The inside of a [`Node`].
#[derive(Debug, Clone)]
pub enum Shape {
    /// A string, number, boolean or null.
    Leaf(Value),
    /// An array.
    Array(Vec<Node>),
    /// An object; of a duplicate key, the last one counts (as in RFC 8259).
    Object(Vec<Member>),
    /// Something that is not JSON; reads as null.
    Broken,
}

/// A member of an object.
#[derive(Debug, Clone)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// The bytes of the key, quotes included.
    pub key_range: Range<usize>,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The node at a JSON pointer (RFC 6901), if there is one.
    pub fn get(&self, pointer: &str) -> Option<&Node> {
        pointer_tokens(pointer).try_fold(self, |node, token| node.child(&token))
    }

    /// The member whose value is at a JSON pointer.
    pub fn member(&self, pointer: &str) -> Option<&Member> {
        let (parent, _) = pointer.rsplit_once('/')?;
        let token = pointer_tokens(pointer).last()?;
        match &self.get(parent)?.shape {
            Shape::Object(members) => members.iter().rev().find(|m| m.key == token),
            _ => None,
        }
    }

    /// The plain value, without positions.
    pub fn value(&self) -> Value {
        match &self.shape {
            Shape::Leaf(value) => value.clone(),
            Shape::Array(items) => Value::Array(items.iter().map(Node::value).collect()),
            Shape::Object(members) => {
                let pairs = members.iter().map(|m| (m.key.clone(), m.node.value()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
            Shape::Broken => Value::Null,
        }
    }

    /// Whether the value is neither an array nor an object.
    pub fn is_leaf(&self) -> bool {
        matches!(self.shape, Shape::Leaf(_) | Shape::Broken)
    }

    /// Whether members may be missing because the object could not be read.
    pub fn has_broken_members(&self) -> bool {
        match &self.shape {
            Shape::Object(members) => {
                members.iter().any(|m| matches!(m.node.shape, Shape::Broken))
            }
            _ => false,
        }
    }

    /// Whether a part of the value could not be read.
    pub fn is_broken(&self) -> bool {
        match &self.shape {
            Shape::Leaf(_) => false,
            Shape::Array(items) => items.iter().any(Node::is_broken),
            Shape::Object(members) => members.iter().any(|m| m.node.is_broken()),
            Shape::Broken => true,
        }
    }

    fn child(&self, token: &str) -> Option<&Node> {
        match &self.shape {
            Shape::Array(items) => items.get(token.parse::<usize>().ok()?),
            Shape::Object(members) => {
                members.iter().rev().find(|m| m.key == token).map(|m| &m.node)
            }
            Shape::Leaf(_) | Shape::Broken => None,
        }
    }
}

/// The unescaped reference tokens of a JSON pointer.
pub fn pointer_tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// Appends a reference token to a JSON pointer.
pub fn pointer_join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// Reads a JSON text. Faults go to `faults`, and as much of the value as could
/// be read is returned; `None` if there is none at all, or if the reader gave up.
pub fn read(source: &Source, faults: &mut Diagnostics) -> Option<Node> {
    let mut reader =
        Reader { source, text: source.text(), at: 0, depth: 0, gave_up: false, faults };
    reader.space();
    if reader.peek().is_none() {
        faults.push(empty(source));
        return None;
    }
    let node = reader.value();
    reader.space();
    if !reader.gave_up && reader.at < reader.text.len() {
        let rest = reader.at..reader.text.len();
        reader.fault(
            rest,
            "data/trailing-content",
            text!("JSON 值之后还有内容", "content after the JSON value"),
            Some(text!("一个文件只放一个 JSON 值", "keep one JSON value per file")),
        );
    }
    (!reader.gave_up).then_some(node)
}

fn empty(source: &Source) -> Diagnostic {
    Diagnostic::error("data/empty", text!("文件是空的", "the file is empty"))
        .at(Place::file(source.name()))
        .hint(text!(
            "用 `huikan init` 建一个带样例的工程，照样例填写",
            "start from the sample of `huikan init`"
        ))
}

struct Reader<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
    depth: usize,
    /// Set once nothing that follows can be trusted.
    gave_up: bool,
    faults: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        if self.gave_up {
            return None;
        }
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.bump();
        }
        found
    }

    fn fault(
        &mut self,
        range: Range<usize>,
        code: &'static str,
        message: Text,
        hint: Option<Text>,
    ) {
        if self.gave_up {
            return;
        }
        let mut fault = Diagnostic::error(code, message).at(self.source.place(range));
        fault.hints.extend(hint);
        self.faults.push(fault);
        if self.faults.len() >= MAX_FAULTS {
            self.gave_up = true;
            let place = self.source.place(self.at..self.at);
            self.faults.push(
                Diagnostic::error(
                    "data/too-many-faults",
                    text!(
                        "错误超过 {MAX_FAULTS} 处，后面不再检查",
                        "more than {MAX_FAULTS} faults, the rest is not checked"
                    ),
                )
                .at(place),
            );
        }
    }

    fn syntax(&mut self, range: Range<usize>, message: Text, hint: Option<Text>) {
        self.fault(range, "data/syntax", message, hint);
    }

    /// Skips white space, and comments with a fault.
    fn space(&mut self) {
        loop {
            while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
                self.bump();
            }
            let rest = &self.text[self.at..];
            let length = match self.peek() {
                Some('/') if rest.starts_with("//") => {
                    rest.find('\n').unwrap_or(rest.len())
                }
                Some('/') if rest.starts_with("/*") => {
                    rest.find("*/").map_or(rest.len(), |end| end + 2)
                }
                Some(c) if c.is_whitespace() => c.len_utf8(),
                _ => return,
            };
            let range = self.at..self.at + length;
            let message = if rest.starts_with('/') {
                text!("JSON 里不能写注释", "JSON has no comments")
            } else {
                text!(
                    "值与值之间有全角空格一类的空白",
                    "white space that JSON does not allow, such as a full-width space"
                )
            };
            self.syntax(range, message, Some(text!("删去它", "delete it")));
            self.at += length;
        }
    }

    fn value(&mut self) -> Node {
        let start = self.at;
        let shape = match self.peek() {
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::array),
            Some('"' | '\'' | '“' | '”' | '‘' | '’') => {
                Shape::Leaf(self.string().into())
            }
            Some('-' | '+' | '.' | '0'..='9') => self.number(),
            Some(c) if c.is_alphabetic() => self.word(),
            _ => self.no_value(),
        };
        Node { range: start..self.at, file: 0, shape }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Shape) -> Shape {
        if self.depth == MAX_DEPTH {
            self.fault(
                self.at..self.at + 1,
                "data/too-deep",
                text!("嵌套超过 {MAX_DEPTH} 层", "nested deeper than {MAX_DEPTH} levels"),
                None,
            );
            self.gave_up = true;
            self.at = self.text.len();
            return Shape::Broken;
        }
        self.depth += 1;
        let shape = read(self);
        self.depth -= 1;
        shape
    }

    fn array(&mut self) -> Shape {
        let open = self.at;
        self.bump();
        let mut items = Vec::new();
        loop {
            self.space();
            if self.eat(']') {
                return Shape::Array(items);
            }
            if matches!(self.peek(), None | Some('}')) {
                self.unclosed(open, '[', ']');
                items.push(self.broken_here());
                return Shape::Array(items);
            }
            items.push(self.value());
            self.separator(']');
        }
    }

    fn object(&mut self) -> Shape {
        let open = self.at;
        self.bump();
        let mut members: Vec<Member> = Vec::new();
        loop {
            self.space();
            if self.eat('}') {
                return Shape::Object(members);
            }
            if matches!(self.peek(), None | Some(']')) {
                self.unclosed(open, '{', '}');
                let node = self.broken_here();
                let key_range = node.range.clone();
                members.push(Member { key: String::new(), key_range, node });
                return Shape::Object(members);
            }
            let member = self.member();
            self.report_duplicate(&members, &member);
            members.push(member);
            self.separator('}');
        }
    }

    fn member(&mut self) -> Member {
        let start = self.at;
        let key = match self.peek() {
            Some('"' | '\'' | '“' | '”' | '‘' | '’') => self.string(),
            Some(c) if c.is_alphanumeric() || c == '_' => self.bare_key(),
            _ => {
                let node = Node { range: start..start, file: 0, shape: self.no_value() };
                return Member { key: String::new(), key_range: start..self.at, node };
            }
        };
        let key_range = start..self.at;
        self.space();
        if self.eat('：') {
            let range = self.at - '：'.len_utf8()..self.at;
            let hint = text!("改成半角 `:`", "write an ASCII `:`");
            self.syntax(range, text!("全角冒号", "full-width colon"), Some(hint));
        } else if self.follows_quote(self.at) {
            self.unpaired_quote(self.at);
        } else if !self.eat(':') {
            let message =
                text!("键 `{key}` 之后缺少冒号", "missing colon after the key `{key}`");
            self.syntax(key_range.clone(), message, None);
        }
        self.space();
        Member { key, key_range, node: self.value() }
    }

    fn bare_key(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-') {
            self.bump();
        }
        let key = self.text[start..self.at].to_string();
        let hint = text!("写成 `\"{key}\"`", "write `\"{key}\"`");
        let message = text!("键没有加引号", "the key is not quoted");
        self.syntax(start..self.at, message, Some(hint));
        key
    }

    fn report_duplicate(&mut self, members: &[Member], new: &Member) {
        let Some(first) = members.iter().find(|m| m.key == new.key) else { return };
        let key = &new.key;
        if key.is_empty() {
            return;
        }
        let line = self
            .source
            .place(first.key_range.clone())
            .position
            .map_or(0, |position| position.line);
        self.fault(
            new.key_range.clone(),
            "data/duplicate-key",
            text!("键 `{key}` 重复", "duplicate key `{key}`"),
            Some(text!(
                "第 {line} 行已经有这个键，留一个",
                "it is already on line {line}: keep one of them"
            )),
        );
    }

    /// Reads what stands between two values, up to the next one or to `close`.
    fn separator(&mut self, close: char) {
        self.space();
        let before = self.at;
        if self.eat(',') {
            self.space();
            if self.peek() == Some(close) {
                let message =
                    text!("`{close}` 前多了一个逗号", "trailing comma before `{close}`");
                let hint = text!("删去这个逗号", "delete the comma");
                self.syntax(before..before + 1, message, Some(hint));
            }
        } else if let Some(c @ ('，' | '、' | '；' | ';')) = self.peek() {
            self.bump();
            let message = text!("`{c}` 不能分隔两个值", "`{c}` does not separate values");
            let hint = text!("改成半角逗号 `,`", "write an ASCII comma `,`");
            self.syntax(before..self.at, message, Some(hint));
        } else if self.follows_quote(before) {
            self.unpaired_quote(before);
        } else if !matches!(self.peek(), None | Some(']' | '}')) {
            let end = self.text[..before].trim_end().len();
            let message = text!("两个值之间缺少逗号", "missing comma between two values");
            let hint =
                text!("在上一个值之后加 `,`", "write `,` after the previous value");
            self.syntax(end..end, message, Some(hint));
        }
    }

    /// Whether a word begins right after a closing quote: then that quote was
    /// meant to open, and one is missing before it.
    fn follows_quote(&self, at: usize) -> bool {
        self.text[..at].ends_with('"') && self.peek().is_some_and(char::is_alphanumeric)
    }

    /// From here on inside and outside of strings are mixed up: nothing that
    /// follows can be trusted.
    fn unpaired_quote(&mut self, at: usize) {
        let message =
            text!("这一行的引号不成对", "the quotes on this line do not pair up");
        let hint = text!(
            "在前一段文字的末尾补上 `\"`；这之后的内容改好再查",
            "close the text before it with `\"`; what follows is checked after that"
        );
        self.syntax(at - 1..at, message, Some(hint));
        self.gave_up = true;
        self.at = self.text.len();
    }

    fn unclosed(&mut self, open: usize, bracket: char, close: char) {
        let message =
            text!("`{bracket}` 没有对应的 `{close}`", "`{bracket}` is never closed");
        self.syntax(open..open + 1, message, None);
    }

    fn broken_here(&self) -> Node {
        Node { range: self.at..self.at, file: 0, shape: Shape::Broken }
    }

    /// Something stands where a value should: report it and skip to what may
    /// end it.
    fn no_value(&mut self) -> Shape {
        let start = self.at;
        while self.peek().is_some_and(|c| !matches!(c, ',' | ']' | '}' | '\n')) {
            self.bump();
        }
        if start == self.at && matches!(self.peek(), Some(']' | '}')) && self.depth == 0 {
            self.bump();
        }
        let found = self.text[start..self.at].trim_end();
        let range = start..start + found.len();
        let message = match found.chars().next() {
            None => text!("这里缺少一个值", "a value is missing here"),
            Some(c) => {
                let c = c.escape_debug();
                text!("这里应是一个值，却是 `{c}`", "expected a value, found `{c}`")
            }
        };
        self.syntax(range, message, None);
        Shape::Broken
    }

    fn word(&mut self) -> Shape {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.bump();
        }
        let word = &self.text[start..self.at];
        let value = match word {
            "true" => return Shape::Leaf(Value::Bool(true)),
            "false" => return Shape::Leaf(Value::Bool(false)),
            "null" => return Shape::Leaf(Value::Null),
            "True" | "TRUE" => Some("true"),
            "False" | "FALSE" => Some("false"),
            "None" | "nil" | "undefined" | "NaN" => Some("null"),
            _ => None,
        };
        let hint = match value {
            Some(value) => text!("写成 `{value}`", "write `{value}`"),
            None => text!("文字要加引号：`\"{word}\"`", "quote text: `\"{word}\"`"),
        };
        let message = text!("`{word}` 不是 JSON 值", "`{word}` is not a JSON value");
        self.syntax(start..self.at, message, Some(hint));
        Shape::Broken
    }

    fn number(&mut self) -> Shape {
        let start = self.at;
        while self.peek().is_some_and(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_')
        }) {
            self.bump();
        }
        let written = &self.text[start..self.at];
        match written.parse::<Number>() {
            Ok(number) if is_json_number(written) => Shape::Leaf(Value::Number(number)),
            _ => {
                let message = text!(
                    "`{written}` 不是 JSON 数字",
                    "`{written}` is not a JSON number"
                );
                let hint = text!(
                    "写成 `0.5`、`-3`、`1200` 这样；带单位的写成文字",
                    "write it like `0.5`, `-3` or `1200`; quote it if it has a unit"
                );
                self.syntax(start..self.at, message, Some(hint));
                Shape::Broken
            }
        }
    }

    fn string(&mut self) -> String {
        let start = self.at;
        let Some(open) = self.peek() else { return String::new() };
        self.bump();
        let mut value = String::new();
        loop {
            let at = self.at;
            match self.peek() {
                None | Some('\n') => {
                    self.unterminated(start);
                    return value;
                }
                Some(c) if closes(open, c) => {
                    self.bump();
                    self.check_quotes(start, open);
                    return value;
                }
                Some('\\') => self.escape(&mut value),
                Some(c) if c < ' ' => {
                    self.bump();
                    let code = c as u32;
                    let message = text!(
                        "文字里有未转义的控制字符 U+{code:04X}",
                        "unescaped control character U+{code:04X} in a string"
                    );
                    let hint = text!(
                        "删去它，或写成 `\\u{code:04x}`",
                        "delete it, or write `\\u{code:04x}`"
                    );
                    self.syntax(at..self.at, message, Some(hint));
                    value.push(c);
                }
                Some(c) => {
                    self.bump();
                    value.push(c);
                }
            }
        }
    }

    fn unterminated(&mut self, start: usize) {
        let message = text!("文字的引号没有结束", "the string is never closed");
        let hint = text!(
            "在行末补上 `\"`；换行写成 `\\n`",
            "close it with `\"` on the same line; write a line break as `\\n`"
        );
        self.syntax(start..self.at, message, Some(hint));
    }

    fn check_quotes(&mut self, start: usize, open: char) {
        if open != '"' {
            let message = text!(
                "引号 `{open}` 不是半角双引号",
                "`{open}` is not an ASCII double quote"
            );
            let hint = text!("键和文字都用 `\"` 括起来", "enclose keys and text in `\"`");
            self.syntax(start..start + open.len_utf8(), message, Some(hint));
        }
    }

    fn escape(&mut self, value: &mut String) {
        let start = self.at;
        self.bump();
        let Some(c) = self.peek() else { return };
        if c == 'u' {
            self.bump();
            self.unicode_escape(start, value);
            return;
        }
        let plain = match c {
            '"' | '\\' | '/' => Some(c),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            _ => None,
        };
        if c != '\n' {
            self.bump();
        }
        match plain {
            Some(c) => value.push(c),
            None => {
                let shown = c.escape_debug();
                let message = text!(
                    "`\\{shown}` 不是 JSON 转义",
                    "`\\{shown}` is not a JSON escape"
                );
                let hint = text!("反斜线本身写成 `\\\\`", "write a backslash as `\\\\`");
                self.syntax(start..self.at, message, Some(hint));
                value.push(c);
            }
        }
    }

    /// Reads what follows `\u`. Half of a surrogate pair is no character: it is
    /// replaced by U+FFFD, which readers see, with a warning.
    fn unicode_escape(&mut self, start: usize, value: &mut String) {
        let Some(unit) = self.hex4() else {
            let message =
                text!("`\\u` 之后要有四位十六进制数", "`\\u` needs four hex digits");
            self.syntax(start..self.at, message, None);
            return;
        };
        let mut code = unit;
        if (0xD800..0xDC00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            match self.hex4() {
                Some(low) if (0xDC00..0xE000).contains(&low) => {
                    code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                }
                _ => self.at = before,
            }
        }
        value.push(char::from_u32(code).unwrap_or_else(|| {
            self.lone_surrogate(start, code);
            char::REPLACEMENT_CHARACTER
        }));
    }

    fn lone_surrogate(&mut self, start: usize, code: u32) {
        let place = self.source.place(start..self.at);
        self.faults.push(
            Diagnostic::warning(
                "data/lone-surrogate",
                text!(
                    "`\\u{code:04x}` 只是半个字符，印成 �",
                    "`\\u{code:04x}` is half a character, printed as �"
                ),
            )
            .at(place)
            .hint(text!("直接写这个字", "write the character itself")),
        );
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let digits = digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(digits)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// Whether a character ends a string that `open` began. Of the quotes that are
/// not JSON, the full-width pairs close each other in any order.
fn closes(open: char, c: char) -> bool {
    match open {
        '“' | '”' => matches!(c, '”' | '“' | '"'),
        '‘' | '’' => matches!(c, '’' | '‘' | '\''),
        _ => c == open,
    }
}

/// The number grammar of RFC 8259, section 6.
fn is_json_number(written: &str) -> bool {
    let digits = written.strip_prefix('-').unwrap_or(written);
    let integer = digits.bytes().take_while(u8::is_ascii_digit).count();
    integer > 0 && (integer == 1 || !digits.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Option<Value>, Vec<String>) {
        let source = Source::new("t.json", text);
        let mut faults = Diagnostics::new();
        let node = read(&source, &mut faults);
        let codes =
            faults.into_vec().iter().map(|fault| fault.code.to_string()).collect();
        (node.map(|node| node.value()), codes)
    }

    #[test]
    fn reads_what_serde_json_reads() {
        let text =
            r#" {"a":[1,-2.5e3,0,true,false,null,"x\n\"\u4e00\ud83d\ude00"],"b":{}} "#;
        let (value, codes) = read_text(text);
        assert_eq!(value, Some(serde_json::from_str::<Value>(text).expect("valid")));
        assert_eq!(codes, [""; 0]);
    }

    #[test]
    fn recovers_from_each_slip() {
        let (value, codes) = read_text("{'a': 1,, b: [1 2,], “c”：True，\"d\": 05}");
        assert_eq!(
            codes.iter().filter(|code| **code == "data/syntax").count(),
            codes.len()
        );
        let value = value.expect("a value");
        assert_eq!(value["a"], 1);
        assert_eq!(value["b"], serde_json::json!([1, 2]));
        assert!(value.get("c").is_some() && value.get("d").is_some());
    }

    #[test]
    fn finds_nodes_by_pointer() {
        let source = Source::new("t.json", r#"{"a/b":[{"c~":"x"}]}"#);
        let node = read(&source, &mut Diagnostics::new()).expect("a value");
        let found = node.get("/a~1b/0/c~0").expect("a node");
        assert_eq!(&source.text()[found.range.clone()], r#""x""#);
        assert!(node.get("/a~1b/1").is_none());
        assert_eq!(node.member("/a~1b/0/c~0").expect("a member").key, "c~");
    }

    #[test]
    fn stops_at_hostile_nesting_and_at_noise() {
        assert_eq!(read_text(&"[".repeat(1 << 20)).1, ["data/too-deep"]);
        assert_eq!(read_text(&"[0,".repeat(1000)).1, ["data/too-deep"]);
        let noise = format!("[{}]", "x,".repeat(1000));
        assert_eq!(read_text(&noise).1.last(), Some(&"data/too-many-faults".to_string()));
    }
}
