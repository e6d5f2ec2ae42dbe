//! Fonts: the shipped ones, the project's, and the system's if asked for.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use typst::text::{FontBook, FontInfo};
use typst::utils::LazyHash;
use typst_kit::fonts::FontStore;

use super::shipped;
use crate::diag::{Diagnostic, Result};
use crate::project::{Digest, Fingerprints};
use crate::text;

/// Where to look for fonts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FontSearch {
    /// Folders that the user named; of two fonts with the same name and style,
    /// theirs counts.
    pub folders: Vec<PathBuf>,
    /// Whether to use the system's fonts too.
    pub system: bool,
}

/// The fonts of a run, shared by all its jobs.
pub struct Fonts {
    store: FontStore,
    origins: Vec<String>,
}

/// One face, for `huikan fonts`.
#[derive(Debug, Clone)]
pub struct Face {
    /// The family as templates name it.
    pub family: String,
    /// The weight, 100 to 900.
    pub weight: u16,
    /// Whether it is slanted.
    pub italic: bool,
    /// How many characters it has.
    pub characters: usize,
    /// Where it comes from.
    pub origin: String,
}

impl Fonts {
    /// Finds fonts: the user's folders, `fonts/` of the project, the shipped
    /// ones (in the binary, or `fonts/` beside it), then the system's. A face
    /// that is there already is not taken twice.
    ///
    /// # Errors
    /// A folder of the user's that is none, or no font at all.
    pub fn load(search: &FontSearch, project: &Path) -> Result<Self> {
        let mut fonts = Self { store: FontStore::new(), origins: Vec::new() };
        let mut seen = HashSet::new();
        for folder in &search.folders {
            if !folder.is_dir() {
                let shown = folder.display();
                return Err(Diagnostic::error(
                    "fonts/no-folder",
                    text!("没有字体文件夹 `{shown}`", "no font folder `{shown}`"),
                )
                .into());
            }
            fonts.add_folder(folder, &mut seen);
        }
        fonts.add_shipped(project, &mut seen);
        if search.system {
            for (path, info) in typst_kit::fonts::system() {
                fonts.add(path.path.display().to_string(), (path, info), &mut seen);
            }
        }
        match fonts.origins.is_empty() {
            true => Err(no_fonts().into()),
            false => Ok(fonts),
        }
    }

    /// The files of the shipped fonts with their licences, for whoever needs them
    /// outside of the binary.
    ///
    /// # Errors
    /// A binary that was built without fonts.
    pub fn shipped_files() -> Result<Vec<(String, Vec<u8>)>> {
        let files: Vec<_> = shipped::files()
            .map(|(name, bytes)| (name.to_string(), bytes.to_vec()))
            .collect();
        match files.is_empty() {
            true => Err(no_fonts().into()),
            false => Ok(files),
        }
    }

    /// The book that Typst selects from.
    pub fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    /// Whether a family is there.
    pub fn has_family(&self, family: &str) -> bool {
        self.store.book().contains_family(&family.to_lowercase())
    }

    /// Whether a font has a character.
    pub fn has(&self, c: char) -> bool {
        self.first_with(c).is_some()
    }

    /// Whether a font of a family has a character.
    pub fn family_has(&self, family: &str, c: char) -> bool {
        let is_it = |info: &&FontInfo| info.family.eq_ignore_ascii_case(family);
        self.infos().filter(is_it).any(|info| info.coverage.contains(c as u32))
    }

    /// The family of the first font that has a character.
    pub fn first_with(&self, c: char) -> Option<&str> {
        let mut infos = self.infos();
        let found = infos.find(|info| info.coverage.contains(c as u32))?;
        Some(&found.family)
    }

    fn infos(&self) -> impl Iterator<Item = &FontInfo> {
        (0..).map_while(|index| self.store.book().info(index))
    }

    /// The faces, in the order of the book.
    pub fn faces(&self) -> Vec<Face> {
        self.infos()
            .zip(&self.origins)
            .map(|(info, origin)| Face {
                family: info.family.clone(),
                weight: info.variant.weight.to_number(),
                italic: info.variant.style != typst::text::FontStyle::Normal,
                characters: info.coverage.iter().count(),
                origin: origin.clone(),
            })
            .collect()
    }

    /// The bytes of all font files, for other programs' use of them, and a number
    /// that tells these fonts from others.
    pub fn files(&self) -> (Vec<Arc<dyn AsRef<[u8]> + Send + Sync>>, u64) {
        let faces = (0..self.origins.len()).filter_map(|index| self.store.font(index));
        let files = faces.map(|face| Arc::new(face.data().clone()) as _).collect();
        let mut hasher = SipHasher13::new();
        self.store.book().hash(&mut hasher);
        self.origins.hash(&mut hasher);
        (files, hasher.finish())
    }

    pub(super) fn store(&self) -> &FontStore {
        &self.store
    }

    /// Adds the faces of a folder. One that holds nothing but shipped fonts (the
    /// repository's own, an exported one) is served from the binary: reading
    /// 40 MB of known faces again would only cost time and memory.
    fn add_folder(&mut self, folder: &Path, seen: &mut HashSet<String>) {
        if let Some(twins) = shipped::twins(folder) {
            for (path, face) in twins {
                self.add(path.display().to_string(), face, seen);
            }
            return;
        }
        for (path, info) in typst_kit::fonts::scan(folder) {
            self.add(path.path.display().to_string(), (path, info), seen);
        }
    }

    fn add(
        &mut self,
        origin: String,
        face: (impl typst_kit::fonts::FontSource, FontInfo),
        seen: &mut HashSet<String>,
    ) {
        let name = format!("{}|{:?}", face.1.family, face.1.variant);
        if seen.insert(name) {
            self.store.push(face);
            self.origins.push(origin);
        }
    }

    fn add_shipped(&mut self, project: &Path, seen: &mut HashSet<String>) {
        for folder in own_folders(project) {
            self.add_folder(&folder, seen);
        }
        for (name, face) in shipped::faces() {
            self.add(format!("<huikan>/fonts/{name}"), face, seen);
        }
    }
}

/// The folders that are searched without being asked for.
fn own_folders(project: &Path) -> impl Iterator<Item = PathBuf> {
    let program = std::env::current_exe().ok();
    let beside = program.and_then(|program| Some(program.parent()?.join("fonts")));
    let folders = [Some(project.join("fonts")), beside].into_iter().flatten();
    folders.filter(|folder| folder.is_dir())
}

impl FontSearch {
    /// What the fonts are that [`Fonts::load`] finds beside those in the binary. Files
    /// of the system count by path and size: there are many.
    pub fn fingerprint(&self, project: &Path, prints: &Fingerprints) -> Digest {
        let mut parts = vec![format!("{}", self.system)];
        for folder in self.folders.iter().cloned().chain(own_folders(project)) {
            let mut files = Vec::new();
            files_below(&folder, &mut files);
            files.sort();
            // A file that cannot be read gives no font.
            let digests = files.iter().filter_map(|file| prints.of(file).ok());
            parts.extend(digests.map(|digest| digest.to_string()));
        }
        if self.system {
            let sizes = typst_kit::fonts::system().map(|(path, _)| {
                let size = std::fs::metadata(&path.path).map_or(0, |file| file.len());
                format!("{} {size}", path.path.display())
            });
            let mut sizes: Vec<String> = sizes.collect();
            sizes.sort();
            parts.extend(sizes);
        }
        Digest::of_all(parts.iter().map(String::as_str))
    }
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_below(&entry.path(), files),
            _ => files.push(entry.path()),
        }
    }
}

fn no_fonts() -> Diagnostic {
    Diagnostic::error("fonts/none", text!("没有找到任何字体", "no fonts found")).hint(text!(
        "把 fonts 文件夹放在 huikan 旁边，或用 `--fonts 文件夹`、环境变量 HUIKAN_FONTS 指明",
        "put the folder `fonts` beside the binary, or name one with `--fonts` or HUIKAN_FONTS"
    ))
}
