//! Fonts: the shipped ones, the project's, and the system's if asked for.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
#[cfg(feature = "embed-fonts")]
use std::sync::OnceLock;

use typst::text::{FontBook, FontInfo};
use typst::utils::LazyHash;
use typst_kit::fonts::FontStore;

use crate::diag::{Diagnostic, Result};
use crate::text;

/// Where to look for fonts.
#[derive(Debug, Clone, Default)]
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

    /// The book that Typst selects from.
    pub fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    /// Whether a family is there.
    pub fn has_family(&self, family: &str) -> bool {
        self.store.book().contains_family(&family.to_lowercase())
    }

    /// The faces, in the order of the book.
    pub fn faces(&self) -> Vec<Face> {
        let infos = (0..).map_while(|index| self.store.book().info(index));
        infos
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

    pub(super) fn store(&self) -> &FontStore {
        &self.store
    }

    fn add_folder(&mut self, folder: &Path, seen: &mut HashSet<String>) {
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

    #[cfg(feature = "embed-fonts")]
    fn add_shipped(&mut self, project: &Path, seen: &mut HashSet<String>) {
        let own = project.join("fonts");
        if own.is_dir() && !is_shipped_folder(&own) {
            self.add_folder(&own, seen);
        }
        for (file, info) in embedded_infos() {
            let (name, bytes) = EMBEDDED[*file];
            self.add(
                format!("<huikan>/fonts/{name}"),
                (Embedded(bytes), info.clone()),
                seen,
            );
        }
    }

    #[cfg(not(feature = "embed-fonts"))]
    fn add_shipped(&mut self, project: &Path, seen: &mut HashSet<String>) {
        let beside = std::env::current_exe()
            .ok()
            .and_then(|exe| Some(exe.parent()?.join("fonts")));
        for folder in [Some(project.join("fonts")), beside].into_iter().flatten() {
            if folder.is_dir() {
                self.add_folder(&folder, seen);
            }
        }
    }
}

/// The files of the shipped fonts with their licences, for whoever needs them
/// outside of the binary.
///
/// # Errors
/// A binary that was built without fonts.
pub fn shipped_files() -> Result<Vec<(String, Vec<u8>)>> {
    #[cfg(feature = "embed-fonts")]
    let files = EMBEDDED.iter().chain(LICENCES);
    #[cfg(not(feature = "embed-fonts"))]
    let files = std::iter::empty::<&(&str, &[u8])>();
    let files: Vec<_> =
        files.map(|(name, bytes)| (name.to_string(), bytes.to_vec())).collect();
    match files.is_empty() {
        true => Err(no_fonts().into()),
        false => Ok(files),
    }
}

fn no_fonts() -> Diagnostic {
    Diagnostic::error("fonts/none", text!("没有找到任何字体", "no fonts found")).hint(text!(
        "把 fonts 文件夹放在 huikan 旁边，或用 `--fonts 文件夹`、环境变量 HUIKAN_FONTS 指明",
        "put the folder `fonts` beside the binary, or name one with `--fonts` or HUIKAN_FONTS"
    ))
}

/// Whether a folder holds just what the binary holds (as the repository's own
/// does): reading 40 MB of known faces again would only cost time.
#[cfg(feature = "embed-fonts")]
fn is_shipped_folder(folder: &Path) -> bool {
    let is_font = |path: &Path| {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        ["otf", "ttf", "ttc", "otc"].iter().any(|known| extension == *known)
    };
    let same_size = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        let length = path.metadata().map(|meta| meta.len()).unwrap_or_default();
        EMBEDDED
            .iter()
            .any(|(known, bytes)| name == *known && bytes.len() as u64 == length)
    };
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .all(|path| path.is_file() && (!is_font(&path) || same_size(&path)))
}

#[cfg(feature = "embed-fonts")]
macro_rules! embedded {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_bytes!(concat!("../../fonts/", $file)) as &[u8])),*]
    };
}

/// The shipped fonts. A test compares this list to `fonts/`.
#[cfg(feature = "embed-fonts")]
const EMBEDDED: &[(&str, &[u8])] = embedded![
    "NotoSerifSC-Regular.otf",
    "NotoSerifSC-Bold.otf",
    "NotoSerifSC-Black.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Bold.otf",
    "HuikanKai-Regular.ttf",
    "ZhuqueFangsong-Regular.ttf",
];

/// What must go with the fonts wherever they go.
#[cfg(feature = "embed-fonts")]
const LICENCES: &[(&str, &[u8])] =
    embedded!["README.md", "OFL-Noto.txt", "OFL-LXGW-and-Zhuque.txt"];

/// A face inside the binary: only the pages of it that are used are ever read.
#[cfg(feature = "embed-fonts")]
struct Embedded(&'static [u8]);

#[cfg(feature = "embed-fonts")]
impl typst_kit::fonts::FontSource for Embedded {
    fn load(&self) -> Option<typst::text::Font> {
        typst::text::Font::new(typst::foundations::Bytes::new(self.0), 0)
    }
}

/// The index of the file and what it holds; read once per process.
#[cfg(feature = "embed-fonts")]
fn embedded_infos() -> &'static [(usize, FontInfo)] {
    static INFOS: OnceLock<Vec<(usize, FontInfo)>> = OnceLock::new();
    INFOS.get_or_init(|| {
        let read = |(file, (_, bytes)): (usize, &(&str, &[u8]))| {
            Some((file, FontInfo::new(bytes, 0)?))
        };
        EMBEDDED.iter().enumerate().filter_map(read).collect()
    })
}
