//! Slips of writing: punctuation, numbers, wording, found in texts and mended.
//!
//! - [`passage`] takes a string of a dataset apart into [`Passage`]s, without its
//!   markup, addresses and references.
//! - [`slip`] is what a rule finds, with the edits that mend it.
//! - [`character`] tells Han from Latin, and the kinds of marks.
//! - [`numeral`] finds the numbers of a passage.
//! - [`punct`] has the rules of punctuation and characters, [`number`] those of numbers,
//!   dates and units, [`name`] those of words, [`structure`] those of headings,
//!   paragraphs and numbering.
//! - [`mod@repair`] makes all edits that are safe, until there are none.
//!
//! A rule sees one passage at a time and knows nothing else; what must be compared
//! over a whole dataset is found by `check`.

pub mod character;
pub mod name;
pub mod number;
pub mod numeral;
pub mod passage;
pub mod punct;
pub mod repair;
pub mod slip;
pub mod structure;

pub use self::passage::{Letter, Passage, Role, passages};
pub use self::repair::{Change, Repair, repair};
pub use self::slip::{Edit, Slip};

use crate::diag::Rule;

/// A rule about passages, and what finds its slips.
pub struct PassageRule {
    /// The rule.
    pub rule: &'static Rule,
    /// Adds the slips of one passage to a list.
    pub find: fn(&Passage<'_>, &mut Vec<Slip>),
}

/// All rules about passages, in the order in which they are told of one place.
pub fn rules() -> impl Iterator<Item = &'static PassageRule> {
    [punct::RULES, number::RULES, name::RULES, structure::RULES].into_iter().flatten()
}

/// All slips of a passage, by their places.
pub fn slips(passage: &Passage<'_>) -> Vec<Slip> {
    let mut slips = Vec::new();
    for rule in rules() {
        (rule.find)(passage, &mut slips);
    }
    slips.sort_by_key(|slip| slip.range.start);
    slips
}
