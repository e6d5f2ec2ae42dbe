//! What a schema says against a dataset, in the words of its author.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::Dataset;
use super::json::pointer_join;
use crate::diag::{Diagnostic, SLIP, Text, nearest};
use crate::text;

/// The diagnostics for one validation error. Alternatives (`anyOf`, `oneOf`)
/// give the faults of the alternative that came closest.
pub(super) fn translate(
    error: &ValidationError,
    dataset: &Dataset,
    schema: &Value,
) -> Vec<Diagnostic> {
    let pointer = error.instance_path().as_str();
    if dataset.node(pointer).is_none_or(|node| node.is_broken() && node.is_leaf()) {
        return Vec::new();
    }
    let keyword = error.schema_path().as_str();
    match error.kind() {
        Kind::AdditionalProperties { unexpected }
        | Kind::UnevaluatedProperties { unexpected } => {
            let object = parent_schema(schema, keyword);
            let known: Vec<&str> = object
                .into_iter()
                .flat_map(|object| properties(schema, object).map(|(name, _)| name))
                .collect();
            unexpected
                .iter()
                .filter(|name| !name.is_empty())
                .map(|name| unknown_field(dataset, pointer, name, &known))
                .collect()
        }
        Kind::Required { property } => {
            let broken = dataset.node(pointer).is_some_and(|n| n.has_broken_members());
            if broken {
                return Vec::new();
            }
            let object = parent_schema(schema, keyword);
            let name = property.as_str().unwrap_or_default();
            let title = object.and_then(|object| property_title(schema, object, name));
            vec![missing_field(dataset, pointer, name, title)]
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let closest = context.iter().max_by_key(|errors| depth(errors));
            let errors = closest.map(Vec::as_slice).unwrap_or_default();
            errors.iter().flat_map(|e| translate(e, dataset, schema)).collect()
        }
        Kind::Enum { options } => {
            vec![not_an_option(dataset, pointer, error.instance(), options)]
        }
        kind => {
            let (code, message) = describe(kind, error);
            let mut fault = Diagnostic::error(code, message).at(dataset.place(pointer));
            fault.hints.extend(advice(kind, error.instance()));
            vec![fault]
        }
    }
}

fn depth(errors: &[ValidationError]) -> usize {
    errors.iter().map(|e| e.instance_path().as_str().len()).max().unwrap_or(0)
}

fn unknown_field(
    dataset: &Dataset,
    object: &str,
    name: &str,
    known: &[&str],
) -> Diagnostic {
    let pointer = pointer_join(object, name);
    let fault = Diagnostic::error(
        "data/unknown-field",
        text!("没有 `{name}` 这个字段", "unknown field `{name}`"),
    )
    .at(dataset.key_place(&pointer));
    match nearest(name, known.iter().copied(), SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => {
            let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
            let (zh, en) = (list.join("、"), list.join(", "));
            fault.hint(text!("这里可以写：{zh}", "the fields here are: {en}"))
        }
    }
}

fn missing_field(
    dataset: &Dataset,
    object: &str,
    name: &str,
    title: Option<&str>,
) -> Diagnostic {
    let meaning = title.map(|title| format!("（{title}）")).unwrap_or_default();
    Diagnostic::error(
        "data/missing-field",
        text!("缺少字段 `{name}`{meaning}", "missing field `{name}`{meaning}"),
    )
    .at(dataset.place(object))
}

fn not_an_option(
    dataset: &Dataset,
    pointer: &str,
    found: &Value,
    options: &Value,
) -> Diagnostic {
    let options: Vec<String> =
        options.as_array().into_iter().flatten().map(Value::to_string).collect();
    let (zh, en) = (options.join("、"), options.join(", "));
    let fault = Diagnostic::error(
        "data/not-an-option",
        text!("{found} 不在可选值之内", "{found} is not one of the options"),
    )
    .at(dataset.place(pointer));
    fault.hint(text!("可选：{zh}", "options: {en}"))
}

/// Code and message of the errors that concern one value.
fn describe(kind: &Kind, error: &ValidationError) -> (&'static str, Text) {
    match kind {
        Kind::Type { kind } => ("data/wrong-type", wrong_type(kind, error.instance())),
        Kind::Format { format } => {
            ("data/wrong-format", wrong_format(format, error.instance()))
        }
        Kind::Minimum { limit } => {
            ("data/out-of-range", text!("数值小于 {limit}", "less than {limit}"))
        }
        Kind::Maximum { limit } => {
            ("data/out-of-range", text!("数值大于 {limit}", "greater than {limit}"))
        }
        Kind::ExclusiveMinimum { limit } => (
            "data/out-of-range",
            text!("数值应大于 {limit}", "must be greater than {limit}"),
        ),
        Kind::ExclusiveMaximum { limit } => (
            "data/out-of-range",
            text!("数值应小于 {limit}", "must be less than {limit}"),
        ),
        Kind::MinLength { limit: 1 } => {
            ("data/out-of-range", text!("文字不能为空", "the text is empty"))
        }
        Kind::MinLength { limit } => (
            "data/out-of-range",
            text!("文字不足 {limit} 个字", "shorter than {limit} characters"),
        ),
        Kind::MaxLength { limit } => (
            "data/out-of-range",
            text!("文字超过 {limit} 个字", "longer than {limit} characters"),
        ),
        Kind::MinItems { limit } => (
            "data/out-of-range",
            text!("至少要有 {limit} 项", "fewer than {limit} items"),
        ),
        Kind::MaxItems { limit } => {
            ("data/out-of-range", text!("最多 {limit} 项", "more than {limit} items"))
        }
        Kind::UniqueItems => {
            ("data/duplicate-item", text!("有重复的项", "items are not unique"))
        }
        Kind::Pattern { pattern } => (
            "data/wrong-format",
            text!("文字不合格式 `{pattern}`", "text does not match `{pattern}`"),
        ),
        Kind::Constant { expected_value } => (
            "data/not-an-option",
            text!("这里只能写 {expected_value}", "must be {expected_value}"),
        ),
        _ => {
            let reason = error.to_string();
            (
                "data/schema",
                text!("不合数据规范（{reason}）", "violates the schema ({reason})"),
            )
        }
    }
}

fn wrong_type(expected: &TypeKind, found: &Value) -> Text {
    let expected: Vec<JsonType> = match expected {
        TypeKind::Single(kind) => vec![*kind],
        TypeKind::Multiple(kinds) => kinds.iter().collect(),
    };
    let names: Vec<Text> = expected.into_iter().map(type_name).collect();
    let zh = names.iter().map(|n| n.zh.as_str()).collect::<Vec<_>>().join("或");
    let en = names.iter().map(|n| n.en.as_str()).collect::<Vec<_>>().join(" or ");
    let found = type_name(JsonType::from(found));
    let (found_zh, found_en) = (found.zh, found.en);
    text!("这里应是{zh}，却是{found_zh}", "expected {en}, found {found_en}")
}

fn type_name(kind: JsonType) -> Text {
    match kind {
        JsonType::Array => text!("列表 [ ]", "an array [ ]"),
        JsonType::Boolean => text!("真假值 true/false", "true or false"),
        JsonType::Integer => text!("整数", "an integer"),
        JsonType::Null => text!("空值 null", "null"),
        JsonType::Number => text!("数字", "a number"),
        JsonType::Object => text!("对象 {{ }}", "an object {{ }}"),
        JsonType::String => text!("文字 \"…\"", "text \"…\""),
    }
}

fn wrong_format(format: &str, found: &Value) -> Text {
    match format {
        "date" => text!("{found} 不是有效的日期", "{found} is not a valid date"),
        "email" => text!("{found} 不是电子邮箱", "{found} is not an e-mail address"),
        "uri" => text!("{found} 不是网址", "{found} is not a URI"),
        _ => text!(
            "{found} 不合格式 `{format}`",
            "{found} is not of the format `{format}`"
        ),
    }
}

fn advice(kind: &Kind, found: &Value) -> Option<Text> {
    match (kind, found) {
        (Kind::Format { format }, Value::String(text)) if format == "date" => {
            Some(match iso_date(text) {
                Some(iso) => text!("写成 `{iso}`", "write `{iso}`"),
                None => text!(
                    "写成 `2023-03-28` 这样：年-月-日，月和日各两位，并且历上有这一天",
                    "write it like `2023-03-28`, a day that exists"
                ),
            })
        }
        (
            Kind::Type { kind: TypeKind::Single(JsonType::Integer | JsonType::Number) },
            Value::String(text),
        ) => {
            let number: f64 = text.trim().parse().ok()?;
            Some(text!("去掉引号，写成 `{number}`", "drop the quotes: `{number}`"))
        }
        (
            Kind::Type { kind: TypeKind::Single(JsonType::String) },
            Value::Number(number),
        ) => Some(text!("加上引号，写成 `\"{number}\"`", "quote it: `\"{number}\"`")),
        _ => None,
    }
}

/// `2023年3月8日`, `2023.3.8` or `2023/3/8` as ISO 8601, if the day exists.
fn iso_date(text: &str) -> Option<String> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map_while(|digits| digits.parse().ok())
        .collect();
    let [year @ 1000..=9999, month @ 1..=12, day @ 1..=31] = numbers[..] else {
        return None;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (day <= last).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The object schema that lists a property: where a keyword's location is
/// `…/additionalProperties`, its siblings are there.
fn parent_schema<'a>(schema: &'a Value, keyword: &str) -> Option<&'a Value> {
    let (parent, _) = keyword.rsplit_once('/')?;
    schema.pointer(parent)
}

/// The properties that an object schema knows, its own and those of the schema it
/// refers to.
fn properties<'a>(
    schema: &'a Value,
    object: &'a Value,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    [Some(object), referred(schema, object)]
        .into_iter()
        .flatten()
        .filter_map(|object| object.get("properties")?.as_object())
        .flatten()
        .map(|(name, property)| (name.as_str(), property))
}

/// What a schema's `$ref` leads to.
fn referred<'a>(schema: &'a Value, value: &Value) -> Option<&'a Value> {
    let reference = value.get("$ref")?.as_str()?;
    schema.pointer(reference.strip_prefix('#')?)
}

/// The title that the schema gives a property, for messages: `主标语`.
fn property_title<'a>(
    schema: &'a Value,
    object: &'a Value,
    name: &str,
) -> Option<&'a str> {
    let (_, property) = properties(schema, object).find(|(known, _)| *known == name)?;
    let title = property.get("title");
    title.or_else(|| referred(schema, property)?.get("title"))?.as_str()
}

#[cfg(test)]
mod tests {
    use super::iso_date;

    #[test]
    fn suggests_only_days_that_exist() {
        assert_eq!(iso_date("2023年3月8日").as_deref(), Some("2023-03-08"));
        assert_eq!(iso_date("2024.2.29").as_deref(), Some("2024-02-29"));
        assert_eq!(iso_date("2023/2/29"), None);
        assert_eq!(iso_date("三月八日"), None);
    }
}
