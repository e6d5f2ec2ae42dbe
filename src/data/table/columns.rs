//! Which field each column of a CSV file has.

use std::ops::Range;

use serde_json::Value;

use super::cells::Cells;
use super::fields::Field;
use crate::data::import::bare;
use crate::data::json::{pointer_join, pointer_tokens};
use crate::diag::{Diagnostic, Diagnostics, Place, SLIP, Source, Text, nearest};
use crate::text;

/// Fields that name other datasets; no schema knows them.
const LINKS: [&str; 2] = ["extends", "previous"];

/// The columns that have a field.
#[derive(Debug)]
pub(super) struct Columns<'s>(pub(super) Vec<Column<'s>>);

#[derive(Debug)]
pub(super) struct Column<'s> {
    /// Its number, from 0.
    pub(super) number: usize,
    /// The way to its field from the root.
    pub(super) path: Vec<Step>,
    /// What the schema says of the field, if it knows it.
    pub(super) field: Option<Field<'s>>,
}

/// How many steps a path may have. Real datasets have ten levels; the limit keeps a
/// hostile heading from exhausting the stack.
const DEEPEST: usize = 64;

/// A step to a field.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) enum Step {
    Key(String),
    Item(usize),
}

impl<'s> Columns<'s> {
    /// The columns of a file called `name`. Warnings: those that have no field.
    pub(super) fn of(
        name: &str,
        cells: &Cells,
        schema: &'s Value,
        named_by: &[String],
        faults: &mut Diagnostics,
    ) -> Self {
        let root = Field::root(schema);
        let top = cells.top(name);
        faults.extend(cells.damaged.map(|encoding| damaged(name, encoding)));
        let mut columns: Vec<Column<'s>> = Vec::new();
        for (number, heading) in cells.columns() {
            let place = || place(&top, number);
            let Some((path, field)) = find(&root, heading) else {
                if !named_by.iter().any(|field| bare(field) == bare(heading)) {
                    faults.push(unknown(&root, heading, place()));
                }
                continue;
            };
            let taken = |column: &Column<'_>| clash(&column.path, &path);
            match columns.iter().any(taken) {
                true => faults.push(twice(heading, place())),
                false => columns.push(Column { number, path, field }),
            }
        }
        Self(columns)
    }
}

/// Whether two paths cannot both be filled in: they are the same, one leads through
/// the other, or what is a list to one is an object to the other.
fn clash(one: &[Step], other: &[Step]) -> bool {
    let apart = one.iter().zip(other).find(|(one, other)| one != other);
    apart.is_none_or(|pair| {
        !matches!(pair, (Step::Key(_), Step::Key(_)) | (Step::Item(_), Step::Item(_)))
    })
}

fn place((source, ranges): &(Source, Vec<Range<usize>>), column: usize) -> Place {
    source.place(ranges.get(column).cloned().unwrap_or_default())
}

/// The field that a heading means: by its key, its path, its JSON pointer or its title.
fn find<'s>(root: &Field<'s>, heading: &str) -> Option<(Vec<Step>, Option<Field<'s>>)> {
    if heading.is_empty() {
        return None;
    }
    if LINKS.contains(&heading) {
        return Some((vec![Step::Key(heading.into())], None));
    }
    if heading.starts_with('/') {
        return walk(root, pointer_tokens(heading));
    }
    walk(root, [heading.to_string()].into_iter())
        .filter(|(_, field)| field.is_some())
        .or_else(|| walk(root, heading.split('.').map(|key| key.trim().to_string())))
}

/// Goes from field to field; nothing where a schema knows all fields and not this.
fn walk<'s>(
    root: &Field<'s>,
    tokens: impl Iterator<Item = String>,
) -> Option<(Vec<Step>, Option<Field<'s>>)> {
    let mut path = Vec::new();
    let mut at = Some(root.clone());
    for token in tokens {
        if path.len() == DEEPEST {
            return None;
        }
        let Some(field) = at else {
            path.push(step(&token, true));
            continue;
        };
        let list = field.may_be("array") && !field.may_be("object");
        let key = match field.child(&token) {
            Some(_) => token.clone(),
            None => field.titled(&token).map_or(token.clone(), str::to_string),
        };
        at = field.child(&key);
        if at.is_none() && !field.is_open() {
            return None;
        }
        path.push(step(&key, list || at.is_none()));
    }
    Some((path, at))
}

fn step(token: &str, may_be_item: bool) -> Step {
    match token.parse() {
        Ok(index) if may_be_item => Step::Item(index),
        _ => Step::Key(token.into()),
    }
}

fn damaged(name: &str, encoding: &str) -> Diagnostic {
    crate::data::import::csv::undecodable(name, encoding)
}

fn unknown(root: &Field<'_>, heading: &str, place: Place) -> Diagnostic {
    let message = match heading {
        "" => {
            text!("这一列没有字段名，没有读", "the column names no field and is left out")
        }
        _ => text!(
            "没有 `{heading}` 这个字段，这一列没有读",
            "no field `{heading}`: the column is left out"
        ),
    };
    let fault = Diagnostic::warning("data/unknown-column", message).at(place);
    match near(root, heading) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault.hint(usage()),
    }
}

/// The heading that was probably meant: the last known field of the path, and the
/// name nearest to what follows.
fn near(root: &Field<'_>, heading: &str) -> Option<String> {
    let pointer = heading.starts_with('/');
    let tokens: Vec<String> = match pointer {
        true => pointer_tokens(heading).collect(),
        false => heading.split('.').map(str::to_string).collect(),
    };
    let mut at = root.clone();
    let mut known: Vec<String> = Vec::new();
    for token in &tokens {
        let key = at.child(token).map(|_| token.as_str()).or_else(|| at.titled(token));
        if let Some(next) = key.and_then(|key| at.child(key)) {
            at = next;
            known.push(token.clone());
            continue;
        }
        known.push(nearest(token, at.names(), SLIP)?.to_string());
        break;
    }
    known.extend(tokens.into_iter().skip(known.len()));
    Some(match pointer {
        true => known.iter().fold(String::new(), |at, token| pointer_join(&at, token)),
        false => known.join("."),
    })
}

fn usage() -> Text {
    text!(
        "第一行写字段名：`county`、`edition.session`、`/figures/0/value`，或字段的中文名",
        "the first line names fields: `county`, `edition.session`, `/figures/0/value`, or their titles"
    )
}

fn twice(heading: &str, place: Place) -> Diagnostic {
    Diagnostic::warning(
        "data/unknown-column",
        text!(
            "前面已经有一列是 `{heading}` 的字段，这一列没有读",
            "another column has the field of `{heading}` already: this one is left out"
        ),
    )
    .at(place)
}
