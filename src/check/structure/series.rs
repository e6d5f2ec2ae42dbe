//! Numbered titles that leave a number out or have it twice.

use super::siblings::Title;
use crate::check::text::subject::Subject;
use crate::data::numerals;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `亮点一、亮点二、亮点四`.
pub(super) static RULE: Rule = Rule {
    id: "structure/series",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "并列的标题编了号，号却不连续、重复或不从一开始",
        en: "numbered titles beside each other whose numbers leave one out, repeat one or do not begin at one",
    },
    why: Words {
        zh: "缺号的一节可能漏掉了，重号的一节可能放错了地方",
        en: "a missing number may be a lost part, a repeated one a part in the wrong place",
    },
    source: "GB/T 15834-2011 appendix B; custom of numbered parts",
    wrong: "亮点一／亮点二／亮点四",
    right: "亮点一／亮点二／亮点三",
};

/// A number in a title: what stands before and behind it.
#[derive(Debug, Eq, PartialEq)]
struct Numbered {
    lead: String,
    number: usize,
    written: String,
}

pub(super) fn find(subject: &Subject<'_>, group: &[Title<'_, '_>]) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let numbers: Option<Vec<Numbered>> =
        group.iter().map(|title| numbered(title.words())).collect();
    let Some(numbers) = numbers.filter(|numbers| {
        numbers.iter().all(|numbered| numbered.lead == numbers[0].lead)
    }) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut expected = 1;
    for (title, numbered) in group.iter().zip(&numbers) {
        let Numbered { number, written, .. } = numbered;
        if *number != expected {
            let message = match *number > expected {
                true => text!(
                    "编号到了“{written}”，前面缺第{expected}个",
                    "the number is {written} where {expected} comes next"
                ),
                false => text!(
                    "编号“{written}”重复或者倒退了，这里该是第{expected}个",
                    "the number {written} is there already; {expected} comes next"
                ),
            };
            let start =
                title.range.start + title.words().find(written.as_str()).unwrap_or(0);
            let place = subject.place(title.text, &(start..start + written.len()));
            found.push(RULE.finding(message).at(place));
        }
        expected = number + 1;
    }
    found
}

/// What may stand before a number: a bracket, or a word for a part.
const LEADS: &[&str] = &[
    "", "（", "(", "第", "亮点", "附件", "附录", "专题", "案例", "任务", "措施", "工程",
    "行动", "例", "议程", "主题", "板块", "篇章",
];

/// The number that a title begins with, as in 一、 （二） 3. 亮点四 第五章.
fn numbered(title: &str) -> Option<Numbered> {
    let title = title.trim_start_matches(['*', '#', ' ']);
    let at = title.find(is_digit)?;
    let lead = &title[..at];
    LEADS.contains(&lead).then_some(())?;
    let rest = &title[at..];
    let end = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
    let written = &rest[..end];
    let behind = rest[end..].chars().next();
    let marked = match lead {
        "" => {
            behind.is_some_and(|c| matches!(c, '、' | '．'))
                || behind == Some('.') && !rest[end + 1..].starts_with(is_digit)
        }
        "（" | "(" => behind.is_some_and(|c| matches!(c, '）' | ')')),
        "第" => behind
            .is_some_and(|c| matches!(c, '章' | '节' | '条' | '篇' | '部' | '编' | '讲')),
        _ => behind.is_none_or(|c| matches!(c, '：' | '　' | ' ' | '、' | '.')),
    };
    let number = match written.parse() {
        Ok(number) => number,
        Err(_) => {
            (1..=99).find(|n| numerals::cn(&n.to_string()).as_deref() == Some(written))?
        }
    };
    let kind = if written.is_ascii() { "1" } else { "一" };
    let lead = format!("{lead}{kind}{}", behind.filter(|_| lead == "第").unwrap_or(' '));
    marked.then(|| Numbered { lead, number, written: written.to_string() })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn numbers_of_titles_are_read() {
        let number = |title| numbered(title).map(|numbered| numbered.number);
        assert_eq!(number("一、总则"), Some(1));
        assert_eq!(number("（十二）其他"), Some(12));
        assert_eq!(number("3. 学会"), Some(3));
        assert_eq!(number("亮点四"), Some(4));
        assert_eq!(number("第二章　任务"), Some(2));
        assert_eq!(number("3.5万人"), None);
        assert_eq!(number("一张防霜图"), None);
        assert_eq!(number("2024年工作"), None);
    }
}
