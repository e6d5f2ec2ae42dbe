//! What is wrong with the texts of a dataset.
//!
//! - [`written`] lists the texts, and what each is.
//! - [`slips`] tells what the rules about passages find in each.
//!
//! What compares texts with each other looks at all of them.

pub mod slips;
pub mod written;

use std::ops::Range;

use self::written::Written;
use super::{figure, name, structure};
use crate::data::Dataset;
use crate::data::schema::Reading;
use crate::diag::{Diagnostic, Place, Rule};
use crate::project::policy::Policy;
use crate::project::terms::Terms;

/// What is checked.
#[derive(Debug, Copy, Clone)]
pub struct Subject<'a> {
    /// The dataset as it was written.
    pub dataset: &'a Dataset,
    /// What its strings mean and its parts are.
    pub reading: &'a Reading,
    /// What the edition before says, if there is one.
    pub previous: Option<&'a Dataset>,
    /// Which rules are asked.
    pub policy: &'a Policy,
    /// The words that the project uses.
    pub terms: &'a Terms,
}

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

impl Subject<'_> {
    /// Whether a rule is asked.
    pub(super) fn asks(&self, rule: &Rule) -> bool {
        self.policy.asks(rule.id, rule.level)
    }

    /// The place of a part of a text.
    pub(super) fn place(&self, text: &Written<'_>, part: &Range<usize>) -> Place {
        self.dataset.place_inside(&text.pointer, part)
    }
}
