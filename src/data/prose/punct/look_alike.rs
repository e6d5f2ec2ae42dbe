//! Characters that look like others: radicals in the place of Han characters,
//! full-width Latin letters, private and lost ones.

use unicode_normalization::UnicodeNormalization;

use crate::data::prose::character::is_han;
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `⽂` (a radical) is `文`.
pub static RULE: Rule = Rule {
    id: "punct/look-alike",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "部首字符、兼容字符代替了汉字",
        en: "a radical or a compatibility character in the place of a Han character",
    },
    why: Words {
        zh: "它们看上去一样，却是另一个字：从 PDF 复制时带来，查找不到，许多字体没有",
        en: "they look the same and are others: copied from PDF files, not found by a search, missing in many fonts",
    },
    source: "Unicode 18.2 (CJK Radicals), UAX #15",
    wrong: "科技⼯作者",
    right: "科技工作者",
};

/// `ＡＢＣ` is `ABC`.
pub static FULL_WIDTH: Rule = Rule {
    id: "punct/full-width-latin",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words { zh: "全角的拉丁字母", en: "full-width Latin letters" },
    why: Words {
        zh: "横排的西文字母是半角的；全角字母间距过大，也不能按词断行",
        en: "Latin letters in horizontal text have their own widths; full-width ones stand too far apart and do not break as words",
    },
    source: "W3C clreq 3.2; CY/T 154-2017",
    wrong: "ＧＤＰ增长",
    right: "GDP增长",
};

/// A character of the private use areas.
pub static PRIVATE: Rule = Rule {
    id: "punct/private-use",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words { zh: "私用区的字符", en: "a character of the private use areas" },
    why: Words {
        zh: "它只在造它的字体里有意义，别的字体是空框或另一个字",
        en: "only the font that it was made for knows it: others show a box, or something else",
    },
    source: "Unicode 23.5",
    wrong: "朱\u{e863}基",
    right: "朱镕基",
};

/// A character that was lost.
pub static LOST: Rule = Rule {
    id: "punct/lost-character",
    level: Level::Deny,
    remedy: Remedy::None,
    what: Words {
        zh: "文字在转换编码时丢失了",
        en: "characters that were lost when the encoding was changed",
    },
    why: Words {
        zh: "「\u{fffd}」「锟斤拷」不是文字，原来的字已经没有了",
        en: "`\u{fffd}` and 锟斤拷 are no text: what stood there is gone",
    },
    source: "Unicode 23.8",
    wrong: "科技\u{fffd}作者",
    right: "科技工作者",
};

/// Radicals that look like a whole character and have no mapping in Unicode.
const RADICALS: &str = "⺁厂⺄乙⺇几⺋巳⺌小⺎兀⺏尣⺒巳⺓幺⺗心⺙攵⺚无⺛旡⺜日⺝月⺠民⺩王⺪疋⺬示⺰纟\
⺳罒⺶羊⺷羊⺹耂⺻肀⺼月⺽臼⺾艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻍辶⻎辶⻏阝⻐钅⻑长⻒长\
⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙";

/// Radicals that Unicode maps to a traditional form and that fonts draw in the simple one.
const SIMPLE: &str = "⼾户⾭青";

fn of_table(table: &str, c: char) -> Option<char> {
    let mut chars = table.chars();
    std::iter::from_fn(|| Some((chars.next()?, chars.next()?)))
        .find_map(|(from, to)| (from == c).then_some(to))
}

/// The Han character that is meant.
fn han(c: char) -> Option<char> {
    let radical = matches!(c, '\u{2e80}'..='\u{2fdf}');
    let compatible = matches!(c, '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}');
    if !radical && !compatible {
        return None;
    }
    let known = of_table(SIMPLE, c).or_else(|| of_table(RADICALS, c));
    known
        .or_else(|| std::iter::once(c).nfkc().next().filter(|to| *to != c && is_han(*to)))
}

/// Finds radicals and compatibility characters.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let c = letter.c;
        let Some(to) = han(c).filter(|_| letter.is_plain()) else { continue };
        let code = format!("U+{:04X}", u32::from(c));
        let message = text!(
            "「{c}」（{code}）不是汉字，应为「{to}」",
            "`{c}` ({code}) is no Han character: it should be `{to}`"
        );
        let slip = Slip::new(&RULE, letter.range.clone(), message);
        slips.push(slip.mend(passage, at..at + 1, &to.to_string()));
    }
}

/// The half-width form of a full-width letter.
fn narrow(c: char) -> Option<char> {
    match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    }
}

/// Finds words of full-width letters.
pub fn find_full_width(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let mut from = 0;
    while from < passage.letters.len() {
        let to = passage.end_of(from, |c| narrow(c).is_some());
        if to > from {
            let word = passage.read(from..to);
            let half: String = word.chars().filter_map(narrow).collect();
            let message = text!(
                "全角的「{word}」应为「{half}」",
                "the full-width `{word}` should be `{half}`"
            );
            let slip = Slip::new(&FULL_WIDTH, passage.span(from, to - 1), message);
            slips.push(slip.mend(passage, from..to, &half));
        }
        from = to.max(from + 1);
    }
}

/// Finds characters for private use.
pub fn find_private(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for letter in &passage.letters {
        if matches!(letter.c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}') {
            let code = format!("U+{:04X}", u32::from(letter.c));
            let message = text!(
                "私用区的字符 {code}：换成通用的字",
                "{code} is for private use: put a common character there"
            );
            slips.push(Slip::new(&PRIVATE, letter.range.clone(), message));
        }
    }
}

/// Finds the traces of lost characters.
pub fn find_lost(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let length = match letter.c {
            '\u{fffd}' => 1,
            '锟' if passage.has(at, "锟斤拷") => 3,
            _ => continue,
        };
        let message = text!(
            "这里的字在转换编码时丢失了：对照原稿补上",
            "characters were lost here when the encoding was changed: put them back from the original"
        );
        slips.push(Slip::new(&LOST, passage.span(at, at + length - 1), message));
    }
}
