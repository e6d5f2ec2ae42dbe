//! Pictures, charts and whatever else content refers to: copied with it.

use std::collections::HashMap;
use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::Grafter;
use crate::diag;
use crate::docx::opc::package::NewPart;
use crate::docx::opc::relations::{self, Mode, Relation};

/// Extensions of files that are compressed already.
const COMPRESSED: [&str; 8] =
    ["png", "jpg", "jpeg", "gif", "xlsx", "docx", "pptx", "wdp"];

/// The copies made, so that none is made twice.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    /// New names by guest and old name.
    parts: HashMap<(usize, String), Option<String>>,
    /// New ids by guest, its part, its id and the part that the content goes to.
    relations: HashMap<(usize, String, String, String), Option<String>>,
    /// Names by what is in them.
    contents: HashMap<u128, String>,
}

impl Grafter<'_, '_, '_> {
    /// The id of a relationship of the part `to` that is what `id` is in the part
    /// `from` of a guest; nothing if that leads nowhere.
    pub(crate) fn relation(
        &mut self,
        guest: usize,
        from: &str,
        id: &str,
        to: &str,
    ) -> Option<String> {
        let key = (guest, from.to_owned(), id.to_owned(), to.to_owned());
        if let Some(known) = self.copies.relations.get(&key) {
            return known.clone();
        }
        let related = self.relate(guest, from, id, to);
        let new = self.diagnostics.absorb(related).flatten();
        self.copies.relations.insert(key, new.clone());
        new
    }

    /// The id of a relationship of the part `to` that is what `id` is in the body's
    /// part of the host.
    pub(crate) fn moved_relation(&mut self, id: &str, to: &str) -> Option<String> {
        let main = self.draft.package.main.clone();
        let related = self.draft.relations(&main).map(|all| all.relation(id));
        let Relation { kind, target, mode, .. } =
            self.diagnostics.absorb(related).flatten()?;
        let related = self.draft.relations(to);
        let related = related.map(|all| all.add_typed(&kind, &target, mode));
        self.diagnostics.absorb(related)
    }

    fn relate(
        &mut self,
        guest: usize,
        from: &str,
        id: &str,
        to: &str,
    ) -> diag::Result<Option<String>> {
        let document = self.guests[guest].document;
        let Some(relation) = document.relation(from, id) else { return Ok(None) };
        let Relation { kind, target, mode, .. } = relation;
        let target = match mode {
            Mode::External => target.clone(),
            Mode::Internal => {
                let part = relations::resolve(from, target);
                let Some(copy) = self.copy(guest, &part)? else { return Ok(None) };
                relations::target_from(to, &copy)
            }
        };
        Ok(Some(self.draft.relations(to)?.add_typed(kind, &target, *mode)))
    }

    /// Copies a part of a guest with all that it refers to; gives its new name.
    fn copy(&mut self, guest: usize, part: &str) -> diag::Result<Option<String>> {
        let key = (guest, part.to_owned());
        if let Some(known) = self.copies.parts.get(&key) {
            return Ok(known.clone());
        }
        let package = &self.guests[guest].document.package;
        let Some(bytes) = package.bytes(part)? else { return Ok(None) };
        let related = package.text(&relations::part_of(part))?;
        let kind = package.types.of(part).unwrap_or("application/octet-stream");
        let digest = related.is_none().then(|| digest(&bytes, kind));
        let same = match digest {
            Some(digest) => self.same(digest, part, &bytes)?,
            None => None,
        };
        if let Some(same) = same {
            self.copies.parts.insert(key, Some(same.clone()));
            return Ok(Some(same));
        }
        let name = self.draft.free_name(part);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let extension = extension.to_ascii_lowercase();
        // What every part of the extension is there, it may be here.
        if package.types.of(&format!("x.{extension}")) == Some(kind) {
            self.draft.types.add(&extension, kind);
        }
        self.draft.types.declare(&name, kind);
        let compressed = COMPRESSED.contains(&extension.as_str());
        self.draft.put_file(&name, NewPart { bytes, compressed });
        self.copies.parts.insert(key, Some(name.clone()));
        if let Some(digest) = digest {
            self.copies.contents.insert(digest, name.clone());
        }
        if let Some(related) = related {
            self.copy_relations(guest, part, &related, &name)?;
        }
        Ok(Some(name))
    }

    /// Copies what a copied part refers to; the ids in it stay as they are.
    fn copy_relations(
        &mut self,
        guest: usize,
        part: &str,
        related: &str,
        name: &str,
    ) -> diag::Result<()> {
        let mut all = Vec::new();
        for relation in relations::all(related) {
            let target = match relation.mode {
                Mode::External => relation.target.clone(),
                Mode::Internal => {
                    let target = relations::resolve(part, &relation.target);
                    let Some(copy) = self.copy(guest, &target)? else { continue };
                    relations::target_from(name, &copy)
                }
            };
            all.push(Relation { target, ..relation });
        }
        self.draft.put(&relations::part_of(name), relations::part_with(&all));
        Ok(())
    }

    /// A part that is there already and holds the same.
    fn same(
        &self,
        digest: u128,
        part: &str,
        bytes: &[u8],
    ) -> diag::Result<Option<String>> {
        if let Some(known) = self.copies.contents.get(&digest) {
            return Ok(Some(known.clone()));
        }
        let Some((_, extension)) = part.rsplit_once('.') else { return Ok(None) };
        let package = self.draft.package;
        for name in package.names() {
            let alike = name.rsplit_once('.').is_some_and(|(stem, found)| {
                found == extension && stem.contains("/media/")
            });
            if alike
                && package.size(name) == Some(bytes.len() as u64)
                && package.bytes(name)?.as_deref() == Some(bytes)
            {
                return Ok(Some(name.to_owned()));
            }
        }
        Ok(None)
    }
}

fn digest(bytes: &[u8], kind: &str) -> u128 {
    let mut hasher = SipHasher13::new();
    hasher.write(kind.as_bytes());
    hasher.write(bytes);
    hasher.finish128().as_u128()
}
