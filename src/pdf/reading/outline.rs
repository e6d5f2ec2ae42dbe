//! The bookmarks of a file.

use std::collections::HashSet;

use hayro_syntax::object::Dict;

use super::{DEEPEST, File, text_of};

/// A bookmark.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Bookmark {
    /// How deep it stands, from 1.
    pub level: usize,
    /// What it says.
    pub title: String,
}

pub(super) fn read(file: &File) -> Vec<Bookmark> {
    let mut found = Vec::new();
    let root = file.catalog().and_then(|root| root.get::<Dict<'_>>(b"Outlines"));
    if let Some(root) = root {
        walk(&root, 1, &mut HashSet::new(), &mut found);
    }
    found
}

fn walk(
    parent: &Dict<'_>,
    level: usize,
    seen: &mut HashSet<(i32, i32)>,
    found: &mut Vec<Bookmark>,
) {
    let mut place: (&Dict<'_>, &[u8]) = (parent, b"First");
    let mut item: Dict<'_>;
    while level <= DEEPEST
        && let Some(id) = place.0.get_ref(place.1)
        && seen.insert((id.obj_number, id.gen_number))
        && let Some(next) = place.0.get::<Dict<'_>>(place.1)
    {
        item = next;
        let title = text_of(&item, b"Title").unwrap_or_default();
        found.push(Bookmark { level, title });
        walk(&item, level + 1, seen, found);
        place = (&item, b"Next");
    }
}
