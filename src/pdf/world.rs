//! Typst's view: a template package, the dataset, the project, the fonts.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::from_utf8;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};
use typst_kit::files::{FileLoader, FileStore};

use super::fonts::Fonts;
use super::source::{data_json, markdown_json};
use crate::diag::{Diagnostic, Result};
use crate::project::package::LIBRARY_FILES;
use crate::project::{Assets, Package, Resolved};
use crate::text;

/// The date of a document whose dataset has none: outputs never depend on the
/// day they are made.
const NO_DATE: (i32, u8, u8) = (2000, 1, 1);

/// What all jobs of a run share.
pub struct Engine {
    library: LazyHash<Library>,
    fonts: Fonts,
    sources: Sources,
}

impl Engine {
    /// An engine with these fonts.
    pub fn new(fonts: Fonts) -> Self {
        let library = LazyHash::new(Library::default());
        Self { library, fonts, sources: Sources::default() }
    }

    /// The fonts.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }
}

/// How many files of one path are kept parsed: the main files of so many templates.
const KEPT: usize = 16;

/// The parsed files of templates, so that the jobs of a run do not parse them anew.
#[derive(Default)]
struct Sources(Mutex<HashMap<FileId, Vec<Source>>>);

impl Sources {
    /// The file of this path with these bytes.
    fn parsed(&self, id: FileId, bytes: &Bytes) -> FileResult<Source> {
        let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = sources.entry(id).or_default();
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if let Some(source) = known.iter().find(|one| one.text().as_bytes() == text) {
            return Ok(source.clone());
        }
        let source = Source::new(id, from_utf8(text)?.to_string());
        known.truncate(KEPT - 1);
        known.insert(0, source.clone());
        Ok(source)
    }
}

/// The world of one job.
pub struct World {
    engine: Arc<Engine>,
    files: FileStore<Files>,
    /// The files that have been asked for as sources, which is often.
    sources: Mutex<HashMap<FileId, Source>>,
    main: FileId,
    date: Datetime,
}

impl World {
    /// The world in which `package` lays out `resolved`. `date` stands for
    /// today; without one, the dataset's own date does.
    ///
    /// # Errors
    /// A package without a Typst template.
    pub fn new(
        engine: Arc<Engine>,
        package: &Package,
        resolved: &Resolved,
        assets: &Assets,
        date: Option<(i32, u8, u8)>,
    ) -> Result<Self> {
        let Some(main) = package.recipe.pdf.as_deref().and_then(project_file) else {
            let name = &package.recipe.name;
            return Err(Diagnostic::error(
                "template/no-pdf",
                text!(
                    "模板 `{name}` 没有排版 PDF 的一面",
                    "the template `{name}` has no PDF side"
                ),
            )
            .into());
        };
        let (year, month, day) = date.or(resolved.metadata.date).unwrap_or(NO_DATE);
        let files = Files {
            package: package.clone(),
            data: Bytes::new(data_json(&resolved.value)),
            value: resolved.value.clone(),
            assets: assets.clone(),
        };
        let Some(date) = Datetime::from_ymd(year, month, day) else {
            return Err(Diagnostic::error(
                "pdf/date",
                text!(
                    "没有 {year} 年 {month} 月 {day} 日这一天",
                    "there is no day {year}-{month}-{day}"
                ),
            )
            .into());
        };
        let files = FileStore::new(files);
        Ok(Self { engine, files, sources: Mutex::default(), main, date })
    }

    /// The day that counts as today.
    pub fn date(&self) -> Datetime {
        self.date
    }

    /// The real files that the last compile has read, to watch them.
    pub fn dependencies(&mut self) -> Vec<PathBuf> {
        let (files, ids) = self.files.dependencies();
        let mut paths: Vec<PathBuf> = ids.filter_map(|id| files.real_path(id)).collect();
        paths.sort();
        paths
    }

    /// How the user knows a file.
    pub(super) fn shown(&self, id: FileId) -> String {
        let path = id.get().vpath().get_without_slash();
        match path {
            file if LIBRARY_FILES.contains(&file) => {
                self.files.loader().package.library_shown(file)
            }
            "data.json" | "markdown.json" => format!("<{path}>"),
            _ => match path.strip_prefix("project/") {
                Some(file) => file.to_string(),
                None => self.files.loader().package.shown(path),
            },
        }
    }

    /// The bytes that Typst saw under a virtual path, for `--eject`.
    ///
    /// # Errors
    /// As reading the file would give.
    pub fn virtual_file(&self, path: &str) -> FileResult<Bytes> {
        match project_file(path) {
            Some(id) => self.files.file(id),
            None => Err(FileError::NotFound(path.into())),
        }
    }

    /// The virtual paths of all files that the last compile has read.
    pub fn read_paths(&mut self) -> Vec<String> {
        let (_, ids) = self.files.dependencies();
        let mut paths: Vec<String> =
            ids.map(|id| id.get().vpath().get_without_slash().to_string()).collect();
        paths.sort();
        paths
    }
}

fn project_file(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Where the bytes of each virtual path come from.
struct Files {
    package: Package,
    data: Bytes,
    /// What the data are, to be read as Markdown if the template asks for it.
    value: Value,
    assets: Assets,
}

impl Files {
    fn real_path(&self, id: FileId) -> Option<PathBuf> {
        match id.get().vpath().get_without_slash() {
            file if LIBRARY_FILES.contains(&file) => self.package.library_path(file),
            "data.json" | "markdown.json" => None,
            path if path.starts_with("project/") => {
                self.assets.locate(&format!("/{path}")).ok()
            }
            path => self.package.path(path),
        }
    }
}

impl FileLoader for Files {
    fn load(&self, id: FileId) -> FileResult<Bytes> {
        if !matches!(id.get().root(), VirtualRoot::Project) {
            return Err(FileError::Other(Some(
                "packages from the network are not used".into(),
            )));
        }
        match id.get().vpath().get_without_slash() {
            file if LIBRARY_FILES.contains(&file) => match self.package.library(file) {
                Ok(bytes) => Ok(Bytes::new(bytes)),
                Err(error) => Err(FileError::from_io(error, file.as_ref())),
            },
            "data.json" => Ok(self.data.clone()),
            "markdown.json" => Ok(Bytes::new(markdown_json(&self.value))),
            path if path.starts_with("project/") => {
                match self.assets.load(&format!("/{path}")) {
                    Ok(bytes) => Ok(Bytes::new(bytes)),
                    Err(reason) => Err(FileError::Other(Some(reason.en.into()))),
                }
            }
            path => match self.package.read(path) {
                Ok(bytes) => Ok(Bytes::new(bytes)),
                Err(error) => Err(FileError::from_io(error, path.as_ref())),
            },
        }
    }
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.engine.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = sources.get(&id) {
            return Ok(source.clone());
        }
        let source = self.engine.sources.parsed(id, &self.files.file(id)?)?;
        sources.insert(id, source.clone());
        Ok(source)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.file(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts.store().font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        Some(self.date)
    }
}
