//! Ejecting: what Typst saw, as plain files that stock Typst compiles.

use std::fmt::Write;

use super::{Artefact, Job, Workshop};
use crate::check::layout::{self, Look, findings};
use crate::diag::{Diagnostics, Result, Warned};
use crate::pdf::{self, pages::Pages};
use crate::project::Resolved;
use crate::project::finder::Finder;

/// The files of an ejected job: the template, our library, the data, the images
/// it uses, the list of fonts, and how to compile them.
///
/// # Errors
/// As building the PDF.
pub fn eject(job: &Job, workshop: &Workshop) -> Result<Warned<Vec<Artefact>>> {
    let mut notes = Diagnostics::new();
    let (mut world, resolved) = job.world(workshop)?.collect(&mut notes);
    let document = pdf::compile(&world, &resolved.metadata)?.collect(&mut notes);
    let package = workshop.project.package(&job.output.template)?;
    notes.extend(findings::told(&document, &resolved));
    let pages = Pages::of(&document);
    let finder = Finder::new(&resolved.dataset, &resolved.at);
    notes.extend(layout::quick(&Look::new(&pages, &resolved, &package, &finder)));
    let mut files = Vec::new();
    for path in world.read_paths() {
        if let Ok(bytes) = world.virtual_file(&path) {
            files.push(Artefact { name: path, bytes: bytes.to_vec(), pages: None });
        }
    }
    let main = package.recipe.pdf.clone().unwrap_or_default();
    files.push(text_file("fonts.txt", font_list(workshop)?));
    files.push(text_file("README.txt", instructions(&main, &resolved)));
    notes.finish(files)
}

fn text_file(name: &str, text: String) -> Artefact {
    Artefact { name: name.into(), bytes: text.into_bytes(), pages: None }
}

fn font_list(workshop: &Workshop) -> Result<String> {
    let mut list = String::new();
    for face in workshop.engine()?.fonts().faces() {
        let _ = writeln!(list, "{}\t{}\t{}", face.family, face.weight, face.origin);
    }
    Ok(list)
}

fn instructions(main: &str, resolved: &Resolved) -> String {
    let title = &resolved.metadata.title;
    format!(
        "{title}\n\n\
         These are the files that Typst saw. Stock Typst makes the same pages of them:\n\n\
         \x20   huikan fonts --export fonts\n\
         \x20   typst compile --root . --font-path fonts --ignore-system-fonts {main} out.pdf\n\n\
         The document's title, author and keywords are set by huikan and are not in the files.\n"
    )
}
