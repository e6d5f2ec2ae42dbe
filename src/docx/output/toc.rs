//! Tables of contents, filled from the headings of the rendered body.
//!
//! A template has the field as Word wrote it, with whatever result it had. Here
//! the result becomes the real headings, each a link to a bookmark at its
//! heading and a page number that [`super::pagination`] estimates.

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};

use super::fields;
use super::lint::{Lint, Survey};
use super::names::{self, Names};
use super::pagination;
use crate::docx::opc::escape;
use crate::docx::opc::styles::{Format, Styles};
use crate::docx::opc::xml::{self, Node, Outline};

/// Fills every table of contents of the body. A body without any, or with one in
/// a shape that no word processor writes, stays as it is. `names` are the bookmarks
/// of the document, and `survey` is what was seen in the body: it becomes what is
/// seen in the filled one.
pub(crate) fn fill(
    xml: &str,
    styles: &Styles,
    names: &mut HashSet<String>,
    survey: &mut Survey,
) -> Option<String> {
    if !xml::mentions(xml, "instrText") || !xml::mentions(xml, "TOC") {
        return None;
    }
    let outline = Outline::read(xml).ok()?;
    let fields = fields(&outline);
    if fields.is_empty() {
        return None;
    }
    let plan = Plan::new(&outline, styles, &fields, names);
    // The first filling takes the room that the second one has.
    let first = plan.write(&HashMap::new());
    let filled = Outline::read(&first).ok()?;
    let pages = plan.pages(&filled, styles);
    // From the last to the first: each moves the paragraphs behind it.
    for field in fields.iter().rev() {
        let mut lint = Lint::new();
        let end = if field.ends_inside { "" } else { END };
        let entries = plan.entries(field, &pages);
        lint.markup(&format!("<w:body>{entries}{end}</w:body>"));
        survey.replace(paragraphs(&outline, &field.span), lint.finish());
    }
    Some(plan.write(&pages))
}

/// The numbers of the paragraphs that begin in some bytes, from 1.
fn paragraphs(outline: &Outline<'_>, span: &Range<usize>) -> Range<usize> {
    let starts = outline.elements.iter().filter(|element| element.name == "w:p");
    let starts = starts.map(|element| element.span.start);
    let before = starts.clone().take_while(|start| *start < span.start).count();
    let inside = starts.filter(|start| span.contains(start)).count();
    before + 1..before + 1 + inside
}

/// A paragraph with a table of contents of these levels, to be filled.
pub(crate) fn empty(levels: &RangeInclusive<usize>) -> String {
    let (from, to) = (levels.start(), levels.end());
    let begin = begin(&format!(" TOC \\o \"{from}-{to}\" \\h \\z \\u "));
    format!("<w:p>{begin}{END}</w:p>")
}

/// A table of contents in the body.
#[derive(Debug)]
struct Field {
    /// The paragraph in which it begins.
    first: usize,
    /// The bytes to replace by the entries.
    span: Range<usize>,
    /// Whether the end of the field lies in what is replaced.
    ends_inside: bool,
    /// The instruction as it is written.
    instruction: String,
    switches: Switches,
}

/// What the instruction of a field asks for.
#[derive(Debug)]
struct Switches {
    /// The outline levels of headings, from 1.
    levels: RangeInclusive<usize>,
    /// Whether outline levels set directly on paragraphs count.
    direct: bool,
    /// Levels of further styles, by name in lower case.
    styles: Vec<(String, usize)>,
    /// Whether entries are links.
    links: bool,
    /// Whether page numbers are left out.
    numberless: bool,
    /// What the captions count by that it lists instead of headings, in lower case.
    caption: Option<String>,
}

impl Switches {
    /// Reads an instruction, if it is one of a table of contents.
    fn read(instruction: &str) -> Option<Self> {
        let words: Vec<String> =
            fields::words(instruction).into_iter().map(|word| word.text).collect();
        let (name, words) = words.split_first()?;
        if !name.eq_ignore_ascii_case("TOC") {
            return None;
        }
        let argument = |switch: &str| {
            let at = words.iter().position(|word| word.eq_ignore_ascii_case(switch))?;
            Some(
                words
                    .get(at + 1)
                    .filter(|word| !word.starts_with('\\'))
                    .map(String::as_str),
            )
        };
        let outline = argument("\\o");
        let styles = argument("\\t").flatten().map(style_levels).unwrap_or_default();
        let direct = argument("\\u").is_some();
        let caption = argument("\\c").flatten().map(str::to_lowercase);
        let levels = match outline {
            Some(range) => levels(range.unwrap_or("1-9")),
            None if direct || (styles.is_empty() && caption.is_none()) => 1..=9,
            // Further styles, or captions, only.
            None => RangeInclusive::new(1, 0),
        };
        let links = argument("\\h").is_some();
        let numberless = argument("\\n").is_some_and(|range| range.is_none());
        Some(Self { levels, direct, styles, links, numberless, caption })
    }
}

fn levels(range: &str) -> RangeInclusive<usize> {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    let level =
        |text: &str, default: usize| text.trim().parse().unwrap_or(default).clamp(1, 9);
    level(from, 1)..=level(to, 9)
}

/// `Name,1,Other,2` as pairs.
fn style_levels(list: &str) -> Vec<(String, usize)> {
    let parts: Vec<&str> = list.split([',', ';', '，', '；']).map(str::trim).collect();
    parts
        .chunks_exact(2)
        .filter_map(|pair| Some((pair[0].to_lowercase(), pair[1].parse().ok()?)))
        .collect()
}

/// An open field while the body is searched.
struct Open {
    begin: usize,
    instruction: String,
    separated: bool,
}

/// Finds the tables of contents of the body.
fn fields(outline: &Outline<'_>) -> Vec<Field> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for node in &outline.nodes {
        match node {
            Node::Open(at) if outline.elements[*at].name == "w:fldChar" => {
                let kind = xml::attribute(outline.tag(*at), "w:fldCharType");
                match kind.as_deref() {
                    Some("begin") => {
                        open.push(Open {
                            begin: *at,
                            instruction: String::new(),
                            separated: false,
                        });
                    }
                    Some("separate") => {
                        if let Some(field) = open.last_mut() {
                            field.separated = true;
                        }
                    }
                    Some("end") => {
                        let closed = open.pop();
                        // A table inside another one's result goes with it.
                        if open.is_empty() {
                            found.extend(closed.and_then(|f| field(outline, &f, *at)));
                        }
                    }
                    _ => {}
                }
            }
            Node::Text(at, range) if outline.elements[*at].name == "w:instrText" => {
                if let Some(field) = open.last_mut().filter(|field| !field.separated) {
                    field.instruction.push_str(&xml::decode(&outline.xml[range.clone()]));
                }
            }
            _ => {}
        }
    }
    found
}

fn field(outline: &Outline<'_>, open: &Open, end: usize) -> Option<Field> {
    let switches = Switches::read(&open.instruction)?;
    let first = outline.enclosing(open.begin, "w:p")?;
    let last = outline.enclosing(end, "w:p")?;
    if outline.elements[first].parent != outline.elements[last].parent {
        return None;
    }
    // A last paragraph with nothing but the end of the field stays: it may have
    // a shape, or a section break, of its own.
    let kept = first != last && outline.text(last).trim().is_empty();
    let start = outline.elements[first].span.start;
    let stop = match kept {
        true => outline.elements[last].span.start,
        false => outline.elements[last].span.end,
    };
    Some(Field {
        first,
        span: start..stop,
        ends_inside: !kept,
        instruction: open.instruction.clone(),
        switches,
    })
}

/// A heading of the body, or a caption.
#[derive(Debug)]
struct Heading {
    paragraph: usize,
    text: String,
    /// The level by style or direct setting, from 1; 0 if there is none.
    level: usize,
    /// Whether the level is set directly on the paragraph.
    direct: bool,
    /// The style's name in lower case.
    style: String,
    /// What its numbers count by, in lower case.
    captions: Vec<String>,
    bookmark: String,
}

impl Heading {
    /// The level at which a table shows the heading, if it does.
    fn level_in(&self, switches: &Switches) -> Option<usize> {
        if let Some(caption) = &switches.caption
            && self.captions.contains(caption)
        {
            return Some(1);
        }
        let named = switches.styles.iter().find(|(name, _)| *name == self.style);
        if let Some((_, level)) = named {
            return Some((*level).clamp(1, 9));
        }
        let counts =
            switches.levels.contains(&self.level) && (!self.direct || switches.direct);
        counts.then_some(self.level)
    }
}

/// What is going to be written where.
struct Plan<'p, 'a> {
    outline: &'p Outline<'a>,
    styles: &'p Styles,
    fields: &'p [Field],
    headings: Vec<Heading>,
    first_id: u64,
}

impl<'p, 'a> Plan<'p, 'a> {
    fn new(
        outline: &'p Outline<'a>,
        styles: &'p Styles,
        fields: &'p [Field],
        names: &mut HashSet<String>,
    ) -> Self {
        let mut plan =
            Self { outline, styles, fields, headings: Vec::new(), first_id: 1 };
        for (at, element) in outline.elements.iter().enumerate() {
            if element.name == "w:bookmarkStart" {
                let tag = outline.tag(at);
                let id =
                    xml::attribute(tag, "w:id").and_then(|id| id.parse::<u64>().ok());
                plan.first_id = plan.first_id.max(id.unwrap_or(0).saturating_add(1));
            }
        }
        plan.find_headings(names);
        plan
    }

    fn find_headings(&mut self, names: &mut HashSet<String>) {
        let mut number = 100_000_000;
        let mut captions: HashMap<usize, Vec<String>> = HashMap::new();
        for field in fields::read(self.outline) {
            let paragraph = self.outline.enclosing(field.begin, "w:p");
            if let (Some(paragraph), Some(caption)) = (paragraph, field.caption()) {
                captions.entry(paragraph).or_default().push(caption);
            }
        }
        for (at, element) in self.outline.elements.iter().enumerate() {
            let inside = |field: &Field| field.span.contains(&element.span.start);
            if element.name != "w:p" || self.fields.iter().any(inside) {
                continue;
            }
            let captions = captions.remove(&at).unwrap_or_default();
            let Some(mut heading) = self.heading(at, captions) else { continue };
            let shown = |field: &Field| heading.level_in(&field.switches).is_some();
            if !self.fields.iter().any(shown) || self.is_boxed(at) {
                continue;
            }
            heading.bookmark = loop {
                number += 1;
                let name = format!("_Toc{number}");
                if names.insert(name.to_lowercase()) {
                    break name;
                }
            };
            self.headings.push(heading);
        }
    }

    fn is_boxed(&self, at: usize) -> bool {
        self.outline.enclosing(at, "w:txbxContent").is_some()
    }

    fn heading(&self, paragraph: usize, captions: Vec<String>) -> Option<Heading> {
        let outline = self.outline;
        let properties = outline.child(paragraph, "w:pPr");
        if properties.is_none() && captions.is_empty() {
            return None;
        }
        let style =
            properties.and_then(|at| outline.child_attribute(at, "w:pStyle", "w:val"));
        let own = Format::read(outline, paragraph).outline;
        let level = own.or(self.styles.format(style.as_deref()).outline);
        let level = level.filter(|level| *level < 9).map_or(0, |level| level + 1);
        let style =
            style.and_then(|id| self.styles.name(&id)).unwrap_or_default().to_owned();
        let text = heading_text(outline, paragraph);
        let direct = own.is_some();
        let bookmark = String::new();
        (!text.is_empty()).then_some(Heading {
            paragraph,
            text,
            level,
            direct,
            style,
            captions,
            bookmark,
        })
    }

    /// The page of each heading by bookmark, in a body that is filled already.
    fn pages(&self, filled: &Outline<'_>, styles: &Styles) -> HashMap<String, usize> {
        let pages = pagination::pages(filled, styles);
        let mut found = HashMap::new();
        for (at, element) in filled.elements.iter().enumerate() {
            if element.name != "w:bookmarkStart" {
                continue;
            }
            let name = xml::attribute(filled.tag(at), "w:name");
            let page =
                filled.enclosing(at, "w:p").and_then(|paragraph| pages.get(&paragraph));
            if let (Some(name), Some(page)) = (name, page) {
                found.insert(name.into_owned(), *page);
            }
        }
        found
    }

    /// The body with all entries and bookmarks.
    fn write(&self, pages: &HashMap<String, usize>) -> String {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for (index, heading) in self.headings.iter().enumerate() {
            let (id, name) = (self.first_id + index as u64, &heading.bookmark);
            // Before the first run it would cost that run its left padding in
            // LibreOffice; a link finds the paragraph from its end as well.
            let end = self.outline.elements[heading.paragraph].close;
            let bookmark = format!(
                "<w:bookmarkStart w:id=\"{id}\" w:name=\"{name}\"/><w:bookmarkEnd w:id=\"{id}\"/>"
            );
            edits.push((end..end, bookmark));
        }
        for field in self.fields {
            let entries = self.entries(field, pages) + &self.unpaired(field);
            edits.push((field.span.clone(), entries));
        }
        xml::edited(self.outline.xml, edits)
    }

    /// The marks in what is replaced whose other end is not.
    fn unpaired(&self, field: &Field) -> String {
        let names = Names::get();
        let mut found: Vec<(usize, String)> = Vec::new();
        for (at, element) in self.outline.elements.iter().enumerate() {
            let entry = names.entry(names.id(element.name));
            if entry.class & names::class::MARK == 0
                || !field.span.contains(&element.span.start)
            {
                continue;
            }
            let id = xml::attribute(self.outline.tag(at), "w:id").unwrap_or_default();
            let kind = element.name.trim_end_matches("Start").trim_end_matches("End");
            let key = format!("{kind} {id}");
            match found.iter().position(|(_, known)| *known == key) {
                Some(pair) => {
                    found.remove(pair);
                }
                None => found.push((at, key)),
            }
        }
        found.retain(|(at, _)| self.outline.elements[*at].name != "w:proofErr");
        found.into_iter().map(|(at, _)| self.outline.raw(at)).collect()
    }

    fn entries(&self, field: &Field, pages: &HashMap<String, usize>) -> String {
        let shown: Vec<(usize, &Heading)> = self
            .headings
            .iter()
            .filter_map(|heading| Some((heading.level_in(&field.switches)?, heading)))
            .collect();
        let mut out = String::new();
        let begin = begin(&field.instruction);
        if shown.is_empty() {
            let close = if field.ends_inside { END } else { "" };
            return format!("<w:p>{begin}{close}</w:p>");
        }
        for (index, (level, heading)) in shown.iter().enumerate() {
            let begin = if index == 0 { begin.as_str() } else { "" };
            let last = index + 1 == shown.len() && field.ends_inside;
            let page = pages.get(&heading.bookmark).copied().unwrap_or(1);
            let properties = self.entry_properties(field, *level);
            let entry = entry(heading, &field.switches, page);
            let end = if last { END } else { "" };
            out.push_str(&format!("<w:p>{properties}{begin}{entry}{end}</w:p>"));
        }
        out
    }

    /// The properties of an entry: those of the template's entry of that level,
    /// else the style of the level, else indents and a tab stop.
    fn entry_properties(&self, field: &Field, level: usize) -> String {
        let name = match field.switches.caption {
            Some(_) => "table of figures".to_owned(),
            None => format!("toc {level}"),
        };
        let style = self.styles.find("paragraph", &name);
        let Some(style) = style else {
            let left = (level - 1) * 420;
            return format!("<w:pPr>{TAB_STOP}<w:ind w:left=\"{left}\"/></w:pPr>");
        };
        if let Some(properties) = self.template_entry(field, style) {
            return properties;
        }
        let tabs = match self.styles.format(Some(style)).tabs {
            Some(true) => "",
            _ => TAB_STOP,
        };
        let style = escape::escape_attribute(style);
        format!("<w:pPr><w:pStyle w:val=\"{style}\"/>{tabs}</w:pPr>")
    }

    fn template_entry(&self, field: &Field, style: &str) -> Option<String> {
        let outline = self.outline;
        let parent = outline.elements[field.first].parent?;
        outline
            .children(parent)
            .filter(|at| field.span.contains(&outline.elements[*at].span.start))
            .filter_map(|at| outline.child(at, "w:pPr"))
            .filter(|at| outline.child(*at, "w:sectPr").is_none())
            .find(|at| {
                let tabs = outline.child(*at, "w:tabs").is_some()
                    || self.styles.format(Some(style)).tabs == Some(true);
                let named = outline.child_attribute(*at, "w:pStyle", "w:val");
                tabs && named.as_deref() == Some(style)
            })
            .map(|at| outline.raw(at).to_owned())
    }
}

/// The text of a heading on one line.
fn heading_text(outline: &Outline<'_>, paragraph: usize) -> String {
    let mut text = String::new();
    for node in outline.nodes_in(&outline.elements[paragraph].span) {
        match node {
            Node::Text(at, range) if outline.elements[*at].name == "w:t" => {
                text.push_str(&xml::decode(&outline.xml[range.clone()]));
            }
            Node::Open(at) => match outline.elements[*at].name {
                "w:tab" | "w:br" | "w:cr" if !text.is_empty() => text.push(' '),
                "w:txbxContent" => break,
                _ => {}
            },
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn begin(instruction: &str) -> String {
    let instruction = escape::escape(instruction);
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
         <w:r><w:instrText xml:space=\"preserve\">{instruction}</w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
    )
}

fn entry(heading: &Heading, switches: &Switches, page: usize) -> String {
    let anchor = &heading.bookmark;
    let text = escape::escape(&heading.text);
    let hint = match escape::is_east_asian(&heading.text) {
        true => "<w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr>",
        false => "",
    };
    let mut inside = format!("<w:r>{hint}<w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    if !switches.numberless {
        let link = if switches.links { " \\h" } else { "" };
        inside.push_str(&format!(
            "<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
             <w:r><w:instrText xml:space=\"preserve\"> PAGEREF {anchor}{link} </w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>\
             <w:r><w:t>{page}</w:t></w:r>{END}"
        ));
    }
    match switches.links {
        true => format!(
            "<w:hyperlink w:anchor=\"{anchor}\" w:history=\"1\">{inside}</w:hyperlink>"
        ),
        false => inside,
    }
}

const END: &str = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";

/// A right tab stop with dots, for styles that have none.
const TAB_STOP: &str =
    "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"8296\"/></w:tabs>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions() {
        let switches = Switches::read(" TOC \\o \"1-2\" \\h \\z \\u ").expect("valid");
        assert_eq!(switches.levels, 1..=2);
        assert!(switches.links && switches.direct && !switches.numberless);
        let switches = Switches::read("TOC \\t \"亮点,1,Other,2\"").expect("valid");
        assert_eq!(switches.styles, [("亮点".to_owned(), 1), ("other".to_owned(), 2)]);
        assert!(switches.levels.is_empty());
        assert!(Switches::read(" PAGE ").is_none());
    }
}
