//! The comma of lists, 、.

use crate::data::prose::character::is_han;
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `“甲”、“乙”` is `“甲”“乙”`.
pub static QUOTED: Rule = Rule {
    id: "punct/list-comma",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "标有引号、书名号的并列成分之间用了顿号",
        en: "a list comma between quoted words or titles",
    },
    why: Words {
        zh: "引号、书名号已把它们隔开，通常不用顿号",
        en: "the marks part them already",
    },
    source: "GB/T 15834-2011 4.5.3.5",
    wrong: "树牢“四个意识”、“四个自信”",
    right: "树牢“四个意识”“四个自信”",
};

/// A clause behind 、 where ， is meant.
pub static LEVEL: Rule = Rule {
    id: "punct/list-level",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "顿号后面不是并列的词语，而是另起的分句",
        en: "a list comma before what is no item of the list but a clause of its own",
    },
    why: Words {
        zh: "顿号只隔开并列的词语；转入下一层意思用逗号",
        en: "it stands between items of one list; before the next thought there is a `，`",
    },
    source: "GB/T 15834-2011 4.4, 4.5",
    wrong: "同频共振、系统集成、精准施策、努力建设一流科协组织",
    right: "同频共振、系统集成、精准施策，努力建设一流科协组织",
};

/// Finds 、 between a closing mark and the next opening one.
pub fn find_quoted(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '、' {
            continue;
        }
        let (Some(before @ ('”' | '》')), Some(after @ ('“' | '《'))) =
            (passage.before(at), passage.after(at))
        else {
            continue;
        };
        if (before == '”') == (after == '“') {
            let message = text!(
                "「{before}、{after}」应写作「{before}{after}」",
                "`{before}、{after}` should be `{before}{after}`"
            );
            slips.push(Slip::new(&QUOTED, passage.span(at - 1, at + 1), message));
        }
    }
}

/// How a clause of purpose begins: how, and what is done.
const MANNER: [&str; 8] =
    ["努力", "奋力", "全力", "积极", "不断", "持续", "加快", "全面"];
const AIM: [&str; 14] = [
    "建设", "打造", "开创", "谱写", "推动", "推进", "实现", "创建", "构建", "争当",
    "争创", "书写", "夺取", "展现",
];

/// How long the items of such a list are, and how many there are.
const ITEM: usize = 4;
const ITEMS: usize = 3;

/// The shortest clause.
const CLAUSE: usize = 7;

/// Finds lists of four-character phrases whose last item is a clause of purpose.
pub fn find_level(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let clause = at + 1;
        let begins = || {
            MANNER.iter().any(|word| passage.has(clause, word))
                && AIM.iter().any(|word| passage.has(clause + 2, word))
        };
        if letter.c != '、' || !begins() {
            continue;
        }
        let end = passage.end_of(clause, |c| !"、，。；：！？\n".contains(c));
        if end - clause >= CLAUSE
            && passage.at(end) != Some('、')
            && is_behind_list(passage, at)
        {
            let words = passage.read(clause..clause + 4);
            let message = text!(
                "「、{words}」应为「，{words}」：前面是并列的短语，这里是另一个分句",
                "`、{words}` should be `，{words}`: before it there is a list, this is another clause"
            );
            slips.push(Slip::new(&LEVEL, passage.span(at, at + 4), message));
        }
    }
}

/// Whether three phrases of four characters end before an index.
fn is_behind_list(passage: &Passage<'_>, mut at: usize) -> bool {
    for nth in 0..ITEMS {
        let start = passage.start_of(at, is_han);
        let first = nth + 1 == ITEMS;
        if at - start != ITEM || start == 0 {
            return at - start == ITEM && first;
        }
        if passage.before(start) != Some('、') && !first {
            return false;
        }
        at = start - 1;
    }
    true
}
