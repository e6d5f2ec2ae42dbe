//! Texts that count people otherwise than the rosters.

use std::collections::BTreeMap;

use serde_json::Value;

use super::quantity::{Quantity, clause_start, text_at};
use super::{Counted, Subject};
use crate::data::mark::Mark;
use crate::data::roster::Rules;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `应到代表180名` beside a roster of 179.
pub(super) static RULE: Rule = Rule {
    id: "figure/roster-count",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "文中说的人数和名单上的人数不一样",
        en: "a text that counts people otherwise than the roster has them",
    },
    why: Words {
        zh: "名单增减了人，文件里的人数没有跟着改",
        en: "somebody was added to or taken from the roster, and the papers still say the old number",
    },
    source: "custom of congress papers (代表资格审查报告)",
    wrong: "应到代表180名，而名单上有179人",
    right: "应到代表179名",
};

/// How many people are called by a word.
pub(super) fn find(
    subject: &Subject<'_>,
    counted: &[Counted<'_, '_>],
) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let totals = totals(subject);
    let mut found = Vec::new();
    for one in counted {
        for quantity in one.quantities.iter().filter(|q| q.unit == "人" && !q.about) {
            for (called, total) in &totals {
                found.extend(tell(subject, one, quantity, called, *total));
            }
        }
    }
    found
}

/// The rosters that say what their people are called, with how many there are.
fn totals(subject: &Subject<'_>) -> BTreeMap<String, usize> {
    let mut totals = BTreeMap::new();
    for (pointer, mark) in &subject.reading.marks {
        let Mark::Roster(rules) = mark else { continue };
        let rows = subject.dataset.value().pointer(pointer).and_then(Value::as_array);
        for called in called(subject, pointer, rules) {
            *totals.entry(called).or_insert(0) += rows.map_or(0, Vec::len);
        }
    }
    totals.retain(|_, total| *total > 0);
    totals
}

fn called(subject: &Subject<'_>, pointer: &str, rules: &Rules) -> Vec<String> {
    let value = subject.dataset.value();
    let said = rules.called_from.as_ref().and_then(|from| from.pointer(value, pointer));
    let said = said.and_then(|at| value.pointer(&at)?.as_str());
    let own = said.map(|words| words.split(['（', '(']).next().unwrap_or_default());
    let own = own.map(|words| words.trim().trim_end_matches("名单").to_string());
    let own = own.filter(|words| words.chars().count() >= 2);
    rules.called.iter().cloned().chain(own).collect()
}

/// Verbs after which all of them are counted.
const ALL: &[&str] = &[
    "应到",
    "应选",
    "实选",
    "共有",
    "共",
    "总数",
    "选举产生",
    "选出",
    "产生",
    "正式",
    "全体",
    "设",
];

fn tell(
    subject: &Subject<'_>,
    one: &Counted<'_, '_>,
    quantity: &Quantity,
    called: &str,
    total: usize,
) -> Option<Diagnostic> {
    let letters = &one.passage.letters;
    let total_words = total.to_string();
    let same = quantity.value.to_string() == total_words;
    let length = called.chars().count();
    let start = clause_start(letters, quantity.first);
    let word = |from: usize, to: usize| -> String {
        letters.get(from..to).unwrap_or_default().iter().map(|letter| letter.c).collect()
    };
    let before = word(start, quantity.first);
    let after = quantity.last + 1;
    let ends_after =
        |at: usize| letters.get(at).is_none_or(|l| "，。；、：！？）\n".contains(l.c));
    // 应到代表180名
    let named = before.trim_end_matches(['共', '有', '计', '为']).strip_suffix(called);
    let of_all = named.is_some_and(|lead| {
        lead.is_empty() && ends_after(after)
            || ALL.iter().any(|verb| lead.ends_with(verb))
    });
    // 共180名代表
    let follows = text_at(letters, after, called)
        && letters.get(after + length).is_none_or(|l| !"团大会证组".contains(l.c));
    let behind = follows && ends_after(after + length);
    let all_behind = follows
        && ["共", "共有", "全体", "应到", "总共", "由"]
            .iter()
            .any(|verb| before.ends_with(verb));
    let more = behind
        || named.is_some_and(|lead| {
            ["到会", "出席", "实到", "参加"].iter().any(|v| lead.contains(v))
        });
    let exceeds = quantity.value.float() > total as f64;
    if same || !(of_all || all_behind || more && exceeds) {
        return None;
    }
    let said = quantity.words(&one.passage);
    let message = text!(
        "这里说{called}{said}，名单上有{total_words}人",
        "`{called}` are counted as {said} here, and the rosters have {total_words}"
    );
    let finding = one.finding(subject, &RULE, (quantity.first, quantity.last), message);
    Some(finding.hint(text!(
        "核对名单，或改这里的人数",
        "look through the roster, or change the number here"
    )))
}
