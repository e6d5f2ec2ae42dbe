//! Straight quotation marks around Han characters.

use crate::data::prose::character::{is_chinese, is_han, is_latin};
use crate::data::prose::{Passage, Slip};
use crate::diag::{Level, Remedy, Rule, Words};
use crate::text;

/// `"四服务"` is `“四服务”`.
pub static RULE: Rule = Rule {
    id: "punct/straight-quote",
    level: Level::Warn,
    remedy: Remedy::Safe,
    what: Words {
        zh: "汉字旁边用了直的引号",
        en: "straight quotation marks beside Han characters",
    },
    why: Words {
        zh: "直引号不分前后，也不是全角，排出来像英寸号；中文的引号是“”和‘’",
        en: "straight quotation marks do not tell opening from closing and look like inch marks; those of Chinese are “” and ‘’",
    },
    source: "GB/T 15834-2011 4.8",
    wrong: "履行\"四服务\"职责",
    right: "履行“四服务”职责",
};

/// A quotation: its marks, and whether they are double.
struct Quote {
    open: usize,
    close: usize,
    double: bool,
}

/// How many marks that are open are looked at for the half of one that closes.
const DEPTH: usize = 32;

/// Finds pairs with a straight mark. If the marks of a passage do not come in pairs that
/// make sense, nothing is mended.
pub fn find(passage: &Passage<'_>, slips: &mut Vec<Slip>) {
    let straight = |c: char| matches!(c, '"' | '\'' | '＂' | '＇');
    if !passage.letters.iter().any(|letter| straight(letter.c)) || passage.is_latin() {
        return;
    }
    let (quotes, alone) = quotes(passage);
    let sound = alone.is_empty() && quotes.iter().all(|quote| is_sound(passage, quote));
    for quote in &quotes {
        let is_straight = |at: usize| passage.at(at).is_some_and(straight);
        let written = is_straight(quote.open) || is_straight(quote.close);
        if written && in_chinese(passage, quote.open, quote.close) {
            let slip = slip(passage, quote.open, quote.close);
            let (open, close) =
                if quote.double { ("“", "”") } else { ("‘", "’") };
            slips.push(if sound {
                slip.mend(passage, quote.open..quote.open + 1, open).mend(
                    passage,
                    quote.close..quote.close + 1,
                    close,
                )
            } else {
                slip
            });
        }
    }
    for at in alone {
        if passage.at(at).is_some_and(straight) && in_chinese(passage, at, at) {
            slips.push(slip(passage, at, at));
        }
    }
}

/// Marks that belong together, and straight double ones that do not.
fn quotes(passage: &Passage<'_>) -> (Vec<Quote>, Vec<usize>) {
    let (mut open, mut quotes): (Vec<(usize, bool)>, Vec<Quote>) = Default::default();
    let mut alone = Vec::new();
    for (at, letter) in passage.letters.iter().enumerate() {
        let double = matches!(letter.c, '"' | '＂' | '“' | '”');
        let nearest =
            open.iter().rev().take(DEPTH).position(|(_, other)| *other == double);
        let opened = nearest.map(|nth| open.len() - 1 - nth);
        match (letter.c, opened) {
            ('“' | '‘', _) => open.push((at, double)),
            ('"' | '＂', None) if is_prime(passage, at) => {}
            ('\'' | '＇', _) if is_apostrophe(passage, at, opened.is_some()) => {}
            ('”' | '’' | '"' | '＂' | '\'' | '＇', Some(nth)) => {
                alone.extend(open.drain(nth + 1..).map(|(at, _)| at));
                let opened = open.pop().map_or(at, |(at, _)| at);
                quotes.push(Quote { open: opened, close: at, double });
            }
            ('"' | '＂' | '\'' | '＇', None) => open.push((at, double)),
            ('”', None) => alone.push(at),
            _ => {}
        }
    }
    alone.extend(open.into_iter().map(|(at, _)| at));
    alone.sort_unstable();
    (quotes, alone)
}

/// Whether a pair is where marks of a quotation stand: not with a comma behind the first,
/// which shows that a mark before it is missing.
fn is_sound(passage: &Passage<'_>, quote: &Quote) -> bool {
    let stop = |c: char| "，。、；：！？,;:!?）》”".contains(c);
    let opens = |c: char| "，、：（《“,(".contains(c);
    !passage.after(quote.open).is_none_or(stop)
        && !passage.before(quote.close).is_none_or(opens)
}

/// Whether a mark stands for inches or seconds: `55"`.
fn is_prime(passage: &Passage<'_>, at: usize) -> bool {
    passage.before(at).is_some_and(|c| c.is_ascii_digit() || c == '\'')
}

/// Whether a single mark is no quotation mark: `don't`, `5'`.
fn is_apostrophe(passage: &Passage<'_>, at: usize, opened: bool) -> bool {
    let latin = |c: Option<char>| c.is_some_and(is_latin);
    let before = latin(passage.before(at));
    before && (!opened || latin(passage.after(at)))
}

/// Whether there is Chinese inside a pair of marks or beside it.
fn in_chinese(passage: &Passage<'_>, open: usize, close: usize) -> bool {
    let touches = |c: Option<char>| c.is_some_and(is_chinese);
    touches(passage.before(open))
        || touches(passage.after(close))
        || passage.letters[open..=close].iter().any(|letter| is_han(letter.c))
}

fn slip(passage: &Passage<'_>, open: usize, close: usize) -> Slip {
    let message =
        text!("直引号应为弯引号“”或‘’", "straight quotation marks should be “” or ‘’");
    Slip::new(&RULE, passage.span(open, close), message)
}
