//! Next time's edition, made from this time's.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::Artefact;
use crate::data::Dataset;
use crate::data::import::splice;
use crate::data::json::{pointer_join, pointer_tokens};
use crate::data::renew::{self, Task};
use crate::diag::{Diagnostic, Diagnostics, Place, Result, Warned};
use crate::project::lineage::{self, EXTENDS, PREVIOUS};
use crate::project::{Edition, Project, resolve};
use crate::text;

/// The edition that is wanted.
#[derive(Debug, Clone)]
pub struct Renewal<'a> {
    /// The name of the new edition.
    pub id: &'a str,
    /// The edition that it is made from.
    pub from: Edition,
    /// How many years later it is; told from the names, else 1.
    pub years: Option<i32>,
    /// Whether it stands on its own, and does not inherit.
    pub standalone: bool,
    /// Whether a file that is there may be overwritten.
    pub force: bool,
}

/// What was made.
#[derive(Debug)]
pub struct Renewed {
    /// The folder of the new file.
    pub folder: PathBuf,
    /// The new file.
    pub file: Artefact,
    /// What is to be done, where it stands in the new file.
    pub tasks: Vec<(Place, Task)>,
}

impl Renewal<'_> {
    /// Makes the edition, in memory. The schema is that of the project's first output
    /// that prints whole datasets.
    ///
    /// # Errors
    /// An edition with faults, a name that is none, and a file that is there.
    pub fn make(&self, project: &Project) -> Result<Warned<Renewed>> {
        if self.from.row.is_some() {
            return Err(is_row(&self.from).into());
        }
        let folder = self.from.path.parent().unwrap_or(project.root()).to_path_buf();
        let name = format!("{}.json", self.id);
        self.check_name(&folder.join(&name), project)?;
        let mut faults = Diagnostics::new();
        let schemas = resolve::dataset_schemas(project)?;
        let lineage = lineage::read(&self.from, schemas.whole(), &mut faults);
        let Some(lineage) = lineage.filter(|_| !faults.has_errors()) else {
            return Err(faults.fail());
        };
        let old = lineage.own.dataset;
        let keys = schemas.whole().list_keys(&old);
        let renewals = schemas.whole().renewals(&old);
        let renewed = renew::renew(old.value(), &renewals, &keys, self.gap());
        let link = if self.standalone { PREVIOUS } else { EXTENDS };
        let content = match self.standalone {
            true => renewed.value,
            false => renew::patch(old.value(), &renewed.value, &keys)
                .unwrap_or_else(|| Value::Object(Map::new())),
        };
        let mut fields = Map::new();
        let parent = self.from.path.file_name().unwrap_or_default();
        fields.insert(link.into(), parent.to_string_lossy().into());
        if let Value::Object(content) = content {
            fields.extend(content);
        }
        let text = splice::pretty(&fields.into()) + "\n";
        let shown = project.shown(&folder.join(&name));
        let tasks = places(&shown, &text, &old, &renewed.tasks);
        let file = Artefact { name, bytes: text.into_bytes(), pages: None };
        faults.finish(Renewed { folder, file, tasks })
    }

    /// The years between two editions that are named by theirs.
    fn gap(&self) -> i32 {
        let year = |id: &str| id.get(..4)?.parse::<i32>().ok();
        let named = year(self.id).zip(year(&self.from.id)).map(|(new, old)| new - old);
        self.years.or(named.filter(|gap| *gap > 0)).unwrap_or(1)
    }

    fn check_name(&self, path: &Path, project: &Project) -> Result<()> {
        let id = self.id;
        if id.is_empty() || id.starts_with('.') || id.contains(['/', '\\', ':']) {
            return Err(Diagnostic::error(
                "usage/edition-name",
                text!(
                    "`{id}` 不能作一届的名字",
                    "`{id}` cannot be the name of an edition"
                ),
            )
            .hint(text!("写成 `2025` 这样", "write it like `2025`"))
            .into());
        }
        if path.exists() && !self.force {
            let shown = project.shown(path);
            return Err(Diagnostic::error(
                "output/exists",
                text!("`{shown}` 已经有了", "`{shown}` is there already"),
            )
            .hint(text!(
                "换一个名字；要改写它，加 `--force`",
                "give another name; `--force` overwrites it"
            ))
            .into());
        }
        Ok(())
    }
}

fn is_row(edition: &Edition) -> Diagnostic {
    let (id, shown) = (&edition.id, &edition.shown);
    Diagnostic::error(
        "project/row",
        text!(
            "`{id}` 是 `{shown}` 里的一行，不能由它做新的一届",
            "`{id}` is a row of `{shown}`: no new edition is made of it"
        ),
    )
    .hint(text!(
        "在 `{shown}` 里加一行；或用 `--from` 写明由哪个数据文件做起",
        "add a row to `{shown}`, or name a dataset to start from with `--from`"
    ))
}

/// Where the tasks stand: in the new file or, of what it inherits, where that was
/// written.
fn places(
    shown: &str,
    text: &str,
    old: &Dataset,
    tasks: &[(String, Task)],
) -> Vec<(Place, Task)> {
    let new = Dataset::read(shown, text.as_bytes(), &mut Diagnostics::new());
    let placed = tasks.iter().map(|(pointer, task)| {
        let place = new.as_ref().and_then(|new| found(new, old, pointer));
        (place.unwrap_or_else(|| old.place(pointer)).with_pointer(pointer), *task)
    });
    placed.collect()
}

/// The place of a value in a dataset that says only what is new: items of its lists
/// stand elsewhere than in the whole.
fn found(new: &Dataset, old: &Dataset, pointer: &str) -> Option<Place> {
    if new.node(pointer).is_some() && new.value().get(EXTENDS).is_none() {
        return Some(new.place(pointer));
    }
    let mut at = String::new();
    let mut known = String::new();
    for token in pointer_tokens(pointer) {
        known = pointer_join(&known, &token);
        let direct = pointer_join(&at, &token);
        let list = new.value().pointer(&at).and_then(Value::as_array);
        at = match (list, old.value().pointer(&known)) {
            (Some(items), Some(item)) => {
                let index = items.iter().position(|new| same_item(new, item))?;
                pointer_join(&at, &index.to_string())
            }
            _ => direct,
        };
    }
    new.node(&at).map(|_| new.place(&at))
}

/// Whether an item of a patch is about an item of the whole: its first field is the
/// key.
fn same_item(new: &Value, old: &Value) -> bool {
    let first = new.as_object().and_then(|fields| fields.iter().next());
    first.is_some_and(|(key, value)| old.get(key) == Some(value))
}
