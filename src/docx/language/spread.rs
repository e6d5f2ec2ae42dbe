//! Texts spread over a width: names of two characters in a list of threes.
//!
//! Word has a property for that, `w:fitText`, and writes the distances that follow
//! from it beside it, for programs that do not know the property. So do we.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};

use crate::docx::opc::escape;
use crate::docx::opc::order::Properties;

/// A text set over the width of so many characters.
#[derive(Debug, Clone)]
pub(crate) struct Spread {
    /// The text.
    pub(crate) text: String,
    /// The value that it is the text of.
    pub(crate) source: Value,
    /// The width in characters.
    pub(crate) width: usize,
}

impl Object for Spread {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Spread {
    /// What stands apart: characters, each with the marks that belong to it.
    fn pieces(&self) -> Vec<&str> {
        let starts: Vec<usize> = self
            .text
            .char_indices()
            .filter(|(at, c)| *at == 0 || !is_mark(*c))
            .map(|(at, _)| at)
            .collect();
        let ends = starts.iter().skip(1).copied().chain([self.text.len()]);
        starts.iter().zip(ends).map(|(start, end)| &self.text[*start..end]).collect()
    }

    /// The runs that are as wide as asked for, on top of the properties of a run
    /// whose full-width characters are so many twips wide. `id` keeps them
    /// together. Nothing if the text fills the width already, or is one character.
    pub(crate) fn runs(&self, run: &str, character: f64, id: usize) -> Option<String> {
        let pieces = self.pieces();
        let (last, before) = pieces.split_last()?;
        let halves: usize = pieces.iter().map(|piece| halves(piece)).sum();
        if before.is_empty() || halves >= 2 * self.width {
            return None;
        }
        let width = (character * self.width as f64).round();
        let left = (width - character * halves as f64 / 2.0).round() as usize;
        let (gap, rest) = (left / before.len(), left % before.len());
        let write = |text: &str, spacing: usize| {
            let mut properties = Properties::read(run);
            properties.set("w:spacing", format!("<w:spacing w:val=\"{spacing}\"/>"));
            properties.set("w:kern", "<w:kern w:val=\"0\"/>".to_owned());
            let fit = format!("<w:fitText w:val=\"{width}\" w:id=\"{id}\"/>");
            properties.set("w:fitText", fit);
            let (properties, text) = (properties.write("w:rPr"), escape::escape(text));
            format!("<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
        };
        Some(write(&before.concat(), gap) + &write(last, rest))
    }
}

/// The width of a character with its marks, in halves of a full one.
fn halves(piece: &str) -> usize {
    1 + usize::from(piece.chars().next().is_some_and(escape::is_wide))
}

/// Whether a character only changes the one before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(text: &str, width: usize) -> Option<String> {
        Spread { text: text.to_owned(), source: Value::UNDEFINED, width }
            .runs("", 240.0, 7)
    }

    #[test]
    fn two_over_three() {
        let fit = "<w:kern w:val=\"0\"/><w:fitText w:val=\"720\" w:id=\"7\"/>";
        let run = |text: &str, spacing: usize| {
            format!(
                "<w:r><w:rPr><w:spacing w:val=\"{spacing}\"/>{fit}</w:rPr>\
                 <w:t xml:space=\"preserve\">{text}</w:t></w:r>"
            )
        };
        assert_eq!(runs("王五", 3), Some(run("王", 240) + &run("五", 0)));
        assert_eq!(
            runs("葛\u{e0100}五", 3),
            Some(run("葛\u{e0100}", 240) + &run("五", 0))
        );
        assert_eq!(runs("Li", 3), Some(run("L", 480) + &run("i", 0)));
        assert_eq!(runs("王小五", 3), None);
        assert_eq!(runs("王", 3), None);
        assert_eq!(runs("", 3), None);
    }
}
