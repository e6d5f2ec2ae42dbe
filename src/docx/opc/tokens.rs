//! XML as tokens with byte spans.
//!
//! The reader is strict where Word is: what it lets pass is well-formed but for
//! attributes that are repeated. It reads without copying, and stops at the first
//! fault. Document types are refused, so there are no entities to expand.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

use super::xml::resolve;
use crate::diag::Text;
use crate::text;

/// How long the name of a reference may be, leading zeros included.
const LONGEST_REFERENCE: usize = 64;

/// Why a part cannot be read.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Malformed {
    /// The byte at which reading stopped.
    pub(crate) offset: usize,
    /// What is wrong there.
    pub(crate) cause: Text,
    /// Whether the cause is a document type declaration, which is refused.
    pub(crate) doctype: bool,
}

/// What a token is.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Kind {
    /// `<a …>`.
    Start,
    /// `<a …/>`.
    Empty,
    /// `</a>`.
    End,
    /// Character data with its references, not yet decoded.
    Text,
    /// Declaration, comment, processing instruction or CDATA section.
    Other,
}

/// One token of a part.
#[derive(Debug, Clone)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub(crate) kind: Kind,
    /// The qualified name of a tag; empty for everything else.
    pub(crate) name: &'a str,
    /// Its bytes in the part.
    pub(crate) span: Range<usize>,
}

/// The tokens of a part, in order. Ends after the first fault.
pub(crate) struct Tokens<'a> {
    xml: &'a str,
    at: usize,
    open: Vec<&'a str>,
    rooted: bool,
    finished: bool,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Token<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let token = self.read();
        match &token {
            Ok(Some(token)) => self.at = token.span.end,
            Ok(None) | Err(_) => self.finished = true,
        }
        token.transpose()
    }
}

impl<'a> Tokens<'a> {
    /// The tokens of a text.
    pub(crate) fn new(xml: &'a str) -> Self {
        Self { xml, at: 0, open: Vec::new(), rooted: false, finished: false }
    }

    fn read(&mut self) -> Result<Option<Token<'a>>, Malformed> {
        let start = self.at;
        let bytes = self.xml.as_bytes();
        if bytes.get(start) != Some(&b'<') {
            return if start == bytes.len() { self.end() } else { self.text(start) };
        }
        let token = match bytes.get(start + 1) {
            Some(b'/') => self.close(start),
            Some(b'!' | b'?') => self.other(start),
            _ => self.tag(start),
        };
        token.map(Some)
    }

    fn end(&self) -> Result<Option<Token<'a>>, Malformed> {
        if !self.open.is_empty() {
            return Err(fault(
                self.at,
                text!("元素没有结束", "an element is not closed"),
            ));
        }
        match self.rooted {
            true => Ok(None),
            false => Err(fault(self.at, text!("没有根元素", "there is no root element"))),
        }
    }

    fn text(&self, start: usize) -> Result<Option<Token<'a>>, Malformed> {
        let bytes = self.xml.as_bytes();
        let mut end = start;
        while let Some(found) = memchr2(b'<', b'&', &bytes[end..]) {
            end += found;
            if bytes[end] == b'<' {
                break;
            }
            end = self.reference(end)?;
        }
        if bytes.get(end) != Some(&b'<') {
            end = bytes.len();
        }
        if self.open.is_empty() && !self.xml[start..end].trim().is_empty() {
            return Err(fault(
                start,
                text!("根元素之外有文字", "text outside of the root element"),
            ));
        }
        Ok(Some(Token { kind: Kind::Text, name: "", span: start..end }))
    }

    /// The end of the reference that begins at a position.
    fn reference(&self, at: usize) -> Result<usize, Malformed> {
        let rest = &self.xml.as_bytes()[at + 1..];
        let length = rest.iter().take(LONGEST_REFERENCE).position(|byte| *byte == b';');
        let length =
            length.ok_or_else(|| fault(at, text!("`&` 没有转义", "unescaped `&`")))?;
        let name = self.xml.get(at + 1..at + 1 + length).and_then(resolve);
        match name {
            Some(_) => Ok(at + 1 + length + 1),
            None => Err(fault(at, text!("没有这个实体", "unknown entity"))),
        }
    }

    fn close(&mut self, start: usize) -> Result<Token<'a>, Malformed> {
        let rest = &self.xml[start + 2..];
        let open = self.open.last();
        if let Some(tail) = open.and_then(|open| rest.strip_prefix(*open))
            && let Some(name) = tail.starts_with('>').then(|| self.open.pop()).flatten()
        {
            let span = start..start + name.len() + 3;
            return Ok(Token { kind: Kind::End, name, span });
        }
        let length = memchr(b'>', rest.as_bytes());
        let length = length
            .ok_or_else(|| fault(start, text!("标记没有写完", "a tag is not closed")))?;
        let name = rest[..length].trim_ascii_end();
        match self.open.pop() {
            Some(open) if open == name => {
                let span = start..start + 2 + length + 1;
                Ok(Token { kind: Kind::End, name, span })
            }
            Some(open) => {
                let cause = text!(
                    "`</{name}>` 之前缺少 `</{open}>`",
                    "`</{open}>` is missing before `</{name}>`"
                );
                Err(fault(start, cause))
            }
            None => Err(fault(
                start,
                text!("`</{name}>` 前面没有开始", "`</{name}>` closes nothing"),
            )),
        }
    }

    fn other(&self, start: usize) -> Result<Token<'a>, Malformed> {
        let rest = &self.xml.as_bytes()[start..];
        let (skip, close): (usize, &[u8]) = match rest {
            [b'<', b'?', ..] => (2, b"?>"),
            [b'<', b'!', b'-', b'-', ..] => (4, b"-->"),
            [b'<', b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', ..]
                if !self.open.is_empty() =>
            {
                (9, b"]]>")
            }
            _ if rest.starts_with(b"<!DOCTYPE") => {
                let fault =
                    fault(start, text!("文档类型声明", "document type declaration"));
                return Err(Malformed { doctype: true, ..fault });
            }
            _ => return Err(fault(start, text!("没有这种声明", "unknown declaration"))),
        };
        let length = memmem::find(&rest[skip..], close);
        let length = length.ok_or_else(|| {
            fault(start, text!("注释没有结束", "a comment is not closed"))
        })?;
        let end = start + skip + length + close.len();
        Ok(Token { kind: Kind::Other, name: "", span: start..end })
    }

    fn tag(&mut self, start: usize) -> Result<Token<'a>, Malformed> {
        let bytes = self.xml.as_bytes();
        let mut at = name_end(bytes, start + 1);
        let name = &self.xml[start + 1..at];
        if !is_name(name) {
            return Err(fault(start, text!("`<` 没有转义", "unescaped `<`")));
        }
        if self.open.is_empty() && self.rooted {
            return Err(fault(
                start,
                text!("不止一个根元素", "more than one root element"),
            ));
        }
        self.rooted = true;
        loop {
            let before = at;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            match bytes.get(at) {
                Some(b'>') => {
                    self.open.push(name);
                    return Ok(Token { kind: Kind::Start, name, span: start..at + 1 });
                }
                Some(b'/') if bytes.get(at + 1) == Some(&b'>') => {
                    return Ok(Token { kind: Kind::Empty, name, span: start..at + 2 });
                }
                Some(_) if at > before => at = self.attribute(at)?,
                Some(_) => {
                    return Err(fault(
                        at,
                        text!("标记 `{name}` 写法有误", "malformed tag `{name}`"),
                    ));
                }
                None => {
                    return Err(fault(
                        start,
                        text!("标记没有写完", "a tag is not closed"),
                    ));
                }
            }
        }
    }

    /// The end of the attribute that begins at a position.
    fn attribute(&self, start: usize) -> Result<usize, Malformed> {
        let bytes = self.xml.as_bytes();
        let malformed = || fault(start, text!("属性写法有误", "malformed attribute"));
        let skip = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            at
        };
        let name = name_end(bytes, start);
        let equals = skip(name);
        if name == start || bytes.get(equals) != Some(&b'=') {
            return Err(malformed());
        }
        let open = skip(equals + 1);
        let quote = *bytes.get(open).ok_or_else(malformed)?;
        if !matches!(quote, b'"' | b'\'') {
            return Err(malformed());
        }
        let mut at = open + 1;
        // Values are short: a search that is fast in long ones is slow here.
        loop {
            match bytes.get(at) {
                Some(b'<') | None => return Err(malformed()),
                Some(b'&') => at = self.reference(at)?,
                Some(byte) if *byte == quote => return Ok(at + 1),
                Some(_) => at += 1,
            }
        }
    }
}

fn fault(offset: usize, cause: Text) -> Malformed {
    Malformed { offset, cause, doctype: false }
}

/// The bytes that end a name.
static ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let all = b" \t\n\r/>=<\"'";
    let mut at = 0;
    while at < all.len() {
        ends[all[at] as usize] = true;
        at += 1;
    }
    ends
};

/// The end of the name that begins at a position.
fn name_end(bytes: &[u8], start: usize) -> usize {
    let length = bytes[start..].iter().position(|byte| ENDS[usize::from(*byte)]);
    length.map_or(bytes.len(), |length| start + length)
}

fn is_name(name: &str) -> bool {
    match name.as_bytes().first() {
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':') => true,
        _ => name.chars().next().is_some_and(char::is_alphabetic),
    }
}
