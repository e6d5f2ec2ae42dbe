//! Texts that were broken on their way, imported and compared with what they say.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use huikan::build::manuscript::{self, Imported};
use huikan::build::material;
use huikan::diag::Warned;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
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

/// What was put in order stays as it is when it is imported again.
#[test]
fn clean_text_is_left_alone() {
    for (path, _) in corpus() {
        let bytes = std::fs::read(&path).expect("a manuscript");
        again(&path, &imported(&path, bytes).value.markdown);
    }
}

/// Imports text that has been put in order; it must come out as it went in.
fn again(path: &Path, text: &str) {
    let name = path.file_name().expect("a name").to_string_lossy();
    let second = imported(Path::new("second.md"), text.as_bytes().to_vec()).value;
    assert_eq!(second.markdown, text, "{name}");
    let changes: Vec<String> = second
        .changes
        .iter()
        .map(|change| format!("{} {} → {}", change.code, change.before, change.after))
        .collect();
    assert_eq!(changes, [""; 0], "{name}");
}

/// A text in which something went wrong, as `dice` say.
fn damaged(text: &str, dice: &[(u8, u16)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (what, at) in dice {
        let at = usize::from(*at) * chars.len() / 65536;
        match what % 9 {
            0 => chars.insert(at, '\n'),
            1 => chars.splice(at..at, "\n\n".chars()).for_each(drop),
            2 => chars.insert(at, ' '),
            3 => {
                if let Some(c) = chars.get_mut(at) {
                    *c = match *c {
                        '，' => ',',
                        '。' => '.',
                        '（' => '(',
                        '）' => ')',
                        '：' => ':',
                        '\n' => ' ',
                        c => c,
                    };
                }
            }
            4 => {
                if let Some(end) = chars[at..].iter().position(|c| *c == '\n') {
                    chars.remove(at + end);
                }
            }
            5 => chars.splice(at..at, "\n\n— 7 —\n\n".chars()).for_each(drop),
            6 => chars.splice(at..at, "１２".chars()).for_each(drop),
            7 => chars.splice(at..at, ["# ", "一、", "|", "\t", "**", "- "][at % 6].chars()).for_each(drop),
            _ => {
                chars.get(at).copied().into_iter().for_each(|c| chars.insert(at, c));
            }
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(Config {
        cases: cases(), rng_seed: seed(), failure_persistence: None, ..Config::default()
    })]

    /// However a text is damaged, no letter is lost without a word and nothing panics.
    #[test]
    fn no_letter_is_lost(which in 0_usize..1000, dice in vec(any::<(u8, u16)>(), 0..40)) {
        let (path, text) = some_text(which);
        let made = imported(&path, damaged(&text, &dice).into_bytes());
        imported(Path::new("second.md"), made.value.markdown.into_bytes());
    }

    /// What was put in order stays as it is: a second import changes nothing.
    #[test]
    fn order_is_stable(document in document(), broken in breakage()) {
        let made = imported(Path::new("first.txt"), broken.apply(&document).into_bytes());
        again(Path::new("first.txt"), &made.value.markdown);
    }
}

/// Random texts, wrapped in columns and cut by pages, are what they were.
#[test]
fn columns_are_undone() {
    let config = Config { rng_seed: seed(), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let (mut right, mut all) = (0, 0);
    for _ in 0..200 {
        let tree = (document(), breakage()).new_tree(&mut runner).expect("a text");
        let (document, broken) = tree.current();
        let made = imported(Path::new("first.txt"), broken.apply(&document).into_bytes());
        let (found, wanted) = (blocks(&made.value.markdown), document.join("\n\n"));
        let wanted = blocks(&wanted);
        right += common(&found, &wanted);
        all += found.len().max(wanted.len());
    }
    let share = right as f64 / all as f64 * 100.0;
    println!("{right} of {all} random blocks: {share:.1} %");
    assert!(share >= 95.0, "{share:.1} %");
}

/// How a text was broken on its way.
#[derive(Debug, Clone)]
struct Breakage {
    /// How many full-width characters a line has; 0 if it was not wrapped.
    columns: usize,
    indented: bool,
    /// After how many lines a page ends; 0 if there are none.
    page: usize,
    half_width: bool,
}

fn breakage() -> impl Strategy<Value = Breakage> {
    let columns = prop_oneof![Just(0_usize), 14_usize..44];
    let page = prop_oneof![Just(0_usize), 9_usize..30];
    (columns, any::<bool>(), page, any::<bool>()).prop_map(
        |(columns, indented, page, half_width)| Breakage { columns, indented, page, half_width },
    )
}

impl Breakage {
    fn apply(&self, document: &[String]) -> String {
        let mut lines: Vec<String> = Vec::new();
        for block in document {
            let heading = block.starts_with('#');
            let text = block.trim_start_matches('#').trim_start();
            let indent = if heading || !self.indented { "" } else { "\u{3000}\u{3000}" };
            let text = format!("{indent}{text}");
            match self.columns {
                0 => lines.push(text),
                columns => lines.extend(wrapped(&text, columns)),
            }
            if heading || !self.indented {
                lines.push(String::new());
            }
        }
        let mut text = String::new();
        for (index, line) in lines.iter().enumerate() {
            text += line;
            text.push('\n');
            if self.page > 0 && index % self.page == self.page - 1 {
                let _ = write!(text, "\n— {} —\n\n", index / self.page + 1);
            }
        }
        let half = |c| match c {
            '，' => ',',
            '；' => ';',
            c => c,
        };
        if self.half_width { text.chars().map(half).collect() } else { text }
    }
}

/// Lines of so many characters; none begins with a mark that must not stand there.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in text.chars() {
        let full = lines.last().is_some_and(|line| line.chars().count() >= columns);
        if full && !"，。；、！？”".contains(c) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
    lines
}

/// A text in order: a title, sections with numbers, paragraphs.
fn document() -> impl Strategy<Value = Vec<String>> {
    let clause = || {
        proptest::sample::select(vec![
            "全县上下齐心协力", "科技馆面向公众免费开放", "各学会认真组织学术交流",
            "农技专家走进田间地头", "企业创新能力持续增强", "青少年科学素质明显提高",
            "院士专家工作站稳步发展", "基层组织建设不断加强", "志愿者深入社区开展服务",
            "科普活动丰富多彩", "广大科技工作者积极投身主战场", "合作的领域进一步拓宽",
        ])
    };
    let sentence = vec(clause(), 2..5).prop_map(|clauses| clauses.join("，") + "。");
    let paragraph = vec(sentence, 1..5).prop_map(|sentences| sentences.concat());
    let heading = proptest::sample::select(vec![
        "工作回顾", "主要成效", "经验体会", "存在的问题和不足", "形势与任务", "保障措施",
    ]);
    let section = (heading, vec(paragraph, 1..4));
    vec(section, 2..5).prop_map(|sections| {
        let mut blocks = vec!["# 科学普及工作年度报告".to_string()];
        for (index, (heading, paragraphs)) in sections.into_iter().enumerate() {
            let number = ["一", "二", "三", "四", "五"][index];
            blocks.push(format!("## {number}、{heading}"));
            blocks.extend(paragraphs);
        }
        blocks
    })
}

/// A text of the corpus.
fn some_text(which: usize) -> (PathBuf, String) {
    let corpus = corpus().into_iter().map(|(path, _)| path);
    let texts = corpus.filter(|path| {
        path.extension().is_some_and(|ending| ending == "txt" || ending == "md")
    });
    let texts = texts.filter_map(|path| {
        let text = String::from_utf8(std::fs::read(&path).expect("a file")).ok()?;
        Some((path, text))
    });
    let mut texts: Vec<(PathBuf, String)> = texts.collect();
    let which = which % texts.len();
    texts.swap_remove(which)
}

/// The same cases on every run, unless others are asked for.
fn seed() -> RngSeed {
    let seed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|n| n.parse().ok());
    RngSeed::Fixed(seed.unwrap_or(8))
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(96)
}
