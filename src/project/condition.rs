//! `when` of an output: an expression that says which editions it is made for.

use minijinja::{Environment, UndefinedBehavior, context};
use serde_json::Value;

use super::written::{File, Word};
use crate::diag::{Diagnostic, Place, SLIP, nearest};
use crate::text;

/// What an expression may ask for.
const NAMES: [&str; 4] = ["name", "template", "profile", "data"];

/// An expression.
#[derive(Debug, Clone)]
pub struct Condition {
    written: String,
    place: Place,
    reads_data: bool,
}

/// What an expression is asked about.
#[derive(Debug, Copy, Clone)]
pub struct Facts<'f> {
    /// The edition's name.
    pub name: &'f str,
    /// The template.
    pub template: &'f str,
    /// The profile, if there is one.
    pub profile: Option<&'f str>,
    /// The dataset, if the expression reads it.
    pub data: Option<&'f Value>,
}

impl Condition {
    /// Reads an expression of `file`.
    ///
    /// Fails where it is none, or asks for a name that is not known.
    pub(super) fn read(word: &Word, file: &File) -> Result<Self, Diagnostic> {
        let environment = environment();
        let expression = environment.compile_expression(&word.text).map_err(|error| {
            let range = error.range().unwrap_or(0..word.text.len());
            let reason = error.detail().unwrap_or("syntax error").to_string();
            Diagnostic::error(
                "project/when",
                text!(
                    "`when` 的写法不对（{reason}）",
                    "`when` cannot be read ({reason})"
                ),
            )
            .at(file.inside(word, range))
            .hint(text!(
                "写成 `data.seating is defined and name >= '2020'` 这样",
                "write it like `data.seating is defined and name >= '2020'`"
            ))
        })?;
        let asked = expression.undeclared_variables(false);
        let is_known = |name: &&String| {
            NAMES.contains(&name.as_str())
                || environment.globals().any(|(global, _)| global == name.as_str())
        };
        let mut unknown: Vec<&String> =
            asked.iter().filter(|name| !is_known(name)).collect();
        unknown.sort();
        if let Some(name) = unknown.first() {
            return Err(no_such_name(name, word, file));
        }
        Ok(Self {
            written: word.text.clone(),
            place: file.place(word),
            reads_data: asked.contains("data"),
        })
    }

    /// Whether it asks for the dataset.
    pub fn reads_data(&self) -> bool {
        self.reads_data
    }

    /// Whether it is true of an edition.
    ///
    /// # Errors
    /// A value that cannot be compared or computed with, with the edition.
    pub fn holds(&self, facts: &Facts<'_>) -> Result<bool, Diagnostic> {
        let environment = environment();
        let Facts { name, template, profile, data } = *facts;
        let data = data.map(|data| minijinja::Value::from(minijinja::value::Serde(data)));
        let context = context! { name, template, profile, data };
        let value = environment
            .compile_expression(&self.written)
            .and_then(|expression| expression.eval(context));
        value.map(|value| value.is_true()).map_err(|error| {
            let reason = error.detail().map_or_else(|| error.to_string(), str::to_string);
            Diagnostic::error(
                "project/when",
                text!(
                    "`when` 对 `{name}` 算不出来（{reason}）",
                    "`when` cannot be told for `{name}` ({reason})"
                ),
            )
            .at(self.place.clone())
        })
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_debug(true);
    environment
}

fn no_such_name(name: &str, word: &Word, file: &File) -> Diagnostic {
    let start = word.text.find(name).unwrap_or(0);
    let fault = Diagnostic::error(
        "project/when",
        text!("`when` 里没有 `{name}` 可用", "`when` knows no `{name}`"),
    )
    .at(file.inside(word, start..start + name.len()));
    match nearest(name, NAMES, SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault.hint(text!(
            "可用的有 name、template、profile 和 data，例如 `data.{name}`",
            "there are name, template, profile and data, such as `data.{name}`"
        )),
    }
}
