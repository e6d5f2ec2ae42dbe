//! Anchors: marks in a draft that say which value of the dataset a text is.
//!
//! Each printed value is held by a hidden bookmark and, where text stands beside it in
//! its paragraph, by a content control too: what is typed at the edge of a bookmark
//! falls outside, and editors lose one or the other. Controls are never nested, never
//! bound and never around paragraphs: LibreOffice multiplies or loses the text of those. The list of anchors, the dataset and the template's
//! name travel in the document as custom XML.

use std::fmt::Write as _;
use std::hash::Hash;
use std::sync::Arc;

use minijinja::Value;
use serde_json::Value as Json;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::draft::Draft;
use super::marks::{BROKEN, RESUMED};
use crate::diag;
use crate::docx::language::origin::{self, Origins};
use crate::docx::opc::escape;
use crate::docx::opc::relations;
use crate::docx::opc::xml::{self, Outline};

/// The namespace of the custom XML that a draft carries.
pub(crate) const NAMESPACE: &str = "urn:huikan:draft";

/// What a draft is made of, as it says itself.
#[derive(Debug, Clone, Copy)]
pub struct Base<'b> {
    /// The id of the template.
    pub template: &'b str,
    /// The dataset as its author wrote it: what an editor's changes are
    /// compared with.
    pub dataset: &'b Json,
    /// Where the data that are printed stand in it: a JSON pointer.
    pub at: &'b str,
}

/// How a value can be held at the place of a tag.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Hold {
    /// Not at all: in attributes, in properties, in text that is computed on.
    Nothing,
    /// Only marked at its end by an empty bookmark.
    End,
    /// By a bookmark: where it fills its paragraph, which is read whole; in links, in
    /// content controls of the template.
    Bookmark,
    /// By a content control and a bookmark.
    Control,
}

/// One anchor.
#[derive(Debug)]
struct Anchor {
    pointer: Arc<str>,
    /// Which paragraph of the value it holds, from 1, if the value has several.
    piece: Option<usize>,
}

/// The anchors of a draft in the order in which they are made.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    origins: Origins,
    list: Vec<Anchor>,
    /// The pointer of the number that is printed next.
    keyed: Option<String>,
}

/// The first id of our bookmarks and controls: high, so that those of
/// templates keep theirs.
const FIRST_ID: usize = 1_700_000_000;

impl Anchors {
    /// No anchors yet, for values of these origins.
    pub(crate) fn new(origins: Origins) -> Self {
        Self { origins, ..Self::default() }
    }

    /// Notes where the value that is printed next was taken from: the value
    /// around it and its key there, or its name among the fields of the root.
    pub(crate) fn note(&mut self, parent: &Value, key: &Value) {
        self.keyed = match parent.is_undefined() {
            true => key.as_str().map(|name| self.origins.field(name)),
            false => origin::member(parent, key),
        };
    }

    /// Where a value that is printed comes from. A text that is made here comes
    /// from nowhere, even if it is printed by a path.
    pub(crate) fn origin(&mut self, value: &Value) -> Option<Arc<str>> {
        let keyed = self.keyed.take();
        let number = value.is_number()
            || matches!(value.kind(), minijinja::value::ValueKind::Bool);
        self.origins.of(value).or_else(|| keyed.filter(|_| number).map(Arc::from))
    }

    /// Content of a paragraph, held. `piece` numbers the paragraphs of a value
    /// that has several.
    pub(crate) fn hold(
        &mut self,
        content: &str,
        hold: Hold,
        pointer: &Arc<str>,
        piece: Option<usize>,
    ) -> String {
        if hold == Hold::Nothing || content.is_empty() {
            return content.to_owned();
        }
        self.list.push(Anchor { pointer: pointer.clone(), piece });
        let number = self.list.len();
        let id = FIRST_ID + number;
        let held = match hold {
            Hold::Control => format!(
                "<w:sdt><w:sdtPr><w:tag w:val=\"jp{number:04}\"/><w:id w:val=\"{id}\"/></w:sdtPr>\
                 <w:sdtContent>{content}</w:sdtContent></w:sdt>"
            ),
            _ => content.to_owned(),
        };
        let start = format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"_jp{number:04}\"/>");
        let end = format!("<w:bookmarkEnd w:id=\"{id}\"/>");
        match hold {
            Hold::End => held + &start + &end,
            _ => start + &held + &end,
        }
    }

    /// Puts the list of anchors and what the draft is made of into the draft.
    ///
    /// Fails with `docx/malformed-part`.
    pub(crate) fn stamp(
        &self,
        draft: &mut Draft<'_>,
        base: Base<'_>,
    ) -> diag::Result<()> {
        let number = free_item(draft)?;
        let hash = hash(base);
        let main = draft.package.main.clone();
        let item = format!("/customXml/item{number}.xml");
        draft.add(&main, "customXml", &item, "application/xml", self.item(base, hash))?;
        let properties = format!("itemProps{number}.xml");
        let item = item.trim_start_matches('/');
        draft.add(
            item,
            "customXmlProps",
            &properties,
            PROPERTIES_TYPE,
            item_properties(hash),
        )?;
        stamp_properties(draft, base, hash)
    }

    fn item(&self, base: Base<'_>, hash: u128) -> String {
        let template = escape::escape_attribute(base.template);
        let dataset = escape::escape(&base.dataset.to_string());
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <draft xmlns=\"{NAMESPACE}\" version=\"1\" template=\"{template}\" \
             hash=\"{hash:032x}\"><dataset>{dataset}</dataset><anchors>"
        );
        for (index, Anchor { pointer, piece }) in self.list.iter().enumerate() {
            let (number, pointer) = (index + 1, escape::escape_attribute(pointer));
            // Writing to a string does not fail.
            let _ = write!(out, "<a id=\"jp{number:04}\" pointer=\"{pointer}\"");
            if let Some(piece) = piece {
                let _ = write!(out, " piece=\"{piece}\"");
            }
            out.push_str("/>");
        }
        out.push_str("</anchors></draft>");
        out
    }
}

/// Runs that take the place of a stretch of text in a run: it ends before them
/// and goes on after.
pub(crate) fn between_runs(runs: &str, properties: &str) -> String {
    format!(
        "{BROKEN}</w:t></w:r>{runs}<w:r>{properties}<w:t xml:space=\"preserve\">{RESUMED}"
    )
}

/// Tells one dataset and template from another; no protection against forgery.
fn hash(base: Base<'_>) -> u128 {
    let mut hasher = SipHasher13::new();
    (base.template, base.dataset.to_string()).hash(&mut hasher);
    hasher.finish128().as_u128()
}

const PROPERTIES_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.customXmlProperties+xml";
const CUSTOM_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.custom-properties+xml";

fn item_properties(hash: u128) -> String {
    let digits = format!("{hash:032X}");
    let id =
        [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    let id = id.join("-");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
         <ds:datastoreItem ds:itemID=\"{{{id}}}\" \
         xmlns:ds=\"http://schemas.openxmlformats.org/officeDocument/2006/customXml\">\
         <ds:schemaRefs><ds:schemaRef ds:uri=\"{NAMESPACE}\"/></ds:schemaRefs></ds:datastoreItem>"
    )
}

/// The template's name and the hash as custom properties, which more editors
/// keep than custom XML.
fn stamp_properties(
    draft: &mut Draft<'_>,
    base: Base<'_>,
    hash: u128,
) -> diag::Result<()> {
    let hash = format!("{hash:032x}");
    let values = [("huikan.template", base.template), ("huikan.hash", &hash)];
    let existing = draft.related("", "custom-properties")?;
    let text = match &existing {
        Some(part) => draft.text(part)?.map(|text| text.into_owned()),
        None => None,
    };
    let text = without_ours(&text.unwrap_or_else(|| EMPTY_PROPERTIES.to_owned()));
    let first = next_property(&text);
    let mut added = String::new();
    for (pid, (name, value)) in (first..).zip(values) {
        let value = escape::escape(value);
        // Writing to a string does not fail.
        let _ = write!(
            added,
            "<property xmlns=\"{CUSTOM}\" fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" \
             pid=\"{pid}\" name=\"{name}\"><vt:lpwstr xmlns:vt=\"{VT}\">{value}</vt:lpwstr></property>"
        );
    }
    let text = relations::append(&text, &added);
    match existing {
        Some(part) => draft.put(&part, text),
        None => draft.add(
            "",
            "custom-properties",
            "docProps/custom.xml",
            CUSTOM_TYPE,
            text,
        )?,
    }
    Ok(())
}

/// The number of the custom XML item that is ours already, as in a draft that
/// serves as a template, or of one that is free.
fn free_item(draft: &Draft<'_>) -> diag::Result<usize> {
    let mut number = 1;
    loop {
        match draft.text(&format!("customXml/item{number}.xml"))? {
            Some(text) if !text.contains(NAMESPACE) => number += 1,
            _ => return Ok(number),
        }
    }
}

/// Custom properties without those of ours.
fn without_ours(properties: &str) -> String {
    let Ok(outline) = Outline::read(properties) else { return properties.to_owned() };
    let mut out = String::with_capacity(properties.len());
    let mut at = 0;
    for property in outline.children(0) {
        let name = xml::attribute(outline.tag(property), "name");
        if name.is_some_and(|name| name.starts_with("huikan.")) {
            let span = &outline.elements[property].span;
            out.push_str(&properties[at..span.start]);
            at = span.end;
        }
    }
    out.push_str(&properties[at..]);
    out
}

/// The number of the next custom property; the first is 2.
fn next_property(properties: &str) -> u32 {
    let Ok(outline) = Outline::read(properties) else { return 2 };
    let number = |at: usize| xml::attribute(outline.tag(at), "pid")?.parse().ok();
    outline.children(0).filter_map(number).fold(1, u32::max) + 1
}

const CUSTOM: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties";
const VT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes";
const EMPTY_PROPERTIES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
    xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\"></Properties>";
