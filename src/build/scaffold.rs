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
"#;

/// A sample of several outputs from one dataset.
struct Sample {
    name: &'static str,
    /// The package whose sample dataset it is.
    dataset: &'static str,
    edition: &'static str,
    outputs: &'static [Printed],
}

/// An output of a sample.
struct Printed {
    template: &'static str,
    /// The part of the dataset that is printed, and what that is.
    from: Option<(&'static str, &'static str)>,
}

impl Printed {
    const fn whole(template: &'static str) -> Self {
        Self { template, from: None }
    }
}

/// What is said of checking.
const CHECK: &str = "
# Texts are looked through whenever something is built; `huikan rules` explains the rules.
[check]
build = true
";

const SAMPLES: &[Sample] = &[Sample {
    name: "congress",
    dataset: "booklet",
    edition: "2025",
    outputs: &[
        Printed::whole("booklet"),
        Printed {
            template: "report",
            from: Some((
                "/documents/items/1",
                "会议文件之二，工作报告 / the work report",
            )),
        },
        Printed::whole("handout"),
        Printed::whole("poster"),
    ],
}];

/// The names of the samples that have several outputs.
pub fn samples() -> impl Iterator<Item = &'static str> {
    SAMPLES.iter().map(|sample| sample.name)
}

/// The files of a new project: a manifest for the formats that a shipped template
/// has, and its sample dataset with its images.
///
/// # Errors
/// A template that does not ship.
pub fn project(template: &str) -> Result<Vec<Artefact>> {
    let package = shipped(template)?;
    let output = output_table(&package, None);
    project_of(&package, "sample", &output)
}

/// The files of a new project with several outputs from one dataset.
///
/// # Errors
/// A sample that is none.
pub fn sample_project(name: &str) -> Result<Vec<Artefact>> {
    let Some(sample) = SAMPLES.iter().find(|sample| sample.name == name) else {
        return Err(no_sample(name).into());
    };
    let mut outputs = Vec::new();
    for printed in sample.outputs {
        outputs.push(output_table(&shipped(printed.template)?, printed.from));
    }
    project_of(&shipped(sample.dataset)?, sample.edition, &outputs.join("\n"))
}

/// An `[[output]]` with all formats of a package.
fn output_table(package: &Package, from: Option<(&str, &str)>) -> String {
    let recipe = &package.recipe;
    let sides = [("pdf", &recipe.pdf), ("docx", &recipe.docx)];
    let formats: Vec<&str> = sides
        .iter()
        .filter_map(|(format, side)| side.is_some().then_some(*format))
        .collect();
    let from = from.map(|(pointer, what)| format!("from = {pointer:?}  # {what}\n"));
    format!(
        "[[output]]\ntemplate = {:?}\n{}formats = {formats:?}\n",
        recipe.name,
        from.unwrap_or_default()
    )
}

fn project_of(package: &Package, edition: &str, outputs: &str) -> Result<Vec<Artefact>> {
    let manifest = format!("{MANIFEST}{outputs}{CHECK}");
    let mut files = vec![file("huikan.toml", manifest.into_bytes())];
    for name in package.list() {
        let bytes = package.require(&name)?.into_owned();
        if name == package.recipe.sample {
            files.push(file(&format!("data/{edition}.json"), bytes));
        } else if name.starts_with("photos/") {
            files.push(file(&format!("data/{name}"), bytes));
        }
    }
    Ok(files)
}

fn no_sample(name: &str) -> Diagnostic {
    let known = samples().collect::<Vec<_>>().join(", ");
    Diagnostic::error(
        "project/no-sample",
        text!("没有 `{name}` 这个样例", "no sample `{name}`"),
    )
    .hint(text!("有：{known}", "there are: {known}"))
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
