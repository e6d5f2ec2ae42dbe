//! The shape of what is imported: levels of objects, and their fields.

use serde_json::Value;

use super::words;
use crate::data::json::pointer_tokens;
use crate::diag::{Diagnostic, SLIP, nearest};
use crate::text;

/// What a field holds.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Kind {
    /// Text as it is.
    Text,
    /// The name of a person.
    Name,
    /// A number.
    Number,
    /// A day; what is none stays as it is, with a warning.
    Day,
    /// A day as the schema wants it.
    Date,
}

/// A field of an object.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// Its name in the dataset.
    pub(super) key: String,
    /// What it is called.
    pub(super) title: String,
    pub(super) kind: Kind,
    /// Whether a row without it is wrong.
    pub(super) required: bool,
}

/// Objects of one level: delegations, or their members.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    /// The field of the level above that holds these objects.
    pub(super) list: String,
    pub(super) fields: Vec<Field>,
}

/// The levels of what is imported, the outermost first.
#[derive(Debug, Clone)]
pub struct Shape {
    pub(super) levels: Vec<Level>,
}

impl Shape {
    /// The shape of the array at `pointer` of a dataset with this schema.
    ///
    /// # Errors
    /// A pointer that leads to no array of objects.
    pub fn of_schema(schema: &Value, pointer: &str) -> Result<Self, Diagnostic> {
        let no_target = || no_target(schema, pointer);
        let mut at = deref(schema, schema);
        for token in pointer_tokens(pointer) {
            let next = match token.parse::<usize>() {
                Ok(_) if at.get("items").is_some() => at.get("items"),
                _ => at.get("properties").and_then(|fields| fields.get(&token)),
            };
            at = deref(schema, next.ok_or_else(no_target)?);
        }
        let mut levels = Vec::new();
        let mut list = String::new();
        let mut items = objects(schema, at);
        while let Some(object) = items.take().filter(|_| levels.len() < 4) {
            levels.push(level(schema, object, &list));
            let nested = fields(object).find_map(|(key, field)| {
                Some((key, objects(schema, deref(schema, field))?))
            });
            if let Some((key, object)) = nested {
                list = key.clone();
                items = Some(object);
            }
        }
        match levels.is_empty() {
            true => Err(no_target()),
            false => Ok(Self { levels }),
        }
    }

    /// The shape that headings suggest: an agenda by days, or a flat list.
    pub(super) fn of_headings<'h>(headings: impl IntoIterator<Item = &'h str>) -> Self {
        let mut known: Vec<&str> =
            headings.into_iter().filter_map(words::field).collect();
        known.dedup();
        let agenda = known.contains(&"date") && !known.contains(&"name");
        let field = |key: &&str| usual(key);
        let (outer, inner): (Vec<&str>, Vec<&str>) =
            known.into_iter().partition(|key| agenda && *key == "date");
        let inner = Level {
            list: "items".into(),
            fields: inner
                .iter()
                .filter(|key| **key != words::NUMBER)
                .map(field)
                .collect(),
        };
        if !agenda {
            return Self { levels: vec![inner] };
        }
        let days =
            Level { list: String::new(), fields: outer.iter().map(field).collect() };
        Self { levels: vec![days, inner] }
    }

    /// The level and number of the field that a heading means.
    pub(super) fn find(&self, heading: &str) -> Option<(usize, usize)> {
        let bare = words::bare(heading);
        let usual = words::field(heading);
        let ways: [&dyn Fn(&Field) -> bool; 3] = [
            &|field| words::bare(&field.title) == bare || field.key == bare,
            &|field| usual.is_some() && words::field(&field.title) == usual,
            &|field| {
                words::field(&field.title).is_none() && usual == Some(field.key.as_str())
            },
        ];
        ways.into_iter().find_map(|means| {
            // What is said of the innermost objects is said most often.
            (0..self.levels.len()).rev().find_map(|level| {
                let number = self.levels[level].fields.iter().position(means)?;
                Some((level, number))
            })
        })
    }
}

/// A usual field.
fn usual(key: &str) -> Field {
    let kind = match key {
        "name" => Kind::Name,
        "date" => Kind::Day,
        _ => Kind::Text,
    };
    Field { key: key.into(), title: String::new(), kind, required: key == "name" }
}

/// What a schema's `$ref` (inside of it) leads to.
pub(super) fn deref<'s>(schema: &'s Value, mut at: &'s Value) -> &'s Value {
    // A schema that refers to itself in a circle would never end.
    for _ in 0..16 {
        let Some(target) = at
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| schema.pointer(reference.strip_prefix('#')?))
        else {
            break;
        };
        at = target;
    }
    at
}

/// The objects that an array's schema holds.
fn objects<'s>(schema: &'s Value, array: &'s Value) -> Option<&'s Value> {
    let items = deref(schema, array.get("items")?);
    items.get("properties").is_some().then_some(items)
}

pub(super) fn fields(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn level(schema: &Value, object: &Value, list: &str) -> Level {
    let required = object.get("required").and_then(Value::as_array);
    let required = |key: &str| required.is_some_and(|list| list.iter().any(|r| r == key));
    let field = |(key, field): (&String, &Value)| {
        let target = deref(schema, field);
        let is = |kind: &str| match target.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().any(|other| other == kind),
            Some(other) => other == kind,
            None => false,
        };
        if (is("array") || is("object")) && !is("string") {
            return None;
        }
        let title = field.get("title").or_else(|| target.get("title"));
        let title = title.and_then(Value::as_str).unwrap_or_default().to_string();
        let kind = match words::field(&title) {
            _ if target.get("format").is_some_and(|format| format == "date") => {
                Kind::Date
            }
            _ if (is("integer") || is("number")) && !is("string") => Kind::Number,
            Some("name") => Kind::Name,
            None if key == "name" && title.is_empty() => Kind::Name,
            _ => Kind::Text,
        };
        Some(Field { key: key.clone(), title, kind, required: required(key) })
    };
    Level { list: list.into(), fields: fields(object).filter_map(field).collect() }
}

/// The arrays of objects of a schema, by pointer.
fn targets(schema: &Value) -> Vec<String> {
    let root = deref(schema, schema);
    let mut found = Vec::new();
    let mut open = vec![(String::new(), root, 0)];
    while let Some((pointer, at, depth)) = open.pop() {
        if objects(schema, at).is_some() {
            found.push(pointer);
        } else if depth < 4 {
            for (key, field) in fields(at) {
                let pointer = crate::data::json::pointer_join(&pointer, key);
                open.push((pointer, deref(schema, field), depth + 1));
            }
        }
    }
    found.sort();
    found
}

fn no_target(schema: &Value, pointer: &str) -> Diagnostic {
    let message = match pointer {
        "" => text!(
            "模板的数据本身不是一个列表",
            "the template's dataset is no list itself"
        ),
        _ => text!(
            "模板的数据里 `{pointer}` 不是一个列表",
            "`{pointer}` is no list in the template's dataset"
        ),
    };
    let fault = Diagnostic::error("import/no-target", message);
    let targets = targets(schema);
    if let Some(near) = nearest(pointer, targets.iter().map(String::as_str), SLIP) {
        return fault
            .hint(text!("是不是 `--into {near}`？", "did you mean `--into {near}`?"));
    }
    let (zh, en) = (targets.join("、"), targets.join(", "));
    match targets.is_empty() {
        true => fault,
        false => fault.hint(text!(
            "用 `--into` 写明放到哪里：{zh}",
            "say where it goes with `--into`: {en}"
        )),
    }
}
