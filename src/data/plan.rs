//! The plan of a hall: its rows, and how the seats of a row are numbered.

use std::fmt;

/// A seat, by the number of its row from the stage and its own number.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub struct Seat {
    /// The row, from 1.
    pub row: usize,
    /// The number in the row, from 1.
    pub number: usize,
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}排{}号", self.row, self.number)
    }
}

/// How the seats of a row are numbered.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Numbering {
    /// From the middle outwards, left before right. Of an odd number of seats, 1
    /// is in the middle and 2 on its left; of an even number, 1 and 2 are in the
    /// middle, 1 on the left.
    Middle,
    /// From left to right.
    Across,
}

/// Whose left is the left.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Viewpoint {
    /// Of those on the stage, who look at the audience.
    Stage,
    /// Of those in the hall, who look at the stage.
    Audience,
}

/// The plan of a hall.
#[derive(Debug)]
pub struct Plan {
    /// The number of seats of each row, from the stage.
    rows: Vec<usize>,
    numbering: Numbering,
    viewpoint: Viewpoint,
}

impl Plan {
    /// The most rows, and seats in a row, that a hall may have.
    pub const LARGEST: usize = 500;

    /// A hall with rows of some seats each.
    pub fn new(rows: Vec<usize>, numbering: Numbering, viewpoint: Viewpoint) -> Self {
        Self { rows, numbering, viewpoint }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many seats a row has; none if there is no such row.
    pub fn seats(&self, row: usize) -> usize {
        row.checked_sub(1).and_then(|index| self.rows.get(index)).copied().unwrap_or(0)
    }

    /// How many seats there are.
    pub fn size(&self) -> usize {
        self.rows.iter().sum()
    }

    /// Whether there is such a seat.
    pub fn has(&self, seat: Seat) -> bool {
        (1..=self.seats(seat.row)).contains(&seat.number)
    }

    /// The numbers of a row's seats from left to right, as the audience sees them.
    pub fn row(&self, row: usize) -> impl Iterator<Item = usize> {
        let seats = self.seats(row);
        let number = move |place: usize| match self.viewpoint {
            Viewpoint::Audience => self.number(place, seats),
            Viewpoint::Stage => self.number(seats - 1 - place, seats),
        };
        (0..seats).map(number)
    }

    /// The number of the seat at a place from the left.
    fn number(&self, place: usize, seats: usize) -> usize {
        let middle = seats / 2;
        match (self.numbering, seats % 2) {
            (Numbering::Across, _) => place + 1,
            (Numbering::Middle, 1) if place <= middle => (2 * (middle - place)).max(1),
            (Numbering::Middle, 1) => 2 * (place - middle) + 1,
            (Numbering::Middle, _) if place < middle => 2 * (middle - place) - 1,
            (Numbering::Middle, _) => 2 * (place - middle) + 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seats: usize, numbering: Numbering, viewpoint: Viewpoint) -> Vec<usize> {
        Plan::new(vec![seats], numbering, viewpoint).row(1).collect()
    }

    #[test]
    fn seats_are_numbered_from_the_middle_left_first() {
        use Numbering::{Across, Middle};
        use Viewpoint::{Audience, Stage};
        assert_eq!(row(7, Middle, Audience), [6, 4, 2, 1, 3, 5, 7]);
        assert_eq!(row(6, Middle, Audience), [5, 3, 1, 2, 4, 6]);
        assert_eq!(row(7, Middle, Stage), [7, 5, 3, 1, 2, 4, 6]);
        assert_eq!(row(6, Middle, Stage), [6, 4, 2, 1, 3, 5]);
        assert_eq!(row(3, Across, Stage), [3, 2, 1]);
        assert_eq!(row(1, Middle, Audience), [1]);
        assert_eq!(row(0, Middle, Stage), [0; 0]);
    }
}
