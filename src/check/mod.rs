//! Rules over datasets, templates and finished output.
//!
//! - [`catalogue`] lists all rules, and makes the page of them.
//! - [`text`] finds what is wrong with the texts of a dataset, one by one and as a whole.
//! - [`fix`] mends what can be mended, in the dataset's file.
//! - [`fonts`]: the families a template asks for are there.
//! - [`parity`]: the PDF and the Word draft say the same.

pub mod catalogue;
pub mod fix;
pub mod fonts;
pub mod parity;
pub mod text;
