//! The outline: what a manuscript says, in its order, before anybody asks which template
//! it is for.

use super::block::Block;
use super::front::Front;
use super::ledger::{self, Change, Confidence, Ledger, Piece};
use super::line::{Kind, width};
use super::numbering::Series;
use super::signs;
use super::titles::{self, Group};
use crate::text;

/// What a part of a manuscript is to a dataset; the words of the mark
/// `x-huikan-import`.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub enum Role {
    /// The title of the whole.
    Title,
    /// The line below it.
    Subtitle,
    /// What meeting it is of.
    Event,
    /// A number with a word: of the whole, or of a section.
    Label,
    /// （草案）.
    Status,
    /// Who says it.
    Speaker,
    /// The day below the title.
    Date,
    /// To whom it is said.
    Salutation,
    /// The text before the first section.
    Lead,
    /// A list of sections.
    Sections,
    /// The title of a section.
    Heading,
    /// Running text.
    Body,
    /// The text behind the last section.
    Closing,
    /// Who signs it.
    Signature,
    /// The day below the signature.
    SignedDate,
    /// A list of pictures.
    Pictures,
    /// A line of the front that nothing tells more about.
    Other,
}

impl Role {
    /// The role that a word of `x-huikan-import` names.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "title" => Self::Title,
            "subtitle" => Self::Subtitle,
            "event" => Self::Event,
            "label" => Self::Label,
            "status" => Self::Status,
            "speaker" => Self::Speaker,
            "date" => Self::Date,
            "salutation" => Self::Salutation,
            "lead" => Self::Lead,
            "sections" => Self::Sections,
            "heading" => Self::Heading,
            "body" => Self::Body,
            "closing" => Self::Closing,
            "signature" => Self::Signature,
            "signed-date" => Self::SignedDate,
            "pictures" => Self::Pictures,
            _ => return None,
        })
    }
}

/// Words, and where their letters stood.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// The line of the manuscript.
    pub line: usize,
    pub(super) at: usize,
}

impl Words {
    pub(super) fn of(block: &Block) -> Self {
        Self { text: block.text.clone(), line: block.number, at: block.spans.start() }
    }

    pub(super) fn piece(&self, text: impl Into<String>) -> Piece {
        Piece { at: self.at, text: text.into() }
    }
}

/// A part of running text.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it is: [`Kind::Text`] is a paragraph.
    pub kind: Kind,
    /// What it says.
    pub words: Words,
}

/// A section.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its label: 亮点一.
    pub label: Option<Words>,
    /// Its title, with any other number.
    pub title: Option<Words>,
    /// What stands before its own sections.
    pub parts: Vec<Part>,
    /// The sections in it.
    pub sections: Vec<Section>,
}

/// A manuscript in order.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The lines above the text.
    pub front: Vec<Front>,
    /// What stands before the first section.
    pub lead: Vec<Part>,
    /// The sections.
    pub sections: Vec<Section>,
    /// What stands behind the last section.
    pub closing: Vec<Part>,
    /// Who signs it.
    pub signature: Vec<Words>,
    /// The day below the signature.
    pub signed: Option<Words>,
    /// Whether the text of the parts is Markdown.
    pub markdown: bool,
}

impl Outline {
    /// Whether nothing at all was said.
    pub fn is_empty(&self) -> bool {
        self.front.is_empty() && self.lead.is_empty() && self.sections.is_empty()
    }

    /// Whether sections have labels that count on, as a handout's do.
    pub fn is_labelled(&self) -> bool {
        self.sections.iter().filter(|section| section.label.is_some()).count() >= 2
    }

    /// How many paragraphs, items, tables and so on there are, and how many headings.
    pub fn counts(&self) -> (usize, usize) {
        fn of(sections: &[Section]) -> (usize, usize) {
            sections.iter().fold((0, 0), |(parts, heads), section| {
                let (inner, below) = of(&section.sections);
                let own = usize::from(section.title.is_some() || section.label.is_some());
                (parts + inner + section.parts.len(), heads + below + own)
            })
        }
        let (parts, heads) = of(&self.sections);
        (parts + self.lead.len() + self.closing.len(), heads)
    }
}

/// The parents of headings: groups of those that stand side by side.
pub(super) fn groups(blocks: &[Block]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // The group that is open at each depth.
    let mut open: Vec<usize> = Vec::new();
    for (index, depth) in depths(blocks) {
        open.truncate(depth);
        if open.len() < depth {
            groups.push(Group { blocks: Vec::new() });
            open.resize(depth, groups.len() - 1);
        }
        groups[open[depth - 1]].blocks.push(index);
    }
    groups
}

/// What a heading is compared by.
#[derive(Debug, Clone, PartialEq)]
struct Class {
    series: Option<Series>,
    level: usize,
}

/// The headings, by their blocks, with their depths from 1: by their numbers where they
/// have some, by their levels otherwise.
pub(super) fn depths(blocks: &[Block]) -> Vec<(usize, usize)> {
    let mut stack: Vec<Class> = Vec::new();
    let mut found = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let Some(head) = &block.head else { continue };
        let series = head.number.as_ref().map(|number| number.series.clone());
        let class = Class { series, level: head.level };
        let known = stack.iter().position(|other| match (&class.series, &other.series) {
            (Some(own), Some(other)) => own == other,
            (None, None) => class.level == other.level,
            _ => false,
        });
        match known {
            Some(at) => stack.truncate(at),
            None => {
                while stack.last().is_some_and(|top| ends(top, &class, &block.text)) {
                    stack.pop();
                }
            }
        }
        stack.push(class);
        found.push((index, stack.len()));
    }
    found
}

/// Whether a section ends where a heading of a class that is not open begins.
fn ends(open: &Class, new: &Class, text: &str) -> bool {
    match (&open.series, &new.series) {
        (Some(open), Some(new)) => open.rank() > new.rank(),
        (None, Some(_)) => open.level == 0 || new.level > 0 && open.level >= new.level,
        (Some(Series::Label(_)), None) if new.level > 0 => {
            open.level > 0 && new.level < open.level
        }
        (Some(_), None) if new.level > 0 && open.level > 0 => new.level <= open.level,
        (Some(_), None) => is_last(text),
        (None, None) => open.level >= new.level && new.level > 0,
    }
}

/// Headings that stand beside the highest ones without a number.
fn is_last(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(
        bare.as_str(),
        "结语" | "结束语" | "附录" | "参考文献" | "后记" | "致谢" | "附则"
    )
}

/// Levels of headings that are wrong where they stand are told.
pub(super) fn note_levels(blocks: &[Block], ledger: &mut Ledger<'_>) {
    let mut heads = depths(blocks).into_iter().peekable();
    let Some(first) = heads.peek() else { return };
    let level = |index: usize| blocks[index].head.as_ref().map_or(0, |head| head.level);
    let base = level(first.0);
    for (index, depth) in heads {
        let level = level(index);
        if level == 0 || base == 0 || level + 1 == base + depth {
            continue;
        }
        let block = &blocks[index];
        let reason = text!(
            "标题的层级按编号和先后改正",
            "the level of the heading was mended by its number and its place"
        );
        let mended = (base + depth - 1).clamp(1, 6);
        let change = Change::new("import/level", block.number, reason).words(
            format!("{} {}", "#".repeat(level.min(6)), block.text),
            format!("{} {}", "#".repeat(mended), block.text),
        );
        ledger.note(change);
    }
}

/// What of an outline a schema has room for.
#[derive(Debug, Copy, Clone, Default)]
pub struct Wants {
    /// A text behind the sections.
    pub closing: bool,
    /// A signature.
    pub signature: bool,
}

/// Puts blocks in order.
pub(super) fn build(
    front: Vec<Front>,
    mut blocks: Vec<Block>,
    wants: Wants,
    markdown: bool,
    ledger: &mut Ledger<'_>,
) -> Outline {
    let mut outline = Outline { front, markdown, ..Outline::default() };
    if wants.signature {
        take_signature(&mut blocks, &mut outline);
    }
    let closing =
        if wants.closing { take_closing(&mut blocks, ledger) } else { Vec::new() };
    outline.closing = closing.into_iter().map(part).collect();
    let depths = depths(&blocks);
    let mut depths = depths.into_iter().peekable();
    let mut path: Vec<Section> = Vec::new();
    for (index, block) in blocks.into_iter().enumerate() {
        match depths.next_if(|(head, _)| *head == index) {
            Some((_, depth)) => {
                fold(&mut path, depth - 1, &mut outline.sections);
                path.push(section(&block));
            }
            None => match path.last_mut() {
                Some(section) => section.parts.push(part(block)),
                None => outline.lead.push(part(block)),
            },
        }
    }
    fold(&mut path, 0, &mut outline.sections);
    outline
}

/// Closes the sections that are open below a depth.
fn fold(path: &mut Vec<Section>, depth: usize, top: &mut Vec<Section>) {
    while path.len() > depth {
        let Some(section) = path.pop() else { break };
        match path.last_mut() {
            Some(parent) => parent.sections.push(section),
            None => top.push(section),
        }
    }
}

fn section(block: &Block) -> Section {
    let number = block.head.as_ref().and_then(|head| head.number.as_ref());
    let words = Words::of(block);
    let label = number.filter(|number| matches!(number.series, Series::Label(_)));
    let Some(number) = label else {
        return Section { title: Some(words), ..Section::default() };
    };
    let start = titles::start(block);
    let label =
        block.text[..number.len].trim_end_matches(['：', ':', '、', ' ', '\u{3000}']);
    let title = block.text[start..].to_string();
    let at = block.spans.at(ledger::count(label));
    let (line, label) = (words.line, label.to_string());
    Section {
        label: Some(Words { text: label, ..words }),
        title: (!title.is_empty()).then_some(Words { text: title, line, at }),
        ..Section::default()
    }
}

fn part(block: Block) -> Part {
    Part { words: Words::of(&block), kind: block.kind }
}

/// A date at the end, and the short lines before it.
fn take_signature(blocks: &mut Vec<Block>, outline: &mut Outline) {
    let plain = |block: &Block| block.is_plain() && width(&block.text) <= 50;
    let dated =
        blocks.last().is_some_and(|last| plain(last) && signs::is_date(&last.text));
    if !dated || blocks.len() < 3 {
        return;
    }
    let date = blocks.pop();
    let mut names = Vec::new();
    while names.len() < 3
        && blocks.last().is_some_and(|last| {
            plain(last)
                && !signs::ends_with_mark(&last.text)
                && !signs::begins(&last.text)
                && !signs::has_stop(&last.text)
        })
    {
        names.extend(blocks.pop());
    }
    if names.is_empty() {
        blocks.extend(date);
        return;
    }
    outline.signature = names.iter().rev().map(Words::of).collect();
    outline.signed = date.as_ref().map(Words::of);
}

/// Words with which closing paragraphs begin.
const CLOSING: [&str; 18] = [
    "未来",
    "今后",
    "下一步",
    "展望",
    "让我们",
    "站在新",
    "新征程",
    "新时代",
    "新的征程",
    "面向未来",
    "面对新",
    "各位代表",
    "同志们",
    "蓝图",
    "征程",
    "奋进",
    "踏上",
    "乘风破浪",
];

/// The last paragraphs close the whole and not its last section, if they look ahead.
fn take_closing(blocks: &mut Vec<Block>, ledger: &mut Ledger<'_>) -> Vec<Block> {
    let Some(head) = blocks.iter().rposition(|block| block.head.is_some()) else {
        return Vec::new();
    };
    let labelled = blocks.iter().any(|block| {
        let number = block.head.as_ref().and_then(|head| head.number.as_ref());
        number.is_some_and(|number| matches!(number.series, Series::Label(_)))
    });
    // The section must have a paragraph of its own.
    let ahead = |block: &Block| {
        let begins = CLOSING.iter().any(|word| block.text.starts_with(word));
        begins && block.is_plain() && signs::finished(&block.text)
    };
    let from = (head + 2..blocks.len()).find(|index| {
        ahead(&blocks[*index])
            && (labelled
                || blocks[*index..].iter().any(|block| block.text.ends_with('！')))
    });
    let Some(from) = from else { return Vec::new() };
    let reason = text!(
        "最后一段展望全文，作为结语，不归最后一节",
        "the last paragraph looks ahead: it closes the whole and not the last section"
    );
    let first = &blocks[from];
    let change = Change::new("import/closing", first.number, reason)
        .words(super::headings::shown(&first.text), super::headings::shown(&first.text))
        .sure(Confidence::Medium);
    match ledger.allows(change) {
        true => blocks.split_off(from),
        false => Vec::new(),
    }
}
