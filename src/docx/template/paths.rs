//! Expressions that only lead to a value of the data: `person.name`, `rows[0]`.

use std::fmt;

use super::tags;

/// Filters after which a text is still the value it was.
const KEEPING: [&str; 7] = ["default", "d", "safe", "escape", "e", "spread", "dotted"];

/// An expression that leads to a value: where it takes it from, and its key there.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
pub(crate) struct Path<'b> {
    /// The variable that it starts at.
    pub(crate) root: &'b str,
    /// The expression of the value around it; nothing for a variable alone.
    pub(crate) parent: Option<&'b str>,
    /// How the last step is written: `.name` or `[0]`, nothing for a variable.
    step: &'b str,
}

impl Path<'_> {
    /// The key of the last step as an expression.
    pub(crate) fn key(&self) -> String {
        match self.step.strip_prefix('.') {
            Some(name) => format!("\"{}\"", name.trim()),
            None if self.step.is_empty() => format!("\"{}\"", self.root),
            None => self.step[1..self.step.len() - 1].to_owned(),
        }
    }
}

/// Reads an expression that is a path, with or without filters that keep the
/// value; nothing if it is anything else.
pub(crate) fn read(body: &str) -> Option<Path<'_>> {
    let (path, rest) = prefix(body)?;
    keeps(rest).then_some(path)
}

/// The path that a text begins with, and what follows it.
pub(crate) fn prefix(body: &str) -> Option<(Path<'_>, &str)> {
    let root = tags::keyword(body);
    if !root.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let (mut at, mut parent, mut step) = (root.len(), None, "");
    loop {
        let rest = &body[at..];
        let length = match rest.chars().next() {
            Some('.') => {
                let name = tags::keyword(&rest[1..]);
                if name.is_empty() {
                    return None;
                }
                1 + name.len()
            }
            Some('[') => subscript(rest)?,
            Some('(') => return None,
            _ => break,
        };
        (parent, step) = (Some(&body[..at]), &rest[..length]);
        at += length;
    }
    Some((Path { root, parent, step }, &body[at..]))
}

/// The length of `[0]`, `[-1]` or `["name"]`.
fn subscript(text: &str) -> Option<usize> {
    let end = text.find(']')?;
    let inside = text[1..end].trim();
    let number = inside.strip_prefix('-').unwrap_or(inside);
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let is_text = ['"', '\''].iter().any(|quote| {
        let inner = inside.strip_prefix(*quote).and_then(|i| i.strip_suffix(*quote));
        inner.is_some_and(|inner| !inner.contains([*quote, '\\']))
    });
    (is_number || is_text).then_some(end + 1)
}

/// Whether nothing follows but filters that keep the value.
fn keeps(rest: &str) -> bool {
    let rest = rest.trim_start();
    if rest.is_empty() {
        return true;
    }
    let Some(filter) = rest.strip_prefix('|') else { return false };
    let filter = filter.trim_start();
    let name = tags::keyword(filter);
    let after = filter[name.len()..].trim_start();
    let after = match after.starts_with('(') {
        true => closed(after).map(|end| &after[end..]),
        false => Some(after),
    };
    KEEPING.contains(&name) && after.is_some_and(keeps)
}

/// The length of a text in parentheses.
fn closed(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
pub(crate) enum Step<'p> {
    /// To a field.
    Name(&'p str),
    /// To an item, from the end if negative.
    Index(i64),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// The steps of a path, of which the first is its variable.
pub(crate) fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = vec![Step::Name(tags::keyword(path))];
    let mut rest = &path[tags::keyword(path).len()..];
    while let Some(c) = rest.chars().next() {
        let inside = match (c, rest.find(']')) {
            ('.', _) => tags::keyword(&rest[1..]),
            (_, Some(end)) => rest[1..end].trim(),
            (_, None) => return steps,
        };
        steps.push(match (c, inside.parse()) {
            ('[', Ok(index)) => Step::Index(index),
            _ => Step::Name(inside.trim_matches(['"', '\''])),
        });
        let length =
            if c == '.' { 1 + inside.len() } else { rest.find(']').unwrap_or(0) + 1 };
        rest = &rest[length..];
    }
    steps
}

/// Words that are no variables.
const WORDS: [&str; 18] = [
    "in",
    "not",
    "and",
    "or",
    "if",
    "else",
    "is",
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "loop",
    "for",
    "elif",
    "set",
    "recursive",
];

/// All paths in an expression or statement, but for the names of functions,
/// filters, tests, arguments and what is assigned to.
pub(crate) fn all(body: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut quote = None;
    let (mut at, mut named) = (0, false);
    while let Some(c) = body[at..].chars().next() {
        let mut length = c.len_utf8();
        if let Some(open) = quote {
            quote = (c != open).then_some(open);
        } else if matches!(c, '"' | '\'') {
            quote = Some(c);
        } else if c.is_alphabetic() || c == '_' {
            let word = tags::keyword(&body[at..]);
            length = word.len();
            if !named
                && !WORDS.contains(&word)
                && let Some((_, rest)) = prefix(&body[at..])
            {
                length = body.len() - at - rest.len();
                let after = rest.trim_start();
                let assigned = after.starts_with('=') && !after.starts_with("==");
                found.extend((!assigned).then(|| &body[at..at + length]));
            }
            named = word == "is";
        } else if !c.is_whitespace() {
            named = matches!(c, '|' | '.');
            if c.is_ascii_digit() {
                length = tags::keyword(&body[at..]).len().max(1);
            }
        }
        at += length;
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The variable of a loop over a path, and the path: `for row in table.rows`.
pub(crate) fn simple_loop(body: &str) -> Option<(&str, &str)> {
    let (name, rest) = body.strip_prefix("for ")?.split_once(" in ")?;
    let (name, path) = (name.trim(), rest.trim());
    let single = !name.is_empty() && tags::keyword(name) == name;
    let (_, after) = prefix(path)?;
    (single && after.trim().is_empty()).then_some((name, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(body: &str) -> Option<(&str, Option<&str>, String)> {
        read(body).map(|path| (path.root, path.parent, path.key()))
    }

    #[test]
    fn paths() {
        assert_eq!(parts("a"), Some(("a", None, "\"a\"".into())));
        assert_eq!(parts("a.名"), Some(("a", Some("a"), "\"名\"".into())));
        assert_eq!(parts("a.b[0].c"), Some(("a", Some("a.b[0]"), "\"c\"".into())));
        assert_eq!(parts("a['b']"), Some(("a", Some("a"), "'b'".into())));
        assert_eq!(parts("a.b|default('(x)')|e"), Some(("a", Some("a"), "\"b\"".into())));
        for other in ["a|upper", "a + 1", "a.b()", "1", "'x'", "a[b]", "a.b if c"] {
            assert_eq!(parts(other), None, "{other}");
        }
    }

    #[test]
    fn all_paths() {
        assert_eq!(
            all("a.b|upper ~ f(c[0]) if d is defined else 'e.f'"),
            ["a.b", "c[0]", "d"]
        );
        assert_eq!(all("for x in rows|sort(attribute='k')"), ["rows", "x"]);
        let expected =
            [Step::Name("a"), Step::Name("b c"), Step::Index(-1), Step::Name("名")];
        assert_eq!(steps("a['b c'][-1].名"), expected);
    }

    #[test]
    fn loops() {
        assert_eq!(simple_loop("for x in a.b"), Some(("x", "a.b")));
        for other in ["for x, y in a", "for x in a|sort", "for x in a if x", "if a in b"]
        {
            assert_eq!(simple_loop(other), None, "{other}");
        }
    }
}
