//! How many findings of a rule are told.

use crate::diag::{Diagnostic, MOST_ALIKE, Rule, more};

/// The first [`MOST_ALIKE`] findings of a rule, and how many more there are.
pub fn at_most(rule: &Rule, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let rest = more(rule.id, findings.len());
    findings.truncate(MOST_ALIKE);
    let severity = findings.first().map(|finding| finding.severity);
    findings.extend(rest.zip(severity).map(|(rest, severity)| {
        // It weighs as those that it stands for.
        Diagnostic { severity, ..rest }
    }));
    findings
}
