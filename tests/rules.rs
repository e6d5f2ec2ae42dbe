//! Each rule of `huikan check` finds what it should and nothing else.
//!
//! A rule that compares texts has `.fail.json` and `.pass.json`: lists of datasets, with a
//! `schema`, a `previous` dataset and `terms` where it needs them, and the words that are
//! marked. Where there is no schema, every `body` is Markdown.
//!
//! A rule about passages has two case files, `tests/rules/AREA/WHAT.fail.txt` and
//! `.pass.txt`, with a Markdown string a line (`\n` inside is a line end, `\u{200b}` a
//! character). A failing one of a rule that mends stands before what it becomes, with a
//! tab between; the same again if it is told and not mended. `@name `, `@item ` and
//! `@phrase ` begin plain strings that are such.

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
use huikan::project::{Project, resolve};
use serde_json::{Value, json};

fn cases(rule: &str, kind: &str) -> Vec<(String, Option<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(format!("tests/rules/{rule}.{kind}.txt"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.is_empty());
    let cases: Vec<_> = lines
        .map(|line| match line.split_once('\t') {
            Some((before, after)) => (unescaped(before), Some(unescaped(after))),
            None => (unescaped(line), None),
        })
        .collect();
    assert!(cases.len() >= 4, "{} has too few cases", path.display());
    cases
}

/// The string with the characters that stand for others in case files.
fn unescaped(text: &str) -> String {
    let text = text.replace("\\n", "\n").replace("\\t", "\t");
    let mut pieces = text.split("\\u{");
    let mut out = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let (code, rest) = piece.split_once('}').expect("a closing brace");
        let code = u32::from_str_radix(code, 16).expect("a number");
        out.push(char::from_u32(code).expect("a character"));
        out.push_str(rest);
    }
    out
}

/// A string of a case file: what it is, whether it is Markdown, and its text.
fn read(line: &str) -> (Role, bool, &str) {
    let plain =
        [("@name ", Role::Name), ("@item ", Role::Item), ("@phrase ", Role::Phrase)];
    for (mark, role) in plain {
        if let Some(text) = line.strip_prefix(mark) {
            return (role, false, text);
        }
    }
    (Role::Paragraph, true, line)
}

fn found(line: &str) -> Vec<&'static str> {
    let (role, markdown, text) = read(line);
    let passages = passages(text, markdown, role);
    passages.iter().flat_map(prose::slips).map(|slip| slip.rule.id).collect()
}

fn mend(line: &str, wanted: &dyn Fn(&prose::Slip) -> bool) -> prose::Repair {
    let (role, markdown, text) = read(line);
    repair(text, markdown, role, wanted)
}

#[test]
fn rules_about_passages_find_what_they_should() {
    let mut faults = Vec::new();
    for rule in prose::rules() {
        let id = rule.rule.id;
        for (text, mended) in cases(id, "fail") {
            let found = found(&text);
            if !found.contains(&id) {
                faults.push(format!("{id} does not find `{text}`: {found:?}"));
            }
            let repair = mend(&text, &|slip| slip.rule.id == id);
            match mended {
                Some(mended) if repair.text != read(&mended).2 => {
                    faults.push(format!("{id} makes `{}` of `{text}`", repair.text));
                }
                None if rule.rule.remedy == Remedy::Safe => {
                    faults.push(format!("{id} is safe: what does `{text}` become?"));
                }
                _ => {}
            }
        }
        for (text, _) in cases(id, "pass") {
            if found(&text).contains(&id) {
                faults.push(format!("{id} finds fault with `{text}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What has been mended stays as it is.
#[test]
fn mending_is_idempotent() {
    for rule in prose::rules() {
        for (text, _) in cases(rule.rule.id, "fail") {
            let (role, markdown, text) = read(&text);
            let once = repair(text, markdown, role, &|_| true);
            let twice = repair(&once.text, markdown, role, &|_| true);
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
