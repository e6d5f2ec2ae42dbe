//! Blocks that are opened in one place of a document and closed in another: how
//! to write them.

use super::part::{Part, Placed};
use super::tags::{self, Scope};
use crate::diag::{Diagnostic, Text};
use crate::text;

/// The table cell that a statement's text belongs to; a statement about whole
/// cells or rows belongs to none.
pub(crate) fn cell(part: &Part<'_>, placed: &Placed) -> Option<usize> {
    match placed.tag.scope {
        Scope::Cell | Scope::Row => None,
        _ => part.outline.enclosing(placed.stretches[0].element, "w:tc"),
    }
}

/// A block that is opened and closed at different levels of the document.
pub(crate) fn crossed(part: &Part<'_>, open: &Placed, close: &Placed) -> Diagnostic {
    let (opening, closing) = (written(part, open), written(part, close));
    Diagnostic::error(
        "docx/crossed-scopes",
        text!(
            "`{closing}` 与它的开始标签 `{opening}` 不在同一层",
            "`{closing}` does not stand at the same level as `{opening}`, which it belongs to"
        ),
    )
    .hint(advice(part, open, close))
}

/// A block that is opened in one cell of a table and closed in another: it repeats
/// or leaves out the end of one cell and the beginning of the other.
pub(crate) fn across_cells(part: &Part<'_>, open: &Placed, close: &Placed) -> Diagnostic {
    let (opening, closing) = (written(part, open), written(part, close));
    let (columns, rows) = (pair(open, close, Scope::Cell), pair(open, close, Scope::Row));
    Diagnostic::warning(
        "docx/across-cells",
        text!(
            "`{opening}` 在一个单元格里开始，`{closing}` 在另一个单元格里结束",
            "`{opening}` begins in one table cell, and `{closing}` ends it in another"
        ),
    )
    .hint(text!(
        "要重复或省去单元格，写 {columns}，各占一格；要重复或省去行，写 {rows}，各占一行",
        "for whole cells write {columns}, each in a cell of its own; for whole rows {rows}, each in a row of its own"
    ))
}

fn advice(part: &Part<'_>, open: &Placed, close: &Placed) -> Text {
    let cells = (cell(part, open), cell(part, close));
    let (widest, other) = match (open.tag.scope, close.tag.scope) {
        (a, b) if rank(a) >= rank(b) => (a, b),
        (a, b) => (b, a),
    };
    if widest != other {
        let both = pair(open, close, widest);
        return match widest {
            Scope::Row => {
                text!("写 {both}，各占一行", "write {both}, each in a row of its own")
            }
            Scope::Cell => {
                text!("写 {both}，各占一格", "write {both}, each in a cell of its own")
            }
            _ => text!(
                "写 {both}，各占一段",
                "write {both}, each in a paragraph of its own"
            ),
        };
    }
    if cells.0 != cells.1 {
        let (rows, paragraphs) =
            (pair(open, close, Scope::Row), pair(open, close, Scope::Paragraph));
        return text!(
            "要重复或省去行，写 {rows}，各占一行；要重复或省去整个表格，写 {paragraphs}，各占表格外的一段",
            "for rows write {rows}, each in a row of its own; for the whole table {paragraphs}, each in a paragraph outside of it"
        );
    }
    if open.unit == close.unit {
        return text!(
            "一处在链接或内容控件里，一处在外面：两处都放在里面，或都放在外面",
            "one of them stands in a link or content control: put both inside, or both outside"
        );
    }
    let both = pair(open, close, Scope::Paragraph);
    text!(
        "放在同一段的正文里，或写 {both}，各占一段",
        "put both into the text of one paragraph, or write {both}, each in a paragraph of its own"
    )
}

/// How much a scope takes in.
fn rank(scope: Scope) -> usize {
    match scope {
        Scope::Inline => 0,
        Scope::Run => 1,
        Scope::Paragraph => 2,
        Scope::Cell => 3,
        Scope::Row => 4,
    }
}

/// Two statements as they are written in a scope.
fn pair(open: &Placed, close: &Placed, scope: Scope) -> String {
    let prefix = scope.prefix();
    let (opening, closing) = (&open.tag.body, &close.tag.body);
    let end = match tags::keyword(closing) {
        "else" | "elif" => format!("end{}", tags::keyword(opening)),
        _ => closing.clone(),
    };
    format!("`{{%{prefix} {opening} %}}` … `{{%{prefix} {end} %}}`")
}

fn written<'p>(part: &'p Part<'_>, placed: &Placed) -> &'p str {
    &part.units[placed.unit].text[placed.tag.range.clone()]
}
