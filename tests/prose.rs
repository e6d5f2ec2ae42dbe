//! What holds for the rules about passages together: no finding in clean texts, all of
//! the seeded ones, and repairs that are safe.

use std::path::Path;

use huikan::data::prose::{self, Role, Slip, passages};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a finding says, with the words that it marks.
fn told(text: &str, slip: &Slip) -> String {
    let marked = text.get(slip.range.clone()).expect("char boundaries");
    format!("{} at `{marked}`: {}", slip.rule.id, slip.message.zh)
}

fn slips(text: &str, markdown: bool, role: Role) -> Vec<Slip> {
    passages(text, markdown, role).iter().flat_map(prose::slips).collect()
}

/// The slips of all strings of a dataset, each as what its key says it is.
fn of_dataset(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let role = match key {
                "title" | "slogan" | "subtitle" | "event_line" => Role::Heading,
                "name" => Role::Name,
                "body" | "lead" | "closing" | "text" => Role::Paragraph,
                _ => Role::Phrase,
            };
            let markdown = role == Role::Paragraph;
            let slips = slips(text, markdown, role);
            found.extend(slips.iter().map(|slip| told(text, slip)));
        }
        Value::Array(items) => {
            items.iter().for_each(|item| of_dataset(item, key, found));
        }
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| of_dataset(value, key, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn found(path: &str) -> Vec<String> {
    let value = serde_json::from_str(&read(root().join(path))).expect("JSON");
    let mut found = Vec::new();
    of_dataset(&value, "", &mut found);
    found
}

/// The real report has one doubtful mark, which is its authors' to decide.
#[test]
fn the_real_report_is_clean() {
    let found = found("data/xinchang-8.json");
    let [doubt] = &found[..] else { panic!("{found:#?}") };
    assert!(doubt.starts_with("punct/list-level at `、努力建设`"), "{doubt}");
}

#[test]
fn samples_of_packages_are_clean() {
    for package in ["booklet", "handout", "poster", "report"] {
        let found = found(&format!("templates/{package}/sample.json"));
        assert!(found.is_empty(), "{package}: {found:#?}");
    }
}
