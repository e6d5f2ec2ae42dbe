//! Template packages: the project's own folders, and the ones that ship.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::output::Binding;
use super::{Digest, Fingerprints, Project, toml_fault};
use crate::diag::{Diagnostic, Result, SLIP, nearest};
use crate::text;

/// A shipped package: its name and its files.
type Shipped = (&'static str, &'static [(&'static str, &'static [u8])]);

macro_rules! shipped {
    ($($name:literal: [$($file:literal),* $(,)?]),* $(,)?) => {
        &[$(($name, &[$((
            $file,
            include_bytes!(concat!("../../templates/", $name, "/", $file)) as &[u8],
        )),*])),*]
    };
}

/// The packages inside the binary. A test compares this list to `templates/`.
const SHIPPED: &[Shipped] = shipped! {
    "booklet": [
        "README.md",
        "hall.typ",
        "main.docx",
        "main.typ",
        "people.typ",
        "photos/bearing.svg",
        "photos/clinic.svg",
        "photos/cover.svg",
        "photos/furnace.svg",
        "photos/greenhouse.svg",
        "photos/hall.svg",
        "photos/map-floor.svg",
        "photos/map-venue.svg",
        "photos/market.svg",
        "photos/school.svg",
        "photos/solar.svg",
        "photos/stars.svg",
        "photos/stream.svg",
        "photos/tea.svg",
        "photos/turbine.svg",
        "sample.json",
        "schema.json",
        "sheet.typ",
        "template.toml",
        "text.typ",
    ],
    "handout": [
        "README.md",
        "main.docx",
        "main.typ",
        "photos/village.svg",
        "photos/workshop.svg",
        "sample.json",
        "schema.json",
        "template.toml",
    ],
    "poster": [
        "README.md",
        "main.docx",
        "main.typ",
        "photos/bearing.svg",
        "photos/school.svg",
        "photos/tea.svg",
        "sample.json",
        "schema.json",
        "template.toml",
    ],
    "report": [
        "README.md",
        "main.docx",
        "main.typ",
        "sample.json",
        "schema.json",
        "template.toml",
    ],
};

/// The files of our Typst library, seen by templates as `/huikan.typ` and so on.
pub const LIBRARY_FILES: [&str; 3] = ["chart.typ", "huikan.typ", "vocabulary.typ"];

/// The library inside the binary, by file.
const LIBRARY: [&[u8]; 3] = [
    include_bytes!("../../templates/chart.typ"),
    include_bytes!("../../templates/huikan.typ"),
    include_bytes!("../../templates/vocabulary.typ"),
];

/// The schemas that packages share, inside the binary: `/congress.json` and its like
/// in a `$ref`.
const SHARED_SCHEMAS: [(&str, &[u8]); 1] =
    [("congress.json", include_bytes!("../../templates/congress.json"))];

/// What `template.toml` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The package's name, the same as its folder's.
    pub name: String,
    /// What it makes, for people.
    pub title: String,
    /// More about it, one sentence.
    #[serde(default)]
    pub description: String,
    /// The package's own version.
    #[serde(default)]
    pub version: String,
    /// The schema's file.
    #[serde(default = "schema_file")]
    pub schema: String,
    /// A complete dataset.
    #[serde(default = "sample_file")]
    pub sample: String,
    /// Whether the template sees the edition before, as `previous`.
    #[serde(default)]
    pub previous: bool,
    /// Set if the package can print a part of a bigger dataset.
    pub part: Option<Part>,
    /// The Typst template, if there is one.
    pub pdf: Option<String>,
    /// The Word template, if there is one.
    pub docx: Option<String>,
    /// How the printed document is bound, where that asks for something.
    pub binding: Option<Binding>,
    /// Where the document's metadata is found in the dataset.
    #[serde(default)]
    pub document: Document,
    /// The families that the Typst template asks for, by role.
    #[serde(default)]
    pub fonts: BTreeMap<String, String>,
}

/// `[part]`: the package can print a part of a dataset, which `from` of an output
/// names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The schema of the whole dataset, as a reference into a shared schema:
    /// `/congress.json#/$defs/congress`.
    pub schema: String,
}

/// `[document]`: JSON pointers into the dataset; of several, the first that is
/// there counts (of keywords, all).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// The title.
    pub title: Vec<String>,
    /// The author.
    pub author: Vec<String>,
    /// The keywords.
    pub keywords: Vec<String>,
    /// A date, or a year.
    pub date: Vec<String>,
}

fn schema_file() -> String {
    "schema.json".into()
}

fn sample_file() -> String {
    "sample.json".into()
}

/// A template package that has been found.
#[derive(Debug, Clone)]
pub struct Package {
    /// What its `template.toml` says.
    pub recipe: Recipe,
    files: Files,
}

#[derive(Debug, Clone)]
enum Files {
    Shipped(&'static [(&'static str, &'static [u8])]),
    Folder { path: PathBuf, shown: String },
}

impl Package {
    /// The names of the packages inside the binary.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A package inside the binary.
    ///
    /// # Errors
    /// None for the names of [`shipped_names`](Self::shipped_names).
    pub fn shipped(name: &str) -> Option<Result<Self>> {
        let (_, files) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        Some(Self::with_files(Files::Shipped(files), name))
    }

    /// A package in a folder; `shown` is how the user knows the folder.
    ///
    /// # Errors
    /// A folder without a sound `template.toml`.
    pub fn in_folder(path: &Path, shown: &str) -> Result<Self> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let files = Files::Folder { path, shown: shown.to_string() };
        Self::with_files(files, shown)
    }

    fn with_files(files: Files, name: &str) -> Result<Self> {
        let bytes = files.read("template.toml").map_err(|reason| {
            Diagnostic::error(
                "template/recipe",
                text!(
                    "模板 `{name}` 没有可用的 template.toml（{reason}）",
                    "the template `{name}` has no usable template.toml ({reason})"
                ),
            )
        })?;
        let recipe =
            toml_fault::read("template/recipe", &files.shown("template.toml"), &bytes)?;
        Ok(Self { recipe, files })
    }

    /// A file of the package, by its path inside it.
    ///
    /// # Errors
    /// The reason, from the operating system.
    pub fn read(&self, file: &str) -> std::io::Result<Cow<'static, [u8]>> {
        self.files.read(file)
    }

    /// A file that the package must have.
    ///
    /// # Errors
    /// A diagnostic that names the file.
    pub fn require(&self, file: &str) -> Result<Cow<'static, [u8]>> {
        self.read(file).map_err(|error| {
            let shown = self.shown(file);
            Diagnostic::error(
                "template/missing-file",
                text!(
                    "读不了模板文件 `{shown}`（{error}）",
                    "cannot read the template's file `{shown}` ({error})"
                ),
            )
            .into()
        })
    }

    /// Whether its schema refers to one that packages share.
    pub fn has_shared_schema(&self) -> bool {
        let schema = self.read(&self.recipe.schema).unwrap_or_default();
        let text = String::from_utf8_lossy(&schema);
        let mut refers = text.split("\"$ref\"").skip(1);
        refers.any(|rest| rest.trim_start_matches([' ', ':']).starts_with("\"/"))
    }

    /// A file of our Typst library: the one beside the package's folder if there
    /// is one (a project may change it), else the one inside the binary.
    ///
    /// # Errors
    /// A library beside the package that cannot be read, or no such file.
    pub fn library(&self, file: &str) -> std::io::Result<Cow<'static, [u8]>> {
        if let Some(path) = self.library_path(file) {
            return std::fs::read(path).map(Cow::Owned);
        }
        let at = LIBRARY_FILES.iter().position(|known| *known == file);
        let bytes = at.and_then(|at| LIBRARY.get(at)).copied();
        bytes.map(Cow::Borrowed).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    /// The real path of a file of the library, if it is not the one inside the
    /// binary.
    pub fn library_path(&self, file: &str) -> Option<PathBuf> {
        match &self.files {
            Files::Shipped(_) => None,
            Files::Folder { path, .. } => {
                Some(path.parent()?.join(file)).filter(|path| path.is_file())
            }
        }
    }

    /// How the user knows a file of the library.
    pub fn library_shown(&self, file: &str) -> String {
        match (&self.files, self.library_path(file)) {
            (Files::Folder { shown, .. }, Some(_)) => match shown.rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{file}"),
                None => file.into(),
            },
            _ => format!("<huikan>/{file}"),
        }
    }

    /// How the user knows a file of the package.
    pub fn shown(&self, file: &str) -> String {
        self.files.shown(file)
    }

    /// The real path of a file, if the package is in a folder.
    pub fn path(&self, file: &str) -> Option<PathBuf> {
        match &self.files {
            Files::Shipped(_) => None,
            Files::Folder { path, .. } => Some(path.join(file)),
        }
    }

    /// All files of the package, by path inside it, sorted.
    pub fn list(&self) -> Vec<String> {
        let mut list = match &self.files {
            Files::Shipped(files) => {
                files.iter().map(|(name, _)| name.to_string()).collect()
            }
            Files::Folder { path, .. } => {
                let mut list = Vec::new();
                list_folder(path, path, &mut list);
                list
            }
        };
        list.sort();
        list
    }
}

impl Package {
    /// What its files contain, and the files beside its folder that it may use
    /// instead of those inside the binary: their digests, as the user knows them.
    /// Empty for a package inside the binary.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn fingerprint(
        &self,
        prints: &Fingerprints,
    ) -> std::io::Result<BTreeMap<String, Digest>> {
        let Files::Folder { path, shown } = &self.files else {
            return Ok(BTreeMap::new());
        };
        let mut digests = BTreeMap::new();
        for file in self.list() {
            digests.insert(self.shown(&file), prints.of(&path.join(file))?);
        }
        let above = shown.rsplit_once('/').map(|(above, _)| format!("{above}/"));
        let above = above.unwrap_or_default();
        let beside = path.parent().map(std::fs::read_dir);
        for entry in beside.into_iter().flatten().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let shared = name.ends_with(".typ") || name.ends_with(".json");
            if shared && entry.path().is_file() {
                digests.insert(format!("{above}{name}"), prints.of(&entry.path())?);
            }
        }
        Ok(digests)
    }
}

#[comemo::track]
impl Package {
    /// A schema that packages share, and how the user knows its file: the one beside
    /// the package's folder if there is one, else the one inside the binary.
    pub fn shared_schema(&self, file: &str) -> Option<(String, Cow<'static, [u8]>)> {
        let shown = self.library_shown(file);
        if let Some(path) = self.library_path(file) {
            return Some((shown, std::fs::read(path).ok()?.into()));
        }
        let (_, bytes) = SHARED_SCHEMAS.iter().find(|(name, _)| *name == file)?;
        Some((shown, Cow::Borrowed(bytes)))
    }
}

fn list_folder(root: &Path, folder: &Path, list: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            list_folder(root, &path, list);
        } else if let Ok(relative) = path.strip_prefix(root) {
            list.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
}

impl Files {
    fn read(&self, file: &str) -> std::io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Shipped(files) => files
                .iter()
                .find(|(name, _)| *name == file)
                .map(|(_, bytes)| Cow::Borrowed(*bytes))
                .ok_or_else(|| std::io::ErrorKind::NotFound.into()),
            Self::Folder { path, .. } => {
                let normal = |c| matches!(c, Component::Normal(_));
                if !Path::new(file).components().all(normal) {
                    return Err(std::io::ErrorKind::PermissionDenied.into());
                }
                let real = path.join(file).canonicalize()?;
                if !real.starts_with(path) {
                    return Err(std::io::ErrorKind::PermissionDenied.into());
                }
                std::fs::read(real).map(Cow::Owned)
            }
        }
    }

    fn shown(&self, file: &str) -> String {
        match self {
            Self::Shipped(_) => format!("<huikan>/{file}"),
            Self::Folder { shown, .. } => format!("{shown}/{file}"),
        }
    }
}

impl Project {
    /// A template package, by its name (the project's own before the shipped
    /// one) or by the path of its folder.
    ///
    /// # Errors
    /// A name that is none, with the names that are.
    pub fn package(&self, name: &str) -> Result<Package> {
        let folder = match name.contains(['/', '\\']) {
            true => self.root.join(name),
            false => self.root.join("templates").join(name),
        };
        if folder.join("template.toml").is_file() {
            return Package::in_folder(&folder, &self.shown(&folder));
        }
        if let Some(package) = Package::shipped(name) {
            return package;
        }
        let known = self.package_names();
        let near = nearest(name, known.iter().map(String::as_str), SLIP)
            .map(|near| text!("是不是 `{near}`？", "did you mean `{near}`?"));
        let (zh, en) = (known.join("、"), known.join(", "));
        let fault = Diagnostic::error(
            "project/no-template",
            text!("没有 `{name}` 这个模板", "no template `{name}`"),
        );
        Err(fault.hint(near.unwrap_or(text!("现有：{zh}", "there are: {en}"))).into())
    }

    /// The names of all packages, the project's own and the shipped ones.
    pub fn package_names(&self) -> Vec<String> {
        let own = std::fs::read_dir(self.root.join("templates"));
        let mut names: Vec<String> = own
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().join("template.toml").is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .chain(Package::shipped_names().map(str::to_string))
            .collect();
        names.sort();
        names.dedup();
        names
    }
}
