//! Fields of a dataset that no output prints.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::told::at_most;
use crate::diag::{Diagnostic, Level, Place, Remedy, Rule, Words};
use crate::docx::reading::{Block, Paragraph, Reading};
use crate::pdf::pages::Pages;
use crate::project::Resolved;
use crate::project::finder::{each_string, letters};
use crate::text;

/// Fields of a dataset that no output prints.
pub static RULE: Rule = Rule {
    id: "template/unused-field",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "数据里填了的字段，PDF 和 Word 稿都没有印",
        en: "a field is filled in, and neither the PDF nor the Word draft prints it",
    },
    why: Words {
        zh: "写了的话没有印出来，往往到会上才发现",
        en: "what was written is not printed, which is often found at the congress only",
    },
    source: "docs/schema.md",
    wrong: "数据里有“结语”，模板没有印",
    right: "在模板里印“结语”，或从规范里去掉",
};

/// A string of fewer letters says little, and may stand anywhere.
const LEAST: usize = 4;

/// The words of an output, one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Printed(String);

impl Printed {
    /// The words of laid-out pages.
    pub fn of_pages(pages: &Pages<'_>) -> Self {
        let mut words = String::new();
        for text in pages.texts() {
            words += &letters(&pages.all_words(text));
            words.push('\n');
        }
        for run in pages.pages.iter().flat_map(|page| &page.runs).filter(|run| run.turned)
        {
            words += &letters(run.words());
            words.push('\n');
        }
        for picture in pages.pages.iter().flat_map(|page| &page.pictures) {
            words += &letters(picture.shows.as_deref().unwrap_or_default());
            words.push('\n');
        }
        Self(words)
    }

    /// The words of a Word document.
    pub fn of_document(reading: &Reading) -> Self {
        let mut words = String::new();
        let notes = reading.notes.iter().flatten();
        notes.for_each(|note| add(note, &mut words));
        add_all(&reading.blocks, &mut words);
        Self(words)
    }
}

fn add_all(blocks: &[Block], words: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => add(paragraph, words),
            Block::Table(table) => {
                let cells = table.rows.iter().flatten();
                cells.for_each(|cell| add_all(&cell.blocks, words));
            }
        }
    }
}

fn add(paragraph: &Paragraph, words: &mut String) {
    *words += &letters(&paragraph.text);
    words.push('\n');
    for shown in &paragraph.pictures {
        *words += &letters(shown);
        words.push('\n');
    }
}

/// Which fields of a dataset are printed: pointers with `*` for the numbers of items.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Fields {
    printed: BTreeSet<String>,
    /// Those that are not, each with its first string.
    unprinted: BTreeMap<String, Place>,
}

impl Fields {
    /// What the outputs of a dataset print of it. Only fields are judged that have Chinese
    /// words to be found; one that is printed of one item is printed.
    pub fn of(resolved: &Resolved, outputs: &[Printed]) -> Self {
        let at = resolved.at.as_str();
        let mut fields = Self::default();
        let dataset = &resolved.dataset;
        let value = dataset.value().pointer(at).unwrap_or(&Value::Null);
        let meta = &resolved.metadata;
        let metadata = meta.author.iter().chain(&meta.keywords).chain([&meta.title]);
        let metadata: Vec<String> = metadata.map(|words| letters(words)).collect();
        each_string(value, at, &mut |pointer, words| {
            let Some(parts) = parts(words) else { return };
            let field = general(pointer);
            let is_said = |part: &String| {
                outputs.iter().any(|output| output.0.contains(part.as_str()))
                    || metadata.iter().any(|words| words.contains(part.as_str()))
            };
            let is_known = fields.printed.contains(&field);
            if is_known || parts.iter().any(is_said) {
                fields.printed.insert(field);
            } else {
                let place = || dataset.place(pointer);
                fields.unprinted.entry(field).or_insert_with(place);
            }
        });
        fields.settled()
    }

    /// The same for a package whose schema is shared: each prints what it knows of the
    /// datasets that all understand, and what it leaves out is no fault.
    pub fn of_shared(mut self) -> Self {
        self.unprinted.clear();
        self
    }

    /// The same of one more output of the dataset.
    pub fn with(mut self, other: Self) -> Self {
        self.printed.extend(other.printed);
        self.unprinted.extend(other.unprinted);
        self.settled()
    }

    fn settled(mut self) -> Self {
        self.unprinted.retain(|field, _| !self.printed.contains(field));
        self
    }

    /// The findings about those that are not printed.
    pub fn told(&self) -> Vec<Diagnostic> {
        let found = self.unprinted.iter().map(|(field, place)| {
            let finding = RULE.finding(text!(
                "`{field}` 填了，可 PDF 和 Word 稿都没有印",
                "`{field}` is filled in, and no output prints it"
            ));
            finding.at(place.clone()).hint(text!(
                "在模板里印出来，或从数据和规范里去掉",
                "print it in the template, or take it out of dataset and schema"
            ))
        });
        at_most(&RULE, found.collect())
    }
}

/// Which fields the outputs of each edition print together: an edition of which an output
/// could not be made is not judged.
#[derive(Debug, Default)]
pub struct OfEditions(BTreeMap<String, Option<Fields>>);

impl OfEditions {
    /// Adds what one output of an edition prints, if that is known.
    pub fn add(&mut self, edition: &str, fields: Option<Fields>) {
        let known =
            self.0.entry(edition.to_owned()).or_insert_with(|| Some(Fields::default()));
        *known = known.take().zip(fields).map(|(known, fields)| known.with(fields));
    }

    /// The findings about each edition, by its id.
    pub fn told(self) -> impl Iterator<Item = (String, Vec<Diagnostic>)> {
        self.0.into_iter().filter_map(|(edition, fields)| Some((edition, fields?.told())))
    }
}

/// The stretches of Han letters of a string, which survive figures that are filled in and
/// Markdown that is read; nothing if there are none long enough, or it is a path.
fn parts(words: &str) -> Option<Vec<String>> {
    let is_han = |c: char| c as u32 >= 0x2E80 && c.is_alphabetic();
    let is_path = !words.contains(char::is_whitespace)
        && words.rsplit_once('.').is_some_and(|(_, ending)| {
            (2..=4).contains(&ending.len())
                && ending.bytes().all(|b| b.is_ascii_alphabetic())
        });
    let parts: Vec<String> = words
        .split(|c| !is_han(c))
        .filter(|part| part.chars().count() >= LEAST)
        .map(str::to_owned)
        .collect();
    (!parts.is_empty() && !is_path).then_some(parts)
}

/// A pointer with `*` for the numbers of items.
fn general(pointer: &str) -> String {
    let number =
        |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts = pointer.split('/').map(|part| if number(&part) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
