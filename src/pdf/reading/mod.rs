//! Reading finished PDF files: pages, tags, text.
//!
//! - [`structure`] is the tree of tags with the text that belongs to each.
//! - [`content`] runs the content streams of a page and gathers its text by
//!   marked-content id.
//! - [`font`] turns the codes of a font into characters.
//! - [`outline`] are the bookmarks.
//!
//! Files may be anybody's, and damaged: what cannot be read is left out, nothing
//! loops, and how deep objects may be nested has a bound.

mod content;
mod font;
pub mod outline;
pub mod structure;

use std::sync::OnceLock;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Name, String as PdfString};

pub use self::content::PageText;
pub use self::outline::Bookmark;
pub use self::structure::{Child, Element, Span};

/// How deep tags, bookmarks and forms may be nested.
const DEEPEST: usize = 96;

/// A PDF file that is open for reading.
pub struct File {
    pdf: Pdf,
    /// What the pages say, once somebody wanted to know.
    text: OnceLock<Vec<PageText>>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File").field("pages", &self.pages()).finish()
    }
}

impl File {
    /// Opens the bytes of a file; `None` if they are no PDF that can be read
    /// without a password.
    pub fn open(bytes: Vec<u8>) -> Option<Self> {
        let pdf = Pdf::new(bytes).ok()?;
        Some(Self { pdf, text: OnceLock::new() })
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// The text of each page: marked, unmarked, and as an artifact.
    pub fn text(&self) -> &[PageText] {
        self.text.get_or_init(|| content::pages(&self.pdf))
    }

    /// The root of the tags, with the text that belongs to them; `None` if the file
    /// is not tagged.
    pub fn structure(&self) -> Option<Element> {
        structure::read(self)
    }

    /// The bookmarks, in order.
    pub fn outline(&self) -> Vec<Bookmark> {
        outline::read(self)
    }

    /// The document's root dictionary.
    fn catalog(&self) -> Option<Dict<'_>> {
        let xref = self.pdf.xref();
        xref.get(xref.root_id())
    }
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a mark, else Latin.
fn text_string(string: &PdfString<'_>) -> String {
    match string.as_bytes() {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        latin => encoding_rs::mem::decode_latin1(latin).into_owned(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> =
        bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// A text string of a dictionary.
fn text_of(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    dict.get::<PdfString<'_>>(key).map(|string| text_string(&string))
}

/// A name of a dictionary.
fn name_of(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    let name = dict.get::<Name<'_>>(key)?;
    Some(String::from_utf8_lossy(name.as_ref()).into_owned())
}
