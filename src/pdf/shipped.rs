//! The fonts inside the binary; none without the feature `embed-fonts`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};
use typst_kit::fonts::FontSource;

use super::fonts::no_fonts;
use crate::diag::Result;

/// The name of a file and what is in it.
type File = (&'static str, &'static [u8]);

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

/// What each shipped face holds, in the order of [`FONTS`]; read once.
fn infos() -> &'static [FontInfo] {
    static INFOS: OnceLock<Vec<FontInfo>> = OnceLock::new();
    INFOS.get_or_init(|| {
        FONTS.iter().filter_map(|(_, bytes)| FontInfo::new(bytes, 0)).collect()
    })
}

/// The files of the shipped fonts with their licences, for whoever needs them
/// outside of the binary.
///
/// # Errors
/// A binary that was built without fonts.
pub fn files() -> Result<Vec<(String, Vec<u8>)>> {
    if FONTS.is_empty() {
        return Err(no_fonts().into());
    }
    let files = FONTS.iter().chain(LICENCES);
    Ok(files.map(|(name, bytes)| (name.to_string(), bytes.to_vec())).collect())
}
