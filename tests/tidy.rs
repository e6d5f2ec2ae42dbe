//! The project's own rules, executable.

use std::path::{Path, PathBuf};

/// The layers of the crate: a module uses only those before it, and modules of
/// one rank never see each other.
const LAYERS: &[(&str, usize)] = &[
    ("diag", 0),
    ("data", 1),
    ("project", 2),
    ("pdf", 3),
    ("docx", 3),
    ("press", 4),
    ("check", 5),
    ("build", 6),
    ("cli", 8),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    found.sort();
    found
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).expect("a text file")
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

#[test]
fn layers_are_kept() {
    let src = root().join("src");
    for path in files("src", ".rs") {
        let below = path.strip_prefix(&src).expect("below src");
        let first =
            below.components().next().expect("a name").as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let own = rank(module).unwrap_or_else(|| panic!("`{module}` has no layer"));
        let text = read(&path);
        let used = text.split("crate::").skip(1).map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default()
        });
        for other in used.filter(|other| *other != module) {
            let Some(theirs) = rank(other) else { continue };
            assert!(
                theirs < own,
                "{}: `{module}` must not use `{other}`",
                below.display()
            );
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for path in files("src", ".rs") {
        let text = read(&path);
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! "), "{} has no module doc", path.display());
    }
}

#[test]
fn nothing_is_left_unfinished() {
    let words = ["TODO", "FIXME", "todo!(", "unimplemented!(", "dbg!(", ".unwrap()"];
    for path in files("src", ".rs") {
        let text = read(&path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in words {
            assert!(!code.contains(word), "{}: {word}", path.display());
        }
    }
}

/// The lists of files that go into the binary are complete.
#[test]
fn what_ships_is_listed() {
    let fonts = read(root().join("src/pdf/shipped.rs"));
    for path in files("fonts", "tf") {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(fonts.contains(&format!("{name:?}")), "{name} is not embedded");
    }
    let packages = read(root().join("src/project/package.rs"));
    for entry in std::fs::read_dir(root().join("templates")).expect("templates").flatten()
    {
        if !entry.path().is_dir() {
            continue;
        }
        let package = entry.file_name().to_string_lossy().into_owned();
        for path in files(&format!("templates/{package}"), "") {
            let below =
                path.strip_prefix(entry.path()).expect("below").display().to_string();
            assert!(
                packages.contains(&format!("{below:?}")),
                "{package}/{below} does not ship"
            );
        }
    }
}

/// Every code of a diagnostic is explained in the list of messages.
#[test]
fn every_message_is_documented() {
    const AREAS: &[&str] = &[
        "build",
        "data",
        "docx",
        "figure",
        "fonts",
        "glyph",
        "import",
        "layout",
        "name",
        "number",
        "output",
        "parity",
        "pdf",
        "png",
        "press",
        "project",
        "punct",
        "structure",
        "template",
        "typst",
        "usage",
        "watch",
    ];
    // Rules explain themselves.
    let list =
        read(root().join("docs/messages.md")) + &read(root().join("docs/rules.md"));
    let mut missing = Vec::new();
    for path in files("src", ".rs") {
        let text = read(&path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for quoted in code.split('"').skip(1).step_by(2) {
            let is_word = |c: char| c.is_ascii_lowercase() || c == '-';
            let known = quoted.split_once('/').filter(|(area, what)| {
                AREAS.contains(area) && !what.is_empty() && what.chars().all(is_word)
            });
            if known.is_some() && !list.contains(&format!("`{quoted}`")) {
                missing.push(quoted.to_string());
            }
        }
    }
    assert_eq!(missing, [""; 0], "not in docs/messages.md");
}

/// What the layout library offers is listed, and what is listed is there.
#[test]
fn the_layout_library_is_documented() {
    let library = read(root().join("templates/huikan.typ"));
    let list = read(root().join("docs/layout.md"));
    let mut names = Vec::new();
    let mut before = "";
    for line in library.lines() {
        let name = line.strip_prefix("#let ").and_then(|rest| {
            rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next()
        });
        names.extend(name.filter(|_| before.starts_with("///")));
        before = line;
    }
    let listed: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(['`', '(']).next())
        .collect();
    assert_eq!(listed, names, "docs/layout.md and templates/huikan.typ differ");
}

/// The commands that the READMEs show are real ones.
#[test]
fn readmes_show_commands_that_exist() {
    let args = read(root().join("src/cli/args.rs"));
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = read(root().join(readme));
        let mut count = 0;
        for block in text.split("```sh\n").skip(1) {
            let code = block.split("```").next().unwrap_or_default();
            for line in code.lines().filter_map(|line| line.strip_prefix("huikan ")) {
                let word = line.split_whitespace().next().unwrap_or_default();
                let variant = word[..1].to_uppercase() + &word[1..];
                assert!(
                    args.contains(&format!("    {variant}(")),
                    "{readme}: `huikan {word}`"
                );
                count += 1;
            }
        }
        assert!(count >= 5, "{readme} shows too few commands");
    }
}
