//! Arguments of our functions: by position or by name, and what is wrong with them.

use minijinja::value::{Kwargs, Rest, ValueOrKwargs, from_args};
use minijinja::{Error, Value};

use super::faults::{self, Explained};
use super::print;
use crate::diag::Text;
use crate::text;

/// All that a call gives.
pub(crate) type Given = Rest<ValueOrKwargs>;

/// What a function is called and what its arguments are.
#[derive(Debug, Copy, Clone)]
pub(crate) struct Signature {
    /// The function's name.
    pub(crate) function: &'static str,
    /// The arguments by position.
    pub(crate) names: &'static [&'static str],
    /// How many of them must be given.
    pub(crate) needed: usize,
}

impl Signature {
    /// A function of so many needed arguments.
    pub(crate) const fn new(
        function: &'static str,
        names: &'static [&'static str],
        needed: usize,
    ) -> Self {
        Self { function, names, needed }
    }

    /// Sorts what a call gives.
    pub(crate) fn read(self, given: Given) -> Result<Arguments, Error> {
        let given = given.into_values();
        let (positional, named): (&[Value], Kwargs) = from_args(&given)?;
        if positional.len() > self.names.len() {
            return Err(self.too_many(positional.len()));
        }
        let mut values: Vec<Option<Value>> =
            positional.iter().cloned().map(Some).collect();
        values.resize(self.names.len(), None);
        for name in named.args() {
            let at = self.names.iter().position(|known| *known == name);
            let Some(at) = at else { return Err(self.unknown(name)) };
            if values[at].is_some() {
                return Err(self.twice(name));
            }
            values[at] = Some(named.peek(name)?);
        }
        match values.iter().take(self.needed).position(Option::is_none) {
            Some(at) => Err(self.missing(self.names[at])),
            None => Ok(Arguments { signature: self, values }),
        }
    }

    fn fault(self, message: Text) -> Error {
        Explained::new("docx/argument", message).into()
    }

    /// The names of all arguments, in backticks.
    fn list(self, between: &str) -> String {
        let names: Vec<String> =
            self.names.iter().map(|name| format!("`{name}`")).collect();
        names.join(between)
    }

    fn too_many(self, count: usize) -> Error {
        let (function, most) = (self.function, self.names.len());
        let (zh, en) = (self.list("、"), self.list(", "));
        self.fault(match most {
            0 => text!("`{function}` 没有参数", "`{function}` takes no arguments"),
            1 => text!(
                "`{function}` 只有 1 个参数（{zh}），这里有 {count} 个",
                "`{function}` takes one argument ({en}), not {count}"
            ),
            _ => text!(
                "`{function}` 最多有 {most} 个参数（{zh}），这里有 {count} 个",
                "`{function}` takes at most {most} arguments ({en}), not {count}"
            ),
        })
    }

    fn unknown(self, name: &str) -> Error {
        let function = self.function;
        let (zh, en) = (self.list("、"), self.list(", "));
        self.fault(match self.names {
            [] => text!("`{function}` 没有参数", "`{function}` takes no arguments"),
            _ => text!(
                "`{function}` 没有参数 `{name}`，只有 {zh}",
                "`{function}` has no argument `{name}`, only {en}"
            ),
        })
    }

    fn twice(self, name: &str) -> Error {
        let function = self.function;
        self.fault(text!(
            "`{function}` 的 `{name}` 给了两次",
            "`{name}` of `{function}` is given twice"
        ))
    }

    fn missing(self, name: &str) -> Error {
        let function = self.function;
        self.fault(text!("`{function}` 缺少 `{name}`", "`{function}` needs `{name}`"))
    }
}

/// What a call gives, by name.
#[derive(Debug)]
pub(crate) struct Arguments {
    signature: Signature,
    values: Vec<Option<Value>>,
}

impl Arguments {
    /// The value of the argument at a position, given or not.
    pub(crate) fn value(&self, at: usize) -> Value {
        self.values.get(at).cloned().flatten().unwrap_or_default()
    }

    /// The value of an argument that says something.
    pub(crate) fn given(&self, at: usize) -> Option<Value> {
        Some(self.value(at)).filter(|value| !is_absent(value))
    }

    /// The text of an argument that says something.
    pub(crate) fn text(&self, at: usize) -> Result<Option<String>, Error> {
        let Some(value) = self.given(at) else { return Ok(None) };
        match value.as_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(self.wrong(at, text!("文字", "a text"))),
        }
    }

    /// That an argument is something else than what is wanted.
    pub(crate) fn wrong(&self, at: usize, wanted: Text) -> Error {
        self.wrong_value(at, wanted, &self.value(at))
    }

    /// That a value inside an argument is something else than what is wanted.
    pub(crate) fn wrong_value(&self, at: usize, wanted: Text, found: &Value) -> Error {
        self.signature.fault(self.wrong_text(at, wanted, found))
    }

    /// The words for that.
    pub(crate) fn wrong_text(&self, at: usize, wanted: Text, found: &Value) -> Text {
        let Signature { function, names, .. } = self.signature;
        let name = names.get(at).copied().unwrap_or_default();
        let found = faults::shown(&print::text(found));
        let (zh, en) = (wanted.zh, wanted.en);
        text!(
            "`{function}` 的 `{name}` 应当是{zh}，而不是 `{found}`",
            "`{name}` of `{function}` must be {en}, not `{found}`"
        )
    }

    /// Another fault of the call.
    pub(crate) fn fault(&self, message: Text) -> Error {
        self.signature.fault(message)
    }
}

/// Whether there is nothing to be written.
pub(crate) fn is_absent(value: &Value) -> bool {
    value.is_undefined() || value.is_none() || value.as_str().is_some_and(str::is_empty)
}
