//! The columns of a table that says nothing of them: as wide as their content, as the
//! Typst side sets them.

use crate::docx::language::rich::{Inline, Table};
use crate::docx::opc::escape;

/// What a cell has beside its text, in halves of a character: its margins.
const MARGINS: usize = 3;
/// Four Han characters stay on a line, and so does a Latin word up to this length.
const WHOLE: usize = 8;

/// Widths of the columns of a table that is `total` twips wide, for characters of so
/// many twips.
pub(super) fn by_content(table: &Table, total: usize, character: usize) -> Vec<usize> {
    let half = |halves: usize| (halves + MARGINS) * character / 2;
    let columns: Vec<(usize, usize)> = (0..table.columns())
        .map(|column| {
            let rows = table.rows.iter().chain([&table.head]);
            let cells = rows.filter_map(|row| row.get(column)).map(|cell| halves(cell));
            cells.fold((0, 0), |(wide, long), (w, l)| (wide.max(w), long.max(l)))
        })
        .map(|(wide, long)| (half(wide), half(long)))
        .collect();
    shared(total, &columns)
}

/// Columns that want little get it; the others share the rest, long ones less than
/// they would, and none gets less than it needs while another has more.
fn shared(total: usize, columns: &[(usize, usize)]) -> Vec<usize> {
    let wanted: usize = columns.iter().map(|column| column.0).sum();
    if wanted <= total {
        let spare = (total - wanted) / columns.len().max(1);
        return columns.iter().map(|column| column.0 + spare).collect();
    }
    let mut widths: Vec<Option<usize>> = vec![None; columns.len()];
    let mut rest = total;
    loop {
        let open = widths.iter().filter(|width| width.is_none()).count();
        let Some(fair) = rest.checked_div(open) else { break };
        let small = |at: &usize| widths[*at].is_none() && columns[*at].0 <= fair;
        let fixed: Vec<usize> = (0..columns.len()).filter(small).collect();
        if fixed.is_empty() {
            break;
        }
        for at in fixed {
            widths[at] = Some(columns[at].0);
            rest = rest.saturating_sub(columns[at].0);
        }
    }
    let weight = |at: usize| (columns[at].0 as f64).sqrt();
    let open: Vec<usize> =
        (0..columns.len()).filter(|at| widths[*at].is_none()).collect();
    let all: f64 = open.iter().map(|at| weight(*at)).sum();
    let share = |at: usize| (rest as f64 * weight(at) / all) as usize;
    let widths = widths.iter().enumerate();
    let mut widths: Vec<usize> = widths
        .map(|(at, width)| width.unwrap_or_else(|| share(at).max(columns[at].1)))
        .collect();
    let over = widths.iter().sum::<usize>().saturating_sub(total);
    let give = |at: usize, width: usize| width.saturating_sub(columns[at].1);
    let spare: usize =
        widths.iter().enumerate().map(|(at, width)| give(at, *width)).sum();
    if over > 0 && spare > 0 {
        let part = (over as f64 / spare as f64).min(1.0);
        for (at, width) in widths.iter_mut().enumerate() {
            *width -= (give(at, *width) as f64 * part) as usize;
        }
    }
    widths
}

/// The width of a cell's text in one line, and of what of it stays whole.
fn halves(cell: &[Inline]) -> (usize, usize) {
    let mut text = String::new();
    push(cell, &mut text);
    let width = |text: &str| -> usize {
        text.chars().map(|c| 1 + usize::from(escape::is_wide(c))).sum()
    };
    let all = width(&text);
    let words = text.split(|c: char| c.is_whitespace() || escape::is_wide(c));
    let longest = words.map(width).max().unwrap_or(0);
    (all, longest.max(all.min(WHOLE)))
}

fn push(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) => text.push_str(words),
            Inline::Strong(inside)
            | Inline::Emph(inside)
            | Inline::Strike(inside)
            | Inline::Link(inside, _) => push(inside, text),
            Inline::Break => text.push(' '),
            Inline::Image(..) | Inline::Note(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let cell = |text: &&str| vec![Inline::Text((*text).to_owned())];
        let rows = rows.iter().map(|row| row.iter().map(cell).collect());
        Table { rows: rows.collect(), ..Table::default() }
    }

    #[test]
    fn short_columns_share_what_is_left() {
        let widths = by_content(&table(&[&["甲", "乙乙乙"]]), 9000, 240);
        assert_eq!(widths.iter().sum::<usize>(), 9000);
        assert_eq!(widths[1] - widths[0], 480);
    }

    #[test]
    fn long_columns_take_what_others_leave() {
        let long = "长".repeat(100);
        let widths = by_content(&table(&[&["序号", &long, "12345678"]]), 9000, 240);
        assert_eq!((widths[0], widths[2]), (840, 1320));
        assert!(widths[1] > 6800, "{widths:?}");
        let widths =
            by_content(&table(&[&[&long, &long[..150], &"a".repeat(20)]]), 9000, 240);
        assert!(widths[0] > widths[1] && widths[2] == 2760, "{widths:?}");
        assert!(widths.iter().sum::<usize>().abs_diff(9000) < 5);
    }
}
