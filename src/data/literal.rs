//! JSON string literals: where their characters stand, and how some are changed and the
//! others left as they were written.

use std::ops::Range;

use super::prose::Edit;

/// The characters of a literal, each with its bytes in the literal.
fn characters(literal: &str) -> Option<impl Iterator<Item = (char, Range<usize>)>> {
    let inside = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut at = 1;
    let mut rest = inside;
    Some(std::iter::from_fn(move || {
        let (c, length) = first(rest)?;
        let range = at..at + length;
        at += length;
        rest = &rest[length..];
        Some((c, range))
    }))
}

/// The first character of what stands between quotes, and the bytes that it is written
/// with.
fn first(text: &str) -> Option<(char, usize)> {
    let c = text.chars().next()?;
    if c != '\\' {
        return Some((c, c.len_utf8()));
    }
    let escaped = text[1..].chars().next()?;
    let plain = match escaped {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unit(text),
        c => return Some((c, 1 + c.len_utf8())),
    };
    Some((plain, 2))
}

/// A character written as one or two `\u0000`.
fn unit(text: &str) -> Option<(char, usize)> {
    let code = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let high = code(text)?;
    if let Some(c) = char::from_u32(high) {
        return Some((c, 6));
    }
    let low = text.get(6..).and_then(code).filter(|low| (0xDC00..0xE000).contains(low));
    match low {
        Some(low) if high < 0xDC00 => {
            let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            Some((char::from_u32(code)?, 12))
        }
        _ => Some(('\u{FFFD}', 6)),
    }
}

/// The bytes of a literal that a part of its string is written with. `part` is in bytes
/// of the string.
pub fn written(literal: &str, part: &Range<usize>) -> Option<Range<usize>> {
    let (mut at, mut found) = (0, None::<Range<usize>>);
    let mut end = 1;
    for (c, range) in characters(literal)? {
        if at >= part.end && !(part.is_empty() && at == part.start) {
            break;
        }
        if at >= part.start {
            let whole = found.get_or_insert(range.start..range.start);
            if !part.is_empty() {
                whole.end = range.end;
            }
        }
        at += c.len_utf8();
        end = range.end;
        if part.is_empty() && found.is_some() {
            break;
        }
    }
    found.or((at >= part.start).then_some(end..end))
}

/// Edits of a string as edits of its literal.
pub fn edits(literal: &str, edits: &[Edit]) -> Option<Vec<Edit>> {
    let edit = |edit: &Edit| {
        let range = written(literal, &edit.range)?;
        Some(Edit { range, with: escaped(&edit.with) })
    };
    edits.iter().map(edit).collect()
}

fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_behind_escapes() {
        let literal = r#""a\n\u4e2d,\ud83d\ude00\"x""#;
        let text: String = serde_json::from_str(literal).expect("a string");
        for (at, c) in text.char_indices() {
            let range = written(literal, &(at..at + c.len_utf8())).expect("a place");
            let quoted = format!("\"{}\"", &literal[range]);
            let back: String = serde_json::from_str(&quoted).expect("a character");
            assert_eq!(back, c.to_string());
        }
        let end = text.len();
        assert_eq!(
            written(literal, &(end..end)),
            Some(literal.len() - 1..literal.len() - 1)
        );
        assert_eq!(written(literal, &(0..0)), Some(1..1));
    }

    #[test]
    fn only_what_is_edited_changes() {
        let literal = r#""\u4e2d,\n国""#;
        let edit = Edit { range: 3..4, with: "“，".into() };
        let changed = edits(literal, &[edit]).expect("edits");
        assert_eq!(Edit::apply(literal, &changed), r#""\u4e2d“，\n国""#);
    }
}
