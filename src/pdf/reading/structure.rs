//! The tree of tags of a file (ISO 32000-1, 14.7), with the text of each.

use std::collections::{HashMap, HashSet};

use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};

use super::{DEEPEST, File, PageText, name_of, text_of};

/// A tag.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// Its standard type, such as `H1` or `P`, whatever the file calls it.
    pub role: String,
    /// What it shows, for those who do not see it.
    pub alt: Option<String>,
    /// How many rows and columns a cell takes.
    pub spans: (usize, usize),
    /// Whether it stands in a line of text although it has the type of a block,
    /// or the other way round: its `Placement`.
    pub placement: Option<String>,
    /// What is inside, in order.
    pub children: Vec<Child>,
}

/// What is in a tag.
#[derive(Debug, Clone)]
pub enum Child {
    /// Another tag.
    Element(Element),
    /// Text of a page.
    Span(Span),
    /// A link, a picture or another object.
    Object,
}

/// Text on a page.
#[derive(Debug, Clone)]
pub struct Span {
    /// The page, from 0.
    pub page: usize,
    /// The text, as its glyphs say.
    pub text: String,
}

pub(super) fn read(file: &File) -> Option<Element> {
    let root = file.catalog()?.get::<Dict<'_>>(b"StructTreeRoot")?;
    let roles = root.get::<Dict<'_>>(b"RoleMap").unwrap_or_default();
    let pages = file.pdf.pages().iter().enumerate().filter_map(|(index, page)| {
        let id = page.raw().obj_id()?;
        Some(((id.obj_number, id.gen_number), index))
    });
    let mut reader = Reader {
        roles,
        pages: pages.collect(),
        text: file.text(),
        seen: HashSet::new(),
        depth: 0,
    };
    let mut element = Element { role: "StructTreeRoot".into(), ..Element::default() };
    reader.children(&root, None, &mut element);
    Some(element)
}

struct Reader<'a> {
    roles: Dict<'a>,
    /// The number of each page by its object.
    pages: HashMap<(i32, i32), usize>,
    text: &'a [PageText],
    /// Where in the file the tags are that were read.
    seen: HashSet<usize>,
    depth: usize,
}

impl Reader<'_> {
    fn element(&mut self, dict: &Dict<'_>, page: Option<usize>) -> Option<Element> {
        if self.depth >= DEEPEST {
            return None;
        }
        let page = self.page(dict).or(page);
        let mut element = Element {
            role: self.role(dict),
            alt: text_of(dict, b"Alt"),
            spans: (1, 1),
            ..Element::default()
        };
        attributes(dict, &mut element);
        match (text_of(dict, b"ActualText"), page) {
            (Some(text), Some(page)) => {
                element.children.push(Child::Span(Span { page, text }));
            }
            _ => self.children(dict, page, &mut element),
        }
        Some(element)
    }

    fn children(&mut self, dict: &Dict<'_>, page: Option<usize>, into: &mut Element) {
        self.depth += 1;
        match dict.get::<Object<'_>>(b"K") {
            Some(Object::Array(kids)) => {
                for kid in kids.iter::<Object<'_>>() {
                    self.child(kid, page, into);
                }
            }
            Some(kid) => self.child(kid, page, into),
            None => {}
        }
        self.depth -= 1;
    }

    fn child(&mut self, kid: Object<'_>, page: Option<usize>, into: &mut Element) {
        let dict = match kid {
            Object::Number(id) => return into.children.extend(self.span(id, page)),
            Object::Dict(dict) => dict,
            _ => return,
        };
        // Each tag has one place: a second one would make a circle.
        if !self.seen.insert(dict.data().as_ptr() as usize) {
            return;
        }
        match name_of(&dict, b"Type").as_deref() {
            Some("MCR") => {
                let page = self.page(&dict).or(page);
                let id = dict.get::<Number>(b"MCID");
                into.children.extend(id.and_then(|id| self.span(id, page)));
            }
            Some("OBJR") => into.children.push(Child::Object),
            _ => into.children.extend(self.element(&dict, page).map(Child::Element)),
        }
    }

    fn span(&self, id: Number, page: Option<usize>) -> Option<Child> {
        let id = i32::try_from(id.as_i64()).ok()?;
        let text = self.text.get(page?)?.marked.get(&id)?.clone();
        Some(Child::Span(Span { page: page?, text }))
    }

    fn page(&self, dict: &Dict<'_>) -> Option<usize> {
        let page = dict.get_ref(b"Pg")?;
        self.pages.get(&(page.obj_number, page.gen_number)).copied()
    }

    /// The standard type, through the file's own names for them.
    fn role(&self, dict: &Dict<'_>) -> String {
        let mut role = name_of(dict, b"S").unwrap_or_default();
        for _ in 0..DEEPEST {
            match name_of(&self.roles, role.as_bytes()) {
                Some(next) if next != role => role = next,
                _ => break,
            }
        }
        role
    }
}

/// Reads the attributes that matter; there may be one set or a list of them.
fn attributes(dict: &Dict<'_>, element: &mut Element) {
    let mut sets: Vec<Dict<'_>> = Vec::new();
    match dict.get::<Object<'_>>(b"A") {
        Some(Object::Dict(set)) => sets.push(set),
        Some(Object::Stream(stream)) => sets.push(Stream::dict(&stream).clone()),
        Some(Object::Array(list)) => sets.extend(dictionaries(&list)),
        _ => {}
    }
    for set in sets {
        let count = |key: &[u8]| usize::try_from(set.get::<Number>(key)?.as_i64()).ok();
        if let Some(rows) = count(b"RowSpan") {
            element.spans.0 = rows.max(1);
        }
        if let Some(columns) = count(b"ColSpan") {
            element.spans.1 = columns.max(1);
        }
        if let Some(placement) = set.get::<Name<'_>>(b"Placement") {
            element.placement = Some(placement.as_str().to_string());
        }
    }
}

fn dictionaries<'a>(list: &Array<'a>) -> impl Iterator<Item = Dict<'a>> {
    list.iter::<Object<'a>>().filter_map(Object::into_dict)
}
