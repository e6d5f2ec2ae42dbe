//! The outline of a part, attributes and character data, made of tokens.
//!
//! Nothing here builds a tree of its own text: every token, element and text
//! is a range of the part's bytes, so that whatever is not touched stays
//! byte-identical.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

pub(crate) use super::tokens::{Kind, Malformed, Token, Tokens};
use crate::text;

/// The namespace of WordprocessingML, transitional and strict.
const WORD_NAMESPACES: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// The character that a reference's name (`amp`, `#x41`) stands for.
pub(crate) fn resolve(name: &str) -> Option<char> {
    let code = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        name => name.strip_prefix('#')?,
    };
    let number = match code.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => code.parse(),
    };
    number.ok().and_then(char::from_u32).filter(|c| is_character(*c))
}

/// Fails if a text is not well-formed.
pub(crate) fn check(xml: &str) -> Result<(), Malformed> {
    Tokens::new(xml).try_for_each(|token| token.map(|_| ()))
}

/// Fails if there is a character that XML 1.0 forbids: some of them are marks of
/// ours, which a template must not bring along.
pub(crate) fn check_characters(xml: &str) -> Result<(), Malformed> {
    let forbidden = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    match xml.bytes().position(forbidden) {
        Some(offset) => {
            let cause = text!("有 XML 不许的字符", "a character that XML forbids");
            Err(Malformed { offset, cause, doctype: false })
        }
        None => Ok(()),
    }
}

/// Whether a part has a word in it. Parts are long: this is several times as fast
/// as what the standard library does.
pub(crate) fn mentions(xml: &str, word: &str) -> bool {
    memmem::find(xml.as_bytes(), word.as_bytes()).is_some()
}

/// Whether XML 1.0 knows a character.
pub(crate) fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// The characters of raw character data, with the bytes each is written in.
pub(crate) fn characters(raw: &str) -> impl Iterator<Item = (Range<usize>, char)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let c = raw[at..].chars().next()?;
        let start = at;
        let reference = (c == '&')
            .then(|| raw[at..].find(';'))
            .flatten()
            .and_then(|end| Some((resolve(&raw[at + 1..at + end])?, end + 1)));
        let (c, length) = reference.unwrap_or((c, c.len_utf8()));
        at += length;
        Some((start..at, c))
    })
}

/// Raw character data as text.
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    if raw.contains('&') {
        characters(raw).map(|(_, c)| c).collect()
    } else {
        Cow::Borrowed(raw)
    }
}

/// The attributes of a tag's bytes: qualified name and the range of the raw
/// value, both relative to the tag.
pub(crate) fn attributes(tag: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
    std::iter::from_fn(move || {
        let rest = &tag[at..];
        let equals = rest.find('=')?;
        let name = rest[..equals].trim();
        let open = equals + 1 + rest[equals + 1..].find(['"', '\''])?;
        let quote = char::from(rest.as_bytes()[open]);
        let length = rest[open + 1..].find(quote)?;
        let value = at + open + 1..at + open + 1 + length;
        at = value.end + 1;
        Some((name, value))
    })
}

/// The decoded value of one attribute of a tag's bytes.
pub(crate) fn attribute<'t>(tag: &'t str, name: &str) -> Option<Cow<'t, str>> {
    let (_, value) = attributes(tag).find(|(found, _)| *found == name)?;
    Some(decode(&tag[value]))
}

/// Replacements of bytes of a part, which do not overlap.
pub(crate) type Edits = Vec<(Range<usize>, String)>;

/// A part with some of its bytes replaced.
pub(crate) fn edited(xml: &str, mut edits: Edits) -> String {
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let added: usize = edits.iter().map(|(_, markup)| markup.len()).sum();
    let mut out = String::with_capacity(xml.len() + added);
    let mut at = 0;
    for (span, markup) in edits {
        out.push_str(&xml[at..span.start]);
        out.push_str(&markup);
        at = span.end;
    }
    out.push_str(&xml[at..]);
    out
}

/// One element of an [`Outline`].
#[derive(Debug, Clone)]
pub(crate) struct Element<'a> {
    /// The qualified name.
    pub(crate) name: &'a str,
    /// The index of the element around it.
    pub(crate) parent: Option<usize>,
    /// All its bytes.
    pub(crate) span: Range<usize>,
    /// The bytes of its start tag.
    pub(crate) open: Range<usize>,
    /// The first byte of its end tag, or the end of an empty-element tag.
    pub(crate) close: usize,
}

/// A step through a part in document order.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// An element begins.
    Open(usize),
    /// Character data directly inside an element.
    Text(usize, Range<usize>),
    /// An element ends.
    Close(usize),
}

/// The elements and texts of a part, as ranges of its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Outline<'a> {
    /// The part.
    pub(crate) xml: &'a str,
    /// All elements in document order.
    pub(crate) elements: Vec<Element<'a>>,
    /// All steps in document order.
    pub(crate) nodes: Vec<Node>,
}

impl<'a> Outline<'a> {
    /// Reads a part.
    pub(crate) fn read(xml: &'a str) -> Result<Self, Malformed> {
        // Typical markup, so that most parts need no growth.
        let (elements, nodes) = (xml.len() / 40, xml.len() / 16);
        let mut outline = Self {
            xml,
            elements: Vec::with_capacity(elements),
            nodes: Vec::with_capacity(nodes),
        };
        let mut open: Vec<usize> = Vec::new();
        for token in Tokens::new(xml) {
            let token = token?;
            match token.kind {
                Kind::Start | Kind::Empty => {
                    let parent = open.last().copied();
                    let index = outline.elements.len();
                    outline.elements.push(Element {
                        name: token.name,
                        parent,
                        span: token.span.clone(),
                        open: token.span.clone(),
                        close: token.span.end,
                    });
                    outline.nodes.push(Node::Open(index));
                    if token.kind == Kind::Start {
                        open.push(index);
                    } else {
                        outline.nodes.push(Node::Close(index));
                    }
                }
                Kind::End => {
                    if let Some(index) = open.pop() {
                        outline.elements[index].close = token.span.start;
                        outline.elements[index].span.end = token.span.end;
                        outline.nodes.push(Node::Close(index));
                    }
                }
                Kind::Text => {
                    if let Some(&parent) = open.last() {
                        outline.nodes.push(Node::Text(parent, token.span));
                    }
                }
                Kind::Other => {}
            }
        }
        Ok(outline)
    }

    /// For each element the names from the root to it, as a number: equal for
    /// equal paths.
    pub(crate) fn paths(&self) -> Vec<usize> {
        let mut known: HashMap<(usize, &str), usize> = HashMap::new();
        let mut paths: Vec<usize> = Vec::with_capacity(self.elements.len());
        for element in &self.elements {
            let above = element.parent.map_or(0, |parent| paths[parent]);
            let next = known.len() + 1;
            paths.push(*known.entry((above, element.name)).or_insert(next));
        }
        paths
    }

    /// The bytes of an element's start tag.
    pub(crate) fn tag(&self, element: usize) -> &'a str {
        &self.xml[self.elements[element].open.clone()]
    }

    /// All bytes of an element.
    pub(crate) fn raw(&self, element: usize) -> &'a str {
        &self.xml[self.elements[element].span.clone()]
    }

    /// The element itself and those around it, from the inside out.
    pub(crate) fn ancestors(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(element), |&at| self.elements[at].parent)
    }

    /// The innermost element of a name around (or at) an element.
    pub(crate) fn enclosing(&self, element: usize, name: &str) -> Option<usize> {
        self.ancestors(element).find(|&at| self.elements[at].name == name)
    }

    /// The direct children of an element.
    pub(crate) fn children(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.elements[element].span.end;
        let mut next = element + 1;
        std::iter::from_fn(move || {
            let child = self.elements.get(next).filter(|at| at.span.start < end)?;
            let found = next;
            let after = child.span.end;
            next += 1;
            while self.elements.get(next).is_some_and(|at| at.span.start < after) {
                next += 1;
            }
            Some(found)
        })
    }

    /// The first direct child of a name.
    pub(crate) fn child(&self, element: usize, name: &str) -> Option<usize> {
        self.children(element).find(|&at| self.elements[at].name == name)
    }

    /// An attribute of the first direct child of a name.
    pub(crate) fn child_attribute(
        &self,
        element: usize,
        child: &str,
        attribute_name: &str,
    ) -> Option<Cow<'a, str>> {
        attribute(self.tag(self.child(element, child)?), attribute_name)
    }

    /// The decoded character data of all `w:t` inside an element.
    pub(crate) fn text(&self, element: usize) -> String {
        let span = &self.elements[element].span;
        self.nodes_in(span)
            .filter_map(|node| match node {
                Node::Text(at, range) if self.elements[*at].name == "w:t" => {
                    Some(decode(&self.xml[range.clone()]))
                }
                _ => None,
            })
            .collect()
    }

    /// The elements that begin inside a range of bytes.
    pub(crate) fn elements_in(&self, span: &Range<usize>) -> Range<usize> {
        let from = self.elements.partition_point(|at| at.span.start < span.start);
        let to = self.elements.partition_point(|at| at.span.start < span.end);
        from..to.max(from)
    }

    /// The steps whose bytes begin inside a range.
    pub(crate) fn nodes_in<'s>(
        &'s self,
        span: &Range<usize>,
    ) -> impl Iterator<Item = &'s Node> {
        let begins = |node: &Node| match node {
            Node::Open(at) => self.elements[*at].span.start,
            Node::Text(_, range) => range.start,
            Node::Close(at) => self.elements[*at].close,
        };
        let from = self.nodes.partition_point(|node| begins(node) < span.start);
        let to = self.nodes.partition_point(|node| begins(node) < span.end);
        self.nodes[from..to.max(from)].iter()
    }

    /// Whether the prefix `w` stands for WordprocessingML at the root.
    pub(crate) fn is_word(&self) -> bool {
        self.elements.first().is_some_and(|root| {
            attribute(&self.xml[root.open.clone()], "xmlns:w")
                .is_some_and(|uri| WORD_NAMESPACES.contains(&uri.as_ref()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outline_ranges_are_the_bytes() {
        let outline = Outline::read("<a><b x='1'/>t&amp;u<c>v</c></a>").expect("valid");
        let raws: Vec<_> = (0..3).map(|at| outline.raw(at)).collect();
        assert_eq!(raws, ["<a><b x='1'/>t&amp;u<c>v</c></a>", "<b x='1'/>", "<c>v</c>"]);
        assert_eq!(outline.children(0).collect::<Vec<_>>(), [1, 2]);
        assert!(matches!(&outline.nodes[3], Node::Text(0, range) if *range == (13..20)));
    }

    #[test]
    fn faults_are_found() {
        for bad in [
            "",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&x;</a>",
            "<!DOCTYPE a><a/>",
            "<a",
            "<a>&</a>",
            "<a>&#1;</a>",
            "<a x></a>",
            "<a x=1/>",
            "<a x='<'/>",
            "<a x='&y;'/>",
            "<a x='1'y='2'/>",
            "<a x='1/>",
            "< a/>",
            "<1/>",
            "</a>",
            "x<a/>",
            "<a/>x",
            "<a><!-- </a>",
            "<a><![CDATA[ </a>",
            "<a><!x></a>",
            "<a>]]&gt;</b>",
        ] {
            assert!(Outline::read(bad).is_err(), "{bad}");
        }
    }
}
