//! Errors of the template language as diagnostics: what, where, what to do.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt;

use minijinja::{Error, ErrorKind};
use serde_json::Value as Json;

use super::filters;
use super::vocabulary;
use crate::diag::{Diagnostic, Place, Text};
use crate::text;

/// An error of ours that travels inside one of the template language's.
#[derive(Debug, Clone)]
pub(crate) struct Explained {
    /// The code of the diagnostic.
    pub(crate) code: &'static str,
    /// The message of the diagnostic.
    pub(crate) message: Text,
    /// What to do about it, if that can be told.
    hint: Option<Text>,
}

impl Explained {
    /// An error with its wording.
    pub(crate) fn new(code: &'static str, message: Text) -> Self {
        Self { code, message, hint: None }
    }

    /// The same with what to do about it.
    pub(crate) fn hint(self, hint: Text) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl StdError for Explained {}

/// How many characters of a tag a message shows.
const SHOWN: usize = 60;

/// A tag as a message shows it.
pub(crate) fn shown(written: &str) -> String {
    let mut shown: String = written.chars().take(SHOWN).collect();
    if shown.len() < written.len() {
        shown.push('…');
    }
    shown
}

/// The diagnostic of an error found while compiling or rendering, at the tag
/// where it happened. `data` is where near names are looked for.
pub(crate) fn diagnose(
    error: &Error,
    written: &str,
    place: Option<Place>,
    data: Option<&Json>,
) -> Diagnostic {
    let diagnostic = match explained(error) {
        Some(own) => {
            let fault = Diagnostic::error(own.code, own.message.clone());
            own.hint.clone().into_iter().fold(fault, Diagnostic::hint)
        }
        None => by_kind(error, &shown(written), data),
    };
    match place {
        Some(place) => diagnostic.at(place),
        None => diagnostic,
    }
}

/// An error and those of the template language that it wraps, from the outside in:
/// the tag that fails may stand in an included document.
pub(crate) fn chain(error: &Error) -> Vec<&Error> {
    std::iter::successors(Some(error), |error| within(error)).collect()
}

/// The error of an included document that an error wraps.
fn within(error: &Error) -> Option<&Error> {
    let wraps = error.kind() == ErrorKind::BadInclude;
    error.source().filter(|_| wraps)?.downcast_ref()
}

/// The error of ours at the bottom of an error's causes.
fn explained(error: &Error) -> Option<&Explained> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(own) = error.downcast_ref::<Explained>() {
            return Some(own);
        }
        cause = error.source();
    }
    None
}

fn by_kind(error: &Error, written: &str, data: Option<&Json>) -> Diagnostic {
    let detail = error.detail().unwrap_or("").to_owned();
    match error.kind() {
        ErrorKind::SyntaxError | ErrorKind::BadEscape => syntax(written, &detail),
        ErrorKind::UndefinedError => undefined(written, &detail, data),
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest => unknown(&detail),
        ErrorKind::UnknownFunction => unknown_function(&detail),
        _ if detail.ends_with("is undefined)") => undefined(written, &detail, data),
        ErrorKind::InvalidOperation if detail.contains("recursion") => Diagnostic::error(
            "docx/recursion",
            text!("`{written}` 的嵌套过深", "`{written}` nests too deeply"),
        ),
        kind => {
            let cause = if detail.is_empty() { kind.to_string() } else { detail };
            Diagnostic::error(
                "docx/evaluation",
                text!(
                    "`{written}` 算不出来（{cause}）",
                    "failed to evaluate `{written}` ({cause})"
                ),
            )
        }
    }
}

fn syntax(written: &str, detail: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "docx/syntax",
        text!(
            "标签 `{written}` 写法有误（{detail}）",
            "syntax error in `{written}` ({detail})"
        ),
    );
    let wide = written
        .chars()
        .find(|c| matches!(c, '（' | '）' | '，' | '．' | '｜' | '＝' | '：'));
    match wide {
        Some(c) => diagnostic.hint(text!(
            "把全角的 `{c}` 换成半角",
            "replace the full-width `{c}` by its ASCII form"
        )),
        None => diagnostic,
    }
}

/// The text between the first backticks.
fn quoted(detail: &str) -> Option<&str> {
    let start = detail.find('`')? + 1;
    let length = detail[start..].find('`')?;
    Some(&detail[start..start + length])
}

fn undefined(written: &str, detail: &str, data: Option<&Json>) -> Diagnostic {
    let Some(name) = quoted(detail) else {
        return Diagnostic::error(
            "docx/undefined",
            text!(
                "`{written}` 用到了没有定义的值",
                "`{written}` uses an undefined value"
            ),
        );
    };
    let diagnostic = Diagnostic::error(
        "docx/undefined",
        text!(
            "`{name}` 没有定义，不能再取它的内容",
            "`{name}` is undefined, so nothing can be taken from it"
        ),
    );
    match data.and_then(|data| suggest(name, data)) {
        Some(near) => diagnostic
            .hint(text!("是否想写 `{near}`", "write `{near}` if that was meant")),
        None => diagnostic.hint(text!(
            "先用 `{{% if {name} %}}` 判断它是否存在",
            "ask first whether it exists, with `{{% if {name} %}}`"
        )),
    }
}

/// The name nearest to the last segment of a path, among the fields beside it,
/// or among all fields if the path starts at a variable of the template.
fn suggest(path: &str, data: &Json) -> Option<String> {
    let (parent, wanted) = path.rsplit_once('.').unwrap_or(("", path));
    let mut at = Some(data);
    for segment in parent.split('.').filter(|segment| !segment.is_empty()) {
        at = at.and_then(|at| at.get(segment));
    }
    let mut names = BTreeSet::new();
    match at.and_then(Json::as_object) {
        Some(fields) => names.extend(fields.keys().map(String::as_str)),
        None => all_names(data, &mut names),
    }
    let near = nearest(wanted, names)?;
    Some(if parent.is_empty() { near.to_owned() } else { format!("{parent}.{near}") })
}

fn all_names<'a>(data: &'a Json, names: &mut BTreeSet<&'a str>) {
    match data {
        Json::Object(fields) => {
            for (name, field) in fields {
                names.insert(name);
                all_names(field, names);
            }
        }
        Json::Array(items) => {
            for item in items {
                all_names(item, names);
            }
        }
        _ => {}
    }
}

/// The name that is most like the wanted one, if one is like it at all.
pub(crate) fn nearest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = wanted.chars().count();
    names
        .into_iter()
        .filter(|name| *name != wanted)
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, _)| *distance <= (length / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

fn unknown(detail: &str) -> Diagnostic {
    // The detail is "filter x is unknown" or "test x is unknown".
    let mut words = detail.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let name = words.next().unwrap_or_default();
    if kind == "test" { unknown_test(name) } else { unknown_filter(name) }
}

/// A diagnostic with the name that was meant, if there is one.
fn meant(diagnostic: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => diagnostic
            .hint(text!("是否想写 `{near}`", "write `{near}` if that was meant")),
        None => diagnostic,
    }
}

/// The diagnostic of a filter that does not exist.
pub(crate) fn unknown_filter(name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "docx/unknown-filter",
        text!("没有过滤器 `{name}`", "unknown filter `{name}`"),
    );
    let known = filters::FILTERS.into_iter().chain(vocabulary::FILTERS);
    meant(diagnostic, nearest(name, known))
}

/// The diagnostic of a test that does not exist.
pub(crate) fn unknown_test(name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "docx/unknown-test",
        text!("没有判断 `{name}`", "unknown test `{name}`"),
    );
    meant(diagnostic, nearest(name, filters::TESTS))
}

fn unknown_function(detail: &str) -> Diagnostic {
    let name = detail.split_whitespace().next().unwrap_or_default();
    let diagnostic = Diagnostic::error(
        "docx/unknown-function",
        text!("没有函数 `{name}`", "unknown function `{name}`"),
    );
    let own =
        vocabulary::FUNCTIONS.into_iter().chain(vocabulary::FILTERS).chain(["subdoc"]);
    meant(diagnostic, nearest(name, filters::FUNCTIONS.into_iter().chain(own)))
}
