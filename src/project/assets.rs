//! The files of a project as templates may see them: below the root, nothing else.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::fingerprint::Reads;
use super::picture;
use crate::diag::Text;
use crate::text;

/// The folder that templates see as `/project`.
pub const MOUNT: &str = "/project/";

/// Read access to the files below one folder.
#[derive(Debug, Clone)]
pub struct Assets {
    root: Arc<Path>,
    reads: Option<Arc<Reads>>,
}

impl Assets {
    /// The files below `root`, which must be canonical.
    pub fn new(root: PathBuf) -> Self {
        Self { root: root.into(), reads: None }
    }

    /// The same files, and what is read of them is remembered.
    pub fn recorded(&self, reads: Arc<Reads>) -> Self {
        Self { root: self.root.clone(), reads: Some(reads) }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The bytes of a file, by its virtual path `/project/…`. Bitmaps are what is
    /// printed of them, for both engines the same.
    ///
    /// # Errors
    /// A path outside the root, by `..` or by a symbolic link, a file that cannot
    /// be read, or a bitmap that cannot be printed; the reason is for the user.
    pub fn load(&self, path: &str) -> Result<Vec<u8>, Text> {
        let file = self.locate(path)?;
        let bytes = self.read(&file).map_err(|error| {
            text!("读不了 `{path}`（{error}）", "cannot read `{path}` ({error})")
        })?;
        picture::as_printed(bytes)
    }

    /// The bytes of a real file as they are: the way to everything that an edition is
    /// made of.
    ///
    /// # Errors
    /// As reading it.
    pub fn read(&self, file: &Path) -> std::io::Result<Vec<u8>> {
        match &self.reads {
            Some(reads) => reads.read(file),
            None => std::fs::read(file),
        }
    }

    /// Remembers by what name `file` is known, if that is a link that may lead
    /// elsewhere tomorrow.
    pub fn note_link(&self, named: &Path, file: &Path) {
        let mut plain = PathBuf::new();
        for component in named.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    plain.pop();
                }
                _ => plain.push(component),
            }
        }
        if let Some(reads) = self.reads.as_ref().filter(|_| plain != file) {
            reads.note(&plain);
        }
    }

    /// The file behind a virtual path `/project/…`. A path below a file is that
    /// file under another name: `/project/x.webp/x.png`.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    pub fn locate(&self, path: &str) -> Result<PathBuf, Text> {
        let relative = path.strip_prefix(MOUNT).map(Path::new);
        let inside =
            |path: &&Path| path.components().all(|c| matches!(c, Component::Normal(_)));
        let Some(relative) = relative.filter(inside) else { return Err(outside(path)) };
        let file = self.root.join(relative);
        let file = match file.parent() {
            Some(above) if above.is_file() => above.to_path_buf(),
            _ => file,
        };
        let real = file.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                text!("找不到 `{path}`", "`{path}` does not exist")
            }
            _ => text!("读不了 `{path}`（{error}）", "cannot read `{path}` ({error})"),
        })?;
        // The name and not what it leads to: a link may lead elsewhere tomorrow.
        match real.starts_with(&self.root) {
            true => Ok(file),
            false => Err(outside(path)),
        }
    }

    /// The virtual path of a file that a dataset in `folder` names, `folder`
    /// being below the root.
    ///
    /// # Errors
    /// A path that leaves the root.
    pub fn virtual_path(&self, folder: &Path, written: &str) -> Result<String, Text> {
        let mut parts: Vec<String> = Vec::new();
        let below = folder.strip_prefix(&self.root).unwrap_or(Path::new(""));
        for component in below.join(written.replace('\\', "/")).components() {
            match component {
                Component::Normal(part) => {
                    parts.push(part.to_string_lossy().into_owned());
                }
                Component::CurDir => {}
                Component::ParentDir if parts.pop().is_some() => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                    return Err(outside(written));
                }
            }
        }
        Ok(format!("{MOUNT}{}", parts.join("/")))
    }
}

fn outside(path: &str) -> Text {
    text!(
        "`{path}` 在工程文件夹之外，不能读取",
        "`{path}` is outside the project and may not be read"
    )
}
