//! What is done with a rendered part before it goes into the document, and what proves it
//! sound.
//!
//! - [`finish`] puts pictures in place, keeps ids unique and tables whole, with a
//!   [`grid`] that fits their rows.
//! - [`fields`] counts captions, and [`toc`] fills tables of contents from the headings,
//!   with page numbers from [`pagination`].
//! - The [`lint`] looks at all of it while it is made, for what Word rejects or repairs
//!   ([`rules`]), by [`names`] of elements; what the template refers to and what is wrong
//!   in it already, are [`facts`] from its compilation.

pub(super) mod facts;
pub(super) mod fields;
pub(super) mod finish;
pub(super) mod grid;
pub(super) mod lint;
pub(super) mod names;
pub(super) mod pagination;
pub(super) mod rules;
pub(super) mod toc;
