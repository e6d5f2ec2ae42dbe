//! Rules of numbers, dates and units (GB/T 15835-2011).

pub mod approximate;
pub mod date;
pub mod date_forms;
pub mod digit;
pub mod form;
pub mod range;
pub mod time;
pub mod unit;
pub mod year;

use super::PassageRule;

/// The rules of this room.
pub static RULES: &[PassageRule] = &[
    PassageRule { rule: &digit::FULL_WIDTH, find: digit::find_full_width },
    PassageRule { rule: &digit::LEADING_ZERO, find: digit::find_leading_zero },
    PassageRule { rule: &digit::GROUPING, find: digit::find_grouping },
    PassageRule { rule: &form::MIXED_NUMERAL, find: form::find_mixed_numeral },
    PassageRule { rule: &form::MIXED_FORMS, find: form::find_mixed_forms },
    PassageRule { rule: &range::MARK, find: range::find_mark },
    PassageRule { rule: &range::UNIT, find: range::find_unit },
    PassageRule { rule: &approximate::TWICE, find: approximate::find_twice },
    PassageRule { rule: &approximate::COMMA, find: approximate::find_comma },
    PassageRule { rule: &year::SHORT, find: year::find_short },
    PassageRule { rule: &year::ZERO, find: year::find_zero },
    PassageRule { rule: &year::ZERO_SHAPE, find: year::find_zero_shape },
    PassageRule { rule: &date::PADDED, find: date::find_padded },
    PassageRule { rule: &date::UNKNOWN, find: date::find_unknown },
    PassageRule { rule: &date::WEEKDAY, find: date::find_weekday },
    PassageRule { rule: &date::LUNAR, find: date::find_lunar },
    PassageRule { rule: &date::EVENT, find: date::find_event },
    PassageRule { rule: &date_forms::RULE, find: date_forms::find },
    PassageRule { rule: &time::UNKNOWN, find: time::find_unknown },
    PassageRule { rule: &time::COLON, find: time::find_colon },
    PassageRule { rule: &unit::SPELLING, find: unit::find_spelling },
    PassageRule { rule: &unit::MIXED, find: unit::find_mixed },
    PassageRule { rule: &unit::CURRENCY, find: unit::find_currency },
];
