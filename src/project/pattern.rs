//! Names with placeholders: `{edition}-{template}`.

/// A piece of a pattern.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) enum Piece<'p> {
    Text(&'p str),
    /// What stands between braces.
    Placeholder(&'p str),
}

/// The pieces of a pattern; a brace that is not closed is text.
pub(super) fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((before, name, after)) =
        rest.split_once('{').and_then(|(before, more)| {
            more.split_once('}').map(|(name, after)| (before, name, after))
        })
    {
        pieces.extend((!before.is_empty()).then_some(Piece::Text(before)));
        pieces.push(Piece::Placeholder(name));
        rest = after;
    }
    pieces.extend((!rest.is_empty()).then_some(Piece::Text(rest)));
    pieces
}

/// The placeholders of a pattern.
pub fn placeholders(pattern: &str) -> impl Iterator<Item = &str> {
    pieces(pattern).into_iter().filter_map(|piece| match piece {
        Piece::Placeholder(name) => Some(name),
        Piece::Text(_) => None,
    })
}

/// The pattern with its placeholders filled in; those that are unknown stay.
pub(super) fn filled(pattern: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let piece = |piece| match piece {
        Piece::Text(text) => text.to_string(),
        Piece::Placeholder(name) => value(name).unwrap_or_else(|| format!("{{{name}}}")),
    };
    pieces(pattern).into_iter().map(piece).collect()
}

/// A text as a part of a file name: what no file name can have becomes `-`.
pub fn as_file_name(text: &str) -> String {
    let allowed = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c if c.is_control() => '-',
        c => c,
    };
    let name: String = text.trim().chars().map(allowed).collect();
    // Windows drops dots at the end, and `..` is a folder.
    let bare = name.trim_end_matches('.');
    match bare.is_empty() {
        true => "-".into(),
        false => bare.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled_in_once() {
        let value = |name: &str| (name == "edition").then(|| "{template}".to_string());
        assert_eq!(filled("{edition}-{x}-{", value), "{template}-{x}-{");
        assert_eq!(placeholders("a{b}/{/c/d}").collect::<Vec<_>>(), ["b", "/c/d"]);
    }

    #[test]
    fn any_text_can_be_a_part_of_a_file_name() {
        assert_eq!(as_file_name(" 甲/乙：\t1:2 "), "甲-乙：-1-2");
        assert_eq!(as_file_name(".."), "-");
        assert_eq!(as_file_name("公司..."), "公司");
    }
}
