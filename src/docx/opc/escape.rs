//! Text made safe for XML, and what East Asian text needs in Word.

use std::borrow::Cow;

/// Whether a character may stand in an XML 1.0 document.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
        && !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}')
        && (c as u32) & 0xfffe != 0xfffe
}

/// A text without the characters that XML forbids or that no reader can show
/// (controls, noncharacters).
pub(crate) fn strip(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| is_allowed(*c)).collect())
    }
}

/// Appends one character as character data, or nothing if XML forbids it.
pub(crate) fn push_char(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        c if is_allowed(c) => out.push(c),
        _ => {}
    }
}

/// A text as character data: safe between tags and in double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push_char(&mut out, c);
    }
    out
}

/// A text as attribute value: like [`escape`], and line breaks survive.
pub(crate) fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c => push_char(&mut out, c),
        }
    }
    out
}

/// Whether a character is written full width: Han, kana, hangul, bopomofo and
/// full-width forms.
pub(crate) fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f000}'..='\u{1faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether Word must be told to take the East Asian font: the text has
/// punctuation that both scripts share (quotes, dashes, ellipses), or Han.
pub(crate) fn is_east_asian(text: &str) -> bool {
    text.chars().any(|c| is_wide(c) || is_shared(c))
}

/// Punctuation that Word draws half width unless a run says `eastAsia`.
pub(crate) fn is_shared(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '～' | '※' | '×' | '℃')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_break_xml() {
        assert_eq!(
            escape("<a b=\"1\">&</a>\0\u{1}\u{fffe}😀"),
            "&lt;a b=&quot;1&quot;&gt;&amp;&lt;/a&gt;😀"
        );
        assert_eq!(strip("a\u{b}b\u{85}c\u{1fffe}"), "abc");
        assert_eq!(escape_attribute("a\nb"), "a&#10;b");
    }
}
