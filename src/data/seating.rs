//! Seating: who sits where in a hall.
//!
//! An object that a schema marks with `"x-huikan": {"hall": {…}}` gets, under
//! `_auto`, the grid of its seats, row by row from the stage, each row from left
//! to right as the audience sees the stage. Seats are taken, in this order, by
//! what is reserved, by people who say their own seat, and by blocks, which are
//! filled with a roster in its order.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Dataset;
use super::json::{pointer_join, pointer_tokens};
use super::mark::{RESERVED, Reference, reserved, text_at};
use super::plan::{Numbering, Plan, Seat, Viewpoint};
use super::roster;
use crate::diag::{Diagnostic, Diagnostics, Text};
use crate::text;

/// What a mark says of a hall. Fields are named by JSON pointers from the hall,
/// or from the items of the list they are about.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// Where the hall has its rows: how many, or the seats of each.
    pub rows: String,
    /// Where it has the number of seats of a row.
    pub seats: Option<String>,
    /// Where it says how seats are numbered: `middle` (default) or `across`.
    pub numbering: Option<String>,
    /// Where it says whose left counts: `stage` or `audience`.
    pub viewpoint: Option<String>,
    /// What is reserved.
    pub reserved: Option<List>,
    /// What is given to a roster.
    pub blocks: Option<List>,
    /// Who says an own seat.
    pub people: Option<People>,
}

/// A list of parts of the hall.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct List {
    /// Where the hall has the list.
    pub list: String,
    /// Where an item has its row or rows: `3`, `[1, 3]` or `"1-3"`.
    pub rows: String,
    /// Where it has its seats: `5`, `[1, 9]`, `"1-9"`, `"单号"`, `"1-19 单号"`; all if
    /// it says none.
    pub seats: Option<String>,
    /// Where it has its name.
    pub label: String,
    /// Where it has the JSON pointer of the roster that sits there.
    pub people: Option<String>,
}

/// People with seats of their own.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct People {
    /// Where the rosters are.
    pub lists: Reference,
    /// Where a person has the seat: `3排5号`, `3-5` or `[3, 5]`.
    pub seat: String,
    /// Where a person has the name; rosters know it.
    pub name: Option<String>,
}

/// Who or what has a seat.
struct Taken {
    /// The pointer of what says so, in the dataset.
    by: String,
    label: String,
    kind: &'static str,
    block: Option<String>,
}

/// Resolves a hall; the rosters have been put in order before.
pub fn resolve(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
    value: &mut Value,
    faults: &mut Diagnostics,
) {
    let Some(plan) = plan(dataset, pointer, rules, faults) else { return };
    let mut seating = Seating {
        dataset,
        hall: pointer,
        plan,
        taken: BTreeMap::new(),
        seated: BTreeMap::new(),
        faults,
    };
    seating.reserve(rules.reserved.as_ref());
    seating.own_seats(rules.people.as_ref(), value);
    seating.fill(rules.blocks.as_ref(), value);
    seating.write(value);
}

/// The plan of a hall, if it is complete.
fn plan(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
    faults: &mut Diagnostics,
) -> Option<Plan> {
    let hall = dataset.value().pointer(pointer)?;
    let field = |field: &Option<String>| hall.pointer(field.as_deref()?);
    let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let rows = match hall.pointer(&rules.rows)? {
        Value::Array(rows) => rows.iter().map(number).collect::<Option<Vec<_>>>(),
        rows => number(rows)
            .zip(field(&rules.seats).and_then(number))
            .filter(|(rows, _)| *rows <= Plan::LARGEST)
            .map(|(rows, seats)| vec![seats; rows]),
    };
    let small = |rows: &Vec<usize>| {
        rows.len() <= Plan::LARGEST && rows.iter().all(|seats| *seats <= Plan::LARGEST)
    };
    let Some(rows) = rows.filter(small) else {
        let at = format!("{pointer}{}", rules.rows);
        if !faults.blames(&at) {
            faults.push(no_rows(dataset, &at));
        }
        return None;
    };
    let word = |field: Option<&Value>| field.and_then(Value::as_str).map(str::to_string);
    let numbering = match word(field(&rules.numbering)).as_deref() {
        Some("across") => Some(Numbering::Across),
        Some("middle") | None => Some(Numbering::Middle),
        Some(_) => None,
    };
    let viewpoint = match word(field(&rules.viewpoint)).as_deref() {
        Some("stage") => Some(Viewpoint::Stage),
        Some("audience") => Some(Viewpoint::Audience),
        _ => None,
    };
    let complete = numbering.zip(viewpoint);
    if complete.is_none() {
        faults.push(no_numbering(dataset, pointer));
    }
    complete.map(|(numbering, viewpoint)| Plan::new(rows, numbering, viewpoint))
}

/// A hall while it fills.
struct Seating<'a> {
    dataset: &'a Dataset,
    hall: &'a str,
    plan: Plan,
    taken: BTreeMap<Seat, Taken>,
    /// The seats of people, by their pointers in the dataset.
    seated: BTreeMap<String, Seat>,
    faults: &'a mut Diagnostics,
}

impl Seating<'_> {
    fn reserve(&mut self, list: Option<&List>) {
        let Some(list) = list else { return };
        for (at, item) in self.items(list) {
            let label = text_at(&item, &list.label).unwrap_or_default().to_string();
            for seat in self.part(list, &at, &item) {
                let (by, label) = (at.clone(), label.clone());
                // One fault tells that two parts overlap.
                if !self.take(seat, Taken { by, label, kind: "reserved", block: None }) {
                    break;
                }
            }
        }
    }

    fn own_seats(&mut self, people: Option<&People>, value: &Value) {
        let Some(people) = people else { return };
        for list in people.lists.pointers(self.dataset.value(), self.hall) {
            for row in rows(value, &list) {
                let Some(written) = row.value.pointer(&people.seat) else { continue };
                let at = format!("{}{}", row.at, people.seat);
                match read_seat(written) {
                    Some(Some(seat)) if self.plan.has(seat) => {
                        let label = row.label(people.name.as_deref());
                        self.seat(seat, &row.at, at, label, None);
                    }
                    Some(Some(seat)) => self.outside(&at, seat),
                    Some(None) => {}
                    None => {
                        let fault = unreadable_seat(self.dataset, &at, written);
                        self.faults.push(fault);
                    }
                }
            }
        }
    }

    /// Fills each block with its people who have no seat yet.
    fn fill(&mut self, list: Option<&List>, value: &Value) {
        let Some(list) = list else { return };
        for (at, item) in self.items(list) {
            let seats = self.part(list, &at, &item);
            let pointer =
                list.people.as_deref().and_then(|people| text_at(&item, people));
            let people = pointer.map(|pointer| rows(value, pointer)).unwrap_or_default();
            let block = text_at(&item, &list.label).unwrap_or_default();
            self.block(&at, block, seats, &people);
        }
    }

    fn block(&mut self, at: &str, block: &str, seats: Vec<Seat>, people: &[Row<'_>]) {
        let (unseated, seated): (Vec<_>, Vec<_>) =
            people.iter().partition(|row| !self.seated.contains_key(&row.at));
        let mut elsewhere = seated.iter().filter(|row| self.has_block(&row.at));
        if let Some(first) = elsewhere.next() {
            let count = 1 + elsewhere.count();
            self.faults.push(seated_twice(self.dataset, at, &first.label(None), count));
        }
        let free: Vec<Seat> =
            seats.into_iter().filter(|seat| !self.taken.contains_key(seat)).collect();
        for (seat, row) in free.iter().zip(&unseated) {
            self.seat(*seat, &row.at, row.at.clone(), row.label(None), Some(block));
        }
        let left = unseated.len().saturating_sub(free.len());
        if left > 0 {
            self.faults.push(block_full(self.dataset, at, people.len(), left));
        }
    }

    /// Whether a block gave a person a seat.
    fn has_block(&self, person: &str) -> bool {
        let taken = self.seated.get(person).and_then(|seat| self.taken.get(seat));
        taken.is_some_and(|taken| taken.block.is_some())
    }

    fn items(&self, list: &List) -> Vec<(String, Value)> {
        let at = format!("{}{}", self.hall, list.list);
        let items = self.dataset.value().pointer(&at).and_then(Value::as_array);
        let items = items.into_iter().flatten().enumerate();
        items.map(|(index, item)| (format!("{at}/{index}"), item.clone())).collect()
    }

    /// The seats of a part of the hall, by row and number.
    fn part(&mut self, list: &List, at: &str, item: &Value) -> Vec<Seat> {
        let rows_at = format!("{at}{}", list.rows);
        let rows = item.pointer(&list.rows).and_then(Range::read);
        let written = list.seats.as_deref().and_then(|seats| item.pointer(seats));
        let seats = written.map_or(Some(Range::ALL), Range::read);
        let (Some(rows), Some(seats)) = (rows, seats) else {
            if !self.faults.blames(&rows_at) {
                self.faults.push(unreadable_part(self.dataset, at));
            }
            return Vec::new();
        };
        let mut found = Vec::new();
        for row in rows.numbers(self.plan.rows()) {
            for number in seats.numbers(self.plan.seats(row)) {
                match (Seat { row, number }, self.plan.has(Seat { row, number })) {
                    (seat, true) => found.push(seat),
                    (seat, false) => {
                        self.outside(at, seat);
                        return found;
                    }
                }
            }
        }
        found
    }

    fn seat(
        &mut self,
        seat: Seat,
        person: &str,
        by: String,
        label: String,
        block: Option<&str>,
    ) {
        let block = block.map(str::to_string);
        if self.take(seat, Taken { by, label, kind: "person", block }) {
            self.seated.insert(person.to_string(), seat);
        }
    }

    /// Gives a seat away; whether it was free.
    fn take(&mut self, seat: Seat, taken: Taken) -> bool {
        if let Some(first) = self.taken.get(&seat) {
            self.faults.push(taken_twice(self.dataset, seat, first, &taken.by));
            return false;
        }
        self.taken.insert(seat, taken);
        true
    }

    fn outside(&mut self, at: &str, seat: Seat) {
        let (rows, seats) = (self.plan.rows(), self.plan.seats(seat.row));
        let hint = match seats {
            0 => text!("会场有 {rows} 排", "the hall has {rows} rows"),
            _ => text!("这一排有 {seats} 座", "the row has {seats} seats"),
        };
        self.faults.push(
            Diagnostic::error(
                "data/seat-outside",
                text!("会场里没有 {seat}", "the hall has no seat {seat}"),
            )
            .at(self.dataset.place(at))
            .hint(hint),
        );
    }

    /// Puts the grid into the hall, and seats into the rows of rosters.
    fn write(self, value: &mut Value) {
        let free = self.plan.size() - self.taken.len();
        let grid: Vec<Value> = (1..=self.plan.rows())
            .map(|row| {
                let cells =
                    self.plan.row(row).map(|number| self.cell(Seat { row, number }));
                json!({ "row": row, "cells": cells.collect::<Vec<_>>() })
            })
            .collect();
        if let Some(Value::Object(fields)) = value.pointer_mut(self.hall) {
            let seated = self.seated.len();
            let added = json!({ "rows": grid, "seated": seated, "free": free });
            if fields.insert(RESERVED.into(), added).is_some() {
                self.faults.push(reserved(self.dataset, self.hall));
            }
        }
        self.tell_people(value, "");
    }

    /// Puts their seats into the people, wherever they stand now.
    fn tell_people(&self, value: &mut Value, pointer: &str) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.tell_people(item, &format!("{pointer}/{index}"));
                }
            }
            Value::Object(fields) => {
                let at = roster::origin(fields).unwrap_or(pointer).to_string();
                for (key, field) in fields.iter_mut().filter(|(key, _)| *key != RESERVED)
                {
                    self.tell_people(field, &pointer_join(&at, key));
                }
                if let Some(seat) = self.seated.get(&at) {
                    let Seat { row, number } = seat;
                    let own = fields.entry(RESERVED).or_insert_with(|| Map::new().into());
                    if let Value::Object(own) = own {
                        let text = seat.to_string();
                        let seat = json!({ "row": row, "number": number, "text": text });
                        own.insert("seat".into(), seat);
                    }
                }
            }
            _ => {}
        }
    }

    fn cell(&self, seat: Seat) -> Value {
        let number = seat.number;
        match self.taken.get(&seat) {
            None => json!({ "number": number, "kind": "free", "label": "" }),
            Some(Taken { label, kind, block, .. }) => {
                json!({ "number": number, "kind": kind, "label": label, "block": block })
            }
        }
    }
}

/// A row of a roster, as it was resolved.
struct Row<'v> {
    /// Its pointer in the dataset.
    at: String,
    value: &'v Value,
}

impl Row<'_> {
    fn label(&self, name: Option<&str>) -> String {
        let label = self.value.get(RESERVED).and_then(|own| own.get("label")?.as_str());
        let name = name.and_then(|name| text_at(self.value, name));
        label.or(name).unwrap_or_default().to_string()
    }
}

/// The rows of the roster at a pointer of the dataset, in their printed order.
fn rows<'v>(value: &'v Value, pointer: &str) -> Vec<Row<'v>> {
    let path = located(value, pointer);
    let rows = path.and_then(|path| value.pointer(&path)?.as_array());
    let rows = rows.into_iter().flatten().enumerate();
    rows.map(|(index, value)| {
        let origin = value.as_object().and_then(roster::origin);
        let at = origin.map_or_else(|| format!("{pointer}/{index}"), str::to_string);
        Row { at, value }
    })
    .collect()
}

/// Where the value at a pointer of the dataset stands after rosters were put in
/// order.
fn located(value: &Value, pointer: &str) -> Option<String> {
    let (mut origin, mut now) = (String::new(), String::new());
    for token in pointer_tokens(pointer) {
        origin = pointer_join(&origin, &token);
        let moved = match value.pointer(&now)? {
            Value::Array(items) => items.iter().position(|item| {
                item.as_object().and_then(roster::origin) == Some(origin.as_str())
            }),
            _ => None,
        };
        let token = moved.map_or(token, |index| index.to_string());
        now = pointer_join(&now, &token);
    }
    Some(now)
}

/// Some of the numbers from 1 on.
#[derive(Debug, Copy, Clone)]
struct Range {
    from: usize,
    /// The last one; the last there is if none.
    to: Option<usize>,
    /// Odd (1) or even (0) ones only.
    parity: Option<usize>,
}

impl Range {
    const ALL: Self = Self { from: 1, to: None, parity: None };

    /// Reads `5`, `[1, 9]`, `"1-9"`, `"单号"`, `"1-19 单号"`.
    fn read(value: &Value) -> Option<Self> {
        let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
        let only = |number| Self { from: number, to: Some(number), ..Self::ALL };
        match value {
            Value::Number(_) => number(value).map(only),
            Value::Array(ends) => match ends.as_slice() {
                [from, to] => {
                    Some(Self { from: number(from)?, to: Some(number(to)?), ..Self::ALL })
                }
                _ => None,
            },
            Value::String(words) => {
                let parity = match (words.contains('单'), words.contains('双')) {
                    (true, false) => Some(1),
                    (false, true) => Some(0),
                    _ => None,
                };
                match read_numbers(words)[..] {
                    [] if parity.is_some() => Some(Self { parity, ..Self::ALL }),
                    [number] => Some(Self { parity, ..only(number) }),
                    [from, to] => Some(Self { from, to: Some(to), parity }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The numbers up to `last`; the first beyond it, too, if the range goes there.
    fn numbers(self, last: usize) -> Vec<usize> {
        if self.from > last {
            return vec![self.from];
        }
        let to = self.to.unwrap_or(last).min(last + 1);
        let wanted = |number: &usize| self.parity.is_none_or(|p| number % 2 == p);
        (self.from..=to).filter(wanted).collect()
    }
}

/// The numbers in a text.
fn read_numbers(words: &str) -> Vec<usize> {
    let digits = words.split(|c: char| !c.is_ascii_digit());
    digits
        .filter(|digits| !digits.is_empty())
        .map_while(|digits| digits.parse().ok())
        .collect()
}

/// A seat as written; nothing inside if it is empty.
fn read_seat(written: &Value) -> Option<Option<Seat>> {
    let numbers = match written {
        Value::String(words) if words.trim().is_empty() => return Some(None),
        Value::Null => return Some(None),
        Value::String(words) => read_numbers(words),
        Value::Array(_) => {
            Range::read(written).map(|r| vec![r.from, r.to.unwrap_or(0)])?
        }
        _ => return None,
    };
    match numbers[..] {
        [row, number] => Some(Some(Seat { row, number })),
        _ => None,
    }
}

fn hall_fault(dataset: &Dataset, at: &str, message: Text, hint: Text) -> Diagnostic {
    Diagnostic::error("data/hall", message).at(dataset.place(at)).hint(hint)
}

fn no_rows(dataset: &Dataset, at: &str) -> Diagnostic {
    hall_fault(
        dataset,
        at,
        text!(
            "看不出会场有几排、每排几座",
            "the rows and seats of the hall cannot be told"
        ),
        text!(
            "写排数和每排座数，或列出每排的座数 `[20, 22, 24]`",
            "write how many rows and seats a row there are, or the seats of each row: `[20, 22, 24]`"
        ),
    )
}

fn no_numbering(dataset: &Dataset, at: &str) -> Diagnostic {
    hall_fault(
        dataset,
        at,
        text!("没有说清座号怎么编", "it is not said how seats are numbered"),
        text!(
            "写编法 `middle`（从中间起，左边在先）或 `across`（从左到右），再写左右从哪边看：`stage`（面向台下）或 `audience`（面向主席台）",
            "write `middle` (from the middle, left first) or `across` (from left to right), and whose left counts: `stage` (looking at the audience) or `audience` (looking at the stage)"
        ),
    )
}

fn unreadable_part(dataset: &Dataset, at: &str) -> Diagnostic {
    hall_fault(
        dataset,
        at,
        text!("看不出是哪几排哪几座", "the rows and seats of this part cannot be told"),
        text!(
            "排写 `3` 或 `[1, 3]`，座写 `[1, 9]`、`\"1-9\"` 或 `\"1-19 单号\"`",
            "write rows as `3` or `[1, 3]`, seats as `[1, 9]`, `\"1-9\"` or `\"1-19 单号\"`"
        ),
    )
}

fn unreadable_seat(dataset: &Dataset, at: &str, written: &Value) -> Diagnostic {
    hall_fault(
        dataset,
        at,
        text!("{written} 不是座位", "{written} is no seat"),
        text!("写成 `3排5号`", "write it like `3排5号`"),
    )
}

fn taken_twice(dataset: &Dataset, seat: Seat, first: &Taken, at: &str) -> Diagnostic {
    let Taken { by, label, .. } = first;
    Diagnostic::error(
        "data/seat-taken",
        text!("{seat} 已经给了 `{label}`", "seat {seat} is taken by `{label}`"),
    )
    .at(dataset.place(at))
    .note(text!("见 {by}", "see {by}"))
}

fn seated_twice(dataset: &Dataset, at: &str, first: &str, count: usize) -> Diagnostic {
    Diagnostic::error(
        "data/seat-taken",
        text!(
            "`{first}` 等 {count} 人在别的区域已经有座位",
            "people who have seats in another block: {count}, `{first}` is the first"
        ),
    )
    .at(dataset.place(at))
}

fn block_full(dataset: &Dataset, at: &str, people: usize, left: usize) -> Diagnostic {
    Diagnostic::error(
        "data/block-full",
        text!(
            "这个区域坐不下：{people} 人里有 {left} 人没有座位",
            "the block is too small: of {people} people, {left} have no seat"
        ),
    )
    .at(dataset.place(at))
    .hint(text!("加几排，或加几座", "give it more rows or seats"))
}
