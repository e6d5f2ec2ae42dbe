//! Jinja's filters and tests that the template language lacks, or has with other
//! arguments than Jinja.

use minijinja::filters;
use minijinja::value::{Kwargs, Rest, ValueKind, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use minijinja_contrib::{filters as contributed, globals};

use super::changing;
use super::methods;
use super::print;
use super::wrapping;

/// The arguments of a filter as a template writes them.
type Arguments = Rest<ValueOrKwargs>;

/// All filters of Jinja's that a template can use, for suggestions.
pub(crate) const FILTERS: [&str; 57] = [
    "abs",
    "attr",
    "batch",
    "capitalize",
    "center",
    "chain",
    "count",
    "default",
    "dictsort",
    "e",
    "escape",
    "filesizeformat",
    "first",
    "float",
    "forceescape",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "striptags",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "wordcount",
    "wordwrap",
    "xmlattr",
    "zip",
    "bool",
    "d",
];

/// All tests of Jinja's, for suggestions.
pub(crate) const TESTS: [&str; 37] = [
    "boolean",
    "callable",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "escaped",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "safe",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
];

/// The functions of Jinja's, for suggestions.
pub(crate) const FUNCTIONS: [&str; 5] =
    ["cycler", "dict", "joiner", "namespace", "range"];

/// Gives an environment these filters and tests.
pub(crate) fn add_to(environment: &mut Environment<'static>) {
    of_lists(environment);
    of_texts(environment);
    environment.add_filter("default", default);
    environment.add_filter("d", default);
    environment.add_filter("int", |state: &State, value: &Value, given: Arguments| {
        filters::int(state, value, None, None, or_zero(&["default", "base"], given, 0)?)
    });
    environment.add_filter("float", |state: &State, value: &Value, given: Arguments| {
        filters::float(state, value, None, or_zero(&["default"], given, 0.0)?)
    });
    environment.add_filter("string", string);
    environment.add_filter("pprint", print::pretty);
    environment.add_filter("tojson", json);
    environment.add_filter("urlencode", url_encoded);
    environment
        .add_function("cycler", |items: Rest<Value>| globals::cycler(items.to_vec()));
    environment.add_function("joiner", globals::joiner);
    environment.add_test("callable", is_callable);
    environment.add_test("sequence", |value: &Value| {
        let kind = value.kind();
        value.is_undefined()
            || matches!(kind, ValueKind::Seq | ValueKind::Map | ValueKind::String)
    });
    // Values are always escaped, and never trusted to be markup.
    for name in ["safe", "escape", "e", "forceescape"] {
        environment.add_filter(name, |value: Value| value);
    }
}

/// Filters that take by position, too, what the template language wants by name,
/// or the other way round.
fn of_lists(environment: &mut Environment<'static>) {
    environment.add_filter("sort", |state: &State, value: Value, given: Arguments| {
        let names = ["reverse", "case_sensitive", "attribute"];
        filters::sort(state, value, by_name(&names, given)?)
    });
    environment.add_filter("min", |state: &State, value: Value, given: Arguments| {
        filters::min(state, value, by_name(&["case_sensitive", "attribute"], given)?)
    });
    environment.add_filter("max", |state: &State, value: Value, given: Arguments| {
        filters::max(state, value, by_name(&["case_sensitive", "attribute"], given)?)
    });
    environment.add_filter("unique", |state: &State, value: Value, given: Arguments| {
        filters::unique(state, value, by_name(&["case_sensitive", "attribute"], given)?)
    });
    environment.add_filter("dictsort", |value: &Value, given: Arguments| {
        filters::dictsort(value, by_name(&["case_sensitive", "by", "reverse"], given)?)
    });
    environment.add_filter("groupby", |value: Value, given: Arguments| {
        let names = ["attribute", "default", "case_sensitive"];
        filters::groupby(value, None, by_name(&names, given)?)
    });
    environment.add_filter("batch", |state: &State, value: Value, given: Arguments| {
        let (count, fill) = counted(&["linecount", "fill_with"], given)?;
        filters::batch(state, value, count, fill)
    });
    environment.add_filter("slice", |state: &State, value: Value, given: Arguments| {
        let (count, fill) = counted(&["slices", "fill_with"], given)?;
        filters::slice(state, value, count, fill)
    });
}

fn of_texts(environment: &mut Environment<'static>) {
    environment.add_filter("center", center);
    environment.add_filter("filesizeformat", file_size);
    environment.add_filter("indent", indented);
    environment.add_filter("striptags", contributed::striptags);
    environment.add_filter(
        "truncate",
        |state: &mut State, value: &Value, given: Arguments| {
            let names = ["length", "killwords", "end", "leeway"];
            contributed::truncate(state, value, by_name(&names, given)?)
        },
    );
    environment.add_filter("wordcount", contributed::wordcount);
    environment.add_filter("wordwrap", |value: &Value, given: Arguments| {
        wrapping::wordwrap(value, &by_name(&wrapping::PARAMETERS, given)?)
    });
    environment.add_filter("xmlattr", attributes);
}

/// The arguments by the names that Python knows them by.
fn by_name(names: &[&'static str], given: Arguments) -> Result<Kwargs, Error> {
    let given = given.into_values();
    let (places, named): (&[Value], Kwargs) = from_args(&given)?;
    if places.len() > names.len() {
        return Err(Error::from(ErrorKind::TooManyArguments));
    }
    let mut all: Vec<(String, Value)> = names
        .iter()
        .zip(places)
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    for name in named.args() {
        all.push((name.to_owned(), named.get(name)?));
    }
    Ok(all.into_iter().collect())
}

/// The same; a value that is no number becomes zero unless a default is given.
fn or_zero(
    names: &[&'static str],
    given: Arguments,
    zero: impl Into<Value>,
) -> Result<Kwargs, Error> {
    let given = by_name(names, given)?;
    let default: Option<Value> = given.get("default")?;
    let default = default.unwrap_or_else(|| zero.into());
    let mut all = vec![("default".to_owned(), default)];
    for name in given.args().filter(|name| *name != "default") {
        all.push((name.to_owned(), given.get(name)?));
    }
    Ok(all.into_iter().collect())
}

/// A number of items, and what fills up the last of them.
fn counted(
    names: &[&'static str; 2],
    given: Arguments,
) -> Result<(usize, Option<Value>), Error> {
    let given = by_name(names, given)?;
    let counted = (given.get(names[0])?, given.get(names[1])?);
    given.assert_all_used()?;
    Ok(counted)
}

fn default(value: Value, given: Arguments) -> Result<Value, Error> {
    let given = by_name(&["default_value", "boolean"], given)?;
    let other: Option<Value> = given.get("default_value")?;
    let unless_true: Option<bool> = given.get("boolean")?;
    given.assert_all_used()?;
    let absent = value.is_undefined() || unless_true.unwrap_or(false) && !value.is_true();
    Ok(if absent { other.unwrap_or_else(|| Value::from("")) } else { value })
}

fn string(value: Value) -> Value {
    match value.kind() {
        ValueKind::String => value,
        _ => Value::from(print::text(&value)),
    }
}

fn center(value: &Value, given: Arguments) -> Result<String, Error> {
    let given = by_name(&["width"], given)?;
    let width: Option<usize> = given.get("width")?;
    given.assert_all_used()?;
    methods::centered(&print::text(value), width.unwrap_or(80), ' ')
}

/// A number of bytes, also one that is written in a text.
fn file_size(value: &Value, given: Arguments) -> Result<String, Error> {
    let given = by_name(&["binary"], given)?;
    let binary: Option<bool> = given.get("binary")?;
    given.assert_all_used()?;
    let number = match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => f64::try_from(value.clone()).ok(),
    };
    let bytes = number.ok_or_else(|| {
        let message = "the size of a file must be a number";
        Error::new(ErrorKind::InvalidOperation, message)
    })?;
    // Jinja writes whole bytes.
    let whole = bytes.abs() < 1000.0;
    Ok(contributed::filesizeformat(if whole { bytes.trunc() } else { bytes }, binary))
}

/// Lines with spaces, or a text of the template's, before them.
fn indented(value: &Value, given: Arguments) -> Result<Value, Error> {
    let given = by_name(&["width", "first", "blank"], given)?;
    let width: Option<Value> = given.get("width")?;
    let first: Option<bool> = given.get("first")?;
    let blank: Option<bool> = given.get("blank")?;
    given.assert_all_used()?;
    let before = match width {
        None => " ".repeat(4),
        Some(width) => match width.as_str() {
            Some(text) => text.to_owned(),
            None => methods::padding("", usize::try_from(width)?, ' ')?,
        },
    };
    let mut out = String::new();
    for (index, line) in print::text(value).split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let empty = line.is_empty() && !blank.unwrap_or(false);
        if if index == 0 { first.unwrap_or(false) } else { !empty } {
            out.push_str(&before);
        }
        out.push_str(line);
    }
    // What a block has captured is markup, and stays it.
    Ok(if value.is_safe() { Value::from_safe_string(out) } else { Value::from(out) })
}

/// JSON as Python writes it: keys sorted, and all of it ASCII.
fn json(value: &Value, indent: Option<Value>, given: Kwargs) -> Result<String, Error> {
    let json = filters::tojson(&print::sorted(value, 0), indent, given)?;
    let mut out = String::new();
    for c in json.as_str().unwrap_or_default().chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    Ok(out)
}

/// A text for a path, or a map or list of pairs for a query, where `/` and spaces
/// are written otherwise.
fn url_encoded(value: &Value) -> Result<String, Error> {
    let fields = match value.kind() {
        ValueKind::Map => value.clone(),
        ValueKind::Seq => Value::from_pairs(changing::pairs_of(value)?),
        _ => return filters::urlencode(&Value::from(print::text(value))),
    };
    let encoded = filters::urlencode(&fields)?;
    Ok(encoded.replace("%20", "+").replace('/', "%2F"))
}

/// A map as attributes of an element, without those that have no value.
fn attributes(value: &Value, given: Arguments) -> Result<String, Error> {
    let given = by_name(&["autospace"], given)?;
    let space: Option<bool> = given.get("autospace")?;
    given.assert_all_used()?;
    let mut all = Vec::new();
    for key in value.try_iter()? {
        let field = value.get_item(&key)?;
        if !field.is_none() && !field.is_undefined() {
            all.push(format!("{}=\"{}\"", print::text(&key), print::text(&field)));
        }
    }
    let lead = if space.unwrap_or(true) && !all.is_empty() { " " } else { "" };
    Ok(format!("{lead}{}", all.join(" ")))
}

/// Whether a value can be called: of what is no value of the data, all can.
fn is_callable(value: &Value) -> bool {
    value.kind() == ValueKind::Plain && !print::is_printed(value)
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, Value};

    #[test]
    fn what_is_suggested_exists() {
        let mut environment = Environment::new();
        super::add_to(&mut environment);
        super::super::changing::add_to(&mut environment);
        let mut state = environment.empty_state();
        for (kind, names) in
            [("filter", super::FILTERS.as_slice()), ("test", super::TESTS.as_slice())]
        {
            for name in names {
                let known = state.perform_test(kind, &[Value::from(*name)]);
                assert_eq!(known.ok(), Some(true), "{kind} {name}");
            }
        }
        for name in super::FUNCTIONS {
            assert!(environment.globals().any(|(global, _)| global == name), "{name}");
        }
    }
}
