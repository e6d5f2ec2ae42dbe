//! Each rule that compares texts finds what it should and nothing else.
//!
//! A rule has two case files, `tests/rules/AREA/WHAT.fail.json` and `.pass.json`: lists of
//! datasets, with a `schema`, a `previous` dataset and `terms` where it needs them, and the
//! words that are marked. Where there is no schema, every `body` is Markdown.
//!
//! `tests/seeded/congress.json` puts faults into the congress that ships.

use std::borrow::Cow;
use std::path::Path;

use huikan::check::text::{self, Subject};
use huikan::check::{catalogue, fix};
use huikan::data::Dataset;
use huikan::data::bundle::SharedSchemas;
use huikan::data::prose::{Role, repair};
use huikan::data::schema::Schema;
use huikan::diag::{Diagnostic, Diagnostics, Lang};
use huikan::project::policy::Policy;
use huikan::project::terms::Terms;
use huikan::project::{Project, resolve};
use proptest::prelude::*;
use serde_json::{Value, json};

struct NoSchemas;

impl SharedSchemas for NoSchemas {
    fn schema(&self, _: &str) -> Option<(String, Cow<'static, [u8]>)> {
        None
    }
}

/// Every `body` is Markdown, at any depth.
fn anything() -> Value {
    json!({ "$ref": "#/$defs/any", "$defs": { "any": {
        "properties": { "body": { "contentMediaType": "text/markdown" } },
        "additionalProperties": { "$ref": "#/$defs/any" },
        "items": { "$ref": "#/$defs/any" },
    } } })
}

fn dataset(value: &Value) -> Dataset {
    let mut faults = Diagnostics::new();
    let bytes = value.to_string().into_bytes();
    Dataset::read("case.json", &bytes, &mut faults).expect("a dataset")
}

/// What is found in a case.
fn findings(case: &Value) -> Vec<Diagnostic> {
    let schema = case.get("schema").cloned().unwrap_or_else(anything);
    let schema =
        Schema::compile("schema.json", schema.to_string().as_bytes(), &NoSchemas);
    let mut faults = Diagnostics::new();
    let dataset_of = |key| case.get(key).map(dataset);
    let own = dataset_of("dataset").expect("a case has a dataset");
    let reading = schema.expect("a schema").check(&own, &mut faults);
    let previous = dataset_of("previous");
    let terms = case.get("terms").and_then(Value::as_str).unwrap_or_default();
    text::findings(&Subject {
        dataset: &own,
        reading: &reading,
        previous: previous.as_ref(),
        policy: &Policy::default(),
        terms: &Terms::read(terms.as_bytes(), "terms.toml").expect("terms"),
    })
}

fn json_cases(rule: &str, kind: &str) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(format!("tests/rules/{rule}.{kind}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases: Vec<Value> = serde_json::from_str(&text).expect("a list of cases");
    assert!(cases.len() >= 4, "{} has too few cases", path.display());
    cases
}

#[test]
fn rules_that_compare_texts_find_what_they_should() {
    let mut wrong = Vec::new();
    for rule in text::rules() {
        for case in json_cases(rule.id, "fail") {
            let found = findings(&case);
            let own = found.iter().filter(|found| found.code == rule.id);
            let marked: Vec<String> = own.map(marked).collect();
            let wanted: Vec<&str> = case["marks"]
                .as_array()
                .expect("marks")
                .iter()
                .map(|mark| mark.as_str().expect("a mark"))
                .collect();
            if marked != wanted {
                wrong.push(format!("{} in {case} marks {marked:?}", rule.id));
            }
        }
        for case in json_cases(rule.id, "pass") {
            let found = findings(&case);
            let own = found.iter().find(|found| found.code == rule.id);
            if let Some(own) = own {
                wrong.push(format!("{} in {case} says {}", rule.id, own.message.zh));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The congress that ships, with one fault put into it at a time: each is found where it
/// was put.
#[test]
fn faults_put_into_a_real_dataset_are_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read(root.join(name)).expect("a file");
    let sample: Value =
        serde_json::from_slice(&read("templates/booklet/sample.json")).expect("JSON");
    let faults: Vec<Value> =
        serde_json::from_slice(&read("tests/seeded/congress.json")).expect("JSON");
    let project = Project::bare(root);
    let package = project.package("booklet").expect("the booklet");
    let schema = resolve::schema(&package).expect("its schema");
    let findings = |value: &Value| {
        let own = dataset(value);
        let reading = schema.check(&own, &mut Diagnostics::new());
        text::findings(&Subject {
            dataset: &own,
            reading: &reading,
            previous: None,
            policy: &Policy::default(),
            terms: &Terms::default(),
        })
    };
    let mut missed = Vec::new();
    for fault in &faults {
        let word = |key: &str| fault[key].as_str().expect("a word");
        let mut value = sample.clone();
        let slot = value.pointer_mut(word("at")).expect("a text");
        let text = slot.as_str().expect("a text").to_string();
        assert!(text.contains(word("find")), "{fault}");
        *slot = text.replacen(word("find"), word("put"), 1).into();
        let found = findings(&value);
        let there = found.iter().any(|found| {
            let place = found.place.as_ref().expect("a place");
            found.code == word("rule") && place.pointer.as_deref() == Some(word("at"))
        });
        if !there {
            let codes: Vec<_> = found.iter().map(|found| &found.code).collect();
            missed.push(format!("{fault}: {codes:?}"));
        }
    }
    assert!(missed.is_empty(), "missed: {}", missed.join("\n"));
    let clean = findings(&sample);
    assert!(clean.is_empty(), "{clean:#?}");
}

/// The real report has the three doubts that an editor has to decide about, and no other.
#[test]
fn the_real_report_has_three_doubts() {
    let told: Vec<(String, String)> = shipped("handout", "data/xinchang-8.json")
        .iter()
        .map(|found| (found.code.to_string(), marked(found)))
        .collect();
    let wanted = [
        ("punct/list-level", "、努力建设"),
        ("name/spelling", "五年来"),
        ("structure/parallel-titles", "凝聚力"),
    ];
    let mut wanted = wanted.map(|(rule, words)| (rule.to_string(), words.to_string()));
    let mut told = told;
    told.sort();
    wanted.sort();
    assert_eq!(told, wanted);
}

/// Texts as a careful editor writes them, long ones of five kinds, and all samples.
#[test]
fn clean_texts_have_no_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for entry in std::fs::read_dir(root.join("tests/clean")).expect("texts").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        let found = findings(&json!({ "dataset": { "body": text } }));
        assert!(found.is_empty(), "{}: {found:#?}", entry.path().display());
        count += 1;
    }
    assert!(count >= 5, "only {count} texts");
    for name in ["handout", "booklet", "report", "poster"] {
        let found = shipped(name, &format!("templates/{name}/sample.json"));
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

/// What is found in a file of ours, by the schema of a package.
fn shipped(package: &str, file: &str) -> Vec<Diagnostic> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(root.join(file)).expect("a dataset");
    let package = Project::bare(root).package(package).expect("a package");
    let schema = resolve::schema(&package).expect("its schema");
    let mut faults = Diagnostics::new();
    let own = Dataset::read(file, &bytes, &mut faults).expect("a dataset");
    let reading = schema.check(&own, &mut faults);
    text::findings(&Subject {
        dataset: &own,
        reading: &reading,
        previous: None,
        policy: &Policy::default(),
        terms: &Terms::default(),
    })
}

/// The words that a finding marks.
fn marked(found: &Diagnostic) -> String {
    let place = found.place.as_ref().expect("a place");
    let excerpt = place.excerpt.as_ref().expect("an excerpt");
    excerpt.text[excerpt.mark.clone()].to_string()
}

/// How long it takes to look again after a change, with the reading of the file.
#[test]
#[ignore = "tells times, asserts nothing"]
fn how_fast() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(root.join("templates/booklet/sample.json"));
    let mut file = file.expect("a dataset");
    let package = Project::bare(root).package("booklet").expect("a package");
    let schema = resolve::schema(&package).expect("its schema");
    for _ in 0..4 {
        let start = std::time::Instant::now();
        let mut faults = Diagnostics::new();
        let own = Dataset::read("case.json", file.as_bytes(), &mut faults);
        let own = own.expect("a dataset");
        let reading = schema.check(&own, &mut faults);
        let read = start.elapsed();
        let found = text::findings(&Subject {
            dataset: &own,
            reading: &reading,
            previous: None,
            policy: &Policy::default(),
            terms: &Terms::default(),
        });
        let (all, count) = (start.elapsed(), found.len());
        println!("read {read:?}, with {count} findings {all:?}");
        file = file.replacen("今后五年", "今后五年,今后五年", 1);
    }
}

/// A string as it may stand in a file, with escapes that nothing asks for.
fn literal(text: &str, escapes: &[bool]) -> String {
    let mut written = String::from("\"");
    for (c, escape) in text.chars().zip(escapes.iter().cycle()) {
        if *escape {
            let units = &mut [0; 2];
            for unit in c.encode_utf16(units) {
                written += &format!("\\u{unit:04x}");
            }
        } else {
            let quoted = serde_json::to_string(&c).expect("a string");
            written += &quoted[1..quoted.len() - 1];
        }
    }
    written + "\""
}

proptest! {
    /// What a file says after mending is what mending its texts says, whatever escapes
    /// they were written with, and a second time changes nothing.
    #[test]
    fn files_are_mended_as_their_texts_are(
        text in "[会，。,.;:()\"'“”（） 3a😀\\n\\\\\\*—-]{0,24}",
        escapes in prop::collection::vec(any::<bool>(), 1..8),
    ) {
        let schema = Schema::compile("schema.json", anything().to_string().as_bytes(), &NoSchemas);
        let schema = schema.expect("a schema");
        let mend = |file: &str| {
            let mut faults = Diagnostics::new();
            let own = Dataset::read("case.json", file.as_bytes(), &mut faults);
            let own = own.expect("a dataset");
            let reading = schema.check(&own, &mut faults);
            let subject = Subject {
                dataset: &own,
                reading: &reading,
                previous: None,
                policy: &Policy::default(),
                terms: &Terms::default(),
            };
            let files = fix::mended(&subject, "case").expect("sound files");
            files.into_iter().next().map(|file| file.after)
        };
        let file = format!("{{ \"n\": 8.60,\r\n\t\"body\":{} }}", literal(&text, &escapes));
        let mended = mend(&file);
        let value: Value = serde_json::from_str(mended.as_ref().unwrap_or(&file)).expect("JSON");
        let wanted = repair(&text, true, Role::Paragraph, &|_| true).text;
        prop_assert_eq!(value["body"].as_str(), Some(wanted.as_str()));
        if let Some(mended) = mended {
            let kept = mended.starts_with("{ \"n\": 8.60,\r\n\t\"body\":");
            prop_assert!(kept, "{}", mended);
            prop_assert_eq!(mend(&mended), None);
        }
    }
}

/// The pages of rules are those that the program makes.
#[test]
fn the_catalogue_is_up_to_date() {
    let pages = [(Lang::En, "docs/rules.md"), (Lang::Zh, "docs/rules.zh-CN.md")];
    for (lang, page) in pages {
        let written = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let written = std::fs::read_to_string(written).expect("a page");
        assert!(
            written == catalogue::page(lang),
            "{page} is old: `huikan rules --lang …` makes it anew"
        );
    }
}
