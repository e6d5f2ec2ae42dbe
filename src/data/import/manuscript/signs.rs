//! What a line says by its ends and marks: whether a sentence is over, whether it is a
//! date, a list of names, a field with its value.

use super::line::width;
use super::numbering;
use crate::data::names::is_han;

/// Closing marks, which may stand behind the end of a sentence.
fn closes(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '"' | '\'' | '）' | ')' | '》' | '」' | '』' | '】' | '*' | '_'
    )
}

/// Whether a text ends like a sentence, or announces what comes.
pub(super) fn finished(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(closes);
    let end = bare.chars().next_back();
    match end {
        Some('。' | '！' | '？' | '…' | '!' | '?' | '：' | ':' | '；' | ';' | '─') => {
            true
        }
        Some('.') => !bare.ends_with("..") || bare.ends_with("..."),
        // A sentence that ends with a quote or a title has its stop outside.
        _ => false,
    }
}

/// Whether a text ends with any mark.
pub(super) fn ends_with_mark(text: &str) -> bool {
    let end = text.trim_end().chars().next_back();
    finished(text)
        || end.is_some_and(|c| matches!(c, '，' | ',' | '、' | '—') || closes(c))
}

/// Whether a text has the marks of running text.
pub(super) fn has_stop(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let in_text = |i: usize| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit)
        };
        !(digit(i.checked_sub(1)) && digit(Some(i + 1)))
    };
    chars.iter().enumerate().any(|(i, c)| match c {
        '。' | '；' | '，' | '！' | '？' => true,
        ',' | ';' => in_text(i),
        '.' => chars.get(i + 1).is_none_or(|c| c.is_whitespace()) && i > 3,
        _ => false,
    })
}

/// Whether a line is a field with its value: 时间：3月28日.
pub(super) fn is_field(text: &str) -> bool {
    let Some((name, value)) = text.split_once(['：', ':']) else { return false };
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let length = name.chars().count();
    let word = name.chars().all(|c| is_han(c) || c == '（' || c == '）' || c == '、');
    (2..=6).contains(&length) && word && !value.trim().is_empty()
}

/// Whether a line is a day, alone or in parentheses.
pub(super) fn is_date(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = bare.trim_matches(['（', '）', '(', ')']);
    let digit = |c: char| c.is_ascii_digit() || "〇零○一二三四五六七八九十".contains(c);
    let Some((year, rest)) = bare.split_once('年') else { return false };
    let part = |c: char| digit(c) || matches!(c, '月' | '日' | '至' | '—' | '-' | '～');
    (2..=4).contains(&year.chars().count())
        && year.chars().all(digit)
        && !rest.is_empty()
        && rest.chars().all(part)
}

/// Whether a line is a row of names: words of two to four Han characters.
pub(super) fn is_names(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([' ', '\u{3000}', '\t', '、'])
        .filter(|word| !word.is_empty())
        .collect();
    let short = |word: &&str| {
        word.chars().all(|c| is_han(c) || c == '·') && word.chars().count() <= 4
    };
    words.len() >= 3 && words.iter().all(short)
}

/// Whether a line calls those who are spoken to.
pub(super) fn is_salutation(text: &str) -> bool {
    let Some(who) = text.trim_end().strip_suffix(['：', ':']) else { return false };
    const WHO: [&str; 10] =
        ["代表", "同志", "领导", "各位", "先生", "女士", "来宾", "朋友", "学会", "单位"];
    width(who) <= 60
        && !who.contains(['。', '；'])
        && WHO.iter().any(|word| who.contains(word))
}

/// Whether a line has columns: tabs, or wide gaps, inside of it.
pub(super) fn has_columns(text: &str) -> bool {
    let text = text.trim();
    text.contains('\t') || text.contains("   ") || text.matches("  ").count() >= 2
}

/// Whether a line begins something: a number, a bullet, a field, an hour.
pub(super) fn begins(text: &str) -> bool {
    let first = text.chars().next();
    let bullet = first.is_some_and(|c| {
        matches!(
            c,
            '●' | '○'
                | '■'
                | '□'
                | '◆'
                | '◇'
                | '▪'
                | '★'
                | '☆'
                | '※'
                | '➢'
                | '✓'
                | '•'
                | '·'
        )
    });
    let dash = text.starts_with("——") || text.starts_with("- ") || text.starts_with("* ");
    bullet || dash || numbering::number(text).is_some() || is_field(text) || is_hour(text)
}

/// Whether a line begins with a time of day: 9:00, 上午9:30.
pub(super) fn is_hour(text: &str) -> bool {
    let text = ["上午", "下午", "晚上"]
        .iter()
        .find_map(|part| text.strip_prefix(part))
        .unwrap_or(text);
    let Some((hour, rest)) = text.split_once([':', '：']) else { return false };
    let number = |part: &str| part.len() <= 2 && part.parse::<u8>().is_ok();
    number(hour) && rest.get(..2).is_some_and(number)
}

/// Whether a line says something in a conversation.
pub(super) fn is_speech(text: &str) -> bool {
    text.starts_with(['“', '"', '「']) || text.starts_with("——")
}
