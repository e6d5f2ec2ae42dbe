//! Titles in phrases of which one is longer or shorter than the others.

use super::siblings::Title;
use crate::check::text::subject::Subject;
use crate::data::names::is_han;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `凝聚力` among phrases of four characters.
pub(super) static RULE: Rule = Rule {
    id: "structure/parallel-titles",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "并列的标题各分几句，唯独一个的字数和别的不同",
        en: "titles in phrases beside each other, of which one has more or fewer characters than all others",
    },
    why: Words {
        zh: "对仗的标题字数要相等；少的一字多半是漏掉的",
        en: "parallel titles have phrases of equal length; a missing character was mostly lost",
    },
    source: "custom of Chinese titles (对仗)",
    wrong: "做精做细　提升科协新服务／立体宣传　塑造科学新印象／凝聚力　焕发基层新活力",
    right: "做精做细　提升科协新服务／立体宣传　塑造科学新印象／凝心聚力　焕发基层新活力",
};

/// How many titles it takes to tell which one is not like the others.
const ENOUGH: usize = 3;

pub(super) fn find(subject: &Subject<'_>, group: &[Title<'_, '_>]) -> Vec<Diagnostic> {
    if group.len() < ENOUGH || !subject.asks(&RULE) {
        return Vec::new();
    }
    let phrases: Vec<Vec<(&str, usize)>> =
        group.iter().map(|title| phrases(title.words())).collect();
    let count = phrases[0].len();
    if count < 2 || phrases.iter().any(|list| list.len() != count) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for phrase in 0..count {
        let lengths: Vec<usize> = phrases.iter().map(|list| list[phrase].1).collect();
        if let Some((odd, usual)) = odd_one(&lengths) {
            let (words, length) = phrases[odd][phrase];
            let title = &group[odd];
            let at = title.words().find(words).unwrap_or(0) + title.range.start;
            let message = text!(
                "“{words}”{length}个字，并列的标题这里都是{usual}个字",
                "`{words}` has {length} characters where the titles beside it have {usual}"
            );
            let place = subject.place(title.text, &(at..at + words.len()));
            found.push(RULE.finding(message).at(place));
        }
    }
    found
}

/// The phrases of a title, with their lengths; marks do not count, and neither does its
/// number.
fn phrases(title: &str) -> Vec<(&str, usize)> {
    let phrases = title.split(['\u{3000}', ' ']);
    let phrases = phrases.filter(|phrase| phrase.chars().any(is_han));
    let length = |phrase: &str| phrase.chars().filter(|c| c.is_alphanumeric()).count();
    phrases.map(|phrase| (phrase, length(phrase))).collect()
}

/// The one that is unlike all the others, which are alike.
fn odd_one(lengths: &[usize]) -> Option<(usize, usize)> {
    lengths.iter().enumerate().find_map(|(odd, length)| {
        let mut others = lengths.iter().enumerate().filter(|(at, _)| *at != odd);
        let (_, usual) = others.next()?;
        let alike = others.all(|(_, other)| other == usual);
        (alike && length != usual).then_some((odd, *usual))
    })
}
