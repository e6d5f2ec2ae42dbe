//! Mending the files of datasets, as rules say that it is safe.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Job, Workshop, output};
use crate::check::fix::{self, Mended};
use crate::diag::Result;

/// The files of the jobs' datasets that can be mended, by path. What cannot be resolved
/// is left out: the check of its job tells it. Rows of spreadsheets stay as they are.
pub fn mended(workshop: &Workshop, jobs: &[Job]) -> BTreeMap<PathBuf, Mended> {
    let mut files = BTreeMap::new();
    let mut known = BTreeSet::new();
    for job in jobs {
        if !known.insert(&job.edition.id) {
            continue;
        }
        let Ok(resolved) = job.resolve(workshop) else { continue };
        let mended = job
            .subject(workshop, &resolved)
            .and_then(|subject| fix::mended(&subject, &job.edition.id));
        for file in mended.into_iter().flatten() {
            let is_row = job.edition.row.is_some() && file.file == 0;
            let path = resolved.own_files.get(file.file).filter(|_| !is_row);
            // What several editions inherit is mended once.
            if let Some(path) = path {
                files.entry(path.clone()).or_insert(file);
            }
        }
    }
    files
}

/// Writes what a file should say, with the byte order mark that it has.
///
/// # Errors
/// As [`output::write`].
pub fn write(path: &Path, file: &Mended) -> Result<()> {
    let marked =
        std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(BYTE_ORDER_MARK));
    let mark = if marked { BYTE_ORDER_MARK } else { b"" };
    output::write(path, &[mark, file.after.as_bytes()].concat())
}

/// That of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
