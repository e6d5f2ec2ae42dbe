//! Texts that were broken on their way, imported and compared with what they say.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use huikan::build::manuscript::{self, Imported};
use huikan::build::material;
use huikan::diag::Warned;
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

/// A manuscript of the corpus as it is imported.
fn imported(path: &Path, bytes: Vec<u8>) -> Warned<Imported> {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let told = |errors: huikan::diag::Errors| -> String {
        let texts = errors.into_vec();
        texts.iter().map(|fault| format!("{}: {}\n", fault.code, fault.message.en)).collect()
    };
    let material = material::recognise(path, &name, &bytes)
        .unwrap_or_else(|errors| panic!("{name}: {}", told(errors)));
    let opened = manuscript::open(&name, material.value, bytes)
        .unwrap_or_else(|errors| panic!("{name}: {}", told(errors)));
    let project = huikan::project::Project::bare(&folder());
    manuscript::make(&project, opened.value, None, "x.json", &mut |_| true)
        .unwrap_or_else(|errors| panic!("{name}: {}", told(errors)))
}

/// The files of the corpus, each with its truth.
fn corpus() -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder()).expect("the corpus").flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let truth = |path: &Path| std::fs::read_to_string(path.with_extension("truth.md")).ok();
    let text = |path: &PathBuf| !path.to_string_lossy().ends_with(".truth.md");
    let texts = paths.into_iter().filter(text);
    texts.filter_map(|path| truth(&path).map(|truth| (path, truth))).collect()
}

fn blocks(markdown: &str) -> Vec<&str> {
    markdown.trim().split("\n\n").collect()
}

/// How many blocks of two texts are the same, in order.
fn common(one: &[&str], other: &[&str]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for a in one {
        let mut before = 0;
        for (at, b) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if a == b { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row[other.len()]
}

/// Paragraphs and headings of all kinds of broken texts are found.
#[test]
fn broken_texts_are_put_in_order() {
    let (mut right, mut all, mut told) = (0, 0, String::new());
    let corpus = corpus();
    assert!(corpus.len() >= 30, "{}", corpus.len());
    for (path, truth) in &corpus {
        let bytes = std::fs::read(path).expect("a manuscript");
        let made = imported(path, bytes);
        let (found, wanted) = (blocks(&made.value.markdown), blocks(truth));
        let same = common(&found, &wanted);
        let most = found.len().max(wanted.len());
        right += same;
        all += most;
        if same < most {
            let name = path.file_name().expect("a name").to_string_lossy();
            let _ = writeln!(told, "== {name}: {same} of {most}");
            for block in wanted.iter().filter(|block| !found.contains(block)) {
                let _ = writeln!(told, "- {block}");
            }
            for block in found.iter().filter(|block| !wanted.contains(block)) {
                let _ = writeln!(told, "+ {block}");
            }
        }
    }
    let share = right as f64 / all as f64 * 100.0;
    println!("{told}\n{right} of {all} blocks of {} texts: {share:.1} %", corpus.len());
    assert!(share >= 95.0, "{share:.1} %\n{told}");
}
