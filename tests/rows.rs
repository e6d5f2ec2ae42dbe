//! What `huikan.toml` says of editions and outputs: rows of files, conditions, profiles,
//! parts, included files.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::fmt::Write;
use std::path::Path;

use huikan::build::{Job, Settings, Workshop};
use huikan::data::schema::Schema;
use huikan::diag::Diagnostics;
use huikan::project::{Edition, Project as Opened, lineage};
use serde_json::{Value, json};

use support::project::Project;

/// A project with a template of its own and these files.
fn project(manifest: &str, files: &[(&str, &str)]) -> Project {
    let project = Project::empty();
    project.write("huikan.toml", manifest.as_bytes());
    let own = [
        ("template.toml", "name = \"own\"\ntitle = \"own\"\npdf = \"main.typ\"\n"),
        ("schema.json", SCHEMA),
        ("main.typ", "#json(\"/data.json\").name"),
    ];
    for (name, text) in own {
        project.write(&format!("templates/own/{name}"), text.as_bytes());
    }
    files.iter().for_each(|(name, text)| project.write(name, text.as_bytes()));
    project
}

const SCHEMA: &str = r#"{
  "type": "object", "required": ["name"],
  "properties": {
    "name": { "type": "string", "title": "名称" },
    "year": { "type": "integer", "title": "年份" },
    "figures": {
      "type": "array",
      "x-huikan": { "figures": { "key": "/key", "value": "/value", "last": "/last" } },
      "items": { "properties": { "value": { "type": ["number", "string"] } } }
    }
  }
}"#;

fn open(project: &Project) -> Opened {
    Opened::find(project.path()).expect("a project")
}

fn schema() -> Schema {
    Schema::compile("schema.json", SCHEMA.as_bytes(), &()).expect("a schema")
}

/// The dataset of an edition, with what it inherits.
fn dataset(edition: &Edition) -> Value {
    let mut faults = Diagnostics::new();
    let own = lineage::own(edition, &schema(), &mut faults).expect("a dataset");
    assert_eq!(faults.into_vec(), []);
    own.dataset.value().clone()
}

fn names(project: &Opened) -> Vec<String> {
    let editions = project.editions().expect("editions");
    editions.into_iter().map(|edition| edition.id).collect()
}

/// The jobs of a project: edition, file name, part.
fn jobs(project: &Project) -> Vec<Job> {
    let workshop = Workshop::new(open(project), Settings::default());
    workshop.jobs(&[], project.path()).expect("jobs").value
}

fn stems(project: &Project) -> Vec<String> {
    jobs(project).iter().map(|job| job.output.file_name(&job.edition.id)).collect()
}

const CSV: &str = "名称,year,/figures/0/value,/figures/1/label\n\
    清溪县,2025,8.60,站\n\
    云岭县,,,\n";

#[test]
fn rows_of_a_spreadsheet_are_editions_in_any_encoding() {
    let manifest =
        "editions = \"*.csv\"\n[rows]\nextends = \"base.json\"\nname = \"{名称}\"\n";
    let base =
        r#"{ "year": 2020, "figures": [{ "key": "a", "value": 5 }, { "key": "b" }] }"#;
    let project = project(manifest, &[("base.json", base)]);
    let gb18030 = encoding_rs::GB18030.encode(CSV).0.into_owned();
    for bytes in [CSV.as_bytes().to_vec(), gb18030] {
        project.write("counties.csv", &bytes);
        let editions = open(&project).editions().expect("editions");
        let values: Vec<Value> = editions.iter().map(dataset).collect();
        assert_eq!(
            values,
            [
                json!({
                    "year": 2025, "name": "清溪县",
                    "figures": [
                        { "key": "a", "value": 8.6, "last": 5 },
                        { "key": "b", "label": "站" },
                    ],
                }),
                json!({
                    "year": 2020, "name": "云岭县",
                    "figures": [{ "key": "a", "value": 5 }, { "key": "b" }],
                }),
            ]
        );
        let ids: Vec<&str> = editions.iter().map(|edition| edition.id.as_str()).collect();
        assert_eq!(ids, ["清溪县", "云岭县"]);
    }
}

#[test]
fn a_fault_in_a_line_is_told_where_it_stands() {
    let lines = "{\"name\": \"一\"}\n\n{\"name\": \"二\", \"year\": \"2025\"}\n";
    let project = project("editions = \"data/*.jsonl\"", &[("data/x.jsonl", lines)]);
    assert_eq!(names(&open(&project)), ["x-1", "x-2"]);
    let run = project.run(&["check", "-t", "own", "-f", "pdf"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("--> data/x.jsonl:3:23"), "{}", run.stderr);
    assert!(
        run.stderr.contains("3 | {\"name\": \"二\", \"year\": \"2025\"}"),
        "{}",
        run.stderr
    );
    let run = project.run(&["build", "x-1", "-t", "own", "-f", "pdf"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "out/x-1-own.pdf  1 page\n"));
}

/// A row that names what it inherits from does so from its file's folder.
#[test]
fn a_line_may_extend_a_dataset_of_its_own() {
    let lines = "{\"extends\": \"own.json\", \"year\": 1}\n{\"year\": 2}\n";
    let manifest = "editions = \"data/*.jsonl\"\n[rows]\nextends = \"base.json\"\n";
    let files = [
        ("data/x.jsonl", lines),
        ("data/own.json", r#"{ "name": "own" }"#),
        ("base.json", r#"{ "name": "base" }"#),
    ];
    let project = project(manifest, &files);
    let editions = open(&project).editions().expect("editions");
    let values: Vec<Value> = editions.iter().map(dataset).collect();
    assert_eq!(
        values,
        [json!({"name": "own", "year": 1}), json!({"name": "base", "year": 2})]
    );
    let files: Vec<Vec<String>> = editions
        .iter()
        .map(|edition| {
            let name = |path: &Path| {
                path.file_name().expect("a name").to_string_lossy().into_owned()
            };
            lineage::files(edition).iter().map(|path| name(path)).collect()
        })
        .collect();
    assert_eq!(files, [["x.jsonl", "own.json"], ["x.jsonl", "base.json"]]);
}

/// A job goes to another process as JSON, and finds its row there.
#[test]
fn a_job_can_be_sent_elsewhere() {
    let manifest = "editions = \"*.csv\"\n[rows]\nextends = \"base.json\"\nname = \"{名称}\"\n\
        [[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\nprofiles = [\"archive\"]\n\
        [profile.archive]\npdf-standard = \"a-2b\"\nppi = 300\n";
    let project = project(manifest, &[("base.json", "{}"), ("x.csv", CSV)]);
    for job in jobs(&project) {
        let sent = serde_json::to_string(&job).expect("JSON");
        assert!(sent.len() < 1000, "{sent}");
        let came: Job = serde_json::from_str(&sent).expect("a job");
        assert_eq!(dataset(&came.edition), dataset(&job.edition));
        assert_eq!(came.output, job.output);
        assert_eq!(came.edition.id, job.edition.id);
    }
}

#[test]
fn many_rows_are_one_file() {
    let mut text = "名称,year\n".to_string();
    for row in 0..10_000 {
        let _ = writeln!(text, "县{row},{row}");
    }
    let manifest =
        "editions = \"*.csv\"\n[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n";
    let project = project(manifest, &[("x.csv", &text)]);
    let jobs = jobs(&project);
    assert_eq!(jobs.len(), 10_000);
    let last = jobs.last().expect("a job");
    assert_eq!(last.edition.id, "x-10000");
    assert_eq!(dataset(&last.edition)["name"], "县9999");
    assert_eq!(jobs[41].edition.id, "x-00042");
}

#[test]
fn conditions_choose_editions() {
    let manifest = "[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n\
        when = \"data.seating is defined and data.seating.rows > 2 and name >= '2020'\"\n\
        [[output]]\ntemplate = \"own\"\nformats = [\"png\"]\neditions = [\"2*\", \"!2019\"]\n";
    let files = [
        ("data/2019.json", r#"{ "name": "a", "seating": { "rows": 9 } }"#),
        ("data/2020.json", r#"{ "name": "b" }"#),
        ("data/2021.json", r#"{ "name": "c", "seating": { "rows": 9 } }"#),
        ("data/bad.json", "{"),
    ];
    let project = project(manifest, &files);
    let made: Vec<(String, &str)> = jobs(&project)
        .iter()
        .map(|job| (job.edition.id.clone(), job.output.formats[0].extension()))
        .collect();
    let expected = [("2020", "png"), ("2021", "pdf"), ("2021", "png"), ("bad", "pdf")];
    assert_eq!(made, expected.map(|(name, format)| (name.to_string(), format)));
}

#[test]
fn profiles_are_jobs_of_their_own() {
    let manifest = "[[output]]\ntemplate = \"own\"\nfile = \"{profile}/{format}/{edition}\"\n\
        profiles = [\"screen\", \"archive\"]\nformats = [\"pdf\"]\n\
        [profile.screen]\nformats = [\"png\"]\nppi = 36\n\
        [profile.archive]\npdf-standard = [\"a-2b\"]\n";
    let files = [("data/x.json", r#"{ "name": "x" }"#)];
    let project = project(manifest, &files);
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(project.outputs("out"), ["archive/pdf/x.pdf", "screen/png/x-1.png"]);
    let read = |name: &str| std::fs::read(project.path().join(name)).expect("an output");
    let pdf = String::from_utf8_lossy(&read("out/archive/pdf/x.pdf")).into_owned();
    assert!(pdf.contains("pdfaid:conformance>B"), "PDF/A-2b");
    let width =
        |bytes: &[u8]| u32::from_be_bytes(bytes[16..20].try_into().expect("four"));
    let screen = width(&read("out/screen/png/x-1.png"));
    // What the command line says counts more.
    let run = project.run(&["build", "--ppi", "72", "-f", "png", "-o", "fine"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let fine = width(&read("fine/screen/png/x-1.png"));
    assert_eq!(fine, width(&read("fine/archive/png/x-1.png")));
    assert!(fine.abs_diff(2 * screen) <= 1, "{screen} and {fine}");
}

#[test]
fn the_items_of_a_list_are_parts() {
    let manifest = "[[output]]\ntemplate = \"own\"\nfrom = \"/teams/*/people/*\"\n\
        [[output]]\ntemplate = \"own\"\nfrom = [\"/teams/1\", \"/teams/0\"]\nfile = \"t{part}\"\n";
    let data = r#"{ "name": "x", "teams": [{ "people": [1, 2] }, { "people": [3] }] }"#;
    let project = project(manifest, &[("data/x.json", data)]);
    // The template prints no parts: its jobs tell that, and are there.
    assert_eq!(stems(&project), ["x-own-1", "t1", "t2"]);
    let part = "[part]\nschema = \"/congress.json#/$defs/congress\"\n";
    let recipe = format!("name = \"own\"\ntitle = \"own\"\npdf = \"main.typ\"\n{part}");
    project.write("templates/own/template.toml", recipe.as_bytes());
    let made: Vec<(String, Option<String>)> = jobs(&project)
        .into_iter()
        .map(|job| (job.output.file_name(&job.edition.id), job.output.from))
        .collect();
    let expected = [
        ("x-own-1", "/teams/0/people/0"),
        ("x-own-2", "/teams/0/people/1"),
        ("x-own-3", "/teams/1/people/0"),
        ("t1", "/teams/1"),
        ("t2", "/teams/0"),
    ];
    let expected =
        expected.map(|(name, from)| (name.to_string(), Some(from.to_string())));
    assert_eq!(made, expected);
}

#[test]
fn file_names_use_fields_and_make_folders() {
    let manifest = "[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n\
        file = \"{/year}/{/name}/{edition}\"\n";
    let files = [("data/x.json", r#"{ "name": " ../甲: 乙.", "year": 2025 }"#)];
    let project = project(manifest, &files);
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(project.outputs("out"), ["2025/..-甲- 乙/x.pdf"]);
}

#[test]
fn a_manifest_includes_files() {
    let manifest = "include = [\"outputs/*.toml\"]\n\
        [[output]]\ntemplate = \"own\"\nprofiles = [\"fine\"]\n[profile.screen]\nppi = 36\n";
    let files = [
        (
            "outputs/b.toml",
            "[profile.fine]\nppi = 300\n[rows]\nname = \"{file}+{row}\"\n",
        ),
        ("outputs/a.toml", "[[output]]\ntemplate = \"own\"\nprofiles = \"screen\"\n"),
        ("data/x.json", "{}"),
        ("data/y.jsonl", "{}\n"),
    ];
    let project = project(&format!("editions = [\"data/*\"]\n{manifest}"), &files);
    let expected = ["x-own-fine", "x-own-screen", "y+1-own-fine", "y+1-own-screen"];
    assert_eq!(stems(&project), expected);
}

#[test]
fn clashes_are_told_all_at_once_and_counted() {
    let lines = "{\"name\": \"x\"}\n".repeat(30);
    let manifest = "editions = \"*.jsonl\"\n[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\nfile = \"all\"\n";
    let project = project(manifest, &[("x.jsonl", &lines)]);
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.stderr.matches("two outputs are called `all.pdf`").count(), 20);
    assert!(run.stderr.contains("x-01 × own and x-02 × own"), "{}", run.stderr);
    assert!(run.stderr.contains("and 9 more"), "{}", run.stderr);
}

/// A row is known by its name when the file has changed meanwhile.
#[test]
fn rows_are_found_again() {
    let manifest = "editions = \"*.csv\"\n[rows]\nname = \"{名称}\"\n";
    let project = project(manifest, &[("x.csv", "名称（全称）,year\n甲,1\n乙,2\n")]);
    let editions = open(&project).editions().expect("editions");
    project.write("x.csv", "名称（全称）,year\n丙,3\n\n丁,4\n甲,10\n".as_bytes());
    assert_eq!(dataset(&editions[0]), json!({ "name": "甲", "year": 10 }));
    assert_eq!(editions[0].origin(), "x.csv:5");
    let mut faults = Diagnostics::new();
    assert!(lineage::own(&editions[1], &schema(), &mut faults).is_none());
    let codes: Vec<String> =
        faults.into_vec().iter().map(|fault| fault.code.to_string()).collect();
    assert_eq!(codes, ["data/no-row"]);
}

/// Of a file of rows, only those that have changed are made again.
#[test]
fn a_row_that_changes_is_made_again() {
    let manifest = "editions = \"*.csv\"\n[rows]\nextends = \"base.json\"\nname = \"{名称}\"\n\
        [[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n";
    let files =
        [("base.json", "{}"), ("other.json", "{}"), ("x.csv", "名称,year\n甲,1\n乙,2\n")];
    let project = project(manifest, &files);
    assert_eq!(project.run(&["build"]).code, Some(0));
    let steps = || {
        let run = project.run(&["plan", "--message-format", "json"]);
        let lines = run.stdout.lines().map(serde_json::from_str::<Value>);
        let steps =
            lines.map(|line| line.expect("JSON")).filter(|line| line["kind"] == "job");
        let word = |value: &Value| value.as_str().unwrap_or_default().to_string();
        steps.map(|job| (word(&job["edition"]), word(&job["step"]))).collect::<Vec<_>>()
    };
    let expected =
        |list: [(&str, &str); 2]| list.map(|(a, b)| (a.to_string(), b.to_string()));
    assert_eq!(steps(), expected([("甲", "keep"), ("乙", "keep")]));
    project.write("x.csv", "名称,year\n甲,1\n乙,3\n".as_bytes());
    assert_eq!(steps(), expected([("甲", "keep"), ("乙", "make")]));
    project.write("x.csv", "名称,year\n甲,1\n乙,2\n".as_bytes());
    project.write("huikan.toml", manifest.replace("base", "other").as_bytes());
    assert_eq!(steps(), expected([("甲", "make"), ("乙", "make")]));
}
