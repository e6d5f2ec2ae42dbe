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
    ('被', "棉", "子"),
    ('将', "即大小上中少老", "军领"),
    ('从', "服顺遵", "事业容"),
    ('向', "方面", "导"),
    ('以', "所可予", "及后来上下前内外"),
    ('而', "然从因", "且"),
    ('也', "", ""),
    ('都', "首成", "市"),
    ('并', "合一", "且"),
    ('由', "理自", "于"),
    ('中', "其", "国央心学"),
    ('了', "为不", "解结却然望之不"),
];

/// Words of two characters that do not stand twice. Others do: 看看看看, 研究研究,
/// 大片大片, and the neighbours of 带来越来越多.
const DOUBLE: &str = "开展 进行 加强 推进 推动 促进 实施 组织 建设 提高 提升 坚持 贯彻 落实 完善 \
    建立 健全 深化 深入 积极 不断 通过 以及 由于 关于 对于 因为 所以 但是 我们 他们 你们 她们 \
    同时 其中 按照 为了 已经 必须 应当 应该 可以 能够 这个 那个 这些 那些 一个 并且 而且 或者 \
    如果 虽然 围绕 结合 举办 召开 参加 取得 实现 完成 成为 具有 属于 位于 对此 因此 从而 以来 \
    科技 科普 科协 科学 学会 协会 会员 全县 全市 全省 全国 县委 市委 省委 企业 群众 干部 社会 \
    经济 发展 服务 创新 改革 技术 项目 单位 部门 基层 农村 城市 乡镇 街道 社区 学校 工作";

/// Characters that make one word of the second of two and what follows: 代表代表团.
const SUFFIXES: &str = "团中部局会室者员站馆院厅处组队家性化县市省地所界级部型";

/// How a repetition for the sake of the tone begins: 很紧很紧, 不敢当不敢当.
const TONE: &str = "不很一多越好太真再又还大小长";

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
    let next = passage.at(at + 2 * length);
    match length {
        2 => {
            !next.is_some_and(|c| SUFFIXES.contains(c))
                && DOUBLE.split_whitespace().any(|double| double == word)
        }
        _ => !word.starts_with(|c| TONE.contains(c)) && next != Some('！'),
    }
}
