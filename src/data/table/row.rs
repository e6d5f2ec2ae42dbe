//! A row of cells as a dataset.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Number, Value};

use super::cells::Cells;
use super::columns::{Column, Columns, Step};
use super::fields::Field;
use crate::data::Dataset;
use crate::data::calendar::Date;
use crate::data::decimal::Decimal;
use crate::data::json::{Member, Node, Shape, pointer_join};
use crate::diag::{Diagnostics, Source};

/// What a row says so far.
enum Tree {
    Leaf(Shape),
    Object(Vec<(String, Branch)>),
    List(BTreeMap<usize, Branch>),
}

/// A value and the bytes that it was said first with.
struct Branch {
    range: Range<usize>,
    tree: Tree,
}

/// The dataset of a row. Empty cells say nothing.
pub(super) fn dataset(
    name: &str,
    cells: &Cells,
    row: usize,
    columns: &Columns<'_>,
) -> Dataset {
    let (source, ranges) = cells.source(name, row);
    let words: Vec<&str> = cells.row(row).collect();
    let mut root =
        Branch { range: 0..source.text().len(), tree: Tree::Object(Vec::new()) };
    for column in &columns.0 {
        let (Some(words), Some(range)) =
            (words.get(column.number), ranges.get(column.number))
        else {
            continue;
        };
        if !words.trim().is_empty() {
            put(&mut root, &column.path, range, value(words, column, range));
        }
    }
    let mut places = BTreeMap::new();
    let root = node(root, "", &mut places);
    Dataset { places, ..Dataset::of(source, root) }
}

/// Puts a value where its path leads. No path clashes with another.
fn put(branch: &mut Branch, path: &[Step], range: &Range<usize>, value: Shape) {
    let Some((step, rest)) = path.split_first() else {
        branch.tree = Tree::Leaf(value);
        return;
    };
    let empty = || Branch {
        range: range.clone(),
        tree: match rest.first() {
            Some(Step::Item(_)) => Tree::List(BTreeMap::new()),
            _ => Tree::Object(Vec::new()),
        },
    };
    match (&mut branch.tree, step) {
        (Tree::Object(members), Step::Key(key)) => {
            let at = members.iter().position(|(known, _)| known == key);
            let at = at.unwrap_or_else(|| {
                members.push((key.clone(), empty()));
                members.len() - 1
            });
            put(&mut members[at].1, rest, range, value);
        }
        (Tree::List(items), Step::Item(index)) => {
            put(items.entry(*index).or_insert_with(empty), rest, range, value);
        }
        // Columns whose paths clash have been told and left out.
        _ => {}
    }
}

/// The tree as the reader of JSON would give it, and the numbers that the items of its
/// lists were called by.
fn node(
    branch: Branch,
    pointer: &str,
    places: &mut BTreeMap<String, Vec<usize>>,
) -> Node {
    let Branch { range, tree } = branch;
    let shape = match tree {
        Tree::Leaf(shape) => shape,
        Tree::Object(members) => {
            let member = |(key, branch): (String, Branch)| Member {
                key_range: branch.range.clone(),
                node: node(branch, &pointer_join(pointer, &key), places),
                key,
            };
            Shape::Object(members.into_iter().map(member).collect())
        }
        Tree::List(items) => {
            places.insert(pointer.to_string(), items.keys().copied().collect());
            let items = items.into_values().enumerate();
            let item = |(index, branch): (usize, Branch)| {
                node(branch, &pointer_join(pointer, &index.to_string()), places)
            };
            Shape::Array(items.map(item).collect())
        }
    };
    Node { range, file: 0, shape }
}

/// What a cell says: what the schema wants there if it can be that, else text.
fn value(words: &str, column: &Column<'_>, range: &Range<usize>) -> Shape {
    let words = words.trim();
    let text = || Shape::Leaf(words.into());
    let Some(field) = &column.field else { return text() };
    if let Some(value) = scalar(words, field) {
        return Shape::Leaf(value);
    }
    if words.starts_with(['[', '{'])
        && (field.may_be("array") || field.may_be("object"))
        && let Some(node) = written(words, range)
    {
        return node.shape;
    }
    match field.may_be("array") && !field.may_be("string") {
        true => list(words, field, range),
        false => text(),
    }
}

/// A number, a truth or a day, if the schema wants one.
fn scalar(words: &str, field: &Field<'_>) -> Option<Value> {
    if field.may_be("number") || field.may_be("integer") {
        // `007` is no number where it may be a text.
        let digits = words.strip_prefix('-').unwrap_or(words);
        let named = digits.starts_with('0')
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.len() > 1
            && !digits.starts_with("0.");
        if !(named && field.may_be("string"))
            && let Some(number) = number(words)
        {
            return Some(Value::Number(number));
        }
    }
    if field.may_be("boolean")
        && let Some(truth) = truth(words)
    {
        return Some(Value::Bool(truth));
    }
    let date = field.is_day().then(|| Date::read(words)).flatten();
    date.map(|date| date.iso().into())
}

fn number(words: &str) -> Option<Number> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        c => c,
    };
    let words: String = words.chars().map(narrow).collect();
    Decimal::read(&words)?.trimmed().to_string().parse().ok()
}

fn truth(words: &str) -> Option<bool> {
    match words.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" | "有" | "对" | "√" | "✓" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "无" | "不是" | "没有" | "×" => {
            Some(false)
        }
        _ => None,
    }
}

/// A cell that is written as JSON; all of it stands in that cell.
fn written(words: &str, range: &Range<usize>) -> Option<Node> {
    let source = Source::new("", words);
    let mut faults = Diagnostics::new();
    let mut node = crate::data::json::read(&source, &mut faults)?;
    if faults.has_errors() {
        return None;
    }
    stand(&mut node, range);
    Some(node)
}

fn stand(node: &mut Node, range: &Range<usize>) {
    node.range = range.clone();
    match &mut node.shape {
        Shape::Array(items) => items.iter_mut().for_each(|item| stand(item, range)),
        Shape::Object(members) => members.iter_mut().for_each(|member| {
            member.key_range = range.clone();
            stand(&mut member.node, range);
        }),
        Shape::Leaf(_) | Shape::Broken => {}
    }
}

/// A list of words: an item a line, or with marks between them.
fn list(words: &str, field: &Field<'_>, range: &Range<usize>) -> Shape {
    let marks: &[char] = match words.contains('\n') {
        true => &['\n'],
        false => &['、', ';', '；', '|', ',', '，'],
    };
    let item = |(index, word): (usize, &str)| {
        let value = field.child(&index.to_string()).and_then(|item| scalar(word, &item));
        let shape = Shape::Leaf(value.unwrap_or_else(|| word.into()));
        Node { range: range.clone(), file: 0, shape }
    };
    let items = words.split(marks).map(str::trim).filter(|word| !word.is_empty());
    Shape::Array(items.enumerate().map(item).collect())
}
