//! Numbers of official documents.

use crate::data::prose::character::is_han;
use crate::data::prose::numeral::whole;
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `科协发[2023]第05号` is `科协发〔2023〕5号`.
pub static RULE: Rule = Rule {
    id: "structure/document-number",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "发文字号的年份不用六角括号，或加了“第”，或编了虚位",
        en: "a document number with other brackets than 〔〕, with 第 or with a leading zero",
    },
    why: Words {
        zh: "年份用六角括号“〔〕”括入；发文顺序号不加“第”字，不编虚位（1不编为01），后面加“号”字",
        en: "the year stands in 〔〕; the number has no 第 and no leading zero, and 号 behind it",
    },
    source: "GB/T 9704-2012 7.2.5",
    wrong: "示科协发[2023]第05号",
    right: "示科协发〔2023〕5号",
};

/// Finds them behind the Han of an organ.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    for (at, letter) in passage.letters.iter().enumerate() {
        let open =
            matches!(letter.c, '[' | '(' | '（' | '【' | '［' | '〔' | '﹝' | '〖');
        if open && passage.before(at).is_some_and(is_han) {
            slips.extend(slip(passage, at));
        }
    }
}

fn slip(passage: &Passage<'_>, open: usize) -> Option<Slip> {
    let (year, close) = whole(passage, open + 1)?;
    let closed = passage.at(close).is_some_and(|c| "])）】］〕﹞〗".contains(c));
    let ordinal = passage.at(close + 1) == Some('第');
    let start = close + 1 + usize::from(ordinal);
    let (number, end) = whole(passage, start)?;
    if !(1949..2100).contains(&year) || !closed || passage.at(end) != Some('号') {
        return None;
    }
    let written = passage.read(open..end + 1);
    let right = format!("〔{year}〕{number}号");
    let message = text!(
        "发文字号「{written}」应写作「{right}」",
        "the document number `{written}` should be `{right}`"
    );
    let differs = written != right;
    differs.then(|| Slip::new(&RULE, passage.span(open, end), message))
}
