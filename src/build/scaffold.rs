//! New projects and copies of templates.

use super::Artefact;
use crate::diag::{Diagnostic, Result};
use crate::project::Package;
use crate::text;

const MANIFEST: &str = r#"# huikan 工程 / a huikan project

name = "sample"

# 每个数据文件是一届 / each dataset is one edition
editions = "data/*.json"

# 输出文件夹 / where outputs go
out = "out"

# 每届要出的东西，可以有几组 / what is built from each edition; there may be several
[[output]]
template = "handout"
formats = ["pdf", "docx"]
"#;

/// The files of a new project: a manifest for the formats that a shipped template
/// has, and its sample dataset with its images.
///
/// # Errors
/// A template that does not ship.
pub fn project(template: &str) -> Result<Vec<Artefact>> {
    let package = shipped(template)?;
    let sides = [("pdf", &package.recipe.pdf), ("docx", &package.recipe.docx)];
    let formats: Vec<&str> = sides
        .iter()
        .filter_map(|(format, side)| side.is_some().then_some(*format))
        .collect();
    let manifest = MANIFEST
        .replace("\"handout\"", &format!("{template:?}"))
        .replace("[\"pdf\", \"docx\"]", &format!("{formats:?}"));
    let mut files = vec![file("huikan.toml", manifest.into_bytes())];
    for name in package.list() {
        let bytes = package.require(&name)?.into_owned();
        if name == package.recipe.sample {
            files.push(file("data/sample.json", bytes));
        } else if name.starts_with("photos/") {
            files.push(file(&format!("data/{name}"), bytes));
        }
    }
    Ok(files)
}

/// All files of a shipped template, to make one's own from.
///
/// # Errors
/// A template that does not ship.
pub fn template(name: &str) -> Result<Vec<Artefact>> {
    let package = shipped(name)?;
    let copy = |name: String| Ok(file(&name, package.require(&name)?.into_owned()));
    package.list().into_iter().map(copy).collect()
}

fn shipped(name: &str) -> Result<Package> {
    Package::shipped(name).unwrap_or_else(|| {
        let known = Package::shipped_names().collect::<Vec<_>>().join(", ");
        Err(Diagnostic::error(
            "project/no-template",
            text!("没有自带的模板 `{name}`", "no shipped template `{name}`"),
        )
        .hint(text!("自带的有：{known}", "there are: {known}"))
        .into())
    })
}

fn file(name: &str, bytes: Vec<u8>) -> Artefact {
    Artefact { name: name.into(), bytes, pages: None }
}
