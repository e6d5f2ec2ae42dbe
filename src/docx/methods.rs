//! Methods of values that templates know from Python: `d.items()`, `s.upper()`.

use minijinja::value::{Value, ValueKind, from_args};
use minijinja::{Error, ErrorKind, State};

/// Calls a method that a value does not have by itself.
pub(super) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Map => of_map(value, method, arguments),
        ValueKind::String => of_text(state, value, method, arguments),
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn of_map(map: &Value, method: &str, arguments: &[Value]) -> Result<Value, Error> {
    if method == "get" {
        let (key, default) = from_args::<(&Value, Option<Value>)>(arguments)?;
        let found = map.get_item(key)?;
        let absent = found.is_undefined();
        return Ok(if absent { default.unwrap_or(Value::from(())) } else { found });
    }
    let pick: fn(Value, Value) -> Value = match method {
        "keys" => |key, _| key,
        "values" => |_, field| field,
        "items" => |key, field| Value::from((key, field)),
        _ => return Err(Error::from(ErrorKind::UnknownMethod)),
    };
    let () = from_args(arguments)?;
    let picked: Result<Vec<Value>, Error> = map
        .try_iter()?
        .map(|key| {
            let field = map.get_item(&key)?;
            Ok(pick(key, field))
        })
        .collect();
    Ok(Value::from(picked?))
}

fn of_text(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    let text = value.as_str().unwrap_or_default();
    match method {
        "strip" | "lstrip" | "rstrip" => {
            let (set,): (Option<&str>,) = from_args(arguments)?;
            let cut = |c: char| set.map_or(c.is_whitespace(), |set| set.contains(c));
            let text =
                if method == "rstrip" { text } else { text.trim_start_matches(cut) };
            let text = if method == "lstrip" { text } else { text.trim_end_matches(cut) };
            Ok(Value::from(text))
        }
        "startswith" | "endswith" => {
            let (edge,): (&str,) = from_args(arguments)?;
            let starts = method == "startswith";
            let found =
                if starts { text.starts_with(edge) } else { text.ends_with(edge) };
            Ok(Value::from(found))
        }
        "split" => {
            let (separator,): (Option<&str>,) = from_args(arguments)?;
            let pieces: Vec<String> =
                match separator.filter(|separator| !separator.is_empty()) {
                    Some(separator) => text.split(separator).map(str::to_owned).collect(),
                    None => text.split_whitespace().map(str::to_owned).collect(),
                };
            Ok(Value::from(pieces))
        }
        "join" => {
            let (items,): (&Value,) = from_args(arguments)?;
            state.apply_filter("join", &[items.clone(), value.clone()])
        }
        // What Python has as methods, the template language has as filters.
        "upper" | "lower" | "title" | "capitalize" | "replace" => {
            let mut all = vec![value.clone()];
            all.extend_from_slice(arguments);
            state.apply_filter(method, &all)
        }
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}
