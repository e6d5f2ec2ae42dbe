//! Names of people that differ by one character from somebody's in a roster.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Subject, Written};
use crate::data::mark::Mark;
use crate::data::names::{is_han, parts};
use crate::data::prose::Role;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `县医院李建囯` beside 李建国 of 县医院 in the roster.
pub(super) static RULE: Rule = Rule {
    id: "name/person",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "姓名和名单上同一单位、同一职务的人只差一个字",
        en: "a name that differs by one character from somebody of the same office in a roster",
    },
    why: Words {
        zh: "姓名印错是会议材料里最不能有的错",
        en: "a wrong name is the worst misprint of a congress paper",
    },
    source: "custom of congress papers",
    wrong: "主持人：县医院李建囯（名单上是县医院李建国）",
    right: "主持人：县医院李建国",
};

/// Somebody in a roster.
struct Person {
    /// What else the roster says of them.
    office: String,
}

pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let (people, rows) = people(subject);
    if people.is_empty() {
        return Vec::new();
    }
    // Names with one character left out, as `李建?`.
    let mut alike: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for name in people.keys() {
        for blank in blanks(name) {
            alike.entry(blank).or_default().push(name);
        }
    }
    let uses = uses(texts);
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| text.role != Role::Name) {
        found.extend(alone(subject, text, &people, &alike, &uses));
        if rows.iter().any(|row| text.pointer.starts_with(row.as_str())) {
            continue;
        }
        found.extend(in_text(subject, text, &people, &alike));
    }
    found
}

/// The people of all rosters by name, and the pointers of the rosters.
fn people(subject: &Subject<'_>) -> (BTreeMap<String, Person>, BTreeSet<String>) {
    let (mut people, mut rosters) = (BTreeMap::new(), BTreeSet::new());
    for (pointer, mark) in &subject.reading.marks {
        let Mark::Roster(rules) = mark else { continue };
        rosters.insert(format!("{pointer}/"));
        let rows = subject.dataset.value().pointer(pointer).and_then(Value::as_array);
        for row in rows.into_iter().flatten() {
            let Some(name) = row.pointer(&rules.name).and_then(Value::as_str) else {
                continue;
            };
            let fields = row.as_object().into_iter().flat_map(|fields| fields.values());
            let words = fields.filter_map(Value::as_str).filter(|words| *words != name);
            let office = words.collect::<Vec<_>>().join(" ");
            if (3..=4).contains(&name.chars().count()) && name.chars().all(is_han) {
                let person: &mut Person = people
                    .entry(name.to_string())
                    .or_insert(Person { office: String::new() });
                person.office += &office;
            }
        }
    }
    (people, rosters)
}

/// The name with each character of the given name left out in turn.
fn blanks(name: &str) -> Vec<String> {
    let (surname, _) = parts(name);
    let fixed = surname.chars().count();
    let characters: Vec<char> = name.chars().collect();
    let blank = |at: usize| {
        let mut blank = characters.clone();
        blank[at] = '?';
        blank.into_iter().collect()
    };
    (fixed..characters.len()).map(blank).collect()
}

/// How often each name is a text of its own, rosters included.
fn uses<'t>(texts: &'t [Written<'_>]) -> BTreeMap<&'t str, usize> {
    let mut uses = BTreeMap::new();
    for text in texts.iter().filter(|text| is_name(text.text)) {
        *uses.entry(text.text).or_insert(0) += 1;
    }
    uses
}

fn is_name(text: &str) -> bool {
    (3..=4).contains(&text.chars().count()) && text.chars().all(is_han)
}

/// A field that is nothing but a name, once, where a near one of a roster is in other
/// fields, too.
fn alone(
    subject: &Subject<'_>,
    text: &Written<'_>,
    people: &BTreeMap<String, Person>,
    alike: &BTreeMap<String, Vec<&String>>,
    uses: &BTreeMap<&str, usize>,
) -> Option<Diagnostic> {
    let candidate = text.text;
    let once = uses.get(candidate) == Some(&1);
    if !once || !is_name(candidate) || people.contains_key(candidate) {
        return None;
    }
    let near = blanks(candidate).into_iter().find_map(|blank| alike.get(&blank))?;
    let [name] = near.as_slice() else { return None };
    let often = uses.get(name.as_str()).is_some_and(|count| *count >= 2);
    often.then(|| told(subject, text, (0, candidate), name))
}

fn told(
    subject: &Subject<'_>,
    text: &Written<'_>,
    (start, candidate): (usize, &str),
    name: &str,
) -> Diagnostic {
    let message = text!(
        "“{candidate}”和名单上的“{name}”只差一个字",
        "`{candidate}` differs by one character from `{name}` in the roster"
    );
    let place = subject.place(text, &(start..start + candidate.len()));
    RULE.finding(message).at(place)
}

/// How many characters around a name are looked at for an office.
const AROUND: usize = 12;

fn in_text(
    subject: &Subject<'_>,
    text: &Written<'_>,
    people: &BTreeMap<String, Person>,
    alike: &BTreeMap<String, Vec<&String>>,
) -> Vec<Diagnostic> {
    let characters: Vec<(usize, char)> = text.text.char_indices().collect();
    let mut found = Vec::new();
    for length in [3, 4] {
        for (index, window) in characters.windows(length).enumerate() {
            let candidate: String = window.iter().map(|(_, c)| c).collect();
            if people.contains_key(&candidate) || !candidate.chars().all(is_han) {
                continue;
            }
            let near = blanks(&candidate).into_iter().find_map(|blank| alike.get(&blank));
            let Some([name]) = near.map(Vec::as_slice) else { continue };
            let around: String = characters[index.saturating_sub(AROUND)
                ..(index + length + AROUND).min(characters.len())]
                .iter()
                .map(|(_, c)| c)
                .collect();
            let same_office =
                people.get(*name).is_some_and(|person| shares(&around, &person.office));
            // 李建国同 is no name where 李建国 is one.
            let overlaps = around.contains(name.as_str());
            if !same_office || overlaps {
                continue;
            }
            found.push(told(subject, text, (window[0].0, &candidate), name));
        }
    }
    found
}

/// Whether two texts have a run of Han characters in common that is long enough to be an
/// office or its place.
fn shares(around: &str, office: &str) -> bool {
    let characters: Vec<char> = around.chars().collect();
    characters.windows(3).any(|run| {
        run.iter().all(|c| is_han(*c)) && office.contains(&run.iter().collect::<String>())
    })
}
