//! Colons inside what another colon introduces.

use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `指出：…要求：…` in one sentence.
pub static RULE: Rule = Rule {
    id: "punct/nested-colon",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一句话里套用了冒号",
        en: "a colon inside what another colon introduces",
    },
    why: Words {
        zh: "一个句子内部一般不套用冒号：前一个冒号管到哪里说不清",
        en: "one sentence has one colon: nobody knows how far the first one goes",
    },
    source: "GB/T 15834-2011 4.7.3.4",
    wrong: "会议指出：做好今后工作要把握以下三点：一是加强领导。",
    right: "会议指出，做好今后工作要把握以下三点：一是加强领导。",
};

/// Words before a colon that introduce a sentence or a list. After other words, which are
/// labels, each has its own.
const INTRODUCING: [&str; 22] = [
    "指出", "强调", "提出", "认为", "要求", "表示", "写道", "回答", "如下", "下列",
    "包括", "发现", "明确", "说明", "决定", "宣布", "建议", "他说", "她说", "几点",
    "方面", "问道",
];

/// Finds two introducing colons in a sentence, not in a quotation.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let (mut before, mut quoted) = (false, 0_usize);
    for (at, letter) in passage.letters.iter().enumerate() {
        match letter.c {
            '“' | '《' | '（' => quoted += 1,
            '”' | '》' | '）' => quoted = quoted.saturating_sub(1),
            '。' | '！' | '？' | '；' | '\n' => before = false,
            '：' if quoted == 0 && introduces(passage, at) => {
                if before {
                    let words = passage.read(at.saturating_sub(2)..at);
                    let message = text!(
                        "「{words}：」前面已有冒号：把其中一个改为逗号或另起一句",
                        "there is a colon before `{words}：`: put a comma in the place of one, or begin a sentence"
                    );
                    slips.push(Slip::new(&RULE, letter.range.clone(), message));
                }
                before = true;
            }
            _ => {}
        }
    }
}

fn introduces(passage: &Passage<'_>, at: usize) -> bool {
    let counted = at >= 2
        && passage.before(at).is_some_and(|c| "点条项".contains(c))
        && passage
            .at(at - 2)
            .is_some_and(|c| "二两三四五六七八九十几".contains(c) || c.is_ascii_digit());
    counted || INTRODUCING.iter().any(|word| passage.has_before(at, word))
}
