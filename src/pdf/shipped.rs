//! The fonts inside the binary; none without the feature `embed-fonts`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};
use typst_kit::fonts::FontSource;

/// The name of a file and what is in it.
pub(super) type File = (&'static str, &'static [u8]);

#[cfg(feature = "embed-fonts")]
macro_rules! embedded {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_bytes!(concat!("../../fonts/", $file)) as &[u8])),*]
    };
}

#[cfg(not(feature = "embed-fonts"))]
macro_rules! embedded {
    ($($file:literal),* $(,)?) => {
        &[]
    };
}

/// The shipped fonts, one face a file. A test compares this list to `fonts/`.
const FONTS: &[File] = embedded![
    "NotoSerifSC-Regular.otf",
    "NotoSerifSC-Bold.otf",
    "NotoSerifSC-Black.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Bold.otf",
    "HuikanKai-Regular.ttf",
    "ZhuqueFangsong-Regular.ttf",
];

/// What must go with the fonts wherever they go.
const LICENCES: &[File] =
    embedded!["README.md", "OFL-Noto.txt", "OFL-LXGW-and-Zhuque.txt"];

/// The names, styles and characters of the faces, as Typst wants to know them.
const FACES: &[File] = embedded!["faces.json"];

/// A face inside the binary: only the pages of it that are used are ever read.
pub(super) struct Embedded(&'static [u8]);

impl FontSource for Embedded {
    fn load(&self) -> Option<Font> {
        Font::new(Bytes::new(self.0), 0)
    }
}

/// The shipped faces with their files' names.
pub(super) fn faces() -> impl Iterator<Item = (&'static str, (Embedded, FontInfo))> {
    FONTS
        .iter()
        .zip(infos())
        .map(|((name, bytes), info)| (*name, (Embedded(bytes), info.clone())))
}

/// The shipped faces that the files of a folder are copies of; none if one of
/// them is another font.
pub(super) fn twins(folder: &Path) -> Option<Vec<(PathBuf, (Embedded, FontInfo))>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let is_font = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        ["otf", "ttf", "ttc", "otc"].iter().any(|known| extension == *known)
    };
    if paths.iter().any(|path| path.is_dir()) {
        return None;
    }
    let fonts = paths.into_iter().filter(is_font);
    fonts.map(|path| twin(&path).map(|face| (path, face))).collect()
}

/// The shipped face that a file is a copy of. A font file begins with the
/// directory of its tables, which has a checksum of each (OpenType 1.9, "Table
/// Directory"): with the same beginning and length, it is the same font.
fn twin(path: &Path) -> Option<(Embedded, FontInfo)> {
    let length = path.metadata().ok()?.len();
    let mut fonts = FONTS.iter().zip(infos());
    let ((_, bytes), info) =
        fonts.find(|((_, bytes), _)| bytes.len() as u64 == length)?;
    let mut directory = [0; 1024];
    std::fs::File::open(path).ok()?.read_exact(&mut directory).ok()?;
    bytes.starts_with(&directory).then(|| (Embedded(bytes), info.clone()))
}

/// What each shipped face holds, in the order of [`FONTS`].
///
/// Reading it from the fonts takes longer than everything else before the layout,
/// so it is kept beside them; a test compares the two.
fn infos() -> &'static [FontInfo] {
    static INFOS: OnceLock<Vec<FontInfo>> = OnceLock::new();
    INFOS.get_or_init(|| {
        let kept: Option<Vec<FontInfo>> =
            FACES.first().and_then(|(_, bytes)| serde_json::from_slice(bytes).ok());
        kept.unwrap_or_else(read_infos)
    })
}

fn read_infos() -> Vec<FontInfo> {
    FONTS.iter().filter_map(|(_, bytes)| FontInfo::new(bytes, 0)).collect()
}

/// The files of the shipped fonts with their licences.
pub(super) fn files() -> impl Iterator<Item = &'static File> {
    FONTS.iter().chain(LICENCES)
}

#[cfg(all(test, feature = "embed-fonts"))]
mod tests {
    use super::*;

    /// `HUIKAN_UPDATE=1 cargo test faces` writes the file anew.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "writes a file of the repository")]
    fn faces_json_describes_the_fonts() {
        let read = read_infos();
        if std::env::var_os("HUIKAN_UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/faces.json");
            let lines: Vec<String> = read
                .iter()
                .map(|info| serde_json::to_string(info).expect("JSON"))
                .collect();
            std::fs::write(path, format!("[\n{}\n]\n", lines.join(",\n")))
                .expect("a file");
        }
        assert!(read == infos(), "fonts/faces.json is not what the fonts say");
        assert_eq!(read.len(), FONTS.len());
    }
}
