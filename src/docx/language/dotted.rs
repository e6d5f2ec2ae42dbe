//! 着重号: a text with a dot at each of its characters, below them in Chinese.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};

use crate::docx::opc::order::Properties;

/// A text with emphasis dots.
#[derive(Debug, Clone)]
pub(crate) struct Dotted {
    /// The text.
    pub(crate) text: String,
    /// The value that it is the text of.
    pub(crate) source: Value,
}

impl Object for Dotted {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The properties of a run, with dots.
pub(crate) fn properties(run: &str) -> String {
    let mut properties = Properties::read(run);
    properties.set("w:em", "<w:em w:val=\"dot\"/>".to_owned());
    properties.write("w:rPr")
}
