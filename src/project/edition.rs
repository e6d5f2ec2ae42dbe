//! Editions: one dataset file each.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Assets, Project};
use crate::diag::{Diagnostic, Result};
use crate::text;

/// One edition: a dataset file and the folder its images may come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Edition {
    /// The file's stem, for example `2023`.
    pub id: String,
    /// The dataset file, canonical.
    pub path: PathBuf,
    /// The file as the user knows it.
    pub shown: String,
    /// What its templates may read.
    pub assets: Assets,
}

impl Project {
    /// All editions of the project, by file name.
    ///
    /// # Errors
    /// A glob that is none, or that finds no file.
    pub fn editions(&self) -> Result<Vec<Edition>> {
        let pattern = &self.manifest.editions;
        let absolute =
            format!("{}/{pattern}", glob::Pattern::escape(&self.root.to_string_lossy()));
        let paths = glob::glob(&absolute).map_err(|error| {
            Diagnostic::error(
                "project/editions",
                text!(
                    "`editions = \"{pattern}\"` 不是合格的通配（{error}）",
                    "`editions = \"{pattern}\"` is not a glob ({error})"
                ),
            )
        })?;
        let mut found: Vec<PathBuf> =
            paths.flatten().filter(|path| path.is_file()).collect();
        found.sort();
        if found.is_empty() {
            let shown = self.root.display();
            return Err(Diagnostic::error(
                "project/no-edition",
                text!(
                    "`{shown}` 里没有数据文件 `{pattern}`",
                    "no dataset `{pattern}` in `{shown}`"
                ),
            )
            .hint(text!(
                "用 `huikan init 文件夹名` 建一个带样例的工程",
                "make a project with a sample: `huikan init FOLDER`"
            ))
            .into());
        }
        Ok(found.into_iter().map(|path| self.edition_at(path)).collect())
    }

    /// One edition, by its id or by the path of its file (from `folder`).
    ///
    /// # Errors
    /// An id or path that is none.
    pub fn edition(&self, name: &str, folder: &Path) -> Result<Edition> {
        let path = folder.join(name);
        if path.is_file() {
            let path = path.canonicalize().unwrap_or(path);
            return Ok(self.edition_at(path));
        }
        let editions = if name.contains(['/', '\\']) || name.ends_with(".json") {
            Vec::new()
        } else {
            self.editions()?
        };
        let known: Vec<&str> =
            editions.iter().map(|edition| edition.id.as_str()).collect();
        if let Some(found) = editions.iter().find(|edition| edition.id == name) {
            return Ok(found.clone());
        }
        let mut fault = Diagnostic::error(
            "project/no-edition",
            text!("没有 `{name}` 这一届", "no edition `{name}`"),
        );
        if !known.is_empty() {
            let (zh, en) = (known.join("、"), known.join(", "));
            fault = fault.hint(text!("现有：{zh}", "there are: {en}"));
        }
        Err(fault.into())
    }

    /// A file outside the project is a project of its own: its images come from
    /// its folder.
    fn edition_at(&self, path: PathBuf) -> Edition {
        let inside = path.starts_with(&self.root);
        let root = match path.parent() {
            Some(folder) if !inside => folder.to_path_buf(),
            _ => self.root.clone(),
        };
        let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Edition { id, shown: self.shown(&path), assets: Assets::new(root), path }
    }
}
