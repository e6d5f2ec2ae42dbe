//! Fields, followed from paragraph to paragraph.

use crate::docx::output::fields;

/// The fields that are open at a place.
#[derive(Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// Whether its result has begun.
    separated: bool,
}

impl Fields {
    pub(super) fn begin(&mut self, instruction: &str) {
        self.open.push(Field {
            instruction: instruction.to_owned(),
            separated: !instruction.is_empty(),
        });
    }

    pub(super) fn instruct(&mut self, words: &str) {
        if let Some(field) = self.open.last_mut().filter(|field| !field.separated) {
            field.instruction.push_str(words);
        }
    }

    pub(super) fn separate(&mut self) {
        if let Some(field) = self.open.last_mut() {
            field.separated = true;
        }
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    /// Whether text stands in results only.
    pub(super) fn show_text(&self) -> bool {
        self.open.iter().all(|field| field.separated)
    }

    /// Whether the place is in a table of contents, or of figures.
    pub(super) fn list_contents(&self) -> bool {
        self.open.iter().any(|field| field.is("TOC"))
    }
}

impl Field {
    fn is(&self, name: &str) -> bool {
        let first = fields::words(&self.instruction).into_iter().next();
        first.is_some_and(|word| word.text.eq_ignore_ascii_case(name))
    }
}
