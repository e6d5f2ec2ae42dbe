//! Lists and maps that a template may change: `{% do names.append(x) %}`.
//!
//! Those of the template language never change. In the templates of a document
//! that changes any ([`changes`]), what `{% set %}` and `namespace()` give a name
//! to becomes one of these ([`OWN`]); the data itself stays as it is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use minijinja::value::{
    Enumerator, Kwargs, Object, ObjectRepr, Tuple, ValueKind, ValueOrKwargs, from_args,
};
use minijinja::{Environment, Error, ErrorKind, State, Value, functions};

use super::faults::Explained;
use super::origin;
use crate::text;

/// The filter that makes a value one that a template may change.
pub(crate) const OWN: &str = "__huikan_own";

/// The methods that change a list or map.
const CHANGES: [&str; 10] = [
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "reverse",
    "sort",
    "update",
    "setdefault",
];

/// How deep containers inside containers become changeable.
const DEEPEST: usize = 32;

/// Whether the body of a tag calls a method that changes a list or map.
pub(crate) fn changes(body: &str) -> bool {
    CHANGES.iter().any(|method| {
        body.match_indices(method).any(|(at, _)| {
            body[..at].trim_end().ends_with('.')
                && body[at + method.len()..].trim_start().starts_with('(')
        })
    })
}

/// Whether a method changes a list or map.
pub(crate) fn is_change(method: &str) -> bool {
    CHANGES.contains(&method)
}

/// Gives an environment what makes changeable values.
pub(crate) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter(OWN, |value: Value| own(value, 0));
    environment.add_function("namespace", |fields: Option<ValueOrKwargs>| {
        let fields = fields.map(|fields| {
            let fields = fields.into_value();
            let pairs = pairs(&fields).into_iter();
            Value::from_pairs(pairs.map(|(key, field)| (key, own(field, 0))))
        });
        functions::namespace(fields.map(ValueOrKwargs::from))
    });
}

/// The value with lists and maps that may be changed in place of those that may
/// not. Whatever is more than a list or map stays.
fn own(value: Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return value;
    }
    if value.is_tuple() {
        let items: Vec<Value> =
            items(&value).into_iter().map(|v| own(v, depth + 1)).collect();
        return Value::from(Tuple::from(items));
    }
    let traced = origin::pointer(&value).is_some();
    let is_list = value.downcast_object_ref::<Vec<Value>>().is_some();
    if is_list || (traced && value.kind() == ValueKind::Seq) {
        let items = items(&value).into_iter().map(|v| own(v, depth + 1)).collect();
        return Value::from_object(List(Mutex::new(items)));
    }
    let is_map = value.downcast_object_ref::<IndexMap<Value, Value>>().is_some();
    if is_map || (traced && value.kind() == ValueKind::Map) {
        let fields =
            pairs(&value).into_iter().map(|(k, v)| (k, own(v, depth + 1))).collect();
        return Value::from_object(Map(Mutex::new(fields)));
    }
    value
}

fn items(value: &Value) -> Vec<Value> {
    value.try_iter().into_iter().flatten().collect()
}

fn pairs(value: &Value) -> Vec<(Value, Value)> {
    let keys = items(value).into_iter();
    keys.map(|key| {
        let field = value.get_item(&key).unwrap_or_default();
        (key, field)
    })
    .collect()
}

/// A list that may be changed.
#[derive(Debug)]
struct List(Mutex<Vec<Value>>);

/// A map that may be changed.
#[derive(Debug)]
struct Map(Mutex<IndexMap<Value, Value>>);

impl List {
    fn items(&self) -> MutexGuard<'_, Vec<Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Map {
    fn fields(&self) -> MutexGuard<'_, IndexMap<Value, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.items().get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items().clone())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.items().len())
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "append" | "extend" | "insert" => self.add(method, arguments),
            "pop" | "remove" => self.take(method, arguments),
            "sort" => {
                let (options,): (Kwargs,) = from_args(arguments)?;
                let all = Value::from(self.items().clone());
                let reverse: Option<bool> = options.get("reverse")?;
                options.assert_all_used()?;
                let options: Kwargs = [
                    ("reverse", Value::from(reverse.unwrap_or(false))),
                    // Python sorts by code points.
                    ("case_sensitive", Value::from(true)),
                ]
                .into_iter()
                .collect();
                let sorted = minijinja::filters::sort(state, all, options)?;
                *self.items() = items(&sorted);
                Ok(none())
            }
            "clear" | "reverse" | "copy" => {
                let () = from_args(arguments)?;
                let mut items = self.items();
                match method {
                    "clear" => items.clear(),
                    "reverse" => items.reverse(),
                    _ => return Ok(Value::from_object(Self(Mutex::new(items.clone())))),
                }
                Ok(none())
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

impl List {
    fn add(&self, method: &str, arguments: &[Value]) -> Result<Value, Error> {
        let (at, added): (Option<i64>, Value) = match method {
            "insert" => from_args(arguments)?,
            _ => (None, from_args::<(Value,)>(arguments)?.0),
        };
        if reaches(&added, address(self), 0) {
            return Err(inside_itself());
        }
        let added = own(added, 0);
        if method == "extend" {
            let more: Vec<Value> = added.try_iter()?.collect();
            self.items().extend(more);
            return Ok(none());
        }
        let mut items = self.items();
        let at = at.map_or(items.len(), |at| place(at, items.len()));
        items.insert(at, added);
        Ok(none())
    }

    fn take(&self, method: &str, arguments: &[Value]) -> Result<Value, Error> {
        let mut items = self.items();
        let at = match method {
            "remove" => {
                let (wanted,): (&Value,) = from_args(arguments)?;
                items.iter().position(|item| item == wanted)
            }
            _ => {
                let (at,): (Option<i64>,) = from_args(arguments)?;
                let at = at.unwrap_or(-1);
                let inside = at >= -(items.len() as i64);
                Some(place(at, items.len())).filter(|at| inside && *at < items.len())
            }
        };
        let at = at.ok_or_else(|| absent(method))?;
        let taken = items.remove(at);
        Ok(if method == "pop" { taken } else { none() })
    }
}

/// A place in a list, which may be counted from the end; never outside.
fn place(at: i64, length: usize) -> usize {
    let length = length as i64;
    let at = if at < 0 { at.saturating_add(length) } else { at };
    at.clamp(0, length) as usize
}

impl Object for Map {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.fields().get(key).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.fields().keys().cloned().collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.fields().len())
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "update" => {
                let (others, named): (&[Value], Kwargs) = from_args(arguments)?;
                for other in others {
                    self.put_all(pairs_of(other)?)?;
                }
                let mut fields = Vec::new();
                for name in named.args() {
                    fields.push((Value::from(name), named.get(name)?));
                }
                self.put_all(fields)?;
                Ok(none())
            }
            "setdefault" => {
                let (key, value): (Value, Option<Value>) = from_args(arguments)?;
                if let Some(found) = self.fields().get(&key) {
                    return Ok(found.clone());
                }
                self.put_all(vec![(key.clone(), value.unwrap_or_else(none))])?;
                Ok(self.fields().get(&key).cloned().unwrap_or_default())
            }
            "pop" => {
                let (key, default): (Value, Option<Value>) = from_args(arguments)?;
                let taken = self.fields().shift_remove(&key).or(default);
                taken.ok_or_else(|| absent(method))
            }
            "clear" | "copy" => {
                let () = from_args(arguments)?;
                let mut fields = self.fields();
                if method == "copy" {
                    return Ok(Value::from_object(Self(Mutex::new(fields.clone()))));
                }
                fields.clear();
                Ok(none())
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

impl Map {
    fn put_all(&self, fields: Vec<(Value, Value)>) -> Result<(), Error> {
        for (key, value) in fields {
            if reaches(&value, address(self), 0) {
                return Err(inside_itself());
            }
            let value = own(value, 0);
            self.fields().insert(key, value);
        }
        Ok(())
    }
}

/// The fields of a map, or of a list of pairs.
pub(crate) fn pairs_of(value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    if value.kind() == ValueKind::Map {
        return Ok(pairs(value));
    }
    let pair = |item: Value| Ok((item.get_item_by_index(0)?, item.get_item_by_index(1)?));
    value.try_iter()?.map(pair).collect()
}

/// Whether a container is in a value: then it must not be put into itself.
fn reaches(value: &Value, container: *const (), depth: usize) -> bool {
    let list = value.downcast_object_ref::<List>().map(address);
    let map = value.downcast_object_ref::<Map>().map(address);
    let inside: Vec<Value> = match value.kind() {
        ValueKind::Map => pairs(value).into_iter().map(|(_, field)| field).collect(),
        ValueKind::Seq => items(value),
        _ => return false,
    };
    list.or(map) == Some(container)
        || depth > DEEPEST
        || inside.iter().any(|item| reaches(item, container, depth + 1))
}

/// What tells one container from another.
fn address<T>(container: &T) -> *const () {
    std::ptr::from_ref(container).cast()
}

fn none() -> Value {
    Value::from(())
}

fn inside_itself() -> Error {
    let message =
        text!("列表或字典不能放进它自己里面", "a list or map cannot be put into itself");
    Explained::new("docx/argument", message).into()
}

fn absent(method: &str) -> Error {
    let message = text!(
        "`{method}` 要取的那一项不在列表或字典里",
        "what `{method}` is to take is not in the list or map"
    );
    Explained::new("docx/argument", message).into()
}

/// The error of a change to a list or map that must stay as it is.
pub(crate) fn fixed(method: &str) -> Error {
    let message = text!(
        "`{method}` 只能用于模板自己用 `{{% set %}}` 建立的列表或字典",
        "`{method}` changes only a list or map that the template made with `{{% set %}}`"
    );
    Explained::new("docx/argument", message).into()
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn what_changes() {
        assert!(changes("do names.append(x)"));
        assert!(changes("set x = l . pop ()"));
        assert!(!changes("append(x)"));
        assert!(!changes("x.appended(y) ~ '.append'"));
    }
}
