//! `[check]` of `huikan.toml`: how the findings of rules weigh in a project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::globs::Globs;
use crate::data::Dataset;
use crate::data::allowance::Allowance;
use crate::diag::rule::means;
use crate::diag::{Diagnostic, Level, Place, Severity};

/// How findings weigh.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The levels that the project gives, by rule or `area/*`.
    pub levels: BTreeMap<String, Level>,
    /// Single findings that are meant so.
    pub exceptions: Vec<Exception>,
    /// The list of words, relative to the project.
    pub terms: Option<PathBuf>,
    /// Whether `build` looks for findings in texts, too.
    pub on_build: bool,
    /// The rules that are named anywhere, and where: to be told if there is no such one.
    pub named: Vec<(String, Place)>,
}

/// Findings that are meant so, by place or words.
#[derive(Debug, Clone)]
pub struct Exception {
    /// The rules: ids, or `area/*`.
    pub rules: Vec<String>,
    /// The value, with all that is in it.
    pub at: Option<String>,
    /// The editions.
    pub editions: Globs,
    /// The words that are marked.
    pub words: Option<String>,
}

impl Policy {
    /// The level of a rule, if the project gives one: the longest pattern counts.
    pub fn level(&self, id: &str) -> Option<Level> {
        let named = self.levels.iter().filter(|(pattern, _)| means(pattern, id));
        named.max_by_key(|(pattern, _)| pattern.len()).map(|(_, level)| *level)
    }

    /// All that decides about an output, as one text.
    pub fn key(&self) -> String {
        format!("{:?} {:?} {:?}", self.levels, self.exceptions, self.on_build)
    }

    /// Whether a rule looks for anything, being `by_default` of a level.
    pub fn asks(&self, id: &str, by_default: Level) -> bool {
        self.level(id).unwrap_or(by_default) > Level::Allow
    }

    /// A finding as it weighs here; nothing if it is allowed. Of what is no rule's,
    /// warnings weigh by their codes, and errors are errors.
    pub fn weigh(
        &self,
        mut finding: Diagnostic,
        is_rule: bool,
        edition: &str,
        dataset: Option<&Dataset>,
    ) -> Option<Diagnostic> {
        if finding.is_error() && !is_rule {
            return Some(finding);
        }
        let id = finding.code.as_ref();
        if self.is_meant(&finding, edition) || allows(dataset, &finding) {
            return None;
        }
        match self.level(id) {
            Some(Level::Allow) => return None,
            Some(Level::Warn) => finding.severity = Severity::Warning,
            Some(Level::Deny) => finding.severity = Severity::Error,
            None => {}
        }
        Some(finding)
    }

    fn is_meant(&self, finding: &Diagnostic, edition: &str) -> bool {
        self.exceptions.iter().any(|exception| exception.meets(finding, edition))
    }
}

impl Exception {
    fn meets(&self, finding: &Diagnostic, edition: &str) -> bool {
        let place = finding.place.as_ref();
        let pointer = place.and_then(|place| place.pointer.as_deref());
        let at = self.at.as_ref().is_none_or(|at| {
            let whole = Allowance { at: at.clone(), rule: String::new() };
            pointer.is_some_and(|pointer| whole.covers(pointer))
        });
        let words = self.words.as_ref().is_none_or(|words| {
            let excerpt = place.and_then(|place| place.excerpt.as_ref());
            let marked =
                excerpt.and_then(|excerpt| excerpt.text.get(excerpt.mark.clone()));
            marked.is_some_and(|marked| marked.contains(words.as_str()))
        });
        let rule = self.rules.iter().any(|rule| means(rule, &finding.code));
        let edition = self.editions.is_empty() || self.editions.matches(edition);
        rule && at && words && edition
    }
}

/// Whether a dataset allows a finding itself.
fn allows(dataset: Option<&Dataset>, finding: &Diagnostic) -> bool {
    let pointer = finding.place.as_ref().and_then(|place| place.pointer.as_deref());
    let (Some(dataset), Some(pointer)) = (dataset, pointer) else { return false };
    let allowances = dataset.allowances().iter();
    allowances
        .filter(|own| own.covers(pointer))
        .any(|own| means(&own.rule, &finding.code))
}
