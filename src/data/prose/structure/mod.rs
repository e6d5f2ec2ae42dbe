//! Rules of headings, paragraphs, numbering and document numbers, as far as one passage
//! shows them.

pub mod document_number;
pub mod heading;
pub mod ordinal;
pub mod paragraph;

use super::PassageRule;

/// The rules of this room.
pub static RULES: &[PassageRule] = &[
    PassageRule { rule: &heading::STOP, find: heading::find_stop },
    PassageRule { rule: &heading::LONG, find: heading::find_long },
    PassageRule { rule: &ordinal::RULE, find: ordinal::find },
    PassageRule { rule: &document_number::RULE, find: document_number::find },
    PassageRule { rule: &paragraph::RULE, find: paragraph::find },
];
