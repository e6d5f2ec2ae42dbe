//! Inheritance: a dataset says what differs from another one.
//!
//! JSON Merge Patch (RFC 7396): objects are laid over each other member by member,
//! `null` takes a member out, everything else replaces what was there. Beyond the
//! RFC, lists whose items have a key, as the schema says, are laid over each other
//! item by item: an item with a key that is there changes that one, another is put
//! at the end, and one with `"_remove": true` takes it out. Columns of a spreadsheet
//! that name items by their numbers change those.
//!
//! Every value keeps the file and the bytes it stands on, so that a fault in what is
//! inherited is told where it was written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Dataset;
use super::json::{Member, Node, Shape, pointer_join};
use crate::diag::{Diagnostic, Diagnostics};
use crate::text;

/// The member that takes an item out of a list with keys.
pub const REMOVE: &str = "_remove";

/// How the items of a list are told apart.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct ListKey {
    /// Where an item has its key: a JSON pointer from the item.
    pub key: String,
    /// Of figures: where one has its number, and where that of the last term. A new
    /// number moves the inherited one there.
    pub history: Option<(String, String)>,
}

/// The lists of a dataset whose items have keys, by JSON pointer.
pub type ListKeys = BTreeMap<String, ListKey>;

impl Dataset {
    /// This dataset laid over another one. `keys` are those of this dataset's lists.
    ///
    /// Faults: a key that several inherited items have.
    #[must_use]
    pub fn over(
        mut self,
        mut inherited: Self,
        keys: &ListKeys,
        faults: &mut Diagnostics,
    ) -> Self {
        shift(&mut inherited.root, self.sources.len());
        let mut merge = Merge { own: &self, keys, faults };
        let root = merge.node(inherited.root, self.root.clone(), "");
        let value = root.value();
        self.sources.append(&mut inherited.sources);
        Self { root, value, ..self }
    }

    /// Takes a member out of the root object; a string is returned.
    pub fn take_member(&mut self, key: &str) -> Option<Value> {
        let Shape::Object(members) = &mut self.root.shape else { return None };
        let at = members.iter().rposition(|member| member.key == key)?;
        let taken = members.remove(at).node.value();
        if let Value::Object(fields) = &mut self.value {
            fields.shift_remove(key);
        }
        Some(taken)
    }
}

/// Numbers the files of a value anew.
fn shift(node: &mut Node, by: usize) {
    node.file += by;
    match &mut node.shape {
        Shape::Array(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Shape::Object(members) => {
            members.iter_mut().for_each(|member| shift(&mut member.node, by));
        }
        Shape::Leaf(_) | Shape::Broken => {}
    }
}

struct Merge<'a> {
    /// The dataset that is laid over, for places.
    own: &'a Dataset,
    keys: &'a ListKeys,
    faults: &'a mut Diagnostics,
}

impl Merge<'_> {
    /// A value laid over an inherited one. `pointer` is that of the new value in its
    /// own dataset.
    fn node(&mut self, old: Node, new: Node, pointer: &str) -> Node {
        let Node { range, file, shape } = new;
        let shape = match (old.shape, shape) {
            (Shape::Object(old), Shape::Object(new)) => {
                Shape::Object(self.members(old, new, pointer))
            }
            (Shape::Array(old), Shape::Array(new)) => {
                let key = self.keys.get(pointer);
                match (self.own.places.get(pointer), key) {
                    (Some(places), key) => {
                        Shape::Array(self.numbered(old, new, places, key, pointer))
                    }
                    (None, Some(key)) => Shape::Array(self.items(old, new, key, pointer)),
                    (None, None) => Shape::Array(new),
                }
            }
            (_, new) => new,
        };
        Node { range, file, shape }
    }

    fn members(
        &mut self,
        mut old: Vec<Member>,
        new: Vec<Member>,
        pointer: &str,
    ) -> Vec<Member> {
        for member in new {
            let at = pointer_join(pointer, &member.key);
            let place = old.iter().rposition(|known| known.key == member.key);
            match (place, is_null(&member.node)) {
                (Some(place), true) => {
                    old.remove(place);
                }
                (None, true) => {}
                (Some(place), false) => {
                    let known = old.remove(place);
                    let node = self.node(known.node, member.node, &at);
                    old.insert(place, Member { node, ..member });
                }
                (None, false) => old.push(member),
            }
        }
        old
    }

    /// Items that are known by their numbers in the inherited list; those beyond its
    /// end are put there.
    fn numbered(
        &mut self,
        mut old: Vec<Node>,
        new: Vec<Node>,
        places: &[usize],
        list: Option<&ListKey>,
        pointer: &str,
    ) -> Vec<Node> {
        for (index, (item, place)) in new.into_iter().zip(places).enumerate() {
            let at = pointer_join(pointer, &index.to_string());
            match *place < old.len() {
                true => {
                    let known = old.remove(*place);
                    let changed = self.changed(known, item, list, &at);
                    old.insert(*place, changed);
                }
                false => old.push(item),
            }
        }
        old
    }

    /// An item laid over the inherited one; a figure's number moves.
    fn changed(
        &mut self,
        known: Node,
        item: Node,
        list: Option<&ListKey>,
        at: &str,
    ) -> Node {
        let history = list.and_then(|list| list.history.as_ref());
        let number = history.and_then(|(value, last)| {
            let changed = item.get(value).is_some();
            let told = item.get(last).is_some();
            (changed && !told).then(|| known.get(value).cloned()).flatten()
        });
        let mut merged = self.node(known, item, at);
        if let (Some(number), Some((_, last))) = (number, history) {
            put(&mut merged, last, number);
        }
        merged
    }

    fn items(
        &mut self,
        mut old: Vec<Node>,
        new: Vec<Node>,
        list: &ListKey,
        pointer: &str,
    ) -> Vec<Node> {
        for (index, item) in new.into_iter().enumerate() {
            let at = pointer_join(pointer, &index.to_string());
            let key = item.get(&list.key).map(Node::value);
            let is_it = |known: &Node| known.get(&list.key).map(Node::value) == key;
            let mut places = (0..old.len()).filter(|place| is_it(&old[*place]));
            let (place, more) = match key {
                Some(_) => (places.next(), places.next().is_some()),
                None => (None, false),
            };
            if more {
                self.faults.push(self.ambiguous(&at, &list.key));
            }
            let removed = item.get(&pointer_join("", REMOVE)).is_some();
            match (place, removed) {
                (Some(place), true) => {
                    old.remove(place);
                }
                (None, true) => self.faults.push(self.nothing_to_remove(&at)),
                (Some(place), false) => {
                    let known = old.remove(place);
                    let changed = self.changed(known, item, Some(list), &at);
                    old.insert(place, changed);
                }
                (None, false) => old.push(item),
            }
        }
        old
    }

    fn ambiguous(&self, pointer: &str, key: &str) -> Diagnostic {
        Diagnostic::error(
            "data/ambiguous-key",
            text!(
                "继承来的数据里有几项都是这个名字，说不清改的是哪一项",
                "several inherited items have this key, so it cannot be told which one is changed"
            ),
        )
        .at(self.own.place(&format!("{pointer}{key}")))
        .hint(text!("把整个列表写全，或先在原来的数据里把它们分开", "write the whole list, or tell them apart in the dataset that is inherited"))
    }

    fn nothing_to_remove(&self, pointer: &str) -> Diagnostic {
        Diagnostic::error(
            "data/nothing-to-remove",
            text!(
                "继承来的数据里没有这一项，不能去掉",
                "no inherited item has this key, so nothing can be taken out"
            ),
        )
        .at(self.own.place(pointer))
    }
}

fn is_null(node: &Node) -> bool {
    matches!(node.shape, Shape::Leaf(Value::Null))
}

/// Puts a value at a pointer of one token.
fn put(node: &mut Node, pointer: &str, value: Node) {
    let key = pointer.trim_start_matches('/');
    let Shape::Object(members) = &mut node.shape else { return };
    let key_range = value.range.clone();
    members.retain(|member| member.key != key);
    members.push(Member { key: key.into(), key_range, node: value });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn dataset(name: &str, value: &Value) -> Dataset {
        let mut faults = Diagnostics::new();
        let read = Dataset::read(name, value.to_string().as_bytes(), &mut faults);
        read.expect("a dataset")
    }

    fn merged(old: &Value, new: &Value, keys: &ListKeys) -> (Dataset, usize) {
        let mut faults = Diagnostics::new();
        let old = dataset("old.json", old);
        let merged = dataset("new.json", new).over(old, keys, &mut faults);
        (merged, faults.len())
    }

    /// The examples of RFC 7396, appendix A, whose patch is an object.
    #[test]
    fn patches_as_the_rfc_does() {
        let cases = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
        ];
        for (old, new, expected) in cases {
            let (merged, faults) = merged(&old, &new, &ListKeys::new());
            assert_eq!((merged.value(), faults), (&expected, 0), "{old} {new}");
        }
    }

    #[test]
    fn lists_with_keys_are_merged_item_by_item() {
        let figures = |key: &str| ListKey {
            key: key.into(),
            history: Some(("/value".into(), "/last".into())),
        };
        let keys = ListKeys::from([("/f".to_string(), figures("/key"))]);
        let old = json!({"f": [
            {"key": "a", "value": 1, "unit": "家"}, {"key": "b", "value": 2, "last": 1},
            {"key": "c", "value": 3}
        ]});
        let new = json!({"f": [
            {"key": "b", "value": 5}, {"key": "d", "value": 9}, {"key": "a", "_remove": true},
            {"key": "c", "value": 4, "last": 0}
        ]});
        let (merged, faults) = merged(&old, &new, &keys);
        let expected = json!({"f": [
            {"key": "b", "value": 5, "last": 2}, {"key": "c", "value": 4, "last": 0},
            {"key": "d", "value": 9}
        ]});
        assert_eq!((merged.value(), faults), (&expected, 0));
        let files = ["/f/0/value", "/f/0/last", "/f/2/value"].map(|at| merged.file(at));
        assert_eq!(files, [0, 1, 0]);
        assert_eq!(merged.place("/f/0/last").file, "old.json");
        assert_eq!(merged.written("/f/0/last"), Some("2"));
    }

    #[test]
    fn what_cannot_be_told_apart_is_a_fault() {
        let keys = ListKeys::from([(
            "/l".to_string(),
            ListKey { key: "/n".into(), history: None },
        )]);
        let old = json!({"l": [{"n": "x"}, {"n": "x"}]});
        assert_eq!(merged(&old, &json!({"l": [{"n": "x", "a": 1}]}), &keys).1, 1);
        let new = json!({"l": [{"n": "y", "_remove": true}]});
        assert_eq!(merged(&old, &new, &keys).1, 1);
    }
}
