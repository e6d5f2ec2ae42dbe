//! What is kept between builds: unchanged outputs, the cache, the record; and that none
//! of them is ever wrong, however a run ends.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use huikan::project::Digest;
use serde_json::Value;

use support::project::{Project, Run};

const RECIPE: &[u8] = b"name = \"own\"\ntitle = \"own\"\npdf = \"main.typ\"\n";
const MAIN: &[u8] = b"#let data = json(\"/data.json\")\n#data.word";

/// A project with a template of its own, and editions that print one word each.
fn project(editions: &[(&str, &str)]) -> Project {
    let project = Project::empty();
    project
        .write("huikan.toml", b"[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n");
    project.write("templates/own/template.toml", RECIPE);
    project.write("templates/own/schema.json", b"{}");
    project.write("templates/own/main.typ", MAIN);
    for (name, word) in editions {
        edition(&project, name, word);
    }
    project
}

fn edition(project: &Project, name: &str, word: &str) {
    let text = format!("{{\"word\": \"{word}\"}}");
    project.write(&format!("data/{name}.json"), text.as_bytes());
}

/// What a run says of its jobs, by name: the step and the reasons.
fn plan(
    project: &Project,
    arguments: &[&str],
) -> BTreeMap<String, (String, Vec<String>)> {
    let run = project.run(&[&["plan", "--message-format", "json"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let jobs = objects(&run).into_iter().map(|job| {
        let text = |value: &Value| value.as_str().expect("a text").to_string();
        let reason = |reason: &Value| {
            let file = reason.get("file").map(|file| format!(" {}", text(file)));
            text(&reason["why"]) + &file.unwrap_or_default()
        };
        let reasons = job["reasons"].as_array().expect("reasons");
        let reasons = reasons.iter().map(reason).collect();
        (text(&job["edition"]), (text(&job["step"]), reasons))
    });
    jobs.collect()
}

fn objects(run: &Run) -> Vec<Value> {
    let lines = run.stdout.lines();
    lines.map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The outputs of a build, each with how it came about.
fn build(project: &Project, arguments: &[&str]) -> Vec<(String, String)> {
    let run = project.run(&[&["build", "--message-format", "json"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let objects = objects(&run).into_iter().filter(|object| object["kind"] == "output");
    let outputs = objects.map(|object| {
        let path = object["path"].as_str().expect("a path").to_string();
        let name = path.rsplit('/').next().expect("a name").to_string();
        (name, object["state"].as_str().expect("a state").to_string())
    });
    let mut outputs: Vec<_> = outputs.collect();
    outputs.sort();
    outputs
}

fn states(project: &Project, arguments: &[&str]) -> String {
    let states: Vec<String> =
        build(project, arguments).into_iter().map(|(_, state)| state).collect();
    states.join(" ")
}

fn one(project: &Project) -> (String, Vec<String>) {
    plan(project, &[]).remove("a").expect("the edition a")
}

fn expected(step: &str, reasons: &[&str]) -> (String, Vec<String>) {
    (step.to_string(), reasons.iter().map(ToString::to_string).collect())
}

fn content(project: &Project, file: &str) -> Vec<u8> {
    std::fs::read(project.path().join(file)).expect("an output")
}

#[test]
fn only_what_has_changed_is_made() {
    let project = project(&[("a", "one"), ("b", "two")]);
    assert_eq!(states(&project, &[]), "made made");
    let first = content(&project, "out/a-own.pdf");
    assert_eq!(states(&project, &[]), "kept kept");
    edition(&project, "a", "six");
    assert_eq!(one(&project), expected("make", &["changed data/a.json"]));
    assert_eq!(states(&project, &[]), "made kept");
    assert_ne!(content(&project, "out/a-own.pdf"), first);
    edition(&project, "a", "one");
    assert_eq!(one(&project), expected("restore", &["changed data/a.json"]));
    assert_eq!(states(&project, &[]), "restored kept");
    assert_eq!(content(&project, "out/a-own.pdf"), first);
    assert_eq!(states(&project, &["--fresh"]), "made made");
}

#[test]
fn each_reason_is_told() {
    let project = project(&[("a", "one")]);
    assert_eq!(one(&project), expected("make", &["new"]));
    build(&project, &[]);
    assert_eq!(one(&project), expected("keep", &[]));
    project.write("templates/own/main.typ", b"#json(\"/data.json\").word!");
    let file = "template templates/own/main.typ";
    assert_eq!(one(&project), expected("make", &[file]));
    project.write("templates/own/main.typ", MAIN);
    // A library of the project's own takes the place of the one that ships.
    project.write("templates/huikan.typ", b"#let x = 1");
    assert_eq!(one(&project), expected("make", &["template templates/huikan.typ"]));
    std::fs::remove_file(project.path().join("templates/huikan.typ")).expect("removed");
    project.write("fonts/none.ttf", b"no font");
    assert_eq!(one(&project), expected("make", &["fonts"]));
    std::fs::remove_file(project.path().join("fonts/none.ttf")).expect("removed");
    let other = plan(&project, &["--pdf-standard", "none"]).remove("a");
    assert_eq!(other, Some(expected("make", &["options"])));
    project.write("out/a-own.pdf", b"altered");
    assert_eq!(one(&project), expected("restore", &["altered a-own.pdf"]));
    std::fs::remove_file(project.path().join("out/a-own.pdf")).expect("removed");
    assert_eq!(one(&project), expected("restore", &["missing a-own.pdf"]));
    assert_eq!(states(&project, &[]), "restored");
}

#[test]
fn inherited_datasets_and_pictures_count() {
    let project = project(&[("a", "one")]);
    project.write("old/base.json", br#"{ "word": "base", "more": 1 }"#);
    project.write("data/a.json", br#"{ "extends": "../old/base.json", "more": 2 }"#);
    project.write("pictures/p.svg", br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#);
    let main = [MAIN, b"\n#image(\"/project/pictures/p.svg\")"].concat();
    project.write("templates/own/main.typ", &main);
    build(&project, &[]);
    assert_eq!(one(&project), expected("keep", &[]));
    let picture = br#"<svg xmlns="http://www.w3.org/2000/svg" width="9"/>"#;
    project.write("pictures/p.svg", picture);
    assert_eq!(one(&project), expected("make", &["changed pictures/p.svg"]));
    project.write("old/base.json", br#"{ "word": "other", "more": 1 }"#);
    let both = ["changed old/base.json", "changed pictures/p.svg"];
    assert_eq!(one(&project), expected("make", &both));
    // A parent that is gone is a fault, and what was made of it is not passed off.
    std::fs::remove_file(project.path().join("old/base.json")).expect("removed");
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[data/no-parent]"), "{}", run.stderr);
    assert!(run.stderr.contains("warning[output/outdated]"), "{}", run.stderr);
    assert_eq!(project.run(&["verify"]).code, Some(1));
}

/// Links count as what they lead to.
#[test]
fn a_link_that_leads_elsewhere_is_a_change() {
    use std::os::unix::fs::symlink;
    let project = project(&[("a", "one")]);
    let svg = |width: u8| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\"/>")
            .into_bytes()
    };
    project.write("pictures/1.svg", &svg(1));
    project.write("pictures/2.svg", &svg(2));
    let main = [MAIN, b"\n#image(\"/project/pictures/now.svg\")"].concat();
    project.write("templates/own/main.typ", &main);
    project.write("old/1.json", br#"{ "word": "1" }"#);
    project.write("old/2.json", br#"{ "word": "2" }"#);
    project.write("data/a.json", br#"{ "extends": "../old/now.json" }"#);
    let lead = |to: u8| {
        for (link, ending) in [("pictures/now.svg", "svg"), ("old/now.json", "json")] {
            let path = project.path().join(link);
            let _ = std::fs::remove_file(&path);
            symlink(format!("{to}.{ending}"), &path).expect("a link");
        }
    };
    lead(1);
    build(&project, &[]);
    assert_eq!(one(&project), expected("keep", &[]));
    lead(2);
    let both = ["changed old/now.json", "changed pictures/now.svg"];
    assert_eq!(one(&project), expected("make", &both));
}

/// A file that was changed with its old size and old times is not taken for the old one.
#[test]
fn a_clock_that_was_set_back_hides_no_change() {
    let project = project(&[("a", "one")]);
    build(&project, &[]);
    let path = project.path().join("data/a.json");
    let old = std::fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
    edition(&project, "a", "two");
    for back in [Duration::ZERO, Duration::from_secs(86_400)] {
        let file = std::fs::File::options().append(true).open(&path).expect("a file");
        file.set_modified(old - back).expect("a time");
        assert_eq!(one(&project), expected("make", &["changed data/a.json"]));
    }
    // Output files with times of the future are what they contain, too.
    build(&project, &[]);
    let output = project.path().join("out/a-own.pdf");
    let size = std::fs::metadata(&output).expect("there").len();
    std::fs::write(&output, vec![b'x'; usize::try_from(size).expect("small")])
        .expect("w");
    let file = std::fs::File::options().append(true).open(&output).expect("a file");
    file.set_modified(old + Duration::from_secs(86_400)).expect("a time");
    assert_eq!(one(&project), expected("restore", &["altered a-own.pdf"]));
}

#[test]
fn a_damaged_cache_is_never_used() {
    let project = project(&[("a", "one")]);
    build(&project, &[]);
    let good = content(&project, "out/a-own.pdf");
    for part in ["objects", "made"] {
        for file in project.list(&format!(".huikan/cache/{part}")) {
            let path = project.path().join(".huikan/cache").join(part).join(file);
            let mut bytes = std::fs::read(&path).expect("a file");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&path, bytes).expect("damaged");
        }
        project.write("out/a-own.pdf", b"altered");
        assert_eq!(states(&project, &[]), "made", "{part}");
        assert_eq!(content(&project, "out/a-own.pdf"), good);
    }
    project.write("out/manifest.json", b"{");
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("warning[record/damaged]"), "{}", run.stderr);
    assert_eq!(project.run(&["verify"]).code, Some(0));
}

#[test]
fn the_cache_is_cleared_down_to_a_size() {
    let project = project(&[("a", "one"), ("b", "two")]);
    build(&project, &[]);
    let said = project.run(&["cache", "gc", "--message-format", "json"]);
    let object = &objects(&said)[0];
    assert_eq!(object["before"], object["after"]);
    assert_eq!(project.run(&["cache", "gc", "--size", "0"]).code, Some(0));
    assert_eq!(project.list(".huikan/cache/objects"), [""; 0]);
    assert_eq!(project.list(".huikan/cache/made"), [""; 0]);
    assert_eq!(states(&project, &[]), "kept kept");
    let wrong = project.run(&["cache", "gc", "--size", "much"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
}

#[test]
fn verify_tells_what_is_not_as_recorded() {
    let project = project(&[("a", "one"), ("b", "two"), ("c", "six")]);
    let run = project.run(&["verify"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[record/none]"), "{}", run.stderr);
    build(&project, &[]);
    let well = project.run(&["verify", "--rebuild"]);
    assert_eq!(well.code, Some(0), "{}", well.stderr);
    assert_eq!(well.stderr, "outputs that are what their record says: 3\n");
    std::fs::remove_file(project.path().join("out/a-own.pdf")).expect("removed");
    project.write("out/b-own.pdf", b"altered");
    edition(&project, "c", "ten");
    let run = project.run(&["verify", "--rebuild"]);
    assert_eq!(run.code, Some(1));
    let record: Value =
        serde_json::from_slice(&content(&project, "out/manifest.json")).expect("JSON");
    let output = &record["jobs"]["b-own[pdf]"]["outputs"][0];
    let shown = run
        .stderr
        .replace(output["sha256"].as_str().expect("a digest"), "[then]")
        .replace(&output["bytes"].to_string(), "[size]")
        .replace(&Digest::of(b"altered").to_string(), "[now]");
    insta::assert_snapshot!(shown);
}

/// A record that has come from elsewhere proves its outputs without the project.
#[test]
fn outputs_are_proved_where_the_project_is_not() {
    let project = project(&[("a", "one")]);
    build(&project, &[]);
    let shop = Project::empty();
    for file in ["a-own.pdf", "manifest.json"] {
        shop.write(&format!("sent/{file}"), &content(&project, &format!("out/{file}")));
    }
    assert_eq!(shop.run(&["verify", "sent"]).code, Some(0));
    shop.write("sent/a-own.pdf", b"damaged on the way");
    let run = shop.run(&["verify", "sent/manifest.json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[verify/altered]"), "{}", run.stderr);
}

#[test]
fn what_failed_can_be_made_alone() {
    let project = project(&[("a", "one"), ("b", "two")]);
    build(&project, &[]);
    project.write("data/a.json", b"{");
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("a-own.pdf in the output folder is of an earlier run"));
    edition(&project, "a", "six");
    edition(&project, "b", "ten");
    assert_eq!(
        build(&project, &["--only", "failed"]),
        [("a-own.pdf".into(), "made".into())]
    );
    assert_eq!(states(&project, &[]), "kept made");
}

#[test]
fn outputs_that_are_not_planned_any_more_are_told_and_deleted_on_demand() {
    let project = project(&[("a", "one"), ("b", "two"), ("c", "six")]);
    build(&project, &[]);
    for gone in ["b", "c"] {
        let path = project.path().join(format!("data/{gone}.json"));
        std::fs::remove_file(path).expect("removed");
    }
    project.write("out/c-own.pdf", b"somebody's own");
    let run = project.run(&["build"]);
    assert!(run.stderr.contains("2 files of earlier runs"), "{}", run.stderr);
    let run = project.run(&["build", "--prune"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(project.outputs("out"), ["a-own.pdf", "c-own.pdf"]);
}

#[test]
fn shards_make_the_whole_and_their_records_one() {
    let names: Vec<String> = (0..9).map(|number| format!("e{number}")).collect();
    let editions: Vec<(&str, &str)> =
        names.iter().map(|n| (n.as_str(), "word")).collect();
    let project = project(&editions);
    let mut all = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        all.extend(build(&project, &["--shard", shard]));
    }
    assert_eq!(all.len(), 9);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 9);
    let parts = ["out/manifest-1-of-3.json", "out/manifest-3-of-3.json"];
    let merge = |parts: &[&str]| {
        let arguments = ["manifest", "merge", "-o", "out/manifest.json"];
        project.run(&[&arguments[..], parts].concat())
    };
    let run = merge(&parts);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!("a_shard_is_missing", run.stderr);
    let run = merge(&[&parts[..], &["out/manifest-2-of-3.json"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(project.run(&["verify", "--rebuild"]).code, Some(0));
    assert_eq!(states(&project, &[]), ["kept"; 9].join(" "));
    assert_eq!(project.run(&["build", "--shard", "4/3"]).code, Some(2));
}

#[test]
fn two_runs_at_once_wait_for_each_other() {
    let names: Vec<String> = (0..30).map(|number| format!("e{number:02}")).collect();
    let editions: Vec<(&str, &str)> =
        names.iter().map(|n| (n.as_str(), "word")).collect();
    let project = project(&editions);
    let spawn = || {
        let mut command = project.command(&["build"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the binary runs")
    };
    let runs: Vec<Run> = [spawn(), spawn()]
        .map(|child| project.outcome(child.wait_with_output().expect("it ends")))
        .into();
    let mut made = 0;
    for run in &runs {
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        made += run.stdout.lines().count();
    }
    assert_eq!(made, 30, "each output is made once");
    assert_eq!(project.run(&["verify"]).code, Some(0));
}

/// How many times a run is killed: more in the whole check.
fn kills() -> u64 {
    let asked = std::env::var("HUIKAN_KILLS").ok().and_then(|count| count.parse().ok());
    asked.unwrap_or(8)
}

/// Killed at any moment, a run leaves whole files; the next one completes the rest, and
/// nothing old is left.
#[test]
fn a_killed_run_leaves_nothing_wrong() {
    let names: Vec<String> = (0..24).map(|number| format!("e{number:02}")).collect();
    let words = ["one", "two", "six"];
    // What each edition is with each word.
    let mut right: HashMap<(String, &str), Vec<u8>> = HashMap::new();
    for word in words {
        let editions: Vec<(&str, &str)> =
            names.iter().map(|name| (name.as_str(), word)).collect();
        let reference = project(&editions);
        build(&reference, &["--no-cache"]);
        for name in &names {
            let bytes = content(&reference, &format!("out/{name}-own.pdf"));
            right.insert((name.clone(), word), bytes);
        }
    }
    let project = project(&[]);
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: u64| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        chance % below
    };
    for round in 0..kills() {
        let mut now = HashMap::new();
        for name in &names {
            let word = words[usize::try_from(random(3)).expect("small")];
            edition(&project, name, word);
            now.insert(name.clone(), word);
        }
        let mut command = project.command(&["build", "-j", "2"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary runs");
        std::thread::sleep(Duration::from_millis(30 + random(500)));
        child.kill().expect("killed");
        child.wait().expect("ended");
        for name in &names {
            let path = project.path().join(format!("out/{name}-own.pdf"));
            let Ok(bytes) = std::fs::read(path) else { continue };
            let whole = words.iter().any(|word| right[&(name.clone(), *word)] == bytes);
            assert!(whole, "round {round}: {name} is not whole");
        }
        let run = project.run(&["build"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        for name in &names {
            let bytes = content(&project, &format!("out/{name}-own.pdf"));
            let word = now[name];
            assert_eq!(bytes, right[&(name.clone(), word)], "round {round}: {name}");
        }
        no_temporary_files(project.path(), round);
    }
    assert_eq!(project.run(&["verify", "--rebuild"]).code, Some(0));
}

fn no_temporary_files(folder: &Path, round: u64) {
    let entries = std::fs::read_dir(folder.join("out")).expect("a folder").flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with('.'), "round {round}: {name} is left");
    }
}

#[test]
fn a_folder_without_a_project_is_not_written_to_by_a_plan() {
    let project = project(&[("a", "one")]);
    plan(&project, &[]);
    assert_eq!(project.list("out"), [""; 0]);
}
