//! What templates say of a dataset that they have laid out: what did not fit.

use std::collections::BTreeSet;

use typst::foundations::{Content, Dict, Label, Selector, Value};
use typst::introspection::Introspector;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use super::table_too_wide;
use crate::diag::{Diagnostic, Text};
use crate::project::Resolved;

/// The label that templates give to what they found (`finding` and `fault` in
/// `/huikan.typ`).
const LABEL: &str = "huikan-finding";

/// What the templates found.
pub fn told(document: &PagedDocument, resolved: &Resolved) -> Vec<Diagnostic> {
    let Some(label) = Label::new(PicoStr::intern(LABEL)) else { return Vec::new() };
    let found = document.introspector().query(&Selector::Label(label));
    let found: Vec<Dict> = found.iter().filter_map(fields).collect();
    // Layout may find the same more than once.
    let codes: BTreeSet<(String, String)> = found
        .iter()
        .filter_map(|fields| Some((words(fields, "code")?, words(fields, "at")?)))
        .collect();
    let coded = codes.into_iter().filter_map(|(code, at)| match code.as_str() {
        "table-too-wide" => Some(table_too_wide::told(resolved.dataset.place(&at))),
        _ => None,
    });
    let mut told: Vec<Diagnostic> = coded.collect();
    for fields in &found {
        let own = worded(fields, resolved);
        told.extend(own.filter(|own| !told.contains(own)));
    }
    told
}

fn fields(content: &Content) -> Option<Dict> {
    match content.field_by_name("value").ok()? {
        Value::Dict(fields) => Some(fields),
        _ => None,
    }
}

fn words(fields: &Dict, name: &str) -> Option<String> {
    fields.get(name).ok()?.clone().cast().ok()
}

/// A finding whose words are the template's own.
fn worded(fields: &Dict, resolved: &Resolved) -> Option<Diagnostic> {
    let both = |value: &Value| match value {
        Value::Dict(both) => {
            Some(Text { zh: words(both, "zh")?, en: words(both, "en")? })
        }
        _ => None,
    };
    let message = both(fields.get("message").ok()?)?;
    let mut told = match words(fields, "severity").as_deref() {
        Some("warning") => Diagnostic::warning("template/fault", message),
        _ => Diagnostic::error("template/fault", message),
    };
    told.place = words(fields, "at").map(|at| resolved.dataset.place(&at));
    if let Ok(Value::Array(hints)) = fields.get("hints") {
        told.hints.extend(hints.iter().filter_map(both));
    }
    Some(told)
}
