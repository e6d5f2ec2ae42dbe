//! Which blocks are headings: by their marks, their numbers, their look, or because
//! they are short and stand alone.

use std::collections::BTreeMap;

use super::block::{Block, Head};
use super::ledger::{self, Change, Confidence, Ledger};
use super::line::{Kind, width};
use super::numbering::{self, Number, Series};
use super::signs;
use crate::text;

/// Headings are not wider than this, in half-width characters, unless their file says
/// that they are headings.
const WIDEST: usize = 72;
/// Headings that nothing but their shortness tells are not wider than this.
const WIDEST_BARE: usize = 50;
/// A heading that its file calls one, and that is as wide as this and ends like a
/// sentence, is a paragraph.
const PARAGRAPH: usize = 90;

/// Finds the headings.
pub(super) fn find(blocks: &mut Vec<Block>, ledger: &mut Ledger<'_>) {
    let words = Marks::of(blocks);
    demote(blocks, ledger);
    let looks = Looks::of(blocks);
    let explicit = |block: &Block| matches!(block.kind, Kind::Heading(_));
    let deepest = blocks.iter().filter_map(|block| match block.kind {
        Kind::Heading(level) => Some(level),
        _ => None,
    });
    let deepest = deepest.max().unwrap_or(0);
    // A title that only its look makes one stands over the headings of styles.
    let first = blocks.iter().position(|block| looks.level(block).is_some());
    let styled = blocks.iter().position(explicit);
    let over = first.zip(styled).is_some_and(|(first, styled)| first < styled);
    for (index, block) in blocks.iter_mut().enumerate() {
        let number = number(&block.text, &words);
        let level = match block.kind {
            Kind::Heading(level) => Some(level + usize::from(over)),
            Kind::Text if over && Some(index) == first => Some(1),
            Kind::Text => {
                looks.level(block).map(|level| level + deepest + usize::from(over))
            }
            _ => None,
        };
        if let Some(level) = level {
            block.head = Some(Head { number, level });
        }
    }
    by_number(blocks, &words);
    merge_numbers(blocks, &words, ledger);
    // Whoever marks headings marks all of them.
    if blocks.iter().filter(|block| explicit(block)).count() < 2 {
        alone(blocks);
    }
    glued(blocks, &words, ledger);
}

/// What a text's own way to number its headings is.
struct Marks {
    /// The words that are labels.
    labels: Vec<String>,
    /// Whether there are numbers such as 1.1, so that a `1` alone is one, too.
    decimals: bool,
}

impl Marks {
    fn of(blocks: &[Block]) -> Self {
        let texts = || blocks.iter().map(|block| block.text.as_str());
        let decimal = |text| {
            let series = numbering::number(text).map(|number| number.series);
            matches!(series, Some(Series::Decimal(_)))
        };
        Self { labels: numbering::labels(texts()), decimals: texts().any(decimal) }
    }
}

/// The number or label at the start of a text.
fn number(text: &str, marks: &Marks) -> Option<Number> {
    let is_label = |found: &Number| match &found.series {
        Series::Label(word) => marks.labels.contains(word),
        _ => false,
    };
    let label = numbering::label(text).filter(is_label);
    label
        .or_else(|| numbering::number(text))
        .or_else(|| marks.decimals.then(|| numbering::whole(text)).flatten())
        .filter(|found| found.series != Series::Article)
}

/// Paragraphs that are marked as headings become paragraphs.
fn demote(blocks: &mut [Block], ledger: &mut Ledger<'_>) {
    for block in blocks.iter_mut() {
        let heading = matches!(block.kind, Kind::Heading(_));
        if heading && width(&block.text) >= PARAGRAPH && signs::finished(&block.text) {
            let reason = text!(
                "标作标题的其实是一段正文",
                "what is marked as a heading is a paragraph"
            );
            let change = Change::new("import/no-heading", block.number, reason)
                .words(format!("# {}", block.text), block.text.clone())
                .sure(Confidence::Medium);
            if ledger.allows(change) {
                block.kind = Kind::Text;
            }
        }
    }
}

/// Looks of headings, as far as body text does not have them.
struct Looks {
    /// The size of body text; 0 if nobody knows.
    body: f64,
    /// Whether bold text is a heading.
    bold: bool,
    /// The looks that headings have, the most conspicuous first.
    order: Vec<(i64, bool, bool)>,
}

impl Looks {
    fn of(blocks: &[Block]) -> Self {
        let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
        let (mut bold, mut all) = (0, 0);
        for block in blocks.iter().filter(|block| block.is_plain()) {
            let letters = ledger::count(&block.text);
            *sizes.entry(tenths(block.look.size)).or_default() += letters;
            bold += if block.look.bold { letters } else { 0 };
            all += letters;
        }
        let body = sizes.iter().max_by_key(|(_, letters)| **letters);
        let body = body.map_or(0.0, |(size, _)| *size as f64 / 10.0);
        let mut looks = Self { body, bold: bold * 2 < all, order: Vec::new() };
        let mut order: Vec<_> = blocks
            .iter()
            .filter(|block| looks.stands_out(block))
            .map(|block| looks.key(block))
            .collect();
        order.sort_unstable();
        order.dedup();
        looks.order = order;
        looks
    }

    fn key(&self, block: &Block) -> (i64, bool, bool) {
        // Larger comes first, then what is centred, then what is bold.
        (-tenths(block.look.size), !block.look.centred, !block.look.bold)
    }

    fn stands_out(&self, block: &Block) -> bool {
        let large = self.body > 0.0 && block.look.size >= self.body + 1.0;
        let bold = self.bold && block.look.bold;
        let centred = block.look.centred && width(&block.text) <= WIDEST_BARE;
        let fits = width(&block.text) <= WIDEST + 8
            && !signs::finished(&block.text)
            && !signs::is_date(&block.text)
            && !signs::is_field(&block.text)
            && !signs::is_hour(&block.text)
            && ledger::count(&block.text) > 1;
        block.is_plain() && fits && (large || bold || centred)
    }

    fn level(&self, block: &Block) -> Option<usize> {
        let key = self.key(block);
        let at = self.order.iter().position(|other| *other == key)?;
        self.stands_out(block).then_some(at + 1)
    }
}

fn tenths(size: f64) -> i64 {
    (size * 10.0).round() as i64
}

/// Headings by their numbers; items of a list, which follow each other, are none.
fn by_number(blocks: &mut [Block], marks: &Marks) {
    let numbers: Vec<Option<Number>> =
        blocks.iter().map(|block| number(&block.text, marks)).collect();
    // Under a title nothing but numbers: the headings of a text that is to be written.
    let only_headings = blocks
        .iter()
        .zip(&numbers)
        .skip(1)
        .all(|(block, number)| number.is_some() || block.head.is_some())
        && numbers
            .iter()
            .flatten()
            .map(|number| &number.series)
            .any(|series| *series != Series::Han);
    let series = |index: usize| {
        let number = numbers.get(index)?.as_ref()?;
        blocks.get(index).filter(|block| block.kind == Kind::Text)?;
        Some(number.series.clone())
    };
    let heads: Vec<usize> = (0..blocks.len())
        .filter(|index| {
            let Some(own) = series(*index) else { return false };
            let follows = index.checked_sub(1).and_then(series) == Some(own.clone());
            let listed = follows || series(index + 1) == Some(own.clone());
            let high = own.rank() <= 3 || only_headings && own.rank() <= 5;
            blocks[*index].is_plain()
                && could_head(&blocks[*index].text)
                && (high || !listed && has_body(blocks, *index))
        })
        .collect();
    for index in heads {
        blocks[index].head = Some(Head { number: numbers[index].clone(), level: 0 });
    }
}

/// Whether a numbered text may be a heading.
fn could_head(text: &str) -> bool {
    width(text) <= WIDEST
        && !signs::finished(text)
        && !signs::is_field(text)
        && !text.contains('。')
}

/// Whether anything follows that a heading may be over.
fn has_body(blocks: &[Block], index: usize) -> bool {
    blocks.get(index + 1).is_some_and(Block::is_read)
}

/// A number alone on its line belongs to the line below it.
fn merge_numbers(blocks: &mut Vec<Block>, marks: &Marks, ledger: &mut Ledger<'_>) {
    let mut index = 0;
    while index + 1 < blocks.len() {
        let alone = number(&blocks[index].text, marks).filter(|number| {
            number.len == blocks[index].text.trim_end().len() && number.series.rank() <= 5
        });
        let next = &blocks[index + 1];
        let fits = matches!(next.kind, Kind::Text | Kind::Heading(_))
            && could_head(&next.text)
            && number(&next.text, marks).is_none();
        if let Some(number) = alone.filter(|_| fits) {
            let between = if number.series.rank() <= 3 { "\u{3000}" } else { "" };
            let before = format!("{}⏎{}", blocks[index].text, next.text);
            let after = format!("{}{between}{}", blocks[index].text, next.text);
            let reason =
                text!("序号和标题是一个标题", "the number and the title are one heading");
            let change = Change::new("import/label", blocks[index].number, reason);
            let level = level_of(next);
            if ledger.allows(change.words(before, after)) {
                let next = blocks.remove(index + 1);
                let block = &mut blocks[index];
                let own = level_of(block);
                block.take_in(between, next);
                let level = if level > 0 { level } else { own };
                block.head = Some(Head { number: Some(number), level });
            }
        }
        index += 1;
    }
}

fn level_of(block: &Block) -> usize {
    block.head.as_ref().map_or(0, |head| head.level)
}

/// Short lines that stand alone over a paragraph are headings.
fn alone(blocks: &mut [Block]) {
    let gaps = blocks.iter().filter(|block| block.gap).count();
    let gaps = gaps * 3 >= blocks.len();
    let short = |block: &Block| {
        block.is_plain()
            && width(&block.text) <= WIDEST_BARE
            && ledger::count(&block.text) > 1
            && !signs::ends_with_mark(&block.text)
            && !signs::has_stop(&block.text)
            && !signs::begins(&block.text)
            && !signs::is_date(&block.text)
            && !signs::is_names(&block.text)
            && !signs::is_field(&block.text)
    };
    let found: Vec<usize> = (0..blocks.len())
        .filter(|index| {
            let block = &blocks[*index];
            let before = index.checked_sub(1).map(|index| &blocks[index]);
            let after = blocks.get(index + 1);
            let apart = block.gap
                || before.is_none()
                || !gaps
                    && before.is_some_and(|before| {
                        before.head.is_some() || signs::finished(&before.text)
                    });
            let over = after.is_some_and(|after| {
                let paragraph = after.is_plain()
                    && (signs::finished(&after.text) || signs::has_stop(&after.text))
                    && width(&after.text) * 2 > width(&block.text) * 3;
                let listed = after.head.is_none() && after.kind == Kind::Item
                    || after.kind == Kind::Verbatim && after.text.starts_with('|');
                paragraph || after.head.is_some() || listed
            });
            let listed =
                before.is_some_and(short) && !before.is_some_and(|before| before.gap);
            short(block) && apart && over && !(listed && *index > 1)
        })
        .collect();
    for index in found {
        blocks[index].head = Some(Head { number: None, level: 0 });
    }
}

/// Numbered headings that are glued to their paragraph by a space are cut off, where
/// others of their series stand alone or are glued alike.
fn glued(blocks: &mut Vec<Block>, marks: &Marks, ledger: &mut Ledger<'_>) {
    let cut = |block: &Block| {
        let number = number(&block.text, marks).filter(|_| block.is_plain())?;
        let inside = &block.text[number.len..];
        let words = inside.trim_start();
        let start = number.len + inside.len() - words.len();
        let end = words.find([' ', '\u{3000}'])?;
        let (head, rest) = words.split_at(end);
        let short = (4..=40).contains(&width(head)) && !signs::has_stop(head);
        let long = width(rest) >= 30 && signs::finished(rest) && signs::has_stop(rest);
        (short && long).then_some((number.series, start + end))
    };
    let mut likely: BTreeMap<Series, usize> = BTreeMap::new();
    for block in blocks.iter() {
        let head = block.head.as_ref().and_then(|head| head.number.as_ref());
        let head = head.map(|number| number.series.clone());
        let series = head.or_else(|| cut(block).map(|(series, _)| series));
        if let Some(series) = series {
            *likely.entry(series).or_default() += 1;
        }
    }
    let mut index = 0;
    while index < blocks.len() {
        let found = cut(&blocks[index]).filter(|(series, _)| likely[series] >= 2);
        if let Some((_, at)) = found {
            let text = &blocks[index].text;
            let after = format!("{}⏎{}", text[..at].trim_end(), shown(text[at..].trim()));
            let reason = text!(
                "标题和正文连在了一行",
                "a heading and its paragraph stood on one line"
            );
            let change = Change::new("import/split", blocks[index].number, reason)
                .words(shown(text), after)
                .sure(Confidence::Medium);
            if ledger.allows(change) {
                let rest = blocks[index].split_off(at);
                let number = number(&blocks[index].text, marks);
                blocks[index].head = Some(Head { number, level: 0 });
                blocks.insert(index + 1, rest);
            }
        }
        index += 1;
    }
}

/// The beginning of a text.
pub(super) fn shown(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { short + "…" } else { short }
}
