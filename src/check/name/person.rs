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

/// The people of all rosters.
#[derive(Default)]
struct People {
    /// What else the rosters say of each, by name.
    offices: BTreeMap<String, String>,
    /// The names by what they are with one character left out, as `李建?`.
    alike: BTreeMap<String, Vec<String>>,
    /// The characters that names begin with.
    begins: BTreeSet<char>,
    /// The pointers of the rosters.
    rosters: Vec<String>,
}

pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let people = People::of(subject);
    if people.offices.is_empty() {
        return Vec::new();
    }
    let uses = uses(texts);
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| text.role != Role::Name) {
        found.extend(alone(subject, text, &people, &uses));
        if !people.rosters.iter().any(|at| text.pointer.starts_with(at.as_str())) {
            found.extend(in_text(subject, text, &people));
        }
    }
    found
}

impl People {
    fn of(subject: &Subject<'_>) -> Self {
        let mut people = Self::default();
        for (pointer, mark) in &subject.reading.marks {
            let Mark::Roster(rules) = mark else { continue };
            people.rosters.push(format!("{pointer}/"));
            let rows = subject.dataset.value().pointer(pointer).and_then(Value::as_array);
            for row in rows.into_iter().flatten() {
                if let Some(name) = row.pointer(&rules.name).and_then(Value::as_str) {
                    people.add(name, row);
                }
            }
        }
        people
    }

    fn add(&mut self, name: &str, row: &Value) {
        if !is_name(name) {
            return;
        }
        let fields = row.as_object().into_iter().flat_map(|fields| fields.values());
        let words = fields.filter_map(Value::as_str).filter(|words| *words != name);
        let office = words.collect::<Vec<_>>().join(" ");
        match self.offices.get_mut(name) {
            Some(known) => *known += &office,
            None => {
                self.offices.insert(name.to_string(), office);
                self.begins.extend(name.chars().next());
                for blank in blanks(name) {
                    self.alike.entry(blank).or_default().push(name.to_string());
                }
            }
        }
    }

    /// The one name that differs from a candidate by one character of the given name.
    fn near(&self, candidate: &str) -> Option<&str> {
        let near =
            blanks(candidate).into_iter().find_map(|blank| self.alike.get(&blank))?;
        match near.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }
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
    people: &People,
    uses: &BTreeMap<&str, usize>,
) -> Option<Diagnostic> {
    let candidate = text.text;
    let once = uses.get(candidate) == Some(&1);
    if !once || !is_name(candidate) || people.offices.contains_key(candidate) {
        return None;
    }
    let name = people.near(candidate)?;
    let often = uses.get(name).is_some_and(|count| *count >= 2);
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
    people: &People,
) -> Vec<Diagnostic> {
    let characters: Vec<(usize, char)> = text.text.char_indices().collect();
    let words = |from: usize, to: usize| -> String {
        let to = to.min(characters.len());
        characters[from..to].iter().map(|(_, c)| c).collect()
    };
    let mut found = Vec::new();
    for length in [3, 4] {
        for (index, window) in characters.windows(length).enumerate() {
            // Most windows are no names.
            let (start, first) = window[0];
            if !people.begins.contains(&first) || !window.iter().all(|(_, c)| is_han(*c))
            {
                continue;
            }
            let candidate = words(index, index + length);
            if people.offices.contains_key(&candidate) {
                continue;
            }
            let Some(name) = people.near(&candidate) else { continue };
            let around = words(index.saturating_sub(AROUND), index + length + AROUND);
            let office = people.offices.get(name);
            let same_office = office.is_some_and(|office| shares(&around, office));
            // 李建国同 is no name where 李建国 is one.
            if same_office && !around.contains(name) {
                found.push(told(subject, text, (start, &candidate), name));
            }
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
