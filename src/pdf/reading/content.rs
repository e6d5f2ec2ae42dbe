//! The text of pages by marked-content id.
//!
//! A content stream draws and says at the same time; here only what it says is
//! kept: the codes of `Tj` and its kin through the font's map, or the `ActualText`
//! of the sequence around them.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::Pdf;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};
use hayro_syntax::page::{Page, Resources};

use super::font::Font;
use super::{DEEPEST, name_of, text_of};

/// What a page says.
#[derive(Debug, Clone, Default)]
pub struct PageText {
    /// The text of each marked-content id.
    pub marked: HashMap<i32, String>,
    /// Text that is neither content of a tag nor an artifact.
    pub unmarked: String,
    /// Text of running heads, page numbers and what else is only decoration.
    pub artifacts: String,
}

/// The text of all pages.
pub(super) fn pages(pdf: &Pdf) -> Vec<PageText> {
    let mut fonts = HashMap::new();
    pdf.pages().iter().map(|page| read(page, &mut fonts)).collect()
}

/// Where text goes.
#[derive(Debug, Clone)]
enum Target {
    Marked(i32),
    Unmarked,
    Artifact,
    /// Nowhere: its sequence has told another text for it.
    Replaced,
}

/// Fonts by the number and generation of their objects.
type Fonts = HashMap<(i32, i32), Rc<Font>>;

struct Reader<'f> {
    text: PageText,
    fonts: &'f mut Fonts,
    /// The marked-content sequences that are open.
    open: Vec<Target>,
    depth: usize,
}

fn read(page: &Page<'_>, fonts: &mut Fonts) -> PageText {
    let mut reader =
        Reader { text: PageText::default(), fonts, open: Vec::new(), depth: 0 };
    if let Some(stream) = page.page_stream() {
        reader.run(stream, page.resources());
    }
    reader.text
}

impl Reader<'_> {
    fn run(&mut self, stream: &[u8], resources: &Resources<'_>) {
        let mut font: Option<Rc<Font>> = None;
        let mut saved: Vec<Option<Rc<Font>>> = Vec::new();
        let mut instructions = TypedIter::new(stream);
        while let Some(instruction) = instructions.next() {
            match instruction {
                TypedInstruction::SaveState(_) => saved.push(font.clone()),
                TypedInstruction::RestoreState(_) => font = saved.pop().unwrap_or(font),
                TypedInstruction::TextFont(set) => font = self.font(resources, set.0),
                TypedInstruction::ShowText(shown) => self.show(font.as_deref(), shown.0),
                TypedInstruction::NextLineAndShowText(shown) => {
                    self.show(font.as_deref(), shown.0);
                }
                TypedInstruction::ShowTextWithParameters(shown) => {
                    self.show(font.as_deref(), shown.2);
                }
                TypedInstruction::ShowTexts(shown) => {
                    for string in strings(shown.0) {
                        self.show(font.as_deref(), &string);
                    }
                }
                TypedInstruction::XObject(form) => self.form(resources, form.0),
                other => self.mark(&other, resources),
            }
        }
    }

    /// Opens and closes marked-content sequences.
    fn mark(
        &mut self,
        instruction: &TypedInstruction<'_, '_>,
        resources: &Resources<'_>,
    ) {
        match instruction {
            TypedInstruction::BeginMarkedContent(begun) => {
                let target = self.target_of(begun.0, None);
                self.open.push(target);
            }
            TypedInstruction::BeginMarkedContentWithProperties(begun) => {
                let properties = properties(begun.1, resources);
                let target = self.target_of(begun.0, properties.as_ref());
                self.open.push(target);
            }
            TypedInstruction::EndMarkedContent(_) => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn target(&self) -> Target {
        self.open.last().cloned().unwrap_or(Target::Unmarked)
    }

    /// Where the text of a sequence goes. Its `ActualText` is told at once.
    fn target_of(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>) -> Target {
        let outer = self.target();
        let id = properties.and_then(|dict| dict.get::<i32>(b"MCID"));
        let target = match (id, outer) {
            (_, Target::Replaced) => Target::Replaced,
            (Some(id), _) => Target::Marked(id),
            (None, _) if tag.as_ref() == b"Artifact" => Target::Artifact,
            (None, outer) => outer,
        };
        if let Target::Marked(id) = target {
            self.text.marked.entry(id).or_default();
        }
        match properties.and_then(|dict| text_of(dict, b"ActualText")) {
            Some(actual) => {
                self.put(&target, &actual);
                Target::Replaced
            }
            None => target,
        }
    }

    fn put(&mut self, target: &Target, text: &str) {
        match target {
            Target::Marked(id) => {
                self.text.marked.entry(*id).or_default().push_str(text);
            }
            Target::Unmarked => self.text.unmarked.push_str(text),
            Target::Artifact => self.text.artifacts.push_str(text),
            Target::Replaced => {}
        }
    }

    fn show(&mut self, font: Option<&Font>, codes: &PdfString<'_>) {
        let mut text = String::new();
        if let Some(font) = font {
            font.decode(codes.as_bytes(), &mut text);
        }
        self.put(&self.target(), &text);
    }

    fn font(&mut self, resources: &Resources<'_>, name: &Name<'_>) -> Option<Rc<Font>> {
        let above = std::iter::successors(Some(resources), |inner| inner.parent());
        let id = above
            .filter(|inner| inner.fonts.contains_key(name))
            .map(|inner| inner.fonts.get_ref(name))
            .next()
            .flatten();
        let read = || resources.get_font(name).map(|dict| Rc::new(Font::read(&dict)));
        let Some(id) = id else { return read() };
        let key = (id.obj_number, id.gen_number);
        if let Some(font) = self.fonts.get(&key) {
            return Some(Rc::clone(font));
        }
        let font = read()?;
        self.fonts.insert(key, Rc::clone(&font));
        Some(font)
    }

    /// What a form says belongs to the sequence that it is drawn in.
    fn form(&mut self, resources: &Resources<'_>, name: &Name<'_>) {
        let Some(form) = resources.get_x_object(name) else { return };
        let kind = name_of(form.dict(), b"Subtype");
        if kind.as_deref() != Some("Form") || self.depth >= DEEPEST {
            return;
        }
        let Ok(stream) = form.decoded() else { return };
        let own = form.dict().get::<Dict<'_>>(b"Resources").unwrap_or_default();
        let resources = Resources::from_parent(own, resources.clone());
        let open = self.open.len();
        self.depth += 1;
        self.run(&stream, &resources);
        self.depth -= 1;
        self.open.truncate(open);
    }
}

/// The strings of a `TJ`, without the distances between them.
fn strings<'a>(array: &Array<'a>) -> impl Iterator<Item = PdfString<'a>> {
    array.iter::<Object<'a>>().filter_map(Object::into_string)
}

/// The properties of a sequence, in place or by name.
fn properties<'a>(written: &Object<'a>, resources: &Resources<'a>) -> Option<Dict<'a>> {
    match written {
        Object::Dict(dict) => Some(dict.clone()),
        Object::Name(name) => resources.properties.get(name),
        _ => None,
    }
}
