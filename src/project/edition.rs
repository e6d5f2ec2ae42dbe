//! Editions: a dataset file each, or a row of a file.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rows::RowsFile;
use super::{Assets, Digest, Project};
use crate::data::table::Table;
use crate::diag::{
    Diagnostic, Diagnostics, MOST_ALIKE, Partial, Result, SLIP, more, nearest,
};
use crate::text;

/// One edition: a dataset and the folder its images may come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Record", into = "Record")]
pub struct Edition {
    /// Its name: the file's stem, for example `2023`, or what the row is named.
    pub id: String,
    /// The dataset file, canonical.
    pub path: Arc<Path>,
    /// The file as the user knows it.
    pub shown: Arc<str>,
    /// What its templates may read.
    pub assets: Assets,
    /// The row, if the edition is not the whole file.
    pub row: Option<Row>,
}

/// A row of a file.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number among the rows that are not empty, from 0, when it was found.
    pub number: usize,
    /// What it has in common with the others.
    pub file: Arc<RowsFile>,
}

/// An edition as another process is told of it.
#[derive(Serialize, Deserialize)]
struct Record {
    id: String,
    path: PathBuf,
    shown: String,
    root: PathBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extends: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl From<Edition> for Record {
    fn from(edition: Edition) -> Self {
        let row = edition.row.as_ref();
        Self {
            row: row.map(|row| row.number),
            extends: row.and_then(|row| row.file.extends.clone()),
            name: row.and_then(|row| row.file.name.clone()),
            path: edition.path.to_path_buf(),
            shown: edition.shown.to_string(),
            root: edition.assets.root().to_path_buf(),
            id: edition.id,
        }
    }
}

impl From<Record> for Edition {
    fn from(record: Record) -> Self {
        let Record { id, path, shown, root, row, extends, name } = record;
        let file = |number| Row { number, file: Arc::new(RowsFile::new(extends, name)) };
        Self {
            id,
            path: path.into(),
            shown: shown.into(),
            assets: Assets::new(root),
            row: row.map(file),
        }
    }
}

impl Edition {
    /// What the edition's row says and how it is read, as a digest; nothing if the
    /// edition is a whole file.
    pub fn row_digest(&self) -> Option<Digest> {
        let row = self.row.as_ref()?;
        let (table, number) = row.find(self).ok()?;
        let extends = row.file.extends.iter().map(|path| path.display().to_string());
        let more: Vec<String> = extends.chain(row.file.name.clone()).collect();
        let words = table.words(number).into_iter();
        Some(Digest::of_all(words.chain(more.iter().map(String::as_str))))
    }

    /// The size of what it says itself, in bytes.
    pub fn size(&self) -> u64 {
        match self.row.as_ref().map(|row| row.find(self)) {
            Some(Ok((table, number))) => {
                table.words(number).iter().map(|words| words.len() as u64).sum()
            }
            _ => std::fs::metadata(&self.path).map_or(0, |file| file.len()),
        }
    }

    /// Where it is, for people: the file, and the line of a row.
    pub fn origin(&self) -> String {
        let shown = &self.shown;
        match self.row.as_ref().map(|row| row.find(self)) {
            Some(Ok((table, number))) => format!("{shown}:{}", table.line(number)),
            _ => shown.to_string(),
        }
    }
}

impl Project {
    /// All editions of the project, by file name and row.
    ///
    /// # Errors
    /// Globs that find no file, files of rows that cannot be read, and two editions
    /// of one name.
    pub fn editions(&self) -> Result<Vec<Edition>> {
        self.sound_editions().whole()
    }

    /// The editions of the project that there is no fault with, by file name and row: a
    /// bad one does not keep others from being made.
    pub fn sound_editions(&self) -> Partial<Vec<Edition>> {
        let mut faults = Diagnostics::new();
        faults.extend(self.no_base());
        let files = self.files();
        if files.is_empty() {
            faults.push(self.no_datasets());
        }
        let mut editions = Vec::new();
        for path in files {
            match Table::is_one(&path) {
                true => editions.extend(self.rows(&path, &mut faults)),
                false => editions.push(self.edition_at(path)),
            }
        }
        let clashing = same_names(&editions, &mut faults);
        editions.retain(|edition| !clashing.contains(&edition.id));
        Partial { value: editions, faults }
    }

    /// The files that `editions` means, sorted.
    fn files(&self) -> Vec<PathBuf> {
        let globs = &self.manifest.editions;
        let root = glob::Pattern::escape(&self.root.to_string_lossy());
        let found =
            globs.chosen().filter_map(|glob| glob::glob(&format!("{root}/{glob}")).ok());
        let is_meant = |path: &PathBuf| {
            let below = path.strip_prefix(&self.root).unwrap_or(path);
            path.is_file() && !globs.excludes(&below.to_string_lossy().replace('\\', "/"))
        };
        let mut files: Vec<PathBuf> =
            found.flatten().flatten().filter(is_meant).collect();
        files.sort();
        files.dedup();
        files
    }

    /// The editions of these names, each once. A name is an edition's, or the path of
    /// its file (from `folder`); that of a file of rows means all of them.
    ///
    /// # Errors
    /// All names that are none.
    pub fn select(&self, names: &[String], folder: &Path) -> Result<Vec<Edition>> {
        let mut faults = Diagnostics::new();
        let mut all: Option<Partial<Vec<Edition>>> = None;
        let mut chosen: Vec<Edition> = Vec::new();
        for name in names {
            let path = folder.join(name);
            if path.is_file() {
                let path = path.canonicalize().unwrap_or(path);
                match Table::is_one(&path) {
                    true => {
                        faults.extend(self.no_base());
                        let rows = self.rows(&path, &mut faults);
                        same_names(&rows, &mut faults);
                        chosen.extend(rows);
                    }
                    false => chosen.push(self.edition_at(path)),
                }
                continue;
            }
            let is_path = name.contains(['/', '\\'])
                || name.ends_with(".json")
                || Table::is_one(Path::new(name));
            if is_path {
                faults.push(no_edition(name, &[]));
                continue;
            }
            let all = all.get_or_insert_with(|| self.sound_editions());
            match all.value.iter().find(|edition| edition.id == *name) {
                Some(found) => chosen.push(found.clone()),
                // It may be one of those that are at fault.
                None if all.faults.has_errors() => {
                    faults.extend(std::mem::take(&mut all.faults).into_vec());
                }
                None => faults.push(no_edition(name, &all.value)),
            }
        }
        let mut seen = HashSet::new();
        chosen.retain(|edition| {
            seen.insert((
                edition.path.clone(),
                edition.row.as_ref().map(|row| row.number),
            ))
        });
        faults.finish(chosen).map(|found| found.value)
    }

    /// One edition, by its id or by the path of its file (from `folder`).
    ///
    /// # Errors
    /// An id or path that is none, or that is several.
    pub fn edition(&self, name: &str, folder: &Path) -> Result<Edition> {
        let mut found = self.select(&[name.to_string()], folder)?;
        match (found.pop(), found.len()) {
            (Some(edition), 0) => Ok(edition),
            (None, _) => Err(no_edition(name, &[]).into()),
            (Some(last), others) => {
                let count = others + 1;
                let id = &last.id;
                Err(Diagnostic::error(
                    "project/no-edition",
                    text!("`{name}` 里有 {count} 届", "`{name}` has {count} editions"),
                )
                .hint(text!(
                    "写明是哪一届，例如 `{id}`",
                    "name one of them, such as `{id}`"
                ))
                .into())
            }
        }
    }

    /// A file outside the project is a project of its own: its images come from
    /// its folder.
    pub(super) fn edition_at(&self, path: PathBuf) -> Edition {
        let inside = path.starts_with(&self.root);
        let root = match path.parent() {
            Some(folder) if !inside => folder.to_path_buf(),
            _ => self.root.clone(),
        };
        let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let shown = self.shown(&path).into();
        Edition { id, shown, assets: Assets::new(root), path: path.into(), row: None }
    }

    /// The fault of rows that are laid over what is no file.
    fn no_base(&self) -> Option<Diagnostic> {
        let (path, place) = self.manifest.rows.extends.as_ref()?;
        let shown = path.display();
        let file = self.root.join(path);
        let outside = file.canonicalize().is_ok_and(|file| !file.starts_with(&self.root));
        if file.is_file() && !outside {
            return None;
        }
        let fault = Diagnostic::error(
            "data/no-parent",
            text!(
                "`[rows]` 的 `extends` 不是工程里的文件：`{shown}`",
                "`extends` of `[rows]` is no file of the project: `{shown}`"
            ),
        );
        Some(fault.at(place.clone()).hint(text!(
            "文件名从 huikan.toml 所在的文件夹算起",
            "the name starts at the folder of huikan.toml"
        )))
    }

    fn no_datasets(&self) -> Diagnostic {
        let shown = self.root.display();
        let words = self.manifest.editions.words();
        let (zh, en) = (words.join("、"), words.join(", "));
        Diagnostic::error(
            "project/no-edition",
            text!("`{shown}` 里没有数据文件 `{zh}`", "no dataset `{en}` in `{shown}`"),
        )
        .hint(text!(
            "用 `huikan init 文件夹名` 建一个带样例的工程",
            "make a project with a sample: `huikan init FOLDER`"
        ))
    }
}

/// The names that several editions have.
fn same_names(editions: &[Edition], faults: &mut Diagnostics) -> HashSet<String> {
    let mut seen: HashMap<&str, &Edition> = HashMap::with_capacity(editions.len());
    let mut clashing = HashSet::new();
    let mut count = 0;
    for edition in editions {
        let Some(first) = seen.insert(&edition.id, edition) else { continue };
        count += 1;
        clashing.insert(edition.id.clone());
        if count > MOST_ALIKE {
            continue;
        }
        let (id, one, other) = (&edition.id, first.origin(), edition.origin());
        let fault = Diagnostic::error(
            "project/same-edition",
            text!(
                "有两届都叫 `{id}`：{one} 和 {other}",
                "two editions are called `{id}`: {one} and {other}"
            ),
        );
        faults.push(match edition.row {
            Some(_) => fault.hint(text!(
                "在 `[rows]` 的 `name` 里多用一个字段，例如 `{{county}}-{{row}}`",
                "use one more field in `name` of `[rows]`, such as `{{county}}-{{row}}`"
            )),
            None => fault.hint(text!(
                "改一个文件名，或在 `editions` 里用 `!` 去掉一个",
                "rename one of the files, or take it out of `editions` with `!`"
            )),
        });
    }
    faults.extend(more("project/same-edition", count));
    clashing
}

fn no_edition(name: &str, all: &[Edition]) -> Diagnostic {
    let fault = Diagnostic::error(
        "project/no-edition",
        text!("没有 `{name}` 这一届", "no edition `{name}`"),
    );
    if all.is_empty() {
        return fault;
    }
    let known: Vec<&str> =
        all.iter().take(MOST_ALIKE).map(|edition| edition.id.as_str()).collect();
    let (zh, en) = (known.join("、"), known.join(", "));
    let count = all.len();
    if count <= MOST_ALIKE {
        return fault.hint(text!("现有：{zh}", "there are: {en}"));
    }
    match nearest(name, all.iter().map(|edition| edition.id.as_str()), SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => {
            fault.hint(text!("现有 {count} 届：{zh}……", "there are {count}: {en}, …"))
        }
    }
}
