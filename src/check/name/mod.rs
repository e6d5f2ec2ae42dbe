//! Names and words that are written in two ways, or otherwise than the project wants.
//!
//! - [`terms`] asks the project's own list of words.
//! - [`variants`] knows words that are written in several ways, of which a text should
//!   use one.
//! - [`person`] and [`organisation`] compare names with each other.

mod organisation;
mod person;
mod terms;
mod variants;

use super::text::subject::Subject;
use super::text::written::Written;
use crate::diag::{Diagnostic, Rule};

/// The rules of this room.
pub(super) static RULES: &[&Rule] = &[
    &organisation::RULE,
    &person::RULE,
    &terms::FIRST_MENTION,
    &terms::FORBIDDEN,
    &variants::RULE,
];

/// Finds names and words that are written otherwise than elsewhere.
pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    let mut found = terms::find(subject, texts);
    found.extend(variants::find(subject, texts));
    found.extend(person::find(subject, texts));
    found.extend(organisation::find(subject, texts));
    found
}
