//! What is doubtful in a dataset that was imported: it is told, and left as it is.

use std::collections::BTreeMap;

use crate::check::{catalogue, text};
use crate::data::Dataset;
use crate::data::schema::Reading;
use crate::diag::{self, Diagnostic, MOST_ALIKE, Result, Severity};
use crate::project::Project;

/// The doubts of a dataset, which are what `check` finds in its texts, as they weigh in a project, each with its place in it. None of
/// them keeps the dataset from being written.
///
/// # Errors
/// A list of words that cannot be read.
pub(super) fn find(
    project: &Project,
    dataset: &Dataset,
    reading: &Reading,
    edition: &str,
) -> Result<Vec<Diagnostic>> {
    let policy = &project.manifest().policy;
    let terms = project.terms()?;
    let subject =
        text::Subject { dataset, reading, previous: None, policy, terms: &terms };
    let weighed = text::findings(&subject).into_iter().filter_map(|finding| {
        catalogue::weighed(policy, finding, edition, Some(dataset))
    });
    let warn = |finding| Diagnostic { severity: Severity::Warning, ..finding };
    Ok(fewer(weighed.map(warn).collect()))
}

/// Not more of one kind than anybody reads.
fn fewer(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for finding in found {
        let count = counts.entry(finding.code.to_string()).or_default();
        *count += 1;
        if *count <= MOST_ALIKE {
            kept.push(finding);
        }
    }
    let left = counts.into_iter().filter_map(|(code, count)| {
        let left = diag::more(code, count)?;
        Some(Diagnostic { severity: Severity::Warning, ..left })
    });
    kept.extend(left);
    kept
}
