//! Which piece of one side is which of the other.
//!
//! 1. A diff by text finds what is the same in the same order, so that one missing
//!    paragraph does not make all after it differ.
//! 2. What is left between is paired: pieces that are parted on one side and joined
//!    on the other, then those that are alike, as changed ones.
//! 3. What is on one side only, and the same on the other at another place, has moved.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp};

use super::account::{Kind, Piece};
use super::likeness::Pairs;

/// What a piece, or several, of one side is on the other.
#[derive(Debug, Clone, Eq, PartialEq)]
pub enum Link {
    /// The same text.
    Same(usize, usize),
    /// Another text in the same place.
    Changed(usize, usize),
    /// The same text, parted differently.
    Parted(Range<usize>, Range<usize>),
    /// The same text at another place in the order.
    Moved(usize, usize),
    /// Only in the first.
    First(usize),
    /// Only in the second.
    Second(usize),
}

/// How alike two texts must be to be the same one, changed.
const ALIKE: f64 = 0.5;

/// What pieces of the same kind between the same neighbours count, if they are not
/// alike at all.
const SAME_PLACE: f64 = 0.3;

/// How many pairs are looked at between two places where both sides are the same.
const MOST_PAIRS: usize = 20_000;

/// How long a text must be to be known again at another place, in characters.
const TELLING: usize = 2;

/// Links the pieces of two sides, in the order of the first.
pub fn align(first: &[Piece], second: &[Piece]) -> Vec<Link> {
    let (a, b) = numbered(first, second);
    let mut links = Vec::new();
    let mut gap = (0..0, 0..0);
    for op in similar::capture_diff_slices(Algorithm::Myers, &a, &b) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                between(first, second, std::mem::take(&mut gap), &mut links);
                links.extend((0..len).map(|i| Link::Same(old_index + i, new_index + i)));
                gap =
                    (old_index + len..old_index + len, new_index + len..new_index + len);
            }
            // Only how many there are: an insertion need not know where it is.
            other => {
                gap.0.end += other.old_range().len();
                gap.1.end += other.new_range().len();
            }
        }
    }
    between(first, second, gap, &mut links);
    moved(first, second, &mut links);
    links
}

/// The texts as numbers, equal for equal texts.
fn numbered(first: &[Piece], second: &[Piece]) -> (Vec<usize>, Vec<usize>) {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut number = |piece: &Piece| {
        let next = known.len();
        *known.entry(piece.alignment_key()).or_insert(next)
    };
    let a = first.iter().map(&mut number).collect();
    (a, second.iter().map(&mut number).collect())
}

/// Pairs what stands between two places where both sides are the same.
fn between(
    first: &[Piece],
    second: &[Piece],
    (a, b): (Range<usize>, Range<usize>),
    links: &mut Vec<Link>,
) {
    let (mut i, mut j) = (a.start, b.start);
    let (mut start_i, mut start_j) = (i, j);
    // What is parted differently has the same text from the same places on; it
    // splits the rest.
    while i < a.end && j < b.end {
        match parted(&first[i..a.end], &second[j..b.end]) {
            Some((n, m)) => {
                pair(first, second, (start_i..i, start_j..j), links);
                links.push(Link::Parted(i..i + n, j..j + m));
                (i, j) = (i + n, j + m);
                (start_i, start_j) = (i, j);
            }
            None => match next_parted(first, second, i..a.end, j..b.end) {
                Some((to_i, to_j)) => (i, j) = (to_i, to_j),
                None => break,
            },
        }
    }
    pair(first, second, (start_i..a.end, start_j..b.end), links);
}

/// The next places after these from which both sides have the same text.
fn next_parted(
    first: &[Piece],
    second: &[Piece],
    a: Range<usize>,
    b: Range<usize>,
) -> Option<(usize, usize)> {
    if a.len().saturating_mul(b.len()) > MOST_PAIRS {
        return None;
    }
    let all = a.clone().flat_map(|i| b.clone().map(move |j| (i, j)));
    let mut found: Vec<(usize, usize)> = all
        .filter(|place| *place != (a.start, b.start))
        .filter(|(i, j)| parted(&first[*i..a.end], &second[*j..b.end]).is_some())
        .collect();
    found.sort_by_key(|(i, j)| i - a.start + (j - b.start));
    found.first().copied()
}

/// How many pieces from here on of each side have the same text together, if they
/// are parted differently.
fn parted(first: &[Piece], second: &[Piece]) -> Option<(usize, usize)> {
    let (mut n, mut m) = (1, 1);
    let mut left = first.first()?.key.clone();
    let mut right = second.first()?.key.clone();
    let joins = |piece: &Piece| !matches!(piece.kind, Kind::Picture);
    if !joins(first.first()?) || !joins(second.first()?) {
        return None;
    }
    loop {
        if left.len() == right.len() {
            return (left == right && n + m > 2).then_some((n, m));
        }
        let (shorter, longer, count, side) = match left.len() < right.len() {
            true => (&mut left, &right, &mut n, first),
            false => (&mut right, &left, &mut m, second),
        };
        if !longer.starts_with(shorter.as_str()) {
            return None;
        }
        let next = side.get(*count).filter(|piece| joins(piece))?;
        shorter.push_str(&next.key);
        *count += 1;
    }
}

/// Pairs pieces that are alike, in order, so that they are as alike as can be.
fn pair(
    first: &[Piece],
    second: &[Piece],
    (a, b): (Range<usize>, Range<usize>),
    links: &mut Vec<Link>,
) {
    let (rows, columns) = (a.len(), b.len());
    if rows == 0 || columns == 0 || rows.saturating_mul(columns) > MOST_PAIRS {
        links.extend(a.map(Link::First));
        links.extend(b.map(Link::Second));
        return;
    }
    let pairs = |piece: &Piece| Pairs::of(&piece.key);
    let left: Vec<Pairs> = first[a.clone()].iter().map(pairs).collect();
    let right: Vec<Pairs> = second[b.clone()].iter().map(pairs).collect();
    let score = |i: usize, j: usize| {
        let kinds = (first[a.start + i].kind, second[b.start + j].kind);
        likeness(kinds, left[i].likeness(&right[j]))
    };
    // best[i][j] is how alike the rest from i and j on can be made.
    let mut best = vec![vec![0.0_f64; columns + 1]; rows + 1];
    let mut scores = vec![vec![0.0_f64; columns]; rows];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            scores[i][j] = score(i, j);
            let paired = scores[i][j] + best[i + 1][j + 1];
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < rows && j < columns {
        if scores[i][j] > 0.0 && best[i][j] <= scores[i][j] + best[i + 1][j + 1] {
            links.push(Link::Changed(a.start + i, b.start + j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] <= best[i + 1][j] {
            links.push(Link::First(a.start + i));
            i += 1;
        } else {
            links.push(Link::Second(b.start + j));
            j += 1;
        }
    }
    links.extend((a.start + i..a.end).map(Link::First));
    links.extend((b.start + j..b.end).map(Link::Second));
}

/// How much two pieces of different texts are one, changed: 0 is not at all.
fn likeness(kinds: (Kind, Kind), texts: f64) -> f64 {
    let alike = match kinds {
        (Kind::Picture, Kind::Picture) | (Kind::Note, Kind::Note) => true,
        (Kind::Picture | Kind::Note, _) | (_, Kind::Picture | Kind::Note) => return 0.0,
        (Kind::Heading(a), Kind::Heading(b)) => a == b,
        (Kind::Cell(a), Kind::Cell(b)) => a.column == b.column,
        (a, b) => std::mem::discriminant(&a) == std::mem::discriminant(&b),
    };
    match (texts >= ALIKE, alike) {
        (true, _) => texts,
        (false, true) => SAME_PLACE * (1.0 + texts) / 2.0,
        (false, false) => 0.0,
    }
}

/// Turns what is on one side only, and on the other at another place, into moves.
fn moved(first: &[Piece], second: &[Piece], links: &mut Vec<Link>) {
    let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
    for link in links.iter() {
        if let Link::Second(j) = link {
            waiting.entry(second[*j].alignment_key()).or_default().push(*j);
        }
    }
    waiting.values_mut().for_each(|places| places.reverse());
    let mut gone = Vec::new();
    for link in links.iter_mut() {
        if let Link::First(i) = *link
            && first[i].key.chars().nth(TELLING - 1).is_some()
            && let Some(j) = waiting.get_mut(&first[i].alignment_key()).and_then(Vec::pop)
        {
            *link = Link::Moved(i, j);
            gone.push(j);
        }
    }
    links.retain(|link| !matches!(link, Link::Second(j) if gone.contains(j)));
}
