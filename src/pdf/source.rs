//! The resolved dataset as Typst reads it: `/data.json`, and `/markdown.json`.

use serde_json::{Map, Value};

use crate::data::markdown;
use crate::project::assets::MOUNT;

/// The bytes of `/data.json`.
///
/// Chinese marks that must not begin a line (`·`, `～`, `—`, `…`, `℃`, `％` and
/// their like) get a U+2060 WORD JOINER before them, which Typst's line breaker
/// obeys and readers never see; the dataset itself never holds one.
pub fn data_json(value: &Value) -> Vec<u8> {
    let mut value = value.clone();
    join_marks(&mut value);
    let mut bytes = serde_json::to_vec(&value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The bytes of `/markdown.json`: each string of the dataset, as it is in
/// `/data.json`, with the blocks that it is as Markdown. So the function `markdown`
/// of templates reads what the parser of the schema's rich text reads.
pub fn markdown_json(value: &Value) -> Vec<u8> {
    let mut trees = Map::new();
    push_trees(value, &mut trees);
    serde_json::to_vec(&trees).unwrap_or_default()
}

fn push_trees(value: &Value, trees: &mut Map<String, Value>) {
    match value {
        Value::String(words) => {
            let mut blocks = markdown::parse(words)["blocks"].take();
            let mut words = value.clone();
            join_marks(&mut blocks);
            join_marks(&mut words);
            trees.insert(words.as_str().unwrap_or_default().to_owned(), blocks);
        }
        Value::Array(items) => items.iter().for_each(|item| push_trees(item, trees)),
        Value::Object(map) => {
            let read = map.iter().filter(|(key, _)| !is_machine_text(key));
            read.for_each(|(_, item)| push_trees(item, trees));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn join_marks(value: &mut Value) {
    match value {
        Value::String(words) if !words.starts_with(MOUNT) && words.contains(is_tied) => {
            *words = with_joiners(words);
        }
        Value::Array(items) => items.iter_mut().for_each(join_marks),
        Value::Object(map) => {
            let tied = map.iter_mut().filter(|(key, _)| !is_machine_text(key));
            tied.for_each(|(_, item)| join_marks(item));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Strings that programs read: a joiner in them would be a fault.
fn is_machine_text(key: &str) -> bool {
    matches!(key, "$type" | "url" | "lang" | "image" | "source")
}

fn with_joiners(words: &str) -> String {
    let mut joined = String::with_capacity(words.len() + 8);
    let mut last = None;
    for c in words.chars() {
        let first_of_run = last != Some(c);
        if is_tied(c) && first_of_run && last.is_some() {
            joined.push('\u{2060}');
        }
        joined.push(c);
        last = Some(c);
    }
    joined
}

fn is_tied(c: char) -> bool {
    matches!(c, '·' | '～' | '㎡' | '℃' | '—' | '…' | '％' | '%' | '‰')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_marks_to_what_they_follow() {
        assert_eq!(
            with_joiners("约翰·李——从5%到……"),
            "约翰\u{2060}·李\u{2060}——从5\u{2060}%到\u{2060}……"
        );
        assert_eq!(with_joiners("—前"), "—前");
    }

    #[test]
    fn leaves_paths_and_links_alone() {
        let mut value = serde_json::json!({
            "src": "/project/a·b.svg", "link": ["甲·乙"], "url": "https://x/%E4"
        });
        join_marks(&mut value);
        assert_eq!(value["src"], "/project/a·b.svg");
        assert_eq!(value["url"], "https://x/%E4");
        assert_eq!(value["link"][0], "甲\u{2060}·乙");
    }
}
