//! The fonts for words in vector pictures.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use resvg::usvg::fontdb::{Database, Source};

/// The bytes of a font file.
type FontBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Fonts by their families' names.
#[derive(Debug, Clone, Default)]
pub struct PictureFonts {
    database: Arc<Database>,
    /// What tells these fonts from others.
    id: u64,
}

impl PictureFonts {
    /// The faces of font files; `id` is the same for the same fonts only.
    pub fn new(files: impl IntoIterator<Item = FontBytes>, id: u64) -> Self {
        let mut database = Database::new();
        for file in files {
            database.load_font_source(Source::Binary(file));
        }
        Self { database: Arc::new(database), id }
    }

    /// The faces.
    pub(crate) fn database(&self) -> Arc<Database> {
        self.database.clone()
    }
}

/// By their id: what was drawn with the same fonts is the same.
impl Hash for PictureFonts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}
