//! The schema of a dataset: its shape, and what its strings mean.
//!
//! JSON Schema 2020-12. Two annotations give strings a meaning:
//! `"contentMediaType": "text/markdown"` marks rich text, and our keyword
//! `"x-huikan"` marks an `image` (a path relative to the dataset), a `pointer`
//! (into the dataset itself), a `figure` (a number to print as written) and a `date`
//! (an ISO 8601 day to print in Chinese); as an object it is a [mark](Mark).

use std::collections::BTreeMap;

use jsonschema::{OutputUnit, Validator};
use serde_json::Value;

use crate::data::bundle::{self, SharedSchemas};
use crate::data::inherit::{ListKey, ListKeys};
use crate::data::json::pointer_join;
use crate::data::mark::Mark;
use crate::data::renew::Renewals;
use crate::data::{Dataset, schema_fault};
use crate::diag::{Diagnostic, Diagnostics, Result};
use crate::text;

/// What a string (or number) of a dataset means.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub enum Meaning {
    /// Markdown: becomes a tree.
    RichText,
    /// The path of an image, relative to the dataset's folder.
    Image,
    /// A JSON pointer into the dataset.
    Pointer,
    /// A number that is printed as its author wrote it.
    Figure,
    /// A day: `2025-03-28` is printed as `2025年3月28日`, other words as they are.
    Date,
}

/// The meanings of a dataset's values, by JSON pointer.
pub type Meanings = BTreeMap<String, Meaning>;

/// The marked parts of a dataset, by JSON pointer.
pub type Marks = BTreeMap<String, Mark>;

/// What a schema says of a dataset.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What its strings mean.
    pub meanings: Meanings,
    /// What its parts are.
    pub marks: Marks,
    /// Which of its lists have keys.
    pub keys: ListKeys,
}

/// A compiled JSON Schema.
#[derive(Debug)]
pub struct Schema {
    value: Value,
    validator: Validator,
}

impl Schema {
    /// Compiles a schema from the text of a file called `name`, with the
    /// definitions of shared schemas that it refers to.
    ///
    /// # Errors
    /// Text that is not JSON, or JSON that is not a schema.
    pub fn compile(name: &str, bytes: &[u8], shared: &dyn SharedSchemas) -> Result<Self> {
        let mut faults = Diagnostics::new();
        let file = Dataset::read(name, bytes, &mut faults);
        let Some(file) = file.filter(|_| !faults.has_errors()) else {
            return Err(faults.fail());
        };
        check_marks(&file, file.value(), "", &mut faults);
        let value = bundle::bundle(&file, shared, &mut faults);
        if faults.has_errors() {
            return Err(faults.fail());
        }
        let validator = jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .build(&value)
            .map_err(|error| not_a_schema(&file, &error))?;
        Ok(Self { value, validator })
    }

    /// The schema itself.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Checks a dataset and tells what its strings mean and its parts are. Faults
    /// in parts that could not be read are left out: the reader has told them.
    pub fn check(&self, dataset: &Dataset, faults: &mut Diagnostics) -> Reading {
        let evaluation = self.validator.evaluate(dataset.value());
        if !evaluation.is_valid() {
            for error in self.validator.iter_errors(dataset.value()) {
                faults.extend(schema_fault::translate(&error, dataset, &self.value));
            }
        }
        let mut reading = Reading::default();
        collect(evaluation.root(), &mut reading);
        reading.meanings.retain(|pointer, meaning| fits(*meaning, dataset, pointer));
        self.check_pointers(dataset, &reading.meanings, faults);
        reading
    }

    /// The lists of a dataset whose items have keys: those marked as figures, and
    /// those with our keyword `"x-huikan-key"`, a JSON pointer from the item.
    pub fn list_keys(&self, dataset: &Dataset) -> ListKeys {
        let evaluation = self.validator.evaluate(dataset.value());
        let mut keys = ListKeys::new();
        visit(&evaluation.root(), &mut |pointer, annotations| {
            let key = list_key(annotations, mark_of(annotations).as_ref());
            keys.extend(key.map(|key| (pointer.to_string(), key)));
        });
        keys
    }

    /// What becomes of a dataset's values in next time's.
    pub fn renewals(&self, dataset: &Dataset) -> Renewals {
        let evaluation = self.validator.evaluate(dataset.value());
        let mut renewals = Renewals::new();
        visit(&evaluation.root(), &mut |pointer, annotations| {
            let word = annotations.get("x-huikan-new").cloned();
            let renewal = word.and_then(|word| serde_json::from_value(word).ok());
            renewals.extend(renewal.map(|renewal| (pointer.to_string(), renewal)));
        });
        renewals
    }

    fn check_pointers(
        &self,
        dataset: &Dataset,
        meanings: &Meanings,
        faults: &mut Diagnostics,
    ) {
        for pointer in with_meaning(meanings, Meaning::Pointer) {
            let Some(target) = dataset.value().pointer(pointer).and_then(Value::as_str)
            else {
                continue;
            };
            if dataset.node(target).is_none() {
                faults.push(
                    Diagnostic::error(
                        "data/dangling-pointer",
                        text!(
                            "`{target}` 在数据里没有对应的内容",
                            "`{target}` points at nothing in the dataset"
                        ),
                    )
                    .at(dataset.place(pointer))
                    .hint(text!(
                        "写成 `/highlights/0/sections/1/body` 这样的 JSON 指针，序号从 0 起",
                        "write a JSON pointer such as `/highlights/0/sections/1/body`, counted from 0"
                    )),
                );
            }
        }
    }
}

/// The pointers that have one meaning.
pub fn with_meaning(
    meanings: &Meanings,
    wanted: Meaning,
) -> impl Iterator<Item = &String> {
    meanings
        .iter()
        .filter(move |(_, meaning)| **meaning == wanted)
        .map(|(pointer, _)| pointer)
}

/// Whether the value is of the type that the meaning is about; a wrong type has
/// been reported already.
fn fits(meaning: Meaning, dataset: &Dataset, pointer: &str) -> bool {
    match dataset.value().pointer(pointer) {
        Some(Value::String(_)) => true,
        Some(Value::Number(_)) => meaning == Meaning::Figure,
        _ => false,
    }
}

/// Gathers what annotations say, those of failed parts too: a wrong date elsewhere
/// must not hide a missing image.
fn collect(unit: OutputUnit<'_>, reading: &mut Reading) {
    visit(&unit, &mut |pointer, annotations| {
        if let Some(meaning) = meaning_of(annotations) {
            reading.meanings.insert(pointer.to_string(), meaning);
        }
        let mark = mark_of(annotations);
        if let Some(key) = list_key(annotations, mark.as_ref()) {
            reading.keys.insert(pointer.to_string(), key);
        }
        if let Some(mark) = mark {
            reading.marks.insert(pointer.to_string(), mark);
        }
    });
}

/// The mark of a part, if its annotations have one. What is no mark was found out
/// when the schema was compiled.
fn mark_of(annotations: &Value) -> Option<Mark> {
    let mark = annotations.get("x-huikan").filter(|mark| mark.is_object())?;
    Mark::read(mark).ok()
}

/// What a schema's annotations say of a list's key.
fn list_key(annotations: &Value, mark: Option<&Mark>) -> Option<ListKey> {
    if let Some(key) = annotations.get("x-huikan-key").and_then(Value::as_str) {
        return Some(ListKey { key: key.into(), history: None });
    }
    match mark? {
        Mark::Figures(rules) => Some(ListKey {
            key: rules.key.clone()?,
            history: rules.last.clone().map(|last| (rules.value.clone(), last)),
        }),
        _ => None,
    }
}

/// Goes over all annotations, those of failed parts too, each with its pointer.
fn visit(unit: &OutputUnit<'_>, found: &mut dyn FnMut(&str, &Value)) {
    let annotations = [unit.annotations(), unit.dropped_annotations()];
    for annotations in annotations.into_iter().flatten() {
        found(unit.instance_location().as_str(), annotations.value());
    }
    for child in unit.children() {
        visit(&child, found);
    }
}

/// Tells which marks of a schema cannot be read.
pub(super) fn check_marks(
    file: &Dataset,
    value: &Value,
    pointer: &str,
    faults: &mut Diagnostics,
) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let at = pointer_join(pointer, key);
                if key != "x-huikan" || !field.is_object() {
                    check_marks(file, field, &at, faults);
                } else if let Err(reason) = Mark::read(field) {
                    faults.push(not_a_mark(file, &at, &reason));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_marks(
                    file,
                    item,
                    &pointer_join(pointer, &index.to_string()),
                    faults,
                );
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn not_a_mark(file: &Dataset, pointer: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "template/mark",
        text!(
            "`x-huikan` 的写法不对（{reason}）",
            "`x-huikan` cannot be read ({reason})"
        ),
    )
    .at(file.key_place(pointer))
    .hint(text!("写法见 docs/schema.md", "docs/schema.md tells how marks are written"))
}

fn meaning_of(annotations: &Value) -> Option<Meaning> {
    let is = |key: &str, value: &str| annotations.get(key).is_some_and(|v| v == value);
    if is("contentMediaType", "text/markdown") || annotations == "text/markdown" {
        Some(Meaning::RichText)
    } else if is("x-huikan", "image") {
        Some(Meaning::Image)
    } else if is("x-huikan", "pointer") {
        Some(Meaning::Pointer)
    } else if is("x-huikan", "figure") {
        Some(Meaning::Figure)
    } else if is("x-huikan", "date") {
        Some(Meaning::Date)
    } else {
        None
    }
}

fn not_a_schema(file: &Dataset, error: &jsonschema::ValidationError) -> Diagnostic {
    let reason = error.to_string();
    Diagnostic::error(
        "template/schema",
        text!("不是合格的 JSON Schema（{reason}）", "not a valid JSON Schema ({reason})"),
    )
    .at(file.place(error.instance_path().as_str()))
}
