//! What the TOML reader says, with place and hint.

use serde::de::DeserializeOwned;

use crate::data::encoding;
use crate::diag::{Diagnostic, Result, SLIP, Source, nearest};
use crate::text;

/// Reads a TOML file into a type that refuses unknown fields.
///
/// # Errors
/// The first fault of the file, with its line and a near name for a slip.
pub(super) fn read<T: DeserializeOwned>(
    code: &'static str,
    name: &str,
    bytes: &[u8],
) -> Result<T> {
    let text = encoding::decode(name, bytes)?;
    toml::from_str(&text).map_err(|error| {
        let source = Source::new(name, text.as_ref());
        let reason = error.message().lines().next().unwrap_or_default();
        let range = error.span().unwrap_or(0..0);
        let mut fault =
            Diagnostic::error(code, translate(reason)).at(source.place(range));
        fault.hints.extend(suggestion(reason));
        fault.into()
    })
}

fn translate(reason: &str) -> crate::diag::Text {
    let name = quoted(reason).next().unwrap_or_default();
    if reason.starts_with("unknown field") {
        text!("没有 `{name}` 这一项", "unknown key `{name}`")
    } else if reason.starts_with("missing field") {
        text!("缺少 `{name}` 这一项", "missing key `{name}`")
    } else if reason.starts_with("unknown variant") {
        text!("`{name}` 不在可选值之内", "`{name}` is not one of the options")
    } else {
        text!("TOML 写法有误（{reason}）", "TOML: {reason}")
    }
}

fn suggestion(reason: &str) -> Option<crate::diag::Text> {
    let mut names = quoted(reason);
    let wrong = names.next()?;
    let known: Vec<&str> = names.collect();
    if known.is_empty() {
        return None;
    }
    if let Some(near) = nearest(wrong, known.iter().copied(), SLIP) {
        return Some(text!("是不是 `{near}`？", "did you mean `{near}`?"));
    }
    let (zh, en) = (known.join("、"), known.join(", "));
    Some(text!("可以写：{zh}", "the options are: {en}"))
}

/// The names between back quotes, in order.
fn quoted(reason: &str) -> impl Iterator<Item = &str> {
    reason.split('`').skip(1).step_by(2)
}
