//! Taking out of finished pages what only the line breaker needed, so that what is
//! searched for or copied is what was written.

use std::ops::Range;

use ecow::{EcoString, EcoVec};
use typst::layout::{Em, Frame, FrameItem};
use typst::model::Document;
use typst::text::{Glyph, TextItem};
use typst_layout::{Page, PagedDocument};

use super::ties::{BREAK, HYPHEN, JOINER};

/// The same pages without word joiners, soft hyphens and break opportunities.
pub(super) fn removed(document: PagedDocument) -> PagedDocument {
    if !document.pages().iter().any(|page| is_concerned(&page.frame)) {
        return document;
    }
    let clean = |page: &Page| {
        let mut page = page.clone();
        clean_frame(&mut page.frame);
        page
    };
    let pages: EcoVec<Page> = document.pages().iter().map(clean).collect();
    PagedDocument::new(pages, document.info().clone())
}

fn is_invisible(c: char) -> bool {
    matches!(c, JOINER | HYPHEN | BREAK)
}

fn is_concerned(frame: &Frame) -> bool {
    frame.items().any(|(_, item)| match item {
        FrameItem::Group(group) => is_concerned(&group.frame),
        FrameItem::Text(text) => text.text.contains(is_invisible),
        FrameItem::Shape(..)
        | FrameItem::Image(..)
        | FrameItem::Link(..)
        | FrameItem::Tag(_) => false,
    })
}

/// Changing a frame copies it, so those that have nothing of it themselves are left
/// alone.
fn clean_frame(frame: &mut Frame) {
    let changes = |item: &FrameItem| match item {
        FrameItem::Group(_) => true,
        FrameItem::Text(text) => text.text.contains(is_invisible),
        FrameItem::Shape(..)
        | FrameItem::Image(..)
        | FrameItem::Link(..)
        | FrameItem::Tag(_) => false,
    };
    if !frame.items().any(|(_, item)| changes(item)) {
        return;
    }
    frame.retain(|item| {
        if let FrameItem::Group(group) = item {
            clean_frame(&mut group.frame);
        }
        let FrameItem::Text(text) = item else { return true };
        if text.text.contains(is_invisible) {
            clean_text(text);
        }
        !text.glyphs.is_empty()
    });
}

fn clean_text(item: &mut TextItem) {
    // The hyphen at the end of a line is a soft one that is seen.
    let seen: Vec<Range<usize>> = item
        .glyphs
        .iter()
        .filter(|glyph| glyph.x_advance != Em::zero())
        .map(Glyph::range)
        .collect();
    let gone: Vec<Range<usize>> = item
        .text
        .char_indices()
        .filter(|(_, c)| is_invisible(*c))
        .map(|(at, c)| at..at + c.len_utf8())
        .filter(|range| !seen.contains(range))
        .collect();
    // Where a place in the text is without what is gone.
    let moved = |place: u16| {
        let before = |range: &Range<usize>| {
            range.end.min(place.into()).saturating_sub(range.start)
        };
        place - u16::try_from(gone.iter().map(before).sum::<usize>()).unwrap_or(place)
    };
    for glyph in &mut item.glyphs {
        glyph.range = moved(glyph.range.start)..moved(glyph.range.end);
    }
    item.glyphs.retain(|glyph| !glyph.range.is_empty());
    let kept =
        item.text.char_indices().filter(|(at, _)| gone.iter().all(|r| r.start != *at));
    item.text = kept.map(|(_, c)| c).collect::<EcoString>();
}
