//! The document that is being made: the template's package with some parts
//! replaced and others added.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::notes::{self, Notes};
use super::numbering::{self, Definitions, Numbering};
use crate::diag;
use crate::docx::opc::package::{CONTENT_TYPES, NewPart, Package};
use crate::docx::opc::relations::{self, ContentTypes, Mode, Relations};
use crate::docx::output::facts::Facts;
use crate::docx::output::lint::Survey;

/// A package in the making. What is not put here stays the template's.
pub(crate) struct Draft<'p> {
    /// The template's package.
    pub(crate) package: &'p Package,
    /// The content types, with those of new parts.
    pub(crate) types: ContentTypes,
    /// The numbering, with that of new lists.
    pub(crate) numbering: Numbering,
    /// The notes that are added, once there are some.
    pub(crate) notes: BTreeMap<notes::Kind, Notes>,
    parts: BTreeMap<String, NewPart>,
    /// The relationships of parts, as far as anybody asked for them.
    relations: BTreeMap<String, Relations>,
    /// What was seen in the parts that were rendered.
    pub(crate) surveys: BTreeMap<String, Survey>,
    /// What is wrong with the documents that were brought in.
    pub(crate) guests: Vec<Arc<Facts>>,
    /// The names of the bookmarks of these parts, in lower case.
    pub(crate) bookmarks: HashSet<String>,
}

impl<'p> Draft<'p> {
    /// A draft that is the template's package, whose numbering is given.
    pub(crate) fn new(package: &'p Package, definitions: &Arc<Definitions>) -> Self {
        Self {
            package,
            types: package.types.clone(),
            numbering: Numbering::new(definitions),
            notes: BTreeMap::new(),
            parts: BTreeMap::new(),
            relations: BTreeMap::new(),
            surveys: BTreeMap::new(),
            guests: Vec::new(),
            bookmarks: HashSet::new(),
        }
    }

    /// Whether there is a part of a name.
    pub(crate) fn contains(&self, part: &str) -> bool {
        self.parts.contains_key(part) || self.package.contains(part)
    }

    /// A name like this one that no part has: its number is another.
    pub(crate) fn free_name(&self, part: &str) -> String {
        let taken = |name: &str| {
            let known = self.parts.keys().map(String::as_str).chain(self.package.names());
            known.into_iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        if !taken(part) {
            return part.to_owned();
        }
        let (stem, extension) = match part.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => {
                (stem, format!(".{extension}"))
            }
            _ => (part, String::new()),
        };
        let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        let mut names = (1_usize..).map(|number| format!("{stem}{number}{extension}"));
        names.find(|name| !taken(name)).unwrap_or_default()
    }

    /// A part as text, or nothing if there is none.
    ///
    /// Fails with `docx/malformed-part`.
    pub(crate) fn text(&self, part: &str) -> diag::Result<Option<Cow<'_, str>>> {
        match self.parts.get(part) {
            Some(new) => Ok(Some(String::from_utf8_lossy(&new.bytes))),
            None => Ok(self.package.text(part)?.map(Cow::Owned)),
        }
    }

    /// Replaces or adds a part of text.
    pub(crate) fn put(&mut self, part: &str, text: String) {
        // What was seen in an earlier state of it no longer holds.
        self.surveys.remove(part);
        let new = NewPart { bytes: text.into_bytes(), compressed: false };
        self.parts.insert(part.to_owned(), new);
    }

    /// Replaces or adds a part of any bytes.
    pub(crate) fn put_file(&mut self, part: &str, file: NewPart) {
        self.parts.insert(part.to_owned(), file);
    }

    /// The names of the parts that are not the template's.
    pub(crate) fn new_parts(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// The relationships that anybody asked for, by part.
    pub(crate) fn all_relations(&self) -> impl Iterator<Item = (&str, &Relations)> {
        self.relations.iter().map(|(part, relations)| (part.as_str(), relations))
    }

    /// The relationships of a part, to be added to.
    ///
    /// Fails with `docx/malformed-part`.
    pub(crate) fn relations(&mut self, part: &str) -> diag::Result<&mut Relations> {
        if !self.relations.contains_key(part) {
            let read = self.package.text(&relations::part_of(part))?;
            self.relations.insert(part.to_owned(), Relations::read(read));
        }
        Ok(self.relations.entry(part.to_owned()).or_default())
    }

    /// The name of the part that a part has a relationship of a kind to, if it is
    /// there. `kind` is the last segment of the type, such as `comments`.
    ///
    /// Fails with `docx/malformed-part`.
    pub(crate) fn related(
        &mut self,
        part: &str,
        kind: &str,
    ) -> diag::Result<Option<String>> {
        let target = self.relations(part)?.target(&format!("/{kind}"));
        let found = target.map(|target| relations::resolve(part, &target));
        Ok(found.filter(|found| self.contains(found)))
    }

    /// Adds a part of text that another one has a relationship to. `target` is
    /// its name as seen from there, `kind` the last segment of the
    /// relationship's type, `content` its content type.
    ///
    /// Fails with `docx/malformed-part`.
    pub(crate) fn add(
        &mut self,
        from: &str,
        kind: &str,
        target: &str,
        content: &str,
        text: String,
    ) -> diag::Result<()> {
        let part = relations::resolve(from, target);
        self.relations(from)?.add(kind, target, Mode::Internal);
        self.types.declare(&part, content);
        self.put(&part, text);
        Ok(())
    }

    /// Adds a part of text to the body's, beside it, under a name that is free;
    /// gives its name. `kind` and `content` are as for [`add`](Self::add).
    ///
    /// Fails with `docx/malformed-part`.
    pub(crate) fn add_beside(
        &mut self,
        kind: &str,
        content: &str,
        text: String,
    ) -> diag::Result<String> {
        let main = self.package.main.as_str();
        let numbers = std::iter::once(String::new()).chain((2..).map(|n| n.to_string()));
        let names = numbers.map(|number| format!("{kind}{number}.xml"));
        let mut free =
            names.filter(|name| !self.contains(&relations::resolve(main, name)));
        let name = free.next().unwrap_or_default();
        self.add(main, kind, &name, content, text)?;
        Ok(relations::resolve(main, &name))
    }

    /// Puts the numbering with what was added to it.
    fn write_numbering(&mut self) -> diag::Result<()> {
        match std::mem::take(&mut self.numbering).write() {
            Some((Some(part), text)) => self.put(part, text),
            Some((None, text)) => {
                self.add_beside("numbering", numbering::CONTENT_TYPE, text)?;
            }
            None => {}
        }
        Ok(())
    }

    /// Puts the parts that were collected piece by piece.
    pub(crate) fn settle(&mut self) -> diag::Result<()> {
        self.write_numbering()?;
        for notes in std::mem::take(&mut self.notes).into_values() {
            notes.write(self)?;
        }
        Ok(())
    }

    /// The bytes of the finished document.
    pub(crate) fn write(mut self) -> diag::Result<Vec<u8>> {
        self.settle()?;
        for (part, relations) in std::mem::take(&mut self.relations) {
            if let Some(text) = relations.write() {
                self.put(&relations::part_of(&part), text);
            }
        }
        if let Some(types) = self.types.write() {
            self.put(CONTENT_TYPES, types);
        }
        self.package.write(self.parts)
    }
}
