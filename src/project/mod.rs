//! The project: which editions and templates there are, and what a template sees.
//!
//! - [`manifest`] reads `huikan.toml`, as it is [`written`]: [`globs`] of editions and,
//!   for each [`output`], the [`condition`] and the [`pattern`] of its file name.
//! - [`package`] opens template packages, the project's own and the shipped ones.
//! - [`edition`] finds datasets, which may be [`rows`] of a file; [`lineage`] reads them with those that they inherit from.
//! - [`assets`] is the only way to the project's files from a template.
//! - [`fingerprint`] tells what files contained when they were read.
//! - [`finder`] finds in a dataset what a page shows.
//! - [`picture`] looks at picture files; the gallery of an edition tells of them.
//! - [`resolve`] decides the content once, for the PDF and the Word draft alike.

pub mod assets;
pub mod condition;
pub mod edition;
pub mod finder;
pub mod fingerprint;
mod gallery;
pub mod globs;
pub mod lineage;
pub mod manifest;
mod manifest_fault;
pub mod output;
pub mod package;
pub mod pattern;
pub mod picture;
pub mod policy;
pub mod resolve;
pub mod rows;
pub mod terms;
mod toml_fault;
mod written;

use std::path::{Path, PathBuf};

pub use self::assets::Assets;
pub use self::edition::Edition;
pub use self::fingerprint::{Digest, Fingerprints};
pub use self::manifest::{Manifest, Rule};
pub use self::output::{Format, Output, Profile};
pub use self::package::Package;
pub use self::resolve::{Metadata, Resolved};

use crate::diag::{Diagnostic, Result};
use crate::text;

/// A folder with a `huikan.toml`, or a bare folder with the defaults.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
    manifest: Manifest,
}

impl Project {
    /// Opens the project that `folder` is in: the nearest folder upwards with a
    /// `huikan.toml`, or `folder` itself with the defaults.
    ///
    /// # Errors
    /// A folder that does not exist, and all faults of the manifest.
    pub fn find(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize().map_err(|error| {
            let shown = folder.display();
            Diagnostic::error(
                "project/no-folder",
                text!(
                    "打不开文件夹 `{shown}`（{error}）",
                    "cannot open the folder `{shown}` ({error})"
                ),
            )
        })?;
        let root = folder.ancestors().find(|dir| dir.join(manifest::FILE).is_file());
        match root {
            Some(root) => {
                let manifest = Manifest::load(&root.join(manifest::FILE))?;
                Ok(Self { root: root.to_path_buf(), manifest })
            }
            None => Ok(Self { root: folder, manifest: Manifest::default() }),
        }
    }

    /// A folder without a manifest, whatever is around it.
    pub fn bare(folder: &Path) -> Self {
        Self { root: folder.to_path_buf(), manifest: Manifest::default() }
    }

    /// The project's folder, canonical.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What `huikan.toml` says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A path as the user knows it: relative to the project if it is inside.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}
