//! Rules over datasets, templates and finished output.
//!
//! - [`catalogue`] lists all rules, and makes the page of them.
//! - [`text`] finds what is wrong with the texts of a dataset, one by one and as a whole.
//! - [`figure`], [`name`] and [`structure`] compare the texts of a dataset with each other.
//! - [`fix`] mends what can be mended, in the dataset's file.
//! - [`fonts`]: the families a template asks for are there.
//! - [`parity`]: the PDF and the Word draft say the same.

pub mod catalogue;
mod figure;
pub mod fix;
pub mod fonts;
mod name;
pub mod parity;
mod structure;
pub mod text;
