//! Rules about characters that faces do not have.
//!
//! [`of_pages`] reads them off laid-out pages; [`of_dataset`] asks the fonts for the
//! characters of a dataset and needs no layout. Both find the same, so that only one of
//! them is asked. [`word_face`] judges Word drafts, whose faces are on other machines.

pub mod charsets;
pub mod fallback;
pub mod missing;
mod places;
pub mod word_face;

use crate::check::layout::look::Look;
use crate::check::told::at_most;
use crate::diag::{Diagnostic, Rule};
use crate::pdf::Fonts;
use crate::project::{Package, Resolved};

/// The rules of this room.
pub static RULES: &[&Rule] = &[&missing::RULE, &fallback::RULE, &word_face::RULE];

/// The characters of laid-out pages that no font shows.
pub fn of_pages(look: &Look<'_>) -> Vec<Diagnostic> {
    at_most(&missing::RULE, missing::of_pages(look.pages, look.resolved))
}

/// The characters of a dataset that a package's fonts lack, without a layout: those that
/// no font has, and those that fall back to another than the package's.
pub fn of_dataset(
    resolved: &Resolved,
    package: &Package,
    fonts: &Fonts,
) -> Vec<Diagnostic> {
    let mut told = at_most(&missing::RULE, missing::of_dataset(resolved, fonts));
    let fallen = fallback::of_dataset(resolved, package, fonts);
    told.extend(at_most(&fallback::RULE, fallen));
    told
}

/// A character for people: `U+9FA6`.
fn code(c: char) -> String {
    format!("U+{:04X}", c as u32)
}
