//! The package of a Word document (Open Packaging Conventions) and the XML in it.
//!
//! - [`package`] opens the zip, checks it, finds the parts that can have tags, and
//!   writes it again: what did not change is copied byte for byte. [`ole`] knows the
//!   compound files that old and encrypted documents are.
//! - [`relations`] are the relationships of parts and their content types.
//! - [`tokens`] and [`xml`] read a part as tokens and elements with byte spans;
//!   [`escape`] makes text safe for it, [`order`] puts the children of an element as the
//!   schema wants them, [`namespaces`] adds prefixes that brought markup needs.
//! - [`styles`] knows the styles and what they inherit.

pub(super) mod escape;
pub(super) mod namespaces;
pub(super) mod ole;
pub(super) mod order;
pub(super) mod package;
pub(super) mod relations;
pub(super) mod styles;
pub(super) mod tokens;
pub(super) mod xml;
