//! Kinds of characters, as the rules of Chinese punctuation know them.

pub use crate::data::names::is_han;

/// Marks that end a sentence.
pub fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '…')
}

/// Full-width marks that stand between or behind words: they take no space.
pub fn is_stop(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？')
}

/// Full-width marks that open.
pub fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '〈' | '〔' | '【' | '「' | '『' | '［' | '｛' | '“' | '‘')
}

/// Full-width marks that close.
pub fn closes(c: char) -> bool {
    matches!(c, '）' | '》' | '〉' | '〕' | '】' | '」' | '』' | '］' | '｝' | '”' | '’')
}

/// Spaces of every width that stand in a line.
pub fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{a0}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Dashes and hyphens of every length.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | '─' | '－')
}

/// Latin letters and digits.
pub fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Digits of numbers written in Chinese, without those that stand for powers of ten.
pub fn is_han_digit(c: char) -> bool {
    han_digit(c).is_some()
}

/// The value of a digit of a number written in Chinese.
pub fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Han characters and the full-width marks around them.
pub fn is_chinese(c: char) -> bool {
    is_han(c) || is_stop(c) || opens(c) || closes(c)
}
