//! Parity: the PDF and the Word draft of an edition say the same.
//!
//! # Steps
//! 1. The finished bytes of both sides are read: the PDF by its
//!    [tags](crate::pdf::reading), the document by its
//!    [paragraphs](crate::docx::reading).
//! 2. [`from_pdf`] and [`from_word`] make the same [`account`] of each: pieces of
//!    text in reading order, each a heading, a paragraph, a cell, a caption, a note …
//!    without what is only layout.
//! 3. [`align`] tells which piece is which, and [`differences`] tells what differs,
//!    where it stands, and from which value of the dataset it comes ([`origin`]).

pub mod account;
pub mod align;
pub mod differences;
pub mod from_pdf;
pub mod from_word;
pub mod origin;

use serde::Serialize;

use self::account::{Account, Kind};
use self::origin::Origins;
use crate::data::Dataset;
use crate::diag::{Diagnostic, Diagnostics, Result, Text, Warned};
use crate::docx::reading;
use crate::pdf::reading::File;
use crate::text;

/// How many differences are told one by one.
const MOST: usize = 50;

/// How many pieces of each kind were compared.
#[derive(Debug, Copy, Clone, Default, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// Headings.
    pub headings: usize,
    /// Paragraphs, items of lists included.
    pub paragraphs: usize,
    /// Cells of tables.
    pub cells: usize,
    /// Captions.
    pub captions: usize,
    /// Footnotes.
    pub footnotes: usize,
    /// Pictures and charts.
    pub pictures: usize,
}

/// What a comparison has found.
#[derive(Debug, Clone, Default)]
pub struct Parity {
    /// What was compared, as the PDF has it.
    pub counts: Counts,
    /// What differs, each an error; at most a screenful, the last says how many
    /// more there are.
    pub differences: Vec<Diagnostic>,
}

/// The two outputs of one edition.
#[derive(Debug, Clone)]
pub struct Outputs<'o> {
    /// The PDF.
    pub pdf: &'o [u8],
    /// The Word document.
    pub word: &'o [u8],
    /// The name of the Word document for messages.
    pub name: &'o str,
}

/// Compares the outputs of an edition.
///
/// # Errors
/// Outputs that cannot be read: `parity/unreadable`, `parity/untagged`, or what the
/// Word reader says.
pub fn compare(outputs: &Outputs<'_>, dataset: &Dataset) -> Result<Parity> {
    let mut faults = Diagnostics::new();
    let pdf = faults.absorb(pdf_account(outputs.pdf));
    let word = faults.absorb(reading::read(outputs.name, outputs.word.to_vec()));
    let (Some(pdf), Some(word)) = (pdf, word) else { return Err(faults.fail()) };
    let pdf = pdf.collect(&mut faults);
    let word = from_word::account(&word);
    let origins = Origins::of(dataset);
    let mut differences = faults.into_vec();
    differences.extend(differences::find(&pdf, &word, &origins));
    let more = differences.len().saturating_sub(MOST);
    if more > 0 {
        differences.truncate(MOST);
        differences.push(Diagnostic::error(
            "parity/too-many",
            text!("还有 {more} 处不同没有列出", "{more} more differences are not listed"),
        ));
    }
    Ok(Parity { counts: Counts::of(&pdf), differences })
}

/// The account of a PDF. Text that no tag holds is told: a comparison that did not
/// see it would prove nothing.
pub fn pdf_account(bytes: &[u8]) -> Result<Warned<Account>> {
    let file = File::open(bytes.to_vec()).ok_or_else(|| {
        Diagnostic::error(
            "parity/unreadable",
            text!("读不了 PDF", "the PDF cannot be read"),
        )
    })?;
    let root = file.structure().ok_or_else(|| {
        Diagnostic::error(
            "parity/untagged",
            text!("PDF 没有结构标签，无从比较", "the PDF has no tags to compare by"),
        )
    })?;
    let mut notes = Diagnostics::new();
    for (page, text) in (1..).zip(file.text()) {
        let words = account::squeeze(&text.unmarked);
        if !words.is_empty() {
            let words: String = words.chars().take(MOST).collect();
            notes.push(Diagnostic::warning(
                "parity/untagged",
                text!(
                    "PDF 第 {page} 页有没标签的文字，没有比较：{words}",
                    "text on page {page} of the PDF has no tag and is not compared: {words}"
                ),
            ));
        }
    }
    notes.finish(from_pdf::account(&root))
}

impl Counts {
    fn of(account: &Account) -> Self {
        let mut counts = Self { footnotes: account.notes.len(), ..Self::default() };
        for piece in &account.body {
            *match piece.kind {
                Kind::Heading(_) => &mut counts.headings,
                Kind::Paragraph | Kind::Item => &mut counts.paragraphs,
                Kind::Cell(_) => &mut counts.cells,
                Kind::Caption => &mut counts.captions,
                Kind::Note => &mut counts.footnotes,
                Kind::Picture => &mut counts.pictures,
            } += 1;
        }
        counts
    }

    /// The counts in words.
    pub fn words(&self) -> Text {
        let Self { headings, paragraphs, cells, captions, footnotes, pictures } = self;
        text!(
            "标题 {headings}，段落 {paragraphs}，表格单元 {cells}，图表标题 {captions}，脚注 {footnotes}，图片 {pictures}",
            "{headings} headings, {paragraphs} paragraphs, {cells} cells, {captions} captions, {footnotes} footnotes, {pictures} pictures"
        )
    }
}

/// Whether a text is the title of a table of contents.
fn is_contents_title(key: &str) -> bool {
    matches!(key, "目录" | "目次" | "Contents")
}
