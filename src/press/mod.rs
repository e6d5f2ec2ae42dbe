//! Print work on finished PDF files, ours or anybody's.
//!
//! - [`document`] opens a file and says what is wrong with one that cannot be used.
//! - [`page`] knows a page's boxes and how it is turned; [`geometry`] has lengths,
//!   rectangles and matrices, [`paper`] the sizes of sheets.
//! - [`impose`] places pages on sheets so that they can be folded, cut and bound.

pub mod document;
pub mod geometry;
pub mod impose;
pub mod page;
pub mod paper;
