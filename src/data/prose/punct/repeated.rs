//! Marks that stand twice, or where one is enough.

use crate::data::prose::character::is_stop;
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `，，` is `，`.
pub static RULE: Rule = Rule {
    id: "punct/repeated",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words { zh: "两个点号连在一起", en: "two stops one behind the other" },
    why: Words {
        zh: "一处停顿只用一个点号；多出的是改稿时留下的",
        en: "one pause has one mark; the other is left over from editing",
    },
    source: "GB/T 15834-2011 4.1—4.7",
    wrong: "五年来，，在县委领导下、，科协工作",
    right: "五年来，在县委领导下，科协工作",
};

/// `！！！！` is too loud.
pub static TOO_MANY: Rule = Rule {
    id: "punct/too-many-marks",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "问号、叹号叠用超过三个",
        en: "more than three question or exclamation marks in a row",
    },
    why: Words { zh: "问号、叹号最多叠用三个", en: "there are at most three" },
    source: "GB/T 15834-2011 4.2.3.3, 4.3.3.2",
    wrong: "大会胜利召开！！！！",
    right: "大会胜利召开！",
};

/// `。”。` ends a sentence twice.
pub static QUOTED_STOP: Rule = Rule {
    id: "punct/stop-on-both-sides",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "后引号里外都有点号",
        en: "a stop on both sides of a closing quotation mark",
    },
    why: Words {
        zh: "引文独立成句，句号在引号里；引文是句子的一部分，点号在引号外：只用一个",
        en: "a quotation that is a sentence has its stop inside, one that is part of a sentence has it outside: one is enough",
    },
    source: "GB/T 15834-2011 4.8, 附录A",
    wrong: "他说：“会议开得好。”。",
    right: "他说：“会议开得好。”",
};

/// Finds stops beside stops; other pairs than those that are surely one mark are not
/// mended.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let loud = |c: char| matches!(c, '！' | '？');
    let mut from = 0;
    while from < passage.letters.len() {
        let to = passage.end_of(from, is_stop);
        if to - from > 1 && !passage.letters[from..to].iter().all(|l| loud(l.c)) {
            slips.extend(slip(passage, from, to));
        }
        from = to.max(from + 1);
    }
}

fn slip(passage: &Passage<'_>, from: usize, to: usize) -> Option<Slip> {
    let written = passage.read(from..to);
    let mut marks: Vec<char> = written.chars().collect();
    // Three full stops are an ellipsis.
    if marks.len() > 2 && marks.iter().all(|c| *c == '。') {
        return None;
    }
    // Three list commas may have been meant as one.
    let ellipsis = marks.len() > 2 && marks.iter().all(|c| *c == '、');
    marks.dedup();
    let one = match marks[..] {
        _ if ellipsis => None,
        [one] | ['、', one @ ('，' | '。')] | ['，' | '；', one @ '。'] => {
            Some(one)
        }
        _ => None,
    };
    let range = passage.span(from, to - 1);
    Some(match one {
        Some(one) => {
            let message =
                text!("「{written}」应为「{one}」", "`{written}` should be `{one}`");
            Slip::new(&RULE, range, message).mend(passage, from..to, &one.to_string())
        }
        None => {
            let message = text!(
                "「{written}」连用：只留一个点号",
                "`{written}` one behind the other: keep one of them"
            );
            Slip::new(&RULE, range, message)
        }
    })
}

/// Finds more than three question or exclamation marks.
pub fn find_too_many(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let loud = |c: char| matches!(c, '！' | '？' | '!' | '?');
    let mut from = 0;
    while from < passage.letters.len() {
        let to = passage.end_of(from, loud);
        if to - from > 3 {
            let written = passage.read(from..to);
            let message = text!(
                "「{written}」太多：最多叠用三个，公文用一个",
                "`{written}` are too many: three at most, one in official papers"
            );
            slips.push(Slip::new(&TOO_MANY, passage.span(from, to - 1), message));
        }
        from = to.max(from + 1);
    }
}

/// Finds stops before and behind a closing quotation mark.
pub fn find_quoted(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        if letter.c != '”' {
            continue;
        }
        let (Some(before @ ('。' | '，' | '；')), Some(after @ ('。' | '，' | '；'))) =
            (passage.before(at), passage.after(at))
        else {
            continue;
        };
        let message = text!(
            "「{before}”{after}」里外都有点号：只留一个",
            "`{before}”{after}` has two stops: keep one of them"
        );
        slips.push(Slip::new(&QUOTED_STOP, passage.span(at - 1, at + 1), message));
    }
}
