//! The binary as its users meet it: what it prints, its exit code, what it leaves.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::fmt::Write;
use std::os::unix::process::CommandExt;
use std::process::Command;

use serde_json::{Value, json};

use support::case::Case;
use support::project::{Project, Run};

/// Each case is run in both languages; the whole of what it prints is the
/// snapshot, with the exit code and the list of files it leaves in `out`.
#[test]
fn cases() {
    insta::glob!("cases/cli/*.txt", |path| {
        let case = Case::read(path);
        let mut shown = String::new();
        for lang in ["en", "zh"] {
            let project = Project::of(&case);
            for command in &case.commands {
                let mut arguments: Vec<&str> =
                    command.iter().map(String::as_str).collect();
                arguments.extend(["--lang", lang]);
                show(&mut shown, &arguments, &project.run(&arguments));
            }
            let _ = writeln!(shown, "out: {:?}\n", project.outputs("out"));
        }
        insta::assert_snapshot!(shown);
    });
}

fn show(shown: &mut String, arguments: &[&str], run: &Run) {
    let code = run.code.map_or("killed".to_string(), |code| code.to_string());
    let _ = writeln!(shown, "$ huikan {} -> {code}", arguments.join(" "));
    for text in [&run.stdout, &run.stderr].into_iter().filter(|text| !text.is_empty()) {
        let _ = writeln!(shown, "{}", text.trim_end());
    }
}

/// A project made by `init`.
fn sample() -> Project {
    let project = Project::empty();
    let run = project.run(&["init", "."]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    project
}

#[test]
fn a_new_project_builds_without_a_warning() {
    let project = sample();
    let run = project.run(&["build", "--deny-warnings"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(project.outputs("out"), ["sample-handout.docx", "sample-handout.pdf"]);
}

#[test]
fn a_new_project_never_overwrites() {
    let project = sample();
    let before = project.list(".");
    let run = project.run(&["init", "."]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("is not empty"), "{}", run.stderr);
    assert_eq!(project.list("."), before);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let read = |project: &Project, name| {
        std::fs::read(project.path().join("out").join(name)).expect("an output")
    };
    let (first, second) = (sample(), sample());
    for project in [&first, &second] {
        assert_eq!(project.run(&["build"]).code, Some(0));
    }
    for name in ["sample-handout.pdf", "sample-handout.docx"] {
        assert!(read(&first, name) == read(&second, name), "{name} differs");
    }
}

/// An imported list takes its place in a dataset; the rest stays as it was written.
#[test]
fn an_import_leaves_the_rest_of_a_dataset_alone() {
    let project = Project::empty();
    project.write("list.csv", "姓名,单位\n王　芳,县医院\n".as_bytes());
    let dataset = "{\n    \"rate\":   8.60,\n    \"people\": [ ]\n}";
    project.write("x.json", dataset.as_bytes());
    let arguments = ["import", "list.csv", "-o", "x.json", "--into", "/people"];
    assert_eq!(project.run(&arguments).code, Some(1), "a file is there");
    let run = project.run(&[&arguments[..], &["--force"]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "x.json\n"));
    let written = std::fs::read_to_string(project.path().join("x.json")).expect("JSON");
    let list = "[\n      {\n        \"name\": \"王芳\",\n        \"unit\": \"县医院\"\n      }\n    ]";
    assert_eq!(written, dataset.replace("[ ]", list));
}

#[test]
fn png_and_svg_have_a_file_a_page() {
    let project = sample();
    let run = project.run(&["build", "-f", "png,svg", "--ppi", "20"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let names = project.outputs("out");
    let count = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
    assert!(count(".png") >= 1);
    assert_eq!(count(".png"), count(".svg"));
    let png =
        std::fs::read(project.path().join("out/sample-handout-1.png")).expect("a page");
    assert!(png.starts_with(b"\x89PNG"));
}

#[test]
fn json_messages_are_one_object_a_line() {
    let project = sample();
    project.write("data/bad.json", b"{");
    let run = project.run(&["build", "--message-format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    let kinds: Vec<String> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|object| object["kind"].as_str().expect("a kind").to_string())
        .collect();
    assert!(kinds.contains(&"output".into()) && kinds.contains(&"diagnostic".into()));
}

#[test]
fn one_bad_edition_does_not_spoil_the_others() {
    let project = sample();
    project.write("data/bad.json", b"[1,");
    assert_eq!(project.run(&["build", "-f", "pdf"]).code, Some(1));
    assert_eq!(project.outputs("out"), ["sample-handout.pdf"]);
}

#[test]
fn ejected_files_hold_what_typst_saw() {
    let project = sample();
    let run = project.run(&["build", "--eject", "plain"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let names = project.list("plain");
    for name in ["main.typ", "huikan.typ", "data.json", "fonts.txt", "README.txt"] {
        assert!(names.contains(&name.to_string()), "{name} is not in {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("project/data/photos/")));
    let again = project.run(&["build", "--eject", "plain"]);
    assert_eq!(again.code, Some(1), "an ejected folder is not overwritten");
}

#[test]
fn a_copied_template_is_the_projects_own() {
    let project = sample();
    let run = project.run(&["templates", "--copy", "handout", "--to", "ours"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let main = project.path().join("templates/ours/main.typ");
    std::fs::write(&main, "#set page(width: 10cm, height: 10cm)\n会")
        .expect("a template");
    let run = project.run(&["build", "-t", "ours", "-f", "pdf"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stdout, "out/sample-ours.pdf  1 page\n");
}

#[test]
fn an_unwritable_folder_is_told_and_left_alone() {
    let project = sample();
    project.write("taken", b"a file");
    let run = project.run(&["build", "-f", "pdf", "-o", "taken"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[output/unwritable]"), "{}", run.stderr);
    assert_eq!(std::fs::read(project.path().join("taken")).expect("a file"), b"a file");
}

/// The command as run by somebody who must respect permissions: root's
/// capability to ignore them is dropped first; an ordinary user has none.
fn unprivileged(project: &Project, arguments: &[&str]) -> Run {
    use std::os::unix::fs::MetadataExt;
    let mut inner = project.command(arguments);
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-dac_override", "--inh-caps=-dac_override", "--"]);
    command.arg(inner.get_program()).args(inner.get_args());
    command.current_dir(project.path()).env("LANG", "en");
    let root = std::fs::metadata(project.path()).is_ok_and(|meta| meta.uid() == 0);
    let output = if root { command.output() } else { inner.output() };
    project.outcome(output.expect("the binary runs"))
}

fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .expect("a mode");
}

#[test]
fn a_read_only_folder_is_told() {
    let project = sample();
    let out = project.path().join("out");
    std::fs::create_dir(&out).expect("a folder");
    set_mode(&out, 0o555);
    let run = unprivileged(&project, &["build", "-f", "docx"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("Permission denied"), "{}", run.stderr);
    assert_eq!(project.outputs("out"), [""; 0]);
}

/// Builds need no write access to anything but the output folder.
#[test]
fn a_read_only_project_builds() {
    let project = sample();
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().display().to_string();
    for folder in ["data/photos", "data", "."] {
        set_mode(&project.path().join(folder), 0o555);
    }
    let run = unprivileged(&project, &["build", "-o", &target]);
    set_mode(project.path(), 0o755);
    set_mode(&project.path().join("data"), 0o755);
    set_mode(&project.path().join("data/photos"), 0o755);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(std::fs::read_dir(out.path()).expect("outputs").count(), 3);
}

/// A file size limit is what a full disk looks like to a program: the write
/// fails half-way.
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let project = sample();
    project.write("out/sample-handout.pdf", b"the old one");
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" build -f pdf";
    let mut command = Command::new("sh");
    command.arg0("sh").args(["-c", script, env!("CARGO_BIN_EXE_huikan")]);
    command.current_dir(project.path()).env_clear().env("LANG", "en");
    let run = project.outcome(command.output().expect("the binary runs"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("error[output/unwritable]"), "{}", run.stderr);
    assert_eq!(project.outputs("out"), ["sample-handout.pdf"]);
    let kept =
        std::fs::read(project.path().join("out/sample-handout.pdf")).expect("a file");
    assert_eq!(kept, b"the old one");
}

/// A template that does not compile is built once it does, and again when the
/// dataset changes.
#[test]
fn watch_builds_again_after_each_change() {
    use std::io::{BufRead, BufReader};
    let project = sample();
    project.run(&["templates", "--copy", "handout", "--to", "ours"]);
    let main = project.path().join("templates/ours/main.typ");
    std::fs::write(&main, "#let x = {").expect("a template");
    let mut command = project.command(&["watch", "-t", "ours", "-f", "pdf"]);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let (sender, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        lines.map_while(Result::ok).try_for_each(|l| sender.send(l))
    });
    // A change before the files are watched goes unseen: it is made again until
    // the program answers.
    let change = |path: &std::path::Path, text: &str, before: &[u8]| {
        for _ in 0..30 {
            std::fs::write(path, text).expect("a file");
            let pause = std::time::Duration::from_secs(1);
            while let Ok(line) = said.recv_timeout(pause) {
                let built = std::fs::read(project.path().join("out/sample-ours.pdf"));
                if let Ok(built) = built
                    && line.contains("took")
                    && built != before
                {
                    return built;
                }
            }
        }
        panic!("no rebuild after a change of {}", path.display());
    };
    let template =
        "#set page(width: 9cm, height: 9cm)\n#json(\"/data.json\").masthead.slogan";
    let first = change(&main, template, &[]);
    let data = project.path().join("data/sample.json");
    let text = std::fs::read_to_string(&data).expect("a dataset");
    change(&data, &text.replace("聚智创新", "聚力创新"), &first);
    child.kill().expect("a running program");
    child.wait().expect("an ended program");
}

/// The handout's Word template with the least that it wants.
fn merging() -> Project {
    let project = Project::empty();
    project.write("t.docx", include_bytes!("../templates/handout/main.docx"));
    let context = |name: &str| {
        serde_json::json!({
            "name": name, "edition": {}, "masthead": {"slogan": name}, "highlights": []
        })
    };
    project.write("a.json", context("甲/县").to_string().as_bytes());
    project.write(
        "all.json",
        serde_json::json!([context("乙"), context("丙")]).to_string().as_bytes(),
    );
    project
}

#[test]
fn merge_fills_names_from_the_contexts() {
    let project = merging();
    let run =
        project.run(&["merge", "t.docx", "a.json", "-o", "out/{number}-{name}.docx"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let run =
        project.run(&["merge", "t.docx", "all.json", "--each", "-o", "out/{name}.docx"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(project.outputs("out"), ["1-甲_县.docx", "丙.docx", "乙.docx"]);
}

/// The body of a Word document that says this alone.
fn saying(text: &str) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let template = include_bytes!("../templates/handout/main.docx").as_slice();
    let mut from = zip::ZipArchive::new(Cursor::new(template)).expect("a zip");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut entry = from.by_index(index).expect("an entry");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        if entry.name() == "word/document.xml" {
            let xml = String::from_utf8(bytes).expect("XML");
            let (start, end) = (xml.find("<w:p"), xml.rfind("<w:sectPr"));
            let (start, end) = (start.expect("a paragraph"), end.expect("a section"));
            let body = format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
            bytes = format!("{}{body}{}", &xml[..start], &xml[end..]).into_bytes();
        }
        let options = zip::write::SimpleFileOptions::default();
        to.start_file(entry.name(), options).expect("an entry");
        to.write_all(&bytes).expect("its bytes");
    }
    to.finish().expect("a zip").into_inner()
}

/// What a template includes is in its folder, whatever folder the program runs in.
#[test]
fn merge_includes_documents_beside_the_template() {
    let project = merging();
    project.write("word/t.docx", &saying("{%p include \"parts/a.docx\" %}"));
    project.write("word/parts/a.docx", &saying("{{p subdoc(\"b.docx\") }}"));
    project.write("b.docx", &saying("as it is"));
    let run = project.run(&["merge", "word/t.docx", "a.json", "-o", "out.docx"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let merged = std::fs::read(project.path().join("out.docx")).expect("a document");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(merged)).expect("a zip");
    let body = std::io::read_to_string(zip.by_name("word/document.xml").expect("a body"));
    assert!(body.expect("text").contains("<w:t>as it is</w:t>"));

    project.write("word/t.docx", &saying("{%p include \"../b.docx\" %}"));
    let run = project.run(&["merge", "word/t.docx", "a.json", "-o", "out.docx"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[docx/include-path]"), "{}", run.stderr);
}

#[test]
fn merge_lists_what_a_template_asks_for() {
    let project = merging();
    let run = project.run(&["merge", "t.docx", "--inspect"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(
        lines.contains(&"t.docx: word/document.xml paragraph 1\t{{ masthead.slogan }}")
    );
    assert!(lines.contains(&"t.docx: word/header1.xml paragraph 1\t{{ edition.event }}"));
    let places =
        "masthead.slogan\tword/document.xml paragraph 1; docProps/core.xml paragraph 1";
    assert!(lines.contains(&places), "{lines:?}");
    let names: Vec<&str> =
        lines.iter().map(|line| line.split('\t').next().unwrap_or_default()).collect();
    for name in ["closing", "edition.event", "highlights", "masthead.slogan"] {
        assert!(names.contains(&name), "{name} is not in {lines:?}");
    }
    for own in ["image", "loop", "namespace", "pictures.count"] {
        assert!(!names.contains(&own), "{own} is the template's own");
    }
    let run = project.run(&["merge", "t.docx"]);
    assert_eq!(run.code, Some(2), "contexts and output are needed");
}

#[test]
fn drafts_are_anchored_and_clean_documents_are_not() {
    let project = merging();
    let carried = |path: &str| {
        let bytes = std::fs::read(project.path().join(path)).expect("a document");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
        zip.by_name("customXml/item1.xml").is_ok()
    };
    let run = project.run(&["merge", "t.docx", "a.json", "-o", "clean.docx"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let run =
        project.run(&["merge", "t.docx", "a.json", "-o", "draft.docx", "--anchors"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(!carried("clean.docx") && carried("draft.docx"));
    let run = project.run(&["init", "p"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let build = ["build", "--project", "p", "-f", "docx", "-o"];
    let run = project.run(&[&build[..], &["draft"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = project.run(&[&build[..], &["clean", "--no-anchors"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        carried("draft/sample-handout.docx") && !carried("clean/sample-handout.docx")
    );
}

/// The template's faults go into a copy of it, whatever becomes of the merge.
#[test]
fn merge_annotates_a_copy_of_the_template() {
    let project = merging();
    project.write(
        "a.json",
        br#"{"edition": {"event": "x"}, "masthead": 3, "highlights": 7}"#,
    );
    let arguments = ["merge", "t.docx", "a.json", "-o", "x.docx", "--annotate", "n.docx"];
    let run = project.run(&arguments);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(run.stdout, "n.docx\n");
    assert!(run.stderr.contains("at `/highlights`"), "{}", run.stderr);
    assert!(!project.path().join("x.docx").exists());
    project.write("a.json", br#"{"edition": {}, "masthead": {}, "highlights": []}"#);
    let run = project.run(&arguments);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "x.docx\n"), "{}", run.stderr);
    assert_eq!(run.stderr, "there is nothing to annotate in the template\n");
}

#[test]
fn merge_tells_which_context_lacks_a_name() {
    let project = merging();
    let run = project.run(&[
        "merge",
        "t.docx",
        "all.json",
        "--each",
        "-o",
        "out/{county}.docx",
    ]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("context 2 has no `county`"), "{}", run.stderr);
    let run = project.run(&["merge", "t.docx", "all.json", "--each", "-o", "out/x.docx"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[output/same-name]"), "{}", run.stderr);
    assert_eq!(project.outputs("out"), [""; 0]);
}

#[test]
fn fonts_go_where_they_are_asked_to() {
    let project = Project::empty();
    assert_eq!(project.run(&["fonts", "--export", "fonts"]).code, Some(0));
    let names = project.list("fonts");
    assert_eq!(names.iter().filter(|name| name.ends_with("tf")).count(), 7, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.starts_with("OFL")).count(), 2);
    let run = project.run(&["fonts", "--fonts", "fonts", "--message-format", "json"]);
    let origins = run.stdout.matches("\"origin\":\"[dir]/fonts/").count()
        + run.stdout.matches("\"origin\":\"fonts/").count();
    assert_eq!(origins, 7, "{}", run.stdout);
}

/// Next time's dataset inherits from this time's, and tells what is to be done.
#[test]
fn new_makes_next_times_dataset() {
    let project = Project::empty();
    assert_eq!(project.run(&["init", "--sample", "congress"]).code, Some(0));
    let run = project.run(&["new", "2030", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!("new_congress", run.stdout);
    let text = std::fs::read_to_string(project.path().join("data/2030.json"));
    let new: Value = serde_json::from_str(&text.expect("a file")).expect("JSON");
    assert_eq!(new["extends"], "2025.json");
    assert_eq!(
        new["edition"],
        json!({
            "event": "示例县科学技术协会第九次代表大会",
            "session": 9, "year": 2030, "date": "2030-03-27"
        })
    );
    assert_eq!(
        new["figures"][0],
        json!({ "key": "stations", "value": "", "last": "12" })
    );
    assert_eq!(new["rosters"], Value::Null);
    assert_eq!(new["agenda"]["days"][2]["date"], "2030-03-29");
    assert_eq!(new.get("contacts"), None);

    let again = project.run(&["new", "2030"]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("output/exists"), "{}", again.stderr);
    let whole = project.run(&["new", "2026", "--from", "2025", "--standalone"]);
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
    let text = std::fs::read_to_string(project.path().join("data/2026.json"));
    let new: Value = serde_json::from_str(&text.expect("a file")).expect("JSON");
    assert_eq!((&new["previous"], new.get("extends")), (&json!("2025.json"), None));
    assert_eq!(new["edition"]["year"], 2026);
    assert_eq!(new["contacts"]["title"], "会务联系");
}

/// Outputs come in the order of the editions, whatever is done first; one that fails
/// keeps no other from being made, unless that is asked for.
#[test]
fn many_editions_are_made_at_a_time() {
    let project = Project::empty();
    let recipe = b"name = \"own\"\ntitle = \"own\"\npdf = \"main.typ\"\n";
    project.write("templates/own/template.toml", recipe);
    project.write("templates/own/schema.json", b"{}");
    let main = b"#let n = json(\"/data.json\").n\n#for _ in range(n) [#n #pagebreak(weak: true)]";
    project.write("templates/own/main.typ", main);
    for number in 0..20 {
        let pages = if number % 5 == 0 { 40 } else { 1 };
        let text =
            if number == 7 { "{".to_string() } else { format!("{{\"n\": {pages}}}") };
        project.write(&format!("data/e{number:02}.json"), text.as_bytes());
    }
    let arguments = ["build", "-t", "own", "-f", "pdf", "--lang", "en"];
    let run = project.run(&[&arguments[..], &["-j", "4"]].concat());
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let names: Vec<String> = (0..20)
        .filter(|number| *number != 7)
        .map(|number| format!("out/e{number:02}-own.pdf"))
        .collect();
    let told: Vec<&str> =
        run.stdout.lines().filter_map(|line| line.split("  ").next()).collect();
    assert_eq!(told, names);
    assert!(run.stderr.contains("data/e07.json:1:1"), "{}", run.stderr);
    assert!(run.stderr.ends_with("errors: 1, warnings: 0\n"), "{}", run.stderr);

    let stopped = project.run(
        &[&arguments[..], &["-j", "4", "--fail-fast", "--no-cache", "-o", "few"]]
            .concat(),
    );
    assert_eq!(stopped.code, Some(1));
    // Those that were being made when it failed are finished.
    let made = project.outputs("few").len();
    assert!((7..19).contains(&made), "{made}");
    let left = format!("left undone: {}\n", 19 - made);
    assert!(stopped.stderr.contains(&left), "{}", stopped.stderr);
}

/// The booklet has a page of what is new since the edition before, alike on both sides.
#[test]
fn the_booklet_tells_what_is_new() {
    let project = Project::empty();
    assert_eq!(project.run(&["init", "--sample", "congress"]).code, Some(0));
    let new = json!({
        "extends": "2025.json",
        "edition": { "event": "示例县科学技术协会第九次代表大会", "session": 9, "year": 2030 },
        "figures": [{ "key": "stations", "value": "15" }, { "key": "papers", "value": "590" }],
        "changes": { "title": "本届与上届", "note": "和第八次代表大会比较。" },
        "rosters": { "delegations": [
            { "name": "第一代表团", "members": [{ "name": "新来人", "unit": "县科协主任科员" }] }
        ] }
    });
    project.write("data/2030.json", new.to_string().as_bytes());
    let run =
        project.run(&["check", "2030", "-t", "booklet", "--parity", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(said.contains("say the same"), "{said}");
    // The papers still count the delegates of the last term.
    let findings: Vec<&str> =
        said.lines().filter(|line| line.starts_with("warning[")).collect();
    let outdated = |line: &&str| line.starts_with("warning[figure/roster-count]");
    assert!(!findings.is_empty() && findings.iter().all(outdated), "{said}");
    let run = project.run(&["build", "2030", "-t", "booklet", "-f", "docx"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let draft = project.path().join("out/2030-booklet.docx");
    let text: Vec<String> = support::draft::paragraphs(&draft, "word/document.xml")
        .into_iter()
        .map(|paragraph| paragraph.text)
        .collect();
    let start = text.iter().position(|words| words == "和第八次代表大会比较。");
    let part = &text[start.expect("the note")..];
    let row = ["专家工作站和科技小院", "12家", "15家", "+3家"];
    assert!(part.windows(4).any(|cells| cells == row), "{part:?}");
    assert!(part.contains(&"新增1人：新来人。".to_string()), "{part:?}");
}
