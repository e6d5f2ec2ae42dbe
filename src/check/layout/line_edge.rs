//! Lines that begin or end with the wrong mark.

use super::look::Look;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::{Line, Text};
use crate::text;

/// Lines that begin or end with the wrong mark.
pub static RULE: Rule = Rule {
    id: "layout/line-edge",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "行首是后标点、·、～、/，行末是前标点，或者破折号、省略号分在两行",
        en: "a line begins with a closing mark, ·, ～ or /, ends with an opening one, or parts a dash or an ellipsis",
    },
    why: Words {
        zh: "点号和后半个括号引号不单独在行首，前半个不在行末，破折号和省略号不拆开",
        en: "stops and closing marks never begin a line, opening ones never end it, dashes and ellipses are never parted",
    },
    source: "GB/T 15834-2011 5.1",
    wrong: "约翰|·李",
    right: "约翰·|李",
};

const NEVER_FIRST: &str = "，。、；：？！）》〉」』】〕〗］｝”’·～/℃％‰";
const NEVER_LAST: &str = "（《〈「『【〔〖［｛“‘";

/// Finds them.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    look.line_ends(|text, after, head, tail| {
        if let Some(fault) = fault(head.trim_end(), tail.trim_start()) {
            found.push(told(look, text, after, fault, head, tail));
        }
    });
    found
}

/// What is wrong where a line ends and the next one begins.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Fault {
    First(char),
    Last(char),
    Parted(char),
}

fn fault(head: &str, tail: &str) -> Option<Fault> {
    let last = head.chars().last()?;
    let mut rest = tail.chars();
    let (first, second) = (rest.next()?, rest.next());
    if matches!(first, '—' | '…') && first == last {
        return Some(Fault::Parted(first));
    }
    if NEVER_LAST.contains(last) {
        return Some(Fault::Last(last));
    }
    // Addresses break anywhere, and an apostrophe may begin an English word.
    let latin = last.is_ascii() && first == '/';
    let word =
        matches!(first, '’' | '”') && second.is_some_and(|c| c.is_ascii_alphabetic());
    (NEVER_FIRST.contains(first) && !latin && !word).then_some(Fault::First(first))
}

fn told(
    look: &Look<'_>,
    text: &Text,
    line: &Line,
    fault: Fault,
    head: &str,
    tail: &str,
) -> Diagnostic {
    let page = line.page + 1;
    let end: String = head.chars().rev().take(6).collect();
    let end: String = end.chars().rev().collect();
    let begin: String = tail.chars().take(6).collect();
    let finding = RULE.finding(match fault {
        Fault::First(c) => text!(
            "第 {page} 面有一行从“{c}”开始：{end}|{begin}",
            "a line on page {page} begins with `{c}`: {end}|{begin}"
        ),
        Fault::Last(c) => text!(
            "第 {page} 面有一行在“{c}”结束：{end}|{begin}",
            "a line on page {page} ends with `{c}`: {end}|{begin}"
        ),
        Fault::Parted(c) => text!(
            "第 {page} 面的“{c}{c}”分在两行：{end}|{begin}",
            "`{c}{c}` on page {page} is parted: {end}|{begin}"
        ),
    });
    look.at(finding, &look.pages.all_words(text), &(end + &begin)).hint(text!(
        "看看这里是不是有多余的空格或硬换行；没有的话，这一段增删一两个字",
        "see whether a space or a line break stands here that should not; else add or take out a character or two"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_judged() {
        for (head, tail, expected) in [
            ("约翰", "·李", Some(Fault::First('·'))),
            ("他说：“", "好”", Some(Fault::Last('“'))),
            ("是—", "—的", Some(Fault::Parted('—'))),
            ("是", "——的", None),
            ("https://a.cn", "/b", None),
            ("on a", "’tis", None),
            ("科协", "／", None),
            ("3", "～5", Some(Fault::First('～'))),
        ] {
            assert_eq!(fault(head, tail), expected, "{head}|{tail}");
        }
    }
}
