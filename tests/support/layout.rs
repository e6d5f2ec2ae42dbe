//! Datasets laid out in this process, with the shipped fonts.

use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::project::Project as Folder;
use huikan::check::laid_out::{self, Extent};
use huikan::diag::{Lang, Style, render};
use huikan::pdf::{Engine, FontSearch, Fonts, World, compile};
use huikan::project::resolve::Schemas;
use huikan::project::{Package, Profile, Project, Resolved, resolve};
use typst_layout::PagedDocument;

/// The engine with the shipped fonts, made once.
pub fn engine() -> Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    ENGINE
        .get_or_init(|| {
            let fonts = Fonts::load(&FontSearch::default(), Path::new("/nowhere"));
            Arc::new(Engine::new(fonts.expect("the shipped fonts")))
        })
        .clone()
}

/// The package `own` of a project, with a main file if it is laid out.
pub fn own_package(project: &Folder, schema: &[u8], main: Option<&str>) -> Package {
    let mut recipe = "name = \"own\"\ntitle = \"own\"\n".to_string();
    if let Some(main) = main {
        recipe += "pdf = \"main.typ\"\n";
        project.write("templates/own/main.typ", main.as_bytes());
    }
    project.write("templates/own/schema.json", schema);
    project.write("templates/own/template.toml", recipe.as_bytes());
    project.write("huikan.toml", b"");
    let folder = project.path().join("templates/own");
    Package::in_folder(&folder, "templates/own").expect("a package")
}

/// Resolves and lays out a dataset; the messages that it gave.
pub fn lay_out(dataset: &Path, package: &Package) -> (Resolved, PagedDocument, String) {
    let project = Project::find(dataset.parent().expect("a folder")).expect("a project");
    let edition = project.edition(&dataset.display().to_string(), project.root());
    let edition = edition.expect("an edition");
    let schemas = Schemas::of(package, None).expect("a schema");
    let resolved =
        resolve::resolve(&edition, package, &schemas).expect("a sound dataset");
    let world = World::new(engine(), package, &resolved.value, &edition.assets, None);
    let document =
        compile(&world.expect("a world"), &resolved.value.metadata).expect("pages");
    let mut said = String::new();
    let engine = engine();
    let fonts = engine.fonts();
    let (told, _) = laid_out::told(
        &document.value,
        &resolved.value,
        package,
        fonts,
        &Profile::default(),
        Extent::Quick,
    );
    for warning in resolved.warnings.iter().chain(&document.warnings).chain(&told) {
        let _ = writeln!(said, "{}", render(warning, Lang::En, Style::Plain));
    }
    (resolved.value, document.value, said)
}
