//! What is doubtful in a dataset that was imported: it is told, and left as it is.

use std::collections::BTreeMap;

use crate::check::{catalogue, text};
use crate::data::Dataset;
use crate::data::schema::Reading;
use crate::diag::{self, Diagnostic, MOST_ALIKE, Result, Severity};
use crate::project::Project;
use crate::project::terms::Terms;

/// Finds doubts of one kind in the texts of a dataset.
type Finder = fn(&text::Subject<'_>) -> Vec<Diagnostic>;

/// All kinds of doubts: what `check` finds without laying anything out.
const FINDERS: [Finder; 1] = [text::findings];

/// The doubts of a dataset as they weigh in a project, each with its place in it. None of
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
    let terms = terms(project)?;
    let subject =
        text::Subject { dataset, reading, previous: None, policy, terms: &terms };
    let found = FINDERS.iter().flat_map(|finder| finder(&subject));
    let weighed = found.filter_map(|finding| {
        let is_rule = catalogue::find(&finding.code).is_some();
        policy.weigh(finding, is_rule, edition, Some(dataset))
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

/// The words that a project uses.
fn terms(project: &Project) -> Result<Terms> {
    match &project.manifest().policy.terms {
        Some(file) => {
            Terms::load(&project.root().join(file), &file.display().to_string())
        }
        None => Ok(Terms::default()),
    }
}
