//! Characters that nobody sees.

use crate::data::prose::character::is_chinese;
use crate::data::prose::passage::OBJECT;
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// A zero-width space between two characters.
pub static RULE: Rule = Rule {
    id: "punct/invisible",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "看不见的字符：零宽空格、软连字符、字节序标记、方向符、控制符",
        en: "characters that nobody sees: zero-width spaces, soft hyphens, byte order marks, marks of direction, control characters",
    },
    why: Words {
        zh: "它们从网页和 PDF 里带来，使查找、排序和断行出错",
        en: "they come from web pages and PDF files, and break searching, sorting and line breaking",
    },
    source: "Unicode 23.2; W3C clreq",
    wrong: "科\u{200b}协",
    right: "科协",
};

/// Whether a character is invisible and does nothing where it stands.
fn is_slip(passage: &Passage<'_>, at: usize, c: char) -> bool {
    let (before, after) = (passage.before(at), passage.after(at));
    let both =
        |such: fn(char) -> bool| before.is_some_and(such) && after.is_some_and(such);
    match c {
        '\n' | '\t' | '\r' => false,
        // A place to break a Latin word or an address.
        '\u{ad}' => !both(char::is_alphabetic) || before.is_some_and(is_chinese),
        '\u{200b}' => !both(|c: char| c.is_ascii_graphic() || c == OBJECT),
        // Parts of Indic and Arabic letters, and of pictures.
        '\u{200c}' | '\u{200d}' => {
            let plain = |c: char| c.is_ascii() || is_chinese(c);
            before.is_none_or(plain) || after.is_none_or(plain)
        }
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            let rtl = |l: &&crate::data::prose::Letter| matches!(l.c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
            !passage.letters.iter().any(|letter| rtl(&letter))
        }
        '\u{feff}' => true,
        _ => c.is_control(),
    }
}

/// Finds them, one slip for each run.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let c = letter.c;
        let candidate = c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if candidate && letter.is_plain() && is_slip(passage, at, c) {
            let code = format!("U+{:04X}", u32::from(c));
            let message = text!(
                "看不见的字符 {code}，应删去",
                "an invisible character, {code}: take it out"
            );
            let slip = Slip::new(&RULE, letter.range.clone(), message);
            slips.push(slip.mend(passage, at..at + 1, ""));
        }
    }
}
