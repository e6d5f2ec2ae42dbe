//! Where in a dataset stands what a page shows.

use std::cell::{Cell, OnceCell};

use memchr::memmem;
use serde_json::Value;

use crate::data::Dataset;
use crate::data::json::pointer_join;
use crate::diag::Place;

/// Finds the strings of a dataset by words of its pages.
///
/// Words are compared by their letters and digits: marks of Markdown, spaces of spread
/// names and what helps the line breaker take no part. The strings are read once, when
/// the first words are looked for; each search begins where the last one ended, since
/// pages are looked through in order.
pub struct Finder<'a> {
    dataset: &'a Dataset,
    at: &'a str,
    strings: OnceCell<Strings>,
    last: Cell<usize>,
}

/// The letters of all strings one behind the other, those that are printed first.
struct Strings {
    letters: String,
    /// Where each string begins in `letters`, and its pointer.
    starts: Vec<(usize, String)>,
}

/// The lengths of the pieces that are looked for if all of the words are not there
/// together, in letters.
const PIECES: [usize; 4] = [24, 12, 6, 3];

impl<'a> Finder<'a> {
    /// A finder in a dataset of which the part at a JSON pointer is printed; strings of
    /// that part are found before others.
    pub fn new(dataset: &'a Dataset, at: &'a str) -> Self {
        Self { dataset, at, strings: OnceCell::new(), last: Cell::new(0) }
    }

    /// The place of the string that has these words, or the longest part of them that
    /// some string has.
    pub fn place(&self, words: &str) -> Option<Place> {
        let pointer = self.pointer(words)?;
        let string = self.dataset.value().pointer(&pointer)?.as_str()?;
        let part = words.trim();
        Some(match string.find(part) {
            Some(at) if part.len() < string.len() => {
                self.dataset.place_inside(&pointer, &(at..at + part.len()))
            }
            _ => self.dataset.place(&pointer),
        })
    }

    /// The same for words that stand among others, such as a line of a paragraph: of
    /// several strings that have them, it is the one with all of the others.
    pub fn place_among(&self, all: &str, words: &str) -> Option<Place> {
        let wanted = letters(all);
        if !wanted.is_empty() && self.find(&wanted).is_none() {
            // Only its first part may be written in one string.
            let part: String = wanted.chars().take(PIECES[0]).collect();
            self.find(&part);
        }
        // What is looked for next is searched from there.
        self.place(words).or_else(|| self.place(all))
    }

    /// The pointer of that string.
    pub fn pointer(&self, words: &str) -> Option<String> {
        let wanted = letters(words);
        if wanted.is_empty() {
            return None;
        }
        if let Some(found) = self.find(&wanted) {
            return Some(found);
        }
        let characters: Vec<char> = wanted.chars().collect();
        PIECES.into_iter().filter(|piece| *piece < characters.len()).find_map(|piece| {
            let starts = (0..=characters.len() - piece).step_by(piece.div_ceil(2));
            let mut pieces = starts.map(|start| &characters[start..start + piece]);
            pieces.find_map(|piece| self.find(&piece.iter().collect::<String>()))
        })
    }

    fn find(&self, wanted: &str) -> Option<String> {
        let Strings { letters, starts } = self.strings();
        // A few letters or a number stand in many strings: they have to be all of it.
        let whole = wanted.chars().count() < SHORT || wanted.bytes().all(is_digit);
        let needle = if whole { format!("\n{wanted}\n") } else { wanted.to_owned() };
        let last = self.last.get();
        let from = |from: usize| {
            let found = memmem::find(&letters.as_bytes()[from..], needle.as_bytes());
            found.map(|at| from + at)
        };
        let at = from(last).or_else(|| from(0))? + usize::from(whole);
        self.last.set(at - usize::from(whole));
        let string = starts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        Some(starts[string].1.clone())
    }

    fn strings(&self) -> &Strings {
        self.strings.get_or_init(|| {
            let mut strings = Strings { letters: "\n".to_owned(), starts: Vec::new() };
            let whole = self.dataset.value();
            let at = self.at;
            if let Some(printed) = whole.pointer(at) {
                strings.add(printed, at, None);
            }
            if !at.is_empty() {
                strings.add(whole, "", Some(at));
            }
            strings
        })
    }
}

impl Strings {
    fn add(&mut self, value: &Value, pointer: &str, but: Option<&str>) {
        each_string(value, pointer, &mut |pointer, words| {
            if but.is_none_or(|but| !pointer.starts_with(but)) {
                self.starts.push((self.letters.len(), pointer.to_owned()));
                self.letters.extend(words.chars().filter(|c| c.is_alphanumeric()));
                self.letters.push('\n');
            }
        });
    }
}

/// Fewer letters than these say little of where they come from.
const SHORT: usize = 3;

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// The letters and digits of words.
pub fn letters(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Shows each string of a value with its pointer, in order.
pub fn each_string<'v>(
    value: &'v Value,
    pointer: &str,
    see: &mut dyn FnMut(&str, &'v str),
) {
    match value {
        Value::String(words) => see(pointer, words),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                each_string(item, &pointer_join(pointer, &index.to_string()), see);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                each_string(item, &pointer_join(pointer, key), see);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Diagnostics;

    fn dataset(text: &str) -> Dataset {
        let mut faults = Diagnostics::new();
        Dataset::read("x.json", text.as_bytes(), &mut faults).expect("a dataset")
    }

    const DATA: &str = r#"{
        "head": "科学技术协会", "figures": ["15.6", "15"],
        "items": [
            {"name": "王芳", "body": "**科学**技术，走进{figures.x}乡村"},
            {"name": "王芳", "body": "科学家走进企业"}
        ]
    }"#;

    #[test]
    fn words_are_found_by_their_letters() {
        let dataset = dataset(DATA);
        let finder = Finder::new(&dataset, "");
        for (words, pointer) in [
            ("科学技术协会", "/head"),
            ("科 学技术，", "/head"),
            ("科学技术，走进12个乡村", "/items/0/body"),
            ("15", "/figures/1"),
            ("王　芳", "/items/0/name"),
        ] {
            assert_eq!(finder.pointer(words).as_deref(), Some(pointer), "{words}");
        }
        assert_eq!(finder.pointer("16"), None);
        assert_eq!(finder.pointer("，。"), None);
        assert_eq!(finder.pointer("全无此事"), None);
    }

    /// Pages are looked through in order, so the next one counts; then it begins anew.
    #[test]
    fn the_search_goes_on_where_it_was() {
        let dataset = dataset(DATA);
        let finder = Finder::new(&dataset, "");
        assert_eq!(finder.pointer("科学家走进").as_deref(), Some("/items/1/body"));
        assert_eq!(finder.pointer("科学技术协").as_deref(), Some("/head"));
        let place = finder.place_among("科学家走进企业", "走进").expect("a place");
        assert_eq!(place.pointer.as_deref(), Some("/items/1/body"));
    }

    #[test]
    fn what_is_printed_is_found_first() {
        let dataset = dataset(DATA);
        let finder = Finder::new(&dataset, "/items/1");
        assert_eq!(finder.pointer("王芳").as_deref(), Some("/items/1/name"));
        assert_eq!(finder.pointer("科学技术协会").as_deref(), Some("/head"));
    }
}
