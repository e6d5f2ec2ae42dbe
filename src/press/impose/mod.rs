//! Imposition: pages placed on sheets so that they come out in order once the sheets are
//! folded, cut and bound.
//!
//! # Steps
//! 1. [`scheme`] says how a job is bound; [`folding`] folds a sheet and tells which page
//!    comes where.
//! 2. [`layout`] gives each page its cell on the sheet: gaps, bleed, creep.
//! 3. [`marks`] draws what the print shop cuts, folds and registers by.
//! 4. [`draw`] makes the sheets: each page becomes a form that is drawn in its cell, so
//!    that fonts and pictures stay as they are and are there once.
//! 5. [`diagram`] draws the plan for people.

mod diagram;
mod draw;
mod folding;
mod layout;
mod marks;
pub mod scheme;

use serde::Serialize;

pub use self::diagram::svg;
pub use self::layout::plan;
pub use self::scheme::{Order, Scheme, Turn};
use super::document::Print;
use super::geometry::{Length, Rect};
use crate::diag::Result;

/// What is on which sheet.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// How it is bound.
    pub scheme: String,
    /// How wide the sheets are.
    pub width: Length,
    /// How high they are.
    pub height: Length,
    /// How many pages there are.
    pub pages: usize,
    /// How many empty pages fill the last sheets.
    pub blanks: usize,
    /// How thick the back of the book is, if it has a cover of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spine: Option<Length>,
    /// The sheets.
    pub sheets: Vec<Sheet>,
}

/// A sheet of paper.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    /// What it is, for the slug: 第1张, 封面.
    pub name: String,
    /// What is printed first.
    pub front: Side,
    /// What is printed on the other side, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back: Option<Side>,
}

/// A side of a sheet.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Side {
    /// The pages on it.
    pub cells: Vec<Cell>,
    /// Where it is folded, as positions from the left.
    pub folds_across: Vec<Length>,
    /// Where it is folded, as positions from below.
    pub folds_along: Vec<Length>,
}

/// The place of a page on a sheet.
#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    /// The page, counted from 1; an empty one if there is none.
    pub page: Option<usize>,
    /// The trimmed page, from the sheet's corner below left.
    #[serde(serialize_with = "in_mm")]
    pub rect: Rect,
    /// Whether it stands on its head.
    pub upside_down: bool,
    /// How far its content is moved to the right (creep).
    pub shift: Length,
    /// How far it is printed beyond the trim: left, below, right, above.
    pub bleed: [Length; 4],
    /// What its content is scaled by.
    pub scale: f64,
}

fn in_mm<S: serde::Serializer>(
    rect: &Rect,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    rect.corners().map(Length).serialize(serializer)
}

impl Sheet {
    /// Its front, and its back if it has one.
    pub fn sides(&self) -> impl Iterator<Item = &Side> {
        std::iter::once(&self.front).chain(&self.back)
    }
}

impl Plan {
    /// The sides in the order in which they are printed.
    pub fn sides(&self) -> impl Iterator<Item = (&Sheet, &Side)> {
        self.sheets.iter().flat_map(|sheet| sheet.sides().map(move |side| (sheet, side)))
    }
}

/// Makes the sheets of a plan, as the bytes of a PDF file.
///
/// # Errors
/// Pages whose contents cannot be read, each with its number.
pub fn sheets(print: Print, plan: &Plan, job: &Order) -> Result<Vec<u8>> {
    draw::sheets(print, plan, job)
}
