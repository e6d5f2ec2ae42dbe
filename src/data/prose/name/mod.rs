//! Rules of words and names.

pub mod dot;
pub mod doubled_word;
pub mod misspelling;

use super::PassageRule;

/// The rules of this room.
pub static RULES: &[PassageRule] = &[
    PassageRule { rule: &dot::RULE, find: dot::find },
    PassageRule { rule: &doubled_word::RULE, find: doubled_word::find },
    PassageRule { rule: &misspelling::RULE, find: misspelling::find },
    PassageRule { rule: &misspelling::UNTIL, find: misspelling::find_until },
];
