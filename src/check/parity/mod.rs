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
mod likeness;
pub mod origin;

use serde::{Deserialize, Serialize};

use self::account::{Account, Kind};
use self::differences::Differences;
use self::origin::Origins;
use crate::data::Dataset;
use crate::diag::{Diagnostic, Diagnostics, Result, Text, Warned};
use crate::docx::reading;
use crate::pdf::reading::{Bookmark, File};
use crate::text;

/// How many differences are told one by one.
const MOST: usize = 50;

/// How many pieces of each kind were compared.
#[derive(Debug, Copy, Clone, Default, Eq, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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
/// Differences are no failure: they are what was asked for.
///
/// # Errors
/// Outputs that cannot be read: `parity/unreadable`, `parity/untagged`, or what the
/// Word reader says.
pub fn compare(outputs: &Outputs<'_>, dataset: &Dataset) -> Result<Warned<Parity>> {
    let mut faults = Diagnostics::new();
    let pdf = faults.absorb(pdf_account(outputs.pdf));
    let word = faults.absorb(reading::read(outputs.name, outputs.word.to_vec()));
    let (Some(pdf), Some(word)) = (pdf, word) else { return Err(faults.fail()) };
    let pdf = pdf.collect(&mut faults);
    let word = from_word::account(&word);
    let origins = Origins::of(dataset);
    let Differences { told: mut differences, more } =
        differences::find(&pdf, &word, &origins, MOST);
    if more > 0 {
        differences.push(Diagnostic::error(
            "parity/too-many",
            text!("还有 {more} 处不同没有列出", "{more} more differences are not listed"),
        ));
    }
    faults.finish(Parity { counts: Counts::of(&pdf), differences })
}

/// The account of the bytes of a PDF. Text that no tag holds is told: a comparison that did not
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
    let account = from_pdf::account(&root);
    notes.extend(misplaced_bookmark(&account, &file.outline()));
    notes.finish(account)
}

/// The bookmarks of a PDF are its headings in short: a warning at the first one that
/// stands at another level, or has none beside it.
fn misplaced_bookmark(account: &Account, outline: &[Bookmark]) -> Option<Diagnostic> {
    let headings: Vec<(usize, &str)> = account
        .body
        .iter()
        .filter_map(|piece| match piece.kind {
            Kind::Heading(level) => Some((level, piece.key.as_str())),
            _ => None,
        })
        .collect();
    if outline.is_empty() {
        return None;
    }
    let beside = headings.iter().zip(outline);
    let same = beside.take_while(|((level, _), mark)| *level == mark.level).count();
    if same == headings.len().max(outline.len()) {
        return None;
    }
    let (heading, mark) = (headings.get(same), outline.get(same));
    let heading = heading.map_or("—", |(_, words)| words);
    let mark = mark.map_or("—", |mark| mark.title.as_str());
    let (headings, marks) = (headings.len(), outline.len());
    let fault = Diagnostic::warning(
        "parity/outline",
        text!(
            "PDF 的书签和标题对不上：标题 {headings} 个，书签 {marks} 个",
            "bookmarks and headings of the PDF do not match: {headings} headings, {marks} bookmarks"
        ),
    );
    Some(fault.note(text!(
        "从这里起：标题“{heading}”，书签“{mark}”",
        "from here on: heading `{heading}`, bookmark `{mark}`"
    )))
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
            "headings {headings}, paragraphs {paragraphs}, cells {cells}, captions {captions}, footnotes {footnotes}, pictures {pictures}"
        )
    }
}

/// Whether a text is the title of a table of contents.
fn is_contents_title(key: &str) -> bool {
    matches!(key, "目录" | "目次" | "Contents")
}
