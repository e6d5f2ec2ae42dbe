//! The column grid of a table, made to fit its rows.

use crate::docx::opc::xml::{self, Kind, Token, Tokens};

/// The most columns that a table of Word's has.
pub(crate) const MOST_COLUMNS: usize = 63;

/// A `w:tblGrid` with as many columns as the widest row has. New columns take
/// their share from all, and the width of columns that go is shared by the
/// rest, so that the table stays as wide as it was.
pub(crate) fn fit(grid: &str, columns: usize) -> String {
    let widths = widths(grid);
    if columns == 0 || columns == widths.len() {
        return grid.to_owned();
    }
    let fitted: String = share(&widths, columns).iter().map(|w| column(*w)).collect();
    let rest = without_columns(grid);
    let body = rest.find('>').map_or(rest.len(), |end| end + 1);
    match rest[..body].strip_suffix("/>") {
        Some(open) => format!("{open}>{fitted}</w:tblGrid>"),
        None => format!("{}{fitted}{}", &rest[..body], &rest[body..]),
    }
}

fn column(width: Option<f64>) -> String {
    match width {
        Some(width) => format!("<w:gridCol w:w=\"{}\"/>", width.max(0.0) as u64),
        None => "<w:gridCol/>".to_owned(),
    }
}

/// The tokens of a grid, each with whether it is of a column that the grid has
/// now and not of its former state.
fn tokens(grid: &str) -> impl Iterator<Item = (Token<'_>, bool)> {
    let mut nested = 0_usize;
    Tokens::new(grid).map_while(Result::ok).map(move |token| {
        let change = token.name == "w:tblGridChange";
        match token.kind {
            Kind::Start if change => nested += 1,
            Kind::End if change => nested = nested.saturating_sub(1),
            _ => {}
        }
        let current = nested == 0 && token.name == "w:gridCol";
        (token, current)
    })
}

/// The widths of the columns that a grid has now.
fn widths(grid: &str) -> Vec<Option<f64>> {
    tokens(grid)
        .filter(|(token, current)| {
            *current && matches!(token.kind, Kind::Start | Kind::Empty)
        })
        .map(|(token, _)| {
            let width = xml::attribute(&grid[token.span], "w:w");
            width.and_then(|w| w.parse().ok()).filter(|w| *w >= 0.0)
        })
        .collect()
}

/// A grid without its columns, those of its former state aside.
fn without_columns(grid: &str) -> String {
    tokens(grid)
        .filter(|(_, current)| !current)
        .map(|(token, _)| &grid[token.span])
        .collect()
}

/// The widths of so many columns, of the same sum.
fn share(widths: &[Option<f64>], columns: usize) -> Vec<Option<f64>> {
    let known: Option<Vec<f64>> = widths.iter().copied().collect();
    let Some(known) = known.filter(|known| known.iter().sum::<f64>() > 0.0) else {
        return vec![None; columns];
    };
    let (count, wanted) = (known.len() as f64, columns as f64);
    let shared = if columns > known.len() {
        let average = known.iter().sum::<f64>() / wanted;
        let old = known.iter().map(|width| (width * count / wanted).trunc());
        old.chain(std::iter::repeat(average.trunc())).take(columns).collect::<Vec<_>>()
    } else {
        let (kept, removed) = known.split_at(columns);
        let extra = (removed.iter().sum::<f64>() / wanted).trunc();
        kept.iter().map(|width| width + extra).collect()
    };
    shared.into_iter().map(Some).collect()
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn columns_are_shared() {
        let grid =
            "<w:tblGrid><w:gridCol w:w=\"300\"/><w:gridCol w:w=\"600\"/></w:tblGrid>";
        assert_eq!(
            fit(grid, 3),
            "<w:tblGrid><w:gridCol w:w=\"200\"/><w:gridCol w:w=\"400\"/>\
             <w:gridCol w:w=\"300\"/></w:tblGrid>"
        );
        assert_eq!(fit(grid, 1), "<w:tblGrid><w:gridCol w:w=\"900\"/></w:tblGrid>");
        assert_eq!(fit(grid, 2), grid);
        let bare = "<w:tblGrid/>";
        assert_eq!(fit(bare, 1), "<w:tblGrid><w:gridCol/></w:tblGrid>");
        let changed = "<w:tblGrid><w:gridCol/><w:tblGridChange w:id=\"1\"><w:tblGrid>\
             <w:gridCol/></w:tblGrid></w:tblGridChange></w:tblGrid>";
        assert_eq!(
            fit(changed, 2),
            changed.replacen("<w:gridCol/>", "<w:gridCol/><w:gridCol/>", 1)
        );
    }
}
