//! Numbers that are broken, or parted from what they count.

use super::look::{Look, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::{Line, Text};
use crate::text;

/// Numbers that are broken, or parted from what they count.
pub static RULE: Rule = Rule {
    id: "layout/broken-number",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一个数分在两行，或者数和它的单位、量词分在两行",
        en: "a number is broken over two lines, or parted from its unit or measure word",
    },
    why: Words {
        zh: "同一个用阿拉伯数字书写的数值应在同一行；数和单位分开，读时要回头",
        en: "a number in digits stays in one line; parted from its unit, it has to be read twice",
    },
    source: "GB/T 15835-2011",
    wrong: "共有10|030人",
    right: "共有|10030人",
};

/// What is counted, and what makes a number greater: the first character of each.
const COUNTED: &str = "年月日时分秒个名人家次项场篇万亿千百十多余元吨亩米克里岁位届期批组支条件种户只台套册本份度届倍成号辆艘所座栋棵株头匹对双层间村镇县市省笔宗起例页章节课班部处厘毫公平立升斤两寸尺丈℃%％‰°㎡㎏㎝㎜㎞";

/// Finds them.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    look.line_ends(|text, after, head, tail| {
        if let Some(piece) = broken(head, tail) {
            found.push(told(look, text, after, &piece));
        }
    });
    found
}

/// The number with what it counts, `|` where the line ends, if it should be whole.
fn broken(head: &str, tail: &str) -> Option<String> {
    let spaced = head.ends_with(char::is_whitespace);
    let (head, tail) = (head.trim_end(), tail.trim_start());
    let part = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%');
    let begin: String = head.chars().rev().take_while(part).collect();
    let begin: String = begin.chars().rev().collect();
    let number = begin.trim_start_matches(['.', ',', '%']);
    if number.is_empty() || !number.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    // A4, COVID-19: names, not numbers; 第3 is followed by what it counts, too.
    let before = head[..head.len() - number.len()].chars().last();
    if before.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '/' | '_')) {
        return None;
    }
    let first = tail.chars().next()?;
    let digits: String = tail.chars().take_while(part).collect();
    let after = if first.is_ascii_digit() {
        // The next number of a row is another one, unless it is a group of three.
        let group = digits.chars().filter(char::is_ascii_digit).count() == 3;
        let joined = number.ends_with('.') || !spaced;
        (group || joined).then_some(digits)?
    } else {
        let counted = COUNTED.contains(first) && !number.ends_with('.');
        counted.then(|| first.to_string())?
    };
    Some(format!("{number}|{after}"))
}

fn told(look: &Look<'_>, text: &Text, line: &Line, piece: &str) -> Diagnostic {
    let page = line.page + 1;
    let shown = shown(piece);
    let finding = RULE.finding(text!(
        "第 {page} 面的“{shown}”分在两行",
        "`{shown}` on page {page} is parted over two lines"
    ));
    let words = piece.replace('|', "");
    look.at(finding, &look.pages.all_words(text), &words).hint(text!(
        "去掉数里和单位前的空格，或用不间断空格（U+00A0）",
        "take out the space inside the number or before its unit, or write a no-break space (U+00A0)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole() {
        for (head, tail, expected) in [
            ("共有10 ", "030人", Some("10|030")),
            ("增长2.", "5个", Some("2.|5")),
            ("来了12", "家企业", Some("12|家")),
            ("到2023", "年", Some("2023|年")),
            ("用A4", "本子", None),
            ("第3", "次", Some("3|次")),
            ("比分是3", "，", None),
            ("到2023", "和", None),
            ("1.", "建立", None),
            ("如下：12 ", "15", None),
        ] {
            assert_eq!(broken(head, tail).as_deref(), expected, "{head}|{tail}");
        }
    }
}
