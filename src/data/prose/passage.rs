//! Passages: what rules read of a string.
//!
//! A string is one passage if it is plain, and several if it is Markdown: one for each
//! paragraph, heading, item and cell. Markup is left out, so that in `**学会**,` the
//! comma stands beside 会; addresses, code and references to figures are one letter
//! each, which rules leave alone.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::character::is_han;
use crate::data::markdown;

/// A run of text that is read as one.
#[derive(Debug, Clone)]
pub struct Passage<'a> {
    /// The whole string that it stands in.
    pub text: &'a str,
    /// What is read of it.
    pub letters: Vec<Letter>,
    /// What it is.
    pub role: Role,
}

/// A character, or something that is read as one.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Letter {
    /// Where it stands, in bytes of the string.
    pub range: Range<usize>,
    /// The character; [`OBJECT`] for an address or code, `0` for a reference to a
    /// figure, which is printed as a number.
    pub c: char,
}

/// What a passage is.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub enum Role {
    /// A title or heading, or a line in the place of one.
    Heading,
    /// A paragraph of running text.
    Paragraph,
    /// An item of a list, or a cell of a table.
    Item,
    /// The name of a person.
    Name,
    /// A short plain string: a label, a unit, an office.
    Phrase,
}

/// Stands for an address, code, a picture or a note.
pub const OBJECT: char = '\u{FFFC}';

impl Letter {
    /// Whether it is the character that it says, and may be changed.
    pub fn is_plain(&self) -> bool {
        self.range.len() == self.c.len_utf8() && self.c != OBJECT
    }
}

impl Passage<'_> {
    /// The character before the letter at an index.
    pub fn before(&self, index: usize) -> Option<char> {
        Some(self.letters.get(index.checked_sub(1)?)?.c)
    }

    /// The character after the letter at an index.
    pub fn after(&self, index: usize) -> Option<char> {
        Some(self.letters.get(index + 1)?.c)
    }

    /// The character at an index.
    pub fn at(&self, index: usize) -> Option<char> {
        Some(self.letters.get(index)?.c)
    }

    /// Whether words stand at an index.
    pub fn has(&self, index: usize, words: &str) -> bool {
        let mut letters = self.letters.get(index..).unwrap_or_default().iter();
        words.chars().all(|c| letters.next().is_some_and(|letter| letter.c == c))
    }

    /// Whether words end before an index.
    pub fn has_before(&self, index: usize, words: &str) -> bool {
        let mut letters = self.letters.get(..index).unwrap_or_default().iter().rev();
        words.chars().rev().all(|c| letters.next().is_some_and(|letter| letter.c == c))
    }

    /// The end of the run of such characters that begins at an index.
    pub fn end_of(&self, from: usize, such: impl Fn(char) -> bool) -> usize {
        let rest = self.letters.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|letter| such(letter.c)).count()
    }

    /// The start of the run of such characters that ends before an index.
    pub fn start_of(&self, to: usize, such: impl Fn(char) -> bool) -> usize {
        let rest = self.letters.get(..to).unwrap_or_default();
        to - rest.iter().rev().take_while(|letter| such(letter.c)).count()
    }

    /// What is read of some letters.
    pub fn read(&self, letters: Range<usize>) -> String {
        let letters = self.letters.get(letters).unwrap_or_default();
        letters.iter().map(|letter| letter.c).collect()
    }

    /// Whether it is written in Latin letters, with a Chinese word or two.
    pub fn is_latin(&self) -> bool {
        let latin = self.letters.iter().filter(|l| l.c.is_ascii_alphabetic()).count();
        latin > 0 && latin > 2 * self.letters.iter().filter(|l| is_han(l.c)).count()
    }

    /// Whether it is an entry of a list of references (GB/T 7714), which has half-width
    /// marks: `王芳,李明.县域科普[J].科普,2020,3(2):12.`
    pub fn is_citation(&self) -> bool {
        let kind = |at: usize| {
            let letter = self.at(at + 1).filter(|c| "MCNJDRSPGZA".contains(*c));
            letter.is_some() && matches!(self.at(at + 2), Some(']' | '/'))
        };
        self.letters.iter().enumerate().any(|(at, letter)| letter.c == '[' && kind(at))
    }

    /// The bytes of the string from one letter to another, which is in it.
    pub fn span(&self, first: usize, last: usize) -> Range<usize> {
        self.letters[first].range.start..self.letters[last].range.end
    }

    /// What is read, without markup.
    pub fn words(&self) -> String {
        self.letters.iter().map(|letter| letter.c).collect()
    }

    /// Whether nothing is read.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }
}

/// The passages of a string; `role` is what a plain one is, and what the paragraphs of
/// Markdown are.
pub fn passages(text: &str, markdown: bool, role: Role) -> Vec<Passage<'_>> {
    match markdown {
        true => of_markdown(text, role),
        false => {
            let mut letters = Vec::new();
            push(&mut letters, text, 0..text.len());
            vec![Passage { text, letters, role }]
        }
    }
}

fn of_markdown(text: &str, role: Role) -> Vec<Passage<'_>> {
    let mut reader =
        Reader { text, role, open: Vec::new(), code: false, done: Vec::new() };
    markdown::events(text, |event, range| reader.event(event, range));
    reader.close();
    reader.done
}

struct Reader<'a> {
    text: &'a str,
    role: Role,
    /// The passage that is being read.
    open: Vec<Letter>,
    /// Whether what comes is code.
    code: bool,
    done: Vec<Passage<'a>>,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                self.close();
                self.code = true;
            }
            Event::End(TagEnd::CodeBlock) => self.code = false,
            Event::Start(Tag::Image { .. }) => self.object(range),
            Event::Start(tag) if is_block(&tag.to_end()) => self.close(),
            Event::End(tag) if is_block(tag) => self.close_as(*tag),
            Event::Text(_) if self.code => {}
            Event::Text(text) => match self.entity(text, &range) {
                Some(c) => self.open.push(Letter { range, c }),
                None => push(&mut self.open, self.text, range),
            },
            Event::SoftBreak | Event::HardBreak => self.line_end(range),
            Event::Code(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => self.object(range),
            // A note's mark takes no part in the sentence around it.
            Event::FootnoteReference(_)
            | Event::Start(_)
            | Event::End(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    /// The character that is written as an entity: `&lt;`.
    fn entity(&self, text: &str, range: &Range<usize>) -> Option<char> {
        let written = self.text.get(range.clone())?;
        let c = text.chars().next().filter(|c| c.len_utf8() == text.len())?;
        (written.starts_with('&') && written != text).then_some(c)
    }

    fn object(&mut self, range: Range<usize>) {
        self.open.push(Letter { range, c: OBJECT });
    }

    fn line_end(&mut self, range: Range<usize>) {
        let range = range.start..range.start + 1;
        if self.text.get(range.clone()) == Some("\n") {
            self.open.push(Letter { range, c: '\n' });
        }
    }

    fn close(&mut self) {
        self.close_with(self.role);
    }

    fn close_as(&mut self, tag: TagEnd) {
        self.close_with(match tag {
            TagEnd::Heading(_) => Role::Heading,
            TagEnd::Item | TagEnd::TableCell => Role::Item,
            _ => self.role,
        });
    }

    fn close_with(&mut self, role: Role) {
        let letters = std::mem::take(&mut self.open);
        if !letters.is_empty() {
            self.done.push(Passage { text: self.text, letters, role });
        }
    }
}

fn is_block(tag: &TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}

/// Adds the letters of a part of a string.
fn push(letters: &mut Vec<Letter>, text: &str, range: Range<usize>) {
    let mut at = range.start;
    while let Some(c) = text[at..range.end].chars().next() {
        let rest = &text[at..range.end];
        let (length, c) = match (address(rest, letters.last()), reference(rest)) {
            (Some(length), _) => (length, OBJECT),
            (None, Some(length)) => (length, '0'),
            (None, None) => (c.len_utf8(), c),
        };
        letters.push(Letter { range: at..at + length, c });
        at += length;
    }
}

/// The length of an address (of the web or of mail) at the start of a text.
fn address(text: &str, before: Option<&Letter>) -> Option<usize> {
    let first = text.as_bytes().first().filter(|byte| byte.is_ascii_alphanumeric())?;
    // An address starts a word.
    if before.is_some_and(|letter| letter.c.is_ascii_alphanumeric()) {
        return None;
    }
    let schemed = matches!(first, b'h' | b'H' | b'f' | b'F' | b'w' | b'W' | b'm' | b'M');
    let inside = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '`');
    let end = text.find(|c| !inside(c)).unwrap_or(text.len());
    let word =
        text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '*']);
    let lower = || word.get(..8).unwrap_or(word).to_ascii_lowercase();
    let starts = |prefix: &&str| lower().starts_with(prefix);
    if schemed && ["http://", "https://", "ftp://", "www.", "mailto:"].iter().any(starts)
    {
        return Some(word.len());
    }
    let (name, host) = word.split_once('@')?;
    let is_host = host.contains('.') && !host.contains(['@', '/']);
    (is_host && !name.contains([',', ';', '(', ':'])).then_some(word.len())
}

/// The length of a reference to a figure, `{figures.stations:last}`, at the start of
/// a text.
fn reference(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('{')?;
    let (name, _) = inside.split_once('}')?;
    let word = |c: char| c.is_alphanumeric() || "._:+-%".contains(c);
    (name.contains('.') && name.chars().all(word)).then_some(name.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        passages(text, true, Role::Paragraph).iter().map(Passage::words).collect()
    }

    #[test]
    fn markup_is_not_read() {
        assert_eq!(
            read("# 题\n\n**学会**,*好*~~吗~~[链](http://a.b)"),
            ["题", "学会,好吗链"]
        );
        assert_eq!(read("- 甲\n- 乙\n\n| 丙 | 丁 |\n|---|---|\n| 1 | 2 |").len(), 6);
        assert_eq!(read("```\na,b\n```\n`x,y`在"), ["\u{FFFC}在"]);
    }

    #[test]
    fn ranges_are_those_of_the_string() {
        let text = "甲**“乙”**丙 3~5个 \\* 丁";
        for passage in passages(text, true, Role::Paragraph) {
            for letter in &passage.letters {
                assert_eq!(&text[letter.range.clone()], letter.c.to_string());
            }
        }
    }

    #[test]
    fn entities_are_what_they_stand_for() {
        assert_eq!(read("甲&nbsp;乙 &lt;丙&gt; A&B &无;"), ["甲\u{a0}乙 <丙> A&B &无;"]);
    }

    #[test]
    fn addresses_and_references_are_one_letter() {
        let words = |text| passages(text, false, Role::Phrase)[0].words();
        assert_eq!(
            words("见https://a.cn/b,c。共{figures.a:last}家"),
            "见\u{FFFC}。共0家"
        );
        assert_eq!(words("寄a.b@c.cn,谢谢{好}"), "寄\u{FFFC},谢谢{好}");
    }
}
