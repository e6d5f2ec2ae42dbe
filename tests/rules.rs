//! Each rule of `huikan check` finds what it should and nothing else.
//!
//! A rule about passages has two case files, `tests/rules/AREA/WHAT.fail.txt` and
//! `.pass.txt`, with a Markdown string a line (`\n` inside is a line end). A failing
//! one of a rule that mends stands before what it becomes, with a tab between.

use std::path::Path;

use huikan::data::prose::{self, Role, passages, repair};
use huikan::diag::Remedy;

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
