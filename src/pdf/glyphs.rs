//! Characters that the layout could not show: they print as empty boxes.

use std::collections::BTreeSet;

use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;

use crate::diag::Diagnostic;
use crate::project::Resolved;
use crate::project::resolve::find_character;
use crate::text;

/// One warning for each character of the document that no font has, pointing at
/// its first place in the dataset.
pub fn missing(document: &PagedDocument, resolved: &Resolved) -> Vec<Diagnostic> {
    let mut characters = BTreeSet::new();
    for page in document.pages() {
        collect(&page.frame, &mut characters);
    }
    characters.into_iter().map(|c| warning(c, resolved)).collect()
}

fn collect(frame: &Frame, characters: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect(&group.frame, characters),
            FrameItem::Text(text) => {
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    characters.extend(text.text[glyph.range()].chars());
                }
            }
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

fn warning(c: char, resolved: &Resolved) -> Diagnostic {
    let code = c as u32;
    let warning = Diagnostic::warning(
        "glyph/missing",
        text!(
            "没有字体能显示“{c}”（U+{code:04X}），印成空框",
            "no font shows `{c}` (U+{code:04X}), it prints as an empty box"
        ),
    );
    let warning = match find_character(&resolved.dataset, c) {
        Some(pointer) => warning.at(resolved.dataset.place(&pointer)),
        None => warning,
    };
    warning.hint(text!(
        "换一个字，或用 `--fonts` 加上有这个字的字体",
        "use another character, or add a font that has it with `--fonts`"
    ))
}
