//! A project in a temporary folder, and the binary run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::case::{Case, Content};

/// A folder that goes away with the value.
pub struct Project {
    folder: TempDir,
}

/// How a command ended.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The files of a case.
    pub fn of(case: &Case) -> Self {
        let project = Self::empty();
        for (name, content) in &case.files {
            match content {
                Content::Bytes(bytes) => project.write(name, bytes),
                Content::Link(target) => {
                    let path = project.prepared(name);
                    std::os::unix::fs::symlink(target, path).expect("a link");
                }
            }
        }
        project
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with its folders.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.prepared(name), bytes).expect("a file");
    }

    fn prepared(&self, name: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        path
    }

    /// Runs the binary here, with nothing of the machine's settings.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("the binary runs");
        self.outcome(output)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huikan"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("LANG", "en_US.UTF-8");
        command
    }

    pub fn outcome(&self, output: Output) -> Run {
        let real = self.path().canonicalize().expect("a real path");
        let tidy = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .expect("UTF-8")
                .replace(&real.display().to_string(), "[dir]")
                .replace(&self.path().display().to_string(), "[dir]")
        };
        Run {
            code: output.status.code(),
            stdout: tidy(output.stdout),
            stderr: tidy(output.stderr),
        }
    }

    /// The files in a folder, by path below it, sorted; hidden ones too.
    pub fn outputs(&self, folder: &str) -> Vec<String> {
        let mut names = self.list(folder);
        names.retain(|name| name != "manifest.json");
        names
    }

    /// The files of a folder, hidden ones too, sorted.
    pub fn list(&self, folder: &str) -> Vec<String> {
        fn walk(root: &Path, folder: &Path, list: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                match path.is_dir() {
                    true => walk(root, &path, list),
                    false => list.push(
                        path.strip_prefix(root).expect("below").display().to_string(),
                    ),
                }
            }
        }
        let root = self.path().join(folder);
        let mut list = Vec::new();
        walk(&root, &root, &mut list);
        list.sort();
        list
    }
}
