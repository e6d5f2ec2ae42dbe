//! Tags about the table cell they stand in: shading, spans and merges.
//!
//! `{% cellbg colour %}` and `{% colspan n %}` become properties of the cell;
//! `{% hm %}` makes the cells that a loop repeats in a row one wide cell, and
//! `{% vm %}` makes those that it repeats down a column one tall cell. Of two
//! tags of the same kind in one cell, the last counts.

use minijinja::{Error, Value};

use super::assemble::{Edit, Segment};
use super::part::Part;
use super::tags::{Action, CellTag};
use crate::docx::language::faults::Explained;
use crate::docx::language::print;
use crate::docx::opc::order;
use crate::docx::output::grid::MOST_COLUMNS;
use crate::text;

/// The filter that writes the shading of a cell.
pub(crate) const SHADE: &str = "__huikan_shade";
/// The filter that writes how many columns a cell spans.
pub(crate) const SPAN: &str = "__huikan_span";
/// The filter that takes `loop`, and tells if there is none.
pub(crate) const LOOP: &str = "__huikan_loop";

/// The tags of one cell by kind.
struct CellTags {
    background: Option<usize>,
    span: Option<usize>,
    across: Option<usize>,
    down: Option<usize>,
}

/// The edits that carry out the tags of a cell.
pub(crate) fn edits(part: &Part<'_>, cell: usize, numbers: &[usize]) -> Vec<Edit> {
    let last = |kind| {
        let is = |number: &usize| part.tags[*number].tag.action == Action::Cell(kind);
        numbers.iter().copied().rfind(is)
    };
    let tags = CellTags {
        background: last(CellTag::Background),
        span: last(CellTag::Span),
        across: last(CellTag::MergeAcross),
        down: last(CellTag::MergeDown),
    };
    let mut edits = Edits(Vec::new());
    let element = &part.outline.elements[cell];
    let mut start: Vec<Segment> = tags.across.map(if_first).into_iter().collect();
    start.push(Segment::Bytes(element.open.clone()));
    edits.push(element.open.clone(), start);
    properties(part, cell, &tags, &mut edits);
    let mut end = Vec::new();
    if let Some(tag) = tags.down {
        edits.append(if_first(tag));
        end.push(Segment::Statement(tag, "else".to_owned()));
        end.push(Segment::Markup(empty_paragraph(part, tag)));
        end.push(Segment::Statement(tag, "endif".to_owned()));
    }
    end.push(Segment::Bytes(element.close..element.span.end));
    end.extend(tags.across.map(|tag| Segment::Statement(tag, "endif".to_owned())));
    edits.push(element.close..element.span.end, end);
    edits.0
}

/// Edits in the order of their places; those that touch become one.
struct Edits(Vec<Edit>);

impl Edits {
    fn push(&mut self, span: std::ops::Range<usize>, insert: Vec<Segment>) {
        match self.0.last_mut() {
            Some(last) if last.span.end == span.start => {
                last.span.end = span.end;
                last.insert.extend(insert);
            }
            _ => self.0.push(Edit { span, insert }),
        }
    }

    fn append(&mut self, segment: Segment) {
        if let Some(last) = self.0.last_mut() {
            last.insert.push(segment);
        }
    }
}

/// Puts the new properties among those that the cell has. The last of the
/// edits ends where the cell's content begins.
fn properties(part: &Part<'_>, cell: usize, tags: &CellTags, edits: &mut Edits) {
    let outline = &part.outline;
    let existing = outline.child(cell, "w:tcPr");
    let children = children(part, existing, tags);
    let Some(existing) = existing else {
        let at = outline.elements[cell].open.end;
        if !children.is_empty() {
            edits.push(at..at, whole(children));
        }
        return;
    };
    let element = &outline.elements[existing];
    if element.close == element.span.end {
        edits.push(element.span.clone(), whole(children));
        return;
    }
    for (name, segments) in children {
        let span = match outline.child(existing, name) {
            Some(same) => outline.elements[same].span.clone(),
            None => {
                let rank = order::rank("w:tcPr", name);
                let at = outline
                    .children(existing)
                    .map(|child| &outline.elements[child])
                    .filter(|child| order::rank("w:tcPr", child.name) < rank)
                    .map(|child| child.span.end)
                    .fold(element.open.end, usize::max);
                at..at
            }
        };
        edits.push(span, segments);
    }
    let close = element.close..element.span.end;
    edits.push(close.clone(), vec![Segment::Bytes(close)]);
}

fn whole(children: Vec<(&'static str, Vec<Segment>)>) -> Vec<Segment> {
    let mut all = vec![Segment::Markup("<w:tcPr>".to_owned())];
    all.extend(children.into_iter().flat_map(|(_, segments)| segments));
    all.push(Segment::Markup("</w:tcPr>".to_owned()));
    all
}

/// The properties that the tags ask for, in schema order.
fn children(
    part: &Part<'_>,
    existing: Option<usize>,
    tags: &CellTags,
) -> Vec<(&'static str, Vec<Segment>)> {
    let mut children = Vec::new();
    if let Some(tag) = tags.span.or(tags.across) {
        let columns = match tags.span {
            Some(span) => part.tags[span].tag.body.clone(),
            None => spanned(part, existing),
        };
        let times = if tags.across.is_some() { "loop.length" } else { "1" };
        let value = format!("({columns})|{SPAN}({times})");
        children.push(("w:gridSpan", vec![Segment::Value(tag, value)]));
    }
    if let Some(tag) = tags.down {
        let merge =
            |value: &str| Segment::Markup(format!("<w:vMerge w:val=\"{value}\"/>"));
        let segments = vec![
            if_first(tag),
            merge("restart"),
            Segment::Statement(tag, "else".to_owned()),
            merge("continue"),
            Segment::Statement(tag, "endif".to_owned()),
        ];
        children.push(("w:vMerge", segments));
    }
    if let Some(tag) = tags.background {
        let value = format!("({})|{SHADE}", part.tags[tag].tag.body);
        children.push(("w:shd", vec![Segment::Value(tag, value)]));
    }
    children
}

/// How many columns a cell spans in the template, as an expression.
fn spanned(part: &Part<'_>, properties: Option<usize>) -> String {
    let value = properties
        .and_then(|at| part.outline.child_attribute(at, "w:gridSpan", "w:val"))
        .and_then(|value| value.parse::<i64>().ok());
    value.unwrap_or(1).to_string()
}

fn if_first(tag: usize) -> Segment {
    Segment::Statement(tag, format!("if (loop|{LOOP}).first"))
}

/// What a cell has that continues the one above: Word does not show it.
fn empty_paragraph(part: &Part<'_>, tag: usize) -> String {
    let outline = &part.outline;
    let home = part.tags[tag].stretches[0].element;
    let properties = |around: &str, name: &str| {
        outline
            .enclosing(home, around)
            .and_then(|element| outline.child(element, name))
            .map_or("", |at| outline.raw(at))
    };
    let (paragraph, run) = (properties("w:p", "w:pPr"), properties("w:r", "w:rPr"));
    format!("<w:p>{paragraph}<w:r>{run}<w:t></w:t></w:r></w:p>")
}

/// The filter [`SHADE`]: a colour as `w:shd`; no colour is no shading.
pub(crate) fn shade(value: &Value) -> Result<Value, Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(Value::from_safe_string(String::new()));
    }
    let written = print::text(value);
    let Some(fill) = colour(&written) else {
        return Err(Explained::new(
            "docx/cell-colour",
            text!(
                "`{written}` 不是颜色，应当像 `FFCC00` 这样写",
                "`{written}` is not a colour such as `FFCC00`"
            ),
        )
        .into());
    };
    let markup = match fill.as_str() {
        "" => String::new(),
        _ => format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/>"),
    };
    Ok(Value::from_safe_string(markup))
}

/// A colour as Word writes it: six hexadecimal digits or `auto`, or nothing for
/// an empty text. A `#` before it and three digits are understood.
pub(crate) fn colour(written: &str) -> Option<String> {
    let digits = written.trim();
    let digits = digits.strip_prefix('#').unwrap_or(digits);
    let hexadecimal = digits.chars().all(|c| c.is_ascii_hexdigit());
    match digits.len() {
        0 | 6 if hexadecimal => Some(digits.to_owned()),
        3 if hexadecimal => Some(digits.chars().flat_map(|c| [c, c]).collect()),
        _ if digits.eq_ignore_ascii_case("auto") => Some("auto".to_owned()),
        _ => None,
    }
}

/// The filter [`SPAN`]: a number of columns, times the length of a loop, as
/// `w:gridSpan`.
pub(crate) fn span(value: &Value, times: &Value) -> Result<Value, Error> {
    let number = match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => i64::try_from(value.clone()).ok(),
    };
    let times = i64::try_from(times.clone()).ok();
    let columns = number.zip(times).and_then(|(number, times)| number.checked_mul(times));
    match columns.filter(|columns| (1..=MOST_COLUMNS as i64).contains(columns)) {
        Some(columns) => {
            Ok(Value::from_safe_string(format!("<w:gridSpan w:val=\"{columns}\"/>")))
        }
        None => {
            let written = columns.map_or_else(|| print::text(value), |n| n.to_string());
            Err(Explained::new(
                "docx/column-count",
                text!(
                    "单元格所占的列数应当是 1 到 {MOST_COLUMNS} 的整数，而不是 `{written}`",
                    "a cell spans 1 to {MOST_COLUMNS} columns, not `{written}`"
                ),
            )
            .into())
        }
    }
}

/// The filter [`LOOP`]: the loop around a cell.
pub(crate) fn enclosing_loop(value: Value) -> Result<Value, Error> {
    if !value.is_undefined() {
        return Ok(value);
    }
    Err(Explained::new(
        "docx/no-loop",
        text!(
            "合并单元格的标签应当在重复这个单元格的循环里",
            "a tag that merges cells must be inside the loop that repeats the cell"
        ),
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::colour;

    #[test]
    fn colours() {
        assert_eq!(colour("#fC0").as_deref(), Some("ffCC00"));
        assert_eq!(colour(" FFCC00 ").as_deref(), Some("FFCC00"));
        assert_eq!(colour("").as_deref(), Some(""));
        assert_eq!(colour("red"), None);
        assert_eq!(colour("红"), None);
    }
}
