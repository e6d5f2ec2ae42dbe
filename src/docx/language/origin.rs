//! Where values come from: JSON pointers (RFC 6901) that travel with them.
//!
//! A text keeps its address through loops, `set`, `default`, `sort` and the like,
//! and what is made of it has another one, so the address tells its pointer.
//! Numbers have no address: they are found by the record or list that they are
//! taken from, which knows its own pointer.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use serde_json::Value as Json;

use super::context;
use super::dotted::Dotted;
use super::rich::RichText;
use super::spread::Spread;
use super::typed::{StyledParagraphs, StyledText};
use crate::data::json::pointer_join;
use crate::data::mark::RESERVED;
use crate::data::roster;

/// The pointers of the texts of a context, by address.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    by_address: HashMap<usize, Arc<str>>,
    /// Where the context's data stand in the dataset.
    base: String,
}

impl Origins {
    /// The context of a dataset, and where its values come from. The addresses
    /// mean something for as long as the context lives. `base` is the pointer of
    /// the data in the dataset, empty if they are the whole.
    pub(crate) fn trace(data: &Json, base: &str) -> (Value, Self) {
        let mut origins = Self { base: base.to_owned(), ..Self::default() };
        let fields = data.as_object().into_iter().flatten();
        let root = Value::from_pairs(fields.map(|(key, field)| {
            (key.as_str(), origins.value(field, &pointer_join(base, key)))
        }));
        (root, origins)
    }

    fn value(&mut self, json: &Json, pointer: &str) -> Value {
        match json {
            Json::String(text) => {
                let shared = Arc::<str>::from(text.as_str());
                if !text.is_empty() {
                    self.note(shared.as_ptr() as usize, pointer);
                }
                Value::from(shared)
            }
            Json::Array(items) => {
                let item = |(index, item): (usize, &Json)| {
                    self.value(item, &pointer_join(pointer, &index.to_string()))
                };
                let items = items.iter().enumerate().map(item).collect();
                Value::from_object(List { pointer: pointer.into(), items })
            }
            Json::Object(fields) => match context::typed(json, fields) {
                Some(typed) => {
                    if let Some(address) = address(&typed) {
                        self.note(address, pointer);
                    }
                    typed
                }
                None => {
                    let pointer = roster::origin(fields).unwrap_or(pointer);
                    let fields = Value::from_pairs(fields.iter().map(|(key, field)| {
                        // What was found out is nobody's text.
                        let field = match key.as_str() {
                            RESERVED => context::value(field),
                            key => self.value(field, &pointer_join(pointer, key)),
                        };
                        (key.as_str(), field)
                    }));
                    Value::from_object(Record { pointer: pointer.into(), fields })
                }
            },
            other => context::value(other),
        }
    }

    fn note(&mut self, address: usize, pointer: &str) {
        self.by_address.insert(address, pointer.into());
    }

    /// Where a text or a typed value comes from; nothing if it was made here.
    pub(crate) fn of(&self, value: &Value) -> Option<Arc<str>> {
        if let Some(spread) = value.downcast_object_ref::<Spread>() {
            return self.of(&spread.source);
        }
        if let Some(dotted) = value.downcast_object_ref::<Dotted>() {
            return self.of(&dotted.source);
        }
        let rich = value.downcast_object_ref::<RichText>();
        if let Some(source) = rich.and_then(|rich| rich.source.as_ref()) {
            return self.of(source);
        }
        self.by_address.get(&address(value)?).cloned()
    }

    /// The pointer of a field of the data's root.
    pub(crate) fn field(&self, name: &str) -> String {
        pointer_join(&self.base, name)
    }
}

/// The address of a text or typed value.
fn address(value: &Value) -> Option<usize> {
    if let Some(text) = value.as_str() {
        return (!value.is_safe()).then_some(text.as_ptr() as usize);
    }
    fn of<T>(object: &T) -> usize {
        std::ptr::from_ref(object) as usize
    }
    value
        .downcast_object_ref::<RichText>()
        .map(of)
        .or_else(|| value.downcast_object_ref::<StyledText>().map(of))
        .or_else(|| value.downcast_object_ref::<StyledParagraphs>().map(of))
}

/// The pointer of an object or array of the data.
pub(crate) fn pointer(value: &Value) -> Option<String> {
    let record = value.downcast_object_ref::<Record>().map(|record| &record.pointer);
    let list = || value.downcast_object_ref::<List>().map(|list| &list.pointer);
    record.or_else(list).map(|pointer| pointer.to_string())
}

/// The pointer of what a key of a value of the data leads to.
pub(crate) fn member(parent: &Value, key: &Value) -> Option<String> {
    if let Some(record) = parent.downcast_object_ref::<Record>() {
        return Some(pointer_join(&record.pointer, key.as_str()?));
    }
    let list = parent.downcast_object_ref::<List>()?;
    let index = i64::try_from(key.clone()).ok()?;
    let length = i64::try_from(list.items.len()).ok()?;
    let index = if index < 0 { index + length } else { index };
    (0..length).contains(&index).then(|| pointer_join(&list.pointer, &index.to_string()))
}

/// An object of the data that knows where it stands.
#[derive(Debug)]
struct Record {
    pointer: Arc<str>,
    /// Its fields, as a map.
    fields: Value,
}

impl Object for Record {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.fields.get_item(key).ok().filter(|field| !field.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let keys = self.fields.try_iter().into_iter().flatten();
        Enumerator::Values(keys.collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        self.fields.len()
    }
}

/// An array of the data that knows where it stands.
#[derive(Debug)]
struct List {
    pointer: Arc<str>,
    items: Vec<Value>,
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.items.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_pointers() {
        let data = serde_json::json!({"a/b": [{"名": "x", "n": 1}, "y"]});
        let (root, origins) = Origins::trace(&data, "");
        let list = root.get_attr("a/b").expect("a list");
        let first = list.get_item(&Value::from(0)).expect("a record");
        let name = first.get_attr("名").expect("a text");
        assert_eq!(origins.of(&name).as_deref(), Some("/a~1b/0/名"));
        assert_eq!(origins.of(&Value::from("x")), None);
        assert_eq!(member(&first, &"n".into()).as_deref(), Some("/a~1b/0/n"));
        assert_eq!(member(&list, &Value::from(-1)).as_deref(), Some("/a~1b/1"));
        assert_eq!(member(&list, &Value::from(2)), None);
    }

    #[test]
    fn rows_that_were_sorted_keep_their_pointers() {
        let data =
            serde_json::json!({"l": [{"name": "x", "n": 1, "_auto": {"at": "/l/7"}}]});
        let (root, origins) = Origins::trace(&data, "");
        let list = root.get_attr("l").expect("a list");
        let row = list.get_item(&Value::from(0)).expect("a record");
        let name = row.get_attr("name").expect("a text");
        assert_eq!(origins.of(&name).as_deref(), Some("/l/7/name"));
        assert_eq!(member(&row, &"n".into()).as_deref(), Some("/l/7/n"));
    }
}
