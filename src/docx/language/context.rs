//! The dataset as values that templates see.
//!
//! This is the one place where data becomes values. Every string is its own
//! `Arc<str>`, so that a printed value can be recognised by its address.

use std::sync::Arc;

use minijinja::Value;
use serde_json::{Map, Value as Json};

use super::rich::RichText;
use super::typed;

/// A dataset as a value.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => numeric(number),
        Json::String(text) => Value::from(Arc::<str>::from(text.as_str())),
        Json::Array(items) => items.iter().map(value).collect(),
        Json::Object(fields) => typed(json, fields).unwrap_or_else(|| {
            let pairs = fields.iter();
            Value::from_pairs(pairs.map(|(key, field)| (key.as_str(), value(field))))
        }),
    }
}

/// An object that says its type as that type, or nothing.
pub(crate) fn typed(json: &Json, fields: &Map<String, Json>) -> Option<Value> {
    match RichText::read(json) {
        Some(rich) => Some(Value::from_object(rich)),
        None => typed::read(fields),
    }
}

fn numeric(number: &serde_json::Number) -> Value {
    if let Some(integer) = number.as_i64() {
        Value::from(integer)
    } else if let Some(integer) = number.as_u64() {
        Value::from(integer)
    } else {
        Value::from(number.as_f64().unwrap_or(f64::NAN))
    }
}

/// The fields of a dataset's root; a dataset that is no object has none.
pub(crate) fn root(json: &Json) -> Value {
    let fields = json.as_object().into_iter().flatten();
    Value::from_pairs(fields.map(|(key, field)| (key.as_str(), value(field))))
}
