//! Which lines are one paragraph: lines wrapped by a scanner or a mail program, and
//! paragraphs cut where a column or a page ended.

use super::block::Block;
use super::ledger::{Change, Confidence, Ledger};
use super::line::{Kind, width};
use super::{numbering, signs};
use crate::data::names::is_han;
use crate::diag::Text;
use crate::text;

/// Lines are not wrapped at fewer half-width characters.
const NARROWEST: usize = 20;
/// Columns are not wider than this: longer lines are whole paragraphs.
const WIDEST: usize = 130;
/// A line this near to the width of its column is full.
const SLACK: usize = 4;
/// Words that do not fit may be this long.
const LONGEST_WORD: usize = 20;
/// What has a number and is shorter may be a heading.
const LONGEST_HEADING: usize = 72;
/// What is shorter, in half-width characters, is hardly a part of a paragraph that was
/// cut.
const SHORTEST_CUT: usize = 30;

/// Puts the lines of each paragraph together.
pub(super) fn join(blocks: Vec<Block>, ledger: &mut Ledger<'_>) -> Vec<Block> {
    let runs = Runs::of(&blocks);
    let mut joined: Vec<Block> = Vec::new();
    let mut last: Option<Block> = None;
    for (index, block) in blocks.into_iter().enumerate() {
        let before = joined.last_mut().zip(last.as_ref());
        let reason = before
            .as_ref()
            .and_then(|(paragraph, line)| runs.reason(index, paragraph, line, &block));
        let line = block.clone();
        match (reason, before) {
            (Some((sure, reason)), Some((paragraph, _))) => {
                let (text, between) =
                    seam(&paragraph.text, &block.text, runs.spaced_latin);
                let change = change(&paragraph.text, &block, &text, between, reason);
                let change = change.sure(sure);
                if ledger.allows(change) {
                    paragraph.text = text;
                    paragraph.take_in(between, block);
                } else {
                    joined.push(block);
                }
            }
            _ => joined.push(block),
        }
        last = Some(line);
    }
    joined
}

/// The text before a seam, mended, and what stands between it and the text behind.
fn seam<'s>(before: &str, after: &str, spaced_latin: bool) -> (String, &'s str) {
    let end = before.chars().next_back();
    let start = after.chars().next();
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if let Some(stem) = before.strip_suffix(['-', '\u{2010}', '\u{ad}']) {
        let letters = stem.ends_with(|c: char| c.is_alphabetic() && !is_han(c));
        if letters && start.is_some_and(char::is_lowercase) {
            return (stem.to_string(), "");
        }
    }
    let western = |c: Option<char>| {
        c.is_some_and(|c| c.is_ascii_graphic() || (c.is_alphabetic() && c < '\u{2e80}'))
    };
    let spaced = western(end) && western(start) || latin(end) && latin(start);
    let han = |c: Option<char>| c.is_some_and(is_han);
    let spaced =
        spaced || spaced_latin && (latin(end) && han(start) || han(end) && latin(start));
    // A number stands together with its other half.
    let digits = end.is_some_and(|c| c.is_ascii_digit())
        && start.is_some_and(|c| c.is_ascii_digit());
    (before.to_string(), if spaced && !digits { " " } else { "" })
}

fn change(
    before: &str,
    block: &Block,
    mended: &str,
    between: &str,
    reason: Text,
) -> Change {
    let tail = |text: &str| {
        let skip = text.chars().count().saturating_sub(12);
        let cut = if skip > 0 { "…" } else { "" };
        format!("{cut}{}", text.chars().skip(skip).collect::<String>())
    };
    let head: String = block.text.chars().take(12).collect();
    let more = if block.text.chars().count() > 12 { "…" } else { "" };
    Change::new("import/join", block.number, reason).words(
        format!("{}⏎{head}{more}", tail(before)),
        format!("{}{between}{head}{more}", tail(mended)),
    )
}

/// The runs of lines without a gap, and how each is wrapped.
struct Runs {
    /// For each block, the width of the column that its run was set in; 0 if its lines
    /// were not wrapped.
    columns: Vec<usize>,
    /// For each block, whether the first lines of the paragraphs of its run are
    /// indented.
    indented: Vec<bool>,
    /// For each block, whether all lines of its run are indented.
    shifted: Vec<bool>,
    /// Whether blank lines stand between all lines, and so say nothing.
    spaced: bool,
    /// Whether the text has spaces between Han characters and Latin words.
    spaced_latin: bool,
}

impl Runs {
    fn of(blocks: &[Block]) -> Self {
        let plain: Vec<&Block> = blocks.iter().filter(|block| block.is_plain()).collect();
        let gaps = plain.iter().filter(|block| block.gap).count();
        let spaced = plain.len() >= 6
            && gaps * 10 >= plain.len() * 9
            && wrapped(plain.iter().copied()).is_some();
        let mut runs = Self {
            columns: vec![0; blocks.len()],
            indented: vec![false; blocks.len()],
            shifted: vec![false; blocks.len()],
            spaced,
            spaced_latin: has_spaced_latin(blocks),
        };
        let mut start = 0;
        for index in 1..=blocks.len() {
            let ends = blocks.get(index).is_none_or(|block| {
                block.gap && !spaced || !flows(block) || !flows(&blocks[index - 1])
            });
            if ends {
                runs.measure(blocks, start..index);
                start = index;
            }
        }
        runs.spread(blocks);
        runs
    }

    fn measure(&mut self, blocks: &[Block], range: std::ops::Range<usize>) {
        let lines = &blocks[range.clone()];
        let column = wrapped(lines).unwrap_or(0);
        let least = lines.iter().map(|line| line.look.indent).min().unwrap_or(0);
        let deeper = lines.iter().filter(|line| line.look.indent >= least + 2).count();
        let indented = deeper > 0 && deeper * 2 <= lines.len() + 1;
        self.columns[range.clone()].fill(column);
        self.shifted[range.clone()].fill(least >= 2 && lines.len() >= 4);
        self.indented[range].fill(indented);
    }

    /// Short runs, of two or three lines, are as the rest of the text.
    fn spread(&mut self, blocks: &[Block]) {
        let wrapped = self.columns.iter().filter(|column| **column > 0).count();
        let plain = blocks.iter().filter(|block| block.is_plain()).count();
        let mut widths: Vec<usize> =
            self.columns.iter().copied().filter(|column| *column > 0).collect();
        widths.sort_unstable();
        let Some(usual) = widths.get(widths.len() / 2).copied() else { return };
        if wrapped * 2 < plain {
            return;
        }
        for (index, block) in blocks.iter().enumerate() {
            let near = width(&block.text) + 2 * SLACK >= usual
                && width(&block.text) <= usual + SLACK;
            if self.columns[index] == 0 && block.is_plain() && near {
                self.columns[index] = usual;
            }
        }
    }

    /// Why a block belongs to the paragraph before it, whose last line is `line`, and
    /// how surely it does.
    fn reason(
        &self,
        index: usize,
        paragraph: &Block,
        line: &Block,
        block: &Block,
    ) -> Option<(Confidence, Text)> {
        let texts = flows(paragraph) && block.is_plain() && !line.text.is_empty();
        let columns = signs::has_columns(&line.text) || signs::has_columns(&block.text);
        let texts = texts && alike(line, block) && !columns;
        // Inside of a wrapped paragraph a line may begin with anything.
        let wraps = self.wraps(index, line, block);
        if !texts || signs::begins(&block.text) && wraps != Some(true) {
            return None;
        }
        let apart = block.gap && !self.spaced;
        if !apart && let Some(full) = wraps {
            return self.wrapped(index, paragraph, line, block, full);
        }
        cut(paragraph, line, block).then(|| {
            let sure = match block.cut {
                true => Confidence::High,
                false => Confidence::Medium,
            };
            let reason = text!(
                "上一段没有说完：在分栏或分页的地方断开了",
                "the sentence goes on: it was cut where a column or page ended"
            );
            (sure, reason)
        })
    }

    /// Whether a line of a wrapped run is full; nothing if the run is not wrapped.
    fn wraps(&self, index: usize, line: &Block, block: &Block) -> Option<bool> {
        let column = self.columns[index - 1];
        if column == 0 || self.columns[index] == 0 || signs::is_names(&line.text) {
            return None;
        }
        let word = first_word(&block.text);
        let reach = width(&line.text) + line.look.indent.min(4) + SLACK.max(word);
        Some(reach >= column)
    }

    fn wrapped(
        &self,
        index: usize,
        paragraph: &Block,
        line: &Block,
        block: &Block,
        full: bool,
    ) -> Option<(Confidence, Text)> {
        let reason = || text!("行尾是换行，不是分段", "the line was wrapped here");
        let finished = signs::finished(&line.text);
        // Two characters begin a paragraph, unless all lines stand so.
        let indented = block.look.indent >= line.look.indent + 2
            || (3..=6).contains(&block.look.indent) && !self.shifted[index];
        let marked = signs::begins(&block.text);
        match (full, finished) {
            (_, true) if indented || marked => None,
            (true, false) if marked && !signs::is_field(&block.text) => None,
            (true, false) => Some((Confidence::High, reason())),
            (true, true) if self.indented[index] => Some((Confidence::High, reason())),
            // The end of a sentence at the end of a full line: most often it goes on.
            (true, true) => {
                (!signs::is_speech(&block.text)).then(|| (Confidence::Medium, reason()))
            }
            (false, false) if !indented && signs::has_stop(&paragraph.text) => {
                let running = width(&line.text) * 10 >= self.columns[index] * 6;
                running.then(|| (Confidence::Medium, reason()))
            }
            (false, _) => None,
        }
    }
}

/// Whether most Latin words beside Han characters have a space between.
fn has_spaced_latin(blocks: &[Block]) -> bool {
    let (mut spaced, mut close) = (0, 0);
    for block in blocks.iter().filter(|block| block.is_plain()) {
        let chars: Vec<char> = block.text.chars().collect();
        for triple in chars.windows(3) {
            let latin = |c: char| c.is_ascii_alphanumeric();
            let beside =
                |a: char, b: char| is_han(a) && latin(b) || latin(a) && is_han(b);
            spaced += usize::from(triple[1] == ' ' && beside(triple[0], triple[2]));
            close += usize::from(beside(triple[0], triple[1]));
        }
    }
    spaced >= 2 && spaced > 2 * close
}

/// Whether a block may be one of several lines of a paragraph.
fn flows(block: &Block) -> bool {
    block.is_plain() || block.kind == Kind::Item
}

/// Whether two lines look like lines of one paragraph.
fn alike(line: &Block, block: &Block) -> bool {
    let (one, other) = (line.look, block.look);
    let size = (one.size - other.size).abs() < 0.6;
    size && one.bold == other.bold && one.centred == other.centred
}

/// How wide the column is in which lines were wrapped, if they were: most of them are
/// about as wide and end anywhere, and not where sentences do.
fn wrapped<'b>(lines: impl IntoIterator<Item = &'b Block>) -> Option<usize> {
    let lines: Vec<&Block> = lines.into_iter().collect();
    if lines.len() < 2 {
        return None;
    }
    let mut widths: Vec<usize> =
        lines.iter().map(|line| width(&line.text) + line.look.indent.min(4)).collect();
    widths.sort_unstable();
    // One line may be longer than the column: a scanner's slip.
    let column = widths[widths.len() - 1 - widths.len() / 10];
    let pairs = || lines.windows(2).map(|pair| (pair[0], pair[1]));
    let full = |line: &Block, next: &Block| {
        let word = first_word(&next.text);
        width(&line.text) + line.look.indent.min(4) + SLACK.max(word) >= column
    };
    let open = pairs().filter(|(line, next)| {
        full(line, next)
            && !signs::ends_with_mark(&line.text)
            && !signs::begins(&next.text)
    });
    let open = open.count();
    let marked = pairs().filter(|(line, _)| signs::ends_with_mark(&line.text)).count();
    let names = lines.iter().filter(|line| signs::is_names(&line.text)).count();
    let all = lines.len() - 1;
    let running = lines.iter().any(|line| signs::has_stop(&line.text));
    // Where paragraphs are indented, the lines that are not go on with those before.
    let least = lines.iter().map(|line| line.look.indent).min().unwrap_or(0);
    let inner = || {
        pairs().filter(|(_, next)| {
            next.look.indent < least + 2 && !signs::begins(&next.text)
        })
    };
    let indented = lines.iter().any(|line| line.look.indent >= least + 4)
        && inner().count() > 0
        && inner().all(|(line, next)| full(line, next));
    let wraps = (indented || open * 10 >= all * 3 && open > 0 && marked * 10 <= all * 6)
        && names * 2 < lines.len()
        && running;
    (wraps && (NARROWEST..=WIDEST).contains(&column)).then_some(column)
}

/// The width of a word that cannot be broken at the start of a text, with the space
/// before it.
fn first_word(text: &str) -> usize {
    let word = text.chars().take_while(|c| c.is_ascii_graphic()).count();
    if word == 0 { 0 } else { (word + 1).min(LONGEST_WORD) }
}

/// Whether a paragraph was cut where a column or page ended.
fn cut(paragraph: &Block, line: &Block, block: &Block) -> bool {
    let open = !signs::ends_with_mark(&line.text)
        || line.text.ends_with(['，', ',', '、', '（', '“', '《']);
    let running = signs::has_stop(&paragraph.text)
        || block.cut && width(&line.text) >= SHORTEST_CUT;
    // Where a page ended, less is enough.
    let least = if block.cut { SHORTEST_CUT / 2 } else { SHORTEST_CUT };
    let numbered = numbering::number(&paragraph.text).is_some();
    let least = if numbered { LONGEST_HEADING } else { least };
    let long = width(&paragraph.text) >= least
        && !signs::is_field(&paragraph.text)
        && !signs::is_salutation(&paragraph.text);
    let indented = block.look.indent >= 2 && block.look.indent > paragraph.look.indent;
    let goes_on = signs::has_stop(&block.text) || signs::finished(&block.text);
    let speech = signs::is_speech(&block.text);
    open && running
        && long
        && goes_on
        && !indented
        && !speech
        && !signs::begins(&block.text)
}
