//! Styles of guests, among those of the host.
//!
//! Where the host has a style of the same kind and name, that is meant. Any other
//! is brought along with those that it is based on, linked to or followed by.

use super::Grafter;
use super::look;
use super::subdocument::{Sheet, Style};
use crate::diag;
use crate::docx::opc::escape;
use crate::docx::opc::namespaces;
use crate::docx::opc::relations;
use crate::docx::opc::styles::Styles;
use crate::docx::opc::xml::{self, Kind as Token, Tokens};

/// The host's styles, with those that are brought.
#[derive(Debug, Default)]
pub(crate) struct Wardrobe {
    /// The part's name.
    part: String,
    /// All styles.
    pub(crate) sheet: Sheet,
    /// The elements that are brought, with the start tags of the roots they are from.
    brought: Vec<(String, String)>,
}

impl Wardrobe {
    /// An id like this one that no style has.
    fn free_id(&self, wanted: &str) -> String {
        let taken = |id: &str| {
            self.sheet.styles.iter().any(|style| style.id.eq_ignore_ascii_case(id))
        };
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let mut ids = std::iter::once(wanted.to_owned()).chain(numbered);
        ids.find(|id| !taken(id)).unwrap_or_default()
    }

    /// A name like this one that no style has.
    fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| {
            let name = name.to_lowercase();
            self.sheet.styles.iter().any(|style| style.name == name)
        };
        let numbered = (2..).map(|number| format!("{wanted} {number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or_default()
    }
}

impl Grafter<'_, '_, '_> {
    /// The id in the host of a guest's style; nothing if none is to be named.
    pub(crate) fn style(&mut self, guest: usize, old: &str) -> Option<String> {
        if let Some(known) = self.guests[guest].styles.get(old) {
            return known.clone();
        }
        let document = self.guests[guest].document;
        let new = match document.styles.style(old) {
            Some(style) => match self.host_style(style) {
                Some(own) => own,
                None => return Some(self.bring_style(guest, style)),
            },
            None => None,
        };
        self.guests[guest].styles.insert(old.to_owned(), new.clone());
        new
    }

    /// The id of a style, if it is there because it was brought from the guest.
    pub(crate) fn brought_style(&mut self, guest: usize, old: &str) -> Option<String> {
        let new = self.style(guest, old);
        new.filter(|_| self.guests[guest].brought.contains(old))
    }

    /// What the host has for a style, if anything: nothing is named for its
    /// default.
    fn host_style(&mut self, style: &Style) -> Option<Option<String>> {
        let wardrobe = self.wardrobe();
        if let Some(own) = wardrobe.sheet.named(&style.kind, &style.name) {
            return Some(Some(own.id.clone()));
        }
        let default = || wardrobe.sheet.default_of(&style.kind).map(|own| own.id.clone());
        style.default.then(default)
    }

    fn bring_style(&mut self, guest: usize, style: &Style) -> String {
        let wardrobe = self.wardrobe();
        let id = wardrobe.free_id(&style.id);
        let name = wardrobe.free_name(&style.name);
        let renamed = (name != style.name).then(|| name.clone());
        // Those that it refers to may refer to it.
        let own = Style { id: id.clone(), name, default: false, ..style.clone() };
        wardrobe.sheet.styles.push(own);
        self.guests[guest].styles.insert(style.id.clone(), Some(id.clone()));
        self.guests[guest].brought.insert(style.id.clone());
        let raw = self.style_markup(guest, style, &id, renamed.as_deref());
        let raw = self.keep_look(guest, style, raw);
        let root = self.guests[guest].document.styles.root.clone();
        let wardrobe = self.wardrobe();
        if let Some(own) = wardrobe.sheet.styles.iter_mut().find(|own| own.id == id) {
            own.based = look::based_on(&raw);
            own.raw.clone_from(&raw);
        }
        wardrobe.brought.push((raw, root));
        id
    }

    /// The element of a style with new ids.
    fn style_markup(
        &mut self,
        guest: usize,
        style: &Style,
        id: &str,
        name: Option<&str>,
    ) -> String {
        let mut out = String::new();
        for token in Tokens::new(&style.raw).map_while(Result::ok) {
            let raw = &style.raw[token.span];
            if !matches!(token.kind, Token::Start | Token::Empty) {
                out.push_str(raw);
                continue;
            }
            let value = xml::attribute(raw, "w:val").unwrap_or_default();
            let new = match token.name {
                "w:style" => {
                    out.push_str(&without_default(&with_value(raw, "w:styleId", id)));
                    continue;
                }
                "w:basedOn" | "w:next" | "w:link" => self.style(guest, &value),
                "w:numId" if value != "0" => {
                    let shared = self.shared(guest);
                    self.list(shared, &value).map(|list| list.to_string())
                }
                "w:name" => Some(name.unwrap_or(&value).to_owned()),
                _ => {
                    out.push_str(raw);
                    continue;
                }
            };
            if let Some(new) = new {
                out.push_str(&with_value(raw, "w:val", &new));
            }
        }
        out
    }

    /// The host's styles.
    pub(crate) fn wardrobe(&mut self) -> &mut Wardrobe {
        if self.wardrobe.is_none() {
            let opened = self.open_wardrobe();
            self.wardrobe = Some(self.diagnostics.absorb(opened).unwrap_or_default());
        }
        self.wardrobe.get_or_insert_default()
    }

    fn open_wardrobe(&mut self) -> diag::Result<Wardrobe> {
        let main = self.draft.package.main.clone();
        let Some(part) = self.draft.related(&main, "styles")? else {
            return Ok(Wardrobe::default());
        };
        let text = self.draft.text(&part)?.unwrap_or_default();
        Ok(Wardrobe { sheet: Sheet::read(&text), part, brought: Vec::new() })
    }

    /// Appends the styles that were brought to the host's part, which is made if
    /// there is none. Gives all styles if there are more now.
    pub(crate) fn put_styles(&mut self) -> diag::Result<Option<Styles>> {
        let Some(wardrobe) = self.wardrobe.take() else { return Ok(None) };
        if wardrobe.brought.is_empty() {
            return Ok(None);
        }
        let mut part = wardrobe.part;
        if part.is_empty() {
            let main = self.draft.package.main.clone();
            let body = self.draft.text(&main)?.unwrap_or_default();
            let root = super::subdocument::root_tag(&body);
            let namespace = xml::attribute(root, "xmlns:w").unwrap_or_default();
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
                 <w:styles xmlns:w=\"{namespace}\"></w:styles>"
            );
            part = self.draft.add_beside("styles", CONTENT_TYPE, text)?;
        }
        let mut text = self.draft.text(&part)?.unwrap_or_default().into_owned();
        for (markup, root) in &wardrobe.brought {
            text = namespaces::declare(&text, root, markup);
            text = relations::append(&text, markup);
        }
        let styles = Styles::read(&text);
        self.draft.put(&part, text);
        Ok(Some(styles))
    }
}

const CONTENT_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml";

/// A start tag with another value of an attribute.
pub(crate) fn with_value(raw: &str, attribute: &str, value: &str) -> String {
    match xml::attributes(raw).find(|(name, _)| *name == attribute) {
        Some((_, span)) => format!(
            "{}{}{}",
            &raw[..span.start],
            escape::escape_attribute(value),
            &raw[span.end..]
        ),
        None => raw.to_owned(),
    }
}

/// The start tag of a style that is not its kind's default.
fn without_default(raw: &str) -> String {
    match xml::attributes(raw).find(|(name, _)| *name == "w:default") {
        Some((name, span)) => {
            let start = raw[..span.start].rfind(name).unwrap_or(span.start);
            format!("{}{}", raw[..start].trim_end(), &raw[span.end + 1..])
        }
        None => raw.to_owned(),
    }
}
