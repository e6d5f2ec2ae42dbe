//! The rules about laid-out pages, glyphs, pictures and templates: each finds what it
//! should and nothing else.
//!
//! A rule has folders `tests/rules/AREA/WHAT/fail` (and `fail-…`) and `pass`, each a tiny
//! package with its dataset: `main.typ`, `body.xml` (the body of `main.docx`), or both;
//! `data.json`; and, if they are needed, `schema.json`, `recipe.toml` (more lines of
//! `template.toml`) and pictures. In a failing one, `finding.txt` has words of the finding,
//! one to a line: its pointer first, or a place, empty for the whole dataset.

mod support;

use std::path::{Path, PathBuf};

use huikan::build::{Settings, Workshop, output, scaffold};
use huikan::check::template::unused_field::OfEditions;
use huikan::check::{glyph, image, layout, template};
use huikan::diag::{Diagnostic, Lang, Rule, Style, render};
use huikan::project::Project;
use support::project::Project as Folder;
use support::word::Word;

fn rules() -> impl Iterator<Item = &'static Rule> {
    let rooms = [layout::RULES, image::RULES, glyph::RULES, template::RULES];
    rooms.into_iter().flatten().copied()
}

fn folder(rule: &Rule) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(rule.id)
}

/// The case folders of a rule that begin with a word.
fn cases(rule: &Rule, kind: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(rule)).into_iter().flatten().flatten();
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.split('-').next() == Some(kind)
        })
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "{} has no `{kind}`", rule.id);
    cases
}

/// The project of a case: the package `own` and the dataset `x`.
fn project(case: &Path) -> Folder {
    let project = Folder::empty();
    let mut recipe = "name = \"own\"\ntitle = \"own\"\n".to_owned();
    let (mut formats, mut schema) = (Vec::new(), "{}".to_owned());
    for entry in std::fs::read_dir(case).expect("a case").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = std::fs::read(entry.path()).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        match name.as_str() {
            "main.typ" => {
                recipe += "pdf = \"main.typ\"\n";
                formats.push("\"pdf\"");
                project.write("templates/own/main.typ", &bytes);
            }
            "body.xml" => {
                recipe += "docx = \"main.docx\"\n";
                formats.push("\"docx\"");
                project.write("templates/own/main.docx", &Word::body(&text).bytes());
            }
            "recipe.toml" => recipe += &text,
            "schema.json" => schema = text.into_owned(),
            "data.json" => project.write("data/x.json", &bytes),
            "finding.txt" => {}
            _ => project.write(&format!("data/{name}"), &bytes),
        }
    }
    project.write("templates/own/template.toml", recipe.as_bytes());
    project.write("templates/own/schema.json", schema.as_bytes());
    let formats = formats.join(", ");
    let manifest = format!("[[output]]\ntemplate = \"own\"\nformats = [{formats}]\n");
    project.write("huikan.toml", manifest.as_bytes());
    project
}

/// All that `check` says of a project.
fn told(folder: &Path) -> Vec<Diagnostic> {
    let project = Project::find(folder).expect("a project");
    let workshop =
        Workshop::new(project, Settings { rules: true, ..Settings::default() });
    let jobs = workshop.jobs(&[], folder).and_then(|jobs| jobs.whole()).expect("jobs");
    let (mut told, mut fields) = (Vec::new(), OfEditions::default());
    for job in &jobs {
        match job.make(&workshop) {
            Ok(made) => {
                told.extend(made.warnings);
                fields.add(&job.edition.id, made.value.fields);
            }
            Err(errors) => told.extend(errors.into_vec()),
        }
    }
    told.extend(fields.told().flat_map(|(_, found)| found));
    told
}

fn shown(diagnostics: &[Diagnostic]) -> String {
    let shown = diagnostics.iter().map(|found| render(found, Lang::En, Style::Plain));
    shown.collect::<Vec<_>>().join("\n")
}

/// What is wrong with what a failing case told, if something is.
fn wrong(rule: &Rule, case: &Path) -> Option<String> {
    let told = told(project(case).path());
    let said = shown(&told);
    let ours: Vec<_> = told.iter().filter(|found| found.code == rule.id).collect();
    let expected =
        std::fs::read_to_string(case.join("finding.txt")).expect("finding.txt");
    let mut words = expected.lines();
    let place = words.next().expect("a place");
    let Some(first) = ours.first() else { return Some(said) };
    let pointer = first.place.as_ref().and_then(|place| place.pointer.as_deref());
    let placed = match place.starts_with('/') || place.is_empty() {
        true => pointer.unwrap_or_default() == place,
        false => said.contains(place),
    };
    let well =
        told.len() == ours.len() && placed && words.all(|words| said.contains(words));
    (!well).then_some(said)
}

#[test]
fn every_rule_finds_what_it_should() {
    let cases =
        rules().flat_map(|rule| cases(rule, "fail").into_iter().map(move |c| (rule, c)));
    let wrong = cases.filter_map(|(rule, case)| {
        let said = wrong(rule, &case)?;
        Some(format!("== {}\n{said}\n", case.display()))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_rule_finds_more() {
    let cases = rules().flat_map(|rule| cases(rule, "pass"));
    let wrong = cases.filter_map(|case| {
        let told = told(project(&case).path());
        (!told.is_empty()).then(|| format!("== {}\n{}\n", case.display(), shown(&told)))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "{wrong}");
}

/// A profile says how its output is bound, whatever the template says.
#[test]
fn profiles_say_how_outputs_are_bound() {
    let project = project(&folder(&layout::page_count::RULE).join("fail"));
    let manifest = "[profile.glued]\nbinding = \"other\"\n[[output]]\ntemplate = \"own\"\n\
        formats = [\"pdf\"]\nprofiles = \"glued\"\n";
    project.write("huikan.toml", manifest.as_bytes());
    let told = told(project.path());
    assert!(told.is_empty(), "{}", shown(&told));
}

/// Without a layout, the fonts alone tell which characters they do not have, and the
/// faces that a Word template names.
#[test]
fn glyphs_are_told_without_a_layout() {
    for rule in [&glyph::missing::RULE, &glyph::word_face::RULE] {
        let folder = project(&folder(rule).join("fail"));
        let told = |layout| {
            let project = Project::find(folder.path()).expect("a project");
            let settings = Settings { rules: true, layout, ..Settings::default() };
            let workshop = Workshop::new(project, settings);
            let jobs = workshop.jobs(&[], folder.path()).expect("jobs").value;
            match jobs[0].make(&workshop) {
                Ok(made) => shown(&made.warnings),
                Err(errors) => shown(&errors.into_vec()),
            }
        };
        assert!(told(true).contains(rule.id), "{}", told(true));
        assert_eq!(told(true), told(false));
    }
}

/// What ships is without fault: the samples in all formats.
#[test]
fn samples_are_without_fault() {
    for sample in ["handout", "report", "booklet", "poster", "congress"] {
        let folder = Folder::empty();
        let files = match sample {
            "congress" => scaffold::sample_project(sample),
            template => scaffold::project(template),
        };
        output::write_all(folder.path(), &files.expect("a sample")).expect("a project");
        let told = told(folder.path());
        assert!(told.is_empty(), "{sample}:\n{}", shown(&told));
    }
}

/// Rules say what they are about, each in its own area.
#[test]
fn rules_say_what_they_are() {
    let areas = [
        (layout::RULES, "layout/"),
        (image::RULES, "image/"),
        (glyph::RULES, "glyph/"),
        (template::RULES, "template/"),
    ];
    let mut ids: Vec<&str> = Vec::new();
    for (room, area) in areas {
        for rule in room {
            assert!(rule.id.starts_with(area), "{}", rule.id);
            assert!(!ids.contains(&rule.id), "{} is there twice", rule.id);
            ids.push(rule.id);
            for words in [rule.what, rule.why] {
                assert!(
                    !words.zh.ends_with('。') && !words.en.ends_with('.'),
                    "{}",
                    rule.id
                );
            }
        }
    }
}
