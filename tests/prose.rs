//! What holds for the rules about passages together: no finding in clean texts, all of
//! the seeded ones, and repairs that are safe.

#[path = "support/escapes.rs"]
mod escapes;

use std::path::Path;

use escapes::unescaped;
use huikan::data::prose::{self, Edit, Role, Slip, passages, repair};
use huikan::diag::Remedy;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};
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

/// Texts as a careful editor writes them, of different kinds.
#[test]
fn clean_texts_have_no_findings() {
    let mut faults = Vec::new();
    for name in ["charter", "notice", "report", "science", "speech"] {
        let text = read(root().join(format!("tests/clean/{name}.md")));
        let count = text.chars().filter(|c| !c.is_whitespace()).count();
        assert!(count >= 1500, "{name} has {count} characters");
        let slips = slips(&text, true, Role::Paragraph);
        let told: Vec<String> = slips.iter().map(|slip| told(&text, slip)).collect();
        faults.extend(told.into_iter().map(|told| format!("{name}: {told}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// A clean sentence and the same with one fault, of a line with `{{right=>wrong}}`.
fn seeded(line: &str) -> (String, String) {
    let line = unescaped(line);
    let (mut clean, mut faulty) = (String::new(), String::new());
    let mut rest = line.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        let (both, after) = after.split_once("}}").expect("a closing mark");
        let (right, wrong) = both.split_once("=>").expect("what becomes what");
        clean += &format!("{before}{right}");
        faulty += &format!("{before}{wrong}");
        rest = after;
    }
    (clean + rest, faulty + rest)
}

/// All faults that were put into clean sentences are found, and nothing in the clean ones.
#[test]
fn seeded_faults_are_found() {
    let table = read(root().join("tests/seeded/passages.txt"));
    let mut faults = Vec::new();
    let mut count = 0;
    for line in table.lines().filter(|line| !line.is_empty()) {
        let (rule, line) = line.split_once('\t').expect("a rule and a sentence");
        let (clean, faulty) = seeded(line);
        let ids = |text: &str| -> Vec<&str> {
            let slips = slips(text, true, Role::Paragraph);
            slips.iter().map(|slip| slip.rule.id).collect()
        };
        if !ids(&clean).is_empty() {
            faults.push(format!("`{clean}` is clean: {:?}", ids(&clean)));
        }
        if !ids(&faulty).contains(&rule) {
            faults.push(format!("{rule} is not found in `{faulty}`: {:?}", ids(&faulty)));
        }
        count += 1;
    }
    assert!(faults.is_empty(), "{} of {count}: {faults:#?}", faults.len());
    assert!(count >= 200, "{count} faults are too few");
}

/// What random texts are made of.
const PIECES: &[&str] = &[
    "科协",
    "学会",
    "五年来",
    "工作",
    "的",
    "和",
    "在",
    "第一",
    "一",
    "二零",
    "二",
    "三",
    "年",
    "月",
    "日",
    "号",
    "人",
    "万",
    "千",
    "星期",
    "农历",
    "截止",
    "帐户",
    "等",
    "近",
    "约",
    "余",
    "左右",
    "上午",
    "公里",
    "km",
    "KM",
    "Word",
    "f",
    "O",
    "○",
    "Ａ",
    "ｂ",
    "２",
    "０",
    "．",
    "％",
    "⼯",
    "⻓",
    "\u{f9dc}",
    "0",
    "1",
    "05",
    "12",
    "2023",
    "10030",
    "1,234",
    "3.5",
    "%",
    ",",
    ".",
    ";",
    ":",
    "?",
    "!",
    "，",
    "。",
    "、",
    "；",
    "：",
    "？",
    "！",
    "…",
    "...",
    "……",
    "-",
    "--",
    "—",
    "——",
    "–",
    "~",
    "～",
    "(",
    ")",
    "（",
    "）",
    "[",
    "]",
    "〔",
    "〕",
    "《",
    "》",
    "〈",
    "\"",
    "'",
    "“",
    "”",
    "‘",
    "’",
    "·",
    "•",
    "/",
    "+",
    "=",
    "￥",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "\u{e000}",
    "\u{fffd}",
    " ",
    "  ",
    "\u{3000}",
    "\u{a0}",
    "\t",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "1. ",
    "> ",
    "*",
    "**",
    "_",
    "`",
    "~~",
    "|",
    "\\",
    "<",
    "&",
    "&nbsp;",
    "&lt;",
    "[链](https://a.cn/b)",
    "https://a.cn",
    "{figures.a:last}",
    "![图](a.png)",
    "| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n",
    "![",
    "](",
    "[^1]",
    "$",
    "👩\u{200d}🔬",
    "é",
    "я",
];

const ROLES: [Role; 5] =
    [Role::Heading, Role::Paragraph, Role::Item, Role::Name, Role::Phrase];

fn mixture() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(&ROLES[..])
}

fn config() -> Config {
    let number = |name: &str, default: u32| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    Config {
        cases: number("PROPTEST_CASES", 256),
        rng_seed: RngSeed::Fixed(number("PROPTEST_RNG_SEED", 8).into()),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource(
            "regressions",
        ))),
        ..Config::default()
    }
}

/// The letters and digits of a text, each as the character that is meant.
fn letters(text: &str) -> String {
    let meant = |c: char| match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９' => {
            char::from_u32(u32::from(c) - 0xfee0).expect("a letter")
        }
        '⼯' => '工',
        '⻓' => '长',
        '\u{f9dc}' => '隆',
        _ => c,
    };
    text.chars().map(meant).filter(|c| c.is_alphanumeric()).collect()
}

/// What passages there are, and the marks of Markdown that are read as text.
fn shape(text: &str) -> Vec<(Role, usize)> {
    let marks = |c: &char| "*_~`#<>[]|".contains(*c);
    let passages = passages(text, true, Role::Paragraph);
    passages.iter().map(|p| (p.role, p.words().chars().filter(marks).count())).collect()
}

/// Whether edits stand in order, do not overlap, and are about whole characters.
fn are_sound(text: &str, edits: &[Edit]) -> bool {
    let whole = |at: usize| text.is_char_boundary(at);
    let mut edits: Vec<_> = edits.iter().map(|edit| edit.range.clone()).collect();
    edits.sort_by_key(|range| (range.start, range.end));
    edits
        .iter()
        .all(|range| range.start <= range.end && whole(range.start) && whole(range.end))
        && edits.windows(2).all(|pair| pair[0].end <= pair[1].start)
}

/// Rules that put a zero there or take one out.
const ZEROS: [&str; 3] =
    ["number/leading-zero", "number/padded-date", "number/zero-shape"];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn slips_are_sound(text in mixture(), markdown: bool, role in role()) {
        for slip in slips(&text, markdown, role) {
            let marked = text.get(slip.range.clone());
            prop_assert!(marked.is_some_and(|marked| !marked.is_empty()), "{:?}", slip);
            prop_assert!(are_sound(&text, &slip.edits), "{:?}", slip);
            prop_assert!(slip.edits.is_empty() || slip.rule.remedy == Remedy::Safe);
            prop_assert!(!slip.message.zh.is_empty() && !slip.message.en.is_empty());
        }
    }

    #[test]
    fn repairs_are_final(text in mixture(), markdown: bool, role in role()) {
        let once = repair(&text, markdown, role, &|_| true);
        let twice = repair(&once.text, markdown, role, &|_| true);
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert!(twice.changes.is_empty());
    }

    #[test]
    fn repairs_keep_letters_and_digits(text in mixture(), markdown: bool, role in role()) {
        let other = |slip: &Slip| !ZEROS.contains(&slip.rule.id);
        let repair = repair(&text, markdown, role, &other);
        prop_assert_eq!(letters(&repair.text), letters(&text), "`{}`", repair.text);
    }

    #[test]
    fn repairs_keep_markdown(text in mixture()) {
        let repair = repair(&text, true, Role::Paragraph, &|_| true);
        prop_assert_eq!(shape(&repair.text), shape(&text), "`{}`", repair.text);
    }
}

/// How long the rules take over a book of 300,000 characters: for people, by
/// `cargo test --test prose -- --ignored --nocapture`.
#[test]
#[ignore = "tells times, asserts nothing"]
fn how_fast() {
    let mut text = String::new();
    for name in ["charter", "notice", "report", "science", "speech"].iter().cycle() {
        text += &read(root().join(format!("tests/clean/{name}.md")));
        text.push_str("\n\n");
        if text.chars().count() >= 300_000 {
            break;
        }
    }
    let start = std::time::Instant::now();
    let book = passages(&text, true, Role::Paragraph);
    println!("{:>9.2?} passages: {}", start.elapsed(), book.len());
    let start = std::time::Instant::now();
    let found: usize = book.iter().map(|passage| prose::slips(passage).len()).sum();
    println!("{:>9.2?} slips: {found}", start.elapsed());
    for rule in prose::rules() {
        let start = std::time::Instant::now();
        let mut slips = Vec::new();
        book.iter().for_each(|passage| (rule.find)(passage, &mut slips));
        println!("{:>9.2?} {}", start.elapsed(), rule.rule.id);
    }
    let faulty = text.replace('，', ",").replace('（', "(").replace('）', ")");
    let start = std::time::Instant::now();
    let mended = repair(&faulty, true, Role::Paragraph, &|_| true);
    println!("{:>9.2?} repair: {} changes", start.elapsed(), mended.changes.len());
}
