//! Files that a command is given by name.

use std::path::Path;

use crate::diag::{Diagnostic, Result};
use crate::text;

/// The bytes of a file.
///
/// # Errors
/// A file that is not there or cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let shown = path.display();
        Diagnostic::error(
            "data/unreadable",
            text!("读不了 `{shown}`（{error}）", "cannot read `{shown}` ({error})"),
        )
        .into()
    })
}
