//! Bookmarks that loops repeat, and the references that follow them.
//!
//! A bookmark's name is unique in a document, so every copy but the first gets a name
//! of its own. A reference means the bookmark of its own copy: the compiled template
//! marks where each copy begins, and here a reference takes the bookmark with which
//! it shares most of the copies around them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::assemble::{Assembly, Segment};
use super::part::Part;
use super::tags::{self, Action};
use crate::docx::opc::escape;
use crate::docx::opc::xml::{self, Edits, Node, Outline};
use crate::docx::output::facts::Facts;
use crate::docx::output::fields;
use crate::docx::output::lint::LONGEST_BOOKMARK;
use crate::docx::render::marks::{COPY, LAST_COPY};

/// The marks that stand after the tags of loops that repeat bookmarks, by tag; in
/// the template as a whole, the part's tags are numbered from `first`.
pub(crate) fn marks(
    part: &Part<'_>,
    assembly: &Assembly,
    first: usize,
) -> BTreeMap<usize, String> {
    let mut marks = BTreeMap::new();
    // The loops that are open, and whether they have a bookmark.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for segment in &assembly.segments {
        match segment {
            Segment::Bytes(range) => {
                if let Some(innermost) = open.last_mut() {
                    innermost.1 |= has_bookmark(&part.outline.xml[range.clone()]);
                }
            }
            Segment::Tag(number) => {
                let tag = &part.tags[*number].tag;
                match tags::keyword(&tag.body) {
                    _ if tag.action != Action::Statement => {}
                    "for" => open.push((*number, false)),
                    "endfor" => {
                        let Some((begin, true)) = open.pop() else { continue };
                        let copied = first + begin;
                        marks.insert(begin, format!("{COPY}{copied}{COPY}"));
                        marks.insert(*number, format!("{COPY}{copied}{LAST_COPY}"));
                        if let Some(around) = open.last_mut() {
                            around.1 = true;
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    marks
}

/// Whether markup has a bookmark other than that of the place last edited.
fn has_bookmark(markup: &str) -> bool {
    let bookmarks = markup.split("<w:bookmarkStart").skip(1);
    bookmarks
        .map(|rest| rest.split('>').next().unwrap_or_default())
        .any(|tag| !tag.contains("\"_GoBack\""))
}

/// A bookmark of a rendered part.
struct Bookmark {
    /// The copies around it, from the outermost.
    copies: Vec<usize>,
    /// Its name, unique in the part.
    name: String,
}

/// A rendered part with the bookmarks of copies renamed, references following, and
/// without the marks. `facts` are those of the template. One that is not well-formed stays as it is.
pub(crate) fn resolve(part: String, facts: &Facts) -> String {
    if !part.contains(COPY) {
        return part;
    }
    let Ok(outline) = Outline::read(&part) else { return part };
    let mut resolver = Resolver {
        outline: &outline,
        copies: HashMap::new(),
        bookmarks: HashMap::new(),
        edits: Edits::new(),
    };
    resolver.read_copies();
    resolver.rename(facts);
    resolver.follow();
    xml::edited(&part, resolver.edits)
}

struct Resolver<'r, 'a> {
    outline: &'r Outline<'a>,
    /// The copies around bookmarks and references, by element.
    copies: HashMap<usize, Vec<usize>>,
    /// The bookmarks by the name that they had, in lower case.
    bookmarks: HashMap<String, Vec<Bookmark>>,
    edits: Edits,
}

impl<'a> Resolver<'_, 'a> {
    /// Finds the copies around what matters, and takes the marks out.
    fn read_copies(&mut self) {
        // The loops that are open, each with the number of its current copy.
        let mut open: Vec<(&'a str, usize)> = Vec::new();
        let mut count = 0;
        for node in &self.outline.nodes {
            match node {
                Node::Open(at) if matters(self.outline.elements[*at].name) => {
                    let copies = open.iter().map(|(_, copy)| *copy).collect();
                    self.copies.insert(*at, copies);
                }
                Node::Text(_, range) => self.read_marks(range, &mut open, &mut count),
                Node::Open(_) | Node::Close(_) => {}
            }
        }
    }

    fn read_marks(
        &mut self,
        range: &Range<usize>,
        open: &mut Vec<(&'a str, usize)>,
        count: &mut usize,
    ) {
        let raw = &self.outline.xml[range.clone()];
        let mut at = 0;
        while let Some(start) = raw[at..].find(COPY).map(|start| at + start) {
            let Some(length) = raw[start + 1..].find([COPY, LAST_COPY]) else { break };
            let end = start + 1 + length;
            let number = &raw[start + 1..end];
            let known = open.iter().position(|(open, _)| *open == number);
            open.truncate(known.unwrap_or(open.len()));
            if raw[end..].starts_with(COPY) {
                *count += 1;
                open.push((number, *count));
            }
            at = end + 1;
            self.edits.push((range.start + start..range.start + at, String::new()));
        }
    }

    /// Gives every bookmark a name of its own.
    fn rename(&mut self, facts: &Facts) {
        let mut names =
            Unique { taken: names(self.outline), counts: HashMap::new(), facts };
        for (at, element) in self.outline.elements.iter().enumerate() {
            if element.name != "w:bookmarkStart" {
                continue;
            }
            let found = attribute(self.outline, at, "w:name");
            let Some((span, mut name)) = found else { continue };
            let all = self.bookmarks.entry(name.to_lowercase()).or_default();
            if !all.is_empty() {
                name = names.numbered(&name);
                self.edits.push((span, escape::escape_attribute(&name)));
            }
            let copies = self.copies.get(&at).cloned().unwrap_or_default();
            all.push(Bookmark { copies, name });
        }
    }

    /// Has links and fields refer to the bookmarks of their own copies.
    fn follow(&mut self) {
        for (at, element) in self.outline.elements.iter().enumerate() {
            if element.name == "w:hyperlink"
                && let Some((span, name)) = attribute(self.outline, at, "w:anchor")
                && let Some(new) = self.meant(at, &name)
            {
                self.edits.push((span, escape::escape_attribute(&new)));
            }
        }
        for field in &fields::read(self.outline) {
            if let Some(target) = field.target()
                && let Some(new) = self.meant(field.begin, &target.text)
            {
                let edits = field.renamed(self.outline.xml, &target.span, &new);
                self.edits.extend(edits);
            }
        }
    }

    /// The new name of the bookmark that a reference means, if it has one: of those
    /// that share most of the copies around them, the first.
    fn meant(&self, reference: usize, name: &str) -> Option<String> {
        let own = self.copies.get(&reference).map_or(&[][..], Vec::as_slice);
        let shared = |bookmark: &&Bookmark| {
            bookmark.copies.iter().zip(own).take_while(|(a, b)| a == b).count()
        };
        // The last of equal ones is taken, so they are asked from the end.
        let all = self.bookmarks.get(&name.to_lowercase())?;
        let meant = all.iter().rev().max_by_key(shared)?;
        let same = meant.name.to_lowercase() == name.to_lowercase();
        (!same).then(|| meant.name.clone())
    }
}

/// Makes names of bookmarks that are not taken, neither here nor elsewhere.
struct Unique<'u> {
    /// Names in lower case.
    taken: HashSet<String>,
    /// The last number of a name: a loop may have made a great many.
    counts: HashMap<String, usize>,
    facts: &'u Facts,
}

impl Unique<'_> {
    fn numbered(&mut self, name: &str) -> String {
        let count = self.counts.entry(name.to_lowercase()).or_insert(1);
        loop {
            *count += 1;
            let suffix = format!("_{count}");
            let keep = LONGEST_BOOKMARK.saturating_sub(suffix.len());
            let unique = name.chars().take(keep).collect::<String>() + &suffix;
            let key = unique.to_lowercase();
            if !self.facts.known.bookmarks.contains(&key) && self.taken.insert(key) {
                return unique;
            }
        }
    }
}

/// Whether an element is a bookmark or can refer to one.
fn matters(name: &str) -> bool {
    matches!(name, "w:bookmarkStart" | "w:hyperlink" | "w:fldChar" | "w:fldSimple")
}

/// The names of all bookmarks, in lower case.
fn names(outline: &Outline<'_>) -> HashSet<String> {
    let bookmarks = outline.elements.iter().enumerate();
    bookmarks
        .filter(|(_, element)| element.name == "w:bookmarkStart")
        .filter_map(|(at, _)| xml::attribute(outline.tag(at), "w:name"))
        .map(|name| name.to_lowercase())
        .collect()
}

/// An attribute's bytes and value.
fn attribute(
    outline: &Outline<'_>,
    at: usize,
    name: &str,
) -> Option<(Range<usize>, String)> {
    let tag = outline.tag(at);
    let (_, value) = xml::attributes(tag).find(|(found, _)| *found == name)?;
    let start = outline.elements[at].open.start;
    let text = xml::decode(&tag[value.clone()]).into_owned();
    Some((start + value.start..start + value.end, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stay_in_their_copies() {
        let copy = |text: &str| {
            format!(
                "{COPY}1{COPY}<w:hyperlink w:anchor=\"a\"/>\
                 <w:bookmarkStart w:id=\"0\" w:name=\"a\"/>{text}"
            )
        };
        let xml = format!(
            "<w:p>{}{}{COPY}1{LAST_COPY}<w:hyperlink w:anchor=\"a\"/></w:p>",
            copy("x"),
            copy("y")
        );
        assert_eq!(
            resolve(xml, &Facts::default()),
            "<w:p><w:hyperlink w:anchor=\"a\"/><w:bookmarkStart w:id=\"0\" w:name=\"a\"/>x\
             <w:hyperlink w:anchor=\"a_2\"/><w:bookmarkStart w:id=\"0\" w:name=\"a_2\"/>y\
             <w:hyperlink w:anchor=\"a\"/></w:p>"
        );
    }
}
