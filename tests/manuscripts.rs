//! Texts that were broken on their way, imported and compared with what they say.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;

use support::project::Project;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn json(path: impl AsRef<Path>) -> Value {
    let text = std::fs::read(path.as_ref()).expect("a file");
    serde_json::from_slice(&text).expect("JSON")
}

/// The parts of the real report that its text has.
fn texts_of(dataset: &Value) -> Value {
    let mut texts = serde_json::Map::new();
    for key in ["masthead", "lead", "highlights", "closing"] {
        texts.insert(key.into(), dataset[key].clone());
    }
    let mut texts = Value::Object(texts);
    if let Some(highlights) = texts["highlights"].as_array_mut() {
        for highlight in highlights {
            if let Some(fields) = highlight.as_object_mut() {
                fields.remove("photos");
                fields.remove("summary");
            }
        }
    }
    texts
}

/// The real handout, as a PDF extractor gave it, becomes its dataset letter by letter.
#[test]
fn the_real_handout_becomes_its_dataset() {
    let project = Project::empty();
    let text = std::fs::read(folder().join("xinchang-handout.md")).expect("the seed");
    project.write("seed.md", &text);
    let arguments = ["import", "seed.md", "-t", "handout", "-o", "data/x.json"];
    let run = project.run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = json(root.join("data/xinchang-8.json"));
    let found = json(project.path().join("data/x.json"));
    assert_eq!(texts_of(&found), texts_of(&wanted));
    assert_eq!(found, texts_of(&found), "nothing else is in it");
}
