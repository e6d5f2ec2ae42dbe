//! Tables that were written with spaces or tabs become Markdown's.

use super::block::Block;
use super::ledger::{Change, Confidence, Ledger, Spans};
use super::line::Kind;
use super::signs;
use crate::data::import::words;
use crate::text;

/// Puts rows of cells together.
pub(super) fn build(blocks: Vec<Block>, ledger: &mut Ledger<'_>) -> Vec<Block> {
    let mut built: Vec<Block> = Vec::new();
    let mut rest = blocks.into_iter().peekable();
    while let Some(first) = rest.next() {
        let columns = cells(&first).len();
        let mut rows = vec![first];
        if columns >= 2 {
            while let Some(row) = rest
                .next_if(|next| !next.page && cells(next).len() == columns && !next.gap)
            {
                rows.push(row);
            }
        }
        match table(&rows).filter(|change| ledger.allows(change.clone())) {
            Some(change) => built.push(merged(rows, change.after)),
            None => built.append(&mut rows),
        }
    }
    built
}

/// A table in Markdown: rows of cells, the first being the head.
pub fn markdown(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let line = |cells: &[String]| {
        let cell = |column| {
            let text: &str = cells.get(column).map_or("", String::as_str);
            text.replace('|', "\\|").replace('\n', " ")
        };
        let cells: Vec<String> = (0..columns).map(cell).collect();
        format!("| {} |", cells.join(" | "))
    };
    let mut lines: Vec<String> = rows.iter().map(|row| line(row)).collect();
    if !lines.is_empty() {
        lines.insert(1, format!("|{}", "---|".repeat(columns)));
    }
    lines.join("\n")
}

/// The cells of a line, if it has several.
fn cells(block: &Block) -> Vec<&str> {
    if !block.is_plain() {
        return Vec::new();
    }
    let text = block.text.as_str();
    let parts: Vec<&str> = match text.contains('\t') {
        true => text.split('\t').map(str::trim).collect(),
        false => text
            .split("  ")
            .flat_map(|part| part.split("\u{3000}\u{3000}"))
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect(),
    };
    // A sentence is no cell.
    let fits = parts.len() >= 2 && !parts.iter().any(|part| part.contains('。'));
    if fits { parts } else { Vec::new() }
}

/// The change that makes a table of rows, if they are one.
fn table(rows: &[Block]) -> Option<Change> {
    let tabs = rows[0].text.contains('\t');
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| cells(row).into_iter().map(str::to_string).collect())
        .collect();
    let columns = cells[0].len();
    if columns < 2 || rows.len() < if tabs { 2 } else { 3 } {
        return None;
    }
    let known = cells[0].iter().filter(|cell| words::field(cell).is_some()).count();
    let digit = |row: &Vec<String>| {
        row.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()))
    };
    let headed =
        known * 2 >= columns || !digit(&cells[0]) && cells[1..].iter().all(digit);
    let names = rows.iter().all(|row| signs::is_names(&row.text));
    let hours = rows.iter().any(|row| signs::is_hour(&row.text));
    if !headed && (names || hours || columns < 3) {
        return None;
    }
    let confidence = if headed { Confidence::High } else { Confidence::Low };
    let before: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    let reason = text!(
        "用空格或制表符排成的各列成了表格",
        "columns made of spaces or tabs became a table"
    );
    Some(
        Change::new("import/table", rows[0].number, reason)
            .words(before.join("\n"), markdown(&cells))
            .sure(confidence),
    )
}

fn merged(rows: Vec<Block>, text: String) -> Block {
    let mut spans = Spans::default();
    let mut rows = rows.into_iter();
    let first = rows.next().unwrap_or_default();
    let (number, gap) = (first.number, first.gap);
    spans.extend(first.spans);
    rows.for_each(|row| spans.extend(row.spans));
    Block { text, spans, number, gap, kind: Kind::Verbatim, ..Block::default() }
}
