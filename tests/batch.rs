//! Runs of many outputs: order, limits, ^C, and that no output spoils another.

#![allow(clippy::disallowed_methods, reason = "tests read what the binary has written")]

mod support;

use std::ops::ControlFlow;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use huikan::build::batch::{self, Batch, Progress};
use huikan::build::interrupt::Interrupt;
use huikan::build::{Settings, Workshop};
use serde_json::Value;

use support::project::{Project, Run};

/// A template whose datasets say how it goes wrong. Loops of Typst end by themselves
/// when they are infinite, so that the slow one is only long.
const MAIN: &str = r##"
#let data = json("/data.json")
#let turns(n) = {
  let sum = 0
  for i in range(n) { for j in range(1000) { sum += calc.rem(i * j, 7) } }
  sum
}
#let doubling() = {
  let list = (1, 2, 3)
  for _ in range(40) { list = list + list }
  list.len()
}
#set page(width: 6cm, height: 6cm)
#if data.kind == "slow" [#turns(900000)]
#if data.kind == "long" [#turns(1500)]
#if data.kind == "doubling" [#doubling()]
#if data.kind == "huge" [#("a" * 10000000000)]
#if data.kind == "missing" [#data.nothing]
#if data.kind == "warned" [#text(font: "No Such Font")[x]]
#data.kind
"##;

/// A project with such datasets, in this order.
fn project(kinds: &[&str]) -> Project {
    let project = Project::empty();
    let recipe = b"name = \"own\"\ntitle = \"own\"\npdf = \"main.typ\"\n";
    project
        .write("huikan.toml", b"[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n");
    project.write("templates/own/template.toml", recipe);
    project.write("templates/own/schema.json", b"{}");
    project.write("templates/own/main.typ", MAIN.as_bytes());
    for (number, kind) in (1..).zip(kinds) {
        let text = format!("{{\"kind\": \"{kind}\"}}");
        project.write(&format!("data/e{number:02}.json"), text.as_bytes());
    }
    project
}

/// The outputs of the editions with these numbers.
fn outputs(numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(|number| format!("e{number:02}-own.pdf")).collect()
}

fn told(run: &Run) -> Vec<&str> {
    let paths = run.stdout.lines().filter_map(|line| line.split("  ").next());
    paths.filter_map(|path| path.strip_prefix("out/")).collect()
}

/// What is said in both languages.
fn said(project: &Project, arguments: &[&str]) -> String {
    let in_lang = |lang| {
        let run = project.run(&[arguments, &["--fresh", "--lang", lang]].concat());
        format!("-> {:?}\n{}{}", run.code, run.stdout, run.stderr)
    };
    format!("{}\n{}", in_lang("en"), in_lang("zh"))
}

#[test]
fn what_takes_too_long_is_killed_and_the_others_are_made() {
    let project = project(&["a", "slow", "b", "missing", "c"]);
    let run = said(&project, &["build", "-j", "2", "--limit-time", "3s"]);
    insta::assert_snapshot!("time_limit", run);
    assert_eq!(project.outputs("out"), outputs(&[1, 3, 5]));
}

#[cfg(target_os = "linux")]
#[test]
fn what_asks_for_too_much_memory_is_killed_and_the_others_are_made() {
    let project = project(&["a", "huge", "b", "doubling", "c"]);
    let run = said(&project, &["build", "-j", "2", "--limit-memory", "256M"]);
    insta::assert_snapshot!("memory_limit", run);
    assert_eq!(project.outputs("out"), outputs(&[1, 3, 5]));
}

#[test]
fn workers_make_the_same_bytes_and_say_the_same() {
    let project = project(&["a", "warned", "missing", "b"]);
    project.write("data/e05.json", b"{");
    let arguments = ["build", "--fresh", "--message-format", "json"];
    let here = project.run(&arguments);
    let bytes = |name: &String| {
        std::fs::read(project.path().join("out").join(name)).expect("an output")
    };
    let names = outputs(&[1, 2, 4]);
    let before: Vec<Vec<u8>> = names.iter().map(bytes).collect();
    std::fs::remove_dir_all(project.path().join("out")).expect("outputs");
    let there = project.run(&[&arguments[..], &["--limit-time", "1m"]].concat());
    assert_eq!((there.code, there.stderr.as_str()), (Some(1), ""));
    assert_eq!(there.stdout, here.stdout);
    let kinds: Vec<Value> = there
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["kind"].take())
        .collect();
    let expected = [
        "output",
        "diagnostic",
        "output",
        "failed",
        "diagnostic",
        "output",
        "failed",
        "diagnostic",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(project.outputs("out"), names);
    assert!(names.iter().map(bytes).eq(before), "the bytes differ");
    let checked = project.run(&["check", "e01", "--limit-time", "1m"]);
    assert_eq!(
        (checked.code, checked.stderr.as_str()),
        (Some(0), "checked: 1, no errors\n")
    );
}

/// Slow outputs are begun first, and told in their places.
#[test]
fn outputs_are_told_in_the_order_of_the_editions() {
    let project = project(&["a", "b", "c", "d", "e", "f"]);
    let large = format!("{{\"kind\": \"{}\"}}", "大 ".repeat(20_000));
    project.write("data/e04.json", large.as_bytes());
    let run = project.run(&["build", "-j", "2", "--keep-going"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(told(&run), outputs(&[1, 2, 3, 4, 5, 6]));
}

#[test]
fn after_a_failure_no_other_is_begun_if_that_is_asked_for() {
    let project = project(&["a", "missing", "b", "c"]);
    let run = project.run(&["build", "-j", "1", "--fail-fast", "--lang", "en"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(project.outputs("out"), outputs(&[1]));
    let end = "left undone: 2\nerrors: 1, warnings: 0\n";
    assert!(run.stderr.ends_with(end), "{}", run.stderr);
    let json = ["build", "--fresh", "-j", "1", "--fail-fast", "--message-format", "json"];
    let run = project.run(&json);
    assert_eq!(run.stdout.lines().last(), Some("{\"kind\":\"undone\",\"outputs\":2}"));
    let both = project.run(&["build", "--fail-fast", "--keep-going"]);
    assert_eq!(both.code, Some(2), "{}", both.stderr);
}

#[test]
fn limits_are_read_or_refused() {
    let project = project(&["a"]);
    for (option, value) in [("--limit-time", "0s"), ("--limit-memory", "much")] {
        let run = project.run(&["build", option, value]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        let words = format!("`{value}` is no ");
        assert!(run.stderr.contains(&words), "{}", run.stderr);
    }
    assert_eq!(project.outputs("out"), [""; 0]);
}

/// A budget that is used up by the first output: all are made, one at a time.
#[cfg(target_os = "linux")]
#[test]
fn a_run_goes_on_whatever_its_memory() {
    let project = project(&["a", "b", "c", "d"]);
    for limit in [&[][..], &["--limit-time", "1m"]] {
        let arguments = ["build", "--fresh", "-j", "2", "--max-memory", "1M"];
        let run = project.run(&[&arguments[..], limit].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(told(&run), outputs(&[1, 2, 3, 4]));
        let warnings = run.stderr.matches("warning[build/memory-budget]").count();
        assert_eq!(warnings, 1, "{}", run.stderr);
    }
    let run = project.run(&["build", "--fresh", "--max-memory", "8G"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

/// A panic while a job is finished is the job's error; the others go on.
#[test]
fn a_panic_spoils_no_other_job() {
    let project = project(&["a", "b", "c"]);
    let opened = huikan::project::Project::find(project.path()).expect("a project");
    let workshop = Workshop::new(opened, Settings::default());
    let jobs = workshop.jobs(&[], project.path()).expect("jobs").value;
    let (interrupt, seen) = (Interrupt::default(), Mutex::new(Vec::new()));
    let observe = |progress: &Progress| seen.lock().expect("a list").push(*progress);
    let batch =
        Batch { observe: Some(&observe), ..Batch::new(&workshop, &jobs, 2, &interrupt) };
    let mut codes = Vec::new();
    let tally = batch::make_all(
        &batch,
        |job, made| match job.edition.id.as_str() {
            "e02" => std::panic::resume_unwind(Box::new("out of ink")),
            _ => made.map(|_| ()),
        },
        |job, done| {
            let code = done.map_err(|errors| errors.diagnostics()[0].code.to_string());
            codes.push((job.edition.id.clone(), code));
            ControlFlow::Continue(())
        },
    );
    let expected = [
        ("e01".to_string(), Ok(())),
        ("e02".to_string(), Err("build/internal".to_string())),
        ("e03".to_string(), Ok(())),
    ];
    assert_eq!(codes, expected);
    assert_eq!((tally.undone(), tally.progress.failed), (0, 1));
    let seen = seen.into_inner().expect("a list");
    assert_eq!(seen.iter().map(|progress| progress.done).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(seen[2].cost_done, seen[2].cost_total);
}

/// A run that has made its first output and is at work on a long one.
fn at_work(project: &Project, arguments: &[&str]) -> Child {
    let mut command = project.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the binary runs");
    let first = project.path().join("out/e01-own.pdf");
    wait_until("the first output", || first.exists());
    // The next one is begun in no time, and takes seconds.
    std::thread::sleep(Duration::from_millis(300));
    child
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} has not come");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn signal(child: &Child, name: &str) {
    let mut kill = std::process::Command::new("kill");
    let status = kill.args([name, &child.id().to_string()]).status();
    assert!(status.expect("kill runs").success());
}

fn ended(project: &Project, child: Child) -> Run {
    project.outcome(child.wait_with_output().expect("an ended program"))
}

#[test]
fn the_first_interrupt_ends_in_good_order() {
    let project = project(&["a", "long", "b", "c"]);
    let child = at_work(&project, &["build", "-j", "1", "--lang", "zh"]);
    signal(&child, "-INT");
    let run = ended(&project, child);
    assert_eq!(run.code, Some(130), "{}", run.stderr);
    assert_eq!(run.stderr, "中途停下，还有 2 份没有做\n");
    assert_eq!(told(&run), outputs(&[1, 2]));
    assert_eq!(project.outputs("out"), outputs(&[1, 2]));
}

#[test]
fn the_second_interrupt_ends_at_once() {
    let project = project(&["a", "slow", "b", "c"]);
    let child = at_work(&project, &["build", "-j", "1"]);
    let start = Instant::now();
    signal(&child, "-TERM");
    std::thread::sleep(Duration::from_millis(100));
    signal(&child, "-INT");
    let run = ended(&project, child);
    assert_eq!((run.code, run.stderr.as_str()), (Some(130), ""));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(project.outputs("out"), outputs(&[1]));
}

/// Workers are killed, and nobody is left at work.
#[test]
fn an_interrupt_ends_workers() {
    let project = project(&["a", "slow", "b", "c"]);
    let child = at_work(&project, &["build", "-j", "1", "--limit-time", "1m"]);
    let workers = children(&child);
    assert_eq!(workers.len(), 1);
    signal(&child, "-INT");
    let run = ended(&project, child);
    assert_eq!(run.code, Some(130), "{}", run.stderr);
    assert_eq!(run.stderr, "stopped before the end, left undone: 3\n");
    assert_eq!(project.outputs("out"), outputs(&[1]));
    wait_until("the worker's end", || !is_running(workers[0]));
}

/// A worker whose batch is gone ends amid its job.
#[test]
fn workers_end_with_their_batch() {
    let project = project(&["a", "slow", "b", "c"]);
    let child = at_work(&project, &["build", "-j", "1", "--limit-time", "1m"]);
    let workers = children(&child);
    signal(&child, "-KILL");
    assert_eq!(ended(&project, child).code, None);
    wait_until("the worker's end", || !is_running(workers[0]));
}

/// A worker that somebody kills is the end of its job only.
#[test]
fn a_worker_that_dies_is_told_and_replaced() {
    let project = project(&["a", "slow", "b"]);
    let arguments = ["build", "-j", "1", "--limit-time", "1m", "--lang", "en"];
    let child = at_work(&project, &arguments);
    let worker = children(&child)[0].to_string();
    let killed = std::process::Command::new("kill").args(["-KILL", &worker]).status();
    assert!(killed.expect("kill runs").success());
    let run = ended(&project, child);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!("worker_died", run.stderr);
    assert_eq!(project.outputs("out"), outputs(&[1, 3]));
}

/// The processes that a process has started.
fn children(of: &Child) -> Vec<u32> {
    let parent = of.id().to_string();
    let all = std::fs::read_dir("/proc").expect("processes").flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |number: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{number}/stat"));
        stat.is_ok_and(|stat| {
            let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
            after.split(' ').nth(1) == Some(parent.as_str())
        })
    };
    numbers.filter(is_child).collect()
}

/// Whether a process runs, and is not only waiting to be forgotten.
fn is_running(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}
