//! Rules over datasets, templates and finished output.
//!
//! - [`catalogue`] lists all rules, and makes the page of them.
//! - [`text`] finds what is wrong with the texts of a dataset, one by one and as a whole.
//! - [`figure`], [`name`] and [`structure`] compare the texts of a dataset with each other.
//! - [`fix`] mends what can be mended, in the dataset's file.
//! - [`fonts`]: the families a template asks for are there.
//! - [`glyph`]: characters that faces do not have.
//! - [`laid_out`]: all rules about laid-out pages, as builds ask them.
//! - [`layout`]: rules about laid-out pages; [`image`]: about the pictures on them.
//! - [`parity`]: the PDF and the Word draft say the same.
//! - [`template`]: what templates ask of data and leave out.
//! - [`told`]: how many findings of a rule are told.

pub mod catalogue;
mod figure;
pub mod fix;
pub mod fonts;
pub mod glyph;
pub mod image;
pub mod laid_out;
pub mod layout;
mod name;
pub mod parity;
mod structure;
pub mod template;
pub mod text;
pub mod told;
