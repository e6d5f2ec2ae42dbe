//! Where in a dataset characters stand.

use serde_json::Value;

use crate::diag::{Diagnostic, Place};
use crate::project::Resolved;
use crate::project::finder::each_string;
use crate::text;

/// A place of a character, and whose it is if it stands in somebody's entry.
pub(super) struct Spot {
    pub(super) place: Place,
    pub(super) person: Option<String>,
}

/// All strings of what is printed that have a character, each at its first one.
pub(super) fn of(c: char, resolved: &Resolved) -> Vec<Spot> {
    let dataset = &resolved.dataset;
    let at = resolved.at.as_str();
    let mut spots = Vec::new();
    let Some(printed) = dataset.value().pointer(at) else { return spots };
    each_string(printed, at, &mut |pointer, words| {
        if let Some(first) = words.find(c) {
            let range = first..first + c.len_utf8();
            let place = dataset.place_inside(pointer, &range);
            spots.push(Spot { place, person: person(dataset.value(), pointer) });
        }
    });
    spots
}

/// The name of the entry that a string stands in: of a person of a roster.
fn person(whole: &Value, pointer: &str) -> Option<String> {
    let (parent, _) = pointer.rsplit_once('/')?;
    let entry = whole.pointer(parent)?.as_object()?;
    let name = ["name", "姓名"].iter().find_map(|key| entry.get(*key)?.as_str())?;
    Some(name.to_owned())
}

/// A finding at each place of a character; one without a place if it is the template's.
pub(super) fn told(
    c: char,
    resolved: &Resolved,
    finding: &Diagnostic,
) -> Vec<Diagnostic> {
    let spots = of(c, resolved);
    if spots.is_empty() {
        return vec![finding.clone()];
    }
    let at = |Spot { place, person }| {
        let finding = finding.clone().at(place);
        match person {
            Some(name) => {
                finding.note(text!("在“{name}”这一条里", "in the entry of `{name}`"))
            }
            None => finding,
        }
    };
    spots.into_iter().map(at).collect()
}
