//! A case is one file: commands and the files they run on.
//!
//! ```text
//! # What the case shows.
//! $ build x -f pdf
//! === data/x.json
//! {…}
//! === data/y.json (gbk)
//! ```
//! The content of a file may be encoded: `(gbk)`, `(bom)`, `(utf-16le)`; or
//! made: `(nested N)` is N opening brackets, `(link PATH)` a symbolic link, `(xlsx)` a
//! workbook (see [`super::workbook`]).

use std::path::Path;

use super::workbook;

/// A parsed case file.
pub struct Case {
    /// The arguments of each command.
    pub commands: Vec<Vec<String>>,
    /// The files to write first: path and bytes, or a link's target.
    pub files: Vec<(String, Content)>,
}

/// What to write.
pub enum Content {
    Bytes(Vec<u8>),
    Link(String),
}

impl Case {
    /// Reads a case file.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a case file");
        let mut sections = text.split("\n=== ");
        let head = sections.next().expect("a head");
        let commands: Vec<Vec<String>> = head
            .lines()
            .filter_map(|line| line.strip_prefix("$ "))
            .map(|line| line.split_whitespace().map(str::to_string).collect())
            .collect();
        assert!(!commands.is_empty(), "{}: a case has a command", path.display());
        Self { commands, files: sections.map(file).collect() }
    }
}

fn file(section: &str) -> (String, Content) {
    let (head, body) = section.split_once('\n').unwrap_or((section, ""));
    let (name, mode) = match head.split_once(" (") {
        Some((name, mode)) => (name, mode.trim_end_matches(')')),
        None => (head, ""),
    };
    let content = match mode.split_once(' ').unwrap_or((mode, "")) {
        ("", _) => Content::Bytes(body.as_bytes().to_vec()),
        ("bom", _) => Content::Bytes([b"\xEF\xBB\xBF", body.as_bytes()].concat()),
        ("gbk", _) => Content::Bytes(encoding_rs::GBK.encode(body).0.into_owned()),
        ("utf-16le", _) => {
            Content::Bytes(body.encode_utf16().flat_map(u16::to_le_bytes).collect())
        }
        ("nested", count) => {
            Content::Bytes("[".repeat(count.parse().expect("a count")).into_bytes())
        }
        ("xlsx", _) => Content::Bytes(workbook::of(body)),
        ("link", target) => Content::Link(target.to_string()),
        (mode, _) => panic!("unknown mode `{mode}`"),
    };
    (name.to_string(), content)
}
