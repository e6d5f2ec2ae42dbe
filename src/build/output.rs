//! Writing files: all of a job's or none, and each at once.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use super::Artefact;
use crate::diag::{Diagnostic, Result};
use crate::text;

/// How temporary files begin, and how they end.
const STAGE: &str = ".huikan-";
const STAGED: &str = ".tmp";

/// The temporary files of this process that have not taken their names yet.
static HALF_WRITTEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Removes what is half-written, for a program that ends at once: nothing can be written
/// after this.
pub fn abandon() {
    let paths = HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    for path in paths.iter() {
        // What is gone already has taken its name.
        let _ = std::fs::remove_file(path);
    }
    std::mem::forget(paths);
}

/// A temporary file, and that it is half-written.
struct Staged {
    file: NamedTempFile,
    entry: Entry,
}

/// The entry of a temporary file in the list of what is half-written.
struct Entry(PathBuf);

impl Drop for Entry {
    fn drop(&mut self) {
        let mut paths = HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        paths.remove(&self.0);
    }
}

impl Staged {
    fn take_name(self, path: &Path) -> Result<()> {
        let Self { file, entry } = self;
        file.persist(path).map_err(|error| unwritable(path, &error.error))?;
        drop(entry);
        Ok(())
    }
}

/// Removes the temporary files that a run of this name has left when it was killed, in
/// a folder and those below it.
pub fn remove_staged(folder: &Path, stage_name: &str) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_staged(&entry.path(), stage_name);
        } else if name.starts_with(stage_name) && name.ends_with(STAGED) {
            // What cannot be removed only takes room.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Writes a job's files into a folder, which is made if need be.
///
/// The bytes go to temporary files first; only when all are on the disk do they
/// take their names. A full disk or a failure leaves the old files as they were.
///
/// # Errors
/// A folder that cannot be made or written, with the system's reason.
pub fn write_all(folder: &Path, artefacts: &[Artefact]) -> Result<Vec<PathBuf>> {
    write_staged(folder, artefacts, STAGE)
}

/// The same, with temporary files whose names begin with `stage`.
///
/// # Errors
/// As [`write_all`].
pub fn write_staged(
    folder: &Path,
    artefacts: &[Artefact],
    stage_name: &str,
) -> Result<Vec<PathBuf>> {
    let mut staged = Vec::new();
    for artefact in artefacts {
        let path = folder.join(&artefact.name);
        let parent = path.parent().unwrap_or(folder);
        let file = stage(parent, &artefact.bytes, stage_name)
            .map_err(|error| unwritable(&path, &error))?;
        staged.push((file, path));
    }
    let mut written = Vec::new();
    for (file, path) in staged {
        file.take_name(&path)?;
        written.push(path);
    }
    Ok(written)
}

/// Writes one file, at once or not at all.
///
/// # Errors
/// A folder that cannot be made or written, with the system's reason.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let file = stage(folder, bytes, STAGE).map_err(|error| unwritable(path, &error))?;
    file.take_name(path)
}

fn stage(folder: &Path, bytes: &[u8], name: &str) -> std::io::Result<Staged> {
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(name).suffix(STAGED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets: the umask takes its part from this.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let (mut file, entry) = {
        let mut paths = HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        let file = builder.tempfile_in(folder)?;
        paths.insert(file.path().to_path_buf());
        let entry = Entry(file.path().to_path_buf());
        (file, entry)
    };
    file.write_all(bytes)?;
    file.flush()?;
    Ok(Staged { file, entry })
}

fn unwritable(path: &Path, error: &std::io::Error) -> Diagnostic {
    let shown = path.display();
    Diagnostic::error(
        "output/unwritable",
        text!("写不了 `{shown}`（{error}）", "cannot write `{shown}` ({error})"),
    )
    .hint(text!(
        "看看这个文件夹能不能写、磁盘满没满、文件是不是正开着；也可以用 `-o` 换一个文件夹",
        "check that the folder is writable, the disk not full and the file not open elsewhere; or name another folder with `-o`"
    ))
}

/// Refuses a folder that has something in it: a user's files are never mixed
/// with ours unasked.
///
/// # Errors
/// A folder that is not empty, or a file of that name.
pub fn require_empty(folder: &Path) -> Result<()> {
    let shown = folder.display();
    let occupied = folder.exists()
        && std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_some());
    match occupied {
        false => Ok(()),
        true => Err(Diagnostic::error(
            "output/not-empty",
            text!("`{shown}` 已经有内容", "`{shown}` is not empty"),
        )
        .hint(text!("换一个新的文件夹名", "name a new folder"))
        .into()),
    }
}
