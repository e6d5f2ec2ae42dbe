//! Names of organisations that are nearly the same.

use std::collections::BTreeMap;

use super::{Subject, Written};
use crate::data::names::is_han;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `新昌县科学技协会` where it is 新昌县科学技术协会 elsewhere.
pub(super) static RULE: Rule = Rule {
    id: "name/organisation",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "机构名和别处多次出现的名称只差漏字、多字或两字颠倒",
        en: "the name of an organisation that lacks a character of a name used elsewhere, has one more, or has two of them swapped",
    },
    why: Words {
        zh: "一个机构有了两个名称，多半是录入时的错",
        en: "one organisation has two names, mostly by a slip of typing",
    },
    source: "custom of official papers",
    wrong: "示例县科学技协会（别处是示例县科学技术协会）",
    right: "示例县科学技术协会",
};

/// What names of organisations end with.
const ENDINGS: &[&str] = &[
    "协会",
    "学会",
    "研究会",
    "促进会",
    "联合会",
    "基金会",
    "委员会",
    "公司",
    "中心",
    "大学",
    "学院",
    "学校",
    "医院",
    "研究院",
    "研究所",
    "实验室",
    "工作站",
    "办公室",
    "政府",
    "集团",
];

/// How long a name must be for a near one to be a slip and no other name.
const LENGTH: usize = 7;

/// How often a name must be used to be the right one.
const OFTEN: usize = 3;

pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let mut uses: BTreeMap<Vec<char>, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, text) in texts.iter().enumerate() {
        for (at, name) in names(text.text) {
            uses.entry(name.chars().collect()).or_default().push((index, at));
        }
    }
    let often = uses.iter().filter(|(_, places)| places.len() >= OFTEN);
    let mut found = Vec::new();
    for (right, places) in often {
        let times = places.len();
        for text in texts {
            for (at, wrong) in slips(text.text, right) {
                let right: String = right.iter().collect();
                let message = text!(
                    "“{wrong}”别处写作“{right}”（{times} 处）",
                    "`{wrong}` is `{right}` elsewhere (times: {times})"
                );
                let place = subject.place(text, &(at..at + wrong.len()));
                found.push(RULE.finding(message).at(place));
            }
        }
    }
    found
}

/// Where a text has a slip of a name, even inside of a longer run of characters.
fn slips<'t>(text: &'t str, right: &[char]) -> Vec<(usize, &'t str)> {
    let start: String = right[..2].iter().collect();
    let mut found = Vec::new();
    for (at, _) in text.match_indices(start.as_str()) {
        let rest = &text[at..];
        // The right name begins here: 协会会员 is no slip of 协会.
        if rest.chars().zip(right).all(|(c, r)| c == *r) {
            continue;
        }
        let lengths = [right.len(), right.len() - 1, right.len() + 1];
        let cut = |length: usize| {
            let end = rest.char_indices().nth(length).map_or(rest.len(), |(end, _)| end);
            &rest[..end]
        };
        let slip = lengths.into_iter().map(cut).find(|cut| {
            let characters: Vec<char> = cut.chars().collect();
            is_slip(&characters, right)
        });
        found.extend(slip.map(|slip| (at, slip)));
    }
    found
}

/// The names in a text: runs of Han characters up to an ending, with where they start.
fn names(text: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if is_han(c) {
            continue;
        }
        let run = &text[start..at];
        if run.chars().count() >= LENGTH
            && ENDINGS.iter().any(|ending| run.ends_with(ending))
        {
            names.push((start, run));
        }
        start = at + c.len_utf8();
    }
    names
}

/// Whether one name is the other with a character lost, doubled or swapped with its
/// neighbour.
fn is_slip(wrong: &[char], right: &[char]) -> bool {
    let same = wrong.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (a, b) = (&wrong[same..], &right[same..]);
    // The first characters tell one place from another.
    if same < 2 {
        return false;
    }
    match wrong.len().cmp(&right.len()) {
        std::cmp::Ordering::Less => {
            b.len() > a.len() && b[1..] == *a && same + 1 < right.len() - 1
        }
        std::cmp::Ordering::Greater => {
            // 协会会 has one twice; 中学 and 中小学 are two names.
            a[1..] == *b && wrong.get(same.wrapping_sub(1)) == a.first()
        }
        std::cmp::Ordering::Equal => {
            a.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]
        }
    }
}
