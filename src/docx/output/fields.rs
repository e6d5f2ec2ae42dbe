//! Fields of Word: what they ask for, and the results that follow from the merge.
//!
//! A field keeps the result that Word last gave it. What a loop repeats, it repeats
//! with that result: captions would all be number 1. So numbers of captions (`SEQ`),
//! cross-references (`REF`) and page references (`PAGEREF`) get their results here.
//!
//! A result that is right needs no refreshing, so nothing is marked `w:dirty` and the
//! settings do not ask for it either: Word would greet the reader with a question on
//! both, and fields that refer to each other may come out wrong when it refreshes them
//! while opening. Only a number in a form that is not known here is marked.

use std::collections::HashMap;
use std::ops::Range;

use super::pagination;
use crate::data::numerals;
use crate::docx::opc::escape;
use crate::docx::opc::styles::{Format, Styles};
use crate::docx::opc::xml::{self, Edits, Node, Outline};

/// A field of a part.
#[derive(Debug, Default)]
pub(crate) struct Field {
    /// What it asks for, as it is written.
    pub(crate) instruction: String,
    /// The bytes that the instruction is written in.
    pieces: Vec<Range<usize>>,
    /// The element that begins it.
    pub(crate) begin: usize,
    /// The bytes of its result, if it has ended and has one.
    result: Option<Range<usize>>,
    /// The field in whose result or instruction it is.
    parent: Option<usize>,
    /// Where its result begins, while it is read.
    separated: Option<usize>,
}

/// The fields of a part, in the order in which they begin.
pub(crate) fn read(outline: &Outline<'_>) -> Vec<Field> {
    let mut reader = Reader { outline, fields: Vec::new(), open: Vec::new() };
    for node in &outline.nodes {
        match node {
            Node::Open(at) => reader.open(*at),
            Node::Text(at, range) if outline.elements[*at].name == "w:instrText" => {
                reader.instruct(range);
            }
            Node::Text(..) => {}
            Node::Close(at) if outline.elements[*at].name == "w:fldSimple" => {
                reader.end(outline.elements[*at].close);
            }
            Node::Close(_) => {}
        }
    }
    reader.fields
}

struct Reader<'r, 'a> {
    outline: &'r Outline<'a>,
    fields: Vec<Field>,
    /// The open fields, by number.
    open: Vec<usize>,
}

impl Reader<'_, '_> {
    fn open(&mut self, at: usize) {
        let tag = self.outline.tag(at);
        match self.outline.elements[at].name {
            "w:fldSimple" => {
                self.begin(at);
                let start = self.outline.elements[at].open.start;
                let value = xml::attributes(tag).find(|(name, _)| *name == "w:instr");
                if let (Some((_, value)), Some(field)) = (value, self.fields.last_mut()) {
                    field.instruction = xml::decode(&tag[value.clone()]).into_owned();
                    field.pieces.push(start + value.start..start + value.end);
                    field.separated = Some(self.outline.elements[at].open.end);
                }
            }
            "w:fldChar" => {
                let span = &self.outline.elements[at].span;
                match xml::attribute(tag, "w:fldCharType").as_deref() {
                    Some("begin") => self.begin(at),
                    Some("separate") => {
                        if let Some(field) = self.innermost() {
                            field.separated = Some(span.end);
                        }
                    }
                    Some("end") => self.end(span.start),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, at: usize) {
        let parent = self.open.last().copied();
        self.open.push(self.fields.len());
        self.fields.push(Field { begin: at, parent, ..Field::default() });
    }

    fn innermost(&mut self) -> Option<&mut Field> {
        let number = *self.open.last()?;
        self.fields.get_mut(number)
    }

    fn instruct(&mut self, range: &Range<usize>) {
        let xml = self.outline.xml;
        if let Some(field) = self.innermost().filter(|field| field.separated.is_none()) {
            field.instruction.push_str(&xml::decode(&xml[range.clone()]));
            field.pieces.push(range.clone());
        }
    }

    fn end(&mut self, end: usize) {
        if let Some(field) = self.open.pop().and_then(|at| self.fields.get_mut(at)) {
            field.result =
                field.separated.filter(|start| *start <= end).map(|at| at..end);
        }
    }
}

/// A word of an instruction, and the bytes of the instruction that it is.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Word {
    /// The word without quotes.
    pub(crate) text: String,
    /// Where it is, without quotes.
    pub(crate) span: Range<usize>,
}

/// The words of an instruction; a quoted one may have spaces.
pub(crate) fn words(instruction: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let mut push = |span: Range<usize>| {
        words.push(Word { text: instruction[span.clone()].to_owned(), span });
    };
    for (at, c) in instruction.char_indices() {
        match c {
            '"' | '“' | '”' => {
                if quoted || start < at {
                    push(start..at);
                }
                quoted = !quoted;
            }
            c if c.is_whitespace() && !quoted => {
                if start < at {
                    push(start..at);
                }
            }
            _ => continue,
        }
        start = at + c.len_utf8();
    }
    if start < instruction.len() {
        push(start..instruction.len());
    }
    words
}

impl Field {
    /// The name of the field in upper case, and its other words.
    fn parts(&self) -> (String, Vec<Word>) {
        let mut words = words(&self.instruction);
        if words.is_empty() {
            return (String::new(), words);
        }
        (words.remove(0).text.to_uppercase(), words)
    }

    /// The identifier that a numbered caption counts by, in lower case.
    pub(crate) fn caption(&self) -> Option<String> {
        let (name, words) = self.parts();
        let word = words.into_iter().next().filter(|_| name == "SEQ")?;
        Some(word.text.to_lowercase())
    }

    /// The bookmark that the field refers to.
    pub(crate) fn target(&self) -> Option<Word> {
        let (name, words) = self.parts();
        let after = |switch: &str| {
            let at =
                words.iter().position(|word| word.text.eq_ignore_ascii_case(switch))?;
            words.get(at + 1)
        };
        let word = match name.as_str() {
            "REF" | "PAGEREF" | "NOTEREF" => words.first(),
            "HYPERLINK" => after("\\l"),
            "TOC" => after("\\b"),
            _ => None,
        };
        word.filter(|word| !word.text.starts_with('\\')).cloned()
    }

    /// The edits that replace a stretch of the instruction.
    pub(crate) fn renamed(&self, xml: &str, span: &Range<usize>, new: &str) -> Edits {
        let mut edits = Edits::new();
        let mut at = 0;
        for piece in &self.pieces {
            let mut found: Option<Range<usize>> = None;
            for (raw, c) in xml::characters(&xml[piece.clone()]) {
                if span.contains(&at) {
                    let raw = piece.start + raw.start..piece.start + raw.end;
                    found = Some(found.map_or(raw.start, |found| found.start)..raw.end);
                }
                at += c.len_utf8();
            }
            // The first piece gets the new name, what others have of the old one goes.
            let text = if edits.is_empty() {
                escape::escape_attribute(new)
            } else {
                String::new()
            };
            edits.extend(found.map(|found| (found, text)));
        }
        edits
    }

    /// The edits that give the field a result, in the shape of the one it has.
    fn set_result(&self, outline: &Outline<'_>, text: &str) -> Edits {
        let Some(result) = &self.result else { return Vec::new() };
        let texts: Vec<Range<usize>> = outline.elements[outline.elements_in(result)]
            .iter()
            .filter(|element| element.name == "w:t" && element.close < element.span.end)
            .map(|element| element.open.end..element.close)
            .collect();
        let now: String =
            texts.iter().map(|at| xml::decode(&outline.xml[at.clone()])).collect();
        if texts.is_empty() || now == text {
            return Vec::new();
        }
        let new =
            std::iter::once(escape::escape(text)).chain(std::iter::repeat(String::new()));
        texts.into_iter().zip(new).collect()
    }
}

/// The body with the numbers of its captions counted anew, and with the references
/// to bookmarks as these now read.
pub(crate) fn fill(body: String, styles: &Styles) -> String {
    let body = match xml::mentions(&body, "SEQ") {
        true => edited_by(body, |outline| number_captions(outline, styles)),
        false => body,
    };
    match xml::mentions(&body, "REF") {
        true => edited_by(body, quote_bookmarks),
        false => body,
    }
}

/// The body with the page numbers of its page references, those in tables of
/// contents aside.
pub(crate) fn fill_pages(body: String, styles: &Styles) -> String {
    match xml::mentions(&body, "PAGEREF") {
        true => edited_by(body, |outline| number_pages(outline, styles)),
        false => body,
    }
}

fn edited_by(body: String, edits: impl FnOnce(&Outline<'_>) -> Edits) -> String {
    let Ok(outline) = Outline::read(&body) else { return body };
    let edits = edits(&outline);
    if edits.is_empty() { body } else { xml::edited(&body, edits) }
}

/// How a caption is numbered.
#[derive(Debug, Default)]
struct Numbering {
    /// Whether it repeats the number before it.
    repeats: bool,
    /// The number that it is set to.
    reset: Option<u64>,
    /// The level of headings that begin a new count.
    restart: Option<usize>,
    /// Whether its number is not shown.
    hidden: bool,
    /// The number's form, in lower and upper case as it is written.
    form: String,
}

impl Numbering {
    /// What the words after the identifier say; nothing if they name a bookmark.
    fn read(words: &[Word]) -> Option<Self> {
        let mut numbering = Self::default();
        let mut words = words.iter().map(|word| word.text.as_str());
        while let Some(word) = words.next() {
            match word.to_lowercase().as_str() {
                "\\c" => numbering.repeats = true,
                "\\n" => {}
                "\\h" => numbering.hidden = true,
                "\\r" => numbering.reset = words.next()?.parse().ok(),
                "\\s" => numbering.restart = words.next()?.parse().ok(),
                "\\*" => {
                    let form = words.next()?;
                    if !matches!(
                        form.to_uppercase().as_str(),
                        "MERGEFORMAT" | "CHARFORMAT"
                    ) {
                        form.clone_into(&mut numbering.form);
                    }
                }
                word if word.starts_with("\\r") => {
                    numbering.reset = word[2..].parse().ok();
                }
                word if word.starts_with("\\s") => {
                    numbering.restart = word[2..].parse().ok();
                }
                _ => return None,
            }
        }
        Some(numbering)
    }

    /// A number in its form; nothing if the form is not known.
    fn write(&self, number: u64) -> Option<String> {
        match self.form.as_str() {
            "ROMAN" => Some(numerals::roman(number)),
            "roman" => Some(numerals::roman(number).to_lowercase()),
            "ALPHABETIC" => Some(alphabetic(number)),
            "alphabetic" => Some(alphabetic(number).to_lowercase()),
            form => match form.to_uppercase().as_str() {
                "" | "ARABIC" => Some(number.to_string()),
                "CHINESENUM2" => numerals::cn_formal(&number.to_string()),
                "CHINESENUM3" => numerals::cn(&number.to_string()),
                _ => None,
            },
        }
    }
}

/// A to Z, then AA to ZZ.
fn alphabetic(number: u64) -> String {
    let Some(index) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(b'A' + (index % 26) as u8);
    std::iter::repeat_n(letter, (index / 26).min(100) as usize + 1).collect()
}

/// Counts the captions of a body.
fn number_captions(outline: &Outline<'_>, styles: &Styles) -> Edits {
    let mut counts: HashMap<String, (u64, usize)> = HashMap::new();
    let mut edits = Vec::new();
    for field in &read(outline) {
        let (Some(identifier), (_, words)) = (field.caption(), field.parts()) else {
            continue;
        };
        // A fallback says the same again, for old programs.
        if outline.enclosing(field.begin, "mc:Fallback").is_some() {
            continue;
        }
        let Some(numbering) = words.get(1..).and_then(Numbering::read) else { continue };
        let (mut number, mut since) =
            counts.get(&identifier).copied().unwrap_or_default();
        if let Some(level) = numbering.restart
            && is_heading_between(outline, styles, since..field.begin, level)
        {
            number = 0;
        }
        since = field.begin;
        number = match numbering.reset {
            Some(reset) => reset,
            None if numbering.repeats => number,
            None => number.saturating_add(1),
        };
        counts.insert(identifier, (number, since));
        match numbering.write(number) {
            _ if numbering.hidden => {}
            Some(written) => edits.extend(field.set_result(outline, &written)),
            None => edits.extend(stale(outline, field.begin)),
        }
    }
    edits
}

/// Whether a heading of a level or above is among some elements.
fn is_heading_between(
    outline: &Outline<'_>,
    styles: &Styles,
    elements: Range<usize>,
    level: usize,
) -> bool {
    elements.into_iter().filter(|at| outline.elements[*at].name == "w:p").any(|at| {
        let properties = outline.child(at, "w:pPr");
        let style =
            properties.and_then(|at| outline.child_attribute(at, "w:pStyle", "w:val"));
        let own = Format::read(outline, at).outline;
        own.or(styles.format(style.as_deref()).outline).is_some_and(|found| found < level)
    })
}

/// The edit that has Word refresh a field when the document is opened.
fn stale(outline: &Outline<'_>, begin: usize) -> Option<(Range<usize>, String)> {
    let tag = outline.tag(begin);
    if xml::attribute(tag, "w:dirty").is_some() {
        return None;
    }
    let name = outline.elements[begin].name;
    let at = outline.elements[begin].open.start + 1 + name.len();
    Some((at..at, " w:dirty=\"true\"".to_owned()))
}

/// Gives references the texts of their bookmarks.
fn quote_bookmarks(outline: &Outline<'_>) -> Edits {
    let mut texts: Option<HashMap<String, String>> = None;
    let mut edits = Vec::new();
    for field in &read(outline) {
        let (name, words) = field.parts();
        // Other switches ask for the number or the place of a paragraph.
        let plain = words.iter().skip(1).all(|word| {
            !word.text.starts_with('\\')
                || matches!(word.text.as_str(), "\\h" | "\\H" | "\\*")
        });
        let Some(target) = field.target().filter(|_| name == "REF" && plain) else {
            continue;
        };
        let texts = texts.get_or_insert_with(|| bookmark_texts(outline));
        if let Some(text) = texts.get(&target.text.to_lowercase()) {
            edits.extend(field.set_result(outline, text));
        }
    }
    edits
}

/// The texts of bookmarks that lie in one paragraph and hold nothing but text.
fn bookmark_texts(outline: &Outline<'_>) -> HashMap<String, String> {
    let mut texts = HashMap::new();
    for (at, element) in outline.elements.iter().enumerate() {
        if element.name != "w:bookmarkStart" {
            continue;
        }
        let tag = outline.tag(at);
        let (name, id) = (xml::attribute(tag, "w:name"), xml::attribute(tag, "w:id"));
        let paragraph = outline.enclosing(at, "w:p");
        let end = (at + 1..outline.elements.len())
            .take_while(|next| outline.enclosing(*next, "w:p") == paragraph)
            .find(|next| {
                outline.elements[*next].name == "w:bookmarkEnd"
                    && xml::attribute(outline.tag(*next), "w:id") == id
            });
        let (Some(name), Some(end), Some(_)) = (name, end, paragraph) else { continue };
        let mut inside = (at..end).map(|at| outline.elements[at].name);
        if inside.any(|name| matches!(name, "w:tab" | "w:br" | "w:drawing" | "w:sym")) {
            continue;
        }
        let text = (at..end).filter(|at| outline.elements[*at].name == "w:t");
        let text: String = text.map(|at| outline.text(at)).collect();
        if !text.is_empty() {
            texts.entry(name.to_lowercase()).or_insert(text);
        }
    }
    texts
}

/// Gives page references the pages that their bookmarks probably are on.
fn number_pages(outline: &Outline<'_>, styles: &Styles) -> Edits {
    let fields = read(outline);
    let is_contents = |at: usize| fields[at].parts().0 == "TOC";
    let outside = |field: &Field| {
        !std::iter::successors(field.parent, |at| fields[*at].parent).any(is_contents)
    };
    let references: Vec<(&Field, Word)> = fields
        .iter()
        .filter(|field| outside(field) && field.parts().0 == "PAGEREF")
        .filter_map(|field| Some((field, field.target()?)))
        .collect();
    if references.is_empty() {
        return Vec::new();
    }
    let pages = pagination::pages(outline, styles);
    let mut found = HashMap::new();
    for (at, element) in outline.elements.iter().enumerate() {
        if element.name == "w:bookmarkStart"
            && let Some(name) = xml::attribute(outline.tag(at), "w:name")
            && let Some(page) = page_of(outline, at, &pages)
        {
            found.entry(name.to_lowercase()).or_insert(page);
        }
    }
    let mut edits = Vec::new();
    for (field, target) in references {
        if let Some(page) = found.get(&target.text.to_lowercase()) {
            edits.extend(field.set_result(outline, &page.to_string()));
        }
    }
    edits
}

/// The page of the paragraph or table around an element; of a bookmark between
/// blocks, that of the block that follows.
fn page_of(
    outline: &Outline<'_>,
    at: usize,
    pages: &HashMap<usize, usize>,
) -> Option<usize> {
    let around = outline.ancestors(at).find_map(|at| pages.get(&at));
    around.or_else(|| (at..outline.elements.len()).find_map(|at| pages.get(&at))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_words() {
        let found = words(" REF _Ref1 \\h \"a b\"");
        let texts: Vec<_> = found.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["REF", "_Ref1", "\\h", "a b"]);
        assert_eq!(found[1].span, 5..10);
        assert_eq!(words("TOC \\c “表”")[2].text, "表");
    }

    #[test]
    fn split_names_are_replaced() {
        let xml = "<a><w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>REF _R</w:instrText>\
            <w:instrText>ef &amp; x</w:instrText><w:fldChar w:fldCharType=\"end\"/></w:r></a>";
        let outline = Outline::read(xml).expect("valid");
        let fields = read(&outline);
        let target = fields[0].target().expect("a target");
        assert_eq!(target.text, "_Ref");
        let edited = xml::edited(xml, fields[0].renamed(xml, &target.span, "_Ref_2"));
        assert!(
            edited.contains("REF _Ref_2</w:instrText><w:instrText> &amp; x"),
            "{edited}"
        );
    }

    #[test]
    fn forms_of_numbers() {
        let write = |form: &str, number| {
            Numbering { form: form.to_owned(), ..Numbering::default() }.write(number)
        };
        assert_eq!(write("ARABIC", 12).as_deref(), Some("12"));
        assert_eq!(write("roman", 14).as_deref(), Some("xiv"));
        assert_eq!(write("ALPHABETIC", 27).as_deref(), Some("AA"));
        assert_eq!(write("CHINESENUM3", 12).as_deref(), Some("十二"));
        assert_eq!(write("GB1", 1), None);
    }
}
