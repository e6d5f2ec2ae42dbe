//! `huikan check`: findings, levels, allowances, mending, forms.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use serde_json::{Value, json};

use support::project::Project;

/// A project whose template has a title and a text.
fn project(manifest: &str, dataset: &str) -> Project {
    let project = Project::empty();
    project.write("huikan.toml", manifest.as_bytes());
    project.write("data/2025.json", dataset.as_bytes());
    for (name, text) in [
        ("template.toml", "name = \"own\"\ntitle = \"own\"\npdf = \"main.typ\"\n"),
        ("schema.json", SCHEMA),
        ("main.typ", "#json(\"/data.json\").title"),
    ] {
        project.write(&format!("templates/own/{name}"), text.as_bytes());
    }
    project
}

const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "required": ["title"],
  "properties": {
    "title": { "type": "string" },
    "body": { "type": "string", "contentMediaType": "text/markdown" },
    "parts": { "type": "array", "items": {
      "type": "object", "additionalProperties": false,
      "properties": { "title": { "type": "string" } }
    } }
  }
}"#;

const MANIFEST: &str = "[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n";

/// Slips of several kinds, one of them behind escapes.
const DATASET: &str = r#"{
  "title":   "五年来,在县委领导下",
  "body": "第一\u6bb5,\"引文\"很好。\n\n共8.60元,好"
}
"#;

fn check(project: &Project, arguments: &[&str]) -> support::project::Run {
    let all = [&["check", "--no-layout"], arguments].concat();
    project.run(&all)
}

#[test]
fn findings_are_told_in_both_languages() {
    let project = project(MANIFEST, DATASET);
    for lang in ["zh", "en"] {
        let run = check(&project, &["--lang", lang]);
        assert_eq!(run.code, Some(0));
        insta::assert_snapshot!(format!("check_{lang}"), run.stderr);
    }
    let run = check(&project, &["--lang", "en", "--deny-warnings"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
}

/// Only the characters that are mended change: order, spaces, escapes and numbers stay.
#[test]
fn mending_changes_nothing_else() {
    let project = project(MANIFEST, DATASET);
    let shown = check(&project, &["--lang", "en", "--diff"]);
    let path = project.path().join("data/2025.json");
    let read = || std::fs::read_to_string(&path).expect("the dataset");
    assert_eq!(read(), DATASET, "--diff only shows");
    insta::assert_snapshot!("diff", shown.stdout);
    let run = check(&project, &["--lang", "en", "--fix"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let mended = DATASET
        .replace("五年来,", "五年来，")
        .replace("\\u6bb5,\\\"引文\\\"", "\\u6bb5，“引文”")
        .replace("元,", "元，");
    assert_eq!(read(), mended);
    insta::assert_snapshot!("fix", run.stderr);
    let again = check(&project, &["--lang", "en", "--fix"]);
    assert_eq!(read(), mended);
    assert!(again.stderr.contains("mended: 0"), "{}", again.stderr);
}

/// The byte order mark that an editor has put there, and its line ends.
#[test]
fn mending_keeps_how_a_file_is_saved() {
    let text = "\u{feff}{\r\n  \"title\": \"甲,乙\"\r\n}\r\n";
    let project = project(MANIFEST, text);
    let run = check(&project, &["--fix", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let read = std::fs::read_to_string(project.path().join("data/2025.json"));
    assert_eq!(read.expect("the dataset"), text.replace(',', "，"));
}

#[test]
fn inherited_texts_are_mended_where_they_stand() {
    let project = project(MANIFEST, r#"{"title": "甲,乙", "body": "丙,丁"}"#);
    let heir = r#"{"extends": "2025.json", "title": "戊,己"}"#;
    project.write("data/2026.json", heir.as_bytes());
    let run = check(&project, &["2026", "--fix", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let read = |name: &str| {
        std::fs::read_to_string(project.path().join(name)).expect("a dataset")
    };
    assert_eq!(read("data/2026.json"), r#"{"extends": "2025.json", "title": "戊，己"}"#);
    assert_eq!(read("data/2025.json"), r#"{"title": "甲,乙", "body": "丙，丁"}"#);
}

/// A project may want a rule to weigh otherwise, and single findings not to be told.
#[test]
fn findings_weigh_as_the_project_says() {
    let rules =
        "[check.rules]\n\"punct/*\" = \"deny\"\n\"punct/straight-quote\" = \"allow\"\n";
    let project = self::project(&format!("{MANIFEST}{rules}"), DATASET);
    let run = check(&project, &["--lang", "en"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stderr.matches("error[punct/half-width]").count(),
        3,
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("straight-quote"), "{}", run.stderr);
    let allow = "[[check.allow]]\nrules = \"punct/half-width\"\nat = \"/body\"\n";
    let project = self::project(&format!("{MANIFEST}{allow}"), DATASET);
    let run = check(&project, &["--lang", "en", "--fix"]);
    assert!(run.stderr.contains("mended: 2"), "{}", run.stderr);
    let read = std::fs::read_to_string(project.path().join("data/2025.json"));
    assert!(read.expect("the dataset").contains("元,好"), "what is allowed stays");
    let others = "words = \"，\"\neditions = \"19*\"\n";
    let project = self::project(&format!("{MANIFEST}{allow}{others}"), DATASET);
    let run = check(&project, &["--lang", "en"]);
    assert_eq!(run.stderr.matches("[punct/half-width]").count(), 3, "{}", run.stderr);
}

/// A dataset may allow itself something, unseen by schema and templates.
#[test]
fn datasets_allow_themselves_something() {
    let dataset = r#"{ "_allow": { "title": "punct/*" }, "title": "甲,乙", "body": "丙,丁",
        "parts": [ { "title": "戊,己", "_allow": ["punct/half-width"] } ] }"#;
    let project = project(MANIFEST, dataset);
    let run = check(&project, &["--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stderr.matches("[punct/half-width]").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("at: /body"), "{}", run.stderr);
    project.write("data/2025.json", br#"{ "title": "x", "_allow": { "title": 3 } }"#);
    let run = check(&project, &["--lang", "en"]);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!("allow_fault", run.stderr);
}

/// `build` looks into texts where the project wants it, and refuses what is denied.
#[test]
fn building_refuses_what_is_denied() {
    let plain = project(MANIFEST, DATASET);
    let run = plain.run(&["build", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(!run.stderr.contains("punct/"), "{}", run.stderr);
    let manifest = format!(
        "{MANIFEST}[check]\nbuild = true\nrules = {{ \"punct/*\" = \"deny\" }}\n"
    );
    plain.write("huikan.toml", manifest.as_bytes());
    let run = plain.run(&["build", "--lang", "en"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("error[punct/half-width]"), "{}", run.stderr);
}

#[test]
fn slips_of_the_rules_are_told() {
    let manifest = format!(
        "{MANIFEST}[check]\nterms = \"words.toml\"\n[check.rules]\n\"punct/half-with\" = \"warn\"\n[[check.allow]]\nrules = [\"layout/*\", \"figure/grow\"]\n"
    );
    let project = project(&manifest, DATASET);
    let run = check(&project, &["--lang", "en"]);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!("rule_faults", run.stderr);
    let level = format!("{MANIFEST}[check.rules]\n\"punct/*\" = \"forbid\"\n");
    project.write("huikan.toml", level.as_bytes());
    let run = check(&project, &["--lang", "en"]);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!("level_fault", run.stderr);
    let run = project.run(&["rules", "punct/half-with", "--lang", "en"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("did you mean `punct/half-width`?"), "{}", run.stderr);
}

#[test]
fn findings_are_told_to_programs() {
    let project = project(MANIFEST, DATASET);
    let run = check(&project, &["--lang", "en", "--message-format", "github"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let first = "::warning title=punct/half-width,file=data/2025.json,line=2,col=18::";
    assert!(lines.iter().any(|line| line.starts_with(first)), "{}", run.stdout);
    let run = check(&project, &["--lang", "en", "--message-format", "sarif"]);
    let document: Value = serde_json::from_str(&run.stdout).expect("one document");
    assert_eq!(document["version"], "2.1.0");
    let driver = &document["runs"][0]["tool"]["driver"];
    let results = document["runs"][0]["results"].as_array().expect("results");
    let first = &results[0];
    let index = first["ruleIndex"].as_u64().expect("an index");
    let index = usize::try_from(index).expect("an index");
    assert_eq!(driver["rules"][index]["id"], first["ruleId"]);
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "data/2025.json");
    assert_eq!(
        place["region"],
        json!({ "startLine": 2, "startColumn": 18, "endColumn": 19, "snippet": { "text": "," } })
    );
    let run = check(&project, &["--message-format", "json", "--fix"]);
    let objects =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let changes: Vec<Value> = objects.filter(|o: &Value| o["kind"] == "change").collect();
    assert_eq!(changes[0]["pointer"], "/title");
    assert_eq!(changes[0]["after"], "五年来，在县委领导下");
}

#[test]
fn rules_explain_themselves() {
    let project = Project::empty();
    let run = project.run(&["rules", "punct/half-width", "--lang", "zh"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!("rule", run.stdout);
}
