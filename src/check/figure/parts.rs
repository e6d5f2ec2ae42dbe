//! Parts that are more than the whole, and shares that do not follow from their numbers.

use super::quantity::{Quantity, sentences, text_at};
use super::{Counted, Subject};
use crate::data::decimal::Decimal;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `共180名，其中女代表190名`.
pub(super) static PARTS: Rule = Rule {
    id: "figure/parts",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "“其中”的一部分比总数大，或者男、女两部分加起来不等于总数",
        en: "a part (其中) that is more than the whole, or men and women who do not add up to it",
    },
    why: Words {
        zh: "总数和分数必有一个错了",
        en: "either the whole or the part is wrong",
    },
    source: "GB/T 15835-2011; custom of statistical writing",
    wrong: "代表180名，其中男代表120名、女代表50名",
    right: "代表180名，其中男代表120名、女代表60名",
};

/// `180名中女代表60名，占30%`.
pub(super) static SHARE: Rule = Rule {
    id: "figure/share",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "“占百分之几”和总数、分数算不到一起",
        en: "a share in percent that does not follow from the whole and the part",
    },
    why: Words {
        zh: "改了人数忘了改比例，读者一算就知道错了",
        en: "a number was changed and its share forgotten; any reader can do the sum",
    },
    source: "GB/T 15835-2011; custom of statistical writing",
    wrong: "代表180名，其中女代表60名，占30%",
    right: "代表180名，其中女代表60名，占33.3%",
};

/// `分别占50%、30%和30%`.
pub(super) static PERCENT_SUM: Rule = Rule {
    id: "figure/percent-sum",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "“分别占”的几个百分数加起来不是100%",
        en: "shares that are listed one by one (分别占) and do not add up to 100 %",
    },
    why: Words {
        zh: "分成几部分的整体，各部分的比例合起来是100%（四舍五入相差零点几除外）",
        en: "the parts of a whole make 100 %, but for rounding",
    },
    source: "GB/T 15835-2011; custom of statistical writing",
    wrong: "三类代表分别占65%、25%、15%",
    right: "三类代表分别占65%、25%、10%",
};

pub(super) fn find(subject: &Subject<'_>, one: &Counted<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for sentence in sentences(&one.passage.letters) {
        let numbers: Vec<&Quantity> = one.between(&sentence).collect();
        if subject.asks(&PERCENT_SUM) {
            found.extend(percent_sum(subject, one, &sentence, &numbers));
        }
        let letters = &one.passage.letters;
        let among = sentence.clone().find(|at| text_at(letters, *at, "其中"));
        let Some(among) = among else { continue };
        let whole = numbers.iter().rev().find(|q| q.last < among && q.unit != "%");
        let Some(whole) = whole.filter(|whole| !whole.about) else { continue };
        // What is told of another whole.
        if words(one, whole.last + 1, among).contains(['。', '；']) {
            continue;
        }
        let parts: Vec<&Quantity> =
            numbers.iter().copied().filter(|q| q.first > among).collect();
        if subject.asks(&PARTS) {
            found.extend(too_much(subject, one, whole, &parts));
        }
        if subject.asks(&SHARE) {
            found.extend(shares(subject, one, whole, &parts));
        }
    }
    found
}

fn words(one: &Counted<'_, '_>, from: usize, to: usize) -> String {
    let letters = one.passage.letters.get(from..to).unwrap_or_default();
    letters.iter().map(|letter| letter.c).collect()
}

fn too_much(
    subject: &Subject<'_>,
    one: &Counted<'_, '_>,
    whole: &Quantity,
    parts: &[&Quantity],
) -> Option<Diagnostic> {
    let alike: Vec<&&Quantity> =
        parts.iter().filter(|part| part.unit == whole.unit).collect();
    let total = whole.words(&one.passage);
    if let Some(part) = alike.iter().find(|part| part.value.exceeds(whole.value)) {
        let said = part.words(&one.passage);
        let message = text!(
            "其中的{said}比总数{total}还大",
            "{said} is more than the whole, {total}"
        );
        return Some(one.finding(subject, &PARTS, (part.first, part.last), message));
    }
    let [men, women] = alike[..] else { return None };
    let sexes = ["男", "女"].map(|sex| {
        let of = |part: &Quantity| {
            let start = super::quantity::clause_start(&one.passage.letters, part.first);
            words(one, start, part.last + 1).contains(sex)
        };
        (of(men), of(women))
    });
    let is_pair =
        matches!(sexes, [(true, false), (false, true)] | [(false, true), (true, false)]);
    let sum = men.value.plus(women.value);
    if !is_pair || men.about || women.about || sum.equals(whole.value) {
        return None;
    }
    let message = text!(
        "男女合计{sum}，和总数{total}不符",
        "men and women are {sum}, the whole is {total}"
    );
    Some(one.finding(subject, &PARTS, (men.first, women.last), message))
}

/// Each share that follows its part, against part and whole.
fn shares(
    subject: &Subject<'_>,
    one: &Counted<'_, '_>,
    whole: &Quantity,
    parts: &[&Quantity],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for pair in parts.windows(2) {
        let (part, share) = (pair[0], pair[1]);
        let between = words(one, part.last + 1, share.first);
        let says = matches!(
            between.trim_start_matches(['，', '（', ' ']),
            "占" | "占比" | "占比为" | "占总数的" | "占代表总数的" | "占全体代表的"
        );
        if !says
            || share.unit != "%"
            || part.unit != whole.unit
            || part.about
            || share.about
        {
            continue;
        }
        let places = share.value.places();
        let Some(computed) = part.value.percent_of(whole.value, places) else { continue };
        let off = (part.value.float() / whole.value.float() * 100.0
            - share.value.float())
        .abs();
        if off > share.tolerance * 1.01 + 1e-9 {
            let said = share.words(&one.passage);
            let (part, total) = (part.words(&one.passage), whole.words(&one.passage));
            let message = text!(
                "{part}占{total}的{computed}%，不是{said}",
                "{part} of {total} is {computed}%, not {said}"
            );
            found.push(one.finding(subject, &SHARE, (share.first, share.last), message));
        }
    }
    found
}

/// How far percentages may be off 100 and be meant to make it: those that make less may
/// leave a rest out.
const BELOW: f64 = 2.0;
const ABOVE: f64 = 15.0;

fn percent_sum(
    subject: &Subject<'_>,
    one: &Counted<'_, '_>,
    sentence: &std::ops::Range<usize>,
    numbers: &[&Quantity],
) -> Option<Diagnostic> {
    let letters = &one.passage.letters;
    let start = sentence.clone().find(|at| {
        ["分别占", "各占", "占比分别为", "比例分别为"]
            .iter()
            .any(|w| text_at(letters, *at, w))
    })?;
    let mut list: Vec<&Quantity> = Vec::new();
    for number in numbers.iter().copied().filter(|q| q.first > start) {
        let joined = list.last().is_none_or(|last| {
            matches!(
                words(one, last.last + 1, number.first).as_str(),
                "、" | "和" | "及" | "，" | "与"
            )
        });
        if number.unit != "%" || !joined || number.about {
            break;
        }
        list.push(number);
    }
    if list.len() < 2 {
        return None;
    }
    let sum = list.iter().fold(Decimal::ZERO, |sum, part| sum.plus(part.value));
    let slack: f64 = list.iter().map(|part| part.tolerance).sum::<f64>() + 1e-9;
    let off = sum.float() - 100.0;
    let meant = match list.len() {
        2 => 0.0..ABOVE,
        _ => -BELOW..ABOVE,
    };
    if off.abs() <= slack || !meant.contains(&off) {
        return None;
    }
    let sum = sum.trimmed();
    let message =
        text!("这几个百分数合计{sum}%，不是100%", "these shares make {sum}%, not 100%");
    let (first, last) = (list.first()?, list.last()?);
    Some(one.finding(subject, &PERCENT_SUM, (first.first, last.last), message))
}
