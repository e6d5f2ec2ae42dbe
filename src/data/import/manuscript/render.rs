//! Parts of a text as Markdown.

use super::line::Kind;
use super::outline::Part;

/// Writes parts as Markdown.
pub(super) fn parts(parts: &[Part], markdown: bool) -> String {
    let mut text = String::new();
    let mut last: Option<&Kind> = None;
    for part in parts {
        let listed = last == Some(&Kind::Item) && part.kind == Kind::Item;
        if last.is_some() {
            text.push_str(if listed { "\n" } else { "\n\n" });
        }
        text.push_str(&one(part, markdown));
        last = Some(&part.kind);
    }
    text
}

fn one(part: &Part, markdown: bool) -> String {
    let words = &part.words.text;
    match &part.kind {
        Kind::Verbatim => words.clone(),
        Kind::Picture { path } => {
            format!("![{}]({path})", escape(&words.replace(['[', ']'], "")))
        }
        Kind::Item if markdown => format!("- {words}"),
        Kind::Item => format!("- {}", escape(words)),
        _ if markdown => words.clone(),
        _ => escape(words),
    }
}

/// Plain text as Markdown that prints the same.
pub fn escape(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut escaped = String::with_capacity(text.len());
    for (index, c) in chars.iter().copied().enumerate() {
        let before = index.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(index + 1).copied();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let mark = match c {
            '\\' | '`' | '*' => true,
            '_' => !(word(before) && word(after)),
            '<' => after
                .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => after.is_some_and(|c| c.is_ascii_alphabetic() || c == '#'),
            '[' => true,
            '~' => after == Some('~') || before == Some('~'),
            '#' | '>' | '|' => index == 0,
            '-' | '+' => index == 0 && after.is_none_or(char::is_whitespace),
            _ => false,
        };
        if mark {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The text of a line of Markdown that has no room for its marks.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if rest.peek().is_some_and(char::is_ascii_punctuation) => {
                plain.extend(rest.next());
            }
            '*' if rest.peek() == Some(&'*') => {
                rest.next();
            }
            c => plain.push(c),
        }
    }
    plain.trim().to_string()
}
