//! Footnotes, endnotes and comments of guests, among those of the host.

use std::ops::Range;

use super::Grafter;
use super::subdocument;
use crate::docx::opc::xml::{self, Malformed};
use crate::docx::render::notes::{self, Kind};

impl Grafter<'_, '_, '_> {
    /// The id in the host of a note that an element of an inclusion refers to.
    pub(crate) fn note_id(
        &mut self,
        instance: usize,
        element: &str,
        old: &str,
    ) -> Option<String> {
        let kind = Kind::referred_by(element).unwrap_or(Kind::Comment);
        let guest = self.instances[instance].guest;
        self.guests[guest].document.notes.get(&kind)?.notes.get(old)?;
        let reserved = self.instances[instance].comments.get(old).copied();
        let id = match reserved.filter(|_| kind == Kind::Comment) {
            Some(id) => id,
            None => {
                let reserved = notes::reserve(self.draft, kind);
                self.diagnostics.absorb(reserved)?
            }
        };
        if kind == Kind::Comment {
            let comments = &mut self.instances[instance].comments;
            match element == kind.reference() {
                true => comments.remove(old),
                false => comments.insert(old.to_owned(), id),
            };
        }
        self.reserved.insert((instance, kind), id);
        Some(id.to_string())
    }

    /// The id of the reference that was written last.
    pub(crate) fn last_reserved(&self, instance: usize, kind: Kind) -> i64 {
        self.reserved.get(&(instance, kind)).copied().unwrap_or_default()
    }

    /// Brings the note that a reference has been written to.
    pub(crate) fn bring_note(
        &mut self,
        instance: usize,
        kind: Kind,
        old: &str,
    ) -> Result<(), Malformed> {
        let document = self.guests[self.instances[instance].guest].document;
        let Some(notes) = document.notes.get(&kind) else { return Ok(()) };
        let Some(within) = notes.notes.get(old) else { return Ok(()) };
        let id = self.last_reserved(instance, kind);
        self.carried(instance, kind, id, (&notes.text, within.clone()))
    }

    /// Adds a note of an inclusion, whose element is the range of `xml`.
    pub(crate) fn carried(
        &mut self,
        instance: usize,
        kind: Kind,
        id: i64,
        (xml, within): (&str, Range<usize>),
    ) -> Result<(), Malformed> {
        let place = notes::place_of(self.draft, kind);
        let Some((part, root)) = self.diagnostics.absorb(place) else { return Ok(()) };
        let to = (part.as_str(), root.as_str());
        let element = self.note_content(instance, kind, to, (xml, within))?;
        let element = numbered(&element, id);
        let document = self.guests[self.instances[instance].guest].document;
        let from = document.notes.get(&kind);
        let from = from.map_or("", |notes| subdocument::root_tag(&notes.text));
        let put = notes::put(self.draft, kind, element, from.to_owned());
        self.diagnostics.absorb(put);
        Ok(())
    }
}

/// The element of a note with another id.
fn numbered(element: &str, id: i64) -> String {
    let end = element.find('>').unwrap_or(element.len());
    let value = xml::attributes(&element[..end]).find(|(name, _)| *name == "w:id");
    match value {
        Some((_, value)) => {
            format!("{}{id}{}", &element[..value.start], &element[value.end..])
        }
        None => element.to_owned(),
    }
}
