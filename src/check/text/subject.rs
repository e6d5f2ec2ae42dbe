//! A dataset with all that rules about its texts ask.

use std::ops::Range;

use super::written::Written;
use crate::data::Dataset;
use crate::data::schema::Reading;
use crate::diag::{Place, Rule};
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

impl Subject<'_> {
    /// Whether a rule is asked.
    pub(in crate::check) fn asks(&self, rule: &Rule) -> bool {
        self.policy.asks(rule.id, rule.level)
    }

    /// The place of a part of a text.
    pub(in crate::check) fn place(
        &self,
        text: &Written<'_>,
        part: &Range<usize>,
    ) -> Place {
        self.dataset.place_inside(&text.pointer, part)
    }
}
