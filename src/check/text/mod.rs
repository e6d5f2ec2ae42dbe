//! What is wrong with the texts of a dataset.
//!
//! - [`subject`] is a dataset with what is known of it; [`written`] lists the texts, and what each is.
//! - [`slips`] tells what the rules about passages find in each.
//!
//! What compares texts with each other looks at all of them.

pub mod slips;
pub mod subject;
pub mod written;

pub use self::subject::Subject;
use super::{figure, name, structure};
use crate::diag::{Diagnostic, Rule};

/// The rules of this room, beside those about passages.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    figure::RULES.iter().chain(name::RULES).chain(structure::RULES).copied()
}

/// All findings in a dataset, as the rules weigh them by default.
pub fn findings(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let texts = written::texts(subject.dataset, subject.reading);
    let mut found = Vec::new();
    for text in &texts {
        found.extend(slips::told(subject, text));
    }
    found.extend(figure::find(subject, &texts));
    found.extend(name::find(subject, &texts));
    found.extend(structure::find(subject, &texts));
    found
}
