//! Characters that rendering leaves in a part for the passes after it.
//!
//! XML forbids them, and values lose them when they are printed, so no document
//! has them and the passes leave none.

/// Marks a run whose text needs the East Asian font; see [`crate::docx::output::finish`].
pub(crate) const HINT: char = '\u{1}';
/// Stands on both sides of the number of a picture; see [`crate::docx::output::finish`].
pub(crate) const PICTURE: char = '\u{2}';
/// Marks a table whose columns a tag changes, so that its grid may be wrong.
pub(crate) const GRID: char = '\u{3}';
/// Stands on both sides of the number of a note; see [`super::notes`].
pub(crate) const NOTE: char = '\u{4}';
/// Stands before a table of ours: one that followed another at once would be joined
/// with it.
pub(crate) const APART: char = '\u{5}';
/// Ends a run that an anchor interrupts; see [`crate::docx::output::finish`].
pub(crate) const BROKEN: char = '\u{6}';
/// Begins the rest of a run that an anchor interrupted.
pub(crate) const RESUMED: char = '\u{7}';
/// Stands on both sides of the number of a loop where a copy of its content begins;
/// see [`crate::docx::template::copies`].
pub(crate) const COPY: char = '\u{e}';
/// Stands after the number of a loop where its last copy has ended.
pub(crate) const LAST_COPY: char = '\u{f}';
/// Stands around what says whose the content after it is; see [`crate::docx::graft`].
pub(crate) const GRAFT: char = '\u{10}';
/// Stands around the number of the document that a value in an attribute is from.
pub(crate) const FOREIGN: char = '\u{11}';
