//! Which value of the dataset a text of an output comes from.
//!
//! Outputs do not know where their text comes from, so it is looked for: first as it
//! is, then as something like it, because Markdown, references to figures and order
//! change a value on its way. Where several values say the same, the one next to
//! that of the piece before it counts.

use std::collections::HashMap;

use serde_json::Value;

use super::account::squeeze;
use super::likeness::Pairs;
use crate::data::Dataset;
use crate::data::json::pointer_join;
use crate::diag::Place;
use crate::docx::reading::NOTE;

/// The texts of a dataset, to be looked for in.
pub struct Origins<'d> {
    dataset: &'d Dataset,
    leaves: Vec<Leaf>,
}

struct Leaf {
    pointer: String,
    /// Its text without layout.
    key: String,
    /// The lines of its text, if it has several, and the cells of its tables, without
    /// layout and the marks that Markdown puts before a block.
    lines: Vec<String>,
}

impl Leaf {
    fn new(pointer: String, text: &str) -> Self {
        // A row of a table has a cell between each two bars.
        let cells = |line: &'_ str| -> Vec<String> {
            let bar = if line.trim_start().starts_with('|') { '|' } else { '\n' };
            let cells = line.split(bar);
            cells.map(|cell| squeeze(cell.trim_start_matches(is_block_mark))).collect()
        };
        let lines = match text.contains('\n') {
            true => {
                text.lines().flat_map(cells).filter(|cell| !cell.is_empty()).collect()
            }
            false => Vec::new(),
        };
        Self { pointer, key: squeeze(text), lines }
    }

    /// The pointer of what it is in.
    fn parent(&self) -> &str {
        self.pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
    }
}

fn is_block_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '#' | '>' | '-' | '*' | '+' | '|')
}

/// How much of a text must stand in a value that is like it.
const ENOUGH: f64 = 0.6;

/// How long a part of a text must be to tell its place in a value, in characters.
const TELLING: usize = 6;

impl<'d> Origins<'d> {
    /// Gathers the texts of a dataset.
    pub fn of(dataset: &'d Dataset) -> Self {
        let mut leaves = Vec::new();
        gather(dataset.value(), String::new(), &mut leaves);
        Self { dataset, leaves }
    }

    /// The number of the value that a text comes from, if one can be found that is;
    /// `near` is that of the text before it.
    pub fn find(&self, text: &str, near: Option<usize>) -> Option<usize> {
        let text: String = text.chars().filter(|c| *c != NOTE).collect();
        if text.is_empty() {
            return None;
        }
        self.exact(&text, near).or_else(|| self.alike(&text))
    }

    /// Whether a value says just this, or a line of one does.
    pub fn is_said(&self, text: &str) -> bool {
        self.leaves
            .iter()
            .any(|leaf| leaf.key == text || leaf.lines.iter().any(|line| line == text))
    }

    /// The pointer of a value.
    pub fn pointer(&self, leaf: usize) -> &str {
        self.leaves.get(leaf).map_or("", |leaf| &leaf.pointer)
    }

    /// The place of a text in the dataset, at the words of a long value that it is.
    pub fn place(&self, leaf: usize, text: &str) -> Place {
        let pointer = self.pointer(leaf);
        let value = self.dataset.value().pointer(pointer).and_then(Value::as_str);
        let words: Vec<char> = text.chars().filter(|c| *c != NOTE).collect();
        let starts = [words.len(), TELLING].into_iter().filter(|n| *n <= words.len());
        for length in starts {
            let wanted: String = words[..length].iter().collect();
            if let Some((at, part)) = value.and_then(|value| part_of(value, &wanted)) {
                return self.dataset.place_inside(pointer, &(at..at + part.len()));
            }
        }
        self.dataset.place(pointer)
    }

    /// The value that says this, or a line of whose text does; else several values
    /// next to each other that are put together; else one that has it in it.
    fn exact(&self, text: &str, near: Option<usize>) -> Option<usize> {
        let rate = |leaf: &Leaf| match leaf {
            leaf if leaf.key == text => Some(2),
            leaf if leaf.lines.iter().any(|line| line == text) => Some(1),
            _ => None,
        };
        let whole = self.nearest(near, rate);
        let long = text.chars().count() >= TELLING;
        let inside = |leaf: &Leaf| (long && leaf.key.contains(text)).then_some(0);
        whole
            .or_else(|| self.joined(text, 9, near))
            .or_else(|| self.nearest(near, inside))
            .or_else(|| self.joined(text, 5, near))
    }

    /// The value that is rated highest, and nearest to the one before.
    fn nearest(
        &self,
        near: Option<usize>,
        rate: impl Fn(&Leaf) -> Option<usize>,
    ) -> Option<usize> {
        let near = near.unwrap_or(0);
        let rated = self.leaves.iter().enumerate();
        let rated = rated.filter_map(|(at, leaf)| Some((rate(leaf)?, at)));
        let best = rated.max_by_key(|(rate, at)| (*rate, usize::MAX - at.abs_diff(near)));
        best.map(|(_, at)| at)
    }

    /// The longest of the values of one object or array that together are so many
    /// tenths of a text.
    fn joined(&self, text: &str, tenths: usize, near: Option<usize>) -> Option<usize> {
        let mut groups: HashMap<&str, (usize, usize)> = HashMap::new();
        let parts = self.leaves.iter().enumerate();
        for (at, leaf) in parts.filter(|(_, leaf)| text.contains(&leaf.key)) {
            let (total, longest) = groups.entry(leaf.parent()).or_insert((0, at));
            *total += leaf.key.len();
            if leaf.key.len() > self.leaves[*longest].key.len() {
                *longest = at;
            }
        }
        let near = near.unwrap_or(0);
        // A few characters of a long text say nothing of it.
        let enough = groups.into_values().filter(|(total, longest)| {
            total * 10 >= text.len() * tenths && !self.leaves[*longest].key.is_empty()
        });
        let best = enough.max_by_key(|(total, at)| {
            ((*total).min(text.len()), usize::MAX - at.abs_diff(near))
        });
        best.map(|(_, at)| at)
    }

    /// The value that has the most pairs of characters of the text.
    fn alike(&self, text: &str) -> Option<usize> {
        let wanted = Pairs::of(text);
        let all = self.leaves.iter().enumerate();
        let shares = all.map(|(at, leaf)| (wanted.share_in(&Pairs::of(&leaf.key)), at));
        let (share, at) = shares.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (share >= ENOUGH).then_some(at)
    }
}

fn gather(value: &Value, pointer: String, leaves: &mut Vec<Leaf>) {
    match value {
        Value::String(text) => leaves.push(Leaf::new(pointer, text)),
        Value::Number(number) => {
            leaves.push(Leaf::new(pointer, &number.to_string()));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                gather(item, pointer_join(&pointer, &index.to_string()), leaves);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                gather(item, pointer_join(&pointer, key), leaves);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The part of a value that is a text but for layout, and the byte it begins at.
fn part_of<'v>(value: &'v str, text: &str) -> Option<(usize, &'v str)> {
    let mut squeezed = String::new();
    let mut bytes = Vec::new();
    for (at, c) in value.char_indices() {
        let kept = squeeze(c.encode_utf8(&mut [0; 4]));
        bytes.extend(std::iter::repeat_n(at, kept.len()));
        squeezed.push_str(&kept);
    }
    let from = squeezed.find(text)?;
    let start = *bytes.get(from)?;
    let end = bytes.get(from + text.len()).copied().unwrap_or(value.len());
    let part = value.get(start..end)?;
    Some((start, part.trim_end()))
}
