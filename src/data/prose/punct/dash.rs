//! Dashes that are not two characters long.

use crate::data::prose::character::{
    ends_sentence, is_chinese, is_dash, is_han, is_space,
};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `成绩--也是` is `成绩——也是`.
pub static RULE: Rule = Rule {
    id: "punct/dash",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "破折号写成了“--”“–”或单个“—”",
        en: "a dash written `--`, `–` or as a single `—`",
    },
    why: Words {
        zh: "破折号“——”占两个字的位置；“—”是连接号，“-”是短横线",
        en: "the dash of Chinese `——` is two characters wide; `—` joins, `-` is a hyphen",
    },
    source: "GB/T 15834-2011 4.10, 4.13, 5.1",
    wrong: "这是成绩--也是起点",
    right: "这是成绩——也是起点",
};

/// Finds dashes between Han; those that may join two words are not mended.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let mut from = 0;
    while from < passage.letters.len() {
        let to = passage.end_of(from, is_dash);
        if to > from {
            slips.extend(slip(passage, from, to));
        }
        from = to.max(from + 1);
    }
}

fn slip(passage: &Passage<'_>, from: usize, to: usize) -> Option<Slip> {
    let written = passage.read(from..to);
    let left = passage.start_of(from, is_space);
    let right = passage.end_of(to, is_space);
    let (before, after) = (passage.before(left), passage.at(right));
    let chinese = |c: Option<char>| c.is_some_and(is_chinese);
    // A line may begin or end with a dash, but not with the mark of a command.
    let stands = (chinese(before) && (chinese(after) || after.is_none()))
        || (before.is_none() && right == to && after.is_some_and(is_han));
    let opens = before.is_none_or(ends_sentence) && after.is_some_and(is_han);
    let double = to - from == 2 && written != "——";
    let triple = to - from == 3 && before.is_some() && after.is_some();
    let single = to - from == 1 && matches!(&*written, "—" | "―") && opens;
    let unclear = to - from == 1
        && before.is_some_and(is_han)
        && after.is_some_and(is_han)
        && (matches!(&*written, "–" | "―" | "─")
            || (left < from && to < right && written != "－"));
    if !stands {
        return None;
    }
    if double || triple || single {
        let message =
            text!("「{written}」应为破折号「——」", "`{written}` should be the dash `——`");
        let slip = Slip::new(&RULE, passage.span(from, to - 1), message);
        return Some(slip.mend(passage, from..to, "——"));
    }
    let message = text!(
        "汉字之间的「{written}」：破折号是「——」，起止、走向用「—」",
        "`{written}` between Han characters: a dash is `——`, from one place or time to another is `—`"
    );
    unclear.then(|| Slip::new(&RULE, passage.span(from, to - 1), message))
}
