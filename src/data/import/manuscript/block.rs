//! Blocks: lines on their way to paragraphs and headings.

use super::ledger::{self, Change, Ledger, Spans};
use super::line::{Kind, Look, Manuscript};
use super::numbering::Number;
use crate::text;

/// One or several lines that belong together.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) text: String,
    /// What of the stream it holds.
    pub(super) spans: Spans,
    /// The number of its first line.
    pub(super) number: usize,
    pub(super) kind: Kind,
    pub(super) look: Look,
    pub(super) gap: bool,
    /// Whether it stood apart in the manuscript.
    pub(super) apart: bool,
    pub(super) page: bool,
    /// Whether something that stood before it was left out: a page number.
    pub(super) cut: bool,
    /// What makes it a heading, if it is one.
    pub(super) head: Option<Head>,
}

/// Why a block is a heading.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// The number before it.
    pub(super) number: Option<Number>,
    /// The level that its file or its look gives it, from 1; 0 if none.
    pub(super) level: usize,
}

impl Block {
    /// Whether it is text that nothing has told to be something else.
    pub(super) fn is_plain(&self) -> bool {
        self.kind == Kind::Text && self.head.is_none()
    }

    /// Whether it can have letters of the stream.
    pub(super) fn is_read(&self) -> bool {
        !matches!(self.kind, Kind::Picture { .. })
    }

    /// Takes in the text behind it, with something between.
    pub(super) fn take_in(&mut self, between: &str, more: Self) {
        self.text.push_str(between);
        self.text.push_str(&more.text);
        self.spans.extend(more.spans);
    }

    /// Cuts off what is behind a byte of the text; spaces there are left out.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        let rest = self.text.split_off(at);
        let spans = self.spans.split_off(ledger::count(&self.text));
        self.text.truncate(self.text.trim_end().len());
        Self {
            text: rest.trim().to_string(),
            spans,
            number: self.number,
            ..Self::default()
        }
    }

    /// A change that drops the whole block.
    pub(super) fn dropped(
        &self,
        code: &'static str,
        reason: crate::diag::Text,
    ) -> Change {
        Change::new(code, self.number, reason).words(&self.text, "").letters(
            self.spans.start(),
            &self.text,
            "",
        )
    }
}

/// The blocks of a manuscript, one a line, and the stream of their letters.
pub(super) fn blocks(
    manuscript: Manuscript,
    ledger: &mut Ledger<'_>,
) -> (Vec<Block>, String) {
    let (mut blocks, mut stream, mut at) = (Vec::new(), String::new(), 0);
    for line in manuscript.lines {
        let text = format!("{}{}", line.label, line.text);
        if !line.label.is_empty() {
            let reason = text!(
                "自动编号成了文字，和读者看到的一样",
                "the automatic number became text, as readers see it"
            );
            let change = Change::new("import/numbering", line.number, reason);
            ledger.note(change.words(line.text, text.clone()));
        }
        let mut block = Block {
            text,
            number: line.number,
            kind: line.kind,
            look: line.look,
            gap: line.gap,
            apart: line.gap,
            page: line.page,
            ..Block::default()
        };
        let letters = match block.is_read() {
            true => ledger::letters(&block.text),
            false => String::new(),
        };
        let end = at + letters.chars().count();
        block.spans = Spans::new(at..end);
        stream.push_str(&letters);
        at = end;
        blocks.push(block);
    }
    (blocks, stream)
}
