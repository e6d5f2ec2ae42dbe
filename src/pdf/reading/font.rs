//! The codes of a font as characters, by its `ToUnicode` map.

use hayro_cmap::{BfString, CMap};
use hayro_syntax::object::{Dict, Stream};

/// A font as far as reading needs it.
#[derive(Debug, Clone)]
pub(super) struct Font {
    /// What characters its codes stand for, if it says.
    map: Option<CMap>,
    /// How many bytes a code has.
    width: usize,
}

impl Font {
    pub(super) fn read(dict: &Dict<'_>) -> Self {
        let map = dict.get::<Stream<'_>>(b"ToUnicode").and_then(|stream| {
            CMap::parse(&stream.decoded().ok()?, hayro_cmap::load_embedded)
        });
        // Composite fonts are written with two bytes a code by all that writes
        // them for Chinese; others have one.
        let composite = super::name_of(dict, b"Subtype").as_deref() == Some("Type0");
        Self { map, width: if composite { 2 } else { 1 } }
    }

    /// The text of a string of codes; what cannot be told is `�`.
    pub(super) fn decode(&self, codes: &[u8], text: &mut String) {
        for code in codes.chunks(self.width) {
            let number =
                code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
            match self.map.as_ref().and_then(|map| map.lookup_bf_string(number)) {
                Some(BfString::Char(c)) => text.push(c),
                Some(BfString::String(string)) => text.push_str(&string),
                None if self.width == 1 && self.map.is_none() => {
                    text.push_str(&encoding_rs::mem::decode_latin1(code));
                }
                None => text.push('\u{fffd}'),
            }
        }
    }
}
