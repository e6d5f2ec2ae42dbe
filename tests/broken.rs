//! A large run with some editions broken in ten ways: the others are made, and each
//! broken one is told with its file and the reason.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::collections::BTreeSet;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use serde_json::Value;

use support::project::{Project, Run};

const SCHEMA: &[u8] = br#"{
    "type": "object",
    "properties": {
        "word": { "type": "string" },
        "picture": { "type": "string", "x-huikan": "image" },
        "way": { "enum": ["fail", "loop", "eat"] }
    },
    "required": ["word"],
    "additionalProperties": false
}"#;

const MAIN: &[u8] = br#"#let data = json("/data.json")
#let way = data.at("way", default: "none")
#if way == "fail" [#missing]
#if way == "loop" { for a in range(100000) { for b in range(100000) { let c = a * b } } }
#if way == "eat" { let long = "a" * 10000000000 }
#data.word
#if "picture" in data { image(data.picture, width: 5cm) }"#;

/// The head of a picture of a hundred thousand pixels a side.
fn huge_picture() -> Vec<u8> {
    let side = 100_000_u32.to_be_bytes();
    let head = [&side[..], &side[..], &[8, 2, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(13_u32.to_be_bytes());
    let chunk = [b"IHDR".as_slice(), head.as_slice()].concat();
    file.extend(&chunk);
    file.extend(crc(&chunk).to_be_bytes());
    file
}

/// The checksum of PNG chunks (ISO 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// A project with so many good editions and ten broken ones.
fn project(good: usize) -> Project {
    let project = Project::empty();
    let manifest = "editions = \"data/**/*.json\"\n[[output]]\ntemplate = \"own\"\nformats = [\"pdf\"]\n";
    project.write("huikan.toml", manifest.as_bytes());
    let recipe = b"name = \"own\"\ntitle = \"own\"\npdf = \"main.typ\"\n";
    project.write("templates/own/template.toml", recipe);
    project.write("templates/own/schema.json", SCHEMA);
    project.write("templates/own/main.typ", MAIN);
    for number in 0..good {
        let text = format!("{{\"word\": \"第{number}份\"}}");
        project.write(&format!("data/good{number:04}.json"), text.as_bytes());
    }
    let broken: [(&str, &str); 10] = [
        ("bad-syntax", "{\"word\": \"a\",,}"),
        ("bad-schema", "{\"wort\": \"a\"}"),
        ("bad-template", "{\"word\": \"a\", \"way\": \"fail\"}"),
        ("bad-missing", "{\"word\": \"a\", \"picture\": \"none.png\"}"),
        ("bad-tofu", "{\"word\": \"a\u{10ffff}\"}"),
        ("bad-loop", "{\"word\": \"a\", \"way\": \"loop\"}"),
        ("bad-memory", "{\"word\": \"a\", \"way\": \"eat\"}"),
        ("bad-huge", "{\"word\": \"a\", \"picture\": \"huge.png\"}"),
        ("bad-unreadable", "{\"word\": \"a\"}"),
        ("bad-clash", "{\"word\": \"a\"}"),
    ];
    for (name, text) in broken {
        project.write(&format!("data/{name}.json"), text.as_bytes());
    }
    project.write("data/again/bad-clash.json", b"{\"word\": \"b\"}");
    project.write("data/huge.png", &huge_picture());
    let unreadable = project.path().join("data/bad-unreadable.json");
    let none = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions(unreadable, none).expect("a mode");
    project
}

/// Runs the binary as a user for whom file modes count, whoever runs the tests.
fn run(project: &Project, arguments: &[&str]) -> Run {
    let mut inner = project.command(arguments);
    let root = std::fs::metadata(project.path()).is_ok_and(|meta| meta.uid() == 0);
    let output = if root {
        let mut command = Command::new("setpriv");
        let rights = "-dac_override,-dac_read_search";
        command.arg(format!("--bounding-set={rights}"));
        command.arg(format!("--inh-caps={rights}")).arg("--");
        command.arg(inner.get_program()).args(inner.get_args());
        command.current_dir(project.path()).output()
    } else {
        inner.output()
    };
    project.outcome(output.expect("the binary runs"))
}

#[test]
fn ten_broken_editions_spoil_nothing() {
    let good = 90;
    let project = project(good);
    let limits = ["--limit-time", "2s", "--limit-memory", "1G", "-j", "2"];
    let arguments = [&["build", "--message-format", "json"], &limits[..]].concat();
    let run = run(&project, &arguments);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    let objects: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let made = objects.iter().filter(|object| {
        object["kind"] == "output"
            && object["path"].as_str().is_some_and(|path| path.contains("/good"))
    });
    assert_eq!(made.count(), good);
    let told: BTreeSet<String> = objects
        .iter()
        .filter(|object| object["kind"] == "diagnostic")
        .map(|object| {
            let code = object["code"].as_str().expect("a code");
            let file = object["place"]["file"].as_str();
            // Names that clash are of two files: the message has both.
            let message = object["message"]["en"].as_str().expect("a message");
            let file = file.map(str::to_string).or_else(|| {
                message.contains("bad-clash").then(|| "data/bad-clash.json".to_string())
            });
            format!("{code} {}", file.unwrap_or_else(|| message.to_string()))
        })
        .collect();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    insta::assert_snapshot!("ten_findings", told.join("\n"));
    // Of the editions that clash, neither is made.
    assert!(!project.outputs("out").contains(&"bad-clash-own.pdf".to_string()));
    let failed: Vec<&str> = objects
        .iter()
        .filter(|object| object["kind"] == "failed")
        .map(|object| object["edition"].as_str().expect("an edition"))
        .collect();
    let expected = [
        "bad-huge",
        "bad-loop",
        "bad-memory",
        "bad-missing",
        "bad-schema",
        "bad-syntax",
        "bad-template",
        "bad-tofu",
        "bad-unreadable",
    ];
    assert_eq!(failed, expected);
}
