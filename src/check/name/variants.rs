//! Words that are written in several ways, of which one publication uses one.

use super::{Subject, Written};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `五年来` here and `五年多来` there.
pub(super) static RULE: Rule = Rule {
    id: "name/spelling",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "同一个说法在两处写法不同",
        en: "one word or phrase that is written in two ways",
    },
    why: Words {
        zh: "读者会以为是两回事；校对时也分不清哪个是对的",
        en: "readers take them for two things, and no proofreader knows which one is right",
    },
    source: "GF 1001-2001 第一批异形词整理表; custom of editing",
    wrong: "五年来……五年多来",
    right: "五年来……五年来",
};

/// Groups of ways to write one word, the recommended one first (GF 1001-2001, or the
/// more usual one).
const GROUPS: &[&[&str]] = &[
    &["其他", "其它"],
    &["唯一", "惟一"],
    &["想象", "想像"],
    &["图像", "图象"],
    &["身份", "身分"],
    &["成分", "成份"],
    &["部分", "部份"],
    &["含义", "涵义"],
    &["交代", "交待"],
    &["执着", "执著"],
    &["订货", "定货"],
    &["订单", "定单"],
    &["录像", "录象"],
    &["模仿", "摹仿"],
    &["人才", "人材"],
    &["热衷", "热中"],
    &["透彻", "透澈"],
    &["押韵", "压韵"],
    &["账户", "帐户"],
    &["账号", "帐号"],
    &["账目", "帐目"],
    &["参与", "参预"],
    &["倡议", "唱议"],
    &["归根结底", "归根到底"],
    &["再接再厉", "再接再励"],
    &["按部就班", "按步就班"],
];

/// Numbers of years, as in 五年来.
const NUMBERS: &str = "两二三四五六七八九十";

pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for group in GROUPS {
        let ways: Vec<String> = group.iter().map(ToString::to_string).collect();
        found.extend(told(subject, texts, &ways));
    }
    for number in NUMBERS.chars() {
        let ways = [format!("{number}年来"), format!("{number}年多来")];
        found.extend(told(subject, texts, &ways));
    }
    found
}

/// The ways of one group that are used less often than another one, at their first
/// places.
fn told(
    subject: &Subject<'_>,
    texts: &[Written<'_>],
    ways: &[String],
) -> Vec<Diagnostic> {
    let places = |way: &String| -> Vec<(usize, usize)> {
        let in_text = |(index, text): (usize, &Written<'_>)| {
            let found = text.text.match_indices(way.as_str()).map(|(at, _)| (index, at));
            found.collect::<Vec<_>>()
        };
        texts.iter().enumerate().flat_map(in_text).collect()
    };
    let used: Vec<(&String, Vec<(usize, usize)>)> = ways
        .iter()
        .map(|way| (way, places(way)))
        .filter(|(_, places)| !places.is_empty())
        .collect();
    let most = used.iter().enumerate().max_by_key(|(index, (_, places))| {
        // Of two that are used as often, the recommended one.
        (places.len(), usize::MAX - index)
    });
    let Some((usual, (usual_way, usual_places))) = most else { return Vec::new() };
    let others = used.iter().enumerate().filter(|(index, _)| *index != usual);
    let tell = |(_, (way, places)): (usize, &(&String, Vec<(usize, usize)>))| {
        let (index, at) = places[0];
        let text = &texts[index];
        let (count, times) = (places.len(), usual_places.len());
        let message = text!(
            "“{way}”（{count} 处）别处写作“{usual_way}”（{times} 处）",
            "`{way}` (times: {count}) is written `{usual_way}` elsewhere (times: {times})"
        );
        let place = subject.place(text, &(at..at + way.len()));
        RULE.finding(message).at(place).hint(text!(
            "统一成一种写法；如果确是两个意思，可以放过这一条",
            "use one of them, or allow the finding if two things are meant"
        ))
    };
    others.map(tell).collect()
}
