//! Manuscripts: texts that were broken on their way, put in order and into a dataset.
//!
//! # Steps
//! 1. [`plain`] and [`html`] read [`mod@line`]s, as does `docx::reading`.
//! 2. [`furniture`] leaves out what belongs to pages, [`tables`] builds tables of
//!    spaces, [`paragraphs`] puts lines together.
//! 3. [`headings`] finds headings by marks, [`numbering`], look and place;
//!    [`front`] what stands above the text; [`titles`] mends their phrases.
//! 4. [`wording`] mends punctuation by the rules of [`prose`](crate::data::prose).
//! 5. [`outline`] is what the manuscript says, in order; [`export`] writes it as Markdown.
//! 6. [`slots`] reads from a schema where texts go, [`mod@fill`] puts them there.
//!
//! Every step notes its changes in the [`ledger`], which proves in the end that no letter
//! was lost or added that it does not name.

mod block;
pub mod export;
mod fill;
mod front;
mod furniture;
mod headings;
pub mod html;
mod ledger;
mod line;
mod numbering;
pub mod outline;
mod paragraphs;
pub mod plain;
mod render;
mod signs;
pub mod slots;
mod tables;
mod titles;
mod wording;

use serde_json::Value;

pub use self::front::Front;
use self::ledger::Ledger;
pub use self::ledger::{Change, Confidence, Judge};
pub use self::line::{Kind, Line, Look, Manuscript, Unit};
pub use self::outline::{Outline, Part, Role, Section, Wants, Words};
pub use self::render::escape;
pub use self::slots::Slots;
pub use self::tables::markdown as markdown_table;
use crate::diag::{Diagnostic, Diagnostics};
use crate::text;

/// Larger manuscripts, in bytes of text, are refused: a thick book has two million.
pub const LARGEST: usize = 16 << 20;

/// A manuscript that has been put in order.
#[derive(Debug)]
pub struct Mended {
    /// What it says.
    pub outline: Outline,
    /// What was changed.
    pub changes: Vec<Change>,
    /// What somebody should look at.
    pub doubts: Vec<Diagnostic>,
    /// The letters of the manuscript.
    stream: String,
}

/// Puts a manuscript in order for a schema that wants some of its parts. `judge` decides
/// about changes that are doubtful.
pub fn mend(manuscript: Manuscript, wants: Wants, judge: &mut Judge<'_>) -> Mended {
    let markdown = manuscript.markdown;
    let mut ledger = Ledger::new(judge);
    let (blocks, stream) = block::blocks(manuscript, &mut ledger);
    let blocks = furniture::clear(blocks, &mut ledger);
    let blocks = tables::build(blocks, &mut ledger);
    let mut blocks = settled(blocks, &mut ledger);
    headings::find(&mut blocks, &mut ledger);
    let front = front::take(&mut blocks, &mut ledger);
    let groups = outline::groups(&blocks);
    titles::mend(&mut blocks, &groups, &mut ledger);
    outline::note_levels(&blocks, &mut ledger);
    wording::mend(&mut blocks, markdown, &mut ledger);
    let front = front::mend(front, markdown, &mut ledger);
    let doubts = doubts(&blocks);
    let outline = outline::build(front, blocks, wants, markdown, &mut ledger);
    let mut changes = ledger.changes;
    changes.sort_by_key(|change| change.line);
    Mended { outline, changes, doubts, stream }
}

/// Paragraphs are looked at so often; what one round puts together shows the next one
/// more, and most texts need no second.
const MOST_ROUNDS: usize = 6;

/// The blocks when their lines have been put together until nothing changes any more.
fn settled(blocks: Vec<block::Block>, ledger: &mut Ledger<'_>) -> Vec<block::Block> {
    let mut blocks = paragraphs::join(blocks, ledger);
    for _ in 0..MOST_ROUNDS {
        for block in &mut blocks {
            // As if each were a paragraph of a clean text.
            block.gap = true;
            block.look.indent = 0;
        }
        let count = blocks.len();
        blocks = furniture::clear(blocks, ledger);
        blocks = paragraphs::join(blocks, ledger);
        if blocks.len() == count {
            break;
        }
    }
    blocks.iter_mut().for_each(|block| block.gap = block.apart);
    blocks
}

/// That so many pictures were not taken along.
pub fn pictures_left(count: usize) -> Diagnostic {
    Diagnostic::warning(
        "import/picture-left",
        text!(
            "{count} 幅图没有取出来（图表、EMF、WMF、外部图片或网页上的图）",
            "pictures that were not taken out: {count} (charts, EMF, WMF, linked ones or those of a web page)"
        ),
    )
    .hint(text!(
        "另存为图片，放进 photos 文件夹，再写进数据",
        "save them as pictures, put them into the folder photos and name them in the dataset"
    ))
}

/// Whether a manuscript has sections with labels that count on (亮点一, 亮点二), as a
/// handout's do.
pub fn is_labelled(manuscript: &Manuscript) -> bool {
    let texts = manuscript.lines.iter().map(|line| line.text.as_str());
    !numbering::labels(texts).is_empty()
}

/// What of the structure is doubtful.
fn doubts(blocks: &[block::Block]) -> Vec<Diagnostic> {
    let mut doubts = Vec::new();
    if !blocks.is_empty() && blocks.iter().all(|block| block.head.is_none()) {
        doubts.push(
            Diagnostic::warning(
                "import/no-headings",
                text!("没有找到标题", "no headings were found"),
            )
            .hint(text!(
                "全文放进了一个字段；在标题行前加 `# `、`## ` 再导入，就能分出层次",
                "all of it went into one field; put `# ` or `## ` before the headings and import it again"
            )),
        );
    }
    let all_heads = blocks.iter().all(|block| block.head.is_some());
    if !blocks.is_empty() && all_heads {
        doubts.push(
            Diagnostic::warning(
                "import/only-headings",
                text!("只有标题，没有正文", "there are only headings and no text"),
            )
            .hint(text!(
                "看看正文是不是丢了，或者直接写进数据",
                "look whether the text got lost, or write it into the dataset"
            )),
        );
    }
    let long = blocks.iter().filter(|block| block.text.len() > wording::LONGEST);
    doubts.extend(long.map(|block| {
        let line = block.number;
        Diagnostic::warning(
            "import/long-paragraph",
            text!(
                "第 {line} 行的一段太长，标点没有修",
                "the paragraph of line {line} is too long: its punctuation was not mended"
            ),
        )
    }));
    doubts
}

/// A dataset made of a manuscript.
#[derive(Debug)]
pub struct Made {
    /// The dataset.
    pub value: Value,
    /// What was changed.
    pub changes: Vec<Change>,
    /// What somebody should look at.
    pub doubts: Vec<Diagnostic>,
}

/// Puts what a manuscript says where a schema has room for it, and proves that no letter
/// was lost on the way.
///
/// # Errors
/// A schema without room for text, and a proof that fails.
pub fn fill(mended: Mended, slots: &Slots) -> crate::diag::Result<Made> {
    let Mended { outline, mut changes, doubts, stream } = mended;
    let filled = fill::fill(&outline, slots, &mut changes)?;
    let mut faults = Diagnostics::new();
    if let Err(fault) = filled.check_leaves() {
        faults.push(fault);
    } else if let Err(fault) = ledger::prove(&stream, &changes, &mut filled.pieces()) {
        faults.push(fault);
    }
    match faults.is_empty() {
        true => Ok(Made { value: filled.value, changes, doubts }),
        false => Err(faults.fail()),
    }
}
