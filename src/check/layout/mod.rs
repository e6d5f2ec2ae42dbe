//! Rules about laid-out pages: what a proofreader sees on paper.
//!
//! Each rule is a file with its [`Rule`] and a function that finds its faults in what
//! [`pages`](crate::pdf::pages) reads from the frames, as a [`Look`] shows it. [`quick`] are the few that every
//! build asks for; [`thorough`] are all of them, for `huikan check`.

pub mod broken_number;
pub mod findings;
pub mod line_edge;
pub mod look;
pub mod near_empty_page;
pub mod off_page;
pub mod overflow;
pub mod overfull_line;
pub mod page_count;
pub mod runt_line;
pub mod stranded_heading;
pub mod table_too_wide;
pub mod tiny_text;
pub mod unbalanced_columns;
pub mod widow_line;

pub use self::look::Look;
use crate::check::image;
use crate::check::told::at_most;
use crate::diag::{Diagnostic, Rule};

/// The rules of this room.
pub static RULES: &[&Rule] = &[
    &stranded_heading::RULE,
    &overflow::RULE,
    &off_page::RULE,
    &table_too_wide::RULE,
    &overfull_line::RULE,
    &tiny_text::RULE,
    &near_empty_page::RULE,
    &unbalanced_columns::RULE,
    &page_count::RULE,
    &line_edge::RULE,
    &broken_number::RULE,
    &runt_line::RULE,
    &widow_line::RULE,
];

/// A rule about pages, and what finds its faults.
type Check = (&'static Rule, fn(&Look<'_>) -> Vec<Diagnostic>);

const QUICK: &[Check] = &[(&off_page::RULE, off_page::find)];

const THOROUGH: &[Check] = &[
    (&stranded_heading::RULE, stranded_heading::find),
    (&overflow::RULE, overflow::find),
    (&overfull_line::RULE, overfull_line::find),
    (&tiny_text::RULE, tiny_text::find),
    (&near_empty_page::RULE, near_empty_page::find),
    (&unbalanced_columns::RULE, unbalanced_columns::find),
    (&page_count::RULE, page_count::find),
    (&line_edge::RULE, line_edge::find),
    (&broken_number::RULE, broken_number::find),
    (&runt_line::RULE, runt_line::find),
    (&widow_line::RULE, widow_line::find),
    (&image::low_resolution::RULE, image::low_resolution::find),
];

/// What every build asks: whether something is not printed at all.
pub fn quick(look: &Look<'_>) -> Vec<Diagnostic> {
    found(look, QUICK)
}

/// All rules but those of [`quick`].
pub fn thorough(look: &Look<'_>) -> Vec<Diagnostic> {
    found(look, THOROUGH)
}

fn found(look: &Look<'_>, checks: &[Check]) -> Vec<Diagnostic> {
    checks.iter().flat_map(|(rule, find)| at_most(rule, find(look))).collect()
}
