//! What a schema says of the fields of a dataset, before there is one.

use serde_json::Value;

use crate::data::import::bare;

/// How many parts of a schema may say something of one value: a schema that refers to
/// itself in a circle would never end.
const MOST: usize = 64;

/// All that a schema says of one value: the parts that its references and
/// combinations lead to.
#[derive(Debug, Clone)]
pub(super) struct Field<'s> {
    schema: &'s Value,
    parts: Vec<&'s Value>,
}

impl<'s> Field<'s> {
    /// The dataset itself.
    pub(super) fn root(schema: &'s Value) -> Self {
        Self::of(schema, vec![schema])
    }

    fn of(schema: &'s Value, mut parts: Vec<&'s Value>) -> Self {
        let mut next = 0;
        while let Some(part) = parts.get(next).copied().filter(|_| next < MOST) {
            next += 1;
            let reference = part.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(|at| schema.pointer(at.strip_prefix('#')?));
            parts.extend(
                target.filter(|target| !parts.iter().any(|p| std::ptr::eq(*p, *target))),
            );
            for word in ["allOf", "anyOf", "oneOf"] {
                parts.extend(
                    part.get(word).and_then(Value::as_array).into_iter().flatten(),
                );
            }
        }
        Self { schema, parts }
    }

    /// A field of an object, or an item of a list.
    pub(super) fn child(&self, token: &str) -> Option<Self> {
        let fields =
            self.parts.iter().filter_map(|part| part.get("properties")?.get(token));
        let mut found: Vec<&Value> = fields.collect();
        if let (true, Ok(index)) = (found.is_empty(), token.parse::<usize>()) {
            found.extend(self.parts.iter().filter_map(|part| {
                let first = part.get("prefixItems").and_then(|items| items.get(index));
                first.or_else(|| part.get("items"))
            }));
        }
        (!found.is_empty()).then(|| Self::of(self.schema, found))
    }

    /// The key of the field that has this title.
    pub(super) fn titled(&self, title: &str) -> Option<&'s str> {
        let title = bare(title);
        let mut titles = self.titles();
        titles
            .find(|(_, own)| bare(own) == title && !title.is_empty())
            .map(|(key, _)| key)
    }

    /// The keys and titles of its fields.
    pub(super) fn names(&self) -> Vec<&'s str> {
        let titles = self.titles().map(|(_, title)| title);
        self.properties().map(|(key, _)| key).chain(titles).collect()
    }

    fn titles(&self) -> impl Iterator<Item = (&'s str, &'s str)> {
        self.properties().filter_map(|(key, field)| {
            let own = field.get("title").and_then(Value::as_str);
            let inner = || {
                let field = Self::of(self.schema, vec![field]);
                field.parts.iter().find_map(|part| part.get("title")?.as_str())
            };
            Some((key, own.or_else(inner)?))
        })
    }

    fn properties(&self) -> impl Iterator<Item = (&'s str, &'s Value)> {
        let objects =
            self.parts.iter().filter_map(|part| part.get("properties")?.as_object());
        objects.flatten().map(|(key, field)| (key.as_str(), field))
    }

    /// Whether it may have fields that the schema does not name.
    pub(super) fn is_open(&self) -> bool {
        let closes = |part: &&Value| {
            ["additionalProperties", "unevaluatedProperties"]
                .into_iter()
                .any(|word| part.get(word) == Some(&Value::Bool(false)))
        };
        !self.parts.iter().any(closes)
    }

    /// Whether it may be of a type: `integer`, `string`, …
    pub(super) fn may_be(&self, kind: &str) -> bool {
        self.parts.iter().any(|part| match part.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().any(|other| other == kind),
            Some(other) => other == kind,
            None => false,
        })
    }

    /// Whether it is a day: `2025-03-28`.
    pub(super) fn is_day(&self) -> bool {
        self.parts
            .iter()
            .any(|part| part.get("format").is_some_and(|format| format == "date"))
    }
}
