//! Characters that another font than the text's shows.

use crate::check::layout::look::Look;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::Fonts;
use crate::pdf::pages::{Line, Run};
use crate::project::{Package, Resolved};
use crate::text;

use super::{code, missing, places};

/// Characters that another font than the text's shows.
pub static RULE: Rule = Rule {
    id: "glyph/fallback",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "这段文字的字体没有这个字，由别的字体代替",
        en: "the font of the text lacks the character, and another one shows it",
    },
    why: Words {
        zh: "楷体里夹一个宋体字，一眼就看得出来，姓名里尤其难看",
        en: "a Song character among Kai is seen at once, most of all in a name",
    },
    source: "印刷惯例：一段文字用一款字体",
    wrong: "楷体的名单里，“㛃”是宋体",
    right: "换一款有这个字的楷体",
};

/// Finds them on pages: Han characters beside others of the same text whose face lacks
/// them, and any in a family that is not the package's.
pub fn of_pages(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut known = Vec::new();
    for text in look.pages.texts().iter() {
        for line in &text.lines {
            let page = &look.pages.pages[line.page];
            let runs: Vec<&Run<'_>> =
                line.runs.iter().map(|run| &page.runs[*run]).collect();
            for (c, face, other) in fallen(&runs, &look.package.recipe.fonts) {
                let fall = (c, face, other);
                if !known.contains(&fall) {
                    found.push(told(look, line, &fall));
                    known.push(fall);
                }
            }
        }
    }
    found
}

type Families = std::collections::BTreeMap<String, String>;

/// The characters of a line that another face shows than that of what is around them:
/// with the face that lacks them, if it can be told, and the one that has them.
fn fallen(runs: &[&Run<'_>], own: &Families) -> Vec<(char, Option<String>, String)> {
    let mut found = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let family = family(run);
        let foreign = !own.is_empty() && !own.values().any(|known| *known == family);
        let beside = [index.checked_sub(1), Some(index + 1)];
        let beside = beside.into_iter().flatten().filter_map(|at| runs.get(at));
        let beside: Vec<_> = beside
            .filter(|other| other.size == run.size && self::family(other) != family)
            .collect();
        for c in run.words().chars().filter(|c| is_han(*c)) {
            let lacks = beside.iter().find(|other| !has(other, c));
            let face = lacks.map(|other| self::family(other));
            if face.is_some() || foreign {
                found.push((c, face, family.clone()));
            }
        }
    }
    found
}

fn family(run: &Run<'_>) -> String {
    run.item.font.font().info().family.clone()
}

fn has(run: &Run<'_>, c: char) -> bool {
    run.item.font.font().info().coverage.contains(c as u32)
}

fn is_han(c: char) -> bool {
    c as u32 >= 0x2E80 && c.is_alphabetic()
}

fn told(
    look: &Look<'_>,
    line: &Line,
    (c, face, other): &(char, Option<String>, String),
) -> Diagnostic {
    let (page, code) = (line.page + 1, code(*c));
    let message = match face {
        Some(face) => text!(
            "第 {page} 面：{face} 没有“{c}”（{code}），用 {other} 代替",
            "page {page}: {face} lacks `{c}` ({code}), {other} shows it"
        ),
        None => text!(
            "第 {page} 面：模板的字体没有“{c}”（{code}），用 {other} 代替",
            "page {page}: the template's fonts lack `{c}` ({code}), {other} shows it"
        ),
    };
    let words = look.pages.words(line);
    look.at(RULE.finding(message), &words, &words).hint(hint())
}

fn hint() -> crate::diag::Text {
    text!(
        "用 `--fonts` 加上有这个字的同一款字体，或请模板换一款字体",
        "add a font of that face that has it with `--fonts`, or let the template use another face"
    )
}

/// The characters of a dataset that none of the package's own fonts have, and another
/// one does.
pub fn of_dataset(
    resolved: &Resolved,
    package: &Package,
    fonts: &Fonts,
) -> Vec<Diagnostic> {
    let own = &package.recipe.fonts;
    if own.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for c in missing::of_strings(resolved) {
        let lacked = !own.values().any(|family| fonts.family_has(family, c));
        if let (true, Some(other)) = (lacked, fonts.first_with(c)) {
            let code = code(c);
            let finding = RULE.finding(text!(
                "模板的字体没有“{c}”（{code}），用 {other} 代替",
                "the template's fonts lack `{c}` ({code}), {other} shows it"
            ));
            found.extend(places::told(c, resolved, &finding.hint(hint())));
        }
    }
    found
}
