//! Marks: what a schema says of whole parts of a dataset.
//!
//! `"x-huikan"` as a word tells what a string is (see [`super::schema`]); as an
//! object it tells what an array or object is: a [`roster`], [`figures`], one of
//! the [`charts`] of them, an [`agenda`], a hall with its [`seating`]. A mark names fields by JSON pointers,
//! so that no field name is known to the engine.

use serde::Deserialize;
use serde_json::Value;

use super::json::{pointer_join, pointer_tokens};
use super::{Dataset, agenda, changes, charts, figures, roster, seating};
use crate::diag::Diagnostic;
use crate::text;

/// The key of what resolving adds to an object. Typst and Jinja can both write
/// `row._auto.note`.
pub const RESERVED: &str = "_auto";

/// A part of a dataset that is more than its shape.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// An array of people in an order that is to be found.
    Roster(roster::Rules),
    /// An object or array of figures that texts refer to.
    Figures(figures::Rules),
    /// An array of days with sessions and items.
    Agenda(agenda::Rules),
    /// A chart of figures.
    Chart(charts::Rules),
    /// A hall with seats.
    Hall(seating::Rules),
    /// What is new since the edition before.
    Changes(changes::Rules),
}

impl Mark {
    /// Reads what `"x-huikan"` says.
    ///
    /// # Errors
    /// What is wrong with it, in the deserialiser's words.
    pub fn read(written: &Value) -> Result<Self, String> {
        serde_json::from_value(written.clone()).map_err(|error| error.to_string())
    }
}

/// Where a mark finds something in the dataset: `/order` from the root, or
/// `1/order` from the marked value, one level up (Relative JSON Pointer). A `*`
/// stands for every item.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Reference {
    /// How many levels up; from the root if none.
    up: Option<usize>,
    /// The pointer from there.
    path: String,
}

impl TryFrom<String> for Reference {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let digits = written.len() - written.trim_start_matches(char::is_numeric).len();
        let (up, path) = written.split_at(digits);
        let up = match up {
            "" => None,
            up => Some(up.parse().map_err(|_| format!("`{written}` is no pointer"))?),
        };
        match path.is_empty() || path.starts_with('/') {
            true => Ok(Self { up, path: path.into() }),
            false => {
                Err(format!("`{written}` is no pointer: write `/field` or `1/field`"))
            }
        }
    }
}

impl Reference {
    /// The pointers that it means from the marked value at `base`, of those that
    /// lead somewhere in `root`.
    pub fn pointers(&self, root: &Value, base: &str) -> Vec<String> {
        let start = match self.up {
            None => "",
            Some(up) => ancestor(base, up),
        };
        let mut found = vec![start.to_string()];
        for token in pointer_tokens(&self.path) {
            found = found.iter().flat_map(|at| step(root, at, &token)).collect();
        }
        found.retain(|pointer| root.pointer(pointer).is_some());
        found
    }

    /// The one pointer that it means, if it leads somewhere.
    pub fn pointer(&self, root: &Value, base: &str) -> Option<String> {
        self.pointers(root, base).into_iter().next()
    }
}

fn ancestor(pointer: &str, levels: usize) -> &str {
    (0..levels).fold(pointer, |at, _| at.rsplit_once('/').map_or("", |(up, _)| up))
}

fn step(root: &Value, at: &str, token: &str) -> Vec<String> {
    match (token, root.pointer(at)) {
        ("*", Some(Value::Array(items))) => {
            (0..items.len()).map(|index| format!("{at}/{index}")).collect()
        }
        ("*", Some(Value::Object(fields))) => {
            fields.keys().map(|key| pointer_join(at, key)).collect()
        }
        _ => vec![pointer_join(at, token)],
    }
}

/// The fault of an object at `pointer` that has the reserved key already.
pub(super) fn reserved(dataset: &Dataset, pointer: &str) -> Diagnostic {
    Diagnostic::error(
        "data/reserved-field",
        text!(
            "字段 `{RESERVED}` 留给程序用，数据里不能写",
            "the field `{RESERVED}` is reserved: a dataset cannot have it"
        ),
    )
    .at(dataset.key_place(&pointer_join(pointer, RESERVED)))
}

/// The text at a pointer of a value, without white space around it; nothing if
/// there is none.
pub(super) fn text_at<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    let text = value.pointer(pointer)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pointers(reference: &str, base: &str) -> Vec<String> {
        let root = json!({"order": "given", "teams": [{"m": [1, 2]}, {"m": []}]});
        Reference::try_from(reference.to_string())
            .expect("a reference")
            .pointers(&root, base)
    }

    #[test]
    fn references_start_at_the_root_or_at_the_mark() {
        assert_eq!(pointers("/order", "/teams/0/m"), ["/order"]);
        assert_eq!(pointers("1/m", "/teams/1/x"), ["/teams/1/m"]);
        assert_eq!(pointers("/teams/*/m", ""), ["/teams/0/m", "/teams/1/m"]);
        assert_eq!(pointers("/nothing", ""), [""; 0]);
        assert!(Reference::try_from("order".to_string()).is_err());
    }
}
