//! Where lines may not break, and where they may: what a Chinese typesetter knows and
//! a line breaker does not.
//!
//! It is told in characters that are never seen: U+2060 WORD JOINER where a line may
//! not break, U+00AD SOFT HYPHEN and U+200B ZERO WIDTH SPACE where a long Latin word
//! may. [`super::invisible`] takes them out of the finished pages.

use hypher::Lang;

/// Where a line may not break.
pub(super) const JOINER: char = '\u{2060}';
/// Where a line may break with a hyphen.
pub(super) const HYPHEN: char = '\u{AD}';
/// Where a line may break without one.
pub(super) const BREAK: char = '\u{200B}';

/// What is counted in more than one character; after these, no other character is
/// tied to a number than the one that follows it.
const UNITS: [&str; 27] = [
    "个百分点",
    "平方公里",
    "平方千米",
    "平方米",
    "立方米",
    "人次",
    "家次",
    "场次",
    "班次",
    "篇次",
    "人份",
    "公里",
    "千米",
    "毫米",
    "厘米",
    "公顷",
    "公斤",
    "千克",
    "千瓦",
    "兆瓦",
    "分钟",
    "小时",
    "课时",
    "学时",
    "美元",
    "个月",
    "周年",
];

/// The longest that is kept in one piece, in halves of a character: longer ties would
/// tear lines apart, or stand out of a narrow column.
const LONGEST: usize = 16;

/// How far a text is to be tied.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
pub(super) enum Place {
    /// Among prose.
    Line,
    /// In a cell, which may be narrow: a number keeps one character.
    Cell,
}

/// Ties marks to what they follow, and numbers to what they count; nothing if there
/// is nothing to be tied.
///
/// - `·`, `～`, `—`, `…`, `℃`, `％` and their like never begin a line.
/// - A number is whole with its measure word: `10 030人次`, `2.1个百分点`, `第3次`.
/// - A month keeps its day, a range its end: `3月28日`, `3～5`.
pub(super) fn tied(words: &str, place: Place) -> Option<String> {
    if !words.contains(|c: char| c.is_ascii_digit() || is_never_first(c)) {
        return None;
    }
    let characters: Vec<char> = words.chars().collect();
    let mut ties =
        Ties { characters: &characters, before: vec![false; characters.len()] };
    ties.marks();
    ties.numbers(place);
    let mut written = String::with_capacity(words.len() + 16);
    for (character, tied) in characters.iter().zip(&ties.before) {
        written.extend(tied.then_some(JOINER));
        written.push(*character);
    }
    Some(written)
}

/// The characters of a text, and before which of them no line may break.
struct Ties<'a> {
    characters: &'a [char],
    before: Vec<bool>,
}

impl Ties<'_> {
    fn at(&self, index: usize) -> char {
        self.characters.get(index).copied().unwrap_or('\0')
    }

    fn digit(&self, index: usize) -> bool {
        self.at(index).is_ascii_digit()
    }

    /// Where a text begins there is nothing to be tied to.
    fn tie(&mut self, index: usize) {
        if index > 0
            && let Some(tied) = self.before.get_mut(index)
        {
            *tied = true;
        }
    }

    fn marks(&mut self) {
        for index in 1..self.characters.len() {
            let (last, this) = (self.at(index - 1), self.at(index));
            // The parts of —— and …… stay together by themselves.
            if is_never_first(this) && last != this {
                self.tie(index);
            }
        }
    }

    fn numbers(&mut self, place: Place) {
        let mut index = 0;
        while index < self.characters.len() {
            if !self.digit(index) {
                index += 1;
                continue;
            }
            if place == Place::Line && index > 0 && self.belongs_before(index) {
                self.tie(index);
            }
            index = self.number(index);
            index = self.unit(index, place);
        }
    }

    /// Whether what stands before a number is one with it: 第3, ～5, the month of a
    /// day, the hour of a minute, the point of 3·15.
    fn belongs_before(&self, index: usize) -> bool {
        let last = self.at(index - 1);
        let before = |back: usize| index.checked_sub(back).map_or('\0', |at| self.at(at));
        let counted = |c: char| c.is_ascii_digit() || is_counted(c);
        let near = match last {
            '第' => return true,
            '月' | '时' | '点' => before(2).is_ascii_digit(),
            '～' | '—' | '–' => counted(before(2)),
            '·' => before(2).is_ascii_digit(),
            _ => false,
        };
        near && self.tied_width(index) < LONGEST
    }

    /// How wide the tied piece is that ends before an index.
    fn tied_width(&self, index: usize) -> usize {
        let mut start = index.saturating_sub(1);
        let whole = |at: usize| self.before[at] || (self.digit(at) && self.digit(at - 1));
        while start > 0 && whole(start) {
            start -= 1;
        }
        self.characters[start..index]
            .iter()
            .map(|c| if c.is_ascii() { 1 } else { 2 })
            .sum()
    }

    /// The end of the number that begins at an index, its groups tied: 10 030.
    fn number(&mut self, mut index: usize) -> usize {
        loop {
            while self.digit(index) {
                index += 1;
            }
            let group = (1..=3).all(|k| self.digit(index + k)) && !self.digit(index + 4);
            match self.at(index) {
                '.' | ',' if self.digit(index + 1) => index += 1,
                ' ' if group => {
                    self.tie(index + 1);
                    index += 1;
                }
                _ => return index,
            }
        }
    }

    /// Ties what a number that ends at an index counts; where that ends.
    fn unit(&mut self, index: usize, place: Place) -> usize {
        let start = index + usize::from(self.at(index) == ' ');
        let letters = (0..5).take_while(|k| self.at(start + k).is_ascii_alphabetic());
        if start > index && (1..5).contains(&letters.count()) {
            self.tie(start);
            return start;
        }
        if !is_han(self.at(start)) {
            return index;
        }
        let mut end = start;
        while place == Place::Line && is_order(self.at(end)) {
            end += 1;
        }
        let word = UNITS.iter().map(|unit| unit.chars().collect::<Vec<char>>());
        let word = word.filter(|_| place == Place::Line);
        let long = word
            .filter(|unit| self.characters[end..].starts_with(unit))
            .map(|unit| unit.len())
            .max();
        end += long.unwrap_or(usize::from(is_han(self.at(end))));
        (start..end).for_each(|at| self.tie(at));
        end
    }
}

/// Ties the last two characters of a paragraph, given as the strings that it consists
/// of: its last line is more than one character and a mark.
pub(super) fn close(strings: &mut [&mut String]) {
    let Some((last, before)) = strings.split_last_mut() else { return };
    let mut tail = last.char_indices().rev().skip_while(|(_, c)| !is_han(*c));
    let Some((at, _)) = tail.next() else { return };
    if last[at..].chars().count() > 4 {
        return;
    }
    match tail.next() {
        Some((_, c)) if is_han(c) => last.insert(at, JOINER),
        Some(_) => {}
        // Never at the beginning of a string, where it would be a glyph of its own.
        None if at == 0 => {
            if let Some(string) = before.last_mut()
                && string.ends_with(is_han)
            {
                string.push(JOINER);
            }
        }
        None => {}
    }
}

/// From how many letters on a word among prose is hyphenated.
const HYPHENATED: usize = 8;
/// From how many characters on a piece without a space breaks anywhere.
pub(super) const BROKEN: usize = 25;
/// The longest part of such a piece that stays whole.
const PART: usize = 12;

/// Lets long Latin words break: at syllables if they are among prose, at marks or
/// anywhere if they are longer than a narrow column. Nothing if there are none.
/// Numbers stay whole.
///
/// What reads like an address is left alone, for Typst breaks it by itself.
pub(super) fn loosened(words: &str, place: Place) -> Option<String> {
    let least = if place == Place::Line { HYPHENATED } else { BROKEN };
    let is_piece = |c: char| c.is_ascii_graphic();
    let mut run = 0;
    let long = words.chars().any(|c| {
        run = if is_piece(c) { run + 1 } else { 0 };
        run >= least
    });
    if !long {
        return None;
    }
    let mut written = String::with_capacity(words.len() + 16);
    let mut rest = words;
    while let Some(start) = rest.find(is_piece) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_piece(c)).unwrap_or(from.len());
        written.push_str(before);
        push_piece(&from[..end], least, &mut written);
        rest = &from[end..];
    }
    written.push_str(rest);
    Some(written)
}

fn push_piece(piece: &str, least: usize, written: &mut String) {
    let is_address = piece.contains("://") || piece.starts_with("www.");
    let is_word = piece.contains(|c: char| c.is_ascii_alphabetic());
    if piece.len() < least || is_address || !is_word {
        return written.push_str(piece);
    }
    let long = piece.len() >= BROKEN;
    let (mut rest, mut whole) = (piece, 0);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let end = after.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (marks, after) = after.split_at(end);
        if is_lower(word) && word.len() >= HYPHENATED {
            push_syllables(word, written);
            whole = 0;
        } else {
            push_parts(word, long, &mut whole, written);
        }
        push_parts(marks, long, &mut whole, written);
        // After a mark, before a letter: never between a number and its sign.
        let joint = marks.ends_with(|c: char| c.is_ascii_punctuation() && c != '(');
        if long && joint && !after.is_empty() {
            written.push(BREAK);
            whole = 0;
        }
        rest = after;
    }
}

/// Characters of which no more than a part stays whole in a long piece; `whole` counts
/// those since the last place where it may break.
fn push_parts(characters: &str, long: bool, whole: &mut usize, written: &mut String) {
    for c in characters.chars() {
        if long && *whole == PART {
            written.push(BREAK);
            *whole = 0;
        }
        written.push(c);
        *whole += 1;
    }
}

fn push_syllables(word: &str, written: &mut String) {
    let lower = word.to_ascii_lowercase();
    let (mut at, mut from) = (0, 0);
    for syllable in hypher::hyphenate(&lower, Lang::English) {
        at += syllable.len();
        // Two letters are too few before a hyphen, and after it.
        if at >= 3 && at - from >= 2 && word.len() - at >= 3 {
            written.push_str(&word[from..at]);
            written.push(HYPHEN);
            from = at;
        }
    }
    written.push_str(&word[from..]);
}

/// Whether letters are a word and no abbreviation.
fn is_lower(letters: &str) -> bool {
    letters.chars().skip(1).all(|c| c.is_ascii_lowercase())
}

fn is_never_first(c: char) -> bool {
    matches!(c, '·' | '～' | '㎡' | '℃' | '—' | '…' | '％' | '%' | '‰')
}

/// What makes a number greater, or about as great.
fn is_order(c: char) -> bool {
    matches!(c, '十' | '百' | '千' | '万' | '亿' | '多' | '余')
}

/// What may end the first number of a range.
fn is_counted(c: char) -> bool {
    matches!(c, '万' | '亿' | '%' | '％' | '℃' | '年' | '月' | '日' | '时' | '分')
}

fn is_han(c: char) -> bool {
    c as u32 > 0x2E80 && c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with its joiners shown as `+`.
    fn shown(words: &str, place: Place) -> String {
        tied(words, place).unwrap_or_else(|| words.to_owned()).replace(JOINER, "+")
    }

    #[test]
    fn marks_are_tied_to_what_they_follow() {
        for (words, expected) in [
            ("约翰·李——从5%到……", "约翰+·李+——从5+%到+……"),
            ("—前", "—前"),
            ("没有数", "没有数"),
        ] {
            assert_eq!(shown(words, Place::Line), expected);
        }
    }

    #[test]
    fn numbers_keep_what_they_count() {
        for (words, expected) in [
            ("有12 家，87项", "有12 +家，87+项"),
            ("10 030 人次", "10 +030 +人+次"),
            ("增长2.1个百分点", "增长2.1+个+百+分+点"),
            ("46.5万人次的", "46.5+万+人+次的"),
            ("300多家，1,234元", "300+多+家，1,234+元"),
            ("第3次，3·15活动", "第+3+次，3+·+15+活动"),
            ("2025年3月28日17时30分", "2025+年3+月+28+日17+时+30+分"),
            ("3～5成，10万—20万元", "3+～+5+成，10+万+—+20+万+元"),
            ("3——5", "3+——5"),
            ("长10 km，A4 纸", "长10 +km，A4 +纸"),
            ("1 2 3456", "1 2 3456"),
        ] {
            assert_eq!(shown(words, Place::Line), expected);
        }
        assert_eq!(shown("3月28日46.5万人次", Place::Cell), "3+月28+日46.5+万人次");
    }

    #[test]
    fn ties_have_an_end() {
        let shown = shown(&"27日—".repeat(9), Place::Line);
        // Ties between joiners; a piece ends where a character has none before it.
        let pieces = shown.replace("—2", "—\n2");
        let longest =
            pieces.lines().map(|piece| piece.chars().filter(|c| *c != '+').count());
        assert_eq!(longest.max(), Some(12), "{shown}");
    }

    fn closed(strings: &[&str]) -> String {
        let mut strings: Vec<String> = strings.iter().map(ToString::to_string).collect();
        close(&mut strings.iter_mut().collect::<Vec<_>>());
        strings.join("|").replace(JOINER, "+")
    }

    #[test]
    fn last_lines_have_two_characters() {
        assert_eq!(closed(&["前面结束了。”"]), "前面结束+了。”");
        assert_eq!(closed(&["重点", "了。"]), "重点+|了。");
        assert_eq!(closed(&["见", "A了。"]), "见|A了。");
        assert_eq!(closed(&["了。"]), "了。");
        assert_eq!(closed(&["结束 ABCDEF。"]), "结束 ABCDEF。");
        assert_eq!(closed(&[]), "");
    }

    #[test]
    fn long_words_may_break() {
        let shown = |words, place| {
            loosened(words, place)
                .map(|text| text.replace(HYPHEN, "-").replace(BREAK, "|"))
        };
        assert_eq!(
            shown("用 International 和 short", Place::Line).as_deref(),
            Some(
                "用 In-ter-na-tion-al 和 short"
                    .replace("In-ter", "Inter")
                    .replace("tion-al", "tional")
                    .as_str()
            )
        );
        assert_eq!(shown("International", Place::Cell), None);
        assert_eq!(
            shown("https://example.com/internationalisation", Place::Line).as_deref(),
            Some("https://example.com/internationalisation")
        );
        assert_eq!(
            shown("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Place::Cell).as_deref(),
            Some("AAAAAAAAAAAA|AAAAAAAAAAAA|AAAAAA")
        );
    }
}
