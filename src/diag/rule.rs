//! Rules of `huikan check`: what each finds, why, and how its findings weigh.

use serde::Deserialize;

use super::{Diagnostic, Severity, Text};

/// Words that a rule says of itself, in each language of the product.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct Words {
    /// 简体中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// The words in one language.
    pub fn get(&self, lang: super::Lang) -> &'static str {
        match lang {
            super::Lang::Zh => self.zh,
            super::Lang::En => self.en,
        }
    }
}

/// How much the findings of a rule matter.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// They are not told.
    Allow,
    /// They are told, and outputs are written.
    Warn,
    /// They keep outputs from being written.
    Deny,
}

/// What can be done about the findings of a rule by machine.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Remedy {
    /// `--fix` and `import` mend them: no meaning can change.
    Safe,
    /// Somebody has to decide.
    None,
}

/// A rule: its findings are [`Diagnostic`]s with its id as code.
#[derive(Debug, Eq, PartialEq)]
pub struct Rule {
    /// The stable id, `area/what`, for example `punct/half-width`.
    pub id: &'static str,
    /// How its findings weigh unless the project says otherwise.
    pub level: Level,
    /// What can be done about them by machine.
    pub remedy: Remedy,
    /// What it finds, as a sentence without its full stop.
    pub what: Words,
    /// Why that is a fault.
    pub why: Words,
    /// Where that is written down: a standard with its clause, or a custom of print.
    pub source: &'static str,
    /// A text, or a dataset's part in words, with the fault.
    pub wrong: &'static str,
    /// The same without it.
    pub right: &'static str,
}

/// Whether a rule's id is meant by a pattern: the id itself, `area/*`, or `*`.
pub fn means(pattern: &str, id: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) if start.is_empty() || start.ends_with('/') => id.starts_with(start),
        _ => pattern == id,
    }
}

impl Rule {
    /// A finding of the rule, weighing as the rule does by default.
    pub fn finding(&self, message: Text) -> Diagnostic {
        let severity = match self.level {
            Level::Deny => Severity::Error,
            Level::Allow | Level::Warn => Severity::Warning,
        };
        Diagnostic { severity, ..Diagnostic::warning(self.id, message) }
    }
}
