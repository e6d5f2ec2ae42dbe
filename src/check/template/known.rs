//! Which names a schema gives to a dataset's fields.

use std::collections::BTreeSet;

use serde_json::Value;

/// What is known of a name that a template asks for.
#[derive(Debug, Clone, Eq, PartialEq)]
pub enum Known {
    /// The schema has it, or does not say which fields there are.
    Perhaps,
    /// No field of this object has the name; the last one does not, and the names are
    /// those that the object has.
    No {
        /// How many names of the path are known.
        depth: usize,
        /// The fields that there are.
        fields: Vec<String>,
    },
}

/// How many references and alternatives are followed on the way to a field.
const DEEPEST: usize = 64;

/// Whether a schema gives a dataset a field at a path of names.
pub fn known(schema: &Value, path: &[&str]) -> Known {
    let mut at = vec![schema];
    for (depth, name) in path.iter().enumerate() {
        let mut shapes = Shapes::default();
        for part in &at {
            shapes.gather(schema, part, DEEPEST);
        }
        if shapes.open || shapes.fields.is_empty() {
            return Known::Perhaps;
        }
        let found: Vec<&Value> = shapes
            .fields
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, v)| *v)
            .collect();
        if found.is_empty() {
            let fields: BTreeSet<&str> = shapes.fields.iter().map(|(f, _)| *f).collect();
            let fields = fields.into_iter().map(str::to_owned).collect();
            return Known::No { depth, fields };
        }
        at = found;
    }
    Known::Perhaps
}

/// What parts of a schema say of an object together.
#[derive(Default)]
struct Shapes<'s> {
    fields: Vec<(&'s str, &'s Value)>,
    /// Whether there may be fields that are not told.
    open: bool,
}

impl<'s> Shapes<'s> {
    fn gather(&mut self, root: &'s Value, part: &'s Value, depth: usize) {
        let Some(part) = part.as_object().filter(|_| depth > 0) else {
            // `true` allows anything.
            self.open |= part == &Value::Bool(true) || depth == 0;
            return;
        };
        for (key, inside) in part {
            match key.as_str() {
                "properties" => {
                    let fields = inside.as_object().into_iter().flatten();
                    self.fields
                        .extend(fields.map(|(name, field)| (name.as_str(), field)));
                }
                "$ref" => {
                    let target = inside.as_str().and_then(|to| to.strip_prefix('#'));
                    match target.and_then(|at| root.pointer(at)) {
                        Some(target) => self.gather(root, target, depth - 1),
                        None => self.open = true,
                    }
                }
                "allOf" | "anyOf" | "oneOf" => {
                    let all = inside.as_array().into_iter().flatten();
                    all.for_each(|one| self.gather(root, one, depth - 1));
                }
                "then" | "else" | "if" => self.gather_more(root, inside, depth - 1),
                "dependentSchemas" => {
                    let all = inside.as_object().into_iter().flatten();
                    all.for_each(|(_, one)| self.gather_more(root, one, depth - 1));
                }
                "additionalProperties" | "unevaluatedProperties" => {
                    self.open |= inside != &Value::Bool(false);
                }
                "patternProperties" | "$dynamicRef" => self.open = true,
                // What is no object only has what its type has.
                "type" => self.open |= !allows_object(inside),
                // Resolving gives marked parts more than the dataset has.
                "x-huikan" => self.open = true,
                "contentMediaType" => self.open = true,
                _ => {}
            }
        }
    }

    /// The same of what holds on a condition; that it says nothing is no matter.
    fn gather_more(&mut self, root: &'s Value, part: &'s Value, depth: usize) {
        if part.is_object() {
            self.gather(root, part, depth);
        }
    }
}

fn allows_object(kind: &Value) -> bool {
    match kind {
        Value::String(kind) => kind == "object",
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "object"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_known() {
        let schema = json!({
            "$defs": { "event": { "properties": { "name": {}, "day": { "type": "string" } } } },
            "properties": {
                "event": { "$ref": "#/$defs/event" },
                "rows": { "type": "array" },
                "free": { "additionalProperties": true, "properties": { "a": {} } }
            }
        });
        let is = |path: &[&str]| known(&schema, path) == Known::Perhaps;
        assert!(is(&["event"]) && is(&["event", "name"]) && is(&["rows", "x"]));
        assert!(is(&["free", "b"]) && is(&["event", "day", "upper"]));
        let fields = vec!["day".to_owned(), "name".to_owned()];
        assert_eq!(known(&schema, &["event", "nam"]), Known::No { depth: 1, fields });
        assert!(!is(&["evnt", "name"]));
        assert!(known(&json!({}), &["x"]) == Known::Perhaps);
    }
}
