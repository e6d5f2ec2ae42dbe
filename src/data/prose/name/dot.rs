//! The dot between the parts of a name.

use crate::data::prose::character::{is_han, is_han_digit};
use crate::data::prose::{Passage, Role, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `买买提•吐尔逊` is `买买提·吐尔逊`.
pub static RULE: Rule = Rule {
    id: "name/dot",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "人名各部分之间的间隔号用了别的圆点",
        en: "another dot than `·` between the parts of a name",
    },
    why: Words {
        zh: "间隔号是“·”（U+00B7）；项目符号、日文中点、句点看上去相近，查找和排序却不是同一个人",
        en: "the mark is `·` (U+00B7); bullets, the Japanese dot and full stops look alike, but a search takes them for another person",
    },
    source: "GB/T 15834-2011 4.14.3.1",
    wrong: "买买提•吐尔逊",
    right: "买买提·吐尔逊",
};

/// The longest part of a name in running text.
const PART: usize = 6;

/// Finds dots between Han. A full stop there is mended in names only: in a text it may end
/// a sentence.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let full_stop = matches!(letter.c, '.' | '．' | '。');
        if !full_stop && !matches!(letter.c, '•' | '・' | '‧' | '∙' | '⋅' | '･')
        {
            continue;
        }
        let han = |c: Option<char>| c.is_some_and(is_han);
        if !han(passage.before(at)) || !han(passage.after(at)) || !letter.is_plain() {
            continue;
        }
        let named = passage.role == Role::Name;
        if full_stop && !named && (letter.c == '。' || !is_name(passage, at)) {
            continue;
        }
        let c = letter.c;
        let message = text!(
            "人名中间的「{c}」应为间隔号「·」",
            "the `{c}` inside a name should be `·` (U+00B7)"
        );
        let slip = Slip::new(&RULE, letter.range.clone(), message);
        slips.push(match full_stop && !named {
            true => slip,
            false => slip.mend(passage, at..at + 1, "·"),
        });
    }
}

/// Whether short words stand on both sides of a full stop, and no number of a heading.
fn is_name(passage: &Passage<'_>, at: usize) -> bool {
    let start = passage.start_of(at, is_han);
    let end = passage.end_of(at + 1, is_han);
    let number = |c: char| is_han_digit(c) || matches!(c, '十' | '百');
    let numbered = passage.letters[start..at].iter().all(|letter| number(letter.c));
    let short = at - start <= PART || end - at - 1 <= PART;
    short && at - start > 1 && end - at > 2 && !numbered
}
