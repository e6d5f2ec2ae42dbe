//! Folds a sheet on paper: which page is where, and which way up.

/// A fold in the middle of what there is: which half is put over the other one.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Fold {
    /// The left half over the right one.
    Left,
    /// The right half over the left one.
    Right,
    /// The upper half over the lower one.
    Upper,
}

/// A leaf of the sheet: what is printed on both of its sides at a place.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) struct Leaf {
    /// The row, from above, as seen from the back.
    pub(super) row: usize,
    /// The column, from the left, as seen from the back.
    pub(super) column: usize,
    /// The page on the front, from 0.
    pub(super) front: usize,
    /// The page on the back, from 0.
    pub(super) back: usize,
    /// Whether both stand on their heads.
    pub(super) upside_down: bool,
    /// How many leaves are outside of it, in its half of the signature.
    pub(super) depth: usize,
}

#[derive(Debug, Copy, Clone)]
struct Face {
    row: usize,
    column: usize,
    /// Whether the front is up.
    front_up: bool,
    upside_down: bool,
}

/// The folds of a signature; the last one is its back.
pub(super) fn folds(signature: usize) -> Option<&'static [Fold]> {
    use Fold::{Left, Right, Upper};
    match signature {
        4 => Some(&[Left]),
        8 => Some(&[Upper, Left]),
        16 => Some(&[Right, Upper, Left]),
        32 => Some(&[Upper, Right, Upper, Left]),
        _ => None,
    }
}

/// Columns and rows of a sheet that is folded so.
pub(super) fn grid(folds: &[Fold]) -> (usize, usize) {
    let along = folds.iter().filter(|fold| **fold == Fold::Upper).count();
    (1 << (folds.len() - along), 1 << along)
}

/// The leaves of a sheet that lies with its back up and is folded so. Page 0 is then on
/// top, and the back of the book on its left.
pub(super) fn fold(folds: &[Fold]) -> Vec<Leaf> {
    let (columns, rows) = grid(folds);
    // Stacks from above to below, by row and column.
    let mut stacks: Vec<Vec<Vec<Face>>> = (0..rows)
        .map(|row| {
            let face = |column| Face { row, column, front_up: false, upside_down: false };
            (0..columns).map(|column| vec![face(column)]).collect()
        })
        .collect();
    for fold in folds {
        match fold {
            Fold::Left => {
                for row in &mut stacks {
                    let right = row.split_off(row.len() / 2);
                    let moved = row.drain(..).rev();
                    *row = moved
                        .zip(right)
                        .map(|(over, under)| put(over, under, false))
                        .collect();
                }
            }
            Fold::Right => {
                for row in &mut stacks {
                    let moved = row.split_off(row.len() / 2).into_iter().rev();
                    let under = row.drain(..);
                    *row = moved
                        .zip(under)
                        .map(|(over, under)| put(over, under, false))
                        .collect();
                }
            }
            Fold::Upper => {
                let lower = stacks.split_off(stacks.len() / 2);
                let moved = stacks.drain(..).rev();
                let rows = moved.zip(lower).map(|(over, under)| {
                    over.into_iter()
                        .zip(under)
                        .map(|(over, under)| put(over, under, true))
                        .collect()
                });
                stacks = rows.collect();
            }
        }
    }
    let stack = stacks.pop().and_then(|mut row| row.pop()).unwrap_or_default();
    let count = stack.len();
    // The sheet can be turned by half a turn as a whole: the first page stands upright.
    let turned = stack.first().is_some_and(|face| face.upside_down);
    let leaf = |(index, face): (usize, Face)| {
        let (up, down) = (2 * index, 2 * index + 1);
        let (front, back) = if face.front_up { (up, down) } else { (down, up) };
        let (row, column) = match turned {
            true => (rows - 1 - face.row, columns - 1 - face.column),
            false => (face.row, face.column),
        };
        Leaf {
            row,
            column,
            front,
            back,
            upside_down: face.upside_down != turned,
            depth: index.min(count - 1 - index),
        }
    };
    stack.into_iter().enumerate().map(leaf).collect()
}

/// A stack turned over onto another one.
fn put(over: Vec<Face>, under: Vec<Face>, along: bool) -> Vec<Face> {
    let turn = |face: Face| Face {
        front_up: !face.front_up,
        upside_down: face.upside_down != along,
        ..face
    };
    over.into_iter().rev().map(turn).chain(under).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages on the front, as they are seen, from 1; those on their heads negative.
    fn front(signature: usize) -> Vec<Vec<i32>> {
        let folds = folds(signature).expect("a signature");
        let (columns, rows) = grid(folds);
        let mut seen = vec![vec![0; columns]; rows];
        for leaf in fold(folds) {
            let page = i32::try_from(leaf.front + 1).expect("a page");
            seen[leaf.row][columns - 1 - leaf.column] =
                if leaf.upside_down { -page } else { page };
        }
        seen
    }

    fn back(signature: usize) -> Vec<Vec<i32>> {
        let folds = folds(signature).expect("a signature");
        let (columns, rows) = grid(folds);
        let mut seen = vec![vec![0; columns]; rows];
        for leaf in fold(folds) {
            let page = i32::try_from(leaf.back + 1).expect("a page");
            seen[leaf.row][leaf.column] = if leaf.upside_down { -page } else { page };
        }
        seen
    }

    /// As handbooks of bookbinding have them.
    #[test]
    fn signatures_are_those_of_the_handbooks() {
        assert_eq!(front(4), [[4, 1]]);
        assert_eq!(back(4), [[2, 3]]);
        assert_eq!(front(8), [[-5, -4], [8, 1]]);
        assert_eq!(back(8), [[-3, -6], [2, 7]]);
        assert_eq!(front(16), [[-5, -12, -9, -8], [4, 13, 16, 1]]);
        assert_eq!(back(16), [[-7, -10, -11, -6], [2, 15, 14, 3]]);
        assert_eq!(front(32)[3], [8, 25, 32, 1]);
    }

    #[test]
    fn every_page_is_there_once() {
        for signature in [4, 8, 16, 32] {
            let leaves = fold(folds(signature).expect("a signature"));
            let mut pages: Vec<usize> =
                leaves.iter().flat_map(|leaf| [leaf.front, leaf.back]).collect();
            pages.sort_unstable();
            assert_eq!(pages, (0..signature).collect::<Vec<_>>());
        }
    }
}
