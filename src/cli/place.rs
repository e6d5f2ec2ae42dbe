//! Where the user stands, and files written from there.

use std::path::{Path, PathBuf};

use super::report::Reporter;
use crate::build::session::Origin;
use crate::build::{Artefact, output};
use crate::diag::Errors;
use crate::project::Project;

/// Where the user stands and which project is meant.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    pub(super) project: Project,
}

/// Writes files into a folder, and tells them as seen from another one.
pub(super) fn write(
    target: &Path,
    artefacts: &[Artefact],
    folder: &Path,
    reporter: &mut Reporter,
) -> std::result::Result<(), Errors> {
    let written = output::write_all(target, artefacts)?;
    for (path, artefact) in written.iter().zip(artefacts) {
        let shown = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        reporter.wrote(path, &shown, artefact.pages, Origin::Made);
    }
    Ok(())
}
