//! Rules over datasets, templates and finished output.
//!
//! - [`fonts`]: the families a template asks for are there.
//! - [`parity`]: the PDF and the Word draft say the same.

pub mod fonts;
pub mod parity;
