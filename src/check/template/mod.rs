//! Rules about template packages: what they ask of data, and what they leave out.

pub mod known;
pub mod missing_style;
pub mod parity;
pub mod typst_names;
pub mod unknown_name;
pub mod unused_field;

use crate::diag::Rule;

/// The rules of this room.
pub static RULES: &[&Rule] =
    &[&unknown_name::RULE, &unused_field::RULE, &missing_style::RULE, &parity::RULE];
