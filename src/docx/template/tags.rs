//! Template tags in a paragraph's text: where they begin and end, what they say.
//!
//! The text given here is already joined over runs and free of XML, so a tag is
//! simply a range of it. What a tag says is normalised on the way: quotes that
//! Word made typographic become ASCII again, and so do spaces of any width.

use std::ops::Range;

/// What a tag does.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Action {
    /// `{{ … }}`.
    Print,
    /// `{% … %}`.
    Statement,
    /// `{# … #}`.
    Comment,
    /// `{_{`, `}_}`, `{_%` or `%_}`: a delimiter to be printed as it is.
    Literal,
    /// `{% cellbg … %}` and the like: says something about the cell around it.
    Cell(CellTag),
}

/// What a tag does to the table cell around it.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum CellTag {
    /// `{% cellbg colour %}`: shades it.
    Background,
    /// `{% colspan n %}`: makes it span columns.
    Span,
    /// `{% hm %}`: merges it with its repetitions in the row.
    MergeAcross,
    /// `{% vm %}`: merges it with its repetitions down the column.
    MergeDown,
}

/// The statements about cells, and whether an expression follows.
pub(crate) const CELL_TAGS: [(&str, CellTag, bool); 4] = [
    ("cellbg", CellTag::Background, true),
    ("colspan", CellTag::Span, true),
    ("hm", CellTag::MergeAcross, false),
    ("vm", CellTag::MergeDown, false),
];

/// What a tag replaces.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Scope {
    /// Its own text only.
    Inline,
    /// The run around it: `{{r … }}`.
    Run,
    /// The paragraph around it: `{%p … %}`.
    Paragraph,
    /// The table cell around it: `{%tc … %}`.
    Cell,
    /// The table row around it: `{%tr … %}`.
    Row,
}

impl Scope {
    /// The element that a tag of this scope replaces.
    pub(crate) fn element(self) -> Option<&'static str> {
        match self {
            Self::Inline => None,
            Self::Run => Some("w:r"),
            Self::Paragraph => Some("w:p"),
            Self::Cell => Some("w:tc"),
            Self::Row => Some("w:tr"),
        }
    }

    /// The letters after the opening delimiter.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Inline => "",
            Self::Run => "r",
            Self::Paragraph => "p",
            Self::Cell => "tc",
            Self::Row => "tr",
        }
    }
}

/// A tag in a text.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Tag {
    /// What it does.
    pub(crate) action: Action,
    /// What it replaces.
    pub(crate) scope: Scope,
    /// All its bytes in the text, delimiters included.
    pub(crate) range: Range<usize>,
    /// What it says, normalised and trimmed, without scope and dashes; for a
    /// literal, the text to print.
    pub(crate) body: String,
    /// Whether it begins with a dash, as in `{%-` and `{{-`: spaces before it go,
    /// and a statement joins the text before it.
    pub(crate) joins_before: bool,
    /// Whether it ends with a dash, as in `-%}` and `-}}`: the same after it.
    pub(crate) joins_after: bool,
}

/// An opening delimiter without its closing one.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Unclosed {
    /// The bytes from the delimiter to the end of what belongs to it.
    pub(crate) range: Range<usize>,
    /// The delimiter that is missing.
    pub(crate) closing: &'static str,
}

/// The literal delimiters and what they print.
const LITERALS: [(&str, &str); 4] =
    [("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")];

/// Finds all tags of a text, and the opening delimiters that are never closed.
pub(crate) fn scan(text: &str) -> (Vec<Tag>, Vec<Unclosed>) {
    let (mut tags, mut unclosed) = (Vec::new(), Vec::new());
    let last = ["}}", "%}", "#}"].map(|closing| (closing, text.rfind(closing)));
    let can_close = |from: usize, closing: &str| {
        last.iter().any(|(c, at)| *c == closing && at.is_some_and(|at| at >= from))
    };
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '}', '%']) {
        let start = at + found;
        let rest = &text[start..];
        if let Some((written, printed)) =
            LITERALS.iter().find(|(w, _)| rest.starts_with(w))
        {
            let range = start..start + written.len();
            at = range.end;
            tags.push(literal(range, printed));
        } else if let Some((action, closing)) = opening(rest) {
            let closed = can_close(start + 2, closing)
                .then(|| close(text, start + 2, closing))
                .flatten();
            match closed {
                Some((end, body)) => {
                    tags.push(tag(action, start..end, &body));
                    at = end;
                }
                None => {
                    let end = text[start + 2..].find(['{', '\n']);
                    let end = end.map_or(text.len(), |length| start + 2 + length);
                    unclosed.push(Unclosed { range: start..end, closing });
                    at = start + 2;
                }
            }
        } else {
            at = start + 1;
        }
    }
    (tags, unclosed)
}

fn opening(rest: &str) -> Option<(Action, &'static str)> {
    match rest.as_bytes() {
        [b'{', b'{', ..] => Some((Action::Print, "}}")),
        [b'{', b'%', ..] => Some((Action::Statement, "%}")),
        [b'{', b'#', ..] => Some((Action::Comment, "#}")),
        _ => None,
    }
}

fn literal(range: Range<usize>, printed: &str) -> Tag {
    Tag {
        action: Action::Literal,
        scope: Scope::Inline,
        range,
        body: printed.to_owned(),
        joins_before: false,
        joins_after: false,
    }
}

/// The end of a tag and its normalised inside. A closing delimiter inside a
/// string does not count, unless nothing else closes the tag. An opening
/// delimiter of the same kind outside a string means that the tag is not closed.
fn close(text: &str, from: usize, closing: &'static str) -> Option<(usize, String)> {
    let mut fallback = None;
    let mut search = from;
    while let Some(found) = text[search..].find(closing) {
        let mut end = search + found;
        // `{{ {"a": {}}} }}`: the last of several braces closes.
        if closing == "}}" {
            while text[end + 2..].starts_with('}') {
                end += 1;
            }
        }
        let inside = &text[from..end];
        if closing == "#}" {
            return Some((end + 2, inside.to_owned()));
        }
        let (body, balanced) = normalise(inside);
        if balanced {
            return Some((end + 2, body));
        }
        fallback.get_or_insert((end + 2, body));
        if inside.len() > LONGEST {
            break;
        }
        search = end + 2;
    }
    fallback.filter(|(end, _)| !reopens(&text[from..*end]))
}

/// How far the search for the end of a string goes: it keeps the scan linear.
const LONGEST: usize = 4096;

/// Whether the inside of a supposed tag holds another tag's beginning.
fn reopens(inside: &str) -> bool {
    inside.contains("{{") || inside.contains("{%")
}

/// The inside of a tag with ASCII quotes and spaces, and whether all its
/// strings and braces are closed.
fn normalise(inside: &str) -> (String, bool) {
    let (strict, balanced) = straighten(inside, true);
    if balanced {
        return (strict, !opens_outside(inside));
    }
    let (lenient, balanced) = straighten(inside, false);
    (lenient, balanced && !opens_outside(inside))
}

/// Whether a statement or expression begins again before this one ended: then
/// the first was not closed.
fn opens_outside(inside: &str) -> bool {
    let mut quote = None;
    let mut previous = ' ';
    for c in inside.chars() {
        match (quote, straight(c)) {
            (None, Some(q)) => quote = Some(q),
            (Some(open), Some(q)) if open == q => quote = None,
            (None, None) if previous == '{' && matches!(c, '%' | '{') => return true,
            _ => {}
        }
        previous = c;
    }
    false
}

/// The ASCII quote that a quote of any shape stands for.
fn straight(c: char) -> Option<char> {
    match c {
        '"' | '“' | '”' | '„' | '‟' | '＂' => Some('"'),
        '\'' | '‘' | '’' | '‚' | '‛' | '＇' => Some('\''),
        _ => None,
    }
}

/// Replaces typographic quotes and spaces. If `strict`, a string that an ASCII
/// quote opened is closed by the same ASCII quote only, so that it can contain
/// typographic ones.
fn straighten(inside: &str, strict: bool) -> (String, bool) {
    let mut out = String::with_capacity(inside.len());
    // The quote that closes the current string, and whether it was ASCII.
    let mut open: Option<(char, bool)> = None;
    let mut escaped = false;
    let mut depth = 0_i64;
    for c in inside.chars() {
        let quote = straight(c);
        match (open, quote) {
            _ if escaped => {
                escaped = false;
                out.push(quote.unwrap_or(c));
                continue;
            }
            (Some(_), _) if c == '\\' => escaped = true,
            (None, Some(q)) => {
                open = Some((q, c.is_ascii()));
                out.push(q);
                continue;
            }
            (Some((q, ascii)), Some(found))
                if q == found && (!strict || !ascii || c.is_ascii()) =>
            {
                open = None;
                out.push(q);
                continue;
            }
            (None, None) if c.is_whitespace() => {
                out.push(' ');
                continue;
            }
            (None, None) if c == '{' => depth += 1,
            (None, None) if c == '}' => depth -= 1,
            _ => {}
        }
        out.push(c);
    }
    (out, open.is_none() && depth == 0)
}

fn tag(action: Action, range: Range<usize>, inside: &str) -> Tag {
    let (scope, rest) = scope(inside);
    let (rest, joins_before) = match rest.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (rest, joins_after) = match rest.strip_suffix('-') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let body = rest.trim().trim_start_matches('+').trim();
    let about_cell = match (action, scope) {
        (Action::Statement, Scope::Inline) => about_cell(body),
        _ => None,
    };
    let (action, body) = about_cell.unwrap_or((action, body));
    let body = body.to_owned();
    Tag { action, scope, range, body, joins_before, joins_after }
}

/// A statement about the cell around it, and the expression that it has.
fn about_cell(body: &str) -> Option<(Action, &str)> {
    let (name, cell, valued) =
        CELL_TAGS.into_iter().find(|(name, ..)| keyword(body) == *name)?;
    let value = body[name.len()..].trim();
    (valued || value.is_empty()).then_some((Action::Cell(cell), value))
}

/// The scope that a tag's inside begins with: letters directly after the
/// delimiter, with a space after them.
fn scope(inside: &str) -> (Scope, &str) {
    for scope in [Scope::Row, Scope::Cell, Scope::Paragraph, Scope::Run] {
        if let Some(rest) = inside.strip_prefix(scope.prefix())
            && rest.starts_with(char::is_whitespace)
        {
            return (scope, rest);
        }
    }
    (Scope::Inline, inside)
}

/// The first word of a statement.
pub(crate) fn keyword(body: &str) -> &str {
    let end = body.find(|c: char| !c.is_alphanumeric() && c != '_');
    &body[..end.unwrap_or(body.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(text: &str) -> Vec<(Action, Scope, String)> {
        let (tags, unclosed) = scan(text);
        assert_eq!(unclosed, []);
        tags.into_iter().map(|tag| (tag.action, tag.scope, tag.body)).collect()
    }

    fn body(text: &str) -> String {
        bodies(text).remove(0).2
    }

    #[test]
    fn scopes() {
        let found =
            bodies("{{ a }}{%p if b %}{{p c }}{%tr for x in y%}{{tc d}}{{r e }}{{ r }}");
        let scopes: Vec<_> = found.iter().map(|(_, scope, _)| *scope).collect();
        use Scope::{Cell, Inline, Paragraph, Row, Run};
        assert_eq!(scopes, [Inline, Paragraph, Paragraph, Row, Cell, Run, Inline]);
        assert_eq!(found[3].2, "for x in y");
    }

    #[test]
    fn quotes() {
        assert_eq!(body("{{ a|default(“无”) }}"), "a|default(\"无\")");
        assert_eq!(body("{{ ‘a’ ~ 'b' }}"), "'a' ~ 'b'");
        assert_eq!(body("{{ \"他说“好”\" }}"), "\"他说“好”\"");
        assert_eq!(body("{{ \"a” }}"), "\"a\"");
        assert_eq!(body("{{ \"}}\" }} \"x\""), "\"}}\"");
        assert_eq!(body("{{\u{a0}a\u{3000}}}"), "a");
    }

    #[test]
    fn braces() {
        assert_eq!(body("{{ {'a': {'b': 1}}.a }}"), "{'a': {'b': 1}}.a");
        assert_eq!(body("{{ {'a': {}}}}"), "{'a': {}}");
        assert_eq!(bodies("{_{ x }_}").len(), 2);
        assert_eq!(body("{# it's {{ x }} #}"), "it's {{ x }}");
    }

    #[test]
    fn unclosed() {
        let (tags, unclosed) = scan("a {{ b and {% if c %}");
        assert_eq!(tags.len(), 1);
        assert_eq!(unclosed, [Unclosed { range: 2..11, closing: "}}" }]);
        let (tags, unclosed) = scan("{% if a {% endif %}");
        assert_eq!((tags.len(), unclosed.len()), (1, 1));
    }

    #[test]
    fn dashes() {
        let (tags, _) = scan("{%- if a -%}{{ -1 }}");
        assert!(tags[0].joins_before && tags[0].joins_after);
        assert_eq!(tags[1].body, "-1");
    }
}
