//! The row of headings: which it is, and which field each column has.

use super::shape::{Field, Kind, Shape};
use super::sheet::Sheet;
use super::words;
use crate::diag::{Diagnostic, Diagnostics, SLIP, nearest};
use crate::text;

/// What a column is.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its number in the sheet, from 0.
    pub(super) number: u32,
    /// The level of its objects.
    pub(super) level: usize,
    pub(super) field: Field,
}

/// The columns of a sheet.
#[derive(Debug)]
pub(super) struct Columns {
    /// The row of the headings.
    pub(super) row: u32,
    pub(super) list: Vec<Column>,
    /// The fields by which the levels hold each other.
    pub(super) lists: Vec<String>,
    /// Where a row of one cell only, a heading inside of the table, belongs.
    pub(super) section: Option<(usize, String)>,
}

/// How far down headings may be: under a title, a date, a line about the unit.
const DEPTH: usize = 20;

/// Finds the headings of a sheet.
pub(super) fn find(
    sheet: &Sheet,
    shape: Option<&Shape>,
    faults: &mut Diagnostics,
) -> Option<Columns> {
    let known = |heading: &str| {
        words::field(heading).is_some()
            || shape.is_some_and(|shape| shape.find(heading).is_some())
    };
    let rows = sheet.rows();
    let count = |cells: &[(u32, &str)]| cells.iter().filter(|(_, c)| known(c)).count();
    // Of equals, the first.
    let best = rows.iter().take(DEPTH).rev().max_by_key(|(_, cells)| count(cells));
    let headings = best.filter(|(_, cells)| count(cells) > cells.len().min(3) / 2);
    let Some((row, cells)) = headings else {
        faults
            .push(no_header(sheet, rows.first().map(|(row, cells)| (*row, cells[0].0))));
        return None;
    };
    let own = Shape::of_headings(cells.iter().map(|(_, heading)| *heading));
    Some(Columns::of(sheet, *row, cells, shape.unwrap_or(&own), faults))
}

impl Columns {
    fn of(
        sheet: &Sheet,
        row: u32,
        cells: &[(u32, &str)],
        shape: &Shape,
        faults: &mut Diagnostics,
    ) -> Self {
        let mut list: Vec<Column> = Vec::new();
        for (number, heading) in cells {
            let (number, heading) = (*number, *heading);
            let found = shape.find(heading);
            let taken = |(level, field): (usize, usize)| {
                let key = &shape.levels[level].fields[field].key;
                list.iter().any(|c| c.level == level && c.field.key == *key)
            };
            let column = match found {
                Some(at) if !taken(at) => {
                    let field = shape.levels[at.0].fields[at.1].clone();
                    Column { number, level: at.0, field }
                }
                None if words::field(heading) == Some(words::NUMBER) => continue,
                found => {
                    faults.push(unknown(
                        sheet,
                        (row, number),
                        heading,
                        shape,
                        found.is_some(),
                    ));
                    let level = shape.levels.len() - 1;
                    Column { number, level, field: kept(heading) }
                }
            };
            list.push(column);
        }
        let lists = shape.levels.iter().map(|level| level.list.clone()).collect();
        Self { row, section: section(shape, &list), list, lists }
    }
}

/// The field of a heading inside of the table: the first of the outer objects, or
/// the delegation of a flat list.
fn section(shape: &Shape, columns: &[Column]) -> Option<(usize, String)> {
    let has_names = columns.iter().any(|column| column.field.kind == Kind::Name);
    if shape.levels.len() > 1 {
        let first = shape.levels[0].fields.first()?;
        return Some((0, first.key.clone()));
    }
    let fields = &shape.levels.first()?.fields;
    let delegation = |field: &&Field| {
        field.key == "delegation" || words::field(&field.title) == Some("delegation")
    };
    let field = fields.iter().find(delegation).map(|field| field.key.clone());
    // Without a schema, any field may be there.
    let usual = fields.iter().all(|field| field.title.is_empty());
    field
        .or_else(|| (usual && has_names).then(|| "delegation".into()))
        .map(|key| (0, key))
}

/// The field of a column that nobody knows.
fn kept(heading: &str) -> Field {
    let key = words::bare(heading);
    let key = if key.is_empty() { heading.trim().to_string() } else { key };
    Field { key, title: String::new(), kind: Kind::Text, required: false }
}

fn no_header(sheet: &Sheet, first: Option<(u32, u32)>) -> Diagnostic {
    let examples = words::examples().join("、");
    let place = first.map_or_else(|| sheet.whole(), |at| sheet.place(at));
    Diagnostic::error(
        "import/no-header",
        text!("找不到表头", "there is no row of headings"),
    )
    .at(place)
    .hint(text!(
        "在名单上面加一行表头，例如：{examples}",
        "put headings above the list, such as: {examples}"
    ))
}

fn unknown(
    sheet: &Sheet,
    at: (u32, u32),
    heading: &str,
    shape: &Shape,
    twice: bool,
) -> Diagnostic {
    let heading = heading.trim();
    let message = match twice {
        true => text!(
            "`{heading}` 一列的字段前面已经有了，用表头作字段名",
            "another column has the field of `{heading}` already; it is kept under its heading"
        ),
        false => text!(
            "不认识 `{heading}` 这一列，用表头作字段名",
            "unknown column `{heading}`, kept under its heading"
        ),
    };
    let fault = Diagnostic::warning("import/unknown-column", message).at(sheet.place(at));
    let titles = shape.levels.iter().flat_map(|level| &level.fields);
    let titles =
        titles.map(|field| field.title.as_str()).filter(|title| !title.is_empty());
    match nearest(heading, titles.chain(words::examples()), SLIP) {
        Some(near) => fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?")),
        None => fault,
    }
}
