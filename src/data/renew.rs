//! Next time's dataset, made from this time's.
//!
//! A schema says with our keyword `"x-huikan-new"` what becomes of a value:
//!
//! | word | what happens |
//! |---|---|
//! | `next` | a number counts on; in texts, the number of the session and the year do; days move by as many years. Of an array or object: all texts inside |
//! | `year` | a number moves by as many years |
//! | `empty` | a text is emptied, to be written anew |
//! | `drop` | it is taken out, to be written anew |
//! | `check` | it stays, to be looked at |
//!
//! Of figures with a key, the number becomes that of the last term and is emptied.
//! All else stays.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::calendar::Date;
use super::inherit::{ListKeys, REMOVE};
use super::json::pointer_join;
use super::numerals;

/// What becomes of a value.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Renewal {
    /// Counts on.
    Next,
    /// Moves by the years.
    Year,
    /// Is emptied.
    Empty,
    /// Is taken out.
    Drop,
    /// Stays, and is to be looked at.
    Check,
}

/// The values of a dataset that do not simply stay, by JSON pointer.
pub type Renewals = BTreeMap<String, Renewal>;

/// What somebody has to do with a value.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Task {
    /// Write what is empty or gone.
    Write,
    /// Look at what stayed or counted on.
    Check,
}

/// Next time's dataset.
#[derive(Debug)]
pub struct Renewed {
    /// The whole of it.
    pub value: Value,
    /// What is to be done, by JSON pointer, in the dataset's order.
    pub tasks: Vec<(String, Task)>,
}

/// Makes next time's dataset, so many years later.
pub fn renew(old: &Value, renewals: &Renewals, keys: &ListKeys, years: i32) -> Renewed {
    let turn = Turn::of(old, renewals, years);
    let mut renewing = Renewing { renewals, keys, turn, tasks: Vec::new() };
    let value = renewing.value(old, "").unwrap_or_default();
    Renewed { value, tasks: renewing.tasks }
}

/// What counts on.
#[derive(Debug, Default)]
struct Turn {
    years: i32,
    /// What is written in texts, and what is written instead.
    words: Vec<(String, String)>,
}

impl Turn {
    fn of(old: &Value, renewals: &Renewals, years: i32) -> Self {
        let mut turn = Self { years, words: Vec::new() };
        for (pointer, renewal) in renewals {
            let Some(number) = old.pointer(pointer).and_then(Value::as_i64) else {
                continue;
            };
            match renewal {
                Renewal::Next => turn.session(number),
                Renewal::Year => turn.year(number),
                Renewal::Empty | Renewal::Drop | Renewal::Check => {}
            }
        }
        turn
    }

    fn session(&mut self, number: i64) {
        let (old, new) = (number.to_string(), number.saturating_add(1).to_string());
        let han = numerals::cn(&old).zip(numerals::cn(&new));
        for (old, new) in [Some((old, new)), han].into_iter().flatten() {
            for counted in ["次", "届"] {
                self.words
                    .push((format!("第{old}{counted}"), format!("第{new}{counted}")));
            }
        }
    }

    fn year(&mut self, number: i64) {
        let (old, new) = (number.to_string(), self.later(number).to_string());
        let han = numerals::cn_year(&old).zip(numerals::cn_year(&new));
        self.words.extend(han);
        self.words.push((format!("{old}年"), format!("{new}年")));
    }

    fn later(&self, year: i64) -> i64 {
        year.saturating_add(i64::from(self.years))
    }

    fn text(&self, text: &str) -> String {
        let is_iso = text.len() == 10 && text.split('-').count() == 3;
        if let Some(date) = Date::read(text).filter(|_| is_iso) {
            return date.years_later(self.years).iso();
        }
        // One pass: what was put in is not replaced again.
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            match self.words.iter().find(|(old, _)| rest.starts_with(old.as_str())) {
                Some((old, new)) => {
                    out.push_str(new);
                    rest = &rest[old.len()..];
                }
                None => {
                    out.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        out
    }

    /// The same of all texts in a value.
    fn texts(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(items) => items.iter().map(|item| self.texts(item)).collect(),
            Value::Object(fields) => {
                let field =
                    |(key, field): (&String, &Value)| (key.clone(), self.texts(field));
                Value::Object(fields.iter().map(field).collect())
            }
            other => other.clone(),
        }
    }
}

struct Renewing<'a> {
    renewals: &'a Renewals,
    keys: &'a ListKeys,
    turn: Turn,
    tasks: Vec<(String, Task)>,
}

impl Renewing<'_> {
    fn value(&mut self, old: &Value, pointer: &str) -> Option<Value> {
        let mut task = |task| self.tasks.push((pointer.to_string(), task));
        match self.renewals.get(pointer) {
            Some(Renewal::Drop) => {
                task(Task::Write);
                None
            }
            Some(Renewal::Empty) => {
                task(Task::Write);
                Some(if old.is_array() { Value::Array(Vec::new()) } else { "".into() })
            }
            Some(Renewal::Check) => {
                task(Task::Check);
                Some(old.clone())
            }
            Some(Renewal::Year) => Some(
                old.as_i64().map_or(old.clone(), |year| self.turn.later(year).into()),
            ),
            Some(Renewal::Next) => match old.as_i64() {
                Some(number) => Some(number.saturating_add(1).into()),
                None => {
                    let new = self.turn.texts(old);
                    // A number that counts on is right; a day may fall on a Sunday.
                    if old.as_str().is_none_or(|text| Date::read(text).is_some()) {
                        task(Task::Check);
                    }
                    Some(new)
                }
            },
            None => Some(self.inside(old, pointer)),
        }
    }

    fn inside(&mut self, old: &Value, pointer: &str) -> Value {
        match old {
            Value::Object(fields) => {
                let mut new = Map::new();
                for (key, field) in fields {
                    if let Some(field) = self.value(field, &pointer_join(pointer, key)) {
                        new.insert(key.clone(), field);
                    }
                }
                new.into()
            }
            Value::Array(items) => {
                let history = self.keys.get(pointer).and_then(|key| key.history.clone());
                let mut new = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let at = pointer_join(pointer, &index.to_string());
                    let Some(mut item) = self.value(item, &at) else { continue };
                    if let Some((value, last)) = &history {
                        self.figure(&mut item, value, last, &at);
                    }
                    new.push(item);
                }
                new.into()
            }
            other => other.clone(),
        }
    }

    /// A figure's number becomes that of the last term.
    fn figure(&mut self, item: &mut Value, value: &str, last: &str, pointer: &str) {
        let Some(number) = item.pointer_mut(value).map(Value::take) else { return };
        if let Value::Object(fields) = item {
            fields.insert(value.trim_start_matches('/').into(), "".into());
            fields.insert(last.trim_start_matches('/').into(), number);
        }
        self.tasks.push((format!("{pointer}{value}"), Task::Write));
    }
}

/// What a dataset that inherits from `old` has to say so that it is `new`; nothing
/// if they are the same. `keys` are those of the lists of `old`.
pub fn patch(old: &Value, new: &Value, keys: &ListKeys) -> Option<Value> {
    difference(old, new, keys, "")
}

fn difference(old: &Value, new: &Value, keys: &ListKeys, at: &str) -> Option<Value> {
    match (old, new) {
        _ if old == new => None,
        (Value::Object(old), Value::Object(new)) => {
            let mut patch = Map::new();
            for (key, field) in new {
                let at = pointer_join(at, key);
                let changed = match old.get(key) {
                    Some(known) => difference(known, field, keys, &at),
                    None => Some(field.clone()),
                };
                patch.extend(changed.map(|changed| (key.clone(), changed)));
            }
            for key in old.keys().filter(|key| !new.contains_key(*key)) {
                patch.insert(key.clone(), Value::Null);
            }
            Some(patch.into())
        }
        (Value::Array(old), Value::Array(new)) => match keys.get(at) {
            Some(list) => Some(items(old, new, &list.key, keys, at).into()),
            None => Some(new.clone().into()),
        },
        _ => Some(new.clone()),
    }
}

fn items(
    old: &[Value],
    new: &[Value],
    key: &str,
    keys: &ListKeys,
    at: &str,
) -> Vec<Value> {
    let name = key.trim_start_matches('/');
    let keyed = |item: &Value| item.pointer(key).cloned().unwrap_or_default();
    let named = |item: &Value, mut fields: Map<String, Value>| {
        fields.shift_insert(0, name.into(), keyed(item));
        Value::Object(fields)
    };
    let mut patch = Vec::new();
    for item in new {
        match old.iter().position(|known| keyed(known) == keyed(item)) {
            Some(index) => {
                let at = pointer_join(at, &index.to_string());
                if let Some(Value::Object(fields)) =
                    difference(&old[index], item, keys, &at)
                {
                    patch.push(named(item, fields));
                }
            }
            None => patch.push(item.clone()),
        }
    }
    for item in old {
        if !new.iter().any(|known| keyed(known) == keyed(item)) {
            let removed = Map::from_iter([(REMOVE.to_string(), Value::Bool(true))]);
            patch.push(named(item, removed));
        }
    }
    patch
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::inherit::ListKey;
    use super::*;

    fn keys() -> ListKeys {
        let history = Some(("/value".to_string(), "/last".to_string()));
        ListKeys::from([(
            "/figures".to_string(),
            ListKey { key: "/key".into(), history },
        )])
    }

    fn renewals() -> Renewals {
        use Renewal::{Check, Drop, Empty, Next, Year};
        let all = [
            ("/session", Next),
            ("/year", Year),
            ("/date", Next),
            ("/event", Next),
            ("/days", Next),
            ("/lead", Empty),
            ("/papers", Drop),
            ("/venue", Check),
        ];
        all.map(|(at, renewal)| (at.to_string(), renewal)).into()
    }

    fn old() -> Value {
        json!({
            "session": 9, "year": 2024, "date": "2024-02-29", "venue": "礼堂",
            "event": "第九次代表大会（第9次）2024年、二〇二四年，第十九次",
            "days": [{ "date": "2024-03-01", "title": "2024年3月1日，第九届" }],
            "lead": "五年来", "papers": [1], "kept": { "a": 1 },
            "figures": [{ "key": "a", "value": 12, "unit": "家", "last": 5 }]
        })
    }

    #[test]
    fn numbers_and_days_count_on() {
        let renewed = renew(&old(), &renewals(), &keys(), 5);
        assert_eq!(
            renewed.value,
            json!({
                "session": 10, "year": 2029, "date": "2029-02-28", "venue": "礼堂",
                "event": "第十次代表大会（第10次）2029年、二〇二九年，第十九次",
                "days": [{ "date": "2029-03-01", "title": "2029年3月1日，第十届" }],
                "lead": "", "kept": { "a": 1 },
                "figures": [{ "key": "a", "value": "", "unit": "家", "last": 12 }]
            })
        );
        let tasks: Vec<_> =
            renewed.tasks.iter().map(|(at, task)| (at.as_str(), *task)).collect();
        assert_eq!(
            tasks,
            [
                ("/date", Task::Check),
                ("/venue", Task::Check),
                ("/days", Task::Check),
                ("/lead", Task::Write),
                ("/papers", Task::Write),
                ("/figures/0/value", Task::Write),
            ]
        );
    }

    #[test]
    fn a_patch_says_what_is_new() {
        let renewed = renew(&old(), &renewals(), &keys(), 5).value;
        let patch = patch(&old(), &renewed, &keys()).expect("a difference");
        assert_eq!(patch["figures"], json!([{ "key": "a", "value": "", "last": 12 }]));
        assert_eq!(patch["papers"], Value::Null);
        assert_eq!(patch.get("kept"), None);
        assert_eq!(super::patch(&old(), &old(), &keys()), None);
    }
}
