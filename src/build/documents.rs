//! The documents that a Word template includes: those of its package, or those in
//! its folder.

use std::io::ErrorKind;
use std::sync::Arc;

use comemo::Tracked;

use crate::diag::Text;
use crate::docx::Documents;
use crate::project::assets::MOUNT;
use crate::project::{Assets, Package};
use crate::text;

/// What loading gives: the bytes, nothing if there is no such file, or why it may
/// not be read.
type Loaded = Result<Option<Arc<[u8]>>, Text>;

/// The documents of a template package, by their path from its Word template.
#[derive(Debug)]
pub(super) struct PackageDocuments {
    /// The package.
    pub(super) package: Package,
    /// The Word template inside it.
    pub(super) template: String,
}

#[comemo::track]
impl PackageDocuments {
    /// As [`Documents::load`].
    pub(super) fn load(&self, path: &str) -> Loaded {
        let file = inside(&self.template, path)?;
        match self.package.read(&file) {
            Ok(bytes) => Ok(Some(Arc::from(bytes.as_ref()))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Text::verbatim(error.to_string())),
        }
    }

    /// As [`Documents::list`].
    pub(super) fn list(&self) -> Vec<String> {
        let folder = self.template.rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = |file: String| match folder {
            "" => Some(file),
            folder => Some(file.strip_prefix(folder)?.strip_prefix('/')?.to_string()),
        };
        self.package
            .list()
            .into_iter()
            .filter_map(below)
            .filter(|file| is_document(file))
            .collect()
    }
}

/// Documents, and what was asked for is known.
pub(super) struct TrackedDocuments<'a>(pub(super) Tracked<'a, PackageDocuments>);

impl Documents for TrackedDocuments<'_> {
    fn load(&self, path: &str) -> Loaded {
        self.0.load(path)
    }

    fn list(&self) -> Vec<String> {
        self.0.list()
    }
}

/// The path inside the package of a document that its template names.
fn inside(template: &str, path: &str) -> Result<String, Text> {
    let mut names: Vec<&str> = template.split('/').collect();
    names.pop();
    for name in path.split('/') {
        match name {
            ".." if names.pop().is_none() => {
                return Err(text!(
                    "它在模板的文件夹之外，不能读取",
                    "it is outside the template's folder and may not be read"
                ));
            }
            ".." => {}
            name => names.push(name),
        }
    }
    Ok(names.join("/"))
}

/// The documents in the folder of a template, and below it.
pub(super) struct FolderDocuments(pub(super) Assets);

impl Documents for FolderDocuments {
    fn load(&self, path: &str) -> Loaded {
        let path = self.0.virtual_path(self.0.root(), path)?;
        match self.0.root().join(path.trim_start_matches(MOUNT)).try_exists() {
            Ok(false) => Ok(None),
            _ => self.0.load(&path).map(|bytes| Some(Arc::from(bytes))),
        }
    }

    fn list(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.root()).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| is_document(name)).collect();
        names.sort();
        names
    }
}

/// Whether a file is a Word document, and not the mark of one that is open.
fn is_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with(".docx") && !name.starts_with('~')
}
