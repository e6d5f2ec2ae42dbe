//! Goldens of content: datasets through schema and resolving to laid-out pages.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use huikan::diag::{Lang, Style, render};
use huikan::project::resolve::Schemas;
use huikan::project::{Package, Project as Huikan, Resolved, resolve};
use serde_json::json;
use support::layout::{lay_out, own_package};
use support::pages;
use support::project::Project;
use support::seed;
use typst_layout::PagedDocument;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn handout() -> Package {
    Package::in_folder(&root().join("templates/handout"), "templates/handout")
        .expect("the handout")
}

fn real() -> (Resolved, PagedDocument, String) {
    lay_out(&root().join("data/xinchang-8.json"), &handout())
}

/// Each case is a dataset and a Typst template over it.
#[test]
fn pdf_cases() {
    insta::glob!("cases/pdf/*.txt", |path| {
        let text = std::fs::read_to_string(path).expect("a case");
        let (data, template) =
            text.split_once("\n---\n").expect("a dataset and a template");
        let project = Project::empty();
        project.write("data/x.json", data.as_bytes());
        let schema = include_bytes!("cases/pdf/schema.json");
        let package = own_package(&project, schema, Some(template));
        let (_, document, said) = lay_out(&project.path().join("data/x.json"), &package);
        insta::assert_snapshot!(pages::describe(&document) + &said);
    });
}

/// Each case is a schema and a dataset; the snapshot has the messages in both
/// languages and what templates see.
#[test]
fn data_cases() {
    insta::glob!("cases/data/*.txt", |path| {
        let text = std::fs::read_to_string(path).expect("a case");
        let (schema, data) = text.split_once("\n---\n").expect("a schema and a dataset");
        let project = Project::empty();
        project.write("data/x.json", data.as_bytes());
        let package = own_package(&project, schema.as_bytes(), None);
        insta::assert_snapshot!(resolve_shown(&project, &package));
    });
}

/// Whatever stands in the place of a value of the data cases, resolving ends and
/// what it says has places inside of the file.
#[test]
fn odd_values_break_nothing() {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(99_999_999),
        json!(""),
        json!("{figures.stations:+last%}"),
        json!("１－９　单号"),
        json!([]),
        json!({}),
        json!([[null, 3]]),
        json!({"_auto": {"at": "/x", "label": 3}}),
    ];
    for entry in std::fs::read_dir(root().join("tests/cases/data")).expect("cases") {
        let text = std::fs::read_to_string(entry.expect("a case").path()).expect("text");
        let (schema, data) = text.split_once("\n---\n").expect("a schema and a dataset");
        let project = Project::empty();
        project.write("own/schema.json", schema.as_bytes());
        project.write("own/template.toml", b"name = \"own\"\ntitle = \"own\"\n");
        let package = Package::in_folder(&project.path().join("own"), "own");
        let package = package.expect("a package");
        let Ok(schemas) = Schemas::of(&package, None) else { continue };
        let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
        let mut pointers = Vec::new();
        collect_pointers(&data, "", &mut pointers);
        for (pointer, value) in
            pointers.iter().flat_map(|pointer| odd.iter().map(move |odd| (pointer, odd)))
        {
            let mut data = data.clone();
            *data.pointer_mut(pointer).expect("a value") = value.clone();
            project.write("data/x.json", data.to_string().as_bytes());
            let found = Huikan::find(project.path()).expect("a project");
            let edition = found.edition("x", found.root()).expect("an edition");
            if let Err(errors) = resolve::resolve(&edition, &package, &schemas) {
                for error in errors.diagnostics() {
                    let place = error.place.as_ref().expect("a place");
                    assert!(place.position.is_some(), "{pointer} {value}: {error:?}");
                }
            }
        }
    }
}

fn collect_pointers(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_string());
    match value {
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_pointers(item, &format!("{at}/{index}"), found);
            }
        }
        serde_json::Value::Object(fields) => {
            for (key, field) in fields {
                collect_pointers(field, &format!("{at}/{key}"), found);
            }
        }
        _ => {}
    }
}

fn resolve_shown(project: &Project, package: &Package) -> String {
    let found = Huikan::find(project.path()).expect("a project");
    let edition = found.edition("x", found.root()).expect("an edition");
    let resolved = Schemas::of(package, None)
        .and_then(|schemas| resolve::resolve(&edition, package, &schemas));
    let (value, said) = match resolved {
        Ok(resolved) => (Some(resolved.value.value), resolved.warnings),
        Err(errors) => (None, errors.into_vec()),
    };
    let mut shown = String::new();
    for fault in &said {
        for lang in [Lang::En, Lang::Zh] {
            let _ = writeln!(shown, "{}", render(fault, lang, Style::Plain));
        }
        shown.push('\n');
    }
    shown + &value.map(|value| pretty(&value, 0)).unwrap_or_default()
}

/// JSON with small values on one line.
fn pretty(value: &serde_json::Value, depth: usize) -> String {
    let line = value.to_string();
    let (open, close, items): (_, _, Vec<String>) = match value {
        serde_json::Value::Array(items) if line.chars().count() > 100 => {
            ('[', ']', items.iter().map(|item| pretty(item, depth + 1)).collect())
        }
        serde_json::Value::Object(fields) if line.chars().count() > 100 => {
            let field = |(key, field)| format!("{key:?}: {}", pretty(field, depth + 1));
            ('{', '}', fields.iter().map(field).collect())
        }
        _ => return line,
    };
    let indent = "  ".repeat(depth + 1);
    let items = items.join(&format!(",\n{indent}"));
    format!("{open}\n{indent}{items}\n{}{close}", "  ".repeat(depth))
}

/// The dataset of the real report says what the report says, to the character.
#[test]
fn the_real_dataset_is_the_report() {
    let text =
        std::fs::read_to_string(root().join("data/xinchang-8.json")).expect("data");
    let data: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut pieces = Vec::new();
    for pointer in
        ["/masthead/slogan", "/masthead/subtitle", "/masthead/event_line", "/lead"]
    {
        pieces.push(data.pointer(pointer).expect("a text").clone());
    }
    for highlight in data["highlights"].as_array().expect("highlights") {
        pieces.extend([highlight["label"].clone(), highlight["title"].clone()]);
        for section in highlight["sections"].as_array().expect("sections") {
            pieces.push(section["title"].clone());
            let body = section["body"].as_str().expect("a body");
            pieces.extend(body.split("\n\n").map(Into::into));
        }
    }
    pieces.push(data["closing"].clone());
    let pieces: Vec<&str> =
        pieces.iter().map(|piece| piece.as_str().expect("text")).collect();
    assert_eq!(pieces, seed::pieces());
}

/// Each key figure stands in the text that it names as its source.
#[test]
fn key_figures_stand_in_their_sources() {
    let (resolved, ..) = real();
    for figure in resolved.value["figures"].as_array().expect("figures") {
        let value = figure["value"].as_str().expect("as written");
        let source = figure["source"].as_str().expect("a source");
        let text = resolved.dataset.value().pointer(source).expect("a text");
        let stated = format!("{value}{}", figure["unit"].as_str().expect("a unit"));
        assert!(
            text.as_str().expect("text").contains(&stated),
            "{source} has no {stated}"
        );
    }
}

#[test]
fn the_real_handout_fills_four_pages() {
    let (_, document, said) = real();
    assert_eq!(said, "");
    assert_eq!(document.pages().len(), 4);
    assert_eq!(seed::first_missing(&pages::whole_text(&document)), None);
    insta::assert_snapshot!(pages::describe(&document));
}

/// The body of both columns stands on one grid of 17 pt on every page.
#[test]
fn body_lines_stand_on_one_grid() {
    let (_, document, _) = real();
    for (index, page) in document.pages().iter().enumerate() {
        let steps: BTreeSet<i64> = pages::runs(&page.frame)
            .iter()
            .filter(|run| (run.item.size.to_pt() - 10.5).abs() < 0.01)
            .filter(|run| run.item.font.font().info().family == "Noto Serif SC")
            .map(|run| ((run.at.y.to_pt() / 17.0).fract() * 100.0).round() as i64 % 100)
            .collect();
        assert_eq!(steps.len(), 1, "page {}: {steps:?}", index + 1);
    }
}

/// What means something to Typst, to Jinja, to XML or to a terminal is printed
/// as it was written.
#[test]
fn data_is_never_interpreted() {
    let hostile = "#set text(red) $x^2$ *a* _b_ <tag> &amp; {{ 7*7 }} {% if %} \\u ~ @ref `r` 😀 שלום";
    let project = Project::empty();
    let mut data: serde_json::Value = serde_json::from_slice(
        &std::fs::read(root().join("templates/handout/sample.json")).expect("a sample"),
    )
    .expect("JSON");
    data["masthead"]["subtitle"] = hostile.into();
    data["highlights"][0].as_object_mut().expect("an object").remove("photos");
    data["highlights"][1].as_object_mut().expect("an object").remove("photos");
    project.write("data/x.json", data.to_string().as_bytes());
    let (_, document, _) = lay_out(&project.path().join("data/x.json"), &handout());
    let text = pages::whole_text(&document);
    // Right-to-left words are laid out from the right: their letters are all there.
    let (latin, hebrew) = hostile.split_at(hostile.find('ש').expect("Hebrew"));
    assert!(seed::letters(&text).contains(&seed::letters(latin)), "{text}");
    assert!(hebrew.chars().all(|c| text.contains(c)), "{text}");

    let run = project.run(&["build", "-f", "docx"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let draft = project.path().join("out/x-handout.docx");
    assert!(document_text(&draft).contains(hostile));
}

/// The real draft holds the whole report, in order.
#[test]
fn the_real_draft_holds_the_report() {
    let project = Project::empty();
    let own = root().display().to_string();
    let out = project.path().display().to_string();
    let arguments = ["build", "xinchang-8", "-f", "docx", "-o", &out, "--project", &own];
    let run = project.run(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let text = document_text(&project.path().join("xinchang-8-handout.docx"));
    // The table of contents has the headings too, before the text itself.
    let body = text.rfind("亮点一").map(|at| &text[at..]).expect("a first highlight");
    for piece in seed::pieces().iter().skip(4) {
        assert!(seed::letters(body).contains(&seed::letters(piece)), "no {piece}");
    }
    assert_eq!(seed::first_missing_character(&text), None);
}

/// The text of a draft's body.
fn document_text(path: &Path) -> String {
    let file = std::fs::File::open(path).expect("a draft");
    let mut archive = zip::ZipArchive::new(file).expect("a zip");
    let mut part = archive.by_name("word/document.xml").expect("a body");
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut part, &mut xml).expect("UTF-8");
    let mut text = String::new();
    let mut rest = xml.as_str();
    while let Some(start) = rest.find("<w:t") {
        rest = &rest[start..];
        let tag = rest.find('>').expect("a tag") + 1;
        let is_text = matches!(rest.as_bytes().get(4), Some(b'>' | b' '))
            && !rest[..tag].ends_with("/>");
        if is_text {
            let end = rest.find("</w:t>").expect("an end");
            text += &quick_xml::escape::unescape(&rest[tag..end]).expect("entities");
            rest = &rest[end..];
        } else {
            rest = &rest[tag..];
        }
    }
    text
}

/// Charts of figures are drawn on pages and in Word, their numbers as written.
#[test]
fn charts_of_figures_are_in_both_outputs() {
    let project = Project::empty();
    let run = project.run(&["init", ".", "--sample", "congress"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let dataset = project.list("data").into_iter().find(|name| name.ends_with(".json"));
    let dataset = dataset.expect("a dataset");
    let (_, document, said) =
        lay_out(&project.path().join("data").join(&dataset), &handout());
    assert_eq!(said, "");
    let text = pages::whole_text(&document).replace('\u{2060}', "");
    for words in ["项目和奖项", "（单位：项）", "本届末", "2020年", "31.0"]
    {
        assert!(text.contains(words), "{words} is not on the pages");
    }
    let run = project.run(&["build", "-t", "handout", "-f", "docx"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let name =
        project.list("out").into_iter().find(|name| name.ends_with("handout.docx"));
    let draft = project.path().join("out").join(name.expect("a draft"));
    let chart = support::draft::part(&draft, "word/charts/chart2.xml");
    for words in ["2020年", "<c:v>31.0</c:v>", "formatCode=\"0.0\""] {
        assert!(chart.contains(words), "{words} is not in the chart");
    }
}

/// An edition says what is new; the rest, and what it is compared with, comes from
/// the one before.
#[test]
fn editions_inherit() {
    let project = Project::empty();
    project.write("huikan.toml", b"");
    project.write(
        "own/schema.json",
        json!({ "properties": {
            "figures": { "x-huikan": { "figures": {
                "key": "/key", "value": "/value", "unit": "/unit", "last": "/last"
            } } },
            "photo": { "x-huikan": "image" },
            "people": { "x-huikan-key": "/name", "x-huikan": { "roster": { "name": "/name" } } },
            "new": { "x-huikan": { "changes": {} } }
        } })
        .to_string()
        .as_bytes(),
    );
    let recipe = b"name = \"own\"\ntitle = \"own\"\nprevious = true\n";
    project.write("own/template.toml", recipe);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'>\
        <rect width='400' height='300'/></svg>";
    project.write("data/old/p.svg", svg);
    project.write(
        "data/old/2023.json",
        json!({
            "extends": "2022.json", "photo": "p.svg",
            "figures": [{ "key": "stations", "value": 5 }],
            "people": [{ "name": "王芳", "unit": "医院" }, { "name": "李白" }]
        })
        .to_string()
        .as_bytes(),
    );
    project.write(
        "data/old/2022.json",
        json!({ "figures": [{ "key": "stations", "value": 3, "unit": "家" }], "dropped": 1 })
            .to_string()
            .as_bytes(),
    );
    project.write(
        "data/2024.json",
        json!({
            "extends": "old/2023.json", "dropped": null, "title": "名单", "new": {},
            "text": "新建{figures.stations}，{figures.stations:by-last}",
            "figures": [{ "key": "stations", "value": 12 }],
            "people": [{ "name": "李白", "_remove": true }, { "name": "王芳", "unit": "学校" }]
        })
        .to_string()
        .as_bytes(),
    );
    let package = Package::in_folder(&project.path().join("own"), "own").expect("own");
    let found = Huikan::find(project.path()).expect("a project");
    let edition = found.edition("2024", found.root()).expect("an edition");
    let schemas = Schemas::of(&package, None).expect("a schema");
    let resolved = resolve::resolve(&edition, &package, &schemas).expect("sound").value;
    let value = &resolved.value;
    assert_eq!(value["text"], "新建12家，增加7家");
    assert_eq!(value["figures"][0]["last"], 5);
    assert_eq!(value["photo"], "/project/data/old/p.svg");
    assert_eq!(value["people"][0]["unit"], "学校");
    assert_eq!(
        value["new"]["_auto"],
        json!({
            "figures": [["stations", "5家", "12家", "+7家"]],
            "people": [{ "title": "名单", "text": "不再列入1人：李白。" }]
        })
    );
    assert_eq!(value.get("dropped"), None);
    let previous = &value["previous"];
    assert_eq!(previous["figures"][0]["_auto"]["text"], "5家");
    assert_eq!(previous["figures"][0]["last"], 3);
    assert_eq!(previous["people"].as_array().map(Vec::len), Some(2));
    let names: Vec<_> =
        resolved.files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    assert_eq!(names, ["2024.json", "2022.json", "2023.json"]);
}
