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
    let mut next = parent.get::<Dict<'_>>(b"First");
    while let Some(item) = next.filter(|_| level <= DEEPEST) {
        let id = item.obj_id().map(|id| (id.obj_number, id.gen_number));
        if !id.is_some_and(|id| seen.insert(id)) {
            return;
        }
        let title = text_of(&item, b"Title").unwrap_or_default();
        found.push(Bookmark { level, title });
        walk(&item, level + 1, seen, found);
        next = item.get::<Dict<'_>>(b"Next");
    }
}
