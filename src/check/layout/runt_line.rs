//! Paragraphs whose last line has one character.

use super::look::{Look, shown};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// Paragraphs whose last line has one character.
pub static RULE: Rule = Rule {
    id: "layout/runt-line",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一段的最后一行只有一个字",
        en: "the last line of a paragraph has one character",
    },
    why: Words {
        zh: "单字成行：一个字占一行，版面上留下一条空白",
        en: "a single character takes a line and leaves white space after it",
    },
    source: "排版惯例：单字不成行；CLREQ（中文排版需求）",
    wrong: "……各项工作取得了新的进|展。",
    right: "……各项工作取得了新的|进展。",
};

/// Finds them; marks do not count.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for text in look.paragraphs() {
        let [.., before, last] = &text.lines[..] else { continue };
        let words = look.pages.words(last);
        let letters = words.chars().filter(|c| c.is_alphanumeric()).count();
        if letters != 1 || words.is_ascii() {
            continue;
        }
        let end = shown(words.trim()).clone();
        let page = last.page + 1;
        let finding = RULE.finding(text!(
            "第 {page} 面有一段的最后一行只有“{end}”一个字",
            "the last line of a paragraph on page {page} is `{end}` alone"
        ));
        let around = look.pages.words(before) + &words;
        found.push(look.at(finding, &look.pages.all_words(text), &around).hint(text!(
            "这一段增删一两个字",
            "add or take out a character or two in the paragraph"
        )));
    }
    found
}
