//! The resolved dataset as Typst reads it: `/data.json`, and `/markdown.json`.
//!
//! Both have the line breaker's help in their strings (see [`super::ties`]), which
//! the dataset itself never has.

use serde_json::{Map, Value};

use super::ties::{self, Place};
use crate::data::json::pointer_join;
use crate::data::markdown;
use crate::project::assets::MOUNT;

/// The bytes of `/data.json`. A table of rich text says in `at` where in the dataset
/// its text is; a rich text has its footnotes in `notes`, too, each of which has its
/// `number` where it is referred to.
pub fn data_json(value: &Value) -> Vec<u8> {
    let mut value = value.clone();
    prepare(&mut value, "");
    let mut bytes = serde_json::to_vec(&value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The bytes of `/markdown.json`: each string of the dataset, as it is in
/// `/data.json`, with the blocks that it is as Markdown. So the function `markdown`
/// of templates reads what the parser of the schema's rich text reads.
pub fn markdown_json(value: &Value) -> Vec<u8> {
    let mut trees = Map::new();
    push_trees(value, "", &mut trees);
    serde_json::to_vec(&trees).unwrap_or_default()
}

fn push_trees(value: &Value, pointer: &str, trees: &mut Map<String, Value>) {
    match value {
        Value::String(words) => {
            let mut tree = markdown::parse(words);
            let mut words = words.clone();
            prepare(&mut tree, pointer);
            prepare_plain(&mut words);
            trees.insert(words, tree["blocks"].take());
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                push_trees(item, &pointer_join(pointer, &index.to_string()), trees);
            }
        }
        Value::Object(map) => {
            let read = map.iter().filter(|(key, _)| !is_machine_text(key));
            for (key, item) in read {
                push_trees(item, &pointer_join(pointer, key), trees);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn prepare(value: &mut Value, pointer: &str) {
    match value {
        Value::String(words) => prepare_plain(words),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                prepare(item, &pointer_join(pointer, &index.to_string()));
            }
        }
        Value::Object(map) if map.contains_key("$type") => {
            let Some(blocks) = map.get_mut("blocks") else { return };
            prepare_blocks(blocks, pointer);
            let mut notes = Vec::new();
            number_notes(blocks, &mut notes);
            if !notes.is_empty() {
                map.insert("notes".into(), notes.into());
            }
        }
        Value::Object(map) => {
            for (key, item) in map.iter_mut().filter(|(key, _)| !is_machine_text(key)) {
                prepare(item, &pointer_join(pointer, key));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Strings that programs read: a joiner in them would be a fault.
fn is_machine_text(key: &str) -> bool {
    matches!(key, "$type" | "url" | "lang" | "image" | "source")
}

/// A string that is no rich text. Paths and pointers stay as they are, and so do
/// dates and numbers, which templates read.
fn prepare_plain(words: &mut String) {
    let is_path = words.starts_with(MOUNT) || words.starts_with('/');
    if is_path || (words.is_ascii() && words.len() < ties::BROKEN) {
        return;
    }
    apply(words, Place::Line, Place::Cell);
}

fn apply(words: &mut String, numbers: Place, latin: Place) {
    if let Some(loosened) = ties::loosened(words, latin) {
        *words = loosened;
    }
    if let Some(tied) = ties::tied(words, numbers) {
        *words = tied;
    }
}

fn prepare_blocks(blocks: &mut Value, pointer: &str) {
    for block in blocks.as_array_mut().into_iter().flatten() {
        let Some(block) = block.as_object_mut() else { continue };
        for (kind, content) in block.iter_mut() {
            match kind.as_str() {
                "p" => {
                    prepare_inlines(content, Place::Line, pointer);
                    let mut strings = Vec::new();
                    collect_strings(content, &mut strings);
                    ties::close(&mut strings);
                }
                "h" => prepare_inlines(content, Place::Line, pointer),
                "quote" => prepare_blocks(content, pointer),
                "ul" | "ol" => {
                    let items = content.as_array_mut().into_iter().flatten();
                    items.for_each(|item| prepare_blocks(item, pointer));
                }
                "table" => prepare_table(content, pointer),
                _ => {}
            }
        }
    }
}

fn prepare_table(table: &mut Value, pointer: &str) {
    let Some(table) = table.as_object_mut() else { return };
    let head = table.get_mut("head").into_iter();
    for cell in head.filter_map(Value::as_array_mut).flatten() {
        prepare_inlines(cell, Place::Cell, pointer);
    }
    let rows = table.get_mut("rows").and_then(Value::as_array_mut);
    let rows = rows.into_iter().flatten().filter_map(Value::as_array_mut);
    rows.flatten().for_each(|cell| prepare_inlines(cell, Place::Cell, pointer));
    table.insert("at".into(), pointer.into());
}

fn prepare_inlines(nodes: &mut Value, place: Place, pointer: &str) {
    for node in nodes.as_array_mut().into_iter().flatten() {
        match node {
            Value::String(words) => apply(words, place, place),
            Value::Object(map) => {
                for (kind, inside) in map.iter_mut() {
                    match kind.as_str() {
                        "strong" | "emph" | "strike" | "link" => {
                            prepare_inlines(inside, place, pointer);
                        }
                        "note" => prepare_blocks(inside, pointer),
                        "code" => {
                            if let Value::String(words) = inside {
                                apply(words, Place::Cell, Place::Cell);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// Numbers the notes of a text and collects them, for templates that set them at its
/// end.
fn number_notes(node: &mut Value, notes: &mut Vec<Value>) {
    match node {
        Value::Array(items) => {
            items.iter_mut().for_each(|item| number_notes(item, notes));
        }
        Value::Object(map) => match map.get("note") {
            Some(note) => {
                notes.push(note.clone());
                map.insert("number".into(), notes.len().into());
            }
            None => map.values_mut().for_each(|item| number_notes(item, notes)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The strings of a paragraph in order; what is no string at its end leaves none.
fn collect_strings<'v>(nodes: &'v mut Value, strings: &mut Vec<&'v mut String>) {
    for node in nodes.as_array_mut().into_iter().flatten() {
        match node {
            Value::String(words) => strings.push(words),
            Value::Object(map) => match map.iter_mut().next() {
                Some((kind, inside))
                    if matches!(kind.as_str(), "strong" | "emph" | "strike" | "link") =>
                {
                    collect_strings(inside, strings);
                }
                // A note or a picture ends the line as well as a character.
                _ => strings.clear(),
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn leaves_paths_and_links_alone() {
        let mut value = json!({
            "src": "/project/a·b.svg", "link": ["甲·乙"], "url": "https://x/%E4"
        });
        prepare(&mut value, "");
        assert_eq!(value["src"], "/project/a·b.svg");
        assert_eq!(value["url"], "https://x/%E4");
        assert_eq!(value["link"][0], "甲\u{2060}·乙");
    }

    #[test]
    fn tables_say_where_they_are() {
        let mut value = json!({ "body": markdown::parse("| 甲 |\n|--|\n| 3月28日 |") });
        prepare(&mut value, "/parts/0");
        let table = &value["body"]["blocks"][0]["table"];
        assert_eq!(table["at"], "/parts/0/body");
        assert_eq!(table["rows"][0][0][0], "3\u{2060}月28\u{2060}日");
    }

    #[test]
    fn paragraphs_end_with_two_characters() {
        let mut value = markdown::parse("讲**重点**了。\n\n完[^1]\n\n[^1]: 注释");
        prepare(&mut value, "");
        let blocks = &value["blocks"];
        assert_eq!(blocks[0]["p"][1]["strong"][0], "重点\u{2060}");
        assert_eq!(blocks[1]["p"][1]["note"][0]["p"][0], "注\u{2060}释");
    }
}
