//! Numbering of guests, among that of the host.
//!
//! A definition comes along once for each document. The first list that counts by
//! it in a further inclusion begins anew; those that go on counting after it do so
//! as they do at home. Paragraphs that are numbered by a style of the host count by
//! a copy of its definition, so that the host's own lists count on as if nothing
//! stood between.

use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::subdocument::Lists;
use super::{Grafter, look};
use crate::docx::opc::xml::{self, Kind as Token, Outline, Tokens};

/// A definition that was brought along.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// Its id in the host.
    id: u64,
    /// The number that each of its levels begins at, by level.
    starts: Vec<(String, String)>,
    /// Whether an inclusion has counted by it.
    counted: bool,
}

/// Whose numbering it is: a guest's, or the host's.
pub(crate) type Owner = Option<usize>;

/// The numbering that was brought.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    definitions: HashMap<(Owner, String), Option<Definition>>,
    /// What the host has, once it was asked for.
    host: Option<Lists>,
    /// The guests' lists by the ids that the host has for them.
    brought: HashMap<u64, (usize, String)>,
}

/// The lists of one inclusion.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// The new ids of lists.
    lists: HashMap<(Owner, String), Option<u64>>,
    /// The definitions that lists have counted by.
    counted: HashSet<(Owner, String)>,
    /// The `w:numPr` of paragraphs by the id of their style in the host.
    styles: HashMap<String, Option<String>>,
}

impl Grafter<'_, '_, '_> {
    /// The id in the host of a list of an inclusion.
    pub(crate) fn list(&mut self, instance: usize, old: &str) -> Option<u64> {
        self.list_of(Some(self.instances[instance].guest), instance, old)
    }

    /// What a paragraph of an inclusion must say to be numbered as its style, which
    /// the host calls `style`, wants it; nothing if it need say nothing.
    pub(crate) fn style_number(
        &mut self,
        instance: usize,
        style: &str,
    ) -> Option<String> {
        if let Some(known) = self.instances[instance].counts.styles.get(style) {
            return known.clone();
        }
        let number = self.number(instance, style);
        self.instances[instance].counts.styles.insert(style.to_owned(), number.clone());
        number
    }

    fn number(&mut self, instance: usize, style: &str) -> Option<String> {
        let numbered = look::numbering(&self.wardrobe().sheet, style)?;
        let brought = numbered.list.parse().ok();
        let brought = brought.and_then(|id: u64| self.counting.brought.get(&id)).cloned();
        let (owner, old) = match brought {
            Some((guest, old)) => (Some(guest), old),
            None => (None, numbered.list),
        };
        let lists = self.lists_of(owner);
        let raw = lists.instances.get(&old)?;
        let definition =
            Outline::read(raw).ok()?.child_attribute(0, "w:abstractNumId", "w:val")?;
        let raw = lists.definitions.get(definition.as_ref())?;
        let outline = Outline::read(raw).ok()?;
        let is_level = |at: &usize| {
            let tag = outline.tag(*at);
            let level = xml::attribute(tag, "w:ilvl");
            let bound = outline.child_attribute(*at, "w:pStyle", "w:val");
            match &numbered.level {
                Some(wanted) => level.as_deref() == Some(wanted),
                None => owner.is_none() && bound.as_deref() == Some(style),
            }
        };
        let first = || outline.child(0, "w:lvl");
        let at = outline.children(0).find(is_level).or_else(first)?;
        let format = outline.child_attribute(at, "w:numFmt", "w:val");
        if matches!(format.as_deref(), Some("bullet" | "none")) {
            return None;
        }
        let level = xml::attribute(outline.tag(at), "w:ilvl").unwrap_or("0".into());
        let level = level.into_owned();
        let id = self.list_of(owner, instance, &old)?;
        Some(format!(
            "<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{id}\"/></w:numPr>"
        ))
    }

    fn list_of(&mut self, owner: Owner, instance: usize, old: &str) -> Option<u64> {
        let key = (owner, old.to_owned());
        if let Some(known) = self.instances[instance].counts.lists.get(&key) {
            return *known;
        }
        let list = self.bring_list(owner, instance, old);
        if let (Some(id), Some(guest)) = (list, owner) {
            self.counting.brought.insert(id, (guest, old.to_owned()));
        }
        self.instances[instance].counts.lists.insert(key, list);
        list
    }

    /// The numbering of an owner.
    fn lists_of(&mut self, owner: Owner) -> &Lists {
        let host = match owner {
            Some(guest) => return &self.guests[guest].document.numbering,
            None => self.counting.host.take(),
        };
        let host = host.unwrap_or_else(|| {
            let main = self.draft.package.main.clone();
            let part = self.draft.related(&main, "numbering").ok().flatten();
            let text =
                part.and_then(|part| self.draft.package.text(&part).ok().flatten());
            Lists::read(&text.unwrap_or_default())
        });
        self.counting.host.insert(host)
    }

    fn bring_list(&mut self, owner: Owner, instance: usize, old: &str) -> Option<u64> {
        let raw = self.lists_of(owner).instances.get(old)?.clone();
        let outline = Outline::read(&raw).ok()?;
        let name = outline.child_attribute(0, "w:abstractNumId", "w:val")?.into_owned();
        let definition = self.definition(owner, &name)?;
        let key = (owner, name);
        let first = self.instances[instance].counts.counted.insert(key.clone());
        let again = first && definition.counted;
        if let Some(Some(definition)) = self.counting.definitions.get_mut(&key) {
            definition.counted = true;
        }
        let overrides = match again {
            true => restarted(&outline, &definition.starts),
            false => own_overrides(&outline),
        };
        Some(self.draft.numbering.instantiate(definition.id, &overrides))
    }

    /// A definition in the host.
    fn definition(&mut self, owner: Owner, old: &str) -> Option<Definition> {
        let key = (owner, old.to_owned());
        if let Some(known) = self.counting.definitions.get(&key) {
            return known.clone();
        }
        let raw = self.lists_of(owner).definitions.get(old)?.clone();
        let outline = Outline::read(&raw).ok()?;
        let level = |at: usize| {
            let level = xml::attribute(outline.tag(at), "w:ilvl")?.into_owned();
            let start = outline.child_attribute(at, "w:start", "w:val");
            Some((level, start.map_or_else(|| "1".into(), |start| start.into_owned())))
        };
        let starts = outline.children(0).filter_map(level).collect();
        let id = self.draft.numbering.reserve();
        // Styles that are brought with it ask for it again.
        let definition = Some(Definition { id, starts, counted: false });
        self.counting.definitions.insert(key, definition.clone());
        let path = owner.map_or("", |guest| &self.guests[guest].document.path);
        let inside = self.definition_inside(owner, &raw, &unique(path, old));
        self.draft.numbering.define_as(id, &inside);
        definition
    }

    /// What a definition holds, made the host's. `id` tells it from others.
    fn definition_inside(&mut self, owner: Owner, raw: &str, id: &str) -> String {
        let mut out = String::new();
        let mut dropped = 0;
        for token in Tokens::new(raw).map_while(Result::ok) {
            let text = &raw[token.span];
            // Of alternatives, the one that every reader knows.
            let alternative = token.name == "mc:Choice";
            match token.kind {
                Token::Start if alternative => dropped += 1,
                Token::End if alternative => dropped -= 1,
                _ if dropped > 0 || token.name.starts_with("mc:") => {}
                Token::Start | Token::Empty if token.name == "w:abstractNum" => {}
                Token::End if token.name == "w:abstractNum" => {}
                Token::Start | Token::Empty => {
                    out.push_str(&self.definition_tag(owner, token.name, text, id));
                }
                _ => out.push_str(text),
            }
        }
        out
    }

    fn definition_tag(
        &mut self,
        owner: Owner,
        name: &str,
        raw: &str,
        id: &str,
    ) -> String {
        let value = xml::attribute(raw, "w:val").unwrap_or_default();
        let style = match (name, owner) {
            ("w:nsid", _) => return format!("<w:nsid w:val=\"{id}\"/>"),
            // Its picture is elsewhere.
            ("w:lvlPicBulletId", _) => return String::new(),
            // A level can only be that of a style which was brought with it.
            ("w:pStyle" | "w:styleLink", Some(guest)) => {
                self.brought_style(guest, &value)
            }
            ("w:pStyle" | "w:styleLink", None) => None,
            ("w:rStyle" | "w:numStyleLink", Some(guest)) => self.style(guest, &value),
            _ => return plain(raw),
        };
        style
            .map_or_else(String::new, |new| super::styles::with_value(raw, "w:val", &new))
    }
}

/// A start tag without the attributes of extensions, whose prefixes the host's
/// part may not know.
fn plain(raw: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (name, value) in xml::attributes(raw) {
        if !name.starts_with("w:") && !name.starts_with("xml") {
            let start = raw[..value.start].rfind(name).unwrap_or(value.start);
            out.push_str(raw[at..start].trim_end());
            at = value.end + 1;
        }
    }
    out.push_str(&raw[at..]);
    out
}

/// Eight hexadecimal digits that belong to a definition of a document.
fn unique(path: &str, definition: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(path.as_bytes());
    hasher.write(definition.as_bytes());
    format!("{:08X}", hasher.finish128().h1 as u32)
}

/// The overrides that an instance has.
fn own_overrides(outline: &Outline<'_>) -> String {
    let overrides =
        outline.children(0).filter(|at| outline.elements[*at].name == "w:lvlOverride");
    overrides.map(|at| plain_all(outline.raw(at))).collect()
}

/// The overrides that an instance has, and new beginnings of the levels that it
/// does not begin anew itself.
fn restarted(outline: &Outline<'_>, starts: &[(String, String)]) -> String {
    let mut out = String::new();
    for (level, start) in starts {
        let start = format!("<w:startOverride w:val=\"{start}\"/>");
        let own = outline.children(0).find(|at| {
            xml::attribute(outline.tag(*at), "w:ilvl").is_some_and(|own| own == *level)
        });
        match own {
            Some(at) if outline.child(at, "w:startOverride").is_some() => {
                out.push_str(&plain_all(outline.raw(at)));
            }
            Some(at) => {
                let inside: String =
                    outline.children(at).map(|at| plain_all(outline.raw(at))).collect();
                out.push_str(&format!(
                    "<w:lvlOverride w:ilvl=\"{level}\">{start}{inside}</w:lvlOverride>"
                ));
            }
            None => out.push_str(&format!(
                "<w:lvlOverride w:ilvl=\"{level}\">{start}</w:lvlOverride>"
            )),
        }
    }
    out
}

/// Markup without the attributes of extensions and what refers to elsewhere.
fn plain_all(raw: &str) -> String {
    let mut out = String::new();
    for token in Tokens::new(raw).map_while(Result::ok) {
        let text = &raw[token.span];
        match (token.kind, token.name) {
            (_, "w:pStyle" | "w:rStyle" | "w:lvlPicBulletId") => {}
            (Token::Start | Token::Empty, _) => out.push_str(&plain(text)),
            _ => out.push_str(text),
        }
    }
    out
}
