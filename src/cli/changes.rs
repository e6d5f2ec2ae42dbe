//! What an import has changed: for people in groups of one reason, for programs all.

use serde_json::json;

use super::report::Reporter;
use crate::data::import::manuscript::{Change, Confidence};
use crate::diag::{MOST_ALIKE, Text};
use crate::text;

/// Reports changes.
pub(super) fn show(changes: &[Change], reporter: &mut Reporter) {
    for change in changes {
        let mut object = json!({ "kind": "change" });
        if let (Some(object), Ok(serde_json::Value::Object(fields))) =
            (object.as_object_mut(), serde_json::to_value(change))
        {
            object.extend(fields);
        }
        reporter.fact(&object);
    }
    let mut groups: Vec<(&str, &Text, Vec<&Change>)> = Vec::new();
    for change in changes {
        let same = |group: &&mut (&str, &Text, Vec<&Change>)| {
            group.0 == change.code && *group.1 == change.reason
        };
        match groups.iter_mut().find(same) {
            Some((_, _, list)) => list.push(change),
            None => groups.push((change.code, &change.reason, vec![change])),
        }
    }
    for (code, reason, list) in groups {
        let (count, Text { zh, en }) = (list.len(), reason);
        reporter.note(&text!(
            "改动[{code}]：{zh}（{count} 处）",
            "changed[{code}]: {en} ({count})"
        ));
        for change in list.iter().take(MOST_ALIKE) {
            reporter.note(&line(change));
        }
        if let Some(left) = count.checked_sub(MOST_ALIKE).filter(|left| *left > 0) {
            reporter.note(&text!(
                "   还有 {left} 处，用 `--report FILE` 看全部",
                "   and {left} more: `--report FILE` has them all"
            ));
        }
    }
    if !changes.is_empty() {
        reporter.note(&Text::verbatim(""));
    }
}

/// One change on one line.
pub(super) fn line(change: &Change) -> Text {
    let at = change.line;
    let (before, after) = (shown(&change.before), shown(&change.after));
    let words = match (before.is_empty(), after.is_empty()) {
        (false, true) => text!("去掉 {before}", "dropped {before}"),
        (true, false) => text!("加上 {after}", "added {after}"),
        _ if before == after => Text::verbatim(before),
        _ => Text::verbatim(format!("{before} → {after}")),
    };
    let sure = match change.confidence {
        Confidence::High => text!("", ""),
        Confidence::Medium => text!("（多半如此）", " (probable)"),
        Confidence::Low => text!("（请核对）", " (doubtful)"),
    };
    let (zh, en, sure_zh, sure_en) = (words.zh, words.en, sure.zh, sure.en);
    text!("   {at}: {zh}{sure_zh}", "   {at}: {en}{sure_en}")
}

/// Words that fit a line, with line ends shown.
fn shown(words: &str) -> String {
    let flat = words.replace('\n', "⏎");
    let short: String = flat.chars().take(60).collect();
    let safe: String =
        short.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < flat.len() { safe + "…" } else { safe }
}
