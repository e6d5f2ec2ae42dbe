//! Figures that contradict each other.
//!
//! - [`quantity`] reads numbers with their units out of running text.
//! - [`growth`] computes what a text says about growth; [`parts`] adds up what it says of
//!   parts and shares; [`table`] adds up tables.
//! - [`roster`] counts the people that a text counts.
//! - [`source`] looks for the dataset's figures in its texts, [`last`] in the edition before;
//!   [`repeated`] finds one quantity with two numbers.

mod growth;
mod last;
mod parts;
mod quantity;
mod repeated;
mod roster;
mod source;
mod table;

use self::quantity::{Quantity, quantities};
use super::text::subject::Subject;
use super::text::written::Written;
use crate::data::prose::{Passage, Role};
use crate::diag::{Diagnostic, Rule, Text};

/// The rules of this room.
pub(super) static RULES: &[&Rule] = &[
    &growth::RULE,
    &last::RULE,
    &parts::PARTS,
    &parts::SHARE,
    &parts::PERCENT_SUM,
    &repeated::RULE,
    &roster::RULE,
    &source::RULE,
    &source::LABEL,
    &table::TOTAL,
    &table::SHARE,
];

/// A passage of running text with its quantities.
struct Counted<'t, 'a> {
    text: &'t Written<'a>,
    passage: Passage<'a>,
    quantities: Vec<Quantity>,
}

impl Counted<'_, '_> {
    /// A finding about letters of the passage.
    fn finding(
        &self,
        subject: &Subject<'_>,
        rule: &Rule,
        (first, last): (usize, usize),
        message: Text,
    ) -> Diagnostic {
        let range = self.passage.span(first, last);
        rule.finding(message).at(subject.place(self.text, &range))
    }

    /// The quantities between two letters.
    fn between(&self, range: &std::ops::Range<usize>) -> impl Iterator<Item = &Quantity> {
        self.quantities.iter().filter(move |q| range.contains(&q.first))
    }
}

/// Finds contradictions between the numbers of a dataset.
pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    let mut counted = Vec::new();
    for text in texts.iter().filter(|text| text.role != Role::Name) {
        for passage in text.passages() {
            let quantities = quantities(&passage);
            if !quantities.is_empty() {
                counted.push(Counted { text, passage, quantities });
            }
        }
    }
    let mut found = Vec::new();
    for one in &counted {
        found.extend(growth::find(subject, one));
        found.extend(parts::find(subject, one));
    }
    for text in texts.iter().filter(|text| text.markdown && text.text.contains('|')) {
        found.extend(table::find(subject, text));
    }
    found.extend(roster::find(subject, &counted));
    found.extend(source::find(subject, &counted));
    found.extend(last::find(subject));
    found.extend(repeated::find(subject, &counted));
    found
}
