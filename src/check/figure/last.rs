//! What an edition says of the one before, against what that one said itself.

use serde_json::Value;

use super::Subject;
use super::source::written;
use crate::data::Dataset;
use crate::data::decimal::Decimal;
use crate::data::figures::Rules;
use crate::data::json::pointer_join;
use crate::data::mark::Mark;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `上届 9家` where the last edition says 8家.
pub(super) static RULE: Rule = Rule {
    id: "figure/last",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "这一届写的“上届”数字，和上一届数据里的数字不一样",
        en: "a number of the last term that is not what the edition before said",
    },
    why: Words {
        zh: "两届的册子放在一起，数就对不上了",
        en: "put side by side, the booklets of two terms contradict each other",
    },
    source: "custom of yearly reports",
    wrong: "本届 {\"last\": 9}，而上一届的数据里是 8",
    right: "本届 {\"last\": 8}",
};

pub(super) fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(previous) = subject.previous.filter(|_| subject.asks(&RULE)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (pointer, mark) in &subject.reading.marks {
        let Mark::Figures(rules) = mark else { continue };
        let Some(last) = &rules.last else { continue };
        let before = set(previous, pointer, rules);
        for (name, at) in set(subject.dataset, pointer, rules) {
            let earlier = before.iter().find(|(known, _)| *known == name);
            let earlier = earlier.map(|(_, at)| at);
            found.extend(earlier.and_then(|earlier| {
                tell(subject, previous, (&at, last), (earlier, rules))
            }));
        }
    }
    found
}

/// The figures of a set by name, with their pointers.
fn set(dataset: &Dataset, pointer: &str, rules: &Rules) -> Vec<(String, String)> {
    match dataset.value().pointer(pointer) {
        Some(Value::Array(items)) => {
            let named = (0..items.len()).filter_map(|index| {
                let at = format!("{pointer}/{index}");
                let key = rules.key.as_ref().or(rules.label.as_ref())?;
                Some((written(dataset, &format!("{at}{key}"))?, at))
            });
            named.collect()
        }
        Some(Value::Object(fields)) => {
            fields.keys().map(|key| (key.clone(), pointer_join(pointer, key))).collect()
        }
        _ => Vec::new(),
    }
}

fn tell(
    subject: &Subject<'_>,
    previous: &Dataset,
    (at, last): (&str, &str),
    (earlier, rules): (&str, &Rules),
) -> Option<Diagnostic> {
    let unit = |dataset: &Dataset, at: &str| {
        let unit = rules.unit.as_ref()?;
        written(dataset, &format!("{at}{unit}"))
    };
    if unit(subject.dataset, at) != unit(previous, earlier) {
        return None;
    }
    let place = format!("{at}{last}");
    // A figure that is inherited whole is not of this term.
    if subject.dataset.file(&place) != 0 {
        return None;
    }
    let said = written(subject.dataset, &place)?;
    let was = written(previous, &format!("{earlier}{}", rules.value))?;
    if Decimal::read(&said)?.equals(Decimal::read(&was)?) {
        return None;
    }
    let file = previous.source().name();
    let message = text!(
        "上届的数写成{said}，而 {file} 里是{was}",
        "the number of the last term is {said} here, and {was} in {file}"
    );
    Some(RULE.finding(message).at(subject.dataset.place(&place)))
}
