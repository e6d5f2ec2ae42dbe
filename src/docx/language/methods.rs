//! Methods of values that templates know from Python: `d.items()`, `s.upper()`.

use minijinja::value::{Tuple, Value, ValueKind, from_args};
use minijinja::{Error, ErrorKind, State};
use minijinja_contrib::pycompat;

use super::changing;

/// Calls a method that a value does not have by itself.
pub(crate) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    let own = match value.kind() {
        ValueKind::String => of_text(state, value, method, arguments)?,
        ValueKind::Seq => of_list(value, method, arguments)?,
        ValueKind::Map if method == "copy" => {
            let () = from_args(arguments)?;
            Some(value.clone())
        }
        ValueKind::Map if changing::is_change(method) => {
            return Err(changing::fixed(method));
        }
        ValueKind::Number => of_number(value, method, arguments)?,
        _ => None,
    };
    match own {
        Some(result) => Ok(result),
        None => pycompat::unknown_method_callback(state, value, method, arguments),
    }
}

/// The methods of lists that no other has; nothing if there is none of the name.
fn of_list(
    list: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Option<Value>, Error> {
    match method {
        "index" => {
            let (wanted,): (&Value,) = from_args(arguments)?;
            let at = list.try_iter()?.position(|item| item == *wanted);
            at.map(|at| Some(Value::from(at))).ok_or_else(not_found)
        }
        "copy" => {
            let () = from_args(arguments)?;
            Ok(Some(list.clone()))
        }
        _ if changing::is_change(method) && !list.is_tuple() => {
            Err(changing::fixed(method))
        }
        _ => Ok(None),
    }
}

fn of_number(
    number: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Option<Value>, Error> {
    match method {
        "is_integer" => {
            let () = from_args(arguments)?;
            let whole = f64::try_from(number.clone()).is_ok_and(|n| n.fract() == 0.0);
            Ok(Some(Value::from(whole)))
        }
        "bit_length" if number.is_integer() => {
            let () = from_args(arguments)?;
            let size = i128::try_from(number.clone())?.unsigned_abs();
            Ok(Some(Value::from(u128::BITS - size.leading_zeros())))
        }
        _ => Ok(None),
    }
}

/// The methods of texts that no other has; nothing if there is none of the name.
fn of_text(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Option<Value>, Error> {
    let text = value.as_str().unwrap_or_default();
    let result = match method {
        "center" | "ljust" | "rjust" | "zfill" => padded(text, method, arguments)?.into(),
        "partition" | "rpartition" => parted(text, method, arguments)?,
        "rsplit" => split_from_the_end(text, arguments)?,
        "index" | "rindex" => {
            let find = if method == "index" { "find" } else { "rfind" };
            let at = pycompat::unknown_method_callback(state, value, find, arguments)?;
            if at == Value::from(-1) {
                return Err(not_found());
            }
            at
        }
        "removeprefix" | "removesuffix" => {
            let (edge,): (&str,) = from_args(arguments)?;
            let cut = match method {
                "removeprefix" => text.strip_prefix(edge),
                _ => text.strip_suffix(edge),
            };
            Value::from(cut.unwrap_or(text))
        }
        "expandtabs" => {
            let (width,): (Option<usize>,) = from_args(arguments)?;
            expanded(text, width.unwrap_or(8).min(WIDEST)).into()
        }
        "casefold" | "swapcase" | "istitle" => {
            let () = from_args(arguments)?;
            match method {
                "casefold" => text.to_lowercase().replace('ß', "ss").into(),
                "swapcase" => swapped(text).into(),
                _ => Value::from(is_title(text)),
            }
        }
        _ => return Ok(None),
    };
    Ok(Some(result))
}

/// How wide a text may be made.
const WIDEST: usize = 10_000;

fn padded(text: &str, method: &str, arguments: &[Value]) -> Result<String, Error> {
    let (width, fill): (usize, Option<char>) = match method {
        "zfill" => (from_args::<(usize,)>(arguments)?.0, Some('0')),
        _ => from_args(arguments)?,
    };
    let fill = fill.unwrap_or(' ');
    if method == "center" {
        return centered(text, width, fill);
    }
    let padding = padding(text, width, fill)?;
    let sign = text.starts_with(['+', '-']) && method == "zfill";
    let (sign, digits) = text.split_at(usize::from(sign));
    Ok(match method {
        "ljust" => format!("{text}{padding}"),
        _ => format!("{sign}{padding}{digits}"),
    })
}

/// What a text lacks to a width.
pub(crate) fn padding(text: &str, width: usize, fill: char) -> Result<String, Error> {
    if width > WIDEST {
        let message = format!("a text is made at most {WIDEST} characters wide");
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    let missing = width.saturating_sub(text.chars().count());
    Ok(std::iter::repeat_n(fill, missing).collect())
}

/// A text in the middle of a width; what cannot be halved goes where Python puts it.
pub(crate) fn centered(text: &str, width: usize, fill: char) -> Result<String, Error> {
    let all = padding(text, width, fill)?;
    let missing = all.chars().count();
    let left = missing / 2 + (missing & width & 1);
    let left: String = all.chars().take(left).collect();
    Ok(format!("{left}{text}{}", &all[left.len()..]))
}

fn parted(text: &str, method: &str, arguments: &[Value]) -> Result<Value, Error> {
    let (separator,): (&str,) = from_args(arguments)?;
    let first = method == "partition";
    let found = match first {
        true => text.split_once(separator),
        false => text.rsplit_once(separator),
    };
    let parts = match found {
        Some((before, after)) => [before, separator, after],
        None if first => [text, "", ""],
        None => ["", "", text],
    };
    Ok(Value::from(Tuple::from(parts.map(Value::from))))
}

fn split_from_the_end(text: &str, arguments: &[Value]) -> Result<Value, Error> {
    let (separator, most): (Option<&str>, Option<i64>) = from_args(arguments)?;
    let most = most.and_then(|most| usize::try_from(most).ok());
    let limit = most.map_or(usize::MAX, |most| most.saturating_add(1));
    let mut pieces: Vec<&str> = match separator.filter(|s| !s.is_empty()) {
        Some(separator) => text.rsplitn(limit, separator).collect(),
        None => {
            let mut pieces = Vec::new();
            let mut rest = text.trim_end();
            while !rest.is_empty() && pieces.len() + 1 < limit {
                let start = rest.rfind(char::is_whitespace);
                let start = start.map_or(0, |at| {
                    at + rest[at..].chars().next().map_or(0, char::len_utf8)
                });
                pieces.push(&rest[start..]);
                rest = rest[..start].trim_end();
            }
            pieces.extend(Some(rest).filter(|rest| !rest.is_empty()));
            pieces
        }
    };
    pieces.reverse();
    Ok(pieces.into_iter().map(Value::from).collect())
}

/// Tabs as spaces up to the next column that is a multiple of a width.
fn expanded(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' if width == 0 => {}
            '\t' => {
                let missing = width - column % width;
                out.extend(std::iter::repeat_n(' ', missing));
                column += missing;
            }
            c => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
    }
    out
}

fn swapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_uppercase() {
            true => out.extend(c.to_lowercase()),
            false => out.extend(c.to_uppercase()),
        }
    }
    out
}

/// Whether every word begins with a capital, and has no other.
fn is_title(text: &str) -> bool {
    let mut inside = false;
    let mut any = false;
    for c in text.chars() {
        if (c.is_uppercase() && inside) || (c.is_lowercase() && !inside) {
            return false;
        }
        inside = c.is_uppercase() || c.is_lowercase();
        any |= inside;
    }
    any
}

fn not_found() -> Error {
    Error::new(ErrorKind::InvalidOperation, "what is looked for is not there")
}
