//! What a dataset allows itself: findings of `huikan check` that are meant so.
//!
//! A member `_allow` of any object names rules, for the whole object or for one of its
//! members: `"_allow": ["punct/*"]`, `"_allow": {"title": "structure/parallel-titles"}`.
//! It is taken out before the schema is asked, and is never printed.

use serde_json::Value;

use super::Dataset;
use super::json::{Node, Shape, pointer_join};
use crate::diag::{Diagnostic, Diagnostics};
use crate::text;

/// The member that allows findings.
pub const ALLOW: &str = "_allow";

/// Rules whose findings are allowed somewhere.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Allowance {
    /// The JSON pointer of the value, with all that is in it.
    pub at: String,
    /// The rule's id, or `area/*`.
    pub rule: String,
}

impl Allowance {
    /// Whether it is about a value.
    pub fn covers(&self, pointer: &str) -> bool {
        let rest = pointer.strip_prefix(self.at.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl Dataset {
    /// Takes all members `_allow` out, and remembers what they say.
    ///
    /// Faults: members that are neither rules nor rules by member.
    pub fn take_allowances(&mut self, faults: &mut Diagnostics) {
        let mark = format!("\"{ALLOW}\"");
        if !self.sources.iter().any(|source| source.text().contains(&mark)) {
            return;
        }
        let mut taken = Vec::new();
        take(&mut self.root, "", &mut taken);
        for (pointer, node) in taken {
            match read(&pointer, &node.value()) {
                Some(allowances) => self.allowances.extend(allowances),
                None => {
                    let place = self.mark(node.file, node.range.clone(), &pointer);
                    faults.push(unreadable().at(place));
                }
            }
        }
        self.value = self.root.value();
    }

    /// What it allows itself.
    pub fn allowances(&self) -> &[Allowance] {
        &self.allowances
    }
}

fn take(node: &mut Node, pointer: &str, taken: &mut Vec<(String, Node)>) {
    match &mut node.shape {
        Shape::Object(members) => {
            let own = members.iter().rposition(|member| member.key == ALLOW);
            if let Some(own) = own {
                taken.push((pointer.to_string(), members.remove(own).node));
            }
            for member in members {
                take(&mut member.node, &pointer_join(pointer, &member.key), taken);
            }
        }
        Shape::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                take(item, &format!("{pointer}/{index}"), taken);
            }
        }
        Shape::Leaf(_) | Shape::Broken => {}
    }
}

fn read(pointer: &str, written: &Value) -> Option<Vec<Allowance>> {
    let mut allowances = Vec::new();
    match written {
        Value::Object(members) => {
            for (key, rules) in members {
                let at = pointer_join(pointer, key);
                for rule in words(rules)? {
                    allowances.push(Allowance { at: at.clone(), rule });
                }
            }
        }
        rules => {
            for rule in words(rules)? {
                allowances.push(Allowance { at: pointer.to_string(), rule });
            }
        }
    }
    Some(allowances)
}

fn words(written: &Value) -> Option<Vec<String>> {
    match written {
        Value::String(rule) => Some(vec![rule.clone()]),
        Value::Array(rules) => {
            rules.iter().map(|rule| rule.as_str().map(str::to_string)).collect()
        }
        _ => None,
    }
}

fn unreadable() -> Diagnostic {
    Diagnostic::error(
        "data/allowance",
        text!("`{ALLOW}` 里应是规则的名字", "`{ALLOW}` must name rules"),
    )
    .hint(text!(
        "写成 `[\"punct/half-width\"]`，或按字段写 `{{\"title\": [\"structure/*\"]}}`",
        "write `[\"punct/half-width\"]`, or `{{\"title\": [\"structure/*\"]}}` for one field"
    ))
}
