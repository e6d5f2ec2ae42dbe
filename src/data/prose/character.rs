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

/// Han characters and the full-width marks around them.
pub fn is_chinese(c: char) -> bool {
    is_han(c) || is_stop(c) || opens(c) || closes(c)
}
