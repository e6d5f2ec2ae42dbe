//! Each rule of `huikan check` finds what it should and nothing else.
//!
//! A rule that compares texts has `.fail.json` and `.pass.json`: lists of datasets, with a
//! `schema`, a `previous` dataset and `terms` where it needs them, and the words that are
//! marked. Where there is no schema, every `body` is Markdown.
//!
//! A rule about passages has two case files, `tests/rules/AREA/WHAT.fail.txt` and
//! `.pass.txt`, with a Markdown string a line (`\n` inside is a line end). A failing
//! one of a rule that mends stands before what it becomes, with a tab between.

use std::borrow::Cow;
use std::path::Path;

use huikan::check::catalogue;
use huikan::check::text::{self, Subject};
use huikan::data::Dataset;
use huikan::data::bundle::SharedSchemas;
use huikan::data::prose::{self, Role, passages, repair};
use huikan::data::schema::Schema;
use huikan::diag::{Diagnostic, Diagnostics, Lang, Remedy};
use huikan::project::policy::Policy;
use huikan::project::terms::Terms;
use serde_json::{Value, json};

fn cases(rule: &str, kind: &str) -> Vec<(String, Option<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(format!("tests/rules/{rule}.{kind}.txt"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let unescaped = |text: &str| text.replace("\\n", "\n");
    let lines = text.lines().filter(|line| !line.is_empty());
    let cases: Vec<_> = lines
        .map(|line| match line.split_once('\t') {
            Some((before, after)) => (unescaped(before), Some(unescaped(after))),
            None => (unescaped(line), None),
        })
        .collect();
    assert!(!cases.is_empty(), "{} has no case", path.display());
    cases
}

fn found(text: &str) -> Vec<&'static str> {
    let passages = passages(text, true, Role::Paragraph);
    passages.iter().flat_map(prose::slips).map(|slip| slip.rule.id).collect()
}

#[test]
fn rules_about_passages_find_what_they_should() {
    for rule in prose::rules() {
        let id = rule.rule.id;
        for (text, mended) in cases(id, "fail") {
            let found = found(&text);
            assert!(found.contains(&id), "{id} does not find `{text}`: {found:?}");
            let safe = rule.rule.remedy == Remedy::Safe;
            let only = |slip: &prose::Slip| slip.rule.id == id;
            let repair = repair(&text, true, Role::Paragraph, &only);
            match mended {
                Some(mended) => assert_eq!(repair.text, mended, "{id} mends `{text}`"),
                None => assert!(!safe, "{id} is safe: what does `{text}` become?"),
            }
        }
        for (text, _) in cases(id, "pass") {
            let found = found(&text);
            assert!(!found.contains(&id), "{id} finds fault with `{text}`");
        }
    }
}

/// What has been mended stays as it is.
#[test]
fn mending_is_idempotent() {
    for rule in prose::rules() {
        for (text, _) in cases(rule.rule.id, "fail") {
            let once = repair(&text, true, Role::Paragraph, &|_| true);
            let twice = repair(&once.text, true, Role::Paragraph, &|_| true);
            assert_eq!(once.text, twice.text);
            assert!(twice.changes.is_empty(), "`{text}`: {:?}", twice.changes);
        }
    }
}

struct NoSchemas;

impl SharedSchemas for NoSchemas {
    fn schema(&self, _: &str) -> Option<(String, Cow<'static, [u8]>)> {
        None
    }
}

/// Every `body` is Markdown, at any depth.
fn any() -> Value {
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
    let schema = case.get("schema").cloned().unwrap_or_else(any);
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
            let marked: Vec<String> = own
                .map(|found| {
                    let place = found.place.as_ref().expect("a place");
                    let excerpt = place.excerpt.as_ref().expect("an excerpt");
                    excerpt.text[excerpt.mark.clone()].to_string()
                })
                .collect();
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
