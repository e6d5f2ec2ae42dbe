//! The PDF side: a Typst world over package, data and fonts; compile; export.
//!
//! - [`fonts`] finds the shipped fonts and those of the user.
//! - [`shipped`] holds the fonts inside the binary.
//! - [`source`] hands the resolved dataset to Typst, line-breaking help included.
//! - [`ties`] is that help: where lines may break and where not.
//! - [`invisible`] takes it out of the finished pages.
//! - [`world`] is Typst's view of a package, the dataset and the project.
//! - [`translate`] turns Typst's diagnostics into ours.
//! - [`pages`] tells what stands where on laid-out pages.
//! - [`export`] writes PDF, PNG and SVG.
//! - [`reading`] reads finished PDF files, for checks.

pub mod export;
pub mod fonts;
mod invisible;
pub mod pages;
pub mod reading;
mod shipped;
pub mod source;
mod ties;
mod translate;
pub mod world;

use ecow::EcoString;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;

pub use self::export::{Standards, pages_as_png, pages_as_svg, pdf};
pub use self::fonts::{FontSearch, Fonts};
pub use self::world::{Engine, World};

use crate::diag::{Diagnostics, Result, Warned};
use crate::project::Metadata;

/// Lays out a world's main file and gives the document its metadata.
///
/// # Errors
/// Typst's errors, each with its own file, line and column.
pub fn compile(world: &World, metadata: &Metadata) -> Result<Warned<PagedDocument>> {
    let compiled = typst::compile::<PagedDocument>(world);
    let mut notes = Diagnostics::new();
    notes.extend(
        compiled.warnings.iter().map(|found| translate::diagnostic(world, found)),
    );
    match compiled.output {
        Ok(document) => {
            let mut document = invisible::removed(document);
            describe(&mut document, metadata, world.date());
            notes.finish(document)
        }
        Err(errors) => {
            notes.extend(errors.iter().map(|found| translate::diagnostic(world, found)));
            Err(notes.fail())
        }
    }
}

/// Metadata are set here and not by the template: a `set document` with the
/// record's own text would make every edition's styles new to the memo cache.
fn describe(document: &mut PagedDocument, metadata: &Metadata, date: Datetime) {
    let info = document.info_mut();
    if info.title.is_none() {
        info.title = Some(metadata.title.as_str().into());
    }
    if info.author.is_empty() {
        info.author = metadata.author.iter().map(EcoString::from).collect();
    }
    if info.keywords.is_empty() {
        info.keywords = metadata.keywords.iter().map(EcoString::from).collect();
    }
    if info.date == Smart::Auto {
        info.date = Smart::Custom(Some(date));
    }
}
