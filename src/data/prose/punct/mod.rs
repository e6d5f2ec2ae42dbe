//! Rules of punctuation (GB/T 15834-2011).

pub mod half_width;

use super::PassageRule;

/// The rules of this room.
pub static RULES: &[PassageRule] =
    &[PassageRule { rule: &half_width::RULE, find: half_width::find }];
