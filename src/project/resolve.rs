//! Resolving: the dataset becomes what both templates see.
//!
//! Whatever decides *what* a reader sees happens here, before either template
//! runs, so that the PDF and the Word draft of an edition cannot disagree.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use comemo::{Track, Tracked};
use serde_json::{Value, json};

use super::gallery::Gallery;
use super::lineage::{self, Lineage, PREVIOUS, Whole};
use super::package::Document;
use super::{Edition, Package, Project};
use crate::data::bundle::SharedSchemas;
use crate::data::json::pointer_join;
use crate::data::mark::Mark;
use crate::data::numerals::{self, DateForm};
use crate::data::schema::{Marks, Meaning, Reading, Schema, with_meaning};
use crate::data::{
    Dataset, agenda, changes, charts, compare, figures, markdown, roster, seating,
};
use crate::diag::{Diagnostic, Diagnostics, Errors, Warned};
use crate::text;

/// What both templates see, and what the outputs' metadata say.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The content: the dataset's own tree, with rich text parsed, image paths
    /// virtual and figures as written.
    pub value: Value,
    /// Title, author, keywords, date.
    pub metadata: Metadata,
    /// The dataset, to point into it.
    pub dataset: Dataset,
    /// Where the content stands in the dataset: a JSON pointer, empty if it is all
    /// of it.
    pub at: String,
    /// What its strings mean and its parts are.
    pub reading: Reading,
    /// The dataset that it is compared with, if there is one.
    pub previous: Option<Dataset>,
    /// The files that the dataset's values stand in, in its own order.
    pub own_files: Vec<PathBuf>,
    /// The files that the dataset is made of and compared with.
    pub files: Vec<PathBuf>,
}

/// A document's metadata.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub struct Metadata {
    /// The title; the edition's id if the dataset has none.
    pub title: String,
    /// The author, if known.
    pub author: Option<String>,
    /// The keywords.
    pub keywords: Vec<String>,
    /// Year, month and day, from the dataset.
    pub date: Option<(i32, u8, u8)>,
}

/// What a dataset has to be for a template package.
#[derive(Debug)]
pub struct Schemas<'a> {
    /// What the package prints.
    own: Arc<Schema>,
    /// The pointer of that in a bigger dataset, and what that one has to be.
    part: Option<(&'a str, Arc<Schema>)>,
}

impl<'a> Schemas<'a> {
    /// The schemas of a package that prints whole datasets or, of each, the part
    /// at the JSON pointer `from`.
    ///
    /// # Errors
    /// A schema that is missing or is none, and a package that prints no parts.
    pub fn of(package: &Package, from: Option<&'a str>) -> Result<Self, Errors> {
        let own = schema(package)?;
        let Some(from) = from else { return Ok(Self { own, part: None }) };
        let Some(part) = &package.recipe.part else {
            return Err(prints_no_parts(package).into());
        };
        let whole = json!({ "$ref": part.schema, "unevaluatedProperties": false });
        let shown = package.shown("template.toml");
        let whole = compiled(&shown, whole.to_string().as_bytes(), package.track())?;
        Ok(Self { own, part: Some((from, whole)) })
    }

    /// What the whole dataset has to be.
    pub fn whole(&self) -> &Schema {
        self.part.as_ref().map_or(&self.own, |(_, whole)| whole)
    }

    /// What the schemas say of a dataset.
    fn check(&self, dataset: &Dataset, faults: &mut Diagnostics) -> Reading {
        let Some((from, whole)) = &self.part else {
            return self.own.check(dataset, faults);
        };
        let known = faults.len();
        let reading = whole.check(dataset, faults);
        match dataset.part(from) {
            // What is wrong with the whole may be wrong with the part.
            Some(part) if faults.len() == known => {
                self.own.check(&part, faults);
            }
            Some(_) => {}
            None => faults.push(no_part(dataset, from)),
        }
        reading
    }
}

/// The schemas of a project's datasets: those of its first output that prints whole
/// datasets.
///
/// # Errors
/// A template or schema that is missing or is none.
pub fn dataset_schemas(project: &Project) -> Result<Schemas<'static>, Errors> {
    let outputs = &project.manifest().outputs;
    let output = outputs.iter().find(|rule| rule.from.is_empty());
    let template = output.map_or("handout", |rule| &rule.output.template);
    let package = project.package(template)?;
    Schemas::of(&package, None)
}

/// Reads, checks and resolves an edition for a template package. All faults of
/// the dataset are told at once.
///
/// # Errors
/// A dataset that cannot be read or is not what the schemas want.
pub fn resolve(
    edition: &Edition,
    package: &Package,
    schemas: &Schemas<'_>,
) -> Result<Warned<Resolved>, Errors> {
    let mut faults = Diagnostics::new();
    let lineage = lineage::read(edition, schemas.whole(), &mut faults);
    let resolved = lineage.map(|Lineage { own, previous }| {
        let reading = schemas.check(&own.dataset, &mut faults);
        let mut value = content(edition, &own, &reading, &mut faults);
        let before = previous.as_ref();
        tell_changes(&own, before, schemas, &reading, &mut value, &mut faults);
        let Whole { dataset, files } = own;
        let at = schemas.part.as_ref().map_or("", |(from, _)| *from);
        if let Some(part) = value.pointer_mut(at) {
            value = part.take();
        }
        if let (Some(previous), true) = (&previous, package.recipe.previous) {
            let mut before = previous_content(edition, previous, schemas);
            let before = before.pointer_mut(at).map_or(Value::Null, Value::take);
            if let Value::Object(fields) = &mut value {
                fields.insert(PREVIOUS.into(), before);
            }
        }
        let written = dataset.value().pointer(at).unwrap_or(&Value::Null);
        let metadata = metadata(&package.recipe.document, written, &edition.id);
        let own_files = files.clone();
        let (mut files, mut compared) = (files, None);
        if let Some(previous) = previous {
            files.extend(previous.files);
            compared = Some(previous.dataset);
        }
        files.sort();
        files.dedup();
        let (previous, at) = (compared, at.to_string());
        Resolved { value, metadata, dataset, at, reading, previous, own_files, files }
    });
    faults.sort();
    match resolved {
        Some(resolved) => faults.finish(resolved),
        None => Err(faults.fail()),
    }
}

/// The schema of a package.
///
/// # Errors
/// A schema that is missing or is none.
pub fn schema(package: &Package) -> Result<Arc<Schema>, Errors> {
    let file = &package.recipe.schema;
    compiled(&package.shown(file), &package.require(file)?, package.track())
}

/// Compiling a schema takes longer than checking a dataset, so all jobs of a run share
/// it. It depends on the shared schemas that it refers to, too.
#[comemo::memoize]
fn compiled(
    name: &str,
    bytes: &[u8],
    package: Tracked<'_, Package>,
) -> Result<Arc<Schema>, Errors> {
    Schema::compile(name, bytes, &TrackedSchemas(package)).map(Arc::new)
}

/// The shared schemas of a package, and which were asked for is known.
struct TrackedSchemas<'a>(Tracked<'a, Package>);

impl SharedSchemas for TrackedSchemas<'_> {
    fn schema(&self, file: &str) -> Option<(String, Cow<'static, [u8]>)> {
        self.0.shared_schema(file)
    }
}

fn prints_no_parts(package: &Package) -> Diagnostic {
    let name = &package.recipe.name;
    Diagnostic::error(
        "project/no-parts",
        text!(
            "模板 `{name}` 不能只印数据的一部分",
            "the template `{name}` cannot print a part of a dataset"
        ),
    )
    .hint(text!(
        "去掉 huikan.toml 里的 `from`，或在 template.toml 里写 `[part]` 和整个数据的 `schema`",
        "drop `from` in huikan.toml, or say `[part]` in template.toml, with the `schema` of the whole dataset"
    ))
}

fn no_part(dataset: &Dataset, from: &str) -> Diagnostic {
    let fault = Diagnostic::error(
        "project/no-part",
        text!(
            "数据里没有 `{from}`，而 huikan.toml 里的 `from` 说要印它",
            "the dataset has no `{from}`, which `from` in huikan.toml says is to be printed"
        ),
    )
    .at(dataset.place(""));
    let parent = from.rsplit_once('/').map_or("", |(parent, _)| parent);
    match dataset.value().pointer(parent) {
        Some(Value::Array(items)) if !items.is_empty() => {
            let last = items.len() - 1;
            fault.hint(text!(
                "`{parent}` 有第 0 到第 {last} 项",
                "`{parent}` has the items 0 to {last}"
            ))
        }
        _ => fault.hint(text!(
            "写成 `/documents/items/1` 这样的 JSON 指针，序号从 0 起",
            "write a JSON pointer such as `/documents/items/1`, counted from 0"
        )),
    }
}

/// What templates see of a whole dataset.
fn content(
    edition: &Edition,
    whole: &Whole,
    reading: &Reading,
    faults: &mut Diagnostics,
) -> Value {
    let gallery = Gallery::new(edition, whole);
    Resolver { gallery, dataset: &whole.dataset, faults }.content(reading)
}

/// The same of the edition before; what is wrong with it is told when it is built
/// itself.
fn previous_content(edition: &Edition, whole: &Whole, schemas: &Schemas<'_>) -> Value {
    let mut faults = Diagnostics::new();
    let reading = schemas.whole().check(&whole.dataset, &mut faults);
    match faults.has_errors() {
        true => Value::Null,
        false => content(edition, whole, &reading, &mut faults),
    }
}

/// Resolves the parts that tell what is new since the edition before.
fn tell_changes(
    own: &Whole,
    previous: Option<&Whole>,
    schemas: &Schemas<'_>,
    reading: &Reading,
    value: &mut Value,
    faults: &mut Diagnostics,
) {
    let marks = &reading.marks;
    let is_changes = |mark: &Mark| matches!(mark, Mark::Changes(_));
    let mut parts = marks.iter().filter(|(_, mark)| is_changes(mark)).peekable();
    if parts.peek().is_none() {
        return;
    }
    let comparison = previous.map(|previous| {
        // What is wrong with it is told when it is built itself.
        let quiet = &mut Diagnostics::new();
        let before = schemas.whole().check(&previous.dataset, quiet);
        let side = |dataset, reading| compare::Side { dataset, reading };
        compare::compare(side(&previous.dataset, &before), side(&own.dataset, reading))
    });
    let comparison = comparison.as_ref();
    for (pointer, _) in parts {
        changes::resolve(&own.dataset, pointer, comparison, marks, value, faults);
    }
}

struct Resolver<'a> {
    gallery: Gallery<'a>,
    dataset: &'a Dataset,
    faults: &'a mut Diagnostics,
}

impl Resolver<'_> {
    fn content(&mut self, reading: &Reading) -> Value {
        let meanings = &reading.meanings;
        let mut value = self.dataset.value().clone();
        self.clean(&mut value, "");
        for pointer in with_meaning(meanings, Meaning::Figure) {
            if let Some(slot @ Value::Number(_)) = value.pointer_mut(pointer) {
                let written = self.dataset.written(pointer).unwrap_or_default();
                *slot = written.into();
            }
        }
        for pointer in with_meaning(meanings, Meaning::Date) {
            let slot = value.pointer_mut(pointer);
            let day = slot
                .as_ref()
                .and_then(|slot| numerals::cn_date(slot.as_str()?, DateForm::Digits));
            if let (Some(slot), Some(day)) = (slot, day) {
                *slot = day.into();
            }
        }
        let sets = reading.marks.iter().filter_map(|(pointer, mark)| match mark {
            Mark::Figures(rules) => Some((pointer.clone(), rules)),
            _ => None,
        });
        let sets: Vec<_> = sets.collect();
        figures::resolve(self.dataset, &sets, meanings, &mut value, self.faults);
        let images = with_meaning(meanings, Meaning::Image)
            .filter_map(|at| Some((at.as_str(), value.pointer(at)?.as_str()?)));
        self.gallery.look_ahead(images);
        for pointer in with_meaning(meanings, Meaning::Image) {
            self.image(&mut value, pointer);
        }
        for pointer in with_meaning(meanings, Meaning::RichText) {
            if let Some(slot @ Value::String(_)) = value.pointer_mut(pointer) {
                let mut tree = markdown::parse(slot.as_str().unwrap_or_default());
                self.rich_images(&mut tree, pointer);
                *slot = tree;
            }
        }
        // Last, because pointers into a roster change with its order.
        self.parts(&mut value, &reading.marks, &sets);
        value
    }

    /// Resolves the parts that the schema marks.
    fn parts(&mut self, value: &mut Value, marks: &Marks, sets: &[charts::Set<'_>]) {
        let (mut rosters, mut halls) = (Vec::new(), Vec::new());
        for (pointer, mark) in marks {
            match mark {
                Mark::Roster(rules) => rosters.push((pointer.clone(), rules)),
                Mark::Agenda(rules) => {
                    agenda::resolve(self.dataset, pointer, rules, value, self.faults);
                }
                Mark::Hall(rules) => halls.push((pointer, rules)),
                // The edition before is not known here.
                Mark::Changes(_) => {}
                Mark::Chart(rules) => {
                    charts::resolve(
                        self.dataset,
                        pointer,
                        rules,
                        sets,
                        value,
                        self.faults,
                    );
                }
                // Texts refer to them, so they came before.
                Mark::Figures(_) => {}
            }
        }
        roster::resolve(self.dataset, &rosters, value, self.faults);
        for (pointer, rules) in halls {
            seating::resolve(self.dataset, pointer, rules, value, self.faults);
        }
    }

    /// Takes out the characters that neither XML nor a page can hold, with a
    /// warning, so that both outputs leave out the same.
    fn clean(&mut self, value: &mut Value, pointer: &str) {
        match value {
            Value::String(words) if words.contains(is_unprintable) => {
                let found =
                    words.chars().find(|c| is_unprintable(*c)).unwrap_or('\0') as u32;
                if !words.chars().all(|c| c == '\r' || !is_unprintable(c)) {
                    self.faults.push(
                        Diagnostic::warning(
                            "data/control-character",
                            text!("文字里有控制字符 U+{found:04X}，印刷时略去", "control character U+{found:04X} in the text is left out in print"),
                        )
                        .at(self.dataset.place(pointer)),
                    );
                }
                *words = words.replace(is_unprintable, "");
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.clean(item, &pointer_join(pointer, &index.to_string()));
                }
            }
            Value::Object(map) => {
                for (key, item) in map.iter_mut() {
                    self.clean(item, &pointer_join(pointer, key));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn image(&mut self, value: &mut Value, pointer: &str) {
        let Some(slot) = value.pointer_mut(pointer) else { return };
        let written = slot.as_str().unwrap_or_default().to_string();
        if let Some(path) = self.gallery.path(&written, pointer, self.faults) {
            *slot = path.into();
        }
    }

    fn rich_images(&mut self, node: &mut Value, pointer: &str) {
        match node {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.rich_images(item, pointer));
            }
            Value::Object(map) => {
                let written =
                    map.get("image").and_then(Value::as_str).map(str::to_string);
                if let Some(path) =
                    written.and_then(|w| self.gallery.path(&w, pointer, self.faults))
                {
                    map.insert("image".into(), path.into());
                }
                map.values_mut().for_each(|item| self.rich_images(item, pointer));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Characters that XML 1.0 cannot hold (section 2.2), and carriage returns.
fn is_unprintable(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

fn metadata(document: &Document, value: &Value, id: &str) -> Metadata {
    let texts = |pointers: &[String]| -> Vec<String> {
        pointers
            .iter()
            .filter_map(|pointer| value.pointer(pointer)?.as_str())
            .map(|text| text.replace(is_unprintable, "").trim().to_string())
            .filter(|text| !text.is_empty())
            .collect()
    };
    Metadata {
        title: texts(&document.title)
            .into_iter()
            .next()
            .unwrap_or_else(|| id.to_string()),
        author: texts(&document.author).into_iter().next(),
        keywords: texts(&document.keywords),
        date: document.date.iter().find_map(|pointer| date(value.pointer(pointer)?)),
    }
}

/// `"2023-03-28"`, or the first day of the year `2023`.
fn date(value: &Value) -> Option<(i32, u8, u8)> {
    if let Some(year) = value.as_i64() {
        return Some((i32::try_from(year).ok()?, 1, 1));
    }
    let mut parts = value.as_str()?.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    Some((year, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
