//! Bodies of other documents, made fit to live in the one that is made.
//!
//! What an included or printed document says stands in the rendered part between
//! marks that tell whose it is. When all parts are rendered, one pass over each of
//! them ([`rewrite`]) replaces what such content refers to by what is its like in
//! the host: [`styles`], [`lists`], [`notes`] and other [`parts`] are found there,
//! or brought along, once for each document.
//!
//! The rules: the host's look wins where it has a style of the same name, and its
//! default style, page layout, headers and footers always do. A style that is
//! brought keeps the look that it has at home. Lists begin anew each time that the
//! document is included. Bookmarks whose names are taken are renamed together with
//! what refers to them.

mod lists;
mod look;
mod notes;
mod parts;
mod rewrite;
mod styles;
pub(super) mod subdocument;

use std::collections::{HashMap, HashSet};

use memchr::memchr2;

use self::lists::{Counting, Counts};
use self::parts::Copies;
use self::styles::Wardrobe;
use self::subdocument::Subdocument;
use crate::diag::{self, Diagnostic, Diagnostics, Text};
use crate::docx::Images;
use crate::docx::opc::styles::Styles;
use crate::docx::opc::xml::{self, Kind as Token, Tokens};
use crate::docx::output::finish::Ids;
use crate::docx::render::Rendered;
use crate::docx::render::draft::Draft;
use crate::docx::render::marks::{FOREIGN, GRAFT};
use crate::docx::render::notes::Kind;
use crate::docx::template::site::Site;
use crate::text;

/// The number of the document that is made; others begin at 1.
pub(crate) const HOST: usize = 0;

/// Begins the content of a document that is included once more.
pub(crate) fn begins_anew(document: usize) -> String {
    format!("{GRAFT}+{document}{GRAFT}")
}

/// Begins content of a document, such as a macro's.
pub(crate) fn begins(document: usize) -> String {
    format!("{GRAFT}{document}{GRAFT}")
}

/// Ends what began last.
pub(crate) fn ends() -> String {
    format!("{GRAFT}{GRAFT}")
}

/// Stands for a whole document that a tag printed, by number.
pub(crate) fn printed(number: usize) -> String {
    format!("{GRAFT}={number}{GRAFT}")
}

/// A text without marks.
pub(crate) fn without_marks(text: &str) -> String {
    text.split(GRAFT).step_by(2).collect()
}

/// Properties of a document as they may stand in another one: the styles and the
/// numbering that they refer to are marked as the document's.
pub(crate) fn foreign(properties: &str, document: usize) -> String {
    let mut out = String::with_capacity(properties.len());
    for token in Tokens::new(properties).map_while(Result::ok) {
        let raw = &properties[token.span];
        let refers = matches!(token.kind, Token::Start | Token::Empty)
            && matches!(token.name, "w:pStyle" | "w:rStyle" | "w:tblStyle" | "w:numId");
        let value = xml::attributes(raw).find(|(name, _)| *name == "w:val");
        match value.filter(|_| refers) {
            Some((_, value)) => {
                let (before, after) = raw.split_at(value.start);
                out.push_str(&format!("{before}{FOREIGN}{document}{FOREIGN}{after}"));
            }
            None => out.push_str(raw),
        }
    }
    out
}

/// What bringing content of other documents needs.
pub(crate) struct Grafting<'g, 'f> {
    /// The documents that the template includes.
    pub(crate) library: &'g [Subdocument],
    /// The names in lower case of the bookmarks in parts that are not rendered.
    pub(crate) known: &'g HashSet<String>,
    /// Loads those that tags printed.
    pub(crate) loading: Loading<'g>,
    /// The ids of the document.
    pub(crate) ids: &'g mut Ids<'f>,
    /// Takes what is wrong.
    pub(crate) diagnostics: &'g mut Diagnostics,
}

impl Grafting<'_, '_> {
    /// Rewrites the rendered parts that have content of other documents. Gives the
    /// styles if there are more now.
    pub(crate) fn graft(
        &mut self,
        draft: &mut Draft<'_>,
        rendered: &mut [Rendered],
    ) -> Option<Styles> {
        if !rendered.iter().any(|part| is_mixed(&part.xml)) {
            return None;
        }
        let first = self.library.len();
        let (loaded, numbers) = self.loading.load(rendered, first, self.diagnostics);
        let documents = self.library.iter().chain(&loaded);
        draft.guests = documents.clone().map(|guest| guest.facts.clone()).collect();
        let guests = documents.map(Guest::new).collect();
        let mut taken = Taken::read(rendered);
        taken.bookmarks.extend(self.known.iter().cloned());
        let mut grafter = Grafter::new(draft, guests, taken, self.ids);
        for (part, numbers) in rendered.iter_mut().zip(&numbers) {
            if is_mixed(&part.xml) {
                let rewritten = grafter.part(&part.program.name, &part.xml, numbers);
                if let Some(xml) = grafter.diagnostics.absorb(rewritten) {
                    part.xml = xml;
                }
            }
        }
        let finished = grafter.finish(self.diagnostics);
        self.diagnostics.absorb(finished).flatten()
    }
}

/// What the host's own content calls its own.
#[derive(Debug, Default)]
struct Taken {
    /// The names of bookmarks in lower case.
    bookmarks: HashSet<String>,
    /// The ids of shapes.
    shapes: HashSet<String>,
}

impl Taken {
    /// Looks at rendered parts, content of other documents left out.
    fn read(rendered: &[Rendered]) -> Self {
        let mut taken = Self::default();
        for part in rendered {
            let mut depth = 0_usize;
            for (index, piece) in part.xml.split(GRAFT).enumerate() {
                match (index % 2, piece) {
                    (0, piece) if depth == 0 => taken.look(piece),
                    (0, _) => {}
                    (_, "") => depth = depth.saturating_sub(1),
                    (_, piece) => depth += usize::from(!piece.starts_with('=')),
                }
            }
        }
        taken
    }

    fn look(&mut self, markup: &str) {
        let values = |start: &str, name: &str| -> Vec<String> {
            let tags = markup.split(start).skip(1);
            let tags = tags.map(|rest| rest.split('>').next().unwrap_or_default());
            tags.filter_map(|tag| Some(xml::attribute(tag, name)?.into_owned())).collect()
        };
        let names = values("<w:bookmarkStart", "w:name");
        self.bookmarks.extend(names.iter().map(|name| name.to_lowercase()));
        self.shapes.extend(values("<v:", "id"));
    }
}

/// What loading the documents that tags printed needs.
pub(crate) struct Loading<'l> {
    /// Where files named by the data come from.
    pub(crate) images: &'l dyn Images,
    /// The surroundings of the tags.
    pub(crate) sites: &'l [Site],
    /// The namespace of the host's body.
    pub(crate) namespace: &'l str,
}

impl Loading<'_> {
    /// The documents, and for each part the numbers of those that it prints;
    /// nothing stands for one that cannot be used, which `diagnostics` tell.
    fn load(
        &self,
        rendered: &[Rendered],
        first: usize,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<Subdocument>, Vec<Vec<Option<usize>>>) {
        let mut loaded = Vec::new();
        let mut known: HashMap<&str, Result<usize, Text>> = HashMap::new();
        let mut numbers = Vec::with_capacity(rendered.len());
        for part in rendered {
            let mut own = Vec::with_capacity(part.documents.len());
            for (tag, path) in &part.documents {
                let number = known.entry(path).or_insert_with(|| {
                    loaded.push(self.open(path)?);
                    Ok(first + loaded.len() - 1)
                });
                if let Err(cause) = number {
                    let place = self.sites[*tag].place.clone();
                    diagnostics.push(unusable(path, cause).at(place));
                }
                own.push(number.clone().ok());
            }
            numbers.push(own);
        }
        (loaded, numbers)
    }

    fn open(&self, path: &str) -> Result<Subdocument, Text> {
        let bytes = self.images.load(path)?;
        let opened = Subdocument::open(path, path, &bytes, self.namespace);
        // What is wrong with a document of the data is its author's business.
        opened.map(|opened| opened.value).map_err(|errors| {
            let first = errors.into_vec().into_iter().find(Diagnostic::is_error);
            first.map_or_else(|| Text::verbatim(""), |fault| fault.message)
        })
    }
}

fn unusable(path: &str, cause: &Text) -> Diagnostic {
    let (zh, en) = (&cause.zh, &cause.en);
    Diagnostic::error(
        "docx/subdocument",
        text!("文档 `{path}` 用不了（{zh}）", "failed to use document `{path}` ({en})"),
    )
}

/// A document whose content is brought into the host, and what of it is there.
struct Guest<'g> {
    document: &'g Subdocument,
    /// The ids of its styles in the host; nothing for one that is not to be named.
    styles: HashMap<String, Option<String>>,
    /// The ids of those of its styles that were brought along.
    brought: HashSet<String>,
    /// The instance that content outside of any inclusion belongs to.
    shared: Option<usize>,
}

impl<'g> Guest<'g> {
    fn new(document: &'g Subdocument) -> Self {
        Self { document, styles: HashMap::new(), brought: HashSet::new(), shared: None }
    }
}

/// One inclusion of a document.
struct Instance {
    guest: usize,
    /// The new names of its bookmarks, as far as they are others.
    bookmarks: HashMap<String, String>,
    /// The new ids of its shapes.
    shapes: HashMap<String, String>,
    /// Its lists.
    counts: Counts,
    /// The new ids of comments whose range is open.
    comments: HashMap<String, i64>,
}

/// Brings content of guests into a draft.
struct Grafter<'g, 'p, 'f> {
    draft: &'g mut Draft<'p>,
    guests: Vec<Guest<'g>>,
    instances: Vec<Instance>,
    /// The names in lower case of all bookmarks.
    bookmarks: HashSet<String>,
    /// The ids of all shapes.
    shapes: HashSet<String>,
    copies: Copies,
    counting: Counting,
    wardrobe: Option<Wardrobe>,
    /// The id of the reference to a note that each inclusion wrote last.
    reserved: HashMap<(usize, Kind), i64>,
    /// The ids of the document.
    ids: &'g mut Ids<'f>,
    diagnostics: Diagnostics,
}

impl<'g, 'p, 'f> Grafter<'g, 'p, 'f> {
    fn new(
        draft: &'g mut Draft<'p>,
        guests: Vec<Guest<'g>>,
        taken: Taken,
        ids: &'g mut Ids<'f>,
    ) -> Self {
        Self {
            draft,
            guests,
            instances: Vec::new(),
            bookmarks: taken.bookmarks,
            shapes: taken.shapes,
            copies: Copies::default(),
            counting: Counting::default(),
            wardrobe: None,
            reserved: HashMap::new(),
            ids,
            diagnostics: Diagnostics::new(),
        }
    }

    /// A new inclusion of a guest.
    fn instance(&mut self, guest: usize) -> usize {
        let mut renamed = HashMap::new();
        for name in &self.guests[guest].document.bookmarks {
            let unique = free_bookmark(&mut self.bookmarks, name);
            if unique != *name {
                renamed.insert(name.clone(), unique);
            }
        }
        self.instances.push(Instance {
            guest,
            bookmarks: renamed,
            shapes: HashMap::new(),
            counts: Counts::default(),
            comments: HashMap::new(),
        });
        self.instances.len() - 1
    }

    /// The id in the host of a shape of an inclusion.
    fn shape(&mut self, instance: usize, old: &str) -> String {
        if let Some(known) = self.instances[instance].shapes.get(old) {
            return known.clone();
        }
        let numbered = (2..).map(|number| format!("{old}_{number}"));
        let mut ids = std::iter::once(old.to_owned()).chain(numbered);
        let new = ids.find(|id| self.shapes.insert(id.clone())).unwrap_or_default();
        self.instances[instance].shapes.insert(old.to_owned(), new.clone());
        new
    }

    /// The instance that a guest's content outside of any inclusion belongs to.
    fn shared(&mut self, guest: usize) -> usize {
        if let Some(shared) = self.guests[guest].shared {
            return shared;
        }
        let shared = self.instance(guest);
        self.guests[guest].shared = Some(shared);
        shared
    }

    /// Puts what was brought into the draft; gives the styles if there are more.
    fn finish(mut self, diagnostics: &mut Diagnostics) -> diag::Result<Option<Styles>> {
        let found = std::mem::take(&mut self.diagnostics);
        diagnostics.extend(found.into_vec());
        self.put_styles()
    }
}

/// The longest name of a bookmark that Word takes.
const LONGEST_BOOKMARK: usize = 40;

/// A name of a bookmark, numbered if it is taken; it is taken then.
fn free_bookmark(taken: &mut HashSet<String>, name: &str) -> String {
    let mut unique = name.to_owned();
    let mut count = 1;
    while !taken.insert(unique.to_lowercase()) {
        count += 1;
        let suffix = format!("_{count}");
        let keep = LONGEST_BOOKMARK - suffix.len();
        unique = name.chars().take(keep).collect::<String>() + &suffix;
    }
    unique
}

/// Whether a part has content of more than one document.
fn is_mixed(xml: &str) -> bool {
    memchr2(GRAFT as u8, FOREIGN as u8, xml.as_bytes()).is_some()
}
