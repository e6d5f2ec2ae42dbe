//! An edition with those that it inherits from.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Edition, rows};
use crate::data::Dataset;
use crate::data::json::pointer_join;
use crate::data::schema::Schema;
use crate::diag::{Diagnostic, Diagnostics, Place, SLIP, Text, nearest};
use crate::text;

/// The field of a dataset that names the one it inherits from.
pub const EXTENDS: &str = "extends";
/// The field of a dataset that names the one it is compared with, if that is not
/// the one it inherits from.
pub const PREVIOUS: &str = "previous";

/// A dataset of one or more files.
#[derive(Debug, Clone)]
pub struct Whole {
    /// What the first file says, laid over what it inherits.
    pub dataset: Dataset,
    /// Its files, the nearest first: those that the dataset's values stand in.
    pub files: Vec<PathBuf>,
}

/// An edition's dataset, and that of the edition before.
#[derive(Debug, Clone)]
pub struct Lineage {
    /// The edition's own.
    pub own: Whole,
    /// The one that it is compared with, if it names one or inherits from one.
    pub previous: Option<Whole>,
}

/// Reads an edition's dataset and all that it inherits from. `schema` says which
/// lists are merged item by item.
///
/// Faults: files that cannot be read, hold no dataset or lie outside the project,
/// and editions that inherit from themselves. A dataset is returned even if its
/// file has faults, so that its schema can be checked in the same run.
pub fn read(
    edition: &Edition,
    schema: &Schema,
    faults: &mut Diagnostics,
) -> Option<Lineage> {
    let mut reader = Reader { edition, schema, faults };
    let first = reader.first()?;
    let chain = reader.chain(first);
    let previous = match chain.first().and_then(|first| first.previous.clone()) {
        Some(link) => {
            let file = reader.linked(&link).map(|file| reader.chain(file));
            file.and_then(|chain| fold(schema, chain, reader.faults))
        }
        // What is wrong with it is told with the edition's own.
        None => {
            let older = chain.iter().skip(1).cloned().collect();
            fold(schema, older, &mut Diagnostics::new())
        }
    };
    let own = fold(schema, chain, reader.faults)?;
    Some(Lineage { own, previous })
}

/// Reads an edition's dataset as [`read`] does, and not that of the edition before.
pub fn own(
    edition: &Edition,
    schema: &Schema,
    faults: &mut Diagnostics,
) -> Option<Whole> {
    let mut reader = Reader { edition, schema, faults };
    let first = reader.first()?;
    let chain = reader.chain(first);
    fold(schema, chain, faults)
}

/// The files that an edition's dataset is made of and compared with, as far as
/// they can be read.
pub fn files(edition: &Edition) -> Vec<PathBuf> {
    let mut files = vec![edition.path.to_path_buf()];
    if let Some(row) = &edition.row {
        let found = row.find(edition).ok();
        let named = [EXTENDS, PREVIOUS].map(|key| {
            let (table, number) = found.as_ref()?;
            table.word(*number, key)
        });
        let base = row.file.extends.iter().filter(|_| named[0].is_none()).cloned();
        let named = named.iter().flatten().map(|named| beside(&edition.path, named));
        files.extend(base.chain(named));
    }
    // A file of rows is no dataset itself.
    let mut next = usize::from(edition.row.is_some());
    while let Some(path) = files.get(next).cloned() {
        next += 1;
        let value = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        for key in [EXTENDS, PREVIOUS] {
            let named = value.as_ref().and_then(|value| value.get(key)?.as_str());
            let Some(file) = named.map(|named| beside(&path, named)) else { continue };
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    files
}

/// A file that another one names.
fn beside(path: &Path, named: &str) -> PathBuf {
    let file = path.with_file_name(named);
    file.canonicalize().unwrap_or(file)
}

/// A field that names another dataset.
#[derive(Debug, Clone)]
struct Link {
    named: String,
    place: Place,
    /// The file that it is in.
    path: PathBuf,
}

/// A dataset as its file has it, without the fields that name others.
#[derive(Debug, Clone)]
struct Written {
    dataset: Dataset,
    path: PathBuf,
    extends: Option<Link>,
    previous: Option<Link>,
    /// What it inherits from if it does not say.
    base: Option<PathBuf>,
}

struct Reader<'a> {
    edition: &'a Edition,
    schema: &'a Schema,
    faults: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// A dataset and those that it inherits from, the nearest first.
    fn chain(&mut self, first: Written) -> Vec<Written> {
        let mut chain = vec![first];
        if let Some(base) = first_base(&chain) {
            chain.extend(self.file(&base, &self.shown(&base)));
        }
        while let Some(link) = chain.last().and_then(|last| last.extends.clone()) {
            let Some(next) = self.linked(&link) else { break };
            if chain.iter().any(|known| known.path == next.path) {
                self.faults.push(circle(&chain, &next, &link));
                break;
            }
            chain.push(next);
        }
        chain
    }

    /// The dataset that a field names.
    fn linked(&mut self, link: &Link) -> Option<Written> {
        let path = beside(&link.path, &link.named);
        if path.starts_with(self.edition.assets.root()) && path.is_file() {
            self.edition.assets.note_link(&link.path.with_file_name(&link.named), &path);
            return self.file(&path, &self.shown(&path));
        }
        let reason = match path.is_file() {
            true => text!("它在工程文件夹之外", "it is outside the project"),
            false => text!("没有这个文件", "no such file"),
        };
        self.faults.push(unreadable(link, &reason));
        None
    }

    /// How the user knows a file.
    fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.edition.assets.root());
        below.unwrap_or(path).display().to_string()
    }

    /// What the edition itself says: its file, or its row.
    fn first(&mut self) -> Option<Written> {
        let edition = self.edition;
        let Some(row) = &edition.row else {
            return self.file(&edition.path, &edition.shown);
        };
        let (table, number) = self.faults.absorb(row.find(edition))?;
        let named_by = row.file.named_by();
        let schema = self.schema.value();
        let dataset = table.dataset(number, schema, &named_by, self.faults)?;
        let base = row.file.extends.clone();
        Some(Written { base, ..self.written(dataset, &edition.path) })
    }

    fn file(&mut self, path: &Path, shown: &str) -> Option<Written> {
        let bytes = match self.edition.assets.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.faults.push(rows::unreadable(shown, &error));
                return None;
            }
        };
        let dataset = Dataset::read(shown, &bytes, self.faults)?;
        Some(self.written(dataset, path))
    }

    fn written(&mut self, mut dataset: Dataset, path: &Path) -> Written {
        let extends = self.link(&mut dataset, path, EXTENDS);
        let previous = self.link(&mut dataset, path, PREVIOUS);
        Written { dataset, path: path.to_path_buf(), extends, previous, base: None }
    }

    /// Takes a field that names another dataset out of one.
    fn link(&mut self, dataset: &mut Dataset, path: &Path, key: &str) -> Option<Link> {
        let place = dataset.place(&pointer_join("", key));
        match dataset.take_member(key)? {
            Value::String(named) => Some(Link { named, place, path: path.to_path_buf() }),
            _ => {
                let fault = Diagnostic::error(
                    "data/wrong-type",
                    text!("`{key}` 应是文件名", "`{key}` must be the name of a file"),
                );
                self.faults.push(fault.at(place));
                None
            }
        }
    }
}

/// The datasets of a chain laid over each other, the oldest first.
fn fold(schema: &Schema, chain: Vec<Written>, faults: &mut Diagnostics) -> Option<Whole> {
    let files = chain.iter().map(|written| written.path.clone()).collect();
    let mut datasets = chain.into_iter().rev().map(|written| written.dataset);
    let mut whole = datasets.next()?;
    for dataset in datasets {
        let keys = schema.list_keys(&dataset);
        whole = dataset.over(whole, &keys, faults);
    }
    whole.take_allowances(faults);
    Some(Whole { dataset: whole, files })
}

/// What a row is laid over if it does not say.
fn first_base(chain: &[Written]) -> Option<PathBuf> {
    let first = chain.first().filter(|first| first.extends.is_none())?;
    first.base.clone()
}

fn unreadable(link: &Link, reason: &Text) -> Diagnostic {
    let (named, zh, en) = (&link.named, &reason.zh, &reason.en);
    let fault = Diagnostic::error(
        "data/no-parent",
        text!(
            "数据文件 `{named}` 用不了（{zh}）",
            "the dataset `{named}` cannot be used ({en})"
        ),
    )
    .at(link.place.clone());
    let names = datasets_beside(&link.path);
    match nearest(named, names.iter().map(String::as_str), SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault.hint(text!(
            "文件名从这个数据文件所在的文件夹算起",
            "the name starts at the folder of this dataset"
        )),
    }
}

/// The names of the other datasets in a dataset's folder.
fn datasets_beside(path: &Path) -> Vec<String> {
    let folder = path.parent().map(std::fs::read_dir);
    let entries = folder.into_iter().flatten().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path() != path)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    names
}

fn circle(chain: &[Written], next: &Written, link: &Link) -> Diagnostic {
    let start = chain.iter().position(|known| known.path == next.path).unwrap_or(0);
    let names = chain.iter().skip(start).chain([next]);
    let shown: Vec<&str> = names.map(|file| file.dataset.source().name()).collect();
    let shown = shown.join(" → ");
    Diagnostic::error(
        "data/inherits-itself",
        text!(
            "数据文件转着圈互相继承：{shown}",
            "datasets inherit from each other in a circle: {shown}"
        ),
    )
    .at(link.place.clone())
    .hint(text!("去掉其中一个 `extends`", "take one `extends` out"))
}
