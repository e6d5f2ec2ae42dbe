//! Values as text, as Python prints them.
//!
//! Templates of the dialect were written for Jinja2: `True`, `None`, `1e+16`
//! and `['a', 1]` are what their authors expect to see.

use std::fmt::Write;

use minijinja::Value;
use minijinja::value::ValueKind;

use super::charts::Chart;
use super::dotted::Dotted;
use super::picture::Picture;
use super::rich::RichText;
use super::spread::Spread;
use super::typed::{Misshapen, StyledParagraphs, StyledText};
use super::vocabulary::{Contents, PageBreak};
use crate::docx::render::notes::Note;

/// How deep lists inside lists are printed.
const DEEPEST: usize = 64;

/// A value as `str()` prints it. Undefined is nothing.
pub(crate) fn text(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return text.to_owned();
    }
    let mut out = String::new();
    push(&mut out, value, 0);
    out
}

/// A value as `repr()` prints it.
pub(crate) fn representation(value: &Value) -> String {
    let mut out = String::new();
    push_repr(&mut out, value, 0);
    out
}

/// A value as `repr()` prints it, maps sorted by their keys.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    push_repr(&mut out, &sorted(value, 0), 0);
    out
}

/// A value with all maps in it sorted by their keys.
pub(crate) fn sorted(value: &Value, depth: usize) -> Value {
    let items = || value.try_iter().into_iter().flatten();
    match value.kind() {
        ValueKind::Map if depth < DEEPEST => {
            let mut keys: Vec<Value> = items().collect();
            keys.sort();
            let field = |key: &Value| value.get_item(key).unwrap_or_default();
            Value::from_pairs(keys.into_iter().map(|key| {
                let field = sorted(&field(&key), depth + 1);
                (key, field)
            }))
        }
        ValueKind::Seq if depth < DEEPEST && !value.is_tuple() => {
            items().map(|item| sorted(&item, depth + 1)).collect()
        }
        _ => value.clone(),
    }
}

/// Whether a value is one of ours that says how it is printed.
pub(crate) fn is_printed(value: &Value) -> bool {
    value.downcast_object_ref::<RichText>().is_some()
        || value.downcast_object_ref::<StyledText>().is_some()
        || value.downcast_object_ref::<StyledParagraphs>().is_some()
        || value.downcast_object_ref::<Misshapen>().is_some()
        || value.downcast_object_ref::<Spread>().is_some()
        || value.downcast_object_ref::<Dotted>().is_some()
        || value.downcast_object_ref::<PageBreak>().is_some()
        || value.downcast_object_ref::<Contents>().is_some()
        || value.downcast_object_ref::<Note>().is_some()
        || value.downcast_object_ref::<Picture>().is_some()
        || value.downcast_object_ref::<Chart>().is_some()
}

fn push(out: &mut String, value: &Value, depth: usize) {
    match value.kind() {
        ValueKind::Undefined => {}
        ValueKind::None => out.push_str("None"),
        ValueKind::Bool => out.push_str(if value.is_true() { "True" } else { "False" }),
        ValueKind::Number if !value.is_integer() => match f64::try_from(value.clone()) {
            Ok(number) => push_float(out, number),
            Err(_) => push_display(out, value),
        },
        ValueKind::Seq | ValueKind::Iterable => push_list(out, value, depth),
        ValueKind::Map => push_map(out, value, depth),
        ValueKind::Plain => push_plain(out, value),
        _ => push_display(out, value),
    }
}

fn push_display(out: &mut String, value: &Value) {
    // Writing to a string does not fail.
    let _ = write!(out, "{value}");
}

fn push_plain(out: &mut String, value: &Value) {
    if let Some(rich) = value.downcast_object_ref::<RichText>() {
        out.push_str(&rich.plain());
    } else if let Some(styled) = value.downcast_object_ref::<StyledText>() {
        out.push_str(&styled.plain());
    } else if let Some(styled) = value.downcast_object_ref::<StyledParagraphs>() {
        out.push_str(&styled.plain());
    } else if let Some(spread) = value.downcast_object_ref::<Spread>() {
        out.push_str(&spread.text);
    } else if let Some(dotted) = value.downcast_object_ref::<Dotted>() {
        out.push_str(&dotted.text);
    } else if let Some(picture) = value.downcast_object_ref::<Picture>() {
        out.push_str(&picture.alt);
    } else if let Some(chart) = value.downcast_object_ref::<Chart>() {
        out.push_str(&chart.title);
    } else {
        push_display(out, value);
    }
}

/// A number as `repr(float)` prints it.
fn push_float(out: &mut String, number: f64) {
    if number.is_nan() {
        out.push_str("nan");
    } else if number.is_infinite() {
        out.push_str(if number > 0.0 { "inf" } else { "-inf" });
    } else if number != 0.0 && !(1e-4..1e16).contains(&number.abs()) {
        let shortest = format!("{number:e}");
        let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        let _ = write!(out, "{digits}e{sign}{exponent:0>2}");
    } else {
        let _ = write!(out, "{number:?}");
    }
}

fn push_list(out: &mut String, value: &Value, depth: usize) {
    let (open, close) = if value.is_tuple() { ('(', ')') } else { ('[', ']') };
    out.push(open);
    let mut count = 0;
    for item in value.try_iter().into_iter().flatten() {
        if count > 0 {
            out.push_str(", ");
        }
        push_repr(out, &item, depth + 1);
        count += 1;
    }
    if count == 1 && value.is_tuple() {
        out.push(',');
    }
    out.push(close);
}

fn push_map(out: &mut String, value: &Value, depth: usize) {
    out.push('{');
    for (index, key) in value.try_iter().into_iter().flatten().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        push_repr(out, &key, depth + 1);
        out.push_str(": ");
        push_repr(out, &value.get_item(&key).unwrap_or_default(), depth + 1);
    }
    out.push('}');
}

fn push_repr(out: &mut String, value: &Value, depth: usize) {
    if depth > DEEPEST {
        out.push_str("...");
    } else if let Some(text) = value.as_str() {
        push_quoted(out, text);
    } else if value.is_undefined() {
        out.push_str("Undefined");
    } else {
        push(out, value, depth);
    }
}

fn push_quoted(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_python() {
        let printed = |value: Value| text(&value);
        assert_eq!(printed(Value::from(true)), "True");
        assert_eq!(printed(Value::from(())), "None");
        assert_eq!(printed(Value::from(1e16)), "1e+16");
        assert_eq!(printed(Value::from(1.5e-7)), "1.5e-07");
        assert_eq!(printed(Value::from(14.0)), "14.0");
        assert_eq!(printed(Value::from(0.1 + 0.2)), "0.30000000000000004");
        assert_eq!(printed(Value::from(vec!["a", "b'c"])), "['a', \"b'c\"]");
    }
}
