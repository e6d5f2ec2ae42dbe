//! Each rule of `huikan check` finds what it should and nothing else.
//!
//! A rule about passages has two case files, `tests/rules/AREA/WHAT.fail.txt` and
//! `.pass.txt`, with a Markdown string a line (`\n` inside is a line end, `\u{200b}` a
//! character). A failing one of a rule that mends stands before what it becomes, with a
//! tab between; the same again if it is told and not mended. `@name `, `@item ` and
//! `@phrase ` begin plain strings that are such.

#[path = "support/escapes.rs"]
mod escapes;

use std::path::Path;

use escapes::unescaped;
use huikan::data::prose::{self, Role, passages, repair};
use huikan::diag::Remedy;

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

/// What a rule shows of itself is true.
#[test]
fn examples_of_rules_are_right() {
    for rule in prose::rules() {
        let prose_rule = rule.rule;
        let id = prose_rule.id;
        let (wrong, right) = (prose_rule.wrong, prose_rule.right);
        assert!(found(wrong).contains(&id), "{id} does not find `{wrong}`");
        assert!(found(right).is_empty(), "{id}: `{right}` has {:?}", found(right));
        if prose_rule.remedy == Remedy::Safe {
            let mended = mend(wrong, &|slip| slip.rule.id == id).text;
            assert_eq!(mended, right, "{id}");
        }
    }
}

#[test]
fn ids_of_rules_are_their_own() {
    let mut ids: Vec<&str> = prose::rules().map(|rule| rule.rule.id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}
