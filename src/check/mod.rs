//! Rules over datasets, templates and finished output.
//!
//! - [`fonts`]: the families a template asks for are there.

pub mod fonts;
