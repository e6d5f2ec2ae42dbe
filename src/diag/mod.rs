//! Diagnostics: the only error type of the crate.
//!
//! A [`Diagnostic`] says what is wrong, where, and what to do, in Chinese and in
//! English at once, and carries its own excerpt, so that it can be printed
//! anywhere, any time, from any thread. Libraries never print: they return
//! [`Warned`] values and [`Errors`] lists.

mod near;
mod place;
pub mod rule;
mod source;
mod terminal;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use self::near::{SLIP, nearest};
pub use self::place::{Excerpt, Place, Position, SheetPlace, WordPlace};
pub use self::rule::{Level, Remedy, Rule, Words};
pub use self::source::Source;
pub use self::terminal::{Style, locate, render};

/// The languages the product speaks.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Default)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

/// One wording in each language of the product.
#[derive(Debug, Clone, Eq, PartialEq, Hash, Serialize, Deserialize)]
pub struct Text {
    /// 简体中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The wording in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The same words in both languages: for text that comes from the user or
    /// from a lower layer and has no translation.
    pub fn verbatim(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { zh: words.clone(), en: words }
    }
}

/// Formats a [`Text`] from a Chinese and an English format string, both with
/// captured arguments: `text!("缺少 `{name}`", "missing `{name}`")`.
#[macro_export]
macro_rules! text {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::diag::Text { zh: format!($zh), en: format!($en) }
    };
}

/// How much a diagnostic matters.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The output is written, and somebody should look.
    Warning,
}

/// One thing that is wrong, where it is, and what to do about it.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Whether the output can be trusted nevertheless.
    pub severity: Severity,
    /// A stable id, `area/what`, for example `data/unknown-field`.
    pub code: Cow<'static, str>,
    /// What is wrong: lower case, no full stop, one fact.
    pub message: Text,
    /// Where it is wrong, if that is a place in a file.
    pub place: Option<Place>,
    /// How it came about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
    /// What to do, as imperatives.
    pub hints: Vec<Text>,
}

impl Diagnostic {
    /// A diagnostic that stops the output.
    pub fn error(code: &'static str, message: Text) -> Self {
        Self {
            severity: Severity::Error,
            code: Cow::Borrowed(code),
            message,
            place: None,
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A diagnostic that does not stop the output.
    pub fn warning(code: &'static str, message: Text) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// The same, at a place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, with one more note.
    pub fn note(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// The same, with one more hint.
    pub fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }

    /// Whether it stops the output.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// How many faults of one kind are told, where there may be one for each of a hundred
/// thousand rows.
pub const MOST_ALIKE: usize = 20;

/// That there are more faults of a kind than the [`MOST_ALIKE`] that are told; `count` is
/// how many there are in all.
pub fn more(code: impl Into<Cow<'static, str>>, count: usize) -> Option<Diagnostic> {
    let left = count.checked_sub(MOST_ALIKE).filter(|left| *left > 0)?;
    let fault =
        Diagnostic::error("", text!("还有 {left} 处这样的错误", "and {left} more"));
    Some(Diagnostic { code: code.into(), ..fault })
}

/// The diagnostics of something that failed: at least one of them is an error,
/// and warnings found on the way are kept.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Errors(Vec<Diagnostic>);

impl Errors {
    /// All diagnostics, in the order in which they were found.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0
    }

    /// Gives the list up to the caller.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl From<Diagnostic> for Errors {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// A result whose failure is a list of diagnostics.
pub type Result<T> = std::result::Result<T, Errors>;

/// A value together with the warnings found while making it.
#[derive(Debug, Clone)]
pub struct Warned<T> {
    /// The value.
    pub value: T,
    /// The warnings, in the order in which they were found.
    pub warnings: Vec<Diagnostic>,
}

impl<T> Warned<T> {
    /// Hands the warnings to a collector and keeps the value.
    pub fn collect(self, into: &mut Diagnostics) -> T {
        into.extend(self.warnings);
        self.value
    }
}

/// What there is in spite of faults: they are told, and the rest is used.
#[derive(Debug)]
pub struct Partial<T> {
    /// What there is.
    pub value: T,
    /// The faults of what is missing.
    pub faults: Diagnostics,
}

impl<T> Partial<T> {
    /// The value if nothing is missing.
    ///
    /// # Errors
    /// The faults, if one of them is an error.
    pub fn whole(self) -> Result<T> {
        self.faults.finish(self.value).map(|found| found.value)
    }

    /// Hands the faults to a collector and keeps the value.
    pub fn collect(self, into: &mut Diagnostics) -> T {
        into.extend(self.faults.into_vec());
        self.value
    }
}

/// A collector: work goes on after a fault, so that all faults of an input are
/// told at once.
#[derive(Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// An empty collector.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds many diagnostics.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(diagnostics);
    }

    /// Keeps the value of a success, or its errors and `None`.
    pub fn absorb<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(errors) => {
                self.extend(errors.0);
                None
            }
        }
    }

    /// Puts the diagnostics in the order of their places in the files; those
    /// without a line come first.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|diagnostic| {
            let position = diagnostic.place.as_ref().and_then(|place| place.position);
            position.map(|position| (position.line, position.column))
        });
    }

    /// Whether one of the diagnostics is about the value at a JSON pointer.
    pub fn blames(&self, pointer: &str) -> bool {
        let about = |place: &Place| place.pointer.as_deref() == Some(pointer);
        self.0.iter().any(|diagnostic| diagnostic.place.as_ref().is_some_and(about))
    }

    /// Whether one of the diagnostics is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// How many diagnostics there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The list, whatever its severity.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }

    /// The list as a failure.
    pub fn fail(self) -> Errors {
        Errors(self.0)
    }

    /// A success with warnings, or a failure if one of them is an error.
    pub fn finish<T>(self, value: T) -> Result<Warned<T>> {
        if self.has_errors() {
            Err(self.fail())
        } else {
            Ok(Warned { value, warnings: self.0 })
        }
    }
}
