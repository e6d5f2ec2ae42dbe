//! Agendas: days, their sessions and items, with times that are checked and
//! computed.
//!
//! An array of days that a schema marks with `"x-huikan": {"agenda": {…}}` gets,
//! under `_auto`, a label for each day (3月28日 星期二), and start, end and
//! duration for each session and item.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Dataset;
use super::calendar::{self, Date, Time};
use super::mark::{RESERVED, reserved, text_at};
use crate::diag::{Diagnostic, Diagnostics, Text};
use crate::text;

/// What a mark says of an agenda. Fields are named by JSON pointers from the day,
/// the session or the item.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// Where a day has its date.
    pub date: String,
    /// Where a day has its sessions; without, a day has items.
    pub sessions: Option<String>,
    /// Where a session (or day) has its items.
    pub items: String,
    /// Where an item has its time, such as `9:00—10:30`.
    pub time: Option<String>,
    /// Where an item has the time at which it starts.
    pub start: Option<String>,
    /// Where an item has the time at which it ends.
    pub end: Option<String>,
    /// Where an item or session has its place: what is in different places may
    /// be at one time.
    pub place: Option<String>,
    /// Where a session has who presides: every session must.
    pub host: Option<String>,
    /// Where an item has who presides: every item must.
    pub item_host: Option<String>,
}

/// An item with what was found out about it.
struct Slot {
    /// Its JSON pointer.
    at: String,
    /// The pointer of what says when it is.
    time_at: String,
    start: Time,
    end: Option<Time>,
    place: Option<String>,
}

/// Checks an agenda and adds what can be computed.
pub fn resolve(
    dataset: &Dataset,
    pointer: &str,
    rules: &Rules,
    value: &mut Value,
    faults: &mut Diagnostics,
) {
    let count = value.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len);
    let mut planner = Planner { dataset, rules, value, faults };
    let mut before: Option<Date> = None;
    for index in 0..count {
        let day = format!("{pointer}/{index}");
        before = planner.day(&day, before).or(before);
    }
}

/// Goes over an agenda, and writes what it finds.
struct Planner<'a> {
    dataset: &'a Dataset,
    rules: &'a Rules,
    value: &'a mut Value,
    faults: &'a mut Diagnostics,
}

impl Planner<'_> {
    /// A day with all that is in it; its date.
    fn day(&mut self, day: &str, before: Option<Date>) -> Option<Date> {
        let date = self.date(day);
        if let (Some(date), Some(before)) = (date, before)
            && date <= before
        {
            let at = format!("{day}{}", self.rules.date);
            let message = text!(
                "这一天不在上一天之后",
                "this day does not come after the one before it"
            );
            self.warn("data/agenda-order", message, &at, None);
        }
        let sessions = match &self.rules.sessions {
            Some(sessions) => self.children(&format!("{day}{sessions}")),
            None => vec![day.to_string()],
        };
        let mut slots: Vec<Slot> = Vec::new();
        for session in sessions {
            let first = slots.len();
            let place = self.field(&session, self.rules.place.as_deref());
            for item in self.children(&format!("{session}{}", self.rules.items)) {
                slots.extend(self.slot(item, place.as_deref()));
            }
            fill_ends(&mut slots[first..]);
            if session != day {
                self.session(&session, &slots[first..]);
            }
        }
        self.compare(&slots);
        for slot in &slots {
            self.add(&slot.at, times(slot.start, slot.end));
        }
        date
    }

    fn date(&mut self, day: &str) -> Option<Date> {
        let at = format!("{day}{}", self.rules.date);
        let written = self.value.pointer(&at)?.as_str()?.to_string();
        let Some(date) = Date::read(&written) else {
            if !self.faults.blames(&at) {
                let message =
                    text!("`{written}` 不是有效的日期", "`{written}` is not a date");
                let hint = text!("写成 `2023-03-28`", "write it like `2023-03-28`");
                self.fail("data/agenda-time", message, &at, Some(hint));
            }
            return None;
        };
        let (label, weekday) = (date.month_and_day(), date.weekday());
        let added = json!({
            "label": format!("{label} {weekday}"), "date": label, "weekday": weekday,
        });
        self.add(day, added);
        Some(date)
    }

    /// What a session has from its items.
    fn session(&mut self, session: &str, slots: &[Slot]) {
        let unhosted = self.rules.host.is_some()
            && self.field(session, self.rules.host.as_deref()).is_none();
        if unhosted {
            self.no_host(session);
        }
        let start = slots.iter().map(|slot| slot.start).min();
        let end = slots.iter().filter_map(|slot| slot.end).max();
        if let Some(start) = start {
            let mut added = times(start, end);
            added["part"] = start.part().into();
            self.add(session, added);
        }
    }

    fn no_host(&mut self, at: &str) {
        let message = text!("没有写主持人", "nobody presides");
        let hint = text!("补上主持人", "say who does");
        self.warn("data/agenda-host", message, at, Some(hint));
    }

    /// When an item is, if it says so and can be understood.
    fn slot(&mut self, at: String, place: Option<&str>) -> Option<Slot> {
        let hosted = self.field(&at, self.rules.item_host.as_deref()).is_some();
        if self.rules.item_host.is_some() && !hosted {
            self.no_host(&at);
        }
        let (time_at, start, end) = self.times_of(&at)?;
        if let Some(end) = end.filter(|end| *end <= start) {
            let message = text!(
                "{end} 结束，却是 {start} 开始",
                "ends at {end}, but starts at {start}"
            );
            let hint = text!(
                "改正时间；下午写成 14:30 这样",
                "correct it; an afternoon's time is written like 14:30"
            );
            self.fail("data/agenda-backwards", message, &time_at, Some(hint));
        }
        let own = self.field(&at, self.rules.place.as_deref());
        let place = own.or_else(|| place.map(str::to_string));
        Some(Slot { at, time_at, start, end, place })
    }

    /// Where an item says its time, start and end.
    fn times_of(&mut self, at: &str) -> Option<(String, Time, Option<Time>)> {
        if let Some(written) = self.field(at, self.rules.time.as_deref()) {
            let time_at = format!("{at}{}", self.rules.time.as_deref()?);
            let Some((start, end)) = calendar::span(&written) else {
                self.no_time(&written, &time_at);
                return None;
            };
            return Some((time_at, start, end));
        }
        let start = self.time(at, self.rules.start.as_deref())?;
        let end = self.time(at, self.rules.end.as_deref());
        let time_at = format!("{at}{}", self.rules.start.as_deref()?);
        Some((time_at, start, end))
    }

    fn time(&mut self, at: &str, field: Option<&str>) -> Option<Time> {
        let written = self.field(at, field)?;
        let time = Time::read(&written);
        if time.is_none() {
            self.no_time(&written, &format!("{at}{}", field?));
        }
        time
    }

    fn no_time(&mut self, written: &str, at: &str) {
        let message = text!("`{written}` 不是时间", "`{written}` is not a time of day");
        let hint =
            text!("写成 `9:00` 或 `9:00—10:30`", "write it like `9:00` or `9:00—10:30`");
        self.fail("data/agenda-time", message, at, Some(hint));
    }

    /// Tells what comes too early for what stands before it.
    fn compare(&mut self, slots: &[Slot]) {
        for (index, slot) in slots.iter().enumerate() {
            let before =
                slots[..index].iter().rev().find(|other| shares_place(other, slot));
            let Some(before) = before else { continue };
            let (start, at) = (slot.start, &before.time_at);
            let note = text!("前一项在 {at}", "the one before is at {at}");
            let fault = if slot.start < before.start {
                Diagnostic::warning(
                    "data/agenda-order",
                    text!(
                        "{start} 开始，比排在前面的一项还早",
                        "starts at {start}, before what stands above it"
                    ),
                )
            } else if let Some(end) = before.end.filter(|end| slot.start < *end) {
                Diagnostic::warning(
                    "data/agenda-overlap",
                    text!(
                        "{start} 开始，而前一项到 {end} 才结束",
                        "starts at {start}, but what is before it ends at {end}"
                    ),
                )
                .hint(text!(
                    "同时进行的各项写上不同的地点",
                    "give things at one time different places"
                ))
            } else {
                continue;
            };
            self.faults.push(fault.at(self.dataset.place(&slot.time_at)).note(note));
        }
    }

    /// The pointers of an array's items.
    fn children(&self, pointer: &str) -> Vec<String> {
        let items = self.value.pointer(pointer).and_then(Value::as_array);
        (0..items.map_or(0, Vec::len)).map(|index| format!("{pointer}/{index}")).collect()
    }

    fn field(&self, at: &str, field: Option<&str>) -> Option<String> {
        let object = self.value.pointer(at)?;
        text_at(object, field?).map(str::to_string)
    }

    fn add(&mut self, at: &str, added: Value) {
        if let Some(Value::Object(fields)) = self.value.pointer_mut(at) {
            insert(self.dataset, at, fields, added, self.faults);
        }
    }

    fn warn(&mut self, code: &'static str, message: Text, at: &str, hint: Option<Text>) {
        let mut fault = Diagnostic::warning(code, message).at(self.dataset.place(at));
        fault.hints.extend(hint);
        self.faults.push(fault);
    }

    fn fail(&mut self, code: &'static str, message: Text, at: &str, hint: Option<Text>) {
        let mut fault = Diagnostic::error(code, message).at(self.dataset.place(at));
        fault.hints.extend(hint);
        self.faults.push(fault);
    }
}

fn insert(
    dataset: &Dataset,
    at: &str,
    fields: &mut Map<String, Value>,
    added: Value,
    faults: &mut Diagnostics,
) {
    if fields.insert(RESERVED.into(), added).is_some() {
        faults.push(reserved(dataset, at));
    }
}

/// An item that says no end ends when the next of its session starts.
fn fill_ends(slots: &mut [Slot]) {
    for index in 0..slots.len() {
        let (start, next) = (slots[index].start, slots.get(index + 1));
        let next = next.map(|next| next.start).filter(|next| *next > start);
        slots[index].end = slots[index].end.or(next);
    }
}

/// Whether two items cannot be at one time. What says no place may be anywhere.
fn shares_place(one: &Slot, other: &Slot) -> bool {
    match (&one.place, &other.place) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn times(start: Time, end: Option<Time>) -> Value {
    let Some(end) = end.filter(|end| *end > start) else {
        return json!({ "start": start.to_string(), "time": start.to_string() });
    };
    let minutes = end.minutes() - start.minutes();
    json!({
        "start": start.to_string(),
        "end": end.to_string(),
        "time": format!("{start}—{end}"),
        "minutes": minutes,
        "duration": calendar::duration(minutes),
    })
}
