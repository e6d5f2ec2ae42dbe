//! The dataset's figures against its texts.

use serde_json::Value;

use super::quantity::{Quantity, quantities, text_at};
use super::{Counted, Subject};
use crate::data::Dataset;
use crate::data::figures::Rules;
use crate::data::json::pointer_join;
use crate::data::mark::Mark;
use crate::data::prose::{Role, passages};
use crate::data::schema::Meaning;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// A figure that the text it points at does not have.
pub(super) static RULE: Rule = Rule {
    id: "figure/source",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "关键数字和它指明出处的那段文字不一致",
        en: "a figure that the text it names as its source does not have",
    },
    why: Words {
        zh: "同一个数在两处印出来不一样",
        en: "one number would be printed in two ways",
    },
    source: "custom of print: one number, one source",
    wrong: "数字 46项，出处写“合作落地45项”",
    right: "数字 46项，出处写“合作落地46项”",
};

/// A text that has another number behind the label of a figure.
pub(super) static LABEL: Rule = Rule {
    id: "figure/label",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "文中在关键数字的名目后面写了另一个数",
        en: "a text that has another number behind the name of a figure",
    },
    why: RULE.why,
    source: RULE.source,
    wrong: "数字“科普教育基地”38个，文中“科普教育基地36个”",
    right: "文中写“科普教育基地{figures.bases}”，或同样的数",
};

/// A figure as a text would have it.
struct Figure {
    pointer: String,
    words: String,
    quantity: Quantity,
    label: String,
    source: Option<String>,
}

pub(super) fn find(
    subject: &Subject<'_>,
    counted: &[Counted<'_, '_>],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for figure in figures(subject) {
        match &figure.source {
            Some(source) if subject.asks(&RULE) => {
                found.extend(against_source(subject, &figure, source, counted));
            }
            Some(_) => {}
            None if subject.asks(&LABEL) => {
                found.extend(
                    counted.iter().flat_map(|one| labelled(subject, &figure, one)),
                );
            }
            None => {}
        }
    }
    found
}

fn figures(subject: &Subject<'_>) -> Vec<Figure> {
    let marks = subject.reading.marks.iter();
    let sets = marks.filter_map(|(pointer, mark)| match mark {
        Mark::Figures(rules) => Some((pointer, rules)),
        _ => None,
    });
    let mut found = Vec::new();
    for (set, rules) in sets {
        let members: Vec<String> = match subject.dataset.value().pointer(set) {
            Some(Value::Array(items)) => {
                (0..items.len()).map(|index| format!("{set}/{index}")).collect()
            }
            Some(Value::Object(fields)) => {
                fields.keys().map(|key| pointer_join(set, key)).collect()
            }
            _ => Vec::new(),
        };
        found.extend(members.iter().filter_map(|at| figure(subject, at, rules)));
    }
    found
}

fn figure(subject: &Subject<'_>, at: &str, rules: &Rules) -> Option<Figure> {
    let dataset = subject.dataset;
    let written = |field: &str| written(dataset, &format!("{at}{field}"));
    let unit = rules.unit.as_deref().and_then(written).unwrap_or_default();
    let words = format!("{}{unit}", written(&rules.value)?);
    let passage = passages(&words, false, Role::Phrase);
    let mut read = quantities(passage.first()?).into_iter();
    let quantity = read.next()?;
    let source =
        dataset.value().pointer(at)?.as_object()?.iter().find_map(|(key, value)| {
            let pointer = pointer_join(at, key);
            let is_pointer =
                subject.reading.meanings.get(&pointer) == Some(&Meaning::Pointer);
            is_pointer.then(|| value.as_str().map(str::to_string)).flatten()
        });
    Some(Figure {
        pointer: format!("{at}{}", rules.value),
        label: rules.label.as_deref().and_then(written).unwrap_or_default(),
        words,
        quantity,
        source,
    })
}

/// A value as its author wrote it.
pub(super) fn written(dataset: &Dataset, pointer: &str) -> Option<String> {
    match dataset.value().pointer(pointer)? {
        Value::String(words) => Some(words.clone()),
        Value::Number(_) => dataset.written(pointer).map(str::to_string),
        _ => None,
    }
}

fn against_source(
    subject: &Subject<'_>,
    figure: &Figure,
    source: &str,
    counted: &[Counted<'_, '_>],
) -> Option<Diagnostic> {
    let text = subject.dataset.value().pointer(source)?.as_str()?;
    // A reference to a figure is printed as that figure.
    if text.contains("{figures") {
        return None;
    }
    let there: Vec<(&Counted<'_, '_>, &Quantity)> = counted
        .iter()
        .filter(|one| one.text.pointer == source)
        .flat_map(|one| one.quantities.iter().map(move |quantity| (one, quantity)))
        .collect();
    let same_unit = |q: &Quantity| q.unit == figure.quantity.unit;
    if there.iter().any(|(_, q)| same_unit(q) && q.value.equals(figure.quantity.value)) {
        return None;
    }
    let words = &figure.words;
    let message = text!(
        "出处 `{source}` 的文字里没有{words}",
        "the text at `{source}`, its source, does not have {words}"
    );
    let finding = RULE.finding(message).at(subject.dataset.place(&figure.pointer));
    let near = there.iter().filter(|(_, q)| same_unit(q)).min_by(|(_, a), (_, b)| {
        let far = |q: &Quantity| (q.value.float() - figure.quantity.value.float()).abs();
        far(a).total_cmp(&far(b))
    });
    Some(match near {
        Some((one, near)) => {
            let said = near.words(&one.passage);
            finding.hint(text!("那里写的是{said}", "it says {said}"))
        }
        None => finding,
    })
}

/// How many letters may stand between a label and its number.
const NEAR: usize = 6;

/// Words of a clause by which it does not tell of now.
const OTHER_TIMES: &[&str] =
    &["上届", "上年", "去年", "前年", "目标", "计划", "力争", "到20", "比"];

fn labelled(
    subject: &Subject<'_>,
    figure: &Figure,
    one: &Counted<'_, '_>,
) -> Vec<Diagnostic> {
    let length = figure.label.chars().count();
    if length < 4 || one.text.pointer == figure.pointer {
        return Vec::new();
    }
    let letters = &one.passage.letters;
    let mut found = Vec::new();
    for quantity in one.quantities.iter().filter(|q| q.unit == figure.quantity.unit) {
        let from = quantity.first.saturating_sub(length + NEAR);
        let start = super::quantity::clause_start(letters, quantity.first);
        let at = (from.max(start)..quantity.first)
            .find(|at| text_at(letters, *at, &figure.label));
        let Some(at) = at else { continue };
        let clause: String = letters[start..at].iter().map(|letter| letter.c).collect();
        let dated = OTHER_TIMES.iter().any(|word| clause.contains(word))
            || clause.chars().any(|c| c.is_ascii_digit());
        if dated || quantity.about || quantity.agrees(&figure.quantity) {
            continue;
        }
        let (label, words) = (&figure.label, &figure.words);
        let said = quantity.words(&one.passage);
        let message = text!(
            "这里说{label}{said}，关键数字里是{words}",
            "{label} is {said} here, and {words} among the figures"
        );
        let finding =
            one.finding(subject, &LABEL, (quantity.first, quantity.last), message);
        let at = &figure.pointer;
        found.push(finding.hint(text!(
            "数在 `{at}`；文中写成引用，就不会不一致",
            "the figure is at `{at}`; a reference to it in the text cannot differ"
        )));
    }
    found
}
