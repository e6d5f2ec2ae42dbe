//! Characters of Word drafts that their faces do not have.

use std::collections::BTreeMap;

use super::charsets::{self, Charset};
use super::{code, missing, places};
use crate::check::told::at_most;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::docx::reading::faces::{Lettering, faces};
use crate::project::Resolved;
use crate::text;

/// Characters of Word drafts that their faces do not have.
pub static RULE: Rule = Rule {
    id: "glyph/word-face",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "Word 稿里这个字所用的字体按它的字符集没有这个字",
        en: "the face of a character in the Word draft does not have it, by its character set",
    },
    why: Words {
        zh: "Word 会悄悄换一款字体显示它，人名里常见；换一台电脑还可能是空框",
        en: "Word shows it in another face and says nothing; on another machine it may be an empty box",
    },
    source: "GB/T 2312-1980；GBK（GB 13000.1-1993 附录）",
    wrong: "仿宋_GB2312 里的“镕”",
    right: "“镕”用仿宋（GBK）",
};

/// Finds them in the bytes of a Word document called `name`.
pub fn find(name: &str, bytes: &[u8], resolved: &Resolved) -> Vec<Diagnostic> {
    // A document that cannot be read is told by those who need to read it.
    let Ok(letterings) = faces(name, bytes.to_vec()) else { return Vec::new() };
    let mut lacking: BTreeMap<(char, String), Charset> = BTreeMap::new();
    for Lettering { face, text } in &letterings {
        let Some(set) = charsets::of_face(face) else { continue };
        for c in text.chars().filter(|c| is_judged(*c) && !set.has(*c)) {
            lacking.insert((c, face.clone()), set);
        }
    }
    let found = lacking
        .into_iter()
        .flat_map(|((c, face), set)| places::told(c, resolved, &told(c, &face, set)));
    at_most(&RULE, found.collect())
}

/// Finds those of a dataset that none of the faces of a Word template have, without a
/// merge: which text gets which face is not known then.
pub fn of_dataset(name: &str, template: &[u8], resolved: &Resolved) -> Vec<Diagnostic> {
    let Ok(letterings) = faces(name, template.to_vec()) else { return Vec::new() };
    let sets =
        letterings.iter().map(|found| Some((charsets::of_face(&found.face)?, found)));
    // A face that nobody knows may have anything.
    let Some(sets) = sets.collect::<Option<Vec<_>>>() else { return Vec::new() };
    let Some((set, widest)) = sets.into_iter().max_by_key(|(set, _)| *set) else {
        return Vec::new();
    };
    let lacking = missing::of_strings(resolved);
    let lacking = lacking.into_iter().filter(|c| is_judged(*c) && !set.has(*c));
    let found =
        lacking.flat_map(|c| places::told(c, resolved, &told(c, &widest.face, set)));
    at_most(&RULE, found.collect())
}

/// Whether a character takes the face of East Asian text: Han, and all beyond the first
/// plane. Which face shows a symbol depends on more than Word documents tell.
fn is_judged(c: char) -> bool {
    c as u32 >= 0x10000 || (c as u32 >= 0x2E80 && c.is_alphabetic())
}

fn told(c: char, face: &str, set: Charset) -> Diagnostic {
    let (code, set) = (code(c), set.name());
    let other = shown_by(c);
    RULE.finding(text!(
        "Word 稿：{face}（{set} 字符集）没有“{c}”（{code}），Word 会用 {other} 显示",
        "Word draft: {face} ({set}) lacks `{c}` ({code}), Word will show it in {other}"
    ))
    .hint(text!(
        "在 main.docx 里给这段文字换一款字符更全的字体（如仿宋、楷体、方正小标宋_GBK），或嵌入字体",
        "let main.docx use a face with more characters there (仿宋, 楷体, 方正小标宋_GBK), or embed the font"
    ))
}

/// The face that Word takes instead.
fn shown_by(c: char) -> &'static str {
    match c as u32 {
        _ if Charset::Gb18030.has(c) => "宋体（SimSun）",
        0x1F000..=0x1FAFF => "Segoe UI Emoji",
        0x20000..=0x3FFFF => "宋体-ExtB（SimSun-ExtB）",
        _ => "系统后备字体（system fallback）",
    }
}
