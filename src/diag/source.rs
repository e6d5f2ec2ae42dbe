//! A text file with its name and lines, from which places are made.

use std::ops::Range;

use super::{Excerpt, Place, Position, SheetPlace};

/// A text that diagnostics can point into.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: String,
    form: Form,
}

/// What the text of a source is.
#[derive(Debug, Clone)]
enum Form {
    /// Lines of a file: the byte at which each begins, and the number of the first.
    Lines { starts: Vec<usize>, first: usize },
    /// A row of a spreadsheet: the byte at which each cell begins, and the cell.
    Cells(Vec<(usize, SheetPlace)>),
}

/// What stands between the cells of a row.
const BETWEEN: &str = " | ";

impl Source {
    /// A text with the name that its user knows it by.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::lines_from(1, name, text)
    }

    /// A part of a file that begins with line `first` (from 1).
    pub fn lines_from(
        first: usize,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        let text = text.into();
        let starts = std::iter::once(0)
            .chain(
                text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1),
            )
            .collect();
        Self { name: name.into(), text, form: Form::Lines { starts, first } }
    }

    /// A row of a spreadsheet, and the bytes of each cell in its text.
    pub fn row<'c>(
        name: impl Into<String>,
        cells: impl IntoIterator<Item = (SheetPlace, &'c str)>,
    ) -> (Self, Vec<Range<usize>>) {
        let (mut text, mut places, mut ranges) = (String::new(), Vec::new(), Vec::new());
        for (place, words) in cells {
            if !places.is_empty() {
                text += BETWEEN;
            }
            places.push((text.len(), place));
            ranges.push(text.len()..text.len() + words.len());
            text += words;
        }
        (Self { name: name.into(), text, form: Form::Cells(places) }, ranges)
    }

    /// The name that its user knows it by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of a byte range, with its first line as excerpt.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = range.start.min(self.text.len());
        let (starts, first) = match &self.form {
            Form::Lines { starts, first } => (starts, first),
            Form::Cells(cells) => return self.cell(cells, start, range.end),
        };
        let line = starts.partition_point(|&begin| begin <= start) - 1;
        let begin = starts[line];
        let end = starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let content = self.text[begin..end.max(begin)].trim_end_matches('\r');
        let column =
            content.char_indices().take_while(|(i, _)| begin + i < start).count();
        let mark = start - begin..range.end.clamp(start, end.max(start)) - begin;
        Place {
            position: Some(Position { line: line + first, column: column + 1 }),
            excerpt: Some(Excerpt::cut(content, mark)),
            ..Place::file(self.name.clone())
        }
    }

    /// The place of a part of a cell, with the row as excerpt.
    fn cell(&self, cells: &[(usize, SheetPlace)], start: usize, end: usize) -> Place {
        let at = cells.partition_point(|(begin, _)| *begin <= start).saturating_sub(1);
        let Some((_, cell)) = cells.get(at) else {
            return Place::file(self.name.clone());
        };
        let next = cells.get(at + 1).map(|(begin, _)| begin - BETWEEN.len());
        let last = next.unwrap_or(self.text.len());
        let row = self.text.replace(['\n', '\r'], " ");
        Place::sheet(
            &self.name,
            cell.clone(),
            &row,
            start..end.clamp(start, last.max(start)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_file_knows_its_lines() {
        let source = Source::lines_from(7, "x.jsonl", "{}\n[1]");
        let position = source.place(4..5).position.expect("a line");
        assert_eq!((position.line, position.column), (8, 2));
    }

    #[test]
    fn a_row_knows_its_cells() {
        let cell =
            |row, column: &str| SheetPlace { sheet: None, row, column: column.into() };
        let cells = [(cell(3, "A"), "甲"), (cell(3, "C"), "一\n二")];
        let (source, ranges) = Source::row("x.csv", cells);
        let place = source.place(ranges[1].clone());
        assert_eq!(place.sheet.expect("a cell").column, "C");
        let excerpt = place.excerpt.expect("a row");
        assert_eq!(excerpt.text, "甲 | 一 二");
        assert_eq!(&excerpt.text[excerpt.mark], "一 二");
        assert_eq!(source.place(0..1).sheet.expect("a cell").column, "A");
    }
}
