//! Writing files: all of a job's or none, and each at once.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Artefact;
use crate::diag::{Diagnostic, Result};
use crate::text;

/// How temporary files begin, and how they end.
const STAGE: &str = ".huikan-";
const STAGED: &str = ".tmp";

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
        file.persist(&path).map_err(|error| unwritable(&path, &error.error))?;
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
    file.persist(path).map_err(|error| unwritable(path, &error.error))?;
    Ok(())
}

fn stage(folder: &Path, bytes: &[u8], name: &str) -> std::io::Result<NamedTempFile> {
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(name).suffix(STAGED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets: the umask takes its part from this.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.flush()?;
    Ok(file)
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
