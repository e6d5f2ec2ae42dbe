//! Lengths, rectangles and matrices. Coordinates are PDF's: points, from below left.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A length in points (1/72 inch).
#[derive(Debug, Copy, Clone, PartialEq, PartialOrd, Default)]
pub struct Length(pub f64);

impl Length {
    /// A length in millimetres.
    pub const fn mm(millimetres: f64) -> Self {
        Self(millimetres * 72.0 / 25.4)
    }

    /// In millimetres.
    pub fn in_mm(self) -> f64 {
        self.0 * 25.4 / 72.0
    }
}

impl FromStr for Length {
    type Err = ();

    /// `3mm`, `0.25in`, `8.5pt`, `1cm`; a bare number is in millimetres.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let digits = text.len()
            - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (number, unit) = text.split_at(digits);
        let number: f64 = number.parse().map_err(|_| ())?;
        match unit.trim() {
            "" | "mm" | "毫米" => Ok(Self::mm(number)),
            "cm" | "厘米" => Ok(Self::mm(number * 10.0)),
            "in" => Ok(Self(number * 72.0)),
            "pt" => Ok(Self(number)),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} mm", rounded(self.in_mm()))
    }
}

/// In millimetres with two places: for people and plans.
impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        rounded(self.in_mm()).serialize(serializer)
    }
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// A rectangle; its sides are in order.
#[derive(Debug, Copy, Clone, PartialEq)]
pub struct Rect {
    /// The left side.
    pub left: f64,
    /// The lower side.
    pub bottom: f64,
    /// The right side.
    pub right: f64,
    /// The upper side.
    pub top: f64,
}

impl Rect {
    /// A rectangle from any two opposite corners, as PDF allows.
    pub fn of_corners([x0, y0, x1, y1]: [f64; 4]) -> Self {
        Self { left: x0.min(x1), bottom: y0.min(y1), right: x0.max(x1), top: y0.max(y1) }
    }

    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// How high it is.
    pub fn height(&self) -> f64 {
        self.top - self.bottom
    }

    /// What two rectangles have in common; nothing if they have no area in common.
    pub fn common(&self, other: &Self) -> Option<Self> {
        let common = Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        };
        (common.width() > 0.0 && common.height() > 0.0).then_some(common)
    }

    /// The smallest rectangle that holds both.
    pub fn around(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            bottom: self.bottom.min(other.bottom),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
        }
    }

    /// The same, with each side moved outwards.
    pub fn grown(&self, left: f64, bottom: f64, right: f64, top: f64) -> Self {
        Self {
            left: self.left - left,
            bottom: self.bottom - bottom,
            right: self.right + right,
            top: self.top + top,
        }
    }

    /// Whether it covers another one, but for a hundredth of a point.
    pub fn covers(&self, other: &Self) -> bool {
        const SLACK: f64 = 0.01;
        self.left <= other.left + SLACK
            && self.bottom <= other.bottom + SLACK
            && self.right >= other.right - SLACK
            && self.top >= other.top - SLACK
    }

    /// As PDF writes it.
    pub fn corners(&self) -> [f64; 4] {
        [self.left, self.bottom, self.right, self.top]
    }
}

/// A transformation, as the operator `cm` takes it (ISO 32000-2, 8.3.4).
#[derive(Debug, Copy, Clone, PartialEq)]
pub struct Matrix(pub [f64; 6]);

impl Matrix {
    /// Moves.
    pub fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Turns about the origin by so many quarters, against the clock.
    pub fn turned(quarters: u8) -> Self {
        let [cos, sin] = match quarters % 4 {
            0 => [1.0, 0.0],
            1 => [0.0, 1.0],
            2 => [-1.0, 0.0],
            _ => [0.0, -1.0],
        };
        Self([cos, sin, -sin, cos, 0.0, 0.0])
    }

    /// This one, and then another one.
    pub fn then(&self, next: &Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [na, nb, nc, nd, ne, nf] = next.0;
        Self([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }

    /// Where a point goes.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Where a rectangle goes, by a transformation that keeps it upright.
    pub fn rect(&self, rect: &Rect) -> Rect {
        let (x0, y0) = self.point(rect.left, rect.bottom);
        let (x1, y1) = self.point(rect.right, rect.top);
        Rect::of_corners([x0, y0, x1, y1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units() {
        let read =
            |text: &str| text.parse::<Length>().map(|length| length.in_mm().round());
        assert_eq!(read("25.4mm"), Ok(25.0));
        assert_eq!(read("1in"), Ok(25.0));
        assert_eq!(read("3"), Ok(3.0));
        assert_eq!(read("72 pt"), Ok(25.0));
        assert_eq!(read("3 ells"), Err(()));
        assert_eq!(read("-3mm"), Err(()));
    }

    #[test]
    fn matrices_are_applied_in_order() {
        let matrix = Matrix::turned(1).then(&Matrix::moved(10.0, 0.0));
        assert_eq!(matrix.point(2.0, 0.0), (10.0, 2.0));
        let rect = Rect::of_corners([0.0, 0.0, 2.0, 1.0]);
        assert_eq!(matrix.rect(&rect), Rect::of_corners([9.0, 0.0, 10.0, 2.0]));
    }
}
