//! Rules of punctuation (GB/T 15834-2011) and of the characters that texts are made of.

pub mod bracket;
pub mod colon;
pub mod dash;
pub mod ellipsis;
pub mod full_stop;
pub mod half_width;
pub mod invisible;
pub mod list_comma;
pub mod look_alike;
pub mod pairs;
pub mod repeated;
pub mod space;
pub mod straight_quote;

use super::PassageRule;

/// The rules of this room.
pub static RULES: &[PassageRule] = &[
    PassageRule { rule: &look_alike::LOST, find: look_alike::find_lost },
    PassageRule { rule: &look_alike::RULE, find: look_alike::find },
    PassageRule { rule: &look_alike::PRIVATE, find: look_alike::find_private },
    PassageRule { rule: &look_alike::FULL_WIDTH, find: look_alike::find_full_width },
    PassageRule { rule: &invisible::RULE, find: invisible::find },
    PassageRule { rule: &half_width::RULE, find: half_width::find },
    PassageRule { rule: &bracket::RULE, find: bracket::find },
    PassageRule { rule: &full_stop::RULE, find: full_stop::find },
    PassageRule { rule: &straight_quote::RULE, find: straight_quote::find },
    PassageRule { rule: &ellipsis::RULE, find: ellipsis::find },
    PassageRule { rule: &ellipsis::AND_SO_ON, find: ellipsis::find_and_so_on },
    PassageRule { rule: &dash::RULE, find: dash::find },
    PassageRule { rule: &repeated::RULE, find: repeated::find },
    PassageRule { rule: &repeated::TOO_MANY, find: repeated::find_too_many },
    PassageRule { rule: &repeated::QUOTED_STOP, find: repeated::find_quoted },
    PassageRule { rule: &space::RULE, find: space::find },
    PassageRule { rule: &pairs::UNBALANCED, find: pairs::find_unbalanced },
    PassageRule { rule: &pairs::NESTING, find: pairs::find_nesting },
    PassageRule { rule: &list_comma::QUOTED, find: list_comma::find_quoted },
    PassageRule { rule: &list_comma::LEVEL, find: list_comma::find_level },
    PassageRule { rule: &colon::RULE, find: colon::find },
];
