//! Characters that no font has: they print as empty boxes.

use std::collections::BTreeSet;

use super::{code, places};
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::Fonts;
use crate::pdf::pages::Pages;
use crate::project::Resolved;
use crate::project::finder::each_string;
use crate::text;

/// Characters that no font has.
pub static RULE: Rule = Rule {
    id: "glyph/missing",
    level: Level::Deny,
    remedy: Remedy::None,
    what: Words {
        zh: "没有一款字体有这个字，印成空框",
        en: "no font has the character, it prints as an empty box",
    },
    why: Words {
        zh: "名单上缺一个人的字，印出来才发现就晚了",
        en: "a name with a hole in it is found when it is printed, which is too late",
    },
    source: "印刷惯例：不缺字",
    wrong: "王\u{323AF}",
    right: "用 `--fonts` 加上有这个字的字体",
};

/// The characters of laid-out pages for which there was no glyph, each at every place in
/// the dataset.
pub fn of_pages(pages: &Pages<'_>, resolved: &Resolved) -> Vec<Diagnostic> {
    let mut characters = BTreeSet::new();
    for run in pages.pages.iter().flat_map(|page| &page.runs) {
        for glyph in run.item.glyphs.iter().filter(|glyph| glyph.id == 0) {
            characters.extend(run.item.text[glyph.range()].chars());
        }
    }
    told(characters, resolved)
}

/// The characters of what is printed of a dataset that no font has.
pub fn of_dataset(resolved: &Resolved, fonts: &Fonts) -> Vec<Diagnostic> {
    told(of_strings(resolved).into_iter().filter(|c| !fonts.has(*c)), resolved)
}

/// The characters of what is printed of a dataset that are to be seen.
pub(super) fn of_strings(resolved: &Resolved) -> BTreeSet<char> {
    let mut characters = BTreeSet::new();
    let printed = resolved.dataset.value().pointer(&resolved.at);
    if let Some(printed) = printed {
        each_string(printed, "", &mut |_, words| characters.extend(words.chars()));
    }
    characters.retain(|c| is_seen(*c));
    characters
}

/// Whether a character has a shape of its own: no space, no joiner, no selector.
fn is_seen(c: char) -> bool {
    let shapes = matches!(c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}');
    !c.is_whitespace() && !c.is_control() && !shapes
}

fn told(
    characters: impl IntoIterator<Item = char>,
    resolved: &Resolved,
) -> Vec<Diagnostic> {
    let all = characters.into_iter().flat_map(|c| {
        let code = code(c);
        let finding = RULE.finding(text!(
            "没有字体能显示“{c}”（{code}），印成空框",
            "no font shows `{c}` ({code}), it prints as an empty box"
        ));
        let finding = finding.hint(text!(
            "换一个字，或用 `--fonts` 加上有这个字的字体",
            "use another character, or add a font that has it with `--fonts`"
        ));
        places::told(c, resolved, &finding)
    });
    all.collect()
}
