//! Cells made tidy, with a report of each change.

use std::collections::BTreeMap;

use super::shape::Kind;
use super::sheet::{At, Sheet, letters};
use crate::data::names;
use crate::diag::{Diagnostic, Diagnostics, Text};
use crate::text;

/// A way in which cells are changed.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
enum Change {
    Space,
    Digit,
    Day,
}

/// What was changed, to be told together.
#[derive(Debug, Default)]
pub(super) struct Report(BTreeMap<Change, Vec<(At, String, String)>>);

impl Report {
    /// A cell's text, tidy.
    pub(super) fn tidy(&mut self, at: At, written: &str, kind: Kind) -> String {
        let spaced = spaces(written, kind);
        self.note(Change::Space, at, written.trim(), &spaced);
        let narrow: String = spaced.chars().map(narrow).collect();
        self.note(Change::Digit, at, &spaced, &narrow);
        narrow
    }

    /// A day that was written otherwise than `2023-03-28`.
    pub(super) fn day(&mut self, at: At, written: &str, iso: &str) {
        self.note(Change::Day, at, written, iso);
    }

    fn note(&mut self, change: Change, at: At, from: &str, to: &str) {
        if from != to {
            self.0.entry(change).or_default().push((at, from.into(), to.into()));
        }
    }

    /// Tells all changes, each kind in one warning.
    pub(super) fn tell(self, sheet: &Sheet, faults: &mut Diagnostics) {
        for (change, list) in self.0 {
            let Some((first, ..)) = list.first() else { continue };
            let message = message(change, list.len());
            let mut fault =
                Diagnostic::warning("import/cleaned", message).at(sheet.place(*first));
            for ((row, column), from, to) in &list {
                let cell = format!("{}{}", letters(*column), row + 1);
                let (from, to) = (visible(from), visible(to));
                fault = fault.note(text!(
                    "{cell}：`{from}` → `{to}`",
                    "{cell}: `{from}` → `{to}`"
                ));
            }
            faults.push(fault);
        }
    }
}

fn message(change: Change, count: usize) -> Text {
    match change {
        Change::Space => text!(
            "{count} 格里的空格或换行去掉了",
            "cells with spaces or line breaks that were taken out: {count}"
        ),
        Change::Digit => text!(
            "{count} 格里的全角数字改成了半角",
            "cells with full-width digits that were made ASCII: {count}"
        ),
        Change::Day => text!(
            "{count} 格里的日期改写成了 年-月-日",
            "cells with dates that were written as year-month-day: {count}"
        ),
    }
}

fn visible(text: &str) -> String {
    text.replace('\n', "⏎").replace('\r', "")
}

/// Without white space at the ends, between Chinese, or of several characters;
/// names without any. What cannot be seen goes, too.
fn spaces(written: &str, kind: Kind) -> String {
    let visible =
        |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}');
    let written: String = written.chars().filter(visible).collect();
    if kind == Kind::Name {
        return names::without_spaces(&written);
    }
    let mut out = String::with_capacity(written.len());
    for word in written.split(char::is_whitespace).filter(|word| !word.is_empty()) {
        let wide = |c: Option<char>| c.is_none_or(|c| c >= '\u{2000}');
        let first = out.is_empty();
        if !first && (!wide(out.chars().next_back()) || !wide(word.chars().next())) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A full-width digit as ASCII.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_tidy() {
        let mut report = Report::default();
        let mut tidy = |text, kind| report.tidy((0, 0), text, kind);
        assert_eq!(tidy(" 王　芳\n", Kind::Name), "王芳");
        assert_eq!(tidy("县医院  副院长", Kind::Text), "县医院副院长");
        assert_eq!(tidy("县医院\nICU 主任", Kind::Text), "县医院 ICU 主任");
        assert_eq!(tidy("１２", Kind::Number), "12");
        assert_eq!(tidy(" 李明 ", Kind::Name), "李明");
        assert_eq!(tidy(" 3 号", Kind::Text), "3 号");
        let counts: Vec<usize> = report.0.values().map(Vec::len).collect();
        assert_eq!(counts, [3, 1], "spaces around a text are not worth telling");
    }
}
