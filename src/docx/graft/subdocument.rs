//! Another Word document, whose body is brought into the one that is made.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};
use minijinja::{Error, Value};

use crate::diag::{self, Diagnostic, Diagnostics, Errors, Place, Warned};
use crate::docx::language::faults::Explained;
use crate::docx::opc::package::Package;
use crate::docx::opc::relations::{self, Relation};
use crate::docx::opc::xml::{self, Outline};
use crate::docx::output::facts::{Census, Facts};
use crate::docx::render::notes::Kind;
use crate::text;

/// A document that a template prints as it is: `{{p subdoc(path) }}`.
#[derive(Debug, Clone)]
pub(crate) struct SubdocumentPath(pub(crate) String);

impl Object for SubdocumentPath {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// The template function `subdoc(path)`.
pub(crate) fn subdoc(path: &Value) -> Result<Value, Error> {
    match path.as_str() {
        Some(path) => Ok(Value::from_object(SubdocumentPath(path.to_owned()))),
        None if path.downcast_object_ref::<SubdocumentPath>().is_some() => {
            Ok(path.clone())
        }
        None => Err(Explained::new(
            "docx/argument",
            text!(
                "`subdoc` 的参数应当是 Word 文件的路径",
                "`subdoc` needs the path of a Word document"
            ),
        )
        .into()),
    }
}

/// An opened document, with all that its body may refer to.
#[derive(Clone)]
pub(crate) struct Subdocument {
    /// Its path from the template's folder, or what the data say.
    pub(crate) path: String,
    /// Its package, which knows how the user calls it.
    pub(crate) package: Package,
    /// The part that holds the body.
    pub(crate) text: String,
    /// The bytes of the body's content, without its last section's properties.
    pub(crate) body: Range<usize>,
    /// The properties of its last section.
    pub(crate) last_section: String,
    /// The names of the bookmarks in the body.
    pub(crate) bookmarks: Vec<String>,
    /// The styles.
    pub(crate) styles: Sheet,
    /// The definitions and the instances of numbering by id.
    pub(crate) numbering: Lists,
    /// The footnotes, endnotes and comments.
    pub(crate) notes: BTreeMap<Kind, NotesPart>,
    /// What is wrong with it itself.
    pub(crate) facts: Arc<Facts>,
    /// The relationships of parts that content comes from.
    relations: HashMap<String, Vec<Relation>>,
}

/// A part with notes.
#[derive(Debug, Clone, Default)]
pub(crate) struct NotesPart {
    /// The part's name.
    pub(crate) part: String,
    /// Its text.
    pub(crate) text: String,
    /// The bytes of each note by its id.
    pub(crate) notes: HashMap<String, Range<usize>>,
}

/// Definitions and instances of numbering by id, as their elements.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    /// The `w:abstractNum` elements.
    pub(crate) definitions: HashMap<String, String>,
    /// The `w:num` elements.
    pub(crate) instances: HashMap<String, String>,
}

impl Subdocument {
    /// Opens a document that the user calls `file`. `namespace` is that of the
    /// document that it is brought into.
    ///
    /// Fails as [`Package::open`], and with `docx/doctype`, `docx/malformed-part`,
    /// `docx/unknown-namespace` or `docx/strict`.
    pub(crate) fn open(
        file: &str,
        path: &str,
        bytes: &[u8],
        namespace: &str,
    ) -> diag::Result<Warned<Self>> {
        let package = Package::open(file, bytes.to_vec())?;
        let main = package.main.clone();
        let text = package.text(&main)?.unwrap_or_default();
        let outline = Outline::read(&text).map_err(|fault| {
            Errors::from(crate::docx::unreadable(file, &main, &fault))
        })?;
        if let Some(fault) = check_namespace(&outline, namespace) {
            return Err(fault.at(Place::file(file)).into());
        }
        let body = body(&outline);
        let end = text.len().min(outline.elements[0].close);
        let last_section = text[body.end..end.max(body.end)].to_owned();
        let bookmarks = bookmarks(&outline, &body);
        let mut document = Self {
            path: path.to_owned(),
            text: String::new(),
            body,
            last_section,
            bookmarks,
            styles: Sheet::default(),
            numbering: Lists::default(),
            notes: BTreeMap::new(),
            facts: Arc::default(),
            relations: HashMap::new(),
            package,
        };
        document.text = text;
        document.read_parts()?;
        let mut warnings = Diagnostics::new();
        document.facts = Arc::new(document.look(&mut warnings));
        warnings.finish(document)
    }

    /// What is wrong with the document itself, which is told as warnings.
    fn look(&self, warnings: &mut Diagnostics) -> Facts {
        let mut census = Census::default();
        let notes = self.notes.values().map(|notes| (&notes.part, &notes.text));
        for (part, text) in std::iter::once((&self.package.main, &self.text)).chain(notes)
        {
            if let Ok(outline) = Outline::read(text) {
                census.look(part, &outline, true);
            }
        }
        census.finish(&self.package, warnings)
    }

    /// Reads the parts beside the body.
    fn read_parts(&mut self) -> diag::Result<()> {
        let main = self.package.main.clone();
        self.read_relations(&main)?;
        if let Some((_, text)) = self.related("styles")? {
            self.styles = Sheet::read(&text);
        }
        if let Some((_, text)) = self.related("numbering")? {
            self.numbering = Lists::read(&text);
        }
        for kind in Kind::ALL {
            if let Some((part, text)) = self.related(kind.part())? {
                self.read_relations(&part)?;
                let notes = read_notes(&text, kind);
                self.notes.insert(kind, NotesPart { part, text, notes });
            }
        }
        Ok(())
    }

    fn read_relations(&mut self, part: &str) -> diag::Result<()> {
        let text = self.package.text(&relations::part_of(part))?;
        let all = text.as_deref().map(relations::all).unwrap_or_default();
        self.relations.insert(part.to_owned(), all);
        Ok(())
    }

    /// The part that the body's has a relationship of a kind to, with its text.
    fn related(&self, kind: &str) -> diag::Result<Option<(String, String)>> {
        let ending = format!("/{kind}");
        let all = self.relations.get(&self.package.main);
        let found = all.into_iter().flatten().find(|r| r.kind.ends_with(&ending));
        let Some(relation) = found else { return Ok(None) };
        let part = relations::resolve(&self.package.main, &relation.target);
        Ok(self.package.text(&part)?.map(|text| (part, text)))
    }

    /// A relationship of the body's part, or of a part with notes.
    pub(crate) fn relation(&self, part: &str, id: &str) -> Option<&Relation> {
        self.relations.get(part)?.iter().find(|relation| relation.id == id)
    }

    /// The texts that tags may stand in.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let notes = self.notes.values().map(|notes| notes.text.as_str());
        std::iter::once(self.text.as_str()).chain(notes)
    }

    /// The start tag of the root of the body's part.
    pub(crate) fn root(&self) -> &str {
        root_tag(&self.text)
    }
}

/// The start tag of a part's root.
pub(crate) fn root_tag(xml: &str) -> &str {
    let root = relations::root_tag(xml);
    root.map_or("", |token| &xml[token.span])
}

/// The bytes of each note of a part, by its id; lines above notes are none.
fn read_notes(xml: &str, kind: Kind) -> HashMap<String, Range<usize>> {
    let Ok(outline) = Outline::read(xml) else { return HashMap::new() };
    let notes = outline.children(0).filter(|at| {
        let is_note = outline.elements[*at].name == kind.element();
        let special = xml::attribute(outline.tag(*at), "w:type");
        is_note && matches!(special.as_deref(), None | Some("normal"))
    });
    let read = |at: usize| {
        let id = xml::attribute(outline.tag(at), "w:id")?;
        Some((id.into_owned(), outline.elements[at].span.clone()))
    };
    notes.filter_map(read).collect()
}

/// The bytes of the body's content, without its last section's properties.
fn body(outline: &Outline<'_>) -> Range<usize> {
    let Some(body) = outline.child(0, "w:body") else { return 0..0 };
    let element = &outline.elements[body];
    let last = outline.children(body).last();
    let section = last.filter(|at| outline.elements[*at].name == "w:sectPr");
    let end = section.map_or(element.close, |at| outline.elements[at].span.start);
    element.open.end..end.max(element.open.end)
}

fn bookmarks(outline: &Outline<'_>, body: &Range<usize>) -> Vec<String> {
    let starts = outline.elements.iter().filter(|element| {
        element.name == "w:bookmarkStart" && body.contains(&element.span.start)
    });
    let tags = starts.map(|element| &outline.xml[element.open.clone()]);
    tags.filter_map(|tag| Some(xml::attribute(tag, "w:name")?.into_owned())).collect()
}

fn check_namespace(outline: &Outline<'_>, namespace: &str) -> Option<Diagnostic> {
    if !outline.is_word() {
        return Some(crate::docx::template::checks::unusual_prefix());
    }
    let own = xml::attribute(outline.tag(0), "xmlns:w");
    if namespace.is_empty() || own.as_deref() == Some(namespace) {
        return None;
    }
    Some(
        Diagnostic::error(
            "docx/strict",
            text!(
                "文档与模板不是同一种 `.docx`：一个是“Strict Open XML”，一个不是",
                "the document and the template are not the same kind of `.docx`: one is “Strict Open XML”"
            ),
        )
        .hint(text!("都另存为普通的 `.docx`", "save both as an ordinary `.docx`")),
    )
}

/// The styles of a document as their elements.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// The start tag of the part's root.
    pub(crate) root: String,
    /// The styles in order.
    pub(crate) styles: Vec<Style>,
    /// What every paragraph and run begins with: `w:pPr` and `w:rPr`, or nothing.
    pub(crate) defaults: (String, String),
}

/// A style as its element.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// `paragraph`, `character`, `table` or `numbering`.
    pub(crate) kind: String,
    /// The id.
    pub(crate) id: String,
    /// The name in lower case.
    pub(crate) name: String,
    /// Whether it is what its kind has without a style.
    pub(crate) default: bool,
    /// The id of the style that it is based on.
    pub(crate) based: Option<String>,
    /// The element.
    pub(crate) raw: String,
}

impl Sheet {
    /// Reads `styles.xml`; an unreadable one has no styles.
    pub(crate) fn read(xml: &str) -> Self {
        let Ok(outline) = Outline::read(xml) else { return Self::default() };
        let styles = outline.children(0).filter_map(|at| Style::read(&outline, at));
        let default = |outer: &str, inner: &str| {
            let defaults = outline.child(0, "w:docDefaults")?;
            let at = outline.child(outline.child(defaults, outer)?, inner)?;
            Some(outline.raw(at).to_owned())
        };
        Self {
            root: outline.tag(0).to_owned(),
            styles: styles.collect(),
            defaults: (
                default("w:pPrDefault", "w:pPr").unwrap_or_default(),
                default("w:rPrDefault", "w:rPr").unwrap_or_default(),
            ),
        }
    }

    /// The style of an id.
    pub(crate) fn style(&self, id: &str) -> Option<&Style> {
        self.styles.iter().find(|style| style.id == id)
    }

    /// The style of a kind and name.
    pub(crate) fn named(&self, kind: &str, name: &str) -> Option<&Style> {
        self.styles.iter().find(|style| style.kind == kind && style.name == name)
    }

    /// The style that a kind has without one.
    pub(crate) fn default_of(&self, kind: &str) -> Option<&Style> {
        self.styles.iter().find(|style| style.default && style.kind == kind)
    }
}

impl Style {
    fn read(outline: &Outline<'_>, at: usize) -> Option<Self> {
        if outline.elements[at].name != "w:style" {
            return None;
        }
        let tag = outline.tag(at);
        let value =
            |name: &str| xml::attribute(tag, name).map(|value| value.into_owned());
        let name = outline.child_attribute(at, "w:name", "w:val");
        let based = outline.child_attribute(at, "w:basedOn", "w:val");
        Some(Self {
            kind: value("w:type").unwrap_or_else(|| "paragraph".into()),
            id: value("w:styleId")?,
            name: name.unwrap_or_default().to_lowercase(),
            default: matches!(value("w:default").as_deref(), Some("1" | "true" | "on")),
            based: based.map(|based| based.into_owned()),
            raw: outline.raw(at).to_owned(),
        })
    }
}

impl Lists {
    /// Reads `numbering.xml`; an unreadable one is empty.
    pub(crate) fn read(xml: &str) -> Self {
        let Ok(outline) = Outline::read(xml) else { return Self::default() };
        let mut lists = Self::default();
        for at in outline.children(0) {
            let (into, id) = match outline.elements[at].name {
                "w:abstractNum" => (&mut lists.definitions, "w:abstractNumId"),
                "w:num" => (&mut lists.instances, "w:numId"),
                _ => continue,
            };
            if let Some(id) = xml::attribute(outline.tag(at), id) {
                into.insert(id.into_owned(), outline.raw(at).to_owned());
            }
        }
        lists
    }
}
