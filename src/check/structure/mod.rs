//! Titles, series and paragraphs that do not fit together.
//!
//! - [`siblings`] gathers the titles that stand beside each other.
//! - [`parallel`] measures them, [`series`] counts their numbers, [`levels`] looks at the
//!   levels of headings, [`ends`] at how paragraphs end.

mod ends;
mod levels;
mod parallel;
mod series;
mod siblings;

use super::text::subject::Subject;
use super::text::written::Written;
use crate::diag::{Diagnostic, Rule};

/// The rules of this room.
pub(super) static RULES: &[&Rule] =
    &[&ends::RULE, &levels::RULE, &parallel::RULE, &series::RULE];

/// Finds what does not fit together in a dataset.
pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    let groups = siblings::groups(texts);
    let mut found = Vec::new();
    for group in &groups {
        found.extend(parallel::find(subject, group));
        found.extend(series::find(subject, group));
    }
    for text in texts.iter().filter(|text| text.markdown) {
        found.extend(levels::find(subject, text));
        found.extend(ends::find(subject, text));
    }
    found
}
