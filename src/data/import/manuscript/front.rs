//! What stands before the text: its title, who says it where and when.

use super::block::{Block, Head};
use super::ledger::{self, Change, Confidence, Ledger, Spans};
use super::line::{Kind, width};
use super::outline::{Role, Words};
use super::{signs, titles, wording};
use crate::data::names::is_han;
use crate::text;

/// Lines of the front are not wider than this, in half-width characters.
const WIDEST: usize = 88;
/// A heading so many levels below the title is no section.
const JUMP: usize = 2;

/// A line of the front.
#[derive(Debug, Clone)]
pub struct Front {
    /// What it is.
    pub role: Role,
    /// What it says.
    pub words: Words,
}

/// Takes the front off the blocks.
pub(super) fn take(blocks: &mut Vec<Block>, ledger: &mut Ledger<'_>) -> Vec<Front> {
    join_title(blocks, ledger);
    let mut front: Vec<Front> = Vec::new();
    let mut taken = 0;
    while let Some(block) = blocks.get(taken) {
        let titled = front.iter().any(|line| line.role == Role::Title);
        let said = role(&block.text).filter(|_| is_line(block));
        let found = match said {
            Some(Role::Salutation) if !titled && taken == 0 => None,
            Some(found) if found != Role::Subtitle || titled => Some(found),
            _ if !could_be(blocks, taken, titled) => None,
            _ if !titled => Some(Role::Title),
            _ => Some(Role::Other),
        };
        let Some(found) = found else { break };
        let once = found == Role::Other || !front.iter().any(|line| line.role == found);
        let role = if once { found } else { Role::Other };
        front.push(Front { role, words: Words::of(block) });
        taken += 1;
        if found == Role::Salutation {
            break;
        }
    }
    if !front.iter().any(|line| line.role == Role::Title) {
        return Vec::new();
    }
    blocks.drain(..taken);
    place_others(&mut front);
    front
}

/// Lines that say not what they are: the first is the subtitle, one of a meeting is that.
fn place_others(front: &mut [Front]) {
    let has = |front: &[Front], role| front.iter().any(|line| line.role == role);
    for index in 0..front.len() {
        if front[index].role != Role::Other {
            continue;
        }
        let meeting = front[index].words.text.contains("会");
        if !has(front, Role::Subtitle) {
            front[index].role = Role::Subtitle;
        } else if meeting && !has(front, Role::Event) {
            front[index].role = Role::Event;
        }
    }
}

fn is_line(block: &Block) -> bool {
    let text = matches!(block.kind, Kind::Text | Kind::Heading(_));
    let number = block.head.as_ref().is_some_and(|head| head.number.is_some());
    text && !number && width(&block.text) <= WIDEST && !block.text.contains('。')
}

/// What a line of the front says that it is.
fn role(text: &str) -> Option<Role> {
    let ends = |words: &[&str]| words.iter().any(|word| text.ends_with(word));
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let parenthesised = text.starts_with(['（', '(']) && text.ends_with(['）', ')']);
    Some(
        if text.starts_with("——") || text.starts_with("--") || text.starts_with('—')
        {
            Role::Subtitle
        } else if signs::is_salutation(text) {
            Role::Salutation
        } else if signs::is_date(text) {
            Role::Date
        } else if parenthesised
            && has(&["草案", "通过", "讨论稿", "征求意见", "审议", "送审", "书面"])
        {
            Role::Status
        } else if has(&["大会", "会议", "全会", "年会"])
            && ends(&["召开", "举行", "开幕", "闭幕"])
        {
            Role::Event
        } else if text.starts_with('在')
            && ends(&["上的讲话", "上的报告", "上的致辞", "上的发言"])
        {
            Role::Subtitle
        } else if is_speaker(text) {
            Role::Speaker
        } else if is_label(text) || text.starts_with('【') && text.ends_with('】') {
            Role::Label
        } else {
            return None;
        },
    )
}

/// 县科协主席　王芳, 报告人：王芳.
fn is_speaker(text: &str) -> bool {
    let named = ["报告人", "主讲人", "发言人", "作者", "汇报人", "致辞人"];
    if let Some((name, who)) = text.split_once(['：', ':']) {
        return named.contains(&name.trim()) && !who.trim().is_empty();
    }
    let mut parts = text.split_whitespace();
    let Some(office) = parts.next() else { return false };
    let rest: Vec<&str> = parts.collect();
    let name: String = rest.concat();
    let offices =
        ["主席", "书记", "主任", "长", "经理", "院士", "教授", "委员", "代表", "理事"];
    let is_name = (2..=4).contains(&name.chars().count()) && name.chars().all(is_han);
    is_name && rest.len() <= 2 && offices.iter().any(|word| office.ends_with(word))
}

/// 会议文件之一, 附件2.
fn is_label(text: &str) -> bool {
    ["会议文件", "大会文件", "文件", "附件", "会议材料", "材料"].iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            let rest =
                rest.trim_start_matches('之').trim_matches(['（', '）', '(', ')', ' ']);
            let number =
                |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
            (1..=3).contains(&rest.chars().count()) && rest.chars().all(number)
        })
    })
}

/// Whether the block at an index can be a line of the front that does not say what it is.
fn could_be(blocks: &[Block], index: usize, titled: bool) -> bool {
    let block = &blocks[index];
    let line = is_line(block)
        && !signs::finished(&block.text)
        && !signs::is_field(&block.text)
        && !signs::is_names(&block.text)
        && ledger::count(&block.text) > 0;
    if !line {
        return false;
    }
    let later = || blocks[index + 1..].iter().filter_map(|block| block.head.as_ref());
    let Some(head) = &block.head else {
        // A line that is no heading stands right under the title, or is one.
        return titled && !signs::has_stop(&block.text) && !block.gap
            || !titled && blocks.len() > 1 && !signs::has_stop(&block.text);
    };
    let numbered =
        later().any(|head| head.number.as_ref().is_some_and(|n| n.series.rank() <= 5));
    if head.level == 0 {
        // The first short line is the title; of others it depends on what sections are.
        return !titled || numbered;
    }
    let again = later().any(|other| other.number.is_none() && other.level == head.level);
    if !titled {
        let deeper =
            later().all(|other| other.level >= head.level || other.number.is_some());
        // Where looks alone make headings, the title may look like the others.
        return index == 0 && block.kind == Kind::Text
            || !again && (deeper || index == 0);
    }
    let title = blocks[..index].iter().rev().find_map(|block| block.head.as_ref());
    let jump =
        title.is_some_and(|title| title.level > 0 && head.level >= title.level + JUMP);
    let over_body = blocks.get(index + 1).is_some_and(|next| next.head.is_none());
    let outer = later().all(|other| other.number.is_none() && other.level > head.level);
    !again && (jump || !(over_body && outer))
}

/// A title may stand on two lines.
fn join_title(blocks: &mut Vec<Block>, ledger: &mut Ledger<'_>) {
    let Some([first, second]) = blocks.get(..2) else { return };
    let fits = |block: &Block| {
        is_line(block)
            && role(&block.text).is_none()
            && matches!(block.kind, Kind::Text)
            && !signs::ends_with_mark(&block.text)
            && !signs::has_stop(&block.text)
            && !signs::is_field(&block.text)
            && !signs::begins(&block.text)
    };
    // A title of two phrases is whole.
    let whole = first.text.contains([' ', '\u{3000}'])
        && !second.text.contains([' ', '\u{3000}']);
    let alike =
        first.look == second.look || first.look.indent > 0 && second.look.indent > 0;
    let apart =
        second.gap || blocks.get(2).is_some_and(|third| fits(third) && !third.gap);
    if !fits(first)
        || !fits(second)
        || !alike
        || apart
        || whole
        || width(&first.text) < 12
    {
        return;
    }
    let even = ledger::count(&first.text) == ledger::count(&second.text);
    let latin = first.text.ends_with(|c: char| c.is_ascii_graphic())
        && second.text.starts_with(|c: char| c.is_ascii_graphic());
    let between = match (latin, even) {
        (true, _) => " ",
        (false, true) => "\u{3000}",
        (false, false) => "",
    };
    let reason = text!("标题排成了两行", "the title stood on two lines");
    let change = Change::new("import/title", first.number, reason)
        .words(
            format!("{}⏎{}", first.text, second.text),
            format!("{}{between}{}", first.text, second.text),
        )
        .sure(Confidence::Medium);
    if ledger.allows(change) {
        let second = blocks.remove(1);
        blocks[0].take_in(between, second);
    }
}

/// Mends the wording of the front: titles have phrases, other lines are as they are.
pub(super) fn mend(
    front: Vec<Front>,
    markdown: bool,
    ledger: &mut Ledger<'_>,
) -> Vec<Front> {
    front
        .into_iter()
        .map(|line| {
            let mut block = Block {
                text: line.words.text,
                spans: Spans::new(line.words.at..usize::MAX),
                number: line.words.line,
                ..Block::default()
            };
            if line.role != Role::Salutation {
                block.head = Some(Head { number: None, level: 1 });
                titles::tidy(&mut block, ledger);
            }
            let mut blocks = [block];
            wording::mend(&mut blocks, markdown, ledger);
            let [block] = blocks;
            Front { role: line.role, words: Words::of(&block) }
        })
        .collect()
}
