//! A value put into the text of a dataset, with the rest left as it was written.

use serde_json::{Map, Value};

use crate::data::Dataset;
use crate::data::json::{Shape, pointer_tokens};
use crate::diag::Diagnostic;
use crate::text;

/// A value inside of new objects, where a pointer says.
pub fn nested(pointer: &str, value: Value) -> Value {
    let tokens: Vec<String> = pointer_tokens(pointer).collect();
    tokens
        .into_iter()
        .rev()
        .fold(value, |inner, token| Value::Object(Map::from_iter([(token, inner)])))
}

/// A value as it stands in a file.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

/// The text of a dataset with another value at a pointer. A field that is not
/// there yet is added to its object.
///
/// # Errors
/// A pointer into something that is not there, or is no object.
pub fn splice(
    dataset: &Dataset,
    pointer: &str,
    value: &Value,
) -> Result<String, Diagnostic> {
    let text = dataset.source().text();
    if let Some(range) = dataset.range(pointer) {
        let shown = indented(value, &indent_at(text, range.start));
        return Ok(format!("{}{shown}{}", &text[..range.start], &text[range.end..]));
    }
    let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
    let key = pointer_tokens(pointer).last().unwrap_or_default();
    let node = dataset.node(parent).ok_or_else(|| no_place(dataset, parent))?;
    let Shape::Object(members) = &node.shape else {
        return Err(no_place(dataset, parent));
    };
    let outer = indent_at(text, node.range.start);
    let inner = format!("{outer}  ");
    let field = format!("{}: {}", Value::from(key), indented(value, &inner));
    let (end, added) = match members.last() {
        Some(last) => (last.node.range.end, format!(",\n{inner}{field}")),
        None => (node.range.start + 1, format!("\n{inner}{field}\n{outer}")),
    };
    Ok(format!("{}{added}{}", &text[..end], &text[end..]))
}

/// The white space before the line of a byte.
fn indent_at(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |feed| feed + 1);
    let line = &text[start..];
    line[..line.len() - line.trim_start_matches([' ', '\t']).len()].to_string()
}

fn indented(value: &Value, indent: &str) -> String {
    pretty(value).replace('\n', &format!("\n{indent}"))
}

fn no_place(dataset: &Dataset, pointer: &str) -> Diagnostic {
    Diagnostic::error(
        "import/no-target",
        text!(
            "数据里没有 `{pointer}` 这个对象，放不进去",
            "the dataset has no object `{pointer}` to put it into"
        ),
    )
    .at(dataset.place(""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diag::Diagnostics;

    fn spliced(text: &str, pointer: &str) -> Result<String, Diagnostic> {
        let mut faults = Diagnostics::new();
        let dataset = Dataset::read("t", text.as_bytes(), &mut faults).expect("JSON");
        splice(&dataset, pointer, &json!([1]))
    }

    #[test]
    fn only_what_is_pointed_at_changes() {
        let text = "{\n  \"a\": 8.60,\n  \"b\": {\n    \"c\": []\n  }\n}\n";
        assert_eq!(
            spliced(text, "/b/c").expect("a text"),
            "{\n  \"a\": 8.60,\n  \"b\": {\n    \"c\": [\n      1\n    ]\n  }\n}\n"
        );
        assert_eq!(
            spliced(text, "/d").expect("a text"),
            "{\n  \"a\": 8.60,\n  \"b\": {\n    \"c\": []\n  },\n  \"d\": [\n    1\n  ]\n}\n"
        );
        assert!(spliced(text, "/x/y").is_err());
        assert_eq!(nested("/a/b", json!(1)), json!({"a": {"b": 1}}));
    }
}
