//! Growth that does not follow from its numbers.

use super::quantity::{Quantity, sentences, text_at};
use super::{Counted, Subject};
use crate::data::prose::Letter;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `由10家增加到15家，增长40%` is 50%.
pub(super) static RULE: Rule = Rule {
    id: "figure/growth",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "增减的数和前后两个数算不到一起，或者该说减少的说成了增加",
        en: "a growth that does not follow from the two numbers beside it, or has the wrong sign",
    },
    why: Words {
        zh: "改了一个数忘了改另一个，读者一算就知道错了",
        en: "one number was changed and the other forgotten; any reader can do the sum",
    },
    source: "GB/T 15835-2011; custom of statistical writing",
    wrong: "会员由200名增加到300名，增长40%",
    right: "会员由200名增加到300名，增长50%",
};

const UP: &[&str] = &["增长", "增加", "提高", "上升", "提升", "增", "多"];
const DOWN: &[&str] = &["下降", "减少", "降低", "缩减", "缩短", "减", "降", "少"];
const EARLIER: &[&str] = &[
    "上年",
    "去年",
    "上届末",
    "上届",
    "上一届",
    "上期",
    "同期",
    "五年前",
    "上一年",
    "前一年",
];

/// A statement that a quantity has changed.
struct Claim<'q> {
    before: &'q Quantity,
    after: &'q Quantity,
    change: &'q Quantity,
    /// Whether it says that there is less now.
    down: bool,
}

pub(super) fn find(subject: &Subject<'_>, one: &Counted<'_, '_>) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for sentence in sentences(&one.passage.letters) {
        let numbers: Vec<&Quantity> = one.between(&sentence).collect();
        for three in numbers.windows(3) {
            let claim = claim(&one.passage.letters, three[0], three[1], three[2]);
            found.extend(claim.and_then(|claim| tell(subject, one, &claim)));
        }
    }
    found
}

/// `由A增加到B，增长C` or `B，比上届的A增长C`.
fn claim<'q>(
    letters: &[Letter],
    first: &'q Quantity,
    second: &'q Quantity,
    change: &'q Quantity,
) -> Option<Claim<'q>> {
    if first.unit != second.unit || first.about || second.about || change.about {
        return None;
    }
    let verb = verb_before(letters, second.last + 1, change.first)?;
    let between = words(letters, first.last + 1, second.first);
    let leads =
        ["由", "从"].iter().any(|word| near_before(letters, first.first, word, 8));
    let turns = ["到", "至", "为", "达"].iter().any(|word| between.ends_with(word));
    if leads && turns && between.chars().count() <= 8 {
        return Some(Claim { before: first, after: second, change, down: verb });
    }
    let compared = between.trim_start_matches('，').strip_prefix('比')?;
    let earlier = EARLIER.iter().find_map(|word| compared.strip_prefix(word))?;
    matches!(earlier, "" | "的" | "末" | "末的").then_some(Claim {
        before: second,
        after: first,
        change,
        down: verb,
    })
}

/// The verb of change directly before a number: whether it means less.
fn verb_before(letters: &[Letter], from: usize, number: usize) -> Option<bool> {
    let between = words(letters, from, number);
    let between = between.trim_end_matches(['了', '达']);
    if between.chars().count() > 8 {
        return None;
    }
    let ends = |list: &[&str]| list.iter().any(|verb| between.ends_with(verb));
    match (ends(UP), ends(DOWN)) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        _ => None,
    }
}

fn words(letters: &[Letter], from: usize, to: usize) -> String {
    letters.get(from..to).unwrap_or_default().iter().map(|letter| letter.c).collect()
}

/// Whether a word stands at most so many letters before a place, in the same clause.
fn near_before(letters: &[Letter], at: usize, word: &str, most: usize) -> bool {
    let start = super::quantity::clause_start(letters, at);
    (start.max(at.saturating_sub(most))..at).any(|from| text_at(letters, from, word))
}

fn tell(
    subject: &Subject<'_>,
    one: &Counted<'_, '_>,
    claim: &Claim<'_>,
) -> Option<Diagnostic> {
    let Claim { before, after, change, down } = claim;
    let wrong_way = match down {
        true => after.value.exceeds(before.value),
        false => before.value.exceeds(after.value),
    };
    let (b, a) = (before.words(&one.passage), after.words(&one.passage));
    let place = (change.first, change.last);
    if wrong_way {
        let message =
            text!("{b}变成{a}，方向说反了", "from {b} to {a} goes the other way");
        return Some(one.finding(subject, &RULE, place, message));
    }
    let said = change.words(&one.passage);
    let computed = match change.unit {
        "%" if before.unit == "%" => return None,
        "%" => percent(before, after, change)?,
        "个百分点" if before.unit == "%" => difference(before, after, change)?,
        unit if unit == before.unit => difference(before, after, change)?,
        _ => return None,
    };
    let message = text!(
        "由{b}到{a}，变化应是{computed}，不是{said}",
        "from {b} to {a} the change is {computed}, not {said}"
    );
    Some(one.finding(subject, &RULE, place, message))
}

/// The change in percent, if what is said cannot be it.
fn percent(before: &Quantity, after: &Quantity, change: &Quantity) -> Option<String> {
    let (b, a) = (before.value.float(), after.value.float());
    if b <= 0.0 {
        return None;
    }
    // Numbers are rounded where they are written with places or 万.
    let slack = |q: &Quantity| if q.tolerance == 0.5 { 0.0 } else { q.tolerance };
    let (db, da) = (slack(before), slack(after));
    let rate = |a: f64, b: f64| ((a - b) / b * 100.0).abs();
    let ends = [rate(a + da, b - db), rate(a - da, b + db), rate(a, b)];
    let least = ends.into_iter().fold(f64::MAX, f64::min) - change.tolerance - 1e-9;
    let most = ends.into_iter().fold(0.0, f64::max) + change.tolerance + 1e-9;
    let said = change.value.float();
    let places = usize::try_from(change.value.places()).unwrap_or(1);
    (!(least..=most).contains(&said)).then(|| format!("{:.places$}%", rate(a, b)))
}

/// The difference, if what is said is not it.
fn difference(before: &Quantity, after: &Quantity, change: &Quantity) -> Option<String> {
    let apart = after.value.minus(before.value).abs();
    let slack = |q: &Quantity| if q.tolerance == 0.5 { 0.0 } else { q.tolerance };
    let slack = slack(before) + slack(after) + slack(change) + 1e-9;
    let off = (apart.float() - change.value.float()).abs();
    (off > slack).then(|| format!("{}{}", apart.trimmed(), change.unit))
}
