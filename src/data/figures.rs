//! Figures: numbers that are stated once and referred to anywhere.
//!
//! An object or array that a schema marks with `"x-huikan": {"figures": {…}}` is a
//! set of figures, known by its own field's name. Any text of the dataset may
//! refer to them: `{figures.stations}` is printed as `12家`. The grammar:
//!
//! ```text
//! reference = "{" set "." figure [":" form] "}"
//! form      = "value" | "unit" | "label"        a part of it
//!           | "cn" | "cn-value" | "money"       in Chinese characters
//!           | "last" | "target"                 the earlier number, with its unit
//!           | change ["%" ["." places]]         against the earlier number
//!           | "of-" ("last" | "target")         a hundred times the ratio, in %
//! change    = ("+" | "by-" | "diff-") ("last" | "target")
//!                                       signed, in words, or its size alone
//! ```
//!
//! `{{figures.stations}}` is printed as `{figures.stations}`; all other braces
//! stay as they are.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::json::{pointer_join, pointer_tokens};
use super::mark::{RESERVED, reserved, text_at};
use super::schema::{Meaning, Meanings};
use super::{Dataset, figure::Figure};
use crate::diag::{Diagnostic, Diagnostics, SLIP, Text, nearest};
use crate::text;

/// What a mark says of a set of figures. Fields are named by JSON pointers from
/// the figure.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// Where a figure has its number.
    pub value: String,
    /// Where it has its unit.
    pub unit: Option<String>,
    /// Where it has what it counts.
    pub label: Option<String>,
    /// Where it has the number of the last term.
    pub last: Option<String>,
    /// Where it has the number that was aimed at.
    pub target: Option<String>,
    /// Where a figure has its name, in an array.
    pub key: Option<String>,
    /// Where it has its numbers over time.
    pub history: Option<History>,
    /// Where it says whether it is one of those that are shown large.
    pub headline: Option<String>,
}

/// Where a figure has its numbers over time: a list, and in each of its items when
/// and how many.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct History {
    /// Where the list is.
    pub at: String,
    /// Where an item says when.
    pub label: String,
    /// Where it says how many.
    pub value: String,
}

/// The sets of a dataset, by name, each with its figures by name.
type Sets = BTreeMap<String, BTreeMap<String, Figure>>;

/// How alike the name of a set and a slip of it are: braces in ordinary text
/// must not be taken for references.
const LIKE_A_SET: f64 = 0.9;

/// Puts numbers in the place of references, in all texts but those of figures,
/// paths and pointers. Each figure gets, under `_auto`, the forms that it has.
pub fn resolve(
    dataset: &Dataset,
    marked: &[(String, &Rules)],
    meanings: &Meanings,
    value: &mut Value,
    faults: &mut Diagnostics,
) {
    let mut sets = Sets::new();
    for (pointer, rules) in marked {
        let name = pointer_tokens(pointer).last().unwrap_or_default();
        let figures = collect(dataset, pointer, rules, value, faults);
        sets.entry(name).or_default().extend(figures);
    }
    if sets.is_empty() {
        return;
    }
    let own: Vec<&str> = marked.iter().map(|(pointer, _)| pointer.as_str()).collect();
    Replacer { dataset, sets, own, meanings, faults }.visit(value, "");
}

/// The figures of a set with their names, in the dataset's order.
pub(super) fn named(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
) -> Vec<(String, Figure)> {
    let fields: Vec<String> = match dataset.value().pointer(pointer) {
        Some(Value::Object(fields)) => fields.keys().cloned().collect(),
        Some(Value::Array(items)) => (0..items.len()).map(|i| i.to_string()).collect(),
        _ => Vec::new(),
    };
    let figure = |field: String| {
        let at = pointer_join(pointer, &field);
        let figure = Figure::read(dataset, &at, rules)?;
        let key = rules.key.as_deref();
        let key =
            key.and_then(|key| dataset.value().pointer(&format!("{at}{key}"))?.as_str());
        Some((key.map_or(field, str::to_string), figure))
    };
    fields.into_iter().filter_map(figure).collect()
}

/// The figures of a set, by name; in the dataset's tree each gets its forms.
fn collect(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
    value: &mut Value,
    faults: &mut Diagnostics,
) -> BTreeMap<String, Figure> {
    let mut found = BTreeMap::new();
    let Some(set) = value.pointer_mut(pointer) else { return found };
    let headlines = Headlines::of(set, rules);
    let fields: Vec<(String, &mut Value)> = match set {
        Value::Object(fields) => fields.iter_mut().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => {
            items.iter_mut().enumerate().map(|(i, item)| (i.to_string(), item)).collect()
        }
        _ => return found,
    };
    for (field, item) in fields {
        let at = pointer_join(pointer, &field);
        let Some(figure) = Figure::read(dataset, &at, rules) else { continue };
        if item.get(RESERVED).is_some() {
            faults.push(reserved(dataset, &at));
        }
        let key = rules.key.as_deref().and_then(|key| item.pointer(key)?.as_str());
        let key = key.map_or(field, str::to_string);
        let said = rules.headline.as_deref().and_then(|at| item.pointer(at)?.as_bool());
        if let Value::Object(fields) = item {
            let mut forms: Map<String, Value> = figure.forms();
            forms.insert("headline".into(), headlines.has(said).into());
            fields.insert(RESERVED.into(), forms.into());
        }
        found.insert(key, figure);
    }
    found
}

/// The figures of a set as the dataset has them, by name, in order.
pub(super) fn list(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
) -> Vec<(String, Figure)> {
    let keys: Vec<(String, Option<&str>)> = match dataset.value().pointer(pointer) {
        Some(Value::Object(fields)) => fields.keys().map(|k| (k.clone(), None)).collect(),
        Some(Value::Array(items)) => {
            let named = |item| text_at(item, rules.key.as_deref()?);
            let items = items.iter().enumerate();
            items.map(|(index, item)| (index.to_string(), named(item))).collect()
        }
        _ => Vec::new(),
    };
    let read = |(field, key): (String, Option<&str>)| {
        let figure = Figure::read(dataset, &pointer_join(pointer, &field), rules)?;
        Some((key.map_or(field, str::to_string), figure))
    };
    keys.into_iter().filter_map(read).collect()
}

/// Which figures of a set are shown large.
#[derive(Debug, Copy, Clone)]
enum Headlines {
    /// Those that say so.
    Named,
    /// All but those that say no.
    Others,
}

impl Headlines {
    /// As soon as one figure says so, it goes by that.
    fn of(set: &Value, rules: &Rules) -> Self {
        let items: Vec<&Value> = match set {
            Value::Object(fields) => fields.values().collect(),
            Value::Array(items) => items.iter().collect(),
            _ => Vec::new(),
        };
        let says_so = |item: &&Value| {
            let said = rules.headline.as_deref().and_then(|at| item.pointer(at));
            said == Some(&Value::Bool(true))
        };
        match items.iter().any(says_so) {
            true => Self::Named,
            false => Self::Others,
        }
    }

    fn has(self, said: Option<bool>) -> bool {
        said.unwrap_or(matches!(self, Self::Others))
    }
}

/// Goes over a dataset's texts.
struct Replacer<'a> {
    dataset: &'a Dataset,
    sets: Sets,
    /// The pointers of the sets themselves.
    own: Vec<&'a str>,
    meanings: &'a Meanings,
    faults: &'a mut Diagnostics,
}

impl Replacer<'_> {
    fn visit(&mut self, value: &mut Value, pointer: &str) {
        match value {
            Value::String(words) if words.contains('{') => {
                let meaning = self.meanings.get(pointer);
                if !matches!(meaning, Some(Meaning::Image | Meaning::Pointer)) {
                    let rich = meaning == Some(&Meaning::RichText);
                    *words = self.replace(words, pointer, rich);
                }
            }
            Value::Array(items) if !self.own.contains(&pointer) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.visit(item, &pointer_join(pointer, &index.to_string()));
                }
            }
            Value::Object(fields) if !self.own.contains(&pointer) => {
                for (key, field) in fields.iter_mut() {
                    self.visit(field, &pointer_join(pointer, key));
                }
            }
            _ => {}
        }
    }

    fn replace(&mut self, words: &str, pointer: &str, rich: bool) -> String {
        let mut out = String::with_capacity(words.len());
        let mut rest = words;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let start = words.len() - rest.len() + open;
            rest = &rest[open..];
            let escaped = rest.starts_with("{{");
            let from = if escaped { &rest[1..] } else { rest };
            let Some(reference) = self.reference(from) else {
                out.push('{');
                rest = &rest[1..];
                continue;
            };
            let end = reference.len();
            if escaped {
                out.push_str(reference);
                rest = from[end..].strip_prefix('}').unwrap_or(&from[end..]);
                continue;
            }
            match self.print(reference) {
                Ok(printed) if rich => out.push_str(&as_markdown(&printed)),
                Ok(printed) => out.push_str(&printed),
                Err(fault) => {
                    let place = self.dataset.place_inside(pointer, &(start..start + end));
                    self.faults.push(fault.at(place));
                    out.push_str(reference);
                }
            }
            rest = &from[end..];
        }
        out + rest
    }

    /// The reference that a text begins with, its braces included. What begins
    /// like one and does not end is one, too.
    fn reference<'t>(&self, text: &'t str) -> Option<&'t str> {
        let inner = text.strip_prefix('{')?;
        let (set, _) = inner.split_once('.')?;
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let known = self.sets.contains_key(set)
            || (set.is_ascii()
                && set.chars().all(is_word)
                && nearest(set, self.sets.keys().map(String::as_str), LIKE_A_SET)
                    .is_some());
        let end = inner.find(['{', '}', '\n', '"']).unwrap_or(inner.len());
        let closed = inner[end..].starts_with('}');
        known.then(|| &text[..1 + end + usize::from(closed)])
    }

    /// What a reference is printed as.
    fn print(&self, reference: &str) -> Result<String, Diagnostic> {
        let inner = reference.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let inner = inner.ok_or_else(unclosed)?;
        let (path, form) = match inner.split_once([':', '：']) {
            Some((path, form)) => (path, Some(form.trim())),
            None => (inner, None),
        };
        let (set, key) = path.split_once('.').unwrap_or((path, ""));
        let key = key.trim();
        let names = self.sets.keys().map(String::as_str);
        let figures = self.sets.get(set).ok_or_else(|| {
            let message = text!("没有 `{set}` 这组数字", "no set of figures `{set}`");
            with_names(message, set, names, &|near| format!("{{{near}.{key}}}"))
        })?;
        let names = figures.keys().map(String::as_str);
        let whole = |near: &str| format!("{{{set}.{near}}}");
        let figure = figures.get(key).ok_or_else(|| unknown(key, names, &whole))?;
        figure.print(form)
    }
}

/// A text that Markdown prints as it is.
fn as_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '%' | '/' | ':') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn unclosed() -> Diagnostic {
    Diagnostic::error(
        "data/figure-reference",
        text!("数字引用没有用 `}}` 收住", "the reference to a figure has no `}}`"),
    )
    .hint(text!(
        "写成 `{{figures.stations}}`；要照原样印花括号，写 `{{{{figures.stations}}}}`",
        "write `{{figures.stations}}`; to print the braces, `{{{{figures.stations}}}}`"
    ))
}

/// The fault of a figure that is not there.
pub(super) fn unknown<'n>(
    key: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    whole: &dyn Fn(&str) -> String,
) -> Diagnostic {
    let message = text!("没有 `{key}` 这个数字", "no figure `{key}`");
    with_names(message, key, known, whole)
}

/// The fault of a name that is none, with the near one or all.
fn with_names<'n>(
    message: Text,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    whole: &dyn Fn(&str) -> String,
) -> Diagnostic {
    let fault = Diagnostic::error("data/unknown-figure", message);
    if let Some(near) = nearest(name, known.clone(), SLIP) {
        let near = whole(near);
        return fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?"));
    }
    let list: Vec<String> = known.take(12).map(|name| format!("`{name}`")).collect();
    let (zh, en) = (list.join("、"), list.join(", "));
    match list.is_empty() {
        true => fault.hint(text!("数据里还没有数字", "the dataset has no figures")),
        false => fault.hint(text!("现有：{zh}", "there are: {en}")),
    }
}
