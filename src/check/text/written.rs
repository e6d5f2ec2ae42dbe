//! The texts of a dataset: each string that is printed, and what it is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::data::Dataset;
use crate::data::mark::Mark;
use crate::data::prose::{Passage, Role, passages};
use crate::data::schema::{Meaning, Reading};
use crate::project::finder::each_string;

/// A text of a dataset.
#[derive(Debug, Clone)]
pub struct Written<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    /// The string.
    pub text: &'a str,
    /// Whether it is Markdown.
    pub markdown: bool,
    /// What it is, or what its paragraphs are.
    pub role: Role,
}

impl<'a> Written<'a> {
    /// Its passages.
    pub fn passages(&self) -> Vec<Passage<'a>> {
        passages(self.text, self.markdown, self.role)
    }
}

/// All texts of a dataset, in its order. Paths, pointers, figures and dates are none.
pub fn texts<'a>(dataset: &'a Dataset, reading: &Reading) -> Vec<Written<'a>> {
    let names = names(dataset, reading);
    let mut texts = Vec::new();
    let mut reader = Reader { reading, names: &names, texts: &mut texts };
    each_string(dataset.value(), "", &mut |pointer, text| {
        reader.text(text, pointer.to_string());
    });
    texts
}

/// The pointers of people's names.
fn names(dataset: &Dataset, reading: &Reading) -> BTreeSet<String> {
    let rosters = reading.marks.iter().filter_map(|(pointer, mark)| match mark {
        Mark::Roster(rules) => Some((pointer, &rules.name)),
        _ => None,
    });
    let mut names = BTreeSet::new();
    for (pointer, name) in rosters {
        let rows = dataset.value().pointer(pointer).and_then(Value::as_array);
        let count = rows.map_or(0, Vec::len);
        names.extend((0..count).map(|row| format!("{pointer}/{row}{name}")));
    }
    names
}

struct Reader<'r, 'a> {
    reading: &'r Reading,
    names: &'r BTreeSet<String>,
    texts: &'r mut Vec<Written<'a>>,
}

impl<'a> Reader<'_, 'a> {
    fn text(&mut self, text: &'a str, pointer: String) {
        let meaning = self.reading.meanings.get(&pointer);
        let markdown = match meaning {
            Some(Meaning::RichText) => true,
            Some(Meaning::Image | Meaning::Pointer | Meaning::Figure | Meaning::Date) => {
                return;
            }
            None => false,
        };
        let role = match markdown {
            true => Role::Paragraph,
            false if self.names.contains(&pointer) => Role::Name,
            false => role(text, &pointer),
        };
        self.texts.push(Written { pointer, text, markdown, role });
    }
}

/// Fields that hold titles, in any schema that does not say what it calls them.
const TITLES: &[&str] = &[
    "title",
    "subtitle",
    "heading",
    "headline",
    "slogan",
    "标题",
    "题目",
    "副标题",
    "主题",
];

/// From how many characters on a plain string is running text, with or without a stop.
const RUNNING: usize = 40;

/// What a plain string is.
fn role(text: &str, pointer: &str) -> Role {
    let key =
        pointer.rsplit('/').find(|token| !token.chars().all(|c| c.is_ascii_digit()));
    if key.is_some_and(|key| TITLES.contains(&key)) {
        return Role::Heading;
    }
    match text.contains('。') || text.chars().nth(RUNNING).is_some() {
        true => Role::Paragraph,
        false => Role::Phrase,
    }
}
