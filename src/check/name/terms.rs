//! The project's own list of words.

use super::{Subject, Written};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::text;

/// A word that the project does not use.
pub(super) static FORBIDDEN: Rule = Rule {
    id: "name/forbidden-term",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "用了 terms.toml 里说不用的词",
        en: "a word that terms.toml says is not used",
    },
    why: Words {
        zh: "一个单位对外的用语要统一",
        en: "an office writes its words in one way",
    },
    source: "the project's terms.toml",
    wrong: "科技协会（terms.toml: preferred = \"科学技术协会\", forbidden = [\"科技协会\"]）",
    right: "科学技术协会",
};

/// A short name before its full form.
pub(super) static FIRST_MENTION: Rule = Rule {
    id: "name/first-mention",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "一篇文章第一次提到时没有用全称",
        en: "a text that mentions a name for the first time and not in full",
    },
    why: Words {
        zh: "公文里机构和术语第一次出现用全称，注明简称，以后用简称",
        en: "in official papers a name is given in full first, with its short form, and short afterwards",
    },
    source: "党政机关公文处理工作条例 实施中的惯例; GB/T 9704-2012",
    wrong: "县科协……新昌县科学技术协会（terms.toml: preferred = \"县科协\", full = \"新昌县科学技术协会\"）",
    right: "新昌县科学技术协会（以下简称县科协）……县科协",
};

pub(super) fn find(subject: &Subject<'_>, texts: &[Written<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for term in &subject.terms.terms {
        let note = term.note.as_ref().map(|note| text!("{note}", "{note}"));
        for word in term.forbidden.iter().filter(|_| subject.asks(&FORBIDDEN)) {
            let preferred = &term.preferred;
            for text in texts {
                for (at, _) in text.text.match_indices(word.as_str()) {
                    // 协会 is in 科协会员 as a part of the word that is meant.
                    if inside(text.text, at, word, preferred) {
                        continue;
                    }
                    let message = text!(
                        "“{word}”应写作“{preferred}”",
                        "`{word}` is written `{preferred}`"
                    );
                    let place = subject.place(text, &(at..at + word.len()));
                    let finding = FORBIDDEN.finding(message).at(place);
                    found.push(match &note {
                        Some(note) => finding.hint(note.clone()),
                        None => finding,
                    });
                }
            }
        }
        if let Some(full) = term.full.as_ref().filter(|_| subject.asks(&FIRST_MENTION)) {
            found.extend(first_mention(subject, texts, &term.preferred, full));
        }
    }
    found
}

/// Whether a forbidden word is only a part of the preferred one at a place.
fn inside(text: &str, at: usize, word: &str, preferred: &str) -> bool {
    preferred.match_indices(word).any(|(offset, _)| {
        let start = at.checked_sub(offset);
        start
            .and_then(|start| text.get(start..))
            .is_some_and(|rest| rest.starts_with(preferred))
    })
}

/// The first mention in each running text that has the full name later, or not at all
/// while it is not elsewhere before.
fn first_mention(
    subject: &Subject<'_>,
    texts: &[Written<'_>],
    short: &str,
    full: &str,
) -> Option<Diagnostic> {
    let running = texts.iter().filter(|text| text.markdown);
    let first = running.into_iter().find_map(|text| {
        let (short, full) = (position(text.text, short, full), text.text.find(full));
        (short.is_some() || full.is_some()).then_some((text, short, full))
    });
    let (text, at, complete) = first?;
    let at = at.filter(|at| complete.is_none_or(|complete| *at < complete))?;
    let message = text!(
        "第一次提到“{short}”要写全称“{full}”",
        "where `{short}` is first mentioned it is given in full: `{full}`"
    );
    let place = subject.place(text, &(at..at + short.len()));
    Some(FIRST_MENTION.finding(message).at(place).hint(text!(
        "写作“{full}（以下简称{short}）”",
        "write `{full}（以下简称{short}）`"
    )))
}

/// Where a short name stands that is no part of the full one.
fn position(text: &str, short: &str, full: &str) -> Option<usize> {
    text.match_indices(short).map(|(at, _)| at).find(|at| !inside(text, *at, short, full))
}
