//! Words that stand twice.

use crate::data::prose::character::is_han;
use crate::data::prose::numeral::is_han_number;
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `开展开展活动` is `开展活动`.
pub static RULE: Rule = Rule {
    id: "name/doubled-word",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words { zh: "一个词写了两遍", en: "a word that stands twice" },
    why: Words {
        zh: "多半是复制、改稿时留下的",
        en: "mostly left over from copying and editing",
    },
    source: "编校惯例",
    wrong: "深入开展开展科普活动",
    right: "深入开展科普活动",
};

/// Words of one character that do not stand twice, with the characters before which, and
/// behind which, the two belong to different words.
const SINGLE: &[(char, &str, &str)] = &[
    ('的', "目端中靶", "确士哥"),
    ('和', "共柔饱温缓随祥谐中总平暖", "气美睦平谐"),
    ('与', "参赋给授", "会"),
    ('及', "普涉以", "时格早第"),
    ('在', "现存实所内潜外好自", "线"),
    ('是', "于但就可只还若不", "非否"),
    ('为', "行作因认成", ""),
    ('对', "面应一反针核校绝", "子联"),
    ('把', "", "手"),
    ('被', "棉", "子"),
    ('将', "即大小", "军领"),
    ('从', "服顺遵", "事业"),
    ('向', "方面", "导"),
    ('以', "所可予", "及后来上下前内外"),
    ('而', "然从因", "且"),
    ('也', "", ""),
    ('都', "首成", "市"),
    ('并', "合一", "且"),
    ('由', "理自", "于"),
    ('中', "其", "国央心学"),
    ('了', "为不", "解结却然望之"),
];

/// Words of two characters that may stand twice.
const TRUE_DOUBLES: &str = "研究 讨论 学习 考虑 商量 打扫 休息 了解 认识 介绍 交流 锻炼 \
    体验 参观 享受 放松 调查 检查 收拾 整理 庆祝 支持 关心 帮助 表扬 批评 热闹 高兴 非常 \
    很多 许多 加油 快乐 活动 走动 宣传 讲究 琢磨 联系 练习 观察 比较 分析 尝试 教育 照顾 \
    聊天 尤其 特别 日日 天天 谢谢 恭喜 永远 慢慢 渐渐 常常 看看 想想 说说 走走 试试 听听 \
    问问 谈谈 等等 人人 个个 家家 户户 年年 月月 处处 事事 时时 步步 层层 声声 句句 条条 \
    仅仅 刚刚 往往 偏偏 默默 稳稳 深深 紧紧 牢牢";

/// Characters that make one word of the second of two and what follows: 代表代表团.
const SUFFIXES: &str = "团中部局会室者员站馆院厅处组队家性化县市省";

/// Finds doubled characters, and doubled words of two to eight.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let mut at = 0;
    while at < passage.letters.len() {
        let c = passage.letters[at].c;
        let length = match is_han(c) {
            true if passage.after(at) == Some(c) => {
                usize::from(is_doubled(passage, at, c))
            }
            true => repeated(passage, at),
            false => 0,
        };
        if length > 0 {
            let word = passage.read(at..at + length);
            let message = text!(
                "「{word}{word}」：「{word}」写了两遍",
                "`{word}{word}`: `{word}` stands twice"
            );
            let range = passage.span(at, at + 2 * length - 1);
            slips.push(Slip::new(&RULE, range, message));
        }
        at += (2 * length).max(1);
    }
}

/// Whether two of a character are one too many.
fn is_doubled(passage: &Passage<'_>, at: usize, c: char) -> bool {
    let Some((_, before, after)) = SINGLE.iter().find(|(word, ..)| *word == c) else {
        return false;
    };
    let (left, right) = (passage.before(at), passage.at(at + 2));
    // Three in a row, or 了了 before a mark: left to the reader.
    left != Some(c)
        && right != Some(c)
        && !left.is_some_and(|left| before.contains(left))
        && !right.is_some_and(|right| after.contains(right))
}

/// The length of the word that stands at an index and again behind itself.
fn repeated(passage: &Passage<'_>, at: usize) -> usize {
    let same = |length: usize| {
        (0..length).all(|nth| {
            let c = passage.at(at + nth);
            c.is_some_and(is_han) && c == passage.at(at + length + nth)
        })
    };
    // Two that are far apart in the alphabet of Han are told apart at once.
    let next = passage.letters[at + 1..]
        .iter()
        .take(8)
        .position(|l| l.c == passage.letters[at].c);
    let Some(first) = next.map(|next| next + 1) else { return 0 };
    (first..=8).find(|length| same(*length) && is_word(passage, at, *length)).unwrap_or(0)
}

fn is_word(passage: &Passage<'_>, at: usize, length: usize) -> bool {
    let letters = &passage.letters[at..at + length];
    let number = letters.iter().any(|letter| is_han_number(letter.c));
    let alike = letters.iter().all(|letter| letter.c == letters[0].c);
    if number || alike {
        return false;
    }
    let word = passage.read(at..at + length);
    let suffix = passage.at(at + 2 * length).is_some_and(|c| SUFFIXES.contains(c));
    length > 2
        || (!suffix && !TRUE_DOUBLES.split_whitespace().any(|double| double == word))
}
