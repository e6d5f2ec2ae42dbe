//! What is new since the edition before, for a page of the document.
//!
//! An object that a schema marks with `"x-huikan": {"changes": {}}` gets, under `_auto`:
//! `figures`, rows of a table with what is counted, the number of the edition before,
//! that of this one, and the difference; and `people`, for each list where somebody
//! came or left its `title` and a `text` that names them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::compare::{Comparison, FigureChange, PersonChange};
use super::mark::{Mark, RESERVED, text_at};
use super::schema::Marks;
use super::{Dataset, mark};
use crate::diag::{Diagnostic, Diagnostics};
use crate::text;

/// What a mark says of changes: nothing more.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {}

/// Puts what is new into the object at `pointer`; `comparison` is nothing if there is
/// no edition before.
pub fn resolve(
    dataset: &Dataset,
    pointer: &str,
    comparison: Option<&Comparison>,
    marks: &Marks,
    value: &mut Value,
    faults: &mut Diagnostics,
) {
    if dataset.value().pointer(pointer).is_some_and(|part| part.get(RESERVED).is_some()) {
        faults.push(mark::reserved(dataset, pointer));
    }
    let Some(comparison) = comparison else {
        faults.push(nothing_before(dataset, pointer));
        return;
    };
    let figures: Vec<Value> = comparison.figures.iter().map(figure_row).collect();
    let people = people_lines(&comparison.people, dataset, marks);
    if let Some(Value::Object(fields)) = value.pointer_mut(pointer) {
        let found = json!({ "figures": figures, "people": people });
        fields.insert(RESERVED.into(), found);
    }
}

fn figure_row(change: &FigureChange) -> Value {
    let FigureChange { key, label, old, new, change, .. } = change;
    let name = if label.is_empty() { key } else { label };
    let shown = |number: &Option<String>| number.clone().unwrap_or_else(|| "—".into());
    let difference = change.clone().unwrap_or_default().replace('-', "−");
    json!([name, shown(old), shown(new), difference])
}

/// Who came and who left, a line for each list.
fn people_lines(
    changes: &[PersonChange],
    dataset: &Dataset,
    marks: &Marks,
) -> Vec<Value> {
    let mut lists: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    for PersonChange { list, name, old, new } in changes {
        let [came, left] = lists.entry(list).or_default();
        match (old, new) {
            (None, Some(_)) => came.push(name),
            (Some(_), None) => left.push(name),
            _ => {}
        }
    }
    let mut lines = Vec::new();
    for (list, [came, left]) in lists {
        let said = [("新增", came), ("不再列入", left)].map(|(word, names)| {
            let count = names.len();
            (count > 0).then(|| format!("{word}{count}人：{}", names.join("、")))
        });
        let said: Vec<String> = said.into_iter().flatten().collect();
        if !said.is_empty() {
            let mut line = Map::new();
            line.insert("title".into(), title_of(list, dataset, marks).into());
            line.insert("text".into(), format!("{}。", said.join("；")).into());
            lines.push(line.into());
        }
    }
    lines
}

/// The title of the nearest part around a list that has one.
fn title_of(list: &str, dataset: &Dataset, marks: &Marks) -> String {
    let named = marks.iter().find_map(|(pointer, mark)| match mark {
        Mark::Roster(rules) if rules.people.as_deref() == Some(list) => Some(pointer),
        _ => None,
    });
    let mut at = named.map_or(list, String::as_str);
    while let Some((parent, _)) = at.rsplit_once('/') {
        at = parent;
        let part = dataset.value().pointer(at);
        if let Some(title) = part.and_then(|part| text_at(part, "/title")) {
            return title.to_string();
        }
    }
    String::new()
}

fn nothing_before(dataset: &Dataset, pointer: &str) -> Diagnostic {
    Diagnostic::warning(
        "data/no-previous",
        text!(
            "没有上一届可以比较，这一部分不印",
            "there is no edition before to compare with: this part is not printed"
        ),
    )
    .at(dataset.place(pointer))
    .hint(text!(
        "在数据里写 `\"extends\": \"2023.json\"` 或 `\"previous\": \"2023.json\"`",
        "write `\"extends\": \"2023.json\"` or `\"previous\": \"2023.json\"` in the dataset"
    ))
}
