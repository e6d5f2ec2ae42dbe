//! Two editions compared: figures, people, and all other texts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::figure::Figure;
use super::json::pointer_join;
use super::mark::{Mark, text_at};
use super::schema::Reading;
use super::{Dataset, figures, names, roster};

/// What is different between two editions.
#[derive(Debug, Default, Serialize)]
pub struct Comparison {
    /// Figures with another number, new ones and those that are gone.
    pub figures: Vec<FigureChange>,
    /// People who came, left, or are described otherwise.
    pub people: Vec<PersonChange>,
    /// All other values.
    pub texts: Vec<TextChange>,
}

impl Comparison {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty() && self.people.is_empty() && self.texts.is_empty()
    }
}

/// A figure that is not the same.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
pub struct FigureChange {
    /// Its name.
    pub key: String,
    /// What it counts.
    pub label: String,
    /// Its number with the unit in the old edition, if it was there.
    pub old: Option<String>,
    /// Its number with the unit in the new edition, if it is there.
    pub new: Option<String>,
    /// The difference with its sign and unit, if both are numbers of one unit.
    pub change: Option<String>,
    /// The same in percent of the old number.
    pub percent: Option<String>,
}

/// Somebody on a list who was not, or the other way round, or in another place.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
pub struct PersonChange {
    /// The list: what rosters of the same people are called, else the pointer.
    pub list: String,
    /// The name; of namesakes with what tells them apart.
    pub name: String,
    /// What was said of them; nothing if they were not there.
    pub old: Option<String>,
    /// What is said of them now; nothing if they are not there.
    pub new: Option<String>,
}

/// A value that is not the same.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
pub struct TextChange {
    /// Where it is: in the new edition, or in the old one if it is gone.
    pub pointer: String,
    /// What was there; of long texts the paragraphs that changed.
    pub old: Option<String>,
    /// What is there now, in the same way.
    pub new: Option<String>,
}

/// An edition as it is compared.
#[derive(Debug, Copy, Clone)]
pub struct Side<'a> {
    /// Its whole dataset.
    pub dataset: &'a Dataset,
    /// What its schema says of it.
    pub reading: &'a Reading,
}

/// Compares two editions.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Comparison {
    let mut comparison = Comparison {
        figures: figure_changes(&figures_of(old), &figures_of(new)),
        people: person_changes(&people_of(old), &people_of(new)),
        texts: Vec::new(),
    };
    let mut texts = Texts { old, new, found: &mut comparison.texts };
    texts.visit(Some(old.dataset.value()), Some(new.dataset.value()), "", "");
    comparison
}

type Figures = Vec<(String, Figure)>;

fn figures_of(side: Side<'_>) -> Figures {
    let sets = side.reading.marks.iter().filter_map(|(pointer, mark)| match mark {
        Mark::Figures(rules) => Some(figures::list(side.dataset, pointer, rules)),
        _ => None,
    });
    sets.flatten().collect()
}

fn figure_changes(old: &Figures, new: &Figures) -> Vec<FigureChange> {
    let find =
        |list: &'_ Figures, key: &str| list.iter().position(|(known, _)| known == key);
    let mut changes = Vec::new();
    for (key, figure) in new {
        let before = find(old, key).map(|index| &old[index].1);
        changes.extend(FigureChange::between(key, before, Some(figure)));
    }
    for (key, figure) in old.iter().filter(|(key, _)| find(new, key).is_none()) {
        changes.extend(FigureChange::between(key, Some(figure), None));
    }
    changes
}

impl FigureChange {
    /// What is different; nothing if the figure is the same.
    fn between(key: &str, old: Option<&Figure>, new: Option<&Figure>) -> Option<Self> {
        let shown = |figure: Option<&Figure>| figure?.print(None).ok();
        let (before, after) = (shown(old), shown(new));
        if before == after {
            return None;
        }
        let compared = old.zip(new).and_then(|(old, new)| new.compared_with(old));
        let print = |form| compared.as_ref()?.print(Some(form)).ok();
        let label = new.or(old)?.print(Some("label")).ok()?;
        Some(Self {
            key: key.to_string(),
            label,
            old: before,
            new: after,
            change: print("+last"),
            percent: print("+last%"),
        })
    }
}

/// The people of each list, with what is said of them.
type People = BTreeMap<String, Vec<(String, String)>>;

fn people_of(side: Side<'_>) -> People {
    let mut lists = People::new();
    for (pointer, mark) in &side.reading.marks {
        let Mark::Roster(rules) = mark else { continue };
        let rows = side.dataset.value().pointer(pointer).and_then(Value::as_array);
        let list = rules.people.clone().unwrap_or_else(|| pointer.clone());
        let people = lists.entry(list).or_default();
        people.extend(rows.into_iter().flatten().filter_map(|row| said_of(row, rules)));
    }
    for people in lists.values_mut() {
        tell_apart(people);
    }
    lists
}

/// A person's name and what is said of them.
fn said_of(row: &Value, rules: &roster::Rules) -> Option<(String, String)> {
    let name = names::without_spaces(text_at(row, &rules.name)?);
    let apart = rules.apart.iter().map(String::as_str);
    let fields = apart.chain(rules.rank.as_deref());
    let said: Vec<&str> = fields.filter_map(|field| text_at(row, field)).collect();
    Some((name, said.join("，")))
}

/// Namesakes are named with what is said of them.
fn tell_apart(people: &mut [(String, String)]) {
    let mut times = BTreeMap::<String, usize>::new();
    for (name, _) in people.iter() {
        *times.entry(name.clone()).or_default() += 1;
    }
    for (name, said) in people {
        if times.get(name).is_some_and(|times| *times > 1) {
            *name = format!("{name}（{said}）");
        }
    }
}

fn person_changes(old: &People, new: &People) -> Vec<PersonChange> {
    let nobody = Vec::new();
    let lists: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for list in lists {
        let before = old.get(list).unwrap_or(&nobody);
        let after = new.get(list).unwrap_or(&nobody);
        let said = |people: &[(String, String)], name: &str| {
            people.iter().find(|(known, _)| known == name).map(|(_, said)| said.clone())
        };
        let mut change = |name: &str, old: Option<String>, new: Option<String>| {
            if old != new {
                let (list, name) = (list.clone(), name.to_string());
                changes.push(PersonChange { list, name, old, new });
            }
        };
        for (name, words) in after {
            change(name, said(before, name), Some(words.clone()));
        }
        for (name, words) in before.iter().filter(|(name, _)| said(after, name).is_none())
        {
            change(name, Some(words.clone()), None);
        }
    }
    changes
}

/// Goes over two datasets side by side.
struct Texts<'a> {
    old: Side<'a>,
    new: Side<'a>,
    found: &'a mut Vec<TextChange>,
}

impl Texts<'_> {
    /// Compares two values at their pointers; figures and people have been.
    fn visit(
        &mut self,
        old: Option<&Value>,
        new: Option<&Value>,
        old_at: &str,
        new_at: &str,
    ) {
        let told = |side: Side<'_>, at: &str| {
            matches!(side.reading.marks.get(at), Some(Mark::Figures(_) | Mark::Roster(_)))
        };
        if old == new || told(self.old, old_at) || told(self.new, new_at) {
            return;
        }
        match (old, new) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                for (key, field) in new {
                    let at = [old_at, new_at].map(|at| pointer_join(at, key));
                    self.visit(old.get(key), Some(field), &at[0], &at[1]);
                }
                for (key, field) in old.iter().filter(|(key, _)| !new.contains_key(*key))
                {
                    let at = [old_at, new_at].map(|at| pointer_join(at, key));
                    self.visit(Some(field), None, &at[0], &at[1]);
                }
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) => {
                self.items(old, new, old_at, new_at);
            }
            (old, new) => {
                let pointer = if new.is_some() { new_at } else { old_at };
                let (old, new) = changed_part(old.map(shown), new.map(shown));
                self.found.push(TextChange { pointer: pointer.to_string(), old, new });
            }
        }
    }

    fn items(&mut self, old: &[Value], new: &[Value], old_at: &str, new_at: &str) {
        let key = self.new.reading.keys.get(new_at).or(self.old.reading.keys.get(old_at));
        let key = key.map(|list| list.key.clone());
        let pairs = match key {
            Some(key) => keyed_pairs(old, new, &key),
            None => ordered_pairs(old, new),
        };
        for (before, after) in pairs {
            let at = |base: &str, index: Option<usize>| {
                pointer_join(base, &index.unwrap_or_default().to_string())
            };
            self.visit(
                before.and_then(|index| old.get(index)),
                after.and_then(|index| new.get(index)),
                &at(old_at, before),
                &at(new_at, after),
            );
        }
    }
}

type Pair = (Option<usize>, Option<usize>);

/// The items of one key.
fn keyed_pairs(old: &[Value], new: &[Value], key: &str) -> Vec<Pair> {
    let place = |list: &[Value], item: &Value| {
        let key_of = item.pointer(key)?;
        list.iter().position(|known| known.pointer(key) == Some(key_of))
    };
    let after =
        new.iter().enumerate().map(|(index, item)| (place(old, item), Some(index)));
    let gone = old.iter().enumerate().filter(|(_, item)| place(new, item).is_none());
    after.chain(gone.map(|(index, _)| (Some(index), None))).collect()
}

/// The items that stand in the same place between those that are the same.
fn ordered_pairs(old: &[Value], new: &[Value]) -> Vec<Pair> {
    let texts = |list: &[Value]| list.iter().map(Value::to_string).collect::<Vec<_>>();
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        let (before, after) = (op.old_range(), op.new_range());
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                for offset in 0..before.len().max(after.len()) {
                    let at = |range: &std::ops::Range<usize>| {
                        (offset < range.len()).then(|| range.start + offset)
                    };
                    pairs.push((at(&before), at(&after)));
                }
            }
        }
    }
    pairs
}

/// A value in one text: all texts inside, a line each.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Value::Object(fields) => {
            fields.values().map(shown).collect::<Vec<_>>().join("\n")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Of two texts the paragraphs that are not the same.
fn changed_part(
    old: Option<String>,
    new: Option<String>,
) -> (Option<String>, Option<String>) {
    let (Some(before), Some(after)) = (&old, &new) else { return (old, new) };
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.split('\n').collect(), after.split('\n').collect());
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        if !matches!(op, DiffOp::Equal { .. }) {
            gone.extend_from_slice(&before[op.old_range()]);
            come.extend_from_slice(&after[op.new_range()]);
        }
    }
    (Some(gone.join("\n")), Some(come.join("\n")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::data::schema::Schema;
    use crate::diag::Diagnostics;

    fn schema() -> Schema {
        let schema = json!({ "properties": {
            "figures": { "x-huikan": { "figures": {
                "key": "/key", "value": "/value", "unit": "/unit", "label": "/label"
            } } },
            "people": { "x-huikan": { "roster": { "name": "/name", "apart": ["/unit"] } } },
            "papers": { "x-huikan-key": "/title" }
        } });
        Schema::compile("s.json", schema.to_string().as_bytes(), &()).expect("a schema")
    }

    fn compared(old: &Value, new: &Value) -> Value {
        let schema = schema();
        let mut faults = Diagnostics::new();
        let mut read = |value: &Value| {
            let bytes = value.to_string();
            let dataset = Dataset::read("x.json", bytes.as_bytes(), &mut faults);
            dataset.expect("a dataset")
        };
        let (old, new) = (read(old), read(new));
        let readings = [&old, &new].map(|data| schema.check(data, &mut faults));
        let side = |dataset, reading| Side { dataset, reading };
        let comparison = compare(side(&old, &readings[0]), side(&new, &readings[1]));
        serde_json::to_value(comparison).expect("JSON")
    }

    #[test]
    fn figures_people_and_texts_are_told() {
        let old = json!({
            "figures": [
                { "key": "a", "value": "5", "unit": "家", "label": "站" },
                { "key": "b", "value": 11.2, "unit": "%", "label": "比例" },
                { "key": "c", "value": 1, "label": "旧" }
            ],
            "people": [{ "name": "王 芳", "unit": "医院" }, { "name": "李白" },
                { "name": "张伟", "unit": "甲" }, { "name": "张伟", "unit": "乙" }],
            "papers": [{ "title": "甲", "body": "一\n二\n三" }, { "title": "乙", "body": "x" }],
            "lead": "同", "list": ["p", "q"]
        });
        let new = json!({
            "figures": [
                { "key": "b", "value": 15.6, "unit": "%", "label": "比例" },
                { "key": "a", "value": "12", "unit": "家", "label": "站" },
                { "key": "d", "value": 9, "label": "新" }
            ],
            "people": [{ "name": "王芳", "unit": "学校" }, { "name": "杜甫", "unit": "书院" },
                { "name": "张伟", "unit": "甲" }, { "name": "张伟", "unit": "丙" }],
            "papers": [{ "title": "丙", "body": "y" }, { "title": "甲", "body": "一\n四\n三" }],
            "lead": "同", "list": ["p", "r", "q"]
        });
        let told = compared(&old, &new);
        let figure = |key, label, old, new, change, percent| {
            json!({ "key": key, "label": label, "old": old, "new": new,
                "change": change, "percent": percent })
        };
        let none = None::<&str>;
        assert_eq!(
            told["figures"],
            json!([
                figure(
                    "b",
                    "比例",
                    Some("11.2%"),
                    Some("15.6%"),
                    Some("+4.4个百分点"),
                    Some("+39.3%")
                ),
                figure("a", "站", Some("5家"), Some("12家"), Some("+7家"), Some("+140%")),
                figure("d", "新", none, Some("9"), none, none),
                figure("c", "旧", Some("1"), none, none, none),
            ])
        );
        let person = |name, old, new| json!({ "list": "/people", "name": name, "old": old, "new": new });
        assert_eq!(
            told["people"],
            json!([
                person("王芳", Some("医院"), Some("学校")),
                person("杜甫", none, Some("书院")),
                person("张伟（丙）", none, Some("丙")),
                person("李白", Some(""), none),
                person("张伟（乙）", Some("乙"), none),
            ])
        );
        let text =
            |pointer, old, new| json!({ "pointer": pointer, "old": old, "new": new });
        assert_eq!(
            told["texts"],
            json!([
                text("/papers/0", none, Some("丙\ny")),
                text("/papers/1/body", Some("二"), Some("四")),
                text("/papers/1", Some("乙\nx"), none),
                text("/list/1", none, Some("r")),
            ])
        );
        let same = compared(&old, &old);
        assert_eq!(same, json!({ "figures": [], "people": [], "texts": [] }));
    }
}
