//! People of one name: told apart, or found to be one and the same.
//!
//! The rule: after the names of people of one name, and only of those, the field is
//! printed that tells most of them apart, `张伟（县医院）`; of several, the one that
//! a mark names first in `apart`. People whom no field tells apart are reported.

use std::collections::{BTreeMap, BTreeSet};

use super::Dataset;
use super::roster::{Person, Roster};
use crate::diag::{Diagnostic, Diagnostics};
use crate::text;

/// A person by the index of the roster and the index in it.
type Index = (usize, usize);

/// Gives namesakes their labels, and reports those whom nothing tells apart.
pub(super) fn tell_apart(
    dataset: &Dataset,
    rosters: &mut [Roster<'_>],
    faults: &mut Diagnostics,
) {
    for namesakes in namesakes(rosters) {
        let people: Vec<&Person> = namesakes
            .iter()
            .map(|(roster, person)| &rosters[*roster].people[*person])
            .collect();
        let field = distinguishing(&people);
        report_same(dataset, rosters, &namesakes, faults);
        for (roster, person) in namesakes {
            let person = &mut rosters[roster].people[person];
            let shown = field.and_then(|field| person.apart.get(field)?.as_deref());
            if let Some(shown) = shown {
                person.label = format!("{}（{shown}）", person.name);
            }
        }
    }
}

/// The groups of two or more people of one name, in the order of the dataset.
fn namesakes(rosters: &[Roster<'_>]) -> Vec<Vec<Index>> {
    let mut groups: BTreeMap<(&str, &str), Vec<Index>> = BTreeMap::new();
    for (number, roster) in rosters.iter().enumerate() {
        let own = roster.pointer.as_str();
        let scope = roster.rules.people.as_deref().unwrap_or(own);
        for (index, person) in roster.people.iter().enumerate() {
            if !person.name.is_empty() {
                groups.entry((scope, &person.name)).or_default().push((number, index));
            }
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// The field that tells most of these people apart, if one does.
fn distinguishing(people: &[&Person]) -> Option<usize> {
    let fields = people.iter().map(|person| person.apart.len()).min()?;
    let kinds = |field: usize| {
        let values = people.iter().map(|person| person.apart[field].as_deref());
        values.collect::<BTreeSet<_>>().len()
    };
    let told = (0..fields).map(|field| (kinds(field), std::cmp::Reverse(field)));
    told.max().filter(|(kinds, _)| *kinds > 1).map(|(_, field)| field.0)
}

fn report_same(
    dataset: &Dataset,
    rosters: &[Roster<'_>],
    namesakes: &[Index],
    faults: &mut Diagnostics,
) {
    let mut seen: BTreeMap<&[Option<String>], String> = BTreeMap::new();
    for (roster, person) in namesakes {
        let (roster, person) = (&rosters[*roster], &rosters[*roster].people[*person]);
        let at = format!("{}{}", person.at, roster.rules.name);
        match seen.get(person.apart.as_slice()) {
            Some(first) => faults.push(same_person(dataset, person, &at, first)),
            None => {
                seen.insert(&person.apart, at);
            }
        }
    }
}

fn same_person(
    dataset: &Dataset,
    person: &Person,
    pointer: &str,
    first: &str,
) -> Diagnostic {
    let name = &person.name;
    let position = dataset.place(first).position;
    let line = position.map_or(0, |position| position.line);
    Diagnostic::warning(
        "data/same-person",
        text!("`{name}` 在名单里出现了两次", "`{name}` is listed twice"),
    )
    .at(dataset.place(pointer))
    .note(text!(
        "前一次在第 {line} 行，{first}",
        "the first time in line {line}, at {first}"
    ))
    .hint(text!(
        "是同一个人就删去一处；是同名的两个人，写上能分清他们的内容，例如单位",
        "if it is one person, delete one; if there are two, fill in what tells them apart, such as the unit"
    ))
}
