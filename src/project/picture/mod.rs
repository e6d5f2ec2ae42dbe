//! Pictures: looked at once, so that PDF and Word print the same or say the same.
//!
//! - [`mod@format`] tells by its bytes what a file is.
//! - [`raster`] decodes bitmaps, and makes of them what is printed: upright, in
//!   RGB, in a format and of a size that both engines take.
//! - [`vector`] reads drawings, and tells what of them would not be printed.

mod format;
mod raster;
mod vector;

use std::sync::Arc;

pub use self::format::Format;
use crate::diag::Text;
use crate::text;

/// What a look at a picture file has found.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The format of what is printed.
    pub format: Format,
    /// What is printed in the place of the file, if that is not the file itself.
    pub made: Option<Arc<[u8]>>,
    /// What somebody should know.
    pub remarks: Vec<Remark>,
}

/// Something that is to be said of a picture.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Remark {
    /// The code of the message.
    pub code: &'static str,
    /// What is so: fits into brackets behind the picture's name.
    pub what: Text,
    /// What to do.
    pub todo: Text,
}

impl Remark {
    fn new(code: &'static str, what: Text, todo: Text) -> Self {
        Self { code, what, todo }
    }
}

/// Looks at a picture file. The same bytes are looked at once.
///
/// # Errors
/// Why it cannot be printed.
#[comemo::memoize]
pub fn look(bytes: &[u8]) -> Result<Seen, Remark> {
    match format::of(bytes)? {
        Format::Svg => vector::look(bytes),
        format => raster::look(bytes, format),
    }
}

/// A file of the project as templates read it: bitmaps as they are printed, all
/// else as it is.
///
/// # Errors
/// Why a bitmap cannot be printed.
pub fn as_printed(bytes: Vec<u8>) -> Result<Vec<u8>, Text> {
    if !format::is_bitmap(&bytes) {
        return Ok(bytes);
    }
    match look(&bytes) {
        Ok(Seen { made: Some(made), .. }) => Ok(made.to_vec()),
        Ok(_) => Ok(bytes),
        Err(fault) => Err(fault.what),
    }
}

/// Whether a look takes so much memory that one at a time is enough.
pub fn is_heavy(bytes: &[u8]) -> bool {
    bytes.len() > HEAVY
}

/// Photographs of up to about 25 megapixels are smaller.
const HEAVY: usize = 12_000_000;

fn damaged(what: Text) -> Remark {
    let todo = text!(
        "换一份完好的：从相机、手机或原来的邮件里重新拷一次，能用看图软件打开再放进来",
        "take a sound copy: fetch it again from where it came, and see that it opens"
    );
    Remark::new("data/picture-damaged", what, todo)
}
