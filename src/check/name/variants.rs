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

/// Words that have one of these ways in them by chance: 个人材料 is not written with 人材.
const CHANCE: &[&str] = &[
    "人材料",
    "定单位",
    "定单独",
    "定单元",
    "定单一",
    "定单项",
    "定货物",
    "定货币",
    "加热中",
    "供热中",
    "预热中",
    "热中断",
    "热中心",
    "图象征",
    "身分工",
    "自身分",
    "身分别",
    "身分为",
    "成份额",
    "部份额",
    "交待办",
    "交待处",
    "交待审",
    "提交待",
    "移交待",
    "上交待",
    "设想像",
    "思想像",
    "联想像",
    "理想像",
    "演唱议",
    "记录象",
    "收录象",
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
    let uses = ways.iter().map(|way| Use { way, places: places(texts, way) });
    let used: Vec<Use<'_>> = uses.filter(|used| !used.places.is_empty()).collect();
    let most = used.iter().enumerate().max_by_key(|(index, used)| {
        // Of two that are used as often, the recommended one.
        (used.places.len(), usize::MAX - index)
    });
    let Some((usual, most)) = most else { return Vec::new() };
    let others = used.iter().enumerate().filter(|(index, _)| *index != usual);
    others.map(|(_, other)| tell(subject, texts, other, most)).collect()
}

/// A way to write a word, with where it is used: the text, and the byte in it.
struct Use<'w> {
    way: &'w str,
    places: Vec<(usize, usize)>,
}

fn places(texts: &[Written<'_>], way: &str) -> Vec<(usize, usize)> {
    let in_text = |(index, text): (usize, &Written<'_>)| {
        let found = text.text.match_indices(way).map(|(at, _)| at);
        let meant = found.filter(|at| !is_chance(text.text, *at, way));
        meant.map(|at| (index, at)).collect::<Vec<_>>()
    };
    texts.iter().enumerate().flat_map(in_text).collect()
}

/// Whether a way stands in another word.
fn is_chance(text: &str, at: usize, way: &str) -> bool {
    CHANCE.iter().any(|word| {
        let start = word.find(way).and_then(|offset| at.checked_sub(offset));
        start
            .and_then(|start| text.get(start..))
            .is_some_and(|rest| rest.starts_with(word))
    })
}

fn tell(
    subject: &Subject<'_>,
    texts: &[Written<'_>],
    other: &Use<'_>,
    most: &Use<'_>,
) -> Diagnostic {
    let (index, at) = other.places[0];
    let (way, usual) = (other.way, most.way);
    let (count, times) = (other.places.len(), most.places.len());
    let message = text!(
        "“{way}”（{count} 处）别处写作“{usual}”（{times} 处）",
        "`{way}` (times: {count}) is written `{usual}` elsewhere (times: {times})"
    );
    let place = subject.place(&texts[index], &(at..at + way.len()));
    RULE.finding(message).at(place).hint(text!(
        "统一成一种写法；如果确是两个意思，可以放过这一条",
        "use one of them, or allow the finding if two things are meant"
    ))
}
