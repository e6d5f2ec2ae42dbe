//! What the rules about passages find.

use super::subject::Subject;
use super::written::Written;
use crate::data::prose::{self, Role, Slip, passages};
use crate::diag::Diagnostic;

/// The slips of a text.
pub(super) fn told(subject: &Subject<'_>, text: &Written<'_>) -> Vec<Diagnostic> {
    let slips = slips(text.text, text.markdown, text.role);
    let asked = slips.iter().filter(|slip| subject.asks(slip.rule));
    asked.map(|slip| finding(subject, text, slip)).collect()
}

/// Texts do not change often between two looks at a dataset.
#[comemo::memoize]
fn slips(text: &str, markdown: bool, role: Role) -> Vec<Slip> {
    passages(text, markdown, role).iter().flat_map(prose::slips).collect()
}

/// A slip as it is told.
pub(in crate::check) fn finding(
    subject: &Subject<'_>,
    text: &Written<'_>,
    slip: &Slip,
) -> Diagnostic {
    let finding = slip.rule.finding(slip.message.clone());
    let finding = finding.at(subject.place(text, &slip.range));
    match &slip.hint {
        Some(hint) => finding.hint(hint.clone()),
        None => finding,
    }
}
