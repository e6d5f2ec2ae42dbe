//! One quantity that is given twice, with two numbers.

use std::collections::BTreeMap;

use super::quantity::{Quantity, clause_start};
use super::{Counted, Subject};
use crate::data::names::is_han;
use crate::data::prose::Role;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// `科普教育基地38个` here and `科普教育基地36个` there.
pub(super) static RULE: Rule = Rule {
    id: "figure/repeated",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "同一件事在两处写了不同的数",
        en: "one thing that is counted twice, with two numbers",
    },
    why: Words {
        zh: "读者不知道信哪一个", en: "nobody knows which one to believe"
    },
    source: "custom of print: one number, one source",
    wrong: "建成科普教育基地38个……建成科普教育基地36个",
    right: "两处写同一个数，或引用同一个关键数字",
};

/// Words at the start of a clause after which its subject stands elsewhere.
const ELIDED: &[&str] = &[
    "已", "共", "其中", "累计", "总计", "合计", "先后", "各", "每", "该", "本", "我",
    "全镇", "全乡", "全村", "全校", "全院", "全所", "新", "另", "还", "又", "再", "约",
    "近", "超", "有", "等",
];

/// What tells one time from another.
const TIMES: &[&str] = &[
    "上届", "上年", "去年", "今年", "前年", "同期", "目标", "计划", "力争", "今后",
    "未来", "到20", "当年",
];

/// Where something is counted.
#[derive(Copy, Clone)]
struct Mention<'c, 't, 'a> {
    one: &'c Counted<'t, 'a>,
    quantity: &'c Quantity,
}

pub(super) fn find(
    subject: &Subject<'_>,
    counted: &[Counted<'_, '_>],
) -> Vec<Diagnostic> {
    if !subject.asks(&RULE) {
        return Vec::new();
    }
    let mut known: BTreeMap<(String, &str), Mention<'_, '_, '_>> = BTreeMap::new();
    let mut found = Vec::new();
    for one in counted.iter().filter(|one| one.passage.role == Role::Paragraph) {
        for quantity in one.quantities.iter().filter(|q| !q.about && q.unit != "%") {
            let Some(thing) = thing(one, quantity) else { continue };
            let mention = Mention { one, quantity };
            match known.get(&(thing.clone(), quantity.unit)) {
                Some(first) if !first.quantity.agrees(quantity) => {
                    found.push(tell(subject, &thing, *first, mention));
                }
                Some(_) => {}
                None => {
                    known.insert((thing, quantity.unit), mention);
                }
            }
        }
    }
    found
}

/// What is counted, if the clause says all of it before the number.
fn thing(one: &Counted<'_, '_>, quantity: &Quantity) -> Option<String> {
    let letters = &one.passage.letters;
    let start = clause_start(letters, quantity.first);
    let clause: String =
        letters[start..quantity.first].iter().map(|letter| letter.c).collect();
    let thing = clause.trim_end_matches(['有', '达', '到', '为', '共', '了', '已', '近']);
    let thing = thing.strip_suffix("达到").unwrap_or(thing);
    let sound = thing.chars().count() >= 6
        && thing.chars().all(is_han)
        && !ELIDED.iter().any(|word| thing.starts_with(word));
    if !sound {
        return None;
    }
    // The number may be that of another time.
    let sentence =
        letters[..start].iter().rposition(|l| matches!(l.c, '。' | '；' | '\n'));
    let before: String = letters[sentence.map_or(0, |at| at + 1)..quantity.first]
        .iter()
        .map(|letter| letter.c)
        .collect();
    let dated = TIMES.iter().any(|word| before.contains(word)) || has_year(&before);
    (!dated).then(|| thing.to_string())
}

fn has_year(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        c == '年'
            && text[..at].chars().rev().take(4).filter(char::is_ascii_digit).count() == 4
    })
}

fn tell(
    subject: &Subject<'_>,
    thing: &str,
    first: Mention<'_, '_, '_>,
    second: Mention<'_, '_, '_>,
) -> Diagnostic {
    let said = second.quantity.words(&second.one.passage);
    let other = first.quantity.words(&first.one.passage);
    let at = &first.one.text.pointer;
    let message = text!(
        "这里说“{thing}”{said}，前面（`{at}`）说{other}",
        "`{thing}` are {said} here, and {other} before (`{at}`)"
    );
    let place = (second.quantity.first, second.quantity.last);
    second.one.finding(subject, &RULE, place, message)
}
